"""Measure what knowledge of a host gives: each page read alone, and with what the other pages of its host teach.

    python bench/knowledge.py [--data ../shared/data]

Two sets of pages, by the rules of the data's scorer (bench/score_extraction.py beside the data):

demo    The demonstration archive: fifteen fictional papers, many pages each; the gold is what their authors wrote.
        Read three times: as it is; with JSON-LD and meta tags cut out of the page that is read (the others declare);
        and with them cut out of all pages (nobody declares, feeds tell titles, authors and dates of the others).
shared  Hosts of data/articles with six labelled pages or more, sites for developing only; where there are none, it is
        said, and the figures are null.

Leave one out: what is known of a host is learned from its other pages alone, never from the page itself.  The archive
is our own and its papers are simple, so its figures show what knowledge is for, not what it gives on the web.  The
last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any

from data import data_option, find, need, page_of, part_of
from data import scorer as score_module
from wiredesk.errors import UnreadableError
from wiredesk.extract import HostKnowledge, Lesson, SiteKnowledge, learn, study
from wiredesk.extract.knowledge import FEWEST
from wiredesk.fetch.archive import read_captures
from wiredesk.records import Draft, Page, Problem

ROOT = Path(__file__).parents[1]
Row = dict[str, Any]
LATER = datetime(2100, 1, 1, tzinfo=UTC)
_DECLARED = re.compile(
    rb"<script[^>]*ld\+json[^>]*>.*?</script>|<meta\b[^>]*\b(?:property|name|itemprop)=[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_ITEMS = re.compile(rb"\s(?:itemprop|itemscope|itemtype)(?:=(?:\"[^\"]*\"|'[^']*'))?", re.IGNORECASE)
FIELDS = ("title", "author", "date")


def main() -> None:
    """Read the arguments, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(options)
    given = options.parse_args()
    need(given.data, "articles", "gold.jsonl")
    scorer = score_module("score_extraction", given.data)
    demo = _demo_pages()
    same = _as_it_is
    figures = {
        "demo": _measured(scorer, demo, taught=same, read=same),
        "demo_page_stripped": _measured(scorer, demo, taught=same, read=_stripped),
        "demo_all_stripped": _measured(scorer, demo, taught=_stripped, read=_stripped, told=_told),
        "shared": _measured(scorer, _shared_pages(given.data), taught=same, read=same),
    }
    for name, result in figures.items():
        if result is None:
            print(f"{name}: no host has {FEWEST + 1} labelled pages; not measured")
            continue
        print(f"{name}: {result['pages']} pages of {result['hosts']} hosts, {result['known']} read with knowledge")
        for key in ("body_f1", *FIELDS):
            print(f"  {key:8} alone {result['alone'][key]:.4f}   with knowledge {result['with_knowledge'][key]:.4f}")
    cost = figures["milliseconds"] = _cost(demo)
    print(f"a lesson costs {cost['lesson']} ms of reading a page, learning from 60 lessons {cost['learn']} ms")
    print(json.dumps(figures))


def _measured(
    scorer: ModuleType,
    pages: list[tuple[Row, Page]],
    *,
    taught: Callable[[Page], Page],
    read: Callable[[Page], Page],
    told: Callable[[Row], Mapping[str, str]] = lambda _: {},
) -> Row | None:
    """Return the figures of reading each page alone and with the knowledge that the other pages of its host give."""
    by_host: dict[str, list[tuple[Row, Page]]] = defaultdict(list)
    for row, page in pages:
        by_host[row["host"]].append((row, page))
    hosts = {host: mine for host, mine in by_host.items() if len(mine) > FEWEST}
    if not hosts:
        return None
    alone: dict[str, Row] = {}
    informed: dict[str, Row] = {}
    known = 0
    for mine in hosts.values():
        lessons = [(row, lesson) for row, page in mine if (lesson := _lesson(taught(page), told(row)))]
        for row, page in mine:
            others = [lesson for other, lesson in lessons if other["url"] != row["url"]]
            version = learn(others, LATER)
            knowledge = HostKnowledge(host=row["host"], versions=(version,)).at(LATER) if version else None
            known += knowledge is not None
            alone[row["id"]] = _answer(read(page), None)
            informed[row["id"]] = _answer(read(page), knowledge)
    rows = [row for mine in hosts.values() for row, _ in mine]
    return {
        "pages": len(rows),
        "hosts": len(hosts),
        "known": known,
        "alone": _figures(scorer, rows, alone),
        "with_knowledge": _figures(scorer, rows, informed),
    }


