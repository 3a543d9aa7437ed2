"""Editors merge and split on the command line; readers of old addresses are led on."""

from __future__ import annotations

import json
from pathlib import Path

from commands_on_sites import run, wiredesk
from newsstand import HOSTS, Newsstand
from published_files import published

from wiredesk.line.publishing import publish_edition
from wiredesk.newsroom import open_room


def story_of(site: Path, address: str) -> str:
    return str(json.loads(wiredesk(site, "explain", address, "--json").stdout)["story"]["id"])


def test_a_merge_redirects_and_its_undo_gives_the_bytes_of_before(site: Path, newsstand: Newsstand) -> None:
    """Through runs and a rebuild; the pair is explained."""
    docks, ferry = (f"http://{HOSTS[0]}:{newsstand.port}/news/{place}" for place in (0, 1))
    run(site)
    wiredesk(site, "story", "split", docks, ferry, "--by", "ada")
    run(site)
    before = published(site)
    two = {story_of(site, docks), story_of(site, ferry)}
    assert len(two) == 2
    wiredesk(site, "story", "merge", docks, ferry, "--by", "bo")
    run(site)
    merged = published(site)

    one = story_of(site, docks)
    assert one == story_of(site, ferry)
    for lost in two - {one}:
        page = merged[f"public/story/{lost}/index.html"].decode()
        assert f'http-equiv="refresh" content="0; url=../../story/{one}/"' in page
    said = wiredesk(site, "explain", docks, ferry).stdout
    assert "an editor: bo wants them together" in said and "headline words" in said
    wiredesk(site, "rebuild", "--quiet", "--jobs", "1")
    assert published(site) == merged

    wiredesk(site, "story", "undo", "2", "--by", "cy")
    run(site)
    assert published(site) == before
    assert "taken back by cy" in wiredesk(site, "story", "list").stdout


def test_wrong_use_is_told(site: Path, newsstand: Newsstand) -> None:
    """One article twice, nobody, a number that is none."""
    run(site)
    docks = f"http://{HOSTS[0]}:{newsstand.port}/news/0"

    for words in (("merge", docks, docks), ("split", docks, "nobody"), ("undo", "7")):
        answer = wiredesk(site, "story", *words, check=False)
        assert (answer.returncode, answer.stdout) == (2, "")
        assert answer.stderr.startswith("wiredesk: ")


def test_a_lost_database_learns_from_the_edition_which_pages_there_were(site: Path) -> None:
    """Their addresses were given out, whatever becomes of the stories."""
    run(site)
    pages = sorted(path.name for path in (site / "public" / "story").iterdir())
    for file in site.glob("wiredesk.db*"):
        file.unlink()
    with open_room(site, workers=1) as room:
        publish_edition(room)
        assert [page for page in pages if not room.store.ledger.had_page(page)] == []
