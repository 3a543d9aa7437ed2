"""How well and how fast articles are grouped into stories, beside other open ways to do it.

usage: python bench/stories.py [--data ../shared/data] [--part kept] [--million] [--embedding PACKAGE ...]

Every pack runs with the default settings; its clock is `replay` where it has one, else `published`.  The first table is
of one part of each pack's stories (story_packs.part_of), "kept" unless told otherwise: these trained and tuned nothing.
The second one is of every story, and flatters on the development packs, where three quarters of them were learned from;
on packs from elsewhere it is the one that counts.  --million goes on with load_en, told again and again with other
names and numbers, until 1,000,000 articles.  Peers that are not installed are named.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count, groupby
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from data import data_option, find, need
from data import scorer as score_module
from story_packs import NO_CLOCK, PACKS, Row, article, part_of, rows
from story_peers import Groups, missing, peers
from wiredesk.config import StorySettings
from wiredesk.embed import PackageEmbedder, wording
from wiredesk.records import ArticleId
from wiredesk.stories import Grouping, Signal, Vectors, place, signal
from wiredesk.stories.vectors import day_of, order

LOAD_A_DAY = 3000
MEASURED = (25_000, 1_000_000)  # articles behind it
SPAN = 15_000  # articles over which speed is taken
TELL = 99_000  # articles between two lines of progress
ORDERS = 5
AT_ONCE = 50  # articles that arrive together when order is tried


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(parser)
    parser.add_argument("--part", choices=("kept", "tune", "train", "all"), default="kept")
    parser.add_argument("--million", action="store_true", help="measure speed at a million articles, too (long)")
    parser.add_argument(
        "--embedding", nargs="+", default=[], help="group with vectors of these installed packages, too"
    )
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors from one run to the next")
    parser.add_argument("--no-orders", dest="orders", action="store_false", help="do not try other orders (long)")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="do not run the peers (minutes)")
    parser.add_argument("--no-speed", dest="speed", action="store_false", help="do not measure speed and memory")
    parser.add_argument("--worst", type=int, default=0, help="show so many stories that were split or glued worst")
    args = parser.parse_args()
    places = {name: path for name in PACKS if (path := find(args.data, "stories", f"{name}.jsonl.gz"))}
    for name in sorted(set(PACKS) - places.keys()):
        print(f"SKIPPED: the pack {name} is not below {args.data}")
    if not places:
        need(args.data, "stories", f"{PACKS[0]}.jsonl.gz")
    load = find(args.data, "stories", "load_en.jsonl.gz") if args.speed else None
    if load is None and args.speed:
        print("SKIPPED: speed and memory, which need load_en")
    speed = _speed(load, args.million) if load else {}  # first, so that the peak of memory is its own
    scorer = score_module("score_stories", args.data)
    packs = {name: list(rows(path)) for name, path in places.items()}
    signals = {name: [signal(article(row)) for row in found] for name, found in packs.items()}

    engines: dict[str, Callable[[str], Groups]] = {"wiredesk": lambda name: _placed(signals[name])}
    for package in args.embedding:
        engines[f"wiredesk, {package}"] = partial(_with_vectors, package, args.cache, packs, signals)
    groups: dict[str, dict[str, Groups]] = {}
    speeds: dict[str, float] = {}
    for engine, group in engines.items():
        started = time.process_time()
        groups[engine] = {name: group(name) for name in packs}
        speeds[engine] = round(sum(map(len, signals.values())) / (time.process_time() - started), 1)
        print(f"{engine:18}{speeds[engine]:10.1f} documents a CPU second, all packs together")
    if args.peers:
        of_peers, peer_speeds = _peers(scorer, packs, signals, args.part)
        groups |= of_peers
        speeds |= peer_speeds
    parts = (args.part, "all") if args.part != "all" else ("all",)
    results = {part: {e: _all_scores(scorer, packs, found, part) for e, found in groups.items()} for part in parts}
    for part, scores in results.items():
        print(f"B-cubed F1, {'every story' if part == 'all' else f'stories of part {part!r}, among all'}")
        print(f"{'':20}" + "".join(f"{pack:>11}" for pack in scores["wiredesk"]))
        for engine, found in scores.items():
            print(f"{engine:20.20}" + "".join(f"{value:11.3f}" for value in found.values()))
    spread = _order_spread(scorer, packs, signals, args.part) if args.orders else {}
    for name, values in spread.items():
        print(f"{name:12} in {ORDERS} orders, before the evening: {min(values):.3f} to {max(values):.3f}")
    for name in packs if args.worst else ():
        _show_worst(name, packs[name], groups["wiredesk"][name], args.part, args.worst)
    for key, value in speed.items():
        print(f"{key:32}{value:10.1f}")
    figures: dict[str, Any] = {**results[args.part]["wiredesk"], **speed}
    if spread:
        figures["order_spread"] = round(max(max(values) - min(values) for values in spread.values()), 4)
    figures["every_story"] = results["all"]["wiredesk"]
    beside: dict[str, Any] = dict.fromkeys(peers() if args.peers else ())  # null: not installed
    for engine, scores in results[args.part].items():
        if engine != "wiredesk":
            beside[engine] = scores | {"docs_per_cpu_second": speeds[engine]}
    print(json.dumps(figures | {"packs_per_cpu_second": speeds["wiredesk"], "peers": beside}))


def _all_scores(
    scorer: ModuleType, packs: dict[str, list[Row]], groups: dict[str, Groups], part: str
) -> dict[str, float]:
    return {k: v for name in packs for k, v in _score(scorer, name, packs[name], groups[name], part).items()}


def _placed(signals: Sequence[Signal]) -> Groups:
    return {str(each.signal.article): str(each.story) for each in place((), signals, StorySettings())}


def _peers(
    scorer: ModuleType, packs: dict[str, list[Row]], signals: dict[str, list[Signal]], part: str
) -> tuple[dict[str, dict[str, Groups]], dict[str, float]]:
    """Return the groups of each peer by pack, with its best setting, and its documents per CPU second."""
    groups: dict[str, dict[str, Groups]] = {}
    speeds: dict[str, float] = {}
    for name, peer in peers().items():
        if missing(peer):
            print(f"SKIPPED: {name}: `pip install --target FOLDER {peer.install}`, and have FOLDER in PYTHONPATH")
            continue
        best = -1.0
        for setting, group in peer.tries.items():
            started = time.process_time()
            found = {pack: group(signals[pack]) for pack in packs}
            seconds = time.process_time() - started
            total = sum(_all_scores(scorer, packs, found, part).values())
            if total > best:
                best, chosen = total, setting
                groups[name], speeds[name] = found, round(sum(map(len, signals.values())) / seconds, 1)
        print(
            f"{name:18}{speeds[name]:10.1f} documents a CPU second, best of {len(peer.tries)}: {chosen or 'as it is'}"
        )
    return groups, speeds


def _score(scorer: ModuleType, name: str, found: list[Row], groups: Groups, part: str) -> dict[str, float]:
    def f1(lang: str | None) -> float:
        scored = [row for row in found if row["story"] is not None and lang in (None, row["lang"])]
        if part == "all":
            score = scorer.score([row["story"] for row in scored], [groups[row["id"]] for row in scored])
            return round(float(score["b3_f1"]), 4)
        return round(_b_cubed([(row["story"], groups[row["id"]]) for row in scored], part), 4)

    return {name: f1(None)} | ({"og2021-en": f1("en")} if name == "og2021" else {})


def _b_cubed(pairs: list[tuple[str, str]], part: str) -> float:
    """Return B-cubed F1 over the articles of one part, among all articles: whom they are glued to counts.

    Source: Bagga and Baldwin, "Entity-based cross-document coreferencing using the vector space model", 1998.
    """
    both, gold, ours = Counter(pairs), Counter(story for story, _ in pairs), Counter(group for _, group in pairs)
    mine = [pair for pair in pairs if part_of(pair[0]) == part]
    precision = sum(both[pair] / ours[pair[1]] for pair in mine) / max(1, len(mine))
    recall = sum(both[pair] / gold[pair[0]] for pair in mine) / max(1, len(mine))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _scored(found: list[Row], part: str) -> list[Row]:
    return [row for row in found if row["story"] is not None and part in ("all", part_of(row["story"]))]


def _order_spread(
    scorer: ModuleType, packs: dict[str, list[Row]], signals: dict[str, list[Signal]], part: str
) -> dict[str, list[float]]:
    """Return F1 by pack when the articles of each day arrive in other orders, before the evening puts things right.

    Raises SystemExit where the evening does not bring the same stories.
    """
    spread: dict[str, list[float]] = {}
    for name, found in packs.items():
        ends = set()
        for seed in range(ORDERS):
            early, late = _streamed(signals[name], seed)
            spread.setdefault(name, []).append(_score(scorer, name, found, early, part)[name])
            ends.add(json.dumps(late, sort_keys=True))
        if len(ends) != 1:
            raise SystemExit(f"{name}: the stories depend on the order of arrival")
    return spread


def _streamed(signals: Sequence[Signal], seed: int) -> tuple[Groups, Groups]:
    """Return where articles stood on arrival at the end of their day, and where they stand for good."""
    chance = random.Random(seed)
    grouping = Grouping(StorySettings())
    early: Groups = {}
    late: Groups = {}
    for _, some in groupby(sorted(signals, key=order), key=day_of):
        day = list(some)
        chance.shuffle(day)
        for at in range(0, len(day), AT_ONCE):
            for each in grouping.arrive(day[at : at + AT_ONCE]):
                early[each.signal.article] = each.story
        for each in grouping.settle():
            late[each.signal.article] = each.story
    return early, late


def _with_vectors(
    package: str, cache: Path | None, packs: dict[str, list[Row]], signals: dict[str, list[Signal]], name: str
) -> Groups:
    embedder = PackageEmbedder(package)
    kept = cache / f"{embedder.model.replace(' ', '-')}-{name}.npy" if cache else None
    if kept and kept.exists():
        embedded = np.load(kept)
    else:
        embedded = embedder.embed([wording(article(row)) for row in packs[name]])
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.save(kept, embedded)
    found = signals[name]
    vectors = Vectors(embedder.model, dict(zip([each.article for each in found], embedded, strict=True)))
    return {str(e.signal.article): str(e.story) for e in place((), found, StorySettings(), vectors=vectors)}


def _show_worst(name: str, found: list[Row], groups: Groups, part: str, most: int) -> None:
    """Print the stories that lost most: split into several groups, or glued to other stories."""
    title = {row["id"]: row["title"] for row in found}
    gold: defaultdict[str, list[str]] = defaultdict(list)
    ours: defaultdict[str, list[str]] = defaultdict(list)
    story_of = {row["id"]: row["story"] for row in found}
    for row in _scored(found, part):
        gold[row["story"]].append(row["id"])
        ours[groups[row["id"]]].append(row["id"])
    split = sorted(gold.values(), key=lambda ids: -len(ids) * (1 - _purity([groups[i] for i in ids])))[:most]
    glued = sorted(ours.values(), key=lambda ids: -len(ids) * (1 - _purity([story_of[i] for i in ids])))[:most]
    for kind, lists, label in (("split", split, groups), ("glued", glued, story_of)):
        for ids in lists:
            parts = Counter(label[i] for i in ids).most_common(4)
            print(f"{name}: {kind}, {len(ids)} articles in {len({label[i] for i in ids})} parts")
            for value, number in parts:
                print(f"    {number:4}  {title[next(i for i in ids if label[i] == value)][:100]}")


def _purity(labels: list[str]) -> float:
    return sum((n / len(labels)) ** 2 for n in Counter(labels).values())


def _speed(path: Path, million: bool) -> dict[str, float]:
    """Group `path` day by day as a site does."""
    grouping = Grouping(StorySettings())
    made = grouped = 0.0
    done = 0
    figures: dict[str, float] = {}
    day: list[Signal] = []
    last = MEASURED[1] if million else MEASURED[0]
    for number, row in enumerate(_endless(path), start=1):
        at = NO_CLOCK + (number - 1) * timedelta(days=1) / LOAD_A_DAY
        started = time.process_time()
        each = signal(article(row, at))
        made += time.process_time() - started
        day.append(replace(each, article=ArticleId(f"{number}")))
        if number % LOAD_A_DAY == 0:
            started = time.process_time()
            grouping.add(day)
            grouped += time.process_time() - started
            done += len(day)
            day = []
            if number % TELL == 0:
                print(
                    f"  {number:,} articles: {LOAD_A_DAY / (time.process_time() - started):,.0f} a CPU second grouped",
                    flush=True,
                )
            if number >= last:
                break
            if any(number in range(m - SPAN, m - SPAN + LOAD_A_DAY) for m in MEASURED):
                made = grouped = 0.0
                done = 0
            if number in range(MEASURED[0], MEASURED[0] + LOAD_A_DAY):
                figures |= _rates("", done, made, grouped)
    figures |= _rates("_at_1m" if million else "", done, made, grouped)
    figures["peak_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    started = time.process_time()
    again = Grouping(StorySettings())
    again.recall(grouping.window())
    figures["reload_seconds"] = round(time.process_time() - started, 2)
    return figures


def _rates(suffix: str, done: int, made: float, grouped: float) -> dict[str, float]:
    return {
        f"docs_per_cpu_second{suffix}": round(done / grouped, 1),
        f"signals_per_cpu_second{suffix}": round(done / made, 1),
        f"both_per_cpu_second{suffix}": round(done / (made + grouped), 1),
    }


def _endless(path: Path) -> Iterator[Row]:
    """Yield the pack again and again; later rounds have other names and numbers, or all would be one story."""
    for number in count():
        for row in rows(path):
            yield row if not number else _other(row, number)


def _other(row: dict[str, Any], number: int) -> Row:
    def turned(found: re.Match[str]) -> str:
        word = found[0]
        return (
            f"{word}{number}"
            if word.isdigit()
            else word[0] + word[1:][number % len(word) :] + word[1:][: number % len(word)]
        )

    change = re.compile(r"\b(?:[A-Z][a-z]{3,}|\d{2,})\b")
    return {**row, "title": change.sub(turned, row["title"]), "text": change.sub(turned, row["text"])}


if __name__ == "__main__":
    main()
