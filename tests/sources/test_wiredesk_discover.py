"""Which feeds a site offers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.records import Page, WireItem
from wiredesk.sources.discover import discover, judge, page_links, page_title


def page(body: bytes | str, url: str = "https://paper.example/") -> Page:
    data = body.encode() if isinstance(body, str) else body
    at = datetime(2026, 11, 3, tzinfo=UTC)
    return Page(url=url, final_url=url, status=200, headers=(("Content-Type", "text/html"),), body=data, fetched_at=at)


def test_a_feed_is_itself():
    """Who gives the address of a feed means that feed."""
    (found,) = discover(page("<rss version='2.0'><channel><title>Paper</title></channel></rss>"))

    assert (found.url, found.title, found.kind, found.guess) == ("https://paper.example/", "Paper", "rss", False)


def test_order():
    """The announced main feed, then links that look like feeds, then comments and parts, then guesses."""
    found = discover(
        page(
            """<html><head>
            <link rel="alternate" type="application/rss+xml" title="Paper » Comments Feed" href="/comments/feed/">
            <link rel="alternate" type="application/rss+xml" title="Sport" href="/category/sport/feed/">
            <link rel="ALTERNATE" type="application/rss+xml; charset=utf-8" title="Paper" href="/feed/">
            <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">
            <link rel="alternate" hreflang="de" href="/de/"></head>
            <body><a href="/rss/all.xml">All <b>news</b></a><a href="javascript:rss()">x</a></body></html>"""
        )
    )

    named = [c.url.removeprefix("https://paper.example") for c in found if not c.guess]
    assert named == ["/feed/", "/category/sport/feed/", "/rss/all.xml", "/comments/feed/"]
    assert found[2].title == "All news"
    assert found[3].reason == "The page announces it as its feed. It carries comments."
    assert all(c.guess for c in found[4:]) and len(found) > 8


def test_base_element_and_other_sites():
    """Links follow <base>; a feed of somebody else stands below an own one."""
    found = discover(
        page(
            """<base href="https://paper.example/de/"><link rel=alternate type=application/atom+xml href=atom.xml>
            <link rel=alternate type=application/rss+xml href=https://other.example/rss>"""
        )
    )

    assert [c.url for c in found[:2]] == ["https://paper.example/de/atom.xml", "https://other.example/rss"]
    assert "another site" in found[1].reason


def test_guesses_name_section_and_root():
    """Without any link the common paths remain, those of the section first."""
    found = discover(page("<p>Hi", "https://paper.example/news/today.html"))

    assert found[0].url == "https://paper.example/news/feed"
    assert any(c.url == "https://paper.example/rss.xml" for c in found)


def named(body: str, url: str = "https://paper.example/") -> list[str]:
    return [c.url for c in discover(page(body, url)) if not c.guess]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="text/html" href="/feed/">',
        '<link rel="alternate" href="feed/">',
        '<link rel="feed" href="https://paper.example/feed/">',
        '<LINK REL="Alternate" TYPE="Application/RSS+XML; charset=utf-8" HREF="//paper.example/feed/">',
        '<link rel="alternate" type="application/rss" href="feed:https://paper.example/feed/">',
    ],
)
def test_links_that_lie_or_leave_out(link):
    """Wrong types, no types, odd schemes: the address tells."""
    assert named(link) == ["https://paper.example/feed/"]


def test_translations_apis_and_other_alternates_are_no_feeds():
    """`rel=alternate` says many things."""
    body = """<link rel=alternate hreflang=de type=text/html href=/feed/de><link rel=alternate media=handheld href=/m/>
    <link rel=alternate type=application/json+oembed href=/oembed?x=feed><link rel=alternate href=app://paper/feed>"""

    assert named(body) == []


def test_the_first_of_many_leads():
    """A page that announces one feed a section, the main one first."""
    sections = "".join(
        f'<link rel=alternate type=application/rss+xml href="/rss/{n}">' for n in ("all", "sport", "art")
    )

    assert named(sections)[0] == "https://paper.example/rss/all"


def test_a_feed_in_another_language_stands_back():
    """The page's own language first."""
    body = """<html lang="en"><link rel=alternate type=application/rss+xml href="/de/feed">
    <link rel=alternate type=application/rss+xml href="/en/feed">"""

    assert named(body)[0] == "https://paper.example/en/feed"


