"""The signals of one day as arrays: every channel a sparse matrix, its terms weighed by rarity.

Rarity is taken from the day itself and the days of the window before it, so the vectors of a day never change
afterwards, whatever comes later.  Source of the weighting: Salton and Buckley, "Term-weighting approaches in automatic
text retrieval", 1988, smoothed so that a small site needs no corpus (decision 8).
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from wiredesk.records import ArticleId
from wiredesk.stories.signals import Signal

COLUMNS = 1 << 21  # hashed terms; a window holds some 10**5, so few share a column
EVEN = 10.0  # rarity is log(1 + (articles + PRIOR) / (articles with the term + EVEN)): one-off words are no evidence,
PRIOR = 200.0  # and on a small site, where all words are rare, none is much rarer than another
GRAM = 4  # characters
CHANNELS = ("terms", "title", "grams", "names", "shared")

Floats = NDArray[np.float32]
_REMEMBERED = 2_000_000


@dataclass(frozen=True, slots=True)
class Channel:
    """One kind of terms of n articles.  The three matrices (n, COLUMNS) hold the same entries."""

    unit: sp.csr_matrix  # weight times rarity, rows of length 1 (or 0 without terms)
    root: sp.csr_matrix  # the square root of rarity: products of it sum up what two articles share
    mass: Floats  # (n,) sum of the rarity of an article's terms


@dataclass(frozen=True, slots=True)
class Texts:
    """n articles as arrays, in the order of `signals`."""

    signals: Sequence[Signal]
    channels: dict[str, Channel]
    numbers: sp.csr_matrix  # (n, COLUMNS) 1 where the article has the number
    title_names: sp.csr_matrix  # likewise, names in the headline
    hours: NDArray[np.float64]  # (n,) since 1970
    languages: NDArray[np.int64]  # (n,) equal for equal languages
    providers: NDArray[np.int64]  # (n,) equal for equal providers
    title_terms: Floats  # (n,)
    lede_terms: Floats  # (n,) 0 where there is a headline only
    voices: Floats  # (n,) 1, or 0 for who only repeats another article of the window: it counts nowhere
    vectors: Floats | None = None  # (n, width) embeddings, rows of length 1 or, where there is none, 0

    def __len__(self) -> int:
        return len(self.signals)

    def take(self, rows: NDArray[np.int64]) -> Texts:
        """Return these articles alone, in this order."""
        return Texts(
            signals=[self.signals[row] for row in rows.tolist()],
            channels={
                name: Channel(unit=channel.unit[rows], root=channel.root[rows], mass=channel.mass[rows])
                for name, channel in self.channels.items()
            },
            numbers=self.numbers[rows],
            title_names=self.title_names[rows],
            hours=self.hours[rows],
            languages=self.languages[rows],
            providers=self.providers[rows],
            title_terms=self.title_terms[rows],
            lede_terms=self.lede_terms[rows],
            voices=self.voices[rows],
            vectors=None if self.vectors is None else self.vectors[rows],
        )


class Counts:
    """How many articles hold each term: what a day leaves for the rarity of later days."""

    def __init__(self) -> None:
        self.articles = 0
        self.of_language = Counter[str | None]()
        self.found_in = {channel: np.zeros(COLUMNS, dtype=np.int32) for channel in CHANNELS}

    def add(self, day: Raw, times: int = 1) -> None:
        """Count the articles of a day in, or with `times` -1 out again."""
        self.articles += times * len(day.signals)
        for signal in day.signals:
            self.of_language[signal.language] += times
        for channel, matrix in day.matrices.items():
            columns, found = np.unique(matrix.indices, return_counts=True)
            self.found_in[channel][columns] += times * found.astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """The signals of one day as weights without rarity."""

    day: date
    signals: Sequence[Signal]  # by (told_at, article)
    matrices: dict[str, sp.csr_matrix]  # channel -> (n, COLUMNS)


def order(signal: Signal) -> tuple[object, ArticleId]:
    """Return the key by which the articles of a day stand: the answer never depends on how they came."""
    return signal.told_at, signal.article


def raw(day: date, signals: Iterable[Signal]) -> Raw:
    """Return the signals of one UTC day as sparse matrices."""
    ordered = sorted(signals, key=order)
    return Raw(
        day,
        ordered,
        {
            "terms": _matrix([each.terms for each in ordered]),
            "title": _matrix([[(term, 1.0) for term in each.title] for each in ordered]),
            "grams": _matrix([_grams(each.headline) for each in ordered]),
            "names": _matrix([each.names for each in ordered]),
            "shared": _matrix([each.shared for each in ordered]),
        },
    )


def texts(day: Raw, counts: Counts, voices: Floats, vectors: Floats | None = None) -> Texts:
    """Return the vectors of a day; `counts` holds the window up to and with that day."""
    signals = day.signals
    of_language = np.array([counts.of_language[each.language] for each in signals], dtype=np.float32)
    of_all = np.full(len(signals), counts.articles, dtype=np.float32)
    return Texts(
        signals=signals,
        channels={
            name: _weigh(matrix, counts, name, of_all if name == "shared" else of_language)
            for name, matrix in day.matrices.items()
        },
        numbers=_matrix([[(number, 1.0) for number in each.numbers] for each in signals]),
        title_names=_matrix([[(name, 1.0) for name, weight in each.names if weight >= 1.0] for each in signals]),
        hours=np.array([each.told_at.timestamp() / 3600 for each in signals], dtype=np.float64),
        languages=np.array([_column(each.language or "") for each in signals], dtype=np.int64),
        providers=np.array([zlib.crc32(each.provider.encode()) for each in signals], dtype=np.int64),
        title_terms=np.array([len(each.title) for each in signals], dtype=np.float32),
        lede_terms=np.array([each.lede_terms for each in signals], dtype=np.float32),
        voices=voices,
        vectors=vectors,
    )


def stack(parts: Sequence[Texts]) -> Texts:
    """Return the articles of several days as one, in that order."""
    if len(parts) == 1:
        return parts[0]

    def rows(matrices: Iterable[sp.csr_matrix]) -> sp.csr_matrix:
        return sp.vstack(list(matrices), format="csr")

    def joined(name: str) -> NDArray[np.generic]:
        return np.concatenate([getattr(part, name) for part in parts])

    known = [part.vectors for part in parts if part.vectors is not None]
    return Texts(
        signals=[each for part in parts for each in part.signals],
        channels={
            name: Channel(
                unit=rows(part.channels[name].unit for part in parts),
                root=rows(part.channels[name].root for part in parts),
                mass=np.concatenate([part.channels[name].mass for part in parts]),
            )
            for name in CHANNELS
        },
        numbers=rows(part.numbers for part in parts),
        title_names=rows(part.title_names for part in parts),
        hours=joined("hours"),
        languages=joined("languages"),
        providers=joined("providers"),
        title_terms=joined("title_terms"),
        lede_terms=joined("lede_terms"),
        voices=joined("voices"),
        vectors=np.concatenate(known) if len(known) == len(parts) else None,
    )


def day_of(signal: Signal) -> date:
    """Return the UTC day of an article."""
    return signal.told_at.astimezone(UTC).date()


def _weigh(matrix: sp.csr_matrix, counts: Counts, channel: str, articles: Floats) -> Channel:
    """Weigh the rows by rarity among so many `articles` (n,): those of a row's language, or all of them."""
    found_in = counts.found_in[channel][matrix.indices]
    lengths = np.diff(matrix.indptr)
    rarity = np.log1p((np.repeat(articles, lengths) + PRIOR) / (found_in + EVEN)).astype(np.float32)
    weighed = matrix.data * rarity
    squares = _row_sums(weighed * weighed, matrix.indptr)
    scale = 1.0 / np.sqrt(np.where(squares > 0, squares, 1.0))

    def like(data: Floats) -> sp.csr_matrix:
        return sp.csr_matrix((data.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)

    return Channel(
        unit=like(weighed * np.repeat(scale, lengths)),
        root=like(np.sqrt(rarity)),
        mass=_row_sums(rarity, matrix.indptr).astype(np.float32),
    )


def _row_sums(data: Floats, indptr: NDArray[np.int32]) -> NDArray[np.float64]:
    running = np.concatenate([[0.0], np.cumsum(data, dtype=np.float64)])
    return np.asarray(running[indptr[1:]] - running[indptr[:-1]])


def _matrix(rows: Sequence[Iterable[tuple[str, float]]]) -> sp.csr_matrix:
    columns: list[int] = []
    data: list[float] = []
    ends = [0]
    known = _known
    for row in rows:
        for term, weight in row:
            column = known.get(term)
            if column is None:
                column = _column(term)
            columns.append(column)
            data.append(weight)
        ends.append(len(columns))
    matrix = sp.csr_matrix(
        (np.array(data, dtype=np.float32), np.array(columns, dtype=np.int32), np.array(ends, dtype=np.int32)),
        shape=(len(rows), COLUMNS),
    )
    matrix.sum_duplicates()  # sorts, too: products of rows need that
    return matrix


_known: dict[str, int] = {}


def _column(term: str) -> int:
    column = zlib.crc32(term.encode("utf-8", "surrogatepass")) & (COLUMNS - 1)
    if len(_known) >= _REMEMBERED:
        _known.clear()
    _known[term] = column
    return column


def _grams(headline: str) -> Iterable[tuple[str, float]]:
    line = f" {headline} "
    return Counter(line[at : at + GRAM] for at in range(len(line) - GRAM + 1)).items()
