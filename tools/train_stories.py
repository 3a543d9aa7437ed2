"""Train the judge of stories: src/wiredesk/stories/data/judge.npz.

usage: pip install -e .[train,embedding]; python tools/train_stories.py [--data ../shared/data] [--embedding PACKAGE]

Two forests of oblivious trees: one for pairs of articles, one for pairs of groups.  The second learns from the states
that grouping passes through: pairs of groups as they come up on the training stories, labelled with the share of their
pairs that tell one event; after each round it groups with what it has learned.  Both learn from the stories of
`bench/story_packs.part_of` "train" alone.  What leaks is kept from them: they see no order of arrival, times only in
half days, on the replay clock, and no story's size but that of the groups at hand.

With --embedding PACKAGE the forests for texts with embeddings of this package are made; the others in the file stay.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from catboost import CatBoost, Pool

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
from data import SHARED, find
from story_packs import PACKS, article, part_of, rows
from wiredesk.config import StorySettings
from wiredesk.embed import Embedder, PackageEmbedder, wording
from wiredesk.forest import Forest
from wiredesk.stories.candidates import candidates, nearest
from wiredesk.stories.grouping import window_days
from wiredesk.stories.joining import WEAK, Links, join
from wiredesk.stories.judging import PLAIN
from wiredesk.stories.pairs import features, glimpse, sieve_features
from wiredesk.stories.repeats import TELLING
from wiredesk.stories.signals import Signal, signal
from wiredesk.stories.vectors import Counts, Texts, centred, day_of, order, raw, stack, texts

FOLDS = 4  # pairs of the training stories are judged by a forest that did not see them
ROUNDS = 3
THRESHOLDS = ((0.3, 0.6), (0.3, 0.5), (0.25, 0.4))  # groups are watched at these, round by round
DEPTH, TREES, RATE = 6, 150, 0.15
GROUP_TREES = 150
SIEVE_TREES = 20
LOST = 0.02  # of the pairs of one story may fall through the sieve, in the worst pack
OTHERS = {"gnews": 0.5}  # weight against 1.0: a pack without clock, of headlines in lower case


@dataclass(frozen=True)
class Corpus:
    """One pack as one window.  What is kept back stands in it without labels: it belongs to none of the other stories,
    and a judge has to tell them apart in the crowd in which it will work."""

    name: str
    texts: Texts
    left: np.ndarray
    right: np.ndarray
    features: np.ndarray
    cheap: np.ndarray
    free: tuple[np.ndarray, ...]  # left, right and features of the pairs without a label
    stories: np.ndarray  # (n,) number of the story, -1: kept back

    @property
    def same(self) -> np.ndarray:
        return (self.stories[self.left] == self.stories[self.right]) & (self.stories[self.left] >= 0)

    @property
    def weight(self) -> float:
        return OTHERS.get(self.name, 1.0)

    def weights(self, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Return the weight of some pairs, in all the pack's times the square root of their number.

        A story of a hundred articles has ten thousand pairs and is one event: the judge shall learn of events, and is
        measured by articles.  So a pair counts by the square root of the larger of its two stories, inversely.
        """
        held = np.append(np.bincount(self.stories[self.stories >= 0]), 1)  # the last one: of who is kept back
        larger = np.maximum(held[self.stories[self.left[rows]]], held[self.stories[self.right[rows]]])
        each = 1 / np.sqrt(larger)
        return each / each.mean() * self.weight / np.sqrt(len(each))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--embedding", help="train for texts with embeddings, those of this installed package")
    parser.add_argument("--out", type=Path, default=Path("src/wiredesk/stories/data/judge.npz"))
    parser.add_argument("--without", help="a pack to leave out: how does the judge fare on news unlike all it saw?")
    parser.add_argument("--parts", nargs="+", default=["train", "tune"], help="stories to learn from; never kept")
    parser.add_argument("--seeds", type=int, default=1, help="forests of other seeds to be averaged in the end")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    embedder = PackageEmbedder(args.embedding) if args.embedding else None
    packs = [
        corpus(name, path, embedder, args.parts)
        for name in (*PACKS, *OTHERS)
        if name != args.without and (path := find(args.data, "stories", f"{name}.jsonl.gz"))
    ]
    pairs = _fit(
        [pack.features for pack in packs],
        [pack.same.astype(float) for pack in packs],
        [pack.weights() for pack in packs],
        TREES,
        args.threads,
        seeds=args.seeds,
    )
    sieve, cut = _sieve(packs, args.threads)
    groups = _learn_groups(packs, _cross(packs, args.threads), args.threads, args.seeds)
    kind = args.embedding or PLAIN
    kept = dict(np.load(args.out)) if args.out.exists() else {}
    forests = [(f"{kind}_pairs", pairs), (f"{kind}_groups", groups)]
    if not embedder:
        forests.append(("sieve", sieve))
        kept["sieve_cut"] = np.float64(cut)
    for name, forest in forests:
        kept |= {
            f"{name}_columns": forest.columns.astype(np.uint8),
            f"{name}_borders": forest.borders.astype(np.float32),
            f"{name}_leaves": forest.leaves.astype(np.float32),
            f"{name}_bias": np.float64(forest.bias),
        }
    np.savez_compressed(args.out, **kept)
    print(f"{args.out}: {args.out.stat().st_size / 1024:.0f} KiB")


