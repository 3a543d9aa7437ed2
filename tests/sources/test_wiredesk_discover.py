"""Which feeds a site offers."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.records import Page
from wiredesk.sources.discover import discover


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


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=100).map(lambda t: f'<a href="{t}rss"><link href="{t}">'.encode("utf-8", "replace"))
)
def test_never_raises(body):
    """Any bytes give candidates, all of them on the web."""
    assert all(c.url.startswith("https://") or c.url.startswith("http://") for c in discover(page(body)))
