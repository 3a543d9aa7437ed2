"""An edition: all documents of one moment, and the swap that shows it.

    editions/a, editions/b    two whole sites; files that are the same in both are hard links
    editions/a.number         the edition that a holds; missing while a is being changed
    editions/staged/          documents of the edition in the making
    editions/journal.json     written when an edition is decided; says what is left to do
    public -> editions/a      what readers see
    records/                  the Markdown records

Until the journal stands, nothing outside `editions/` was touched and the old edition holds; from then on, the next run
completes the new one.  Why this and not a copy of the site: docs/decisions/0009-editions.md.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol

from wiredesk.errors import SiteError, StoreError, WiredeskError
from wiredesk.publish.folder import Folder, parts_of, settle
from wiredesk.publish.plan import Press, plan
from wiredesk.publish.scopes import EVERY_EDITION, all_scopes
from wiredesk.records import Problem

Buffer = Literal["a", "b"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """What the ledger knows of a document."""

    inputs: str  # digest of all that it was rendered from
    output: str  # SHA-256 of its bytes, hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A document whose inputs changed in an edition, and often its bytes."""

    key: str  # "public/<path>" or "records/<path>"; one scope owns it
    scope: str
    inputs: str
    output: str


class Ledger(Protocol):
    """Which documents stand on disk, and which scopes wait."""

    def number(self) -> int:
        """Return the number of the last edition; 0 before the first."""
        ...

    def documents(self, scope: str) -> dict[str, DocumentRow]:
        """Return the documents that a scope owns, by key."""
        ...

    def scopes(self) -> Collection[str]:
        """Return the scopes that own documents."""
        ...

    def dirty_scopes(self) -> Collection[str]:
        """Return the scopes that wait to be published."""
        ...

    def changes_since(self, edition: int) -> Collection[str]:
        """Return the keys that were written or removed by editions later than `edition`."""
        ...

    def commit_edition(
        self, number: int, written: Iterable[Written], removed: Iterable[str], done_scopes: Iterable[str]
    ) -> None:
        """In one transaction: forget `removed`, keep `written` (a key may change its scope), mark both as changed by
        edition `number`, make `number` the last edition, and take `done_scopes` from the dirty ones.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What publishing did."""

    number: int  # the edition that `public` shows now
    written: int  # files whose bytes changed
    removed: int  # files that were taken away
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changes:
    written: tuple[Written, ...]  # inputs changed
    files: tuple[str, ...]  # keys of those whose bytes changed: they are in `staged`
    removed: tuple[str, ...]
    done: tuple[str, ...]
    problems: tuple[Problem, ...]


class _House:
    """The folders below a site's root that publishing touches."""

    def __init__(self, root: Path) -> None:
        self.root, self.editions, self.public = root, root / "editions", root / "public"
        temporary = self.editions / "growing"
        self.buffers: dict[str, Folder] = {name: Folder(self.editions / name, temporary) for name in ("a", "b")}
        self.staged = Folder(self.editions / "staged", temporary)
        self.records = Folder(root / "records", temporary)
        self.notes = Folder(self.editions, temporary)  # number files and journal

    def live(self) -> Buffer | None:
        """Return the buffer that `public` shows; None where there is none yet.

        Raises:
            SiteError: `public` is something that we did not make.
        """
        if not self.public.is_symlink():
            if self.public.exists():
                raise SiteError(f"{self.public}: is not the link that Wiredesk makes. Move it away, then publish again")
            return None
        target = str(self.public.readlink())
        if target == "editions/a":
            return "a"
        if target == "editions/b":
            return "b"
        raise SiteError(f"{self.public}: leads to {target!r}, not to an edition. Take it away, then publish again")

    def number(self, buffer: Buffer) -> int | None:
        """Return the edition that a buffer holds; None where it cannot be trusted."""
        try:
            text = (self.editions / f"{buffer}.number").read_text(encoding="ascii")
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        return int(text) if text.isdecimal() and self.buffers[buffer].root.is_dir() else None

    def distrust(self, buffer: Buffer) -> None:
        """Mark a buffer as being changed."""
        self.notes.remove(f"{buffer}.number")

    def show(self, buffer: Buffer) -> None:
        """Let `public` lead to `buffer`, in one step."""
        link = self.editions / "link"
        link.unlink(missing_ok=True)
        link.symlink_to(f"editions/{buffer}")
        link.replace(self.public)


