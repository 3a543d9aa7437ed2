"""Feeds of all kinds -> wire items."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.records import Page
from wiredesk.sources.feeds import MAX_ITEMS, parse_feed

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "feeds"
NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)


def page(body: bytes | str, url: str = "https://paper.example/feed.xml", **headers: str) -> Page:
    data = body.encode() if isinstance(body, str) else body
    sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page(url=url, final_url=url, status=200, headers=sent, body=data, fetched_at=NOW)


def rss(*items: str, head: str = "") -> Page:
    return page(f'<rss version="2.0"><channel><title>Paper</title>{head}{"".join(items)}</channel></rss>')


def item(title: str = "T", link: str = "https://paper.example/1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def test_reads_rss():
    """Title, address, GUID, summary, author, tags, date and picture of an RSS item."""
    more = """<guid isPermaLink="false">g1</guid><description>Short &lt;b&gt;text&lt;/b&gt;</description>
    <author>Ann Smith</author><category>Sport</category><pubDate>Tue, 03 Nov 2026 10:15:00 +0100</pubDate>
    <enclosure url="/p.jpg" type="image/jpeg" length="1"/>"""
    feed = parse_feed(rss(item(more=more), head="<link>https://paper.example/</link><language>de-DE</language>"))

    (found,) = feed.items
    assert (feed.kind, feed.title, feed.site_url, feed.language) == ("rss", "Paper", "https://paper.example/", "de")
    assert (found.url, found.guid, found.summary) == ("https://paper.example/1", "g1", "Short text")
    assert (found.authors, found.tags, found.language) == (("Ann Smith",), ("Sport",), "de")
    assert found.published_at == datetime(2026, 11, 3, 9, 15, tzinfo=UTC)
    assert found.image and found.image.url == "https://paper.example/p.jpg"
    assert found.content_html == "Short <b>text</b>"
    assert feed.problems == ()


def test_reads_atom_with_base_address():
    """Relative links follow xml:base; `published` and `updated` are kept apart."""
    feed = parse_feed(
        page(
            """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/x/"><title>A</title>
            <entry><id>urn:1</id><title type="html">Tom &amp;amp; Jerry</title><link href="1.html"/>
            <published>2026-11-01T08:00:00Z</published><updated>2026-11-02T08:00:00Z</updated></entry></feed>"""
        )
    )

    (found,) = feed.items
    assert (feed.kind, found.title, found.url) == ("atom", "Tom & Jerry", "https://other.example/x/1.html")
    assert found.published_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_reads_json_feed():
    """JSON Feed 1.1, with numbers as ids and the older single author."""
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "home_page_url": "/",
        "items": [
            {
                "id": 7,
                "url": "/a",
                "title": "A",
                "content_html": "<p>One</p><p>Two</p>",
                "author": {"name": "Ann"},
                "date_published": "2026-11-03T10:00:00+01:00",
                "tags": ["x", "x", 3],
            },
            "junk",
            {"id": "2"},
        ],
    }
    feed = parse_feed(page(json.dumps(body)))

    (found,) = feed.items
    assert (feed.kind, feed.site_url) == ("json", "https://paper.example/")
    assert (found.url, found.guid, found.summary) == ("https://paper.example/a", "7", "One Two")
    assert (found.authors, found.tags) == (("Ann",), ("x",))
    assert found.published_at == datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("Tom &amp;amp;amp; Jerry", "Tom & Jerry"),
        ("A &lt;b&gt;bold&lt;/b&gt; word", "A bold word"),
        ("1 &lt; 2 and x&lt;y&gt;z", "1 < 2 and x<y>z"),
        ("Line\n one &amp;nbsp; two", "Line one two"),
        ("Hi&lt;script&gt;alert(1)&lt;/script&gt;", "Hi"),
        ("<![CDATA[5 &lt;i&gt;o&#8217;clock&lt;/i&gt;]]>", "5 o’clock"),
    ],
)
def test_titles_are_plain_text(written, title):
    """Markup goes, entities are undone, also where a feed escaped twice; other angle brackets stay."""
    assert parse_feed(rss(item(title=written))).items[0].title == title


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "mailto:a@b.example", ""]
)
def test_only_web_addresses(link):
    """What leads anywhere but to the web is left out and told."""
    feed = parse_feed(rss(item(link=link), item(link="/ok")))

    assert [i.url for i in feed.items] == ["https://paper.example/ok"]
    assert "1 of 2 entries" in feed.problems[-1].what


@pytest.mark.parametrize(
    "date", ["Tue, 31 Feb 2026 25:00:00 GMT", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "soon"]
)
def test_impossible_dates_are_dropped(date):
    """A date that no calendar has, or an empty field written as zero, says nothing."""
    assert parse_feed(rss(item(more=f"<pubDate>{date}</pubDate>"))).items[0].published_at is None


def test_a_date_without_zone_is_utc():
    """Nobody's local time is guessed."""
    found = parse_feed(rss(item(more="<pubDate>2026-11-03 10:15:00</pubDate>"))).items[0]

    assert found.published_at == datetime(2026, 11, 3, 10, 15, tzinfo=UTC)