def test_a_category_page_means_its_category():
    """Its feed is no doubtful part there."""
    body = """<link rel=alternate type=application/rss+xml href="/category/sport/feed/">"""
    (found,) = [c for c in discover(page(body, "https://paper.example/category/sport/")) if not c.guess]

    assert found.reason == "The page announces it as its feed."


def test_services_and_structured_data():
    """FeedBurner serves for others; JSON-LD may name a feed; links to subscribe elsewhere are none."""
    body = """<a href="https://feeds.feedburner.com/paper">Subscribe</a><a href="https://feedly.com/i/subscription/feed/x">F</a>
    <script type="application/ld+json">{"@graph": [{"url": "https://paper.example/data/feed.xml"}]}</script>"""

    assert named(body) == ["https://feeds.feedburner.com/paper", "https://paper.example/data/feed.xml"]


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        ("https://www.youtube.com/playlist?list=PLx", "https://www.youtube.com/feeds/videos.xml?playlist_id=PLx"),
        ("https://www.reddit.com/r/harbour/", "https://www.reddit.com/r/harbour/.rss"),
        ("https://medium.com/@ada", "https://medium.com/feed/@ada"),
        ("https://letter.substack.com/archive", "https://letter.substack.com/feed"),
        ("https://ada.tumblr.com/", "https://ada.tumblr.com/rss"),
        ("https://github.com/ada/engine", "https://github.com/ada/engine/releases.atom"),
    ],
)
def test_addresses_that_tell_their_feed(url, feed):
    """Platforms, whatever their page says."""
    assert discover(page("<p>A page drawn by a script</p>", url))[0].url == feed


@pytest.mark.parametrize(
    ("body", "url", "feed"),
    [
        ('<meta name="generator" content="WordPress 6.8">', "https://paper.example/", "https://paper.example/feed/"),
        ('<script src="/wp-includes/x.js"></script>', "https://paper.example/", "https://paper.example/feed/"),
        ('<meta name="generator" content="Ghost 5.2">', "https://paper.example/", "https://paper.example/rss/"),
        ('<meta name="generator" content="Hugo 0.150">', "https://paper.example/", "https://paper.example/index.xml"),
        (
            '<meta itemprop="channelId" content="UCabcdefghijklmnopqrstuv">',
            "https://www.youtube.com/@paper",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        ('<link href="/packs/mastodon.css">', "https://sea.example/@ada", "https://sea.example/@ada.rss"),
    ],
)
def test_software_that_tells_its_feed(body, url, feed):
    """By its mark in the page, before any other guess."""
    assert discover(page(body, url))[0].url == feed


def item(
    n: int, days: float = 0.5, title: str = "A headline", url: str = "https://paper.example/{}", text: int = 0
) -> WireItem:
    at = datetime(2026, 11, 3, tzinfo=UTC) - timedelta(days=days)
    return WireItem(source_url="f", url=url.format(n), title=title, published_at=at, content_html="x" * text or None)


def test_worth_follows_what_a_place_holds():
    """What the page links to, fresh and whole, beats the same of another site, old, or comments."""
    home = page("".join(f'<a href="/{n}?utm_source=home">x</a>' for n in range(10)))
    links = page_links(home)
    good = judge([item(n, text=2000) for n in range(10)], home, links, hub=True)
    plain = judge([item(n) for n in range(10)], home, links)
    elsewhere = judge([item(n, url="https://other.example/{}") for n in range(10)], home, links)
    stale = judge([item(n, days=900) for n in range(10)], home, links)
    comments = judge([item(n, title="Comment on A headline") for n in range(10)], home, links)

    assert good.worth > plain.worth > stale.worth > comments.worth
    assert plain.worth > elsewhere.worth > comments.worth
    assert "10 of its 10 items are linked from the page" in good.reasons
    assert "it carries full texts" in good.reasons
    assert "a hub tells of news at once" in good.reasons
    assert "the newest is 2 years old" in stale.doubts
    assert "its items are comments" in comments.doubts
    assert judge([], home, links).worth == 0


def test_page_title():
    """The site's name before the page's title."""
    assert page_title(page("<title>News</title><meta property=og:site_name content='The Paper'>")) == "The Paper"
    assert page_title(page("<title> The  Paper </title>")) == "The Paper"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=100).map(lambda t: f'<a href="{t}rss"><link href="{t}">'.encode("utf-8", "replace"))
)
def test_never_raises(body):
    """Any bytes give candidates, all of them on the web."""
    assert all(c.url.startswith("https://") or c.url.startswith("http://") for c in discover(page(body)))
