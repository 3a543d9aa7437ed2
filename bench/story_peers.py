"""Other open ways to group articles, run by stories.py beside ours.

Each peer is given the words that our own signals hold (stems of headline and lede, headline twice, function words
left out), so what is compared is the grouping alone.  Each runs with several settings; the best over all packs stands,
chosen on the very part that is reported, so no peer loses by a bad setting.  Times are hours since 1970.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import groupby
from typing import Any

import numpy as np  # what only a peer needs is imported by it: memory is measured beside
from numpy.typing import NDArray

from wiredesk.stories import Signal
from wiredesk.stories.signals import weights_of
from wiredesk.stories.vectors import day_of, order

HALF_LIFE = 48.0  # hours, of all peers that fade
ROUNDS = 5  # of Gibbs sampling a day, in which MStream reaches what it reaches in ten
ALPHA = 0.03  # readiness to begin a cluster, as in the paper

Groups = dict[str, str]
Group = Callable[[Sequence[Signal]], Groups]


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer: the settings to try, by their names, and the package that it needs."""

    tries: dict[str, Group]
    package: str | None = None  # what it imports
    install: str = ""  # what pip calls it


def peers() -> dict[str, Peer]:
    """Return all peers by name: those that go with the stream, then those that look at all at once."""
    cosines = (0.15, 0.2, 0.25, 0.3)
    return {
        "same title": Peer({"": same_title}),
        "tf-idf": Peer({f"cosine {c}": partial(single_pass, threshold=c) for c in cosines}),
        "tf-idf, fading": Peer(
            {f"cosine {c}": partial(single_pass, threshold=c, half_life=HALF_LIFE) for c in cosines}
        ),
        "textclust": Peer(
            {f"radius {r}": partial(text_clust, radius=r) for r in (0.5, 0.6, 0.7)} | {"radius found": text_clust},
            "river.cluster",
            "river",
        ),
        "mstream, ours": Peer(
            {f"beta {b}": partial(m_stream, beta=b, days=1) for b in (0.03, 0.01, 0.003, 0.001)}
            | {"beta 0.001, three days": partial(m_stream, beta=0.001, days=3)}
        ),
        "hdbscan": Peer(
            {
                f"{method}, {'fading' if half_life else 'any time'}": partial(
                    hdbscan, half_life=half_life, method=method
                )
                for half_life in (None, HALF_LIFE)
                for method in ("eom", "leaf")
            },
            "sklearn.cluster",
            "scikit-learn",
        ),
        "linkage": Peer({f"cosine {c}": partial(average_linkage, threshold=c) for c in cosines}),
        "linkage, fading": Peer(
            {f"cosine {c}": partial(average_linkage, threshold=c, half_life=HALF_LIFE) for c in cosines}
        ),
    }


def missing(peer: Peer) -> bool:
    """Return whether the peer's package, or what that needs, is not installed: better known now than after minutes."""
    try:
        return peer.package is not None and import_module(peer.package) is None
    except ImportError:
        return True


def same_title(signals: Sequence[Signal]) -> Groups:
    """Group what has the same headline, whatever its case."""
    return {each.article: each.headline for each in signals}


def single_pass(signals: Sequence[Signal], threshold: float, half_life: float | None = None) -> Groups:
    """Online TF-IDF: cosine to the sum of a story, which with `half_life` (hours) fades with its age."""
    rarity = _rarity(signals)
    sums: list[dict[str, float]] = []
    squares: list[float] = []  # of the lengths of the sums
    last: list[float] = []
    finders: defaultdict[str, list[int]] = defaultdict(list)
    groups: Groups = {}
    for each in sorted(signals, key=order):
        vector = {term: weight * rarity[term] for term, weight in weights_of(each.terms).items()}
        now = _hours(each)
        dots: defaultdict[int, float] = defaultdict(float)
        for term, value in vector.items():
            for story in finders[term]:
                dots[story] += value * sums[story][term]
        length = math.sqrt(sum(value * value for value in vector.values()))
        best = max(
            (
                (
                    dot / (length * math.sqrt(squares[s])) * (0.5 ** ((now - last[s]) / half_life if half_life else 0)),
                    -s,
                )
                for s, dot in dots.items()
            ),
            default=(0.0, 0),
        )
        story = -best[1] if best[0] >= threshold else len(sums)
        if story == len(sums):
            sums.append({})
            squares.append(0.0)
            last.append(now)
        last[story] = now
        for term, value in vector.items():
            if term not in sums[story]:
                finders[term].append(story)
            before = sums[story].get(term, 0.0)
            sums[story][term] = before + value
            squares[story] += value * (2 * before + value)
        groups[each.article] = str(story)
    return groups


