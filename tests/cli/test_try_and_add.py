"""`wiredesk try` and `wiredesk add`: what is found behind an address, what is chosen, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_web import SmallWeb, small_web

from wiredesk.cli import cli
from wiredesk.records import Selectors
from wiredesk.sources import read_opml
from wiredesk.store import Store

HTML, XML = "text/html; charset=utf-8", "application/xml"
NOW = datetime.now(UTC)
HEADLINES = (
    "Crane drivers walk out at Northquay terminal",
    "Ferry line orders a second electric ship",
    "Council votes narrowly for the tidal barrage",
    "Cod quota is cut by a fifth for the coming year",
    "Storm closes the strait for two whole days",
)
LIST = "".join(
    f'<div class="row"><h3><a href="/news/{n}">{title}</a></h3><span class="news-date">7.9.2026</span></div>'
    for n, title in enumerate(HEADLINES)
)


def rss(title: str, *, path: str = "/news/{}", head: str = "", items: str = "", prefix: str = "") -> str:
    at = f"{NOW - timedelta(hours=3):%a, %d %b %Y %H:%M:%S} +0000"
    entries = "".join(
        f"<item><title>{prefix}{headline}</title><link>HOME{path.format(n)}</link><pubDate>{at}</pubDate></item>"
        for n, headline in enumerate(HEADLINES)
    )
    return f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>{title}</title>{head}{entries}{items}</channel></rss>'


def sitemap(*paths: str, at: datetime = NOW) -> str:
    urls = "".join(f"<url><loc>HOME{path}</loc><lastmod>{at.isoformat()}</lastmod></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


@pytest.fixture
def web() -> Iterator[SmallWeb]:
    with small_web() as web:
        yield web


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    wiredesk("new", str(root))
    text = (root / "wiredesk.toml").read_text()
    settings = '[fetch]\ndelay_seconds = 0.0\nopen_hosts = ["127.0.0.5"]\n'
    text = "\n".join(line for line in text.splitlines() if not line.startswith(("delay_seconds", "open_hosts")))
    (root / "wiredesk.toml").write_text(text.replace("[fetch]", settings + "#", 1))
    return root


def wiredesk(*words: str) -> Result:
    return CliRunner().invoke(cli, words, catch_exceptions=False)


def tried(site: Path, address: str, *options: str) -> dict[str, object]:
    result = wiredesk("try", address, "--site", str(site), "--json", *options)
    return json.loads(result.stdout)


def sources(site: Path) -> list[object]:
    return read_opml((site / "sources.opml").read_bytes(), "sources.opml")[0]


def test_the_main_feed_is_chosen_and_the_rest_explained(web: SmallWeb, site: Path) -> None:
    """Comments, a dead link, a category: each with its verdict; nothing is written."""
    web.pages = {
        "/": (
            HTML,
            '<meta property="og:site_name" content="The Paper">'
            '<link rel=alternate type=application/rss+xml title="Comments" href="/comments/feed/">'
            '<link rel=alternate type=application/rss+xml title="Sport" href="/category/sport/feed/">'
            f'<link rel=alternate type=application/rss+xml title="The Paper" href="/feed/">{LIST}'
            '<a href="/old/rss.xml">RSS</a>',
        ),
        "/feed/": (XML, rss("The Paper", head='<atom:link rel="hub" href="https://hub.example/"/>')),
        "/comments/feed/": (XML, rss("Comments", prefix="Comment on ")),
        "/category/sport/feed/": (XML, rss("Sport", path="/sport/{}")),
        "/robots.txt": ("text/plain", "Sitemap: HOME/sitemap.xml\n"),
    }
    before = {file: file.read_bytes() for file in site.rglob("*") if file.is_file()}
    found = tried(site, web.home + "/")
    places = {place["url"].removeprefix(web.home): place for place in found["places"]}

    assert found["title"] == "The Paper"
    assert found["chosen"]["url"] == f"{web.home}/feed/"
    assert found["why"].startswith("the feed, since a feed tells most. The page announces it as its feed")
    assert "5 of its 5 items are linked from the page" in found["chosen"]["for"]
    assert [item["title"] for item in found["items"]] == list(HEADLINES)
    assert found["items"][0]["url"] == f"{web.home}/news/0"
    assert found["missing"] == ["no item has an author or summary. Their pages are asked for it."]
    assert "its items are comments" in places["/comments/feed/"]["against"]
    assert "It carries one category or tag." in places["/category/sport/feed/"]["how"]
    assert places["/old/rss.xml"]["trouble"] == "answered 404 Not Found"
    assert places["/sitemap.xml"]["trouble"] == "not asked: a feed was found"
    assert places["/"]["kind"] == "list"
    assert web.count("/sitemap.xml") == 0
    assert {file: file.read_bytes() for file in site.rglob("*") if file.is_file()} == before


def test_add_saves_what_try_shows(web: SmallWeb, site: Path) -> None:
    """One search for both; `add` asks for less."""
    web.pages = {
        "/": (HTML, f'<link rel=alternate type=application/rss+xml href="/feed/">{LIST}'),
        "/feed/": (XML, rss("The Paper")),
    }
    shown = tried(site, web.home)["chosen"]["url"]
    asked = len(web.seen)
    result = wiredesk("add", web.home, "--site", str(site), "--folder", "National")
    (source,) = sources(site)

    assert result.exit_code == 0
    assert "chosen:" in result.stdout
    assert (source.url, source.kind, source.title, source.folder) == (shown, "feed", "The Paper", ("National",))
    assert len(web.seen) - asked < asked


def test_a_news_sitemap_is_taken_where_there_is_no_feed(web: SmallWeb, site: Path) -> None:
    """robots.txt names an index, the index the one for news; that one becomes the source."""
    news = sitemap("/news/0", "/news/1", "/news/2").replace(
        "<lastmod>", "<n:news xmlns:n='n'><n:title>Ferry ordered</n:title></n:news><lastmod>"
    )
    web.pages = {
        "/": (HTML, "<title>Paper</title>" + LIST),
        "/robots.txt": ("text/plain", "User-agent: *\nAllow: /\nSitemap: HOME/index.xml\n"),
        "/index.xml": (
            XML,
            "<sitemapindex><sitemap><loc>HOME/tags.xml</loc></sitemap><sitemap><loc>HOME/news.xml</loc></sitemap></sitemapindex>",
        ),
        "/news.xml": (XML, news),
    }
    result = wiredesk("add", web.home, "--site", str(site))
    (source,) = sources(site)

    assert result.exit_code == 0
    assert (source.url, source.kind) == (f"{web.home}/news.xml", "sitemap")
    assert "there is no usable feed" in result.stdout
    assert web.count("/tags.xml") == 0
    assert "sitemap  -  Paper" in wiredesk("sources", "--site", str(site)).stdout


def test_an_archive_sitemap_is_of_no_use_and_the_page_is_read_as_a_list(web: SmallWeb, site: Path) -> None:
    """The proposal's selectors are saved, and told as options."""
    web.pages = {
        "/": (HTML, "<title>Paper</title>" + LIST),
        "/sitemap.xml": (XML, sitemap(*(f"/{n}" for n in range(300)), at=NOW - timedelta(days=900))),
    }
    found = tried(site, web.home)
    result = wiredesk("add", web.home, "--site", str(site))
    (source,) = sources(site)

    assert found["chosen"]["kind"] == "list"
    assert (source.kind, source.selectors) == ("list", Selectors(item="div.row", link="h3 > a", date="span.news-date"))
    assert "--item 'div.row' --link 'h3 > a' --date 'span.news-date'" in result.stdout
    assert "neither a feed nor a sitemap of use" in result.stdout


