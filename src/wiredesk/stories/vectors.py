"""The signals of one day as arrays: every channel as compressed rows, its terms weighed by rarity.

Rarity is taken from the day itself and the days of the window before it, so the vectors of a day never change
afterwards, whatever comes later.  Source of the weighting: Salton and Buckley, "Term-weighting approaches in automatic
text retrieval", 1988, smoothed so that a small site needs no corpus (decision 8).
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wiredesk.records import ArticleId
from wiredesk.stories.compiled import compiled
from wiredesk.stories.signals import Signal

COLUMNS = 1 << 21  # hashed terms; a window holds some 10**5, so few share a column
EVEN = 10.0  # rarity is log(1 + (articles + PRIOR) / (articles with the term + EVEN)): one-off words are no evidence,
PRIOR = 200.0  # and on a small site, where all words are rare, none is much rarer than another
# What stands in so many articles of a language, and in the headlines of so few of these, is furniture of pages and
# weighs nothing: on a small site it would weigh like the news.
FURNITURE_LEAST, FURNITURE_PART = 4, 0.5  # articles, and part of those in the window
UNSAID = 0.2
GRAM = 4  # characters
FULL_LEDE = 40  # stems: more tell no more, and the length of texts would betray where they come from
CHANNELS = ("terms", "title", "grams", "names", "shared")

Floats = NDArray[np.float32]
Index = NDArray[np.int64]
_REMEMBERED = 2_000_000


class Rows(NamedTuple):
    """The terms of n articles, in compressed rows: those of article i stand at starts[i] to starts[i + 1]."""

    starts: Index  # (n + 1,)
    columns: NDArray[np.int32]  # (entries,) ascending in each row, below COLUMNS
    weights: Floats  # (entries,)


class Channel(NamedTuple):
    """One kind of terms of n articles, as `Rows`, with two weights for each entry."""

    starts: Index  # (n + 1,)
    columns: NDArray[np.int32]  # (entries,) ascending in each row
    unit: Floats  # (entries,) weight times rarity, rows of length 1 (or 0 without terms)
    root: Floats  # (entries,) the square root of rarity: products of it sum up what two articles share
    mass: Floats  # (n,) sum of the rarity of an article's terms


@dataclass(frozen=True, slots=True)
class Texts:
    """n articles as arrays, in the order of `signals`."""

    signals: Sequence[Signal]
    channels: dict[str, Channel]
    numbers: Rows  # weight 1 for each number of the article
    title_names: Rows  # likewise, names in the headline
    hours: NDArray[np.float64]  # (n,) since 1970
    languages: NDArray[np.int64]  # (n,) equal for equal languages
    providers: NDArray[np.int64]  # (n,) equal for equal providers
    title_terms: Floats  # (n,)
    lede_terms: Floats  # (n,) 0 where there is a headline only
    voices: Floats  # (n,) 1, or 0 for who only repeats another article of the window: it counts nowhere
    vectors: Floats | None = None  # (n, width) embeddings, rows of length 1 or, where there is none, 0

    def __len__(self) -> int:
        return len(self.signals)

    def take(self, rows: Index) -> Texts:
        """Return these articles alone, in this order."""

        def some(held: Rows) -> Rows:
            starts, entries = _entries(held.starts, rows)
            return Rows(starts, held.columns[entries], held.weights[entries])

        def of(held: Channel) -> Channel:
            starts, entries = _entries(held.starts, rows)
            return Channel(starts, held.columns[entries], held.unit[entries], held.root[entries], held.mass[rows])

        return Texts(
            signals=[self.signals[row] for row in rows.tolist()],
            channels={name: of(channel) for name, channel in self.channels.items()},
            numbers=some(self.numbers),
            title_names=some(self.title_names),
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
        for channel, rows in day.channels.items():
            _count(rows.columns, times, self.found_in[channel])


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """The signals of one day as weights without rarity."""

    day: date
    signals: Sequence[Signal]  # by (told_at, article)
    channels: dict[str, Rows]


def order(signal: Signal) -> tuple[object, ArticleId]:
    """Return the key by which the articles of a day stand: the answer never depends on how they came."""
    return signal.told_at, signal.article


def raw(day: date, signals: Iterable[Signal]) -> Raw:
    """Return the signals of one UTC day as rows of terms."""
    ordered = sorted(signals, key=order)
    return Raw(
        day,
        ordered,
        {
            "terms": _rows([each.terms for each in ordered]),
            "title": _rows([[(term, 1.0) for term in each.title] for each in ordered]),
            "grams": _rows([_grams(each.headline) for each in ordered]),
            "names": _rows([each.names for each in ordered]),
            "shared": _rows([each.shared for each in ordered]),
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
            name: _weigh(held, counts, name, of_all if name == "shared" else of_language)
            for name, held in day.channels.items()
        },
        numbers=_rows([[(number, 1.0) for number in each.numbers] for each in signals]),
        title_names=_rows([[(name, 1.0) for name, weight in each.names if weight >= 1.0] for each in signals]),
        hours=np.array([each.told_at.timestamp() / 3600 for each in signals], dtype=np.float64),
        languages=np.array([_columns[each.language or ""] for each in signals], dtype=np.int64),
        providers=np.array([zlib.crc32(each.provider.encode()) for each in signals], dtype=np.int64),
        title_terms=np.array([len(each.title) for each in signals], dtype=np.float32),
        lede_terms=np.array([min(each.lede_terms, FULL_LEDE) for each in signals], dtype=np.float32),
        voices=voices,
        vectors=vectors,
    )


def stack(parts: Sequence[Texts]) -> Texts:
    """Return the articles of several days as one, in that order."""
    if len(parts) == 1:
        return parts[0]

    def rows(some: Sequence[Rows]) -> Rows:
        return Rows(_after([each.starts for each in some]), *_joined([each[1:] for each in some]))

    def channel(some: Sequence[Channel]) -> Channel:
        return Channel(_after([each.starts for each in some]), *_joined([each[1:] for each in some]))

    def joined(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    known = [part.vectors for part in parts if part.vectors is not None]
    return Texts(
        signals=[each for part in parts for each in part.signals],
        channels={name: channel([part.channels[name] for part in parts]) for name in CHANNELS},
        numbers=rows([part.numbers for part in parts]),
        title_names=rows([part.title_names for part in parts]),
        hours=joined("hours"),
        languages=joined("languages"),
        providers=joined("providers"),
        title_terms=joined("title_terms"),
        lede_terms=joined("lede_terms"),
        voices=joined("voices"),
        vectors=np.concatenate(known) if len(known) == len(parts) else None,
    )


def centred(day: Floats, before: Sequence[Floats]) -> Floats:
    """Return embeddings (n, width) turned to what sets them apart from the usual text of the window; rows of length 1.

    Models differ in how like each other any two texts are; what is over and above that they agree on better.  Rows of
    zeros, where there is no embedding, stay so.  Source: Mu and Viswanath, "All-but-the-top", 2018, of which this is
    the first step.
    """
    known = [rows[rows.any(axis=1)] for rows in (*before, day)]
    count = sum(len(rows) for rows in known)
    if not count:
        return day
    mean = sum((rows.sum(axis=0, dtype=np.float64) for rows in known), np.zeros(day.shape[1])) / count
    found = np.where(day.any(axis=1, keepdims=True), day - mean, 0.0)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(np.divide(found, length, out=np.zeros_like(found), where=length > 1e-6), dtype=np.float32)


def day_of(signal: Signal) -> date:
    """Return the UTC day of an article."""
    return signal.told_at.astimezone(UTC).date()


def _weigh(held: Rows, counts: Counts, channel: str, articles: Floats) -> Channel:
    """Weigh the rows by rarity among so many `articles` (n,): those of a row's language, or all of them."""
    found_in = counts.found_in[channel][held.columns]
    every = np.repeat(articles, np.diff(held.starts))
    rarity = np.log1p((every + PRIOR) / (found_in + EVEN)).astype(np.float32)
    if channel in ("terms", "names"):
        headlines = counts.found_in["title"][held.columns]
        many = np.maximum(FURNITURE_LEAST, FURNITURE_PART * every)
        furniture = (found_in >= many) & (headlines < UNSAID * found_in)
        rarity[furniture] = 0.0
    weighed = held.weights * rarity
    squares = _row_sums(weighed * weighed, held.starts)
    scale = 1.0 / np.sqrt(np.where(squares > 0, squares, 1.0))
    return Channel(
        held.starts,
        held.columns,
        unit=(weighed * np.repeat(scale, np.diff(held.starts))).astype(np.float32),
        root=np.sqrt(rarity),
        mass=_row_sums(rarity, held.starts).astype(np.float32),
    )


