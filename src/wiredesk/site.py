"""A site is a folder: where its parts lie, and how a new one is made."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from wiredesk.errors import SiteError

_IGNORED = """\
# What the program fills and can make again, the key, and mail stay out of a public repository.
wiredesk.key
newsletters/
wiredesk.db*
captures/
inbox/
editions/
assets/images/news/
public
.lock
"""


@dataclass(frozen=True, slots=True)
class SiteFolder:
    """The paths of one site."""

    root: Path

    @property
    def settings(self) -> Path:
        """wiredesk.toml."""
        return self.root / "wiredesk.toml"

    @property
    def topics(self) -> Path:
        """The topic tree: NN-id.yaml."""
        return self.root / "topics"

    @property
    def organizations(self) -> Path:
        """Known providers: domain.md."""
        return self.root / "organizations"

    @property
    def opml(self) -> Path:
        """The sources."""
        return self.root / "sources.opml"

    @property
    def newsletters(self) -> Path:
        """Where the owner drops newsletters (.eml files); each run looks."""
        return self.root / "newsletters"

    @property
    def captures(self) -> Path:
        """What was received, as WARC."""
        return self.root / "captures"

    @property
    def inbox(self) -> Path:
        """What `wiredesk serve` was told by hubs, until the next run hears it."""
        return self.root / "inbox"

    @property
    def knowledge(self) -> Path:
        """What was learned of each host: host.json."""
        return self.root / "knowledge"

    @property
    def database(self) -> Path:
        """What was made of it."""
        return self.root / "wiredesk.db"

    @property
    def records(self) -> Path:
        """The Markdown records."""
        return self.root / "records"

    @property
    def images(self) -> Path:
        """Pictures that we keep: news/, organizations/."""
        return self.root / "assets" / "images"

    @property
    def key(self) -> Path:
        """The owner's key to `secured`."""
        return self.root / "wiredesk.key"

    @property
    def public(self) -> Path:
        """The published edition (a link)."""
        return self.root / "public"

    def check(self) -> None:
        """Raise SiteError unless this is a site."""
        if not self.settings.is_file():
            raise SiteError(
                f"{self.root}: no wiredesk.toml here; name your site with --site DIR, or make one: `wiredesk new DIR`"
            )

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the site for one run; the system lets go of it when the process ends, however it ends.

        Raises:
            SiteError: another run holds it, or the folder cannot be written.
        """
        with ExitStack() as held:
            try:
                file = held.enter_context((self.root / ".lock").open("w"))
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise SiteError(f"{self.root.resolve()}: another run is at work here; wait for it to end") from error
            except OSError as error:
                raise SiteError(f"{self.root}: cannot be locked: {error.strerror}; nothing was changed") from error
            yield


def make_site(root: Path, *, settings: str, topics: dict[str, bytes], opml: bytes) -> SiteFolder:
    """Write a new site into a folder; files that stand there already stay as they are.

    Args:
        topics: File name -> content, for the topic tree: the root, and topics below it.  Where the folder has a tree
            of its own, the root is that one's.

    Raises:
        SiteError: it is a site already, cannot be written, or has a tree into which topics would have to be fitted.
    """
    site = SiteFolder(root)
    if site.settings.exists():
        raise SiteError(f"{root}: is a site already; nothing was changed")
    if own := sorted({file.name for file in site.topics.glob("*.y*ml")} - topics.keys()):
        if len(topics) > 1:
            what = f"holds a topic tree already ({own[0]}): make the site without topics, and add them to that tree"
            raise SiteError(f"{site.topics}: {what}; nothing was changed")
        topics = {}
    try:
        for folder in (root, site.topics, site.organizations, site.captures, site.records, site.images):
            folder.mkdir(parents=True, exist_ok=True)
        files = {site.topics / name: data for name, data in topics.items()}
        files |= {site.opml: opml, root / ".gitignore": _IGNORED.encode()}
        files[site.settings] = settings.encode()  # last: it is what makes a site
        for path, data in files.items():
            if not path.exists():
                path.write_bytes(data)
    except OSError as error:
        raise SiteError(
            f"{error.filename or root}: cannot be written: {error.strerror}; there is no site yet"
        ) from error
    return site
