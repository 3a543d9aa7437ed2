"""What came in and what is to be asked: captures, sources, the frontier of pages, pictures, runs, owed work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from wiredesk.records import Draft, Problem
from wiredesk.store.codec import instant, moment, optional_instant, optional_moment
from wiredesk.store.database import Database, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRow:
    """Where one received page lies in the capture files."""

    id: int
    url: str
    captured_at: datetime
    file: str
    offset: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What we know of a source from asking it."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    checked_at: datetime | None = None
    changed_at: datetime | None = None  # last answer that was not 304
    next_at: datetime | None = None
    failures: int = 0  # in a row
    status: str = "new"  # new, ok, failing, retired (it said that it is gone for good, or it moved to another source)
    note: str = ""
    pace: str = ""  # JSON of what its last reading says of its rhythm; "" where nobody read it
    why: str = ""  # why it is asked at next_at and not before
    fresh_until: datetime | None = None  # by the cache headers of its last answer
    failing_since: datetime | None = None
    moved_to: str | None = None  # where permanent redirects lead
    moved_since: datetime | None = None
    moved_seen: int = 0  # answers in a row that led there
    asks: str | None = None  # the new address, once the move is believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a hub (WebSub) promised for a source."""

    source: str
    hub: str
    topic: str
    token: str  # in the callback's address
    secret: str  # the hub signs with it
    status: str  # asked, active, denied, failed, leaving
    asked_at: datetime
    until: datetime | None = None  # end of the lease
    next_at: datetime | None = None  # the hub is asked again then
    tries: int = 0  # in a row, without a word from the hub
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A page that a wire item names: nobody has read it, or it is time to look again."""

    address: str
    url: str
    source: str
    tries: int
    etag: str | None
    last_modified: str | None
    told_at: datetime
    read_at: datetime | None = None  # first time
    visits: int = 0  # looks at it since
    gone_at: datetime | None = None  # it had been read, and is not there any more


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageState:
    """What became of a picture."""

    url: str
    status: str  # kept, failed, refused
    file: str | None = None
    width: int | None = None
    height: int | None = None
    tries: int = 0
    next_at: datetime | None = None
    note: str = ""


class Intake:
    """The intake's tables."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # Facts about the site as a whole

    def get(self, key: str) -> str | None:
        """Return a remembered value."""
        value: str | None = self._db.value("meta_get", key)
        return value

    def put(self, key: str, value: str) -> None:
        """Remember a value."""
        self._db.run("meta_put", key, value)

    # Work owed

    def owe(self, step: str, keys: Iterable[str]) -> None:
        """Note that `step` has to look at these keys."""
        self._db.many("owe", ((step, key) for key in keys))

    def owed(self, step: str, limit: int = -1) -> list[str]:
        """Return keys owed to `step`, in order."""
        return [row[0] for row in self._db.all("owed", step, limit)]

    def owed_count(self, step: str) -> int:
        """How many keys `step` still has to look at."""
        return int(self._db.value("owed_count", step))

    def paid(self, step: str, keys: Iterable[str]) -> None:
        """Forget keys that were looked at."""
        self._db.many("paid", ((step, key) for key in keys))

    # Captures

    def add_capture(
        self, url: str, captured_at: datetime, file: str, offset: int, digest: str, *, is_image: bool
    ) -> bool:
        """Register a record of a capture file.  False where the same page at the same time is known.

        Later captures of its address are to be read again, in their order: so readings do not depend on the order in
        which captures came.
        """
        when, kind = instant(captured_at), "image" if is_image else "text"
        with self._db.transaction():
            if not self._db.run("capture_add", url, when, file, offset, digest, kind, is_image):
                return False
            if not is_image:
                self._db.run("capture_later_unread", url, when)
        return True

    def captured_image(self, url: str) -> tuple[str, int] | None:
        """Return (file, offset) of the newest capture of a picture."""
        row = self._db.one("capture_of_image", url)
        return (row["file"], row["offset"]) if row else None

    def has_capture(self, url: str, captured_at: datetime, digest: str) -> bool:
        """Tell whether this very page is registered."""
        return self._db.one("capture_has", url, instant(captured_at), digest) is not None

    def unread(self, batch: int = 512) -> Iterator[list[CaptureRow]]:
        """Yield batches of captures that nobody read, by (time, address, digest)."""
        last = ("", "", "")
        while rows := self._db.all("capture_unread", *last, batch):
            last = (rows[-1]["captured_at"], rows[-1]["url"], rows[-1]["digest"])
            yield [
                CaptureRow(
                    id=row["id"],
                    url=row["url"],
                    captured_at=moment(row["captured_at"]),
                    file=row["file"],
                    offset=row["offset"],
                    digest=row["digest"],
                )
                for row in rows
            ]

    def unread_count(self) -> int:
        """How many captures wait to be read."""
        return int(self._db.value("capture_unread_count"))

    def mark_read(self, ids: Iterable[int]) -> None:
        """Note that these captures were read."""
        self._db.many("capture_read", ((each,) for each in ids))

    def newest_capture(self) -> datetime | None:
        """When the newest text (feed, page, file) that we hold was received."""
        return optional_moment(self._db.value("capture_newest"))

    def capture_count(self) -> int:
        """How many captures are registered."""
        return int(self._db.value("capture_count"))

    def file_sizes(self) -> dict[str, int]:
        """Return for each capture file how much of it is registered, in bytes."""
        return {row["name"]: row["size"] for row in self._db.all("capture_files")}

    def put_file_size(self, name: str, size: int) -> None:
        """Note that the first `size` bytes of a capture file are registered."""
        self._db.run("capture_file_put", name, size)

    def newest_digest(self, url: str) -> str | None:
        """Return the digest of the newest text that came from an address, None where nothing came."""
        digest: str | None = self._db.value("capture_newest_digest", url)
        return digest

    # Sources

    def source(self, url: str) -> SourceState:
        """Return the state of a source; of a new one if it was never asked."""
        row = self._db.one("source_get", url)
        return _source(row) if row else SourceState(url=url)

    def sources(self) -> list[SourceState]:
        """Return the states of all sources that were ever asked."""
        return [_source(row) for row in self._db.all("source_all")]

    def put_source(self, state: SourceState) -> None:
        """Keep the state of a source."""
        self._db.run(
            "source_put",
            state.url,
            state.etag,
            state.last_modified,
            optional_instant(state.checked_at),
            optional_instant(state.changed_at),
            optional_instant(state.next_at),
            state.failures,
            state.status,
            state.note,
            state.pace,
            state.why,
            optional_instant(state.fresh_until),
            optional_instant(state.failing_since),
            state.moved_to,
            optional_instant(state.moved_since),
            state.moved_seen,
            state.asks,
        )

    def drop_source(self, url: str) -> None:
        """Forget what is known of a source."""
        self._db.run("source_drop", url)

    # Subscriptions

    def subscriptions(self) -> list[Subscription]:
        """Return all subscriptions."""
        return [_subscription(row) for row in self._db.all("subscription_all")]

    def subscription(self, source: str) -> Subscription | None:
        """Return the subscription of a source."""
        row = self._db.one("subscription_get", source)
        return _subscription(row) if row else None

    def subscription_by_token(self, token: str) -> Subscription | None:
        """Return the subscription whose callback has this token."""
        row = self._db.one("subscription_by_token", token)
        return _subscription(row) if row else None

    def put_subscription(self, given: Subscription) -> None:
        """Keep a subscription."""
        self._db.run(
            "subscription_put",
            given.source,
            given.hub,
            given.topic,
            given.token,
            given.secret,
            given.status,
            instant(given.asked_at),
            optional_instant(given.until),
            optional_instant(given.next_at),
            given.tries,
            given.note,
        )

    def drop_subscription(self, source: str) -> None:
        """Forget the subscription of a source."""
        self._db.run("subscription_drop", source)

    # The frontier

    def want(self, address: str, url: str, wire: Draft, wire_digest: str, *, first: str, changed: str) -> None:
        """Note a page that a wire item names.

        Its status is `first`; where the item is known and changed, `changed`; where it is known and the same, it stays.
        """
        told_at = min(wire.published_at or wire.observed_at, wire.observed_at)
        self._db.run(
            "frontier_want", address, url, wire.source_url or "", instant(told_at), wire_digest, first, changed
        )

    def due_pages(self, now: datetime, per_source: int) -> list[Wanted]:
        """Return the pages to ask for at `now`, at most `per_source` of each source.

        New ones first, then those to be looked at again; the newest first.
        """
        return [
            Wanted(
                address=row["address"],
                url=row["url"],
                source=row["source"],
                tries=row["tries"],
                etag=row["etag"],
                last_modified=row["last_modified"],
                told_at=moment(row["told_at"]),
                read_at=optional_moment(row["read_at"]),
                visits=row["visits"],
                gone_at=optional_moment(row["gone_at"]),
            )
            for row in self._db.all("frontier_due", instant(now), per_source)
        ]

    def settle_page(
        self,
        wanted: Wanted,
        status: str,
        *,
        next_in: timedelta | None = None,
        now: datetime | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        note: str = "",
        revisit_at: datetime | None = None,
    ) -> None:
        """Note what became of a page: `read`, `wanted` (again, after `next_in`) or `alone`.

        `read_at`, `visits` and `gone_at` are kept as `wanted` has them; a page that is read is looked at again at
        `revisit_at`.
        """
        next_at = instant(now + next_in) if now and next_in is not None else None
        tries = 0 if status == "read" and not note else wanted.tries + 1
        self._db.run(
            "frontier_result",
            wanted.address,
            status,
            tries,
            next_at,
            etag,
            last_modified,
            note,
            optional_instant(wanted.read_at),
            wanted.visits,
            optional_instant(revisit_at),
            optional_instant(wanted.gone_at),
        )

    def move_pages(self, old: str, new: str) -> None:
        """Give the pages that a source named to its new address."""
        self._db.run("frontier_move", old, new)

    def page_gone(self, canonical: str) -> tuple[datetime, str] | None:
        """Return since when the page of an article is not there any more, and what it answered; None: it is there."""
        row = self._db.one("frontier_gone", canonical)
        return (moment(row["gone_at"]), row["note"]) if row else None

    def page_came(self, address: str) -> None:
        """Note that the page was captured, in whatever way: nobody has to ask for it."""
        self._db.run("frontier_came", address)

    def page_is_alone(self, address: str) -> bool:
        """True where the page could not be had, so that its wire item stands alone, also while we ask again."""
        return self._db.one("frontier_alone", address) is not None

    def wanted_count(self) -> int:
        """How many pages nobody could read so far."""
        return int(self._db.value("frontier_count", "wanted"))

    # Pictures

    def image(self, url: str) -> ImageState | None:
        """Return what became of a picture, None where nobody asked for it."""
        row = self._db.one("image_get", url)
        if row is None:
            return None
        return ImageState(**{**dict(row), "next_at": optional_moment(row["next_at"])})

    def put_image(self, state: ImageState) -> None:
        """Keep what became of a picture."""
        self._db.run(
            "image_put",
            state.url,
            state.status,
            state.file,
            state.width,
            state.height,
            state.tries,
            optional_instant(state.next_at),
            state.note,
        )

    def drop_image(self, url: str) -> str | None:
        """Forget a picture; return its file where no other picture is in it."""
        state = self.image(url)
        self._db.run("image_drop", url)
        if state is None or state.file is None or self._db.value("images_in_file", state.file):
            return None
        return state.file

    # Runs and their problems

    def start_run(self, now: datetime) -> int:
        """Open a run; return its number."""
        return int(self._db.value("run_start", instant(now)))

    def finish_run(self, run: int, now: datetime, summary: str) -> None:
        """Close a run with its summary (JSON)."""
        self._db.run("run_finish", instant(now), summary, run)

    def last_run(self) -> tuple[datetime, str] | None:
        """Return when the last whole run ended, and its summary."""
        row = self._db.one("run_last")
        return (moment(row["finished_at"]), row["summary"]) if row else None

    def add_problem(self, run: int, problem: Problem) -> None:
        """Keep a problem of a run."""
        self._db.run("problem_add", run, problem.stage, problem.where, problem.what, problem.now)

    def last_problems(self) -> list[Problem]:
        """Return the problems of the newest run."""
        return [
            Problem(where=row["place"], what=row["what"], now=row["now"], stage=row["stage"])
            for row in self._db.all("problems_last")
        ]


def _source(row: Row) -> SourceState:
    times = ("checked_at", "changed_at", "next_at", "fresh_until", "failing_since", "moved_since")
    return SourceState(**{**dict(row), **{key: optional_moment(row[key]) for key in times}})


def _subscription(row: Row) -> Subscription:
    times = ("asked_at", "until", "next_at")
    return Subscription(**{**dict(row), **{key: optional_moment(row[key]) for key in times}})
