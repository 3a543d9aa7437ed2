"""A server on loopback that misbehaves on order, for the tests of `fetch`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Route = bytes | Callable[["Seen", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Seen:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    at: float  # seconds of the loop's clock
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


async def silent(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Say nothing."""
    await asyncio.sleep(30)


async def drip(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Send a byte now and then."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_headers(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Send a header now and then."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def hints(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Send interim answers, and never the real one."""
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def endless(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Send chunks without end."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        await writer.drain()


async def header_flood(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Send headers without end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"y" * 1000 + b"\r\n")
        await writer.drain()


async def reset(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Break the connection off in the middle of the answer."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    await writer.drain()
    writer.transport.abort()


@asynccontextmanager
async def serving(routes: dict[str, Route], host: str = "127.0.0.1", ssl=None) -> AsyncIterator[Server]:
    server = Server(routes)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer a request; tell whether the connection stays."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        method, path, _ = head[0].split()
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        seen = Seen(path, headers, asyncio.get_running_loop().time(), method, body)
        server.seen.append(seen)
        missing = answer(b"", "404 Not Found")
        route = server.routes.get(seen.path, missing)
        if not isinstance(route, bytes):
            await route(seen, writer)
            return False
        writer.write(route)
        await writer.drain()
        return b"connection: keep-alive" in route

    listening = await asyncio.start_server(talk, host, 0, ssl=ssl)
    port = listening.sockets[0].getsockname()[1]
    server.address = f"{'https' if ssl else 'http'}://{host}:{port}"
    try:
        yield server
    finally:
        listening.close()


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a throw-away certificate for `name`; give the file to trust and the file to serve with."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    begin = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=1)  # the builder compares naive ones
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), begin)
        .not_valid_after(begin + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(pem)
    (folder / "both.pem").write_bytes(pem + private)
    return folder / "ca.pem", folder / "both.pem"