def test_selectors_of_the_owner(web: SmallWeb, site: Path) -> None:
    """They mean this page as a list, whatever feeds there are; nothing else is asked."""
    web.pages = {
        "/": (HTML, f'<link rel=alternate type=application/rss+xml href="/feed/">{LIST}'),
        "/feed/": (XML, rss("The Paper")),
    }
    options = ("--item", "div.row", "--date", ".news-date")
    found = tried(site, web.home, *options)
    wiredesk("add", web.home, "--site", str(site), *options)
    (source,) = sources(site)

    assert found["chosen"]["kind"] == "list"
    assert [item["title"] for item in found["items"]] == list(HEADLINES)
    assert found["items"][0]["date"] == "2026-09-07T00:00:00+00:00"
    assert web.count("/feed/") == 0
    assert source.selectors == Selectors(item="div.row", date=".news-date")


def test_selectors_that_match_nothing_are_told(web: SmallWeb, site: Path) -> None:
    """Exit code 1, which selector, and what to do; nothing is saved."""
    web.pages = {"/": (HTML, LIST)}
    shown = wiredesk("try", web.home, "--site", str(site), "--item", "li.none")
    result = wiredesk("add", web.home, "--site", str(site), "--item", "li.none")

    assert shown.exit_code == 1
    assert "item selector 'li.none' matches nothing on the page" in " ".join(shown.stdout.split())
    assert result.exit_code == 1
    assert sources(site) == []


