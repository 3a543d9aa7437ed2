"""Stories find their threads and the stories close to them, day by day; what surrounds an article is put together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from wiredesk.line.room import Room
from wiredesk.records import (
    ArticleId,
    Background,
    Beside,
    CloseStory,
    Development,
    Item,
    Neighbours,
    StoryId,
)
from wiredesk.store import Store, from_json, to_json
from wiredesk.stories import (
    HISTORY,
    Followed,
    Link,
    Step,
    StorySketch,
    coverage,
    follow,
    named_after,
    sketch,
    telling,
    thread_id,
    timeline_of,
)
from wiredesk.text import digest

_BATCH = 200
_CHUNK = 2000  # stories followed at once: whole days, at least one


def follow_stories(room: Room) -> None:
    """Follow the stories that changed, and those that began on the same day or later."""
    _owe_all_when_settings_changed(room)
    _sketch(room)
    owed = room.store.intake.owed("follow day")
    if owed:
        _replay(room, datetime.fromisoformat(owed[0]).replace(tzinfo=UTC))
        room.store.intake.paid("follow day", owed)


def _owe_all_when_settings_changed(room: Room) -> None:
    used = room.settings.stories.model_dump_json()
    if room.store.intake.get("threads") != used:
        with room.store.transaction():
            room.store.intake.owe("follow", room.store.articles.stories())
            room.store.intake.owe("follow day", [day for day, _ in room.store.threads.days_from(_BEGINNING)[:1]])
            room.store.intake.put("threads", used)


def _sketch(room: Room) -> None:
    """Put the stories that are owed in words, and owe the days from which their threads may be others."""
    while owed := room.store.intake.owed("follow", _BATCH):
        with room.store.transaction():
            for story in map(StoryId, owed):
                days = _sketch_story(room, story)
                room.store.intake.owe("follow day", [day.date().isoformat() for day in days])
            room.store.intake.paid("follow", owed)


def _sketch_story(room: Room, story: StoryId) -> list[datetime]:
    """Keep the sketch of a story and return when it begins and began before; empty where nothing changed."""
    threads = room.store.threads
    before = threads.sketch(story)
    members = [join.article for join in room.store.articles.members(story)]
    inputs = digest(*(f"{each} {_digest(room, each)}" for each in members))
    if before is not None and before.inputs == inputs:
        return []
    articles = [article for each in members if (article := room.store.articles.get(each)) is not None]
    if not articles:
        if before is None:
            return []
        _soil_around(room, story)
        threads.drop(story)
        return [before.first_at]
    made = sketch(story, articles)
    threads.put_sketch(story, made.first_at, inputs, to_json(StorySketch, made).decode())
    return [made.first_at, *([before.first_at] if before else [])]


def _digest(room: Room, article: ArticleId) -> str:
    digests = room.store.articles.digests(article)
    return digests.whole if digests else ""


_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


def _replay(room: Room, first: datetime) -> None:
    settings = room.settings.stories
    threads = room.store.threads
    window = timedelta(days=settings.thread_days)
    days = threads.days_from(first)
    history = [
        (from_json(StorySketch, made), seed) for made, seed in threads.history(_back(first, window), first, HISTORY)
    ]
    with room.step("Following stories", sum(number for _, number in days)) as advance:
        for begin, end in _chunks(days):
            new = [from_json(StorySketch, made) for made in threads.sketches(begin, end)]
            followed = follow(history, new, settings)
            with room.store.transaction():
                for each in followed:
                    _keep(room, each)
            history += [(each.sketch, each.link.seed) for each in followed]
            history = [past for past in history if past[0].first_at >= _back(end, window)][-2 * HISTORY :]
            advance(len(new))


def _back(day: datetime, window: timedelta) -> datetime:
    return day - window if day - _BEGINNING > window else _BEGINNING


def _chunks(days: Sequence[tuple[str, int]]) -> list[tuple[datetime, datetime]]:
    """Return spans of whole days that hold about `_CHUNK` stories."""
    spans: list[tuple[datetime, datetime]] = []
    waiting: list[str] = []
    stories = 0
    for number, (day, count) in enumerate(days, 1):
        waiting.append(day)
        stories += count
        if stories >= _CHUNK or number == len(days):
            begin, last = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (waiting[0], waiting[-1]))
            spans.append((begin, last + timedelta(days=1)))
            waiting, stories = [], 0
    return spans


def _keep(room: Room, followed: Followed) -> None:
    """Keep how a story was followed; where that is new, the pages of all whom it concerns are to be made anew."""
    story, link = followed.sketch.story, followed.link
    data = to_json(Link, link).decode()
    if room.store.threads.link(story) == (link.seed, data):
        return
    _soil_around(room, story)
    room.store.threads.put_link(story, link.seed, data, [close.story for close in link.close])
    _soil_around(room, story)


def _soil_around(room: Room, story: StoryId) -> None:
    """Soil the pages of a story, of its thread and the stories in it, and of the stories close to it."""
    threads = room.store.threads
    seed = threads.seed_of(story)
    members = threads.members(seed) if seed else []
    concerned = {story, *threads.close_to(story), *(member for member, _ in members)}
    pages = {f"thread:{thread_id(_sketches(members))}"} if members else set()
    room.store.editions.soil(pages | {f"story:{each}" for each in concerned})


def _sketches(members: Sequence[tuple[StoryId, str]]) -> list[StorySketch]:
    return [from_json(StorySketch, made) for _, made in members]


# What the pages ask


def neighbours_of(store: Store, story: StoryId) -> Neighbours | None:
    """Return where a story stands among others; None where it was not followed."""
    found = store.threads.link(story)
    if found is None:
        return None
    seed, data = found
    link = from_json(Link, data)
    members = store.threads.members(seed)
    stories = tuple(member for member, _ in members)
    close = [CloseStory(story=one.story, likeness=one.likeness, shared=one.shared) for one in link.close]
    for later in store.threads.close_to(story):
        there = store.threads.link(later)
        close += [
            CloseStory(story=later, likeness=one.likeness, shared=one.shared)
            for one in (from_json(Link, there[1]).close if there else ())
            if one.story == story
        ]
    return Neighbours(
        thread=thread_id(_sketches(members)) if len(members) > 1 else None,
        stories=stories if len(members) > 1 else (),
        shared=link.shared,
        likeness=link.likeness,
        threshold=link.threshold,
        runner_up=link.runner_up,
        close=tuple(sorted(close, key=lambda one: (-one.likeness, one.story))),
        rarity=link.rarity,
    )


def thread_of(store: Store, id: str) -> list[StoryId]:
    """Return the stories of a thread, oldest first; empty where there is none of that name."""
    seed = store.threads.seed_of(StoryId(id.removeprefix("t")))
    members = store.threads.members(seed) if seed else []
    return [story for story, _ in members] if len(members) > 1 and thread_id(_sketches(members)) == id else []


def thread_ids(store: Store) -> list[str]:
    """Return the names of all threads."""
    return [thread_id(_sketches(store.threads.members(seed))) for seed in store.threads.seeds()]


def thread_pages(store: Store) -> list[str]:
    """Return the names of the threads of two or more published stories."""
    seen: dict[StoryId, list[tuple[datetime, StoryId]]] = {}
    for seed, story, seen_at in store.threads.shown():
        seen.setdefault(seed, []).append((seen_at, story))
    return sorted(named_after(min(stories)[1]) for stories in seen.values())


def background_of(
    article: ArticleId, items: Sequence[Item], neighbours: Neighbours | None, needed: float
) -> Background:
    """Return what the rest of its story is to a reader of `article`, one of `items`.

    What the only article of a story states is not looked for: there is nobody to whom it adds.
    """
    if len(items) == 1:
        only = Development(article=article, at=items[0].article.told_at, misdated=False, adds=(), copies=())
        return Background(article=article, first=article, developments=(only,), also=(), beside=(), same_text=())
    tellings = [
        telling(item.article, quality=item.rating.quality, copy_of=item.copy.origin if item.copy else None)
        for item in items
    ]
    told = timeline_of(tellings)
    covered = coverage(article, tellings, neighbours.rarity if neighbours else {}, needed)
    return Background(
        article=article,
        first=told.first,
        developments=tuple(map(_development, told.steps)),
        also=tuple(map(_development, told.also)),
        beside=tuple(
            Beside(
                article=reading.article,
                voice=reading.voice,
                adds=tuple(fact.shown for fact in reading.adds),
                copies=reading.copies,
            )
            for reading in covered.readings
        ),
        same_text=covered.same_text,
    )


def _development(step: Step) -> Development:
    return Development(
        article=step.article,
        at=step.at,
        misdated=step.misdated,
        adds=tuple(fact.shown for fact in step.adds),
        copies=step.copies,
    )
