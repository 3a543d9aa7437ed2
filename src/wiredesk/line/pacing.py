"""When each source is asked next: its rhythm, as readings tell it, put together with what we know of asking it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from wiredesk.config import FetchSettings
from wiredesk.errors import StoreError
from wiredesk.line.room import Room
from wiredesk.sources import Bounds, Pace, next_look
from wiredesk.store import SourceState, from_json, to_json


def bounds_of(settings: FetchSettings) -> Bounds:
    """Return what the owner allows."""
    base = timedelta(minutes=settings.poll_minutes)
    return Bounds(
        base=base,
        shortest=min(base, timedelta(minutes=settings.poll_min_minutes)),
        longest=max(base, timedelta(minutes=settings.poll_max_minutes)),
        adaptive=settings.adaptive,
    )


def pace_of_state(state: SourceState) -> Pace | None:
    """Return the pace that a source had at its last reading; None where nobody read it."""
    try:
        return from_json(Pace, state.pace) if state.pace else None
    except StoreError:
        return None  # of another version; the next reading tells it anew


def planned(room: Room, state: SourceState, now: datetime) -> SourceState:
    """Return the state of a source that answered `now`, with the time of the next look and the reason."""
    subscription = room.store.intake.subscription(state.url) if room.settings.fetch.websub else None
    pace = pace_of_state(state)
    # A rhythm counts from the beginning of the run, so that it keeps step with the runs; a wish from the answer.
    look = next_look(
        room.clock() if pace and pace.ttl else now,
        pace,
        bounds_of(room.settings.fetch),
        fresh_until=state.fresh_until,
        told_until=subscription.until if subscription and subscription.status == "active" else None,
    )
    return replace(state, next_at=look.at, why=look.why)


def keep_pace(room: Room, url: str, pace: Pace, at: datetime) -> None:
    """Keep the pace that a reading of what came from a source `at` tells, and plan its next look by it."""
    state = room.store.intake.source(url)
    pace = pace.after(pace_of_state(state), at)
    state = replace(state, pace=to_json(Pace, pace).decode())
    if state.status == "ok":
        state = replace(state, note="")
        if state.checked_at is not None and at >= state.checked_at:
            state = planned(room, state, state.checked_at)
    room.store.intake.put_source(state)


def keep_uselessness(room: Room, url: str, reason: str) -> None:
    """Note that what a source answers cannot be read, which holds until it answers something else."""
    state = room.store.intake.source(url)
    if state.status == "ok":
        room.store.intake.put_source(replace(state, note=f"answers, but of no use: {reason}"))
