"""What an edition says, the ledger of what was written for it, and what a rebuild forgets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta

import pytest
from store_factory import HOUR, NOON, article, draft, identity, item, join

from wiredesk.errors import StoreError
from wiredesk.records import Item, StoryId
from wiredesk.store import Document, Editions, ImageState, Ledger, Store, pack_item

ONE, TWO, THREE = (f"https://{letter}.example/1" for letter in "abc")
DAY = timedelta(days=1)


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(None)) as opened:
        yield opened


@pytest.fixture
def editions(store: Store) -> Editions:
    return store.editions


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return store.ledger


def put(editions: Editions, *items: Item) -> None:
    for each in items:
        editions.put_item(each, *pack_item(each))


# Items


def test_an_item_is_kept_whole(editions: Editions) -> None:
    """With the digest that tells whether it changed; the last state counts."""
    put(editions, item(quality=1), item(quality=2))

    assert editions.item(identity(ONE)) == item(quality=2)
    assert editions.item_digest(identity(ONE)) == pack_item(item(quality=2))[1]
    assert editions.item(identity(TWO)) is None
    assert editions.item_digest(identity(TWO)) is None


def test_items_come_in_the_order_asked_for(editions: Editions) -> None:
    """Those that are missing are left out."""
    put(editions, item(ONE), item(TWO))

    found = editions.items([identity(TWO), identity(THREE), identity(ONE)])

    assert found == [item(TWO), item(ONE)]


def test_a_story_has_its_leader_first(editions: Editions) -> None:
    """Heat below zero means that another one leads; then quality counts, then id."""
    put(editions, item(ONE, heat=-1, quality=90), item(TWO, heat=5, quality=60), item(THREE, heat=-1, quality=95))

    assert editions.story(StoryId("s1")) == [
        item(TWO, heat=5, quality=60),
        item(THREE, heat=-1, quality=95),
        item(ONE, heat=-1, quality=90),
    ]
    assert editions.story(StoryId("s2")) == []


def test_a_dropped_item_is_gone_everywhere(editions: Editions) -> None:
    """Also from its topics."""
    put(editions, item())

    editions.drop_item(identity(ONE))

    assert editions.item_count() == 0
    assert editions.entries(topic="Labour", published=False) == []


# Entries


def names(editions: Editions, **narrowed: object) -> list[str]:
    return [entry.name for entry in editions.entries(**narrowed)]  # type: ignore[arg-type]


@pytest.fixture
def shelf(editions: Editions) -> Editions:
    """Items over three days and two months, of two topics and three providers, one of them not published."""
    put(
        editions,
        item(ONE, NOON, name="one", topics=("Labour", "Ports")),
        item(TWO, NOON, name="two", topics=("Labour",)),
        item("https://a.example/2", NOON - DAY, name="three", topics=("Ports",)),
        item("https://b.example/2", datetime.fromisoformat("2026-08-31T23:59:59Z"), name="four", topics=("Labour",)),
        item(THREE, NOON + HOUR, name="hidden", topics=("Labour",), published=False),
    )
    return editions


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({}, ["one", "two", "three", "four"]),
        ({"published": False}, ["hidden", "one", "two", "three", "four"]),
        ({"limit": 2}, ["one", "two"]),
        ({"limit": 0}, []),
        ({"topic": "Labour"}, ["one", "two", "four"]),
        ({"topic": "Labour", "published": False, "limit": 2}, ["hidden", "one"]),
        ({"topic": "Nowhere"}, []),
        ({"provider": "a.example"}, ["one", "three"]),
        ({"topic": "Labour", "provider": "b.example"}, ["two", "four"]),
        ({"day": date(2026, 9, 7)}, ["one", "two"]),
        ({"day": date(2026, 9, 7), "provider": "b.example"}, ["two"]),
        ({"month": "2026-09"}, ["one", "two", "three"]),
        ({"month": "2026-08"}, ["four"]),
        ({"month": "2026-08", "topic": "Ports"}, []),
        ({"since": NOON}, ["one", "two"]),
        ({"since": NOON - DAY, "month": "2026-09", "day": date(2026, 9, 6)}, ["three"]),
        ({"since": NOON, "day": date(2026, 9, 6)}, []),
    ],
)
def test_entries_are_the_newest_first_narrowed_by_all_that_is_given(
    shelf: Editions, narrowed: dict[str, object], expected: list[str]
) -> None:
    """Of one moment by name; a day and a month are those of UTC."""
    assert names(shelf, **narrowed) == expected


def test_an_entry_says_what_lists_need(editions: Editions) -> None:
    """Without unpacking the item."""
    put(editions, item(quality=61, heat=-1, published=False, name="n"))

    (entry,) = editions.entries(published=False)

    assert (entry.article, entry.name, entry.story, entry.provider) == (identity(ONE), "n", "s1", "a.example")
    assert (entry.told_at, entry.published, entry.quality, entry.heat) == (NOON, False, 61, -1)
    assert entry.digest == editions.item_digest(identity(ONE))


def test_an_item_that_moves_to_another_topic_leaves_the_old_one(editions: Editions) -> None:
    """Lists follow what the item says now."""
    put(editions, item(topics=("Labour",)), item(topics=("Ports",)))

    assert names(editions, topic="Labour") == []
    assert len(names(editions, topic="Ports")) == 1


def test_what_is_counted(shelf: Editions) -> None:
    """Published items, by provider, day and topic."""
    assert (shelf.item_count(), shelf.published_count()) == (5, 4)
    assert shelf.provider_counts() == [("a.example", 2), ("b.example", 2), ("c.example", 0)]
    assert shelf.days() == [(date(2026, 8, 31), 1), (date(2026, 9, 6), 1), (date(2026, 9, 7), 2)]
    assert shelf.topic_counts() == {"Labour": 3, "Ports": 2}


@pytest.mark.parametrize("name", ["entries", "entries_of_provider"])
def test_lists_are_walked_not_sorted(store: Store, name: str) -> None:
    """The newest fifty of a hundred thousand items cost fifty rows."""
    from wiredesk.store.database import statements

    sql = statements()[name]
    plan = store._database._connection.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")).fetchall()

    assert not any("TEMP B-TREE" in row["detail"] for row in plan)


# Scopes, records of other collections


def test_a_scope_is_dirty_until_an_edition_is_done_with_it(store: Store) -> None:
    """Noted once."""
    store.editions.soil(["front", "day:2026-09-07", "front"])
    assert store.editions.dirty_scopes() == ["day:2026-09-07", "front"]

    store.ledger.commit(1, [], [], ["front"])

    assert store.editions.dirty_scopes() == ["day:2026-09-07"]


def test_a_record_of_another_collection_is_carried_as_it_is(editions: Editions) -> None:
    """It says whether it is news."""
    assert editions.carry("_people/b.md", b"1")
    assert not editions.carry("_people/b.md", b"1")
    assert editions.carry("_people/b.md", b"2")
    editions.carry("_events/a.md", b"\xff\x00")

    assert editions.carried() == [("_events/a.md", b"\xff\x00"), ("_people/b.md", b"2")]


# The ledger


def document(key: str, scope: str = "front", inputs: str = "i", output: str = "o") -> Document:
    return Document(key, scope, inputs, output)


def test_the_ledger_knows_what_stands(ledger: Ledger) -> None:
    """By scope; written again is replaced, removed is gone."""
    assert ledger.number() == 0

    ledger.commit(1, [document("a"), document("b"), document("c", "day")], [], [])
    ledger.commit(2, [document("a", inputs="new")], ["b"], [])

    assert ledger.number() == 2
    assert ledger.documents("front") == [document("a", inputs="new")]
    assert ledger.documents("day") == [document("c", "day")]
    assert ledger.scopes() == ["day", "front"]
    assert ledger.count() == 2


def test_the_ledger_knows_what_the_idle_buffer_lacks(ledger: Ledger) -> None:
    """What editions wrote or removed since; older ones are forgotten."""
    for number in range(1, 6):
        ledger.commit(number, [document(f"written-{number}")], [f"removed-{number}"], [])

    assert ledger.changes_since(4) == ["removed-5", "written-5"]
    assert ledger.changes_since(3) == ["removed-4", "removed-5", "written-4", "written-5"]
    assert not any(key.endswith(("-1", "-2")) for key in ledger.changes_since(0))


def test_an_edition_is_committed_whole_or_not_at_all(store: Store) -> None:
    """An edition that breaks on its last document leaves the ledger as it was."""
    store.ledger.commit(1, [document("a")], [], [])
    store.editions.soil(["front"])
    broken = document("c", inputs=None)  # type: ignore[arg-type]

    with pytest.raises(StoreError):
        store.ledger.commit(2, [document("b"), broken], ["a"], ["front"])

    assert store.ledger.number() == 1
    assert store.ledger.documents("front") == [document("a")]
    assert store.ledger.changes_since(1) == []
    assert store.editions.dirty_scopes() == ["front"]


# Rebuild


def test_a_rebuild_forgets_what_captures_can_give_again(store: Store) -> None:
    """And keeps what they cannot: names, what became of requests, runs, what was written."""
    store.intake.add_capture(ONE, NOON, "0001.warc.gz", 0, "d", is_image=False)
    store.intake.mark_read([1])
    store.articles.add_draft(draft())
    store.articles.put_address(ONE, ONE)
    store.articles.put(article(), digest="d", text_digest="t", signal="{}")
    store.articles.put_name(identity(ONE), "2026-09-07-strike")
    store.articles.place(NOON, StoryId("s1"), join())
    store.articles.meet_provider("a.example", "A", "0 1", None, "")
    put(store.editions, item())
    store.editions.carry("_people/a.md", b"1")
    store.intake.owe("fold", [ONE])
    store.intake.put_image(ImageState(url="kept", status="kept"))
    store.intake.put_image(ImageState(url="refused", status="refused"))
    wire = draft(origin="wire")
    store.intake.want(ONE, ONE, wire, "1", first="alone", changed="alone")
    store.ledger.commit(1, [document("a")], [], [])

    store.forget_derived()

    assert store.intake.unread_count() == 1
    assert store.articles.drafts(ONE) == ([], False)
    assert store.articles.canonical(ONE) is None
    assert (store.articles.count(), store.articles.story_count(), store.editions.item_count()) == (0, 0, 0)
    assert store.editions.topic_counts() == {}
    assert store.editions.carried() == []
    assert store.articles.provider("a.example") is None
    assert store.intake.owed("fold") == []
    assert store.intake.image("kept") is None
    assert store.intake.image("refused") is not None
    assert store.articles.name(identity(ONE)) == "2026-09-07-strike"
    assert store.intake.page_is_alone(ONE)
    assert (store.ledger.number(), store.ledger.count()) == (1, 1)


def test_every_table_is_forgotten_or_kept_on_purpose(store: Store) -> None:
    """A new table has to say which."""
    from wiredesk.store.database import statements

    tables = {
        row[0] for row in store._database._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    forgotten = {
        sql.split()[sql.split().index("FROM") + 1] for name, sql in statements().items() if name.startswith("forget_")
    }

    kept = {
        "meta",
        "source",
        "capture",
        "capture_file",
        "frontier",
        "name",
        "dirty",
        "document",
        "change",
        "run",
        "problem",
        "subscription",
        "drift",
        "host",
        "embedding",
        "decision",
        "sqlite_sequence",  # SQLite's own, of the numbers of decisions
        "story_page",
    }
    assert tables - forgotten == kept
