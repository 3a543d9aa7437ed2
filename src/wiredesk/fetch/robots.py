"""robots.txt, as RFC 9309 reads it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

AGENT = "wiredesk"  # the name that robots.txt may address us by
MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read; the rest is ignored
MAX_REDIRECTS = 5  # RFC 9309, 2.3.1.2: at least so many are followed, also to other hosts

_FRESH = timedelta(hours=24)  # RFC 9309, 2.4
_UNKNOWN = timedelta(minutes=10)  # after which we look again whether somebody can tell
_MOST_SITEMAPS = 1000
_LONGEST_DELAY = 3600.0  # seconds; a longer crawl-delay is a mistake, and none is obeyed beyond this


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What a host allows us.  `unknown` says why nobody could tell: then nothing is allowed for now."""

    rules: Protego | None = None  # None: everything is allowed
    unknown: str | None = None
    sitemaps: tuple[str, ...] = ()  # as written there: absolute addresses, in its order
    asked_at: datetime | None = None  # our clock

    def allows(self, url: str) -> bool:
        """Tell whether we may ask for `url`."""
        return self.unknown is None and (self.rules is None or bool(self.rules.can_fetch(url, AGENT)))

    def holds(self, now: datetime) -> bool:
        """Tell whether this is still to be believed."""
        if self.asked_at is None:
            return True
        return timedelta(0) <= now - self.asked_at < (_UNKNOWN if self.unknown else _FRESH)

    @property
    def delay_seconds(self) -> float | None:
        """Crawl-delay in seconds; None where the file has none."""
        delay = self.rules.crawl_delay(AGENT) if self.rules else None
        return None if delay is None else min(max(0.0, float(delay)), _LONGEST_DELAY)


def read_robots(status: int, body: bytes, at: datetime | None = None) -> Robots:
    """Return what this answer to a request for /robots.txt allows.

    2xx: its rules.  4xx: everything, there are no rules.  Else nothing for now (RFC 9309, 2.3.1).  Bytes that are not
    UTF-8, NULs and lines that are no rules are passed over; UTF-16 is read where the file begins as such.
    """
    if 200 <= status < 300:
        try:
            rules = Protego.parse(_text(body[:MAX_BYTES]))
        except Exception as error:  # a parser that stumbles over a file: nobody can tell what it allows
            return Robots(unknown=f"robots.txt cannot be read ({type(error).__name__}: {error})", asked_at=at)
        sitemaps = dict.fromkeys(line for line in rules.sitemaps if line.lower().startswith(("http://", "https://")))
        return Robots(rules=rules, sitemaps=tuple(sitemaps)[:_MOST_SITEMAPS], asked_at=at)
    if 400 <= status < 500 and status != 429:
        return Robots(asked_at=at)
    return Robots(unknown=f"robots.txt was answered with {status}", asked_at=at)


def _text(body: bytes) -> str:
    coding = "utf-16" if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    return body.decode(coding, "replace").replace("\0", "")
