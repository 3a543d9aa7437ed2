"""Read captures: each page becomes readings (drafts), in as many processes as there are cores."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from wiredesk.errors import NotAnArticle, UnreadableError, WiredeskError
from wiredesk.extract import Lesson, draft_from_wire, read_dispatch, study
from wiredesk.fetch import read_one
from wiredesk.identify import settle
from wiredesk.line.learning import KnowledgeFolder, keep_lesson, learn_before, let_go, midnight, watch
from wiredesk.line.pacing import keep_pace, keep_uselessness
from wiredesk.line.room import Room
from wiredesk.recordformat import draft_from_record, parse_record
from wiredesk.records import Draft, Page, Problem, Source, WireItem
from wiredesk.sources import (
    FILE_HEADER,
    Feed,
    Pace,
    belongs_to,
    looks_like_feed,
    pace_of,
    parse_feed,
    parse_sitemap,
    read_list,
    read_mail,
    sitemap_items,
    worth_following,
)
from wiredesk.store import CaptureRow
from wiredesk.text import digest
from wiredesk.urls import canonical, host_of

_CHUNK = 16  # captures handed to a process at once, at most
_TURNS = 4  # chunks that each process has of a day, at least
_WORTH_PROCESSES = 3 * _CHUNK  # captures; fewer are read here

_NEW_ENOUGH = timedelta(days=1)  # age of an index whose sitemaps are still worth asking; a rebuild reads old ones

Form = Literal["feed", "sitemap", "list", "mail", "page", "dispatch", "record", "carried", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What the frontier has to know of a wire item."""

    address: str
    url: str
    digest: str
    draft: Draft
    ask: bool = False  # the site's owner named its source: its page may be fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one capture gave."""

    capture: CaptureRow
    draft: Draft | None = None
    wires: tuple[Wire, ...] = ()
    sitemaps: tuple[str, ...] = ()  # of an index, to be asked next
    carried: tuple[str, bytes] | None = None
    pace: tuple[str, Pace] | None = None  # of the source that it is, by address
    rejected: str | None = None  # why the page is no article
    useless: tuple[str, str] | None = None  # the source that it is, by address, and why it cannot be read
    problems: tuple[Problem, ...] = ()
    lesson: Lesson | None = None  # what a page teaches about its host


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What a process needs to read captures; sent to each once."""

    captures: Path
    knowledge: KnowledgeFolder
    sources: Mapping[str, Source]  # by address, and by those that they had before they moved
    languages: tuple[str, ...]
    key: bytes | None
    opt_outs: bool = True  # obey publishers' opt-outs

    def read(self, row: CaptureRow) -> Reading:
        """Read one capture.  Never raises for what the capture holds."""
        form: Form = "nothing"
        source = self.sources.get(row.url)
        try:
            page = read_one(self.captures / row.file, row.offset)
            form = source.kind if source else form_of(page)  # what answers for a source has to be one
            return self._read(row, page, form)
        except (WiredeskError, ValueError) as error:
            if isinstance(error, UnreadableError):
                problem = Problem(where=error.where, what=error.what, now=error.now, stage="read")
            else:
                problem = Problem(where=row.url, what=str(error), now="it is left out", stage="read")
            refused = form == "page" and isinstance(error, NotAnArticle)
            lesson = _refusal(row, problem.what) if refused else None
            return Reading(
                capture=row,
                rejected=problem.what if form == "page" else None,
                useless=(source.url, problem.what) if source else None,
                problems=(problem,),
                lesson=lesson,
            )

    def _read(self, row: CaptureRow, page: Page, form: Form) -> Reading:
        source = self.sources.get(page.url)
        page = replace(page, url=source.url) if source else page  # what it brought before it moved is its own
        match form:
            case "feed":
                feed = parse_feed(page)
                return self._wires(row, page, feed.items, feed.problems, source, feed)
            case "sitemap":
                return self._read_sitemap(row, page)
            case "list":
                listing = read_list(page, source.selectors if source else None)
                return self._wires(row, page, listing.items, listing.problems, source)
            case "mail":
                mail = read_mail(page)
                return self._wires(row, page, mail.items, mail.problems, Source(url=page.url, title=mail.sender))
            case "page":
                return self._read_page(row, page)
            case "dispatch":
                return Reading(capture=row, draft=read_dispatch(page))
            case "record":
                path = _unpacked_name(page)
                record = parse_record(page.body, path)
                draft = draft_from_record(record, name=Path(path).stem, observed_at=page.fetched_at, key=self.key)
                return Reading(capture=row, draft=draft)
            case "carried":
                path = _unpacked_name(page)
                parse_record(page.body, path)
                return Reading(capture=row, carried=(path, page.body))
            case "nothing":
                return Reading(capture=row)

    def _read_page(self, row: CaptureRow, page: Page) -> Reading:
        url = page.final_url or page.url
        known, broken = None, None
        if not url.lower().startswith("file:"):
            known, broken = self.knowledge.at(host_of(canonical(url)), row.captured_at)
        draft, lesson = study(page, languages=self.languages, knowledge=known, obey=self.opt_outs)
        return Reading(capture=row, draft=draft, lesson=lesson, problems=(broken,) if broken else ())

    def _read_sitemap(self, row: CaptureRow, page: Page) -> Reading:
        """Read a sitemap that is a source, or one that the index of a source led to; nobody else's."""
        named = [source.url for source in self.sources.values() if source.kind == "sitemap"]
        home = page.url if page.url in self.sources else belongs_to(page.url, named)
        if home is None:
            return Reading(capture=row)
        sitemap = parse_sitemap(page)
        items = sitemap_items(sitemap, page.fetched_at, home)
        reading = self._wires(row, page, items, sitemap.problems, self.sources[home])
        # The protocol knows no index in an index; following one could lead in a circle.
        return replace(reading, sitemaps=worth_following(sitemap, page.fetched_at) if page.url == home else ())

    def _wires(
        self,
        row: CaptureRow,
        page: Page,
        items: Sequence[WireItem],
        problems: Sequence[Problem],
        source: Source | None,
        feed: Feed | None = None,
    ) -> Reading:
        polled = page.url in self.sources  # not a sitemap that its index led to, and no mail
        return Reading(
            capture=row,
            wires=tuple(self._wire(item, page, source) for item in items if _has_address(item)),
            problems=tuple(replace(problem, stage="read") for problem in problems),
            pace=(page.url, pace_of(items, page.fetched_at, feed=feed)) if polled else None,
        )

    def _wire(self, item: WireItem, page: Page, source: Source | None) -> Wire:
        draft = draft_from_wire(item, page.fetched_at, source=source)
        changed = digest(item.title, item.updated_at.isoformat() if item.updated_at else "")
        return Wire(address=draft.address, url=item.url, digest=changed, draft=draft, ask=source is not None)


