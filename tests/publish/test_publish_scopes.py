"""An item makes dirty exactly what shows it."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from publish_factory import MemoryArchive, item, settings, world

from wiredesk.errors import UnreadableError
from wiredesk.publish import Press, all_scopes, images, scopes_of
from wiredesk.publish.folder import parts_of
from wiredesk.publish.plan import plan
from wiredesk.records import Image
from wiredesk.topics import plant


def test_an_unpublished_item_is_shown_by_its_record_and_story_only() -> None:
    """So a flood of articles that stay unpublished costs little."""
    one = item("a", published=False)

    assert scopes_of(one) == {f"record:{one.article.id}", f"story:{one.story}"}


def test_a_published_item_is_shown_by_its_lists() -> None:
    """Day, month, provider, topics, feeds, API, sitemap; no list that it is not in."""
    one = item("a", topics=("Energy", "A/B: c"))

    assert scopes_of(one) == {
        f"record:{one.article.id}", f"story:{one.story}", "front", "archive", "providers", "day:2026-09-16",
        "month:2026-09", "sitemap:2026-09", "provider:kestrelwire.example",
        "provider-month:2026-09/kestrelwire.example",
        "api:", "feed:", "topic:Energy", "topic-month:2026-09/Energy", "api:Energy", "feed:Energy",
        "topic:A/B: c", "topic-month:2026-09/A/B: c", "api:A/B: c", "feed:A/B: c",
    }  # fmt: skip


def test_an_item_without_a_page_elsewhere_is_in_the_own_sitemap() -> None:
    """Records without `webUrl` live on the site."""
    one = item("a")
    here = replace(one, article=replace(one.article, record={"title": "x"}))
    there = replace(one, article=replace(one.article, record={"webUrl": "https://a.example/"}))

    assert scopes_of(here) - scopes_of(one) == {"sitemap:own"}
    assert scopes_of(there) == scopes_of(one)


def test_all_scopes_are_at_least_those_of_every_item() -> None:
    """What an item can make dirty, a full edition plans."""
    archive = MemoryArchive()
    dirty = archive.put(*world())

    assert dirty <= all_scopes(archive, ())


def test_a_topic_may_be_called_as_a_part_of_the_site_is() -> None:
    """No two documents want one place, those of a collection that came with an old site included."""
    names = "about api archive assets collections feed icon.svg news page providers sitemap story threads topic 2026-09"
    topics = plant("index", [(name, [name]) for name in names.split()], folder="x")
    carried = (
        ("_learning/collections/all.md", b"---\ntitle: All\ntype: collection\nitems:\n  - videos/one\n---\n"),
        ("_learning/videos/one.md", b"---\ntitle: One\ntype: video\ntopics:\n  - collections\n  - page\n---\n"),
    )
    archive = MemoryArchive()
    archive.put(*(item(name, topics=("index", name)) for name in names.split()))
    press = Press(archive=archive, settings=settings(api_items=True), topics=topics, carried=carried)
    places = [each.key for _, planned in plan(press, all_scopes(archive, topics)) for each in planned]

    assert len(places) == len(set(places))
    folders = {place.removesuffix("/index.json") for place in places if place.endswith("/index.json")}
    assert not folders & set(places)


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"\xff\xd8\xff\xe0rest", ".jpg"),
        (b"\x89PNG\r\n\x1a\nrest", ".png"),
        (b"GIF89arest", ".gif"),
        (b"RIFF\x00\x00\x00\x00WEBPrest", ".webp"),
        (b"\x00\x00\x00\x20ftypavifrest", ".avif"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", None),
        (b"", None),
        (b"<html>", None),
    ],
)
def test_pictures_are_named_by_their_bytes(data: bytes, suffix: str | None) -> None:
    """Content decides name and ending, never an address; what is no picture has none."""
    place = images.news_picture(data)

    assert (place and os.path.splitext(place.path)[1]) == suffix
    if place:
        assert place == images.news_picture(data) != images.news_picture(data + b"x")
        assert images.held_path(Image(url="x", held=place.path)) == place.path


@pytest.mark.parametrize("path", ["", "/etc", "a//b", "../a", "a/..", "a\\b", "a/\x00", "a/" + "ü" * 128, "a/\udc80"])
def test_paths_that_could_leave_are_refused(path: str) -> None:
    """Empty, parent, absolute and unwritable names."""
    with pytest.raises(UnreadableError):
        parts_of(path)
