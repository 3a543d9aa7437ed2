"""A fetched page -> the feed that it is: RSS, Atom, RDF, CDF (by feedparser) or JSON Feed."""

from __future__ import annotations

import calendar
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import feedparser

from wiredesk.errors import UnreadableError
from wiredesk.records import Image, Page, Problem, WireItem
from wiredesk.sources.markup import plain_line, plain_text
from wiredesk.text import collapse, shorten
from wiredesk.urls import resolve

FeedKind = Literal["rss", "atom", "rdf", "cdf", "json"]

MAX_ITEMS = 5_000  # of one feed; real ones stay below 1,000
_MAX_UNPACKED = 32 * 2**20  # bytes of a feed that is itself a gzip file
_SUMMARY = 1_000  # characters
_WEB_BEGINS = datetime(1970, 1, 2, tzinfo=UTC)  # anything older is an empty date field, written as zero
_MARKUP = re.compile(r"<[a-zA-Z][^<>]*>")
_OTHERS = (  # what is served in place of a feed: first bytes -> its name
    (re.compile(rb"<html[\s>]", re.IGNORECASE), "a web page (HTML), not a feed"),
    (
        re.compile(rb"<!doctype\s+html(?![\s\S]*<(?:rss|feed|rdf|channel))", re.IGNORECASE),
        "a web page (HTML), not a feed",
    ),
    (re.compile(rb"<opml[\s>]", re.IGNORECASE), "a subscription list (OPML), not a feed"),
    (re.compile(rb"<(?:sitemapindex|urlset)[\s>]", re.IGNORECASE), "a sitemap, not a feed"),
)
_FEED_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says: of itself, and of its articles, in document order."""

    url: str  # where it was found, after redirects
    title: str = ""
    site_url: str | None = None  # home page
    language: str | None = None  # ISO 639-1, lower case
    kind: FeedKind = "rss"
    items: tuple[WireItem, ...] = ()
    problems: tuple[Problem, ...] = ()
    ttl: timedelta | None = None  # RSS `ttl`: how long it may be kept
    period: timedelta | None = None  # `sy:updatePeriod` / `sy:updateFrequency`: time between two updates
    skip_hours: tuple[int, ...] = ()  # RSS `skipHours`: hours of the day (UTC, 0-23) without updates
    skip_days: tuple[int, ...] = ()  # RSS `skipDays`: days of the week (Monday is 0) without updates
    hubs: tuple[str, ...] = ()  # WebSub hubs, absolute; also from `Link` headers
    self_url: str | None = None  # the address that the feed gives itself: the topic of a WebSub subscription


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
    body = _unpacked(page)
    if not body.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise UnreadableError(page.url, "the answer is empty, not a feed")
    try:
        feed = _from_json(page, body) if _looks_like_json(body) else _from_xml(page, body)
    except UnreadableError:
        raise
    except Exception as error:  # feedparser and json raise all sorts on hostile bytes
        raise UnreadableError(page.url, f"the feed cannot be read ({type(error).__name__}: {error})") from error
    return feed if as_written else _usable(feed)


def _usable(feed: Feed) -> Feed:
    problems = list(feed.problems)
    items = [item for item in feed.items if item.url]
    if left_out := len(feed.items) - len(items):
        what = f"{left_out} of {len(feed.items)} entries have no web address"
        problems.append(Problem(where=feed.url, what=what, now="they are left out", stage="sources"))
    items = [
        replace(item, published_at=_plausible(item.published_at), updated_at=_plausible(item.updated_at))
        for item in items
    ]
    seen = Counter(item.guid for item in items)
    if repeated := sum(count for guid, count in seen.items() if guid and count > 1):
        what = f"{repeated} entries share their GUID with another"
        problems.append(Problem(where=feed.url, what=what, now="they are told apart by address", stage="sources"))
        items = [replace(item, guid=None) if seen[item.guid] > 1 else item for item in items]
    return replace(feed, items=tuple(items), problems=tuple(problems))


def _plausible(moment: datetime | None) -> datetime | None:
    return moment if moment and moment >= _WEB_BEGINS else None


def _unpacked(page: Page) -> bytes:
    """Undo one gzip layer: some servers send a .gz file as the feed, without saying so."""
    if not page.body.startswith(b"\x1f\x8b\x08"):
        return page.body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(page.body, _MAX_UNPACKED)
    except zlib.error as error:
        raise UnreadableError(page.url, f"a broken gzip file ({error})") from error
    if unpacker.unconsumed_tail:
        raise UnreadableError(page.url, f"a gzip file of more than {_MAX_UNPACKED // 2**20} MiB")
    return body


def _looks_like_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf\r\n\t ")[:1] == b"{"


# --- RSS, Atom, RDF, CDF ----------------------------------------------------------------------------------------


def _from_xml(page: Page, body: bytes) -> Feed:
    start = body[:4096].replace(b"\x00", b"")  # UTF-16 shows as ASCII with zeros between
    root = _FEED_ROOT.search(start)
    for pattern, what in _OTHERS:
        other = pattern.search(start)
        if other and (not root or other.start() < root.start()):
            raise UnreadableError(page.url, what)
    parsed = feedparser.parse(
        io.BytesIO(body),  # bare bytes would be tried as the name of a local file
        response_headers=_headers(page),
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    entries = parsed.entries
    if not parsed.version and not entries and not parsed.feed.get("title"):
        kind = page.content_type or "unknown type"
        raise UnreadableError(page.url, f"not a feed ({kind}, begins with {_beginning(start)})")
    base = _address(page.final_url, page.header("content-location")) or page.final_url
    language = _language(parsed.feed.get("language"))
    items = tuple(_xml_item(page, base, language, entry) for entry in entries[:MAX_ITEMS])
    return Feed(
        url=page.final_url,
        title=plain_line(_str(parsed.feed.get("title"))),
        site_url=_address(base, parsed.feed.get("link")),
        language=language,
        kind=_kind(parsed.version),
        items=items,
        problems=(*_xml_problems(page, parsed), *_too_many(page, len(entries))),
    )


def _headers(page: Page) -> dict[str, str]:
    """Return what feedparser wants: names in lower case, and the base address of relative links."""
    headers = {name.lower(): value for name, value in reversed(page.headers)}
    headers["content-location"] = _address(page.final_url, headers.get("content-location")) or page.final_url
    return headers


def _xml_problems(page: Page, parsed: Mapping[str, Any]) -> Iterable[Problem]:
    fault = parsed.get("bozo_exception")
    # A charset that differs from the declared one is found out and mended without loss.
    if fault is None or isinstance(fault, (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)):
        return
    line = getattr(fault, "getLineNumber", lambda: None)()
    where = f"{page.url}:{line}" if line else page.url
    message = getattr(fault, "getMessage", lambda: str(fault))()
    what = f"the feed is not well-formed: {shorten(message, 200)}"
    yield Problem(where=where, what=what, now="what could be read was read", stage="sources")


def _kind(version: str) -> FeedKind:
    if version in {"rss10", "rss090"}:
        return "rdf"
    if version.startswith("atom"):
        return "atom"
    return "cdf" if version == "cdf" else "rss"


def _xml_item(page: Page, base: str, language: str | None, entry: Mapping[str, Any]) -> WireItem:
    content = [_str(part.get("value")) for part in entry.get("content") or ()]
    summary = _str(entry.get("summary"))
    full = max(content, key=len, default="")
    if not full and _MARKUP.search(summary):
        full = summary
    return WireItem(
        source_url=page.url,
        url=_address(base, entry.get("link")) or "",
        guid=_str(entry.get("id")).strip() or None,
        title=plain_line(_str(entry.get("title"))),
        summary=shorten(plain_text(summary or full), _SUMMARY),
        content_html=full or None,
        authors=_distinct(_str(author.get("name")) for author in entry.get("authors") or ()),
        tags=_distinct(_str(tag.get("label") or tag.get("term")) for tag in entry.get("tags") or ()),
        published_at=_moment(entry.get("published_parsed")) or _moment(entry.get("created_parsed")),
        updated_at=_moment(entry.get("updated_parsed")) if "updated" in entry else None,
        image=_xml_image(base, entry),
        language=_language((entry.get("title_detail") or {}).get("language")) or language,
    )


def _moment(parts: Any) -> datetime | None:
    """feedparser's nine numbers, already UTC, as a datetime; None where no calendar has that day."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parts), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _xml_image(base: str, entry: Mapping[str, Any]) -> Image | None:
    """Return the widest picture that the entry names; media:content before thumbnails before enclosures."""
    media = [m for m in entry.get("media_content") or () if _is_picture(m)]
    enclosures = [e for e in entry.get("enclosures") or () if _is_picture(e)]
    for group in (media, entry.get("media_thumbnail") or (), enclosures):
        for found in sorted(group, key=lambda m: -(_pixels(m.get("width")) or 0)):
            if url := _address(base, found.get("url") or found.get("href")):
                credit = entry.get("media_credit") or [{}]
                return Image(
                    url=url,
                    width=_pixels(found.get("width")),
                    height=_pixels(found.get("height")),
                    attribution=collapse(_str(credit[0].get("content"))) or None,
                )
    return None


