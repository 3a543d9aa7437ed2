"""The file itself: transactions, migrations, and what it says when it cannot be used."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from wiredesk.errors import StoreError
from wiredesk.store import Store
from wiredesk.store.database import Database, migrations, split, statements
from wiredesk.store.fingerprints import Fingerprints

SOURCE = Path(__file__).parents[2] / "src" / "wiredesk"


@pytest.fixture
def database() -> Iterator[Database]:
    with closing(Database(None)) as opened:
        yield opened


def raw(path: Path, *commands: str) -> None:
    """Do to a file what no Wiredesk would."""
    with closing(sqlite3.connect(path)) as connection:
        for command in commands:
            connection.execute(command)
        connection.commit()


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


# Statements


@pytest.mark.parametrize("name", sorted(statements()))
def test_every_statement_compiles(database: Database, name: str) -> None:
    """A statement that names a missing table or column fails here, not in somebody's run."""
    Fingerprints(database)  # makes temporary tables
    sql = statements()[name]
    numbered = [int(number) for number in re.findall(r"\?(\d+)", sql)]
    values = [None] * (max(numbered) if numbered else sql.count("?"))

    assert database._connection.execute(f"EXPLAIN {sql}", values).fetchall()


def test_every_statement_is_used() -> None:
    """SQL that nobody runs is deleted."""
    program = "".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py")))

    assert [name for name in statements() if f'"{name}"' not in program] == []


def test_every_statement_that_is_run_exists() -> None:
    """A name with a typing mistake fails here."""
    program = "".join(path.read_text(encoding="utf-8") for path in sorted((SOURCE / "store").glob("*.py")))
    run = re.findall(r"_db\.(?:run|many|all|one|value)\(\s*\"(\w+)\"", program)

    assert run
    assert set(run) <= set(statements())


# Transactions


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    """What an exception cuts off leaves no trace."""
    with pytest.raises(RuntimeError), database.transaction():
        database.run("meta_put", "kept", "no")
        raise RuntimeError

    assert database.value("meta_get", "kept") is None


def test_an_inner_transaction_is_a_part_of_the_outer_one(database: Database) -> None:
    """What the inner one finished is undone with the outer one."""
    with pytest.raises(RuntimeError), database.transaction():
        with database.transaction():
            database.run("meta_put", "inner", "done")
        raise RuntimeError

    assert database.value("meta_get", "inner") is None


def test_a_transaction_is_kept_when_it_ends(tmp_path: Path) -> None:
    """Another connection sees it, and only then."""
    path = tmp_path / "wiredesk.db"
    with closing(Database(path)) as writer, closing(Database(path)) as reader:
        with writer.transaction():
            writer.run("meta_put", "key", "value")
            before = reader.value("meta_get", "key")
        after = reader.value("meta_get", "key")

    assert (before, after) == (None, "value")


def test_a_transaction_after_a_failed_one_works(database: Database) -> None:
    """A failure leaves no transaction open."""
    with pytest.raises(StoreError), database.transaction():
        database.run("name_put", "a", "one")
        database.run("name_put", "b", "one")
    with database.transaction():
        database.run("name_put", "b", "one")

    assert database.value("name_get", "a") is None
    assert database.value("name_get", "b") == "one"


# Migrations


def test_an_empty_file_is_brought_up_to_date(tmp_path: Path) -> None:
    """A file of nothing becomes a file of this version."""
    path = tmp_path / "wiredesk.db"
    path.touch()

    Database(path).close()

    assert version_of(path) == migrations()[-1][0]


def test_migrations_are_numbered_without_gaps() -> None:
    """1, 2, 3, …"""
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    """What was kept is there, and no migration runs twice."""
    path = tmp_path / "wiredesk.db"
    for expected in (None, "value"):
        with closing(Database(path)) as database:
            assert database.value("meta_get", "key") == expected
            database.run("meta_put", "key", "value")


