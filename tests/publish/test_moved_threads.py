"""The address of a thread leads on when there is none of that name any more, and sitemaps name those that are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from publish_factory import TOPICS, MemoryArchive, MemoryLedger, article_id, item, settings, threaded

from wiredesk.publish import Press, publish, sitemaps
from wiredesk.records import Item, StoryId

A, B, C = (StoryId(f"s{article_id(key)}") for key in "abc")


class Desk:
    """A site with a thread of two stories, and a third story beside it, that were published."""

    def __init__(self, root: Path) -> None:
        self.root, self.archive, self.ledger = root, MemoryArchive(), MemoryLedger()
        titles = {"a": "Harbour pilots walk out", "b": "Pilots go to court", "c": "Tugs lie idle"}
        self.items = [item(key, title=title, hours=hours) for hours, (key, title) in enumerate(titles.items(), 1)]
        self.put(*self.items, thread="ab")
        self.archive.shown |= {f"t{A}", A, B, C}

    def held(self, key: str) -> Item:
        return self.archive.held[article_id(key)]

    def press(self) -> Press:
        return Press(archive=self.archive, settings=settings(), topics=TOPICS[:2])

    def put(self, *items: Item, thread: str) -> None:
        """Take items in, let `thread` be the only one, and publish as the line does: whatever it touched is dirty."""
        before = self.archive.near
        self.ledger.dirty |= self.archive.put(*items)
        self.archive.near = threaded(*(self.held(key) for key in thread)) if thread else {}
        self.ledger.dirty |= {
            scope
            for near in (before, self.archive.near)
            for story, one in near.items()
            if before != self.archive.near
            for scope in (f"story:{story}", f"thread:{one.thread}")
        }
        publish(self.root, self.press(), self.ledger)

    def page(self, thread: str) -> str | None:
        file = self.root / "public" / "threads" / thread / "index.html"
        return file.read_text() if file.exists() else None

    def leads_to(self, thread: str) -> str | None:
        """Return where the page of a thread leads, "" where it is a page of its own."""
        page = self.page(thread)
        if page is None:
            return None
        refresh = etree.HTML(page).xpath("//meta[@http-equiv='refresh']/@content")
        return refresh[0].partition("url=../../")[2] if refresh else ""

    def listed(self) -> list[str]:
        """Return the threads in the sitemaps that the index names, and that there are pages for."""
        public = self.root / "public"
        found = []
        for file in etree.parse(public / "sitemap.xml").xpath("//s:loc/text()", namespaces={"s": sitemaps.SITEMAP}):
            sitemap = etree.parse(public / file.removeprefix("https://news.example/current/"))
            for page in sitemap.xpath("//s:loc/text()", namespaces={"s": sitemaps.SITEMAP}):
                path = page.removeprefix("https://news.example/current/")
                assert (public / path / "index.html").is_file()
                found += [path] if path.startswith("threads/") else []
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "site")


def test_a_thread_that_became_part_of_another_leads_to_it(desk: Desk, tmp_path: Path) -> None:
    """As stories do: refresh, canonical address, link; and as if all was made anew."""
    assert desk.leads_to(f"t{A}") == ""
    desk.put(thread="cab")

    assert desk.leads_to(f"t{C}") == ""
    assert desk.leads_to(f"t{A}") == f"threads/t{C}/"
    page = desk.page(f"t{A}") or ""
    assert f'<link rel="canonical" href="https://news.example/current/threads/t{C}/">' in page
    assert "What this thread held now stands here:" in page
    publish(tmp_path / "anew", desk.press(), MemoryLedger())
    assert (tmp_path / "anew" / "public" / "threads" / f"t{A}" / "index.html").read_text() == page


def test_a_thread_that_came_apart_leads_to_the_story_that_it_was_named_after(desk: Desk) -> None:
    """And comes back with the thread."""
    desk.put(thread="")
    assert desk.leads_to(f"t{A}") == f"story/{A}/"

    desk.put(thread="ab")
    assert desk.leads_to(f"t{A}") == ""


def test_it_follows_the_article_into_another_story(desk: Desk) -> None:
    """Stories merge, too: the thread's address goes where the article is, thread or story."""
    desk.put(replace(desk.held("a"), story=C), thread="")
    assert desk.leads_to(f"t{A}") == f"story/{C}/"

    desk.put(thread="bc")
    assert desk.leads_to(f"t{A}") == f"threads/t{B}/"


def test_what_readers_do_not_see_is_no_goal(desk: Desk) -> None:
    """A thread with one published story has no page: its address leads to that story; without any, nowhere."""
    desk.put(thread="cab")
    hidden = {key: replace(desk.held(key), rating=replace(desk.held(key).rating, published=False)) for key in "abc"}
    desk.put(hidden["c"], hidden["a"], thread="cab")
    assert (desk.leads_to(f"t{A}"), desk.page(f"t{C}")) == (f"story/{B}/", None)

    desk.put(hidden["b"], thread="cab")
    assert desk.page(f"t{A}") is None


def test_the_address_of_what_was_removed_is_gone(desk: Desk) -> None:
    """With the article that it was named after."""
    desk.put(thread="")
    desk.ledger.dirty |= desk.archive.drop(article_id("a"))
    publish(desk.root, desk.press(), desk.ledger)

    assert desk.page(f"t{A}") is None


def test_sitemaps_name_the_threads_that_have_a_page(desk: Desk) -> None:
    """No redirect, no thread with one published story, and no empty sitemap."""
    assert desk.listed() == [f"threads/t{A}/"]
    desk.put(thread="cab")
    assert desk.listed() == [f"threads/t{C}/"]

    hidden = [replace(desk.held(key), rating=replace(desk.held(key).rating, published=False)) for key in "ab"]
    desk.put(*hidden, thread="cab")
    assert desk.listed() == []
    assert not (desk.root / "public" / "sitemap" / "threads.xml").exists()
