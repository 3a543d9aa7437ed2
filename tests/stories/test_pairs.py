"""Candidates, and what two articles have in common."""

from __future__ import annotations

import numpy as np
from news_factory import EVENTS, article, told

from wiredesk.stories import Signal, signal
from wiredesk.stories.candidates import candidates
from wiredesk.stories.pairs import NAMES, features
from wiredesk.stories.vectors import Counts, Texts, day_of, raw, texts


def window(signals: list[Signal]) -> Texts:
    day, counts = raw(day_of(signals[0]), signals), Counts()
    counts.add(day)
    return texts(day, counts, np.ones(len(signals), dtype=np.float32))


def common(one: Signal, other: Signal) -> dict[str, float]:
    made = window([one, other])
    values = features(made, np.array([0]), np.array([1]))[0]
    return dict(zip(NAMES, values.tolist(), strict=True))


def test_an_article_and_itself_share_everything() -> None:
    """Cosines and shares are 1; nothing is in conflict."""
    found = common(told("a", "docks"), told("b", "docks"))

    for name in ("words", "headline words", "character n-grams", "names", "part of the shorter headline"):
        assert abs(found[name] - 1) < 1e-4
    assert found["numbers in conflict"] == found["names in conflict"] == found["half days apart"] == 0


def test_it_does_not_matter_which_is_first() -> None:
    """What speaks for a pair is a property of the pair."""
    made = window([told("a", "docks"), told("b", "docks", 1, 1, hours=3), told("c", "quota", hours=5)])
    left, right = np.array([0, 0, 1]), np.array([1, 2, 2])

    assert np.allclose(features(made, left, right), features(made, right, left), atol=1e-6)


def test_numbers_agree_or_conflict() -> None:
    """Two that share one are not in conflict; two that share none are."""
    one, other, third = (
        signal(article(name, "Votes in Sund", said))
        for name, said in (("a", "Turnout 61 of 75"), ("b", "Turnout 61"), ("c", "Turnout 48"))
    )

    assert (common(one, other)["numbers in both"], common(one, other)["numbers in conflict"]) == (1, 0)
    assert (common(one, third)["numbers in both"], common(one, third)["numbers in conflict"]) == (0, 1)


def test_time_counts_in_half_days() -> None:
    """Rounded up."""
    assert common(told("a", "docks"), told("b", "docks", hours=13))["half days apart"] == 2


def test_candidates_are_pairs_with_a_new_row_that_share_something() -> None:
    """Each once, the earlier row first; every pair of one event is found."""
    signals = [told(f"{event}{n}", event, n, n, hours=n) for n in range(3) for event in EVENTS]
    made = window(signals)
    new = len(EVENTS)
    left, right = candidates(made, new)

    assert np.all(left < right) and np.all(right >= len(signals) - new)
    found = set(zip(left.tolist(), right.tolist(), strict=True))
    assert len(found) == len(left)
    named = [each.article[:-1] for each in made.signals]
    wanted = {
        (one, other)
        for other in range(len(named) - new, len(named))
        for one in range(other)
        if named[one] == named[other]
    }
    assert wanted <= found


def test_who_shares_nothing_finds_nobody() -> None:
    """Nor does an article of which nothing is known."""
    made = window([signal(article("a", "Zebra quiz")), signal(article("b", "Volcano")), signal(article("c", ""))])

    assert candidates(made, 3)[0].tolist() == []
