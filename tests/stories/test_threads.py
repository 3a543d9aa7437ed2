"""Threads: what `follow` promises whatever the stories."""

from __future__ import annotations

import importlib
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import StorySettings
from wiredesk.records import Article, ArticleId, Provider, ProviderId, StoryId
from wiredesk.stories import StorySketch, close_stories, follow, sketch, threads_of
from wiredesk.stories.sketches import TERMS, Shelf, order

START = datetime(2026, 9, 7, tzinfo=UTC)
SETTINGS = StorySettings(thread_days=30, related_days=5)
VOCABULARY = ["strike", "dock", "port", "union", "talks", "cod", "quota", "boat", "barrage", "vote", "council", "pay"]


def story(name: str, words: str, *, days: float = 0, seen: float | None = None, outlets: str = "") -> StorySketch:
    at = START + timedelta(days=days)
    return StorySketch(
        story=StoryId(f"s{name}"),
        first_at=at,
        last_at=at + timedelta(hours=5),
        seen_at=START + timedelta(days=days if seen is None else seen),
        title=words,
        providers=tuple(sorted(outlets.split())) or (f"{name}.example",),
        terms=tuple((word, 1.0) for word in sorted(set(words.split()))),
        forms={},
    )


@st.composite
def many(draw: st.DrawFn) -> list[StorySketch]:
    """Some weeks of stories from a small vocabulary."""
    return [
        story(
            f"{number}",
            " ".join(draw(st.lists(st.sampled_from(VOCABULARY), max_size=6))),
            days=draw(st.integers(0, 60)) + draw(st.sampled_from([0, 0.5])),
            seen=draw(st.integers(60, 70)),
            outlets=draw(st.sampled_from(["", "x.example", "x.example y.example"])),
        )
        for number in range(draw(st.integers(1, 20)))
    ]


