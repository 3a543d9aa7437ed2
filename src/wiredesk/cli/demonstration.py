"""The site that `wiredesk demo` makes."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from wiredesk.site import SiteFolder, make_site


def make_demo_site(folder: Path) -> tuple[SiteFolder, list[Path]]:
    """Make the site, unless it is there, and return it with the archives to import."""
    shipped = resources.files("wiredesk.demo")
    archives = [
        Path(str(file)) for file in sorted(shipped.iterdir(), key=lambda f: f.name) if file.name.endswith(".warc.gz")
    ]
    site = SiteFolder(folder)
    if not site.settings.exists():
        topics = {file.name: file.read_bytes() for file in shipped.joinpath("topics").iterdir()}
        settings = shipped.joinpath("wiredesk.toml").read_text(encoding="utf-8")
        make_site(folder, settings=settings, topics=topics, opml=shipped.joinpath("sources.opml").read_bytes())
    return site, archives
