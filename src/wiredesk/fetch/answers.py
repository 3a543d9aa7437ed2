"""What came -> Page, NotModified or the FetchError that says in words what went wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import h2.exceptions
import httpcore2
import httpx2

from wiredesk.errors import FetchError, FetchFailed, FetchGone, FetchRefused
from wiredesk.fetch.coding import CodingError
from wiredesk.fetch.request import NotModified, Request
from wiredesk.fetch.walls import login_page, wall
from wiredesk.records import Page

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})

_LONGEST_WAIT = timedelta(days=30)  # of Retry-After that is believed
_ASK_LATER = frozenset({408, 425, 429})
_SAID = 200  # characters of what a hub says


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The last answer of a request, and how we came to it."""

    url: httpx2.URL  # that gave it
    passed: tuple[str, ...]  # redirected from, in order
    moved_to: str | None  # as in Page
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes  # of a 2xx the whole, of others the start


def outcome(request: Request, answer: Answer, now: datetime) -> Page | NotModified:
    """Return what `answer` is to `request`.

    Raises:
        FetchRefused, FetchGone, FetchFailed: as in `Fetcher.fetch`.
    """
    url, status = request.url, answer.status
    if status == 304 and (request.etag or request.last_modified):
        return NotModified(url=url, at=now, moved_to=answer.moved_to)
    blocked = wall(status, answer.headers, answer.body)
    sent_on = 200 <= status < 300 and request.purpose in ("page", "feed") and answer.passed
    if sent_on and (led_to := login_page(url, answer.url)):
        raise FetchRefused(url, f"the site does not let us in: it sends us on to {led_to} ({answer.url})")
    behind = f": {blocked}" if blocked else ""
    if status in (404, 410):
        raise FetchGone(url, f"answered {_named(status)}", permanent=status == 410)
    if status in _ASK_LATER or status >= 500:
        wait = retry_after(answer.headers, now)
        asks = f"; it asks us to come back {_in(wait)}" if wait else ""
        raise FetchFailed(url, f"answered {_named(status)}{behind}{asks}", retry_after=wait)
    if status in (401, 402, 403, 451) or blocked:
        raise FetchRefused(url, f"the site does not let us in: {_named(status)}{behind and f', {blocked}'}")
    if request.purpose == "hub":
        if status in REDIRECTS:
            raise FetchFailed(url, f"the hub answered {_named(status)}; a hub's redirects are not followed")
        if not 200 <= status < 300:
            said = " ".join(answer.body.decode("utf-8", "replace").split())[:_SAID]
            raise FetchFailed(url, f"the hub answered {_named(status)}" + (f": {said}" if said else ""))
    else:
        if not 200 <= status < 300 or status == 206:
            raise FetchFailed(url, f"answered {_named(status)}, which is of no use here")
        if not answer.body:
            raise FetchFailed(url, "the answer is empty")
    return Page(
        url=url,
        final_url=str(answer.url),
        status=status,
        headers=answer.headers,
        body=answer.body,
        fetched_at=now,
        redirects=answer.passed,
        moved_to=answer.moved_to,
    )


def retry_after(headers: Iterable[tuple[str, str]], now: datetime) -> timedelta | None:
    """Read Retry-After in both its forms, seconds or a date (RFC 9110, 10.2.3): from zero to 30 days.

    None where there is none, and for what is neither (negative seconds, words).
    """
    value = next((value.strip() for name, value in headers if name.lower() == "retry-after"), "")
    try:
        if value.isascii() and value.isdigit():
            return min(timedelta(seconds=int(value[:9])), _LONGEST_WAIT)
        moment = parsedate_to_datetime(value)
        return min(max(moment.replace(tzinfo=moment.tzinfo or UTC) - now, timedelta(0)), _LONGEST_WAIT)
    except (ValueError, OverflowError):
        return None


def failed(url: str, error: Exception) -> FetchError:
    """Return what a library or a hostile server made of a request, in words for people."""
    if isinstance(error, FetchError):
        return error
    return FetchFailed(url, _in_words(error))


def _in_words(error: Exception) -> str:
    if isinstance(error, CodingError):
        return str(error)
    if isinstance(error, (TimeoutError, httpcore2.TimeoutException)):
        return "no complete answer in time"
    text = str(error)
    if isinstance(error, (httpcore2.ProtocolError, h2.exceptions.H2Error)):
        if "buffer too long" in text.lower() or "header list" in text.lower():  # what h11 and h2 say
            return "its headers are larger than anybody needs"
        return f"the answer was cut off or is no HTTP ({text})"
    if isinstance(error, (httpcore2.NetworkError, OSError)):
        return f"no connection ({text or type(error).__name__})"
    return f"{type(error).__name__}: {text}"


def _in(wait: timedelta) -> str:
    seconds = wait.total_seconds()
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"in {seconds / size:.0f} {unit}s"
    return f"in {seconds:.0f} seconds"


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
