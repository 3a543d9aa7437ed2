"""An address that was given out leads on when its story is no more."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from publish_factory import TOPICS, MemoryArchive, MemoryLedger, article_id, item, settings

from wiredesk.publish import Press, publish
from wiredesk.records import Item, StoryId

A, B = (StoryId(f"s{article_id(key)}") for key in "ab")


class Desk:
    """A site with two stories that were published."""

    def __init__(self, root: Path) -> None:
        self.root, self.archive, self.ledger = root, MemoryArchive(), MemoryLedger()
        self.put(item("a", title="Harbour pilots walk out"), item("b", title="Pilots strike at the harbour", hours=2))
        self.archive.shown = {A, B}

    def press(self) -> Press:
        return Press(archive=self.archive, settings=settings(), topics=TOPICS[:2])

    def put(self, *items: Item) -> None:
        self.ledger.dirty |= self.archive.put(*items)
        publish(self.root, self.press(), self.ledger)

    def held(self, key: str) -> Item:
        return self.archive.held[article_id(key)]

    def page(self, story: str) -> str | None:
        file = self.root / "public" / "story" / story / "index.html"
        return file.read_text() if file.exists() else None


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "site")


def test_a_story_that_was_merged_leads_to_the_other(desk: Desk, tmp_path: Path) -> None:
    """At once for browsers, by its canonical address for search engines, by a link for all others; and as if anew."""
    desk.put(replace(desk.held("b"), story=A))

    page = desk.page(B)
    assert page is not None
    assert f'<meta http-equiv="refresh" content="0; url=../../story/{A}/">' in page
    assert f'<link rel="canonical" href="https://news.example/current/story/{A}/">' in page
    assert re.search(rf'<a href="../../story/{A}/">Harbour pilots walk out</a>|<a href="../../story/{A}/">', page)
    assert 'http-equiv="refresh"' not in (desk.page(A) or "")
    publish(tmp_path / "anew", desk.press(), MemoryLedger())
    assert (tmp_path / "anew" / "public" / "story" / B / "index.html").read_text() == page


def test_it_follows_the_article_that_it_was_named_after(desk: Desk) -> None:
    """From story to story, always straight to the last one; home again, the page is the story's own."""
    desk.put(item("c", title="Pilots and tugs", hours=3))
    desk.archive.shown.add(C := StoryId(f"s{article_id('c')}"))
    desk.put(replace(desk.held("b"), story=A))
    desk.put(replace(desk.held("a"), story=C), replace(desk.held("b"), story=C))
    assert all(f"url=../../story/{C}/" in (desk.page(story) or "") for story in (A, B))

    desk.put(replace(desk.held("b"), story=B))
    assert 'http-equiv="refresh"' not in (desk.page(B) or "")
    assert "Pilots strike at the harbour" in (desk.page(B) or "")


def test_it_leads_nowhere_where_nothing_is_published(desk: Desk) -> None:
    """No page of the other story, or no article any more: then the address is not there."""
    desk.put(replace(desk.held("b"), story=A))
    hidden = [replace(desk.held(key), rating=replace(desk.held(key).rating, published=False)) for key in "ab"]
    desk.put(*(replace(each, story=A) for each in hidden))
    assert desk.page(A) is None and desk.page(B) is None

    shown = [replace(each, rating=replace(each.rating, published=True), story=A) for each in hidden]
    desk.put(*shown)
    assert desk.page(B) is not None
    desk.ledger.dirty |= desk.archive.drop(article_id("b"))
    publish(desk.root, desk.press(), desk.ledger)
    assert desk.page(B) is None and desk.page(A) is not None


def test_what_was_never_published_needs_no_redirect(desk: Desk) -> None:
    """A story that came and went between two editions had no address."""
    desk.archive.shown.clear()
    desk.put(replace(desk.held("b"), story=A))

    assert desk.page(B) is None


def test_redirects_are_in_no_list(desk: Desk) -> None:
    """Sitemaps and feeds name stories that are."""
    desk.put(replace(desk.held("b"), story=A))
    lists = [path for path in (desk.root / "public").rglob("*") if path.suffix in {".xml", ".json"}]

    assert lists != []
    assert [path for path in lists if B in path.read_text()] == []