def test_one_guid_for_everything_does_not_merge():
    """A GUID on several items identifies none of them."""
    guid = "<guid isPermaLink='false'>same</guid>"
    feed = parse_feed(
        rss(*(item(link=f"/{n}", more=guid) for n in range(3)), item(link="/4", more=guid.replace("same", "own")))
    )

    assert [i.url[-2:] for i in feed.items] == ["/0", "/1", "/2", "/4"]
    assert [i.guid for i in feed.items] == [None, None, None, "own"]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!doctype html><html><body>Hi</body></html>", "web page"),
        (b"<opml version='2.0'><body/></opml>", "OPML"),
        (b"<urlset xmlns='x'></urlset>", "sitemap"),
        (b'{"a": 1}', "not a JSON Feed"),
        (b'{"a": ', "JSON that cannot be read"),
        (b"\x1f\x8b\x08junk", "gzip"),
        (b"just words", "not a feed"),
        (b"[" * 100_000, "not a feed"),
        (b'{"items":' * 50_000, "cannot be read"),
    ],
)
def test_says_what_it_is_instead(body, what):
    """An error names what was served in place of a feed."""
    with pytest.raises(UnreadableError, match=what):
        parse_feed(page(body))


def test_a_feed_inside_gzip():
    """Some servers send a .gz file as the feed."""
    packed = gzip.compress(rss(item()).body)

    assert len(parse_feed(page(packed)).items) == 1


def test_a_gzip_bomb_is_refused():
    """Nothing is unpacked beyond the limit."""
    with pytest.raises(UnreadableError, match="more than"):
        parse_feed(page(gzip.compress(bytes(40 * 2**20))))


def test_entities_stay_inside():
    """No external entity is read, and entities do not multiply."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}<!ENTITY x SYSTEM "file:///etc/passwd">]>
    <rss version="2.0"><channel><title>&x;</title><item><title>&l9;</title><link>/1</link></item></channel></rss>"""
    feed = parse_feed(page(body))

    assert "root:" not in feed.title
    assert len(feed.items[0].title) < 1000


def test_broken_xml_is_read_as_far_as_possible():
    """One broken tag costs a Problem with its line, not the feed."""
    feed = parse_feed(rss(item(title="A &bogus; <b>")))

    assert feed.items[0].title.startswith("A")
    assert "not well-formed" in feed.problems[0].what


def test_the_number_of_items_is_bounded():
    """A feed of very many entries is read up to a limit, and told."""
    feed = parse_feed(page(json.dumps({"items": [{"id": str(n), "url": f"/{n}"} for n in range(MAX_ITEMS + 1)]})))

    assert len(feed.items) == MAX_ITEMS
    assert feed.problems


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(
            lambda t: f"<rss><channel><item><title>{t}</title><link>{t}</link>".encode("utf-8", "replace")
        ),
        st.recursive(
            st.none() | st.text(max_size=5) | st.integers(),
            lambda c: (
                st.lists(c, max_size=3)
                | st.dictionaries(st.sampled_from(["items", "url", "id", "title", "tags", "authors", "image"]), c)
            ),
            max_leaves=10,
        ).map(lambda v: json.dumps({"items": [v], "title": v}).encode()),
    )
)
def test_never_raises_anything_else(body):
    """Whatever the bytes: a feed, or an UnreadableError."""
    try:
        feed = parse_feed(page(body))
    except UnreadableError:
        return
    assert all(i.url.startswith(("http://", "https://")) for i in feed.items)


def test_real_feeds():
    """825 real and nasty feeds: the share of right answers does not fall (floors; see docs/decisions/0003-feeds.md)."""
    if not SHARED.is_dir():
        pytest.skip(f"no feeds at {SHARED}")
    rows = [json.loads(line) for line in (SHARED / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["bytes"] < 60_000]  # the large ones take long
    counts: list[bool] = []
    titles: list[bool] = []
    refused: list[bool] = []
    for row in rows:
        body = gzip.decompress((SHARED / row["file"]).read_bytes())
        headers = {name.replace("-", "_"): value for name, value in (row["headers"] or {}).items()}
        try:
            items = parse_feed(page(body, "http://feed.test/feed", **headers), as_written=True).items
        except UnreadableError:
            items = ()
        if row["gold"] == "not-a-feed":
            refused.append(not items)
        elif row["n_entries"] is not None:
            counts.append(len(items) == row["n_entries"])
            plain = [e for e in row["entries"] or [] if e.get("title") and not {"<", "&"} & set(e["title"])]
            titles += [" ".join(e["title"].split()) == items[e["i"]].title for e in plain if e["i"] < len(items)]

    assert all(counts)
    assert all(refused)
    assert sum(titles) / len(titles) > 0.99
