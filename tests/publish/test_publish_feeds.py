"""Feeds are well-formed whatever the outlets wrote, and other people's readers understand them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from lxml import etree
from publish_factory import TOPICS, item, settings, world

from wiredesk.publish import feeds
from wiredesk.publish.site.pages import Site
from wiredesk.records import Tag

SITE = Site(settings=settings(), topics=TOPICS)
HOSTILE = 'He said: "<script>alert(1)</script>" & ]]> \x00\x0b\u202egpj.exe\ud800 {{ x }} {% y %}'


def feed(*items, path: str = "topic/grid/") -> feeds.Feed:
    return feeds.Feed(title="The Current: Grid", description="Power", path=path, items=items)


@pytest.mark.parametrize("write", [feeds.rss, feeds.atom])
def test_feedparser_reads_every_entry(write) -> None:
    """Title, link, id, date, author, topics and story of each entry arrive as they were."""
    items = [one for one in world() if one.rating.published]

    read = feedparser.parse(write(SITE, feed(*items)))

    assert not read.bozo
    assert read.feed.title == "The Current: Grid"
    assert read.feed.link == "https://news.example/current/topic/grid/"
    own = next(link.href for link in read.feed.links if link.rel == "self")
    assert own.startswith("https://news.example/current/topic/grid/")
    assert [entry.id for entry in read.entries] == [f"urn:wiredesk:article:{one.article.id}" for one in items]
    assert [entry.link for entry in read.entries] == [one.article.canonical_url for one in items]
    assert [entry.title for entry in read.entries] == [one.article.title for one in items]
    assert [tuple(tag.term for tag in entry.tags) for entry in read.entries] == [
        tuple(tag.topic for tag in one.topics) for one in items
    ]
    dates = [datetime(*entry.published_parsed[:6], tzinfo=UTC) for entry in read.entries]
    assert dates == [one.article.told_at.replace(microsecond=0) for one in items]
    assert all("https://news.example/current/story/s" in str(entry) for entry in read.entries)


def test_rss_needs_no_mail_address() -> None:
    """RSS's own author element wants an address; names stand as dc:creator, outlets as dc:publisher."""
    read = feedparser.parse(feeds.rss(SITE, feed(item("a", authors=("Ida Sommer",)))))

    assert read.entries[0].author == "Ida Sommer"
    assert read.entries[0].publisher == "Kestrel Wire"


def test_atom_entries_have_an_author_always() -> None:
    """RFC 4287 wants one; where the article names none, it is the outlet."""
    root = etree.fromstring(feeds.atom(SITE, feed(item("a"))))

    assert root.xpath("//a:entry/a:author/a:name/text()", namespaces={"a": "http://www.w3.org/2005/Atom"}) == [
        "Kestrel Wire"
    ]


def test_json_feed_has_the_required_members() -> None:
    """JSON Feed 1.1: version and title on top; id, address and a text in every item; authors as a list of objects."""
    read = json.loads(feeds.json_feed(SITE, feed(*world()[:5])))

    assert read["version"] == "https://jsonfeed.org/version/1.1"
    assert read["feed_url"] == "https://news.example/current/topic/grid/feed.json"
    for entry in read["items"]:
        assert entry["id"] and entry["url"].startswith("https://") and isinstance(entry["content_text"], str)
        assert entry["authors"] and all(author["name"] for author in entry["authors"])
        assert entry["date_published"].endswith("Z")


@pytest.mark.parametrize("write", [feeds.rss, feeds.atom, feeds.json_feed])
def test_hostile_text_stays_text(write) -> None:
    """Markup, control characters, lone surrogates and CDATA ends break no format and add no element."""
    article = replace(item("a").article, title=HOSTILE, excerpt=HOSTILE, authors=(HOSTILE,), language="en")
    hostile = replace(item("a"), article=article, topics=(Tag(topic=HOSTILE, confidence=1.0, reasons=()),))

    data = write(SITE, feed(hostile))

    if write is feeds.json_feed:
        assert json.loads(data)["items"][0]["title"].startswith('He said: "<script>')
    else:
        root = etree.fromstring(data)
        assert not root.xpath("//*[local-name()='script']")
    assert "\u202e" not in data.decode()


@limits(max_examples=40)
@given(st.text(st.characters(), max_size=60))
def test_any_text_makes_a_document(text: str) -> None:
    """No text, surrogates and all, stops a feed."""
    one = item("a")
    one = replace(one, article=replace(one.article, title=text, authors=(text,), language=text, excerpt=text))

    etree.fromstring(feeds.rss(SITE, feed(one)))
    etree.fromstring(feeds.atom(SITE, feed(one)))
    json.loads(feeds.json_feed(SITE, feed(one)))


def test_a_link_that_is_none_leads_to_the_story() -> None:
    """An address that is not http(s) is never a link."""
    one = item("a", url="javascript:alert(1)")

    for data in (feeds.rss(SITE, feed(one)), feeds.atom(SITE, feed(one)), feeds.json_feed(SITE, feed(one))):
        assert b"javascript:" not in data
        assert f"https://news.example/current/story/{one.story}/".encode() in data


def test_an_empty_feed_is_a_feed() -> None:
    """A topic without news has feeds that readers accept, with a date that never changes."""
    for write in (feeds.rss, feeds.atom):
        assert not feedparser.parse(write(SITE, feed())).bozo
    assert json.loads(feeds.json_feed(SITE, feed()))["items"] == []


def test_the_date_is_the_news() -> None:
    """The feed's own date is that of its newest entry: the same items give the same bytes."""
    root = etree.fromstring(feeds.rss(SITE, feed(item("a", hours=5), item("b", hours=2))))

    assert root.findtext("channel/lastBuildDate") == "Wed, 16 Sep 2026 10:00:00 GMT"
