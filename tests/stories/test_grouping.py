"""Stories: what the grouping promises whatever the news."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from news_factory import SETTINGS, START, by_day, grouped, grouped_daily, grouping, news, stories, told

from wiredesk.records import ArticleId, StoryId
from wiredesk.stories import Constraints, Signal, compare, place, window_days
from wiredesk.stories import grouping as stories_grouping
from wiredesk.stories.vectors import day_of, order

law = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = timedelta(days=1)


# Order and restarts


@law
@given(news())
def test_day_by_day_is_as_at_once(signals: list[Signal]) -> None:
    """A process for each day, which recalls what it needs, ends in the stories of one that saw all."""
    assert stories(grouped_daily(signals)) == stories(grouped(signals))


@law
@given(news(), st.randoms(use_true_random=False))
def test_order_does_not_matter(signals: list[Signal], chance: random.Random) -> None:
    """Neither of the new articles nor of those placed before; down to the reasons."""
    cut = START + 3 * DAY
    past = grouped([each for each in signals if each.told_at < cut])
    new = [each for each in signals if each.told_at >= cut]
    shuffled, remembered = list(new), list(past)
    chance.shuffle(shuffled)
    chance.shuffle(remembered)
    found = []
    for history, days in ((past, by_day(new)), (remembered, by_day(shuffled))):
        going = grouping()
        going.recall(history)
        found.append([going.add(day) for day in days])

    assert found[0] == found[1]


@law
@given(news(days=4), st.randoms(use_true_random=False), st.integers(1, 4), st.sampled_from([0, 3, 100]))
def test_arriving_in_any_order_ends_in_the_same_evening(
    signals: list[Signal], chance: random.Random, at_once: int, again: int
) -> None:
    """Articles that arrive in handfuls, and a day that is then settled, are as a day that came whole.

    However often all is grouped anew on the way; with 0, never.
    """
    streamed, whole = grouping(), grouping()
    with patch.object(stories_grouping, "AGAIN", again):
        for day in by_day(signals):
            arriving = list(day)
            chance.shuffle(arriving)
            for at in range(0, len(arriving), at_once):
                handful = arriving[at : at + at_once]
                assert {each.signal.article for each in streamed.arrive(handful)} >= {each.article for each in handful}
            assert streamed.settle() == whole.add(day)


@law
@given(news(days=4), st.randoms(use_true_random=False), st.integers(1, 4))
def test_handfuls_that_weigh_leave_no_trace_of_their_order(
    signals: list[Signal], chance: random.Random, at_once: int
) -> None:
    """A hundredth of what is open does: then all stands, before the evening, as it will stand in it."""
    streamed, whole = grouping(), grouping()
    known: dict[str, str] = {}
    for day in by_day(signals):
        arriving = list(day)
        chance.shuffle(arriving)
        for at in range(0, len(arriving), at_once):
            known |= stories(streamed.arrive(arriving[at : at + at_once]))
        evening = stories(whole.add(day))
        assert {name: known[name] for name in evening} == evening


@law
@given(news(days=2))
def test_the_same_article_again_changes_nothing(signals: list[Signal]) -> None:
    """Neither within a day, handed over twice, nor in an evening that is settled twice."""
    once, twice = grouping(), grouping()
    for day in by_day(signals):
        once.arrive(day)
        twice.arrive(day)
        assert twice.arrive(day) == []
        expected = once.settle()
        assert twice.settle() == expected
        assert twice.settle() == expected


@law
@given(news())
def test_later_days_never_change_what_is_settled(signals: list[Signal]) -> None:
    """What `add` gives back is open; all that is older keeps its story for good."""
    going = grouping()
    known: dict[str, str] = {}
    for some in by_day(signals):
        placed = going.add(some)
        first_open = day_of(some[0]) - (SETTINGS.repair_days - 1) * DAY
        assert all(day_of(each.signal) >= first_open for each in placed)
        settled = {name: story for name, story in known.items() if name not in stories(placed)}
        known |= stories(placed)
        assert settled.items() <= known.items()
        assert {each.signal.article for each in going.window()} <= known.keys()
        assert all(known[each.signal.article] == each.story for each in going.window())


# What a story is


@law
@given(news())
def test_every_article_is_placed_once_with_a_reason(signals: list[Signal]) -> None:
    """No article is lost; probabilities are 0-1, and those of joins reach the threshold that they name."""
    placed = grouped(signals)

    assert [each.signal for each in placed] == sorted(signals, key=order)
    for each in placed:
        assert 0 < each.join.threshold == SETTINGS.join_probability
        assert each.join.threshold - 1e-4 <= each.join.similarity <= 1
        assert each.join.runner_up is None or each.join.runner_up[0] != each.story
        assert each.join.bond is None or each.join.bond.article != each.signal.article


@law
@given(news())
def test_stories_are_named_after_what_we_saw_first(signals: list[Signal]) -> None:
    """Of the articles of its first day, the one that our clock saw first; so no claim of an earlier hour renames it."""
    placed = grouped(signals)
    for story in {each.story for each in placed}:
        members = [each.signal for each in placed if each.story == story]
        first = min(day_of(signal) for signal in members)
        early = [signal for signal in members if day_of(signal) == first]
        assert story == "s" + min(early, key=lambda signal: (signal.seen_at, signal.article)).article


@law
@given(news(days=9))
def test_copies_share_a_story(signals: list[Signal]) -> None:
    """With the first of their window that prints the text, but if both are settled; the very same words go first."""
    known = {signal.article: order(signal) for signal in signals}
    signals = [
        each if each.copy_of is None or known[each.copy_of] < order(each) else replace(each, copy_of=None)
        for each in signals
    ]
    found = stories(grouped(signals))
    said = Counter((signal.title, signal.terms) for signal in signals)
    window = window_days(SETTINGS) * DAY
    for signal in signals:
        day, text = day_of(signal), signal.copy_of or signal.article
        before = [each for each in signals if order(each) < order(signal) and day - day_of(each) <= window]
        same = sorted((each for each in before if text in (each.article, each.copy_of)), key=order)
        if signal.copy_of and same and said[signal.title, signal.terms] == 1:
            settled = day - day_of(same[0]) >= SETTINGS.repair_days * DAY
            assert found[signal.article] == found[same[0].article] or settled


def test_reprints_of_a_text_that_left_the_window_are_one_story() -> None:
    """Theirs, not its: the first of them stands for the text, under whatever headlines it comes."""
    signals = [
        told("a", "docks"),
        *(told(n, e, hours=24 * 9, copy_of="a") for n, e in (("b", "quota"), ("c", "storm"))),
    ]

    for found in (grouped(signals), grouped_daily(signals)):
        assert stories(found) == {"a": "sa", "b": "sb", "c": "sb"}


def test_a_reprint_belongs_to_the_story_in_which_its_text_was_printed_last() -> None:
    """While that is in the window, however long ago the origin was told; behind it the text is told anew."""
    events = {0: "docks", 3: "quota", 6: "storm", 12: "ferry"}
    signals = [told(f"d{day}", event, hours=24 * day, copy_of="d0" if day else None) for day, event in events.items()]

    for found in (grouped(signals), grouped_daily(signals)):
        assert stories(found) == {"d0": "sd0", "d3": "sd0", "d6": "sd0", "d12": "sd12"}


def test_tellings_of_one_event_are_a_story_and_others_are_not() -> None:
    """Five events, each told four times over a day."""
    events = ("docks", "quota", "ferry", "storm", "museum")
    signals = [
        told(f"{event}{number}", event, number, number, hours=number * 3) for event in events for number in range(4)
    ]
    found = stories(place((), signals, SETTINGS))

    assert [len({found[f"{event}{number}"] for number in range(4)}) for event in events] == [1] * 5
    assert len(set(found.values())) == 5


def test_the_same_words_after_the_window_are_another_story() -> None:
    """What lies more than `open_hours` apart is not compared: a subject comes back, an event does not."""
    found = stories(place((), [told("a", "docks"), told("b", "docks", 1, hours=24 * 6)], SETTINGS))

    assert found == {"a": "sa", "b": "sb"}


def test_refuses_history_that_overlaps() -> None:
    """History of the same day would count an article twice."""
    past = place((), [told("a", "docks")], SETTINGS)

    with pytest.raises(ValueError, match="history must end before 2026-09-07"):
        place(past, [told("b", "docks", hours=5)], SETTINGS)


def test_refuses_days_that_go_backwards() -> None:
    """A grouping only goes on; a late article needs one that begins before its day."""
    going = grouping()
    going.add([told("a", "docks", hours=30)])

    with pytest.raises(ValueError, match="2026-09-07 is not later than 2026-09-08"):
        going.add([told("b", "docks")])
    with pytest.raises(ValueError, match="one day"):
        going.add([told("c", "docks", hours=50), told("d", "docks", hours=80)])


# Editors


@st.composite
def decided(draw: st.DrawFn) -> tuple[list[Signal], Constraints]:
    """News, and some decisions on pairs of it; each pair once."""
    signals = draw(news(most=10).filter(lambda found: len(found) > 1))
    names = [signal.article for signal in signals]
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] < pair[1]),
            max_size=4,
            unique=True,
        )
    )
    merges = draw(st.integers(0, len(pairs)))
    return signals, Constraints(together=tuple(pairs[:merges]), apart=tuple(pairs[merges:]))


@law
@given(decided())
def test_decisions_are_obeyed_however_far_apart(both: tuple[list[Signal], Constraints]) -> None:
    """Together always, also through others; apart unless that contradicts; in one process and in one for each day."""
    signals, constraints = both
    found = stories(grouped(signals, constraints))

    assert [pair for pair in constraints.together if found[pair[0]] != found[pair[1]]] == []
    for one, other in constraints.apart:
        assert found[one] != found[other] or _bound(constraints, one, other)
    assert stories(grouped_daily(signals, constraints)) == found


def _bound(constraints: Constraints, one: ArticleId, other: ArticleId) -> bool:
    reached = {one}
    while more := {a for pair in constraints.together if reached & set(pair) for a in pair} - reached:
        reached |= more
    return other in reached


def test_a_merge_that_was_taken_back_leaves_nothing() -> None:
    """Constraints are all that is kept of a decision, so without it the stories are those of before."""
    signals = [told("a", "docks"), told("b", "quota", hours=2), told("c", "docks", 1, hours=26)]
    before = grouped(signals)
    merged = grouped(signals, Constraints(together=((ArticleId("a"), ArticleId("b")),)))

    assert stories(merged) == {"a": "sa", "b": "sa", "c": "sa"}
    assert grouped(signals, Constraints()) == before


def test_joins_a_story_of_long_ago() -> None:
    """An editor may say that news of today belongs to a story of weeks ago; what joins it today comes along."""
    pair = (ArticleId("old"), ArticleId("new"))
    going = grouping(Constraints(together=(pair,)))
    going.recall((), bound={ArticleId("old"): StoryId("sold")})

    placed = going.add([told("new", "docks", hours=480), told("mate", "docks", 1, hours=481)])
    assert stories(placed) == {"new": "sold", "mate": "sold"}


def test_parts_copies() -> None:
    """An editor knows better than a fingerprint."""
    signals = [told("a", "docks"), told("b", "docks", hours=2, copy_of="a")]
    apart = Constraints(apart=((ArticleId("a"), ArticleId("b")),))

    assert len(set(stories(grouped(signals)).values())) == 1
    assert len(set(stories(grouped(signals, apart)).values())) == 2


# Reasons


def test_names_what_speaks_for_a_join_and_for_its_rival() -> None:
    """The nearest article inside with its signals, and the nearest one outside."""
    signals = [told("a", "docks"), told("b", "docks", 1, 1, hours=2), told("c", "quota", hours=3)]
    joins = {each.signal.article: each.join for each in place((), signals, SETTINGS)}

    bond = joins[ArticleId("b")].bond
    assert bond is not None and bond.article == "a" and bond.probability >= SETTINGS.join_probability
    assert {"strike", "elleri"} & set(bond.shared)
    assert dict(bond.signals)["words"] > 0.1
    assert joins[ArticleId("c")].bond is None


def test_compares_any_pair_as_it_was_judged() -> None:
    """Afterwards, from what is stored: the probability is that of the join's own reason."""
    signals = [told("a", "docks"), told("b", "docks", 1, 1, hours=30), told("c", "quota", hours=31)]
    placed = place((), signals, SETTINGS)
    bond = {each.signal.article: each.join for each in placed}[ArticleId("b")].bond
    found = compare(placed, ArticleId("b"), ArticleId("a"), SETTINGS)

    assert bond is not None and (found.probability, found.shared) == (bond.probability, bond.shared)
    assert dict(bond.signals).items() <= dict(found.signals).items()
    assert compare(placed, ArticleId("a"), ArticleId("c"), SETTINGS).probability < SETTINGS.join_probability
    with pytest.raises(KeyError):
        compare(placed, ArticleId("a"), ArticleId("nobody"), SETTINGS)
