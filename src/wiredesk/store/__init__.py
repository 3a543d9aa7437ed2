"""The newsroom's memory: one SQLite file behind small classes, each for one part of the line."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from wiredesk.store.articles import Articles, Digests, PlacementRow, SignalRow
from wiredesk.store.codec import from_json, pack, to_json, unpack
from wiredesk.store.database import Database
from wiredesk.store.decisions import Decision, Decisions
from wiredesk.store.edition import Editions, pack_item
from wiredesk.store.embeddings import Embeddings
from wiredesk.store.fingerprints import Fingerprints
from wiredesk.store.hosts import HostRow, HostTable
from wiredesk.store.intake import CaptureRow, ImageState, Intake, SourceState, Subscription, Wanted
from wiredesk.store.ledger import Document, Ledger
from wiredesk.store.lessons import Lessons
from wiredesk.store.threads import SketchRow, Threads

__all__ = [
    "Articles",
    "CaptureRow",
    "Decision",
    "Decisions",
    "Digests",
    "Document",
    "Editions",
    "Embeddings",
    "Fingerprints",
    "HostRow",
    "HostTable",
    "ImageState",
    "Intake",
    "Ledger",
    "Lessons",
    "PlacementRow",
    "SignalRow",
    "SketchRow",
    "SourceState",
    "Store",
    "Subscription",
    "Threads",
    "Wanted",
    "from_json",
    "pack",
    "pack_item",
    "to_json",
    "unpack",
]

_DERIVED = (
    "forget_drafts",
    "forget_addresses",
    "forget_articles",
    "forget_fingerprints",
    "forget_runs_of_words",
    "forget_copies",
    "forget_placements",
    "forget_items",
    "forget_item_bodies",
    "forget_item_topics",
    "forget_owed",
    "forget_carried",
    "forget_kept_images",
    "forget_providers",
    "forget_lessons",
    "forget_wordings",
    "forget_threads",
    "forget_close",
    "captures_unread",
)


class Store:
    """All tables of one site, and the transaction that spans them."""

    def __init__(self, path: Path | None) -> None:
        """Open the file at `path`; None: in memory.  Raises StoreError."""
        self._database = Database(path)
        self.intake = Intake(self._database)
        self.articles = Articles(self._database)
        self.fingerprints = Fingerprints(self._database)
        self.editions = Editions(self._database)
        self.ledger = Ledger(self._database)
        self.lessons = Lessons(self._database)
        self.hosts = HostTable(self._database)
        self.decisions = Decisions(self._database)
        self.embeddings = Embeddings(self._database)
        self.threads = Threads(self._database)

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, over all tables."""
        return self._database.transaction()

    def forget_derived(self) -> None:
        """Drop everything that can be computed from the captures, for `rebuild`.

        Kept are facts that captures do not hold: names fixed at creation, what became of requests, what hosts told us,
        what editors decided, runs, what was written for the last edition, and which stories ever had a page; and the
        vectors of texts, which cost hours to make.
        """
        with self.transaction():
            for statement in _DERIVED:
                self._database.run(statement)

    def close(self) -> None:
        """Close the file."""
        self._database.close()
