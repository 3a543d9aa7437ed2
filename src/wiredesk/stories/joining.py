"""Groups grow by joining the two that like each other best, each join judged by the groups as a whole.

Reciprocal agglomerative clustering: in every round all pairs of groups that are each other's best join at once, until
no pair is likely enough.  With ties broken by position the outcome depends on the articles alone, not on the order in
which they came.  Source: Sumengen et al., "Scaling hierarchical agglomerative clustering to billion-sized datasets",
2021.  What is ours: a learned judgement of two groups (strength and number of the links between them, likeness of their
centres, their size, span and languages) instead of a linkage function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wiredesk.stories.compiled import compiled
from wiredesk.stories.vectors import Floats, Index, Texts

NAMES = (
    "strongest link",  # probability of the best pair
    "three strongest links",  # mean
    "links",  # mean probability
    "links per article",  # sum over the size of the smaller group
    "pairs that are linked",  # share
    "words",  # cosine of the centres
    "headline words",
    "character n-grams",
    "names",
    "concepts and spellings",
    "words of all pairs",  # mean cosine
    "concepts of all pairs",
    "smaller group",  # log of its articles
    "larger group",
    "half days between",  # rounded up, 0 where they overlap
    "half days in all",
    "languages in common",  # 0-1, likeness of the two mixes
    "words against within",  # mean cosine of all pairs across over that within the groups
    "loosest within",  # mean cosine within the looser of the two
    "lede",  # mean log(1 + stems), of the group with less
    "headline",  # mean stems, likewise
    "most languages",  # number in the more mixed group
    "any pairs",  # mean probability of pairs picked without regard to links
)
WITH_VECTORS = (*NAMES, "embedding")  # cosine of the centres
WEAK = 0.05  # links below this probability are forgotten
HOPELESS = 0.2  # groups whose strongest link is below are not judged
PROBES = 5  # pairs picked to see how two groups fit as a whole
_LEAST = 1e-3
_CENTRES = {"terms": "words", "title": "headline words", "grams": "character n-grams", "names": "names",
            "shared": "concepts and spellings"}  # fmt: skip

Judge = Callable[[Floats], Floats]
Probe = Callable[[Index, Index], Floats]  # rows, rows -> probability of each pair


@dataclass(frozen=True, slots=True)
class Links:
    """Judged pairs of rows."""

    left: Index
    right: Index
    probability: Floats


@dataclass(frozen=True, slots=True)
class Merge:
    """Two groups became one: named by their first rows; the one of `into` goes on."""

    into: int
    gone: int
    probability: float


@dataclass(slots=True)
class Outcome:
    """Which row belongs to which group, and how it came."""

    groups: Index  # (n,) the first row of its group
    merges: list[Merge] = field(default_factory=list)
    rivals: list[Merge] = field(default_factory=list)  # what did not come to be: pairs of groups left at the end


class _Edges(NamedTuple):
    """Pairs of groups with links between them, as parallel arrays."""

    one: Index  # the first rows of the groups, one < other
    other: Index
    best: Floats  # (edges, 3) the three strongest links, 0 where there are fewer
    total: NDArray[np.float64]  # sum of their probabilities
    number: Index  # of these links
    value: Floats  # judgement of the two groups

    def take(self, rows: NDArray[np.bool_] | Index) -> _Edges:
        return _Edges(
            self.one[rows], self.other[rows], self.best[rows], self.total[rows], self.number[rows], self.value[rows]
        )


class _Term(NamedTuple):
    """One channel with its terms numbered without gaps: sums of groups need a place for each."""

    starts: Index
    terms: Index
    unit: Floats
    place: NDArray[np.float64]  # (terms,) where sums are made; zeros between calls


def join(
    texts: Texts,
    links: Links,
    judge: Judge,
    probe: Probe,
    threshold: float,
    *,
    groups: Index | None = None,
    settled: NDArray[np.bool_] | None = None,
    apart: Sequence[tuple[int, int]] = (),
    watch: Callable[[Index, Index, Index, Floats], None] | None = None,
) -> Outcome:
    """Return the groups of `texts`.

    Args:
        judge: Features (pairs of groups, NAMES or WITH_VECTORS) -> probability that they tell one event.
        probe: Judges pairs of rows that nobody compared yet.
        threshold: Probability from which groups join.
        groups: (n,) what is together from the start: the first row of each row's group.
        settled: (n,) rows whose group is settled: two such groups never join.
        apart: Pairs of rows that an editor wants apart.
        watch: Called with (groups, one, other, features) of all pairs judged in a round: for training.
    """
    size = len(texts)
    outcome = Outcome(np.arange(size) if groups is None else groups.copy())
    fixed = np.zeros(size, dtype=bool)
    if settled is not None:
        fixed[outcome.groups[settled]] = True
    state = _State(texts, outcome.groups)
    edges = _edges(outcome.groups, links)
    fresh = np.ones(len(edges.one), dtype=bool)
    while True:
        large = fresh & ((state.members[edges.one] > 1) | (state.members[edges.other] > 1))
        edges.value[fresh] = np.where(large, 0.0, edges.best[:, 0])[fresh]
        judged = large & (edges.best[:, 0] >= HOPELESS)
        if judged.any():
            part = edges.take(judged)
            found = state.features(part, probe)
            edges.value[judged] = judge(found)
            if watch:
                watch(outcome.groups, part.one, part.other, found)
        edges.value[fixed[edges.one] & fixed[edges.other]] = -1.0
        for first, second in apart:
            low, high = sorted((int(outcome.groups[first]), int(outcome.groups[second])))
            edges.value[(edges.one == low) & (edges.other == high)] = -1.0
        pairs = _mutual(edges.one, edges.other, edges.value, threshold, size)
        if not len(pairs):
            outcome.rivals = _merges(edges)
            return outcome
        joined = edges.take(pairs)
        outcome.merges += _merges(joined)
        target = np.arange(size)
        target[joined.other] = joined.one
        fixed[joined.one] |= fixed[joined.other]
        outcome.groups = target[outcome.groups]
        state.merge(joined.one, joined.other, outcome.groups)
        edges, fresh = _moved(edges, target, joined.one)


def _merges(edges: _Edges) -> list[Merge]:
    ranked = edges.take(np.lexsort((edges.other, edges.one)))
    return [
        Merge(*merge) for merge in zip(ranked.one.tolist(), ranked.other.tolist(), ranked.value.tolist(), strict=True)
    ]


@compiled
def _mutual(one: Index, other: Index, values: Floats, threshold: float, size: int) -> Index:
    """Return the positions of the pairs that are each other's best, from `threshold` on; no group in two of them."""
    best = np.full(size, -1)
    for at in range(len(one)):
        if values[at] >= threshold:
            for end in (one[at], other[at]):
                rival = best[end]
                if rival < 0 or (-values[at], one[at], other[at]) < (-values[rival], one[rival], other[rival]):
                    best[end] = at
    found = [at for at in range(len(one)) if best[one[at]] == at and best[other[at]] == at]
    return np.array(found, dtype=np.int64)


