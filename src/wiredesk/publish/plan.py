"""Dirty scopes -> the documents that they own, each with a digest of its inputs and a way to render it.

Planning asks the archive for entries, and for items only where a page shows more than entries tell; rendering is left
to the caller, who skips it when the inputs are those of the last edition.  So the cost follows the change.
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache, partial
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from wiredesk.config import Settings
from wiredesk.publish import api, feeds, records, sitemaps
from wiredesk.publish.archive import Archive, item_digest
from wiredesk.publish.scopes import lives_here
from wiredesk.publish.site import pages
from wiredesk.publish.site.pages import Site
from wiredesk.publish.site.views import front_item, story_path
from wiredesk.records import ArticleId, Entry, Item, Neighbours, StoryId, Topic
from wiredesk.text import digest

_FRAGMENTS = 20_000  # news items kept as JSON (about 1.6 kB each) while lists are written
_LATEST = 12  # headlines in the side column
_BESIDE = 3  # stories of a thread named on the page of one, before and after it
_CLOSE = 5  # stories close to one named on its page
_THREAD = 300  # newest stories of a thread on its page
_LEADER_DAYS = 30  # how much older than its story's newest article a leader on the front page may be


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A document that a scope owns."""

    tree: Literal["public", "records"]
    path: str  # below the tree, with "/"
    inputs: str  # digest of all that `render` reads
    render: Callable[[], bytes]

    @property
    def key(self) -> str:
        """The name of the document in the ledger."""
        return f"{self.tree}/{self.path}"


@dataclass(frozen=True, kw_only=True)
class Press:
    """Everything that an edition is made from."""

    archive: Archive
    settings: Settings
    topics: tuple[Topic, ...] = ()  # in file order
    site: Path | None = None  # the site's folder: what lies in its assets/ is published (pictures, the owner's files)
    key: bytes | None = None  # of the site, for `secured`
    carried: tuple[tuple[str, bytes], ...] = ()  # path and bytes of records of other collections, written as they are
    advance: Callable[[int], None] = lambda _: None  # told of every scope that is done

    @cached_property
    def frame(self) -> Site:
        """What all pages have in common."""
        return Site(settings=self.settings, topics=self.topics)

    @cached_property
    def api(self) -> api.ApiSite:
        """Where the JSON API lies."""
        site = self.settings.site
        own = self.settings.publish.api_items
        return api.ApiSite(address=site.address, pages=site.address, locale=site.locale, item_documents=own)

    def standing(self, path: str) -> bytes | None:
        """Return the record that stands at `path` below records/, None where there is none."""
        try:
            return (self.site / "records" / path).read_bytes() if self.site else None
        except OSError:
            return None

    @cached_property
    def look(self) -> str:
        """Digest of what shows in every document: our code and templates, settings, topic tree, key."""
        used = self.settings.model_dump_json(include={"site", "rules", "score", "publish", "records"})
        key = hashlib.sha256(self.key).hexdigest() if self.key else ""
        return digest(_release(), used, repr(self.topics), key)


@lru_cache(maxsize=1)
def _release() -> str:
    """Return a digest of this folder's files: a better template or a mended bug renders everything anew."""

    def read(folder: Traversable) -> Iterator[str]:
        for entry in sorted(folder.iterdir(), key=lambda one: one.name):
            if entry.is_dir():
                yield from read(entry)
            elif entry.name.endswith((".py", ".html", ".css", ".svg")):
                yield digest(entry.name, entry.read_text(encoding="utf-8"))

    return digest(*read(resources.files("wiredesk.publish")))


def plan(press: Press, scopes: Collection[str]) -> Iterator[tuple[str, Sequence[Planned]]]:
    """Give each scope with the documents that it owns now, in a fixed order.

    Some scopes carry on to others: a story to the records of its members, which quote each other, and to the front
    page; a day to its neighbours, which link to it.  A scope that nothing fills (any more) owns no documents.
    """
    planner = _Planner(press)
    for scope in planner.spread(scopes):
        yield scope, planner.documents(scope)


