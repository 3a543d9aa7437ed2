"""Measure extraction on the article pages: ours, and in the same run the peer trafilatura alone.

    python bench/extraction.py [--data ../shared/data] [--part dev|kept|all] [--worst FIELD N]

Figures of sites that rules were shaped and weights fitted on ("dev") and of sites that nobody looked at ("kept") are
printed apart; the last line holds those of the kept ones (or of the part asked for).  The reliability of our confidence
(bins of confidence: share that is right, number) and its expected calibration error stand below each part.

Scored by the rules of the data's own scorer (bench/score_extraction.py beside the data).  Body, title, author, date
and image are over pages that are articles; the last line is one JSON object with these and the peer's figures.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType
from typing import Any

from trafilatura import bare_extraction

from data import data_option, need, part_of
from data import scorer as score_module
from wiredesk.errors import UnreadableError
from wiredesk.extract import extract
from wiredesk.records import Page

Row = dict[str, Any]
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def main() -> None:
    """Read the arguments, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(options)
    options.add_argument("--part", choices=("dev", "kept", "all"), help="only these sites; default: both, apart")
    options.add_argument("--worst", nargs=2, metavar=("FIELD", "N"), help="list N wrong dev pages of a field")
    options.add_argument("--save", type=Path, help="also write our predictions here (JSON Lines)")
    given = options.parse_args()
    labels = need(given.data, "articles", "gold.jsonl")
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
        pages = {row["id"]: page_of(labels.parent, row) for row in rows}
        refused: dict[str, str] = {}  # id -> why
        ours, speed = _run(rows, pages, lambda page: _ours(page))
        for row in rows:
            if (why := ours.get(row["id"], {}).pop("refused", None)) is not None:
                refused[row["id"]] = why
                del ours[row["id"]]
        theirs, peer_speed = _run(rows, pages, _trafilatura)
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
        found = _figures(scorer, rows, ours, speed)
        peer = _figures(scorer, rows, theirs, peer_speed)
        for name, value in found.items():
            print(f"{name:22} {value:8.3f}   trafilatura {peer[name]:8.3f}")
        for field in ("title", "author", "published", "image"):
            print(f"  {field:10} {reliability(_sure(scorer, rows, ours, field))}")
        figures = {**found, "part": part, "peers": {"trafilatura": peer}}
        if given.worst and part == "dev":
            _worst(scorer, rows, ours, given.worst[0], int(given.worst[1]))
    figures["peak_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(figures))


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
    """Print wrong pages, those that we were surest of first."""
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


def _run(gold: list[Row], pages: dict[str, Page], read: Callable[[Page], Row | None]) -> tuple[dict[str, Row], float]:
    """Return predictions by id and pages per second of processor time."""
    read(pages[gold[0]["id"]])  # models are loaded once, not per page
    begun = time.process_time()
    found = dict(_answers(gold, pages, read))
    return found, len(gold) / (time.process_time() - begun)


def _answers(gold: list[Row], pages: dict[str, Page], read: Callable[[Page], Row | None]) -> Iterator[tuple[str, Row]]:
    for number, row in enumerate(gold, 1):
        if (answer := read(pages[row["id"]])) is not None:
            yield row["id"], answer
        if sys.stderr.isatty() and not number % 50:
            print(f"\r{number}/{len(gold)}", end="", file=sys.stderr)


def _ours(page: Page) -> Row | None:
    try:
        draft = extract(page, obey=False)  # measured is the reading, also of pages that opt out
    except UnreadableError as error:
        return {"refused": error.what}
    published = draft.published_at
    if published and draft.published_offset is not None:
        published = published.astimezone(timezone(timedelta(minutes=draft.published_offset)))
    names = {"title": "title", "author": "authors", "published": "published_at", "image": "image"}
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


def _trafilatura(page: Page) -> Row | None:
    found = bare_extraction(page.body, url=page.url or None, include_comments=False, with_metadata=True)
    if found is None:
        return None
    answer = {"title": found.title, "author": found.author, "published": found.date}
    return {**answer, "body": found.text, "image": found.image}


def _figures(scorer: ModuleType, gold: list[Row], answers: dict[str, Row], speed: float) -> dict[str, float]:
    articles, _ = scorer.score([row for row in gold if row["type"] == "article"], answers, boot=0)
    others, _ = scorer.score([row for row in gold if row["type"] != "article"], answers, boot=0)
    return {
        "body_f1": round(articles["body"]["f1"], 4),
        "body_precision": round(articles["body"]["precision"], 4),
        "body_recall": round(articles["body"]["recall"], 4),
        "snippets_f1": round(articles["segments"]["f1"], 4),
        "other_body_f1": round(others["body"]["f1"], 4),
        **{field: round(articles[field]["accuracy"], 4) for field in ("title", "author", "date", "image")},
        "pages_per_core_second": round(speed, 1),
    }


if __name__ == "__main__":
    main()
