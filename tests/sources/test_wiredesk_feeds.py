"""Feeds of all kinds -> wire items."""

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.records import Page
from wiredesk.sources.feed_model import address
from wiredesk.sources.feeds import MAX_ITEMS, looks_like_feed, parse_feed
from wiredesk.urls import resolve

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


# --- what feeds tell of themselves --------------------------------------------------------------------------------


def test_pace_hubs_and_own_address():
    """`ttl`, `sy:`, skipped hours and days, WebSub hubs and the feed's own address."""
    head = """<ttl>90</ttl><atom:link rel="self" href="/own.xml"/><atom:link rel="hub" href="https://hub.example/"/>
    <sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
    <skipHours><hour>24</hour><hour>3</hour><hour>77</hour></skipHours>
    <skipDays><day>Sunday</day><day>monday</day><day>never</day></skipDays>"""
    spaces = 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    feed = parse_feed(page(rss(item(), head=head).body.replace(b"<rss ", f"<rss {spaces} ".encode())))

    assert (feed.ttl, feed.period) == (timedelta(minutes=90), timedelta(minutes=30))
    assert (feed.skip_hours, feed.skip_days) == ((0, 3), (0, 6))
    assert (feed.hubs, feed.self_url) == (("https://hub.example/",), "https://paper.example/own.xml")


def test_link_headers_come_first():
    """WebSub lets a server name hub and topic in its headers, also for JSON Feed."""
    body = {
        "items": [],
        "hubs": [{"type": "WebSub", "url": "https://a.example/hub"}],
        "feed_url": "https://a.example/f",
    }
    links = '<https://b.example/hub>; rel="hub", </topic>; rel=self, <https://b.example/x>; rel="next"'
    feed = parse_feed(page(json.dumps(body), link=links))

    assert feed.hubs == ("https://b.example/hub", "https://a.example/hub")
    assert feed.self_url == "https://paper.example/topic"


@pytest.mark.parametrize("ttl", ["", "0", "-5", "soon", "99999999999999999999", "1e9"])
def test_a_senseless_ttl_is_none(ttl):
    """Nobody waits for zero minutes, or for ever."""
    assert parse_feed(rss(item(), head=f"<ttl>{ttl}</ttl>")).ttl is None


# --- dialects -----------------------------------------------------------------------------------------------------


def test_reads_rdf():
    """RSS 1.0: entries beside the channel, Dublin Core for author and date."""
    feed = parse_feed(
        page(
            """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
            xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>R</title><link>https://r.example/</link></channel>
            <item rdf:about="https://r.example/1"><title>One</title><link>https://r.example/1</link>
            <dc:creator>Ann</dc:creator><dc:date>2026-11-03T10:00:00+01:00</dc:date></item></rdf:RDF>"""
        )
    )

    (found,) = feed.items
    assert (feed.kind, feed.title, feed.site_url) == ("rdf", "R", "https://r.example/")
    assert (found.title, found.guid, found.authors) == ("One", "https://r.example/1", ("Ann",))
    assert found.published_at == datetime(2026, 11, 3, 9, tzinfo=UTC)


def test_reads_cdf():
    """Active channels: capital letters, everything in attributes, a base of its own."""
    feed = parse_feed(
        page(
            """<CHANNEL HREF="/home" BASE="https://c.example/x/"><TITLE>C</TITLE>
            <ITEM HREF="1.html" LASTMOD="2026-11-03T10:00Z"><TITLE>One</TITLE>
            <ABSTRACT>Short</ABSTRACT></ITEM></CHANNEL>"""
        )
    )

    (found,) = feed.items
    assert (feed.kind, feed.title, feed.site_url) == ("cdf", "C", "https://c.example/home")
    assert (found.url, found.title, found.summary) == ("https://c.example/x/1.html", "One", "Short")
    assert found.updated_at == datetime(2026, 11, 3, 10, tzinfo=UTC)


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><link href="/1"/>{}</entry></feed>'


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b> &lt;c&gt;</div></title>', "A b <c>"),
        ('<title type="html">A &lt;b&gt;b&lt;/b&gt;</title>', "A b"),
        ('<title type="application/octet-stream">QSA8Yj5iPC9iPg==</title>', "A b"),
        ('<title mode="base64" type="text/html">QSA8Yj5iPC9iPg==</title>', "A b"),
        ("<title><![CDATA[A & b]]></title>", "A & b"),
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A<script>x()</script></div></title>', "A"),
    ],
)
def test_titles_in_every_wrapping(title, text):
    """Escaped, as elements, in base64, in CDATA: one plain title."""
    assert parse_feed(page(ATOM.format(title))).items[0].title == text


