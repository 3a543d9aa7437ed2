"""Compressed archives, cut into their members: a gzip member or zstd frame for each record, or one for all of them.

The ends of members are what a damaged archive can be trusted in, so they are found here, exactly: gzip (RFC 1952) and
zstd (RFC 8878) by inflating.  Reading is streaming: what is held is a piece at a time.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

from wiredesk.fetch import zstd

GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_DICTIONARY = (
    b"\x5d\x2a\x4d\x18"  # a skippable frame: https://iipc.github.io/warc-specifications/specifications/warc-zstd/
)
_TRAINED = b"\x37\xa4\x30\xec"  # what a dictionary begins with that is more than any content
_CHUNK = 2**15  # compressed bytes taken at once
_PIECE = 2**16  # decompressed bytes given at once: larger ones are costly to allocate
_SEARCH = 2**20
_KEPT = 2**23  # bytes of a pipe that are kept in memory
_MOST_DICTIONARY = 2**24
_BEGINNING = b"WARC/"  # of every record
FIRST_LINES = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n[A-Za-z-]+:")


class Tape(Protocol):
    """A file that is read forwards, and again from any place that was not forgotten."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; fewer at the end only."""
        ...

    def seek(self, offset: int, /) -> object:
        """Go to `offset`."""
        ...


