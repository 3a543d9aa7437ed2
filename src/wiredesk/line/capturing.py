"""The one door: whatever comes in is appended to the capture files, then registered, then read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from wiredesk.errors import SiteError
from wiredesk.fetch import CaptureWriter, read_captures
from wiredesk.line.room import Room
from wiredesk.records import Page, Problem

_BATCH = 64  # pages between two commits: what a killed run has to ask for again
_BATCH_BYTES = 16 * 2**20


class Recorder:
    """Appends pages to the captures, and makes what follows from them durable only after they are.

    A step that must not be believed before its page is on disk (a source was asked, a page was fetched) is handed
    to `then`; it runs in the transaction that registers the pages.
    """

    def __init__(self, room: Room) -> None:
        """Open the newest capture file for appending, and register what a run that was cut off left in it.

        Raises:
            SiteError: A capture file is missing.  A rebuild would take its articles off the site, and a new file of its
                name would hide that.
        """
        self._room = room
        folder = room.site.captures
        if missing := sorted(name for name in room.store.intake.file_sizes() if not (folder / name).exists()):
            more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
            raise SiteError(
                f"{folder / missing[0]}{more} is missing: bring it back (is a disk not there?); nothing was changed. "
                "Lost for good: copy records/, move wiredesk.db away, then `wiredesk rebuild`, which makes the site of "
                "what is left, and `wiredesk import` of the copy"
            )
        size = int(room.settings.captures.file_mib * 2**20)
        self._writer = CaptureWriter(room.site.captures, max_bytes=size)
        room.report_all(self._writer.problems)
        _recover(room)
        self._kept: list[Callable[[], object]] = []
        self._then: list[Callable[[], object]] = []
        self._new: set[_Seen] = set()  # kept, and not yet registered
        self._bytes = 0

    def is_new(self, page: Page) -> bool:
        """Tell whether this page, captured at this time, is not here yet."""
        seen = _seen(page)
        return seen not in self._new and not self._room.store.intake.has_capture(seen.url, seen.at, seen.digest)

    def keep(self, page: Page) -> None:
        """Append a page."""
        if len(self._kept) >= _BATCH or self._bytes >= _BATCH_BYTES:
            self.commit()  # before, not after: what follows from `page` is still to be handed to `then`
        capture = self._writer.append(page)
        end = capture.offset + capture.length
        seen = _seen(page)
        self._new.add(seen)
        self._kept.append(partial(register, self._room, seen, capture.file, capture.offset, end))
        self._bytes += len(page.body)

    def then(self, action: Callable[[], object]) -> None:
        """Run `action` when everything kept so far is on disk."""
        self._then.append(action)

    def commit(self) -> None:
        """Bring everything kept so far to disk, register it, and do what follows from it."""
        self._writer.commit()
        with self._room.store.transaction():
            for action in (*self._kept, *self._then):
                action()
        self._kept, self._then, self._bytes = [], [], 0
        self._new.clear()

    def close(self) -> None:
        """Commit, and close the file."""
        try:
            self.commit()
        finally:
            self._writer.close()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the store keeps of a page."""

    url: str
    at: datetime
    digest: str
    is_image: bool


def _seen(page: Page) -> _Seen:
    return _Seen(page.url, page.fetched_at, page_digest(page), page.content_type.startswith("image/"))


def page_digest(page: Page) -> str:
    """Return what tells two bodies apart."""
    return sha256(page.body).hexdigest()


def register(room: Room, seen: _Seen, file: str, offset: int, end: int) -> None:
    """Note in the store where a captured page lies."""
    if room.store.intake.add_capture(seen.url, seen.at, file, offset, seen.digest, is_image=seen.is_image):
        room.counts["captured"] += 1
        if seen.is_image:
            room.store.intake.owe("picture", [seen.url])
    room.store.intake.put_file_size(file, end)


def _recover(room: Room) -> None:
    sizes = room.store.intake.file_sizes()
    for path in sorted(room.site.captures.glob("*.warc.gz")):
        begin = sizes.get(path.name, 0)
        if path.stat().st_size <= begin:
            continue
        with room.store.transaction():
            for found in read_captures(path, begin):
                if isinstance(found, Problem):
                    room.report(found)
                else:
                    page, place = found
                    register(room, _seen(page), path.name, place.offset, place.offset + place.length)
