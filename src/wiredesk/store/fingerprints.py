"""Fingerprints of articles, and who held which run of words first."""

from __future__ import annotations

import json
import struct
from collections.abc import Collection, Iterable, Sequence
from itertools import repeat

from wiredesk.records import ArticleId, Fingerprint
from wiredesk.store.database import Database

_AT_HAND = 1000  # keys whose pages the database surely keeps in memory


class Fingerprints:
    """The tables of fingerprints and of their keys.

    Most keys are held by one article alone.  Who else holds a key is asked where it is put, while its page is at hand,
    and remembered until `settled` (in temporary tables, so of this connection alone; nobody else puts during a run): to
    ask an archive of a million anew reads a page for every key.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self._db.run("fresh_begin")
        self._db.run("fresh_runs_begin")

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
        self._db.run("fresh_put", _listed(_number(each.article) for each in changed))
        # In the order of the table, whose pages are then met once each.
        runs = sorted(row for each in changed for row in zip(each.keys, repeat(each.at), repeat(_number(each.article))))
        for begin in range(0, len(runs), _AT_HAND):
            some = runs[begin : begin + _AT_HAND]
            self._db.many("run_put", some)
            self._db.run("fresh_runs_put", _listed(key for key, _, _ in some))
        return [*(each.article for each in changed), *followers]

    def drop(self, article: ArticleId) -> list[ArticleId]:
        """Forget the fingerprint of an article.  Returns the articles whose neighbours changed by it."""
        before = self.get(article)
        if before is None:
            return []
        self._db.run("fingerprint_drop", _number(article))
        return self._take_out(before)

    def shared(self, batch: Collection[Fingerprint]) -> set[int]:
        """Return those keys of a batch that more than one article holds; maybe some that another one held lately."""
        rows = self._db.all("fresh_among", _listed(_number(each.article) for each in batch))
        fresh = {_article(row["article"]) for row in rows}
        keys: tuple[set[int], set[int]] = set(), set()
        for each in batch:
            keys[each.article in fresh].update(each.keys)
        asked = zip(("runs_shared", "fresh_shared"), keys, strict=True)
        return {row["key"] for query, some in asked for row in self._db.all(query, _listed(sorted(some)))}

    def settled(self) -> None:
        """Forget what was remembered of the articles put lately: nothing is going to be asked about them."""
        self._db.run("fresh_forget")
        self._db.run("fresh_runs_forget")

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
