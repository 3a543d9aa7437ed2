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

from wiredesk.stories import loops
from wiredesk.stories.loops import GRAMS, NAMED, SHARED, TITLE, WORDS, Columns, Doubles, Floats, Index
from wiredesk.stories.vectors import Texts, numbered

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
    "strongest link, less a rival's",  # the best that either of the two has with a third group
    "links per article, less a rival's",
    "links per article against a rival's",  # ratio
)
WITH_VECTORS = (*NAMES, "embedding")  # cosine of the centres
WEAK = 0.05  # links below this probability are forgotten
HOPELESS = 0.2  # groups whose strongest link is below are not judged ...
LOOSE = 0.3  # nor are those with less of links (sum of probabilities) for each article of the smaller one
ONE_VOICE = 0.4  # of its likelihood a join keeps that would bring one provider's articles together and hardly another
# voice: outlets seldom report an event twice, and word their announcements alike
MOSTLY = 0.75  # of the voices, from which the others are hardly any
PROBES = 5  # pairs picked to see how two groups fit as a whole
_LEAST = 1e-3
_LEAST_RIVAL = 0.05  # links per article: a ratio to less says nothing
_CENTRES = {WORDS: "words", TITLE: "headline words", GRAMS: "character n-grams", NAMED: "names",
            SHARED: "concepts and spellings"}  # fmt: skip

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
    rivals: list[Merge] = field(default_factory=list)  # what did not come to be: likely pairs of groups left at the end


class _Edges(NamedTuple):
    """Pairs of groups with links between them, as parallel arrays."""

    one: Index  # the first rows of the groups, one < other
    other: Index
    best: Floats  # (edges, 3) the three strongest links, 0 where there are fewer
    total: Doubles  # sum of their probabilities
    number: Index  # of these links
    value: Floats  # judgement of the two groups

    def take(self, rows: NDArray[np.bool_] | Index | slice) -> _Edges:
        return _Edges(
            self.one[rows], self.other[rows], self.best[rows], self.total[rows], self.number[rows], self.value[rows]
        )


class _Centres(NamedTuple):
    """One kind of terms, and a place for each term where sums of articles are made."""

    starts: Index
    terms: Columns
    unit: Floats
    sums: Doubles  # (terms,) zeros between calls


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
    stands = 0  # so many edges are as they were in the round before
    while True:
        fresh = edges.take(slice(stands, None))  # writes go through
        large = (state.members[fresh.one] > 1) | (state.members[fresh.other] > 1)
        fresh.value[:] = np.where(large, 0.0, fresh.best[:, 0])
        smaller = np.minimum(state.voices[fresh.one], state.voices[fresh.other])
        judged = np.nonzero(large & (fresh.best[:, 0] >= HOPELESS) & (fresh.total >= LOOSE * smaller))[0]
        if len(judged):
            found = state.features(edges, judged + stands, probe)
            fresh.value[judged] = judge(found)
            if watch:
                watch(outcome.groups, fresh.one[judged], fresh.other[judged], found)
        fresh.value[state.are_one_voice(fresh.one, fresh.other)] *= ONE_VOICE
        fresh.value[fixed[fresh.one] & fixed[fresh.other]] = -1.0
        for first, second in apart:
            low, high = sorted((int(outcome.groups[first]), int(outcome.groups[second])))
            fresh.value[(fresh.one == low) & (fresh.other == high)] = -1.0
        pairs = loops.mutual(edges.one, edges.other, edges.value, threshold, size)
        if not len(pairs):
            outcome.rivals = _merges(edges.take(edges.value > WEAK))
            return outcome
        joined = edges.take(pairs)
        outcome.merges += _merges(joined)
        target = np.arange(size)
        target[joined.other] = joined.one
        fixed[joined.one] |= fixed[joined.other]
        outcome.groups = target[outcome.groups]
        state.merge(joined.one, joined.other, outcome.groups)
        edges, stands = _moved(edges, target, joined.one)


