"""One SQLite file: connection, transactions, migrations, and the SQL that lies in `sql/*.sql`."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from wiredesk.errors import StoreError

Row = sqlite3.Row

_DAMAGED = (
    "it is damaged: move it (with its -wal and -shm) away and run `wiredesk rebuild`, "
    "which makes it anew from the captures"
)
_ADVICE = {
    sqlite3.SQLITE_FULL: "make room and run again; nothing that was accepted is lost",
    sqlite3.SQLITE_BUSY: "another run holds it: wait for that one to end",
    sqlite3.SQLITE_LOCKED: "another run holds it: wait for that one to end",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: "its folder has to be there, and to be readable and writable",
    sqlite3.SQLITE_READONLY: "the file and its folder have to be writable",
}


@cache
def statements() -> dict[str, str]:
    """Return the named statements: each begins with a line `-- name: …` in a file of `sql/`."""
    found: dict[str, str] = {}
    for file in sorted(resources.files(__package__).joinpath("sql").iterdir(), key=lambda f: f.name):
        for part in re.split(r"^-- name: ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            name, _, sql = part.partition("\n")
            assert name not in found, f"{file.name}: two statements named {name}"
            found[name] = sql.strip().rstrip(";")
    return found


@cache
def migrations() -> list[tuple[int, str]]:
    """Return (number, SQL) of every file `migrations/NNNN_*.sql`, in order."""
    files = resources.files(__package__).joinpath("migrations").iterdir()
    return sorted((int(f.name[:4]), f.read_text(encoding="utf-8")) for f in files if f.name.endswith(".sql"))


class Database:
    """A connection in WAL mode.  Every sqlite3 error leaves as a StoreError that says what to do."""

    def __init__(self, path: Path | None) -> None:
        """Open (and bring up to date) the file at `path`; None: in memory, for tests.

        Raises:
            StoreError: it cannot be opened, is damaged, or was made by a newer version.
        """
        self._where = path.name if path else "memory"
        with self._explained():
            self._connection = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=30)
        try:
            self._connection.row_factory = sqlite3.Row
            with self._explained():
                for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -16000"):
                    self._connection.execute(f"PRAGMA {pragma}")
                self._migrate()
        except StoreError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in."""
        with self._explained():
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing.  A transaction inside another one is a part of it."""
        if self._connection.in_transaction:
            yield
            return
        with self._explained():
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._explained():
                self._connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # SQLite may have rolled back by itself, as it does when the disk is full
                self._connection.execute("ROLLBACK")
            raise

    def run(self, name: str, *values: Any) -> int:
        """Run the statement called `name`; return the number of rows that it changed."""
        with self._explained():
            return self._connection.execute(statements()[name], values).rowcount

    def many(self, name: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run the statement for each row of values."""
        with self._explained():
            self._connection.executemany(statements()[name], rows)

    def all(self, name: str, *values: Any) -> list[Row]:
        """Return all rows of the query called `name`."""
        with self._explained():
            return self._connection.execute(statements()[name], values).fetchall()

    def one(self, name: str, *values: Any) -> Row | None:
        """Return the first row of the query called `name`, or None."""
        with self._explained():
            row: Row | None = self._connection.execute(statements()[name], values).fetchone()
            return row

    def value(self, name: str, *values: Any) -> Any:
        """Return the first column of the first row, or None."""
        row = self.one(name, *values)
        return None if row is None else row[0]

    def _migrate(self) -> None:
        known = migrations()[-1][0]
        if self._version() == known:
            return  # a reader must not wait for a run that is writing
        with self.transaction():
            done = self._version()  # asked again: another process may have brought it up to date meanwhile
            if done > known:
                raise StoreError(
                    f"{self._where}: made by a newer Wiredesk (database version {done}, this one knows {known}); "
                    "update Wiredesk, nothing was changed"
                )
            for number, script in migrations():
                if number > done:
                    for statement in split(script):
                        self._connection.execute(statement)
                    self._connection.execute(f"PRAGMA user_version = {number}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the family of an extended code
            advice = _ADVICE.get(code, "nothing was changed by this step")
            raise StoreError(f"{self._where}: {error}; {advice}") from error


def split(script: str) -> Iterator[str]:
    """Yield the statements of a script whose statements end at line ends.

    `executescript` would commit the transaction that a migration runs in.
    """
    waiting = ""
    for line in script.splitlines(keepends=True):
        waiting += line
        if sqlite3.complete_statement(waiting):
            yield waiting
            waiting = ""
    assert not re.sub(r"--.*", "", waiting).strip(), f"a statement without its end: {waiting}"
