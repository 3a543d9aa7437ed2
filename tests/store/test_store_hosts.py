"""What hosts told us, in the store."""

from __future__ import annotations

from datetime import timedelta

from store_factory import HOUR, NOON

from wiredesk.store import HostRow, Store

ORIGIN = "https://a.example"


def test_what_is_known_is_replaced_by_what_is_newer() -> None:
    """One row for each place and kind; whatever bytes came."""
    store = Store(None)
    rules = HostRow(ORIGIN, "robots", NOON + HOUR, 200, b"\x00\xff Disallow:")
    pause = HostRow("a.example", "pause", NOON, until=NOON + HOUR)
    store.hosts.put([HostRow(ORIGIN, "robots", NOON, 503), HostRow(ORIGIN, "tdmrep", NOON, 404), pause])
    store.hosts.put([rules])

    assert store.hosts.all() == [pause, rules, HostRow(ORIGIN, "tdmrep", NOON, 404)]


def test_what_is_over_is_forgotten() -> None:
    """A pause at its end, however long it was; the rest by its age."""
    store = Store(None)
    day = timedelta(days=1)
    long = HostRow("long.example", "pause", NOON - 20 * day, until=NOON + HOUR)
    fresh = HostRow(ORIGIN, "robots", NOON - day + HOUR, 404)
    over = HostRow("over.example", "pause", NOON - HOUR, until=NOON)
    store.hosts.put([long, fresh, over, HostRow(ORIGIN, "tdmrep", NOON - day, 404)])
    store.hosts.forget(NOON, day)

    assert store.hosts.all() == [fresh, long]


def test_a_rebuild_keeps_it() -> None:
    """No capture holds it."""
    store = Store(None)
    store.hosts.put([HostRow(ORIGIN, "robots", NOON, 404)])
    store.forget_derived()

    assert len(store.hosts.all()) == 1
