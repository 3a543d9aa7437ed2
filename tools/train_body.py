"""Train the text model: pages with gold text -> src/wiredesk/extract/body.npz.

    pip install "catboost>=1.2,<2"      (here only: nothing at run time needs it)
    python tools/train_body.py [--data ../shared/data] [--dry-run]

Pages of the sites that `bench/data.py` keeps back are never read.  What is learned from:

- pages with a gold text: a block is text if most of its runs of four words stand in the gold text
- pages with gold snippets only: their snippets say which blocks are text and which are not; for all other blocks of
  these pages trafilatura's reading stands in, at a third of the weight

Printed: body F1 by cross-validation over sites, as the data's scorer counts it, and what trafilatura reaches on the
same pages.  The confidence that a reading gets is measured in the same cross-validation and stored with the trees.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from catboost import CatBoostClassifier, Pool
from trafilatura import bare_extraction

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "bench"))

from data import data_option, need, part_of  # noqa: E402
from data import scorer as score_module  # noqa: E402
from wiredesk.errors import UnreadableError  # noqa: E402
from wiredesk.extract import body as reader  # noqa: E402
from wiredesk.extract.blocks import Layout, lay_out  # noqa: E402
from wiredesk.extract.features import features, in_context  # noqa: E402
from wiredesk.extract.page import voices_for_text  # noqa: E402
from wiredesk.records import Page  # noqa: E402

TARGET = ROOT / "src" / "wiredesk" / "extract" / "body.npz"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
FIRST = {"iterations": 500, "depth": 5, "learning_rate": 0.05}
SECOND = {"iterations": 400, "depth": 5, "learning_rate": 0.05}
FOLDS, INNER = 4, 3
GUESSED = 0.3  # weight of a block whose label is trafilatura's
BIN = 20  # readings that a point of the curve is made of, at least
RIGHT = 0.9  # share of right text from which a reading counts as right


@dataclass
class Sample:
    """A page to learn from."""

    id: str
    site: str
    gold: str  # "": snippets only
    is_article: bool
    title: str
    layout: Layout
    rows: Any  # (blocks, columns)
    labels: Any  # (blocks,) bool
    weights: Any  # (blocks,)
    peer: str  # trafilatura's text


def main() -> None:
    """Read the arguments, train, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(options)
    options.add_argument("--dry-run", action="store_true", help="only cross-validate; write nothing")
    options.add_argument("--only-write", action="store_true", help="train and write; keep the confidence that is there")
    given = options.parse_args()
    labels = need(given.data, "articles", "gold.jsonl")
    scorer = score_module("score_extraction", given.data)
    with labels.open(encoding="utf-8") as lines:
        gold = [row for line in lines if part_of((row := json.loads(line))["site"] or row["id"]) == "dev"]
    samples = [sample for row in gold if (sample := _sample(scorer, labels.parent, row))]
    print(f"{len(samples)} pages, {sum(len(sample.rows) for sample in samples)} blocks")

    curve = None
    if not given.only_write:
        curve = _validate(scorer, samples)
    if given.dry_run:
        return
    if curve is None:
        known = np.load(TARGET)
        curve = known["doubts"], known["right"]
    first, second = _train(samples)
    arrays = {**_arrays("first", first), **_arrays("second", second), "doubts": curve[0], "right": curve[1]}
    np.savez_compressed(TARGET, **arrays)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size / 1024:.0f} KiB")


# --- samples ----------------------------------------------------------------------------------------------------


