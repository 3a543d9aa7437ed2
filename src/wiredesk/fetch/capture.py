"""What was received, kept as WARC/1.1 (ISO 28500:2017), one gzip member a record: written here.

A page becomes one `response` record.  Its content coding is undone before, and the HTTP headers say so: no
Content-Encoding, no Transfer-Encoding, the true Content-Length.  Two fields are ours, since WARC has none for them:
`WARC-Wiredesk-Final-URI` (after redirects) and `WARC-Wiredesk-Redirect` (an address passed on the way; repeated).
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from wiredesk.errors import StoreError
from wiredesk.records import Page, Problem

FINAL = "WARC-Wiredesk-Final-URI"
REDIRECT = "WARC-Wiredesk-Redirect"
MEMBER = b"\x1f\x8b\x08"  # begins a gzip member

_NAME = re.compile(r"wiredesk-(\d{5,})\.warc\.gz")
_UNTRUE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_LINE_BREAKS = re.compile(r"[\r\n\x00]+")
_TAIL = 2**20  # bytes read at once when looking for the last record


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where a page was written."""

    file: str  # name in the captures folder
    offset: int  # bytes
    length: int  # bytes, compressed
    digest: str  # "sha256:<hex>" of the body


class CaptureWriter:
    """Appends pages to the newest file of a folder, and begins a new one at `max_bytes`.

    What a crash left half-written at the end of the newest file is cut off on opening, and told in `problems`.
    Nothing is safe on disk before `commit` returns.

    Raises:
        StoreError: the folder or a file cannot be written (also by `append` and `commit`).
    """

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self.problems: tuple[Problem, ...] = ()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            numbers = [int(found[1]) for path in folder.iterdir() if (found := _NAME.fullmatch(path.name))]
            self._number = max(numbers, default=0)
            self._file: BinaryIO | None = self._reopen() if numbers else None
        except OSError as error:
            raise StoreError(f"{folder}: captures cannot be written: {error}") from error

    def append(self, page: Page) -> Capture:
        """Write `page` behind what is there.  A failed write is taken back, so that the file stays readable."""
        try:
            if self._file is None or self._file.tell() >= self._max_bytes:
                self._begin(page.fetched_at)
            file = self._file
            assert file is not None
            offset = file.tell()
            digest = f"sha256:{hashlib.sha256(page.body).hexdigest()}"
            record = _record(page, digest)
            try:
                if file.write(record) != len(record):
                    raise OSError("only a part was written: the disk is full")
            except OSError:
                os.ftruncate(file.fileno(), offset)
                file.seek(offset)
                raise
            return Capture(file=self._path.name, offset=offset, length=file.tell() - offset, digest=digest)
        except OSError as error:
            raise StoreError(f"{self._path}: the capture cannot be written: {error}") from error

    def commit(self) -> None:
        """Return when all that was appended is on the disk."""
        try:
            if self._file is not None:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise StoreError(f"{self._path}: captures cannot be written: {error}") from error

    def close(self) -> None:
        """Commit and let go of the file."""
        self.commit()
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def _path(self) -> Path:
        return self._folder / f"wiredesk-{self._number:05d}.warc.gz"

    def _begin(self, at: datetime) -> None:
        self.close()
        self._number += 1
        self._file = self._path.open("xb", buffering=0)
        self._file.write(_warcinfo(self._path.name, at))
        _sync_folder(self._folder)

    def _reopen(self) -> BinaryIO:
        file = self._path.open("r+b", buffering=0)
        size = file.seek(0, os.SEEK_END)
        end = _sound_end(file, size)
        if end < size:
            what = f"the last {size - end} bytes are no complete record: a run was interrupted"
            now = "they are cut off; the records before are kept"
            self.problems = (Problem(where=f"{self._path.name}:{end}", what=what, now=now, stage="fetch"),)
            file.truncate(end)
        file.seek(end)
        if end == 0:
            file.write(_warcinfo(self._path.name, datetime.fromtimestamp(self._path.stat().st_mtime, UTC)))
        return file


