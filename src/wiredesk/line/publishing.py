"""Hand what is stored to the publishing stage, in the shape that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial

from wiredesk.line.pictures import provider_of
from wiredesk.line.room import Room
from wiredesk.line.threading import background_of, neighbours_of, thread_ids, thread_of, thread_pages
from wiredesk.publish import DocumentRow, Edition, Freshness, Press, Written, publish
from wiredesk.records import ArticleId, Background, Entry, Item, Neighbours, Provider, ProviderId, StoryId
from wiredesk.store import Document, Store


def publish_edition(room: Room, *, everything: bool = False) -> Edition:
    """Publish what changed (everything anew with `everything`), and swap."""
    _remember_pages(room)
    with room.step("Publishing") as advance:
        press = Press(
            archive=_Archive(room),
            settings=room.settings,
            topics=tuple(room.tree),
            site=room.site.root,
            key=room.key,
            carried=tuple(room.store.editions.carried()),
            advance=advance,
        )
        edition = publish(room.site.root, press, _Ledger(room.store), everything=everything)
    room.report_all(edition.problems)
    room.counts["files_written"] = edition.written
    room.counts["files_removed"] = edition.removed
    return edition


def _remember_pages(room: Room) -> None:
    """Where the database was lost, the edition on disk tells which stories and threads had a page."""
    if room.store.ledger.number() == 0:
        with room.store.transaction():
            for folder in (room.site.public / "story", room.site.public / "threads"):
                if folder.is_dir():
                    room.store.ledger.remember_pages(sorted(entry.name for entry in folder.iterdir()))


class _Archive:
    """The store, as `publish.Archive` asks it."""

    def __init__(self, room: Room) -> None:
        self._room, self._editions = room, room.store.editions
        # A story is planned, spread from and rendered in a row, and each time asks for the same.
        self._neighbours = lru_cache(maxsize=8)(partial(neighbours_of, room.store))

    def item(self, id: str) -> Item | None:
        return self._editions.item(ArticleId(id))

    def items(self, ids: Iterable[str]) -> list[Item]:
        return self._editions.items(map(ArticleId, ids))

    def story(self, story_id: str) -> list[Item]:
        return self._editions.story(StoryId(story_id))

    def leaders(self, stories: Iterable[str]) -> list[Item]:
        return [item for story in stories if (item := self._editions.leader(StoryId(story))) is not None]

    def neighbours(self, story_id: str) -> Neighbours | None:
        return self._neighbours(StoryId(story_id))

    def background(self, article_id: str, items: Sequence[Item]) -> Background:
        neighbours = self.neighbours(items[0].story)
        return background_of(ArticleId(article_id), items, neighbours, self._room.settings.stories.related_similarity)

    def thread(self, id: str) -> list[StoryId]:
        return thread_of(self._room.store, id)

    def thread_ids(self) -> list[str]:
        return thread_ids(self._room.store)

    def thread_pages(self) -> list[str]:
        return thread_pages(self._room.store)

    def former_threads(self, story_id: str) -> list[str]:
        return self._room.store.threads.pages_around(StoryId(story_id))

    def had_page(self, id: str) -> bool:
        return self._room.store.ledger.had_page(id)

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
        return self._editions.entries(
            topic=topic, provider=provider, day=day, month=month, since=since, published=published, limit=limit
        )

    def providers(self) -> list[tuple[Provider, int]]:
        counts = [(domain, number) for domain, number in self._editions.provider_counts() if number]
        return [(provider_of(self._room, _bare(domain)), number) for domain, number in counts]

    def days(self) -> list[tuple[date, int]]:
        return self._editions.days()

    def topic_counts(self) -> dict[str, int]:
        return self._editions.topic_counts()

    def freshness(self) -> Freshness:
        states = self._room.store.intake.sources()
        asked = {source.url for source in self._room.sources}
        return Freshness(
            as_of=self._room.store.intake.newest_capture() or datetime(1970, 1, 1, tzinfo=UTC),
            sources=len(asked),
            sources_failing=sum(state.failures > 0 for state in states if state.url in asked),
            articles=self._room.store.articles.count(),
            stories=self._room.store.articles.story_count(),
        )


def _bare(domain: ProviderId) -> Provider:
    return Provider(domain=domain, name=domain)


class _Ledger:
    """The store, as `publish.Ledger` asks it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def number(self) -> int:
        return self._store.ledger.number()

    def documents(self, scope: str) -> dict[str, DocumentRow]:
        rows = self._store.ledger.documents(scope)
        return {row.key: DocumentRow(inputs=row.inputs, output=row.output) for row in rows}

    def scopes(self) -> list[str]:
        return self._store.ledger.scopes()

    def dirty_scopes(self) -> list[str]:
        return self._store.editions.dirty_scopes()

    def changes_since(self, edition: int) -> list[str]:
        return self._store.ledger.changes_since(edition)

    def commit_edition(
        self, number: int, written: Iterable[Written], removed: Iterable[str], done_scopes: Iterable[str]
    ) -> None:
        rows = (Document(key=w.key, scope=w.scope, inputs=w.inputs, output=w.output) for w in written)
        self._store.ledger.commit(number, rows, removed, done_scopes)