def test_atom_links_authors_and_content():
    """`alternate` is the page, the feed's author signs entries without one, elements become HTML."""
    entry = """<link rel="related" href="/no"/><link type="text/plain" href="/no.txt"/>
    <link rel="enclosure" type="image/png" href="/p.png"/>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><br/></div></content>"""
    feed = parse_feed(page(ATOM.format(entry).replace("<title>A", "<author><name>Ann</name></author><title>A")))

    (found,) = feed.items
    assert (found.url, found.authors, found.summary) == ("https://paper.example/1", ("Ann",), "One")
    assert found.content_html == "<div><p>One</p><br></div>"
    assert found.image and found.image.url == "https://paper.example/p.png"


def test_media():
    """The widest picture of a group, with its credit; films are no pictures."""
    more = """<media:group xmlns:media="http://search.yahoo.com/mrss/">
    <media:content url="/s.jpg" medium="image" width="90"/>
    <media:content url="/l.jpg" type="image/jpeg" width="900" height="600"/><media:content url="/f" medium="video"/>
    <media:credit>Bo</media:credit></media:group>"""
    found = parse_feed(rss(item(more=more))).items[0].image

    assert found is not None
    assert (found.url, found.width, found.height) == ("https://paper.example/l.jpg", 900, 600)
    assert found.attribution == "Bo"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("<author>ann@paper.example (Ann Smith)</author>", ("Ann Smith",)),
        ("<author>Ann Smith &lt;ann@paper.example&gt;</author>", ("Ann Smith",)),
        ("<author>ann@paper.example</author>", ()),
        ("<dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator>", ("Ann", "Bo")),
        ("<itunes:author>Ann</itunes:author>", ("Ann",)),
    ],
)
def test_authors(written, names):
    """Names without their mail addresses; prefixes that nobody declared still mean what they always mean."""
    assert parse_feed(rss(item(more=written))).items[0].authors == names


# --- feeds that lie -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_byte_orders(codec):
    """With a mark and without one."""
    assert parse_feed(page(rss(item(title="Grüße")).body.decode().encode(codec))).items[0].title == "Grüße"


@pytest.mark.parametrize(
    ("declared", "sent", "written"),
    [
        ("iso-8859-1", "", "cp1252"),
        ("iso-8859-1", "", "utf-8"),  # valid UTF-8 never happens by chance
        ("utf-8", "", "cp1252"),
        ("utf-16", "", "utf-8"),
        ("utf-8", "text/xml; charset=windows-1252", "cp1252"),
        ("nonsense", "", "utf-8"),
        ("iso-8859-1", "text/xml; charset=utf-8", "cp1252"),
    ],
)
def test_charsets_that_lie(declared, sent, written):
    """The bytes decide between what the document, the header and experience say."""
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss(item(title="“Grüße”")).body.decode()
    feed = parse_feed(page(text.encode(written), content_type=sent or "text/xml"))

    assert feed.items[0].title == "“Grüße”"


def test_a_few_foreign_bytes():
    """One paragraph pasted from an old program does not spoil the rest."""
    body = rss(item(title="Grüße aus Köln"), item(title="caf?", link="/2")).body.replace(b"caf?", b"caf\xe9")

    assert [i.title for i in parse_feed(page(body)).items] == ["Grüße aus Köln", "café"]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Tom & Jerry", "Tom & Jerry"),
        ("caf&eacute;&nbsp;au lait", "café au lait"),
        ("A < B", "A < B"),
        ("A <b>bold</b> and <br> word", "A bold and word"),
        ("A\x0bB&#0;C", "ABC"),
        ("it&#146;s", "it’s"),
    ],
)
def test_ill_formed_titles_are_mended(written, title):
    """Loose ampersands, HTML's entities, unclosed HTML, characters that XML forbids."""
    feed = parse_feed(rss(item(title=written), item(title="Next", link="/2")))

    assert [i.title for i in feed.items] == [title, "Next"]
    assert feed.items[0].url == "https://paper.example/1"