def publish(root: Path, press: Press, ledger: Ledger, *, everything: bool = False) -> Edition:
    """Bring `root`/public and `root`/records up to date with the archive and return what was done.

    Plans the dirty scopes, renders the documents whose inputs changed, and swaps.  The result is the same as if all was
    made anew.  A document that cannot be rendered keeps its last state, becomes a problem, and is tried again.

    Args:
        everything: Make all documents anew, whatever the ledger says.  Done in any case when the edition on disk is not
            the one that the ledger knows.

    Raises:
        SiteError: `public` is not ours.
        StoreError: The disk is full or cannot be written; the old edition stands.
    """
    try:
        return _publish(_House(root), press, ledger, everything)
    except OSError as error:
        where = error.filename or root.resolve()  # a write into an open file does not tell its name
        what = (
            "the disk is full"
            if error.errno in {errno.ENOSPC, errno.EDQUOT}
            else f"cannot be written ({error.strerror})"
        )
        raise StoreError(f"{where}: {what}; what readers see stays as it was. Run again when that is mended") from error


def _publish(house: _House, press: Press, ledger: Ledger, everything: bool) -> Edition:
    house.editions.mkdir(parents=True, exist_ok=True)
    live = house.live()
    if _finish_last(house, ledger):
        live = house.live()
    house.staged.clear()
    last = ledger.number()
    for buffer in ("a", "b"):
        held = house.number(buffer)
        if (
            held not in {last, last - 1} or held == 0
        ):  # of another life of this site: the ledger cannot tell the changes
            house.distrust(buffer)
    afresh = everything or live is None or house.number(live) != last

    changes = _render(house, press, ledger, afresh)
    if not afresh and not changes.files and not changes.removed:
        ledger.commit_edition(last, changes.written, (), changes.done)
        return Edition(number=last, written=0, removed=0, problems=changes.problems)

    idle: Buffer = "b" if live == "a" else "a"
    _bring_up_to_date(house, ledger, idle, None if afresh else live)
    _apply(house.staged, "public", house.buffers[idle], changes)
    settle([_place(house, idle, key) for key in changes.files])
    journal = {
        "number": last + 1,
        "buffer": idle,
        "written": [asdict(written) for written in changes.written],
        "files": changes.files,
        "removed": changes.removed,
    }
    house.notes.write("journal.json", json.dumps(journal).encode())
    settle([house.editions / "journal.json"])
    _complete(house, ledger, idle, last + 1, changes)
    if afresh:  # readers have it; now, not at the next small change, the other buffer becomes the same
        other: Buffer = "a" if idle == "b" else "b"
        house.distrust(other)
        _bring_up_to_date(house, ledger, other, idle)
        house.notes.write(f"{other}.number", str(last + 1).encode("ascii"))
    return Edition(number=last + 1, written=len(changes.files), removed=len(changes.removed), problems=changes.problems)


