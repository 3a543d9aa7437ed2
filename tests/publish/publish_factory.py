"""A small world of fictional outlets, and an archive and a ledger that live in memory."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from wiredesk.config import Settings
from wiredesk.line.threading import background_of
from wiredesk.publish.archive import Freshness, item_digest
from wiredesk.publish.edition import DocumentRow, Written
from wiredesk.publish.scopes import scopes_of
from wiredesk.records import (
    Article,
    ArticleId,
    Background,
    Copy,
    Entry,
    Image,
    Item,
    Neighbours,
    Part,
    Provider,
    ProviderId,
    Rating,
    StoryId,
    Tag,
    Topic,
    Version,
)
from wiredesk.text import digest

NOON = datetime(2026, 9, 16, 12, 0, tzinfo=UTC)

OUTLETS = {
    "kestrelwire.example": "Kestrel Wire",
    "foundrypost.example": "The Foundry Post",
    "saltandsteel.example": "Salt & Steel",
    "nordlichtkurier.example": "Nordlicht-Kurier",
    "openharbor.example": "Open Harbor",
    "meadowledger.example": "Meadow Ledger",
    "voltreview.example": "Volt Review",
    "capitalgazette.example": "Capital Gazette of Vesterholm",
    "tidelines.example": "Tidelines",
    "quietmachine.example": "Quiet Machine",
}

TOPICS = (
    Topic(id="energy", name="Energy", description="Power, grids, and what they cost."),
    Topic(id="grid", name="Power grid", shortname="Grid", parent="Energy", keywords=("grid",)),
    Topic(id="storage", name="Storage", parent="Energy", keywords=("battery",)),
    Topic(id="offshore-wind", name="Offshore wind", parent="Energy", keywords=("wind",)),
    Topic(id="hydrogen", name="Hydrogen", parent="Energy", keywords=("hydrogen",)),
    Topic(id="policy", name="Policy", parent="Energy"),
)

# story: topics, then (hours before noon, outlet, headline, quality, copy of the n-th line or None, language)
_STORIES: tuple[tuple[tuple[str, ...], tuple[tuple[float, str, str, int, int | None, str], ...]], ...] = (
    (("Energy", "Power grid"), (
        (7.4, "kestrelwire", "Cable fault cuts power to 2.1 million homes across southern Vesterholm", 82, None, "en"),
        (7.1, "foundrypost", "Cable fault cuts power to 2.1 million homes across southern Vesterholm", 64, 0, "en"),
        (6.8, "meadowledger", "Power out for two million after cable fault", 52, 0, "en"),
        (6.0, "capitalgazette", "Trams stop, hospitals on generators: the capital’s dark morning", 71, None, "en"),
        (5.2, "voltreview", "What failed at the Ostrand converter station, step by step", 78, None, "en"),
        (4.6, "nordlichtkurier", "Stromausfall in Vesterholm: Warum die Ersatzleitung nicht einsprang", 66, None, "de"),
        (3.9, "openharbor", "Port of Lund Bay works by hand as cranes stand still", 55, None, "en"),
        (2.2, "tidelines", "Cold stores at the fish quay have six hours left", 47, None, "en"),
        (1.5, "quietmachine", "Grid operator’s own log shows the alarm was silenced twice", 80, None, "en"),
        (0.8, "saltandsteel", "Power is back for all but 90,000, says grid operator", 74, None, "en"),
    )),
    (("Energy", "Storage"), (
        (27, "voltreview", "Halden Cells halts sodium battery line after third fire in a month", 76, None, "en"),
        (26, "kestrelwire", "Battery maker Halden halts sodium line after fire", 70, None, "en"),
        (25.5, "foundrypost", "Battery maker Halden halts sodium line after fire", 50, 1, "en"),
        (22, "meadowledger", "Neighbours of the Halden works ask why the sirens stayed quiet", 58, None, "en"),
        (9, "quietmachine", "Halden’s supplier had warned of wet electrolyte in July, letters show", 73, None, "en"),
    )),
    (("Energy", "Offshore wind"), (
        (20, "saltandsteel", "Crane ship Aurelia sets first of 84 foundations at Brannock Bank", 69, None, "en"),
        (18, "tidelines", "Porpoises kept away as hammering starts at Brannock Bank", 61, None, "en"),
        (16, "openharbor", "Brannock Bank: a hundred new berths for a wind farm nobody sees", 57, None, "en"),
    )),
    (("Energy", "Hydrogen", "Policy"), (
        (31, "capitalgazette", "Parliament halves hydrogen subsidy in late-night vote", 72, None, "en"),
        (30, "kestrelwire", "Vesterholm parliament votes to halve hydrogen subsidy", 68, None, "en"),
        (29, "nordlichtkurier", "Vesterholm halbiert Förderung für Wasserstoff", 54, None, "de"),
        (28, "foundrypost", "Steel towns count what the hydrogen vote will cost them", 63, None, "en"),
    )),
    (("Energy", "Power grid"), (
        (44, "voltreview", "Rural grid fees to fall by a fifth as new formula takes effect", 62, None, "en"),
        (42, "meadowledger", "Farms win, flats lose in new grid fee formula", 60, None, "en"),
    )),
    (("Energy", "Storage"), (
        (50, "quietmachine", "A cellar full of salt keeps this school warm through January", 65, None, "en"),
    )),
    (("Energy", "Offshore wind"), (
        (52, "tidelines", "Gulls learn to fly between turbines, ten-year study finds", 64, None, "en"),
        (51, "kestrelwire", "Seabirds adapt to wind farms faster than thought, study says", 59, None, "en"),
        (49, "openharbor", "Seabirds adapt to wind farms faster than thought, study says", 44, 1, "en"),
    )),
    (("Energy", "Policy"), (
        (57, "foundrypost", "Energy minister Rask faces questions over consultant’s second job", 67, None, "en"),
        (55, "capitalgazette", "Rask: “I knew of the contract, not of the invoices”", 66, None, "en"),
    )),
    (("Energy", "Hydrogen"), (
        (68, "saltandsteel", "First hydrogen tug goes to work in Lund Bay, at twice the price", 61, None, "en"),
    )),
    (("Energy",), (
        (15, "meadowledger", "The baker who fires his oven with orchard prunings", 51, None, "en"),
    )),
    (("Energy", "Power grid", "Policy"), (
        (12, "kestrelwire", "Regulator opens inquiry into frozen smart meters", 63, None, "en"),
        (11, "voltreview", "Frozen meters: which models, which dates, what to do", 60, None, "en"),
    )),
    (("Energy", "Storage"), (
        (33, "openharbor", "Shipyard bets on swapping batteries the way it once swapped coal", 58, None, "en"),
    )),
    (("Energy", "Offshore wind"), (
        (75, "saltandsteel", "Auction for the Skerry field draws a single bid", 66, None, "en"),
        (74, "nordlichtkurier", "Nur ein Gebot für das Windfeld Skerry", 50, None, "de"),
        (73, "capitalgazette", "One bid, no contest: what the Skerry auction says about prices", 63, None, "en"),
    )),
    (("Energy", "Hydrogen"), (
        (470, "voltreview", "Leak tests for old gas pipes come back better than feared", 62, None, "en"),
    )),
    (("Energy", "Policy"), (
        (520, "capitalgazette", "Budget draft moves road money to the grid", 61, None, "en"),
        (519, "foundrypost", "Potholes or power lines: the budget’s hardest line", 57, None, "en"),
    )),
    (("Energy", "Power grid"), (
        (900, "kestrelwire", "Heat wave lifts power demand to summer record", 64, None, "en"),
    )),
)  # fmt: skip

_EXCERPT = (
    "Engineers traced the fault to a joint laid in 2009; a second line that should have taken over was out for "
    "painting. The operator says supply will hold tonight, and will not say for how long."
)


def article_id(address: str) -> ArticleId:
    """Return an id the way identify does."""
    return ArticleId(hashlib.sha256(address.encode()).hexdigest()[:16])


def item(
    key: str,
    *,
    title: str = "Grid operator says supply will hold",
    provider: str = "kestrelwire",
    hours: float = 1.0,
    story: str | None = None,
    related: Iterable[str] = (),
    topics: Iterable[str] = ("Energy",),
    quality: int = 60,
    heat: int = 60,
    published: bool = True,
    copy_of: str | None = None,
    language: str = "en",
    excerpt: str = _EXCERPT,
    authors: tuple[str, ...] = (),
    image: Image | None = None,
    earlier_title: str | None = None,
    url: str | None = None,
) -> Item:
    """Return an item told `hours` before noon; `key` gives its id, `related` and `copy_of` are keys too."""
    domain = ProviderId(f"{provider}.example")
    told = NOON - timedelta(hours=hours)
    seen = told + timedelta(minutes=10)
    versions = [Version(number=1, seen_at=seen, title=title, text=excerpt, digest=digest(title, excerpt))]
    if earlier_title:
        late = seen + timedelta(hours=2)
        versions = [
            Version(number=1, seen_at=seen, title=earlier_title, text="", digest=digest(earlier_title, "")),
            Version(number=2, seen_at=late, title=title, text=excerpt, digest=digest(title, excerpt)),
        ]
    article = Article(
        id=article_id(key),
        canonical_url=f"https://{domain}/news/{key}" if url is None else url,
        provider=Provider(domain=domain, name=OUTLETS.get(domain, domain)),
        title=title,
        excerpt=excerpt,
        text=excerpt,
        authors=authors,
        published_at=told,
        first_seen_at=seen,
        language=language,
        image=image,
        versions=tuple(versions),
    )
    copy = None
    if copy_of:
        copy = Copy(
            article=article.id,
            origin=article_id(copy_of),
            kind="exact",
            share=0.97,
            reason="Nine of ten lines are the same.",
        )
    return Item(
        article=article,
        name=f"{told:%Y-%m-%d}-{key}",
        topics=tuple(Tag(topic=name, confidence=0.9, reasons=(f'"{name.lower()}" in the title',)) for name in topics),
        rating=Rating(
            article=article.id,
            quality=quality,
            heat=heat,
            published=published,
            quality_parts=(
                Part(name="text", value=4.0, weight=5.0, points=20.0, note="210 words"),
                Part(name="picture", value=1.0, weight=15.0, points=15.0),
                Part(name="headline", value=-2.0, weight=1.0, points=-2.0, note="14 characters over 70"),
            ),
            heat_parts=(
                Part(name="outlets", value=6.4, weight=10.0, points=64.0, note="7 independent outlets, fading"),
            ),
            reason="Published: its story reached heat 40 and it is the best article of it.",
            rules="wiredesk-1",
        ),
        story=StoryId(f"s{article_id(story or key)}"),
        related=tuple(article_id(one) for one in related),
        copy=copy,
    )


def world(folder: Path | None = None) -> list[Item]:
    """Return about forty items in sixteen stories; pictures are drawn into `folder`/assets/images/news."""
    items: list[Item] = []
    for number, (topics, lines) in enumerate(_STORIES):
        keys = [f"{number:02}-{line}-{provider}" for line, (_, provider, *_) in enumerate(lines)]
        ranked = sorted(range(len(lines)), key=lambda line: -lines[line][3])
        for line, (hours, provider, title, quality, copy, language) in enumerate(lines):
            leads = line == ranked[0]
            image = _picture(folder, number) if leads and number % 3 != 1 else None
            items.append(
                item(
                    keys[line],
                    title=title,
                    provider=provider,
                    hours=hours,
                    story=keys[0],
                    related=[keys[other] for other in ranked if other != line],
                    topics=topics,
                    quality=quality,
                    heat=max(quality + 12 * len(lines) - int(hours), 0) if leads else -1,
                    published=leads,
                    copy_of=keys[copy] if copy is not None else None,
                    language=language,
                    authors=("Ida Sommer", "Per Lindqvist")[: quality % 3],
                    image=image,
                    earlier_title="Alarm at Ostrand ignored, log shows" if "silenced" in title else None,
                )
            )
    return items


def _picture(folder: Path | None, number: int) -> Image:
    """Draw a small landscape as PNG: a sky that fades, a sea, a sun; its name is its content's hash."""
    width, height = 240, 160
    hue = (number * 47) % 120
    rows = []
    for y in range(height):
        sky = y < 96 + (number * 13) % 20
        base = (90 + hue + y // 2, 130 + y // 2, 200 - hue // 2) if sky else (30 + hue // 3, 70 + (y - 96) // 3, 95)
        row = bytearray([0])
        for x in range(width):
            sun = (x - 60 - number * 9) ** 2 + (y - 50) ** 2 < 300
            row += bytes((250, 225, 170)) if sun else bytes(min(255, one) for one in base)
        rows.append(bytes(row))
    data = b"\x89PNG\r\n\x1a\n"
    for kind, chunk in (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(rows))),
        (b"IEND", b""),
    ):
        data += struct.pack(">I", len(chunk)) + kind + chunk + struct.pack(">I", zlib.crc32(kind + chunk))
    name = f"{hashlib.sha256(data).hexdigest()[:32]}.png"
    if folder is not None:
        (folder / "assets" / "images" / "news").mkdir(parents=True, exist_ok=True)
        (folder / "assets" / "images" / "news" / name).write_bytes(data)
    return Image(
        url=f"https://pictures.example/{number}.png",
        width=width,
        height=height,
        title="Morning at the coast",
        attribution="Drawn for a test",
        is_cached=True,
        held=f"assets/images/news/{name}",
    )