class _Planner:
    """Plans scopes, with what several of them ask for at hand: the last stories read, and the lists of the topics."""

    def __init__(self, press: Press) -> None:
        self.press, self.archive, self.frame = press, press.archive, press.frame
        self.settings = press.settings.publish
        self.fragments: dict[ArticleId, str] = {}  # of the JSON API's lists: an item stands in several
        self.topics = {topic.name: topic for topic in press.topics}
        self.story_items: Callable[[str], list[Item]] = lru_cache(maxsize=8)(press.archive.story)
        self.story_digests: Callable[[str], dict[str, str]] = lru_cache(maxsize=8)(self.digests_of_story)
        self.of_topic: Callable[[str | None], list[Entry]] = lru_cache(maxsize=32)(
            lambda name: press.archive.entries(topic=name)  # None: of the whole site
        )
        self.kinds: dict[str, Callable[[str], Iterator[Planned]]] = {
            "record": self.record,
            "story": self.story,
            "thread": self.thread,
            "topic": self.topic,
            "topic-month": self.topic_month,
            "provider": self.provider,
            "provider-month": self.provider_month,
            "providers": self.providers,
            "day": self.day,
            "month": self.month,
            "archive": self.archive_page,
            "front": self.front,
            "about": self.about,
            "site": self.whole_site,
            "assets": self.assets,
            "carried": self.carried,
            "api": self.api_news,
            "feed": self.feed,
            "sitemap": self.sitemap,
        }

    def spread(self, scopes: Collection[str]) -> Iterator[str]:
        """Give the scopes and those that they carry on to, each once, records behind their story."""
        seen: set[str] = set()
        for scope in sorted(scopes, key=lambda one: (not one.startswith("story:"), one)):
            for one in (scope, *self.carries_on_to(scope)):
                if one not in seen:
                    seen.add(one)
                    yield one

    def carries_on_to(self, scope: str) -> list[str]:
        kind, _, name = scope.partition(":")
        if kind == "story":
            near = self.archive.neighbours(name)
            beside = {*_around(near.stories, name), *(one.story for one in near.close)} if near else set()
            threads = sorted({near.thread} if near and near.thread else set()) + self.archive.former_threads(name)
            records_of = [f"record:{item.article.id}" for item in self.story_items(name)]
            return [
                *records_of,
                *sorted(f"story:{one}" for one in beside),
                *(f"thread:{thread}" for thread in threads),
                "front",
            ]
        if kind == "record" and self.archive.had_page(f"ts{name}"):
            return [f"thread:ts{name}"]
        if kind == "day":
            return [f"day:{day.isoformat()}" for day in self.neighbours(date.fromisoformat(name)) if day]
        return []

    def documents(self, scope: str) -> Sequence[Planned]:
        kind, _, name = scope.partition(":")
        return tuple(self.kinds[kind](name)) if kind in self.kinds else ()

    def page(self, path: str, inputs: Sequence[str], render: Callable[[], bytes]) -> Planned:
        """Return a document of the public tree; `path` is a file, or the folder of a page."""
        file = path if path and not path.endswith("/") else f"{path}index.html"
        return Planned(tree="public", path=file, inputs=digest(self.press.look, *inputs), render=render)

    # One article, one story

    def record(self, id: str) -> Iterator[Planned]:
        item = self.archive.item(id)
        if item is None:
            return
        of_story = {one.article.id: one for one in self.story_items(item.story)}
        related = [of_story[one] for one in item.related if one in of_story]
        digests = self.story_digests(item.story)
        yield Planned(
            tree="records",
            path=f"_news/{item.name}.md",
            inputs=digest(self.press.look, item_digest(item), *(digests[one.article.id] for one in related)),
            render=lambda: records.write_record(
                item, related, self.press.settings, self.press.key, self.press.standing(f"_news/{item.name}.md")
            ),
        )
        yield from self.redirect(item)
        if not item.rating.published:
            return
        if self.settings.api_items:
            yield self.page(
                api.item_path(item.name), [item_digest(item)], lambda: api.document(api.news_item(item, self.press.api))
            )
        if lives_here(item):
            yield self.page(f"news/{item.name}/", [item_digest(item)], lambda: pages.own(self.frame, item))

    def redirect(self, item: Item) -> Iterator[Planned]:
        """Plan what stands where the story named after `item` had its page, once it is in another story."""
        named = f"s{item.article.id}"
        items = self.story_items(item.story)
        if item.story != named and self.archive.had_page(named) and any(one.rating.published for one in items):
            inputs = [item.story, item_digest(front_item(items))]
            yield self.page(f"story/{named}/", inputs, lambda: pages.moved_story(self.frame, front_item(items)))

    def story(self, id: str) -> Iterator[Planned]:
        items = self.story_items(id)
        if not any(item.rating.published for item in items):
            return
        near = self.archive.neighbours(id)
        surroundings = self.surroundings(id, near)
        article = front_item(items).article.id
        yield self.page(
            f"story/{id}/",
            [*self.story_digests(id).values(), repr(near and near.rarity), *surroundings.shown],
            lambda: pages.story(self.frame, items, self.archive.background(article, items), surroundings),
        )

    def surroundings(self, id: str, near: Neighbours | None) -> pages.Surroundings:
        """Return the published stories around one: those beside it in its thread, and those close to it."""
        if near is None:
            return pages.Surroundings()
        here = near.stories.index(StoryId(id)) if near.stories else 0
        close = {one.story: one.shared for one in near.close if one.story not in near.stories}
        leaders = {item.story: item for item in self.archive.leaders([*_around(near.stories, id), *close])}
        return pages.Surroundings(
            thread=near.thread,
            shared=near.shared,
            earlier=tuple(leaders[one] for one in near.stories[:here][-_BESIDE:] if one in leaders),
            later=tuple(leaders[one] for one in near.stories[here + 1 :][:_BESIDE] if one in leaders),
            close=tuple((leaders[one], shared) for one, shared in close.items() if one in leaders)[:_CLOSE],
        )

    def thread(self, id: str) -> Iterator[Planned]:
        leaders = self.archive.leaders(self.archive.thread(id))[-_THREAD:]
        if len(leaders) > 1:
            shared = [near.shared if (near := self.archive.neighbours(item.story)) else () for item in leaders]
            yield self.page(
                f"threads/{id}/",
                [*map(item_digest, leaders), repr(shared)],
                lambda: pages.thread(self.frame, id, list(zip(leaders, shared, strict=True))),
            )
        elif self.archive.had_page(id):
            yield from self.moved_thread(id, leaders)

    def moved_thread(self, id: str, left: Sequence[Item]) -> Iterator[Planned]:
        """Plan what stands where a thread was: the way to where the article is now that it was named after.

        That is the thread of the article's story, else its story; else what is `left` of the thread.
        """
        named = self.archive.item(id.removeprefix("ts"))
        near = self.archive.neighbours(named.story) if named else None
        beside = self.archive.leaders(near.stories)[-_THREAD:] if near else []
        thread = near.thread if near and len(beside) > 1 else None
        own = self.archive.leaders([named.story]) if named and thread is None else []
        lead = next(iter([*own, *beside, *left]), None)
        if lead is not None:
            yield self.page(
                f"threads/{id}/",
                [repr(thread), item_digest(lead)],
                lambda: pages.moved_thread(self.frame, lead, thread),
            )

    # Lists

    def topic(self, name: str) -> Iterator[Planned]:
        topic = self.topics.get(name)
        if topic is None:
            return
        entries = self.of_topic(name)
        shown, months = entries[: self.settings.topic_stories], _months(entries)
        yield self.page(
            f"topic/{topic.id}/",
            [*_digests(shown), repr(months)],
            lambda: pages.topic(self.frame, topic, self.items(shown), months),
        )

    def topic_month(self, name: str) -> Iterator[Planned]:
        month, _, name = name.partition("/")
        topic = self.topics.get(name)
        entries = self.archive.entries(topic=name, month=month)
        if topic is not None and entries:
            yield self.page(
                f"topic/{topic.id}/{month}/",
                _digests(entries),
                lambda: pages.month_of(self.frame, pages.topic_path(topic), topic.name, month, self.items(entries)),
            )

    def provider(self, domain: str) -> Iterator[Planned]:
        entries = self.archive.entries(provider=domain)
        shown, months = entries[: self.settings.topic_stories], _months(entries)
        if entries:
            yield self.page(
                f"provider/{domain}/",
                [*_digests(shown), repr(months)],
                lambda: pages.provider(self.frame, self.items(shown), months),
            )

    def provider_month(self, name: str) -> Iterator[Planned]:
        month, _, domain = name.partition("/")
        entries = self.archive.entries(provider=domain, month=month)

        def render() -> bytes:
            items = self.items(entries)
            return pages.month_of(self.frame, *pages.provider_place(items[0].article.provider), month, items)

        if entries:
            yield self.page(f"provider/{domain}/{month}/", _digests(entries), render)

    def providers(self, _: str) -> Iterator[Planned]:
        found = self.archive.providers()
        yield self.page("providers/", [repr(found)], lambda: pages.providers(self.frame, found))

    def day(self, name: str) -> Iterator[Planned]:
        at = date.fromisoformat(name)
        entries = self.archive.entries(day=at)
        before, after = self.neighbours(at)
        if entries:
            yield self.page(
                pages.day_path(at),
                [*_digests(entries), repr((before, after))],
                lambda: pages.day(self.frame, at, self.items(entries), before, after),
            )

    def month(self, month: str) -> Iterator[Planned]:
        entries = self.archive.entries(month=month)

        def render() -> bytes:
            days = Counter(entry.told_at.date() for entry in entries)
            best = pages.best_of_days([(entry.told_at.date(), entry.quality, entry.article) for entry in entries])
            return pages.month(
                self.frame, month, days, {at: self.archive.items(map(ArticleId, ids)) for at, ids in best.items()}
            )

        if entries:
            yield self.page(pages.month_path(month), _digests(entries), render)

    def archive_page(self, _: str) -> Iterator[Planned]:
        days = self.days
        yield self.page("archive/", [repr(days)], lambda: pages.archive(self.frame, days))

    # Pages of the whole site

    def front(self, _: str) -> Iterator[Planned]:
        freshness = self.archive.freshness()
        since = freshness.as_of - timedelta(days=self.settings.front_days)
        alive = {entry.story for entry in self.archive.entries(since=since, published=False)}
        leaders: dict[str, Entry] = {}
        for entry in self.archive.entries(since=since - timedelta(days=_LEADER_DAYS)):
            if entry.story in alive and (entry.story not in leaders or entry.heat > leaders[entry.story].heat):
                leaders[entry.story] = entry
        hottest = sorted(leaders.values(), key=lambda entry: -entry.heat)[: self.settings.front_stories]  # stable
        stories = [self.archive.story(entry.story) for entry in hottest]
        latest = self.archive.entries(limit=_LATEST)
        counts = self.archive.topic_counts()
        inputs = [repr(freshness), repr(sorted(counts.items())), *_digests(latest)]
        inputs += [digest(*map(item_digest, items)) for items in stories]
        yield self.page("", inputs, lambda: pages.front(self.frame, freshness, stories, self.items(latest), counts))

    def about(self, _: str) -> Iterator[Planned]:
        freshness = self.archive.freshness()
        yield self.page("about/", [repr(freshness)], lambda: pages.about(self.frame, freshness))

    def whole_site(self, _: str) -> Iterator[Planned]:
        """Plan what depends on `look` alone; its digest there tells whether an edition has the same look."""
        files: dict[str, Callable[[], bytes]] = {
            self.frame.style_path: lambda: self.frame.style,
            "icon.svg": lambda: self.frame.icon,
            "404.html": lambda: pages.not_found(self.frame),
            "robots.txt": lambda: sitemaps.robots(self.frame),
            "api/topics/index.json": lambda: api.topics_document(self.press.topics, self.press.api),
            "api/sponsorships/today/index.json": api.sponsorships_document,
        }
        for path, render in files.items():
            yield Planned(tree="public", path=path, inputs=self.press.look, render=render)

    def assets(self, _: str) -> Iterator[Planned]:
        """Plan the files of the assets folder.  Size and time tell a change, as for any build tool."""
        if self.press.site is None:
            return
        for folder, folders, files in os.walk(self.press.site / "assets"):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(name for name in files if not name.startswith(".")):
                file = Path(folder, name)
                if not file.is_symlink():  # it may lead anywhere
                    path = file.relative_to(self.press.site).as_posix()
                    yield Planned(tree="public", path=path, inputs=_stamp(file), render=file.read_bytes)

    def carried(self, _: str) -> Iterator[Planned]:
        for path, data in self.press.carried:
            inputs = hashlib.sha256(data).hexdigest()
            yield Planned(tree="records", path=path, inputs=inputs, render=partial(bytes, data))
        as_of = self.archive.freshness().as_of
        for path, data in api.carried_documents(self.press.carried, self.press.topics, self.press.api, as_of=as_of):
            yield self.page(path, [hashlib.sha256(data).hexdigest()], partial(bytes, data))

    # For machines

    def api_news(self, name: str) -> Iterator[Planned]:
        topic = self.topics.get(name)
        if name and topic is None:
            return
        entries = self.of_topic(name or None)
        size = self.settings.api_page_size
        count = api.page_count(len(entries), size)
        for number in range(1, count + 1):
            chunk = entries[(number - 1) * size : number * size]
            inputs = [str(number == count), *_digests(chunk)]
            render = lru_cache(maxsize=1)(partial(self.news_page, chunk, number, last=number == count))
            for path in api.news_paths(number, topic.id if topic else None):
                yield self.page(path, inputs, render)

    def news_page(self, entries: Sequence[Entry], number: int, *, last: bool) -> bytes:
        held = {entry.article: self.fragments.get(entry.article) for entry in entries}
        missing = [entry for entry in entries if held[entry.article] is None]
        for item in self.items(missing):
            text = api.fragment(api.news_item(item, self.press.api))
            held[item.article.id] = self.fragments[item.article.id] = text
        while len(self.fragments) > _FRAGMENTS:
            del self.fragments[next(iter(self.fragments))]
        return api.news_page_of([text for text in held.values() if text is not None], number, last=last)

    def feed(self, name: str) -> Iterator[Planned]:
        topic = self.topics.get(name)
        if name and topic is None:
            return
        entries = self.of_topic(name or None)[: self.settings.feed_items]
        own = self.press.settings.site
        path = f"topic/{topic.id}/" if topic else ""

        def feed() -> feeds.Feed:
            return feeds.Feed(
                title=f"{own.title}: {topic.name}" if topic else own.title,
                description=(topic.description if topic else own.description) or own.title,
                path=pages.topic_path(topic) if topic else "",
                items=self.items(entries),
            )

        yield self.page(f"{path}feed.xml", _digests(entries), lambda: feeds.rss(self.frame, feed()))
        yield self.page(f"{path}atom.xml", _digests(entries), lambda: feeds.atom(self.frame, feed()))
        yield self.page(f"{path}feed.json", _digests(entries), lambda: feeds.json_feed(self.frame, feed()))

    def sitemap(self, name: str) -> Iterator[Planned]:
        if name == "index":
            months = sorted({day.isoformat()[:7] for day, _ in self.days})
            threads = [pages.thread_path(thread) for thread in self.archive.thread_pages()]
            paths = ["sitemap/pages.xml", *(f"sitemap/{month}.xml" for month in months)]
            if threads:
                paths.append("sitemap/threads.xml")
                yield self.page("sitemap/threads.xml", [repr(threads)], lambda: sitemaps.urls(self.frame, threads))
            yield self.page("sitemap.xml", [repr(paths)], lambda: sitemaps.index(self.frame, paths))
            own = ["", "about/", "archive/", "providers/", *map(pages.topic_path, self.press.topics)]
            yield self.page("sitemap/pages.xml", [], lambda: sitemaps.urls(self.frame, own))
        elif name == "news":
            since = self.archive.freshness().as_of - timedelta(days=sitemaps.NEWS_DAYS)
            entries = self.archive.entries(since=since, limit=sitemaps.NEWS_LIMIT)
            yield self.page(
                "sitemap-news.xml", _digests(entries), lambda: sitemaps.news(self.frame, self.items(entries))
            )
        elif name == "own":
            items = [item for item in self.items(self.of_topic(None)) if lives_here(item)]
            yield self.page("news-sitemap.xml", list(map(item_digest, items)), lambda: sitemaps.own(self.frame, items))
        else:
            entries = self.archive.entries(month=name)
            if entries:
                of_month = [story_path(entry.story) for entry in entries]
                of_month += sorted({pages.day_path(entry.told_at.date()) for entry in entries})
                yield self.page(f"sitemap/{name}.xml", [repr(of_month)], lambda: sitemaps.urls(self.frame, of_month))

    # Helpers

    def digests_of_story(self, id: str) -> dict[str, str]:
        return {item.article.id: item_digest(item) for item in self.story_items(id)}

    def items(self, entries: Sequence[Entry]) -> list[Item]:
        return self.archive.items([entry.article for entry in entries])

    @cached_property
    def days(self) -> list[tuple[date, int]]:
        return self.archive.days()

    def neighbours(self, at: date) -> tuple[date | None, date | None]:
        """Return the nearest days before and after `at` that have news."""
        days = [day for day, _ in self.days]
        left, right = bisect_left(days, at), bisect_right(days, at)
        return (days[left - 1] if left else None, days[right] if right < len(days) else None)


def _around(stories: Sequence[StoryId], id: str) -> list[StoryId]:
    """Return the stories shown beside one of a thread."""
    if not stories:
        return []
    here = stories.index(StoryId(id))
    return [*stories[max(0, here - _BESIDE) : here], *stories[here + 1 :][:_BESIDE]]


def _digests(entries: Sequence[Entry]) -> list[str]:
    return [entry.digest for entry in entries]


def _months(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """Return the months of entries with their numbers, newest first."""
    return sorted(Counter(entry.told_at.date().isoformat()[:7] for entry in entries).items(), reverse=True)


def _stamp(file: Path) -> str:
    about = file.stat()
    return f"{about.st_size} {about.st_mtime_ns}"
