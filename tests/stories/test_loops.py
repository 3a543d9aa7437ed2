"""Loops that are subtle enough to be asked alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.stories import loops

# Columns of the same last bits take the same place in the table of a row.
_ROWS = st.lists(
    st.sets(st.builds(lambda high, low: high << 14 | low, st.integers(0, 63), st.integers(0, 2)), max_size=12).map(
        sorted
    ),
    min_size=2 * loops.KINDS,
    max_size=2 * loops.KINDS,
)


@settings(deadline=None)  # the first one compiles
@given(_ROWS)
def test_both_finds_what_stands_in_two_rows(rows: list[list[int]]) -> None:
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.array([column for row in rows for column in row], dtype=np.int32)
    slots, met = loops.room(starts, np.array([0]), np.array([1]))
    for row, one in enumerate(rows):  # the table is never cleared
        for other, another in enumerate(rows):
            number = loops.both(starts, columns, row, other, slots, met)
            common = sorted({*one} & {*another})
            assert columns[met[:number, 0]].tolist() == columns[met[:number, 1]].tolist() == common
            assert np.all((met[:number] >= starts[[row, other]]) & (met[:number] < starts[[row + 1, other + 1]]))