def _demo_pages() -> list[tuple[Row, Page]]:
    """The first capture of each article of the archive, with what its author wrote."""
    sys.path.insert(0, str(ROOT / "demo"))
    from content import read_content  # the demo's builder is no package

    texts = {text.path: text for text in read_content(ROOT / "demo" / "content")}
    gold = [json.loads(line) for line in (ROOT / "demo" / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    texts_by_url = {row["url"]: texts[row["file"]] for row in gold}
    found: dict[str, tuple[Row, Page]] = {}
    for file in sorted(resources.files("wiredesk.demo").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".warc.gz"):
            continue
        for capture in read_captures(Path(str(file))):
            if isinstance(capture, Problem) or capture[0].url not in texts_by_url or capture[0].url in found:
                continue
            page, text = capture[0], texts_by_url[capture[0].url]
            blocks = text.blocks_at(page.fetched_at)
            row = {
                "id": page.url,
                "url": page.url,
                "host": page.url.split("/")[2],
                "title": text.title_at(page.fetched_at),
                "authors": list(text.authors),
                "published": text.published.isoformat(),
                "body": "\n\n".join(part for _, parts in blocks for part in parts),
            }
            found[page.url] = (row, page)
    return list(found.values())


def _shared_pages(data: Path) -> list[tuple[Row, Page]]:
    labels = find(data, "articles", "gold.jsonl")
    assert labels is not None
    found = []
    for line in labels.open(encoding="utf-8"):
        row = json.loads(line)
        if row["type"] == "article" and part_of(row["site"]) == "dev":
            page = page_of(labels.parent, row)
            found.append(({**row, "url": page.url, "host": row["site"]}, page))
    return found


def _told(row: Row) -> Mapping[str, str]:
    """What a feed that names title, authors and date of every article says of one."""
    return {"title": row["title"], "authors": "; ".join(row["authors"]), "published": row["published"]}


def _as_it_is(page: Page) -> Page:
    return page


def _stripped(page: Page) -> Page:
    return replace(page, body=_ITEMS.sub(b"", _DECLARED.sub(b"", page.body)))


def _lesson(page: Page, told: Mapping[str, str]) -> Lesson | None:
    try:
        lesson = study(page)[1]
    except UnreadableError:
        return None
    return replace(lesson, told={name: value for name, value in told.items() if value}) if lesson else None


def _answer(page: Page, knowledge: SiteKnowledge | None) -> Row:
    try:
        draft: Draft = study(page, knowledge=knowledge)[0]
    except UnreadableError:
        return {}
    return {
        "title": draft.title,
        "author": list(draft.authors),
        "published": draft.published_at.isoformat() if draft.published_at else None,
        "body": draft.text,
    }


def _figures(scorer: ModuleType, rows: list[Row], answers: dict[str, Row]) -> dict[str, float]:
    result, _ = scorer.score(rows, answers, boot=0)
    return {
        "body_f1": round(result["body"]["f1"], 4),
        **{field: round(result[field]["accuracy"], 4) if field in result else 0.0 for field in FIELDS},
    }


def _cost(pages: list[tuple[Row, Page]]) -> dict[str, float]:
    """Milliseconds of processor time: what a lesson adds to reading a page, and learning from 60 lessons."""
    from wiredesk.extract.body import read_body
    from wiredesk.extract.page import address_of, parse, read_page
    from wiredesk.extract.sighting import blocks, sightings

    trees = [parse(page) for _, page in pages]
    read = [read_page(tree, page, address_of(page)) for tree, (_, page) in zip(trees, pages, strict=True)]
    texts = [read_body(tree, "https://a.example/").page.blocks for tree in trees]
    begun = time.process_time()
    for each, words in zip(read, texts, strict=True):
        sightings(each.marks, each.said, each.claims, each.around.outlets)
        blocks(words)
    lesson = (time.process_time() - begun) / len(read)
    lessons = [each for _, page in pages[:60] if (each := _lesson(page, {}))]
    begun = time.process_time()
    learn(lessons, LATER)
    return {"lesson": round(1000 * lesson, 2), "learn": round(1000 * (time.process_time() - begun), 2)}


if __name__ == "__main__":
    main()
