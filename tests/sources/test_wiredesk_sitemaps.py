"""Sitemaps: what they hold, what of it is news, and what is bounded."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.records import Page
from wiredesk.sources.sitemaps import (
    MAX_ENTRIES,
    MAX_ITEMS,
    belongs_to,
    named_in_robots,
    parse_sitemap,
    recent,
    sitemap_items,
    worth_following,
)

NOW = datetime(2026, 9, 7, 12, 0, tzinfo=UTC)
HOME = "https://paper.example"


def page(body: bytes | str, url: str = f"{HOME}/sitemap.xml") -> Page:
    data = body.encode() if isinstance(body, str) else body
    headers = (("Content-Type", "application/xml"),)
    return Page(url=url, final_url=url, status=200, headers=headers, body=data, fetched_at=NOW)


def urlset(*entries: str) -> str:
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</urlset>'


def entry(path: str, lastmod: str = "") -> str:
    return f"<url><loc>{HOME}{path}</loc>" + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "") + "</url>"


def index(*entries: tuple[str, str]) -> str:
    inner = "".join(
        f"<sitemap><loc>{HOME}{path}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>" for path, at in entries
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'


NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://paper.example/ferry </loc><lastmod>2026-09-07T10:00:00Z</lastmod>
 <news:news><news:publication><news:name>The Paper</news:name><news:language>en-GB</news:language></news:publication>
 <news:publication_date>2026-09-07T11:30:00+02:00</news:publication_date>
 <news:title>Ferry &amp;amp; line orders a ship</news:title><news:keywords>ferry, yard,ferry</news:keywords></news:news>
 <image:image><image:loc>/ferry.jpg</image:loc></image:image></url>
<url><loc>https://paper.example/old</loc><news:news><news:publication_date>2020-01-01</news:publication_date>
 <news:title>Old</news:title></news:news></url>
</urlset>"""


def test_a_news_sitemap_tells_title_date_language_keywords_and_picture():
    """What Google's format has becomes a wire item; what is older than a week does not."""
    sitemap = parse_sitemap(page(NEWS))
    (item,) = sitemap_items(sitemap, NOW, "https://paper.example/robots-named.xml")

    assert sitemap.kind == "news"
    assert sitemap.entries[0].outlet == "The Paper"
    assert item.source_url == "https://paper.example/robots-named.xml"
    assert (item.url, item.title) == ("https://paper.example/ferry", "Ferry & line orders a ship")
    assert item.published_at == datetime(2026, 9, 7, 9, 30, tzinfo=UTC)
    assert item.updated_at == datetime(2026, 9, 7, 10, 0, tzinfo=UTC)
    assert (item.language, item.tags) == ("en", ("ferry", "yard"))
    assert item.image is not None
    assert item.image.url == "https://paper.example/ferry.jpg"


def test_wrong_namespaces_are_read_all_the_same():
    """Names count, namespaces are often wrong or missing."""
    body = NEWS.replace("http://www.google.com/schemas/sitemap-news/0.9", "https://example.org/wrong")

    assert parse_sitemap(page(body)).entries[0].title == "Ferry & line orders a ship"


def test_an_archive_does_not_flood():
    """Of ten years, the last week; newest first; never the home page; without a date nothing."""
    paths = [entry(f"/old-{n}", f"{2016 + n % 10}-03-0{n % 9 + 1}") for n in range(3000)]
    fresh = [
        entry("/b", "2026-09-06"),
        entry("/a", "2026-09-07T08:00:00Z"),
        entry("/", "2026-09-07"),
        entry("/undated"),
    ]
    sitemap = parse_sitemap(page(urlset(*paths, *fresh)))

    assert [e.url.removeprefix(HOME) for e in recent(sitemap, NOW)] == ["/a", "/b"]


def test_more_than_a_thousand_fresh_entries_are_cut():
    """The newest thousand are taken."""
    entries = [entry(f"/{n}", (NOW - timedelta(minutes=n)).isoformat()) for n in range(MAX_ITEMS + 50)]
    items = sitemap_items(parse_sitemap(page(urlset(*entries))), NOW, "s")

    assert len(items) == MAX_ITEMS
    assert items[0].url == f"{HOME}/0"


def test_one_lastmod_for_all_is_no_date():
    """A file written a minute ago does not make its pages new; a small one is taken whole, a large one not at all."""
    small = parse_sitemap(page(urlset(*[entry(f"/{n}", "2026-09-07T11:59:00Z") for n in range(20)])))
    large = parse_sitemap(page(urlset(*[entry(f"/{n}", "2026-09-07T11:59:00Z") for n in range(300)])))

    assert [e.modified_at for e in recent(small, NOW)] == [None] * 20
    assert recent(large, NOW) == ()


def test_text_sitemaps_and_gzip():
    """One address a line; a .gz file that the server did not announce."""
    sitemap = parse_sitemap(page(gzip.compress(f"\ufeff{HOME}/a\r\n\n{HOME}/b\n".encode())))

    assert sitemap.kind == "text"
    assert [e.url for e in recent(sitemap, NOW)] == [f"{HOME}/a", f"{HOME}/b"]


