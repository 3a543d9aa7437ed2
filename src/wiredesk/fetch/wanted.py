"""Which records of an archive are wanted: by capture time, domain, and type.  Decided before a body is unpacked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

_CC_NEWS = re.compile(r"CC-NEWS-(\d{14})-\d+\.warc(\.gz|\.zst)?")
_BEFORE = timedelta(days=1)  # a file is named for when it was begun; records written into it may be a little older
_BEHIND = timedelta(days=7)  # and much younger: files were cut by size, in quiet times after more than a day
_DOMAIN = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_NEVER_READ = re.compile(
    r"(?:audio|video|font)/|text/(?:css|javascript)|application/(?:x-)?(?:java|ecma)script"
    r"|application/(?:pdf|zip|gzip|x-gzip|x-tar|vnd\.(?!wap\.xhtml)|msword|font|x-font|x-shockwave|wasm|epub)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of an archive is taken; by default all."""

    since: datetime | None = None  # UTC, WARC-Date at or after: the time of the capture, not of publication
    until: datetime | None = None  # UTC, WARC-Date before
    domains: frozenset[str] = frozenset()  # each with all below it; empty: every domain
    readable: bool = False  # only types that a page, feed, text or picture has
    now: datetime | None = None  # UTC; what claims to be captured more than a day later is wrongly dated, and told

    def date(self, captured: datetime) -> bool:
        """Say whether what was captured then is wanted."""
        return (self.since is None or captured >= self.since) and (self.until is None or captured < self.until)

    def address(self, url: str) -> bool:
        """Say whether its domain, or one above it, is wanted."""
        if not self.domains:
            return True
        try:
            labels = ascii_domain(urlsplit(url).hostname or "").split(".")
        except ValueError:
            return False
        return any(".".join(labels[start:]) in self.domains for start in range(len(labels)))

    def media(self, content_type: str) -> bool:
        """Say whether something of this type is ever read."""
        return not (self.readable and _NEVER_READ.match(content_type.strip().lower()))

    def file(self, name: str) -> bool:
        """Say whether a file may hold wanted records, by its name.  True for all names but those of CC-NEWS.

        CC-NEWS-YYYYMMDDhhmmss-NNNNN.warc.gz names the time when the file was begun; how long it was written to, it
        does not tell.  A file is passed over only a day (where it is too young) or a week (where too old) away.
        """
        found = _CC_NEWS.fullmatch(name)
        if not found:
            return True
        try:
            begun = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return True
        too_young = self.until is not None and begun - _BEFORE >= self.until
        too_old = self.since is not None and begun + _BEHIND < self.since
        return not (too_young or too_old)


def ascii_domain(name: str) -> str:
    """Return a domain as addresses hold it: lower case, no dot at the end, "xn--" for other scripts.

    Raises:
        ValueError: it is none.
    """
    bare = name.strip().lower().rstrip(".")
    bare = bare if bare.isascii() else bare.encode("idna").decode()
    if not _DOMAIN.fullmatch(bare):
        raise ValueError(f"{name!r} is no domain such as bbc.co.uk")
    return bare