def corpus(name: str, path: Path, embedder: Embedder | None, parts_used: Sequence[str]) -> Corpus:
    """Return a pack with the labels of `parts_used` alone."""
    settings = StorySettings()
    found = [row for row in rows(path) if row["story"] is not None]
    if name == "gnews":  # no clock, no order: some 1,500 a day, by hash
        found = [
            row | {"text": "", "published": f"2020-01-0{1 + zlib.crc32(row['id'].encode()) % 2}"}
            for row in found
            if zlib.crc32(row["story"].encode()) % 4 == 0
        ]
    story_of = {row["id"]: row["story"] for row in found}
    place = {row["id"]: at for at, row in enumerate(found)}
    dense = embedder.embed([wording(article(row)) for row in found]) if embedder else None
    denses: list[tuple[date, np.ndarray]] = []
    days = groupby(sorted((signal(article(row)) for row in found), key=order), key=day_of)
    counts, counted, parts, ends = Counts(), [], [], []
    left, right, values, cheap, free = [], [], [], [], []
    begin: dict[date, int] = {}
    told: dict[tuple[object, ...], str] = {}
    total = 0
    for day, signals in days:
        opened = raw(day, signals)
        reach = day - timedelta(days=window_days(settings))
        for old in [each for each in counted if each.day < reach]:
            counts.add(old, -1)
            counted.remove(old)
        counts.add(opened)
        counted.append(opened)
        vectors = None
        if dense is not None:
            rows_of_day = dense[[place[each.article] for each in opened.signals]]
            vectors = centred(rows_of_day, [each for d, each in denses if d >= reach])
            denses.append((day, rows_of_day))
        part = texts(opened, counts, _voices(opened.signals, told), vectors)
        part = replace(part, nearest=nearest(part))
        window = [(d, t) for d, t in parts if d >= reach]
        everything = stack([*(t for _, t in window), part])
        base = begin[window[0][0]] if window else total
        one, other = candidates(everything, len(part))
        near = np.abs(everything.hours[one] - everything.hours[other]) <= settings.open_hours
        one, other = one[near], other[near]
        learned = np.array([part_of(story_of[each.article]) in parts_used for each in everything.signals])
        mine = learned[one] | learned[other]
        values.append(features(everything, one[mine], other[mine]))
        cheap.append(sieve_features(everything, one[mine], other[mine], glimpse(everything, one[mine], other[mine])))
        left.append(one[mine] + base)
        right.append(other[mine] + base)
        free.append((one[~mine] + base, other[~mine] + base, features(everything, one[~mine], other[~mine])))
        parts.append((day, part))
        begin[day] = total
        total += len(part)
        ends.append(total)
    whole = stack([part for _, part in parts])
    labels = {story: at for at, story in enumerate(sorted({s for s in story_of.values() if part_of(s) in parts_used}))}
    stories = np.array([labels.get(story_of[each.article], -1) for each in whole.signals])
    made = Corpus(
        name,
        whole,
        np.concatenate(left),
        np.concatenate(right),
        np.concatenate(values),
        np.concatenate(cheap),
        tuple(np.concatenate(kind) for kind in zip(*free, strict=True)),
        stories,
    )
    print(
        f"{name}: {(stories >= 0).sum()} articles to learn from among {total}, {len(made.left)} pairs, "
        f"{made.same.mean():.3f} of them of one story",
        flush=True,
    )
    return made


