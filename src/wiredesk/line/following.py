"""Follow the index of a sitemap: ask for those of its sitemaps that may hold news.  What comes is captured."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from wiredesk.errors import FetchError, FetchFailed
from wiredesk.fetch import NotModified, Request
from wiredesk.line.capturing import Recorder
from wiredesk.line.room import Asker, Room
from wiredesk.records import Page, Problem

_FIRST_WAIT = timedelta(minutes=15)  # before a sitemap that failed is asked for again; doubles each time
_TRIES = 5


def follow_sitemaps(room: Room, ask: Asker, recorder: Recorder) -> None:
    """Ask for the sitemaps that reading an index left to be asked, with the validators of their last answers.

    An index is a source, and is polled like any other; its sitemaps are asked when it changed.  What fails for now
    stays owed and is asked again on a later run, five times at most.
    """
    now = room.clock()
    states = {url: room.store.intake.source(url) for url in room.store.intake.owed("sitemap")}
    due = [state for state in states.values() if state.next_at is None or state.next_at <= now]
    with room.step("Following sitemaps", len(due)) as advance:

        def keep(request: Request, answer: Page | NotModified | FetchError) -> None:
            advance(1)
            state = replace(states[request.url], checked_at=now, next_at=None, failures=0, status="ok", note="")
            done = True
            if isinstance(answer, Page):
                recorder.keep(answer)
                etag, modified = answer.header("etag"), answer.header("last-modified")
                state = replace(state, changed_at=now, etag=etag, last_modified=modified)
            elif isinstance(answer, FetchError):
                tries = states[request.url].failures + 1
                done = not isinstance(answer, FetchFailed) or tries >= _TRIES
                wait = _FIRST_WAIT * 2 ** (tries - 1)
                if isinstance(answer, FetchFailed) and answer.retry_after is not None:
                    wait = max(wait, answer.retry_after)
                state = replace(state, failures=tries, next_at=now + wait, status="failing", note=answer.reason)
                again = "asked again when its index changes" if done else "asked again on a later run"
                room.report(Problem(where=answer.url, what=answer.reason, now=again, stage="fetch"))
            recorder.then(partial(room.store.intake.put_source, state))
            if done:
                recorder.then(partial(room.store.intake.paid, "sitemap", [request.url]))

        requests = [Request(url=s.url, purpose="feed", etag=s.etag, last_modified=s.last_modified) for s in due]
        ask(requests, keep)
        recorder.commit()