def _refusal(row: CaptureRow, reason: str) -> Lesson | None:
    if not row.url.startswith("http"):
        return None
    address = canonical(row.url)
    return Lesson(host=host_of(address), address=address, observed_at=row.captured_at, refused=reason)


def form_of(page: Page) -> Form:
    """Tell how a capture has to be read, by its type and, where types lie, by its first bytes.

    Only a file that was imported here is at a `file:` address, and only there its header counts: any server may send
    one, and would choose front matter and paths of records with it.
    """
    if page.url.startswith("file:") and (path := page.header(FILE_HEADER)):
        match page.content_type:  # which `page_from_file` told by the name
            case "text/markdown":
                return "record" if path.rpartition("/")[0].endswith("_news") or "/" not in path else "carried"
            case "text/plain":
                return "dispatch"
            case "message/rfc822":
                return "mail"
    if not 200 <= page.status < 300 or page.content_type.startswith(("image/", "video/", "audio/", "font/")):
        return "nothing"
    if page.url.endswith("/robots.txt"):
        return "nothing"
    head = page.body[:2048].lower()
    if b"<urlset" in head or b"<sitemapindex" in head or (head.startswith(b"\x1f\x8b") and "sitemap" in page.url):
        return "sitemap"
    if looks_like_feed(page.body, page.content_type):
        return "feed"
    is_text = page.content_type == "text/plain" and b"<html" not in head and b"<!doctype html" not in head
    return "dispatch" if is_text else "page"


def _unpacked_name(page: Page) -> str:
    """Return the path of an imported file as it is without the gzip in which it may have come."""
    path = page.header(FILE_HEADER) or page.url
    return path[: -len(".gz")] if path.lower().endswith(".gz") else path


def read_captures(room: Room) -> None:
    """Read every capture that nobody read, in the order (time, address); keep what they give."""
    total = room.store.intake.unread_count()
    if not total:
        return
    reader = Reader(
        captures=room.site.captures,
        knowledge=KnowledgeFolder(room.site.knowledge),
        sources={url: source for source in room.sources for url in (*source.formerly, source.url)},
        languages=room.settings.site.languages,
        key=room.key,
        opt_outs=room.settings.fetch.opt_outs,
    )
    with room.step("Reading", total) as advance:
        for readings in _read_all(room, reader, total):
            with room.store.transaction():
                for reading in readings:
                    _keep(room, reading)
                room.store.intake.mark_read(reading.capture.id for reading in readings)
            advance(len(readings))
    let_go()
    watch(room)


