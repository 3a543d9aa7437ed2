"""Articles find their stories, day by day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from wiredesk.config import StorySettings
from wiredesk.line.embedding import vectors_of
from wiredesk.line.room import Room
from wiredesk.records import Article, ArticleId, Bond, Join, StoryId
from wiredesk.store import Decision, SignalRow, Store
from wiredesk.stories import (
    Constraints,
    Grouping,
    Placed,
    Signal,
    Vectors,
    compare,
    group_reference,
    history_days,
    stories_release,
    window_days,
)

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_CHUNK = 2000  # articles placed in one transaction: whole days, at least one


def tell_stories(room: Room) -> None:
    """Place new articles; a late arrival replays from its day on.

    What is owed is paid at the end: a run that is cut off begins at the same day again, and comes to the same stories.
    """
    _owe_all_when_rules_changed(room)
    _owe_what_was_decided(room)
    owed = room.store.intake.owed("place")
    if not owed:
        return
    if room.rules.name == "reference":
        _group_all(room)
    else:
        _replay(room, _first_day(room, owed[0]))
    room.store.intake.paid("place", owed)


def constraints_of(store: Store) -> Constraints:
    """Return what editors decided, as the grouping obeys it."""
    standing = store.decisions.standing()
    return Constraints(together=_pairs(standing, "together"), apart=_pairs(standing, "apart"))


def placed_between(store: Store, begin: datetime, end: datetime) -> list[Placed]:
    """Return what was placed of the articles told in [begin, end), without reasons.

    Raises:
        KeyError: The signals were made by an older release, and no run has been since.
    """
    return [
        Placed(
            _signal(row.signal), row.story, Join(article=row.signal.article, similarity=1.0, threshold=1.0, shared=())
        )
        for row in store.articles.placements(begin, end)
    ]


def compare_placed(store: Store, settings: StorySettings, one: ArticleId, other: ArticleId) -> Bond | None:
    """Return what speaks for two articles telling one event; None where they lie too many days apart to be compared.

    Raises:
        KeyError: One of them is not placed, or the signals were made by an older release and no run has been since.
    """
    days = sorted(_midnight(found.told_at) for each in (one, other) if (found := store.articles.digests(each)))
    if len(days) < 2 or days[1] - days[0] > timedelta(days=window_days(settings)):
        return None
    window = placed_between(store, days[0] - timedelta(days=window_days(settings)), days[1] + _DAY)
    model = store.intake.get("embedding")  # what the last run grouped with
    articles = [each.signal.article for each in window]
    vectors = Vectors(model, store.embeddings.vectors(model, articles)) if model else None
    return compare(window, one, other, settings, vectors=vectors)


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _pairs(standing: list[Decision], kind: str) -> tuple[tuple[ArticleId, ArticleId], ...]:
    return tuple((each.one, each.other) for each in standing if each.kind == kind)


def _owe_all_when_rules_changed(room: Room) -> None:
    used = f"{room.rules.name} {room.settings.stories.model_dump_json()} {stories_release()}"
    if room.store.intake.get("stories") != used:
        with room.store.transaction():
            room.store.intake.owe("place", [day for day, _ in room.store.articles.days_from(_BEGINNING)[:1]])
            room.store.intake.put("stories", used)


def _owe_what_was_decided(room: Room) -> None:
    """Owe the first day of all articles that a new decision, or one that was taken back, has to do with."""
    now: list[list[str]] = [[each.kind, each.one, each.other] for each in room.store.decisions.standing()]
    before: list[list[str]] = json.loads(room.store.intake.get("decisions") or "[]")
    if now == before:
        return
    touched = {article for each in [*now, *before] if (each in now) != (each in before) for article in each[1:]}
    pairs = [set(each[1:]) for each in [*now, *before]]
    while more := {article for pair in pairs if pair & touched for article in pair} - touched:
        touched |= more
    told = [found.told_at for article in touched if (found := room.store.articles.digests(ArticleId(article)))]
    with room.store.transaction():
        if told:
            room.store.intake.owe("place", [min(told).date().isoformat()])
        room.store.intake.put("decisions", json.dumps(now))


def _first_day(room: Room, owed: str) -> datetime:
    """Return where to begin: a day that has lost its articles decides no more of those before it, so these do."""
    day = datetime.fromisoformat(owed).replace(tzinfo=UTC)
    days = room.store.articles.days_from(day)
    if days and days[0][0] == owed:
        return day
    return day - timedelta(days=room.settings.stories.repair_days - 1)


def _replay(room: Room, first: datetime) -> None:
    days = room.store.articles.days_from(first)
    with room.step("Grouping stories", sum(number for _, number in days)) as advance:
        vectors = _Vectors(room)
        grouping = _grouping_before(room, vectors, first)
        for chunk in _chunks(days):
            found: dict[ArticleId, Placed] = {}
            for begin in chunk:
                signals = [_signal(row) for row in room.store.articles.signals(begin, begin + _DAY)]
                vectors.load(signals)
                found |= {placed.signal.article: placed for placed in grouping.add(signals)}
                advance(len(signals))
            with room.store.transaction():
                for placed in found.values():
                    _keep(room, placed)


class _Vectors:
    """The embeddings of the day that is taken in: the grouping looks at them then, and only then."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.known: Vectors | None = None
        if room.embedder and (width := room.store.embeddings.width(room.embedder.model)) is not None:
            self._nobody = {ArticleId(""): np.zeros(width, dtype=np.float32)}  # tells the width on days without any
            self._rows = {**self._nobody}
            self.known = Vectors(room.embedder.model, self._rows)

    def load(self, signals: Iterable[Signal]) -> None:
        """Hold those of `signals` alone."""
        if self.known is not None:
            self._rows.clear()
            self._rows |= self._nobody
            self._rows |= vectors_of(self._room, [signal.article for signal in signals])


