"""The same words at several providers: who printed them first, and who prints them again.

The law: a run of words belongs to the article that told it first.  An article is a copy of an earlier one of another
provider if enough of its words belong to it, or stand in it.  So what an article copies depends on earlier articles
alone, and on no decision about them: the answer is the same in whatever order articles came.

Texts meet by winnowing (Schleimer, Wilkerson, Aiken: Winnowing, local algorithms for document fingerprinting, 2003):
of every window of runs the one with the least hash is an index key, so two texts with a long enough run in common
share a key wherever it stands in them.  Those that meet are compared word by word.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from wiredesk.config import StorySettings
from wiredesk.records import Article, ArticleId, Copy, CopyKind, Fingerprint
from wiredesk.text import words

MOST_WORDS = 20_000  # of a text are looked at; what follows cannot be a copy
HOLDERS = 8  # first articles with a key that are looked at, to tell news from furniture
LEAST_WORDS = 25  # in a text, below which only the very same headline and text is a copy
LEAST_NOTE = 8  # words of headline and text together, below which nothing is

_MOST_CHARACTERS = 10 * MOST_WORDS
_RUN, _RUN_CJK = 4, 8  # words; characters where each is a word of its own
_WINDOWS = ((160, 8), (320, 16), (4000, 32))  # texts of fewer words: runs of which one is kept
_WIDEST = 128
_MEET = 0.12  # part of the keys in common from which texts are compared: half of what the verdict needs
_CANDIDATES = 5
_HALF = 0.5  # part of a reprint's own words that have to be its origin's: else it is a report that quotes
_STRANGERS = 2  # other pieces that hold a run, from which it is furniture
_UNLIKE = 0.25  # part of the shorter headline in common, below which two headlines tell different things
_CREDIT = re.compile(r"\(\s*[^()\n]{2,40}\)\s*(?:[-–—]|$)")  # "(Agency) -" before the lede, or after the last word
_EXACT = 1 << 47  # bit that keeps digests of whole texts apart from hashes of runs, which are 47 bits

Hashes = NDArray[np.uint64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What two texts have in common, in words."""

    of_copy: float  # 0.0-1.0, part of the copy's words
    of_origin: float
    words: int  # of the copy
    start: int  # where the longest run begins in the copy: number of words before it
    longest: int  # words in the longest run in common
    left: int  # words of the shorter text that were compared, furniture apart


class Shelf(Protocol):
    """Where fingerprints and articles are kept."""

    def first_holders(self, mine: Fingerprint, since: int) -> Sequence[ArticleId]:
        """Return for each key of `mine` the first article that holds it, told since then and before `mine`, if any."""
        ...

    def holders(self, mine: Fingerprint, key: int, since: int) -> Sequence[ArticleId]:
        """Return the first HOLDERS articles that hold `key`, told since then and before `mine`."""
        ...

    def fingerprints(self, articles: Iterable[ArticleId]) -> Mapping[ArticleId, Fingerprint]:
        """Return the fingerprints of those that have one."""
        ...

    def text(self, article: ArticleId) -> str:
        """Return the text of an article."""
        ...