def _record(page: Page, digest: str) -> bytes:
    """Return `page` as the compressed bytes of one response record."""
    lines = [f"HTTP/1.1 {page.status} {_phrase(page.status)}"]
    lines += [f"{_one_line(k)}: {_one_line(v)}" for k, v in page.headers if k.lower() not in _UNTRUE]
    lines += [f"Content-Length: {len(page.body)}", "", ""]
    block = "\r\n".join(lines).encode("latin-1", "replace") + page.body
    fields = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", _record_id(page.url, page.fetched_at.isoformat(), digest)),
        ("WARC-Target-URI", _one_line(page.url)),
        ("WARC-Date", _warc_date(page.fetched_at)),
        ("WARC-Payload-Digest", digest),
    ]
    if page.final_url != page.url:
        fields.append((FINAL, _one_line(page.final_url)))
    fields += [(REDIRECT, _one_line(address)) for address in page.redirects]
    return _written("response", fields, block, "application/http; msgtype=response")


def _warcinfo(name: str, at: datetime) -> bytes:
    fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", _record_id("warcinfo", name, at.isoformat())),
        ("WARC-Filename", name),
        ("WARC-Date", _warc_date(at)),
    ]
    info = "software: Wiredesk\r\nformat: WARC/1.1\r\nconformsTo: https://iipc.github.io/warc-specifications/\r\n"
    return _written("warcinfo", fields, info.encode(), "application/warc-fields")


def _written(kind: str, fields: list[tuple[str, str]], block: bytes, content_type: str) -> bytes:
    """Return a record, by warcio.  It gets the block whole: it would recode header values that are not ASCII."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    headers = StatusAndHeaders("", fields, protocol="WARC/1.1")
    record = writer.create_warc_record("", kind, io.BytesIO(block), len(block), content_type, warc_headers=headers)
    writer.write_record(record)
    return out.getvalue()


def _record_id(*parts: str) -> str:
    """Return an id that follows from what is recorded (chance would make two runs differ)."""
    digits = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"<urn:uuid:{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}>"


def _warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _one_line(value: str) -> str:
    return _LINE_BREAKS.sub(" ", value).strip()


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- where a file that was cut off still holds -------------------------------------------------------------------


def _sound_end(file: BinaryIO, size: int) -> int:
    """Return the offset behind the last complete record: only the last record is read, however large the file."""
    for offset in _members_backwards(file, size):
        if not is_record_start(file, offset):
            continue
        end = member_end(file, offset)
        return offset if end is None else end
    return 0


def _members_backwards(file: BinaryIO, size: int) -> Iterator[int]:
    """Yield the offsets of bytes that look like the start of a gzip member, last first."""
    end = size
    while end > 0:
        begin = max(0, end - _TAIL)
        file.seek(begin)
        piece = file.read(min(size, end + len(MEMBER) - 1) - begin)
        at = piece.rfind(MEMBER)
        while at >= 0:
            yield begin + at
            at = piece.rfind(MEMBER, 0, at + len(MEMBER) - 1)
        end = begin


def is_record_start(file: BinaryIO, offset: int) -> bool:
    """Say whether a gzip member with a WARC record begins at `offset` (the three bytes alone occur by chance)."""
    file.seek(offset)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(file.read(256), 6).startswith(b"WARC/1")
    except zlib.error:
        return False


def member_end(file: BinaryIO, offset: int) -> int | None:
    """Return the offset behind the gzip member at `offset`; None where it is cut off or broken."""
    file.seek(offset)
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    read = 0
    while piece := file.read(_TAIL):
        read += len(piece)
        try:
            while piece and not unpacker.eof:
                unpacker.decompress(piece, _TAIL)
                piece = unpacker.unconsumed_tail
        except zlib.error:
            return None
        if unpacker.eof:
            return offset + read - len(unpacker.unused_data)
    return None
