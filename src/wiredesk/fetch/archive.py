"""WARC archives, ours and others' -> pages.  Broken records become Problems; reading goes on behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

from wiredesk.errors import UnreadableError
from wiredesk.fetch.capture import FINAL, REDIRECT
from wiredesk.fetch.coding import TooMuchError, decoded, unchunked, unknown_coding
from wiredesk.fetch.members import FIRST_LINES, DamagedError, Form, Member, Pipe, Tape, form_of_file
from wiredesk.fetch.wanted import Wanted
from wiredesk.records import Page, Problem

MAX_BYTES = 64 * 2**20  # of one page, decompressed
EVERYTHING = Wanted()

_NEXT_RECORD = re.compile(  # on a line of its own; on another's, for its end may be what was lost, if it is clearly one
    rb"\r?\n(?=WARC/[01]\.\d{1,2}\r?\n[A-Za-z-]+:)|(?=WARC/[01]\.\d{1,2}\r?\nWARC-[A-Za-z-]+:)"
)
_OVERLAP = 128  # bytes, more than that matches
_WINDOW = 2**12  # bytes of headers that are looked at at once
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{]")  # probably not compressed
_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{][\t\n\r -~]*(?:(?<=[\t\n\r -~]{12})|\Z)")  # certainly not
_SCHEMES = ("http://", "https://", "file:///")
_UNDONE = frozenset({"content-encoding", "transfer-encoding"})
_HEAD_ROOM = 2**20  # bytes for headers, of the record and of HTTP each
_LOOK = 2**14  # bytes of a record that are read before it is decided whether the rest is
_TRAILER = b"\r\n\r\n"
_WEB_BEGAN = datetime(1991, 8, 6, tzinfo=UTC)
_DRIFT = timedelta(days=1)  # how wrong a crawler's clock may be
_BEHIND = "reading goes on behind it"

Fields = Mapping[str, list[str]]  # names in lower case


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a record stands in its file, in bytes as stored.

    Records that share one compressed member have its offset, all of them.
    """

    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    """A record that was read to its end."""

    offset: int
    fields: Fields
    block: bytes | None  # None where it is not wanted; at most one byte more than is wanted
    size: int  # of the whole block
    end: int  # behind it, where the file is not compressed
    told: str | None = None  # what is wrong with it, though it can be read


def read_captures(
    path: Path, offset: int = 0, *, max_bytes: int = MAX_BYTES
) -> Iterator[tuple[Page, Location] | Problem]:
    """Give the pages of a WARC file from `offset` on, one at a time: `read_archive` with everything wanted.

    Args:
        offset: Where a record begins, in bytes as stored.
        max_bytes: Larger pages become Problems.
    """
    return read_archive(path, offset=offset, max_bytes=max_bytes)


def read_archive(
    source: Path | IO[bytes],
    *,
    name: str | None = None,
    offset: int = 0,
    wanted: Wanted = EVERYTHING,
    max_bytes: int = MAX_BYTES,
    moved: Callable[[int], None] = lambda _: None,
) -> Iterator[tuple[Page, Location] | Problem]:
    """Give the pages of a WARC file (0.17 to 1.1), one at a time, however large it is.

    Plain; gzip or zstd by record (zstd with the dictionary that the file brings); or all of it as one gzip or zstd
    stream.  `response` records with a 2xx HTTP answer and `resource` records become pages, their transfer and content
    coding undone; all others are passed over.  A record that is damaged, or lies, becomes a Problem that names file
    and offset; where it can be read nevertheless, its page comes directly behind the Problem.  Never raises because
    of what the file holds.

    Args:
        source: A file's path (a named pipe too), or an open stream, which need not be seekable.
        name: For Problems; the file's own where none is given.
        offset: Where a record begins, in bytes as stored.
        wanted: Others are passed over, silently.
        max_bytes: Larger pages become Problems.
        moved: Told how far the file is read, in bytes as stored.

    Source: ISO 28500:2017 (WARC 1.1); zstd: https://iipc.github.io/warc-specifications/specifications/warc-zstd/
    """
    label = name or (source.name if isinstance(source, Path) else "standard input")
    with ExitStack() as stack:
        try:
            file = stack.enter_context(source.open("rb", buffering=2**18)) if isinstance(source, Path) else source
            tape: Tape = file if file.seekable() else stack.enter_context(closing(Pipe(file)))
            form = form_of_file(tape, label)
            reading = _Reading(tape, form, label, wanted, max_bytes, moved)
            yield from reading.all_from(offset)
        except OSError as error:
            yield _problem(label, offset, f"cannot be read: {error}", "the rest of the file is left out")


