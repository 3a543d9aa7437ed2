"""What pages taught about their hosts, and which fields of a host or source are worse than they were.

Values of the stage that made them come and go as its own JSON and bytes: the store knows no stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wiredesk.store.codec import instant, moment, optional_moment
from wiredesk.store.database import Database


@dataclass(frozen=True, slots=True)
class LessonRow:
    """What a page taught; `data` is the stage's own."""

    address: str
    observed_at: datetime
    data: bytes


class Lessons:
    """The tables of lessons and drifts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, host: str, observed_at: datetime, address: str, *, source: str, marks: str, data: bytes) -> None:
        """Keep a lesson; that of the same page at the same time is replaced."""
        self._db.run("lesson_put", host, instant(observed_at), address, source, marks, data)

    def before(self, host: str, before: datetime, most: int) -> list[LessonRow]:
        """Return the lessons of a host from before `before`, newest first, at most `most`."""
        return [
            LessonRow(row["address"], moment(row["observed_at"]), row["data"])
            for row in self._db.all("lessons_before", host, instant(before), most)
        ]

    def wires_before(self, host: str, before: datetime, most: int) -> list[tuple[str, bytes]]:
        """Return (address, packed Draft) of each wire item that names a page of these lessons, oldest first."""
        return [(row["address"], row["data"]) for row in self._db.all("lesson_wires", host, instant(before), most)]

    def prune(self, host: str, most: int) -> None:
        """Forget the lessons of a host before its `most` newest."""
        self._db.run("lesson_prune", host, most)

    def newest(self, host: str) -> datetime | None:
        """When the newest page of a host was captured that was read."""
        return optional_moment(self._db.value("lesson_newest", host))

    def hosts(self) -> dict[str, int]:
        """Return the hosts, and the number of lessons of each."""
        return {row["host"]: row["pages"] for row in self._db.all("lesson_hosts")}

    def marks_of_host(self, host: str, most: int) -> list[str]:
        """Return how well the newest pages of a host were read, oldest first."""
        return [row[0] for row in reversed(self._db.all("lesson_marks_of_host", host, most))]

    def marks_of_source(self, source: str, most: int) -> list[str]:
        """Return how well the newest pages that a source named were read, oldest first."""
        return [row[0] for row in reversed(self._db.all("lesson_marks_of_source", source, most))]

    def hosts_of_source(self, source: str) -> int:
        """How many hosts the pages of a source are from."""
        return int(self._db.value("lesson_hosts_of_source", source))

    def add_drift(self, place: str, field: str, seen_at: datetime, data: str) -> None:
        """Note that a field of a host or source got worse."""
        self._db.run("drift_put", place, field, instant(seen_at), data)

    def drop_drift(self, place: str, field: str) -> None:
        """Note that it is well again."""
        self._db.run("drift_drop", place, field)

    def drifts_of(self, place: str) -> dict[str, str]:
        """Return the drifts of a host or source that are not over, by field."""
        return {row["field"]: row["data"] for row in self._db.all("drifts_of", place)}

    def drifts(self) -> list[tuple[str, datetime, str]]:
        """Return (host or source, when it was seen, data) of every drift that is not over."""
        return [(row["place"], moment(row["seen_at"]), row["data"]) for row in self._db.all("drifts_all")]
