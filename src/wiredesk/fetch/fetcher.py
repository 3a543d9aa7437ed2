"""Asks other people's servers: guarded, bounded, politely; a request gives a Page, a NotModified or a FetchError."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal, Self
from urllib.parse import urlencode

import httpcore2
import httpx2

from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, FetchFailed, FetchGone, FetchRefused
from wiredesk.fetch.coding import ACCEPTED, unknown_coding
from wiredesk.fetch.guard import Guard
from wiredesk.fetch.robots import MAX_BYTES as ROBOTS_BYTES
from wiredesk.fetch.robots import Robots, read_robots
from wiredesk.records import Page

Purpose = Literal["feed", "page", "image", "hub", "robots"]

_PATIENCE = 60.0  # seconds that we wait for a turn with a host; whoever asks for more is left for a later run
_LONGEST_WAIT = timedelta(days=30)  # of Retry-After that is believed
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ASK_LATER = frozenset({408, 425, 429})
_ACCEPT: dict[Purpose, str] = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "page": "text/html, application/xhtml+xml;q=0.9, text/*;q=0.5",
    "image": "image/avif, image/webp, image/*;q=0.9",
    "hub": "*/*",
    "robots": "text/plain, */*;q=0.5",
}
_NEVER_A_FEED = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_PAGE_TYPES = frozenset({"", "application/xhtml+xml", "application/xml", "application/vnd.wap.xhtml+xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask for, and the validators of the last answer, sent back verbatim."""

    url: str
    purpose: Purpose
    etag: str | None = None
    last_modified: str | None = None
    form: tuple[tuple[str, str], ...] = ()  # of "hub": posted


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """304: what we hold is still current."""

    url: str
    at: datetime  # our clock
    moved_to: str | None = None  # as in Page


@dataclass(slots=True)
class Hosts:
    """What we learned of hosts: their robots.txt, and when it is our turn again.

    Hand the same object to every Fetcher of a run, so that the run asks each host for robots.txt once and keeps the
    distance between its requests.
    """

    robots: dict[str, Robots] = field(default_factory=dict)  # by origin, "https://example.org:443"
    free_at: dict[str, float] = field(default_factory=dict)  # by host; seconds of the monotonic clock


@dataclass(frozen=True, slots=True)
class _Answer:
    url: httpx2.URL  # that gave it
    passed: tuple[str, ...]  # redirected from, in order
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    moved_to: str | None = None


def user_agent(version: str, contact: str = "") -> str:
    """Return our honest name, "Wiredesk/0.1.0 (+mailto or address)"."""
    contact = "".join(c for c in contact if 32 < ord(c) < 127 and c not in "()")
    return f"Wiredesk/{version}" + (f" (+{contact})" if contact else "")


