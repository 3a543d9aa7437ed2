"""Articles that say again what was said: in the very same words, or one provider in nearly the same ones.

They are no further voices, and in a flood of them every word is so common that none finds its like.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from hashlib import blake2b

import numpy as np

from wiredesk.records import ArticleId
from wiredesk.stories import loops
from wiredesk.stories.loops import Index
from wiredesk.stories.signals import Signal
from wiredesk.stories.vectors import hashes

TELLING = 4  # different stems in a headline from which the same words are the same story
NEAR_HEADLINE, NEAR_TEXT = 0.6, 0.8  # part of the stems of two headlines, and of two texts, that stand in both
_KEPT = 4  # articles of a day under one key: of a flood the first ones do
# Two sets of stems with a part p in common have the same least hash with probability p (Broder, "On the resemblance and
# containment of documents", 1997): of six hashes, one in 250 pairs of NEAR_HEADLINE shares none.
_HASHES = (0x00000000, 0x9E3779B9, 0x3C6EF372, 0xDAA66D2B, 0x78DDE6E4, 0x1715609D)
_SHIFT = 32  # bits of a hash


class Said:
    """What was said on one day, to be found again: held as numbers, since it is asked about all articles that follow.

    Nearly the same words have one of six keys in common, mostly: a hash of provider and language with the least hash of
    the headline's stems.
    """

    def __init__(self, signals: Sequence[Signal]) -> None:
        """Take in the articles of a day, which come by (told_at, article)."""
        self._signals = signals
        self._words = [_digest(each) if len(each.title) >= TELLING else None for each in signals]
        self._first: dict[bytes, int] = {}  # who said these words first
        for row, words in enumerate(self._words):
            if words is not None:
                self._first.setdefault(words, row)
        # A bare headline that differs by a word is another headline.
        near = [row for row, each in enumerate(signals) if self._words[row] is not None and each.lede_terms]
        self._near = np.array(near, dtype=np.int64)
        self._stems = hashes([stem for row in near for stem in signals[row].title]).astype(np.int64)
        self._starts = np.cumsum([0, *(len(signals[row].title) for row in near)])
        self._keys = self._keyed([signals[row] for row in near])
        self._ranked = np.argsort(self._keys, axis=1, kind="stable")

    def repeats(self, before: Sequence[Said]) -> list[ArticleId | None]:
        """Return whom each article of this day repeats, None for most.

        That is an article of the earliest day in `before` that has one, or an earlier one of this day: the first with
        the same words; without one, the first of its provider with nearly the same.
        """
        found: list[ArticleId | None] = [None] * len(self._signals)
        for day in (*before, self):
            new = [row for row, known in enumerate(found) if known is None]
            for row in new:
                words = self._words[row]
                first = None if words is None else day._first.get(words)
                if first is not None and (day is not self or first < row):
                    found[row] = day._signals[first].article
            for row, other in self._alike(day):
                if found[row] is None and _is_near(self._signals[row], day._signals[other]):
                    found[row] = day._signals[other].article
        return found

    def _alike(self, day: Said) -> Iterator[tuple[int, int]]:
        """Yield (row, row of `day`), ascending, of articles with a key and enough of a headline in common.

        Of this day only earlier ones.  Hashes may meet where words do not: that is looked at afterwards.
        """
        pairs: list[Index] = []
        size = max(1, len(day._near))
        for keys, theirs, ranked in zip(self._keys, day._keys, day._ranked, strict=True):
            known = theirs[ranked]
            first = np.searchsorted(known, keys)
            for place in range(_KEPT):
                at = np.nonzero(first + place < len(known))[0]
                at = at[known[first[at] + place] == keys[at]]
                pairs.append(at * size + ranked[first[at] + place])
        rows, others = np.divmod(np.unique(np.concatenate(pairs)), size)
        shared = loops.equal_ones(self._starts, self._stems, day._starts, day._stems, rows, others)
        both = np.diff(self._starts)[rows] + np.diff(day._starts)[others] - shared
        wanted = shared >= NEAR_HEADLINE * both
        if day is self:
            wanted &= others < rows
        yield from zip(self._near[rows[wanted]].tolist(), day._near[others[wanted]].tolist(), strict=True)

    def _keyed(self, signals: Sequence[Signal]) -> Index:
        """Return an array (hashes, signals)."""
        if not signals:
            return np.empty((len(_HASHES), 0), dtype=np.int64)
        voices = hashes([f"{each.provider} {each.language or ''}" for each in signals]).astype(np.int64)
        least = [np.minimum.reduceat(self._stems ^ mask, self._starts[:-1]) for mask in _HASHES]
        keys: Index = (voices >> 1 << _SHIFT) | np.array(least)
        return keys


def _digest(signal: Signal) -> bytes:
    """Return what stands for the very words of an article."""
    terms, weights = signal.terms
    said = "\n".join((signal.language or "", *signal.title, "", *terms, ""))
    return blake2b(said.encode("utf-8", "surrogatepass") + weights, digest_size=16).digest()


def _is_near(one: Signal, other: Signal) -> bool:
    return (
        (one.provider, one.language) == (other.provider, other.language)
        and _shared(one.title, other.title) >= NEAR_HEADLINE
        and _shared(one.terms[0], other.terms[0]) >= NEAR_TEXT
    )


def _shared(one: Collection[str], other: Collection[str]) -> float:
    """Return the part of two collections, each without repetitions, that both hold."""
    both = len(set(one).intersection(other))
    return both / max(1, len(one) + len(other) - both)