def test_entries_of_other_sites_are_left_out_and_told():
    """A sitemap speaks for its own site."""
    sitemap = parse_sitemap(page(urlset(entry("/a"), "<url><loc>https://other.example/x</loc></url>")))

    assert [e.url for e in sitemap.entries] == [f"{HOME}/a"]
    assert "1 of 2 entries belong to other sites" in sitemap.problems[0].what


def test_an_index_leads_to_news_then_to_what_changed():
    """News by name first, then the newest; not tags, not what did not change, not itself; four at most."""
    body = index(
        ("/sitemap.xml", "2026-09-07"),
        ("/post-sitemap1.xml", "2019-01-01"),
        ("/tag-sitemap.xml", "2026-09-07"),
        ("/post-sitemap9.xml", "2026-09-06"),
        ("/post-sitemap10.xml", "2026-09-07"),
        ("/news-sitemap.xml", ""),
        *((f"/more-{n}.xml", "2026-09-01") for n in range(1, 9)),
    )
    followed = worth_following(parse_sitemap(page(body)), NOW)

    assert [url.removeprefix(HOME) for url in followed] == [
        "/news-sitemap.xml",
        "/post-sitemap10.xml",
        "/post-sitemap9.xml",
        "/more-1.xml",
    ]


def test_an_index_without_dates_leads_to_its_last_parts():
    """In the order of the numbers in the names, not of the letters."""
    parsed = parse_sitemap(page(index(("/p-10.xml", ""), ("/p-9.xml", ""), ("/p-2.xml", ""))))

    assert worth_following(parsed, NOW) == (f"{HOME}/p-9.xml", f"{HOME}/p-10.xml")


def test_an_index_of_a_hundred_thousand_links_to_itself_is_bounded():
    """50,000 are read, and none is asked."""
    body = index().replace("</sitemapindex>", f"<sitemap><loc>{HOME}/sitemap.xml</loc></sitemap>" * 100_000)
    parsed = parse_sitemap(page(body + "</sitemapindex>"))

    assert len(parsed.entries) == MAX_ENTRIES
    assert "50000" in parsed.problems[0].what
    assert worth_following(parsed, NOW) == ()


def test_entities_are_not_expanded():
    """A bomb gives nothing and takes nothing; an external entity is not opened."""
    bomb = '<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    body = f'{bomb}<!ENTITY x SYSTEM "file:///etc/passwd">]>' + urlset(
        f"<url><loc>{HOME}/&j;</loc></url><url><loc>{HOME}/&x;</loc></url>"
    )
    try:
        entries = parse_sitemap(page(body)).entries
    except UnreadableError:
        return

    assert all(len(e.url) < 100 and "root" not in e.url for e in entries)


def test_what_was_cut_off_gives_what_came_before():
    """Half a response is told, and half is read."""
    sitemap = parse_sitemap(page(urlset(entry("/a"), entry("/b"))[:-30]))

    assert [e.url for e in sitemap.entries] == [f"{HOME}/a"]
    assert "not well-formed" in sitemap.problems[0].what


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("", "empty"),
        ("<html><body>Not found</body></html>", "outermost element is <html>"),
        ("<rss version='2.0'/>", "<rss>"),
        ("just some words", "begins with"),
        (b"\x1f\x8b\x08broken", "gzip"),
    ],
)
def test_what_is_no_sitemap_is_told(body, what):
    """Each with what it is instead."""
    with pytest.raises(UnreadableError, match=what):
        parse_sitemap(page(body))


def test_a_gzip_bomb_is_refused():
    """More than 64 MiB are not unpacked."""
    with pytest.raises(UnreadableError, match="64 MiB"):
        parse_sitemap(page(gzip.compress(b"<urlset>" + b" " * (65 * 2**20))))


def test_robots_name_sitemaps():
    """In any case, relative ones too; news first; each once."""
    body = f"User-agent: *\nDisallow:\nSITEMAP : {HOME}/all.xml\n sitemap:/news.xml # daily\nSitemap: {HOME}/all.xml\n"

    assert named_in_robots(page(body, f"{HOME}/robots.txt")) == (f"{HOME}/news.xml", f"{HOME}/all.xml")


def test_a_sitemap_belongs_to_the_source_most_like_it():
    """Of its site only, under whatever host."""
    sources = ["https://paper.example/en/index.xml", "https://paper.example/de/index.xml", "https://b.example/i.xml"]

    assert belongs_to("https://paper.example/de/2026.xml", sources) == sources[1]
    assert belongs_to("https://www.b.example/de/2026.xml", sources) == sources[2]
    assert belongs_to("https://c.example/de/2026.xml", sources) is None


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=80).map(
        lambda t: urlset(f"<url><loc>{t}</loc><lastmod>{t}</lastmod></url>").encode("utf-8", "replace")
    )
    | st.text(max_size=80).map(lambda t: f"{HOME}/{t}".encode("utf-8", "replace"))
    | st.binary(max_size=100).map(gzip.compress)
)
def test_never_raises_anything_else(body):
    """Any bytes are a sitemap or an UnreadableError, and what comes is on the web."""
    try:
        sitemap = parse_sitemap(page(body))
    except UnreadableError:
        return

    assert all(e.url.startswith(("http://", "https://")) for e in sitemap.entries)
    assert set(recent(sitemap, NOW)) <= {*sitemap.entries}
    worth_following(sitemap, NOW)
