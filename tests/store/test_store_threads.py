"""Threads as readers see them, and those that they saw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from store_factory import NOON, identity, item

from wiredesk.records import StoryId
from wiredesk.store import Document, Store, pack_item

ONE, TWO, THREE = (f"https://{letter}.example/1" for letter in "abc")


@pytest.fixture
def store() -> Iterator[Store]:
    """A thread of two stories and one that stands alone; all have an article."""
    with closing(Store(None)) as opened:
        for hours, (address, seed) in enumerate([(ONE, ONE), (TWO, ONE), (THREE, THREE)]):
            story, at = story_of(address), NOON + timedelta(hours=hours)
            sketch = f'{{"seen_at": "{(NOON - timedelta(hours=hours)).isoformat()}"}}'
            opened.threads.put_sketch(story, at, "inputs", sketch)
            opened.threads.put_link(story, story_of(seed), "{}", [])
            put(opened, address, published=True)
        yield opened


def story_of(address: str) -> StoryId:
    return StoryId(f"s{identity(address)}")


def put(store: Store, address: str, *, published: bool) -> None:
    made = item(address, story=story_of(address), published=published)
    store.editions.put_item(made, *pack_item(made))


def test_readers_see_threads_of_two_published_stories(store: Store) -> None:
    """With the time at which we first saw each story."""
    first, second = sorted([(story_of(ONE), NOON), (story_of(TWO), NOON - timedelta(hours=1))])
    seed = story_of(ONE)
    assert sorted(store.threads.shown()) == [(seed, *first), (seed, *second)]

    put(store, TWO, published=False)
    assert store.threads.shown() == []


def test_pages_of_before_are_found_around_a_story(store: Store) -> None:
    """Named after one of its articles, or of its thread; a story's own page is none."""
    pages = [f"t{story_of(TWO)}", f"t{story_of(THREE)}"]
    documents = [Document(f"public/threads/{page}/index.html", f"thread:{page}", "i", "o") for page in pages]
    own = Document(f"public/story/{story_of(ONE)}/index.html", f"story:{story_of(ONE)}", "i", "o")
    store.ledger.commit(1, [*documents, own], [], [])

    assert store.threads.pages_around(story_of(ONE)) == store.threads.pages_around(story_of(TWO)) == pages[:1]
    assert store.threads.pages_around(story_of(THREE)) == pages[1:]
    assert store.ledger.had_page(pages[0]) and not store.ledger.had_page(f"t{story_of(ONE)}")