_reader: Reader | None = None  # one per process


def _begin_process(reader: Reader) -> None:
    global _reader
    _reader = reader
    # A page is some ten thousand small objects, which go when it is read.  Collections that come with each page look
    # through all that was imported, a tenth of the time, and find nothing.
    gc.freeze()
    gc.set_threshold(20_000)


def _read_chunk(rows: Sequence[CaptureRow]) -> list[Reading]:
    assert _reader is not None
    return [_reader.read(row) for row in rows]


def _read_all(room: Room, reader: Reader, total: int) -> Iterator[list[Reading]]:
    """Yield what captures gave, in their order."""
    if room.workers <= 1 or total < _WORTH_PROCESSES:
        yield from _read_here(room, reader)
        return
    broken: list[list[CaptureRow]] = []
    with _processes(room.workers, reader) as pool:
        if not _starts(pool):
            yield from _read_here(room, reader)
            return
        # As many chunks under way as keep all processes busy, and no more: memory stays flat.  Answers are taken
        # in the order of the asking, so that what is kept does not depend on which process was faster.  A new day
        # begins when all of the day before is kept, for it is read with what was learned until then.
        chunks = _chunks(room)
        today: datetime | None = None
        waiting = next(chunks, None)
        under_way: list[tuple[list[CaptureRow], Future[list[Reading]]]] = []
        while waiting or under_way:
            while waiting and len(under_way) < 3 * room.workers and (not under_way or _day(waiting) == today):
                today = _begin_day(room, waiting, today)
                under_way.append((waiting, pool.submit(_read_chunk, waiting)))
                waiting = next(chunks, None)
            rows, answer = under_way.pop(0)
            try:
                yield answer.result()
            except BrokenProcessPool:
                broken += [rows, *(rows for rows, _ in under_way)]
                break
    for rows in broken:
        for row in rows:
            yield [_read_apart(reader, row)]
    if broken:
        yield from _read_all(room, reader, total)


def _read_here(room: Room, reader: Reader) -> Iterator[list[Reading]]:
    today: datetime | None = None
    for rows in _chunks(room):
        today = _begin_day(room, rows, today)
        yield [reader.read(row) for row in rows]


def _processes(number: int, reader: Reader) -> ProcessPoolExecutor:
    # forking a process that has threads is not safe
    return ProcessPoolExecutor(number, get_context("forkserver"), _begin_process, (reader,))


def _starts(pool: ProcessPoolExecutor) -> bool:
    """Tell whether other processes can be had: not where a caller's script has no `__main__` guard, for one."""
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
    """Captures to read, in their order, each chunk of one day.

    A day of few captures makes small chunks: all processes have something of it, for the next day waits for its last.
    """
    for rows in room.store.intake.unread(_CHUNK * 32):
        for _, group in groupby(rows, key=lambda row: midnight(row.captured_at)):
            mine = list(group)
            size = min(_CHUNK, -(-len(mine) // (_TURNS * room.workers)))
            yield from (mine[at : at + size] for at in range(0, len(mine), size))


def _day(rows: Sequence[CaptureRow]) -> datetime:
    return midnight(rows[0].captured_at)


def _begin_day(room: Room, rows: Sequence[CaptureRow], today: datetime | None) -> datetime:
    """Return the day of `rows`; where it is a new one, learn from all before it."""
    if (day := _day(rows)) != today:
        learn_before(room, day)
    return day


def _keep(room: Room, reading: Reading) -> None:
    room.report_all(reading.problems)
    if reading.pace:
        keep_pace(room, *reading.pace, reading.capture.captured_at)
    if reading.useless:
        keep_uselessness(room, *reading.useless)
    if reading.draft is not None:
        _keep_draft(room, _apart(room, reading.draft))
        _lead_home(room, reading.capture.url, reading.draft)
    for wire in reading.wires:
        _keep_wire(room, wire)
    if reading.sitemaps and reading.capture.captured_at > room.clock() - _NEW_ENOUGH:
        room.store.intake.owe("sitemap", reading.sitemaps)
    if reading.lesson is not None:
        keep_lesson(room, reading.lesson)
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
    if not wire.ask:
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
