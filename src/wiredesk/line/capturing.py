"""The one door: whatever comes in is appended to the capture files, then registered, then read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wiredesk.fetch import Capture, CaptureWriter, read_captures
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
        """Open the newest capture file for appending, after `recover` registered all that is in it."""
        self._room = room
        size = int(room.settings.captures.file_mib * 2**20)
        self._writer = CaptureWriter(room.site.captures, max_bytes=size)
        self._pages: list[tuple[Page, Capture]] = []
        self._then: list[Callable[[], object]] = []
        self._bytes = 0

    def keep(self, page: Page) -> None:
        """Append a page."""
        self._pages.append((page, self._writer.append(page)))
        self._bytes += len(page.body)
        if len(self._pages) >= _BATCH or self._bytes >= _BATCH_BYTES:
            # what follows from this page was not handed over yet: leave it for the next commit
            self._commit(self._pages[:-1])

    def then(self, action: Callable[[], object]) -> None:
        """Run `action` when everything kept so far is on disk."""
        self._then.append(action)

    def commit(self) -> None:
        """Bring everything kept so far to disk and register it."""
        self._commit(self._pages)

    def close(self) -> None:
        """Commit, and close the file."""
        self.commit()
        self._writer.close()

    def _commit(self, pages: list[tuple[Page, Capture]]) -> None:
        self._writer.commit()
        with self._room.store.transaction():
            for page, capture in pages:
                register(self._room, page, capture.file, capture.offset, capture.offset + capture.length, capture.digest)
            for action in self._then:
                action()
        self._pages = self._pages[len(pages) :]
        self._then = []
        self._bytes = sum(len(page.body) for page, _ in self._pages)


def register(room: Room, page: Page, file: str, offset: int, end: int, digest: str) -> None:
    """Note in the store where a captured page lies."""
    is_image = page.content_type.startswith("image/")
    if room.store.intake.add_capture(page.url, page.fetched_at, file, offset, digest, is_image=is_image):
        room.counts["captured"] += 1
        if is_image:
            room.store.intake.owe("picture", [page.url])
    room.store.intake.put_file_size(file, end)


def recover(room: Room) -> None:
    """Register what a run that was cut off captured and did not get to register."""
    sizes = room.store.intake.file_sizes()
    for path in sorted(room.site.captures.glob("*.warc.gz")):
        if path.stat().st_size > sizes.get(path.name, 0):
            register_file(room, path, sizes.get(path.name, 0))


def register_file(room: Room, path: Path, begin: int = 0) -> int:
    """Register the records of one of our capture files from offset `begin` on; return how many there were."""
    number = 0
    with room.store.transaction():
        for found in read_captures(path, begin):
            if isinstance(found, Problem):
                room.report(found)
                continue
            page, location = found
            register(room, page, path.name, location.offset, location.offset + location.length, location.digest)
            number += 1
    return number
