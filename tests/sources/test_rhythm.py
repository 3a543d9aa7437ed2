"""When a source is looked at next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.records import WireItem
from wiredesk.sources import Bounds, Feed, Pace, fresh_until, next_look, pace_of, span

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BOUNDS = Bounds(base=15 * MINUTE, shortest=5 * MINUTE, longest=12 * HOUR)
FEED = "https://a.example/feed"

spans = st.timedeltas(min_value=timedelta(0), max_value=400 * DAY)
moments = st.timedeltas(min_value=-200 * DAY, max_value=200 * DAY).map(lambda passed: NOON + passed)
paces = st.builds(
    Pace,
    gap=st.none() | spans,
    newest=st.none() | moments,
    changes=st.lists(moments, max_size=6).map(lambda found: tuple(sorted(found))),
    ttl=st.none() | spans,
    period=st.none() | spans,
    skip_hours=st.lists(st.integers(0, 23), max_size=24).map(tuple),
    skip_days=st.lists(st.integers(0, 6), max_size=7).map(tuple),
)


@st.composite
def all_bounds(draw: st.DrawFn) -> Bounds:
    base, low, high = (draw(st.timedeltas(min_value=MINUTE, max_value=30 * DAY)) for _ in range(3))
    return Bounds(base=base, shortest=min(base, low), longest=max(base, high), adaptive=draw(st.booleans()))


def items(*times: datetime | None, name: str = "") -> list[WireItem]:
    return [
        WireItem(source_url=FEED, url=f"https://a.example/{name}{place}", title=f"{name}{place}", published_at=at)
        for place, at in enumerate(times)
    ]


def look(pace: Pace | None, bounds: Bounds = BOUNDS, **more: datetime) -> tuple[timedelta, str]:
    found = next_look(NOON, pace, bounds, **more)
    return found.at - NOON, found.why


# Laws


@given(moments, paces, all_bounds(), st.none() | moments, st.none() | moments)
def test_a_look_keeps_the_bounds(
    now: datetime, pace: Pace, bounds: Bounds, fresh: datetime | None, told: datetime | None
) -> None:
    """Whatever a feed says of itself, it is neither asked too soon nor forgotten."""
    found = next_look(now, pace, bounds, fresh_until=fresh, told_until=told)

    assert now + bounds.shortest <= found.at <= now + bounds.longest
    assert found.why


@given(moments, paces, all_bounds(), spans)
def test_a_slower_rhythm_is_never_asked_earlier(now: datetime, pace: Pace, bounds: Bounds, more: timedelta) -> None:
    """All else being the same."""
    gap = pace.gap or timedelta(0)
    quick = Pace(gap=gap, newest=pace.newest, ttl=pace.ttl, skip_hours=pace.skip_hours, skip_days=pace.skip_days)
    slow = Pace(gap=gap + more, newest=pace.newest, ttl=pace.ttl, skip_hours=pace.skip_hours, skip_days=pace.skip_days)

    assert next_look(now, quick, bounds).at <= next_look(now, slow, bounds).at


@given(moments, paces)
def test_a_base_of_zero_is_every_run(now: datetime, pace: Pace) -> None:
    """The owner said so."""
    bounds = Bounds(base=timedelta(0), shortest=timedelta(0), longest=DAY)

    assert next_look(now, pace, bounds).at == now


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=8))
def test_no_header_breaks_it(headers: list[tuple[str, str]]) -> None:
    """And what it gives lies ahead."""
    found = fresh_until([*headers, ("Cache-Control", headers[0][1] if headers else "")], NOON)

    assert found is None or found > NOON


# Rhythm


def test_half_of_the_typical_time_between_items_is_waited() -> None:
    """A night between does not count: the median is taken."""
    times = [NOON - k * 40 * MINUTE for k in range(1, 6)] + [NOON - 12 * HOUR]

    wait, why = look(pace_of(items(*times), NOON))

    assert (wait, why) == (20 * MINUTE, "every 20 min: news every 40 min, by their dates")


def test_a_batch_is_one_piece_of_news() -> None:
    """Ten items of one minute say nothing of a rhythm."""
    batch = [NOON - HOUR] * 10

    assert look(pace_of(items(*batch), NOON))[0] == BOUNDS.base


def test_dates_to_come_and_no_dates_tell_nothing() -> None:
    """The base is waited, and said to be it."""
    pace = pace_of(items(None, None, *(NOON + k * MINUTE for k in range(1, 9))), NOON)

    assert look(pace) == (15 * MINUTE, "every 15 min: as the settings say, its rhythm is not known yet")
    assert look(None)[0] == 15 * MINUTE


def test_a_source_that_fell_silent_is_asked_less_often() -> None:
    """By how long it has been silent, however busy it was."""
    times = [NOON - 2 * DAY - k * 10 * MINUTE for k in range(9)]

    wait, why = look(pace_of(items(*times), NOON))

    assert (wait, why) == (6 * HOUR, "every 6 h: nothing new for 2 days")


def test_without_dates_the_changes_that_we_saw_are_its_rhythm() -> None:
    """A change is another list of items, not another byte."""
    pace: Pace | None = None
    for round_ in range(6):
        at = NOON - (5 - round_) * 2 * HOUR
        pace = pace_of(items(None, None, name=f"{round_}-"), at).after(pace, at)
        pace = pace_of(items(None, None, name=f"{round_}-"), at + HOUR).after(pace, at + HOUR)

    assert pace is not None
    assert len(pace.changes) == 6
    assert look(pace) == (HOUR, "every 60 min: news every 2 h, as we saw it")


def test_its_own_word_counts_where_nothing_else_is_known() -> None:
    """`sy:updatePeriod` is written by programs, mostly: what items tell is better."""
    hourly = Feed(url=FEED, period=HOUR)
    times = [NOON - k * 20 * MINUTE for k in range(1, 9)]

    assert look(pace_of([], NOON, feed=hourly)) == (HOUR, "every 60 min: its updatePeriod says so")
    assert look(pace_of(items(*times), NOON, feed=hourly))[0] == 10 * MINUTE


def test_adapting_can_be_turned_off() -> None:
    """Wishes are obeyed all the same."""
    fixed = Bounds(base=15 * MINUTE, shortest=5 * MINUTE, longest=DAY, adaptive=False)
    times = [NOON - k * 20 * MINUTE for k in range(1, 9)]

    assert look(pace_of(items(*times), NOON), fixed) == (15 * MINUTE, "every 15 min: as the settings say")
    assert look(pace_of(items(*times), NOON, feed=Feed(url=FEED, ttl=HOUR)), fixed)[0] == HOUR


# Wishes


@pytest.mark.parametrize(
    ("feed", "wait", "why"),
    [
        (Feed(url=FEED, ttl=HOUR), HOUR, "ttl 60 says so"),
        (Feed(url=FEED, ttl=MINUTE), 15 * MINUTE, "every 15 min: as the settings say, its rhythm is not known yet"),
        (Feed(url=FEED, ttl=30 * DAY), 12 * HOUR, "ttl 43200 says so, but not longer than 12 h"),
        (Feed(url=FEED, skip_hours=(12, 13, 14)), 3 * HOUR, "skipHours until 15:00"),
        (Feed(url=FEED, skip_days=(0,)), 12 * HOUR, "skipDays until 00:00"),
        (Feed(url=FEED, skip_days=(0, 1)), 12 * HOUR, "skipDays until 00:00 (bounded)"),
        (Feed(url=FEED, skip_hours=tuple(range(24))), 15 * MINUTE, ""),
        (Feed(url=FEED, skip_hours=(99, -1)), 15 * MINUTE, ""),
    ],
)
def test_a_wish_to_be_asked_less_often_is_obeyed_up_to_the_bound(feed: Feed, wait: timedelta, why: str) -> None:
    """And named; a wish for more is none of the publisher's business, and nonsense is no wish."""
    found, said = look(pace_of([], NOON, feed=feed))

    assert found == wait
    assert why in said


