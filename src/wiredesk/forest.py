"""Gradient-boosted trees whose every level asks one question of all its nodes ("oblivious"), evaluated with numpy.

A tree of depth d is d columns, d thresholds and 2**d leaves: the answers are the bits of the leaf's number.  That makes
a few hundred trees cost less than a millisecond for all blocks of a page, without a library for it at run time.

Source: Prokhorenkova et al., "CatBoost: unbiased boosting with categorical features", 2018.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
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
        """Return the probability (0-1) of each row of an array (rows, columns)."""
        trees, depth = self.columns.shape
        columns = np.ascontiguousarray(rows.T)
        leaf = np.zeros((trees, len(rows)), dtype=np.int32)
        for level in range(depth):
            leaf += (columns[self.columns[:, level]] > self.borders[:, level, None]).astype(np.int32) << level
        leaf += (np.arange(trees, dtype=np.int32) << depth)[:, None]
        total = self.leaves.ravel()[leaf].sum(axis=0) + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-total)), dtype=np.float32)
