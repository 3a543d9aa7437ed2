"""Read captures: each page becomes readings (drafts), in as many processes as there are cores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from wiredesk.errors import UnreadableError, WiredeskError
from wiredesk.extract import draft_from_wire, extract, read_dispatch
from wiredesk.fetch import read_one
from wiredesk.identify import settle
from wiredesk.line.room import Room
from wiredesk.recordformat import draft_from_record, parse_record
from wiredesk.records import Draft, Page, Problem, Source, WireItem
from wiredesk.sources import looks_like_feed, parse_feed
from wiredesk.store import CaptureRow
from wiredesk.text import digest
from wiredesk.urls import canonical

_FILE = "wiredesk-file"  # header that names the path of an imported file
_CHUNK = 16  # captures handed to a process at once

Form = Literal["feed", "page", "dispatch", "record", "carried", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What the frontier has to know of a wire item."""

    address: str
    url: str
    digest: str
    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one capture gave."""

    capture: CaptureRow
    draft: Draft | None = None
    wires: tuple[Wire, ...] = ()
    carried: tuple[str, bytes] | None = None
    rejected: str | None = None  # why the page is no article
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What a process needs to read captures; sent to each once."""

    captures: Path
    sources: Mapping[str, Source]  # by address
    languages: tuple[str, ...]
    key: bytes | None

    def read(self, row: CaptureRow) -> Reading:
        """Read one capture.  Never raises for what the capture holds."""
        form: Form = "nothing"
        try:
            page = read_one(self.captures / row.file, row.offset)
            form = "feed" if row.url in self.sources else form_of(page)  # what answers for a source has to be one
            return self._read(row, page, form)
        except (WiredeskError, ValueError) as error:
            if isinstance(error, UnreadableError):
                problem = Problem(where=error.where, what=error.what, now=error.now, stage="read")
            else:
                problem = Problem(where=row.url, what=str(error), now="it is left out", stage="read")
            return Reading(capture=row, rejected=problem.what if form == "page" else None, problems=(problem,))

    def _read(self, row: CaptureRow, page: Page, form: Form) -> Reading:
        match form:
            case "feed":
                return self._read_feed(row, page)
            case "page":
                return Reading(capture=row, draft=extract(page, languages=self.languages))
            case "dispatch":
                return Reading(capture=row, draft=read_dispatch(page))
            case "record":
                path = page.header(_FILE) or page.url
                record = parse_record(page.body, path)
                draft = draft_from_record(record, name=Path(path).stem, observed_at=page.fetched_at, key=self.key)
                return Reading(capture=row, draft=draft)
            case "carried":
                path = page.header(_FILE) or page.url
                parse_record(page.body, path)
                return Reading(capture=row, carried=(path, page.body))
            case "nothing":
                return Reading(capture=row)

    def _read_feed(self, row: CaptureRow, page: Page) -> Reading:
        feed = parse_feed(page)
        source = self.sources.get(page.url)
        return Reading(
            capture=row,
            wires=tuple(self._wire(item, page, source) for item in feed.items if _has_address(item)),
            problems=tuple(replace(problem, stage="read") for problem in feed.problems),
        )

    def _wire(self, item: WireItem, page: Page, source: Source | None) -> Wire:
        draft = draft_from_wire(item, page.fetched_at, source=source)
        changed = digest(item.title, item.updated_at.isoformat() if item.updated_at else "")
        return Wire(address=draft.address, url=item.url, digest=changed, draft=draft)


def form_of(page: Page) -> Form:
    """Tell how a capture has to be read, by its type and, where types lie, by its first bytes."""
    if path := page.header(_FILE):
        if path.endswith(".md"):
            return "record" if path.rpartition("/")[0].endswith("_news") or "/" not in path else "carried"
        if path.endswith((".txt", ".text")):
            return "dispatch"
    if not 200 <= page.status < 300 or page.content_type.startswith(("image/", "video/", "audio/", "font/")):
        return "nothing"
    if page.url.endswith("/robots.txt"):
        return "nothing"
    if looks_like_feed(page.body, page.content_type):
        return "feed"
    head = page.body[:2048].lower()
    is_text = page.content_type == "text/plain" and b"<html" not in head and b"<!doctype html" not in head
    return "dispatch" if is_text else "page"


def read_captures(room: Room) -> None:
    """Read every capture that nobody read, in the order (time, address); keep what they give."""
    total = room.store.intake.unread_count()
    if not total:
        return
    reader = Reader(
        captures=room.site.captures,
        sources={source.url: source for source in room.sources},
        languages=room.settings.site.languages,
        key=room.key,
    )
    with room.step("Reading", total) as advance:
        for readings in _read_all(room, reader, total):
            with room.store.transaction():
                for reading in readings:
                    _keep(room, reading)
                room.store.intake.mark_read(reading.capture.id for reading in readings)
            advance(len(readings))


_reader: Reader | None = None  # one per process


def _begin_process(reader: Reader) -> None:
    global _reader
    _reader = reader


def _read_chunk(rows: Sequence[CaptureRow]) -> list[Reading]:
    assert _reader is not None
    return [_reader.read(row) for row in rows]


