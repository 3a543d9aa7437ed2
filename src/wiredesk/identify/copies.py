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
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from wiredesk.config import StorySettings
from wiredesk.records import Article, ArticleId, Copy, CopyKind, Fingerprint
from wiredesk.text import CJK, WORD, words

MOST_WORDS = 20_000  # of a text are looked at; what follows cannot be a copy
HOLDERS = 8  # first articles with a key that are looked at, to tell news from furniture
LEAST_WORDS = 25  # in a text, below which only the very same headline and text is a copy
LEAST_NOTE = 8  # words of headline and text together, below which nothing is

_MOST_CHARACTERS = 10 * MOST_WORDS
_RUNS = (
    4,
    6,
    8,
)  # words in a run: as few as have _LETTERS, the most where none has: mostly 6 in Vietnamese, 8 in Chinese
_LETTERS = 16
_SIZES = (60, 150, 400, 4000)  # words, from which a text has the next window
_WINDOWS = (8, 16, 32, 64, 128)  # runs of which one is kept
_MEET = 0.12  # part of the keys in common from which texts are compared: half of what the verdict needs
_CANDIDATES = 5
_HALF = 0.5  # part of a reprint's own words that have to be its origin's: else it is a report that quotes
_ASKED = 16  # keys in common for which holders are looked up, about
_STRANGERS = 2  # other pieces that hold a run, from which it is furniture
_UNLIKE = 0.25  # part of the shorter headline in common, below which two headlines tell different things
_CREDIT = re.compile(r"\(\s*[^()\n]{2,40}\)\s*(?:[-–—]|$)")  # "(Agency) -" before the lede, or after the last word
_AT_ONCE = 32_000  # characters of texts that are read together: so few that their arrays stay in the processor's cache
_CHARACTERS = 0x40000  # beyond these code points lies no letter
_IN_WORD, _CJK, _APOSTROPHE = 1, 2, 4  # kinds of characters
_EXACT = 1 << 47  # bit that keeps digests of whole texts apart from hashes of runs, which are 47 bits

_Number = TypeVar("_Number", bound=np.integer)
Hashes = NDArray[np.uint64]
Marks = NDArray[np.bool_]
Places = NDArray[np.intp]


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

    def holders(self, mine: Fingerprint, keys: Sequence[int], since: int) -> Mapping[int, Sequence[ArticleId]]:
        """Return for each key the first HOLDERS articles that hold it, told since then and before `mine`."""
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
    return fingerprints([article])[0]


def fingerprints(articles: Sequence[Article]) -> list[Fingerprint]:
    """Return the fingerprints of articles, in their order."""
    texts = _read_together(_plain(article.text) for article in articles)
    return [_fingerprint(*each) for each in zip(articles, texts, strict=True)]


def _fingerprint(article: Article, text: _Text) -> Fingerprint:
    title = words(article.title)
    keys: list[int] = []
    if len(text.words) >= LEAST_WORDS:
        keys = [_digest(text), *_winnow(text.runs, _window(len(text.words)))]
    elif len(title) + len(text.words) >= LEAST_NOTE:
        keys = [_digest(_read(article.title), _read(_CREDIT.sub(" ", article.text)))]
    return Fingerprint(
        article=article.id,
        provider=article.provider.domain,
        at=telling(article.told_at, article.first_seen_at),
        title=" ".join(title),
        words=len(text.words),
        keys=tuple(keys),
    )


def find_origin(mine: Fingerprint, shelf: Shelf, settings: StorySettings) -> Copy | None:
    """Return whose text an article prints, None where its words are its own.

    Considered are at most `copy_days` before it, of other providers.  The earliest article of which it is a reprint
    comes first, else that from which it has the largest part.
    """
    since = mine.at - span(settings.copy_days)
    firsts = Counter(shelf.first_holders(mine, since))
    if not firsts:
        return None
    known = shelf.fingerprints(firsts)
    meets = [
        other
        for other in known.values()
        if other.provider != mine.provider and (_overlap(mine, other) >= _MEET or other.keys[0] == mine.keys[0])
    ]
    meets = sorted(meets, key=lambda other: (-firsts[other.article], other.at, other.article))[:_CANDIDATES]
    if not meets:
        return None
    text = shelf.text(mine.article)
    found = []
    for other in sorted(meets, key=lambda other: (other.at, other.article)):
        copy = _verdict(mine, text, other, shelf, since, settings)
        if copy is not None and copy.is_reprint:
            return copy
        if copy is not None:
            found.append(copy)
    return max(found, key=lambda copy: copy.of_copy, default=None)  # the first of equals