def text_clust(signals: Sequence[Signal], radius: float | None = None) -> Groups:
    """river's TextClust, each article in the micro cluster that took it, merges of micro clusters followed.

    `radius` is the largest distance, None: found by itself.  Its macro clusters need their number told, which nobody
    knows of news.  A cluster of one article is forgotten after a half-life without news, as its authors do it.

    Source: Assenmacher and Trautmann, "Textual One-Pass Stream Clustering with Automated Distance Threshold
    Adaption", 2022; river.cluster.TextClust.
    """
    from river.cluster import TextClust

    class Watched(TextClust):  # type: ignore[misc]
        """Tells where an article went, which `learn_one` keeps for itself."""

        took: int | None = None

        def _get_closest_mc(self, *arguments: Any) -> tuple[int | None, float]:
            found: tuple[int | None, float] = super()._get_closest_mc(*arguments)
            self.took = self._cluster_id if found[0] is None else found[0]
            return found

        def _mergemicroclusters(self) -> None:
            known = {key: len(cluster.merged_ids) for key, cluster in self.micro_clusters.items()}
            super()._mergemicroclusters()
            for key, cluster in self.micro_clusters.items():
                into.update(dict.fromkeys(cluster.merged_ids[known[key] :], key))

    into: dict[int, int] = {}
    model = Watched(
        radius=radius or 0.3, auto_r=radius is None, fading_factor=1 / HALF_LIFE, tgap=HALF_LIFE, real_time_fading=True
    )
    taken: dict[str, int | None] = {}
    for each in sorted(signals, key=order):
        model.took = None
        model.learn_one(weights_of(each.terms), t=_hours(each))
        taken[each.article] = model.took

    def last(cluster: int) -> int:
        while cluster in into:
            cluster = into[cluster]
        return cluster

    return {article: f"alone {article}" if at is None else str(last(at)) for article, at in taken.items()}


def m_stream(signals: Sequence[Signal], beta: float, days: int, seed: int = 0) -> Groups:
    """MStreamF, written by us from the paper: a Dirichlet process mixture, day by day, that forgets old days.

    Each day is a batch: one pass, ROUNDS of Gibbs sampling, and a last round that takes the likeliest cluster.  What
    clusters hold of batches more than `days` ago is taken out of them.  `beta` smooths words.

    Source: Yin, Chao, Liu, Zhang, Yu and Wang, "Model-based Clustering of Short Text Streams", KDD 2018, (4) and (6).
    """
    chance = np.random.default_rng(seed)
    ordered = sorted(signals, key=order)
    vocabulary = len({term for each in ordered for term in each.terms[0]})
    clusters = _Clusters(beta, vocabulary)
    groups: Groups = {}
    kept: list[tuple[int, list[tuple[dict[str, int], int]]]] = []
    for number, (_, some) in enumerate(groupby(ordered, key=day_of)):
        batch = list(some)
        while kept and kept[0][0] < number - days:
            for document, cluster in kept.pop(0)[1]:
                clusters.change(document, cluster, -1)
        documents = [{term: max(1, round(weight)) for term, weight in weights_of(each.terms).items()} for each in batch]
        at: list[int] = []
        for document in documents:
            at.append(clusters.choose(document, chance))
            clusters.change(document, at[-1], 1)
        for turn in range(ROUNDS):
            for row, document in enumerate(documents):
                clusters.change(document, at[row], -1)
                at[row] = clusters.choose(document, None if turn == ROUNDS - 1 else chance)
                clusters.change(document, at[row], 1)
        kept.append((number, list(zip(documents, at, strict=True))))
        groups |= {each.article: str(cluster) for each, cluster in zip(batch, at, strict=True)}
    return groups


