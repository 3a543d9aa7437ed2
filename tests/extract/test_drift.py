"""Alarms for fields that got worse: raised where they did, and hardly ever where they did not."""

from __future__ import annotations

import random

import pytest

from wiredesk.extract.drift import BEFORE, NEWEST, Mark, drifts, is_over


def marks(good: int, bad: int, **worse: object) -> list[Mark]:
    """Pages that were read well, then pages that were not."""
    well = {"title": 0.95, "authors": 0.9, "published_at": 0.95, "image": 0.9, "excerpt": 0.9}
    later = {**well, **worse}
    before = [Mark(address=f"https://h.example/{n}", marks=well, words=400 + n) for n in range(good)]
    after = {name: sure for name, sure in later.items() if sure}
    return before + [Mark(address=f"https://h.example/new/{n}", marks=after, words=400) for n in range(bad)]  # type: ignore[arg-type]


def test_a_field_that_is_gone_is_told_once_with_figures_and_an_example():
    """The alarm names how it was, how it is, and a page to look at."""
    found = drifts(marks(50, 10, authors=0.0))

    assert [drift.field for drift in found] == ["authors"]
    assert found[0].what == (
        "authors: found on 0 of the last 10 pages, before on 50 of 50; e.g. https://h.example/new/9"
    )


def test_a_field_that_is_only_guessed_now_is_told_too():
    """A value found by a weaker rule is worth an alarm of its own."""
    found = drifts(marks(50, 10, authors=0.5))

    assert [(drift.field, drift.about) for drift in found] == [("authors, sure", "authors")]
    assert "found well on 0 of the last 10" in found[0].what


def test_texts_that_shrink_and_pages_that_are_refused_are_told():
    """Length by half or more; refusals in place of everything else."""
    short = [*marks(50, 0), *(Mark(address="https://h.example/s", marks={"title": 0.9}, words=60) for _ in range(10))]
    refused = [*marks(50, 0), *(Mark(address="https://h.example/r", refused=True) for _ in range(10))]

    assert "text" in {drift.field for drift in drifts(short)}
    assert [drift.field for drift in drifts(refused)] == ["pages"]


def test_few_pages_say_nothing():
    """Nineteen pages are not enough to tell what was before from what is now."""
    assert drifts(marks(9, 10, authors=0.0)) == []
    assert drifts([]) == []


def test_a_drift_is_over_when_the_newest_pages_are_like_those_before_it():
    """Not when the bad ones merely fill the past."""
    drift = drifts(marks(50, 10, authors=0.0))[0]

    assert not is_over(drift, marks(0, 60, authors=0.0))
    assert not is_over(drift, [*marks(50, 10, authors=0.0), *marks(3, 0)])
    assert is_over(drift, [*marks(0, 30, authors=0.0), *marks(10, 0)])


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98])
def test_a_stationary_host_gives_an_alarm_in_fewer_than_one_of_a_hundred_windows(rate: float):
    """Fields come and go at this rate, lengths vary tenfold, pages are refused: nothing changed, nothing is told."""
    chance = random.Random(20260907)
    windows, alarms = 1500, 0
    for _ in range(windows):
        pages = [_any_page(chance, rate) for _ in range(NEWEST + BEFORE)]
        alarms += bool(drifts(pages))

    assert alarms < windows / 100


def _any_page(chance: random.Random, rate: float) -> Mark:
    names = ("title", "authors", "published_at", "image", "excerpt")
    found = {name: chance.choice((0.5, 0.7, 0.8, 0.95)) for name in names if chance.random() < rate}
    return Mark(
        address="https://h.example/a",
        marks=found,
        words=int(chance.lognormvariate(5.5, 1.0)),
        refused=chance.random() < (1 - rate) / 2,
    )
