"""A fetched page -> the feed that it is: RSS, Atom, RDF, CDF or JSON Feed, as far as it can be read.

Our own reader first (feed_bytes, feed_xml, feed_json); feedparser behind it, where that one is unsure.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime

from wiredesk.errors import UnreadableError
from wiredesk.records import Page, Problem, WireItem
from wiredesk.sources.feed_bytes import Tree, begins, local_name, read_tree
from wiredesk.sources.feed_fallback import read_patiently
from wiredesk.sources.feed_json import read_json
from wiredesk.sources.feed_model import MAX_ITEMS, WEB_BEGINS, Feed, FeedKind, address, location_of
from wiredesk.sources.feed_xml import read_xml
from wiredesk.sources.packed import unpacked
from wiredesk.text import shorten

__all__ = ["MAX_ITEMS", "Feed", "FeedKind", "looks_like_feed", "parse_feed"]

_MAX_UNPACKED = 32 * 2**20  # bytes of a feed that is itself a gzip file
_HTML = "a web page (HTML), not a feed"
_OTHERS = {
    "html": _HTML,
    "head": _HTML,
    "body": _HTML,
    "opml": "a subscription list (OPML), not a feed",
    "outline": "a subscription list (OPML), not a feed",
    "urlset": "a sitemap, not a feed",
    "sitemapindex": "a list of sitemaps, not a feed",
}
_OTHER_ROOT = re.compile(r"<(?:!doctype\s+)?(html|opml|urlset|sitemapindex)(?=[\s>])", re.IGNORECASE)
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)(?=[\s>/])", re.IGNORECASE)
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
    | {"application/xml", "text/xml", "application/json"}
)
_ELEMENT = re.compile(r"<[a-zA-Z]")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"<([^<>]{1,2000})>((?:[^,<\"]|\"[^\"]*\")*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


def parse_feed(page: Page, *, as_written: bool = False) -> Feed:
    """Return the feed that `page` holds.

    Entries without an http(s) address are left out, with a Problem each feed; so are dates before 1970-01-02.  A GUID
    that stands on several entries identifies none and is dropped.  Dates without a zone count as UTC.  `content_html`
    is as it came: hostile until cleaned.

    Args:
        as_written: Keep entries without address (`url` is "") and dates from before the web: for benchmarks, which
            compare position by position.

    Raises:
        UnreadableError: the page is no feed; says what it is.
    """
    body = unpacked(page, _MAX_UNPACKED)
    if not body.lstrip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise UnreadableError(page.url, "the answer is empty, not a feed")
    try:
        feed = read_json(page, body) if _looks_like_json(body) else _from_xml(page, body)
    except UnreadableError:
        raise
    except Exception as error:  # parsers raise all sorts on hostile bytes
        raise UnreadableError(page.url, f"the feed cannot be read ({type(error).__name__}: {error})") from error
    feed = _with_headers(feed, page)
    return feed if as_written else _usable(feed)


def looks_like_feed(body: bytes, content_type: str) -> bool:
    """Tell by its first bytes, and by its type where these say nothing, whether `parse_feed` shall read an answer.

    Cheap and lenient: no for web pages, whatever their type; yes for feeds, whatever theirs; yes for other XML and
    JSON that is sent as such, of which `parse_feed` says what it is.

    Args:
        content_type: Media type in lower case, without parameters; "" where none was sent.
    """
    if _looks_like_json(body):
        return content_type in _FEED_TYPES or "jsonfeed.org/version" in begins(body).replace("\\/", "/")
    start = _COMMENT.sub("", begins(body))
    other = _other_root(start)
    if other == "html":
        return False
    return content_type in _FEED_TYPES or (not other and bool(_FEED_ROOT.search(start)))


def _from_xml(page: Page, body: bytes) -> Feed:
    start = begins(body)
    if other := _other_root(_COMMENT.sub("", start)):
        raise UnreadableError(page.url, _OTHERS[other])
    tree = read_tree(body, page.header("content-type") or "")
    feed = read_xml(tree, page) if tree else None
    if feed and tree and _is_trusted(feed, tree):
        return feed
    if tree and not feed and (name := local_name(tree.root.tag)) in _OTHERS:
        raise UnreadableError(page.url, _OTHERS[name])
    second = read_patiently(page, body)
    if second and (not feed or _worth(second) > _worth(feed)):
        return second
    if feed and (_worth(feed) > (0, 0, 0) or _FEED_ROOT.search(start)):
        return feed
    kind = page.content_type or "unknown type"
    raise UnreadableError(page.url, f"not a feed ({kind}, begins with {shorten(start[:80], 40)!r})")


def _is_trusted(feed: Feed, tree: Tree) -> bool:
    """Tell whether a second opinion would be a waste of time."""
    if tree.cut:
        return True  # and longer than the second reader could bear
    if not tree.sure and (not tree.whole or 10 * _worth(feed)[0] < 9 * len(feed.items)):
        return False
    return bool(feed.items or feed.title or feed.site_url or not tree.fault)


def _worth(feed: Feed) -> tuple[int, int, int]:
    usable = sum(1 for item in feed.items if item.url)
    return usable, len(feed.items), bool(feed.title) + bool(feed.site_url)


def _other_root(start: str) -> str | None:
    """Return the first element, in lower case, where it is one of another kind of document; `start` has no comments."""
    other = _OTHER_ROOT.search(start)
    if not other:
        return None
    root = _FEED_ROOT.search(start)
    if root and root.start() < other.start():
        return None
    # A feed may carry the document type of HTML, by mistake; a page may not carry a feed inside.
    if root and other[0].startswith("<!") and not _ELEMENT.search(start, other.end(), root.start()):
        return None
    return other[1].lower()


def _with_headers(feed: Feed, page: Page) -> Feed:
    """Add the hubs and the topic that `Link` headers name: they come before the document's (WebSub, section 4)."""
    headers = [value for name, value in page.headers if name.lower() == "link"]
    if not headers:
        return feed
    links = [
        (address(location_of(page), found[1]), (rel[1] or rel[2]).lower().split())
        for found in _LINK.finditer(", ".join(headers)[:20_000])
        if (rel := _REL.search(found[2]))
    ]
    hubs = [url for url, rel in links if url and "hub" in rel]
    topic = next((url for url, rel in links if url and "self" in rel), None)
    return replace(feed, hubs=tuple(dict.fromkeys([*hubs, *feed.hubs])), self_url=topic or feed.self_url)


def _usable(feed: Feed) -> Feed:
    problems = list(feed.problems)
    items = [_plausible(item) for item in feed.items if item.url]
    if left_out := len(feed.items) - len(items):
        what = f"{left_out} of {len(feed.items)} entries have no web address"
        problems.append(Problem(where=feed.url, what=what, now="they are left out", stage="sources"))
    seen = Counter(item.guid for item in items)
    if repeated := sum(count for guid, count in seen.items() if guid and count > 1):
        what = f"{repeated} entries share their GUID with another"
        problems.append(Problem(where=feed.url, what=what, now="they are told apart by address", stage="sources"))
        items = [replace(item, guid=None) if seen[item.guid] > 1 else item for item in items]
    return replace(feed, items=tuple(items), problems=tuple(problems))


def _plausible(item: WireItem) -> WireItem:
    published, updated = item.published_at, item.updated_at
    if _is_early(published) or _is_early(updated):
        published, updated = (None if _is_early(moment) else moment for moment in (published, updated))
        return replace(item, published_at=published, updated_at=updated)
    return item


def _is_early(moment: datetime | None) -> bool:
    return moment is not None and moment < WEB_BEGINS


def _looks_like_json(body: bytes) -> bool:
    return body[:40].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ")[:1] == b"{"
