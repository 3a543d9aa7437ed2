"""Measure extraction on the article pages: ours, and on the same pages trafilatura, newspaper4k and readability-lxml.

    python bench/extraction.py [--data ../shared/data] [--part dev|kept|all] [--worst FIELD N]
                               [--peers all|trafilatura|none] [--cache DIR]

Figures of sites that rules were shaped and weights fitted on ("dev") and of sites that nobody looked at ("kept") are
printed apart; the last line holds those of the kept ones (or of the part asked for).  The reliability of our confidence
(bins of confidence: share that is right, number) and its expected calibration error stand below each part.

Scored by the rules of the data's own scorer (bench/score_extraction.py beside the data).  Body, title, author, date
and image are over pages that are articles; the last line is one JSON object with these and the peers' figures.  Each
reader is a process of its own, one after another: processor time without loading, and the peak of its memory.
trafilatura runs in our environment, the others in ones of their own that are made below the cache folder; a peer that
cannot be had is null, with the reason.  Measured is how well pages are read: opt-outs and marks of paid text are not
obeyed for it; how many pages they concern is printed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType
from typing import Any

from data import data_option, need, part_of
from data import scorer as score_module
from wiredesk.errors import UnreadableError
from wiredesk.extract import extract
from wiredesk.records import Page, has_clock

Row = dict[str, Any]
NOW = datetime(2026, 11, 20, tzinfo=UTC)
PEERS = {"trafilatura": [], "newspaper4k": ["newspaper4k"], "readability-lxml": ["readability-lxml", "lxml_html_clean"]}
HERE = Path(__file__)


def main() -> None:
    """Read the arguments, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(options)
    options.add_argument("--part", choices=("dev", "kept", "all"), help="only these sites; default: both, apart")
    options.add_argument("--worst", nargs=2, metavar=("FIELD", "N"), help="list N wrong dev pages of a field")
    options.add_argument("--save", type=Path, help="also write our predictions here (JSON Lines)")
    options.add_argument(
        "--peers", choices=("all", "trafilatura", "none"), default="all", help="which are measured too"
    )
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wiredesk-bench"
    options.add_argument("--cache", type=Path, default=cache, help="where the peers' environments are, or are made")
    options.add_argument("--child", nargs=2, type=Path, metavar=("ROWS", "OUT"), help=argparse.SUPPRESS)
    given = options.parse_args()
    labels = need(given.data, "articles", "gold.jsonl")
    if given.child:
        _child(labels, *given.child)
        return
    scorer = score_module("score_extraction", given.data)
    with labels.open(encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines]
    parts = {"dev": [], "kept": []} if given.part in {None, "all"} else {given.part: []}  # type: dict[str, list[Row]]
    for row in gold:
        if (part := part_of(row["site"] or row["id"])) in parts:
            parts[part].append(row)
    if given.part == "all":
        parts = {"all": parts["dev"] + parts["kept"]}
    figures: dict[str, Any] = {}
    for part, rows in parts.items():
        ours, cost = _measured(labels, rows, None, given)[0] or ({}, {})
        refused = {page: answer["refused"] for page, answer in ours.items() if "refused" in answer}  # id -> why
        ours = {page: answer for page, answer in ours.items() if page not in refused}
        peers: dict[str, dict[str, Any] | None] = {}
        for name in PEERS if given.peers == "all" else [given.peers] if given.peers != "none" else []:
            measured, why = _measured(labels, rows, name, given)
            if measured is None:
                print(f"{name}: {why}")
            peers[name] = _of_peer(_figures(scorer, rows, measured[0]), *measured) if measured else None
        if given.save:
            with given.save.open("a", encoding="utf-8") as out:
                out.writelines(json.dumps({"id": i, **p}) + "\n" for i, p in ours.items())
        articles = {row["id"] for row in rows if row["type"] == "article"}
        wrong = [(page, why) for page, why in refused.items() if page in articles]
        other = len(rows) - len(articles)
        told = sum(
            ours.get(row["id"], {"kind": "refused"})["kind"] in _NO_ARTICLE for row in rows if row["type"] != "article"
        )
        doubted = sum(ours[i]["kind"] in _NO_ARTICLE for i in articles if i in ours)
        print(
            f"== {part}: {len(rows)} pages; of {other} that are no articles {told} are refused "
            "or called listing or other;"
        )
        print(f"   of {len(articles)} articles {len(wrong)} are refused, {doubted} called listing or other")
        if part != "kept":
            for page, why in wrong:
                print(f"  {page}: {why}")
        withheld = sum(bool(answer["withheld"]) for answer in ours.values())
        print(f"   opt-outs or marks of paid parts withhold the text, or some of it, of {withheld} pages by default")
        found = {**_figures(scorer, rows, ours), **cost}
        columns = {"ours": found, **{name: peer for name, peer in peers.items() if peer}}
        print(f"{'':22}" + "".join(f"{name:>18}" for name in columns))
        for name in found:
            print(f"{name:22}" + "".join(_cell(column.get(name)) for column in columns.values()))
        for field in ("title", "author", "published", "image"):
            print(f"  {field:10} {reliability(_sure(scorer, rows, ours, field))}")
        figures = {**found, "part": part, "peers": peers}
        if given.worst and part == "dev":
            _worst(scorer, rows, ours, given.worst[0], int(given.worst[1]))
    print(json.dumps(figures))


