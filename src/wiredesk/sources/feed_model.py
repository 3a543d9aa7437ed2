"""What a feed is to us, and the small readings that all kinds of feeds share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from wiredesk.records import Page, Problem, WireItem
from wiredesk.sources.markup import gist, plain_line
from wiredesk.urls import resolve

FeedKind = Literal["rss", "atom", "rdf", "cdf", "json"]

MAX_ITEMS = 5_000  # of one feed; real ones stay below 1,000
SUMMARY = 500  # characters; an excerpt is shorter
WEB_BEGINS = datetime(1970, 1, 2, tzinfo=UTC)  # anything older is an empty date field, written as zero

_LONGEST_PACE = 366 * 24 * 60  # minutes; nobody means to be asked less than once a year
_LANGUAGE = re.compile(r"\s*([a-zA-Z]{2})(?:[-_]|\s*$)")
_PIXELS = re.compile(r"\s*(\d{1,5})")
# Addresses that `resolve` gives back as they are: names in lower case, nothing to encode.
_PLAIN_ADDRESS = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,20}(?:/[A-Za-z0-9/._~!$'()*+,:@&=-]*)?"
    r"(?:(?<=/)\?|(?<=[A-Za-z0-9])\?)?(?:(?<=\?)[A-Za-z0-9/._~!$'()*+,:@&=-]+)?(?<!\?)"
)


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


def address(base: str, link: Any) -> str | None:
    """Return `link` absolute, None where it leads nowhere on the web."""
    if not isinstance(link, str):
        return None
    plain: str = link.strip()
    if _PLAIN_ADDRESS.fullmatch(plain):
        return plain
    try:
        return resolve(base, plain)
    except ValueError:
        return None


def location_of(page: Page) -> str:
    """Return the address that relative links of `page` start from (RFC 9110, section 8.7; RFC 3986, section 5.1)."""
    return address(page.final_url, page.header("content-location")) or page.final_url


def language_of(value: Any) -> str | None:
    """Return "de" for "de-DE"."""
    found = _LANGUAGE.match(value) if isinstance(value, str) else None
    return found[1].lower() if found else None


def pixels(value: Any) -> int | None:
    """Return a width or height; None for none and for zero."""
    found = _PIXELS.match(value) if isinstance(value, str) else None
    return int(found[1]) or None if found else None


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values as plain lines, empty ones and repeats left out, in their order."""
    return tuple(dict.fromkeys(filter(None, map(_plain, values))))


@lru_cache(maxsize=4096)
def _plain(value: str) -> str:
    return plain_line(value)  # the same authors and tags stand on many entries


def summary_of(*texts: str) -> str:
    """Return the beginning of the first text that has any, plain."""
    return next(filter(None, (gist(text, SUMMARY) for text in texts if text)), "")


def minutes(value: str) -> timedelta | None:
    """Return a number of minutes as a duration; None where it is no sensible number."""
    found = re.fullmatch(r"\s*(\d{1,7})(?:\.\d*)?\s*", value)
    return timedelta(minutes=int(found[1])) if found and 0 < int(found[1]) <= _LONGEST_PACE else None


def too_many(where: str, count: int) -> tuple[Problem, ...]:
    """Return what to tell of a feed with `count` entries."""
    if count <= MAX_ITEMS:
        return ()
    now = f"the first {MAX_ITEMS} are read"
    return (Problem(where=where, what=f"the feed has {count} entries", now=now, stage="sources"),)


def text_of(value: Any) -> str:
    """Return `value` if it is text, else ""."""
    return value if isinstance(value, str) else ""


def list_of(value: Any) -> Sequence[Any]:
    """Return `value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else ()
