"""Fingerprints of articles, and who held which run of words first."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable

from wiredesk.records import ArticleId, Fingerprint
from wiredesk.store.database import Database


class Fingerprints:
    """The tables of fingerprints and of their keys."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, article: ArticleId) -> Fingerprint | None:
        """Return the fingerprint of an article."""
        return self.many([article]).get(article)

    def many(self, articles: Iterable[ArticleId]) -> dict[ArticleId, Fingerprint]:
        """Return the fingerprints of those that have one."""
        rows = self._db.all("fingerprints_get", json.dumps([_number(each) for each in articles]))
        return {
            (article := _article(row["article"])): Fingerprint(
                article=article,
                at=row["at"],
                provider=row["provider"],
                title=row["title"],
                words=row["words"],
                keys=struct.unpack(f"<{len(row['keys']) // 8}Q", row["keys"]),
            )
            for row in rows
        }

    def put(self, fingerprint: Fingerprint) -> list[ArticleId]:
        """Keep the fingerprint of an article.

        Returns the articles whose neighbours changed by it: this one, and those that follow where an earlier
        fingerprint of it stood.  None where it is kept already.
        """
        before = self.get(fingerprint.article)
        if before == fingerprint:
            return []
        followers = self._take_out(before) if before else []
        number, keys = _number(fingerprint.article), fingerprint.keys
        self._db.run(
            "fingerprint_put",
            number,
            fingerprint.at,
            fingerprint.provider,
            fingerprint.title,
            fingerprint.words,
            struct.pack(f"<{len(keys)}Q", *keys),
        )
        self._db.many("run_put", ((key, fingerprint.at, number) for key in keys))
        return [fingerprint.article, *followers]

    def drop(self, article: ArticleId) -> list[ArticleId]:
        """Forget the fingerprint of an article.  Returns the articles whose neighbours changed by it."""
        before = self.get(article)
        if before is None:
            return []
        self._db.run("fingerprint_drop", _number(article))
        return self._take_out(before)

    def first_holders(self, mine: Fingerprint, since: int) -> list[ArticleId]:
        """Return for each key of `mine` the first article that holds it, told since then and before `mine`, if any."""
        rows = self._db.all("runs_first", *_place(mine), since)
        return [_article(row["article"]) for row in rows if row["article"] is not None]

    def holders(self, mine: Fingerprint, key: int, since: int, limit: int) -> list[ArticleId]:
        """Return the first `limit` articles that hold `key`, told since then and before `mine`."""
        rows = self._db.all("run_holders", key, mine.at, _number(mine.article), since, limit)
        return [_article(row["article"]) for row in rows]

    def later(self, mine: Fingerprint, span: int, limit: int) -> list[ArticleId]:
        """Return those told up to `span` after `mine` to whom it is among the first `limit` holders of a key."""
        rows = self._db.all("runs_later", *_place(mine), span, limit)
        return [_article(row["article"]) for row in rows]

    def _take_out(self, fingerprint: Fingerprint) -> list[ArticleId]:
        keys, at, article = _place(fingerprint)
        self._db.many("run_drop", ((key, at, article) for key in fingerprint.keys))
        rows = self._db.all("runs_next", keys, at, article)
        return [_article(row["article"]) for row in rows if row["article"] is not None]


def _place(fingerprint: Fingerprint) -> tuple[str, int, int]:
    return f"[{','.join(map(str, fingerprint.keys))}]", fingerprint.at, _number(fingerprint.article)


def _number(article: ArticleId) -> int:
    """Return a signed number of 64 bits that sorts as the id does."""
    return int(article, 16) - (1 << 63)


def _article(number: int) -> ArticleId:
    return ArticleId(f"{number + (1 << 63):016x}")