def _row_sums(data: Floats, starts: Index) -> NDArray[np.float64]:
    running = np.concatenate([[0.0], np.cumsum(data, dtype=np.float64)])
    return np.asarray(running[starts[1:]] - running[starts[:-1]])


def _after(starts: Sequence[Index]) -> Index:
    """Return where the rows of several parts start when their entries stand behind each other."""
    ends = np.cumsum([0, *(each[-1] for each in starts)])
    return np.concatenate([[0], *(each[1:] + end for each, end in zip(starts, ends, strict=False))])


def _joined(parts: Sequence[tuple[Any, ...]]) -> list[Any]:
    return [np.concatenate(kind) for kind in zip(*parts, strict=True)]


def _entries(starts: Index, rows: Index) -> tuple[Index, Index]:
    """Return where the chosen rows start, and which entries they hold."""
    held = starts[rows + 1] - starts[rows]
    begin = np.concatenate([[0], np.cumsum(held)])
    return begin, np.arange(begin[-1]) + np.repeat(starts[rows] - begin[:-1], held)


def _rows(rows: Sequence[Collection[tuple[str, float]]]) -> Rows:
    columns: list[int] = []
    data: list[float] = []
    ends = [0]
    if len(_columns) > _REMEMBERED:
        _columns.clear()
    known = _columns
    for row in rows:
        columns += [known[term] for term, _ in row]
        data += [weight for _, weight in row]
        ends.append(len(columns))
    return Rows(*_tidy(np.array(ends), np.array(columns, dtype=np.int32), np.array(data, dtype=np.float32)))


