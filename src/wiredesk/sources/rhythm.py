"""How often a source brings news -> when to ask it next, with the reason in words.  Pure; the clock is passed in.

Half of the typical time between two items is waited: asked like that, a source that keeps its rhythm is found with
one new item every other time, and news is late by a quarter of its own rhythm on average.  The median of the gaps is
taken, because nights, weekends and batches make the mean useless (compare Sia, Cho, Cho: "Efficient monitoring
algorithm for fast news alerts", IEEE TKDE 19(7), 2007, who fit posting rates by the hour).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from itertools import pairwise
from statistics import median

from wiredesk.records import WireItem
from wiredesk.sources.feeds import Feed

_NEWEST = 20  # items whose gaps are looked at
_LEAST = 4  # times without which there is no rhythm
_CHANGES = 12  # remembered
_SILENCE = 4  # a source that was silent for longer than this many gaps has slowed down
_CACHE_BOUND = 4  # times the base: caches are often set by mistake, and say nothing of polling
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the last readings of a source say of its rhythm, and what its publisher wishes."""

    gap: timedelta | None = None  # typical time between two of its newest items, by their own dates
    newest: datetime | None = None  # the date of its newest item
    names: str = ""  # changes when it names other items than before
    changes: tuple[datetime, ...] = ()  # when we saw it change, oldest first
    ttl: timedelta | None = None  # as in Feed, and so on
    period: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    hubs: tuple[str, ...] = ()
    topic: str = ""  # what a hub knows it by

    def after(self, before: Pace | None, at: datetime) -> Pace:
        """Return this pace, read from what was received `at`, with the changes that were seen up to now."""
        changes = before.changes if before else ()
        if before is None or before.names != self.names:
            changes = (*(change for change in changes if change < at), at)[-_CHANGES:]
        return replace(self, changes=changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the site's owner allows.  `shortest` <= `longest`."""

    base: timedelta  # where nothing is known; zero: at every run
    shortest: timedelta
    longest: timedelta
    adaptive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """When to look next, and why not before."""

    at: datetime
    why: str


def pace_of(items: Sequence[WireItem], at: datetime, *, feed: Feed | None = None) -> Pace:
    """Return the pace of a source, as this one reading tells it.

    Args:
        items: What it names now.
        at: When it was received.
        feed: Where the items came from, if it is a feed: its wishes.
    """
    dated = [moment for item in items if (moment := item.published_at or item.updated_at)]
    # To the minute: what a batch brings at once is one piece of news to a poller.  Dates to come tell nothing.
    times = sorted({moment.replace(second=0, microsecond=0) for moment in dated if moment <= at})[-_NEWEST:]
    names = sha256("\n".join(f"{item.url} {item.title}" for item in items).encode("utf-8", "replace")).hexdigest()[:16]
    pace = Pace(gap=_typical(times), newest=times[-1] if times else None, names=names)
    if feed is None:
        return pace
    return replace(
        pace,
        ttl=feed.ttl,
        period=feed.period,
        skip_hours=tuple(hour for hour in feed.skip_hours if 0 <= hour < 24),
        skip_days=tuple(day for day in feed.skip_days if 0 <= day < 7),
        hubs=feed.hubs,
        topic=feed.self_url or feed.url,
    )


def next_look(
    now: datetime,
    pace: Pace | None,
    bounds: Bounds,
    *,
    fresh_until: datetime | None = None,
    told_until: datetime | None = None,
) -> Look:
    """Return when to look at a source again that was looked at `now`.

    Never before `now + bounds.shortest`, never after `now + bounds.longest`, and never earlier for a slower rhythm;
    with a base of zero: now, whatever anybody wishes.

    Args:
        fresh_until: Until then a cache would give the same answer (RFC 9111); obeyed up to four times the base.
        told_until: Until then a hub tells us of news: we look only to be safe.
    """
    if not bounds.base:
        return Look(at=now, why="asked at every run")
    pace = pace or Pace()
    wait, why = _by_rhythm(now, pace, bounds)
    if told_until and told_until > now:
        wait, why = bounds.longest, f"every {span(bounds.longest)}: its hub tells us of news"
    if pace.ttl and pace.ttl > wait:
        wait, why = pace.ttl, f"ttl {pace.ttl // _MINUTE} says so"
    fresh = min(fresh_until - now, _CACHE_BOUND * bounds.base) if fresh_until else timedelta(0)
    if fresh > wait:
        wait, why = fresh, f"every {span(fresh)}: its cache headers say so"
    if wait > bounds.longest:
        wait, why = bounds.longest, f"{why}, but not longer than {span(bounds.longest)}"
    at = now + max(wait, bounds.shortest)
    opening, wish = _opening(at, pace)
    if opening > at:
        bound = now + bounds.longest
        at, why = min(opening, bound), f"{wish} until {opening:%H:%M}" + (" (bounded)" if opening > bound else "")
    return Look(at=at, why=why)


def fresh_until(headers: Iterable[tuple[str, str]], now: datetime) -> datetime | None:
    """Return until when a cache may keep an answer: `Cache-Control: max-age`, else `Expires` (RFC 9111, 4.2.1)."""
    fields: dict[str, str] = {}
    for name, value in headers:
        fields.setdefault(name.lower(), value)
    directives = [part.strip().lower() for part in fields.get("cache-control", "").split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return None
    age = fields.get("age", "0").strip()
    passed = timedelta(seconds=int(age[:9])) if age.isascii() and age.isdigit() else timedelta(0)
    for directive in directives:
        name, _, value = directive.partition("=")
        value = value.strip('" ')
        if name == "max-age":
            known = value.isascii() and value.isdigit()
            return _later(now, timedelta(seconds=int(value[:9])) - passed) if known else None
    try:
        expires = parsedate_to_datetime(fields.get("expires", ""))
        sent = parsedate_to_datetime(fields["date"]) if "date" in fields else now
        return _later(now, _aware(expires) - _aware(sent) - passed)
    except (ValueError, OverflowError):
        return None


def span(value: timedelta) -> str:
    """Return a length of time for a person: "40 min", "2 h", "3 days"."""
    if value < 2 * _MINUTE:
        return f"{round(value / timedelta(seconds=1))} s"
    if value < 2 * _HOUR:
        return f"{round(value / _MINUTE)} min"
    if value < 2 * _DAY:
        return f"{value / _HOUR:.1f}".removesuffix(".0") + " h"
    return f"{value / _DAY:.1f}".removesuffix(".0") + " days"


def _later(now: datetime, by: timedelta) -> datetime | None:
    return now + min(by, 365 * _DAY) if by > timedelta(0) else None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _typical(times: Sequence[datetime]) -> timedelta | None:
    if len(times) < _LEAST:
        return None
    return timedelta(seconds=median((b - a).total_seconds() for a, b in pairwise(times)))


def _by_rhythm(now: datetime, pace: Pace, bounds: Bounds) -> tuple[timedelta, str]:
    fixed = f"every {span(bounds.base)}: as the settings say"
    if not bounds.adaptive:
        return bounds.base, fixed
    gap, newest, seen = pace.gap, pace.newest, "by their dates"
    if gap is None:
        gap, newest, seen = _typical(pace.changes), pace.changes[-1] if pace.changes else None, "as we saw it"
    if gap is None and pace.period:
        gap, newest, seen = 2 * pace.period, None, ""  # asked once a period
    if gap is None:
        return bounds.base, fixed + ", its rhythm is not known yet"
    silence = max(now - newest, timedelta(0)) / _SILENCE if newest else timedelta(0)
    wait = min(max(max(gap, silence) / 2, bounds.shortest), bounds.longest)
    if silence > gap and newest:
        return wait, f"every {span(wait)}: nothing new for {span(now - newest)}"
    if not seen:
        return wait, f"every {span(wait)}: its updatePeriod says so"
    return wait, f"every {span(wait)}: news every {span(gap)}, {seen}"


def _opening(at: datetime, pace: Pace) -> tuple[datetime, str]:
    """Return the first moment from `at` on that is in no hour or day to be skipped, and what had to be skipped."""
    hours, days = frozenset(pace.skip_hours), frozenset(pace.skip_days)
    if not hours and not days:
        return at, ""
    opening, wish = at.astimezone(UTC), ""
    for _ in range(24 * 8):
        if opening.weekday() in days:
            wish = wish or "skipDays"
        elif opening.hour in hours:
            wish = wish or "skipHours"
        else:
            return opening, wish
        opening = opening.replace(minute=0, second=0, microsecond=0) + _HOUR
    return at, ""  # everything is to be skipped: a mistake
