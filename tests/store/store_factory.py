"""Small values for the store's tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from wiredesk.records import (
    Article,
    ArticleId,
    Draft,
    Item,
    Join,
    Provider,
    ProviderId,
    Rating,
    StoryId,
    Tag,
    Version,
)

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def identity(address: str) -> ArticleId:
    return ArticleId(sha256(address.encode()).hexdigest()[:16])


def draft(address: str = "https://a.example/1", at: datetime = NOON, **fields: object) -> Draft:
    return Draft(**{"address": address, "origin": "page", "observed_at": at, "title": "Strike ends", **fields})


def article(address: str = "https://a.example/1", at: datetime = NOON, **fields: object) -> Article:
    domain = ProviderId(address.split("/")[2])
    version = Version(number=1, seen_at=at, title="Strike ends", text="It is over.", digest="d")
    values = {
        "id": identity(address),
        "canonical_url": address,
        "provider": Provider(domain=domain, name=domain.title()),
        "title": "Strike ends",
        "first_seen_at": at,
        "versions": (version,),
    }
    return Article(**{**values, **fields})


def item(
    address: str = "https://a.example/1",
    at: datetime = NOON,
    *,
    story: str = "s1",
    topics: tuple[str, ...] = ("Labour",),
    quality: int = 50,
    heat: int = 50,
    published: bool = True,
    name: str | None = None,
) -> Item:
    rated = Rating(article=identity(address), quality=quality, heat=heat, published=published)
    return Item(
        article=article(address, at),
        name=name or f"2026-09-07-{identity(address)}",
        topics=tuple(Tag(topic=topic, confidence=1.0, reasons=("a test",)) for topic in topics),
        rating=rated,
        story=StoryId(story),
        related=(),
    )


def join(address: str = "https://a.example/1", **fields: object) -> Join:
    values = {"article": identity(address), "similarity": 1.0, "threshold": 0.25, "shared": ("strike",)}
    return Join(**{**values, **fields})
