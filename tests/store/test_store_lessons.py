"""Lessons and drifts in the store."""

from __future__ import annotations

from store_factory import HOUR, NOON, draft

from wiredesk.records import Draft
from wiredesk.store import Store, unpack


def put(store: Store, number: int, *, host: str = "h.example", source: str = "") -> None:
    store.lessons.put(
        host, NOON + number * HOUR, f"https://{host}/{number}", source=source, marks=f"m{number}", data=b"%d" % number
    )


def test_lessons_come_newest_first_and_only_from_before_the_moment() -> None:
    """At most as many as are asked for; the same page at the same time is one lesson."""
    store = Store(None)
    for number in (3, 1, 2, 2, 4):
        put(store, number)
    put(store, 1, host="other.example")

    assert [row.data for row in store.lessons.before("h.example", NOON + 4 * HOUR, 2)] == [b"3", b"2"]
    assert store.lessons.newest("h.example") == NOON + 4 * HOUR
    assert store.lessons.newest("nobody.example") is None
    assert store.lessons.hosts() == {"h.example": 4, "other.example": 1}


def test_wire_items_come_with_the_lessons_whose_pages_they_name() -> None:
    """Those of the newest lessons, oldest first; readings of pages are none."""
    store = Store(None)
    for number in range(4):
        put(store, number)
        address = f"https://h.example/{number}"
        store.articles.add_draft(draft(address, origin="page"))
        for hour, feed in ((2, "b"), (1, "a")):
            source = f"https://{feed}.example/"
            store.articles.add_draft(draft(address, origin="wire", source_url=source, at=NOON + hour * HOUR))
    found = store.lessons.wires_before("h.example", NOON + 3 * HOUR, 2)

    assert [(address, unpack(Draft, data).source_url) for address, data in found] == [
        (f"https://h.example/{number}", f"https://{feed}.example/") for number in (1, 2) for feed in ("a", "b")
    ]
    assert store.articles.newest_source("https://h.example/1") == "https://b.example/"
    assert store.articles.newest_source("https://h.example/9") == ""


def test_old_lessons_of_a_host_are_forgotten_and_no_others() -> None:
    """The newest stay."""
    store = Store(None)
    for number in range(6):
        put(store, number)
    put(store, 0, host="other.example")
    store.lessons.prune("h.example", 2)

    assert [row.data for row in store.lessons.before("h.example", NOON + 9 * HOUR, 2)] == [b"5", b"4"]
    assert store.lessons.hosts()["h.example"] <= 3
    assert store.lessons.hosts()["other.example"] == 1


def test_marks_come_oldest_first_by_host_and_by_source() -> None:
    """As the test for drift wants them."""
    store = Store(None)
    for number in range(4):
        put(store, number, source="https://f.example/feed")
    put(store, 9, host="other.example", source="https://f.example/feed")

    assert store.lessons.marks_of_host("h.example", 3) == ["m1", "m2", "m3"]
    assert store.lessons.marks_of_source("https://f.example/feed", 2) == ["m3", "m9"]
    assert store.lessons.hosts_of_source("https://f.example/feed") == 2


def test_a_drift_is_kept_until_it_is_over_also_through_a_rebuild() -> None:
    """It was told; it is not told again."""
    store = Store(None)
    put(store, 1)
    store.lessons.add_drift("h.example", "authors", NOON, "data")
    store.forget_derived()

    assert store.lessons.hosts() == {}
    assert store.lessons.drifts_of("h.example") == {"authors": "data"}
    assert store.lessons.drifts() == [("h.example", NOON, "data")]
    store.lessons.drop_drift("h.example", "authors")
    assert store.lessons.drifts() == []
