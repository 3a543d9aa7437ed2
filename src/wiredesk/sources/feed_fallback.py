"""feedparser's reading of what our own reader cannot make out: ill-formed beyond mending, charsets that lie.

It is patient and slow (0.2-3 MB a second), so it gets no more than the first half megabyte.
"""

from __future__ import annotations

import calendar
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from wiredesk.records import Image, Page, Problem, WireItem
from wiredesk.sources.dates import parse_date
from wiredesk.sources.feed_model import (
    MAX_ITEMS,
    Feed,
    FeedKind,
    address,
    distinct,
    language_of,
    location_of,
    pixels,
    summary_of,
    text_of,
    too_many,
)
from wiredesk.sources.markup import has_markup, plain_line
from wiredesk.text import shorten

MOST_BYTES = 2**19


def read_patiently(page: Page, body: bytes) -> Feed | None:
    """Return what feedparser finds in `body`, which is what `page` holds; None where it finds no feed."""
    import feedparser  # 0.1 s and 10 MB, and seldom needed

    base = location_of(page)
    headers = {name.lower(): value for name, value in reversed(page.headers)}
    parsed = feedparser.parse(
        io.BytesIO(body[:MOST_BYTES]),  # bare bytes would be tried as the name of a local file
        response_headers=headers | {"content-location": base},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    entries = parsed.entries
    if not parsed.version and not entries and not parsed.feed.get("title"):
        return None
    language = language_of(parsed.feed.get("language"))
    return Feed(
        url=page.final_url,
        title=plain_line(text_of(parsed.feed.get("title"))),
        site_url=address(base, parsed.feed.get("link")),
        language=language,
        kind=_kind(parsed.version),
        items=tuple(_item(page, base, language, entry) for entry in entries[:MAX_ITEMS]),
        problems=(*_problems(page, parsed, feedparser, len(body)), *too_many(page.url, len(entries))),
        hubs=_links(base, parsed.feed, "hub"),
        self_url=next(iter(_links(base, parsed.feed, "self")), None),
    )


def _problems(page: Page, parsed: Mapping[str, Any], feedparser: Any, size: int) -> Iterator[Problem]:
    if size > MOST_BYTES:
        what = f"the feed is broken, and larger than {MOST_BYTES // 2**10} KiB"
        yield Problem(where=page.url, what=what, now="its beginning is read", stage="sources")
    fault = parsed.get("bozo_exception")
    # A charset that differs from the declared one is found out and mended without loss.
    if fault is None or isinstance(fault, (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)):
        return
    line = getattr(fault, "getLineNumber", lambda: None)()
    where = f"{page.url}:{line}" if line else page.url
    message = getattr(fault, "getMessage", lambda: str(fault))()
    what = f"the feed is not well-formed: {shorten(message, 200)}"
    yield Problem(where=where, what=what, now="what could be read was read", stage="sources")


def _links(base: str, feed: Mapping[str, Any], rel: str) -> tuple[str, ...]:
    found = (address(base, link.get("href")) for link in feed.get("links") or () if link.get("rel") == rel)
    return tuple(dict.fromkeys(filter(None, found)))


def _kind(version: str) -> FeedKind:
    if version in {"rss10", "rss090"}:
        return "rdf"
    if version.startswith("atom"):
        return "atom"
    return "cdf" if version == "cdf" else "rss"


def _item(page: Page, base: str, language: str | None, entry: Mapping[str, Any]) -> WireItem:
    content = [text_of(part.get("value")) for part in entry.get("content") or ()]
    summary = text_of(entry.get("summary"))
    full = max(content, key=len, default="")
    if not full and has_markup(summary):
        full = summary
    return WireItem(
        source_url=page.url,
        url=address(base, entry.get("link")) or "",
        guid=text_of(entry.get("id")).strip() or None,
        title=plain_line(text_of(entry.get("title"))),
        summary=summary_of(summary, full),
        content_html=full or None,
        authors=distinct(text_of(author.get("name")) for author in entry.get("authors") or ()),
        tags=distinct(text_of(tag.get("label") or tag.get("term")) for tag in entry.get("tags") or ()),
        published_at=_moment(entry, "published") or _moment(entry, "created"),
        updated_at=_moment(entry, "updated") if "updated" in entry else None,
        image=_image(base, entry),
        language=language_of((entry.get("title_detail") or {}).get("language")) or language,
    )


def _moment(entry: Mapping[str, Any], name: str) -> datetime | None:
    """feedparser's nine numbers, already UTC, where our own reading of the date gives nothing."""
    if found := parse_date(text_of(entry.get(name))):
        return found
    try:
        return datetime.fromtimestamp(calendar.timegm(entry[f"{name}_parsed"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _image(base: str, entry: Mapping[str, Any]) -> Image | None:
    """Return the widest picture that the entry names; media:content before thumbnails before enclosures."""
    media = [m for m in entry.get("media_content") or () if _is_picture(m)]
    enclosures = [e for e in entry.get("enclosures") or () if _is_picture(e)]
    for group in (media, entry.get("media_thumbnail") or (), enclosures):
        for found in sorted(group, key=lambda m: -(pixels(m.get("width")) or 0)):
            if url := address(base, found.get("url") or found.get("href")):
                credit = entry.get("media_credit") or [{}]
                return Image(
                    url=url,
                    width=pixels(found.get("width")),
                    height=pixels(found.get("height")),
                    attribution=plain_line(text_of(credit[0].get("content"))) or None,
                )
    return None


def _is_picture(media: Mapping[str, Any]) -> bool:
    return text_of(media.get("medium")).lower() == "image" or text_of(media.get("type")).lower().startswith("image/")