def read_one(path: Path, offset: int, *, max_bytes: int = MAX_BYTES) -> Page:
    """Return the page whose record begins at `offset`.

    Raises:
        UnreadableError: there is none, or it is broken.
    """
    for found in read_captures(path, offset, max_bytes=max_bytes):
        if isinstance(found, Problem):
            raise UnreadableError(found.where, found.what, found.now)
        page, location = found
        if location.offset == offset:
            return page
        break
    raise UnreadableError(f"{path.name}:{offset}", "no page is recorded here")


class _Stream:
    """The bytes of a member in their order."""

    def __init__(self, member: Member, at: int) -> None:
        self._member = member
        self._held = b""
        self.at = at  # the place of the next byte, where the file is not compressed

    def restart(self, member: Member | None, at: int) -> None:
        """Go back to `at`, where `member` begins."""
        self._member, self._held, self.at = member or self._member, b"", at

    def peek(self, size: int) -> bytes:
        while len(self._held) < size and (piece := self._member.piece()):
            self._held += piece
        return self._held[:size]

    def take(self, size: int) -> bytes:
        pieces, have = [self._held], len(self._held)
        while have < size and (piece := self._member.piece()):
            pieces.append(piece)
            have += len(piece)
        data = b"".join(pieces)
        self._held = data[size:]
        self.at += min(size, have)
        return data[:size]

    def skip(self, size: int) -> int:
        """Pass over up to `size` bytes; return how many there were."""
        passed = min(size, len(self._held))
        self._held = self._held[passed:]
        passed += self._member.skip(size - passed)
        while passed < size and (piece := self._member.piece()):
            self._held = piece[size - passed :]
            passed += min(len(piece), size - passed)
        self.at += passed
        return passed

    def skip_lines(self) -> None:
        """Pass over empty lines."""
        while self.peek(1) in (b"\r", b"\n"):
            rest = self._held.lstrip(b"\r\n")
            self.at += len(self._held) - len(rest)
            self._held = rest

    def unread(self, data: bytes) -> None:
        self._held = data + self._held
        self.at -= len(data)

    def head(self, room: int) -> bytes | None:
        """Take what stands before the next empty line, that line with it.

        None where there is none within `room`, or not before the next record.
        """
        begin = 0
        while begin <= room:
            window = begin + _WINDOW
            self.peek(window)
            end = _HEAD_END.search(self._held, begin, window)
            other = _NEXT_RECORD.search(self._held, max(begin, 1), window)  # it begins with one
            if end and not (other and other.start() < end.start()):
                return self.take(end.end())
            if other or len(self._held) < window:
                return None
            begin = window - _OVERLAP
        return None

    def before_next_record(self, most: int) -> tuple[bytes, int, bool]:
        """Pass over all before the next record; return its first `most` bytes, its size, and if one is there."""
        kept, size = b"", 0
        if FIRST_LINES.match(self.peek(_OVERLAP)):
            return kept, size, True
        while True:
            found = _NEXT_RECORD.search(self._held)
            sure = found.end() if found else max(0, len(self._held) - _OVERLAP)
            kept += self._held[: min(sure, most - len(kept))]
            size += sure
            self._held = self._held[sure:]
            if not found and (piece := self._member.piece()):
                self._held += piece
                continue
            if not found:
                kept += self._held[: most - len(kept)]
                size += len(self._held)
                self._held = b""
            self.at += size
            return kept, size, found is not None