class Fetcher:
    """Holds connections and turns; use it as an async context manager.

    Args:
        clock: Gives `fetched_at`, aware UTC.
        hosts: What earlier Fetchers of this run learned.
        tls: Another trust store than the system's.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        clock: Callable[[], datetime],
        user_agent: str,
        hosts: Hosts | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._user_agent = user_agent
        self._hosts = hosts if hosts is not None else Hosts()
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._room = asyncio.Event()  # set while few enough answers wait for the caller
        self._room.set()
        self._resolver = ThreadPoolExecutor(settings.concurrency, "resolve")
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls or httpx2.create_ssl_context(trust_env=False),
            max_connections=None,  # `_slots` bounds them
            max_keepalive_connections=settings.concurrency,
            keepalive_expiry=15.0,
            network_backend=Guard((host.lower() for host in settings.open_hosts), self._resolver),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.aclose()
        self._resolver.shutdown(wait=False, cancel_futures=True)

    async def fetch(self, request: Request) -> Page | NotModified:
        """Ask for one address, when it is its host's turn.

        Raises:
            FetchRefused: private address, robots.txt, scheme, type, or the site wants no machines (401, 403, 451).
            FetchGone: 404, 410.
            FetchFailed: anything that may go better later.
        """
        try:
            return self._result(request, await self._follow(request))
        except FetchError:
            raise
        except Exception as error:  # the edge: whatever a library or a hostile server makes of it is one failed request
            raise FetchFailed(request.url, _in_words(error)) from error

    async def fetch_all(
        self, requests: Iterable[Request]
    ) -> AsyncGenerator[tuple[Request, Page | NotModified | FetchError]]:
        """Ask for all of them and give each outcome as it arrives.

        Each host has a queue of its own, asked one at a time, so a slow host delays nobody else.  At most twice
        `concurrency` bodies are held while the caller is busy.
        """
        queues: dict[str, deque[Request]] = {}
        for request in requests:
            queues.setdefault(_host_of(request.url), deque()).append(request)
        total = sum(map(len, queues.values()))
        outcomes: asyncio.Queue[tuple[Request, Page | NotModified | FetchError]] = asyncio.Queue()

        async def work(queue: deque[Request]) -> None:
            while queue:
                request = queue.popleft()
                try:
                    outcomes.put_nowait((request, await self.fetch(request)))
                except FetchError as error:
                    outcomes.put_nowait((request, error))
                if outcomes.qsize() >= self._settings.concurrency:
                    self._room.clear()

        tasks = [asyncio.create_task(work(queue)) for queue in queues.values()]
        try:
            for _ in range(total):
                outcome = await outcomes.get()
                if outcomes.qsize() < self._settings.concurrency:
                    self._room.set()
                yield outcome
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._room.set()

    # --- one request ------------------------------------------------------------------------------------------------

    async def _follow(self, request: Request) -> _Answer:
        """Ask, and follow redirects; each address on the way is checked, and waits for its host's turn."""
        loop = asyncio.get_running_loop()
        left = self._settings.timeout_seconds  # for asking; waiting for a turn does not count
        url = _checked(request.url, request.url)
        passed: list[str] = []
        moved: str | None = None
        while True:
            await self._permission(request, url)
            if request.purpose != "robots" and not (passed and httpx2.URL(passed[-1]).host == url.host):
                await self._turn(url)
            async with self._slots:
                await self._room.wait()
                began = loop.time()
                try:
                    async with asyncio.timeout(left):
                        answer = await self._ask(request, url, tuple(passed))
                finally:
                    left = max(0.0, left - (loop.time() - began))
                    self._keep_distance(url)
            target = next((value for name, value in answer.headers if name.lower() == "location"), None)
            if answer.status not in _REDIRECTS or target is None or request.purpose == "hub":
                return replace(answer, moved_to=moved)
            for_good = answer.status in (301, 308) and (not passed or moved is not None)
            passed.append(str(url))
            if len(passed) > self._settings.max_redirects:
                raise FetchFailed(request.url, f"more than {self._settings.max_redirects} redirects")
            url = _checked(request.url, str(url.join(target.strip(" \t\r\n"))))
            if str(url) in passed:
                raise FetchFailed(request.url, f"redirects lead in a circle, back to {url}")
            moved = str(url) if for_good else moved if passed[:-1] else None

    async def _ask(self, request: Request, url: httpx2.URL, passed: tuple[str, ...]) -> _Answer:
        """Ask once; the body is read only where it will be used."""
        seconds = self._settings.timeout_seconds
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        timeouts = {"connect": seconds, "read": seconds, "write": seconds, "pool": None}
        method, posted = ("POST", urlencode(request.form).encode()) if request.purpose == "hub" else ("GET", None)
        asked = self._pool.stream(
            method, target, headers=self._headers(request, url), content=posted, extensions={"timeout": timeouts}
        )
        async with asked as raw:
            headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw.headers)
            body = b""
            if 200 <= raw.status < 300:
                response = httpx2.Response(raw.status, headers=raw.headers, stream=_Body(raw))
                body = await self._body(request, response)
        return _Answer(url, passed, raw.status, headers, body)

    def _headers(self, request: Request, url: httpx2.URL) -> list[tuple[bytes, bytes]]:
        headers = [
            (b"Host", url.netloc),
            (b"User-Agent", self._user_agent.encode("ascii", "replace")),
            (b"Accept", _ACCEPT[request.purpose].encode()),
            (b"Accept-Encoding", ACCEPTED.encode()),
        ]
        if request.purpose == "hub":
            headers.append((b"Content-Type", b"application/x-www-form-urlencoded"))
            headers.append((b"Content-Length", str(len(urlencode(request.form))).encode()))
        if request.etag:
            headers.append((b"If-None-Match", request.etag.encode("latin-1")))
        if request.last_modified:
            headers.append((b"If-Modified-Since", request.last_modified.encode("latin-1")))
        return headers

    async def _body(self, request: Request, response: httpx2.Response) -> bytes:
        """Read the body, decompressed, up to the limit; httpx2 decompresses in pieces of 1 MiB at most."""
        if refused := _wrong_type(request.purpose, response.headers.get("content-type", "")):
            raise FetchRefused(request.url, refused)
        if coding := unknown_coding(response.headers.get("content-encoding", "")):
            raise FetchFailed(request.url, f"the answer has a content coding that nobody asked for: {coding[:40]}")
        limit = self._limit(request.purpose)
        body = bytearray()
        async with aclosing(response.aiter_bytes()) as pieces:
            async for piece in pieces:
                body += piece
                if len(body) > limit:
                    break
        if len(body) > limit and request.purpose != "robots":
            raise FetchFailed(request.url, f"larger than {limit / 2**20:g} MiB")
        return bytes(body[:limit])

    def _limit(self, purpose: Purpose) -> int:
        if purpose == "robots":
            return ROBOTS_BYTES
        settings = self._settings
        mib = {
            "feed": settings.max_feed_mib,
            "page": settings.max_page_mib,
            "image": settings.max_image_mib,
            "hub": 0.1,
        }
        return int(mib[purpose] * 2**20)

    def _result(self, request: Request, answer: _Answer) -> Page | NotModified:
        url, status = request.url, answer.status
        if status == 304 and (request.etag or request.last_modified):
            return NotModified(url=url, at=self._clock(), moved_to=answer.moved_to)
        if status in (404, 410):
            raise FetchGone(url, f"answered {_named(status)}", permanent=status == 410)
        if status in (401, 402, 403, 451):
            raise FetchRefused(url, f"the site does not let us in: {_named(status)}")
        if status in _ASK_LATER or status >= 500:
            retry_after = _retry_after(answer.headers, self._clock())
            if retry_after is not None:
                self._close(answer.url, retry_after)
            raise FetchFailed(url, f"answered {_named(status)}", retry_after=retry_after)
        if not 200 <= status < 300 or status == 206:
            raise FetchFailed(url, f"answered {_named(status)}, which is of no use here")
        if not answer.body and request.purpose != "hub":
            raise FetchFailed(url, "the answer is empty")
        return Page(
            url=url,
            final_url=str(answer.url),
            status=status,
            headers=answer.headers,
            body=answer.body,
            fetched_at=self._clock(),
            redirects=answer.passed,
            moved_to=answer.moved_to,
        )

    # --- politeness -------------------------------------------------------------------------------------------------

    async def _permission(self, request: Request, url: httpx2.URL) -> None:
        if not self._settings.robots or request.purpose in ("robots", "hub"):
            return
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        robots = self._hosts.robots.get(origin)
        if robots is None:
            robots = await self._ask_robots(origin)
            self._hosts.robots[origin] = robots
        if robots.unknown:
            raise FetchFailed(request.url, f"{robots.unknown}, so nothing else is asked there for now")
        if not robots.allows(str(url)):
            raise FetchRefused(request.url, f"{origin}/robots.txt forbids {url.raw_path.decode('ascii')}")

    async def _ask_robots(self, origin: str) -> Robots:
        request = Request(url=f"{origin}/robots.txt", purpose="robots")
        try:
            answer = await self._follow(request)
        except FetchRefused:
            raise
        except FetchFailed as error:
            return Robots(unknown=f"robots.txt cannot be had ({error.reason})")
        except Exception as error:  # as in `fetch`
            return Robots(unknown=f"robots.txt cannot be had ({_in_words(error)})")
        return read_robots(answer.status, answer.body)

    async def _turn(self, url: httpx2.URL) -> None:
        """Wait until `url.host` may be asked again, and book the time after."""
        now = asyncio.get_running_loop().time()
        free_at = self._hosts.free_at.get(url.host, now)
        wait = max(0.0, free_at - now)
        if wait > _PATIENCE:
            reason = f"{url.host} wants us to wait {wait:.0f} seconds: left for a later run"
            raise FetchFailed(str(url), reason, retry_after=timedelta(seconds=round(wait)))
        self._hosts.free_at[url.host] = now + wait + self._delay(url)
        await asyncio.sleep(wait)

    def _keep_distance(self, url: httpx2.URL) -> None:
        self._close(url, timedelta(seconds=self._delay(url)))

    def _close(self, url: httpx2.URL, pause: timedelta) -> None:
        until = asyncio.get_running_loop().time() + pause.total_seconds()
        self._hosts.free_at[url.host] = max(until, self._hosts.free_at.get(url.host, 0.0))

    def _delay(self, url: httpx2.URL) -> float:
        robots = self._hosts.robots.get(f"{url.scheme}://{url.netloc.decode('ascii')}")
        wanted = robots.delay_seconds if robots else None
        return max(self._settings.delay_seconds, wanted or 0.0)


