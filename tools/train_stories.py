"""Train the judge of stories: src/wiredesk/stories/data/judge.npz.

usage: pip install -e .[train]; python tools/train_stories.py [--data ../shared/data] [--trial]

Two forests of oblivious trees: one for pairs of articles, one for pairs of groups.  The second learns from the states
that grouping passes through: pairs of groups as they come up on the training stories, labelled with the share of their
pairs that tell one event; after each round it groups with what it has learned.  Both learn from the stories of
`bench/story_packs.part_of` "train" alone.  What leaks is kept from them: they see no order of arrival, times only in
half days, on the replay clock, and no story's size but that of the groups at hand.

Vectors: with --vectors FILE.npz (pack -> array, rows in the order of the pack), the forests for texts with embeddings.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import zlib
from dataclasses import dataclass
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
from wiredesk.forest import Forest
from wiredesk.stories.candidates import candidates
from wiredesk.stories.grouping import window_days
from wiredesk.stories.joining import WEAK, Links, join
from wiredesk.stories.pairs import features
from wiredesk.stories.signals import signal
from wiredesk.stories.vectors import Counts, Texts, day_of, order, raw, stack, texts

FOLDS = 4  # pairs of the training stories are judged by a forest that did not see them
ROUNDS = 3
THRESHOLDS = ((0.3, 0.6), (0.3, 0.5), (0.25, 0.4))  # groups are watched at these, round by round
DEPTH, TREES, RATE = 6, 400, 0.08
GROUP_TREES = 300
OTHERS = {"gnews": 0.5}  # weight against 1.0: a pack without clock, of headlines in lower case


@dataclass(frozen=True)
class Corpus:
    """The training stories of one pack, judged as one window."""

    name: str
    texts: Texts
    left: np.ndarray
    right: np.ndarray
    features: np.ndarray
    stories: np.ndarray  # (n,) number of the story

    @property
    def same(self) -> np.ndarray:
        return self.stories[self.left] == self.stories[self.right]

    @property
    def weight(self) -> float:
        return OTHERS.get(self.name, 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--out", type=Path, default=Path("src/wiredesk/stories/data/judge.npz"))
    parser.add_argument("--without", help="a pack to leave out: how does the judge fare on news unlike all it saw?")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    vectors = np.load(args.vectors) if args.vectors else None
    packs = [
        corpus(name, path, None if vectors is None else vectors[name])
        for name in (*PACKS, *OTHERS)
        if name != args.without and (path := find(args.data, "stories", f"{name}.jsonl.gz"))
    ]
    pairs = _fit(
        [pack.features for pack in packs],
        [pack.same.astype(float) for pack in packs],
        [np.full(len(pack.left), pack.weight / np.sqrt(len(pack.left))) for pack in packs],
        TREES,
        args.threads,
    )
    honest = _cross(packs, args.threads)
    groups = _learn_groups(packs, honest, args.threads)
    kind = "plain" if vectors is None else "vectors"
    kept = dict(np.load(args.out)) if args.out.exists() else {}
    for name, forest in ((f"{kind}_pairs", pairs), (f"{kind}_groups", groups)):
        kept |= {
            f"{name}_columns": forest.columns.astype(np.uint8),
            f"{name}_borders": forest.borders.astype(np.float32),
            f"{name}_leaves": forest.leaves.astype(np.float32),
            f"{name}_bias": np.float64(forest.bias),
        }
    np.savez_compressed(args.out, **kept)
    print(f"{args.out}: {args.out.stat().st_size / 1024:.0f} KiB")


def corpus(name: str, path: Path, dense: np.ndarray | None) -> Corpus:
    """Return the training stories of a pack; the rarity of words is that of the whole pack's days."""
    settings = StorySettings()
    found = [row for row in rows(path) if row["story"] is not None]
    place = {row["id"]: at for at, row in enumerate(rows(path))}
    if name == "gnews":  # no clock, no order: some 1,500 a day, by hash
        found = [
            row | {"text": "", "published": f"2020-01-0{1 + zlib.crc32(row['id'].encode()) % 2}"}
            for row in found
            if zlib.crc32(row["story"].encode()) % 4 == 0
        ]
    story_of = {row["id"]: row["story"] for row in found}
    days = groupby(sorted((signal(article(row)) for row in found), key=order), key=day_of)
    counts, counted, parts, ends = Counts(), [], [], []
    left, right, values = [], [], []
    begin: dict[date, int] = {}
    total = 0
    for day, signals in days:
        opened = raw(day, signals)
        reach = day - timedelta(days=window_days(settings))
        for old in [each for each in counted if each.day < reach]:
            counts.add(old, -1)
            counted.remove(old)
        counts.add(opened)
        counted.append(opened)
        vectors = None if dense is None else dense[[place[each.article] for each in opened.signals]]
        part = texts(opened, counts, vectors)
        window = [(d, t) for d, t in parts if d >= reach]
        everything = stack([*(t for _, t in window), part])
        base = begin[window[0][0]] if window else total
        one, other = candidates(everything, len(part))
        near = np.abs(everything.hours[one] - everything.hours[other]) <= settings.open_hours
        one, other = one[near], other[near]
        labels = [part_of(story_of[each.article]) == "train" for each in everything.signals]
        mine = np.array(labels)[one] & np.array(labels)[other]
        values.append(features(everything, one[mine], other[mine]))
        left.append(one[mine] + base)
        right.append(other[mine] + base)
        parts.append((day, part))
        begin[day] = total
        total += len(part)
        ends.append(total)
    whole = stack([part for _, part in parts])
    train = np.nonzero([part_of(story_of[each.article]) == "train" for each in whole.signals])[0]
    row = np.full(total, -1)
    row[train] = np.arange(len(train))
    _, stories = np.unique([story_of[whole.signals[at].article] for at in train], return_inverse=True)
    made = Corpus(
        name,
        whole.take(train),
        row[np.concatenate(left)],
        row[np.concatenate(right)],
        np.concatenate(values),
        stories,
    )
    print(f"{name}: {len(train)} articles, {len(made.left)} pairs, {made.same.mean():.3f} of them of one story", flush=True)
    return made


