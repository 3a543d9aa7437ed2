"""What is asked for, and how: addresses that may be asked, headers, limits and types for each purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

import httpx2

from wiredesk.config import FetchSettings
from wiredesk.errors import FetchRefused
from wiredesk.fetch.coding import ACCEPTED
from wiredesk.fetch.robots import MAX_BYTES as ROBOTS_BYTES

Purpose = Literal["feed", "page", "image", "hub", "robots", "tdmrep"]

_ACCEPT: dict[Purpose, str] = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "page": "text/html, application/xhtml+xml;q=0.9, text/*;q=0.5",
    "image": "image/avif, image/webp, image/*;q=0.9",
    "hub": "*/*",
    "robots": "text/plain, */*;q=0.5",
    "tdmrep": "application/json, */*;q=0.5",
}
_NEVER_A_FEED = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_PAGE_TYPES = frozenset({"", "application/xhtml+xml", "application/xml", "application/vnd.wap.xhtml+xml"})
_SMALL = 64 * 1024  # bytes of what a hub answers, and of what a publisher says about text and data mining


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask for, and the validators of the last answer, sent back verbatim.

    Purpose "hub" posts `form` to a WebSub hub (W3C WebSub, 5.1): any 2xx is success, with or without a body;
    redirects are not followed; robots.txt is not asked, for a hub is there to be called.  "robots" and "tdmrep" are
    what the fetcher itself asks hosts for.
    """

    url: str
    purpose: Purpose
    etag: str | None = None
    last_modified: str | None = None
    form: tuple[tuple[str, str], ...] = ()  # of "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """304: what we hold is still current."""

    url: str
    at: datetime  # our clock
    moved_to: str | None = None  # as in Page


def checked(asked: str, url: str) -> httpx2.URL:
    """Return `url` ready to be asked for.  A password in it would end up in captures, so none is sent.

    Raises:
        FetchRefused: scheme, credentials, or no address at all.
    """
    on_the_way = "" if url == asked else f" (redirected to {url[:200]})"
    try:
        parsed = httpx2.URL(url).copy_with(fragment=None)
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchRefused(asked, f"not an address that can be asked for: {error}{on_the_way}") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise FetchRefused(asked, f"not a web address{on_the_way}")
    if parsed.userinfo:
        raise FetchRefused(asked, f"addresses with a user name or password are not asked for{on_the_way}")
    return parsed


def host_of(url: str) -> str:
    """Return the host of an address, "" where it has none."""
    try:
        return httpx2.URL(url).host
    except (httpx2.InvalidURL, ValueError):
        return ""


def origin_of(url: httpx2.URL) -> str:
    """Return scheme, host and port, as in "https://example.org"."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def body_of(request: Request) -> bytes:
    """Return what is posted; empty where nothing is."""
    return urlencode(request.form).encode("ascii") if request.purpose == "hub" else b""


def headers_of(request: Request, url: httpx2.URL, user_agent: str) -> list[tuple[bytes, bytes]]:
    """Return the headers for asking `url`, an address on the way of `request`."""
    headers = [
        (b"Host", url.netloc),
        (b"User-Agent", user_agent.encode("ascii", "replace")),
        (b"Accept", _ACCEPT[request.purpose].encode()),
        (b"Accept-Encoding", ACCEPTED.encode()),
    ]
    if request.purpose == "hub":
        headers.append((b"Content-Type", b"application/x-www-form-urlencoded"))
        headers.append((b"Content-Length", str(len(body_of(request))).encode()))
    # As they came: latin-1 is what the headers of an answer are read with.
    if request.etag:
        headers.append((b"If-None-Match", request.etag.encode("latin-1", "replace")))
    if request.last_modified:
        headers.append((b"If-Modified-Since", request.last_modified.encode("latin-1", "replace")))
    return headers


def limit_of(purpose: Purpose, settings: FetchSettings) -> int:
    """Return how many bytes of an answer are read, decompressed."""
    match purpose:
        case "robots":
            return ROBOTS_BYTES
        case "hub" | "tdmrep":
            return _SMALL
        case "feed":
            return int(settings.max_feed_mib * 2**20)
        case "image":
            return int(settings.max_image_mib * 2**20)
        case "page":
            return int(settings.max_page_mib * 2**20)


def wrong_type(purpose: Purpose, content_type: str) -> str | None:
    """Return why an answer of this type cannot be what was asked for; None where it can."""
    kind = content_type.split(";")[0].strip().lower()
    match purpose:
        case "feed":
            fits = not kind.startswith(_NEVER_A_FEED)
        case "page":
            fits = kind.startswith("text/") or kind in _PAGE_TYPES
        case "image":
            fits = kind.startswith("image/") or kind in ("", "application/octet-stream")
        case "hub" | "robots" | "tdmrep":
            fits = True
    return None if fits else f"the answer is {kind[:80]}, not a {purpose}"
