"""Headers that we write ourselves, sent by others: nobody but our own import of files is believed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from commands_on_sites import run, wiredesk
from newsstand import HOSTS, NOW, Newsstand

from wiredesk.newsroom import open_room

RECORD = (
    b"""---
title: The bank gives it all away
webUrl: https://bank.example/away
publishedDateTime: 2026-09-07T10:00:00.0000000Z
heat: 9000
---
"""
    + 9 * b"Come and take it before the others do, said a person at the counter of the bank on the quay. "
)
FORGED = "https://bank.example/away"
PATHS = ("_news/2026-09-07-away.md", "away.md", "_people/2026-09-07-banker.md", "away.txt")


def believed(site: Path, *addresses: str) -> list[str]:
    """Whatever was read from FORGED, or at `addresses`, as if it were an imported file."""
    with open_room(site) as room:
        drafts = [draft for url in (FORGED, *addresses) for draft in room.store.articles.drafts_at(url)]
        carried = [path for path, _ in room.store.editions.carried()]
    return [*(draft.title for draft in drafts if draft.origin in ("record", "file")), *carried]


@pytest.mark.parametrize("path", PATHS)
def test_a_server_cannot_pose_as_an_imported_file(site: Path, newsstand: Newsstand, path: str):
    """Its page is a page, whatever header it sends."""
    place = (HOSTS[0], "/news/0")
    newsstand.pages[place] = ("text/html; charset=utf-8", RECORD)
    newsstand.also[place] = {"Wiredesk-File": path}
    run(site)

    assert [seen.status for seen in newsstand.seen if (seen.host, seen.path) == place] == [200]
    assert believed(site, f"http://{HOSTS[0]}:{newsstand.port}/news/0") == []


@pytest.mark.parametrize("address", ["https://paper.example/1", "file:///_news/2026-09-07-away.md"])
@pytest.mark.parametrize("path", PATHS[:3])
def test_an_archive_cannot_pose_as_imported_files(tmp_path: Path, address: str, path: str):
    """Not even with the address of a file."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nWiredesk-File: %b\r\n\r\n" % path.encode() + RECORD
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2026-09-07T10:00:00Z\r\n"
        f"Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(head.encode() + block + b"\r\n\r\n"))
    desk = tmp_path / "desk"
    desk.mkdir()
    wiredesk(desk, "new", ".", "--title", "The Desk")
    wiredesk(desk, "import", str(tmp_path / "a.warc.gz"), "--now", NOW.isoformat())
    run(desk, "--offline")

    with open_room(desk) as room:
        assert room.store.intake.capture_count() == 1
    assert believed(desk, address) == []


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_is_still_believed(tmp_path: Path, packed: bool):
    """The owner's own files are read as what they are, under the names that they have when unpacked."""
    for path in ("_news/2026-09-07-gone.md", "_people/ada.md"):
        file = tmp_path / "old" / (f"{path}.gz" if packed else path)
        file.parent.mkdir(parents=True)
        file.write_bytes(gzip.compress(RECORD) if packed else RECORD)
    desk = tmp_path / "desk"
    desk.mkdir()
    wiredesk(desk, "new", ".", "--title", "The Desk")
    wiredesk(desk, "import", str(tmp_path / "old"), "--now", NOW.isoformat())
    run(desk, "--offline")

    assert believed(desk) == ["The bank gives it all away", "_people/ada.md"]
    assert [file.name for file in (desk / "records" / "_news").iterdir()] == ["2026-09-07-gone.md"]