def follow(
    outcome: Outcome, alone: Outcome, leaders: Index, settled: NDArray[np.bool_], apart: Sequence[tuple[int, int]]
) -> None:
    """Let those who stand with the leaders when nobody moves these come along, in place.

    An editor who puts two articles together means their stories; but as one group the two are so unlike that what stood
    with either may find itself undecided.

    Args:
        outcome: What came of it when the leaders were together from the start.
        alone: What came of it when they were not.
        settled: (n,) rows whose group is settled: two such groups still never join.
        apart: Pairs of rows that still are not united.
    """
    groups = outcome.groups
    fixed = set(groups[settled].tolist())
    for leader in leaders.tolist():
        for row in np.nonzero(alone.groups == alone.groups[leader])[0].tolist():
            low, high = sorted((int(groups[leader]), int(groups[row])))
            parted = any({int(groups[one]), int(groups[other])} == {low, high} for one, other in apart)
            if low == high or parted or {low, high} <= fixed:
                continue
            groups[groups == high] = low
            fixed |= {low} if high in fixed else set()
            outcome.merges.append(Merge(low, high, 1.0))
    ends = ((int(groups[each.into]), int(groups[each.gone]), each.probability) for each in outcome.rivals)
    outcome.rivals = [Merge(min(one, other), max(one, other), sure) for one, other, sure in ends if one != other]


def _merges(edges: _Edges) -> list[Merge]:
    ranked = edges.take(np.lexsort((edges.other, edges.one)))
    return [
        Merge(*merge) for merge in zip(ranked.one.tolist(), ranked.other.tolist(), ranked.value.tolist(), strict=True)
    ]


def _edges(groups: Index, links: Links) -> _Edges:
    one, other = groups[links.left], groups[links.right]
    across = one != other
    low, high, probability = np.minimum(one, other)[across], np.maximum(one, other)[across], links.probability[across]
    best = np.zeros((len(low), 3), dtype=np.float32)
    best[:, 0] = probability
    single = _Edges(
        low, high, best, probability.astype(np.float64), np.ones(len(low), np.int64), np.zeros(len(low), np.float32)
    )
    return _collapsed(single)


def _moved(edges: _Edges, target: Index, grown: Index) -> tuple[_Edges, int]:
    """Return the edges between the groups as they are now, and how many of them have to do with none that has grown.

    These stand first.
    """
    new = np.zeros(len(target), dtype=bool)
    new[grown] = True
    still, moved = loops.touched(edges.one, edges.other, target, new)
    kept, fresh = edges.take(still), edges.take(moved)
    one, other = target[fresh.one], target[fresh.other]
    fresh = _collapsed(fresh._replace(one=np.minimum(one, other), other=np.maximum(one, other)))
    both: Iterable[Any] = zip(kept, fresh, strict=True)
    return _Edges(*map(np.concatenate, both)), len(still)


def _collapsed(edges: _Edges) -> _Edges:
    """Return new edges with those between the same two groups made one; the strongest one of them comes first."""
    edges = edges.take(np.lexsort((-edges.best[:, 0], edges.other, edges.one)))
    return edges.take(np.arange(loops.collapse(*edges[:5])))


