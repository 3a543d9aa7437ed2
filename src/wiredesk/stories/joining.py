"""Groups grow by joining the two that like each other best, each join judged by the groups as a whole.

Reciprocal agglomerative clustering: in every round all pairs of groups that are each other's best join at once, until
no pair is likely enough.  With ties broken by position the outcome depends on the articles alone, not on the order in
which they came.  Source: Sumengen et al., "Scaling hierarchical agglomerative clustering to billion-sized datasets",
2021.  What is ours: a learned judgement of two groups (strength and number of the links between them, likeness of their
centres, their size, span and languages) instead of a linkage function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from wiredesk.stories.vectors import CHANNELS, Channel, Floats, Texts

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

Index = NDArray[np.int64]
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


@dataclass(frozen=True, slots=True)
class _Between:
    """Pairs of groups with links between them, as parallel arrays."""

    one: Index
    other: Index
    strongest: Floats
    three: Floats
    mean: Floats
    total: Floats
    count: Index

    def take(self, rows: NDArray[np.bool_]) -> _Between:
        return _Between(*(getattr(self, name)[rows] for name in self.__slots__))


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
    compact = _compact(texts)
    old_keys, old_values = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    changed = np.ones(size, dtype=bool)
    while True:
        between = _between(outcome.groups, links)
        one, other = between.one, between.other
        keys = one * size + other
        values = between.strongest.copy()
        members = np.bincount(outcome.groups, minlength=size)
        large = (members[one] > 1) | (members[other] > 1)
        fresh = changed[one] | changed[other]
        values[~fresh] = old_values[np.searchsorted(old_keys, keys[~fresh])] if len(old_keys) else values[~fresh]
        values[fresh & large] = 0.0
        judged = fresh & large & (between.strongest >= HOPELESS)
        if judged.any():
            part = between.take(judged)
            found = group_features(compact, outcome.groups, part, probe)
            values[judged] = judge(found)
            if watch:
                watch(outcome.groups, part.one, part.other, found)
        values[fixed[one] & fixed[other]] = -1.0
        for first, second in apart:
            low, high = sorted((int(outcome.groups[first]), int(outcome.groups[second])))
            values[(one == low) & (other == high)] = -1.0
        pairs = _mutual(one, other, values, threshold, size)
        if not len(pairs):
            outcome.rivals = [
                Merge(*rival) for rival in zip(one.tolist(), other.tolist(), values.tolist(), strict=True)
            ]
            return outcome
        outcome.merges += [
            Merge(*merge)
            for merge in zip(one[pairs].tolist(), other[pairs].tolist(), values[pairs].tolist(), strict=True)
        ]
        target = np.arange(size)
        target[other[pairs]] = one[pairs]
        fixed[one[pairs]] |= fixed[other[pairs]]
        outcome.groups = target[outcome.groups]
        old_keys, old_values = keys, values
        changed = np.zeros(size, dtype=bool)
        changed[one[pairs]] = True


def _mutual(one: Index, other: Index, values: Floats, threshold: float, size: int) -> Index:
    """Return the positions of the pairs that are each other's best, from `threshold` on; no group in two of them."""
    position = np.nonzero(values >= threshold)[0]
    if not len(position):
        return position
    ends = np.concatenate([one[position], other[position]])
    again = np.concatenate([position, position])
    ranked = np.lexsort((other[again], one[again], -values[again], ends))
    ends, again = ends[ranked], again[ranked]
    first = np.concatenate([[True], ends[1:] != ends[:-1]])
    best = np.full(size, -1)
    best[ends[first]] = again[first]
    mutual = (best[one[position]] == position) & (best[other[position]] == position)
    return np.asarray(position[mutual], dtype=np.int64)


