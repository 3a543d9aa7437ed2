"""Candidates, and what two articles have in common."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from news_factory import EVENTS, article, told

from wiredesk.stories import Signal, signal
from wiredesk.stories.candidates import candidates, nearest
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

    for name in ("words", "headline words", "character n-grams", "names", "headline in the other text"):
        assert abs(found[name] - 1) < 1e-4
    for name in ("names in conflict", "places in conflict", "spellings in conflict", "half days apart"):
        assert found[name] == 0


def test_it_does_not_matter_which_is_first() -> None:
    """What speaks for a pair is a property of the pair."""
    made = window([told("a", "docks"), told("b", "docks", 1, 1, hours=3), told("c", "quota", hours=5)])
    left, right = np.array([0, 0, 1]), np.array([1, 2, 2])

    assert np.allclose(features(made, left, right), features(made, right, left), atol=1e-6)


def test_figures_agree_or_conflict() -> None:
    """Two that share one agree, two that share none do not; where one of both has none, nobody knows."""
    one, other, third, without = (
        signal(article(name, "Votes in Sund", said))
        for name, said in (("a", "Turnout 61 of 75"), ("b", "Turnout 61"), ("c", "Turnout 48"), ("d", "Turnout low"))
    )

    assert [common(one, each)["figures"] for each in (other, third, without)] == [1, -1, 0]
    assert [common(one, each)["numbers in both"] for each in (other, third, without)] == [1, 0, 0]


def test_places_agree_or_conflict_in_any_language() -> None:
    """A headline about Cuba is no headline about Mexico, in whatever language it is told."""
    cuba, kuba, mexico = (
        signal(article(name, said, language=language))
        for name, said, language in (
            ("a", "First athletes leave Cuba", "en"),
            ("b", "Erste Sportler verlassen Kuba", "de"),
            ("c", "First athletes leave Mexico", "en"),
        )
    )

    assert common(cuba, kuba)["places"] == 1 and common(cuba, kuba)["places in both"] == 1
    assert common(cuba, mexico)["places"] == 0 and common(cuba, mexico)["places in conflict"] == 1


def test_what_was_said_before_today_is_no_news() -> None:
    """A word of the days before makes a pair less sure than one that is new, however many say it today."""
    before = [signal(article(f"x{n}", "Strike goes on in Sund")) for n in range(50)]
    said = ("Strike in Sund", "Strike in Sund", "Meteor over Vik", "Meteor over Vik")
    today = [signal(article(f"a{n}", title)) for n, title in enumerate(said)]
    day, counts = raw(day_of(today[0]), today), Counts()
    counts.add(raw(day_of(before[0]), before))
    counts.add(day)
    made = texts(day, counts, np.ones(4, dtype=np.float32))
    news = features(made, np.array([0, 2]), np.array([1, 3]))[:, NAMES.index("newest headline word")]

    assert news[0] < news[1]


def test_a_pair_is_seen_against_the_nearest_of_each() -> None:
    """A pair is as likely as others of the same likeness, unless one of them has somebody nearer."""
    made = window([told("a", "docks"), told("b", "docks", 1, 1, hours=1), told("c", "quota", hours=2)])
    made = replace(made, nearest=nearest(made))
    found = dict(zip(NAMES, features(made, np.array([0]), np.array([1]))[0].tolist(), strict=True))
    other = dict(zip(NAMES, features(made, np.array([0]), np.array([2]))[0].tolist(), strict=True))

    assert found["words, less the nearer's"] == found["words, less the lonelier's"] == 0
    assert other["words, less the nearer's"] < -0.1
    assert made.nearest[2, 0] <= made.nearest[0, 0]


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
