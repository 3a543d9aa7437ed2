"""Stories in words, the threads that they continue, and the stories close to them.

Sketches and links are the JSON of the stage that makes them: the store knows no stage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wiredesk.records import StoryId
from wiredesk.store.codec import instant, moment
from wiredesk.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchRow:
    """What tells whether a sketch is still that of its story, and where it stands."""

    first_at: datetime
    inputs: str


class Threads:
    """The tables of threads and close stories."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # Sketches

    def sketch(self, story: StoryId) -> SketchRow | None:
        """Return when a story began, and the digest of what its sketch was made from."""
        row = self._db.one("thread_sketch", story)
        return SketchRow(first_at=moment(row["first_at"]), inputs=row["inputs"]) if row else None

    def put_sketch(self, story: StoryId, first_at: datetime, inputs: str, sketch: str) -> None:
        """Keep the sketch of a story; its link stays until it is followed anew."""
        self._db.run("thread_sketch_put", story, instant(first_at), inputs, sketch)

    def drop(self, story: StoryId) -> None:
        """Forget a story that has no articles any more."""
        self._db.run("thread_drop", story)
        self._db.run("close_drop", story)

    def days_from(self, day: datetime) -> list[tuple[str, int]]:
        """Return (day, number of stories that began on it) from `day` on, days as "2026-09-07"."""
        return [(row["day"], row["number"]) for row in self._db.all("thread_days_from", instant(day))]

    def sketches(self, begin: datetime, end: datetime) -> list[str]:
        """Return the sketches of the stories that began in [begin, end)."""
        return [row["sketch"] for row in self._db.all("thread_sketches", instant(begin), instant(end))]

    def history(self, begin: datetime, end: datetime, most: int) -> list[tuple[str, StoryId]]:
        """Return sketches and seeds of the `most` newest stories that began in [begin, end)."""
        rows = self._db.all("thread_history", instant(begin), instant(end), most)
        return [(row["sketch"], StoryId(row["seed"])) for row in rows]

    # Links

    def link(self, story: StoryId) -> tuple[StoryId, str] | None:
        """Return the seed of the thread that a story continues, and its link; None where it was not followed yet."""
        row = self._db.one("thread_get", story)
        return (StoryId(row["seed"]), row["link"]) if row else None

    def put_link(self, story: StoryId, seed: StoryId, link: str, close: Iterable[StoryId]) -> None:
        """Keep how a story was followed; `close` are the earlier stories close to it."""
        self._db.run("thread_put", story, seed, link)
        self._db.run("close_drop", story)
        self._db.many("close_put", ((story, other) for other in close))

    def close_to(self, story: StoryId) -> list[StoryId]:
        """Return the stories close to one, earlier and later ones, by id."""
        return [StoryId(row[0]) for row in self._db.all("close_of", story)]

    def members(self, seed: StoryId) -> list[tuple[StoryId, str]]:
        """Return the stories of a thread with their sketches, oldest first."""
        return [(StoryId(row["story"]), row["sketch"]) for row in self._db.all("thread_members", seed)]

    def seed_of(self, story: StoryId) -> StoryId | None:
        """Return the seed of the thread that a story continues."""
        value = self._db.value("thread_seed", story)
        return StoryId(value) if value else None

    def shown(self) -> list[tuple[StoryId, StoryId, datetime]]:
        """Return seed, story and when we first saw it, for the threads of two or more stories that are published."""
        rows = self._db.all("thread_shown")
        return [(StoryId(row["seed"]), StoryId(row["story"]), moment(row["seen_at"])) for row in rows]

    def pages_around(self, story: StoryId) -> list[str]:
        """Return the threads that ever had a page and are named after an article of a story or of its thread."""
        return [row[0] for row in self._db.all("thread_pages_around", story)]

    def seeds(self) -> list[StoryId]:
        """Return the seeds of all threads of two or more stories."""
        return [StoryId(row[0]) for row in self._db.all("thread_seeds")]
