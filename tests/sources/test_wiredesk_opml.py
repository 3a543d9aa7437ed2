"""Subscription lists in and out."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.records import Selectors, Source
from wiredesk.sources.opml import read_opml, write_opml
from wiredesk.text import collapse


def opml(body: str) -> bytes:
    root = '<opml version="2.0" xmlns:wiredesk="urn:wiredesk:opml">'
    return f'<?xml version="1.0"?>\n{root}<body>\n{body}\n</body></opml>'.encode()


def test_reads_what_readers_write():
    """Nesting, titles, home page, topics and the official mark."""
    sources, problems = read_opml(
        opml(
            """<outline text="News"><outline text="World">
            <outline type="rss" text="Paper" title="The Paper" xmlUrl="https://paper.example/feed"
              htmlUrl="https://paper.example/" category="Politics,/World/Europe" wiredesk:official="true"/>
            </outline></outline><outline text="https://b.example/rss" xmlUrl="feed://b.example/rss"/>"""
        ),
        "s.opml",
    )

    assert problems == []
    assert sources == [
        Source(
            url="https://paper.example/feed",
            title="The Paper",
            site_url="https://paper.example/",
            folder=("News", "World"),
            topics=("Politics", "Europe"),
            official=True,
        ),
        Source(url="http://b.example/rss", title="https://b.example/rss"),
    ]


def test_bad_outlines_are_told_with_their_line():
    """One bad line costs that line."""
    sources, problems = read_opml(
        opml(
            '<outline xmlUrl="file:///etc/passwd"/>\n<outline xmlUrl="https://a.example/"/>\n'
            '<outline xmlUrl="https://a.example/"/>\n<outline type="rss" text="no address"/>'
        ),
        "s.opml",
    )

    assert [s.url for s in sources] == ["https://a.example/"]
    assert [p.where for p in problems] == ["s.opml:3", "s.opml:5", "s.opml:6"]
    assert "line 4" in problems[1].what


def test_broken_xml_is_read_as_far_as_possible():
    """An ampersand that nobody escaped is the usual fault."""
    sources, problems = read_opml(opml('<outline text="A & B" xmlUrl="https://a.example/?x=1&y=2"/>'), "s.opml")

    assert len(sources) == 1
    assert problems[0].where.startswith("s.opml:3")


@pytest.mark.parametrize("data", [b"", b"hello", b"<html><body/></html>", b"<opml/>", b"\x00\xff"])
def test_something_else_is_an_error(data):
    """What is no OPML says so."""
    with pytest.raises(UnreadableError, match="not OPML"):
        read_opml(data, "s.opml")


def test_entities_stay_inside():
    """No file of ours ends up in a title."""
    data = b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;" xmlUrl="https://a.example/"/></body></opml>'
    sources, _ = read_opml(data, "s.opml")

    assert all("root:" not in s.title for s in sources)


def test_kinds_are_no_feeds_to_other_readers():
    """A list and a sitemap carry their kind in our namespace, and no `type="rss"`."""
    data = write_opml(
        [
            Source(url="https://a.example/s.xml", kind="sitemap"),
            Source(url="https://a.example/", kind="list", selectors=Selectors(item='li[data-x="1"] > a')),
            Source(url="https://a.example/feed"),
        ],
        "Mine",
    )

    assert data.count(b'type="rss"') == 1
    assert b'wiredesk:kind="sitemap"' in data
    assert [s.kind for s in read_opml(data, "s.opml")[0]] == ["sitemap", "list", "feed"]
    assert read_opml(data, "s.opml")[0][1].selectors == Selectors(item='li[data-x="1"] > a')


def test_an_unknown_kind_is_told():
    """Rather than polled as something that it is not."""
    sources, problems = read_opml(opml('<outline wiredesk:kind="podcast" xmlUrl="https://a.example/"/>'), "s.opml")

    assert sources == []
    assert "podcast" in problems[0].what


def test_ten_thousand_nested_outlines():
    """With each feed twice."""
    feeds = "".join(f'<outline text="F{n}" xmlUrl="https://h{n}.example/feed"/>' for n in range(5000))
    sources, problems = read_opml(
        opml(f'<outline text="A"><outline text="B">{feeds}{feeds}</outline></outline>'), "s.opml"
    )

    assert len(sources) == 5000
    assert sources[4999].folder == ("A", "B")
    assert len(problems) == 5000


labels = st.text(min_size=1, max_size=12).map(collapse).filter(bool)
hosts = st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True)
sources_lists = st.lists(
    st.builds(
        Source,
        url=hosts.map("https://{}/feed".format),
        title=st.just("") | labels,
        site_url=st.none() | hosts.map("https://{}/".format),
        folder=st.lists(labels, max_size=3).map(tuple),
        topics=st.lists(labels.filter(lambda t: not t.endswith("/")), max_size=3, unique=True).map(tuple),
        official=st.booleans(),
    )
    | st.builds(
        Source,
        url=hosts.map("https://{}/".format),
        kind=st.just("sitemap"),
        folder=st.lists(labels, max_size=2).map(tuple),
    )
    | st.builds(
        Source,
        url=hosts.map("https://{}/news".format),
        kind=st.just("list"),
        title=st.just("") | labels,
        selectors=st.none()
        | st.builds(Selectors, item=labels, link=st.just("") | labels, title=labels, date=labels, image=labels),
    ),
    max_size=6,
    unique_by=lambda s: s.url,
)


@settings(max_examples=100, deadline=None)
@given(sources_lists)
def test_round_trip(sources):
    """Nothing is lost on the way out and in, and writing again gives the same bytes."""
    data = write_opml(sources, "My list")
    again, problems = read_opml(data, "s.opml")

    assert problems == []
    assert sorted(again, key=lambda s: s.url) == sorted(sources, key=lambda s: s.url)
    assert write_opml(again, "My list") == data


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_never_raises_anything_else(data):
    """Any bytes: a list, or an UnreadableError."""
    with contextlib.suppress(UnreadableError):
        read_opml(data, "s.opml")