def _sample(scorer: ModuleType, folder: Path, row: dict[str, Any]) -> Sample | None:
    if not row["body"] and not row["with"]:
        return None
    url = row["url"] or f"https://{row['site']}/page"
    kind = "text/html; charset=utf-8" if row["charset"] else "text/html"
    body = gzip.decompress((folder / row["file"]).read_bytes())
    page = Page(url=url, final_url=url, status=200, headers=(("content-type", kind),), body=body, fetched_at=NOW)
    try:
        tree, voices = voices_for_text(page)
    except UnreadableError as error:
        print(f"left out: {error}")
        return None
    layout = lay_out(tree)
    if not layout.blocks:
        return None
    found = bare_extraction(body, url=url, include_comments=False, with_metadata=False)
    peer = (found.text or "") if found else ""
    rows = features(layout, **voices)
    shares, lengths = _shares(scorer, layout, row["body"] or peer)
    weights = np.clip(lengths, 2, 150) ** 0.7
    weights /= weights.sum() ** 0.5
    if not row["body"]:
        sure = _by_snippets(layout, row, shares)
        weights *= np.where(sure, 1.0, GUESSED)
    elif row["type"] != "article":
        weights *= 0.5
    if not (shares >= 0.5).any():
        return None
    return Sample(
        id=row["id"],
        site=row["site"] or row["id"],
        gold=row["body"] or "",
        is_article=row["type"] == "article",
        title=voices["title"],
        layout=layout,
        rows=rows,
        labels=shares >= 0.5,
        weights=weights,
        peer=peer,
    )


def _shares(scorer: ModuleType, layout: Layout, gold: str) -> tuple[Any, Any]:
    """Share of each block that stands in the gold text, and its length in tokens."""
    tokens = scorer.TOKEN.findall(gold)
    runs = set(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))
    lines = {tuple(scorer.TOKEN.findall(line.lstrip("-•* "))) for line in gold.split("\n")}
    whole = "\0" + "\0".join(tokens) + "\0"
    shares, lengths = [], []
    for block in layout.blocks:
        mine = scorer.TOKEN.findall(block.text)
        lengths.append(len(mine))
        if len(mine) >= 4:
            own = list(zip(mine, mine[1:], mine[2:], mine[3:], strict=False))
            shares.append(sum(run in runs for run in own) / len(own))
        elif mine and tuple(mine) in lines:
            shares.append(1.0)
        else:
            shares.append(0.5 if mine and "\0" + "\0".join(mine) + "\0" in whole else 0.0)
    for number, share in enumerate(shares):  # a few words may stand anywhere: their neighbours decide
        if share == 0.5 and lengths[number] < 4:
            before = next((shares[n] for n in range(number - 1, -1, -1) if shares[n] != 0.5), 0)
            after = next((shares[n] for n in range(number + 1, len(shares)) if shares[n] != 0.5), 0)
            shares[number] = float(before > 0.6 and after > 0.6)
    return np.array(shares), np.array(lengths, dtype=float)


def _by_snippets(layout: Layout, row: dict[str, Any], shares: Any) -> Any:
    """Correct `shares` by the snippets that must and must not be there; return which blocks are sure."""
    sure = np.zeros(len(shares), dtype=bool)
    for side, share in (("with", 1.0), ("without", 0.0)):
        snippets = [text for snippet in row[side] or [] if len(text := " ".join(snippet.split())) > 5]
        for number, block in enumerate(layout.blocks):
            inside = any(text in block.text for text in snippets)
            if inside or (share and len(block.text) > 20 and any(block.text in text for text in snippets)):
                shares[number], sure[number] = share, True
    return sure


# --- training ---------------------------------------------------------------------------------------------------


def _fit(samples: Sequence[Sample], rows: Sequence[Any], settings: dict[str, Any]) -> CatBoostClassifier:
    weights = np.concatenate([sample.weights for sample in samples])
    model = CatBoostClassifier(
        **settings, l2_leaf_reg=5, rsm=0.3, bootstrap_type="Bernoulli", subsample=0.7, border_count=64,
        boosting_type="Plain", random_seed=1, thread_count=2, verbose=False, allow_writing_files=False,
    )  # fmt: skip
    labels = np.concatenate([sample.labels for sample in samples]).astype(int)
    return model.fit(Pool(np.vstack(rows), labels, weight=weights * len(weights) / weights.sum()))


def _judge(model: CatBoostClassifier, rows: Any) -> Any:
    return model.predict_proba(rows)[:, 1].astype(np.float32)


