"""Where a benchmark finds its data, and what it says when there is none."""

from __future__ import annotations

import argparse
import gzip
import importlib.util
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from wiredesk.records import Page

SHARED = Path(__file__).parents[1].parent / "shared"


def data_option(parser: argparse.ArgumentParser) -> None:
    """Add --data: a folder laid out as ../shared/data, or one of the folders in it."""
    text = "a folder laid out as ../shared/data, or the folder in it that this benchmark reads"
    parser.add_argument("--data", type=Path, default=SHARED / "data", help=text)


def find(data: Path, folder: str, name: str) -> Path | None:
    """Return data/folder/name or data/name, None where neither is there."""
    return next((place for place in (data / folder / name, data / name) if place.exists()), None)


def need(data: Path, folder: str, name: str) -> Path:
    """Return what `find` finds; say that the benchmark is skipped, and why, where it finds nothing."""
    place = find(data, folder, name)
    if place is None:
        print(f"SKIPPED: there is no {folder}/{name} below {data}; name a folder that has it with --data")
        raise SystemExit(0)
    return place


def part_of(site: str) -> str:
    """Return "kept" for one site in four, chosen by its name: kept for the figures alone.

    The others are "dev": rules are shaped and models are trained on them.  Before this parting, the first rules for
    titles and authors were shaped on all of them.
    """
    return "dev" if sha256(site.encode()).digest()[0] % 4 else "kept"


def page_of(folder: Path, row: dict[str, Any]) -> Page:
    """Return a page of the article pack, a row of its gold, as it would have been received."""
    url = row["url"] if row["url"].startswith("http") else f"https://{row['site']}/page"  # a few are unknown
    kind = "text/html; charset=utf-8" if row["charset"] else "text/html"
    body = gzip.decompress((folder / row["file"]).read_bytes())
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Page(url=url, final_url=url, status=200, headers=(("content-type", kind),), body=body, fetched_at=at)


def scorer(name: str, data: Path) -> ModuleType:
    """Load a scorer of the shared folder, also when `data` lies elsewhere."""
    places = (*(parent / "bench" / f"{name}.py" for parent in data.resolve().parents), SHARED / "bench" / f"{name}.py")
    place = next((place for place in places if place.exists() and place.parent != Path(__file__).parent), None)
    if place is None:
        print(f"SKIPPED: the scorer bench/{name}.py is neither above {data} nor in {SHARED}")
        raise SystemExit(0)
    spec = importlib.util.spec_from_file_location(name, place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
