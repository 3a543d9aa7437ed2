"""How long a site of many records takes to publish, whole and after a small change; Hugo does the same beside it.

usage: python bench/publish.py [--data ../shared/data] [--records 20000]

Records are imported with the default rules.  `full` publishes everything into an empty folder (pages, feeds, sitemaps,
JSON API and the Markdown records); `incremental` publishes after the titles of 20 articles changed, spread over the
whole archive.  Both are the publishing step as the command reports it, each in a process of its own; the whole command
is printed too.  A site of a quarter of the size shows whether the cost follows the change or the site.

Hugo gets the records that Wiredesk published, and templates (bench/hugo) for the same kinds of pages; it makes one
kind of feed instead of three, no records and no API.  Its seconds are those of the whole command.  The last line is
one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from commands import Cost, machine, new_site, wiredesk
from data import data_option, need
from wiredesk.recordformat import parse_record, record_bytes
from wrap import Piece, read_pieces, write_records

TITLE = "Load"
NOW = ("--now", datetime(2026, 1, 1, tzinfo=UTC).isoformat())  # any time after the articles
CHANGED = 20
STEP = "Publishing"
KINDS = (  # name, file of ours, file of the peer
    ("front", r"index\.html", r"index\.html"),
    ("story", r"story/[^/]+/index\.html", r"story/[^/]+/index\.html"),
    ("topic", r"topic/[^/]+/index\.html", r"topics/[^/]+/index\.html"),
    ("topic by month", r"topic/[^/]+/\d{4}-\d\d/index\.html", r"topicmonths/[^/]+/index\.html"),
    ("provider", r"provider/[^/]+/index\.html", r"providers/[^/]+/index\.html"),
    ("provider by month", r"provider/[^/]+/\d{4}-\d\d/index\.html", r"providermonths/[^/]+/index\.html"),
    ("day", r"\d{4}/\d\d/\d\d/index\.html", r"days/[^/]+/index\.html"),
    ("month", r"\d{4}/\d\d/index\.html", r"months/[^/]+/index\.html"),
    ("feed", r".*\b(?:feed|rss|atom)\.(?:xml|json)", r"(?:topics/[^/]+/)?index\.xml"),
    ("sitemap", r"(?:sitemap/.*|[^/]*sitemap[^/]*)\.xml", r"sitemap\.xml"),
    ("JSON API", r"api/.*", r"api/.*"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What Wiredesk took for one site."""

    imported: Cost
    full: Cost
    spread: Cost  # 20 changed titles, spread over the archive
    recent: Cost  # 20 changed titles, the newest articles
    new: Cost  # 20 new articles
    pages: Counter[str]
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What Hugo took for the same site."""

    full_seconds: float
    incremental_seconds: float
    pages: Counter[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(parser)
    parser.add_argument("--records", type=int, default=20000)
    args = parser.parse_args()
    pieces = read_pieces(need(args.data, "stories", "load_en.jsonl.gz"), args.records + CHANGED)
    pieces, later = pieces[:-CHANGED], pieces[-CHANGED:]
    quarter = pieces[: len(pieces) // 4]
    print(f"{len(pieces)} records; {machine()}")
    with tempfile.TemporaryDirectory() as folder:
        small = measure_ours(Path(folder, "small"), quarter, later)
        whole = measure_ours(Path(folder, "whole"), pieces, later)
        peer = measure_peer(Path(folder, "whole"))

    print(f"\n{'seconds':40}{len(quarter):>10}{len(pieces):>10}")
    for name, of_small, of_whole in (
        ("import of all, whole command", small.imported.seconds, whole.imported.seconds),
        ("publish all", _step(small.full), _step(whole.full)),
        ("  whole command", small.full.seconds, whole.full.seconds),
        (f"publish {CHANGED} changed, spread", _step(small.spread), _step(whole.spread)),
        ("  whole command", small.spread.seconds, whole.spread.seconds),
        (f"publish {CHANGED} changed, newest", _step(small.recent), _step(whole.recent)),
        ("  whole command", small.recent.seconds, whole.recent.seconds),
        (f"publish {CHANGED} new", _step(small.new), _step(whole.new)),
        ("  whole command", small.new.seconds, whole.new.seconds),
    ):
        print(f"{name:40}{of_small:10.2f}{of_whole:10.2f}")
    if peer:
        print(f"{'Hugo, all':40}{'':10}{peer.full_seconds:10.2f}")
        print(f"{f'Hugo, {CHANGED} changed':40}{'':10}{peer.incremental_seconds:10.2f}")
    print(f"\n{'files':40}{'ours':>10}{'Hugo':>10}")
    for kind in (*(name for name, _, _ in KINDS), "other"):
        print(f"{kind:40}{whole.pages[kind]:10}{peer.pages[kind] if peer else '-':>10}")
    print(f"{'Markdown records':40}{whole.records:10}{'-':>10}")
    for name, cost in (("all", whole.full), ("spread", whole.spread), ("newest", whole.recent), ("new", whole.new)):
        print(f"{f'files written, {name}':40}{cost.summary['edition']['files_written']:10}")
    print(json.dumps(_answer(small, whole, peer)))


def _answer(small: Ours, whole: Ours, peer: Peer | None) -> dict[str, float | None]:
    full, incremental = _step(whole.full), _step(whole.spread)
    return {
        "full_seconds": round(full, 2),
        "incremental_seconds": round(incremental, 2),
        "incremental_command_seconds": round(whole.spread.seconds, 2),
        "incremental_newest_seconds": round(_step(whole.recent), 2),
        "new_articles_seconds": round(_step(whole.new), 2),
        "incremental_growth": round(incremental / _step(small.spread), 2),
        "incremental_newest_growth": round(_step(whole.recent) / _step(small.recent), 2),
        "hugo_full_seconds": round(peer.full_seconds, 2) if peer else None,
        "hugo_incremental_seconds": round(peer.incremental_seconds, 2) if peer else None,
        "full_ratio": round(full / peer.full_seconds, 2) if peer else None,
        "incremental_ratio": round(incremental / peer.incremental_seconds, 3) if peer else None,
    }


def _step(cost: Cost) -> float:
    return cost.stages[STEP]


def measure_ours(folder: Path, pieces: Sequence[Piece], later: Sequence[Piece]) -> Ours:
    """Build a site in `folder`/site and change it three times; what is published stays there for the peer."""
    site = new_site(folder / "site", TITLE)
    write_records(pieces, folder / "records", TITLE)
    imported = wiredesk(site, "import", folder / "records", *NOW)
    _unpublish(site)
    full = wiredesk(site, "run", "--offline", *NOW)
    pages = count(site / "public", 1)
    records = sum(1 for _ in (site / "records" / "_news").iterdir())

    known = published(site)
    shutil.copytree(site / "records" / "_news", folder / "published")  # the peer's input, before the changes
    (folder / "topics.json").write_text(json.dumps(topics_of(site)))
    newest = max(piece.captured_at for piece in pieces)
    spread, recent = known[:: max(1, len(known) // CHANGED)][:CHANGED], known[-CHANGED:]
    (folder / "changed.json").write_text(json.dumps(spread))
    return Ours(
        imported=imported,
        full=full,
        pages=pages,
        records=records,
        spread=_retitle(site, folder, "spread", spread, newest + timedelta(hours=1)),
        recent=_retitle(site, folder, "recent", recent, newest + timedelta(hours=2)),
        new=_add(site, folder, later, newest + timedelta(hours=3)),
    )


def _unpublish(site: Path) -> None:
    """Take away everything that was published."""
    (site / "public").unlink()
    for name in ("editions", "records"):
        shutil.rmtree(site / name)


def published(site: Path) -> list[str]:
    """Return the names of the published records, by date."""
    files = sorted((site / "records" / "_news").glob("*.md"))
    return [file.name for file in files if b"\npublished: true\n" in file.read_bytes()]


def topics_of(site: Path) -> dict[str, list[str]]:
    """Return the topics under which the JSON API lists each record: imported ones keep the topics they came with."""
    found: dict[str, list[str]] = {}
    for topic in sorted((site / "public" / "api" / "news").iterdir()):
        if topic.is_dir() and topic.name != "page":
            for page in sorted(topic.glob("page/*/index.json")):
                for item in json.loads(page.read_bytes())["value"]:
                    found.setdefault(Path(item["path"]).name, []).append(topic.name)
    return found


def _retitle(site: Path, folder: Path, label: str, names: Sequence[str], at: datetime) -> Cost:
    """Import newer readings of some records, with another title."""
    news = folder / label / "_news"
    news.mkdir(parents=True)
    for name in names:
        record = parse_record((folder / "records" / "_news" / name).read_bytes(), name)
        title = _new_title(str(record.fields["title"]), label)
        (news / name).write_bytes(record_bytes(record.changed({"title": title})))
        os.utime(news / name, (at.timestamp(), at.timestamp()))
    return _checked(wiredesk(site, "import", folder / label, *NOW), "changed")


def _new_title(title: str, label: str) -> str:
    """Return a title of about the same length: a longer one could cost the article its place, and shift every list."""
    return f"{title.rpartition(' ')[0] or title} {label}"


def _add(site: Path, folder: Path, later: Sequence[Piece], at: datetime) -> Cost:
    pieces = [replace(piece, published_at=at + timedelta(minutes=step)) for step, piece in enumerate(later)]
    write_records(pieces, folder / "new", TITLE)
    return _checked(wiredesk(site, "import", folder / "new", *NOW), "new")


def _checked(cost: Cost, what: str) -> Cost:
    if (found := cost.summary["articles"][what]) != CHANGED:
        print(f"NOTE: {found} articles {what}, not {CHANGED}")
    return cost


def measure_peer(folder: Path) -> Peer | None:
    """Build the same site with Hugo, twice: anew, and over its own output with 20 records changed."""
    if shutil.which("hugo") is None:
        print("\nSKIPPED: no `hugo` on this machine (Debian: apt install hugo); the peer's figures are null")
        return None
    peer = folder / "hugo"
    shutil.copytree(Path(__file__).parent / "hugo", peer)
    changed = json.loads((folder / "changed.json").read_text())
    topics = json.loads((folder / "topics.json").read_text())
    for file in sorted((folder / "published").glob("*.md")):
        if b"\npublished: true\n" in file.read_bytes():
            _give_peer(peer, file, topics[file.name])
    full = _hugo(peer)
    pages = count(peer / "public", 2)
    for name in changed:
        _give_peer(peer, folder / "published" / name, topics[name], label="spread")
    return Peer(full_seconds=full, incremental_seconds=_hugo(peer), pages=pages)


def _give_peer(peer: Path, file: Path, topics: Sequence[str], label: str = "") -> None:
    """Write a record as a page of the peer: lists that Hugo cannot make from nested or cut values are spelt out."""
    record = parse_record(file.read_bytes(), file.name)
    fields = record.fields
    day, domain = str(fields["publishedDateTime"])[:10], fields["provider"]["domain"]
    lists = {
        "title": _new_title(str(fields["title"]), label) if label else fields["title"],
        "days": [day],
        "months": [day[:7]],
        "providers": [domain],
        "providermonths": [f"{day[:7]} {domain}"],
        "topics": topics,
        "topicmonths": [f"{day[:7]} {topic}" for topic in topics],
        "secured": None,
        "type": None,
    }
    story = peer / "content" / "story" / file.name
    story.parent.mkdir(parents=True, exist_ok=True)
    story.write_bytes(record_bytes(record.changed(lists)))
    for topic in topics:
        page = peer / "content" / "topics" / topic / "_index.md"
        if not page.exists():
            page.parent.mkdir(parents=True)
            page.write_text(f"---\ntitle: {topic}\noutputs: [HTML, RSS]\n---\n")


def _hugo(site: Path) -> float:
    began = time.perf_counter()
    subprocess.run(["hugo", "--source", site, "--quiet"], check=True)
    return time.perf_counter() - began


def count(folder: Path, side: int) -> Counter[str]:
    """Count files by kind; `side` 1 is ours, 2 the peer's."""
    patterns = [(kind[0], re.compile(kind[side])) for kind in KINDS]
    counts: Counter[str] = Counter()
    for file in folder.resolve().rglob("*"):
        if file.is_file():
            path = file.relative_to(folder.resolve()).as_posix()
            counts[next((kind for kind, pattern in patterns if pattern.fullmatch(path)), "other")] += 1
    return counts


if __name__ == "__main__":
    main()
