"""Measure extraction on the article pages: ours, and in the same run the peer trafilatura alone.

    python bench/extraction.py [--data ../shared/data]

Scored by the rules of the data's own scorer (bench/score_extraction.py beside the data).  Body, title, author, date
and image are over pages that are articles; the last line is one JSON object with these and the peer's figures.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from trafilatura import bare_extraction

from data import data_option, need
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
    options.add_argument("--save", type=Path, help="also write our predictions here (JSON Lines)")
    given = options.parse_args()
    labels = need(given.data, "articles", "gold.jsonl")
    scorer = score_module("score_extraction", given.data)
    with labels.open(encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines]
    pages = {row["id"]: page_of(labels.parent, row) for row in gold}

    refused: list[tuple[str, str]] = []  # (address, why)
    ours, speed = _run(gold, pages, lambda page: _ours(page, refused))
    theirs, peer_speed = _run(gold, pages, _trafilatura)
    if given.save:
        given.save.write_text("".join(json.dumps({"id": i, **p}) + "\n" for i, p in ours.items()), encoding="utf-8")
    articles = {pages[row["id"]].url for row in gold if row["type"] == "article"}
    wrong = [(page, why) for page, why in refused if page in articles]
    print(f"{len(gold)} pages; refused {len(refused)}, of these {len(wrong)} that gold calls articles")
    for page, why in wrong:
        print(f"  {page}: {why}")
    figures = _figures(scorer, gold, ours, speed)
    peer = _figures(scorer, gold, theirs, peer_speed)
    for name, value in figures.items():
        print(f"{name:22} {value:8.3f}   trafilatura {peer[name]:8.3f}")
    print(json.dumps({**figures, "peers": {"trafilatura": peer}}))


def page_of(data: Path, row: Row) -> Page:
    """Return a page of the data as it would have been received."""
    url = row["url"] or f"https://{row['site']}/page"
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


def _ours(page: Page, refused: list[tuple[str, str]]) -> Row | None:
    try:
        draft = extract(page)
    except UnreadableError as error:
        refused.append((page.url, error.what))
        return None
    return {
        "title": draft.title,
        "author": list(draft.authors),
        "published": draft.published_at.isoformat() if draft.published_at else None,
        "body": draft.text,
        "image": draft.image.url if draft.image else None,
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