def _of_peer(figures: dict[str, float], answers: dict[str, Row], cost: dict[str, float]) -> dict[str, Any]:
    """A peer's figures; None for what it does not look for."""
    keys = {"title": "title", "author": "author", "date": "published", "image": "image"}
    has = {field for field, key in keys.items() if any(answer.get(key) for answer in answers.values())}
    return {name: None if name in keys and name not in has else value for name, value in figures.items()} | cost


def _cell(value: float | None) -> str:
    return f"{'-':>18}" if value is None else f"{value:18.3f}" if value < 10 else f"{value:18.1f}"


_NO_ARTICLE = {"refused", "listing", "other"}


def reliability(pairs: Sequence[tuple[float, bool]]) -> str:
    """Return bins of confidence with the share that was right, and the expected calibration error, as one line."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for sure, hit in pairs:
        bins.setdefault(min(9, int(sure * 10)), []).append((sure, hit))
    error = sum(abs(sum(s for s, _ in b) - sum(h for _, h in b)) for b in bins.values()) / (len(pairs) or 1)
    curve = "  ".join(f".{at}: {sum(h for _, h in b) / len(b):.2f} ({len(b)})" for at, b in sorted(bins.items()))
    return f"calibration error {error:.3f}   {curve}"


def _right(scorer: ModuleType, row: Row, answer: Row, field: str) -> bool:
    key = {"author": "authors"}.get(field, field)
    found, _ = scorer.score([{"id": row["id"], key: row[key]}], {row["id"]: answer}, boot=0)
    return bool(found["date" if field == "published" else field]["accuracy"] == 1)


def _sure(scorer: ModuleType, rows: list[Row], answers: dict[str, Row], field: str) -> list[tuple[float, bool]]:
    key = {"author": "authors"}.get(field, field)
    with_gold = [
        row for row in rows if row["type"] == "article" and row.get(key) and answers.get(row["id"], {}).get(field)
    ]
    return [(answers[r["id"]]["sure"][field], _right(scorer, r, answers[r["id"]], field)) for r in with_gold]


def _worst(scorer: ModuleType, rows: list[Row], answers: dict[str, Row], field: str, most: int) -> None:
    """Print wrong pages, those that we were surest of first; of the text, those that share least with gold."""
    if field == "body":
        _, bodies = scorer.score([row for row in rows if row["type"] == "article"], answers, boot=0)
        for right, surplus, missed, page in sorted(bodies)[:most]:
            rule = answers.get(page, {}).get("rules", {}).get("body")
            print(f"  {page} by {rule}: {right:.2f} right, {surplus:.2f} too much, {missed:.2f} missed")
        return
    key = {"author": "authors", "date": "published"}.get(field, field)
    field = {"date": "published"}.get(field, field)
    wrong = []
    for row in rows:
        answer = answers.get(row["id"], {})
        if row["type"] == "article" and row.get(key) and not _right(scorer, row, answer, field):
            wrong.append(
                (
                    answer.get("sure", {}).get(field, 0.0),
                    row["id"],
                    row[key],
                    answer.get(field),
                    answer.get("rules", {}).get(field),
                )
            )
    for sure, page, want, have, rule in sorted(wrong, key=lambda each: -each[0])[:most]:
        print(f"  {page} at {sure:.2f} by {rule}\n    gold {want!r}\n    ours {have!r}")


def page_of(data: Path, row: Row) -> Page:
    """Return a page of the data as it would have been received."""
    url = row["url"] if row["url"].startswith("http") else f"https://{row['site']}/page"  # a few are unknown
    kind = "text/html; charset=utf-8" if row["charset"] else "text/html"
    body = gzip.decompress((data / row["file"]).read_bytes())
    return Page(url=url, final_url=url, status=200, headers=(("content-type", kind),), body=body, fetched_at=NOW)


Measured = tuple[dict[str, Row], dict[str, float]]  # answers by id; pages a second of processor time, peak


def _measured(labels: Path, rows: list[Row], peer: str | None, given: Any) -> tuple[Measured | None, str]:
    """Return what a reader (None: ours) makes of the pages in a process of its own; else None and why."""
    python, why = (Path(sys.executable), "") if peer is None else _environment(peer, given.cache)
    if python is None:
        return None, why
    with tempfile.TemporaryDirectory() as folder:
        asked, out = Path(folder) / "rows.jsonl", Path(folder) / "answers.jsonl"
        asked.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        environment = dict(os.environ)
        if peer is None:
            command = [str(each) for each in (python, HERE, "--data", given.data, "--child", asked, out)]
        else:
            # Measured is the reader, not what some of its parts would download.
            environment |= {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https")} | {
                "PYTHONPATH": ""
            }
            script = HERE.with_name("extraction_peers.py")
            command = [str(each) for each in (python, script, peer, asked, labels.parent, out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            if peer is None:
                raise SystemExit(done.stderr)
            return None, f"does not read the pages: {_last(done.stderr)}"
        *lines, last = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    speed = round(len(rows) / last["seconds"], 1)
    return (
        {line.pop("id"): line for line in lines},
        {"pages_per_core_second": speed, "peak_mib": last["peak_mib"]},
    ), ""


def _environment(peer: str, cache: Path) -> tuple[Path | None, str]:
    """Return the interpreter that has a peer, made where there is none yet; else None and why."""
    if not PEERS[peer]:
        return Path(sys.executable), ""
    place = cache / peer
    python = place / "bin" / "python"
    if not (place / "made").exists():
        shutil.rmtree(place, ignore_errors=True)
        for command in (
            [sys.executable, "-m", "venv", place],
            [python, "-m", "pip", "install", "--quiet", *PEERS[peer]],
        ):
            made = subprocess.run(command, capture_output=True, text=True, check=False)
            if made.returncode:
                return None, f"cannot be installed: {_last(made.stderr)}"
        (place / "made").touch()
    return python, ""


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and not re.match(r"WARNING|\[notice\]", line)]
    return lines[-1][:300] if lines else "it does not say why"


def _child(labels: Path, asked: Path, out: Path) -> None:
    """Read the pages with ours, as `extraction_peers.py` does with a peer."""
    rows = [json.loads(line) for line in asked.read_text(encoding="utf-8").splitlines()]
    _ours(page_of(labels.parent, rows[0]))  # models are loaded once, not per page
    seconds = 0.0
    answers = []
    for row in rows:
        page = page_of(labels.parent, row)
        began = time.process_time()
        answer = _ours(page)
        seconds += time.process_time() - began
        answers.append({"id": row["id"], **answer})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for answer, row in zip(answers, rows, strict=True):
        answer["withheld"] = "refused" not in answer and extract(page_of(labels.parent, row)).text != answer["body"]
    lines = [*answers, {"seconds": seconds, "peak_mib": round(peak)}]
    out.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def _ours(page: Page) -> Row:
    try:
        draft = extract(page, obey=False, open_parts_only=False)
    except UnreadableError as error:
        return {"refused": error.what}
    published = draft.published_at
    if published and draft.published_offset is not None:
        zone = timezone(timedelta(minutes=draft.published_offset))
        # A day without a clock is kept as its midnight in UTC; it began at that of its own zone.
        published = published.astimezone(zone) if has_clock(published) else published.replace(tzinfo=zone)
    names = {"title": "title", "author": "authors", "published": "published_at", "image": "image", "body": "text"}
    return {
        "title": draft.title,
        "author": list(draft.authors),
        "published": published.isoformat() if published else None,
        "body": draft.text,
        "image": draft.image.url if draft.image else None,
        "kind": draft.kind,
        "sure": {ours: draft.confidence.get(field, 0.0) for ours, field in names.items()},
        "rules": {ours: draft.rules.get(field) for ours, field in names.items()},
    }


def _figures(scorer: ModuleType, gold: list[Row], answers: dict[str, Row]) -> dict[str, float]:
    articles, _ = scorer.score([row for row in gold if row["type"] == "article"], answers, boot=0)
    others, _ = scorer.score([row for row in gold if row["type"] != "article"], answers, boot=0)
    return {
        "body_f1": round(articles["body"]["f1"], 4),
        "body_precision": round(articles["body"]["precision"], 4),
        "body_recall": round(articles["body"]["recall"], 4),
        "snippets_f1": round(articles["segments"]["f1"], 4),
        "other_body_f1": round(others["body"]["f1"], 4),
        **{field: round(articles[field]["accuracy"], 4) for field in ("title", "author", "date", "image")},
    }


if __name__ == "__main__":
    main()
