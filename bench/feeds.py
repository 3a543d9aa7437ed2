"""Measure the reading of feeds: ours, and in the same run feedparser, fastfeedparser, and the second after the first.

    python bench/feeds.py [--data ../shared/data] [--wrong 20]

Scored by the rules of the data's own scorer (bench/score_feeds.py beside the data).  `right` of `files`: files with
every asserted title, link and date right, among those whose expected values come from the feed's author or from tests
of other projects (not from agreement of the peers).  Speed: complete real feeds, parsed from memory, per second of
processor time; what the scorer needs is put together outside of that time, for everybody.  The last line is one JSON
object.

Two things that we do on purpose need a translation before comparing.  Titles are plain text, and the scorer takes HTML:
ours are escaped.  Links are always absolute: `right` compares them as they are; `right_resolved` resolves relative
links of the expected values from the same address first, for everybody.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import html
import io
import json
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urljoin

import feedparser

import wiredesk.sources.feeds as door
from data import data_option, need
from data import scorer as score_module
from wiredesk.errors import UnreadableError
from wiredesk.records import Page
from wiredesk.urls import resolve

try:
    import fastfeedparser
except ImportError:
    fastfeedparser = None

Row = dict[str, Any]
Read = Callable[[Page], Any]  # raises where it cannot
Tell = Callable[[Any], Row]  # what `Read` gave, as the scorer wants it
NOW = datetime(2026, 11, 20, tzinfo=UTC)
ADDRESS = "http://127.0.0.1:8097/feed/file"  # where the tests of feedparser were served: expected links start there
REAL = "fastfeedparser"  # the collection of complete real feeds
AGREED = "consensus"


def main() -> None:
    """Read the arguments, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(options)
    options.add_argument("--wrong", type=int, default=0, help="also list the first N files that we read wrong")
    given = options.parse_args()
    warnings.simplefilter("ignore")
    labels = need(given.data, "feeds", "gold.jsonl")
    scorer = score_module("score_feeds", given.data)
    with labels.open(encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines]
    pages = {row["id"]: _page(labels.parent, row) for row in gold}
    real = [pages[row["id"]] for row in gold if row["source"] == REAL]

    calls = _count_fallbacks()
    figures: dict[str, Row] = {}
    wrong: list[str] = []
    for name, read, tell, rounds in _readers():
        speed = _speed(real, read, rounds)
        calls.clear()
        answers = {row["id"]: _answer(pages[row["id"]], read, tell) for row in gold}
        patient = set(calls)
        figures[name] = _figures(scorer, gold, answers) | {"feeds_per_second": round(speed, 1)}
        if name == "wiredesk":
            figures[name]["fallback_share"] = round(len(patient) / len(gold), 4)
            figures[name]["fallback_share_real"] = round(sum(id(page) in patient for page in real) / len(real), 4)
            wrong = _wrong(scorer, gold, answers)
    _print(figures, sum(len(page.body) for page in real), len(real))
    for line in wrong[: given.wrong]:
        print("wrong", line)
    ours = figures.pop("wiredesk")
    missing = {} if fastfeedparser else dict.fromkeys(("fastfeedparser", "fastfeedparser_then_feedparser"))
    print(json.dumps({**ours, "peers": figures | missing}))


def _page(data: Path, row: Row) -> Page:
    body = gzip.decompress((data / row["file"]).read_bytes())
    headers = tuple((row["headers"] or {}).items())
    return Page(url=ADDRESS, final_url=ADDRESS, status=200, headers=headers, body=body, fetched_at=NOW)


def _count_fallbacks() -> list[int]:
    """Note in the list that comes back which pages go to the patient reader."""
    calls: list[int] = []
    patient = door.read_patiently

    def counted(page: Page, body: bytes) -> door.Feed | None:
        calls.append(id(page))
        return patient(page, body)

    door.read_patiently = counted
    return calls


def _readers() -> Sequence[tuple[str, Read, Tell, int]]:
    """Return name, reader, and how often the real feeds are read for its speed (the best round counts)."""
    ours = ("wiredesk", partial(door.parse_feed, as_written=True), _tell_ours, 5)
    patient = ("feedparser", _feedparser, _tell_feedparser, 1)
    if fastfeedparser is None:
        print("fastfeedparser is not installed: its figures are null")
        return (ours, patient)
    return (
        ours,
        patient,
        ("fastfeedparser", _fastfeedparser, _tell_fastfeedparser, 5),
        ("fastfeedparser_then_feedparser", _fast_then_patient, _tell_either, 5),
    )


def _answer(page: Page, read: Read, tell: Tell) -> Row:
    try:
        return tell(read(page))
    except Exception as error:
        return {"error": error.what if isinstance(error, UnreadableError) else repr(error)}


def _tell_ours(feed: door.Feed) -> Row:
    entries = [
        {
            "title": html.escape(item.title, quote=False),
            "link": item.url,
            "published": moment.isoformat() if (moment := item.published_at or item.updated_at) else None,
        }
        for item in feed.items
    ]
    return {"feed": {"title": html.escape(feed.title, quote=False), "link": feed.site_url}, "entries": entries}


