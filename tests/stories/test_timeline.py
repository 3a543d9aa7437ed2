"""Timelines and related coverage: what holds whatever the story."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.records import ArticleId
from wiredesk.stories import Telling, coverage, timeline_of
from wiredesk.stories.facts import Fact, Facts
from wiredesk.stories.timeline import TICK

START = datetime(2026, 9, 7, tzinfo=UTC)
STATED = [f"fact{number}" for number in range(9)]


def telling(
    name: str,
    stated: str = "",
    *,
    hours: float = 0,
    seen: float | None = None,
    provider: str | None = None,
    copy_of: str | None = None,
    quality: int = 50,
    event: str = "strike dockers corran",
) -> Telling:
    keys = stated.split()
    return Telling(
        article=ArticleId(name),
        told_at=START + timedelta(hours=hours),
        seen_at=START + timedelta(hours=hours if seen is None else seen),
        provider=provider or f"{name}.example",
        facts=Facts(
            stated=tuple(Fact(kind="number", key=key, shown=key) for key in keys),
            words=frozenset(keys),
            grams=frozenset(),
        ),
        words=dict.fromkeys([*event.split(), *keys], 1.0),
        quality=quality,
        copy_of=ArticleId(copy_of) if copy_of else None,
    )


@st.composite
def stories(draw: st.DrawFn) -> list[Telling]:
    """A story of some articles; some are copies, of each other, of themselves or of what is not there; some late."""
    found = []
    for number in range(draw(st.integers(1, 9))):
        hours = draw(st.integers(0, 60))
        found.append(
            telling(
                f"a{number}",
                " ".join(draw(st.lists(st.sampled_from(STATED), max_size=4, unique=True))),
                hours=hours,
                seen=hours + draw(st.integers(0, 2000)),
                provider=draw(st.sampled_from(["x.example", "y.example", "z.example"])),
                copy_of=draw(st.sampled_from([None, None, "a0", "a1", "a2", "gone"])),
                quality=draw(st.integers(-20, 200)),
            )
        )
    return found


@settings(max_examples=150, deadline=None)
@given(stories(), st.randoms(use_true_random=False))
def test_a_timeline_holds_each_article_once_and_each_fact_once(story: list[Telling], dice: random.Random) -> None:
    """In any order of arrival; what the steps add is disjoint, and no article is lost."""
    told = timeline_of(story)
    shuffled = story[:]
    dice.shuffle(shuffled)

    assert timeline_of(shuffled) == told
    steps = [*told.steps, *told.also]
    assert sorted(a for step in steps for a in (step.article, *step.copies)) == sorted(a.article for a in story)
    added = [(fact.kind, fact.key) for step in steps for fact in step.adds]
    assert len(added) == len(set(added))
    assert all(not step.adds for step in told.also)
    assert list(told.steps) == sorted(told.steps, key=lambda step: (step.at, step.article))


@settings(max_examples=150, deadline=None)
@given(stories(), st.randoms(use_true_random=False))
def test_coverage_names_neither_the_article_nor_a_folded_copy(story: list[Telling], dice: random.Random) -> None:
    """In any order of arrival; every article stands in one place at most, and the one at hand in none."""
    article = story[0].article
    covered = coverage(article, story, {}, needed=0.01)
    shuffled = story[:]
    dice.shuffle(shuffled)

    assert coverage(article, shuffled, {}, needed=0.01) == covered
    places = [a for reading in covered.readings for a in (reading.article, *reading.copies)] + list(covered.same_text)
    assert len(places) == len(set(places))
    assert article not in places
    assert {reading.article for reading in covered.readings}.isdisjoint(covered.same_text)


def test_who_was_first_is_told_by_our_clock() -> None:
    """A claim of an earlier hour does not help a page that we met hours later; within a TICK, claims decide."""
    late_claim = telling("late", "x", hours=-5, seen=6)
    first = telling("first", "y", hours=0.1, seen=0.2)
    same_poll = telling("same", "z", hours=0, seen=0.2 + TICK.total_seconds() / 3600)

    assert timeline_of([late_claim, first]).first == "first"
    assert timeline_of([late_claim, first, same_poll]).first == "same"


def test_a_wrong_date_is_mended_by_our_clock() -> None:
    """A page of 2019 by its own word that we met after all others opens no timeline; an old archive keeps its dates."""
    report = telling("report", "x", hours=0)
    stale = telling("stale", "x y", hours=-60_000, seen=48)
    told = timeline_of([stale, report])

    assert [(step.article, step.misdated) for step in told.steps] == [("report", False), ("stale", True)]
    archive = [telling("old", "x", hours=-60_000, seen=0), telling("older", "y", hours=-90_000, seen=0.5)]
    assert [step.article for step in timeline_of(archive).steps] == ["older", "old"]


def test_what_adds_nothing_stands_apart() -> None:
    """The second report repeats, the third one adds."""
    told = timeline_of([telling("a", "x y"), telling("b", "y", hours=1), telling("c", "y z", hours=2)])

    assert [step.article for step in told.steps] == ["a", "c"]
    assert [step.article for step in told.also] == ["b"]
    assert [fact.shown for fact in told.steps[1].adds] == ["z"]


def test_a_reader_gains_from_another_voice_first() -> None:
    """The same outlet again comes after another one that tells as much."""
    own = telling("a", "x", provider="x.example")
    again = telling("b", "x y", provider="x.example", hours=1)
    other = telling("c", "x z", provider="y.example", hours=1)
    covered = coverage(ArticleId("a"), [own, again, other], {}, needed=0.1)

    assert [(reading.article, reading.voice) for reading in covered.readings] == [("c", True), ("b", False)]


def test_one_outlet_needs_more_likeness_than_two() -> None:
    """What is too far from the article at hand is not beside it, though the story holds it."""
    own = telling("a", "x", provider="x.example")
    again = telling("b", "p q r s t", provider="x.example")
    other = telling("c", "p q r s t", provider="y.example")
    covered = coverage(ArticleId("a"), [own, again, other], {}, needed=0.15)

    assert [reading.article for reading in covered.readings] == ["c"]


def test_a_shared_name_is_no_shared_event() -> None:
    """Two words, however much of both texts they are, name a subject; a third one begins to tell of one event."""
    own = telling("a", "x", event="brennan clearance")
    subject = telling("b", "y", event="brennan clearance")
    event = telling("c", "y z", event="brennan clearance revoked")
    mine = telling("d", "x", event="brennan clearance revoked")

    assert coverage(ArticleId("a"), [own, subject], {}, needed=0.01).readings == ()
    assert [
        reading.article for reading in coverage(ArticleId("d"), [mine, subject, event], {}, needed=0.01).readings
    ] == ["c"]
