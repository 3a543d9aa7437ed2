"""WebSub (W3C Recommendation, 23 January 2018), our side: subscribe where a feed offers a hub, and hear what hubs say.

`wiredesk serve` takes the calls of hubs and leaves each as a small file in `inbox/`, since it does not hold the site's
lock; a run hears them.  A call is only a ping: its source is asked at once, and what the call carried is not believed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from wiredesk.errors import FetchError
from wiredesk.fetch import NotModified, Request
from wiredesk.line.pacing import pace_of_state
from wiredesk.line.room import Asker, Room
from wiredesk.records import Page, Problem
from wiredesk.store import Subscription

Call = Literal["ping", "verified", "denied", "left"]

_LEASE = timedelta(days=10)  # that we ask for; the hub decides
_PATIENCE = timedelta(hours=1)  # a hub that did not confirm by then is asked again
_FIRST_WAIT = timedelta(minutes=30)  # after a hub failed; doubles each time
_LONGEST_WAIT = timedelta(days=2)
_FAREWELLS = 3  # tries to end a subscription; its lease ends anyway


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    file: Path
    call: Call
    seconds: int
    reason: str
    subscription: Subscription


def drop_call(inbox: Path, token: str, call: Call, *, seconds: int = 0, reason: str = "") -> None:
    """Leave a hub's call for the next run, whole or not at all.

    One file for each subscription and kind of call, so that a hub that calls often fills no disk.

    Raises:
        OSError: it cannot be written.
    """
    inbox.mkdir(exist_ok=True)
    growing = inbox / f".{token}.{call}.{secrets.token_hex(4)}"
    growing.write_text(json.dumps({"token": token, "call": call, "seconds": seconds, "reason": reason[:200]}))
    growing.replace(inbox / f"{token}.{call}")


def waiting(inbox: Path) -> bool:
    """Tell whether a call waits to be heard."""
    try:
        return any(not file.name.startswith(".") for file in inbox.iterdir())
    except OSError:
        return False


def hear_hubs(room: Room) -> None:
    """Take in what hubs said since the last run: promises, refusals, and which sources have news."""
    now = room.clock()
    heard = list(_calls(room))
    with room.store.transaction():
        for each in sorted(heard, key=lambda h: h.call == "ping"):  # a promise counts before the ping that follows it
            _hear(room, each, now)
    for each in heard:
        each.file.unlink(missing_ok=True)  # after the commit: a killed run hears it again


def keep_subscriptions(room: Room, ask: Asker) -> None:
    """Ask hubs for what is missing, renew what ends soon, and end what is not wanted any more."""
    now = room.clock()
    wanted = _wanted(room)
    known = {each.source: each for each in room.store.intake.subscriptions()}
    due: dict[str, list[tuple[Subscription, Request]]] = {}
    for source, (hub, topic) in wanted.items():
        subscription = _due(known.get(source), source, hub, topic, now)
        if subscription:
            due.setdefault(hub, []).append((subscription, _request(room, subscription, "subscribe")))
    for source, subscription in known.items():
        again = subscription.status == "leaving"
        if source in wanted or (again and subscription.next_at and subscription.next_at > now):
            continue
        if again and subscription.tries >= _FAREWELLS:
            room.store.intake.drop_subscription(source)
            continue
        tries = subscription.tries + 1 if again else 1
        leaving = replace(subscription, status="leaving", tries=tries, next_at=now + _wait(tries))
        due.setdefault(leaving.hub, []).append((leaving, _request(room, leaving, "unsubscribe")))
    if not due:
        return
    for batch in due.values():
        for subscription, _ in batch:
            # Before the hub is asked: it may call back before it answers, and is believed only if we know of it.
            room.store.intake.put_subscription(subscription)
    with room.step("Asking hubs", sum(map(len, due.values()))) as advance:
        while batch_now := [batch.pop(0) for batch in due.values() if batch]:  # one to a hub: answers name the hub
            by_hub = {request.url: subscription for subscription, request in batch_now}
            ask([request for _, request in batch_now], partial(_answered, room, by_hub, now, advance))


def _calls(room: Room) -> Iterator[_Heard]:
    if not room.site.inbox.is_dir():
        return
    by_token = {each.token: each for each in room.store.intake.subscriptions()}
    for file in sorted(room.site.inbox.iterdir()):
        if file.name.startswith("."):
            continue
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            subscription = by_token[said["token"]]
            yield _Heard(
                file=file,
                call=said["call"],
                seconds=int(said["seconds"]),
                reason=str(said["reason"]),
                subscription=subscription,
            )
        except (OSError, ValueError, KeyError, TypeError):
            file.unlink(missing_ok=True)  # of a subscription that is over


def _hear(room: Room, heard: _Heard, now: datetime) -> None:
    intake = room.store.intake
    subscription = intake.subscription(heard.subscription.source) or heard.subscription
    match heard.call:
        case "ping":
            room.counts["pings"] += 1
            state = intake.source(subscription.source)
            if state.status in ("ok", "new"):  # one that fails or is gone keeps its pause: a hub is no way around it
                intake.put_source(replace(state, next_at=now, why="its hub says that there is news"))
        case "verified":
            lease = timedelta(seconds=min(max(heard.seconds, 60), 365 * 86400))
            until = now + lease
            # Renewed when a fifth of the lease is left.
            intake.put_subscription(
                replace(subscription, status="active", until=until, next_at=until - lease / 5, tries=0, note="")
            )
        case "denied":
            note = "the hub refused" + (f": {heard.reason}" if heard.reason else "")
            intake.put_subscription(
                replace(subscription, status="denied", until=None, next_at=now + _LONGEST_WAIT, note=note)
            )
            what_now = "polled as its rhythm asks for; the hub is asked again in two days"
            what = f"{note} ({subscription.topic})"
            room.report(Problem(where=subscription.hub, what=what, now=what_now, stage="fetch"))
        case "left":
            intake.drop_subscription(subscription.source)


def _wanted(room: Room) -> dict[str, tuple[str, str]]:
    """Return for each source that a hub can tell us of: (hub, topic)."""
    if not room.settings.fetch.websub:
        return {}
    found = {}
    for source in room.sources:
        state = room.store.intake.source(source.url)
        pace = pace_of_state(state)
        if state.status == "retired" or pace is None or not pace.topic:
            continue
        hub = next((hub for hub in pace.hubs if urlsplit(hub).scheme in ("http", "https")), None)
        if hub:
            found[source.url] = (hub, pace.topic)
    return found


def _due(known: Subscription | None, source: str, hub: str, topic: str, now: datetime) -> Subscription | None:
    """Return the subscription as it is to be asked for now; None where there is nothing to ask."""
    if known is None or known.status == "leaving" or (known.hub, known.topic) != (hub, topic):
        # Secrets come from the system's own source of chance: a run that could be repeated here could be forged.
        token, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
        known = Subscription(
            source=source, hub=hub, topic=topic, token=token, secret=secret, status="asked", asked_at=now
        )
    elif known.next_at is not None and known.next_at > now:
        return None
    lapsed = known.until is None or known.until <= now
    return replace(
        known,
        status="asked" if lapsed else known.status,  # what still holds goes on to hold while it is renewed
        asked_at=now,
        tries=known.tries + 1,
        next_at=now + max(_PATIENCE, _wait(known.tries)),
        note="" if known.tries == 0 else "the hub did not confirm",
    )


def _wait(tries: int) -> timedelta:
    return min(_FIRST_WAIT * (1 << min(tries, 10)), _LONGEST_WAIT)


def _request(room: Room, subscription: Subscription, mode: str) -> Request:
    form = [
        ("hub.callback", f"{callback_base(room)}{subscription.token}"),
        ("hub.mode", mode),
        ("hub.topic", subscription.topic),
    ]
    if mode == "subscribe":
        form += [("hub.lease_seconds", str(int(_LEASE.total_seconds()))), ("hub.secret", subscription.secret)]
    return Request(url=subscription.hub, purpose="hub", form=tuple(form))


def callback_base(room: Room) -> str:
    """Return the public address below which hubs call us."""
    return room.settings.fetch.websub_callback or f"{room.settings.site.address}websub/"


def _answered(
    room: Room,
    by_hub: dict[str, Subscription],
    now: datetime,
    advance: Callable[[int], None],
    request: Request,
    answer: Page | NotModified | FetchError,
) -> None:
    """Note that a hub did not take what was asked; where it did, it calls back."""
    advance(1)
    asked = by_hub[request.url]
    if not isinstance(answer, FetchError):
        room.counts["hubs_asked"] += 1
        return
    current = room.store.intake.subscription(asked.source) or asked
    lapsed = current.until is None or current.until <= now
    status = current.status if current.status == "leaving" or not lapsed else "failed"
    room.store.intake.put_subscription(
        replace(current, status=status, next_at=now + _wait(current.tries), note=answer.reason)
    )
    what_now = "polled as its rhythm asks for; the hub is asked again later"
    room.report(Problem(where=request.url, what=answer.reason, now=what_now, stage="fetch"))
