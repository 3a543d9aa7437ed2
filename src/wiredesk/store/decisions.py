"""What editors decided of stories: a log that only grows.  It outlives a rebuild, as no capture holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from wiredesk.records import ArticleId
from wiredesk.store.codec import instant, moment, optional_moment
from wiredesk.store.database import Database

Kind = Literal["together", "apart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Two articles belong into one story, or do not."""

    id: int
    at: datetime
    who: str
    kind: Kind
    one: ArticleId  # the smaller id
    other: ArticleId
    undone_at: datetime | None = None
    undone_by: str | None = None


class Decisions:
    """The table of decisions."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, at: datetime, who: str, kind: Kind, one: ArticleId, other: ArticleId) -> int:
        """Log a decision and return its number.

        Raises:
            ValueError: it names one article twice.
        """
        if one == other:
            raise ValueError("a decision is about two articles")
        first, second = sorted((one, other))
        return int(self._db.value("decision_add", instant(at), who, kind, first, second))

    def undo(self, id: int, at: datetime, who: str) -> bool:
        """Take a decision back.  False where there is none with this number, or it was taken back before."""
        return self._db.run("decision_undo", id, instant(at), who) == 1

    def all(self) -> list[Decision]:
        """Return all decisions in the order in which they were taken, those taken back, too."""
        return [
            Decision(
                id=row["id"],
                at=moment(row["at"]),
                who=row["who"],
                kind=row["kind"],
                one=row["one"],
                other=row["other"],
                undone_at=optional_moment(row["undone_at"]),
                undone_by=row["undone_by"],
            )
            for row in self._db.all("decisions_all")
        ]

    def standing(self) -> list[Decision]:
        """Return the decisions that hold, by pair; of several on one pair, the last."""
        found = {(each.one, each.other): each for each in self.all() if each.undone_at is None}
        return [found[pair] for pair in sorted(found)]
