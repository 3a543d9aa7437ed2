"""What hosts told us about asking them, for the runs to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from wiredesk.store.codec import instant, moment, optional_instant, optional_moment
from wiredesk.store.database import Database


class HostRow(NamedTuple):
    """One thing that we know of a host."""

    place: str  # an origin; of a pause a host
    kind: str  # robots, tdmrep, pause
    at: datetime
    status: int = 0
    body: bytes = b""
    until: datetime | None = None  # of a pause


class HostTable:
    """The table of hosts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, rows: Iterable[HostRow]) -> None:
        """Keep these; what was known of the same kind and place is replaced."""
        values = [(r.place, r.kind, instant(r.at), r.status, r.body, optional_instant(r.until)) for r in rows]
        with self._db.transaction():
            self._db.many("host_put", values)

    def all(self) -> list[HostRow]:
        """Return all that is known."""
        return [
            HostRow(
                row["place"],
                row["kind"],
                moment(row["noted_at"]),
                row["status"],
                row["body"],
                optional_moment(row["until"]),
            )
            for row in self._db.all("host_all")
        ]

    def forget(self, now: datetime, keep: timedelta) -> None:
        """Forget pauses that are over, and what was noted longer than `keep` ago."""
        self._db.run("host_forget", instant(now), instant(now - keep))
