"""Pairs of articles that were judged: vectors never change, so neither does what was said of a pair."""

from __future__ import annotations

import numpy as np

from wiredesk.stories import loops
from wiredesk.stories.loops import Floats, Index

_SHIFT = 32  # bits of a key that number one article
_LEAST = 1 << 12  # places of the table


class Judgements:
    """The probability of each pair that was judged, by the numbers of its articles (0 to 2**31 - 1)."""

    def __init__(self) -> None:
        self._held = 0  # pairs in the table
        self._clear(_LEAST)

    def get(self, left: Index, right: Index) -> Floats:
        """Return the probability of each pair, NaN where none is known; which one is left does not matter."""
        return loops.remembered(self._keys, self._values, _key(left, right))

    def put(self, left: Index, right: Index, probability: Floats) -> None:
        """Remember what was said of pairs."""
        if 2 * (self._held + len(left)) > len(self._keys):
            keys, values = self._all()
            self._clear(2 * (len(keys) + len(left)))
            self._held = loops.remember(self._keys, self._values, keys, values)
        self._held += loops.remember(self._keys, self._values, _key(left, right), probability)

    def keep(self, first: int, end: int) -> None:
        """Forget all pairs but those of articles from number `first` on and before `end`."""
        keys, values = self._all()
        kept = (keys >> _SHIFT >= first) & (keys & ((1 << _SHIFT) - 1) < end)
        self._clear(2 * int(kept.sum()))
        self._held = loops.remember(self._keys, self._values, keys[kept], values[kept])

    def _clear(self, size: int) -> None:
        size = 1 << max(size, _LEAST - 1).bit_length()
        self._keys, self._values, self._held = np.full(size, -1), np.empty(size, dtype=np.float32), 0

    def _all(self) -> tuple[Index, Floats]:
        taken = self._keys >= 0
        return self._keys[taken], self._values[taken]


def _key(left: Index, right: Index) -> Index:
    return np.minimum(left, right) << _SHIFT | np.maximum(left, right)