def test_comments_are_never_taken(web: SmallWeb, site: Path) -> None:
    """Not even where they are the only feed, whether they are named so or not."""
    web.pages = {
        "/": (
            HTML,
            '<link rel=alternate type=application/rss+xml href="/comments/feed/">'
            f'<link rel=alternate type=application/rss+xml href="/feed/">{LIST}',
        ),
        "/comments/feed/": (XML, rss("Paper")),
        "/feed/": (XML, rss("Paper", prefix="Comment on ")),
    }

    assert tried(site, web.home)["chosen"]["kind"] == "list"
    web.pages["/"] = (HTML, web.pages["/"][1].replace(LIST, ""))
    assert tried(site, web.home)["chosen"] is None


def test_kind_narrows_the_choice(web: SmallWeb, site: Path) -> None:
    """A list although there is a feed; a sitemap although there is none: told."""
    web.pages = {
        "/": (HTML, f'<link rel=alternate type=application/rss+xml href="/feed/">{LIST}'),
        "/feed/": (XML, rss("The Paper")),
    }

    assert tried(site, web.home, "--kind", "list")["chosen"]["kind"] == "list"
    assert tried(site, web.home, "--kind", "sitemap")["why"] == "No sitemap of use was found."
    with pytest.raises(Exception, match="parts of a list"):
        wiredesk("try", web.home, "--kind", "feed", "--item", "p")


@pytest.mark.parametrize(("path", "kind"), [("/feed/", "feed"), ("/s.xml", "sitemap")])
def test_an_address_that_is_one_itself(web: SmallWeb, site: Path, path: str, kind: str) -> None:
    """A feed and a sitemap speak for themselves: nothing else is asked but robots.txt."""
    web.pages = {"/feed/": (XML, rss("The Paper")), "/s.xml": (XML, sitemap("/a", "/b", "/c"))}
    found = tried(site, web.home + path)

    assert (found["chosen"]["kind"], found["chosen"]["url"]) == (kind, web.home + path)
    assert found["requests"] == 1
    assert {path for path, _ in web.seen} == {path, "/robots.txt"}


def test_requests_are_bounded(web: SmallWeb, site: Path) -> None:
    """A page that names hundreds of feeds is not asked for hundreds."""
    links = "".join(f'<link rel=alternate type=application/rss+xml href="/feed/{n}">' for n in range(300))
    web.pages = {"/": (HTML, links), "/robots.txt": ("text/plain", "Sitemap: HOME/s.xml\n" * 40)}
    found = tried(site, web.home)

    assert found["chosen"] is None
    assert found["requests"] <= 21
    assert len(web.seen) <= 22


def test_what_cannot_be_had_is_told(site: Path) -> None:
    """A private address that no setting opens."""
    result = wiredesk("add", "http://127.0.0.9:1/", "--site", str(site))

    assert result.exit_code == 1
    assert "loopback" in result.stderr


