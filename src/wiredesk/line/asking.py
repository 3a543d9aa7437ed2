"""Ask the network: due sources, the pages that they name, pictures.  What comes is captured, never read here."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from wiredesk.errors import FetchError, FetchFailed, FetchGone, FetchRefused
from wiredesk.fetch import NotModified, Request
from wiredesk.line.capturing import Recorder
from wiredesk.line.room import Asker, Room
from wiredesk.records import Page, Problem
from wiredesk.store import ImageState, SourceState, Wanted

_FIRST_WAIT = timedelta(minutes=10)  # before a page or picture that failed is asked for again; doubles each time


def poll_sources(room: Room, ask: Asker, recorder: Recorder, *, everything: bool = False) -> None:
    """Ask the sources that are due (all of them with `everything`) for news."""
    now = room.clock()
    states = {source.url: room.store.intake.source(source.url) for source in room.sources}
    due = [s for s in states.values() if everything or s.next_at is None or s.next_at <= now]
    room.counts["sources"] = len(room.sources)
    with room.step("Asking sources", len(due)) as advance:

        def keep(request: Request, answer: Page | NotModified | FetchError) -> None:
            advance(1)
            state = states[request.url]
            if isinstance(answer, Page):
                recorder.keep(answer)
                room.counts["sources_answered"] += 1
            elif isinstance(answer, NotModified):
                room.counts["sources_unchanged"] += 1
            else:
                room.counts["sources_failed"] += 1
                room.report(_source_problem(answer))
            recorder.then(partial(room.store.intake.put_source, _after(state, answer, room, now)))

        requests = [Request(url=s.url, purpose="feed", etag=s.etag, last_modified=s.last_modified) for s in due]
        ask(requests, keep)
        recorder.commit()


def fetch_pages(room: Room, ask: Asker, recorder: Recorder) -> None:
    """Ask for the pages that wire items name."""
    now = room.clock()
    wanted = room.store.intake.due_pages(now, room.settings.fetch.pages_per_source)
    by_url = {page.url: page for page in wanted}
    settle = room.store.intake.settle_page
    with room.step("Fetching pages", len(by_url)) as advance:

        def keep(request: Request, answer: Page | NotModified | FetchError) -> None:
            advance(1)
            page = by_url[request.url]
            if isinstance(answer, Page):
                recorder.keep(answer)
                room.counts["pages_fetched"] += 1
                etag, modified = answer.header("etag"), answer.header("last-modified")
                recorder.then(partial(settle, page, "read", etag=etag, last_modified=modified))
            elif isinstance(answer, NotModified):
                recorder.then(partial(settle, page, "read", etag=page.etag, last_modified=page.last_modified))
            else:
                room.counts["pages_failed"] += 1
                recorder.then(partial(_settle_failed_page, room, page, answer, now))

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


def _source_problem(error: FetchError) -> Problem:
    if isinstance(error, FetchGone):
        now = "asked again once a day; remove it from sources.opml if it is gone for good"
    elif isinstance(error, FetchRefused):
        now = "not asked; see the settings under [fetch]"
    else:
        now = "asked again on a later run"
    return Problem(where=error.url, what=error.reason, now=now, stage="fetch")


def _after(state: SourceState, answer: Page | NotModified | FetchError, room: Room, now: datetime) -> SourceState:
    """Return the state of a source after an answer: validators verbatim, failures back off with jitter."""
    poll = timedelta(minutes=room.settings.fetch.poll_minutes)
    if isinstance(answer, Page):
        etag, modified = answer.header("etag"), answer.header("last-modified")
        fresh = replace(state, etag=etag, last_modified=modified, changed_at=now)
        return replace(fresh, checked_at=now, next_at=now + poll, failures=0, status="ok", note="")
    if isinstance(answer, NotModified):
        return replace(state, checked_at=now, next_at=now + poll, failures=0, status="ok", note="")
    longest = timedelta(hours=room.settings.fetch.max_backoff_hours)
    wait = min(max(poll, timedelta(minutes=1)) * 2 ** min(state.failures, 12), longest)
    # Jitter from the address, not from chance: sources that failed together do not come back together.
    wait *= 0.8 + 0.4 * random.Random(state.url + str(state.failures)).random()  # noqa: S311 - spreads load, guards nothing
    if isinstance(answer, FetchFailed) and answer.retry_after is not None:
        wait = max(wait, answer.retry_after)
    gone = isinstance(answer, FetchGone)
    return replace(
        state,
        checked_at=now,
        next_at=now + (longest if gone else wait),
        failures=state.failures + 1,
        status="gone" if gone else "failing",
        note=answer.reason,
    )


def _settle_failed_page(room: Room, page: Wanted, error: FetchError, now: datetime) -> None:
    if isinstance(error, FetchFailed) and page.tries + 1 < room.settings.fetch.page_tries:
        wait = max(_FIRST_WAIT * 2**page.tries, error.retry_after or timedelta(0))
        room.store.intake.settle_page(page, "wanted", next_in=wait, now=now, note=error.reason)
        what_now = "asked again on a later run"
    else:
        room.store.intake.settle_page(page, "alone", note=error.reason)
        room.store.intake.owe("fold", [room.store.articles.canonical(page.address) or page.address])
        what_now = "the feed's own words stand for it"
    room.report(Problem(where=page.url, what=error.reason, now=what_now, stage="fetch"))