def _train(samples: Sequence[Sample]) -> tuple[CatBoostClassifier, CatBoostClassifier]:
    """Train the first forest, and the second one on judgements of first forests that had not seen the page."""
    first = _fit(samples, [sample.rows for sample in samples], FIRST)
    judged: dict[str, Any] = {}
    for fold in range(INNER):
        others = [sample for sample in samples if _fold(sample, INNER, "inner ") != fold]
        model = _fit(others, [sample.rows for sample in others], FIRST)
        judged |= {s.id: _judge(model, s.rows) for s in samples if _fold(s, INNER, "inner ") == fold}
    contexts = [in_context(sample.layout, sample.rows, judged[sample.id]) for sample in samples]
    return first, _fit(samples, contexts, SECOND)


def _fold(sample: Sample, folds: int, salt: str = "") -> int:
    return zlib.crc32((salt + sample.site).encode()) % folds


def _validate(scorer: ModuleType, samples: Sequence[Sample]) -> tuple[Any, Any]:
    """Print what other sites can expect; return (expected shares, how many of such readings were right)."""
    ours, peers, expected, right = [], [], [], []
    for fold in range(FOLDS):
        first, second = _train([sample for sample in samples if _fold(sample, FOLDS) != fold])
        for sample in samples:
            if not sample.gold or _fold(sample, FOLDS) != fold:
                continue
            probability = _judge(second, in_context(sample.layout, sample.rows, _judge(first, sample.rows)))
            chosen = reader._choose(sample.layout, probability, sample.title)
            text = "\n\n".join(sample.layout.blocks[number].text for number in chosen)
            counts = scorer.body_counts(sample.gold, text)
            expected.append(reader._expected(sample.layout.blocks, probability, chosen))
            right.append(counts[0] >= RIGHT)
            if sample.is_article:
                ours.append(counts)
                peers.append(scorer.body_counts(sample.gold, sample.peer))
        print(f"fold {fold + 1} of {FOLDS}", file=sys.stderr)
    for name, all_counts in (("ours", ours), ("trafilatura", peers)):
        precision, recall, f1 = scorer.prf(all_counts)
        print(f"{name:12} {len(all_counts)} articles: precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}")
    return _curve(np.array(expected), np.array(right, dtype=float))


def _curve(expected: Any, right: Any) -> tuple[Any, Any]:
    """Pool neighbours until the share of right readings rises with the expected share (isotonic regression)."""
    order = np.argsort(expected)
    pools: list[Any] = []  # [sum of expected, sum of right, number]
    for part in np.array_split(order, max(1, len(order) // BIN)):
        pools.append(np.array([expected[part].sum(), right[part].sum(), len(part)]))
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            pools[-2:] = [pools[-2] + pools[-1]]
    points = [(x / n, (y + 1) / (n + 2)) for x, y, n in pools]
    print("confidence:", ", ".join(f"{x:.2f} -> {y:.2f}" for x, y in points))
    return np.array([x for x, _ in points], np.float32), np.array([y for _, y in points], np.float32)


def _arrays(name: str, model: CatBoostClassifier) -> dict[str, Any]:
    """Take the trees out of CatBoost's own form."""
    scratch = Path(f"{TARGET}.json")
    model.save_model(str(scratch), format="json")
    told = json.loads(scratch.read_text())
    scratch.unlink()
    trees = told["oblivious_trees"]
    depth = max(len(tree["splits"] or []) for tree in trees)
    columns = np.zeros((len(trees), depth), np.int16)
    borders = np.full((len(trees), depth), np.inf, np.float32)
    leaves = np.zeros((len(trees), 2**depth), np.float32)
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"] or []):
            columns[number, level], borders[number, level] = split["float_feature_index"], split["border"]
        leaves[number, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = told["scale_and_bias"]
    return {
        f"{name}_columns": columns,
        f"{name}_borders": borders,
        f"{name}_leaves": (leaves * scale).astype(np.float16),
        f"{name}_bias": np.float32(bias[0] if isinstance(bias, list) else bias),
    }


if __name__ == "__main__":
    main()
