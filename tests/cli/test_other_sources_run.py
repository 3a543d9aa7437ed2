"""`wiredesk run` on sitemaps, lists and newsletters: the same line as feeds, polled as politely."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from small_web import SmallWeb, small_web

from wiredesk.cli import cli
from wiredesk.records import Selectors, Source
from wiredesk.sources import write_opml
from wiredesk.store import Store

HTML, XML = "text/html; charset=utf-8", "application/xml"
NOW = datetime(2026, 9, 7, 12, 0, tzinfo=UTC)
TITLES = ("Crane drivers walk out at Northquay", "Ferry line orders a second ship", "Cod quota is cut by a fifth")


def article(title: str) -> tuple[str, str]:
    text = "Readers followed the day from the quay, where the talk was of little else, and the office gave no figures. "
    return HTML, (
        f'<html lang="en"><head><title>{title}</title><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="2026-09-07T08:00:00Z"></head><body><article><h1>{title}</h1>'
        f"<p>{title}. {text * 3}</p><p>{text * 3}</p></article></body></html>"
    )


def sitemap(*paths: str, at: datetime = NOW) -> tuple[str, str]:
    urls = "".join(f"<url><loc>HOME{path}</loc><lastmod>{at.isoformat()}</lastmod></url>" for path in paths)
    return XML, f"<urlset>{urls}</urlset>"


@pytest.fixture
def web() -> Iterator[SmallWeb]:
    with small_web("127.0.0.6") as web:
        web.pages = {f"/news/{n}": article(title) for n, title in enumerate(TITLES)}
        yield web


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    wiredesk("new", str(root))
    text = (root / "wiredesk.toml").read_text()
    settings = '[fetch]\ndelay_seconds = 0.0\npoll_minutes = 0.0\nimages = false\nopen_hosts = ["127.0.0.6"]\n'
    keys = ("delay_seconds", "poll_minutes", "images", "open_hosts")
    text = "\n".join(line for line in text.splitlines() if not line.startswith(keys))
    (root / "wiredesk.toml").write_text(text.replace("[fetch]", settings + "#", 1))
    return root


def wiredesk(*words: str) -> Any:
    return CliRunner().invoke(cli, words, catch_exceptions=False)


def run(site: Path, *sources: Source, at: datetime = NOW, options: tuple[str, ...] = ()) -> dict[str, Any]:
    if sources:
        (site / "sources.opml").write_bytes(write_opml(sources, "Mine"))
    words = ("run", "--site", str(site), "--json", "--jobs", "1", "--now", at.isoformat(), *options)
    return json.loads(wiredesk(*words).stdout)


def titles(site: Path) -> set[str]:
    store = Store(site / "wiredesk.db")
    try:
        found = [store.articles.get(each) for each in store.articles.ids()]
    finally:
        store.close()
    return {each.title for each in found if each}


def test_a_sitemap_is_polled_like_a_feed(web: SmallWeb, site: Path) -> None:
    """What is fresh becomes articles with the titles of their pages; what is no article does not, title or none."""
    web.pages["/s.xml"] = sitemap("/", "/news/0", "/news/1", "/about", "/gone")
    web.pages["/about"] = (HTML, "<title>About us</title><p>Hi.</p>")
    source = Source(url=f"{web.home}/s.xml", kind="sitemap")
    first = run(site, source)
    second = run(site, at=NOW + timedelta(hours=1))

    assert first["articles"]["all"] == 2
    assert titles(site) == set(TITLES[:2])
    assert second["sources"]["unchanged"] == 1
    assert (web.count("/s.xml"), web.count("/s.xml", 304)) == (1, 1)
    assert web.count("/news/0") == 1


def test_an_index_leads_to_its_sitemaps_in_the_same_run(web: SmallWeb, site: Path) -> None:
    """Asked when the index changed, with their own validators; what did not change is not read again."""

    def index(*parts: tuple[str, datetime]) -> tuple[str, str]:
        inner = "".join(f"<sitemap><loc>HOME{p}</loc><lastmod>{at.isoformat()}</lastmod></sitemap>" for p, at in parts)
        return XML, f"<sitemapindex>{inner}<sitemap><loc>HOME/index.xml</loc></sitemap></sitemapindex>"

    web.pages["/index.xml"] = index(("/posts-1.xml", NOW - timedelta(days=400)), ("/posts-2.xml", NOW))
    web.pages["/posts-1.xml"] = sitemap("/news/2", at=NOW - timedelta(days=400))
    web.pages["/posts-2.xml"] = sitemap("/news/0")
    source = Source(url=f"{web.home}/index.xml", kind="sitemap")
    first = run(site, source)
    later = NOW + timedelta(hours=1)
    web.pages["/posts-2.xml"] = sitemap("/news/0", "/news/1")
    web.pages["/index.xml"] = index(("/posts-1.xml", NOW - timedelta(days=400)), ("/posts-2.xml", later))
    second = run(site, at=later)
    third = run(site, at=later + timedelta(hours=1))

    assert (first["articles"]["all"], second["articles"]["all"], third["articles"]["all"]) == (1, 2, 2)
    assert titles(site) == set(TITLES[:2])
    assert web.count("/posts-1.xml") == 0
    assert web.count("/posts-2.xml") == 2
    assert [path for path, _ in web.seen].count("/index.xml") == 3


def test_a_sitemap_of_an_index_that_fails_is_asked_again(web: SmallWeb, site: Path) -> None:
    """Told once, owed until it comes; and nothing is asked after a rebuild."""
    web.pages["/index.xml"] = (XML, "<sitemapindex><sitemap><loc>HOME/news.xml</loc></sitemap></sitemapindex>")
    web.pages["/news.xml"] = ("image/png", "not what was asked for")
    first = run(site, Source(url=f"{web.home}/index.xml", kind="sitemap"))
    web.pages["/news.xml"] = sitemap("/news/0")
    web.pages["/index.xml"] = (XML, web.pages["/index.xml"][1] + "<!-- changed -->")
    second = run(site, at=NOW + timedelta(hours=1))
    asked = len(web.seen)
    wiredesk("rebuild", "--site", str(site), "--quiet")

    assert [p["now"] for p in first["problems"]] == ["asked again when its index changes"]
    assert second["articles"]["all"] == 1
    assert len(web.seen) == asked


def test_a_sitemap_of_an_index_that_is_overloaded_stays_owed(web: SmallWeb, site: Path) -> None:
    """It is asked again after a while, although its index did not change; not before."""
    web.pages["/index.xml"] = (XML, "<sitemapindex><sitemap><loc>HOME/news.xml</loc></sitemap></sitemapindex>")
    web.pages["/news.xml"] = ("503", "")
    first = run(site, Source(url=f"{web.home}/index.xml", kind="sitemap"))
    web.pages["/news.xml"] = sitemap("/news/0")
    soon = run(site, at=NOW + timedelta(minutes=5))
    late = run(site, at=NOW + timedelta(hours=1))

    assert [p["now"] for p in first["problems"]] == ["asked again on a later run"]
    assert (soon["articles"]["all"], late["articles"]["all"]) == (0, 1)
    assert web.count("/news.xml", 503) == 1
    assert web.count("/news.xml") == 1


def test_a_list_is_polled_like_a_feed(web: SmallWeb, site: Path) -> None:
    """By the selectors in the outline; when the page no longer fits them, the run says so and goes on."""
    rows = "".join(f'<div class="row"><h3><a href="/news/{n}">{title}</a></h3></div>' for n, title in enumerate(TITLES))
    web.pages["/"] = (
        HTML,
        rows + '<div class="row"><h3><a href="/news/0">Twice</a></h3></div><a href="/news/9">No</a>',
    )
    source = Source(url=f"{web.home}/", kind="list", selectors=Selectors(item="div.row", link="h3 a"), title="Paper")
    first = run(site, source)
    web.pages["/"] = (HTML, rows.replace('class="row"', 'class="line"'))
    second = run(site, at=NOW + timedelta(hours=1))

    assert first["articles"]["all"] == 3
    assert titles(site) == set(TITLES)
    assert [p["what"] for p in second["problems"]] == ["the item selector 'div.row' matches nothing on the page"]
    assert second["articles"]["all"] == 3


def mail(*links: tuple[str, str]) -> bytes:
    head = (
        "From: Letter <l@letter.example>\nSubject: News\nDate: Mon, 07 Sep 2026 08:00:00 +0000\nContent-Type: text/html"
    )
    words = "and some more words on it, so that there are enough."
    body = "".join(f'<p><a href="{url}">{title}</a> {words}</p>' for url, title in links)
    return f"{head}\n\n{body}".encode()


def test_newsletters_in_the_folder_are_read_once_and_kept(web: SmallWeb, site: Path) -> None:
    """Their links are fetched; the link that would unsubscribe is not; the file stays."""
    file = site / "newsletters" / "deep" / "letter.eml"
    file.parent.mkdir(parents=True)
    file.write_bytes(
        mail(
            (f"{web.home}/news/0", TITLES[0]),
            (f"https://click.example/?url={web.home}/news/1", TITLES[1]),
            (f"{web.home}/unsubscribe?u=1", "Unsubscribe from this letter"),
        )
    )
    (site / "newsletters" / "notes.txt").write_text("These are the owner's notes, and no newsletter.")
    (site / "newsletters" / "broken.EML").write_bytes(b"no mail at all")
    os.utime(file, (NOW.timestamp(), NOW.timestamp()))
    first = run(site)
    second = run(site, at=NOW + timedelta(hours=1))

    assert first["pages"]["imported"] == 2
    assert second["pages"]["imported"] == 0
    assert titles(site) == set(TITLES[:2])
    assert not any("unsubscribe" in path for path, _ in web.seen)
    assert any("not a mail" in p["what"] for p in first["problems"])
    assert file.exists()


def test_newsletters_can_be_imported(web: SmallWeb, site: Path, tmp_path: Path) -> None:
    """`wiredesk import` reads a file or a folder; the next run asks for the pages."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.eml").write_bytes(mail((f"{web.home}/news/0", TITLES[0])))
    (tmp_path / "b.eml").write_bytes(mail((f"{web.home}/news/1", TITLES[1])))
    words = ("import", str(tmp_path / "letters"), str(tmp_path / "b.eml"), "--site", str(site), "--json")
    imported = json.loads(wiredesk(*words).stdout)
    asked = len(web.seen)
    run(site, at=datetime.now(UTC))

    assert imported["pages"]["still_wanted"] == 2
    assert asked == 0
    assert titles(site) == set(TITLES[:2])