class _Reading:
    """One way through an archive."""

    def __init__(
        self,
        tape: Tape,
        form: Form,
        name: str,
        wanted: Wanted,
        max_bytes: int,
        moved: Callable[[int], None],
    ) -> None:
        self._tape, self._form, self._name = tape, form, name
        self._wanted, self._max_bytes = wanted, max_bytes
        self._moved = moved
        self._most = max_bytes + _HEAD_ROOM
        self._at = 0  # where the record, or its member, begins

    def all_from(self, start: int) -> Iterator[tuple[Page, Location] | Problem]:
        self._at = start
        told = False  # the last fault was told, and nothing was read since
        while True:
            self._arrive(self._at)
            try:
                member = self._form.open(self._tape, self._at)
                if member is None:
                    if self._is_end(self._at):
                        return
                    raise DamagedError("no record begins here")
                for raw in self._records(member, start):
                    told = False
                    yield from self._page(raw, member)
                if member.end is None or not self._form.packed:
                    return
                self._at = member.end
            except DamagedError as error:
                if not told:
                    yield _problem(self._name, self._at, str(error), _BEHIND)
                told = True
                found = self._form.find(self._tape, self._at + 1)
                if found is None:
                    return
                self._at = found

    def _arrive(self, at: int) -> None:
        self._moved(at)
        if isinstance(self._tape, Pipe):
            self._tape.forget(at)

    def _is_end(self, at: int) -> bool:
        self._tape.seek(at)
        return not self._tape.read(64).strip(b"\r\n")

    def _records(self, member: Member, start: int) -> Iterator[_Raw]:
        """Give the records of a member, each when all of it was read, and what stands behind it was seen.

        Raises DamagedError: what is given before holds nevertheless.
        """
        packed, stream, first = self._form.packed, _Stream(member, self._at), True
        while True:
            stream.skip_lines()
            if not packed:
                self._at = stream.at
                self._arrive(self._at)
            if not stream.peek(1):
                return
            head = stream.head(_HEAD_ROOM) if stream.peek(5) == b"WARC/" else None
            if head is None:
                what = "no record begins here, or its headers are cut off or larger than 1 MiB"
                alone = self._has_member_to_itself(first, start)
                if packed and not alone and stream.skip(1) and stream.before_next_record(0)[2]:
                    yield _Raw(offset=self._at, fields={}, block=None, size=0, told=what, end=stream.at)
                    first = False
                    continue
                raise DamagedError(what)
            fields = _fields(head)
            stated = _length(fields)
            block, size = self._block(stream, fields, stated)
            told = None
            if size != stated or not _is_sound(stream.peek(64)):
                block, size = self._true_block(stream, block, size, self._has_member_to_itself(first, start), len(head))
                said = "none" if stated is None else stated
                told = f"its Content-Length is false: {said}, and {size} bytes are there"
            yield _Raw(offset=self._at, fields=fields, block=block, size=size, told=told, end=stream.at)
            first = False

    def _true_block(
        self, stream: _Stream, block: bytes | None, size: int, alone: bool, head: int
    ) -> tuple[bytes | None, int]:
        """Return a block, and its size, whose Content-Length is false, with what is missing of it.

        The end of its member is to be trusted, where the record has it to itself (it may quote other records); else
        the beginning of the next record.  Raises DamagedError: there is neither.
        """
        wanted, kept = block is not None, block or b""
        if alone:
            rest = stream.take(self._most - len(kept)) if wanted else b""
            kept, size = kept + rest, size + len(rest) + stream.skip(2**62)
        else:
            if not self._form.packed:  # what was passed over may be other records
                stream.restart(self._form.open(self._tape, self._at + head), self._at + head)
                kept, size = b"", 0
            elif wanted and len(kept) == size:
                stream.unread(kept)
                kept, size = b"", 0
            rest, more, met = stream.before_next_record(self._most - len(kept))
            kept, size = kept + rest, size + more
            if not self._form.packed and not met:
                raise DamagedError(f"the record is cut off: {size} bytes of it are there")
        if len(kept) == size and kept.endswith(_TRAILER):
            kept, size = kept[: -len(_TRAILER)], size - len(_TRAILER)
        return kept if wanted else None, size

    def _has_member_to_itself(self, first: bool, start: int) -> bool:
        """Tell whether a record is alone in its member: it is not where one member is all of the archive."""
        if not self._form.packed or not first:
            return False
        return not (self._at == start == 0 and self._form.find(self._tape, self._at + 1) is None)

    def _block(self, stream: _Stream, fields: Fields, stated: int | None) -> tuple[bytes | None, int]:
        """Take the block; return it, None where it is not wanted, and its size."""
        size = stated or 0
        if not self._is_wanted(fields):
            return None, stream.skip(size)
        if not self._wanted.media(_media(fields, stream.peek(min(size, _LOOK)))):
            return None, stream.skip(size)
        block = stream.take(min(size, self._most))
        return block, len(block) + stream.skip(size - len(block))

    def _is_wanted(self, fields: Fields) -> bool:
        """Say whether a record can give a page that is wanted, by its own headers."""
        url = _address(fields)
        if _first(fields, "warc-type").lower() not in ("response", "resource") or not url.lower().startswith(_SCHEMES):
            return False
        captured = self._moment(_first(fields, "warc-date"))
        return self._wanted.address(url) and (captured is None or self._wanted.date(captured))

    def _page(self, raw: _Raw, member: Member) -> Iterator[tuple[Page, Location] | Problem]:
        """Give the page of a record, and what is wrong with it."""
        where = f"{self._name}:{raw.offset}"
        if raw.block is None:
            if raw.told:
                yield _problem(self._name, raw.offset, raw.told, _BEHIND)
            return
        try:
            page, told = self._made(where, raw, raw.block)
        except UnreadableError as error:
            what = f"{raw.told}; {error.what}" if raw.told else error.what
            yield _problem(self._name, raw.offset, what, "this record is left out")
            return
        if page is None or not self._wanted.date(page.fetched_at):
            return
        if raw.told:
            yield _problem(self._name, raw.offset, raw.told, "the page is read up to where the record really ends")
        for what, now in told:
            yield _problem(self._name, raw.offset, what, now)
        end = raw.end if member.end is None else member.end
        yield page, Location(offset=raw.offset, length=end - raw.offset)

    def _made(self, where: str, raw: _Raw, block: bytes) -> tuple[Page | None, list[tuple[str, str]]]:
        """Return the page of a record, None where it holds none, and what was mended.  Raises UnreadableError."""
        told: list[tuple[str, str]] = []
        content_type = _first(raw.fields, "content-type")
        headers: tuple[tuple[str, str], ...]
        if _first(raw.fields, "warc-type").lower() == "resource" and "application/http" not in content_type.lower():
            status, headers, body = 200, (("content-type", content_type),), block
        else:
            status, headers, body = _http(where, block)
        if not 200 <= status < 300:
            return None, told
        if raw.size > len(block) or len(body) > self._max_bytes:
            raise UnreadableError(where, f"larger than {self._max_bytes / 2**20:g} MiB")
        cut = _first(raw.fields, "warc-truncated")
        if cut:
            told.append((f"the page was cut off when it was captured (WARC-Truncated: {cut[:40]})", "its rest is read"))
        coded = {name.lower(): value for name, value in headers if name.lower() in _UNDONE}
        if "chunked" in coded.get("transfer-encoding", "").lower():
            body = unchunked(where, body, cut=bool(cut))
        if content_encoding := coded.get("content-encoding"):
            body, lacking = _undone(where, content_encoding, body, self._max_bytes)
            if lacking:
                told.append((lacking, "the page is whole"))
        captured = self._moment(_first(raw.fields, "warc-date"))
        if captured is None:
            wrong = f"WARC-Date {_first(raw.fields, 'warc-date')[:40]!r} is no time of a capture"
            captured = self._moment(next((value for name, value in headers if name.lower() == "date"), ""))
            if captured is None:
                raise UnreadableError(where, wrong)
            told.append((wrong, "the Date of the HTTP answer is taken instead"))
        url = _address(raw.fields)
        page = Page(
            url=url,
            final_url=_first(raw.fields, FINAL.lower()) or url,
            status=status,
            headers=tuple((name, value) for name, value in headers if name.lower() not in _UNDONE),
            body=body,
            fetched_at=captured,
            redirects=tuple(raw.fields.get(REDIRECT.lower(), ())),
        )
        return page, told

    def _moment(self, value: str) -> datetime | None:
        """Return a capture time, ISO 8601 or as in HTTP; None where it is none, or cannot be."""
        moment = _parsed(value.strip())
        now = self._wanted.now
        if moment is None or moment < _WEB_BEGAN or (now is not None and moment > now + _DRIFT):
            return None
        return moment


