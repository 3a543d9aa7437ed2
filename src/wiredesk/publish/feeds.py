"""The newest published items as RSS 2.0, Atom 1.0 and JSON Feed 1.1.

One entry is one article: its id is that of the article, its link is the page at the publisher, and it names the story
page beside it.  The feed's own date is that of its newest entry, so that the same items give the same bytes.

Source: RSS 2.0 (cyber.harvard.edu/rss), RFC 4287, jsonfeed.org/version/1.1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from wiredesk.publish.images import held_path
from wiredesk.publish.site.pages import Site
from wiredesk.publish.site.views import plain, safe_href, story_path
from wiredesk.publish.xml import add, begin, document
from wiredesk.records import Item
from wiredesk.text import clean

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # date of a feed without entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed is about: the whole site, or one topic of it."""

    title: str
    description: str
    path: str  # of its page, from the root of the site; its files lie in this folder
    items: Sequence[Item]  # newest first

    @property
    def updated(self) -> datetime:
        """The newest time that any entry names."""
        return max((_updated(item) for item in self.items), default=_EPOCH)


def urn(item: Item) -> str:
    """Return the id of an entry: it stays when headline, address or date change."""
    return f"urn:wiredesk:article:{item.article.id}"


def rss(site: Site, feed: Feed) -> bytes:
    """Return RSS 2.0; authors as dc:creator, since RSS itself wants mail addresses."""
    root = begin("rss", {"atom": _ATOM, "dc": _DC})
    root.set("version", "2.0")
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", site.url(feed.path))
    add(channel, "description", feed.description)
    add(channel, "language", site.settings.site.language)
    add(channel, "lastBuildDate", _rfc822(feed.updated))
    add(channel, "generator", "Wiredesk")
    add(channel, f"{{{_ATOM}}}link", rel="self", type="application/rss+xml", href=site.url(f"{feed.path}feed.xml"))
    add(channel, f"{{{_ATOM}}}icon", site.url("icon.svg"))
    for item in feed.items:
        entry = add(channel, "item")
        add(entry, "title", plain(item.article.title))
        add(entry, "link", _link(site, item))
        add(entry, "description", plain(item.article.excerpt))
        for author in item.article.authors:
            add(entry, f"{{{_DC}}}creator", plain(author))
        add(entry, f"{{{_DC}}}publisher", plain(item.article.provider.name))
        if item.article.language:
            add(entry, f"{{{_DC}}}language", item.article.language)
        for tag in item.topics:
            add(entry, "category", plain(tag.topic))
        add(entry, "comments", site.url(story_path(item.story)))
        add(entry, "guid", urn(item), isPermaLink="false")
        add(entry, "pubDate", _rfc822(item.article.told_at))
    return document(root)


def atom(site: Site, feed: Feed) -> bytes:
    """Return Atom 1.0; an entry without authors has its provider as author, as the format wants one."""
    root = begin(f"{{{_ATOM}}}feed", {None: _ATOM})
    root.set(_LANG, site.settings.site.language)
    add(root, f"{{{_ATOM}}}title", feed.title)
    add(root, f"{{{_ATOM}}}subtitle", feed.description)
    add(root, f"{{{_ATOM}}}id", site.url(feed.path))
    add(root, f"{{{_ATOM}}}updated", _rfc3339(feed.updated))
    add(root, f"{{{_ATOM}}}link", rel="self", type="application/atom+xml", href=site.url(f"{feed.path}atom.xml"))
    add(root, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=site.url(feed.path))
    add(root, f"{{{_ATOM}}}icon", site.url("icon.svg"))
    add(root, f"{{{_ATOM}}}generator", "Wiredesk")
    for item in feed.items:
        entry = add(root, f"{{{_ATOM}}}entry")
        if item.article.language:
            entry.set(_LANG, clean(item.article.language))
        add(entry, f"{{{_ATOM}}}title", plain(item.article.title))
        add(entry, f"{{{_ATOM}}}id", urn(item))
        add(entry, f"{{{_ATOM}}}link", rel="alternate", href=_link(site, item))
        add(entry, f"{{{_ATOM}}}link", rel="related", type="text/html", href=site.url(story_path(item.story)))
        add(entry, f"{{{_ATOM}}}published", _rfc3339(item.article.told_at))
        add(entry, f"{{{_ATOM}}}updated", _rfc3339(_updated(item)))
        for name in item.article.authors or (item.article.provider.name,):
            add(add(entry, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", plain(name))
        for tag in item.topics:
            add(entry, f"{{{_ATOM}}}category", term=plain(tag.topic))
        add(entry, f"{{{_ATOM}}}summary", plain(item.article.excerpt))
        source = add(entry, f"{{{_ATOM}}}source")
        add(source, f"{{{_ATOM}}}id", f"urn:wiredesk:provider:{item.article.provider.domain}")
        add(source, f"{{{_ATOM}}}title", plain(item.article.provider.name))
        add(source, f"{{{_ATOM}}}updated", _rfc3339(_updated(item)))
    return document(root)


def json_feed(site: Site, feed: Feed) -> bytes:
    """Return JSON Feed 1.1; what the format has no name for stands under `_wiredesk`."""
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(feed.title),
        "home_page_url": site.url(feed.path),
        "feed_url": site.url(f"{feed.path}feed.json"),
        "description": clean(feed.description),
        "language": site.settings.site.language,
        "favicon": site.url("icon.svg"),
        "items": [_json_item(site, item) for item in feed.items],
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def _json_item(site: Site, item: Item) -> dict[str, Any]:
    article = item.article
    value: dict[str, Any] = {
        "id": urn(item),
        "url": _link(site, item),
        "title": plain(article.title),
        "content_text": plain(article.excerpt),
        "date_published": _rfc3339(article.told_at),
        "date_modified": _rfc3339(_updated(item)),
        "authors": [{"name": plain(name)} for name in article.authors or (article.provider.name,)],
        "tags": [plain(tag.topic) for tag in item.topics],
    }
    if article.language:
        value["language"] = clean(article.language)
    if path := held_path(article.image):
        value["image"] = site.url(path)
    value["_wiredesk"] = {
        "story_url": site.url(story_path(item.story)),
        "provider": {"name": plain(article.provider.name), "domain": article.provider.domain},
    }
    return value


def _link(site: Site, item: Item) -> str:
    return safe_href(item.article.canonical_url) or site.url(story_path(item.story))


def _updated(item: Item) -> datetime:
    """Return when the article last changed as far as we saw; never the page's claim, which may lie ahead."""
    return max([item.article.told_at, *(version.seen_at for version in item.article.versions[1:])])


def _rfc822(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