def _is_picture(media: Mapping[str, Any]) -> bool:
    return _str(media.get("medium")).lower() == "image" or _str(media.get("type")).lower().startswith("image/")


# --- JSON Feed (https://www.jsonfeed.org/version/1.1/) ----------------------------------------------------------


def _from_json(page: Page, body: bytes) -> Feed:
    try:
        raw = json.loads(body.decode("utf-8-sig", "replace"))
    except ValueError as error:
        raise UnreadableError(page.url, f"JSON that cannot be read ({error})") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("items"), list):
        raise UnreadableError(page.url, "JSON, but not a JSON Feed")
    language = _language(raw.get("language"))
    entries = [entry for entry in raw["items"] if isinstance(entry, dict)]
    return Feed(
        url=page.final_url,
        title=plain_line(_str(raw.get("title"))),
        site_url=_address(page.final_url, raw.get("home_page_url")),
        language=language,
        kind="json",
        items=tuple(_json_item(page, language, entry) for entry in entries[:MAX_ITEMS]),
        problems=_too_many(page, len(entries)),
    )


def _json_item(page: Page, language: str | None, entry: Mapping[str, Any]) -> WireItem:
    base = page.final_url
    identity = entry.get("id")
    guid = str(identity).strip() if isinstance(identity, (str, int, float)) else ""
    content_html = _str(entry.get("content_html"))
    summary = _str(entry.get("summary")) or _str(entry.get("content_text"))
    addresses = (_address(base, link) for link in (entry.get("url"), entry.get("external_url")))
    pictures = (_address(base, link) for link in (entry.get("image"), entry.get("banner_image")))
    by = [entry.get("author"), *_list(entry.get("authors"))]
    picture = next(filter(None, pictures), None)
    return WireItem(
        source_url=page.url,
        url=next(filter(None, addresses), None) or (_address(base, guid) if guid.startswith("http") else None) or "",
        guid=guid or None,
        title=plain_line(_str(entry.get("title"))),
        summary=shorten(collapse(summary) if summary else plain_text(content_html), _SUMMARY),
        content_html=content_html or None,
        authors=_distinct(_str(author.get("name")) for author in by if isinstance(author, dict)),
        tags=_distinct(_str(tag) for tag in _list(entry.get("tags"))),
        published_at=_json_moment(entry.get("date_published")),
        updated_at=_json_moment(entry.get("date_modified")),
        image=Image(url=picture) if picture else None,
        language=_language(entry.get("language")) or language,
    )


def _json_moment(value: Any) -> datetime | None:
    """Read RFC 3339, as the format asks, or RFC 2822, as some write."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(_str(value).strip())
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


# --- both -------------------------------------------------------------------------------------------------------


def _too_many(page: Page, count: int) -> tuple[Problem, ...]:
    if count <= MAX_ITEMS:
        return ()
    now = f"the first {MAX_ITEMS} are read"
    return (Problem(where=page.url, what=f"the feed has {count} entries", now=now, stage="sources"),)


def _address(base: str, link: Any) -> str | None:
    try:
        return resolve(base, link) if isinstance(link, str) else None
    except ValueError:
        return None


def _language(value: Any) -> str | None:
    found = re.match(r"([a-zA-Z]{2})(?:[-_]|$)", _str(value).strip())
    return found[1].lower() if found else None


def _pixels(value: Any) -> int | None:
    found = re.match(r"\d{1,5}", _str(value).strip())
    return int(found[0]) or None if found else None


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values as plain lines, empty ones and repeats left out, in their order."""
    return tuple(dict.fromkeys(filter(None, map(plain_line, values))))


def _str(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _beginning(start: bytes) -> str:
    return repr(shorten(start[:80].decode("ascii", "replace"), 40))
