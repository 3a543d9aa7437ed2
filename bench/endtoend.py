"""How fast pages in a WARC file become a published edition, and in how much memory.

usage: python bench/endtoend.py [--data ../shared/data] [--articles 20000]

Makes a site and imports its archive through the command line, twice: once with a tenth of the articles, to show that
memory does not grow with their number.  Beside it runs trafilatura's bare extraction with metadata over the same
pages in as many processes as there are cores: the part of the work that nobody can do without.  The last line is one
JSON object.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType

from commands import Cost, cores, machine, new_site, wiredesk
from data import data_option, need
from wrap import Piece, read_pieces, write_warc

NOW = datetime(2026, 1, 1, tzinfo=UTC)  # any time after the articles: ratings follow the newest capture
CHUNK = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(parser)
    parser.add_argument("--articles", type=int, default=20000)
    args = parser.parse_args()
    pieces = read_pieces(need(args.data, "stories", "load_en.jsonl.gz"), args.articles)
    print(f"{len(pieces)} articles; {machine()}")
    with tempfile.TemporaryDirectory() as folder:
        few = _import(Path(folder), pieces[: len(pieces) // 10])
        many = _import(Path(folder), pieces)
        peer = len(pieces) / _extract_all(_archive(Path(folder), len(pieces)))

    speed = len(pieces) / many.seconds
    ratio = many.peak_mib / few.peak_mib
    print(f"\n{'articles':24}{len(pieces) // 10:>12}{len(pieces):>12}")
    for name, few_value, many_value in (
        ("seconds", few.seconds, many.seconds),
        ("pages a second", len(pieces) // 10 / few.seconds, speed),
        ("peak MiB", few.peak_mib, many.peak_mib),
        *((f"  {stage}", few.stages.get(stage, 0.0), seconds) for stage, seconds in many.stages.items()),
    ):
        print(f"{name:24}{few_value:12.1f}{many_value:12.1f}")
    for name in ("stories", "published", "copies"):
        print(f"{name:24}{few.summary[name]:12}{many.summary[name]:12}")
    print(f"{'problems':24}{len(few.summary['problems']):12}{len(many.summary['problems']):12}")
    print(f"\nextraction alone, by trafilatura: {peer:.1f} pages a second; ours end to end: {speed / peer:.2f} of that")
    print(
        json.dumps(
            {
                "articles": len(pieces),
                "pages_per_second": round(speed, 1),
                "peak_mib": round(many.peak_mib, 1),
                "stages": {stage: round(seconds, 2) for stage, seconds in many.stages.items()},
                f"peak_mib_{len(pieces) // 10}": round(few.peak_mib, 1),
                "memory_ratio": round(ratio, 2),
                "trafilatura_pages_per_second": round(peer, 1),
                "ratio": round(speed / peer, 2),
            }
        )
    )


def _archive(folder: Path, articles: int) -> Path:
    return folder / str(articles) / "pages.warc.gz"


def _import(folder: Path, pieces: list[Piece]) -> Cost:
    archive = _archive(folder, len(pieces))
    archive.parent.mkdir()
    write_warc(pieces, archive)
    site = new_site(folder / f"site-{len(pieces)}", "Load")
    cost = wiredesk(site, "import", archive, "--now", NOW.isoformat())
    if missing := len(pieces) - cost.summary["articles"]["all"]:
        print(f"NOTE: {missing} of {len(pieces)} pages did not become articles")
    return cost


def _extract_all(archive: Path) -> float:
    """Return the seconds that the peer takes, from the archive to its documents."""
    began = time.perf_counter()
    with multiprocessing.get_context("forkserver").Pool(cores()) as pool:
        for _ in pool.imap(_extract, _pages(archive), chunksize=CHUNK):
            pass
    return time.perf_counter() - began


def _pages(archive: Path) -> Iterator[tuple[str, bytes]]:
    with archive.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            yield record.headers["WARC-Target-URI"], record.reader.read()


def _extract(page: tuple[str, bytes]) -> int:
    url, html = page
    return int(trafilatura.bare_extraction(html, url=url, with_metadata=True) is not None)


if __name__ == "__main__":
    main()
