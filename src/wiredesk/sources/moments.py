"""Dates as lists and sitemaps write them -> UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_W3C = re.compile(
    r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?(?:[T\s]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")  # 7.9.2026: day first wherever dots are written
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,10})\.?,?\s+(?:de\s+)?(\d{4})\b"
)
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_MONTHS = (  # the first letters that tell a month, in English, German, French, Spanish, Italian, Portuguese, Dutch
    ("jan", "jän", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "maa", "mrt"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mei", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
_WEB_BEGINS = datetime(1970, 1, 2, tzinfo=UTC)  # anything older is an empty field, or a number that is no year
_LONGEST = 200  # characters in which a date is looked for


def moment_of(value: str) -> datetime | None:
    """Return the date in `value`: W3C (ISO 8601), RFC 5322, 7.9.2026, or with the name of a month; None without one.

    A time without zone is UTC, a date alone its midnight.  Numbers with slashes are left alone: nobody can tell the
    day from the month.
    """
    moment = _read(value.strip()[:_LONGEST])
    return moment if moment and moment >= _WEB_BEGINS else None


def _read(value: str) -> datetime | None:
    try:
        if found := _W3C.match(value):
            return _from_w3c(found)
        if found := _DOTTED.search(value):
            return datetime(int(found[3]), int(found[2]), int(found[1]), tzinfo=UTC)
        if (found := _DAY_FIRST.search(value)) and (month := _month(found[2])):
            if moment := _from_mail(value):
                return moment
            return datetime(int(found[3]), month, int(found[1]), tzinfo=UTC)
        if (found := _MONTH_FIRST.search(value)) and (month := _month(found[1])):
            return datetime(int(found[3]), month, int(found[2]), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return _from_mail(value)


def _from_w3c(found: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second, zone = found.groups()
    if month is None:
        return None  # a year alone, or a number that is no date
    offset = "+00:00" if not zone or zone.upper() in {"Z", "UTC"} else zone
    stamp = f"{year}-{int(month):02}-{int(day or 1):02}T{int(hour or 0):02}:{minute or '00'}:{second or '00'}{offset}"
    return datetime.fromisoformat(stamp).astimezone(UTC)


def _from_mail(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _month(name: str) -> int | None:
    name = name.lower()
    return next((number for number, starts in enumerate(_MONTHS, 1) if name.startswith(starts)), None)
