"""Articles find their stories day by day: whatever comes late, is cut off, or is decided by editors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wiredesk.config import StorySettings
from wiredesk.line import folding, telling
from wiredesk.line.copying import find_copies
from wiredesk.line.folding import fold_articles
from wiredesk.line.room import Room
from wiredesk.line.telling import compare_placed, tell_stories
from wiredesk.newsroom import open_room
from wiredesk.records import Article, ArticleId, Join, Provider, ProviderId, StoryId, Version
from wiredesk.stories import signal

START = datetime(2026, 9, 7, 6, tzinfo=UTC)
NOW = datetime(2026, 10, 7, tzinfo=UTC)
EVENTS = (
    (
        "Dockers at Port Ellery walk out over crane robots",
        "Some 3,400 dockers walked out of the container terminals of Port Ellery after talks between Harriet Mosse's "
        "union and the operator Castellan had failed.",
    ),
    (
        "Norderhaven ministers cut cod quota by a fifth",
        "Ministers meeting in Norderhaven cut the cod quota by 20 percent; in Aske fishermen fear for their boats.",
    ),
    (
        "Storm Isolde closes the strait and cuts power to 40,000 homes",
        "Storm Isolde hit Haelis with gusts of 38 metres a second; 40,000 homes had no power.",
    ),
)


@contextmanager
def opened(folder: Path) -> Iterator[Room]:
    """An empty site."""
    folder.mkdir(exist_ok=True)
    (folder / "wiredesk.toml").touch()
    with open_room(folder, clock=lambda: NOW, workers=1) as room:
        yield room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with opened(tmp_path / "site") as room:
        yield room


def put(room: Room, name: str, event: int, days: float, words: str = "") -> ArticleId:
    """Have an article told so many days after the start; `name` is its id; `words` are its text, if not the event's."""
    told = START + timedelta(days=days)
    title, text = EVENTS[event]
    text = words or text
    article = Article(
        id=ArticleId(name),
        canonical_url=f"https://paper.example/{name}",
        provider=Provider(domain=ProviderId(f"paper{name[-1]}.example"), name="Paper"),
        title=f"{title}, {name}",
        text=text,
        first_seen_at=told,
        language="en",
        versions=(Version(number=1, seen_at=told, title=title, text=text, digest="d"),),
    )
    line = json.dumps(signal(article).to_json())
    room.store.articles.put(article, digest=name, text_digest="d", signal=line)
    room.store.intake.owe("place", [told.date().isoformat()])
    return article.id


def fill(room: Room, *left_out: str) -> None:
    """Two weeks of three events that come back."""
    for day in range(12):
        for event in range(3):
            name = f"{day:x}{event}"
            if name not in left_out and (day + event) % 4:
                put(room, name, event, day)


def placed(room: Room) -> dict[str, tuple[str | None, str]]:
    """Where all stand, and why."""
    found = {}
    for article in room.store.articles.ids():
        story = room.store.articles.story_of(article)
        joins = room.store.articles.members(story) if story else []
        found[str(article)] = (story, repr([join for join in joins if join.article == article]))
    return found


def at_once(folder: Path, *left_out: str, more: tuple[tuple[str, int, float], ...] = ()) -> dict[str, object]:
    """Where all stand on a site that had everything from the start."""
    with opened(folder) as room:
        fill(room, *left_out)
        for one in more:
            put(room, *one)
        tell_stories(room)
        return dict(placed(room))


def test_a_late_article_replays_from_its_day(room: Room, tmp_path: Path) -> None:
    """What it changes is what it would have changed had it been there at once; the days before are not looked at."""
    fill(room)
    tell_stories(room)
    put(room, "late", 0, 4.3)
    tell_stories(room)

    assert placed(room) == at_once(tmp_path / "other", more=(("late", 0, 4.3),))
    assert room.store.intake.owed("place") == []


def test_reprints_whose_origin_comes_late_stay_one_story(room: Room) -> None:
    """It was told before their window: they leave its story alone, and stay together."""
    names = [ArticleId(letter * 16) for letter in "abc"]
    text = " ".join(f"word{number}" for number in range(700))
    for at, event, days in ((1, 1, 10), (2, 2, 11), (0, 0, 0)):
        put(room, names[at], event, days, f"{8 * EVENTS[event][1]} {text}")  # unlike in all that is judged
        room.store.intake.owe("copy", [names[at]])
        find_copies(room)
        tell_stories(room)

    copies = [room.store.articles.copy(name) for name in names]
    assert [copy and copy.origin for copy in copies] == [None, names[0], names[0]]
    assert [room.store.articles.story_of(name) for name in names] == [f"s{names[at]}" for at in (0, 1, 1)]


