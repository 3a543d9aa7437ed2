"""robots.txt, as RFC 9309 reads it."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

AGENT = "wiredesk"  # the name that robots.txt may address us by
MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read; the rest is ignored


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What a host allows us.  `unknown` says why nobody could tell: then nothing is allowed for now."""

    rules: Protego | None = None  # None: everything is allowed
    unknown: str | None = None

    def allows(self, url: str) -> bool:
        return self.unknown is None and (self.rules is None or bool(self.rules.can_fetch(url, AGENT)))

    @property
    def delay_seconds(self) -> float | None:
        """Crawl-delay in seconds; None where the file has none."""
        return self.rules.crawl_delay(AGENT) if self.rules else None


def read_robots(status: int, body: bytes) -> Robots:
    """Return what this answer to a request for /robots.txt allows.

    2xx: its rules.  4xx: everything, there are no rules.  Else nothing for now (RFC 9309, 2.3.1).
    """
    if 200 <= status < 300:
        return Robots(rules=Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", "replace")))
    if 400 <= status < 500 and status != 429:
        return Robots()
    return Robots(unknown=f"robots.txt was answered with {status}")
