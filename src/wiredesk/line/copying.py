"""Articles that print another one's words are linked to it.

Articles whose words changed are indexed as they are folded; those that a migration owes, from the queue "copy".  Then
come those whose neighbours in the index changed ("neighbours"), and those to judge anew ("verdict").  Each queue is
worked off before the next, so a flood of one text is judged once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from wiredesk.identify import HOLDERS, find_origin, fingerprint, span
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


def index(room: Room, article: Article) -> None:
    """Keep the fingerprint of an article; note whose neighbours changed by it."""
    room.store.intake.owe("neighbours", room.store.fingerprints.put(fingerprint(article)))


def _index(room: Room, owed: list[ArticleId]) -> None:
    for key in owed:
        if (article := room.store.articles.get(key)) is not None:
            index(room, article)


def _look_around(room: Room, owed: list[ArticleId]) -> None:
    reach = span(room.settings.stories.copy_days)
    for key, mine in room.store.fingerprints.many(owed).items():
        room.store.intake.owe("verdict", [key, *room.store.fingerprints.later(mine, reach, HOLDERS)])


def _judge(room: Room, owed: list[ArticleId]) -> None:
    shelf = _Shelf(room.store)
    for key, mine in room.store.fingerprints.many(owed).items():
        _settle(room, key, find_origin(mine, shelf, room.settings.stories))


class _Shelf:
    """The store, as `find_origin` sees it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def first_holders(self, mine: Fingerprint, since: int) -> Sequence[ArticleId]:
        return self._store.fingerprints.first_holders(mine, since)

    def holders(self, mine: Fingerprint, key: int, since: int) -> Sequence[ArticleId]:
        return self._store.fingerprints.holders(mine, key, since, HOLDERS)

    def fingerprints(self, articles: Iterable[ArticleId]) -> Mapping[ArticleId, Fingerprint]:
        return self._store.fingerprints.many(articles)

    def text(self, article: ArticleId) -> str:
        found = self._store.articles.get(article)
        return found.text if found else ""


def _settle(room: Room, article: ArticleId, copy: Copy | None) -> None:
    before = room.store.articles.copy(article)
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