def fetch_blocking(
    settings: FetchSettings,
    requests: Iterable[Request],
    on_result: Callable[[Request, Page | NotModified | FetchError], None],
    *,
    clock: Callable[[], datetime],
    user_agent: str,
    hosts: Hosts | None = None,
) -> None:
    """Ask for all of `requests` and call `on_result` with each outcome as it arrives; returns when all are in."""

    async def run() -> None:
        fetcher = Fetcher(settings, clock=clock, user_agent=user_agent, hosts=hosts)
        async with fetcher, aclosing(fetcher.fetch_all(requests)) as outcomes:
            async for request, outcome in outcomes:
                on_result(request, outcome)

    asyncio.run(run())


class _Body(httpx2.AsyncByteStream):
    """What httpcore2 receives, as httpx2 wants it."""

    def __init__(self, raw: httpcore2.Response) -> None:
        self._raw = raw

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._raw.aiter_stream():
            yield piece


def _checked(asked: str, url: str) -> httpx2.URL:
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


def _host_of(url: str) -> str:
    try:
        return httpx2.URL(url).host
    except (httpx2.InvalidURL, ValueError):
        return ""


def _wrong_type(purpose: Purpose, content_type: str) -> str | None:
    kind = content_type.split(";")[0].strip().lower()
    fits = {
        "feed": not kind.startswith(_NEVER_A_FEED),
        "page": kind.startswith("text/") or kind in _PAGE_TYPES,
        "image": kind.startswith("image/") or kind in ("", "application/octet-stream"),
        "robots": True,
        "hub": True,
    }
    return None if fits[purpose] else f"the answer is {kind}, not a {purpose}"


def _retry_after(headers: Iterable[tuple[str, str]], now: datetime) -> timedelta | None:
    """Read Retry-After in both its forms, seconds or a date (RFC 9110, 10.2.3)."""
    value = next((value.strip() for name, value in headers if name.lower() == "retry-after"), "")
    try:
        if value.isascii() and value.isdigit():
            return min(timedelta(seconds=int(value[:9])), _LONGEST_WAIT)
        moment = parsedate_to_datetime(value)
        return min(max(moment.replace(tzinfo=moment.tzinfo or UTC) - now, timedelta(0)), _LONGEST_WAIT)
    except (ValueError, OverflowError):
        return None


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _in_words(error: Exception) -> str:
    if isinstance(error, (TimeoutError, httpcore2.TimeoutException)):
        return "no complete answer in time"
    if isinstance(error, httpx2.DecodingError):
        return f"the answer cannot be decompressed ({error})"
    if isinstance(error, httpcore2.RemoteProtocolError):
        return f"the answer was cut off or is no HTTP ({error})"
    if isinstance(error, (httpcore2.NetworkError, OSError)):
        return f"no connection ({error})"
    return f"{type(error).__name__}: {error}"