def _feedparser(page: Page) -> Any:
    """feedparser as it comes, told the headers and the address; bytes in a file, since it would open a name."""
    headers = {name.lower(): value for name, value in page.headers}
    headers["content-location"] = urljoin(page.final_url, headers.get("content-location", ""))
    return feedparser.parse(io.BytesIO(page.body), response_headers=headers)


def _tell_feedparser(found: Any) -> Row:
    entries = [
        {
            "title": entry.get("title"),
            "link": entry.get("link"),
            "published": _iso(
                entry.get("published_parsed") or entry.get("updated_parsed")
                if "updated" in entry
                else entry.get("published_parsed") or entry.get("created_parsed")
            ),
        }
        for entry in found.entries
    ]
    return {"feed": {"title": found.feed.get("title"), "link": found.feed.get("link")}, "entries": entries}


def _iso(parts: Any) -> str | None:
    try:
        return datetime(*parts[:6], tzinfo=UTC).isoformat()
    except (TypeError, ValueError):
        return None


def _fastfeedparser(page: Page) -> Any:
    assert fastfeedparser is not None
    return fastfeedparser.parse(page.body)


def _tell_fastfeedparser(found: Any) -> Row:
    entries = [
        {
            "title": entry.get("title"),
            "link": entry.get("link"),
            "published": entry.get("published") or entry.get("updated"),
        }
        for entry in found.entries
    ]
    return {"feed": {"title": found.feed.get("title"), "link": found.feed.get("link")}, "entries": entries}


def _fast_then_patient(page: Page) -> Any:
    try:
        found = _fastfeedparser(page)
    except Exception:
        return _feedparser(page)
    return found if found.entries else _feedparser(page)


def _tell_either(found: Any) -> Row:
    return _tell_feedparser(found) if isinstance(found, feedparser.FeedParserDict) else _tell_fastfeedparser(found)


def _speed(real: Sequence[Page], read: Read, rounds: int) -> float:
    gc.collect()
    gc.freeze()  # labels and answers are not the readers': the collector shall not walk them in their time
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        for page in real:
            with suppress(Exception):
                read(page)
        taken.append(time.process_time() - begun)
    return len(real) / min(taken)


def _figures(scorer: ModuleType, gold: Sequence[Row], answers: dict[str, Row]) -> Row:
    tally: dict[str, list[bool]] = defaultdict(list)
    for row in gold:
        if not row["gold"]:
            continue
        for measure, ok in scorer.compare(row, answers[row["id"]]):
            tally[("agreed " if row["gold"] == AGREED else "") + measure].append(ok)
        if row["gold"] != "not-a-feed":
            resolved = [ok for m, ok in scorer.compare(_resolved(row), answers[row["id"]]) if m == "files"]
            tally["agreed resolved" if row["gold"] == AGREED else "resolved"] += resolved
    return {
        "right": sum(tally["files"]),
        "files": len(tally["files"]),
        "right_resolved": sum(tally["resolved"]),
        "agreed_right": sum(tally["agreed files"]),
        "agreed_files": len(tally["agreed files"]),
        "agreed_right_resolved": sum(tally["agreed resolved"]),
        "refused": _share(tally["refused"]),
        "errors": sum("error" in answers[row["id"]] for row in gold if row["gold"] != "not-a-feed"),
        **{
            name: _share(tally[measure] + tally[f"agreed {measure}"])
            for name, measure in (
                ("entries", "entries"),
                ("titles", "title"),
                ("links", "link"),
                ("dates", "published"),
                ("feed_titles", "feed title"),
                ("feed_links", "feed link"),
            )
        },
    }


def _share(answers: Sequence[bool]) -> float:
    return round(sum(answers) / len(answers), 4) if answers else 0.0


def _resolved(row: Row) -> Row:
    """Return the expected values with relative links made absolute, and all links in their normal form."""
    base = urljoin(ADDRESS, (row["headers"] or {}).get("content-location") or "")
    base = base if base.startswith("http") else ADDRESS

    def absolute(values: Row) -> Row:
        link = values.get("link")
        return {**values, "link": resolve(base, link) or link} if link else values

    return {**row, "entries": [absolute(e) for e in row["entries"] or []], "feed": absolute(row["feed"] or {})}


def _wrong(scorer: ModuleType, gold: Sequence[Row], answers: dict[str, Row]) -> list[str]:
    found = []
    for row in gold:
        results = list(scorer.compare(row, answers[row["id"]])) if row["gold"] else []
        if wrong := sorted({measure for measure, ok in results if not ok} - {"files"}):
            found.append(f"{row['id']} ({row['gold']}): {', '.join(wrong)}")
    return found


def _print(figures: dict[str, Row], size: int, count: int) -> None:
    print(f"speed: {count} complete feeds, {size / 1e6:.0f} MB")
    names = list(figures)
    print(f"{'':24}" + "".join(f"{name.replace('_then_', ' + '):>28}" for name in names))
    for measure in figures["wiredesk"]:
        print(f"{measure:24}" + "".join(f"{figures[name].get(measure, ''):>28}" for name in names))


if __name__ == "__main__":
    main()
