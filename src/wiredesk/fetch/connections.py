"""Connections, kept for the next request to the same origin: HTTP/2 where it is offered, HTTP/1.1 elsewhere."""

from __future__ import annotations

import ssl
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import httpcore2

from wiredesk.fetch.guard import Guard

_KEPT_SECONDS = 15.0  # that an unused connection is kept
# What a connection says that the server closed while we thought it open, before it answered anything.
_STALE = (
    httpcore2.RemoteProtocolError,
    httpcore2.LocalProtocolError,
    httpcore2.NetworkError,
    httpcore2.ConnectionNotAvailable,
)


_Key = tuple[bytes, bytes, int]  # scheme, host, port


class Exchange:
    """An answer whose body is still to be read."""

    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response
        self.status = response.status
        self.headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
        self.http2 = response.extensions.get("http_version") == b"HTTP/2"
        self.whole = False  # the body was read to its end

    def header(self, name: str) -> str:
        """Return the first header of that name (lower case), "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    async def pieces(self) -> AsyncGenerator[bytes]:
        """Give the body as it was sent, its transfer coding undone.  A body that is cut off raises."""
        async for piece in self._response.aiter_stream():
            yield piece
        self.whole = True


class Connections:
    """Asks over guarded connections, and keeps those that may serve again.

    Args:
        most: Unused connections that are kept; the one unused for longest goes first.
    """

    def __init__(self, guard: Guard, tls: ssl.SSLContext, most: int) -> None:
        self._guard, self._tls, self._most = guard, tls, most
        self._idle: OrderedDict[_Key, httpcore2.AsyncHTTPConnection] = OrderedDict()

    async def aclose(self) -> None:
        """Close those that are kept."""
        while self._idle:
            await self._idle.popitem()[1].aclose()

    @asynccontextmanager
    async def ask(self, request: httpcore2.Request) -> AsyncIterator[Exchange]:
        """Send `request` and give its answer; whoever asks reads the body inside `async with`."""
        origin = request.url.origin
        connection = await self._kept(origin) if request.method == b"GET" else None
        exchange: Exchange | None = None
        try:
            response = None
            if connection is not None:
                try:
                    response = await connection.handle_async_request(request)
                except _STALE:  # it was closed meanwhile, or an answer before was longer than it said: once more, anew
                    await connection.aclose()
            if response is None:
                connection = self._new(origin)
                response = await connection.handle_async_request(request)
            exchange = Exchange(response)
            try:
                yield exchange
            finally:
                await response.aclose()
        finally:
            if connection is not None:
                # HTTP/2 would go on receiving a body that nobody reads, so such a connection is closed.
                if exchange is not None and exchange.whole and connection.is_idle() and not connection.has_expired():
                    await self._keep(origin, connection)
                else:
                    await connection.aclose()

    def _new(self, origin: httpcore2.Origin) -> httpcore2.AsyncHTTPConnection:
        return httpcore2.AsyncHTTPConnection(
            origin, ssl_context=self._tls, keepalive_expiry=_KEPT_SECONDS, http2=True, network_backend=self._guard
        )

    async def _kept(self, origin: httpcore2.Origin) -> httpcore2.AsyncHTTPConnection | None:
        connection = self._idle.pop(_key(origin), None)
        if connection is None or (connection.is_available() and not connection.has_expired()):
            return connection
        await connection.aclose()
        return None

    async def _keep(self, origin: httpcore2.Origin, connection: httpcore2.AsyncHTTPConnection) -> None:
        before = self._idle.pop(_key(origin), None)
        self._idle[_key(origin)] = connection
        gone = [before] if before is not None else []
        while self._idle and (len(self._idle) > self._most or next(iter(self._idle.values())).has_expired()):
            gone.append(self._idle.popitem(last=False)[1])
        for one in gone:
            await one.aclose()


def _key(origin: httpcore2.Origin) -> _Key:
    return origin.scheme, origin.host, origin.port