def settings(**publish: object) -> Settings:
    """Return settings of a site that lives in a sub-path."""
    site = {
        "title": "The Current",
        "address": "https://news.example/current/",
        "description": "Who keeps the lights on, and at what price.",
    }
    return Settings.model_validate({"site": site, "publish": publish})


@dataclass
class MemoryArchive:
    """An Archive over a dict."""

    held: dict[str, Item] = field(default_factory=dict)
    as_of: datetime = NOON
    reads: int = 0  # items handed out
    near: dict[str, Neighbours] = field(default_factory=dict)  # by story
    shown: set[str] = field(default_factory=set)  # stories and threads that had a page

    def put(self, *items: Item) -> frozenset[str]:
        """Keep items and return the scopes that they make dirty."""
        dirty: set[str] = set()
        for one in items:
            old = self.held.get(one.article.id)
            if old != one:
                dirty |= scopes_of(one) | (scopes_of(old) if old else set())
                self.held[one.article.id] = one
        return frozenset(dirty)

    def drop(self, id: str) -> frozenset[str]:
        """Forget an item and return the scopes that it makes dirty."""
        return scopes_of(self.held.pop(id))

    def item(self, id: str) -> Item | None:
        self.reads += id in self.held
        return self.held.get(id)

    def items(self, ids: Iterable[str]) -> list[Item]:
        found = [self.held[id] for id in ids if id in self.held]
        self.reads += len(found)
        return found

    def story(self, story_id: str) -> list[Item]:
        found = [one for one in self.held.values() if one.story == story_id]
        self.reads += len(found)
        return sorted(found, key=lambda one: (one.rating.heat < 0, -one.rating.quality, one.article.id))

    def leaders(self, stories: Iterable[str]) -> list[Item]:
        shown = [[one for one in self.story(story) if one.rating.published] for story in stories]
        return [items[0] for items in shown if items]

    def neighbours(self, story_id: str) -> Neighbours | None:
        return self.near.get(story_id)

    def background(self, article_id: str, items: Sequence[Item]) -> Background:
        near = self.neighbours(items[0].story)
        return background_of(ArticleId(article_id), items, near, needed=0.01)

    def thread(self, id: str) -> list[StoryId]:
        return next((list(near.stories) for near in self.near.values() if near.thread == id), [])

    def thread_ids(self) -> list[str]:
        return sorted({near.thread for near in self.near.values() if near.thread})

    def thread_pages(self) -> list[str]:
        return [thread for thread in self.thread_ids() if len(self.leaders(self.thread(thread))) > 1]

    def former_threads(self, story_id: str) -> list[str]:
        near = self.near.get(story_id)
        around = {story_id, *(near.stories if near else ())}
        named = {f"ts{one.article.id}" for one in self.held.values() if one.story in around}
        return sorted(named & self.shown)

    def had_page(self, id: str) -> bool:
        return id in self.shown

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
        found = [
            _entry(one)
            for one in self.held.values()
            if (one.rating.published or not published)
            and (topic is None or topic in {tag.topic for tag in one.topics})
            and (provider is None or provider == one.article.provider.domain)
            and (day is None or day == one.article.told_at.date())
            and (month is None or month == one.article.told_at.date().isoformat()[:7])
            and (since is None or one.article.told_at >= since)
        ]
        found.sort(key=lambda entry: entry.name)
        found.sort(key=lambda entry: entry.told_at, reverse=True)
        return found[:limit]

    def providers(self) -> list[tuple[Provider, int]]:
        count: dict[str, int] = {}
        named: dict[str, Provider] = {}
        for entry in reversed(self.entries()):
            count[entry.provider] = count.get(entry.provider, 0) + 1
            named[entry.provider] = self.held[entry.article].article.provider
        return [(named[domain], count[domain]) for domain in sorted(count)]

    def days(self) -> list[tuple[date, int]]:
        count: dict[date, int] = {}
        for entry in self.entries():
            count[entry.told_at.date()] = count.get(entry.told_at.date(), 0) + 1
        return sorted(count.items())

    def topic_counts(self) -> dict[str, int]:
        names = sorted({tag.topic for one in self.held.values() for tag in one.topics})
        return {name: len(self.entries(topic=name)) for name in names if self.entries(topic=name)}

    def freshness(self) -> Freshness:
        stories = {one.story for one in self.held.values()}
        return Freshness(as_of=self.as_of, sources=24, sources_failing=1, articles=len(self.held), stories=len(stories))