def _parsed(value: str) -> datetime | None:
    for parse in (datetime.fromisoformat, _run_together, parsedate_to_datetime):
        try:
            moment = parse(value)
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError, TypeError):
            continue
    return None


def _run_together(value: str) -> datetime:
    return datetime.strptime(value, "%Y%m%d%H%M%S").replace(tzinfo=UTC)  # as the older format ARC had it


def _fields(head: bytes) -> dict[str, list[str]]:
    """Return the named fields of a record, names in lower case."""
    fields: dict[str, list[str]] = {}
    values: list[str] = []
    for line in head.decode("utf-8", "replace").split("\n")[1:]:
        if line[:1] in (" ", "\t") and values:  # a folded line
            values[-1] = f"{values[-1]} {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        if colon:
            values = fields.setdefault(name.strip().lower(), [])
            values.append(value.strip())
    return fields


def _first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _address(fields: Fields) -> str:
    return _first(fields, "warc-target-uri").strip("<> ")  # in brackets as WARC 1.0 had it


def _length(fields: Fields) -> int | None:
    value = _first(fields, "content-length")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _is_sound(behind: bytes) -> bool:
    """Say whether this is what stands behind a record whose Content-Length is true."""
    return behind.startswith(_TRAILER) or not (rest := behind.lstrip(b"\r\n")) or rest.startswith(b"WARC/")


