"""Archives and folders of files enter by the same door as the network: they become captures first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from wiredesk.errors import UnreadableError
from wiredesk.fetch import read_captures
from wiredesk.line.capturing import Recorder, page_digest
from wiredesk.line.room import Room
from wiredesk.records import Page, Problem
from wiredesk.site import SiteFolder
from wiredesk.sources import page_from_file

_ARCHIVES = (".warc", ".warc.gz", ".warc.zst")
_SETTINGS = ("_data/topics/", "_data/organizations/", "assets/", "api/")  # not articles: see `import_settings`


def import_path(room: Room, recorder: Recorder, path: Path, *, only: str = "") -> None:
    """Capture what lies at `path`: a WARC file, a file (text, HTML, record, feed, mail), or a folder of these.

    Args:
        only: End of the names that are looked at, such as ".eml"; empty: all.
    """
    if not path.exists():
        raise UnreadableError(str(path), "there is no such file or folder", "nothing was imported")
    with room.step(f"Importing {path.name}") as advance:
        for page in _pages(room, path, only):
            if not room.store.intake.has_capture(page.url, page.fetched_at, page_digest(page)):
                recorder.keep(page)
                room.counts["imported"] += 1
            advance(1)
        recorder.commit()


def import_newsletters(room: Room, recorder: Recorder) -> None:
    """Capture the newsletters that the owner dropped into the site's folder; they stay there, and are taken once."""
    if room.site.newsletters.is_dir():
        import_path(room, recorder, room.site.newsletters, only=".eml")


def _pages(room: Room, path: Path, only: str) -> Iterator[Page]:
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    base = path if path.is_dir() else path.parent
    for file in files:
        relative = file.relative_to(base).as_posix()
        if not file.name.lower().endswith(only):
            continue
        if any(part.startswith(".") for part in file.relative_to(base).parts) or relative.startswith(_SETTINGS):
            continue
        if file.name.endswith(_ARCHIVES):
            for found in read_captures(file):
                if isinstance(found, Problem):
                    room.report(found)
                else:
                    yield found[0]
            continue
        try:
            changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            yield page_from_file(relative, file.read_bytes(), changed)
        except OSError as error:
            room.report(
                Problem(where=relative, what=f"cannot be read: {error.strerror}", now="it is left out", stage="sources")
            )
        except UnreadableError as error:
            room.report(Problem(where=error.where, what=error.what, now=error.now, stage="sources"))


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