@pytest.mark.parametrize(
    "before", ["\n \n", "<!-- <rss> -->\n", "<br />\n<b>Warning</b>: x in y\n", '<!DOCTYPE html PUBLIC "x" "y">']
)
def test_junk_before_the_feed(before):
    """What a server prints first does not hide the feed."""
    text = '<?xml version="1.0"?>' + rss(item()).body.decode()

    assert len(parse_feed(page(before + text)).items) == 1


def test_cut_off_in_the_middle():
    """Half an answer gives its whole entries."""
    body = rss(*(item(title=f"T{n}", link=f"/{n}") for n in range(20))).body

    assert [i.title for i in parse_feed(page(body[: len(body) // 2])).items][:8] == [f"T{n}" for n in range(8)]


def test_own_entities_are_put_in():
    """Short texts that the feed declares itself, and nothing else."""
    body = (
        '<!DOCTYPE rss [<!ENTITY me "Ann &lt;x"><!ENTITY us "the paper">]>' + rss(item(title="By &us;")).body.decode()
    )

    assert parse_feed(page(body)).items[0].title == "By the paper"


@pytest.mark.parametrize(
    ("address", "url"),
    [("2.html", "https://paper.example/a/b/2.html"), ("/2.html", "https://paper.example/2.html")],
)
def test_relative_links_follow_the_nearest_base(address, url):
    """XML Base on feed and entry; a base that leads nowhere does not count."""
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="a/"><title>A</title><entry xml:base="b/">
    <title>T</title><link xml:base="javascript:x" href="{address}"/></entry></feed>"""

    assert parse_feed(page(body, "https://paper.example/feed")).items[0].url == url


# --- hostile feeds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE r [<!ENTITY a "'
        + "x" * 150
        + '">]><rss><channel><title>'
        + "&a;" * 300_000
        + "</title></channel></rss>",
        "<rss><channel><title>" + "x" * 11_000_000 + "</title><item><link>/1</link></item></channel></rss>",
        "<rss><channel><title>T</title>" + "<item>" * 60_000,
        "<rss><channel><title>T</title>" + "<a>" * 60_000 + "</channel></rss>",
        "<rss><channel><title>T</title>" + "<item><title>&</title></item>" * 20_000,
        "<rss><channel><title>T</title><item><description>" + "<![CDATA[" * 60_000,
        "<rss><channel><title>T</title><item><description>" + "<!--" * 60_000,
        "<rss><channel><title>T</title><item><title>" + "&lt;a " * 60_000 + "</title></item></channel></rss>",
        '<rss a="' + "<" * 300_000,
    ],
    ids=["entities", "title", "open", "deep", "many", "cdata", "comments", "tags", "attribute"],
)
def test_hostile_feeds_end(body):
    """Whatever they try, they are read or refused, and texts stay bounded."""
    try:
        feed = parse_feed(page(body))
    except UnreadableError:
        return
    assert len(feed.items) <= MAX_ITEMS
    assert len(feed.title) <= 2_000_000


def test_a_million_entries_are_read_up_to_the_limit():
    """The tree is built of the beginning alone."""
    feed = parse_feed(page("<rss><channel><title>T</title>" + "<item><link>/1</link></item>" * 400_000))

    assert len(feed.items) == MAX_ITEMS
    assert feed.problems[0].what == "the feed is too long"


# --- laws ---------------------------------------------------------------------------------------------------------

SCRAPS = st.lists(
    st.sampled_from(
        "<rss> </rss> <channel> </channel> <item> </item> <feed> <entry> </entry> <title> </title> <link>/1</link>"
        " <link href='/2'/> <![CDATA[ ]]> <!-- --> & &amp; &nbsp; &#0; < > <b> </b> xml:base='x' text \x00 \x80 é"
        " <?xml version='1.0' encoding='utf-16'?> <!DOCTYPE r [<!ENTITY e 'x'>]> &e; <pubDate>mer, 1 nov 2026</pubDate>"
        " <rdf:RDF> <dc:date>2026</dc:date> <html> <guid>http://a.example/</guid>".split(" ")
    ),
    max_size=25,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(SCRAPS, st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-16-be"]))
def test_scraps_never_raise_and_always_read_alike(text, codec):
    """Any mixture of what feeds are made of: a feed or an UnreadableError, and twice the same."""
    body = text.encode(codec, "replace")

    def read():
        try:
            return parse_feed(page(body), as_written=True)
        except UnreadableError as error:
            return str(error)

    assert read() == read()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1), max_size=20))
def test_order_and_number_are_kept(titles):
    """Entries come in the order of the document, none lost, none doubled."""
    entries = (item(title=escape(title), link=f"/{n}") for n, title in enumerate(titles))
    feed = parse_feed(rss(*entries))

    assert [i.url for i in feed.items] == [f"https://paper.example/{n}" for n in range(len(titles))]


@given(
    st.from_regex(r"https?://[a-z0-9.-]{1,12}(?:/[A-Za-z0-9/._~!$'()*+,:@&=?%#;-]{0,12})?", fullmatch=True),
    st.sampled_from(["https://paper.example/a/b?c", "http://paper.example"]),
)
def test_the_short_way_gives_the_same_address(link, base):
    """Plain addresses are not taken apart; the result is the same."""
    try:
        expected = resolve(base, link)
    except ValueError:
        expected = None

    assert address(base, link) == expected


def test_feedparser_is_loaded_only_where_it_is_needed():
    """A good feed costs neither the time nor the memory of the second reader."""
    code = (
        "import sys\nfrom datetime import UTC, datetime\nfrom wiredesk.records import Page\n"
        "from wiredesk.sources.feeds import parse_feed\n"
        "body = b'<rss><channel><item><title>A &nbsp; b</title><link>http://a.example/</link></item></channel></rss>'\n"
        "page = Page(url='http://a.example/', final_url='http://a.example/', status=200, headers=(), body=body,"
        " fetched_at=datetime(2026, 1, 1, tzinfo=UTC))\n"
        "assert parse_feed(page).items\nassert 'feedparser' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


RSS = '<rss version="2.0"><channel><title>T</title></channel></rss>'


@pytest.mark.parametrize(
    ("body", "content_type", "answer"),
    [
        (RSS.encode(), "text/html", True),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- <html> -->" + RSS.encode(), "text/plain", True),
        (RSS.encode("utf-16"), "text/html", True),
        (RSS.encode("utf-16-be"), "", True),
        (b'<CHANNEL HREF="https://paper.example/"><TITLE>T</TITLE></CHANNEL>', "application/octet-stream", True),
        (b'<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"/>', "text/html", True),
        (b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "", True),
        (b"<!DOCTYPE html>" + RSS.encode(), "text/html", True),
        (b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1.1", "items": []}', "text/plain", True),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [{"content_html": "<html>"}]}', "text/html", True),
        (b'{"items": []}', "application/json", True),
        (b'{"items": []}', "text/html", False),
        (b"<!doctype html><title>On &lt;rss&gt;</title><script>'<rss>'</script>", "application/xml", False),
        ("<html><body><feed>".encode("utf-16"), "text/xml", False),
        (b"<html><!-- <rss> --><body>", "text/html", False),
        (b"<p>A page</p>", "text/html", False),
        (b"<opml><body/></opml>", "text/xml", True),
        (b"<opml><body><rss/></body></opml>", "", False),
        (b"Plain words.", "text/plain", False),
        (b"", "text/html", False),
    ],
)
def test_tells_feeds_from_pages(body, content_type, answer):
    """By the first bytes, in any byte order and with any prefix; by the type only where these say nothing."""
    assert looks_like_feed(body, content_type) is answer


@given(st.binary(max_size=300), st.sampled_from(["", "text/html", "text/xml"]))
def test_telling_never_raises(body, content_type):
    """Whatever the bytes."""
    assert looks_like_feed(body, content_type) in {True, False}