def _media(fields: Fields, block: bytes) -> str:
    """Return the media type of what a record holds, as far as it is told."""
    if identified := _first(fields, "warc-identified-payload-type"):
        return identified
    content_type = _first(fields, "content-type")
    if "application/http" not in content_type.lower():
        return content_type
    end = _HEAD_END.search(block)
    found = re.search(rb"(?i)\ncontent-type:([^\r\n]*)", block[: end.end() if end else None])
    return found[1].decode("latin-1") if found else ""


def _http(where: str, block: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Split an HTTP answer into status, headers and body."""
    end = _HEAD_END.search(block, 0, _HEAD_ROOM)
    lines = block[: end.start() if end else 256].decode("latin-1").splitlines()
    status = _STATUS.match(lines[0]) if lines else None
    if not status or not end:
        raise UnreadableError(where, "no HTTP answer in the record, or its headers are larger than 1 MiB")
    headers: list[tuple[str, str]] = []
    folded: list[str] = []  # a line that old servers broke
    for line in lines[1:]:
        if line[:1] in " \t" and headers:
            folded.append(line.strip())
            continue
        if folded:
            headers[-1] = (headers[-1][0], " ".join((headers[-1][1], *folded)))
            folded = []
        name, colon, value = line.partition(":")
        if colon:
            headers.append((name.strip(), value.strip()))
    if folded:
        headers[-1] = (headers[-1][0], " ".join((headers[-1][1], *folded)))
    return int(status[1]), tuple(headers), block[end.end() :]


def _undone(where: str, content_encoding: str, body: bytes, limit: int) -> tuple[bytes, str | None]:
    """Return `body` with its content coding undone, and what is wrong with it; as it is where it is markup.

    Many archives keep the header Content-Encoding and undo the coding.
    """
    known = unknown_coding(content_encoding.replace("x-gzip", "gzip")) is None
    if known and _TEXT.match(body):
        return body, None
    try:
        return decoded(where, content_encoding, body, limit)
    except UnreadableError as error:
        if known and not isinstance(error.__cause__, TooMuchError) and _MARKUP.match(body):
            return body, None
        raise


def _problem(name: str, offset: int, what: str, now: str) -> Problem:
    return Problem(where=f"{name}:{offset}", what=what, now=now, stage="fetch")