def _read_all(room: Room, reader: Reader, total: int) -> Iterator[list[Reading]]:
    chunks = _chunks(room)
    if room.workers <= 1 or total < 3 * _CHUNK or not _processes_start(reader):
        for rows in chunks:
            yield [reader.read(row) for row in rows]
        return
    broken: list[list[CaptureRow]] = []
    with _processes(room.workers, reader) as pool:
        # As many chunks under way as keep all processes busy, and no more: memory stays flat.  Answers are taken
        # in the order of the asking, so that what is kept does not depend on which process was faster.
        under_way = [(rows, pool.submit(_read_chunk, rows)) for rows in islice(chunks, 3 * room.workers)]
        while under_way:
            rows, answer = under_way.pop(0)
            try:
                yield answer.result()
                under_way += [(rows, pool.submit(_read_chunk, rows)) for rows in islice(chunks, 1)]
            except BrokenProcessPool:
                broken += [rows, *(rows for rows, _ in under_way)]
                break
    for rows in broken:
        for row in rows:
            yield [_read_apart(reader, row)]
    if broken:
        yield from _read_all(room, reader, total)


def _processes(number: int, reader: Reader) -> ProcessPoolExecutor:
    # forking a process that has threads is not safe
    return ProcessPoolExecutor(number, get_context("forkserver"), _begin_process, (reader,))


def _processes_start(reader: Reader) -> bool:
    """Tell whether other processes can be had: not where a caller's script has no `__main__` guard, for one."""
    with _processes(1, reader) as pool:
        try:
            pool.submit(_read_chunk, []).result()
        except BrokenProcessPool:
            return False
    return True


def _read_apart(reader: Reader, row: CaptureRow) -> Reading:
    """Read one of the captures among which one ended its process (out of memory, a fault in a library)."""
    with _processes(1, reader) as pool:
        try:
            return pool.submit(_read_chunk, [row]).result()[0]
        except BrokenProcessPool:
            what = "reading it ended the process that did (out of memory, or a fault in a library)"
            problem = Problem(where=row.url, what=what, now="it is set aside", stage="read")
            return Reading(capture=row, rejected=what, problems=(problem,))


def _chunks(room: Room) -> Iterator[list[CaptureRow]]:
    for rows in room.store.intake.unread(_CHUNK * 32):
        for start in range(0, len(rows), _CHUNK):
            yield rows[start : start + _CHUNK]


def _keep(room: Room, reading: Reading) -> None:
    room.report_all(reading.problems)
    if reading.draft is not None:
        _keep_draft(room, _apart(room, reading.draft))
        _lead_home(room, reading.capture.url, reading.draft)
    for wire in reading.wires:
        _keep_wire(room, wire)
    if reading.carried and room.store.editions.carry(*reading.carried):
        room.store.editions.soil(["carried"])
    if reading.rejected and reading.capture.url.startswith("http"):
        _keep_rejected(room, reading.capture, reading.rejected)


def _keep_rejected(room: Room, capture: CaptureRow, reason: str) -> None:
    """Note that a page was read and is no article: a wire item that names it stands alone."""
    address = canonical(capture.url)
    room.counts["not_articles"] += 1
    if room.store.articles.add_rejected(address, capture.captured_at, reason):
        home = room.store.articles.canonical(address) or address
        room.store.articles.put_address(address, home)
        room.store.intake.owe("fold", [home])


def _keep_draft(room: Room, draft: Draft) -> bool:
    if not room.store.articles.add_draft(draft):
        return False
    before = room.store.articles.canonical(draft.address)
    if draft.origin == "wire":
        now = before or draft.address  # a feed knows nothing of where an address leads
    else:
        now = settle(draft.address, room.store.articles.drafts_at(draft.address))
    room.store.articles.put_address(draft.address, now)
    room.store.intake.owe("fold", {now, before or now})
    return True


def _lead_home(room: Room, asked: str, draft: Draft) -> None:
    """A page came: nobody has to ask for it, and the address that led to it (by redirect) belongs to it."""
    addresses = {draft.address, *([canonical(asked)] if asked.startswith("http") else [])}
    home = room.store.articles.canonical(draft.address) or draft.address
    for address in addresses:
        room.store.intake.page_came(address)
        if room.store.articles.canonical(address) not in {None, home} or address != draft.address:
            room.store.intake.owe("fold", {room.store.articles.canonical(address) or home, home})
            room.store.articles.put_address(address, home)


def _keep_wire(room: Room, wire: Wire) -> None:
    room.counts["wire_items"] += 1
    if not _keep_draft(room, wire.draft):
        return
    pages = [d.observed_at for d in room.store.articles.drafts_at(wire.address) if d.origin != "wire"]
    if wire.draft.source_url not in {source.url for source in room.sources}:
        first = changed = "alone"  # we fetch only what our own sources name
    else:
        first = "read" if pages else "wanted"
        changed = "read" if any(at >= wire.draft.observed_at for at in pages) else "wanted"
    room.store.intake.want(wire.address, wire.url, wire.draft, wire.digest, first=first, changed=changed)


def _apart(room: Room, draft: Draft) -> Draft:
    """Keep two records of one address apart: the reference has such pairs, and none may be lost."""
    if draft.origin != "record":
        return draft
    names = {d.record_name for d in room.store.articles.drafts_at(draft.address) if d.origin == "record"}
    if names and draft.record_name not in names:
        return replace(draft, address=f"{draft.address}#record={draft.record_name}")
    return draft


def _has_address(item: WireItem) -> bool:
    try:
        canonical(item.url)
    except ValueError:
        return False
    return True
