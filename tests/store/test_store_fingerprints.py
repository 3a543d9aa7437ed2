"""Fingerprints, and who held a key first."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_factory import article, identity

from wiredesk.records import Article, ArticleId, Fingerprint
from wiredesk.store import Store, pack
from wiredesk.store.database import migrations

ONE, TWO, THREE = (identity(f"https://paper.example/{name}") for name in ("one", "two", "three"))


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store in memory."""
    store = Store(None)
    yield store
    store.close()


def made(key: ArticleId, at: int, *keys: int) -> Fingerprint:
    """A fingerprint with these keys."""
    return Fingerprint(article=key, provider="paper.example", at=at, title="a headline", words=30, keys=keys)


def test_a_fingerprint_is_kept_whole(store: Store) -> None:
    """Ids and keys of all sizes come back; putting it again changes nothing."""
    for key in (ArticleId("0" * 16), ArticleId("f" * 16), ArticleId("7f" * 8)):
        kept = made(key, (1 << 63) - 1, 0, 1, (1 << 48) - 1)
        assert store.fingerprints.put([kept]) == [key]
        assert store.fingerprints.get(key) == kept
        assert store.fingerprints.put([kept]) == []
    assert store.fingerprints.get(ONE) is None
    assert store.fingerprints.drop(ONE) == []


def test_the_first_holder_of_each_key(store: Store) -> None:
    """Told before, and not before `since`; by time, then id."""
    mine = made(THREE, 30, 1, 2, 3, 4)
    store.fingerprints.put([made(ONE, 10, 1, 2), made(TWO, 20, 2, 3), mine])

    assert store.fingerprints.first_holders(mine, mine.keys, 0) == [ONE, ONE, TWO]
    assert store.fingerprints.first_holders(mine, mine.keys, 11) == [TWO, TWO]
    assert store.fingerprints.first_holders(mine, [2], 0) == [ONE]
    assert store.fingerprints.holders(mine, [2, 3, 4], 0, 8) == {2: [ONE, TWO], 3: [TWO], 4: []}
    assert store.fingerprints.holders(mine, [2], 0, 1) == {2: [ONE]}
    assert store.fingerprints.holders(mine, [2], 30, 8) == {2: []}
    early, late = sorted([ONE, TWO])
    store.fingerprints.put([made(early, 30, 9), made(late, 30, 9)])
    assert store.fingerprints.first_holders(made(late, 30, 9), [9], 0) == [early]


def test_keys_of_one_article_alone_are_told_apart(store: Store) -> None:
    """Whatever the batch that asks, and whether it was put lately or long ago."""
    one, two = made(ONE, 10, 1, 2), made(TWO, 20, 2, 3)
    store.fingerprints.put([one, two])

    for _ in ("fresh", "settled"):
        assert store.fingerprints.shared([one, two]) == {2}
        assert store.fingerprints.shared([two]) == {2}
        assert store.fingerprints.shared([]) == set()
        store.fingerprints.settled()
    store.fingerprints.put([three := made(THREE, 30, 1, 4)])
    assert store.fingerprints.shared([three]) == {1}
    assert store.fingerprints.shared([one, three]) == {1, 2}


_STEPS = st.lists(
    st.tuples(st.sampled_from("0123456"), st.none() | st.sets(st.integers(0, 9), min_size=1, max_size=4)), max_size=12
)


@given(_STEPS)
def test_a_key_that_two_hold_is_never_missed(steps: list[tuple[str, set[int] | None]]) -> None:
    """Put, put again with other keys, dropped, settled in between: none is missed, and once settled none is more."""
    store = Store(None)
    held: dict[ArticleId, Fingerprint] = {}
    shared: set[int] = set()
    for name, keys in steps:
        key = ArticleId(name * 16)
        if name == "0":
            store.fingerprints.settled()
        elif keys is None:
            store.fingerprints.drop(key)
            held.pop(key, None)
        else:
            held[key] = made(key, int(name), *sorted(keys))
            store.fingerprints.put([held[key]])
        counts = Counter(run for each in held.values() for run in each.keys)
        shared = {run for run, number in counts.items() if number > 1}
        for each in held.values():
            assert store.fingerprints.shared([each]) >= shared.intersection(each.keys)
        assert store.fingerprints.shared(list(held.values())) >= shared
    store.fingerprints.settled()
    assert store.fingerprints.shared(list(held.values())) == shared
    store.close()


