"""Sitemaps follow the protocol and the reference site's way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from publish_factory import NOON, TOPICS, MemoryArchive, MemoryLedger, item, settings

from wiredesk.publish import Press, publish, sitemaps
from wiredesk.publish.site.pages import Site

SITE = Site(settings=settings(), topics=TOPICS)
HERE = Path(__file__).parent / "data"
SAMPLE = Path(__file__).parents[2].parent / "shared/data/records/api-samples/powerapps/news-sitemap.xml"


def check(data: bytes, schema: str) -> etree._Element:
    """Return the document after it passed our schema, written from the public protocol."""
    root = etree.fromstring(data)
    etree.XMLSchema(etree.parse(str(HERE / schema))).assertValid(root)
    return root


def locations(root: etree._Element) -> list[str]:
    return root.xpath("//s:loc/text()", namespaces={"s": sitemaps.SITEMAP})


def test_pages_are_listed_once() -> None:
    """Repeated paths (two published items of one story) stand once, in their order."""
    root = check(sitemaps.urls(SITE, ["story/a/", "story/b/", "story/a/"]), "sitemap.xsd")

    assert locations(root) == ["https://news.example/current/story/a/", "https://news.example/current/story/b/"]


def test_a_sitemap_never_breaks_the_limit() -> None:
    """50,000 addresses at most."""
    assert len(etree.fromstring(sitemaps.urls(SITE, map(str, range(50_010))))) == 50_000


def test_the_index_names_the_sitemaps() -> None:
    """Each with its full address."""
    root = check(sitemaps.index(SITE, ["sitemap/2026-09.xml"]), "siteindex.xsd")

    assert locations(root) == ["https://news.example/current/sitemap/2026-09.xml"]


def test_news_sitemap_holds_what_search_engines_ask_for() -> None:
    """Publication, date and title, one entry a story, at most a thousand."""
    items = [item("a", title='Ships & "shoes" <b>'), replace(item("b"), story=item("a").story)]

    root = check(sitemaps.news(SITE, items), "sitemap.xsd")

    names = {"n": sitemaps.NEWS}
    assert root.xpath("//n:title/text()", namespaces=names) == ['Ships & "shoes" <b>']
    assert root.xpath("//n:publication/n:name/text()", namespaces=names) == ["The Current"]
    assert root.xpath("//n:publication_date/text()", namespaces=names) == ["2026-09-16T11:00:00+00:00"]
    assert len(etree.fromstring(sitemaps.news(SITE, [item(f"k{n}") for n in range(1100)]))) == 1000


def test_own_items_as_the_reference_has_them() -> None:
    """Section 12: record name in the address, published time with +00:00, hourly, 1; empty is one closed element."""
    root = check(sitemaps.own(SITE, [item("video")]), "sitemap.xsd")

    assert [(etree.QName(child).localname, child.text) for child in root[0]] == [
        ("loc", "https://news.example/current/news/2026-09-16-video/"),
        ("lastmod", "2026-09-16T11:00:00+00:00"),
        ("changefreq", "hourly"),
        ("priority", "1"),
    ]
    assert sitemaps.own(SITE, []).count(b"<") == 2


def test_the_reference_sitemap_has_the_same_shape() -> None:
    """The served sample passes our schema, and its entries have our children in our order."""
    if not SAMPLE.exists():
        pytest.skip(f"no reference sitemap: {SAMPLE} is missing")
    theirs = check(SAMPLE.read_bytes(), "sitemap.xsd")
    ours = etree.fromstring(sitemaps.own(SITE, [item("video")]))

    assert {tuple(child.tag for child in url) for url in theirs} == {tuple(child.tag for child in ours[0])}


def test_an_edition_lists_every_story_page_and_only_files_that_exist(tmp_path: Path) -> None:
    """Every address in every sitemap is a page of the edition; every story page is in one."""
    archive, ledger = MemoryArchive(), MemoryLedger()
    video = item("video", hours=3)
    video = replace(video, article=replace(video.article, record={"category": "news"}))
    ledger.dirty |= archive.put(item("a"), item("old", hours=2000), item("hidden", published=False), video)
    publish(tmp_path, Press(archive=archive, settings=settings(), topics=TOPICS), ledger)
    public = tmp_path / "public"

    index = locations(check((public / "sitemap.xml").read_bytes(), "siteindex.xsd"))
    listed = {
        "sitemap-news.xml",
        "news-sitemap.xml",
        *(path.removeprefix("https://news.example/current/") for path in index),
    }
    pages = {page for path in listed for page in locations(check((public / path).read_bytes(), "sitemap.xsd"))}

    files = {page.removeprefix("https://news.example/current/") + "index.html" for page in pages}
    assert all((public / file).is_file() for file in files)
    assert {path.relative_to(public).as_posix() for path in public.glob("story/*/index.html")} <= files
    assert f"news/{video.name}/index.html" in files
    assert b"Sitemap: https://news.example/current/sitemap.xml" in (public / "robots.txt").read_bytes()
    assert locations(etree.fromstring((public / "sitemap-news.xml").read_bytes())) == [
        f"https://news.example/current/story/{one.story}/" for one in (archive.held[item("a").article.id], video)
    ]
    assert archive.as_of == NOON
