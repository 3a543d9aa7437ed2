"""Signals as arrays."""

from __future__ import annotations

from itertools import pairwise
from zlib import crc32

import numpy as np
import pytest
from news_factory import EVENTS, START, article, told

from wiredesk.stories import Signal, loops, signal
from wiredesk.stories.loops import (
    COLUMNS,
    CONCEPTS,
    FIGURES,
    GRAMS,
    KINDS,
    NAMED,
    PLACES,
    SHARED,
    SORT,
    SPELLINGS,
    WORDS,
)
from wiredesk.stories.vectors import Counts, Texts, centred, day_of, hashes, raw, stack, texts


def vectors(signals: list[Signal], counts: Counts | None = None) -> Texts:
    day = raw(day_of(signals[0]), signals)
    counts = counts or Counts()
    counts.add(day)
    return texts(day, counts, np.ones(len(signals), dtype=np.float32))


def same(one: Texts, other: Texts) -> bool:
    return all(np.array_equal(mine, theirs) for mine, theirs in zip(one.terms, other.terms, strict=True))


SIGNALS = [told(f"{event}{n}", event, n, n, hours=n) for event in EVENTS for n in range(2)]


def test_rows_have_length_one_in_every_kind() -> None:
    """Or zero, where there is nothing to say; columns ascend, since two rows are compared by walking both."""
    terms = vectors(SIGNALS).terms

    for row, (begin, end) in enumerate(pairwise(terms.starts.tolist())):
        article, kind = divmod(row, KINDS)
        length = np.linalg.norm(terms.unit[begin:end])
        assert length == pytest.approx(1, abs=1e-5) or begin == end
        assert (terms.mass[article, kind] > 0) == (begin < end)
        assert np.all(np.diff(terms.columns[begin:end]) > 0)


def test_a_term_knows_its_place_in_the_signal() -> None:
    """So that people are told words, not columns."""
    made = vectors(SIGNALS)
    terms = made.terms

    for at, each in enumerate(made.signals):
        for kind, held in ((WORDS, each.terms[0]), (NAMED, each.names[0]), (SHARED, each.shared[0])):
            row = slice(*terms.starts[at * KINDS + kind : at * KINDS + kind + 2])
            most = COLUMNS if kind != SHARED else SORT  # of what needs no language, each sort has columns of its own
            told = [crc32(held[place].encode()) & (most - 1) for place in terms.source[row]]
            assert told == [column & (most - 1) for column in terms.columns[row].tolist()]


