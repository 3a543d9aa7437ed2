"""Copies in the store: the same whatever came when, and nothing is judged twice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import Settings, StorySettings
from wiredesk.identify import article_id
from wiredesk.line import copying
from wiredesk.records import Article, ArticleId, Copy, Provider, ProviderId
from wiredesk.store import Store

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
_CHANCE = random.Random(11)
_VOCABULARY = ["".join(_CHANCE.choices("abcdefghijklmnopqrst", k=6)) for _ in range(3000)]


def text(seed: int, length: int = 120) -> str:
    """Words without meaning, the same for the same seed."""
    return " ".join(random.Random(seed).choices(_VOCABULARY, k=length))


def article(number: int, words: str, *, hours: float = 0, provider: str = "") -> Article:
    """An article told `hours` after noon."""
    domain = provider or f"p{number}.example"
    at = NOON + timedelta(hours=hours)
    return Article(
        id=article_id(str(number)),
        canonical_url=f"https://{domain}/{number}",
        provider=Provider(domain=ProviderId(domain), name=domain),
        title=f"Headline {number}",
        text=words,
        first_seen_at=at,
    )


class Desk:
    """As much of a room as finding copies needs."""

    def __init__(self, stories: StorySettings | None = None) -> None:
        self.store = Store(None)
        self.settings = Settings(stories=stories or StorySettings())

    @contextmanager
    def step(self, _name: str, _total: int) -> Iterator[Callable[[int], None]]:
        yield lambda _: None

    def put(self, *articles: Article) -> None:
        """Keep articles, as folding does."""
        room: Any = self
        for each in articles:
            self.store.articles.put(each, digest="", text_digest="", signal="{}")
        copying.index(room, articles)

    def drop(self, article: ArticleId) -> None:
        """Forget an article, as folding does."""
        self.store.articles.drop(article)
        self.store.intake.owe("neighbours", self.store.fingerprints.drop(article))

    def find(self) -> dict[ArticleId, Copy]:
        """All copies."""
        room: Any = self
        copying.find_copies(room)
        found = ((each, self.store.articles.copy(each)) for each in self.store.articles.ids())
        return {each: copy for each, copy in found if copy is not None}


_SHAPE = st.tuples(st.integers(0, 2), st.sampled_from([0.4, 0.8, 1.0]), st.integers(0, 400), st.sampled_from("pqr"))


def made(number: int, shape: tuple[int, float, int, str]) -> Article:
    """An article of this shape: seed, part of the text that is kept, hours, provider."""
    seed, kept, hours, provider = shape
    words = text(seed).split()
    own = text(50 + number, 40)
    return article(number, " ".join(words[: round(kept * len(words))]) + " " + own, hours=hours, provider=provider)


@settings(max_examples=40, deadline=None)
@given(st.lists(_SHAPE, min_size=2, max_size=14), st.data())
def test_the_same_copies_in_whatever_order_texts_come(shapes: list[tuple[int, float, int, str]], data: st.DataObject):
    """At once, one by one, with edits and withdrawals in between: what counts is what stands there in the end."""
    articles = [made(number, shape) for number, shape in enumerate(shapes)]
    at_once = Desk()
    at_once.put(*articles)
    expected = at_once.find()

    step_by_step = Desk()
    for each in data.draw(st.permutations(articles)):
        if data.draw(st.booleans()):  # first with another text, or another time, or something else that goes again
            draft = made(data.draw(st.integers(20, 24)), data.draw(_SHAPE))
            step_by_step.put(replace(draft, id=each.id))
            if data.draw(st.booleans()):
                step_by_step.find()
            if data.draw(st.booleans()):
                step_by_step.drop(each.id)
        step_by_step.put(each)
        if data.draw(st.booleans()):
            step_by_step.find()
    assert step_by_step.find() == expected


def test_the_same_article_again_changes_nothing():
    """Nothing is owed by it."""
    desk = Desk()
    desk.put(article(1, text(1)), article(2, text(1), hours=1))
    before = desk.find()
    desk.put(article(1, text(1)), article(2, text(1), hours=1))

    assert not desk.store.intake.owed("neighbours")
    assert desk.find() == before


def test_an_edited_article_is_no_copy_of_itself():
    """Nor of what it was."""
    desk = Desk()
    desk.put(article(1, text(1)))
    desk.find()
    desk.put(article(1, f"{text(1)} {text(2, 10)}"))

    assert desk.find() == {}


def test_an_earlier_text_that_comes_late_becomes_the_origin():
    """And when it goes, the next one is."""
    desk = Desk()
    desk.put(article(2, text(1), hours=2), article(3, text(1), hours=3))
    assert {copy.origin for copy in desk.find().values()} == {article_id("2")}
    desk.put(article(1, text(1), hours=1))
    assert {each: copy.origin for each, copy in desk.find().items()} == {
        article_id("2"): article_id("1"),
        article_id("3"): article_id("1"),
    }
    desk.drop(article_id("1"))
    assert {each: copy.origin for each, copy in desk.find().items()} == {article_id("3"): article_id("2")}


def test_changed_settings_judge_all_anew():
    """Without a new text."""
    desk = Desk()
    desk.put(article(1, text(1)), article(2, text(1), hours=48))
    assert len(desk.find()) == 1
    desk.settings = Settings(stories=StorySettings(copy_days=1))
    assert desk.find() == {}


def test_a_flood_is_judged_once_and_compared_with_few(monkeypatch: Any):
    """5,000 near copies, the first one told comes last: each is judged once, and reads its origin and little else."""
    desk = Desk()
    flood = [article(n, f"{text(1, 60)} {n}", hours=n / 100) for n in range(5000)]
    desk.put(*reversed(flood))
    calls = SimpleNamespace(judged=0, read=0)
    judge, get = copying.find_origin, desk.store.articles.get

    def counting_judge(*args: Any) -> Copy | None:
        calls.judged += 1
        return judge(*args)

    def counting_get(key: ArticleId) -> Article | None:
        calls.read += 1
        return get(key)

    monkeypatch.setattr(copying, "find_origin", counting_judge)
    monkeypatch.setattr(desk.store.articles, "get", counting_get)
    copies = desk.find()

    assert len(copies) == 4999
    assert {copy.origin for copy in copies.values()} == {article_id("0")}
    assert calls.judged == 5000
    assert calls.read <= 3 * 5000


def test_partial_copies_do_not_tell_stories_where_to_put_an_article():
    """They are kept and shown; the voice is their own."""
    desk = Desk()
    words = text(1, 300).split()
    desk.put(article(1, " ".join(words)), article(2, f"{' '.join(words[:150])} {text(2, 200)}", hours=1))

    assert [copy.kind for copy in desk.find().values()] == ["partial"]
    rows = desk.store.articles.signals(NOON - timedelta(days=1), NOON + timedelta(days=1))
    assert [row.copy_of for row in rows] == [None, None]


def test_texts_of_an_older_database_are_indexed_at_the_next_run():
    """A migration owes them."""
    desk = Desk()
    for each in (article(1, text(1)), article(2, text(1), hours=1)):
        desk.store.articles.put(each, digest="", text_digest="", signal="{}")
    desk.store.intake.owe("copy", desk.store.articles.ids())

    assert len(desk.find()) == 1
    assert not desk.store.intake.owed("copy")
