"""Articles for the benchmarks of related coverage and threads, and how they are grouped."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data import need
from wiredesk.config import StorySettings
from wiredesk.recordformat import parse_record
from wiredesk.records import Article, ArticleId, Provider, ProviderId, StoryId
from wiredesk.stories import place, signal

GOLD = Path(__file__).parent / "gold"
TALKS = "sag-aftra-talks"  # a plain text, of the first days of October 2023


def grouped(articles: Sequence[Article], settings: StorySettings) -> dict[StoryId, list[Article]]:
    """Return the stories that these articles make: the one place where these benchmarks call the grouping."""
    by_id = {article.id: article for article in articles}
    stories: defaultdict[StoryId, list[Article]] = defaultdict(list)
    for placed in place((), [signal(article) for article in articles], settings):
        stories[placed.story].append(by_id[placed.signal.article])
    return dict(stories)


def gold(name: str) -> list[dict[str, Any]]:
    """Return the rows of a file of our own judgements."""
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


def articles_of(name: str, data: Path) -> tuple[list[Article], dict[str, int]]:
    """Return the articles of one set, and the quality that the reference site gave them.

    The sets: "azure", "powerapps" and "ai" (records; "ai" with the plain text of the talks), "allsides" (dated ones).
    """
    if name == "allsides":
        return list(_allsides(need(data, "stories", "allsides.jsonl.gz"))), {}
    rows = list(records_of(name, data))
    articles = [
        _article(row["id"], row["title"], row["excerpt"], "", _when(row["publishedDateTime"]), row["domain"])
        for row in rows
    ]
    if name == "ai":
        text = need(data, "records", f"{TALKS}.txt").read_text(encoding="utf-8")
        articles.append(_article(TALKS, text.split("\n")[0], "", text, datetime(2023, 10, 4, 12, tzinfo=UTC), "talks"))
    return articles, {row["id"]: int(row["quality"] or 0) for row in rows}


def records_of(name: str, data: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a site, reduced to what its items.jsonl has, each address once."""
    seen: set[str] = set()
    for row in _items(need(data, "records", name)):
        if (row["webUrl"] or row["id"]) not in seen:
            seen.add(row["webUrl"] or row["id"])
            yield {**row, "excerpt": row.get("excerpt") or ""}


def listed_by_reference(name: str, data: Path) -> dict[str, list[str]]:
    """Return for each record that has a list of related ones the ids of these, in the list's order, as far as held."""
    folder = need(data, "records", name)
    ids = {row["webUrl"]: row["id"] for row in records_of(name, data) if row["webUrl"]}
    found: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("_news/*.md")):
        fields = parse_record(file.read_bytes(), file.name).fields
        addresses = [entry["webUrl"] for entry in fields.get("related") or []]
        if listed := [ids[address] for address in addresses if address in ids]:
            found[file.stem] = listed
    return found


def _items(folder: Path) -> Iterator[dict[str, Any]]:
    items = folder / "items.jsonl"
    if items.exists():
        with items.open(encoding="utf-8") as lines:  # texts hold marks that str.splitlines would part at
            yield from map(json.loads, lines)
        return
    for file in sorted((folder / "_news").glob("*.md")):
        fields = parse_record(file.read_bytes(), file.name).fields
        yield {
            "id": file.stem,
            "title": str(fields["title"]),
            "excerpt": fields.get("excerpt"),
            "publishedDateTime": str(fields["publishedDateTime"]),
            "webUrl": fields.get("webUrl"),
            "domain": fields["provider"]["domain"],
            "quality": fields["quality"],
        }


def _allsides(path: Path) -> Iterator[Article]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            if row["published"]:
                yield _article(
                    row["id"], row["title"], "", row["text"], _when(row["published"]), row["provider"] or "unknown"
                )


def _article(id: str, title: str, excerpt: str, text: str, at: datetime, domain: str) -> Article:
    return Article(
        id=ArticleId(id),
        canonical_url=f"https://{domain}/{id}",
        provider=Provider(domain=ProviderId(domain), name=domain),
        title=re.sub(r"\s+", " ", title),
        excerpt=excerpt,
        text=text,
        published_at=at,
        first_seen_at=at,
        language="en",
    )


def _when(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