def _between(groups: Index, links: Links) -> _Between:
    one, other = groups[links.left], groups[links.right]
    across = one != other
    low = np.minimum(one, other)[across]
    high = np.maximum(one, other)[across]
    probability = links.probability[across]
    keys = low * len(groups) + high
    ranked = np.lexsort((-probability, keys))
    keys, probability = keys[ranked], probability[ranked]
    start = np.nonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))[0] if len(keys) else np.empty(0, np.int64)
    count = np.diff(np.concatenate([start, [len(keys)]]))
    total = np.add.reduceat(probability, start) if len(keys) else np.empty(0, np.float32)
    strongest = probability[start]
    three, taken = strongest.copy(), np.ones(len(start), dtype=np.float32)
    for place in (1, 2):
        more = count > place
        three[more] += probability[start[more] + place]
        taken[more] += 1
    found = keys[start]
    mean = (total / np.maximum(count, 1)).astype(np.float32)
    return _Between(found // len(groups), found % len(groups), strongest, three / taken, mean, total, count)


def group_features(texts: Texts, groups: Index, pairs: _Between, probe: Probe) -> Floats:
    """Return an array (pairs, features) in the order of NAMES, or of WITH_VECTORS where the texts have embeddings."""
    involved = np.unique(np.concatenate([pairs.one, pairs.other]))
    place = np.full(len(groups), -1)
    place[involved] = np.arange(len(involved))
    rows = np.nonzero(place[groups] >= 0)[0]
    group = place[groups[rows]]
    one, other = place[pairs.one], place[pairs.other]
    count = len(involved)
    voices = texts.voices[rows]
    size = np.maximum(np.bincount(group, voices, minlength=count), 1).astype(np.float32)
    gather = sp.csr_matrix((voices, (group, rows)), shape=(count, len(groups)))
    smaller, larger = np.minimum(size[one], size[other]), np.maximum(size[one], size[other])
    every = size[one] * size[other]
    column: dict[str, NDArray[np.floating]] = {
        "strongest link": pairs.strongest,
        "three strongest links": pairs.three,
        "links": pairs.mean,
        "links per article": pairs.total / smaller,
        "pairs that are linked": pairs.count / every,
        "smaller group": np.log(smaller),
        "larger group": np.log(larger),
    }
    for name, label in _CENTRES.items():
        sums = (gather @ texts.channels[name].unit).tocsr()
        squares = np.asarray(sums.multiply(sums).sum(axis=1)).ravel()
        across = np.asarray(sums[one].multiply(sums[other]).sum(axis=1)).ravel()
        length = np.sqrt(np.maximum(squares, 1e-9))
        column[label] = across / (length[one] * length[other])
        if name == "shared":
            column["concepts of all pairs"] = across / every
        if name == "terms":
            column["words of all pairs"] = across / every
            within = np.where(size > 1, (squares - size) / np.maximum(size * (size - 1), 1), 1.0)
            column["loosest within"] = np.minimum(within[one], within[other])
            both = np.sqrt(np.maximum(within[one], _LEAST) * np.maximum(within[other], _LEAST))
            column["words against within"] = across / every / np.maximum(both, _LEAST)
    first, last = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(first, group, texts.hours[rows])
    np.maximum.at(last, group, texts.hours[rows])
    gap = np.maximum(0, np.maximum(first[one] - last[other], first[other] - last[one]))
    column["half days between"] = np.ceil(gap / 12)
    column["half days in all"] = np.ceil(
        (np.maximum(last[one], last[other]) - np.minimum(first[one], first[other])) / 12
    )
    lede = np.bincount(group, voices * np.log1p(texts.lede_terms[rows]), minlength=count) / size
    title = np.bincount(group, voices * texts.title_terms[rows], minlength=count) / size
    column["lede"] = np.minimum(lede[one], lede[other])
    column["headline"] = np.minimum(title[one], title[other])
    known, language = np.unique(texts.languages[rows], return_inverse=True)
    mix = np.zeros((count, len(known)), dtype=np.float32)
    np.add.at(mix, (group, language), 1.0)
    kinds = (mix > 0).sum(axis=1)
    mix /= size[:, None]
    column["languages in common"] = np.minimum(mix[one], mix[other]).sum(axis=1)
    column["most languages"] = np.maximum(kinds[one], kinds[other])
    column["any pairs"] = _probed(group[voices > 0], rows[voices > 0], one, other, probe, pairs)
    names: tuple[str, ...] = NAMES
    if texts.vectors is not None:
        centres = np.asarray(gather @ texts.vectors)
        length = np.maximum(np.linalg.norm(centres, axis=1), 1e-9)
        column["embedding"] = np.einsum("ij,ij->i", centres[one], centres[other]) / (length[one] * length[other])
        names = WITH_VECTORS
    return np.stack([column[name] for name in names], axis=1).astype(np.float32)


def _probed(group: Index, rows: Index, one: Index, other: Index, probe: Probe, pairs: _Between) -> Floats:
    """Return the mean probability of some pairs across two groups: links alone are the best pairs, not the usual ones.

    The picks depend on the members alone: strides that are prime to each other walk both groups.
    """
    count = int(max(one.max(), other.max())) + 1
    ranked = np.argsort(group, kind="stable")
    members = rows[ranked]
    held = np.bincount(group, minlength=count)
    begin = np.concatenate([[0], np.cumsum(held)[:-1]])
    found = pairs.mean.astype(np.float32).copy()
    open_ = (pairs.count < held[one] * held[other]) & (held[one] > 0) & (held[other] > 0)  # else all pairs are linked
    if not open_.any():
        return found
    steps = np.arange(PROBES)
    left = begin[one[open_], None] + (steps * 7 + 3) % held[one[open_], None]
    right = begin[other[open_], None] + (steps * 5 + 1) % held[other[open_], None]
    low = np.minimum(members[left], members[right]).ravel()
    high = np.maximum(members[left], members[right]).ravel()
    keys, again = np.unique(low * (int(rows.max()) + 1) + high, return_inverse=True)
    judged = probe(keys // (int(rows.max()) + 1), keys % (int(rows.max()) + 1))
    found[open_] = judged[again].reshape(-1, PROBES).mean(axis=1)
    return found


def _compact(texts: Texts) -> Texts:
    """Return the same with as many columns as there are terms: sums of groups need room for each column."""

    def narrow(channel: Channel) -> Channel:
        used, place = np.unique(channel.unit.indices, return_inverse=True)
        unit = sp.csr_matrix(
            (channel.unit.data, place.astype(np.int32), channel.unit.indptr),
            shape=(channel.unit.shape[0], max(1, len(used))),
        )
        return Channel(unit=unit, root=unit, mass=channel.mass)

    return replace(texts, channels={name: narrow(texts.channels[name]) for name in CHANNELS})