def test_a_day_that_loses_its_only_articles_leaves_no_trace(room: Room, tmp_path: Path) -> None:
    """Its evening decided over the day before, which decides for itself now."""
    fill(room)
    gone = [f"5{event}" for event in range(3)]
    tell_stories(room)
    for name in gone:
        room.store.articles.drop(ArticleId(name))
    room.store.intake.owe("place", [(START + timedelta(days=5)).date().isoformat()])
    tell_stories(room)

    assert placed(room) == at_once(tmp_path / "other", *gone)


@pytest.mark.parametrize("after", [1, 9, 20])
def test_a_replay_that_is_cut_off_begins_again(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """What was placed before stands; the day that is owed is paid at the end, and not before."""
    keep, calls = telling._keep, []

    def cut_off(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == after:
            raise KeyboardInterrupt
        keep(*arguments)

    fill(room)
    monkeypatch.setattr(telling, "_CHUNK", 3)
    monkeypatch.setattr(telling, "_keep", cut_off)
    with pytest.raises(KeyboardInterrupt):
        tell_stories(room)
    assert room.store.intake.owed("place") != []
    tell_stories(room)

    assert placed(room) == at_once(tmp_path / "other")


def test_another_setting_and_other_weights_group_everything_anew(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run with nothing new places nothing; what a setting or a release decided otherwise is decided anew."""
    fill(room)
    tell_stories(room)
    right = placed(room)
    victim = ArticleId("01")

    def spoil() -> None:
        reason = Join(article=victim, similarity=1.0, threshold=1.0, shared=())
        room.store.articles.place(START, StoryId("snowhere"), reason)

    spoil()
    tell_stories(room)
    assert room.store.articles.story_of(victim) == "snowhere"
    monkeypatch.setattr(telling, "stories_release", lambda: "another")
    tell_stories(room)
    assert placed(room) == right
    spoil()
    room.settings = room.settings.model_copy(update={"stories": StorySettings(open_hours=83)})
    tell_stories(room)
    assert room.store.articles.story_of(victim) != "snowhere"


def test_signals_made_by_another_release_are_made_anew(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every article is owed to the step that makes them, once."""
    folded: list[str] = []
    monkeypatch.setattr(folding, "_fold_one", lambda _, canonical: folded.append(canonical))
    put(room, "a", 0, 0)
    fold_articles(room)
    fold_articles(room)
    assert folded == ["https://paper.example/a"]
    monkeypatch.setattr(folding, "signals_release", lambda: "another")
    fold_articles(room)

    assert folded == ["https://paper.example/a"] * 2


# Editors


def test_a_merge_holds_over_weeks_and_its_undo_leaves_nothing(room: Room) -> None:
    """Two events two weeks apart are one story, news of the later one comes along, and then nothing of it is left."""
    old = put(room, "old", 0, 0)
    put(room, "new", 1, 14)
    tell_stories(room)
    before = placed(room)
    number = room.store.decisions.add(NOW, "ada", "together", old, ArticleId("new"))
    tell_stories(room)
    assert {story for story, _ in placed(room).values()} == {"sold"}
    put(room, "newer", 1, 14.5)
    tell_stories(room)
    assert {story for story, _ in placed(room).values()} == {"sold"}

    room.store.articles.drop(ArticleId("newer"))
    room.store.intake.owe("place", ["2026-09-21"])
    assert room.store.decisions.undo(number, NOW, "ada")
    tell_stories(room)
    assert placed(room) == before


def test_a_split_holds_until_it_is_outweighed(room: Room) -> None:
    """Of two decisions on a pair the later one counts; taken back, the earlier one counts again."""
    one, other = put(room, "a", 0, 0), put(room, "b", 0, 0.1)
    tell_stories(room)
    assert room.store.articles.story_of(other) == "sa"

    def story() -> str | None:
        tell_stories(room)
        return room.store.articles.story_of(other)

    room.store.decisions.add(NOW, "ada", "apart", one, other)
    assert story() == "sb"
    merge = room.store.decisions.add(NOW, "bo", "together", other, one)
    assert story() == "sa"
    room.store.decisions.undo(merge, NOW, "bo")
    assert story() == "sb"


def test_a_rebuild_obeys(room: Room) -> None:
    """Decisions are facts that no capture holds: they stay when everything else is forgotten."""
    one, other = put(room, "a", 0, 0), put(room, "b", 1, 0.1)
    room.store.decisions.add(NOW, "ada", "together", one, other)
    room.store.forget_derived()
    put(room, "a", 0, 0)
    put(room, "b", 1, 0.1)
    tell_stories(room)

    assert room.store.articles.story_of(other) == "sa"


def test_compares_what_lies_within_the_window(room: Room) -> None:
    """From stored signals; what lies too many days apart was never compared."""
    near, far = put(room, "b", 0, 1), put(room, "c", 0, 10)
    first = put(room, "a", 0, 0)
    tell_stories(room)
    settings = room.settings.stories
    bond = compare_placed(room.store, settings, first, near)

    assert bond is not None and bond.article == near and bond.probability > settings.join_probability
    assert compare_placed(room.store, settings, first, far) is None
