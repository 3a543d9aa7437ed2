"""Ask the network: due sources, the pages that they name, pictures.  What comes is captured, never read here."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from wiredesk.errors import FetchError, FetchFailed, FetchGone, FetchRefused
from wiredesk.fetch import NotModified, Request
from wiredesk.line.capturing import Recorder, page_digest
from wiredesk.line.pacing import planned
from wiredesk.line.room import Asker, Room
from wiredesk.records import Page, Problem, Source
from wiredesk.sources import fresh_until, span
from wiredesk.store import ImageState, SourceState, Wanted

_FIRST_WAIT = timedelta(minutes=10)  # before a page or picture that failed is asked for again; doubles each time
_MOVES = 3  # answers in a row that have to come from a new address before a source moves


def poll_sources(room: Room, ask: Asker, recorder: Recorder, *, everything: bool = False) -> None:
    """Ask the sources that are due (all of them with `everything`) for news.

    A source that said that it is gone for good is not asked, whatever happens.
    """
    now = room.clock()
    states = {source.url: room.store.intake.source(source.url) for source in room.sources}
    due = {
        state.asks or state.url: state
        for state in states.values()
        if state.status != "retired" and (everything or state.next_at is None or state.next_at <= now)
    }
    room.counts["sources"] = len(room.sources)
    with room.step("Asking sources", len(due)) as advance:

        def keep(request: Request, answer: Page | NotModified | FetchError) -> None:
            advance(1)
            state = due[request.url]
            if isinstance(answer, Page):
                after = _kept(room, recorder, state, answer, now)
            elif isinstance(answer, NotModified):
                room.counts["sources_unchanged"] += 1
                after = _answered(room, state, answer, now, changed=False)
            else:
                room.counts["sources_failed"] += 1
                after = _unanswered(room, state, answer, room.clock())  # a pause counts from the answer
                room.report(_source_problem(state, after, answer))
            recorder.then(partial(room.store.intake.put_source, after))

        requests = [
            Request(url=url, purpose="feed", etag=s.etag, last_modified=s.last_modified) for url, s in due.items()
        ]
        ask(requests, keep)
        recorder.commit()


def hand_over(room: Room, recorder: Recorder, source: Source, answer: Page) -> None:
    """Keep the answer by which a source was chosen, as if a run had asked: the next run reads it, and asks when due."""
    known = room.store.intake.source(source.url)  # where it had been a source before
    state = SourceState(url=source.url, pace=known.pace, changed_at=known.changed_at)
    state = _kept(room, recorder, state, answer, answer.fetched_at)
    recorder.then(partial(room.store.intake.put_source, state))


def fetch_pages(room: Room, ask: Asker, recorder: Recorder) -> None:
    """Ask for the pages that wire items name, and look again at those of young articles."""
    now = room.clock()
    wanted = room.store.intake.due_pages(now, room.settings.fetch.pages_per_source)
    by_url = {page.url: page for page in wanted}
    with room.step("Fetching pages", len(by_url)) as advance:

        def keep(request: Request, answer: Page | NotModified | FetchError) -> None:
            advance(1)
            page = by_url[request.url]
            if isinstance(answer, Page):
                recorder.keep(answer)
                room.counts["pages_fetched"] += 1
                tags = answer.header("etag"), answer.header("last-modified")
                recorder.then(partial(_settle_read_page, room, page, tags, now))
            elif isinstance(answer, NotModified):
                recorder.then(partial(_settle_read_page, room, page, (page.etag, page.last_modified), now))
            else:
                room.counts["pages_failed"] += 1
                recorder.then(partial(_settle_failed_page, room, page, answer, room.clock()))

        requests = [
            Request(url=page.url, purpose="page", etag=page.etag, last_modified=page.last_modified)
            for page in by_url.values()
        ]
        ask(requests, keep)
        recorder.commit()


def fetch_pictures(room: Room, ask: Asker, recorder: Recorder, urls: list[str]) -> None:
    """Ask for lead pictures.  What fails is tried again on later runs, with growing waits."""
    now = room.clock()
    with room.step("Fetching pictures", len(urls)) as advance:

        def keep(request: Request, answer: Page | NotModified | FetchError) -> None:
            advance(1)
            if isinstance(answer, Page):
                recorder.keep(answer)
                room.counts["pictures_fetched"] += 1
            elif isinstance(answer, FetchError):
                room.counts["pictures_failed"] += 1
                tries = (before.tries if (before := room.store.intake.image(request.url)) else 0) + 1
                again = isinstance(answer, FetchFailed) and tries < room.settings.fetch.page_tries
                state = ImageState(
                    url=request.url,
                    status="failed" if again else "refused",
                    tries=tries,
                    next_at=now + _FIRST_WAIT * 2 ** (tries - 1) if again else None,
                    note=answer.reason,
                )
                recorder.then(partial(room.store.intake.put_image, state))
                room.report(
                    Problem(
                        where=request.url,
                        what=answer.reason,
                        now="the article stands without its picture",
                        stage="fetch",
                    )
                )

        ask([Request(url=url, purpose="image") for url in urls], keep)
        recorder.commit()


def _source_problem(state: SourceState, after: SourceState, error: FetchError) -> Problem:
    if after.status == "retired":
        now = "it is not asked again; `wiredesk sources --retry` would, and its line in sources.opml can go"
    elif state.asks and not after.asks:
        now = f"it had moved there from {state.url}, which is asked again"
    elif isinstance(error, FetchRefused):
        now = f"asked again in {_wait(after)}; see the settings under [fetch]"
    else:
        now = f"asked again in {_wait(after)}"
    return Problem(where=state.asks or state.url, what=error.reason, now=now, stage="fetch")


def _wait(state: SourceState) -> str:
    return span(state.next_at - state.checked_at) if state.next_at and state.checked_at else "a later run"


def _kept(room: Room, recorder: Recorder, state: SourceState, answer: Page, now: datetime) -> SourceState:
    """Keep what came from a source, unless we have it; return the state of the source after it."""
    # However far it moved: captures name a source as sources.opml does, so that a rebuild knows it.
    page = replace(answer, url=state.url)
    changed = room.store.intake.newest_digest(state.url) != page_digest(page)
    if changed:
        recorder.keep(page)
        room.counts["sources_answered"] += 1
    else:
        room.counts["sources_unchanged"] += 1  # by a server that knows no 304: nothing to keep
    return _answered(room, state, answer, now, changed=changed)


def _answered(
    room: Room, state: SourceState, answer: Page | NotModified, now: datetime, *, changed: bool
) -> SourceState:
    """Return the state of a source that answered: validators verbatim, and when it is asked next."""
    known = state.note if state.status == "ok" and not changed else ""  # of a reading: the same answer, the same use
    state = replace(state, checked_at=now, failures=0, failing_since=None, status="ok", note=known)
    if isinstance(answer, Page):
        etag, modified = answer.header("etag"), answer.header("last-modified")
        state = replace(state, etag=etag, last_modified=modified, fresh_until=fresh_until(answer.headers, now))
    if changed:
        state = replace(state, changed_at=now)
    state = _moving(room, state, answer.moved_to, now)
    return state if state.status == "retired" else planned(room, state, now)


def _moving(room: Room, state: SourceState, moved_to: str | None, now: datetime) -> SourceState:
    """Return the state after an answer that came from `moved_to` by permanent redirects, or from where we asked.

    One mistaken redirect must not move a source for good (RFC 9110, 15.4.2, leaves it to the client): it moves when
    several answers in a row, over some time, led to one new address.
    """
    if moved_to is None or moved_to in (state.url, state.asks):
        return replace(state, moved_to=None, moved_since=None, moved_seen=0)
    if moved_to != state.moved_to or state.moved_since is None:
        return replace(state, moved_to=moved_to, moved_since=now, moved_seen=1)
    state = replace(state, moved_seen=state.moved_seen + 1)
    since = state.moved_since or now
    if state.moved_seen < _MOVES or now - since < timedelta(hours=room.settings.fetch.move_after_hours):
        return state
    taken = {source.url for source in room.sources} | {other.asks for other in room.store.intake.sources()}
    what = f"it has moved for good: {state.moved_seen} answers since {since:%Y-%m-%d %H:%M} came from {moved_to}"
    if moved_to in taken:
        now_what = "it is not asked any more, since that address is a source already; its line in sources.opml can go"
        state = replace(state, status="retired", next_at=None, why="never: it moved to another source")
        state = replace(state, note=f"moved to {moved_to}, which is a source already")
    else:
        now_what = "that address is asked from now on; `wiredesk sources --apply-moves` writes it into sources.opml"
        state = replace(state, asks=moved_to)
    room.report(Problem(where=state.url, what=what, now=now_what, stage="fetch"))
    return replace(state, moved_to=None, moved_since=None, moved_seen=0)


def _unanswered(room: Room, state: SourceState, error: FetchError, now: datetime) -> SourceState:
    """Return the state of a source that failed: it backs off with jitter; only 410 ends it."""
    gone = isinstance(error, FetchGone)
    since = state.failing_since or now
    state = replace(state, checked_at=now, failures=state.failures + 1, failing_since=since, note=error.reason)
    if gone and state.asks:
        # Where it moved to there is nothing: the move was a mistake, or is over.  What it was known by may answer.
        return replace(state, asks=None, status="failing", next_at=now + _FIRST_WAIT, why="its old address is tried")
    if isinstance(error, FetchGone) and error.permanent:
        return replace(state, status="retired", next_at=None, why="never: it said that it is gone for good")
    poll = timedelta(minutes=room.settings.fetch.poll_minutes)
    longest = timedelta(hours=room.settings.fetch.max_backoff_hours)
    wait = max(poll, timedelta(minutes=1)) * 2 ** min(state.failures - 1, 12)
    # Jitter from the address, not from chance: sources that failed together do not come back together.
    wait *= 0.8 + 0.4 * random.Random(state.url + str(state.failures)).random()  # noqa: S311 - spreads load, guards nothing
    wait, why = min(wait, longest), f"failed {state.failures} time{'s' if state.failures > 1 else ''} in a row"
    if isinstance(error, FetchFailed) and error.retry_after is not None and error.retry_after > wait:
        wait, why = error.retry_after, "it asked for this pause (Retry-After)"
    return replace(state, status="failing", next_at=now + wait, why=why)


def _settle_read_page(room: Room, page: Wanted, validators: tuple[str | None, str | None], now: datetime) -> None:
    """Note that a page was read, or is as it was: when to look again, and what to send back then."""
    page = replace(page, visits=page.visits + 1 if page.read_at else 0, read_at=page.read_at or now, gone_at=None)
    etag, modified = validators
    again = _revisit(room, page, now)
    room.store.intake.settle_page(page, "read", etag=etag, last_modified=modified, revisit_at=again)


def _revisit(room: Room, page: Wanted, now: datetime) -> datetime | None:
    """Return when the page of a young article is looked at again; None for one that was old when it was found."""
    hours = room.settings.fetch.revisit_hours
    if page.read_at is None or not hours or page.read_at - page.told_at > timedelta(hours=max(hours)):
        return None
    looks = sorted(page.read_at + timedelta(hours=each) for each in hours)
    return next((at for at in looks if at > now), None)


def _settle_failed_page(room: Room, page: Wanted, error: FetchError, now: datetime) -> None:
    settle = partial(room.store.intake.settle_page, etag=page.etag, last_modified=page.last_modified, note=error.reason)
    if page.read_at is not None:
        what_now = _settle_failed_visit(room, page, error, now)
    elif isinstance(error, FetchFailed) and page.tries + 1 < room.settings.fetch.page_tries:
        settle(page, "wanted", next_in=_page_wait(page, error), now=now)
        what_now = "asked again on a later run"
    else:
        settle(page, "alone")
        room.store.intake.owe("fold", [room.store.articles.canonical(page.address) or page.address])
        what_now = "the feed's own words stand for it"
    room.report(Problem(where=page.url, what=error.reason, now=what_now, stage="fetch"))


def _settle_failed_visit(room: Room, page: Wanted, error: FetchError, now: datetime) -> str:
    """Note that a page which had been read could not be had again; return what happens now.  Its article stays."""
    settle = partial(room.store.intake.settle_page, etag=page.etag, last_modified=page.last_modified, note=error.reason)
    if isinstance(error, FetchGone):
        page = replace(page, visits=page.visits + 1, gone_at=page.gone_at or now)
        settle(page, "read", revisit_at=None if error.permanent else _revisit(room, page, now))
        return "the article stays as it was read; `wiredesk explain` tells that its page is gone"
    if isinstance(error, FetchFailed) and page.tries + 1 < room.settings.fetch.page_tries:
        settle(page, "read", revisit_at=now + _page_wait(page, error))
        return "the article stays as it was read; looked at again on a later run"
    page = replace(page, visits=page.visits + 1)
    settle(page, "read", revisit_at=_revisit(room, page, now))
    return "the article stays as it was read"


def _page_wait(page: Wanted, error: FetchFailed) -> timedelta:
    return max(_FIRST_WAIT * (1 << min(page.tries, 12)), error.retry_after or timedelta(0))