@compiled
def _tidy(starts: Index, columns: NDArray[np.int32], weights: Floats) -> tuple[Index, NDArray[np.int32], Floats]:
    """Sort each row by column and add up what stands in one column."""
    begin, size = np.zeros_like(starts), 0
    for row in range(len(starts) - 1):
        for at in range(starts[row], starts[row + 1]):
            column, weight, to = columns[at], weights[at], size
            while to > begin[row] and columns[to - 1] > column:
                to -= 1
            if to > begin[row] and columns[to - 1] == column:
                weights[to - 1] += weight
                continue
            for later in range(size, to, -1):
                columns[later], weights[later] = columns[later - 1], weights[later - 1]
            columns[to], weights[to] = column, weight
            size += 1
        begin[row + 1] = size
    return begin, columns[:size].copy(), weights[:size].copy()


@compiled
def _count(columns: NDArray[np.int32], times: int, found_in: NDArray[np.int32]) -> None:
    for column in columns:
        found_in[column] += times


class _Columns(dict[str, int]):
    """Remembers the column of each term; the same in every process."""

    def __missing__(self, term: str) -> int:
        column = self[term] = zlib.crc32(term.encode("utf-8", "surrogatepass")) & (COLUMNS - 1)
        return column


_columns = _Columns()


def _grams(headline: str) -> Collection[tuple[str, float]]:
    line = f" {headline} "
    return Counter(line[at : at + GRAM] for at in range(len(line) - GRAM + 1)).items()
