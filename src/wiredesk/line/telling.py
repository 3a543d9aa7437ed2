"""Articles find their stories, day by day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wiredesk.line.room import Room
from wiredesk.records import Article, StoryId
from wiredesk.store import SignalRow
from wiredesk.stories import Placed, Signal, group_reference, history_days, place

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_CHUNK = 2000  # articles placed at once: whole days, at least one


def tell_stories(room: Room) -> None:
    """Place new articles; a late arrival replays from its day on."""
    _owe_all_when_settings_changed(room)
    owed = room.store.intake.owed("place")
    if not owed:
        return
    if room.rules.name == "reference":
        _group_all(room)
    else:
        _replay(room, datetime.fromisoformat(owed[0]).replace(tzinfo=UTC))
    room.store.intake.paid("place", owed)


def _owe_all_when_settings_changed(room: Room) -> None:
    used = f"{room.rules.name} {room.settings.stories.model_dump_json()}"
    if room.store.intake.get("stories") != used:
        with room.store.transaction():
            room.store.intake.owe("place", [day for day, _ in room.store.articles.days_from(_BEGINNING)[:1]])
            room.store.intake.put("stories", used)


def _replay(room: Room, first: datetime) -> None:
    window = timedelta(days=history_days(room.settings.stories))
    days = room.store.articles.days_from(first)
    history = [
        Placed(signal=_signal(row.signal), story=row.story, join=row.join)
        for row in room.store.articles.placements(first - window, first)
    ]
    with room.step("Grouping stories", sum(number for _, number in days)) as advance:
        for begin, end in _chunks(days):
            history = [past for past in history if past.signal.told_at >= begin - window]
            signals = [_signal(row) for row in room.store.articles.signals(begin, end)]
            placed = place(history, signals, room.settings.stories)
            with room.store.transaction():
                for each in placed:
                    _keep(room, each)
            history += placed
            advance(len(signals))


def _chunks(days: list[tuple[str, int]]) -> Iterator[tuple[datetime, datetime]]:
    """Yield spans of whole days that hold about `_CHUNK` articles."""
    waiting: list[str] = []
    articles = 0
    for day, number in days:
        waiting.append(day)
        articles += number
        if articles >= _CHUNK:
            yield _span(waiting)
            waiting, articles = [], 0
    if waiting:
        yield _span(waiting)


def _span(days: list[str]) -> tuple[datetime, datetime]:
    begin, last = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (days[0], days[-1]))
    return begin, last + timedelta(days=1)


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