def _fit(x: list[np.ndarray], y: list[np.ndarray], w: list[np.ndarray], trees: int, threads: int) -> Forest:
    weight = np.concatenate(w)
    pool = Pool(np.concatenate(x), np.concatenate(y), weight=weight / weight.mean())
    model = CatBoost(
        {
            "loss_function": "CrossEntropy",
            "iterations": trees,
            "depth": DEPTH,
            "learning_rate": RATE,
            "l2_leaf_reg": 5,
            "random_seed": 1,
            "rsm": 0.7,
            "thread_count": threads,
            "verbose": False,
            "allow_writing_files": False,
        }
    )
    model.fit(pool)
    return _forest(model)


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


def _cross(packs: list[Corpus], threads: int) -> list[np.ndarray]:
    """Return for each pair the probability by forests that saw no pair of the stories of its first article."""
    folds = [np.array([zlib.crc32(f"{pack.name} {story}".encode()) % FOLDS for story in pack.stories]) for pack in packs]
    found = [np.zeros(len(pack.left), dtype=np.float32) for pack in packs]
    for fold in range(FOLDS):
        seen = [(f[p.left] != fold) & (f[p.right] != fold) for p, f in zip(packs, folds, strict=True)]
        forest = _fit(
            [pack.features[mask] for pack, mask in zip(packs, seen, strict=True)],
            [pack.same[mask].astype(float) for pack, mask in zip(packs, seen, strict=True)],
            [np.full(mask.sum(), p.weight / np.sqrt(mask.sum() + 1)) for p, mask in zip(packs, seen, strict=True)],
            TREES,
            threads,
        )
        for pack, of, out in zip(packs, folds, found, strict=True):
            hidden = of[pack.left] == fold
            out[hidden] = forest.probability(pack.features[hidden])
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    return found


def _learn_groups(packs: list[Corpus], probabilities: list[np.ndarray], threads: int) -> Forest:
    x: list[list[np.ndarray]] = [[] for _ in packs]
    y: list[list[np.ndarray]] = [[] for _ in packs]
    w: list[list[np.ndarray]] = [[] for _ in packs]
    forest: Forest | None = None
    for number in range(ROUNDS):
        for at, (pack, probability) in enumerate(zip(packs, probabilities, strict=True)):
            strong = probability > WEAK
            links = Links(pack.left[strong], pack.right[strong], probability[strong])

            def watch(groups, one, other, found, at=at, pack=pack):  # type: ignore[no-untyped-def]
                share, size = _share(pack.stories, groups, one, other)
                x[at].append(found)
                y[at].append(share)
                w[at].append(np.sqrt(size[one] * size[other]))

            def judge(found, forest=forest):  # type: ignore[no-untyped-def]
                return forest.probability(found) if forest else found[:, 1] * 0.5 + found[:, 2] * 0.5

            for threshold in THRESHOLDS[number]:
                join(pack.texts, links, judge, threshold, watch=watch)
        weights = []
        for pack, some in zip(packs, w, strict=True):
            weight = np.concatenate(some)
            weights.append(weight / weight.mean() * pack.weight / np.sqrt(len(weight)))
        forest = _fit([np.concatenate(f) for f in x], [np.concatenate(f) for f in y], weights, GROUP_TREES, threads)
        print(f"round {number + 1} of {ROUNDS}", flush=True)
    assert forest
    return forest


def _share(stories: np.ndarray, groups: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of article pairs across two groups that tell one event, and the size of each group."""
    size = np.bincount(groups, minlength=len(groups)).astype(np.float32)
    mix = sp.csr_matrix((np.ones(len(groups), np.float32), (groups, stories)), shape=(len(groups), stories.max() + 1))
    common = np.asarray(mix[one].multiply(mix[other]).sum(axis=1)).ravel()
    return common / (size[one] * size[other]), size


if __name__ == "__main__":
    main()