def _voices(signals: Sequence[Signal], told: dict[tuple[object, ...], str]) -> np.ndarray:
    """Return 0 for articles that repeat the words of an earlier one: they teach nothing."""
    voices = np.ones(len(signals), dtype=np.float32)
    for row, each in enumerate(signals):
        words = (each.language, each.title, each.terms)
        voices[row] = not (len(each.title) >= TELLING and told.setdefault(words, each.article) != each.article)
    return voices


def _fit(
    x: list[np.ndarray],
    y: list[np.ndarray],
    w: list[np.ndarray],
    trees: int,
    threads: int,
    depth: int = DEPTH,
    rate: float = RATE,
    seeds: int = 1,
) -> Forest:
    """Return the mean of so many forests, each grown from another seed, as one."""
    weight = np.concatenate(w)
    pool = Pool(np.concatenate(x), np.concatenate(y), weight=weight / weight.mean())
    forests = [_grown(pool, trees, threads, depth, rate, seed) for seed in range(1, seeds + 1)]
    return Forest(
        np.concatenate([each.columns for each in forests]),
        np.concatenate([each.borders for each in forests]),
        np.concatenate([each.leaves for each in forests]) / np.float32(seeds),
        sum(each.bias for each in forests) / seeds,
    )


def _grown(pool: Pool, trees: int, threads: int, depth: int, rate: float, seed: int) -> Forest:
    model = CatBoost(
        {
            "loss_function": "CrossEntropy",
            "iterations": trees,
            "depth": depth,
            "learning_rate": rate,
            "l2_leaf_reg": 5,
            "random_seed": seed,
            "rsm": 0.7,
            "thread_count": threads,
            "verbose": False,
            "allow_writing_files": False,
        }
    )
    model.fit(pool)
    return _forest(model)


def _sieve(packs: list[Corpus], threads: int) -> tuple[Forest, float]:
    """Return a small forest on the cheap features, and what nearly all pairs of one story get from it at least."""
    sieve = _fit(
        [pack.cheap for pack in packs],
        [pack.same.astype(float) for pack in packs],
        [np.full(len(pack.left), pack.weight / np.sqrt(len(pack.left))) for pack in packs],
        SIEVE_TREES,
        threads,
        depth=4,
        rate=0.3,
    )
    lost = [np.quantile(sieve.probability(pack.cheap[pack.same]), LOST) for pack in packs]
    cut = float(min(lost[: len(PACKS)]))
    kept = [float((sieve.probability(pack.cheap) >= cut).mean()) for pack in packs]
    print(f"sieve: cut {cut:.4f}, kept {', '.join(f'{p.name} {k:.2f}' for p, k in zip(packs, kept, strict=True))}")
    return sieve, cut


