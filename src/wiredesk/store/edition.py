"""What an edition says, and the ledger of the documents that were written for it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from wiredesk.records import ArticleId, Entry, Item, ProviderId, StoryId
from wiredesk.store.codec import instant, moment, to_json, unpack
from wiredesk.store.database import Database, Row

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_END = datetime(9999, 1, 1, tzinfo=UTC)


class Editions:
    """The tables of items, dirty scopes and documents."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # Items

    def item(self, article: ArticleId) -> Item | None:
        """Return what the edition says of an article."""
        row = self._db.one("item_get", article)
        return unpack(Item, row["data"]) if row else None

    def items(self, articles: Iterable[ArticleId]) -> list[Item]:
        """Return the items of these articles, in this order; missing ones are left out."""
        return [item for article in articles if (item := self.item(article)) is not None]

    def story(self, story: StoryId) -> list[Item]:
        """Return the items of a story: leader first, then by quality."""
        return [unpack(Item, row["data"]) for row in self._db.all("story_items", story)]

    def leader(self, story: StoryId) -> Item | None:
        """Return the published item that stands for a story, None where none is published."""
        row = self._db.one("story_leader", story)
        return unpack(Item, row["data"]) if row else None

    def put_item(self, item: Item, packed: bytes, digest: str) -> None:
        """Keep an item; `packed` and `digest` are those of `pack_item`."""
        article = item.article
        self._db.run(
            "item_put",
            article.id,
            item.name,
            item.story,
            article.provider.domain,
            instant(article.told_at),
            item.rating.published,
            item.rating.quality,
            item.rating.heat,
            digest,
        )
        self._db.run("item_body_put", article.id, packed)
        self._db.run("item_topic_drop", article.id)
        self._db.many("item_topic_put", ((tag.topic, article.id) for tag in item.topics))

    def item_digest(self, article: ArticleId) -> str | None:
        """Return the digest of an item, None where there is none."""
        value: str | None = self._db.value("item_digest", article)
        return value

    def drop_item(self, article: ArticleId) -> None:
        """Forget an item."""
        self._db.run("item_drop", article)
        self._db.run("item_body_drop", article)
        self._db.run("item_topic_drop", article)

    def entries(
        self,
        *,
        topic: str | None = None,
        provider: str | None = None,
        day: date | None = None,
        month: str | None = None,
        since: datetime | None = None,
        published: bool = True,
        limit: int | None = None,
    ) -> list[Entry]:
        """Return lines of items, newest first (`told_at` descending, then name), narrowed by all that is given.

        `day` and `month` ("2026-09") are UTC; `published` False means all items, published or not.
        """
        spans = [(since or _BEGINNING, _END)]
        if day is not None:
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            spans.append((midnight, midnight + timedelta(days=1)))
        if month is not None:
            first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
            spans.append((first, (first + timedelta(days=31)).replace(day=1)))
        begin, end = max(span[0] for span in spans), min(span[1] for span in spans)
        values = (published, instant(begin), instant(end), -1 if limit is None else limit)
        if topic is not None:
            rows = self._db.all("entries_of_topic", topic, provider, *values)
        elif provider is not None:
            rows = self._db.all("entries_of_provider", provider, *values)
        else:
            rows = self._db.all("entries", *values)
        return [_entry(row) for row in rows]

    def provider_counts(self) -> list[tuple[ProviderId, int]]:
        """Return (domain, published items) of every provider."""
        return [(ProviderId(row["provider"]), row["number"]) for row in self._db.all("providers")]

    def days(self) -> list[tuple[date, int]]:
        """Return (day, published items), oldest first."""
        return [(date.fromisoformat(row["day"]), row["number"]) for row in self._db.all("days")]

    def topic_counts(self) -> dict[str, int]:
        """Return published items by topic name."""
        return {row["topic"]: row["number"] for row in self._db.all("topic_counts")}

    def item_count(self) -> int:
        """How many items there are."""
        return int(self._db.value("item_count"))

    def published_count(self) -> int:
        """How many items are published."""
        return int(self._db.value("published_count"))

    # Scopes

    def soil(self, scopes: Iterable[str]) -> None:
        """Note that these scopes have to be planned anew."""
        self._db.many("dirty_put", ((scope,) for scope in scopes))

    def dirty_scopes(self) -> list[str]:
        """Return the scopes that have to be planned anew."""
        return [row[0] for row in self._db.all("dirty_all")]

    # Records of other collections, carried as they are

    def carry(self, path: str, data: bytes) -> bool:
        """Keep a record of another collection; True where it is new or changed."""
        return self._db.run("carried_put", path, data) == 1

    def carried(self) -> list[tuple[str, bytes]]:
        """Return (path, bytes) of all carried records."""
        return [(row["path"], row["data"]) for row in self._db.all("carried_all")]


def pack_item(item: Item) -> tuple[bytes, str]:
    """Return an item packed, and the digest that changes when anything of it does."""
    data = to_json(Item, item)
    return zlib.compress(data, 1), sha256(data).hexdigest()[:32]


def _entry(row: Row) -> Entry:
    return Entry(
        article=row["article"],
        name=row["name"],
        story=row["story"],
        provider=row["provider"],
        told_at=moment(row["told_at"]),
        published=bool(row["published"]),
        quality=row["quality"],
        heat=row["heat"],
        digest=row["digest"],
    )