def telling(told_at: datetime, first_seen_at: datetime) -> int:
    """Return a number that sorts as (`told_at`, `first_seen_at`) does, to the second; not negative, below 2^63.

    34 bits for the time told (1970 to 2514), 29 for how much later we saw it (17 years); what lies outside is clamped.
    """
    told = min(max(int((told_at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()), 0), (1 << 34) - 1)
    late = min(max(int((first_seen_at - told_at).total_seconds()), 0), (1 << 29) - 1)
    return told << 29 | late


def span(days: float) -> int:
    """Return `days` in the units of `telling`."""
    return int(timedelta(days=days).total_seconds()) << 29


def fingerprint(article: Article) -> Fingerprint:
    """Return the fingerprint of an article."""
    title, text = words(article.title), _words(article.text)
    keys: list[int] = []
    if len(text) >= LEAST_WORDS:
        runs = _runs(_sums(text), _run_length(text))
        keys = [_digest(text), *_winnow(runs, _window(len(text)))]
    elif len(title) + len(text) >= LEAST_NOTE:
        keys = [_digest([*title, "/", *words(_CREDIT.sub(" ", article.text))])]
    return Fingerprint(
        article=article.id,
        provider=article.provider.domain,
        at=telling(article.told_at, article.first_seen_at),
        title=" ".join(title),
        words=len(text),
        keys=tuple(keys),
    )


def find_origin(mine: Fingerprint, shelf: Shelf, settings: StorySettings) -> Copy | None:
    """Return whose text an article prints, None where its words are its own.

    Considered are at most `copy_days` before it, of other providers.  The earliest article of which it is a reprint
    comes first, else that from which it has the largest part.
    """
    since = mine.at - span(settings.copy_days)
    firsts = Counter(shelf.first_holders(mine, since))
    known = shelf.fingerprints(firsts)
    meets = [
        other
        for other in known.values()
        if other.provider != mine.provider and (_overlap(mine, other) >= _MEET or other.keys[0] == mine.keys[0])
    ]
    meets = sorted(meets, key=lambda other: (-firsts[other.article], other.at, other.article))[:_CANDIDATES]
    if not meets:
        return None
    text = _words(shelf.text(mine.article))
    found = []
    for other in sorted(meets, key=lambda other: (other.at, other.article)):
        copy = _verdict(mine, text, other, shelf, since, settings)
        if copy is not None and copy.is_reprint:
            return copy
        if copy is not None:
            found.append(copy)
    return max(found, key=lambda copy: copy.of_copy, default=None)  # the first of equals


def _verdict(
    mine: Fingerprint, text: Sequence[str], other: Fingerprint, shelf: Shelf, since: int, settings: StorySettings
) -> Copy | None:
    furniture, news = _furniture(mine, other, shelf, since)
    if mine.words < LEAST_WORDS:  # the digest says all, headline included
        whole = Common(of_copy=1.0, of_origin=1.0, words=mine.words, start=0, longest=mine.words, left=mine.words)
        return None if furniture else _copy(mine, other, "exact", whole)
    theirs = _words(shelf.text(other.article))
    common = compare(text, theirs, furniture, news)
    if text == theirs and (mine.title == other.title or not furniture):
        return _copy(mine, other, "exact", common)
    if common.left < LEAST_WORDS:
        return None
    if max(common.of_copy, common.of_origin) >= settings.copy_similarity and common.of_copy >= _HALF:
        return _copy(mine, other, "near", common)
    if common.of_copy >= settings.copy_part or common.of_origin >= settings.copy_similarity:
        return _copy(mine, other, "partial", common)
    return None


def _furniture(
    mine: Fingerprint, other: Fingerprint, shelf: Shelf, since: int
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the keys in common that say nothing, and those that do.

    Furniture (notes on cookies, invitations to subscribe, standing paragraphs) stands in pieces on other subjects,
    too.  Looked for among the first articles that hold a key, so a flood of one text costs no more than a few copies.
    """
    held = {key: shelf.holders(mine, key, since) for key in sorted(set(mine.keys) & set(other.keys))}
    pieces = shelf.fingerprints({article for articles in held.values() for article in articles})
    strangers = {each for each, piece in pieces.items() if _is_another_piece(piece, other)}
    furniture = frozenset(key for key, articles in held.items() if len(strangers.intersection(articles)) >= _STRANGERS)
    return furniture, frozenset(held) - furniture


def _copy(mine: Fingerprint, origin: Fingerprint, kind: CopyKind, common: Common) -> Copy:
    told = f"the article of {origin.provider}, which told it first"
    if kind == "exact":
        reason = f"has the same words as {told}"
    else:
        reason = (
            f"{common.of_copy:.0%} of its words stand in {told} ({common.of_origin:.0%} of that one), "
            f"{common.longest:,} of them in one run"
        )
        if kind == "partial":
            reason += "; the rest is its own"
    return Copy(
        article=mine.article,
        origin=origin.article,
        kind=kind,
        share=round(max(common.of_copy, common.of_origin), 3),
        reason=reason,
        of_copy=round(common.of_copy, 3),
        of_origin=round(common.of_origin, 3),
        words=common.words,
        start=common.start,
        longest=common.longest,
    )


def compare(
    copy: Sequence[str],
    origin: Sequence[str],
    furniture: frozenset[int] = frozenset(),
    news: frozenset[int] = frozenset(),
) -> Common:
    """Return what two lists of words have in common: words in runs of at least 4 (8 characters) that stand in both.

    Args:
        furniture: Keys of runs that say nothing.  A stretch in common that they outweigh is left out of both texts.
        news: The other keys in common.
    """
    length = max(_run_length(copy), _run_length(origin))
    sums = _sums(copy), _sums(origin)
    mine, theirs = (_runs(each, length) for each in sums)
    marks = _covered(np.isin(mine, theirs), length), _covered(np.isin(theirs, mine), length)
    sides = []
    for runs, covered in zip((mine, theirs), marks, strict=True):
        idle = _furnished(runs, covered, furniture, news)
        sides.append((int(np.count_nonzero(covered & ~idle)), len(covered) - int(np.count_nonzero(idle))))
    (in_copy, of_copy), (in_origin, of_origin) = sides
    start, longest = _longest(*sums)
    return Common(
        of_copy=in_copy / of_copy if of_copy else 0.0,
        of_origin=in_origin / of_origin if of_origin else 0.0,
        words=in_copy,
        start=start,
        longest=longest,
        left=min(of_copy, of_origin),
    )


def _is_another_piece(holder: Fingerprint, origin: Fingerprint) -> bool:
    """Tell whether an article with a run of `origin` has another subject: then the run is no news of `origin`.

    Its headline has to tell something else; and it shares little with `origin`, or one provider prints both.
    """
    if holder.article == origin.article or not _are_unlike(holder.title, origin.title):
        return False
    return holder.provider == origin.provider or _overlap(holder, origin) < 0.5


def _are_unlike(one: str, other: str) -> bool:
    left, right = ({word for word in title.split() if len(word) > 3 or not word.isascii()} for title in (one, other))
    return len(left & right) < _UNLIKE * min(len(left), len(right)) or not (left and right)


def _overlap(one: Fingerprint, other: Fingerprint) -> float:
    """Estimate the part of the shorter text that stands in the other one, from the keys that they share."""
    window = max(_window(one.words), _window(other.words))
    # Of the keys of a narrow window, a wider one keeps about this many.
    kept = (max(0, len(each.keys) - 1) * (_window(each.words) + 1) / (window + 1) for each in (one, other))
    shared = len(set(one.keys[1:]) & set(other.keys[1:]))
    return shared / max(1.0, min(kept))


def _words(text: str) -> list[str]:
    return words(text[:_MOST_CHARACTERS])[:MOST_WORDS]


def _window(size: int) -> int:
    """Return of how many runs one is kept, in a text of `size` words."""
    return next((width for below, width in _WINDOWS if size < below), _WIDEST)


def _digest(tokens: Sequence[str]) -> int:
    return _EXACT | int.from_bytes(hashlib.sha256(" ".join(tokens).encode()).digest()[:6], "big") >> 1


def _run_length(tokens: Sequence[str]) -> int:
    """Return how many words make a run: more where most words are single characters, as in Chinese."""
    single = sum(len(token) == 1 and not token.isascii() for token in tokens)
    return _RUN_CJK if 2 * single > len(tokens) else _RUN


def _sums(tokens: Sequence[str]) -> Hashes:
    """Return the prefix sums, modulo 2^64, of a polynomial over hashes of the words."""
    values = _mix(np.fromiter((crc32(token.encode()) for token in tokens), dtype=np.uint64, count=len(tokens)))
    sums = np.zeros(len(tokens) + 1, dtype=np.uint64)
    np.cumsum(values * _powers()[0][: len(tokens)], out=sums[1:])
    return sums


def _runs(sums: Hashes, length: int) -> Hashes:
    """Return the hashes, 64 bits, of all runs of that many words, in order."""
    count = len(sums) - length
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    return _mix((sums[length:] - sums[:-length]) * _powers()[1][:count])


def _winnow(runs: Hashes, window: int) -> list[int]:
    """Return the least hash of every window, each once, 47 bits, ascending.

    A wider window keeps a part of what a narrower one keeps, so texts of different lengths have keys in common.
    """
    width = 1
    while 2 * width <= window and len(runs) > width:
        runs = np.minimum(runs[:-width], runs[width:])
        width *= 2
    return [int(key) for key in np.unique(runs >> np.uint64(17))]


def _covered(hit: Marks, length: int) -> Marks:
    """Return for each word whether a marked run covers it."""
    covered = np.zeros(len(hit) + length - 1, dtype=np.bool_)
    for offset in range(length):
        covered[offset : offset + len(hit)] |= hit
    return covered


def _furnished(runs: Hashes, covered: Marks, furniture: frozenset[int], news: frozenset[int]) -> Marks:
    """Return the words of those covered stretches in which there is more furniture than news."""
    idle = np.zeros_like(covered)
    if not furniture:
        return idle
    keys = runs >> np.uint64(17)
    weights = np.isin(keys, _array(furniture)).astype(int) - np.isin(keys, _array(news)).astype(int)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], covered, [False])).astype(int)))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        idle[begin:end] = weights[begin:end].sum() > 0
    return idle


def _longest(copy: Hashes, origin: Hashes) -> tuple[int, int]:
    """Return where the longest run of words in common begins in the first text, and its length.  By bisection."""
    start, low, high = 0, 0, min(len(copy), len(origin)) - 1
    while low < high:
        middle = (low + high + 1) // 2
        hits = np.flatnonzero(np.isin(_runs(copy, middle), _runs(origin, middle)))
        if len(hits):
            start, low = int(hits[0]), middle
        else:
            high = middle - 1
    return start, low


def _array(keys: Iterable[int]) -> Hashes:
    return np.fromiter(keys, dtype=np.uint64)


def _mix(values: Hashes) -> Hashes:
    """Spread the bits: the finalizer of SplitMix64 (Steele, Lea, Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@lru_cache(maxsize=1)
def _powers() -> tuple[Hashes, Hashes]:
    """Return the powers of an odd number modulo 2^64, and their inverses."""
    base = 0x9E3779B97F4A7C15
    powers = [np.full(MOST_WORDS + 1, each, dtype=np.uint64) for each in (base, pow(base, -1, 1 << 64))]
    for each in powers:
        each[0] = 1
        np.cumprod(each, out=each)
    return powers[0], powers[1]