def _edges(groups: Index, links: Links) -> _Edges:
    one, other = groups[links.left], groups[links.right]
    across = one != other
    low, high, probability = np.minimum(one, other)[across], np.maximum(one, other)[across], links.probability[across]
    best = np.zeros((len(low), 3), dtype=np.float32)
    best[:, 0] = probability
    single = _Edges(
        low, high, best, probability.astype(np.float64), np.ones(len(low), np.int64), np.zeros(len(low), np.float32)
    )
    return _collapsed(single.take(np.lexsort((-probability, high, low))))


def _moved(edges: _Edges, target: Index, grown: Index) -> tuple[_Edges, NDArray[np.bool_]]:
    """Return the edges between the groups as they are now, and which of them have to do with one that has grown."""
    one, other = target[edges.one], target[edges.other]
    new = np.zeros(len(target), dtype=bool)
    new[grown] = True
    across = one != other
    touched = new[one] | new[other]
    still, moved = edges.take(across & ~touched), edges.take(across & touched)
    one, other = target[moved.one], target[moved.other]
    moved = moved._replace(one=np.minimum(one, other), other=np.maximum(one, other))
    moved = _collapsed(moved.take(np.lexsort((-moved.best[:, 0], moved.other, moved.one))))
    fresh = np.arange(len(still.one) + len(moved.one)) >= len(still.one)
    both: Iterable[Any] = zip(still, moved, strict=True)
    return _Edges(*map(np.concatenate, both)), fresh


@compiled
def _collapsed(edges: _Edges) -> _Edges:
    """Return edges, sorted by their ends, with those between the same two groups made one."""
    one, other = edges.one.copy(), edges.other.copy()
    best, total, number, value = edges.best.copy(), edges.total.copy(), edges.number.copy(), edges.value.copy()
    to = -1
    for at in range(len(one)):
        if to >= 0 and one[to] == edges.one[at] and other[to] == edges.other[at]:
            total[to] += edges.total[at]
            number[to] += edges.number[at]
            for more in edges.best[at]:
                if more > best[to, 0]:
                    best[to, 0], best[to, 1], best[to, 2] = more, best[to, 0], best[to, 1]
                elif more > best[to, 1]:
                    best[to, 1], best[to, 2] = more, best[to, 1]
                elif more > best[to, 2]:
                    best[to, 2] = more
        else:
            to += 1
            one[to], other[to], total[to] = edges.one[at], edges.other[at], edges.total[at]
            best[to] = edges.best[at]
            number[to], value[to] = edges.number[at], edges.value[at]
    end = to + 1
    return _Edges(one[:end], other[:end], best[:end], total[:end], number[:end], value[:end])


