"""Sitemaps and robots.txt: what search engines may find.

Source: sitemaps.org protocol 0.9; Google's news sitemap 0.9; section 12 of the record format (`news-sitemap.xml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from wiredesk.publish.site.pages import Site
from wiredesk.publish.site.views import plain, story_path
from wiredesk.publish.xml import add, begin, document
from wiredesk.records import Item

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
LIMIT = 50_000  # addresses in one sitemap, by the protocol
NEWS_LIMIT = 1_000  # addresses in a news sitemap
NEWS_DAYS = 2


def index(site: Site, paths: Iterable[str]) -> bytes:
    """Return the sitemap index for the sitemaps at `paths`.

    No dates: a story page changes with every report, and a date that is not kept is worse than none.
    """
    root = begin(f"{{{SITEMAP}}}sitemapindex", {None: SITEMAP})
    for path in paths:
        add(add(root, f"{{{SITEMAP}}}sitemap"), f"{{{SITEMAP}}}loc", site.url(path))
    return document(root)


def urls(site: Site, paths: Iterable[str]) -> bytes:
    """Return a sitemap of pages; repeated paths are listed once, and at most 50,000."""
    root = begin(f"{{{SITEMAP}}}urlset", {None: SITEMAP})
    for path in list(dict.fromkeys(paths))[:LIMIT]:
        add(add(root, f"{{{SITEMAP}}}url"), f"{{{SITEMAP}}}loc", site.url(path))
    return document(root)


def news(site: Site, items: Sequence[Item]) -> bytes:
    """Return the news sitemap: the story pages of `items` (newest first, one for each story, at most 1,000)."""
    root = begin(f"{{{SITEMAP}}}urlset", {None: SITEMAP, "news": NEWS})
    newest: dict[str, Item] = {}
    for item in items:
        newest.setdefault(item.story, item)
    for item in list(newest.values())[:NEWS_LIMIT]:
        url = add(root, f"{{{SITEMAP}}}url")
        add(url, f"{{{SITEMAP}}}loc", site.url(story_path(item.story)))
        told = add(url, f"{{{NEWS}}}news")
        publication = add(told, f"{{{NEWS}}}publication")
        add(publication, f"{{{NEWS}}}name", site.settings.site.title)
        add(publication, f"{{{NEWS}}}language", site.settings.site.language)
        add(told, f"{{{NEWS}}}publication_date", _date(item.article.told_at))
        add(told, f"{{{NEWS}}}title", plain(item.article.title))
    return document(root)


def own(site: Site, items: Sequence[Item]) -> bytes:
    """Return `news-sitemap.xml` as the reference site has it: items whose only page is here, newest first."""
    root = begin(f"{{{SITEMAP}}}urlset", {None: SITEMAP})
    for item in items:
        url = add(root, f"{{{SITEMAP}}}url")
        add(url, f"{{{SITEMAP}}}loc", site.url(f"news/{item.name}/"))
        add(url, f"{{{SITEMAP}}}lastmod", _date(item.article.told_at))
        add(url, f"{{{SITEMAP}}}changefreq", "hourly")
        add(url, f"{{{SITEMAP}}}priority", "1")
    return document(root)


def robots(site: Site) -> bytes:
    """Return robots.txt: all is open, and here is the sitemap."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {site.url('sitemap.xml')}\n".encode()


def _date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
