"""Measure extraction on the article pages: ours, and in the same run the libraries that do the same.

    python bench/extraction.py [--data ../shared/data] [--part dev|kept|all] [--worst FIELD N] [--peers DIR]

Figures of sites that rules were shaped and models trained on ("dev") and of sites kept back from that ("kept") are
printed apart; the last line holds those of the kept ones (or of the part asked for).  Each reader runs in a process of
its own, one page at a time; newspaper4k and readability-lxml in environments that are made for them in DIR.  The
reliability of our confidence (bins of confidence: share that is right, number) and its expected calibration error stand
below each part; a text is right if nine tenths of it are.

Scored by the rules of the data's own scorer (bench/score_extraction.py beside the data).  Body, title, author, date
and image are over pages that are articles.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from data import data_option, need, part_of
from data import scorer as score_module

Row = dict[str, Any]
HERE = Path(__file__).parent
PEERS = {
    "trafilatura": None,  # in our environment
    "newspaper4k": ["newspaper4k==0.9.6", "lxml_html_clean"],
    "readability-lxml": ["readability-lxml==0.8.4.1", "lxml_html_clean"],
}
RIGHT = 0.9  # share of a text from which it counts as right


def main() -> None:
    """Read the arguments, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(options)
    options.add_argument("--part", choices=("dev", "kept", "all"), help="only these sites; default: both, apart")
    options.add_argument("--worst", nargs=2, metavar=("FIELD", "N"), help="list N wrong dev pages of a field")
    options.add_argument("--save", type=Path, help="also write our predictions here (JSON Lines)")
    cache = Path(tempfile.gettempdir()) / "wiredesk-peers"
    options.add_argument("--peers", type=Path, default=cache, metavar="DIR", help=f"environments; default {cache}")
    given = options.parse_args()
    labels = need(given.data, "articles", "gold.jsonl")
    scorer = score_module("score_extraction", given.data)
    with labels.open(encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines]
    parts: dict[str, list[Row]] = {"dev": [], "kept": []} if given.part in {None, "all"} else {given.part: []}
    for row in gold:
        if (part := part_of(row["site"] or row["id"])) in parts:
            parts[part].append(row)
    if given.part == "all":
        parts = {"all": parts["dev"] + parts["kept"]}
    figures: dict[str, Any] = {}
    print(f"{'':22} {'wiredesk':>8}" + "".join(f"{name:>18}" for name in PEERS))
    for part, rows in parts.items():
        found, ours = _measured(scorer, rows, labels.parent, "wiredesk", sys.executable)
        refused = {page: answer["refused"] for page, answer in ours.items() if "refused" in answer}
        ours = {page: answer for page, answer in ours.items() if page not in refused}
        found |= _figures(scorer, rows, ours)
        if given.save:
            with given.save.open("a", encoding="utf-8") as out:
                out.writelines(json.dumps({"id": i, **p}) + "\n" for i, p in ours.items())
        _kinds(part, rows, ours, refused)
        peers: dict[str, Any] = {}
        for name in PEERS:
            python, why = _python(name, given.peers)
            peers[name] = _measured(scorer, rows, labels.parent, name, python)[0] if python else None
            if why:
                print(f"{name}: {why}")
        for name, value in found.items():
            others = "".join(f"{_shown(peers[peer], name):>18}" for peer in PEERS)
            print(f"{name:22} {value:8.3f}{others}")
        for field in ("title", "author", "published", "image", "body"):
            print(f"  {field:10} {reliability(_sure(scorer, rows, ours, field))}")
        figures = {**found, "part": part, "peers": peers}
        if given.worst and part == "dev":
            _worst(scorer, rows, ours, given.worst[0], int(given.worst[1]))
    print(json.dumps(figures))


def _shown(peer: dict[str, float] | None, name: str) -> str:
    return "-" if peer is None or peer.get(name) is None else f"{peer[name]:.3f}"


def _measured(
    scorer: ModuleType, rows: list[Row], data: Path, reader: str, python: str
) -> tuple[dict[str, float], dict[str, Row]]:
    """Return a reader's figures, and its answers by page."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as listed:
        for row in rows:
            url = row["url"] if row["url"].startswith("http") else f"https://{row['site']}/page"  # a few are unknown
            told = {"id": row["id"], "file": row["file"], "url": url, "charset": row["charset"]}
            listed.write(json.dumps(told) + "\n")
        listed.flush()
        command = [python, HERE / "extraction_readers.py", reader, data, listed.name]
        # The readers are measured, not their look-ups: nothing may be downloaded.
        closed = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https")}
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, env=os.environ | closed
        )
    *lines, last = done.stdout.decode().splitlines()
    answers = {told["id"]: told["answer"] for told in map(json.loads, lines) if told["answer"] is not None}
    cost = json.loads(last)
    figures = _figures(scorer, rows, answers)
    figures |= {"pages_per_core_second": round(len(rows) / cost["seconds"], 1), "peak_mib": cost["peak_mib"]}
    return figures, answers


def _python(name: str, cache: Path) -> tuple[str, str]:
    """Return the interpreter for a peer, or "" and why there is none."""
    if PEERS[name] is None:
        return sys.executable, ""
    place = cache / name
    if not (place / "made").exists():
        for command in (
            [sys.executable, "-m", "venv", "--clear", place],
            [place / "bin" / "python", "-m", "pip", "install", "--quiet", *PEERS[name]],
        ):
            made = subprocess.run(command, capture_output=True, text=True, check=False)
            if made.returncode:
                return "", f"cannot be installed: {made.stderr.strip().splitlines()[-1][:200]}"
        (place / "made").touch()
    return str(place / "bin" / "python"), ""


def _kinds(part: str, rows: list[Row], ours: dict[str, Row], refused: dict[str, str]) -> None:
    """Print how well pages that are no articles are told from those that are."""
    articles = {row["id"] for row in rows if row["type"] == "article"}
    others = {row["id"] for row in rows} - articles
    told = sum(
        page in refused or ours[page]["kind"] in _NO_ARTICLE for page in others if page in ours or page in refused
    )
    doubted = sum(ours[page]["kind"] in _NO_ARTICLE for page in articles if page in ours)
    wrong = [(page, why) for page, why in refused.items() if page in articles]
    print(f"== {part}: {len(rows)} pages; of {len(others)} that are no articles {told} are refused or called so;")
    print(f"   of {len(articles)} articles {len(wrong)} are refused, {doubted} called listing or other")
    if part != "kept":
        for page, why in wrong:
            print(f"  {page}: {why}")


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
    if field == "body":
        return bool(scorer.body_counts(row["body"], answer["body"])[0] >= RIGHT)
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
    """Print wrong pages, those that we were surest of first."""
    key = {"author": "authors", "date": "published"}.get(field, field)
    field = {"date": "published"}.get(field, field)
    wrong = []
    for row in rows:
        answer = answers.get(row["id"], {})
        if row["type"] == "article" and row.get(key) and (not answer or not _right(scorer, row, answer, field)):
            sure, rule = (answer.get(told, {}).get(field) for told in ("sure", "rules"))
            if field == "body":  # the worst first; what is missing and what is too much
                sure, *missed = scorer.body_counts(row["body"], answer.get("body"))
                wrong.append((-sure, row["id"], "", "too much {:.2f}, missing {:.2f}".format(*missed), rule))
            else:
                wrong.append((sure or 0.0, row["id"], row[key], answer.get(field), rule))
    for sure, page, want, have, rule in sorted(wrong, key=lambda each: -each[0])[:most]:
        print(f"  {page} at {sure:.2f} by {rule}\n    gold {want!r}\n    ours {have!r}")


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