def _forest(model: CatBoost) -> Forest:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        model.save_model(file.name, format="json")
        told = json.loads(Path(file.name).read_text())
    trees = told["oblivious_trees"]
    depth = max(len(tree["splits"]) for tree in trees)
    columns = np.zeros((len(trees), depth), dtype=np.intp)
    borders = np.full((len(trees), depth), np.inf, dtype=np.float32)
    leaves = np.zeros((len(trees), 2**depth), dtype=np.float32)
    for at, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            columns[at, level] = split["float_feature_index"]
            borders[at, level] = split["border"]
        leaves[at, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = told["scale_and_bias"]
    return Forest(columns, borders, leaves * np.float32(scale), float(bias[0]))


@dataclass(frozen=True)
class Honest:
    """Forests that each have not seen a quarter of the stories, and which quarter a story is in."""

    forests: list[Forest]
    fold: np.ndarray  # (n,) of each article, -1: kept back, seen by none

    def probability(self, left: np.ndarray, right: np.ndarray, found: np.ndarray) -> np.ndarray:
        """Judge pairs by the forest that saw none of the stories of their first articles."""
        out = np.zeros(len(left), dtype=np.float32)
        fold = np.where(self.fold[left] >= 0, self.fold[left], np.maximum(self.fold[right], 0))
        for number, forest in enumerate(self.forests):
            hidden = fold == number
            if hidden.any():
                out[hidden] = forest.probability(found[hidden])
        return out


def _cross(packs: list[Corpus], threads: int) -> list[Honest]:
    folds = [
        np.array([zlib.crc32(f"{pack.name} {story}".encode()) % FOLDS if story >= 0 else -1 for story in pack.stories])
        for pack in packs
    ]
    forests = []
    for fold in range(FOLDS):
        seen = [(f[p.left] != fold) & (f[p.right] != fold) for p, f in zip(packs, folds, strict=True)]
        forests.append(
            _fit(
                [pack.features[mask] for pack, mask in zip(packs, seen, strict=True)],
                [pack.same[mask].astype(float) for pack, mask in zip(packs, seen, strict=True)],
                [pack.weights(mask) for pack, mask in zip(packs, seen, strict=True)],
                TREES,
                threads,
            )
        )
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    return [Honest(forests, fold) for fold in folds]


def _learn_groups(packs: list[Corpus], judges: list[Honest], threads: int, seeds: int) -> Forest:
    x: list[list[np.ndarray]] = [[] for _ in packs]
    y: list[list[np.ndarray]] = [[] for _ in packs]
    w: list[list[np.ndarray]] = [[] for _ in packs]
    forest: Forest | None = None
    for number in range(ROUNDS):
        for at, (pack, honest) in enumerate(zip(packs, judges, strict=True)):
            left = np.concatenate([pack.left, pack.free[0]])
            right = np.concatenate([pack.right, pack.free[1]])
            probability = honest.probability(left, right, np.concatenate([pack.features, pack.free[2]]))
            strong = probability > WEAK
            links = Links(left[strong], right[strong], probability[strong])

            def watch(groups, one, other, found, at=at, pack=pack):  # type: ignore[no-untyped-def]
                share, pairs = _share(pack.stories, groups, one, other)
                known = pairs > 0
                x[at].append(found[known])
                y[at].append(share[known])
                w[at].append(np.sqrt(pairs[known]))

            def judge(found, forest=forest):  # type: ignore[no-untyped-def]
                return forest.probability(found) if forest else found[:, 1] * 0.5 + found[:, 2] * 0.5

            def probe(left, right, pack=pack, honest=honest):  # type: ignore[no-untyped-def]
                return honest.probability(left, right, features(pack.texts, left, right))

            for threshold in THRESHOLDS[number]:
                join(pack.texts, links, judge, probe, threshold, watch=watch)
        weights = []
        for pack, some in zip(packs, w, strict=True):
            weight = np.concatenate(some)
            weights.append(weight / weight.mean() * pack.weight / np.sqrt(len(weight)))
        forest = _fit(
            [np.concatenate(f) for f in x],
            [np.concatenate(f) for f in y],
            weights,
            GROUP_TREES,
            threads,
            seeds=seeds if number == ROUNDS - 1 else 1,
        )
        print(f"round {number + 1} of {ROUNDS}", flush=True)
    assert forest
    return forest


def _share(
    stories: np.ndarray, groups: np.ndarray, one: np.ndarray, other: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of article pairs across two groups that tell one event, and how many pairs we know that of."""
    size = np.bincount(groups, minlength=len(groups)).astype(np.float32)
    learned = np.nonzero(stories >= 0)[0]
    held = np.bincount(groups[learned], minlength=len(groups)).astype(np.float32)
    mix = sp.csr_matrix(
        (np.ones(len(learned), np.float32), (groups[learned], stories[learned])),
        shape=(len(groups), stories.max() + 1),
    )
    common = np.asarray(mix[one].multiply(mix[other]).sum(axis=1)).ravel()
    known = size[one] * size[other] - (size - held)[one] * (size - held)[other]
    return common / np.maximum(known, 1), known


if __name__ == "__main__":
    main()
