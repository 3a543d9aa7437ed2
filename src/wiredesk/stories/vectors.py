"""The signals of one day as arrays: terms of several kinds, weighed by rarity.

Rarity is taken from the day itself and the days of the window before it, so the vectors of a day never change
afterwards, whatever comes later.  Source of the weighting: Salton and Buckley, "Term-weighting approaches in automatic
text retrieval", 1988, smoothed so that a small site needs no corpus (decision 8).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wiredesk.records import ArticleId
from wiredesk.stories import loops
from wiredesk.stories.loops import (
    COLUMNS,
    KINDS,
    NAMED,
    NEWS,
    NUMBERS,
    SHARED,
    TITLE,
    WEIGHED,
    WORDS,
    Columns,
    Floats,
    Index,
)
from wiredesk.stories.signals import Signal

EVEN = 10.0  # rarity is log(1 + (articles + PRIOR) / (articles with the term + EVEN)): one-off words are no evidence,
PRIOR = 200.0  # and on a small site, where all words are rare, none is much rarer than another
# What stands in so many articles of a language, and in the headlines of so few of these, is furniture of pages and
# weighs nothing: on a small site it would weigh like the news.
FURNITURE_LEAST, FURNITURE_PART = 4, 0.5  # articles, and part of those in the window
UNSAID = 0.2
FULL_LEDE = 40  # stems: more tell no more, and the length of texts would betray where they come from
FEW, USUAL = 50, 0.01  # embeddings: a window of so many texts is half as good as what models usually give for ...
LEAST_SQUARE = 1e-4  # ... the mean square of the products of two texts
NEAREST = ("words", "concepts and spellings", "embedding")  # by which likeness an article has a nearest of its day
_GIVEN = np.array([WORDS, TITLE, NAMED, SHARED, NUMBERS])
_ONES = np.ones(1 << 10, dtype=np.float32).tobytes()  # more than any article has stems in its headline, or numbers


class Terms(NamedTuple):
    """What n articles hold: all kinds of one article behind each other, so that two articles are soon compared.

    The terms of kind k of article i stand from starts[i * KINDS + k] to starts[i * KINDS + k + 1].
    """

    starts: Index  # (n * KINDS + 1,)
    columns: Columns  # (entries,) ascending within each kind of an article, below COLUMNS
    unit: Floats  # (entries,) weight times rarity; for each kind of an article of length 1 in all (or without terms)
    root: Floats  # (entries,) the square root of rarity: products of it sum up what two articles share
    mass: Floats  # (n, KINDS) sum of the rarity of an article's terms
    sorts: Floats  # (n, 2 * SORTS) see loops.sorted_out
    source: NDArray[np.int16]  # (entries,) at which place of its signal a term stands

    def take(self, rows: Index) -> Terms:
        """Return the terms of these articles alone, in this order."""
        starts, columns, unit, root, source = loops.taken(
            self.starts, self.columns, self.unit, self.root, self.source, rows
        )
        return Terms(starts, columns, unit, root, self.mass[rows], self.sorts[rows], source)


@dataclass(frozen=True, slots=True)
class Texts:
    """n articles as arrays, in the order of `signals`."""

    signals: Sequence[Signal]
    terms: Terms
    hours: NDArray[np.float64]  # (n,) since 1970
    languages: Index  # (n,) equal for equal languages
    providers: Index  # (n,) equal for equal providers
    title_terms: Floats  # (n,)
    lede_terms: Floats  # (n,) 0 where there is a headline only
    voices: Floats  # (n,) 1, or 0 for who only repeats another article of the window: it counts nowhere
    nearest: Floats  # (n, 2) cosine with the nearest other article of its own day; (n, 3) with embeddings
    vectors: Floats | None = None  # (n, width) embeddings as `centred` makes them, rows of 0 where there is none

    def __len__(self) -> int:
        return len(self.signals)

    def take(self, rows: Index) -> Texts:
        """Return these articles alone, in this order."""
        return Texts(
            signals=[self.signals[row] for row in rows.tolist()],
            terms=self.terms.take(rows),
            hours=self.hours[rows],
            languages=self.languages[rows],
            providers=self.providers[rows],
            title_terms=self.title_terms[rows],
            lede_terms=self.lede_terms[rows],
            voices=self.voices[rows],
            nearest=self.nearest[rows],
            vectors=None if self.vectors is None else self.vectors[rows],
        )


class Counts:
    """How many articles hold each term: what a day leaves for the rarity of later days."""

    def __init__(self) -> None:
        self.articles = 0
        self.of_language = Counter[str | None]()
        self.found_in = np.zeros((WEIGHED, COLUMNS), dtype=np.int32)

    def add(self, day: Raw, times: int = 1) -> None:
        """Count the articles of a day in, or with `times` -1 out again."""
        self.articles += times * len(day.signals)
        for signal in day.signals:
            self.of_language[signal.language] += times
        loops.count(day.starts, day.columns, times, self.found_in)


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """The signals of one day, their terms laid out as in `Terms`, with weights that know no rarity."""

    day: date
    signals: Sequence[Signal]  # by (told_at, article)
    starts: Index
    columns: Columns
    weights: Floats
    source: NDArray[np.int16]


def order(signal: Signal) -> tuple[object, ArticleId]:
    """Return the key by which the articles of a day stand: the answer never depends on how they came."""
    return signal.told_at, signal.article


def raw(day: date, signals: Iterable[Signal]) -> Raw:
    """Return the signals of one UTC day with their terms as columns."""
    ordered = sorted(signals, key=order)
    terms: list[str] = []
    weights: list[bytes] = []
    starts = [0]
    for each in ordered:
        for some, weight in (
            each.terms,
            (each.title, _ONES[: 4 * len(each.title)]),
            each.names,
            each.shared,
            (each.numbers, _ONES[: 4 * len(each.numbers)]),
        ):
            terms += some
            weights.append(weight)
            starts.append(len(terms))
    lines = np.cumsum([0, *(len(each.headline) for each in ordered)])
    letters = "".join([each.headline for each in ordered]).encode("utf-32-le", "surrogatepass")
    return Raw(
        day,
        ordered,
        *loops.laid_out(
            _GIVEN,
            np.array(starts),
            loops.columns_of(_lines(terms), hashes(terms)),
            np.frombuffer(b"".join(weights), dtype=np.float32),
            lines,
            np.frombuffer(letters, dtype=np.uint32),
        ),
    )


def texts(day: Raw, counts: Counts, voices: Floats, vectors: Floats | None = None) -> Texts:
    """Return the vectors of a day; `counts` holds the window up to and with that day."""
    signals = day.signals
    articles = np.empty((len(signals), KINDS), dtype=np.float32)
    articles[:] = np.array([counts.of_language[each.language] for each in signals], dtype=np.float32)[:, None]
    articles[:, SHARED] = counts.articles
    today = Counter(each.language for each in signals)
    articles[:, NEWS] -= np.array([today[each.language] for each in signals], dtype=np.float32)
    return Texts(
        signals=signals,
        terms=_weighed(day, counts, articles.ravel()),
        hours=np.array([each.told_at.timestamp() / 3600 for each in signals], dtype=np.float64),
        languages=(hashes([each.language or "" for each in signals]) & (COLUMNS - 1)).astype(np.int64),
        providers=hashes([each.provider for each in signals]).astype(np.int64),
        title_terms=np.array([len(each.title) for each in signals], dtype=np.float32),
        lede_terms=np.array([min(each.lede_terms, FULL_LEDE) for each in signals], dtype=np.float32),
        voices=voices,
        nearest=np.zeros((len(signals), len(NEAREST) - (vectors is None)), dtype=np.float32),
        vectors=vectors,
    )


def stack(parts: Sequence[Texts]) -> Texts:
    """Return the articles of several days as one, in that order."""
    if len(parts) == 1:
        return parts[0]

    def joined(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    ends = np.cumsum([0, *(len(part.terms.columns) for part in parts)])
    starts = [part.terms.starts[1:] + end for part, end in zip(parts, ends, strict=False)]
    rest = [np.concatenate(kind) for kind in zip(*(part.terms[1:] for part in parts), strict=True)]
    known = [part.vectors for part in parts if part.vectors is not None]
    return Texts(
        signals=[each for part in parts for each in part.signals],
        terms=Terms(np.concatenate([[0], *starts]), *rest),
        hours=joined("hours"),
        languages=joined("languages"),
        providers=joined("providers"),
        title_terms=joined("title_terms"),
        lede_terms=joined("lede_terms"),
        voices=joined("voices"),
        nearest=joined("nearest"),
        vectors=np.concatenate(known) if len(known) == len(parts) else None,
    )


def centred(day: Floats, before: Sequence[Floats]) -> Floats:
    """Return embeddings (n, width) so that products tell what sets two texts apart from two usual ones of the window.

    Models differ in how like each other any two texts are, and in how much that varies.  So rows are turned to what is
    over and above the mean of the window, and brought to one length, such that the products of the window's texts have
    a mean square of 1: what a judge learned with one model then holds for others, too.  Rows of zeros, where there is
    no embedding, stay so.  Source: Mu and Viswanath, "All-but-the-top", 2018, of which centring is the first step.
    """
    known = np.concatenate([rows[rows.any(axis=1)] for rows in (*before, day)]).astype(np.float64)
    if not len(known):
        return day
    mean = known.mean(axis=0)
    usual = _of_length_1(known - mean)
    products = np.square(usual.T @ usual).sum() - len(usual)  # squares of the products of all pairs of two, summed up
    square = (products + FEW * FEW * USUAL) / (len(usual) * (len(usual) - 1) + FEW * FEW)
    found = _of_length_1(np.where(day.any(axis=1, keepdims=True), day - mean, 0.0))
    return np.asarray(found / max(square, LEAST_SQUARE) ** 0.25, dtype=np.float32)


def _of_length_1(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-6))


def numbered(terms: Terms, kind: int) -> tuple[Index, Columns, Floats, int]:
    """Return the terms of one kind with numbers instead of columns, without gaps: sums need a place for each.

    Returns:
        Where the terms of each article start (n + 1,), their numbers, their `unit`, and how many numbers there are.
    """
    return loops.numbered(terms.starts, terms.columns, terms.unit, kind, np.zeros(COLUMNS, dtype=np.int32))


def day_of(signal: Signal) -> date:
    """Return the UTC day of an article."""
    return signal.told_at.astimezone(UTC).date()


def _weighed(day: Raw, counts: Counts, articles: Floats) -> Terms:
    """Weigh terms by rarity among so many `articles` (n * KINDS,): those of a language, or all of them."""
    held = np.diff(day.starts)
    kind = np.repeat(np.tile(np.arange(KINDS), len(day.signals)), held)
    every = np.repeat(articles, held)
    weighed = kind < WEIGHED
    found_in = counts.found_in[np.where(weighed, kind, 0), day.columns]
    news = kind == NEWS  # what the days before this one did not say
    found_in[news] = counts.found_in[TITLE, day.columns[news]] - np.bincount(day.columns[news])[day.columns[news]]
    rarity = np.log1p((every + PRIOR) / (found_in + EVEN)).astype(np.float32)
    many = np.maximum(FURNITURE_LEAST, FURNITURE_PART * every)
    unsaid = counts.found_in[TITLE, day.columns] < UNSAID * found_in
    rarity[(found_in >= many) & unsaid & ((kind == WORDS) | (kind == NAMED))] = 0.0
    rarity[~weighed & ~news] = 1.0
    weights = day.weights * rarity
    squares = _sums(weights * weights, day.starts)
    scale = 1.0 / np.sqrt(np.where(squares > 0, squares, 1.0))
    unit = (weights * np.repeat(scale, held)).astype(np.float32)
    return Terms(
        day.starts,
        day.columns,
        unit=unit,
        root=np.sqrt(rarity),
        mass=_sums(rarity, day.starts).astype(np.float32).reshape(-1, KINDS),
        sorts=loops.sorted_out(day.starts, day.columns, unit),
        source=day.source,
    )


def _sums(data: Floats, starts: Index) -> NDArray[np.float64]:
    running = np.concatenate([[0.0], np.cumsum(data, dtype=np.float64)])
    return np.asarray(running[starts[1:]] - running[starts[:-1]])


def hashes(words: Sequence[str]) -> NDArray[np.uint32]:
    """Return the CRC-32 of each word, none of which holds a line break."""
    return loops.hashes(_lines(words), len(words))


def _lines(words: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join([*words, ""]).encode("utf-8", "surrogatepass"), np.uint8)
