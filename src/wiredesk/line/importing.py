"""Archives and folders of files enter by the same door as the network: they become captures first."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from wiredesk.errors import UnreadableError
from wiredesk.fetch import EVERYTHING, Wanted, read_archive
from wiredesk.line.capturing import Recorder
from wiredesk.line.room import Room
from wiredesk.records import Page, Problem
from wiredesk.site import SiteFolder
from wiredesk.sources import FILE_HEADER, page_from_file

STANDARD_INPUT = Path("-")
ARCHIVES = (".warc", ".warc.gz", ".warc.zst")
_LISTS = (".paths", ".paths.gz")
_SETTINGS = ("_data/topics/", "_data/organizations/", "assets/", "api/")  # not articles: see `import_settings`


def import_path(
    room: Room,
    recorder: Recorder,
    path: Path,
    wanted: Wanted = EVERYTHING,
    limit: int | None = None,
    *,
    only: str = "",
) -> int:
    """Capture what lies at `path`; return how many pages of it were not here.

    `path` is a WARC file, a list of such files (`warc.paths`, plain or .gz), a file (text, HTML, record, feed, mail),
    a folder of all these, or "-" for an archive on standard input.  An import that was cut off is simply done again:
    what is here already is not taken twice.

    Args:
        wanted: Which records of archives are taken.  Files that are no archives are always taken.
        limit: How many pages at most; None for all.
        only: End of the names that are looked at in a folder, such as ".eml"; empty: all.
    """
    if path != STANDARD_INPUT and not path.exists():
        raise UnreadableError(str(path), "there is no such file or folder", "nothing was imported")
    taken = 0
    if limit == 0:
        return taken
    files = [] if path == STANDARD_INPUT else list(_files(room, path, only))
    size = sum(_size(file) for file, _ in files)
    with room.step(f"Importing {path.name}, MiB", size // 2**20 + 1 if files else None) as advance:
        read = _Read(advance)
        for page in _pages(room, path, files, wanted, read):
            if recorder.is_new(page):
                recorder.keep(page)
                room.counts["imported"] += 1
                taken += 1
                if taken == limit:
                    break
        recorder.commit()
    return taken


def import_newsletters(room: Room, recorder: Recorder) -> None:
    """Capture the newsletters that the owner dropped into the site's folder; they stay there, and are taken once."""
    if room.site.newsletters.is_dir():
        import_path(room, recorder, room.site.newsletters, only=".eml")


class _Read:
    """Moves a bar on by whole MiB of what was read."""

    def __init__(self, advance: Callable[[int], None]) -> None:
        self._advance = advance
        self._before, self._shown = 0, 0  # bytes of files that are done; MiB

    def at(self, offset: int) -> None:
        reached = (self._before + offset) // 2**20
        if reached > self._shown:
            self._advance(reached - self._shown)
            self._shown = reached

    def done(self, size: int) -> None:
        self._before += size
        self.at(0)


def _pages(room: Room, path: Path, files: list[tuple[Path, str]], wanted: Wanted, read: _Read) -> Iterator[Page]:
    if path == STANDARD_INPUT:
        yield from _archive(room, sys.stdin.buffer, None, wanted, read)
    for file, relative in files:
        if file.name.endswith(ARCHIVES):
            if wanted.file(file.name):
                yield from _archive(room, file, relative, wanted, read)
            else:
                room.counts["archives_passed"] += 1
                room.log("archive passed over", {"where": relative, "why": "its name says that it is too old or young"})
        else:
            yield from _file(room, file, relative)
        read.done(_size(file))


def _archive(room: Room, source: Path | IO[bytes], name: str | None, wanted: Wanted, read: _Read) -> Iterator[Page]:
    for found in read_archive(source, name=name, wanted=wanted, moved=read.at):
        if isinstance(found, Problem):
            room.report(found)
        else:
            yield _foreign(found[0])


def _foreign(page: Page) -> Page:
    """Return a page of an archive without the header that only our own import of files may write (see `form_of`)."""
    return replace(page, headers=tuple(each for each in page.headers if each[0].lower() != FILE_HEADER))


def _file(room: Room, file: Path, relative: str) -> Iterator[Page]:
    try:
        changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        yield page_from_file(relative, file.read_bytes(), changed)
    except OSError as error:
        room.report(
            Problem(where=relative, what=f"cannot be read: {error.strerror}", now="it is left out", stage="sources")
        )
    except UnreadableError as error:
        room.report(Problem(where=error.where, what=error.what, now=error.now, stage="sources"))


def _files(room: Room, path: Path, only: str) -> Iterator[tuple[Path, str]]:
    """Yield every file to be read, with the name by which Problems call it."""
    found = sorted(file for file in path.rglob("*") if _to_read(file)) if path.is_dir() else [path]
    base = path if path.is_dir() else path.parent
    for file in found:
        relative = file.relative_to(base).as_posix()
        if not file.name.lower().endswith(only):
            continue
        if any(part.startswith(".") for part in file.relative_to(base).parts) or relative.startswith(_SETTINGS):
            continue
        if not file.name.endswith(_LISTS):
            yield file, relative
        elif not path.is_dir():  # in a folder, the archives lie beside their list
            yield from _listed(room, file)


def _to_read(file: Path) -> bool:
    """Return whether this is a file, or a link that leads nowhere, which is to be told of."""
    return file.is_file() or (file.is_symlink() and not file.exists())


def _listed(room: Room, file: Path) -> Iterator[tuple[Path, str]]:
    """Yield the archives that a list names, one a line: relative to the list, or beside it whatever their folder."""
    try:
        content = file.read_bytes()
        lines = (gzip.decompress(content) if file.name.endswith(".gz") else content).decode("utf-8", "replace")
    except (OSError, EOFError, zlib.error) as error:
        room.report(Problem(where=file.name, what=f"cannot be read: {error}", now="it is left out", stage="sources"))
        return
    for number, line in enumerate(lines.splitlines(), 1):
        name = line.strip()
        if not name or name.startswith("#"):
            continue
        places = (file.parent / name, file.parent / Path(name).name)
        place = next((place for place in places if place.is_file()), None)
        if place is not None and place.name.endswith(ARCHIVES):
            yield place, place.name
            continue
        what = f"{name[:200]} is no archive" if place else f"there is no {name[:200]}"
        now = "it is left out; archives are read from here only: fetch it into the folder of the list first"
        room.report(Problem(where=f"{file.name}:{number}", what=what, now=now, stage="sources"))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def import_settings(site: SiteFolder, path: Path) -> int:
    """Copy the topic tree and the organisations of a reference site's folder; return how many files.

    A file that the site has already stays as it is.
    """
    copied = 0
    for folder, target in (("_data/topics", site.topics), ("_data/organizations", site.organizations)):
        for file in sorted((path / folder).glob("*")):
            if file.suffix in {".yaml", ".yml", ".md"} and not (target / file.name).exists():
                target.mkdir(exist_ok=True)
                (target / file.name).write_bytes(file.read_bytes())
                copied += 1
    return copied
