"""Asks an address that speaks OpenAI's embeddings API, as most servers of models do.

The owner named the address, so it may be a private one; nobody else's wishes (robots.txt, turns) are concerned.

Source: OpenAI API reference, "Create embeddings": POST {"model", "input"} -> {"data": [{"index", "embedding"}]}.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpcore2
import httpx2
import numpy as np
from numpy.typing import NDArray

from wiredesk.config import EmbeddingSettings
from wiredesk.errors import EmbeddingError, FetchRefused
from wiredesk.fetch.answers import REDIRECTS, failed, retry_after
from wiredesk.fetch.coding import ACCEPTED, Unpacker
from wiredesk.fetch.connections import Connections, Exchange
from wiredesk.fetch.guard import Guard
from wiredesk.fetch.request import checked

WAITS = (1.0, 4.0, 15.0)  # seconds before each further try
_LONGEST_WAIT = 60.0  # seconds of Retry-After that a run waits for; for more the next run asks again
_ROW_BYTES = 256 * 1024  # that a vector may have as text: 10,000 numbers
_SAID = 200  # characters of an answer that are shown
_LATER = "start it, or wait until it answers again"
_OTHER = "ask its makers; it has to speak OpenAI's embeddings API"
_ADVICE = {
    401: "put its key into the environment variable that embedding.key_env names",
    403: "put its key into the environment variable that embedding.key_env names",
    404: "give embedding.address in full (it mostly ends in /v1/embeddings), and embedding.model as it knows it",
    405: "give embedding.address in full; it mostly ends in /v1/embeddings",
    413: "lower embedding.batch",
}


class _AgainLater(Exception):
    """It may go better in a while."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self.wait = wait  # seconds that it asks for


class EmbeddingService:
    """One address and one model there.

    Args:
        key: Sent as a bearer token; "" where the address wants none.
        waits: Seconds before each further try after one that may go better later.
        tls: Another trust store than the system's.

    Raises:
        EmbeddingError: it is no address.
    """

    def __init__(
        self,
        settings: EmbeddingSettings,
        key: str,
        *,
        user_agent: str,
        waits: Sequence[float] = WAITS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings, self._key, self._user_agent, self._waits, self._tls = settings, key, user_agent, waits, tls
        try:
            self._url = checked(settings.address, settings.address)
        except FetchRefused as error:
            raise self._error(error.reason, "mend embedding.address") from error

    def ask(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return what the model gives for each text, shape (n, d), as it came: rows may hold anything.

        Raises:
            EmbeddingError: no answer after all tries, or none that can be used.
        """
        return asyncio.run(self._all(texts))

    async def _all(self, texts: Sequence[str]) -> NDArray[np.float64]:
        guard = Guard([self._url.host.lower()])
        connections = Connections(guard, self._tls or httpx2.create_ssl_context(trust_env=False), 1)
        step = self._settings.batch
        try:
            parts = [await self._patiently(connections, texts[at : at + step]) for at in range(0, len(texts), step)]
        finally:
            await connections.aclose()
        widths = {part.shape[1] for part in parts}
        if len(widths) > 1:
            raise self._error(f"gives vectors of different lengths: {sorted(widths)}", _OTHER)
        return np.concatenate(parts) if parts else np.zeros((0, 0))

    async def _patiently(self, connections: Connections, texts: Sequence[str]) -> NDArray[np.float64]:
        for wait in (*self._waits, None):
            try:
                return await self._once(connections, texts)
            except _AgainLater as error:
                if wait is None or (error.wait or 0) > _LONGEST_WAIT:
                    raise self._error(str(error), _LATER) from error
                await asyncio.sleep(max(wait, error.wait or 0))
        raise AssertionError("the last try returns or raises")

    async def _once(self, connections: Connections, texts: Sequence[str]) -> NDArray[np.float64]:
        url = self._url
        sent = json.dumps({"model": self._settings.model, "input": list(texts)}).encode()
        headers = {
            "Host": url.netloc.decode(),
            "User-Agent": self._user_agent,
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED,
            "Content-Type": "application/json",
            "Content-Length": str(len(sent)),
        } | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
        request = httpcore2.Request(
            b"POST",
            httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=[(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()],
            content=sent,
            extensions={"timeout": {"connect": self._settings.timeout_seconds}},
        )
        try:
            async with asyncio.timeout(self._settings.timeout_seconds), connections.ask(request) as exchange:
                body = await self._body(exchange, _ROW_BYTES * (len(texts) + 1))
        except EmbeddingError:
            raise
        except Exception as error:  # the edge, as in `Fetcher.fetch`
            raise _AgainLater(failed(self._settings.address, error).reason) from error
        return self._read(exchange.status, exchange.headers, body, len(texts))

    async def _body(self, exchange: Exchange, most: int) -> bytes:
        body = bytearray()
        unpacker = Unpacker(exchange.header("content-encoding"))
        async with aclosing(exchange.pieces()) as pieces:
            async for packed in pieces:
                for piece in unpacker.feed(packed):
                    body += piece
                    if len(body) > most:
                        raise self._error(f"answers with more than {most / 2**20:.1f} MiB", _OTHER)
        unpacker.finish()
        return bytes(body)

    def _read(self, status: int, headers: Sequence[tuple[str, str]], body: bytes, texts: int) -> NDArray[np.float64]:
        if status in (408, 425, 429) or status >= 500:
            wait = retry_after(headers, datetime.now(UTC))
            raise _AgainLater(_told(status, body), wait.total_seconds() if wait else None)
        if status in REDIRECTS:
            target = next((value for name, value in headers if name.lower() == "location"), "nowhere")
            raise self._error(f"sends us on to {target[:_SAID]}", "name that as embedding.address, where it is right")
        if not 200 <= status < 300:
            raise self._error(_told(status, body), _ADVICE.get(status, "look at embedding.model and embedding.batch"))
        try:
            rows = sorted(json.loads(body)["data"], key=lambda row: row["index"])
            numbers = [row["index"] for row in rows]
            vectors = np.array([row["embedding"] for row in rows], np.float64)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            what = f"answers what is no list of vectors of one length ({_start(body) or 'nothing'})"
            raise self._error(what, _OTHER) from error
        if numbers != list(range(texts)) or vectors.ndim != 2 or not vectors.size:
            raise self._error(f"answers {len(rows)} vectors to {texts} texts, or numbers them wrong", _OTHER)
        return vectors

    def _error(self, what: str, now: str) -> EmbeddingError:
        return EmbeddingError(self._settings.address, what, now)


def _told(status: int, body: bytes) -> str:
    name = HTTPStatus(status).phrase if status in {each.value for each in HTTPStatus} else ""
    said = _start(body)
    return f"answers {status} {name}".rstrip() + (f": {said}" if said else "")


def _start(body: bytes) -> str:
    """Return the beginning of an answer on one line; the message alone where it is an error as the API writes it."""
    try:
        said: Any = json.loads(body)["error"]["message"]
    except (ValueError, TypeError, KeyError, RecursionError):
        said = body[: 4 * _SAID].decode("utf-8", "replace")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(said)).split())[:_SAID]