class Pipe:
    """A stream that cannot seek, as a Tape: what was read is kept (in memory, then on disk) until `forget`."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Nothing is read yet."""
        self._stream = stream
        self._kept: IO[bytes] = SpooledTemporaryFile(_KEPT)  # noqa: SIM115 - lives as long as this object
        self._begin = self._end = self._at = 0  # offsets in the stream: kept from, read to, next byte

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; fewer at the end only."""
        if self._at + size > self._end:
            self._kept.seek(self._end - self._begin)
            while self._at + size > self._end and (
                piece := self._stream.read(max(_CHUNK, self._at + size - self._end))
            ):
                self._kept.write(piece)
                self._end += len(piece)
        self._kept.seek(self._at - self._begin)
        piece = self._kept.read(min(size, max(0, self._end - self._at)))
        self._at += len(piece)
        return piece

    def seek(self, offset: int, /) -> None:
        """Go to `offset`, behind what was forgotten."""
        assert offset >= self._begin
        while offset > self._end:  # ahead: read up to there
            self._at = self._end
            if not self.read(min(_SEARCH, offset - self._end)):
                break
        self._at = offset

    def close(self) -> None:
        """Let go of all that is kept."""
        self._kept.close()

    def forget(self, before: int) -> None:
        """Let go of what lies before `before`."""
        rest = self._end - before
        if before - self._begin < max(_KEPT, rest):  # copying the rest has to be worth it
            return
        old, self._kept = self._kept, SpooledTemporaryFile(_KEPT)  # noqa: SIM115
        old.seek(before - self._begin)
        while piece := old.read(_SEARCH):
            self._kept.write(piece)
        old.close()
        self._begin = before


class DamagedError(Exception):
    """A member that is cut off or broken."""


class Member:
    """The decompressed bytes of what begins at `offset`, piece by piece."""

    end: int | None = None  # offset behind it, when all was read

    def piece(self) -> bytes:
        """Return the next bytes, b"" at the end.  Raises DamagedError."""
        raise NotImplementedError

    def skip(self, size: int) -> int:
        """Pass over up to `size` bytes without reading them; return how many."""
        return 0


class Form:
    """How the records of a file are stored."""

    name = ""
    packed = True  # compressed, so that the ends of members are known
    marks: tuple[bytes, ...] = ()  # one of them begins a member

    def open(self, tape: Tape, offset: int) -> Member | None:
        """Return what begins at `offset`; None at the end of the file.  Raises DamagedError."""
        raise NotImplementedError

    def find(self, tape: Tape, offset: int, room: int | None = None) -> int | None:
        """Return where the next record begins at or behind `offset`, within `room` bytes; None where there is none."""
        raise NotImplementedError


class Plain(Form):
    """Records one behind the other."""

    name = "plain"
    packed = False
    marks = (_BEGINNING,)

    def open(self, tape: Tape, offset: int) -> Member | None:
        """Return all from `offset` on as one member."""
        tape.seek(offset)
        return _PlainMember(tape, offset) if tape.read(1) else None

    def find(self, tape: Tape, offset: int, room: int | None = None) -> int | None:
        """Look for the first two lines of a record."""
        return next(
            (at for at in _marks(tape, _BEGINNING, offset, room) if FIRST_LINES.match(_at(tape, at, 128))), None
        )


class _PlainMember(Member):
    def __init__(self, tape: Tape, offset: int) -> None:
        self._tape, self._at = tape, offset

    def piece(self) -> bytes:
        self._tape.seek(self._at)
        piece = self._tape.read(_PIECE)
        self._at += len(piece)
        if not piece:
            self.end = self._at
        return piece

    def skip(self, size: int) -> int:
        if size <= _PIECE:
            return 0
        try:
            self._tape.seek(self._at + size - 1)
        except OSError:  # further than any file reaches
            return 0
        if not self._tape.read(1):
            return 0
        self._at += size
        return size


class Gzip(Form):
    """Gzip members: one a record as the standard recommends, or one for the whole file."""

    name = "gzip"
    marks = (GZIP,)

    def open(self, tape: Tape, offset: int) -> Member | None:
        """Return the member at `offset`."""
        return _GzipMember(tape, offset) if _begins(tape, offset, GZIP) else None

    def find(self, tape: Tape, offset: int, room: int | None = None) -> int | None:
        """Look for a member that begins with a record (the three bytes alone occur by chance)."""
        return next((at for at in _marks(tape, GZIP, offset, room) if self._holds(tape, at)), None)

    @staticmethod
    def _holds(tape: Tape, offset: int) -> bool:
        tape.seek(offset)
        try:
            start = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(tape.read(256), len(_BEGINNING))
        except zlib.error:
            return False
        return start == _BEGINNING


class _GzipMember(Member):
    def __init__(self, tape: Tape, offset: int) -> None:
        self._tape, self._next = tape, offset
        self._packed = b""
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def piece(self) -> bytes:
        while not self._unpacker.eof:
            if not self._packed:
                self._tape.seek(self._next)
                self._packed = self._tape.read(_CHUNK)
                self._next += len(self._packed)
                if not self._packed:
                    raise DamagedError("the file ends in the middle of a record")
            try:
                piece = self._unpacker.decompress(self._packed, _PIECE)
            except zlib.error as error:
                raise DamagedError(f"its compression is broken: {error}") from error
            self._packed = self._unpacker.unconsumed_tail
            if self._unpacker.eof:
                self.end = self._next - len(self._unpacker.unused_data)
            if piece:
                return piece
        return b""


class Zstd(Form):
    """Zstd frames, with the dictionary that a first frame may hold."""

    name = "zstd"
    marks = (_ZSTD, _DICTIONARY)

    def __init__(self) -> None:
        """Without a dictionary, until `open` passes one."""
        self._dictionary: zstd.ZstdDict | None = None
        self._behind = 0  # where the dictionary ends: it may hold records too, which are no records of the file

    def open(self, tape: Tape, offset: int) -> Member | None:
        """Return the frame at `offset`, or behind frames there that hold no data."""
        offset = self.begin(tape, offset)
        return _ZstdMember(tape, offset, self._dictionary) if _begins(tape, offset, _ZSTD) else None

    def begin(self, tape: Tape, offset: int) -> int:
        """Return the place behind frames at `offset` that hold no data; a dictionary among them is taken.

        Raises DamagedError: it is broken.
        """
        while _skippable(head := _at(tape, offset, 8)):
            size = int.from_bytes(head[4:], "little")
            if head[:4] == _DICTIONARY and size <= _MOST_DICTIONARY:
                self._learn(_at(tape, offset + 8, size))
                self._behind = offset + 8 + size
            offset += 8 + size
        return offset

    def find(self, tape: Tape, offset: int, room: int | None = None) -> int | None:
        """Look for a frame that begins with a record."""
        offset = max(offset, self._behind)
        return next((at for at in _marks(tape, _ZSTD, offset, room) if self._holds(tape, at)), None)

    def _holds(self, tape: Tape, offset: int) -> bool:
        try:
            return _ZstdMember(tape, offset, self._dictionary).piece().startswith(_BEGINNING)
        except DamagedError:
            return False

    def _learn(self, content: bytes) -> None:
        """Take a dictionary; it may itself be compressed."""
        try:
            if content[:4] == _ZSTD:
                unpacker = zstd.ZstdDecompressor()
                content = unpacker.decompress(content, _MOST_DICTIONARY)
                if not unpacker.eof:
                    raise ValueError("cut off, or too large")
            dictionary = zstd.ZstdDict(content, is_raw=not content.startswith(_TRAINED))
            zstd.ZstdDecompressor(zstd_dict=dictionary)  # reads it
        except (zstd.ZstdError, ValueError) as error:
            raise DamagedError(f"the dictionary that all records need is broken: {error}") from error
        self._dictionary = dictionary


class _ZstdMember(Member):
    def __init__(self, tape: Tape, offset: int, dictionary: zstd.ZstdDict | None) -> None:
        self._tape, self._next = tape, offset
        self._unpacker = zstd.ZstdDecompressor(zstd_dict=dictionary)

    def piece(self) -> bytes:
        while not self._unpacker.eof:
            packed = b""
            if self._unpacker.needs_input:
                packed = _at(self._tape, self._next, _CHUNK)
                self._next += len(packed)
                if not packed:
                    raise DamagedError("the file ends in the middle of a record")
            try:
                piece = self._unpacker.decompress(packed, _PIECE)
            except zstd.ZstdError as error:
                raise DamagedError(f"its compression is broken: {error}") from error
            if self._unpacker.eof:
                self.end = self._next - len(self._unpacker.unused_data)
            if piece:
                return piece
        return b""


def form_of_file(tape: Tape, name: str) -> Form:
    """Return how records are stored, by the first that is whole; by the file's name where several forms have one.

    First bytes alone prove nothing: rubbish before the first record may look like a compressed member.  They decide,
    before the name, only where no record is found.
    """
    named: Form = Gzip() if name.endswith(".gz") else Zstd() if name.endswith(".zst") else Plain()
    if named.packed and _first(named, tape) is not None:
        return named
    forms: tuple[Form, ...] = (Plain(), Gzip(), Zstd())
    places = [(at, place) for place, form in enumerate(forms) if (at := _first(form, tape)) is not None]
    if places:
        return forms[min(places)[1]]
    return next((form for form in forms if any(_begins(tape, 0, mark) for mark in form.marks)), named)


def _first(form: Form, tape: Tape) -> int | None:
    if not (isinstance(form, Zstd) and _begins(tape, 0, _DICTIONARY)):
        return form.find(tape, 0, _SEARCH)
    try:
        form.begin(tape, 0)  # takes the dictionary, which stands at the beginning or nowhere
    except DamagedError:
        return None
    return None if form.find(tape, 0, _SEARCH) is None else 0  # no record of another form in the dictionary is first


def _at(tape: Tape, offset: int, size: int) -> bytes:
    tape.seek(offset)
    return tape.read(size)


def _begins(tape: Tape, offset: int, mark: bytes) -> bool:
    return _at(tape, offset, len(mark)) == mark


def _skippable(head: bytes) -> bool:
    return len(head) == 8 and head[1:4] == _DICTIONARY[1:] and head[0] >> 4 == 5


def _marks(tape: Tape, mark: bytes, offset: int, room: int | None) -> Iterator[int]:
    """Yield where `mark` stands at or behind `offset`."""
    begin = max(0, offset)
    last = None if room is None else begin + room
    while last is None or begin < last:
        piece = _at(tape, begin, _CHUNK + len(mark) - 1)
        found = piece.find(mark)
        while found >= 0:
            if last is None or begin + found < last:
                yield begin + found
            found = piece.find(mark, found + 1)
        if len(piece) < _CHUNK:
            return
        begin += _CHUNK