def test_who_has_an_article_among_its_first_holders(store: Store) -> None:
    """Later ones, within the span, unless enough held the key before it and are still within the span of the later."""
    store.fingerprints.put([made(ONE, 10, 1), made(TWO, 20, 1), made(THREE, 115, 1)])

    assert store.fingerprints.later(made(ONE, 10, 1), [1], 100, 1) == [TWO]
    assert store.fingerprints.later(made(TWO, 20, 1), [1], 100, 1) == [THREE]  # the first one is too long ago for it
    assert store.fingerprints.later(made(TWO, 20, 1), [1], 200, 1) == []
    assert store.fingerprints.later(made(TWO, 20, 1), [1], 200, 2) == [THREE]
    assert store.fingerprints.later(made(TWO, 20, 1), [], 200, 2) == []


def test_where_a_fingerprint_stood_the_next_one_is_asked_to_look_around(store: Store) -> None:
    """When it changes, and when it goes."""
    store.fingerprints.put([made(ONE, 10, 1, 2), made(TWO, 20, 1), made(THREE, 30, 2)])

    assert sorted(store.fingerprints.put([made(ONE, 10, 5)])) == sorted([ONE, TWO, THREE])
    assert store.fingerprints.first_holders(made(THREE, 30, 1, 2), [1, 2], 0) == [TWO]
    assert store.fingerprints.drop(TWO) == []
    assert store.fingerprints.get(TWO) is None


def test_those_that_change_together_leave_no_gap(store: Store) -> None:
    """Of three with one key the first two get other words in one batch: the third has new neighbours."""
    store.fingerprints.put([made(ONE, 10, 1), made(TWO, 20, 1), made(THREE, 30, 1)])

    for batch in ([made(ONE, 10, 5), made(TWO, 20, 6)], [made(TWO, 20, 1), made(ONE, 10, 1)]):
        assert set(store.fingerprints.put(batch)) >= {ONE, TWO}
    assert set(store.fingerprints.put([made(TWO, 20, 6), made(ONE, 10, 5)])) == {ONE, TWO, THREE}
    store.fingerprints.settled()
    assert store.fingerprints.shared([made(ONE, 10, 5), made(TWO, 20, 6), made(THREE, 30, 1)]) == set()


@pytest.mark.parametrize("version", [4, 8])
def test_an_older_database_owes_all_its_fingerprints(tmp_path: Path, version: int) -> None:
    """Old ones are dropped; copies that were found stay until they are judged anew, and so do items that show them."""
    path = tmp_path / "wiredesk.db"
    connection = sqlite3.connect(path)
    for number, script in migrations():
        if number <= version:
            connection.executescript(script)
    told = article().told_at.isoformat()
    connection.execute(
        "INSERT INTO article VALUES (?, ?, ?, ?, ?, NULL, '', '', NULL, '{}', ?)",
        (article().id, article().canonical_url, article().provider.domain, told, told, pack(Article, article())),
    )
    connection.execute("INSERT INTO copy (article, origin, data) VALUES (?, ?, ?)", (article().id, TWO, _OLD_COPY))
    if version == 8:
        connection.execute(
            "INSERT INTO fingerprint VALUES (?, 1, 'p', 't', 30, ?)", (int(ONE, 16) - (1 << 63), b"1234567\0")
        )
        connection.execute("INSERT INTO run_of_words VALUES (7, 1, ?)", (int(ONE, 16) - (1 << 63),))
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()
    connection.close()

    store = Store(path)
    assert store.intake.owed("copy") == [article().id]
    kept = store.articles.copy(article().id)
    assert kept is not None
    assert kept.is_reprint
    assert store.fingerprints.get(ONE) is None
    assert store.fingerprints.later(made(TWO, 0, 7), [7], 100, 8) == []
    store.close()


_OLD_COPY = '{"article": "a", "origin": "b", "kind": "near", "share": 0.8, "reason": "r"}'