class _State:
    """What is known of each group, at the place of its first row."""

    def __init__(self, texts: Texts, groups: Index) -> None:
        size = len(texts)
        voices = texts.voices
        self._texts = texts
        self._centres = {kind: _centres(texts, kind) for kind in _CENTRES}
        self.members = np.bincount(groups, minlength=size)
        self.voices = np.bincount(groups, voices, minlength=size)
        self._lede = np.bincount(groups, voices * np.log1p(texts.lede_terms), minlength=size)
        self._title = np.bincount(groups, voices * texts.title_terms, minlength=size)
        self._first, self._last = np.full(size, np.inf), np.full(size, -np.inf)
        np.minimum.at(self._first, groups, texts.hours)
        np.maximum.at(self._last, groups, texts.hours)
        known, language = np.unique(texts.languages, return_inverse=True)
        self._mix = np.zeros((size, len(known)), dtype=np.float32)
        np.add.at(self._mix, (groups, language), 1.0)
        self._provider, self._of_it = _loudest(groups, texts.providers, voices)
        self._squares = {kind: np.zeros(size) for kind in _CENTRES}
        self._regroup(groups, np.unique(groups))

    def merge(self, one: Index, other: Index, groups: Index) -> None:
        """Take the groups `other` into the groups `one`; `groups` (n,) is what came of it."""
        for sums in (self.members, self.voices, self._lede, self._title, self._mix):
            sums[one] += sums[other]
        alike, louder = self._provider[one] == self._provider[other], self._of_it[one] >= self._of_it[other]
        self._provider[one] = np.where(louder, self._provider[one], self._provider[other])
        self._of_it[one] = np.where(
            alike, self._of_it[one] + self._of_it[other], np.maximum(self._of_it[one], self._of_it[other])
        )
        self._first[one] = np.minimum(self._first[one], self._first[other])
        self._last[one] = np.maximum(self._last[one], self._last[other])
        self._regroup(groups, one)

    def are_one_voice(self, one: Index, other: Index) -> NDArray[np.bool_]:
        """Tell in which pairs of groups one provider has nearly all to say."""
        most = MOSTLY * (self.voices[one] + self.voices[other])
        alike: NDArray[np.bool_] = self._provider[one] == self._provider[other]
        return alike & (self._of_it[one] + self._of_it[other] >= most)

    def _regroup(self, groups: Index, changed: Index) -> None:
        self._held, self._rows = loops.members(groups, self._texts.voices > 0)
        for kind, centres in self._centres.items():
            loops.squares(*centres, self._held, self._rows, changed, self._squares[kind])

    def features(self, every_edge: _Edges, judged: Index, probe: Probe) -> Floats:
        """Return an array (edges, features) of the judged edges; all of them are rivals.

        In the order of NAMES, or of WITH_VECTORS where there are embeddings.
        """
        edges = every_edge.take(judged)
        one, other = edges.one, edges.other
        size = np.maximum(self.voices, 1)
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
        swapped = np.diff(self._held)[one] < np.diff(self._held)[other]
        larger, less = np.where(swapped, other, one), np.where(swapped, one, other)
        ranked = np.argsort(larger, kind="stable")
        for kind, label in _CENTRES.items():
            squares = self._squares[kind]
            across = np.empty(len(one))
            across[ranked] = loops.across(*self._centres[kind], self._held, self._rows, larger[ranked], less[ranked])
            length = np.sqrt(np.maximum(squares, 1e-9))
            column[label] = across / (length[one] * length[other])
            if kind == SHARED:
                column["concepts of all pairs"] = across / every
            if kind == WORDS:
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
        links, strongest = loops.rivals(
            every_edge.one, every_edge.other, every_edge.total, every_edge.best, size, judged
        )
        per_article = edges.total / smaller
        column["links per article, less a rival's"] = per_article - links
        column["links per article against a rival's"] = per_article / np.maximum(links, _LEAST_RIVAL)
        column["strongest link, less a rival's"] = edges.best[:, 0].astype(np.float64) - strongest
        if self._texts.vectors is None:
            return np.stack([column[name] for name in NAMES], axis=1).astype(np.float32)
        column["embedding"] = self._embedded(one, other, self._texts.vectors)
        return np.stack([column[name] for name in WITH_VECTORS], axis=1).astype(np.float32)

    def _probed(self, edges: _Edges, probe: Probe) -> Floats:
        """Return the mean probability of some pairs across groups: links alone are the best pairs, not the usual ones.

        The picks depend on the members alone: strides that are prime to each other walk both groups.
        """
        begin, held = self._held[:-1], np.diff(self._held)
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

    def _embedded(self, one: Index, other: Index, vectors: Floats) -> Doubles:
        involved, place = np.unique(np.concatenate([one, other]), return_inverse=True)
        centres = np.zeros((len(involved), vectors.shape[1]))
        for at, group in enumerate(involved.tolist()):
            centres[at] = vectors[self._rows[self._held[group] : self._held[group + 1]]].sum(axis=0)
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
        found: Doubles = np.einsum("ij,ij->i", centres[place[: len(one)]], centres[place[len(one) :]])
        return found


def _loudest(groups: Index, providers: Index, voices: Floats) -> tuple[Index, Doubles]:
    """Return, at the first row of each group, the provider that has most to say in it, and how many voices it has."""
    size = len(groups)
    known, provider = np.unique(providers, return_inverse=True)
    pairs, again = np.unique(groups * len(known) + provider, return_inverse=True)
    said = np.bincount(again, voices)
    of_group, of_provider = np.divmod(pairs, max(len(known), 1))
    loudest = np.lexsort((-of_provider, said, of_group))  # the last one of each group
    found, number = np.zeros(size, np.int64), np.zeros(size)
    found[of_group[loudest]], number[of_group[loudest]] = known[of_provider[loudest]], said[loudest]
    return found, number


def _centres(texts: Texts, kind: int) -> _Centres:
    starts, terms, unit, count = numbered(texts.terms, kind)
    return _Centres(starts, terms, unit, np.zeros(count))
