"""The real command, run on a site that reads the newsstand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from newsstand import NOW, Newsstand

SETTINGS = """
[fetch]
delay_seconds = 0
poll_minutes = 0
open_hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
[score]
publish_quality = 1
publish_heat = 1
"""


def wiredesk(site: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command on a site, in a process of its own."""
    command = [sys.executable, "-m", "wiredesk", *words]
    return subprocess.run(command, cwd=site, capture_output=True, text=True, check=check, timeout=300)


def make_site(folder: Path, stand: Newsstand) -> Path:
    """Make a site whose sources are the newsstand's feeds."""
    folder.mkdir()
    wiredesk(
        folder, "new", ".", "--title", "The Desk", "--topic", "Labour: strike, walk out", "--topic", "Sea: ferry, cod"
    )
    with (folder / "wiredesk.toml").open("a") as settings:
        settings.write("")
    text = (folder / "wiredesk.toml").read_text()
    for line in SETTINGS.strip().splitlines():
        if line.startswith("["):
            section = line
        else:
            text = text.replace(f"{section}  #", f"{section}  # for the test\n{line}\n#", 1)
    (folder / "wiredesk.toml").write_text(text)
    outlines = "".join(f'<outline type="rss" text="{url}" xmlUrl="{url}"/>' for url in stand.feeds())
    (folder / "sources.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    return folder


def run(site: Path, *words: str) -> None:
    """Run the line with the clock standing still, so that two runs can be compared byte by byte."""
    wiredesk(site, "run", "--now", NOW.isoformat(), "--jobs", "1", "--quiet", *words)
