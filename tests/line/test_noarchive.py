"""noarchive: no copy of a picture is held; its address at the publisher stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands_on_sites import run, wiredesk
from newsstand import HOSTS, Newsstand

PAPER = HOSTS[2]  # whose articles are published: the other papers' hold the same text
LATER = "2026-09-07T14:00:00Z"


def forbid(stand: Newsstand, host: str, *numbers: int, tag: str = "noarchive") -> None:
    """Mark pages of a paper; the feed's item changes too, so that the page is asked again."""
    kind, feed = stand.pages[host, "/feed.xml"]
    for number in numbers:
        place = (host, f"/news/{number}")
        stand.pages[place] = (
            stand.pages[place][0],
            stand.pages[place][1].replace(b"<head>", b'<head><meta name="robots" content="%b">' % tag.encode()),
        )
        guid = f"<guid>http://{host}:{stand.port}/news/{number}</guid>".encode()
        feed = feed.replace(guid, guid + f"<updated>{LATER}</updated>".encode())
    stand.pages[host, "/feed.xml"] = (kind, feed)


def held(site: Path) -> list[str]:
    """Return the pictures of news that lie in the folder, or are published."""
    found = [*(site / "assets").rglob("images/news/*"), *(site / "public").rglob("images/news/*")]
    return sorted({path.name for path in found})


def asked(stand: Newsstand) -> list[str]:
    return sorted(seen.host for seen in stand.seen if seen.path == "/picture.png" and seen.status == 200)


@pytest.mark.parametrize(("tag", "hosts"), [("noarchive", ()), ("noimageai", (PAPER,))])
def test_no_picture_is_asked_for_or_shown(site: Path, newsstand: Newsstand, tag: str, hosts: tuple[str, ...]):
    """Pages, feeds and records load nothing from us, and nothing from the publisher; the record names its address."""
    forbid(newsstand, PAPER, *range(6), tag=tag)
    run(site)
    address = f"http://{PAPER}:{newsstand.port}/picture.png"
    records = "".join(path.read_text() for path in (site / "records" / "_news").glob("*.md"))
    pages = "".join(path.read_text() for path in (site / "public").rglob("*.html"))

    assert tuple(asked(newsstand)) == hosts
    assert len(held(site)) == len(hosts)
    assert address in records
    assert ("isCached" in records) is bool(hosts)
    assert ("/assets/images/news/" in pages) is bool(hosts)
    assert address not in pages


def test_a_copy_from_before_is_deleted(site: Path, newsstand: Newsstand):
    """When the last page that allowed it forbids it, and not before."""
    run(site)
    assert len(held(site)) == 1

    forbid(newsstand, PAPER, *range(5))
    wiredesk(site, "run", "--now", LATER, "--jobs", "1", "--quiet")
    assert len(held(site)) == 1

    forbid(newsstand, PAPER, 5)
    wiredesk(site, "run", "--now", "2026-09-07T16:00:00Z", "--jobs", "1", "--quiet")
    wiredesk(site, "run", "--now", "2026-09-07T18:00:00Z", "--jobs", "1", "--quiet")  # both editions
    assert len(held(site)) == 0
