"""The story packs as articles, and which part of each is for what.

Stories are parted by a hash of their label: half of them train the judge, a quarter tunes the settings, and a quarter
is kept for the figures alone.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from wiredesk.records import Article, ArticleId, Provider, ProviderId

PACKS = ("og2021", "allsides", "uci2014", "ecbplus", "g5w1h", "basil", "vnmds")
NO_CLOCK = datetime(2020, 1, 1, tzinfo=UTC)

Row = dict[str, Any]


def part_of(story: str | None) -> str:
    """Return "train", "tune" or "kept"; what belongs to no story trains nothing and counts nowhere."""
    number = sha256(f"stories {story}".encode()).digest()[0] % 8
    return "kept" if number < 2 else "tune" if number < 4 else "train"


def rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a pack."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def article(row: Row, at: datetime | None = None) -> Article:
    """Return a row as an article told at its replay clock, else its own, else all at once; or at `at`."""
    at = at or when(row.get("replay") or row["published"])
    domain = row["provider"] or f"{row['id']}.example"  # unknown: nobody else's
    return Article(
        id=ArticleId(row["id"]),
        canonical_url=f"https://{domain}/{row['id']}",
        provider=Provider(domain=ProviderId(domain), name=domain),
        title=row["title"],
        text=row["text"],
        published_at=at,
        first_seen_at=at,
        language=row["lang"],
    )


def when(value: str | None) -> datetime:
    """Return a moment in UTC."""
    at = datetime.fromisoformat(value) if value else NO_CLOCK
    return at if at.tzinfo else at.replace(tzinfo=UTC)
