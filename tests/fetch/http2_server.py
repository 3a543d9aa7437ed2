"""An HTTP/2 server over TLS, with the h2 package, for the tests of `fetch`."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fetch_server import certificate
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import RequestReceived

Headers = list[tuple[str, str]]


@dataclass
class Http2Server:
    """Answers by path with (headers, body); what happens beside that is named by the path itself."""

    answers: dict[str, tuple[Headers, bytes]]
    address: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    connections: int = 0
    authority: Path = Path()

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authority)


@asynccontextmanager
async def serving_http2(answers: dict[str, tuple[Headers, bytes]], folder: Path) -> AsyncIterator[Http2Server]:
    """Serve https://localhost.  Paths: /reset breaks its stream off, /goaway ends the connection, the rest answers."""
    server = Http2Server(answers)
    server.authority, both = certificate(folder, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    context.set_alpn_protocols(["h2"])

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        connection = H2Connection(H2Configuration(client_side=False))
        connection.initiate_connection()
        try:
            while True:
                writer.write(connection.data_to_send())
                await writer.drain()
                if not (data := await reader.read(65536)):
                    break
                for event in connection.receive_data(data):
                    if isinstance(event, RequestReceived):
                        reply(connection, event)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def reply(connection: H2Connection, event: RequestReceived) -> None:
        asked = {name.decode(): value.decode() for name, value in event.headers}
        server.asked.append(asked)
        stream, path = event.stream_id, asked[":path"]
        if path == "/goaway":
            connection.close_connection()
            return
        headers, body = server.answers.get(path, ([(":status", "404")], b""))
        connection.send_headers(stream, headers)
        connection.send_data(stream, body[:16384], end_stream=path != "/reset")
        if path == "/reset":
            connection.reset_stream(stream, ErrorCodes.INTERNAL_ERROR)

    listening = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    server.address = f"https://localhost:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
