"""Stories: what `place` promises whatever the news."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import StorySettings
from wiredesk.records import ArticleId
from wiredesk.stories import Placed, Signal, history_days, place

START = datetime(2026, 9, 7, tzinfo=UTC)
SETTINGS = StorySettings(join_similarity=0.25, open_hours=48, half_life_hours=24)
VOCABULARY = ["strike", "dock", "port", "union", "talks", "cod", "quota", "boat", "barrage", "vote", "council"]


def signal(name: str, words: str, *, hours: float = 0, seen: float | None = None, copy_of: str | None = None) -> Signal:
    return Signal(
        article=ArticleId(name),
        told_at=START + timedelta(hours=hours),
        seen_at=START + timedelta(hours=hours if seen is None else seen),
        provider=f"{name}.example",
        terms=tuple((word, 2.0) for word in dict.fromkeys(words.split())),
        copy_of=ArticleId(copy_of) if copy_of else None,
    )


def stories(placed: list[Placed]) -> dict[str, str]:
    return {each.signal.article: each.story for each in placed}


@st.composite
def news(draw: st.DrawFn) -> list[Signal]:
    """Some days of articles from a small vocabulary, so that many are alike; some are copies, some come late."""
    found = []
    for number in range(draw(st.integers(1, 24))):
        hours = draw(st.integers(0, 24 * 7)) + draw(st.sampled_from([0, 0.5]))
        words = draw(st.lists(st.sampled_from(VOCABULARY), max_size=6))
        copy_of = draw(st.sampled_from([None, None, None, "a0", "a1"]))
        late = draw(st.integers(0, 40))
        found.append(signal(f"a{number}", " ".join(words), hours=hours, seen=hours + late, copy_of=copy_of))
    return found


@settings(max_examples=80, deadline=None)
@given(news(), st.integers(1, 6))
def test_day_by_day_is_as_at_once(signals: list[Signal], day: int) -> None:
    """Placing later days on top of earlier ones gives what placing all at once gives, to the last digit."""
    cut = START + timedelta(days=day)
    at_once = place((), signals, SETTINGS)

    before = place((), [each for each in signals if each.told_at < cut], SETTINGS)
    oldest = cut - timedelta(days=history_days(SETTINGS))
    history = [each for each in before if each.signal.told_at >= oldest]
    after = place(history, [each for each in signals if each.told_at >= cut], SETTINGS)

    assert before + after == at_once


@settings(max_examples=80, deadline=None)
@given(news(), st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(signals: list[Signal], chance: random.Random) -> None:
    """Stories are the same in whatever order articles are handed in."""
    shuffled = list(signals)
    chance.shuffle(shuffled)

    assert place((), shuffled, SETTINGS) == place((), signals, SETTINGS)


@settings(max_examples=80, deadline=None)
@given(news())
def test_every_article_is_placed_once_with_a_reason(signals: list[Signal]) -> None:
    """No article is lost; similarity is 0-1, and reaches the threshold that it names."""
    placed = place((), signals, SETTINGS)

    assert sorted(each.signal.article for each in placed) == sorted(each.article for each in signals)
    for each in placed:
        assert 0 <= each.join.threshold - 1e-4 <= each.join.similarity <= 1 + 1e-4
        assert each.join.runner_up is None or each.join.runner_up[0] != each.story
    assert {each.story for each in placed} <= {"s" + each.signal.article for each in placed}


@settings(max_examples=40, deadline=None)
@given(news())
def test_later_articles_do_not_rename_stories(signals: list[Signal]) -> None:
    """What the days so far decided stays when more days come."""
    known = stories(place((), signals, SETTINGS))
    end = max(each.told_at for each in signals)
    hours = ((end - START).days + 1) * 24
    more = [*signals, signal("later", "strike dock port union", hours=hours)]

    assert stories(place((), more, SETTINGS)).items() >= known.items()


def test_joins_what_tells_one_event() -> None:
    """Shared rare words make a story; the words are named."""
    one, two, other = place(
        (),
        [
            signal("a", "dock strike port ellery union walkout", hours=1),
            signal("b", "dock strike ellery ships wait union", hours=2),
            signal("c", "cod quota talks fail norderhaven", hours=3),
        ],
        SETTINGS,
    )

    assert one.story == two.story == "sa" != other.story
    assert set(two.join.shared) == {"dock", "strike", "ellery", "union"}
    assert two.join.similarity >= two.join.threshold == SETTINGS.join_similarity


def test_closes() -> None:
    """After `open_hours` without an article the same words begin a new story."""
    words = "dock strike port ellery"
    placed = place((), [signal("a", words), signal("b", words, hours=47), signal("c", words, hours=96)], SETTINGS)

    assert list(stories(placed).values()) == ["sa", "sa", "sc"]


def test_no_chains() -> None:
    """Each article shares half its words with the one before; the last does not stand with the first."""
    words = [f"w{number}" for number in range(40)]
    chain = [signal(f"a{n:02}", " ".join(words[3 * n : 3 * n + 6]), hours=n) for n in range(11)]

    found = stories(place((), chain, SETTINGS))
    assert found["a00"] != found["a10"]


def test_copies_stand_together() -> None:
    """A reprint joins the story of its text though no word is the same; also when the origin itself is absent."""
    placed = place(
        (),
        [
            signal("a", "dock strike", hours=1),
            signal("b", "streik hafen", hours=2, copy_of="a"),
            signal("c", "grève port", hours=3, copy_of="gone"),
            signal("d", "huelga puerto", hours=4, copy_of="gone"),
        ],
        SETTINGS,
    )

    assert list(stories(placed).values()) == ["sa", "sa", "sc", "sc"]


def test_named_after_what_we_saw_first() -> None:
    """A page that claims an earlier hour does not take the name of a story from one that we saw before."""
    words = "dock strike port ellery"
    placed = place((), [signal("a", words, hours=1, seen=9), signal("b", words, hours=2, seen=3)], SETTINGS)

    assert set(stories(placed).values()) == {"sb"}


def test_articles_without_words_stand_alone() -> None:
    """Two articles of which nothing is known are not one story."""
    assert len(set(stories(place((), [signal("a", ""), signal("b", "")], SETTINGS)).values())) == 2


def test_refuses_history_that_overlaps() -> None:
    """History of the same day would count an article twice."""
    history = place((), [signal("a", "dock")], SETTINGS)

    with pytest.raises(ValueError, match="history must end before 2026-09-07"):
        place(history, [signal("b", "dock", hours=5)], SETTINGS)
