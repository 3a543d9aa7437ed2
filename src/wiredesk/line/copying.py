"""Articles that print another one's words are linked to it.

Articles whose words changed are indexed as they are folded; those that a migration owes, from the queue "copy".  Then
come those whose neighbours in the index changed ("neighbours"), and those to judge anew ("verdict").  Each queue is
worked off before the next, so a flood of one text is judged once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from wiredesk.identify import HOLDERS, find_origin, fingerprints, span
from wiredesk.line.room import Room
from wiredesk.records import Article, ArticleId, Copy, Fingerprint, StoryId
from wiredesk.store import Store

_BATCH = 200


def find_copies(room: Room) -> None:
    """Judge every article whose own text, or that of an earlier one with the same words, is new or changed."""
    _owe_all_when_settings_changed(room)
    _work_off(room, "copy", "Indexing texts", _index)
    _work_off(room, "neighbours", "Looking around", _look_around)
    _work_off(room, "verdict", "Finding copies", _judge)
    room.store.fingerprints.settled()


def _owe_all_when_settings_changed(room: Room) -> None:
    used = room.settings.stories.model_dump_json(include={"copy_similarity", "copy_part", "copy_days"})
    if room.store.intake.get("copies") != used:
        with room.store.transaction():
            room.store.intake.owe("verdict", room.store.articles.ids())
            room.store.intake.put("copies", used)


def _work_off(room: Room, step: str, title: str, work: Callable[[Room, list[ArticleId]], None]) -> None:
    with room.step(title, room.store.intake.owed_count(step)) as advance:
        while owed := room.store.intake.owed(step, _BATCH):
            with room.store.transaction():
                work(room, [ArticleId(key) for key in owed])
                room.store.intake.paid(step, owed)
            advance(len(owed))


def index(room: Room, articles: Sequence[Article]) -> None:
    """Keep the fingerprints of articles; note whose neighbours changed by it."""
    room.store.intake.owe("neighbours", room.store.fingerprints.put(fingerprints(articles)))


def _index(room: Room, owed: list[ArticleId]) -> None:
    found = (room.store.articles.get(key) for key in owed)
    index(room, [article for article in found if article is not None])


def _look_around(room: Room, owed: list[ArticleId]) -> None:
    reach = span(room.settings.stories.copy_days)
    nearby = _Nearby(room.store, owed)
    room.store.intake.owe("verdict", [each for key in nearby.articles for each in (key, *nearby.later(key, reach))])


def _judge(room: Room, owed: list[ArticleId]) -> None:
    nearby = _Nearby(room.store, owed)
    before = room.store.articles.copies(nearby.articles)
    for key, mine in nearby.articles.items():
        _settle(room, key, before.get(key), find_origin(mine, nearby, room.settings.stories))


class _Nearby:
    """A batch of articles and what lies around them in the store, read once: the shelf of `find_origin`.

    Most runs of words stand in one article alone.  They are told apart for the whole batch, and asked about no more.
    """

    def __init__(self, store: Store, batch: Iterable[ArticleId]) -> None:
        self._store = store
        self.articles = store.fingerprints.many(batch)
        self._known: dict[ArticleId, Fingerprint | None] = {**self.articles}
        self._texts: dict[ArticleId, str] = {}
        self._shared = store.fingerprints.shared(self.articles.values())

    def later(self, article: ArticleId, reach: int) -> Sequence[ArticleId]:
        """Return those told up to `reach` after an article of the batch to whom it is among the first holders."""
        mine = self.articles[article]
        keys = self._shared.intersection(mine.keys)
        return self._store.fingerprints.later(mine, keys, reach, HOLDERS) if keys else []

    def first_holders(self, mine: Fingerprint, since: int) -> Sequence[ArticleId]:
        keys = self._shared.intersection(mine.keys)
        return self._store.fingerprints.first_holders(mine, keys, since) if keys else []

    def holders(self, mine: Fingerprint, keys: Sequence[int], since: int) -> Mapping[int, Sequence[ArticleId]]:
        return self._store.fingerprints.holders(mine, keys, since, HOLDERS)

    def fingerprints(self, articles: Iterable[ArticleId]) -> Mapping[ArticleId, Fingerprint]:
        wanted = set(articles)
        if unknown := wanted - self._known.keys():
            self._known |= dict.fromkeys(unknown) | self._store.fingerprints.many(unknown)
        return {each: found for each in wanted if (found := self._known[each]) is not None}

    def text(self, article: ArticleId) -> str:
        if article not in self._texts:
            found = self._store.articles.get(article)
            self._texts[article] = found.text if found else ""
        return self._texts[article]


def _settle(room: Room, article: ArticleId, before: Copy | None, copy: Copy | None) -> None:
    if before == copy:
        return
    if copy is None:
        room.store.articles.drop_copy(article)
    else:
        room.store.articles.put_copy(copy)
    if _printed(before) != _printed(copy) and (told := room.store.articles.digests(article)) is not None:
        room.store.intake.owe("place", [told.told_at.date().isoformat()])
    stories: set[StoryId] = {s for a in (article, *_ends(before, copy)) if (s := room.store.articles.story_of(a))}
    room.store.intake.owe("rate", stories)


def _printed(copy: Copy | None) -> ArticleId | None:
    return copy.origin if copy is not None and copy.is_reprint else None


def _ends(*copies: Copy | None) -> list[ArticleId]:
    return [copy.origin for copy in copies if copy is not None]
