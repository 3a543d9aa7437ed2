"""What can go wrong, as a tree.

    WiredeskError            base: a person reads str(error)
    ├─ UsageError            wrong use of a command: exit code 2
    ├─ SiteError             the folder is no site, or is in use by another run
    │  └─ SettingError       wiredesk.toml: names the line, the key, and what is allowed
    ├─ UnreadableError       an input that cannot be used: feed, page, archive, image, record, topic, OPML
    │  └─ NotAnArticle       a page that was read well and is no article
    ├─ FetchError            a request that gave no page
    │  ├─ FetchRefused       we will not ask: private address, robots.txt, scheme
    │  ├─ FetchFailed        no answer, 5xx, 429, cut off: ask again after `retry_after`
    │  └─ FetchGone          404, 410: there is nothing (any more)
    ├─ EmbeddingError        a model that turns texts into vectors is missing, or does not answer as it should
    └─ StoreError            the database cannot be opened or written (disk full, locked, newer version)

All carry plain values, chain their cause and pickle: work is spread over processes.
"""

from __future__ import annotations

from datetime import timedelta


class WiredeskError(Exception):
    """Base of all errors that are meant for people."""


class UsageError(WiredeskError):
    """A command was used in a way that cannot work."""


class SiteError(WiredeskError):
    """The folder is not a site, or another run holds it."""


class SettingError(SiteError):
    """A setting that cannot be used."""

    def __init__(self, where: str, what: str, now: str = "") -> None:
        super().__init__(where, what, now)
        self.where, self.what, self.now = where, what, now

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f". {self.now}" if self.now else "")


class UnreadableError(WiredeskError):
    """An input that cannot be used; `where` is its file (with line) or address."""

    def __init__(self, where: str, what: str, now: str = "it is left out") -> None:
        super().__init__(where, what, now)
        self.where, self.what, self.now = where, what, now

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.now}"


class NotAnArticle(UnreadableError):
    """The page was read, and is a listing, an error page, a login wall or empty."""


class FetchError(WiredeskError):
    """A request that gave no page."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason

    def __str__(self) -> str:
        return f"{self.url}: {self.reason}"


class FetchRefused(FetchError):
    """We will not ask: private address, robots.txt, unknown scheme."""


class FetchFailed(FetchError):
    """The site did not answer as it should (timeout, 429, 5xx, too large): ask again later."""

    def __init__(self, url: str, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(url, reason)
        self.args = (url, reason, retry_after)
        self.retry_after = retry_after


class FetchGone(FetchError):
    """404 or 410."""

    def __init__(self, url: str, reason: str, permanent: bool = False) -> None:
        super().__init__(url, reason)
        self.args = (url, reason, permanent)
        self.permanent = permanent


class EmbeddingError(WiredeskError):
    """No vectors: `where` is the package, folder or address, `now` what to do about it."""

    def __init__(self, where: str, what: str, now: str) -> None:
        super().__init__(where, what, now)
        self.where, self.what, self.now = where, what, now

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.now}"


class StoreError(WiredeskError):
    """The database cannot be opened or written."""