def _verdict(
    mine: Fingerprint, text: str, other: Fingerprint, shelf: Shelf, since: int, settings: StorySettings
) -> Copy | None:
    furniture, news = _furniture(mine, other, shelf, since)
    if mine.words < LEAST_WORDS:  # the digest says all, headline included
        whole = Common(of_copy=1.0, of_origin=1.0, words=mine.words, start=0, longest=mine.words, left=mine.words)
        return None if furniture else _copy(mine, other, "exact", whole)
    theirs = shelf.text(other.article)
    common = compare(text, theirs, furniture, news)
    if np.array_equal(_read(text).words, _read(theirs).words) and (
        mine.title == other.title or common.words >= LEAST_WORDS
    ):
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
    shared = sorted(set(mine.keys) & set(other.keys))
    held = shelf.holders(mine, shared[:: 1 + len(shared) // _ASKED], since)
    pieces = shelf.fingerprints({article for articles in held.values() for article in articles})
    everything = [mine, *pieces.values()]
    strangers = {each for each, piece in pieces.items() if _is_another_piece(piece, other, everything)}
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
    copy: str, origin: str, furniture: frozenset[int] = frozenset(), news: frozenset[int] = frozenset()
) -> Common:
    """Return what two texts have in common: words in runs that stand in both.

    Args:
        furniture: Keys of runs that say nothing.  A stretch in common that they outweigh is left out of both texts.
        news: Keys of runs that do not.
    """
    texts = _read(copy), _read(origin)
    covered = tuple(_covered(one, _stand_in(one.runs, other.runs)) for one, other in (texts, texts[::-1]))
    idle = tuple(_idle(*each, furniture, news) for each in zip(texts, covered, strict=True))
    sizes = [len(marks) - int(np.count_nonzero(out)) for marks, out in zip(covered, idle, strict=True)]
    counts = [int(np.count_nonzero(marks & ~out)) for marks, out in zip(covered, idle, strict=True)]
    start, longest = _longest(*texts, max((end - begin for begin, end in _stretches(covered[0])), default=0))
    return Common(
        of_copy=counts[0] / max(1, sizes[0]),
        of_origin=counts[1] / max(1, sizes[1]),
        words=counts[0],
        start=start,
        longest=longest,
        left=min(sizes),
    )


def _is_another_piece(holder: Fingerprint, origin: Fingerprint, others: Sequence[Fingerprint]) -> bool:
    """Tell whether an article with a run of `origin` has another subject: then the run is no news of `origin`.

    Its headline has to tell something else, and either it shares little with `origin`, or its provider prints the run
    under one more headline that tells something else.
    """
    if holder.article == origin.article or not _are_unlike(holder.title, origin.title):
        return False
    return _overlap(holder, origin) < _HALF or any(
        each.provider == holder.provider and _are_unlike(each.title, holder.title) for each in (origin, *others)
    )


def _are_unlike(one: str, other: str) -> bool:
    left, right = _subject(one), _subject(other)
    return len(left & right) < _UNLIKE * min(len(left), len(right)) or not (left and right)


@lru_cache(maxsize=1024)  # the holders of one run hold others
def _subject(title: str) -> frozenset[str]:
    """Return the words of a headline that say something, by their length."""
    return frozenset(word for word in title.split() if len(word) > 3 or not word.isascii())


def _overlap(one: Fingerprint, other: Fingerprint) -> float:
    """Estimate the part of the shorter text that stands in the other one, from the keys that they share."""
    window = max(_window(one.words), _window(other.words))
    # Of the keys of a narrow window, a wider one keeps about this many.
    kept = (max(0, len(each.keys) - 1) * (_window(each.words) + 1) / (window + 1) for each in (one, other))
    shared = len(set(one.keys[1:]) & set(other.keys[1:]))
    return shared / max(1.0, min(kept))


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a text, as far as they are looked at."""

    words: Hashes  # of each word
    runs: Hashes  # of each run, in order: what stands in two texts is cut into the same runs
    begins: Places  # of each run, in words
    ends: Places


@lru_cache(maxsize=64)  # the origin of a flood is read once
def _read(text: str) -> _Text:
    return _read_joined([_plain(text)])[0]


def _plain(text: str) -> str:
    """Return what is looked at of a text: in lower case, NFKC."""
    return unicodedata.normalize("NFKC", text[:_MOST_CHARACTERS]).lower()[:_MOST_CHARACTERS]


def _read_together(texts: Iterable[str]) -> Iterator[_Text]:
    """Yield the words of plain texts; several are read at once, since most of the work on one is to begin it."""
    waiting: list[str] = []
    size = 0
    for text in texts:
        if waiting and size + len(text) > _AT_ONCE:
            yield from _read_joined(waiting)
            waiting, size = [], 0
        waiting.append(text)
        size += len(text) + 1
    yield from _read_joined(waiting)


def _read_joined(texts: Sequence[str]) -> list[_Text]:
    """Return the words of plain texts as hashes: polynomials over their characters.

    All at once, on arrays of characters: to make a string of every word takes three times as long.
    """
    joined = "\n".join(texts)
    begins, ends = word_places(joined)
    tokens = _hashes(_polynomial(_codes(joined)), begins, ends)
    starts = accumulate((len(text) + 1 for text in texts), initial=0)
    bounds = np.searchsorted(begins, list(starts)).tolist()  # of texts, in words
    sizes = [end - begin for begin, end in pairwise(bounds)]
    lasts = [begin + min(size, MOST_WORDS) for begin, size in zip(bounds, sizes, strict=False)]
    run_begins, run_ends = _run_places(ends - begins, np.repeat(lasts, sizes))
    runs = _hashes(_polynomial(tokens), run_begins, run_ends)
    places = np.searchsorted(run_begins, bounds).tolist()
    return [
        _Text(tokens[first:last], runs[low:high], run_begins[low:high] - first, run_ends[low:high] - first)
        for first, last, low, high in zip(bounds, lasts, places, places[1:], strict=False)
    ]


def _run_places(letters: Places, lasts: Places) -> tuple[Places, Places]:
    """Return where runs begin and end, in words that have so many letters; `lasts`: where the text of each word ends.

    At every word begins one, and no more than its own words decide how long it is: a text in two languages, or a part
    of one in another text, is cut into the runs of that part.
    """
    before = np.concatenate(([0], np.cumsum(letters)))
    begins = np.arange(len(letters))
    ends = begins + _RUNS[-1]
    for length in _RUNS[-2::-1]:
        enough = np.flatnonzero(before[length:] - before[:-length] >= _LETTERS)
        ends[enough] = enough + length
    whole = ends <= lasts
    return begins[whole], ends[whole]


def word_places(text: str) -> tuple[Places, Places]:
    """Return where each word begins and ends, in a text in lower case, NFKC.  Words are those of `wiredesk.text`."""
    kinds = _kinds().take(_codes(text), mode="clip")
    inside = np.zeros(len(kinds) + 2, dtype=np.bool_)  # one more at either end, so that each has neighbours
    inside[1:-1] = kinds & _IN_WORD
    apostrophes = np.flatnonzero(kinds == _APOSTROPHE) + 1
    inside[apostrophes] = inside[apostrophes - 1] & inside[apostrophes + 1]
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    begins, ends = edges[::2], edges[1::2]
    cjk = np.flatnonzero(kinds & _CJK)
    if len(cjk):  # each character of a word in which one is
        taken = _once(np.searchsorted(begins, cjk, side="right") - 1)
        alone = np.concatenate([np.arange(begins[place], ends[place]) for place in taken])
        begins = np.sort(np.concatenate((np.delete(begins, taken), alone)))
        ends = np.sort(np.concatenate((np.delete(ends, taken), alone + 1)))
    return begins, ends


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """Return of what kind each of the characters is."""
    characters = np.arange(_CHARACTERS, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    kinds = np.zeros(_CHARACTERS, dtype=np.uint8)
    for pattern, kind in ((WORD, _IN_WORD), (CJK, _CJK)):
        for match in pattern.finditer(characters):
            kinds[match.start() : match.end()] |= kind
    kinds[[ord("'"), ord("’")]] = _APOSTROPHE
    return kinds


def _polynomial(values: NDArray[np.uint32] | Hashes) -> Hashes:
    """Return the sums, modulo 2^64, of the first 0, 1, 2, ... terms of a polynomial with these coefficients."""
    sums = np.zeros(len(values) + 1, dtype=np.uint64)
    np.cumsum(values * _powers()[0][: len(values)], out=sums[1:])
    return sums


def _hashes(sums: Hashes, begins: Places, ends: Places) -> Hashes:
    """Return the hashes of the stretches between these places, the same wherever they stand."""
    return _mix((sums.take(ends) - sums.take(begins)) * _powers()[1].take(begins))


def _window(size: int) -> int:
    """Return of how many runs one is kept, in a text of `size` words."""
    return _WINDOWS[bisect_right(_SIZES, size)]


def _digest(*texts: _Text) -> int:
    parts = (hashlib.sha256(text.words.astype("<u8").tobytes()).digest() for text in texts)
    return _EXACT | int.from_bytes(hashlib.sha256(b"".join(parts)).digest()[:6], "big") >> 1


def _winnow(runs: Hashes, window: int) -> list[int]:
    """Return the least hash of every window, each once, 47 bits, ascending.

    A wider window keeps a part of what a narrower one keeps, so texts of different lengths have keys in common.
    """
    width = 1
    while 2 * width <= window and len(runs) > width:
        runs = np.minimum(runs[:-width], runs[width:])
        width *= 2
    keys: list[int] = _once(np.sort(_once(runs) >> np.uint64(17))).tolist()
    return keys


def _once(numbers: NDArray[_Number]) -> NDArray[_Number]:
    """Return numbers without those that repeat the one before.

    Of sorted ones it is what `np.unique` returns, without the modules that the first call of that one imports.
    """
    fresh = np.ones(len(numbers), dtype=np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers[fresh]


def _stand_in(some: Hashes, others: Hashes) -> Marks:
    """Return which of `some` stand among `others`."""
    if not len(others):
        return np.zeros(len(some), dtype=np.bool_)
    others = np.sort(others)
    found: Marks = others[np.minimum(np.searchsorted(others, some), len(others) - 1)] == some
    return found


def _covered(text: _Text, hit: Marks) -> Marks:
    """Return for each word whether a marked run covers it."""
    size = len(text.words) + 1
    depth = np.bincount(text.begins[hit], minlength=size) - np.bincount(text.ends[hit], minlength=size)
    return np.cumsum(depth)[:-1] > 0


def _stretches(covered: Marks) -> list[tuple[int, int]]:
    """Return begin and end of every stretch of covered words."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], covered, [False])).astype(np.int8))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _idle(text: _Text, covered: Marks, furniture: frozenset[int], news: frozenset[int]) -> Marks:
    """Return the words of those covered stretches in which there is more furniture than news."""
    idle = np.zeros_like(covered)
    if furniture:
        keys = text.runs >> np.uint64(17)
        weights = np.zeros(len(covered), dtype=int)
        weights[text.begins] += _stand_in(keys, _array(furniture))
        weights[text.begins] -= _stand_in(keys, _array(news))
        for begin, end in _stretches(covered):
            idle[begin:end] = weights[begin:end].sum() > 0
    return idle


def _longest(copy: _Text, origin: _Text, most: int) -> tuple[int, int]:
    """Return where the longest run of words in common begins in the first text, and its length.  (0, 0) if none does.

    By bisection; the longest stretch of shorter runs is tried first, which mostly is one run.
    """
    start, low, high = 0, 0, most
    middle = most
    sums = [_polynomial(text.words) for text in (copy, origin)]
    while low < high:
        one, other = (_all_of(middle, each) for each in sums)
        hits = np.flatnonzero(_stand_in(one, other))
        if len(hits):
            start, low = int(hits[0]), middle
        else:
            high = middle - 1
        middle = (low + high + 1) // 2
    return start, low


def _all_of(length: int, sums: Hashes) -> Hashes:
    """Return the hashes of all stretches of so many words, in order, from the sums over the words."""
    begins = np.arange(len(sums) - length)
    return _hashes(sums, begins, begins + length)


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
    powers = [np.full(_MOST_CHARACTERS + 1, each, dtype=np.uint64) for each in (base, pow(base, -1, 1 << 64))]
    for each in powers:
        each[0] = 1
        np.cumprod(each, out=each)
    return powers[0], powers[1]
