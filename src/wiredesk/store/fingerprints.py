"""Fingerprints of articles, and who held which run of words first."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence

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
        rows = self._db.all("fingerprints_get", _listed(map(_number, articles)))
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

    def put(self, fingerprints: Iterable[Fingerprint]) -> list[ArticleId]:
        """Keep fingerprints, of an article each.

        Returns the articles whose neighbours changed by it: those whose fingerprint is another one now, and those that
        follow where an earlier fingerprint of theirs stood.
        """
        wanted = {each.article: each for each in fingerprints}
        before = self.many(wanted)
        changed = [each for each in wanted.values() if before.get(each.article) != each]
        followers = [
            each for mine in changed if mine.article in before for each in self._take_out(before[mine.article])
        ]
        self._db.many(
            "fingerprint_put",
            [
                (_number(each.article), each.at, each.provider, each.title, each.words, _packed(each.keys))
                for each in changed
            ],
        )
        runs = [(key, each.at, _number(each.article)) for each in changed for key in each.keys]
        self._db.many("run_put", sorted(runs))  # in the order of the table, whose pages are then met once each
        return [*(each.article for each in changed), *followers]

    def drop(self, article: ArticleId) -> list[ArticleId]:
        """Forget the fingerprint of an article.  Returns the articles whose neighbours changed by it."""
        before = self.get(article)
        if before is None:
            return []
        self._db.run("fingerprint_drop", _number(article))
        return self._take_out(before)

    def shared(self, keys: Iterable[int]) -> set[int]:
        """Return those keys that more than one article holds."""
        return {row["key"] for row in self._db.all("runs_shared", _listed(sorted(set(keys))))}

    def first_holders(self, mine: Fingerprint, keys: Iterable[int], since: int) -> list[ArticleId]:
        """Return for each key the first article that holds it, told since then and before `mine`, if any."""
        rows = self._db.all("runs_first", _listed(keys), mine.at, _number(mine.article), since)
        return [_article(row["article"]) for row in rows if row["article"] is not None]

    def holders(self, mine: Fingerprint, keys: Sequence[int], since: int, limit: int) -> dict[int, list[ArticleId]]:
        """Return for each key the first `limit` articles that hold it, told since then and before `mine`."""
        rows = self._db.all("runs_holders", _listed(keys), mine.at, _number(mine.article), since, limit)
        return {row["key"]: [_article(number) for number in json.loads(row["articles"])] for row in rows}

    def later(self, mine: Fingerprint, keys: Iterable[int], span: int, limit: int) -> list[ArticleId]:
        """Return those told up to `span` after `mine` to whom it is a first (of `limit`) holder of a key."""
        rows = self._db.all("runs_later", _listed(keys), mine.at, _number(mine.article), span, limit)
        return [_article(row["article"]) for row in rows]

    def _take_out(self, fingerprint: Fingerprint) -> list[ArticleId]:
        keys, at, article = fingerprint.keys, fingerprint.at, _number(fingerprint.article)
        self._db.many("run_drop", ((key, at, article) for key in keys))
        rows = self._db.all("runs_next", _listed(keys), at, article)
        return [_article(row["article"]) for row in rows if row["article"] is not None]


def _listed(numbers: Iterable[int]) -> str:
    """Return numbers as JSON."""
    return f"[{','.join(map(str, numbers))}]"


def _packed(keys: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(keys)}Q", *keys)


def _number(article: ArticleId) -> int:
    """Return a signed number of 64 bits that sorts as the id does."""
    return int(article, 16) - (1 << 63)


def _article(number: int) -> ArticleId:
    return ArticleId(f"{number + (1 << 63):016x}")