def test_cache_headers_are_obeyed_up_to_four_times_the_base() -> None:
    """They are set for caches, often by mistake."""
    assert look(None, fresh_until=NOON + 30 * MINUTE) == (30 * MINUTE, "every 30 min: its cache headers say so")
    assert look(None, fresh_until=NOON + 365 * DAY)[0] == HOUR


def test_a_hub_that_tells_us_makes_looking_a_matter_of_safety() -> None:
    """While its promise lasts."""
    times = [NOON - k * 20 * MINUTE for k in range(1, 9)]
    pace = pace_of(items(*times), NOON)

    assert look(pace, told_until=NOON + DAY) == (12 * HOUR, "every 12 h: its hub tells us of news")
    assert look(pace, told_until=NOON - DAY)[0] == 10 * MINUTE


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "public, max-age=600"}, 600),
        ({"cache-control": 'max-age="600"', "Age": "100"}, 500),
        ({"Cache-Control": "max-age=600, no-cache"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "max-age=soon", "Expires": "Mon, 07 Sep 2026 13:00:00 GMT"}, None),
        ({"Expires": "Mon, 07 Sep 2026 13:00:00 GMT"}, 3600),
        ({"Expires": "Mon, 07 Sep 2026 13:00:00 GMT", "Date": "Mon, 07 Sep 2026 12:30:00 GMT"}, 1800),
        ({"Expires": "0"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    """RFC 9111, 4.2.1."""
    found = fresh_until(headers.items(), NOON)

    assert found == (None if seconds is None else NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("value", "told"),
    [(45 * timedelta(seconds=1), "45 s"), (90 * MINUTE, "90 min"), (36 * HOUR, "36 h"), (3 * DAY, "3 days")],
)
def test_a_length_of_time_in_words(value: timedelta, told: str) -> None:
    """In the unit that a person would take."""
    assert span(value) == told
