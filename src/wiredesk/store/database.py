"""One SQLite file: connection, transactions, migrations, and the SQL that lies in `sql/*.sql`."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from wiredesk.errors import StoreError

Row = sqlite3.Row


@cache
def statements() -> dict[str, str]:
    """Return the named statements: each begins with a line `-- name: …` in a file of `sql/`."""
    found: dict[str, str] = {}
    for file in sorted(resources.files(__package__).joinpath("sql").iterdir(), key=lambda f: f.name):
        for part in re.split(r"^-- name: ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            name, _, sql = part.partition("\n")
            assert name.strip() not in found, f"{file.name}: two statements named {name}"
            found[name.strip()] = sql.strip().rstrip(";")
    return found


@cache
def migrations() -> list[tuple[int, str]]:
    """Return (number, SQL) of every file `migrations/NNNN_*.sql`, in order."""
    files = resources.files(__package__).joinpath("migrations").iterdir()
    return sorted((int(f.name[:4]), f.read_text(encoding="utf-8")) for f in files if f.name.endswith(".sql"))


class Database:
    """A connection in WAL mode.  Every sqlite3 error leaves as a StoreError that says what to do."""

    def __init__(self, path: Path | None) -> None:
        """Open (and bring up to date) the file at `path`; None: in memory, for tests."""
        self._where = path.name if path else "memory"
        self._depth = 0
        with self._explained():
            self._connection = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=30)
            self._connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -16000"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._migrate()

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing.  Nested uses join the outer one."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        with self._explained():
            self._connection.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
            with self._explained():
                self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        finally:
            self._depth = 0

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
        done = self._connection.execute("PRAGMA user_version").fetchone()[0]
        known = migrations()[-1][0]
        if done > known:
            raise StoreError(
                f"{self._where}: made by a newer Wiredesk (database version {done}, this one knows {known}); "
                "update Wiredesk, nothing was changed"
            )
        for number, sql in migrations():
            if number > done:
                self._connection.executescript(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            text = str(error)
            if "full" in text:
                advice = "the disk is full: make room and run again, nothing that was accepted is lost"
            elif "locked" in text:
                advice = "another run holds it: wait for that one to end"
            elif "malformed" in text or "not a database" in text:
                advice = "it is damaged: move it away and run `wiredesk rebuild`, which makes it anew from the captures"
            else:
                advice = "nothing was changed by this step"
            raise StoreError(f"{self._where}: {text}; {advice}") from error
