"""Content codings: which we ask for, and how they are undone, piece by piece and within limits.

The decoders are the libraries' own; what is ours: no piece larger than 64 KiB whatever comes in (codings may be
stacked, so each layer is bounded), a compressed body that ends too early is noticed, and so is one that unpacks beyond
reason.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import brotli

from wiredesk.errors import UnreadableError
from wiredesk.fetch import zstd

ACCEPTED = "gzip, deflate, br, zstd"

_KNOWN = frozenset({"identity", "x-gzip", *ACCEPTED.split(", ")})
_MOST_LAYERS = 4
_PIECE = 64 * 1024  # bytes that a decoder gives at once
_GZIP = 16 + zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS
_WINDOW_LOG = 23  # 8 MiB, the largest window of zstd as a content coding (RFC 9659)
_RATIO = 200  # bytes out for a byte in; pages reach 50, zeros over 1,000 in the usual settings of gzip
_UNTIL_RATIO = 2**20  # bytes out, from which the ratio counts


class CodingError(Exception):
    """The compressed body is broken, cut off, or a bomb; the text says which."""


class TooMuchError(CodingError):
    """It unpacks to more than anybody wants."""


class Unpacker:
    """Undoes the codings that a Content-Encoding header names.

    Raises:
        CodingError: from any method.
    """

    def __init__(self, content_encoding: str) -> None:
        names = [name for name in _codings(content_encoding) if name != "identity"]
        if unknown := next((name for name in names if name not in _KNOWN), None):
            raise CodingError(f"the answer has a content coding that nobody asked for: {unknown[:40]}")
        if len(names) > _MOST_LAYERS:
            raise CodingError(f"the answer is compressed {len(names)} times over")
        self._layers = [_layer(name) for name in reversed(names)]
        self._taken = self._given = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give what `data`, the next bytes of the body, unpacks to, in pieces of at most 64 KiB where compressed."""
        self._taken += len(data)
        try:
            for piece in _through(self._layers, data):
                self._given += len(piece)
                if self._given > _UNTIL_RATIO and self._given > _RATIO * self._taken:
                    size = f"{self._given / 2**20:.0f} MiB"
                    raise TooMuchError(f"a decompression bomb: {self._taken:,} bytes unpack to more than {size}")
                yield piece
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise CodingError(f"the answer cannot be decompressed ({error})") from error

    def finish(self) -> None:
        """Say that the body has ended."""
        if self._taken and not all(layer.done for layer in self._layers):
            raise CodingError("the compressed answer ends too early")

    def lacks_only_trailer(self, plain: bytes | bytearray) -> bool:
        """Tell whether what was fed is gzip of one member, and of `plain`, that lacks its trailer or the end of it."""
        match self._layers:
            case [_Zlib() as layer]:
                return layer.lacks_only_trailer(plain)
        return False


def unknown_coding(content_encoding: str) -> str | None:
    """Return the first coding in a Content-Encoding header that we cannot undo."""
    return next((coding for coding in _codings(content_encoding) if coding not in _KNOWN), None)


def decoded(where: str, content_encoding: str, body: bytes, limit: int) -> tuple[bytes, str | None]:
    """Return a stored `body` with its content coding undone, and what is wrong with it though it is whole.

    A gzip body whose compressed data is complete, and whose trailer (CRC and size, RFC 1952, 2.3.1) is cut off, is
    whole: nobody can send it again, and browsers show it too.

    Args:
        limit: Bytes; what is larger is left after that many, and a bomb is called one long before.

    Raises:
        UnreadableError: unknown coding, or broken data; its cause is a TooMuchError where it is a bomb, or larger than
            `limit`.
    """
    if coding := unknown_coding(content_encoding):
        raise UnreadableError(where, f"unknown content coding {coding[:40]!r}")
    plain = bytearray()
    try:
        unpacker = Unpacker(content_encoding)
        for piece in unpacker.feed(body):
            plain += piece
            if len(plain) > limit:
                raise TooMuchError(f"larger than {limit / 2**20:g} MiB when decompressed")
        if unpacker.lacks_only_trailer(plain):
            return bytes(plain), "the trailer of its gzip coding is cut off"
        unpacker.finish()
    except CodingError as error:
        raise UnreadableError(where, str(error).replace("the answer", "it")) from error
    return bytes(plain), None


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


def _codings(content_encoding: str) -> list[str]:
    return [coding for part in content_encoding.split(",") if (coding := part.strip().lower())]


class _Layer(Protocol):
    @property
    def done(self) -> bool: ...  # the body may end here

    def feed(self, data: bytes) -> Iterator[bytes]: ...


def _through(layers: Sequence[_Layer], data: bytes) -> Iterator[bytes]:
    if not layers:
        yield data
        return
    for piece in layers[0].feed(data):
        yield from _through(layers[1:], piece)


def _layer(name: str) -> _Layer:
    match name:
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
        case "deflate":
            return _Deflate()
        case _:
            return _Zlib(_GZIP)


class _Zlib:
    """gzip, of one or more members; what follows the last one is ignored, as browsers do."""

    def __init__(self, window: int) -> None:
        self.done = False
        self._window = window
        self._stream = zlib.decompressobj(window)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._stream.eof:  # a further member?
                if self._window != _GZIP or data[:1] != b"\x1f":
                    return
                self._stream, self.done = zlib.decompressobj(self._window), False
            piece = self._stream.decompress(data, _PIECE)
            if piece:
                yield piece
            if self._stream.eof:
                self.done = True
                data = self._stream.unused_data
            else:
                data = self._stream.unconsumed_tail
                if not data and len(piece) < _PIECE:
                    return

    def lacks_only_trailer(self, plain: bytes | bytearray) -> bool:
        """Tell whether the end of the trailer that `plain` asks for, and nothing else, ends the stream.

        zlib does not say that the compressed data has ended.  Eight bytes cannot be the end of that and a trailer.
        """
        if self._window != _GZIP or self.done or not plain:
            return False
        trailer = zlib.crc32(plain).to_bytes(4, "little") + (len(plain) % 2**32).to_bytes(4, "little")
        for there in range(len(trailer)):
            stream = self._stream.copy()
            try:
                stream.decompress(trailer[there:])
            except zlib.error:
                continue
            if stream.eof:
                return True
        return False


class _Deflate:
    """ "deflate" means zlib's format (RFC 9110, 8.4.1.2), and many servers send it without zlib's header."""

    def __init__(self) -> None:
        self._start = b""
        self._stream: _Zlib | None = None

    @property
    def done(self) -> bool:
        return self._stream is not None and self._stream.done

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._stream is None:
            self._start += data
            if len(self._start) < 2:
                return
            data = self._start
            with_header = data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._stream = _Zlib(zlib.MAX_WBITS if with_header else _RAW)
        yield from self._stream.feed(data)


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    @property
    def done(self) -> bool:
        return bool(self._stream.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._stream.is_finished():
            if piece := self._stream.process(data, output_buffer_limit=_PIECE):
                yield piece
            elif self._stream.can_accept_more_data():  # which it says too when all is taken, and not all given
                return
            data = b""


class _Zstd:
    """One or more frames."""

    def __init__(self) -> None:
        self.done = False
        self._stream = self._new()

    @staticmethod
    def _new() -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._stream.eof:
                if not data:
                    return
                self._stream, self.done = self._new(), False
            if piece := self._stream.decompress(data, _PIECE):
                yield piece
            if self._stream.eof:
                self.done = True
                data = self._stream.unused_data
            elif self._stream.needs_input:
                return
            else:
                data = b""
