"""Dates as pages write them -> UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:(?:[T\s]\s*|\s+-\s+)(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,:]\d+)?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\s*\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)


def parse_moment(value: str) -> tuple[datetime, bool] | None:
    """Return (UTC, whether a zone was given) for an ISO 8601 or RFC 5322 date, also slightly broken; else None.

    A time without zone is taken for UTC; a date alone for its midnight.
    """
    found = read_moment(value)
    return (found[0].astimezone(UTC), found[1]) if found else None


def read_moment(value: str) -> tuple[datetime, bool] | None:
    """Return (moment in the zone that it was written in, whether one was given), read as `parse_moment` does."""
    value = value.strip()
    if found := _ISO.match(value):
        year, month, day, hour, minute, second, zone = found.groups()
        iso = f"{year}-{month}-{day}T{int(hour or 0):02}:{minute or '00'}:{second or '00'}{_offset(zone)}"
    try:
        moment = datetime.fromisoformat(iso) if found else parsedate_to_datetime(value)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC), False
        moment.astimezone(UTC)  # years at either end of the calendar have none
        return moment, True
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _offset(zone: str | None) -> str:
    if not zone:
        return ""
    if zone[0] not in "+-":
        return "+00:00"
    digits = re.sub(r"\D", "", zone).ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
