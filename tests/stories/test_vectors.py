"""Signals as arrays."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from news_factory import EVENTS, START, told

from wiredesk.stories import Signal
from wiredesk.stories.vectors import CHANNELS, Counts, Texts, centred, day_of, raw, stack, texts


def vectors(signals: list[Signal], counts: Counts | None = None) -> Texts:
    day = raw(day_of(signals[0]), signals)
    counts = counts or Counts()
    counts.add(day)
    return texts(day, counts, np.ones(len(signals), dtype=np.float32))


def same(one: Texts, other: Texts, name: str) -> bool:
    pairs = zip(one.channels[name], other.channels[name], strict=True)
    return all(np.array_equal(mine, theirs) for mine, theirs in pairs)


SIGNALS = [told(f"{event}{n}", event, n, n, hours=n) for event in EVENTS for n in range(2)]


def test_rows_have_length_one_in_every_channel() -> None:
    """Or zero, where there is nothing to say."""
    made = vectors(SIGNALS)

    for name in CHANNELS:
        channel = made.channels[name]
        rows = [channel.unit[begin:end] for begin, end in pairwise(channel.starts.tolist())]
        lengths = np.array([np.linalg.norm(row) for row in rows])
        assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))
        assert np.all(lengths[made.channels[name].mass > 0] > 0)


def test_columns_ascend_in_each_row() -> None:
    """And each stands once: two rows are compared by walking both."""
    made = vectors(SIGNALS)

    for name in CHANNELS:
        channel = made.channels[name]
        for begin, end in pairwise(channel.starts.tolist()):
            assert np.all(np.diff(channel.columns[begin:end]) > 0)


def test_the_order_of_signals_does_not_matter() -> None:
    """They stand by time, then id."""
    one, other = vectors(SIGNALS), vectors(SIGNALS[::-1])

    assert one.signals == other.signals
    assert all(same(one, other, name) for name in CHANNELS)


def test_what_many_say_weighs_less() -> None:
    """A word of all articles weighs less than it did in one."""
    few, many = Counts(), Counts()
    many.add(raw(day_of(SIGNALS[0]), [told(f"x{n:03}", "docks") for n in range(100)]))
    docks = [told("a", "docks")]

    assert vectors(docks, many).channels["terms"].mass[0] < vectors(docks, few).channels["terms"].mass[0]


def test_a_day_that_is_counted_out_leaves_nothing() -> None:
    """So the window slides without an error that grows."""
    counts, day = Counts(), raw(day_of(SIGNALS[0]), SIGNALS)
    counts.add(day)
    counts.add(day, -1)

    assert counts.articles == 0
    assert not any(found.any() for found in counts.found_in.values())


def test_days_are_stacked_and_taken_apart_again() -> None:
    """Rows keep what they hold."""
    whole = vectors(SIGNALS)
    half = len(SIGNALS) // 2
    rows = np.arange(len(SIGNALS))
    again = stack([whole.take(rows[:half]), whole.take(rows[half:])])

    assert list(again.signals) == list(whole.signals)
    assert all(same(again, whole, name) for name in CHANNELS)
    assert all(np.array_equal(*pair) for pair in zip(again.numbers, whole.numbers, strict=True))
    assert np.array_equal(again.hours, whole.hours)
    assert again.vectors is None


def test_hours_and_kin_are_comparable() -> None:
    """Hours since 1970; one number for equal providers and for equal languages."""
    made = vectors([told("a", "docks", provider="x.example"), told("b", "quota", hours=2, provider="x.example")])

    assert made.hours[0] == START.timestamp() / 3600
    assert made.hours[1] - made.hours[0] == 2
    assert made.providers[0] == made.providers[1] and made.languages[0] == made.languages[1]


def test_embeddings_are_centred_and_of_length_one_again() -> None:
    """What all of the window have in common says nothing; an article without a vector stays without."""
    rng = np.random.default_rng(7)
    day = rng.normal(1.0, 0.1, (40, 8)).astype(np.float32)
    day /= np.linalg.norm(day, axis=1, keepdims=True)
    day[3] = 0
    found = centred(day, [day[10:20]])

    lengths = np.linalg.norm(found, axis=1)
    assert lengths[3] == pytest.approx(0)
    assert np.allclose(np.delete(lengths, 3), 1, atol=1e-5)
    assert abs((np.delete(found, 3, axis=0) @ np.delete(found, 3, axis=0).T).mean()) < 0.2