def _grouping_before(room: Room, vectors: _Vectors, first: datetime) -> Grouping:
    """Return the grouping as it stood on the eve of `first`."""
    constraints = constraints_of(room.store)
    grouping = Grouping(room.settings.stories, constraints=constraints, vectors=vectors.known)
    begin = first - timedelta(days=history_days(room.settings.stories))
    grouping.recall((), bound=_stories_of_bound(room, constraints, begin))
    while begin < first:
        placed = placed_between(room.store, begin, begin + _DAY)
        vectors.load(each.signal for each in placed)
        grouping.recall(placed)
        begin += _DAY
    return grouping


def _stories_of_bound(room: Room, constraints: Constraints, before: datetime) -> dict[ArticleId, StoryId]:
    articles = {article for pair in (*constraints.together, *constraints.apart) for article in pair}
    return {
        article: story
        for article in articles
        if (known := room.store.articles.digests(article))
        and known.told_at < before
        and (story := room.store.articles.story_of(article))
    }


def _chunks(days: list[tuple[str, int]]) -> Iterator[list[datetime]]:
    """Yield days by the chunk that holds about `_CHUNK` articles."""
    waiting: list[datetime] = []
    articles = 0
    for day, number in days:
        waiting.append(datetime.fromisoformat(day).replace(tzinfo=UTC))
        articles += number
        if articles >= _CHUNK:
            yield waiting
            waiting, articles = [], 0
    if waiting:
        yield waiting


def _signal(row: SignalRow) -> Signal:
    return replace(Signal.from_json(json.loads(row.signal)), copy_of=row.copy_of)


def _keep(room: Room, placed: Placed) -> None:
    before = room.store.articles.story_of(placed.signal.article)
    if room.store.articles.place(placed.signal.told_at, placed.story, placed.join):
        room.store.intake.owe("rate", {placed.story, before or placed.story})


def _group_all(room: Room) -> None:
    """The reference groups all that it has at each run."""
    found = (room.store.articles.get(article) for article in room.store.articles.ids())
    articles: dict[str, Article] = {article.id: article for article in found if article is not None}
    with room.step("Grouping stories", len(articles)) as advance:
        stories = group_reference(list(articles.values()))
        with room.store.transaction():
            for story in stories:
                for join in story.joins:
                    told_at = articles[join.article].told_at
                    before: StoryId | None = room.store.articles.story_of(join.article)
                    if room.store.articles.place(told_at, story.id, join):
                        room.store.intake.owe("rate", {story.id, before or story.id})
                advance(len(story.articles))
