"""How well and how fast models bring texts of one story together, beside hashed TF-IDF.

usage: python bench/embedding.py [--data ../shared/data] [--folder MODEL ...] [--models NAME ...] [--docs 1500]

Each model runs in a process of its own, one text a call, as a site does it; models whose package is not installed are
named as skipped.  Two questions are asked of each pack, of at most `--docs` documents in whole stories:

- nearest: how often the nearest other document tells the same story, among those of the same language, and among those
  of other languages (precision at 1; only documents that have such a partner are asked).
- hard pairs: average precision and AUC of the likeness of pairs, those of each document with its 20 nearest by TF-IDF.
  TF-IDF chose the pairs, so there it competes where it is least sure.  "ap_both" ranks by the sum of the model's and
  TF-IDF's likeness, each in units of its own spread: what the model adds.

The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import resource
import subprocess
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data import data_option, find, need
from wiredesk.embed import EXTRAS, Embedder, FolderEmbedder, PackageEmbedder, embedder, wording
from wiredesk.records import Article, ArticleId, Provider, ProviderId
from wiredesk.text import words

PACKS = ("og2021", "allsides", "uci2014", "ecbplus", "g5w1h", "basil", "vnmds")
NEIGHBOURS = 20
WIDTH = 2**14  # of the hashed vectors
LEXICAL_LETTERS = 1200  # of a text, for TF-IDF: words need more of it than models do
PEER = "hashed TF-IDF"

Row = dict[str, Any]
Matrix = NDArray[np.float32]


def main() -> None:
    args = _arguments()
    packs = {name: path for name in PACKS if (path := find(args.data, "stories", f"{name}.jsonl.gz"))}
    for name in sorted(set(PACKS) - packs.keys()):
        print(f"SKIPPED: the pack {name} is not below {args.data}")
    if not packs:
        need(args.data, "stories", f"{PACKS[0]}.jsonl.gz")
    if args.one:
        print(json.dumps(_measure(args.one, packs, args)))
        return
    results: dict[str, Any] = {}
    for model in [PEER, *(args.models or EXTRAS), *map(str, args.folder)]:
        command = [sys.executable, *sys.argv, "--one", model]
        one_core = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        answer = subprocess.run(command, capture_output=True, text=True, env=one_core, check=False)
        if answer.returncode:
            print(f"SKIPPED: {model}: {(answer.stderr.strip().splitlines() or ['no word'])[-1]}")
            continue
        results[model] = json.loads(answer.stdout.splitlines()[-1])
    _show(results)
    print(json.dumps({"letters": args.letters, "docs": args.docs, "models": results}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(parser)
    parser.add_argument("--folder", type=Path, nargs="*", default=[], help="folders of sentence-transformers models")
    parser.add_argument("--models", nargs="*", choices=list(EXTRAS), help="packages; all that are installed")
    parser.add_argument("--docs", type=int, default=1500, help="documents of a pack, at most")
    parser.add_argument("--letters", type=int, default=embedder.LEDE_LETTERS, help="of the lede; 0: headlines alone")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(model: str, packs: dict[str, Path], args: argparse.Namespace) -> dict[str, Any]:
    embedder.LEDE_LETTERS = args.letters
    made: Embedder | None = None
    if model in EXTRAS:
        made = PackageEmbedder(model)
    elif model != PEER:
        made = FolderEmbedder(Path(model))
    before, started = _mib(), time.perf_counter()
    if made is not None:
        made.embed(["The harbour is closed"])
    load, mib = time.perf_counter() - started, _mib() - before
    speed: defaultdict[str, float] = defaultdict(float)
    found: dict[str, Any] = {}
    for name, path in packs.items():
        rows = _some(path, args.docs)
        texts = [wording(_article(row)) for row in rows]
        lexical = hashed([f"{row['title']} {row['text'][:LEXICAL_LETTERS]}" for row in rows])
        kind = "lede" if any(row["text"] for row in rows) and args.letters else "headline"
        started, began = time.process_time(), time.perf_counter()
        vectors = lexical if made is None else made.embed(texts)
        speed[f"{kind} cpu"] += time.process_time() - started
        speed[f"{kind} wall"] += time.perf_counter() - began
        speed[kind] += len(texts)
        found[name] = {"docs": len(rows), **_nearest(rows, vectors), **_hard_pairs(rows, vectors, lexical)}
    return {
        **{
            f"{kind}s_per_{unit}second": round(speed[kind] / speed[f"{kind} {clock}"], 1)
            for kind in ("headline", "lede")
            for unit, clock in (("cpu_", "cpu"), ("", "wall"))
            if speed[kind]
        },
        "load_seconds": round(load, 2),
        "mib": round(mib),
        "device": _device(made),
        "packs": found,
    }


def _device(made: Embedder | None) -> str:
    if not isinstance(made, FolderEmbedder):
        return "cpu"
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"


def _some(path: Path, most: int) -> list[Row]:
    """Return at most `most` scored documents of a pack, whole stories in the order of a hash."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [row for row in map(json.loads, stream) if row["story"] is not None]
    stories: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        stories[row["story"]].append(row)
    chosen: list[Row] = []
    for story in sorted(stories, key=lambda name: sha256(str(name).encode()).digest()):
        if len(chosen) + len(stories[story]) <= most:
            chosen += stories[story]
    return chosen


