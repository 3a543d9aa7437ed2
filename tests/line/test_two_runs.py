"""Two runs in a row, and what a change does, over real sockets."""

from __future__ import annotations

from pathlib import Path

from commands_on_sites import run, wiredesk
from newsstand import HOSTS, Newsstand
from published_files import published


def test_a_second_run_with_nothing_new_asks_conditionally_and_rewrites_no_file(site: Path, newsstand: Newsstand):
    """Feeds answer 304, no page is asked again, and every published file keeps its bytes and its time."""
    run(site)
    before = {path: path.stat().st_mtime_ns for path in _files(site)}
    shown = (site / "public").resolve()
    newsstand.seen.clear()
    run(site)

    feeds = [seen for seen in newsstand.seen if seen.path == "/feed.xml"]
    assert [seen.status for seen in feeds] == [304, 304, 304]
    assert not [seen for seen in newsstand.seen if seen.path.startswith(("/news", "/picture"))]
    assert {path: path.stat().st_mtime_ns for path in _files(site)} == before
    assert (site / "public").resolve() == shown


def test_an_edited_headline_is_a_version_of_the_same_article(site: Path, newsstand: Newsstand):
    """The page is read again because its wire item changed; the record keeps its name."""
    run(site)
    records = sorted(path.name for path in (site / "records" / "_news").iterdir())
    for path in ("/feed.xml", "/news/0"):
        kind, body = newsstand.pages[HOSTS[0], path]
        newsstand.pages[HOSTS[0], path] = (kind, body.replace(b"walk out at Northquay", b"strike at Northquay"))
    wiredesk(site, "run", "--now", "2026-09-07T14:00:00Z", "--jobs", "1", "--quiet")

    assert sorted(path.name for path in (site / "records" / "_news").iterdir()) == records
    explained = wiredesk(site, "explain", f"http://{HOSTS[0]}:{newsstand.port}/news/0").stdout
    assert "Dock workers strike at Northquay" in explained
    assert "Dock workers walk out at Northquay" in explained


def test_a_rebuild_from_the_captures_gives_the_same_bytes(site: Path):
    """Everything that was computed can be computed again."""
    run(site)
    before = published(site)
    wiredesk(site, "rebuild", "--quiet", "--jobs", "1")

    assert published(site) == before


def test_a_database_that_was_lost_is_made_anew_from_the_captures(site: Path):
    """The captures alone give the same edition, names included."""
    run(site)
    before = published(site)
    for file in site.glob("wiredesk.db*"):
        file.unlink()
    wiredesk(site, "rebuild", "--quiet", "--jobs", "1")

    assert published(site) == before


def test_captures_that_are_not_there_stop_everything(site: Path):
    """A disk that is not mounted must not empty the site; what is told to do when they are lost for good works."""
    run(site)
    before = published(site)
    captures = site / "captures"
    captures.rename(site / "elsewhere")
    answers = [wiredesk(site, *words, "--jobs", "1", check=False) for words in (("rebuild",), ("run", "--offline"))]

    assert [answer.returncode for answer in answers] == [1, 1]
    assert all("wiredesk-00001.warc.gz is missing: bring it back" in answer.stderr for answer in answers)
    assert published(site) == before
    assert not list(captures.glob("*.warc.gz"))

    (site / "records").rename(site.parent / "copy")
    for file in site.glob("wiredesk.db*"):
        file.unlink()
    wiredesk(site, "rebuild", "--quiet", "--jobs", "1")
    wiredesk(site, "import", str(site.parent / "copy"), "--quiet", "--jobs", "1")

    assert sorted((site.parent / "copy" / "_news").iterdir()) != []
    assert {path.name for path in (site / "records" / "_news").iterdir()} == {
        path.name for path in (site.parent / "copy" / "_news").iterdir()
    }


def test_one_dead_source_is_named_and_stops_nothing(site: Path, newsstand: Newsstand):
    """The others are read; the summary says which one failed, why, and what happens now."""
    del newsstand.pages[HOSTS[1], "/feed.xml"]
    answer = wiredesk(site, "run", "--now", "2026-09-07T12:00:00Z", "--jobs", "1")

    assert "2 with news" in answer.stdout
    assert f"http://{HOSTS[1]}:{newsstand.port}/feed.xml" in answer.stdout
    assert "404" in answer.stdout


def _files(site: Path) -> list[Path]:
    trees = (site / "public", site / "records")
    return [path for tree in trees for path in sorted(tree.rglob("*")) if path.is_file()]