def test_a_file_can_be_opened_while_a_run_writes(tmp_path: Path) -> None:
    """`wiredesk status` does not wait for `wiredesk run`."""
    path = tmp_path / "wiredesk.db"
    with closing(Database(path)) as writer, writer.transaction():
        writer.run("meta_put", "key", "value")
        with closing(Database(path)) as reader:
            assert reader.value("meta_get", "key") is None


def test_a_migration_is_all_or_nothing(tmp_path: Path) -> None:
    """One that fails half-way leaves the file as it was."""
    path = tmp_path / "wiredesk.db"
    raw(path, "CREATE TABLE problem (a)")

    with pytest.raises(StoreError, match="table problem already exists"):
        Database(path)

    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert tables == [("problem",)]
    assert version_of(path) == 0


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    """An older program must not touch what it does not know."""
    path = tmp_path / "wiredesk.db"
    raw(path, "PRAGMA user_version = 9999")

    with pytest.raises(StoreError, match=r"wiredesk\.db: made by a newer Wiredesk .*9999.*update Wiredesk"):
        Database(path)

    assert version_of(path) == 9999


def test_a_script_is_split_at_the_ends_of_its_statements() -> None:
    """A semicolon in a comment or in a text ends nothing."""
    script = (
        "-- one; two\nCREATE TABLE a (\n  b TEXT DEFAULT ';' -- not; here\n);\nDROP TABLE a;  -- the end\n-- none\n"
    )

    assert [re.sub(r"\s+", " ", part).strip() for part in split(script)] == [
        "-- one; two CREATE TABLE a ( b TEXT DEFAULT ';' -- not; here );",
        "DROP TABLE a; -- the end",
    ]


# What it says when it cannot be used


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """It says what to do about it."""
    path = tmp_path / "wiredesk.db"
    path.write_bytes(b"This is no database.\n" * 100)

    with pytest.raises(StoreError, match=r"wiredesk\.db: file is not a database; .*rebuild"):
        Database(path)


def test_a_damaged_file(tmp_path: Path) -> None:
    """Pages overwritten in the middle: named, not passed on as a foreign exception."""
    path = tmp_path / "wiredesk.db"
    with closing(Store(path)) as store, store.transaction():
        store.intake.owe("fold", (f"https://a.example/{number}" for number in range(5000)))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (size - 8192))

    with pytest.raises(StoreError, match=r"wiredesk\.db: .*malformed; it is damaged: .*`wiredesk rebuild`"):  # noqa: SIM117
        with closing(Store(path)) as store:
            store.intake.owed("fold")


def test_a_full_disk(tmp_path: Path) -> None:
    """It says so, loses nothing of what was kept, and works again when there is room."""
    path = tmp_path / "wiredesk.db"
    with closing(Store(path)) as store:
        store.intake.put("before", "kept")
        store._database._connection.execute("PRAGMA max_page_count = 1")  # SQLite takes it for: no more than now

        with pytest.raises(StoreError, match=r"wiredesk\.db: .*full; make room"), store.transaction():
            store.intake.put("half", "lost")
            store.intake.owe("fold", (f"https://a.example/{number}" for number in range(50_000)))

        store._database._connection.execute("PRAGMA max_page_count = 1000000")
        with store.transaction():
            store.intake.put("after", "kept")
        found = [store.intake.get(key) for key in ("before", "half", "after")]

    assert found == ["kept", None, "kept"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """It names what it needs."""
    with pytest.raises(StoreError, match="unable to open database file; its folder has to be there"):
        Database(tmp_path / "missing" / "wiredesk.db")


def test_a_file_that_another_run_writes(tmp_path: Path) -> None:
    """A second writer is told to wait."""
    path = tmp_path / "wiredesk.db"
    with closing(Database(path)) as first, closing(Database(path)) as second, first.transaction():
        second._connection.execute("PRAGMA busy_timeout = 0")

        with pytest.raises(StoreError, match="locked; another run holds it: wait"):
            second.run("meta_put", "key", "value")
