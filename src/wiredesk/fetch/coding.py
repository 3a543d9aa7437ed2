"""Content codings: which we ask for, and how foreign archives are unpacked, within a limit."""

from __future__ import annotations

from collections.abc import Iterable

import httpx2

from wiredesk.errors import UnreadableError

ACCEPTED = "gzip, deflate, br, zstd"

_KNOWN = frozenset({"", "identity", *ACCEPTED.split(", ")})


def unknown_coding(content_encoding: str) -> str | None:
    """Return the first coding in a Content-Encoding header that we cannot undo."""
    codings = (coding.strip().lower() for coding in content_encoding.split(","))
    return next((coding for coding in codings if coding not in _KNOWN), None)


def decoded(where: str, content_encoding: str, body: bytes, limit: int) -> bytes:
    """Return `body` with its content coding undone.

    Args:
        limit: Bytes; a bomb is left after that many.

    Raises:
        UnreadableError: unknown coding, broken data, or larger than `limit`.
    """
    if coding := unknown_coding(content_encoding.replace("x-gzip", "gzip")):
        raise UnreadableError(where, f"unknown content coding {coding[:40]!r}")
    headers = {"content-encoding": content_encoding.replace("x-gzip", "gzip")}
    response = httpx2.Response(200, headers=headers, stream=httpx2.ByteStream(body))
    plain = bytearray()
    try:
        for piece in response.iter_bytes():
            plain += piece
            if len(plain) > limit:
                raise UnreadableError(where, f"larger than {limit / 2**20:g} MiB when decompressed")
    except httpx2.DecodingError as error:
        raise UnreadableError(where, f"cannot be decompressed ({error})") from error
    return bytes(plain)


def unchunked(where: str, body: bytes, *, cut: bool = False) -> bytes:
    """Return `body` with its chunked transfer coding undone (RFC 9112, 7.1); as it is where it is not chunked.

    Many archives keep the header Transfer-Encoding and undo the coding, so the header proves nothing.

    Args:
        cut: The end is known to be missing: what is there is returned.

    Raises:
        UnreadableError: begins as chunks, and then does not hold.
    """
    pieces: list[bytes] = []
    at = 0
    for size, start in _chunks(body):
        if size is None:
            if not pieces:
                return body
            if cut:
                return b"".join((*pieces, body[start:]))
            raise UnreadableError(where, f"broken chunk at byte {at} of the body")
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[start : start + size])
        at = start + size
    if cut:
        return b"".join(pieces)
    raise UnreadableError(where, "the last chunk is missing")


def _chunks(body: bytes) -> Iterable[tuple[int | None, int]]:
    """Yield (size, start) of each chunk; size None where there should be one and is none."""
    at = 0
    while at < len(body):
        end = body.find(b"\r\n", at, at + 1024)
        digits = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            size = int(digits, 16) if len(digits) <= 8 and digits.isalnum() else None
        except ValueError:
            size = None
        if size is not None and size and body[end + 2 + size : end + 4 + size] != b"\r\n":
            size = None
        yield size, end + 2
        if not size:
            return
        at = end + 4 + size
