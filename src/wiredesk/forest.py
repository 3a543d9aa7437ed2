"""Gradient-boosted trees whose every level asks one question of all its nodes ("oblivious"), evaluated with numpy.

A tree of depth d is d columns, d thresholds and 2**d leaves: the answers are the bits of the leaf's number.  That makes
a few hundred trees cost less than a millisecond for all blocks of a page, without a library for it at run time.

Source: Prokhorenkova et al., "CatBoost: unbiased boosting with categorical features", 2018.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROWS = 4096  # at a time: what is worked on stays in the processor's cache


@dataclass(frozen=True)
class Forest:
    """Trees of one depth."""

    columns: NDArray[np.intp]  # (trees, depth): which column each level looks at; its first level is bit 0
    borders: NDArray[np.float32]  # (trees, depth): a value above the border answers yes
    leaves: NDArray[np.float32]  # (trees, 2**depth)
    bias: float

    @classmethod
    def from_arrays(cls, arrays: Any, name: str) -> Forest:
        """Return the forest called `name` of a mapping of arrays, as `numpy.load` gives it."""
        return cls(
            columns=arrays[f"{name}_columns"].astype(np.intp),
            borders=arrays[f"{name}_borders"],
            leaves=arrays[f"{name}_leaves"].astype(np.float32),
            bias=float(arrays[f"{name}_bias"]),
        )

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probability (0-1) of each row of an array (rows, columns); NaN answers no to every question."""
        cells = self._cells
        total = np.empty(len(rows), dtype=np.float32)
        first = (np.arange(len(self.leaves), dtype=np.int32) * self.leaves.shape[1])[:, None]
        flat = self.leaves.ravel()
        for at in range(0, len(rows), _ROWS):
            block = np.ascontiguousarray(rows[at : at + _ROWS].T)  # a column at a time is looked at
            steps = np.zeros(block.shape, dtype=cells.dtype)
            for column, borders in cells.borders.items():
                steps[column] = borders.searchsorted(block[column])
            steps[np.isnan(block)] = 0
            leaf = np.zeros((len(self.leaves), block.shape[1]), dtype=np.uint8 if cells.depth <= 8 else np.uint16)
            for level in range(cells.depth):
                yes = steps[self.columns[:, level]] > cells.steps[:, level, None]
                leaf |= yes.astype(leaf.dtype) << leaf.dtype.type(level)
            total[at : at + _ROWS] = flat[leaf + first].sum(axis=0)
        return np.asarray(1.0 / (1.0 + np.exp(-(total + np.float32(self.bias)))), dtype=np.float32)

    @cached_property
    def _cells(self) -> _Cells:
        return _Cells.of(self)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The same questions of small whole numbers: how many of a column's borders a value lies above.

    A byte for each answer instead of a float makes a forest several times as fast.
    """

    borders: dict[int, NDArray[np.float32]]  # of each column that is asked about, ascending
    steps: NDArray[np.uint8] | NDArray[np.uint16]  # (trees, depth): a value above more borders than that answers yes
    depth: int

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.steps.dtype

    @classmethod
    def of(cls, forest: Forest) -> _Cells:
        borders = {
            int(column): np.unique(forest.borders[forest.columns == column]) for column in np.unique(forest.columns)
        }
        most = max(len(found) for found in borders.values())
        steps = np.zeros(forest.columns.shape, dtype=np.uint8 if most < 256 else np.uint16)
        for column, found in borders.items():
            asked = forest.columns == column
            steps[asked] = np.searchsorted(found, forest.borders[asked])
        return cls(borders, steps, forest.columns.shape[1])
