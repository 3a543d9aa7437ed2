"""What was said of pairs is remembered."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.stories.memory import Judgements

numbers = st.integers(0, 2**31 - 1)
judged = st.dictionaries(st.tuples(numbers, numbers), st.floats(0, 1, width=32), max_size=200)


def arrays(pairs: dict[tuple[int, int], float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left, right = (np.array([pair[end] for pair in pairs], dtype=np.int64) for end in (0, 1))
    return left, right, np.array(list(pairs.values()), dtype=np.float32)


@settings(deadline=None)  # compiles on first call
@given(st.lists(judged, max_size=3))
def test_a_table_answers_as_a_dictionary_does(rounds: list[dict[tuple[int, int], float]]) -> None:
    """Whichever end is left; the last word counts; nothing is said of other pairs."""
    table, held = Judgements(), {}
    for pairs in rounds:
        pairs = {(min(pair), max(pair)): value for pair, value in pairs.items()}
        table.put(*arrays(pairs))
        held |= pairs
    left, right, values = arrays(held)

    assert np.array_equal(table.get(right, left), values)
    assert np.isnan(table.get(np.array([7]), np.array([2**31 - 1]))[0]) or (7, 2**31 - 1) in held


@settings(deadline=None)
@given(judged, numbers, numbers)
def test_only_pairs_within_bounds_are_kept(pairs: dict[tuple[int, int], float], first: int, end: int) -> None:
    """Both articles must be numbered from the first on, and before the end."""
    table = Judgements()
    left, right, values = arrays({(min(pair), max(pair)): value for pair, value in pairs.items()})
    table.put(left, right, values)
    table.keep(first, end)

    inside = (left >= first) & (right < end)
    assert np.array_equal(table.get(left, right)[inside], values[inside])
    assert np.isnan(table.get(left, right)[~inside]).all()


def test_it_grows() -> None:
    """Beyond its first size nothing is lost."""
    table = Judgements()
    left = np.arange(30_000)
    for begin in range(0, len(left), 7_000):
        some = left[begin : begin + 7_000]
        table.put(some, some + 5, (some % 97).astype(np.float32))

    assert np.array_equal(table.get(left, left + 5), (left % 97).astype(np.float32))
