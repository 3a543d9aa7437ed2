"""Readings, the articles that they fold to, their names, copies and places in stories."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from wiredesk.records import Article, ArticleId, Copy, Draft, Join, StoryId
from wiredesk.store.codec import from_json, instant, moment, pack, to_json, unpack
from wiredesk.store.database import Database

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRow:
    """The part of an article that stories are made from; `signal` is the stage's own JSON."""

    article: ArticleId
    told_at: datetime
    signal: str
    copy_of: ArticleId | None  # of which it is a reprint


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementRow:
    """A `SignalRow` that has its place."""

    signal: SignalRow
    story: StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """What tells whether an article changed, and where it stood."""

    whole: str
    text: str
    told_at: datetime
    signal: str


class Articles:
    """The tables of readings, articles, copies and placements."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # Readings

    def add_draft(self, draft: Draft) -> bool:
        """Keep a reading.  False where it says what the one before it said, of the same origin and source."""
        when, source = instant(draft.observed_at), draft.source_url or ""
        digest = sha256(to_json(Draft, replace(draft, observed_at=_EPOCH))).hexdigest()[:32]
        if self._db.value("draft_before", draft.address, draft.origin, source, when) == digest:
            return False
        return (
            self._db.run("draft_add", draft.address, when, draft.origin, source, digest, pack(Draft, draft), None) == 1
        )

    def add_rejected(self, address: str, observed_at: datetime, reason: str) -> bool:
        """Keep the fact that a page was read and is no article."""
        return self._db.run("draft_add", address, instant(observed_at), "page", "", "", None, reason) == 1

    def drafts(self, canonical: str) -> tuple[list[Draft], bool]:
        """Return all readings of the addresses that belong to `canonical`, and whether a page was rejected."""
        rows = self._db.all("drafts_of", canonical)
        found = [unpack(Draft, row["data"]) for row in rows if row["data"] is not None]
        return found, any(row["rejected"] for row in rows)

    def drafts_at(self, address: str) -> list[Draft]:
        """Return all readings of exactly this address."""
        return [unpack(Draft, row["data"]) for row in self._db.all("drafts_at", address)]

    def newest_source(self, address: str) -> str:
        """Return the source whose wire item named this address last, "" where none did."""
        return self._db.value("draft_newest_source", address) or ""

    def put_address(self, address: str, canonical: str) -> None:
        """Note where an address belongs."""
        self._db.run("address_put", address, canonical)

    def canonical(self, address: str) -> str | None:
        """Return where an address belongs, None where it is unknown."""
        value: str | None = self._db.value("address_get", address)
        return value

    # Articles

    def digests(self, article: ArticleId) -> Digests | None:
        """Return what tells whether an article changed."""
        row = self._db.one("article_digests", article)
        if row is None:
            return None
        return Digests(
            whole=row["digest"], text=row["text_digest"], told_at=moment(row["told_at"]), signal=row["signal"]
        )

    def put(self, article: Article, *, digest: str, text_digest: str, signal: str) -> None:
        """Keep an article.  Its picture is looked for only where a copy of it may be held."""
        held = "noarchive" not in article.opt_outs
        self._db.run(
            "article_put",
            article.id,
            article.canonical_url,
            article.provider.domain,
            instant(article.told_at),
            instant(article.first_seen_at),
            article.language,
            digest,
            text_digest,
            article.image.url if held and article.image else None,
            signal,
            pack(Article, article),
        )

    def get(self, article: ArticleId) -> Article | None:
        """Return an article."""
        row = self._db.one("article_get", article)
        return unpack(Article, row["data"]) if row else None

    def drop(self, article: ArticleId) -> None:
        """Forget an article whose readings turned out to belong to another one."""
        for name in (
            "article_drop",
            "copy_drop",
            "placement_drop",
            "item_drop",
            "item_body_drop",
            "item_topic_drop",
            "wording_drop",
        ):
            self._db.run(name, article)

    def count(self) -> int:
        """How many articles there are."""
        return int(self._db.value("article_count"))

    def ids(self) -> list[ArticleId]:
        """Return the ids of all articles."""
        return [row[0] for row in self._db.all("article_ids")]

    def canonicals(self) -> list[str]:
        """Return the addresses of all articles."""
        return [row[0] for row in self._db.all("article_canonicals")]

    def find(self, text: str) -> ArticleId | None:
        """Return the article with this id, beginning of an id (unique), record name or canonical address."""
        for query in ("article_by_canonical", "article_by_name"):
            if value := self._db.value(query, text):
                return ArticleId(value)
        rows = self._db.all("article_by_prefix", text, text + "g") if len(text) >= 4 else []
        return ArticleId(rows[0]["id"]) if len(rows) == 1 else None

    # Names: fixed at creation

    def name(self, article: ArticleId) -> str | None:
        """Return the record name of an article."""
        value: str | None = self._db.value("name_get", article)
        return value

    def name_taken(self, name: str) -> bool:
        """True where an article has this record name."""
        return self._db.one("article_by_name", name) is not None

    def put_name(self, article: ArticleId, name: str) -> None:
        """Fix the record name of an article."""
        self._db.run("name_put", article, name)

    # Copies

    def copy(self, article: ArticleId) -> Copy | None:
        """Return whose text an article prints."""
        value = self._db.value("copy_get", article)
        return from_json(Copy, value) if value else None

    def copies(self, articles: Iterable[ArticleId]) -> dict[ArticleId, Copy]:
        """Return whose text each of these articles prints; those that are no copies are left out."""
        rows = self._db.all("copies_get", json.dumps(list(articles)))
        return {ArticleId(row["article"]): from_json(Copy, row["data"]) for row in rows}

    def put_copy(self, copy: Copy) -> None:
        """Keep whose text an article prints."""
        self._db.run("copy_put", copy.article, copy.origin, to_json(Copy, copy).decode(), copy.is_reprint)

    def drop_copy(self, article: ArticleId) -> None:
        """Forget that an article was a copy."""
        self._db.run("copy_drop", article)

    def copy_count(self) -> int:
        """How many articles are copies."""
        return int(self._db.value("copy_count"))

    # Providers

    def provider(self, domain: str) -> tuple[str, str | None] | None:
        """Return the name and the logo of a provider."""
        row = self._db.one("provider_get", domain)
        return (row["name"], row["logo"]) if row else None

    def meet_provider(self, domain: str, name: str, name_rank: str, logo: str | None, logo_rank: str) -> bool:
        """Keep a name and a logo where they rank (as text) before those that we have, or mend those of equal rank.

        True where one changed.
        """
        changed = self._db.run("provider_name", domain, name, name_rank)
        if logo:
            changed += self._db.run("provider_logo", domain, logo, logo_rank)
        return changed > 0

    def stories_of_provider(self, domain: str) -> list[StoryId]:
        """Return the stories with an article of this provider."""
        return [row[0] for row in self._db.all("stories_of_provider", domain)]

    def stories_with_picture(self, url: str) -> list[StoryId]:
        """Return the stories that show this picture: an article's, or the logo of a provider."""
        return [row[0] for row in self._db.all("stories_with_picture", url)]

    def wants_picture(self, url: str) -> bool:
        """Tell whether a copy of this picture may be held for an article, or for a provider as its logo."""
        return bool(self._db.value("picture_wanted", url))

    def pictures_to_fetch(self) -> list[str]:
        """Return the pictures of published articles, and their providers' logos, that we neither hold nor gave up."""
        return [row[0] for row in self._db.all("published_pictures")]

    # Places in stories

    def days_from(self, day: datetime) -> list[tuple[str, int]]:
        """Return (day, number of articles) from `day` on, days as "2026-09-07"."""
        return [(row["day"], row["number"]) for row in self._db.all("days_from", instant(day))]

    def signals(self, begin: datetime, end: datetime) -> list[SignalRow]:
        """Return the signals of articles told in [begin, end)."""
        return [
            SignalRow(article=row["id"], told_at=moment(row["told_at"]), signal=row["signal"], copy_of=row["origin"])
            for row in self._db.all("signals_between", instant(begin), instant(end))
        ]

    def placements(self, begin: datetime, end: datetime) -> list[PlacementRow]:
        """Return the placed signals of articles told in [begin, end)."""
        return [
            PlacementRow(
                signal=SignalRow(
                    article=row["article"], told_at=moment(row["told_at"]), signal=row["signal"], copy_of=row["origin"]
                ),
                story=row["story"],
            )
            for row in self._db.all("placements_between", instant(begin), instant(end))
        ]

    def story_of(self, article: ArticleId) -> StoryId | None:
        """Return the story that an article stands in."""
        value = self._db.value("placement_get", article)
        return StoryId(value) if value else None

    def place(self, told_at: datetime, story: StoryId, join: Join) -> bool:
        """Put an article into a story.  False where it stands there already, for the same reasons."""
        data = to_json(Join, join).decode()
        row = self._db.one("placement_get", join.article)
        if row and (row["story"], row["told_at"], row["data"]) == (story, instant(told_at), data):
            return False
        self._db.run("placement_put", join.article, instant(told_at), story, data)
        return True

    def members(self, story: StoryId) -> list[Join]:
        """Return why each article of a story stands there, in the order of the telling."""
        return [from_json(Join, row["data"]) for row in self._db.all("story_members", story)]

    def stories_since(self, since: datetime) -> list[StoryId]:
        """Return the stories with an article told at `since` or later."""
        return [row[0] for row in self._db.all("stories_since", instant(since))]

    def stories(self) -> list[StoryId]:
        """Return all stories."""
        return [row[0] for row in self._db.all("stories_all")]

    def story_count(self) -> int:
        """How many stories there are."""
        return int(self._db.value("story_count"))
