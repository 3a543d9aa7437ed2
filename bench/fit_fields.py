"""Count how reliable each rule of extraction is: writes src/wiredesk/extract/weights.json.

    python bench/fit_fields.py [--data ../shared/data] [--try]

Only "dev" sites are used (bench/data.py).  For each field a logistic regression with a ridge penalty learns from every
candidate of every labelled page whether it is what gold says; the curve that turns sums into confidence is fitted on
sums that were given by weights of other sites (five folds).  Printed: accuracy and calibration by these folds.
--try prints without writing.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from data import data_option, need, page_of, part_of
from data import scorer as score_module
from extraction import reliability
from wiredesk.errors import UnreadableError
from wiredesk.extract.choose import Candidate, score, sureness
from wiredesk.extract.fields import FIELDS, weighed
from wiredesk.extract.page import address_of, parse, read_page

TABLE = Path(__file__).parents[1] / "src" / "wiredesk" / "extract" / "weights.json"
FOLDS = 5
SEEN = 3  # pages on which a name of evidence has to occur to be kept
PENALTY = 1.0
GOLD = {"title": "title", "authors": "authors", "published": "published", "image": "image"}


@dataclass
class Case:
    """One labelled page for one field."""

    id: str
    site: str
    candidates: list[Candidate]
    right: list[bool]


def main() -> None:
    """Read the arguments, fit, print, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(options)
    options.add_argument("--try", action="store_true", dest="only_try", help="write nothing")
    given = options.parse_args()
    labels = need(given.data, "articles", "gold.jsonl")
    scorer = score_module("score_extraction", given.data)
    cases = _cases(labels, scorer)
    table: dict[str, Any] = {}
    for field in FIELDS:
        table[field] = _fit_field(field, cases[field])
    if not given.only_try:
        TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"wrote {TABLE.name}")


def right(field: str, row: dict[str, Any], value: Any, scorer: Any) -> bool:
    """Tell whether `value` is what gold says, by the rules of the data's own scorer."""
    match field:
        case "title":
            return bool(scorer.norm(row["title"]) == scorer.norm(value))
        case "authors":
            return bool(scorer.names(row["authors"]) == scorer.names(list(value)))
        case "published":
            return bool(scorer.days(row["published"]) & scorer.days(value))
        case _:
            keys = set().union(*map(scorer.image_keys, row["image"]))
            return bool(keys & scorer.image_keys(value.url))


def _cases(labels: Path, scorer: Any) -> dict[str, list[Case]]:
    cases: dict[str, list[Case]] = {field: [] for field in FIELDS}
    with labels.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        if row["type"] != "article" or part_of(row["site"] or row["id"]) != "dev":
            continue
        page = page_of(labels.parent, row)
        try:
            read = read_page(parse(page), page, address_of(page))
        except UnreadableError:
            continue
        for field in FIELDS:
            if row.get(GOLD[field]):
                found = weighed(field, read.claims[field], read.around)
                marks = [right(field, row, best_value(c), scorer) for c in found]
                cases[field].append(Case(row["id"], row["site"] or row["id"], found, marks))
    return cases


def best_value(candidate: Candidate) -> Any:
    return candidate.best.value


def _fold(site: str) -> int:
    return sha256(b"fold" + site.encode()).digest()[0] % FOLDS


def _fit_field(field: str, cases: Sequence[Case]) -> dict[str, Any]:
    held: list[tuple[float, float, bool]] = []  # (sum, lead, right) of winners, by weights of other sites
    for fold in range(FOLDS):
        weights = _fit([case for case in cases if _fold(case.site) != fold])
        held += _winners(weights, [case for case in cases if _fold(case.site) == fold])
    reach = sum(any(case.right) for case in cases)
    empty = sum(not case.candidates for case in cases)
    accuracy = sum(hit for _, _, hit in held) / len(cases)
    weights = _fit(cases)
    inside = sum(hit for _, _, hit in _winners(weights, cases)) / len(cases)
    curve = _curve(held)
    print(f"{field:10} {len(cases)} pages, {empty} without a claim, {reach / len(cases):.3f} have a right one; "
          f"chosen right {accuracy:.3f} by folds, {inside:.3f} with all; {len(weights)} weights")  # fmt: skip
    sure = [(sureness(curve, total, lead), hit) for total, lead, hit in held]
    print("  " + reliability(sure))
    return {"weights": weights, "sure": curve}


def _winners(weights: dict[str, float], cases: Sequence[Case]) -> Iterator[tuple[float, float, bool]]:
    for case in cases:
        if case.candidates:
            scores = [score(weights, candidate) for candidate in case.candidates]
            at = max(range(len(scores)), key=lambda i: (scores[i], -i))
            rivals = [s for i, s in enumerate(scores) if i != at]
            yield scores[at], min(scores[at] - max(rivals), 6.0) if rivals else 6.0, case.right[at]


def _fit(cases: Sequence[Case]) -> dict[str, float]:
    seen = Counter(name for case in cases for name in {n for c in case.candidates for n in c.evidence})
    names = sorted(name for name, count in seen.items() if count >= SEEN)
    index = {name: number for number, name in enumerate(names)}
    rows = [(c, hit) for case in cases for c, hit in zip(case.candidates, case.right, strict=True)]
    x = np.zeros((len(rows), len(names) + 1))
    for number, (candidate, _) in enumerate(rows):
        for name in candidate.evidence:
            if name in index:
                x[number, index[name]] = 1
    x[:, -1] = 1
    w = _logistic(x, np.array([hit for _, hit in rows], float), PENALTY)
    return {"": round(float(w[-1]), 3), **{n: round(float(w[i]), 3) for n, i in index.items() if abs(w[i]) >= 0.005}}


def _logistic(x: Any, y: Any, penalty: float) -> Any:
    """Newton's method for a ridge-penalised logistic regression; the last column is not penalised."""
    w = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], penalty)
    ridge[-1] = 1e-6
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        step = np.linalg.solve((x.T * (p * (1 - p) + 1e-9)) @ x + np.diag(ridge), x.T @ (y - p) - ridge * w)
        w += step
        if np.abs(step).max() < 1e-6:
            break
    return w


def _curve(held: Sequence[tuple[float, float, bool]]) -> list[float]:
    x = np.array([[max(-8.0, min(8.0, s)), lead, 1.0] for s, lead, _ in held])
    hits = np.array([hit for _, _, hit in held], float)
    w = _logistic(x, hits, 1.0)
    for column in (0, 1):
        if w[column] < 0:  # more evidence never makes less sure
            x[:, column] = 0
            w = _logistic(x, hits, 1.0)
    return [round(float(v), 3) for v in (w[2], w[0], w[1])]


if __name__ == "__main__":
    main()
