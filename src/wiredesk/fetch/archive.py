"""WARC archives, ours and others' -> pages.  Broken records become Problems; reading goes on behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from wiredesk.errors import UnreadableError
from wiredesk.fetch.capture import FINAL, MEMBER, REDIRECT, is_record_start, member_end
from wiredesk.fetch.coding import decoded, unchunked
from wiredesk.records import Page, Problem

MAX_BYTES = 64 * 2**20  # of one page, decompressed

_NEXT_RECORD = b"\r\n\r\nWARC/1."  # inside a block it may be the record behind, swallowed by a false Content-Length
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_SCHEMES = ("http://", "https://", "file:///")
_UNDONE = frozenset({"content-encoding", "transfer-encoding"})
_HEAD_ROOM = 2**20  # bytes for HTTP headers
_SEARCH = 2**20  # bytes read at once when looking for the next record


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a record stands in its file, in bytes as stored."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    """A record as it stands in the file."""

    offset: int
    end: int | None  # None: what stands behind is broken
    kind: WarcRecordType
    fields: Any  # FastWARC's header map
    stated: int  # its Content-Length
    block: bytes  # at most one byte more than is wanted


class _Broken(Exception):
    """The file cannot be read on from here in the plain way."""


def read_captures(
    path: Path, offset: int = 0, *, max_bytes: int = MAX_BYTES
) -> Iterator[tuple[Page, Location] | Problem]:
    """Give the pages of a WARC 1.0 or 1.1 file, plain or compressed by record, from `offset` on, one at a time.

    `response` records with a 2xx HTTP answer and `resource` records become pages, their transfer and content coding
    undone; all others are passed over.  Never raises because of what the file holds.

    Args:
        offset: Where a record begins, in bytes as stored.
        max_bytes: Larger pages become Problems.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            probe = stack.enter_context(path.open("rb"))  # looks around while FastWARC reads `file`
            size = path.stat().st_size
            packed = probe.read(len(MEMBER)) == MEMBER
        except OSError as error:
            yield _problem(path, offset, f"cannot be read: {error}", "the file is left out")
            return
        start = offset
        told = False  # the last fault was told, and nothing was read since
        while start < size:
            at = start
            try:
                for raw in _raw_records(file, start, size, max_bytes):
                    at, told = raw.offset, False
                    end = _sound_end(probe, raw, packed, max_bytes) or size
                    try:
                        page = _page(f"{path.name}:{at}", raw, max_bytes)
                    except UnreadableError as error:
                        yield _problem(path, at, error.what, "this record is left out")
                        continue
                    if page is not None:
                        yield page, Location(offset=at, length=end - at)
                return
            except _Broken as error:
                if not told:
                    yield _problem(path, at, str(error), "reading goes on behind it")
                told = True
                start = _behind(probe, at, size, packed)


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


def _raw_records(file: BinaryIO, start: int, size: int, max_bytes: int) -> Iterator[_Raw]:
    """Give every record from `start` on.  Raises _Broken where FastWARC cannot go on."""
    file.seek(start)
    held: _Raw | None = None
    try:
        for record in ArchiveIterator(file, parse_http=False):
            if held:
                yield replace(held, end=record.stream_pos)
                held = None
            held = _Raw(
                offset=record.stream_pos,
                end=None,
                kind=record.record_type,
                fields=record.headers,
                stated=record.content_length,
                block=record.reader.read(max_bytes + _HEAD_ROOM),
            )
    except Exception as error:  # FastWARC raises OSError, ValueError and others
        if held:
            yield held
        raise _Broken(f"broken here or directly behind ({error})") from error
    if held:
        yield replace(held, end=size)


def _sound_end(probe: BinaryIO, raw: _Raw, packed: bool, max_bytes: int) -> int | None:
    """Return where the record ends.  Raises _Broken where its Content-Length is false."""
    if len(raw.block) < min(raw.stated, max_bytes + _HEAD_ROOM):
        raise _Broken(f"the record is cut off: {len(raw.block)} of {raw.stated} bytes are there")
    if packed and (raw.end is None or _NEXT_RECORD in raw.block):
        end = member_end(probe, raw.offset)
        if end is not None and raw.end is not None and end < raw.end:
            raise _Broken("its Content-Length is false and reaches into the next record")
        return end
    return raw.end


def _page(where: str, raw: _Raw, max_bytes: int) -> Page | None:
    """Return the page of a record; None where it holds none.  Raises UnreadableError."""
    url = (raw.fields.get("WARC-Target-URI") or "").strip("<> ")
    content_type = raw.fields.get("Content-Type") or ""
    is_http = "application/http" in content_type.lower()
    if not url.lower().startswith(_SCHEMES):
        return None
    headers: tuple[tuple[str, str], ...]
    if raw.kind == WarcRecordType.resource and not is_http:
        status, headers, body = 200, (("content-type", content_type),), raw.block
    elif raw.kind in (WarcRecordType.response, WarcRecordType.resource):
        status, headers, body = _http(where, raw.block)
    else:
        return None
    if not 200 <= status < 300:
        return None
    if raw.stated - len(raw.block) > 0 or len(body) > max_bytes:
        raise UnreadableError(where, f"larger than {max_bytes / 2**20:g} MiB")
    coded = {name.lower(): value for name, value in headers if name.lower() in _UNDONE}
    if "chunked" in coded.get("transfer-encoding", "").lower():
        body = unchunked(where, body)
    if content_encoding := coded.get("content-encoding"):
        body = decoded(where, content_encoding, body, max_bytes)
    return Page(
        url=url,
        final_url=raw.fields.get(FINAL) or url,
        status=status,
        headers=tuple((name, value) for name, value in headers if name.lower() not in _UNDONE),
        body=body,
        fetched_at=_date(where, raw.fields.get("WARC-Date") or ""),
        redirects=tuple(raw.fields.get_multiple(REDIRECT)),
    )


def _http(where: str, block: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Split an HTTP answer into status, headers and body."""
    end = _HEAD_END.search(block)
    lines = (block[: end.start()] if end else block).decode("latin-1").splitlines()
    status = _STATUS.match(lines[0]) if lines else None
    if not status or not end:
        raise UnreadableError(where, "no HTTP answer in the record")
    headers: list[tuple[str, str]] = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if line[:1] in " \t" and headers:  # a folded line of old servers
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
        elif colon:
            headers.append((name.strip(), value.strip()))
    return int(status[1]), tuple(headers), block[end.end() :]


def _date(where: str, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableError(where, f"WARC-Date {value[:40]!r} is no date") from error


def _behind(probe: BinaryIO, at: int, size: int, packed: bool) -> int:
    """Return where to read on after the record at `at`: behind it where it ends soundly, else at the next one found."""
    if packed and (end := member_end(probe, at)) is not None:
        return end
    mark = MEMBER if packed else b"\nWARC/1."
    begin = at + 1
    while begin < size:
        probe.seek(begin)
        piece = probe.read(_SEARCH + len(mark) - 1)
        found = piece.find(mark)
        while found >= 0:
            position = begin + found
            if not packed:
                return position + 1
            if is_record_start(probe, position):
                return position
            found = piece.find(mark, found + 1)
        begin += _SEARCH
    return size


def _problem(path: Path, offset: int, what: str, now: str) -> Problem:
    return Problem(where=f"{path.name}:{offset}", what=what, now=now, stage="fetch")
