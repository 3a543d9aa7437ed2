"""Fingerprints, and who held a key first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
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
        assert store.fingerprints.put(kept) == [key]
        assert store.fingerprints.get(key) == kept
        assert store.fingerprints.put(kept) == []
    assert store.fingerprints.get(ONE) is None
    assert store.fingerprints.drop(ONE) == []


def test_the_first_holder_of_each_key(store: Store) -> None:
    """Told before, and not before `since`; by time, then id."""
    for each in (made(ONE, 10, 1, 2), made(TWO, 20, 2, 3), made(THREE, 30, 1, 2, 3, 4)):
        store.fingerprints.put(each)
    mine = made(THREE, 30, 1, 2, 3, 4)

    assert store.fingerprints.first_holders(mine, 0) == [ONE, ONE, TWO]
    assert store.fingerprints.first_holders(mine, 11) == [TWO, TWO]
    assert store.fingerprints.holders(mine, 2, 0, 8) == [ONE, TWO]
    assert store.fingerprints.holders(mine, 2, 0, 1) == [ONE]
    assert store.fingerprints.holders(mine, 2, 30, 8) == []
    early, late = sorted([ONE, TWO])
    for each in (early, late):
        store.fingerprints.put(made(each, 30, 9))
    assert store.fingerprints.first_holders(made(late, 30, 9), 0) == [early]


def test_who_has_an_article_among_its_first_holders(store: Store) -> None:
    """Later ones, within the span, unless enough held the key before it and are still within the span of the later."""
    for each in (made(ONE, 10, 1), made(TWO, 20, 1), made(THREE, 115, 1)):
        store.fingerprints.put(each)

    assert store.fingerprints.later(made(ONE, 10, 1), 100, 1) == [TWO]
    assert store.fingerprints.later(made(TWO, 20, 1), 100, 1) == [THREE]  # the first one is too long ago for it
    assert store.fingerprints.later(made(TWO, 20, 1), 200, 1) == []
    assert store.fingerprints.later(made(TWO, 20, 1), 200, 2) == [THREE]


def test_where_a_fingerprint_stood_the_next_one_is_asked_to_look_around(store: Store) -> None:
    """When it changes, and when it goes."""
    for each in (made(ONE, 10, 1, 2), made(TWO, 20, 1), made(THREE, 30, 2)):
        store.fingerprints.put(each)

    assert sorted(store.fingerprints.put(made(ONE, 10, 5))) == sorted([ONE, TWO, THREE])
    assert store.fingerprints.first_holders(made(THREE, 30, 1, 2), 0) == [TWO]
    assert store.fingerprints.drop(TWO) == []
    assert store.fingerprints.get(TWO) is None


def test_an_older_database_owes_all_its_fingerprints(tmp_path: Path) -> None:
    """Old ones are dropped; copies that were found stay until they are judged anew, and so do items that show them."""
    path = tmp_path / "wiredesk.db"
    connection = sqlite3.connect(path)
    for number, script in migrations():
        if number <= 4:
            connection.executescript(script)
    told = article().told_at.isoformat()
    connection.execute(
        "INSERT INTO article VALUES (?, ?, ?, ?, ?, NULL, '', '', NULL, '{}', ?)",
        (article().id, article().canonical_url, article().provider.domain, told, told, pack(Article, article())),
    )
    connection.execute("INSERT INTO copy VALUES (?, ?, ?)", (article().id, TWO, _OLD_COPY))
    connection.execute("PRAGMA user_version = 4")
    connection.commit()
    connection.close()

    store = Store(path)
    assert store.intake.owed("copy") == [article().id]
    kept = store.articles.copy(article().id)
    assert kept is not None
    assert kept.is_reprint
    assert store.fingerprints.get(article().id) is None
    store.close()


_OLD_COPY = '{"article": "a", "origin": "b", "kind": "near", "share": 0.8, "reason": "r"}'
