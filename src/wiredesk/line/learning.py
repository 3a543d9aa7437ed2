"""Knowledge of hosts: kept in the site's folder, learned at the turn of a day, watched for drift.

A version comes into force at the UTC midnight before the first capture of a new day, learned from everything captured
before it, and never before a capture of its host that was read already.  So what holds for a capture does not depend
on how runs were cut up, and reading it again finds the same version.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from wiredesk.errors import SiteError, UnreadableError
from wiredesk.extract import (
    DRIFT_WINDOW,
    Drift,
    HostKnowledge,
    Lesson,
    Mark,
    Material,
    SiteKnowledge,
    as_text,
    drifts,
    is_over,
    learn_from,
    material,
    parse_knowledge,
    says_more,
    write_knowledge,
)
from wiredesk.line.room import Room
from wiredesk.records import Draft, Problem
from wiredesk.store import from_json, pack, to_json, unpack

LESSONS = 150  # of one host that are kept
_RESTS = "learning rests"  # remembered fact: captures are read again, with what was learned when they came
_LONGEST_NAME = 180  # characters of a file's name


@dataclass(frozen=True, slots=True)
class KnowledgeFolder:
    """The files `knowledge/<host>.json`."""

    root: Path

    def path(self, host: str) -> Path:
        """Return where the file of a host lies, whether it is there or not."""
        name = quote(host, safe=".-_")
        if len(name) > _LONGEST_NAME:
            name = f"{name[:_LONGEST_NAME]}~{sha256(host.encode()).hexdigest()[:12]}"
        return self.root / f"{name}.json"

    def read(self, host: str) -> HostKnowledge | None:
        """Return what is known of a host, None where nothing is.

        Raises:
            UnreadableError: the file is damaged, or was edited into something else.
        """
        path = self.path(host)
        try:
            state = path.stat()
            sign = (state.st_mtime_ns, state.st_size, state.st_ino)
            if (held := _held.get(path)) and held[0] == sign:
                return held[1]
            found = parse_knowledge(path.read_bytes(), f"{self.root.name}/{path.name}")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnreadableError(f"{self.root.name}/{path.name}", f"cannot be read ({error.strerror})") from error
        if len(_held) >= _MOST_HELD:
            _held.clear()
        _held[path] = (sign, found)
        return found

    def at(self, host: str, moment: datetime) -> tuple[SiteKnowledge | None, Problem | None]:
        """Return what holds for a page of `host` captured at `moment`; a broken file is a problem, and no knowledge."""
        try:
            known = self.read(host)
        except UnreadableError as error:
            return None, _broken(error)
        return (known.at(moment) if known else None), None

    def write(self, knowledge: HostKnowledge) -> None:
        """Keep a host's file: whole, or as it was.

        Raises:
            SiteError: it cannot be written.
        """
        path = self.path(knowledge.host)
        draft = path.with_name(f".{path.name}.new")
        try:
            self.root.mkdir(exist_ok=True)
            with draft.open("wb") as file:
                file.write(write_knowledge(knowledge))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise SiteError(f"{path}: cannot be written: {error.strerror}; nothing was lost, run again") from error

    def hosts(self) -> Iterator[tuple[Path, HostKnowledge | UnreadableError]]:
        """Yield each file with what it holds, or what is wrong with it, in the order of their names."""
        for path in sorted(self.root.glob("*.json")):
            if path.name.startswith("."):
                continue
            try:
                yield path, parse_knowledge(path.read_bytes(), f"{self.root.name}/{path.name}")
            except OSError as error:
                yield path, UnreadableError(f"{self.root.name}/{path.name}", f"cannot be read ({error.strerror})")
            except UnreadableError as error:
                yield path, error


_MOST_HELD = 512
_held: dict[Path, tuple[tuple[int, int, int], HostKnowledge]] = {}  # one per process


def keep_lesson(room: Room, lesson: Lesson) -> None:
    """Keep what a page teaches, and note that its host is to be looked at."""
    source = room.store.articles.newest_source(lesson.address)
    mark = Mark(address=lesson.address, marks=lesson.marks, words=lesson.words, refused=lesson.refused is not None)
    room.store.lessons.put(
        lesson.host,
        lesson.observed_at,
        lesson.address,
        source=source,
        marks=to_json(Mark, mark).decode(),
        data=pack(Lesson, lesson),
    )
    room.store.intake.owe("learn", [lesson.host])
    room.store.intake.owe("drift", [lesson.host, *([source] if source else [])])


def learn_before(room: Room, day: datetime) -> None:
    """Learn of each host that has new lessons; what is learned holds for captures from `day` (a midnight) on.

    Everything that was captured before `day` has to be read.
    """
    if room.store.intake.get(_RESTS) or not (hosts := room.store.intake.owed("learn")):
        return
    folder = KnowledgeFolder(room.site.knowledge)
    with room.store.transaction():
        done = [host for host in hosts if _learn(room, folder, host, day)]
        room.store.intake.paid("learn", done)


def rest(room: Room, rests: bool) -> None:
    """Learn nothing until told otherwise, also by later runs: a rebuild that is cut off is still one."""
    room.store.intake.put(_RESTS, "yes" if rests else "")


def let_go() -> None:
    """Free what was held of lessons: the steps behind reading need the memory."""
    _wire.cache_clear()
    _material.cache_clear()


def watch(room: Room) -> None:
    """Raise an alarm for each field of a host or source that got worse, once; take back those that are over."""
    places = room.store.intake.owed("drift")
    with room.store.transaction():
        for place in places:
            _watch(room, place)
        room.store.intake.paid("drift", places)


def forget_versions(room: Room) -> None:
    """Forget what was learned of all hosts; what their owner laid down stays."""
    folder = KnowledgeFolder(room.site.knowledge)
    for path, known in folder.hosts():
        if isinstance(known, UnreadableError):
            room.report(_broken(known))
        elif known.fixed:
            folder.write(replace(known, versions=()))
        else:
            path.unlink(missing_ok=True)


def _learn(room: Room, folder: KnowledgeFolder, host: str, day: datetime) -> bool:
    """Learn of one host.  False where it has to wait for a later day."""
    try:
        known = folder.read(host) or HostKnowledge(host=host)
    except UnreadableError as error:
        room.report(_broken(error))
        return False
    last = known.versions[-1] if known.versions else None
    newest = room.store.lessons.newest(host)
    if newest is None or newest >= day or (last and last.since >= day):
        return False
    version = learn_from(_materials(room, host, day), day)
    if version and says_more(version, last):
        folder.write(replace(known, versions=(*known.versions, version)))
        room.counts["hosts_learned"] += 1
    room.store.lessons.prune(host, LESSONS)
    return True


def _materials(room: Room, host: str, day: datetime) -> list[Material]:
    """What the newest pages of a host teach, with what the feeds of their day and before said of them."""
    wires: dict[str, list[_Wire]] = defaultdict(list)
    for address, data in room.store.lessons.wires_before(host, day, LESSONS):
        wires[address].append(_wire(data))
    lessons = room.store.lessons.before(host, day, LESSONS)
    return [_material(each.data, _told(wires[each.address], each.observed_at)) for each in lessons]


@dataclass(frozen=True, slots=True)
class _Wire:
    """What a wire item says of a page."""

    observed_at: datetime
    source: str
    says: tuple[tuple[str, str], ...]  # (field, value)


# Hosts teach day after day by nearly the same pages: what was made of them is kept as long as it is likely to be asked
# for again.  Of a few hundred hosts it is not; making it anew costs each a tenth of a second a day.
_HELD_LESSONS = 3000  # some 12 KiB each


@lru_cache(maxsize=_HELD_LESSONS)
def _wire(data: bytes) -> _Wire:
    wire = unpack(Draft, data)
    values = {
        "title": "" if wire.title_is_ours else wire.title,
        "authors": as_text("authors", wire.authors),
        "published": wire.published_at.isoformat() if wire.published_at else "",
    }
    says = tuple((name, value) for name, value in values.items() if value)
    return _Wire(wire.observed_at, wire.source_url or "", says)


@lru_cache(maxsize=_HELD_LESSONS)
def _material(data: bytes, told: tuple[tuple[str, str], ...]) -> Material:
    return material(replace(unpack(Lesson, data), told=dict(told)))


def _told(wires: Sequence[_Wire], observed_at: datetime) -> tuple[tuple[str, str], ...]:
    """What the feeds of that day and before said of a page: of each field the newest word."""
    if not wires:
        return ()
    end = midnight(observed_at) + timedelta(days=1)
    known = [wire for wire in wires if wire.observed_at < end]
    told: dict[str, str] = {}
    for wire in sorted(known, key=lambda wire: (wire.observed_at, wire.source), reverse=True):
        for name, value in wire.says:
            told.setdefault(name, value)
    return tuple(sorted(told.items()))


def _watch(room: Room, place: str) -> None:
    store = room.store.lessons
    is_source = "://" in place
    if is_source and store.hosts_of_source(place) < 2:
        return  # what its only host shows is enough
    texts = store.marks_of_source(place, DRIFT_WINDOW) if is_source else store.marks_of_host(place, DRIFT_WINDOW)
    marks = [from_json(Mark, text) for text in texts]
    open_ones = {name: from_json(Drift, data) for name, data in store.drifts_of(place).items()}
    for name, drift in open_ones.items():
        if is_over(drift, marks):
            store.drop_drift(place, name)
            room.log("drift over", {"where": place, "field": name})
    alarmed = {drift.about for drift in open_ones.values()}
    for drift in drifts(marks):
        if drift.about not in alarmed:
            store.add_drift(place, drift.field, room.clock(), to_json(Drift, drift).decode())
            now = "its template may have changed; nothing is lost: look with `wiredesk explain` at the example, and at "
            now += f"`wiredesk knowledge {'' if is_source else place}".rstrip() + "`"
            room.report(Problem(where=place, what=drift.what, now=f"{drift.about}: {now}", stage="drift"))


def midnight(moment: datetime) -> datetime:
    """Return the beginning of the UTC day of `moment`."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _broken(error: UnreadableError) -> Problem:
    now = "its pages are read without it, and nothing is learned: mend or delete the file, then `wiredesk rebuild`"
    return Problem(where=error.where, what=error.what, now=now, stage="knowledge")
