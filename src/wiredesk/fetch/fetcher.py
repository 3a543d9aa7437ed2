"""Asks other people's servers: guarded, bounded, politely; a request gives a Page, a NotModified or a FetchError."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import Self

import httpcore2
import httpx2

from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, FetchFailed, FetchRefused
from wiredesk.fetch.answers import PERMANENT, REDIRECTS, Answer, failed, outcome, retry_after
from wiredesk.fetch.coding import Unpacker
from wiredesk.fetch.connections import Connections, Exchange
from wiredesk.fetch.guard import Guard
from wiredesk.fetch.hosts import Hosts
from wiredesk.fetch.lanes import Lanes
from wiredesk.fetch.request import (
    NotModified,
    Request,
    body_of,
    checked,
    headers_of,
    host_of,
    limit_of,
    origin_of,
    wrong_type,
)
from wiredesk.fetch.robots import MAX_REDIRECTS as ROBOTS_REDIRECTS
from wiredesk.fetch.robots import Robots, read_robots
from wiredesk.fetch.tdmrep import PATH as TDMREP
from wiredesk.fetch.tdmrep import Reservations, read_tdmrep
from wiredesk.fetch.turns import Turns
from wiredesk.fetch.walls import LOOK_AT
from wiredesk.records import Page

_MOST_KEPT = 256  # unused connections; systems often allow 1,024 open files
_IN_MEMORY = 512 * 1024  # bytes of an answer that is still coming
_LINGER = 0.5  # seconds, at most, that a host may let us wait before its request leaves its slot to others
_REFUSAL_SECONDS = 2.0  # for reading what an answer says that is of no use

Outcome = Page | NotModified | FetchError


def user_agent(version: str, contact: str = "") -> str:
    """Return our honest name, "Wiredesk/0.1.0 (+mailto or address)"."""
    contact = "".join(c for c in contact if 32 < ord(c) < 127 and c not in "()")
    return f"Wiredesk/{version}" + (f" (+{contact})" if contact else "")


@dataclass(slots=True)
class _Way:
    """How far a request has come."""

    request: Request
    left: float  # seconds for asking; waiting for a turn or a slot does not count
    passed: list[str] = field(default_factory=list)
    moved_to: str | None = None
    moving: bool = True  # all redirects so far were for good
    heard: bool = False  # the present address has begun to answer


class Fetcher:
    """Holds connections and turns; use it as an async context manager.

    Args:
        clock: Gives `fetched_at`, aware UTC.
        hosts: What earlier Fetchers learned.
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
        self._turns = Turns(self._hosts)
        self._learning: dict[str, asyncio.Lock] = {}  # by what is asked of an origin
        linger = min(_LINGER, settings.timeout_seconds / 40)
        self._lanes = Lanes(settings.concurrency, settings.slow_requests, linger)
        self._guard = Guard(host.lower() for host in settings.open_hosts)
        self._connections = Connections(
            self._guard, tls or httpx2.create_ssl_context(trust_env=False), min(4 * settings.concurrency, _MOST_KEPT)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connections.aclose()

    async def fetch(self, request: Request) -> Page | NotModified:
        """Ask for one address, when it is its host's turn.

        A page has the headers as they were sent; where the site's /.well-known/tdmrep.json reserves it,
        `wiredesk-tdm-reservation: 1` (and `wiredesk-tdm-policy`) stand behind them.

        Raises:
            FetchRefused: private address, robots.txt, scheme, type, a bot wall, or the site wants no machines (401,
                402, 403, 451, a redirect to its login).
            FetchGone: 404, 410.
            FetchFailed: anything that may go better later.
        """
        try:
            answer = await self._follow(request)
            page = outcome(request, answer, self._clock())
            if request.purpose == "page" and isinstance(page, Page):
                return await self._with_reservation(page, answer.url)
            return page
        except FetchError as error:
            if error.url != request.url:  # told of a host, or of an address on the way
                error.url, error.args = request.url, (request.url, *error.args[1:])
            raise
        except Exception as error:  # the edge: whatever a library or a hostile server makes of it is one failed request
            raise failed(request.url, error) from error

    async def robots(self, url: str) -> Robots:
        """Return what the host of `url` allows, and the sitemaps that it names; asked for where it is not known.

        Raises:
            FetchRefused: no address that may be asked.
        """
        return await self._robots(checked(url, url))

    async def fetch_all(self, requests: Iterable[Request]) -> AsyncGenerator[tuple[Request, Outcome]]:
        """Ask for all of them and give each outcome as it arrives.

        Each host has a queue of its own, asked one at a time, so a slow host delays nobody else.  While the caller is
        busy no more than `concurrency` outcomes wait for him, beside what is under way.
        """
        queues: dict[str, deque[Request]] = {}
        for request in requests:
            queues.setdefault(host_of(request.url), deque()).append(request)
        total = sum(map(len, queues.values()))
        outcomes: asyncio.Queue[tuple[Request, Outcome]] = asyncio.Queue()

        async def work(queue: deque[Request]) -> None:
            while queue:
                request = queue.popleft()
                try:
                    outcomes.put_nowait((request, await self.fetch(request)))
                except FetchError as error:
                    outcomes.put_nowait((request, error))
                if outcomes.qsize() >= self._settings.concurrency:
                    self._lanes.pause()

        tasks = [asyncio.create_task(work(queue)) for queue in queues.values()]
        try:
            for _ in range(total):
                found = await outcomes.get()
                if outcomes.qsize() < self._settings.concurrency:
                    self._lanes.resume()
                yield found
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._lanes.resume()

    # --- one request ------------------------------------------------------------------------------------------------

    async def _follow(self, request: Request) -> Answer:
        """Ask, and follow redirects; each address on the way is checked, and waits for its host's turn."""
        most = ROBOTS_REDIRECTS if request.purpose == "robots" else self._settings.max_redirects
        way = _Way(request, self._settings.timeout_seconds)
        url = checked(request.url, request.url)
        while True:
            await self._permission(request, url)
            within = bool(way.passed) and httpx2.URL(way.passed[-1]).host == url.host  # part of the request before
            async with self._turns.turn(url.host, at_once=within or request.purpose == "robots"):
                answer = await self._ask_in_time(way, url)
            target = next((value for name, value in answer.headers if name.lower() == "location"), None)
            if answer.status not in REDIRECTS or target is None or request.purpose == "hub":
                return answer
            way.passed.append(str(url))
            if len(way.passed) > most:
                raise FetchFailed(request.url, f"more than {most} redirects")
            before, url = url, checked(request.url, str(url.join(target.strip(" \t\r\n"))))
            if str(url) in way.passed:
                raise FetchFailed(request.url, f"redirects lead in a circle, back to {url}")
            way.moving = way.moving and answer.status in PERMANENT and self._may_move(before, url)
            if way.moving:
                way.moved_to = str(url)

    def _may_move(self, old: httpx2.URL, new: httpx2.URL) -> bool:
        """Tell whether a source may move for good: not from https to http, nor into a network that is not public."""
        if (old.scheme, new.scheme) == ("https", "http"):
            return False
        return self._is_open(old) or not self._is_open(new)

    def _is_open(self, url: httpx2.URL) -> bool:
        return self._guard.is_open(url.host, url.port or (443 if url.scheme == "https" else 80))

    async def _ask_in_time(self, way: _Way, url: httpx2.URL) -> Answer:
        """Ask `url` in a slot, while time is left."""
        loop = asyncio.get_running_loop()
        way.heard = False
        async with self._lanes.slot():
            began = loop.time()
            limit = asyncio.timeout(way.left)
            try:
                async with limit:
                    answer = await self._ask(way, url)
            except TimeoutError:
                what = "the answer was not complete" if way.heard else "no answer"
                reason = f"{what} within {self._settings.timeout_seconds:g} seconds"
                raise FetchFailed(way.request.url, reason) from None
            finally:
                way.left = max(0.0, way.left - (loop.time() - began))
                self._turns.close(url.host, timedelta(seconds=self._delay(url)))
        if (answer.status == 429 or answer.status >= 500) and (wait := retry_after(answer.headers, self._clock())):
            self._turns.close(url.host, wait)
        return answer

    async def _ask(self, way: _Way, url: httpx2.URL) -> Answer:
        """Ask once."""
        request = way.request
        body = body_of(request)
        asked = httpcore2.Request(
            b"POST" if request.purpose == "hub" else b"GET",
            httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=headers_of(request, url, self._user_agent),
            content=body or None,
            extensions={"timeout": {"connect": self._settings.timeout_seconds}},
        )
        async with self._connections.ask(asked) as exchange:
            way.heard = True
            if 200 <= exchange.status < 300:
                received = await self._body(request, exchange)
            else:
                received = await _start(exchange)
        return Answer(
            url=url,
            passed=tuple(way.passed),
            moved_to=way.moved_to,
            status=exchange.status,
            headers=exchange.headers,
            body=received,
        )

    async def _body(self, request: Request, exchange: Exchange) -> bytes:
        """Read the body, decompressed, up to the limit."""
        if refused := wrong_type(request.purpose, exchange.header("content-type")):
            raise FetchRefused(request.url, refused)
        limit = limit_of(request.purpose, self._settings)
        size = 0
        # Hundreds of slow hosts may be in the middle of a large answer: what is large waits on disk.
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
            async with aclosing(_unpacked(exchange)) as pieces:
                async for piece in pieces:
                    size += len(piece)
                    try:
                        body.write(piece)
                    except OSError as error:
                        raise FetchFailed(request.url, f"no room here for what it sends ({error})") from error
                    if size > limit:
                        break
            if size > limit and request.purpose != "robots":
                raise FetchFailed(request.url, f"larger than {limit / 2**20:g} MiB")
            body.seek(0)
            return body.read(limit)

    # --- politeness -------------------------------------------------------------------------------------------------

    async def _permission(self, request: Request, url: httpx2.URL) -> None:
        if not self._settings.robots or request.purpose in ("robots", "hub"):
            return
        robots = await self._robots(url)
        if robots.unknown:
            reason = f"{robots.unknown}, so nothing else is asked there for now"
            raise FetchFailed(request.url, reason, retry_after=self._turns.closed_for(url.host))
        if not robots.allows(str(url)):
            raise FetchRefused(request.url, f"{origin_of(url)}/robots.txt forbids {url.raw_path.decode('ascii')}")

    async def _robots(self, url: httpx2.URL) -> Robots:
        origin = origin_of(url)
        async with self._learns("robots " + origin):
            robots = self._hosts.robots_of(origin, self._clock())
            if robots is None:
                robots = self._hosts.robots[origin] = await self._ask_robots(origin)
        return robots

    async def _ask_robots(self, origin: str) -> Robots:
        request = Request(url=f"{origin}/robots.txt", purpose="robots")
        try:
            answer = await self._follow(request)
        except Exception as error:  # as in `fetch`
            if isinstance(error, FetchRefused) and error.url == host_of(origin):
                raise  # the host itself may not be asked, not what its robots.txt leads to
            reason = f"robots.txt cannot be had ({failed(request.url, error).reason})"
            return Robots(unknown=reason, asked_at=self._clock())
        now = self._clock()
        self._hosts.note("robots", origin, now, answer.status, answer.body)
        return read_robots(answer.status, answer.body, now)

    async def _with_reservation(self, page: Page, url: httpx2.URL) -> Page:
        """Return `page` with what its site's tdmrep.json says of it, as headers."""
        if not self._settings.tdmrep:
            return page
        origin = origin_of(url)
        async with self._learns("tdmrep " + origin):
            known = self._hosts.reservations_of(origin, self._clock())
            if known is None:
                known = self._hosts.reservations[origin] = await self._ask_tdmrep(origin)
        added = known.headers(url.raw_path.decode("ascii"))
        return replace(page, headers=(*page.headers, *added)) if added else page

    async def _ask_tdmrep(self, origin: str) -> Reservations:
        try:
            answer = await self._follow(Request(url=origin + TDMREP, purpose="tdmrep"))
        except Exception:  # nobody is obliged to have one: what cannot be had reserves nothing
            return Reservations(asked_at=self._clock())
        now = self._clock()
        self._hosts.note("tdmrep", origin, now, answer.status, answer.body)
        return read_tdmrep(answer.status, answer.body, now)

    def _learns(self, what: str) -> asyncio.Lock:
        """Return what lets only one task at a time ask an origin for something that all of its requests need."""
        return self._learning.setdefault(what, asyncio.Lock())

    def _delay(self, url: httpx2.URL) -> float:
        robots = self._hosts.robots.get(origin_of(url))
        wanted = robots.delay_seconds if robots else None
        return max(self._settings.delay_seconds, wanted or 0.0)


async def _unpacked(exchange: Exchange) -> AsyncGenerator[bytes]:
    """Give the body, its content coding undone, in pieces."""
    unpacker = Unpacker(exchange.header("content-encoding"))
    async with aclosing(exchange.pieces()) as pieces:
        async for packed in pieces:
            for piece in unpacker.feed(packed):
                yield piece
    unpacker.finish()


async def _start(exchange: Exchange) -> bytes:
    """Return the start of a body that says only why there is no page: what comes soon and can be read."""
    body = bytearray()
    # Whatever goes wrong here: the status has said what counts.
    with suppress(Exception):
        async with asyncio.timeout(_REFUSAL_SECONDS), aclosing(_unpacked(exchange)) as pieces:
            async for piece in pieces:
                body += piece
                if len(body) >= LOOK_AT:
                    break
    return bytes(body[:LOOK_AT])


def fetch_blocking(
    settings: FetchSettings,
    requests: Iterable[Request],
    on_result: Callable[[Request, Outcome], None],
    *,
    clock: Callable[[], datetime],
    user_agent: str,
    hosts: Hosts | None = None,
) -> None:
    """Ask for all of `requests` and call `on_result` with each outcome as it arrives; returns when all are in."""

    async def run() -> None:
        fetcher = Fetcher(settings, clock=clock, user_agent=user_agent, hosts=hosts)
        async with fetcher, aclosing(fetcher.fetch_all(requests)) as outcomes:
            async for request, found in outcomes:
                on_result(request, found)

    asyncio.run(run())