def _entry(one: Item) -> Entry:
    return Entry(
        article=one.article.id,
        name=one.name,
        story=one.story,
        provider=one.article.provider.domain,
        told_at=one.article.told_at,
        published=one.rating.published,
        quality=one.rating.quality,
        heat=one.rating.heat,
        digest=item_digest(one),
    )


@dataclass
class MemoryLedger:
    """A Ledger over dicts."""

    last: int = 0
    rows: dict[str, tuple[str, DocumentRow]] = field(default_factory=dict)  # key -> scope, row
    changed: dict[str, int] = field(default_factory=dict)  # key -> edition
    dirty: set[str] = field(default_factory=set)

    def number(self) -> int:
        return self.last

    def documents(self, scope: str) -> dict[str, DocumentRow]:
        return {key: row for key, (owner, row) in self.rows.items() if owner == scope}

    def scopes(self) -> Collection[str]:
        return {owner for owner, _ in self.rows.values()}

    def dirty_scopes(self) -> Collection[str]:
        return set(self.dirty)

    def changes_since(self, edition: int) -> Collection[str]:
        return {key for key, number in self.changed.items() if number > edition}

    def commit_edition(
        self, number: int, written: Iterable[Written], removed: Iterable[str], done_scopes: Iterable[str]
    ) -> None:
        for key in removed:
            self.rows.pop(key, None)
            self.changed[key] = number
        for one in written:
            self.rows[one.key] = (one.scope, DocumentRow(inputs=one.inputs, output=one.output))
            self.changed[one.key] = number
        self.last = number
        self.dirty -= set(done_scopes)


def threaded(*stories: Item) -> dict[str, Neighbours]:
    """Return where the stories of these items stand when they are one thread, each close to none."""
    ids = tuple(one.story for one in stories)
    return {
        story: Neighbours(
            thread=f"t{ids[0]}",
            stories=ids,
            shared=("grid", "cable"),
            likeness=0.4,
            threshold=0.2,
            runner_up=None,
            close=(),
            rarity={},
        )
        for story in ids
    }


def later(one: Item, **changes: object) -> Item:
    """Return an item with another title, heat or whatever of its rating and article."""
    article = {key: value for key, value in changes.items() if key in {"title", "excerpt", "authors", "published_at"}}
    rating = {key: value for key, value in changes.items() if key in {"quality", "heat", "published"}}
    return replace(one, article=replace(one.article, **article), rating=replace(one.rating, **rating))  # type: ignore[arg-type]