class _Clusters:
    """The word counts of MStream's clusters; a cluster without documents is none."""

    def __init__(self, beta: float, vocabulary: int) -> None:
        self._beta, self._smooth = beta, beta * vocabulary
        self._documents = Counter[int]()  # cluster -> m
        self._words = Counter[int]()  # cluster -> n
        self._holds: defaultdict[str, dict[int, int]] = defaultdict(dict)  # word -> cluster -> n
        self._next = 0

    def change(self, document: dict[str, int], cluster: int, times: int) -> None:
        """Put a document into a cluster, or with `times` -1 take it out."""
        self._documents[cluster] += times
        for word, count in document.items():
            self._words[cluster] += times * count
            held = self._holds[word]
            held[cluster] = held.get(cluster, 0) + times * count
            if not held[cluster]:
                del held[cluster]
        if not self._documents[cluster]:
            del self._documents[cluster], self._words[cluster]

    def choose(self, document: dict[str, int], chance: np.random.Generator | None) -> int:
        """Return a cluster drawn by its probability, the likeliest one without `chance`; it may be a new one.

        Words that a cluster does not have give it what they give a new one, so only shared words are looked at: all
        is relative to that.
        """
        length = sum(document.values())
        gain: defaultdict[int, float] = defaultdict(float)
        for word, count in document.items():
            for cluster, held in self._holds[word].items():
                gain[cluster] += sum(math.log1p(held / (self._beta + i)) for i in range(count))
        keys = [*self._documents, self._next]
        sizes = np.array([*self._documents.values(), ALPHA * max(1, self._documents.total())], dtype=np.float64)
        held = np.array([self._words[key] for key in keys], dtype=np.float64)
        logs = np.log(sizes) + np.array([gain.get(key, 0.0) for key in keys])
        for i in range(length):
            logs -= np.log(held + self._smooth + i)
        if chance is None:
            found = keys[int(logs.argmax())]
        else:
            odds = np.exp(logs - logs.max()).cumsum()
            found = keys[int(np.searchsorted(odds, chance.random() * odds[-1]))]
        if found == self._next:
            self._next += 1
        return found


def hdbscan(signals: Sequence[Signal], half_life: float | None, method: str) -> Groups:
    """scikit-learn's HDBSCAN over cosine distances of TF-IDF; what it calls noise stands alone.

    Source: Campello, Moulavi and Sander, "Density-Based Clustering Based on Hierarchical Density Estimates", 2013.
    """
    from sklearn.cluster import HDBSCAN

    model = HDBSCAN(min_cluster_size=2, metric="precomputed", cluster_selection_method=method, copy=False)
    labels = model.fit_predict(_distances(signals, half_life))
    return {
        each.article: f"alone {each.article}" if label < 0 else str(label)
        for each, label in zip(signals, labels, strict=True)
    }


def average_linkage(signals: Sequence[Signal], threshold: float, half_life: float | None = None) -> Groups:
    """All at once: TF-IDF, merged while the mean cosine between two groups is `threshold` or more.

    No site can run it, which has to say today where an article belongs; it is what hindsight gives.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    found = linkage(squareform(_distances(signals, half_life), checks=False), "average")
    labels = fcluster(found, 1 - threshold, "distance")
    return {each.article: str(label) for each, label in zip(signals, labels, strict=True)}


def _distances(signals: Sequence[Signal], half_life: float | None) -> NDArray[np.float64]:
    """Return 1 minus the cosine, (n, n), the cosine halved for every `half_life` hours between two articles."""
    import scipy.sparse as sp

    rarity = _rarity(signals)
    columns = {term: column for column, term in enumerate(rarity)}
    rows = [
        [(columns[term], weight * rarity[term]) for term, weight in weights_of(each.terms).items()] for each in signals
    ]
    ends = np.cumsum([0, *map(len, rows)])
    flat = [pair for row in rows for pair in row]
    values = np.array([value for _, value in flat])
    matrix = sp.csr_matrix((values, [column for column, _ in flat], ends), shape=(len(rows), len(columns)))
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    unit = sp.diags(1 / np.where(lengths, lengths, 1.0)) @ matrix
    likeness = np.asarray((unit @ unit.T).todense())
    if half_life:
        hours = np.array([_hours(each) for each in signals])
        likeness *= 0.5 ** (np.abs(hours[:, None] - hours) / half_life)
    distances = np.clip(1 - likeness, 0.0, 1.0)
    np.fill_diagonal(distances, 0.0)
    return distances


def _rarity(signals: Sequence[Signal]) -> dict[str, float]:
    found_in = Counter(term for each in signals for term in each.terms[0])
    return {term: math.log(1 + len(signals) / count) for term, count in found_in.items()}


def _hours(each: Signal) -> float:
    return each.told_at.timestamp() / 3600
