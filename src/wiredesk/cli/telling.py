"""How a source stands, in words."""

from __future__ import annotations

from datetime import datetime

from wiredesk.sources import span
from wiredesk.store import SourceState, Subscription


def told_of(state: SourceState | None, now: datetime, subscription: Subscription | None = None) -> str:
    """Return what a person wants to know of a source: how it fares, where it moved, when it is asked next and why."""
    if state is None or state.checked_at is None:
        return "asked at the next run: it is new"
    parts = []
    if state.status == "retired":
        parts.append(f"retired: {state.note}")
    elif state.status != "ok" and state.failing_since:
        parts.append(f"failing for {span(max(now - state.failing_since, now - now))}: {state.note}")
    elif state.note:
        parts.append(state.note)
    if state.asks:
        parts.append(f"moved to {state.asks} (--apply-moves writes it into sources.opml)")
    elif state.moved_to and state.moved_since:
        parts.append(f"redirects for good to {state.moved_to}, seen {state.moved_seen} times")
    if subscription:
        until = f" until {subscription.until:%Y-%m-%d %H:%M}" if subscription.until else ""
        parts.append(f"hub {subscription.hub}: {subscription.status}{until}" + f" {subscription.note}".rstrip())
    if state.next_at is None:
        parts.append(f"asked {state.why}" if state.why else "asked at the next run")
    elif state.next_at <= now:
        parts.append(f"asked at the next run ({state.why})" if state.why else "asked at the next run")
    else:
        parts.append(f"asked in {span(state.next_at - now)}" + (f" ({state.why})" if state.why else ""))
    return "; ".join(parts)
