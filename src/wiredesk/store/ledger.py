"""Which documents stand on disk, what each edition changed, and which stories and threads ever had a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wiredesk.store.database import Database

_REMEMBERED = 2  # editions whose changes are kept: the idle buffer is at most that far behind


class Document(NamedTuple):
    """A document as the ledger keeps it."""

    key: str
    scope: str
    inputs: str
    output: str


class Ledger:
    """The table of documents."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def number(self) -> int:
        """Return the number of the last edition; 0 before the first."""
        return int(self._db.value("meta_get", "edition") or 0)

    def documents(self, scope: str) -> list[Document]:
        """Return the documents that a scope owns."""
        return [Document(row["key"], scope, row["inputs"], row["output"]) for row in self._db.all("documents", scope)]

    def scopes(self) -> list[str]:
        """Return the scopes that own documents."""
        return [row[0] for row in self._db.all("document_scopes")]

    def changes_since(self, edition: int) -> list[str]:
        """Return the keys that editions later than `edition` wrote or removed."""
        return [row[0] for row in self._db.all("changes_since", edition)]

    def remember_pages(self, ids: Iterable[str]) -> None:
        """Note that these stories ("s…") and threads ("t…") had a page: their addresses were given out."""
        self._db.many("story_page_put", ((id,) for id in ids))

    def had_page(self, id: str) -> bool:
        """Tell whether a story or a thread ever had a page."""
        return self._db.one("story_page_has", id) is not None

    def count(self) -> int:
        """How many documents stand."""
        return int(self._db.value("document_count"))

    def commit(self, number: int, written: Iterable[Document], removed: Iterable[str], done: Iterable[str]) -> None:
        """Make `number` the last edition: all or nothing."""
        written, removed = list(written), list(removed)
        with self._db.transaction():
            self._db.many("document_drop", ((key,) for key in removed))
            self._db.many("document_put", written)
            scopes = (scope.partition(":") for _, scope, _, _ in written)
            self.remember_pages(name for kind, _, name in scopes if kind in {"story", "thread"})
            changed = [*(document.key for document in written), *removed]
            self._db.many("change_put", ((number, key) for key in changed))
            self._db.run("changes_forget", number - _REMEMBERED)
            self._db.many("dirty_done", ((scope,) for scope in done))
            self._db.run("meta_put", "edition", str(number))
