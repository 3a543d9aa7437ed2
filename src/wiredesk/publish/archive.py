"""What publishing reads: small questions to whatever keeps the items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from wiredesk.records import Background, Entry, Item, Neighbours, Provider, StoryId
from wiredesk.text import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How fresh the data is.  `as_of` is the newest capture's time, never the wall clock."""

    as_of: datetime  # UTC
    sources: int  # sources that are polled
    sources_failing: int  # of these, how many gave no answer the last time
    articles: int  # articles held, published or not
    stories: int  # stories held, published or not


class Archive(Protocol):
    """Everything that an edition can show, as of one moment.

    Days and months are those of `told_at` in UTC; a month is written "YYYY-MM", a topic by its name.
    """

    def item(self, id: str) -> Item | None:
        """Return the item of an article."""
        ...

    def items(self, ids: Iterable[str]) -> list[Item]:
        """Return items in the order given; those that are missing are left out."""
        ...

    def story(self, story_id: str) -> list[Item]:
        """Return a story's items: its leader, then by quality (descending) and id.  Empty where there is none."""
        ...

    def had_page(self, id: str) -> bool:
        """Tell whether a story or a thread had a page in an edition before this one."""
        ...

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
        """Return entries newest first (`told_at` descending, then name), narrowed by all that is given.

        `since` keeps those with `told_at >= since`.  `published=False` gives every entry, published or not.
        """
        ...

    def leaders(self, stories: Iterable[str]) -> list[Item]:
        """Return the published item that stands for each of these stories; stories without one are left out."""
        ...

    def neighbours(self, story_id: str) -> Neighbours | None:
        """Return where a story stands among others; None where nobody looked yet."""
        ...

    def background(self, article_id: str, items: Sequence[Item]) -> Background:
        """Return what the rest of its story, `items`, is to a reader of one of its articles."""
        ...

    def thread(self, id: str) -> list[StoryId]:
        """Return the stories of a thread, oldest first; empty where there is none of that name."""
        ...

    def thread_ids(self) -> list[str]:
        """Return the names of all threads."""
        ...

    def thread_pages(self) -> list[str]:
        """Return the names of the threads of which two or more stories are published."""
        ...

    def former_threads(self, story_id: str) -> list[str]:
        """Return the threads that had a page before and are named after an article of a story, or of its thread."""
        ...

    def providers(self) -> list[tuple[Provider, int]]:
        """Return each provider that has published items with their number, by domain."""
        ...

    def days(self) -> list[tuple[date, int]]:
        """Return each day that has published items with their number, oldest first."""
        ...

    def topic_counts(self) -> dict[str, int]:
        """Return the number of published items for each topic name that has any."""
        ...

    def freshness(self) -> Freshness:
        """Return how fresh the data is."""
        ...


def item_digest(item: Item) -> str:
    """Return 64 hex digits that change when anything of `item` changes: the value of `Entry.digest`."""
    return digest(repr(item))