@settings(max_examples=100, deadline=None)
@given(many(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(stories: list[StorySketch], dice: random.Random) -> None:
    """The answer is a function of the set of stories, to the last digit."""
    shuffled = stories[:]
    dice.shuffle(shuffled)

    assert follow((), shuffled, SETTINGS) == follow((), stories, SETTINGS)


@settings(max_examples=100, deadline=None)
@given(many(), st.integers(1, 60))
def test_day_by_day_is_as_at_once(stories: list[StorySketch], day: int) -> None:
    """Following later days on top of earlier ones gives what following all at once gives."""
    cut = START + timedelta(days=day)
    at_once = follow((), stories, SETTINGS)
    before = follow((), [each for each in stories if each.first_at < cut], SETTINGS)
    history = [
        (each.sketch, each.link.seed)
        for each in before
        if each.sketch.first_at >= cut - timedelta(SETTINGS.thread_days)
    ]
    after = follow(history, [each for each in stories if each.first_at >= cut], SETTINGS)

    assert before + after == at_once


@settings(max_examples=100, deadline=None)
@given(many())
def test_threads_part_the_stories(stories: list[StorySketch]) -> None:
    """Each story is in one thread at most, threads have two and more, and are named after what we saw first."""
    followed = follow((), stories, SETTINGS)
    found = threads_of(followed)
    held = {each.sketch.story: each.sketch for each in followed}
    members = [member for thread in found for member in thread.stories]

    assert len(members) == len(set(members))
    for thread in found:
        sketches = [held[member] for member in thread.stories]
        assert len(sketches) > 1
        assert thread.id == f"t{min(sketches, key=lambda each: (each.seen_at, each.story)).story}"
        assert [each.first_at for each in sketches] == sorted(each.first_at for each in sketches)


@settings(max_examples=100, deadline=None)
@given(many())
def test_closeness_is_mutual_and_never_with_itself(stories: list[StorySketch]) -> None:
    """Whoever is close to a story has it close, within the days."""
    close = close_stories(follow((), stories, SETTINGS))
    held = {each.story: each for each in stories}
    for one, others in close.items():
        for other in others:
            assert other.story != one
            assert one in {back.story for back in close[other.story]}
            apart = abs(held[one].first_at - held[other.story].first_at)
            assert apart <= timedelta(days=SETTINGS.related_days) + timedelta(hours=5)


def background(days: int = 40) -> list[StorySketch]:
    return [story(f"b{n}", " ".join(f"w{n}x{m}" for m in range(6)), days=n % days) for n in range(60)]


def test_no_chain_of_weak_links() -> None:
    """Each story is like the one before it, yet the last has nothing of the first: the thread ends in between."""
    words = [f"word{number}" for number in range(24)]
    chain = [story(f"c{n}", " ".join(words[2 * n : 2 * n + 6]), days=n) for n in range(9)]
    found = threads_of(follow((), [*background(), *chain], SETTINGS))

    assert all(not {"sc0", "sc8"} <= set(thread.stories) for thread in found)


def test_the_strike_of_weeks_is_one_thread() -> None:
    """Stories that share the names of a dispute follow one another; another matter of the same people does not."""
    strike = "strike dockers union brandt corran "
    found = follow(
        (),
        [
            *background(),
            story("1", strike + "walkout monday gates", days=1),
            story("2", strike + "mediator judge talks", days=9),
            story("3", strike + "deal vote pay", days=24),
            story("4", "brandt marathon charity runners medal finish", days=25),
        ],
        SETTINGS,
    )
    link = {each.sketch.story: each.link for each in found}

    assert [thread.stories for thread in threads_of(found)] == [("s1", "s2", "s3")]
    assert set(link[StoryId("s3")].shared) >= {"strike", "dockers", "union"}
    assert link[StoryId("s3")].likeness >= SETTINGS.thread_similarity
    assert link[StoryId("s4")].seed == "s4"


def court(ruling: str, number: int, days: float) -> StorySketch:
    return story(f"c{number}", f"supreme court justices ruling {ruling}", days=days)


RULINGS = ["tariffs steel importers", "fishing quota herring", "tenants rent deposit", "voters maps district"]


@pytest.mark.parametrize("steady", [True, False])
def test_what_is_in_the_news_every_week_makes_no_thread(steady: bool) -> None:
    """A court rules every week on something else; the same words in a few weeks of a year would be one case."""
    begun = [court(ruling, 1000 + number, 7 * number + 85) for number, ruling in enumerate(RULINGS)]
    weeks = range(0, 84, 7) if steady else ()
    others = [
        court(f"a{week}x{n} b{week}x{n} c{week}x{n}", 10 * week + n, week + n) for week in weeks for n in range(4)
    ]
    crowd = [story(f"e{n}", " ".join(f"e{n}x{m}" for m in range(6)), days=n % 110) for n in range(800)]
    found = threads_of(follow((), [*crowd, *others, *begun], StorySettings(thread_days=120)))

    together = [set(thread.stories) & {each.story for each in begun} for thread in found]
    assert (max(map(len, together), default=0) > 1) is not steady


def test_a_name_alone_continues_no_thread() -> None:
    """Two words that add nearly all of the likeness are a name, whatever else is shared beside them."""
    heavy = {"elke": 6.0, "brandt": 6.0}

    def of(name: str, words: str, days: float, **weights: float) -> StorySketch:
        made = story(name, words, days=days)
        return replace(made, terms=tuple((word, weights.get(word, weight)) for word, weight in made.terms))

    strike = of("1", "elke brandt today strike dockers", 1, **heavy)
    marathon = of("2", "elke brandt today marathon medal", 3, **heavy)
    talks = of("3", "elke brandt today strike dockers talks", 4)

    assert threads_of(follow((), [*background(), strike, marathon], SETTINGS)) == []
    assert [thread.stories for thread in threads_of(follow((), [*background(), strike, talks], SETTINGS))] == [
        ("s1", "s3")
    ]


@settings(max_examples=100, deadline=None)
@given(many(), st.integers(1, 60))
def test_words_that_left_the_window_leave_no_trace(stories: list[StorySketch], days: int) -> None:
    """A shelf that forgot weighs as one that never knew."""
    in_time = sorted(stories, key=order)
    begin = START + timedelta(days=days)
    kept = [each for each in in_time if each.first_at >= begin]
    used, fresh = Shelf(), Shelf()
    used.fill(in_time)
    fresh.fill(kept)
    used.begin(begin, (), 1000)
    fresh.begin(begin, (), 1000)

    assert [used.rarity(each) for each in in_time] == [fresh.rarity(each) for each in in_time]
    assert [used.near(each) for each in kept] == [fresh.near(each) for each in kept]


def test_a_thread_ends_with_its_window() -> None:
    """What comes after `thread_days` begins anew."""
    words = "strike dockers union brandt corran"
    found = follow((), [*background(), story("1", words, days=0), story("2", words, days=31)], SETTINGS)

    assert threads_of(found) == []


def test_history_has_to_end_before_the_new_days() -> None:
    """Days are what is decided at once."""
    one = story("1", "strike")
    with pytest.raises(ValueError, match="history must end before 2026-09-07"):
        follow([(one, one.story)], [story("2", "strike", days=0.5)], SETTINGS)


def article(name: str, title: str, text: str, hours: float = 0, language: str = "en") -> Article:
    at = START + timedelta(hours=hours)
    return Article(
        id=ArticleId(name),
        canonical_url=f"https://paper.example/{name}",
        provider=Provider(domain=ProviderId("paper.example"), name="The Paper"),
        title=title,
        text=text,
        published_at=at,
        first_seen_at=at,
        language=language,
    )


def test_a_sketch_is_made_of_headlines_and_ledes() -> None:
    """Small, the same in any order of articles, words as people write them."""
    articles = [
        article("a", "Dockers strike at Corran", "The dockers of Corran walked out. " * 200),
        article("b", "Strike goes on", "Elke Brandt leads 12,000 dockers.", hours=3),
    ]
    made = sketch(StoryId("sa"), articles)

    assert made == sketch(StoryId("sa"), articles[::-1])
    assert len(made.terms) <= TERMS
    assert (made.title, made.first_at, made.last_at) == (articles[0].title, START, START + timedelta(hours=3))
    assert made.words(["docker"]) == ("dockers",)


RECORDS = Path(__file__).parents[2].parent / "shared" / "data" / "records"


def test_the_talks_of_october_and_the_language_of_november_are_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Different stories of one strike, a month apart, among the records around them."""
    if not RECORDS.exists():
        pytest.skip("no ../shared/data/records, so nobody followed the strike")
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "bench"))
    sets = importlib.import_module("sets")
    articles, _ = sets.articles_of("ai", RECORDS.parent)
    stories = sets.grouped(articles, StorySettings())
    followed = follow((), [sketch(name, members) for name, members in stories.items()], StorySettings())
    story_of = {one.id: name for name, members in stories.items() for one in members}
    talks = story_of[sets.TALKS]
    language = story_of[ArticleId("2023-11-08-studios-adjust-ai-language-in-push-to-end-sag-aftra-strike")]
    seeds = {each.sketch.story: each.link.seed for each in followed}

    assert talks != language
    assert seeds[talks] == seeds[language]