def test_what_needs_no_language_is_of_four_sorts() -> None:
    """Each has its own columns; a word is never taken for one of them, whatever it begins with."""
    sorts = {"#p:FR": PLACES, "#strike": CONCEPTS, "#p": CONCEPTS, "#pact": CONCEPTS, "~PORIS": SPELLINGS,
             "≈PRS": SPELLINGS, "=20": FIGURES, "#n:20": FIGURES}  # fmt: skip
    text = np.frombuffer("".join(f"{term}\n" for term in (*sorts, "≠", "ⅷ", "docks")).encode(), np.uint8)
    columns = loops.columns_of(text, loops.hashes(text, len(sorts) + 3)).tolist()

    assert [column // SORT for column in columns[: len(sorts)]] == list(sorts.values())
    assert columns[-3:] == [crc32(word.encode()) & (COLUMNS - 1) for word in ("≠", "ⅷ", "docks")]


def test_terms_have_the_same_hash_everywhere() -> None:
    """That of zlib, whatever their letters."""
    terms = ["", "dock", "Зеленский", "≈PRSNT", "\ud800", "x" * 500]

    assert hashes(terms).tolist() == [crc32(term.encode("utf-8", "surrogatepass")) for term in terms]
    assert hashes([]).tolist() == []


def test_headlines_are_cut_into_grams() -> None:
    """Blanks around them count; what stands twice weighs twice; a headline of one letter has none."""
    said = [signal(article("a", "Zebra zebra")), signal(article("b", "Z")), signal(article("c", ""))]
    day = raw(day_of(said[0]), said)
    rows = [slice(*day.starts[n * KINDS + GRAMS : n * KINDS + GRAMS + 2]) for n in range(3)]

    assert sorted(day.weights[rows[0]].tolist()) == [1, 1, 2, 2, 2, 2]  # "ra z" and "a ze" once
    assert day.weights[rows[1]].tolist() == [] and day.weights[rows[2]].tolist() == []


def test_the_order_of_signals_does_not_matter() -> None:
    """They stand by time, then id."""
    one, other = vectors(SIGNALS), vectors(SIGNALS[::-1])

    assert one.signals == other.signals
    assert same(one, other)


def test_what_many_say_weighs_less() -> None:
    """A word of all articles weighs less than it did in one."""
    few, many = Counts(), Counts()
    many.add(raw(day_of(SIGNALS[0]), [told(f"x{n:03}", "docks") for n in range(100)]))
    docks = [told("a", "docks")]

    assert vectors(docks, many).terms.mass[0, WORDS] < vectors(docks, few).terms.mass[0, WORDS]


def test_a_day_that_is_counted_out_leaves_nothing() -> None:
    """So the window slides without an error that grows."""
    counts, day = Counts(), raw(day_of(SIGNALS[0]), SIGNALS)
    counts.add(day)
    counts.add(day, -1)

    assert counts.articles == 0
    assert not counts.found_in.any()


def test_days_are_stacked_and_taken_apart_again() -> None:
    """Rows keep what they hold."""
    whole = vectors(SIGNALS)
    half = len(SIGNALS) // 2
    rows = np.arange(len(SIGNALS))
    again = stack([whole.take(rows[:half]), whole.take(rows[half:])])

    assert list(again.signals) == list(whole.signals)
    assert same(again, whole)
    assert np.array_equal(again.hours, whole.hours)
    assert again.vectors is None


def test_hours_and_kin_are_comparable() -> None:
    """Hours since 1970; one number for equal providers and for equal languages."""
    made = vectors([told("a", "docks", provider="x.example"), told("b", "quota", hours=2, provider="x.example")])

    assert made.hours[0] == START.timestamp() / 3600
    assert made.hours[1] - made.hours[0] == 2
    assert made.providers[0] == made.providers[1] and made.languages[0] == made.languages[1]


def test_embeddings_come_in_one_measure() -> None:
    """What all of the window have in common says nothing, and products of usual texts have a mean square of 1, however
    narrow the cone of a model is; an article without a vector stays without."""
    rng = np.random.default_rng(7)
    for width, spread in ((64, 0.02), (300, 0.1)):
        day = rng.normal(1.0, spread, (800, width)).astype(np.float32)
        day /= np.linalg.norm(day, axis=1, keepdims=True)
        day[3] = 0
        found = centred(day[:600], [day[600:]])

        assert not found[3].any()
        rest = np.delete(found, 3, axis=0)
        products = (rest @ rest.T)[~np.eye(len(rest), dtype=bool)]
        assert abs(products.mean()) < 0.05
        assert np.square(products).mean() == pytest.approx(1, rel=0.1)
        assert np.linalg.norm(rest, axis=1) == pytest.approx(np.linalg.norm(rest[0]), rel=1e-4)


def test_few_embeddings_are_measured_by_what_is_usual() -> None:
    """Two texts that are all a window has are not ten times as like each other as they are."""
    two = np.array([[1, 0.1], [1, -0.1]], dtype=np.float32)
    found = centred(two / np.linalg.norm(two, axis=1, keepdims=True), ())

    assert np.linalg.norm(found, axis=1) == pytest.approx(0.01**-0.25, rel=0.05)
    assert not centred(np.zeros((2, 2), dtype=np.float32), ()).any()