class _State:
    """What is known of each group, at the place of its first row."""

    def __init__(self, texts: Texts, groups: Index) -> None:
        size = len(texts)
        voices = texts.voices
        self._texts = texts
        self._channels = {name: _numbered(texts, name) for name in _CENTRES}
        self.members = np.bincount(groups, minlength=size)
        self._voices = np.bincount(groups, voices, minlength=size)
        self._lede = np.bincount(groups, voices * np.log1p(texts.lede_terms), minlength=size)
        self._title = np.bincount(groups, voices * texts.title_terms, minlength=size)
        self._first, self._last = np.full(size, np.inf), np.full(size, -np.inf)
        np.minimum.at(self._first, groups, texts.hours)
        np.maximum.at(self._last, groups, texts.hours)
        known, language = np.unique(texts.languages, return_inverse=True)
        self._mix = np.zeros((size, len(known)), dtype=np.float32)
        np.add.at(self._mix, (groups, language), 1.0)
        self._squares = {name: np.zeros(size) for name in _CENTRES}
        self._regroup(groups, np.unique(groups))

    def merge(self, one: Index, other: Index, groups: Index) -> None:
        """Take the groups `other` into the groups `one`; `groups` (n,) is what came of it."""
        for sums in (self.members, self._voices, self._lede, self._title, self._mix):
            sums[one] += sums[other]
        self._first[one] = np.minimum(self._first[one], self._first[other])
        self._last[one] = np.maximum(self._last[one], self._last[other])
        self._regroup(groups, one)

    def _regroup(self, groups: Index, changed: Index) -> None:
        self._starts, self._rows = _members(groups, self._texts.voices)
        for name, channel in self._channels.items():
            _square(channel, self._starts, self._rows, changed, self._squares[name])

    def features(self, edges: _Edges, probe: Probe) -> Floats:
        """Return an array (edges, features) in the order of NAMES, or of WITH_VECTORS where there are embeddings."""
        one, other = edges.one, edges.other
        size = np.maximum(self._voices, 1)
        smaller, larger = np.minimum(size[one], size[other]), np.maximum(size[one], size[other])
        every = size[one] * size[other]
        column: dict[str, NDArray[np.floating]] = {
            "strongest link": edges.best[:, 0],
            "three strongest links": edges.best.sum(axis=1) / np.minimum(edges.number, 3),
            "links": edges.total / edges.number,
            "links per article": edges.total / smaller,
            "pairs that are linked": edges.number / every,
            "smaller group": np.log(smaller),
            "larger group": np.log(larger),
        }
        for name, label in _CENTRES.items():
            squares = self._squares[name]
            across = _across(self._channels[name], self._starts, self._rows, one, other)
            length = np.sqrt(np.maximum(squares, 1e-9))
            column[label] = across / (length[one] * length[other])
            if name == "shared":
                column["concepts of all pairs"] = across / every
            if name == "terms":
                column["words of all pairs"] = across / every
                loose = [
                    np.where(size[end] > 1, (squares[end] - size[end]) / np.maximum(size[end] * (size[end] - 1), 1), 1)
                    for end in (one, other)
                ]
                column["loosest within"] = np.minimum(*loose)
                both = np.sqrt(np.maximum(loose[0], _LEAST) * np.maximum(loose[1], _LEAST))
                column["words against within"] = across / every / np.maximum(both, _LEAST)
        first, last = self._first, self._last
        gap = np.maximum(0, np.maximum(first[one] - last[other], first[other] - last[one]))
        column["half days between"] = np.ceil(gap / 12)
        span = np.maximum(last[one], last[other]) - np.minimum(first[one], first[other])
        column["half days in all"] = np.ceil(span / 12)
        column["lede"] = np.minimum(self._lede[one] / size[one], self._lede[other] / size[other])
        column["headline"] = np.minimum(self._title[one] / size[one], self._title[other] / size[other])
        mixes = [self._mix[end] / size[end, None].astype(np.float32) for end in (one, other)]
        column["languages in common"] = np.minimum(*mixes).sum(axis=1)
        column["most languages"] = np.maximum(*((mix > 0).sum(axis=1) for mix in mixes))
        column["any pairs"] = self._probed(edges, probe)
        names: tuple[str, ...] = NAMES
        if self._texts.vectors is not None:
            column["embedding"] = self._embedded(one, other, self._texts.vectors)
            names = WITH_VECTORS
        return np.stack([column[name] for name in names], axis=1).astype(np.float32)

    def _probed(self, edges: _Edges, probe: Probe) -> Floats:
        """Return the mean probability of some pairs across groups: links alone are the best pairs, not the usual ones.

        The picks depend on the members alone: strides that are prime to each other walk both groups.
        """
        begin, held = self._starts[:-1], np.diff(self._starts)
        one, other = held[edges.one], held[edges.other]
        found = (edges.total / edges.number).astype(np.float32)
        open_ = (edges.number < one * other) & (one > 0) & (other > 0)  # else all pairs are linked
        if not open_.any():
            return found
        steps = np.arange(PROBES)
        left = self._rows[begin[edges.one[open_], None] + (steps * 7 + 3) % one[open_, None]]
        right = self._rows[begin[edges.other[open_], None] + (steps * 5 + 1) % other[open_, None]]
        size = len(self.members)
        keys, again = np.unique((np.minimum(left, right) * size + np.maximum(left, right)).ravel(), return_inverse=True)
        judged = probe(keys // size, keys % size)
        found[open_] = judged[again].reshape(-1, PROBES).mean(axis=1)
        return found

    def _embedded(self, one: Index, other: Index, vectors: Floats) -> NDArray[np.float64]:
        involved, place = np.unique(np.concatenate([one, other]), return_inverse=True)
        centres = np.zeros((len(involved), vectors.shape[1]))
        for at, group in enumerate(involved.tolist()):
            centres[at] = vectors[self._rows[self._starts[group] : self._starts[group + 1]]].sum(axis=0)
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
        found: NDArray[np.float64] = np.einsum("ij,ij->i", centres[place[: len(one)]], centres[place[len(one) :]])
        return found


def _numbered(texts: Texts, name: str) -> _Term:
    channel = texts.channels[name]
    known, terms = np.unique(channel.columns, return_inverse=True)
    return _Term(channel.starts, terms, channel.unit, np.zeros(len(known)))


@compiled
def _members(groups: Index, voices: Floats) -> tuple[Index, Index]:
    """Return, in compressed rows, the articles of each group that have a voice."""
    starts = np.zeros(len(groups) + 1, np.int64)
    for row in range(len(groups)):
        if voices[row] > 0:
            starts[groups[row] + 1] += 1
    for group in range(len(groups)):
        starts[group + 1] += starts[group]
    free, rows = starts[:-1].copy(), np.empty(starts[-1], np.int64)
    for row in range(len(groups)):
        if voices[row] > 0:
            rows[free[groups[row]]] = row
            free[groups[row]] += 1
    return starts, rows


@compiled
def _sum(channel: _Term, members: Index) -> None:
    for row in members:
        for at in range(channel.starts[row], channel.starts[row + 1]):
            channel.place[channel.terms[at]] += channel.unit[at]


@compiled
def _clear(channel: _Term, members: Index) -> None:
    for row in members:
        for at in range(channel.starts[row], channel.starts[row + 1]):
            channel.place[channel.terms[at]] = 0


@compiled
def _dot(channel: _Term, members: Index) -> float:
    """Return the product of the sum of some rows with the sum that is in place."""
    found = 0.0
    for row in members:
        for at in range(channel.starts[row], channel.starts[row + 1]):
            found += channel.unit[at] * channel.place[channel.terms[at]]
    return found


@compiled
def _square(channel: _Term, starts: Index, rows: Index, groups: Index, found: NDArray[np.float64]) -> None:
    """Fill in, for some groups, the square of the length of the sum of their articles."""
    for group in groups:
        members = rows[starts[group] : starts[group + 1]]
        _sum(channel, members)
        found[group] = _dot(channel, members)
        _clear(channel, members)


@compiled
def _across(channel: _Term, starts: Index, rows: Index, one: Index, other: Index) -> NDArray[np.float64]:
    """Return the product of the sums of the articles of each two groups.

    The sum of the larger one is made once for all pairs that it is in; the smaller one is walked.
    """
    size = len(starts) - 1
    key = np.empty(len(one), np.int64)
    for at in range(len(one)):
        first, second = starts[one[at] + 1] - starts[one[at]], starts[other[at] + 1] - starts[other[at]]
        key[at] = one[at] * size + other[at] if first >= second else other[at] * size + one[at]
    found = np.empty(len(one))
    placed = -1
    for at in np.argsort(key):
        larger, smaller = key[at] // size, key[at] % size
        if larger != placed:
            if placed >= 0:
                _clear(channel, rows[starts[placed] : starts[placed + 1]])
            _sum(channel, rows[starts[larger] : starts[larger + 1]])
            placed = larger
        found[at] = _dot(channel, rows[starts[smaller] : starts[smaller + 1]])
    if placed >= 0:
        _clear(channel, rows[starts[placed] : starts[placed + 1]])
    return found
