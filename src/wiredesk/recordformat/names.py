"""File names of records: `YYYY-MM-DD-slug`, fixed when a record is made.

Rule: record-format.md, section 3.  A name is safe on every file system: only a-z, 0-9, _ and -, begins with a date, and
is short enough for an ending to fit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

_CUT = 140  # the title is cut at its first space from here on
_LONGEST = 200  # bytes; file systems allow 255, and the reference's longest names stay below 190
_DROPPED = re.compile(r"[^a-z0-9_\-\s]")
_UNSAFE = re.compile(r"[^a-z0-9_-]")
_GAP = re.compile(r"[\s-]+")
_NO_NAME = re.compile(r"(?:\d{4}-\d\d-\d\d)?|con|prn|aux|nul|com\d|lpt\d")  # nothing but a date; devices of Windows


def slug(title: str) -> str:
    """Return the title as it stands in addresses; "" where it has no letter or digit of the Latin alphabet."""
    space = title.find(" ", _CUT)
    title = title if space < 0 else title[:space]
    plain = "".join(c for c in unicodedata.normalize("NFD", title) if not unicodedata.combining(c)).lower()
    return _GAP.sub("-", _DROPPED.sub("", plain)).strip("-")


def record_name(title: str, published_at: datetime, utc_offset_hours: float = 0) -> str:
    """Return the name of a record, without ".md"; only the date where the title gives no slug.

    Args:
        title: As received.
        published_at: UTC.
        utc_offset_hours: Of the calendar that the name's date is read from; the reference uses 8 for found articles
            and 0 for its official feeds.
    """
    try:
        day = (published_at + timedelta(hours=utc_offset_hours)).date()
    except OverflowError:
        day = published_at.date()
    return _fit(f"{day.isoformat()}-{slug(title)}", "")


def unique_name(base: str, taken: Callable[[str], bool], article_id: str, provider: str) -> str:
    """Return `base`, or a longer name where another article has it.

    The reference lets two providers' articles with one headline on one day overwrite each other.  Here the later one
    gets the label of its provider ("…-bbc"), or, where that is taken too, its own id.

    Args:
        base: From `record_name`, or the name that an imported record came with.
        taken: Says whether another article has a name.
        article_id: 16 hex digits.
        provider: Registrable domain.
    """
    name = _fit(_safe(base), "")
    label = slug(provider.split(".")[0])
    if _NO_NAME.fullmatch(name):
        return _fit(name, article_id)
    for candidate in (name, _fit(name, label)):
        if not taken(candidate):
            return candidate
    return _fit(name, article_id)


def _safe(name: str) -> str:
    """Names of imported records come from outside: what the slug rule would not make does not pass."""
    return _UNSAFE.sub("", name.lower())


def _fit(name: str, ending: str) -> str:
    ending = f"-{ending}" if ending else ""
    return (name[: _LONGEST - len(ending)].rstrip("-") + ending).lstrip("-")
