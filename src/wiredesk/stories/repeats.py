"""Articles that say again what was said: in the very same words, or one provider in nearly the same ones.

They are no further voices, and in a flood of them every word is so common that none finds its like.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from wiredesk.records import ArticleId
from wiredesk.stories.signals import Signal

TELLING = 4  # different stems in a headline from which the same words are the same story
NEAR_HEADLINE, NEAR_TEXT = 0.6, 0.8  # part of the stems of two headlines, and of two texts, that stand in both
_KEPT = 4  # articles under one key: of a flood the first ones do
# Two sets of stems with a part p in common have the same least hash with probability p (Broder, "On the resemblance and
# containment of documents", 1997): of six hashes, one in 250 pairs of NEAR_HEADLINE shares none.
_HASHES = (0x00000000, 0x9E3779B9, 0x3C6EF372, 0xDAA66D2B, 0x78DDE6E4, 0x1715609D)

_Key = tuple[str, str | None, int, int]  # provider, language, which hash, the least one


class Words(NamedTuple):
    """What an article said, with the keys under which it is found again."""

    signal: Signal
    all: tuple[object, ...] | None  # all that was said; None where it is too little to tell an article by
    near: tuple[_Key, ...]  # keys that most articles with nearly the same words have one of

    @classmethod
    def of(cls, signal: Signal) -> Words:
        """Return the words of an article."""
        if len(signal.title) < TELLING:
            return cls(signal, None, ())
        everything = (signal.language, signal.title, signal.terms)
        if not signal.lede_terms:  # a headline that differs by a word is another headline
            return cls(signal, everything, ())
        hashes = [zlib.crc32(stem.encode("utf-8", "surrogatepass")) for stem in signal.title]
        least = [(number, min([each ^ mask for each in hashes])) for number, mask in enumerate(_HASHES)]
        return cls(signal, everything, tuple([(signal.provider, signal.language, *each) for each in least]))


class Said:
    """What was said on one day, to be found again."""

    def __init__(self) -> None:
        self._all: dict[tuple[object, ...], ArticleId] = {}
        self._near: defaultdict[_Key, list[Signal]] = defaultdict(list)

    def add(self, words: Words) -> None:
        """Hold an article; of the same ones, the first counts."""
        if words.all is not None:
            self._all.setdefault(words.all, words.signal.article)
        for key in words.near:
            if len(self._near[key]) < _KEPT:
                self._near[key].append(words.signal)

    def again(self, words: Words) -> ArticleId | None:
        """Return the first article with the same words; without one, the first of its provider with nearly the same."""
        if words.all in self._all:
            return self._all[words.all]
        found = {each.article: each for key in words.near for each in self._near.get(key, ())}
        near = [each for each in found.values() if _is_near(each, words.signal)]
        return min(near, key=lambda each: (each.told_at, each.article)).article if near else None


def _is_near(one: Signal, other: Signal) -> bool:
    return _shared(one.title, other.title) >= NEAR_HEADLINE and _shared(one.terms.terms, other.terms.terms) >= NEAR_TEXT


def _shared(one: Iterable[str], other: Iterable[str]) -> float:
    mine, theirs = set(one), set(other)
    return len(mine & theirs) / max(1, len(mine | theirs))
