"""A server on loopback that misbehaves on order, for the tests of `fetch`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Route = bytes | Callable[["Seen", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Seen:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    at: float
    method: str = "GET"
    body: bytes = b""


@dataclass
class Server:
    """Routes by path; what was asked is kept in `seen`."""

    routes: dict[str, Route] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    address: str = ""

    def paths(self) -> list[str]:
        return [request.path for request in self.seen]


def answer(body: bytes = b"<p>Hi", status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole HTTP answer; `content_type="x"` becomes Content-Type."""
    sent = {"content_type": "text/html", "content_length": str(len(body)), "connection": "close"} | headers
    lines = [f"HTTP/1.1 {status}", *(f"{k.replace('_', '-')}: {v}" for k, v in sent.items() if v), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def redirect(target: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, location=target)


@asynccontextmanager
async def serving(routes: dict[str, Route], host: str = "127.0.0.1", ssl=None) -> AsyncIterator[Server]:
    server = Server(routes)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
            method, path, _ = head[0].split()
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            seen = Seen(path, headers, asyncio.get_running_loop().time(), method, body)
            server.seen.append(seen)
            missing = answer(b"", "404 Not Found")
            route = server.routes.get(seen.path, missing)
            if isinstance(route, bytes):
                writer.write(route)
                await writer.drain()
            else:
                await route(seen, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(talk, host, 0, ssl=ssl)
    port = listening.sockets[0].getsockname()[1]
    server.address = f"{'https' if ssl else 'http'}://{host}:{port}"
    try:
        yield server
    finally:
        listening.close()