def _render(house: _House, press: Press, ledger: Ledger, afresh: bool) -> _Changes:
    """Render what changed into `staged`."""
    scopes = set(ledger.dirty_scopes()) | set(EVERY_EDITION)
    if afresh or {row.inputs for row in ledger.documents("site").values()} != {press.look}:
        scopes |= all_scopes(press.archive, press.topics) | set(ledger.scopes())
    written: list[Written] = []
    files: list[str] = []
    owners: dict[str, str] = {}
    removed: set[str] = set()
    done: list[str] = []
    problems: list[Problem] = []
    for scope, documents in plan(press, scopes):
        known = ledger.documents(scope)
        failed = False
        for document in documents:
            key = document.key
            if owners.setdefault(key, scope) != scope:
                problems.append(_problem(key, f"is wanted twice, by {owners[key]} and {scope}", "the first one stands"))
                continue
            row = known.get(key)
            if row and row.inputs == document.inputs and not afresh:
                continue
            try:
                parts_of(document.path)  # before it costs anything
                data = document.render()
                if afresh or row is None or row.output != _sha(data):
                    house.staged.write(_staged_name(key), data)
                    files.append(key)
            except (WiredeskError, ValueError) as error:
                problems.append(_problem(key, str(error), "its last state stays until something of it changes"))
                failed = True
                if afresh and document.tree == "public":
                    del owners[key]  # the new buffer is empty: there is no last state to keep
                continue
            written.append(Written(key=key, scope=scope, inputs=document.inputs, output=_sha(data)))
        removed |= known.keys()
        if not failed:
            done.append(scope)
        press.advance(1)
    return _Changes(
        written=tuple(written),
        files=tuple(files),
        removed=tuple(sorted(removed - owners.keys())),
        done=tuple(done),
        problems=tuple(problems),
    )


def _bring_up_to_date(house: _House, ledger: Ledger, idle: Buffer, live: Buffer | None) -> None:
    """Make the idle buffer equal to the live one; empty it where there is none to follow."""
    held = house.number(idle)
    house.distrust(idle)
    target = house.buffers[idle]
    if live is None:
        target.clear()
        target.root.mkdir()
        return
    source = house.buffers[live]
    if held is None:
        target.clear()
        target.mirror(source)
        return
    changed = sorted(key.removeprefix("public/") for key in ledger.changes_since(held) if key.startswith("public/"))
    for path in changed:
        if source.has(path):
            target.link(path, source)
        else:
            target.remove(path)


def _apply(staged: Folder, tree: Literal["public", "records"], target: Folder, changes: _Changes) -> None:
    """Move the staged files of one tree to their place and take away the removed ones.  May be repeated."""
    for key in changes.removed:
        if key.startswith(f"{tree}/"):
            target.remove(key.removeprefix(f"{tree}/"))
    for key in changes.files:
        if key.startswith(f"{tree}/"):
            target.take(key.removeprefix(f"{tree}/"), staged, _staged_name(key))


def _complete(house: _House, ledger: Ledger, buffer: Buffer, number: int, changes: _Changes) -> None:
    """Do what is left once the journal stands.  May be repeated."""
    _apply(house.staged, "records", house.records, changes)
    house.notes.write(f"{buffer}.number", str(number).encode("ascii"))
    house.show(buffer)
    ledger.commit_edition(number, changes.written, changes.removed, changes.done)
    house.notes.remove("journal.json")
    house.staged.clear()


def _finish_last(house: _House, ledger: Ledger) -> bool:
    """Complete the edition that an earlier run had decided, unless the ledger has it or is another one."""
    if not house.notes.has("journal.json"):
        return False
    journal = json.loads((house.editions / "journal.json").read_bytes())
    if journal["number"] != ledger.number() + 1 or not house.buffers[journal["buffer"]].root.is_dir():
        house.notes.remove("journal.json")
        return False
    # `done` stays empty: a scope may have become dirty once more since; looking at it again costs little.
    changes = _Changes(
        written=tuple(Written(**written) for written in journal["written"]),
        files=tuple(journal["files"]),
        removed=tuple(journal["removed"]),
        done=(),
        problems=(),
    )
    _complete(house, ledger, journal["buffer"], journal["number"], changes)
    return True


def _place(house: _House, idle: Buffer, key: str) -> Path:
    """Return where the file of `key` lies just before the journal is written."""
    tree, _, path = key.partition("/")
    return (house.buffers[idle].root / path) if tree == "public" else (house.staged.root / _staged_name(key))


def _staged_name(key: str) -> str:
    """Return where a document waits: one flat folder, as a folder for each costs more than its file."""
    return _sha(key.encode())


def _problem(key: str, what: str, now: str) -> Problem:
    return Problem(where=key, what=what, now=now, stage="publish")


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