def test_it_reads_well_at_80_columns(web: SmallWeb, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is wider; titles, dates, the choice, and how to save it."""
    monkeypatch.setenv("COLUMNS", "80")
    web.pages = {
        "/": (HTML, f'<title>The Paper</title><link rel=alternate type=application/rss+xml href="/feed/">{LIST}'),
        "/feed/": (XML, rss("The Paper", path="/news/" + "very-" * 30 + "long-{}")),
    }
    result = wiredesk("try", web.home, "--site", str(site), "--items", "2")
    lines = result.stdout.splitlines()

    assert result.exit_code == 0
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("The Paper  http://")
    assert any(line.startswith("Chosen: the feed") for line in lines)
    assert any(f"{NOW - timedelta(hours=3):%Y-%m-%d %H:%M}  {HEADLINES[0]}" in line for line in lines)
    assert "  and 3 more" in lines
    assert lines[-1] == f"Save it with wiredesk add {web.home}"


def test_try_needs_no_site(tmp_path: Path) -> None:
    """In an empty folder the defaults count: loopback is refused, as ever, and the folder stays empty."""
    result = CliRunner().invoke(cli, ["try", "http://127.0.0.5:1/", "--site", str(tmp_path)])

    assert result.exit_code == 1
    assert "loopback" in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def asked(web: SmallWeb) -> list[str]:
    return [path for path, _ in web.seen]


def run(site: Path) -> dict[str, object]:
    return json.loads(wiredesk("run", "--site", str(site), "--json", "--jobs", "1").stdout)


def article(title: str) -> str:
    text = "Readers followed the day from the quay, where the talk was of little else, and the office gave no figures. "
    return (
        f'<html lang="en"><head><title>{title}</title><meta property="og:title" content="{title}"></head>'
        f"<body><article><h1>{title}</h1><p>{title}. {text * 3}</p><p>{text * 3}</p></article></body></html>"
    )


def test_several_addresses_in_one_go(web: SmallWeb, site: Path) -> None:
    """One of them dead: each is asked, and each host only once for robots.txt."""
    web.pages = {f"/{name}.xml": (XML, rss(name, path=f"/{name}/{{}}")) for name in "abc"}
    addresses = [f"{web.home}/{path}" for path in ("a.xml", "nowhere", "b.xml", "c.xml")]
    result = wiredesk("add", *addresses, "--site", str(site))

    assert result.exit_code == 1
    assert "1 of 4 could not be added" in result.output
    assert "3 sources added, 3 in all" in result.stdout
    assert [source.title for source in sources(site)] == ["a", "b", "c"]
    assert asked(web) == ["/robots.txt", "/a.xml", "/nowhere", "/b.xml", "/c.xml"]


@pytest.mark.parametrize("kind", ["feed", "sitemap", "list"])
def test_the_first_run_publishes_what_add_was_told(web: SmallWeb, site: Path, kind: str) -> None:
    """At once, and without asking the source or robots.txt again: only its pages are fetched; then it waits."""
    web.pages = {f"/news/{n}": (HTML, article(title)) for n, title in enumerate(HEADLINES)}
    web.pages |= {
        "/feed": (XML, rss("The Paper")),
        "/sitemap": (XML, sitemap(*(f"/news/{n}" for n in range(5)))),
        "/list": (HTML, "<title>Paper</title>" + LIST),
    }
    wiredesk("add", f"{web.home}/{kind}", "--kind", kind, "--site", str(site))
    before = len(web.seen)
    told = run(site)
    since = asked(web)[before:]

    assert asked(web)[:before].count(f"/{kind}") == 1
    assert told["articles"]["all"] == 5
    assert sorted(path for path in since if not path.startswith("/.well-known")) == [f"/news/{n}" for n in range(5)]
    before = len(web.seen)
    assert run(site)["edition"]["files_written"] == 0
    assert web.seen[before:] == []


def test_a_source_that_is_due_is_asked_with_what_add_was_given(web: SmallWeb, site: Path) -> None:
    """Conditionally; the articles are there all the same, and a rebuild without the database has them too."""
    web.pages = {f"/news/{n}": (HTML, article(title)) for n, title in enumerate(HEADLINES)}
    web.pages["/feed/"] = (XML, rss("The Paper"))
    wiredesk("add", f"{web.home}/feed/", "--site", str(site))
    told = json.loads(wiredesk("run", "--site", str(site), "--json", "--jobs", "1", "--poll-all").stdout)

    assert [status for path, status in web.seen if path == "/feed/"] == [200, 304]
    assert told["articles"]["all"] == 5
    for file in site.glob("wiredesk.db*"):
        file.unlink()
    rebuilt = json.loads(wiredesk("rebuild", "--site", str(site), "--json", "--jobs", "1").stdout)
    assert rebuilt["articles"]["all"] == 5


def test_a_news_sitemap_of_an_index_is_handed_over(web: SmallWeb, site: Path) -> None:
    """The one that becomes the source, not the index that named it."""
    web.pages = {
        "/index.xml": (XML, "<sitemapindex><sitemap><loc>HOME/news.xml</loc></sitemap></sitemapindex>"),
        "/news.xml": (XML, sitemap("/news/0", "/news/1", "/news/2")),
        **{f"/news/{n}": (HTML, article(HEADLINES[n])) for n in range(3)},
    }
    wiredesk("add", f"{web.home}/index.xml", "--site", str(site))
    told = run(site)

    assert [source.url for source in sources(site)] == [f"{web.home}/news.xml"]
    assert asked(web).count("/news.xml") == 1
    assert told["articles"]["all"] == 3


def test_a_dry_run_keeps_nothing(web: SmallWeb, site: Path) -> None:
    """Neither captures, nor a state, nor what hosts said."""
    web.pages = {"/feed/": (XML, rss("The Paper"))}
    wiredesk("add", f"{web.home}/feed/", "--site", str(site), "--dry-run")

    assert list((site / "captures").glob("*")) == []
    with closing(Store(site / "wiredesk.db")) as store:
        assert (store.intake.sources(), store.intake.capture_count(), store.hosts.all()) == ([], 0, [])