def hashed(texts: Sequence[str]) -> Matrix:
    """Return TF-IDF vectors, shape (n, `WIDTH`), each word at a hash of itself."""
    counts = [Counter(zlib.crc32(word.encode()) % WIDTH for word in words(text)) for text in texts]
    found_in = Counter(place for each in counts for place in each)
    vectors = np.zeros((len(texts), WIDTH), np.float32)
    for row, each in zip(vectors, counts, strict=True):
        for place, count in each.items():
            row[place] = (1 + math.log(count)) * math.log(1 + len(texts) / found_in[place])
    return embedder.unit(vectors)


def _nearest(rows: Sequence[Row], vectors: Matrix) -> dict[str, float | int | None]:
    stories, languages = (np.array([str(row[key]) for row in rows]) for key in ("story", "lang"))
    hits: dict[str, list[bool]] = {"same": [], "across": []}
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -9)
    for number in range(len(rows)):
        same = languages == languages[number]
        same[number] = False
        for kind, among in (("same", same), ("across", languages != languages[number])):
            if (stories[among] == stories[number]).any():
                best = np.flatnonzero(among)[np.argmax(likeness[number, among])]
                hits[kind].append(bool(stories[best] == stories[number]))
    return {f"nearest_{kind}": round(sum(found) / len(found), 3) if found else None for kind, found in hits.items()} | {
        f"asked_{kind}": len(found) for kind, found in hits.items()
    }


def _hard_pairs(rows: Sequence[Row], vectors: Matrix, lexical: Matrix) -> dict[str, float]:
    likeness = lexical @ lexical.T
    np.fill_diagonal(likeness, -9)
    near = np.argsort(-likeness, axis=1, kind="stable")[:, :NEIGHBOURS]
    pairs = sorted({(min(a, b), max(a, b)) for a, row in enumerate(near.tolist()) for b in row})
    left, right = np.array(pairs).T
    stories = np.array([str(row["story"]) for row in rows])
    true = stories[left] == stories[right]
    scores, peers = (np.einsum("ij,ij->i", each[left], each[right]) for each in (vectors, lexical))
    both = scores / scores.std() + peers / peers.std()
    return {
        "pairs": len(pairs),
        "true_pairs": int(true.sum()),
        "ap": average_precision(true, scores),
        "auc": auc(true, scores),
        "ap_both": average_precision(true, both),
    }


def average_precision(true: NDArray[np.bool_], scores: Matrix) -> float:
    """Return the mean of precision at each true pair, best first; ties count as they stand."""
    ordered = true[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    return round(float(precision[ordered].mean()), 4)


def auc(true: NDArray[np.bool_], scores: Matrix) -> float:
    """Return how often a true pair is more alike than a false one, ties half (Mann and Whitney 1947)."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    trues, falses = int(true.sum()), int((~true).sum())
    return round(float((ranks[true].sum() - trues * (trues + 1) / 2) / (trues * falses)), 4)


def _show(results: dict[str, Any]) -> None:
    keys = ("headlines_per_cpu_second", "ledes_per_cpu_second", "ledes_per_second", "load_seconds", "mib", "device")
    names = [Path(model).parent.name if "/" in model else model for model in results]
    print(f"{'':34}" + "".join(f"{name[:20]:>22}" for name in names))
    for key in keys:
        print(f"{key:34}" + "".join(f"{result.get(key, '-')!s:>22}" for result in results.values()))
    for pack in results[PEER]["packs"]:
        for key in ("nearest_same", "nearest_across", "ap", "auc", "ap_both"):
            values = [result["packs"][pack][key] for result in results.values()]
            if values[0] is not None:
                print(f"{pack + ' ' + key:34}" + "".join(f"{value:22.3f}" for value in values))


def _article(row: Row) -> Article:
    domain = ProviderId(row["provider"] or "unknown.example")
    return Article(
        id=ArticleId(row["id"]),
        canonical_url=f"https://{domain}/{row['id']}",
        provider=Provider(domain=domain, name=domain),
        title=row["title"],
        text=row["text"],
        first_seen_at=datetime(2020, 1, 1, tzinfo=UTC),
        language=row["lang"],
    )


def _mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
