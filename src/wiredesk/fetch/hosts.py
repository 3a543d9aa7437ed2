"""What we learned of hosts: their robots.txt, their reservations, and when it is our turn again."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from wiredesk.fetch.robots import Robots, read_robots
from wiredesk.fetch.tdmrep import Reservations, read_tdmrep


@dataclass(frozen=True, slots=True, kw_only=True)
class HostNote:
    """One thing that we learned of a host, as it is kept from one process to the next.

    "robots" and "tdmrep" are answers as they were received, "pause" is how long the host is to be left alone.
    """

    place: str  # an origin, "https://example.org:8443"; of a pause a host, "example.org"
    kind: Literal["robots", "tdmrep", "pause"]
    at: datetime  # our clock
    status: int = 0  # of an answer
    body: bytes = b""  # of a 2xx: robots.txt up to 500 KiB, tdmrep.json up to 64 KiB
    until: datetime | None = None  # of a pause


@dataclass(slots=True)
class Hosts:
    """What we learned of hosts.

    Hand the same object to every Fetcher of a run, so that the run asks each host for robots.txt once and keeps the
    distance between its requests.  What was learned holds for a day, so a process that runs for long asks again.
    `recall` takes in what earlier processes learned, `remember` gives what the next ones should know.
    """

    robots: dict[str, Robots] = field(default_factory=dict)  # by origin, "https://example.org:443"
    free_at: dict[str, float] = field(default_factory=dict)  # by host; seconds of the monotonic clock
    reservations: dict[str, Reservations] = field(default_factory=dict)  # by origin
    _recalled: dict[tuple[str, str], HostNote] = field(default_factory=dict)  # (kind, origin); read where it is needed
    _new: dict[tuple[str, str], HostNote] = field(default_factory=dict)

    def robots_of(self, origin: str, now: datetime) -> Robots | None:
        """Return what the robots.txt of an origin allows; None where we have to ask."""
        if note := self._recalled.pop(("robots", origin), None):
            self.robots[origin] = read_robots(note.status, note.body, note.at)
        known = self.robots.get(origin)
        return known if known and known.holds(now) else None

    def reservations_of(self, origin: str, now: datetime) -> Reservations | None:
        """Return what an origin reserves; None where we have to ask."""
        if note := self._recalled.pop(("tdmrep", origin), None):
            self.reservations[origin] = read_tdmrep(note.status, note.body, note.at)
        known = self.reservations.get(origin)
        return known if known and known.holds(now) else None

    def note(self, kind: Literal["robots", "tdmrep"], origin: str, at: datetime, status: int, body: bytes) -> None:
        """Keep an answer for `remember`."""
        body = body if 200 <= status < 300 else b""
        self._new[kind, origin] = HostNote(place=origin, kind=kind, at=at, status=status, body=body)

    def recall(self, notes: Iterable[HostNote], now: datetime) -> None:
        """Take in what was remembered.  What we know ourselves and is newer stands; what comes from the future falls.

        A clock that was wrong, or was set with --now, must close no host for years.
        """
        for note in notes:
            if note.at > now:
                continue
            if note.until is not None:
                until = time.monotonic() + (note.until - now).total_seconds()  # the clock of every event loop
                self.free_at[note.place] = max(until, self.free_at.get(note.place, 0.0))
                continue
            known = (self.robots if note.kind == "robots" else self.reservations).get(note.place)
            if known is None or known.asked_at is None or known.asked_at < note.at:
                self._recalled[note.kind, note.place] = note

    def remember(self, now: datetime) -> list[HostNote]:
        """Return the answers that came since the last call, and the pauses of hosts that are still to be left alone.

        Not that a host gave no answer at all: that may have been our own network.
        """
        answers, self._new = list(self._new.values()), {}
        passed = time.monotonic()
        pauses = [
            HostNote(place=host, kind="pause", at=now, until=now + timedelta(seconds=free - passed))
            for host, free in self.free_at.items()
            if free > passed
        ]
        return answers + pauses
