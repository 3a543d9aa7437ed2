"""What we learned of hosts, from one process to the next: out of the store before anybody is asked, into it after."""

from __future__ import annotations

from datetime import timedelta

from wiredesk.fetch import HostNote, Hosts
from wiredesk.line.room import Room
from wiredesk.store import HostRow

_KEPT = timedelta(days=1)  # what hosts said is believed for no longer (RFC 9309, 2.4)


def recall_hosts(room: Room, hosts: Hosts) -> None:
    """Give `hosts` what earlier runs learned."""
    now = room.clock()
    room.store.hosts.forget(now, _KEPT)
    hosts.recall((HostNote(**row._asdict()) for row in room.store.hosts.all()), now)


def remember_hosts(room: Room, hosts: Hosts) -> None:
    """Keep what `hosts` learned since the last call, for later runs.  A run that is killed before asks again."""
    notes = hosts.remember(room.clock())
    room.store.hosts.put(HostRow(n.place, n.kind, n.at, n.status, n.body, n.until) for n in notes)
