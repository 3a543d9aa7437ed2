"""The commands as a person uses them, right and wrong, on sites that are whole and broken."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands_on_sites import make_site, run, wiredesk
from newsstand import HOSTS, Newsstand
from published_files import published

NOW = ("--now", "2026-09-07T12:00:00Z", "--jobs", "1")


def test_add_finds_the_feed_behind_a_home_page_and_says_why(site: Path, newsstand: Newsstand):
    """The main feed is chosen over the comments' one; what is there already is not added twice."""
    (site / "sources.opml").write_text('<opml version="2.0"><body/></opml>')
    home = f"http://{HOSTS[0]}:{newsstand.port}/"
    tried = wiredesk(site, "add", "--dry-run", home).stdout
    added = wiredesk(site, "add", "--folder", "Local/Dailies", home).stdout
    again = wiredesk(site, "add", home).stdout

    assert "1 source would be added" in tried
    assert f"chosen: http://{HOSTS[0]}:{newsstand.port}/feed.xml: " in added
    assert "1 source added, 1 in all" in added
    assert "is listed already" in again and "0 sources added, 1 in all" in again
    assert "Local/Dailies  Paper 0  " in wiredesk(site, "sources").stdout


def test_add_says_what_is_wrong_with_an_address(site: Path, newsstand: Newsstand):
    """Exit code 1, and a reason for each."""
    missing = wiredesk(site, "add", f"http://{HOSTS[0]}:{newsstand.port}/nowhere", check=False)
    private = wiredesk(site, "add", "http://10.1.2.3/", check=False)

    assert missing.returncode == 1 and "404" in missing.stderr
    assert private.returncode == 1 and "private" in private.stderr


def test_a_site_about_one_topic_may_be_called_as_that_is(tmp_path: Path):
    """`new azure --topic "Azure: ..."`: the topic is the site's own, its keywords count, and nothing is left out."""
    (tmp_path / "a.txt").write_text(
        "Azure fails in half of Europe\n\nThe cloud went dark on Tuesday, said its makers.\n"
    )
    wiredesk(tmp_path, "new", "azure", "--topic", "Azure: azure, cloud", "--topic", "Data: cosmos db")
    wiredesk(tmp_path / "azure", "import", "../a.txt", "--quiet", "--jobs", "1")
    told = wiredesk(tmp_path / "azure", "explain", "file:///a.txt").stdout

    assert '"azure" in the title; "cloud" in the opening; the subject of the site' in told
    assert "+10  2 signs of a topic" in told
    assert "0 in the last run" in wiredesk(tmp_path / "azure", "status", "--problems").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("run", "--frobnicate"),
        ("explain",),
        ("explain", "https://[half"),
        ("explain", "file:///not-here.html"),
        ("run", "--now", "yesterday"),
        ("new", "x", "--topic", "Labour"),
        ("new", "x", "--topic", "Labour: strike", "--topic", "labour: union"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(site: Path, words: tuple[str, ...]):
    """Nothing is made or changed."""
    answer = wiredesk(site, *words, check=False)

    assert answer.returncode == 2
    assert len(answer.stderr.strip().splitlines()) == 1
    assert not (site / "x").exists()


def test_a_setting_that_cannot_be_used_stops_before_anything_is_done(site: Path):
    """The line is named, and what is allowed."""
    settings = (site / "wiredesk.toml").read_text().replace("delay_seconds = 0", 'delay_seconds = "often"', 1)
    (site / "wiredesk.toml").write_text(settings)
    line = settings.splitlines().index('delay_seconds = "often"') + 1
    answer = wiredesk(site, "run", check=False)

    assert answer.returncode == 1
    assert f"wiredesk.toml:{line}" in answer.stderr and "delay_seconds" in answer.stderr
    assert not (site / "public").exists()


def test_broken_topics_and_outlines_are_named_and_the_rest_is_used(site: Path):
    """One bad file never stops a run."""
    (site / "topics" / "05-broken.yaml").write_text("name: [unclosed\n")
    (site / "organizations" / "bad.md").write_text("no front matter here")
    outline = (site / "sources.opml").read_text().replace("<body>", '<body><outline text="x" xmlUrl="gopher://x"/>')
    (site / "sources.opml").write_text(outline)
    facts = json.loads(wiredesk(site, "run", *NOW, "--json").stdout)

    places = " ".join(problem["where"] for problem in facts["problems"])
    assert "05-broken.yaml" in places and "bad.md" in places and "sources.opml" in places
    assert facts["articles"]["new"] == 18


def test_a_site_is_rebuilt_from_its_records_alone(tmp_path: Path, site: Path):
    """With the owner's key, records bring back full texts and everything that they print."""
    run(site)
    other = tmp_path / "other"
    wiredesk(tmp_path, "new", str(other), "--title", "The Desk")
    for name in ("wiredesk.key", "wiredesk.toml"):
        (other / name).write_bytes((site / name).read_bytes())
    for topic in (other / "topics").iterdir():
        topic.unlink()
    for topic in (site / "topics").iterdir():
        (other / "topics" / topic.name).write_bytes(topic.read_bytes())
    wiredesk(other, "import", str(site / "records"), "--quiet", *NOW)

    texts = _texts(site)
    assert texts and _texts(other) == texts
    assert sorted(p.name for p in (other / "records" / "_news").iterdir()) == sorted(
        p.name for p in (site / "records" / "_news").iterdir()
    )


def test_a_dispatch_without_a_headline_becomes_an_article(site: Path, tmp_path: Path):
    """The dateline is recognised; the headline is ours, and says so."""
    lede = "Dock workers at the northern terminals were to vote on Tuesday, a ballot that could end the long stoppage."
    (tmp_path / "talks.txt").write_text(f"(Sund) {lede}\n\nThe count begins at noon, the union's office said.\n")
    wiredesk(site, "import", str(tmp_path / "talks.txt"), *NOW)
    record = next((site / "records" / "_news").glob("*dock-workers-at-the-northern*"))
    explained = wiredesk(site, "explain", record.stem).stdout

    assert 'title: "Dock workers at the northern terminals were to vote on Tuesday' in record.read_text()
    assert "Sund" in explained and "lede" in explained
    assert wiredesk(site, "explain", "file:///talks.txt").stdout == explained


@pytest.fixture(params=[400, 700, 1000])
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file system of so many KiB: it fills up in the database, the captures, or the edition."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={request.param}k", "tmpfs", str(disk)], capture_output=True
    )
    if made.returncode:
        pytest.skip("a small file system cannot be mounted here (needs root)")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_loses_nothing(small_disk: Path, tmp_path: Path, newsstand: Newsstand):
    """The run says so and stops; with room made, the next one publishes what an undisturbed one would have."""
    undisturbed = make_site(tmp_path / "undisturbed", newsstand)
    run(undisturbed)
    site = make_site(small_disk / "site", newsstand)
    full = wiredesk(site, "run", *NOW, "--quiet", check=False)
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    run(site)

    assert full.returncode == 1 and "full" in full.stderr and "Traceback" not in full.stderr
    assert published(site) == published(undisturbed)


def _texts(site: Path) -> dict[str, str]:
    from wiredesk.store import Store

    store = Store(site / "wiredesk.db")
    try:
        return {a.canonical_url: a.text for each in store.articles.ids() if (a := store.articles.get(each))}
    finally:
        store.close()


def test_add_of_an_address_that_has_moved_lists_the_new_one(site: Path, newsstand: Newsstand):
    """And what it answered is its own: the first run asks it with the validators that came from there."""
    (site / "sources.opml").write_text('<opml version="2.0"><body/></opml>')
    newsstand.pages[HOSTS[0], "/new.xml"] = newsstand.pages[HOSTS[0], "/feed.xml"]
    newsstand.instead[HOSTS[0], "/feed.xml"] = (301, {"Location": "/new.xml"})
    wiredesk(site, "add", newsstand.feeds()[0])
    newsstand.seen.clear()
    told = json.loads(wiredesk(site, "run", "--json", "--jobs", "1").stdout)
    feeds = [(seen.path, seen.conditional, seen.status) for seen in newsstand.seen if seen.path.endswith(".xml")]

    assert feeds == [("/new.xml", True, 304)]
    assert told["articles"]["all"] == 6
    assert "/new.xml" in (site / "sources.opml").read_text()


def test_what_was_listed_before_and_is_added_again_starts_anew(site: Path, newsstand: Newsstand):
    """It was retired, and taken out; now it answers."""
    outline = (site / "sources.opml").read_bytes()
    newsstand.instead[HOSTS[0], "/feed.xml"] = (410, {})
    run(site)
    (site / "sources.opml").write_text('<opml version="2.0"><body/></opml>')
    newsstand.instead.clear()
    wiredesk(site, "add", newsstand.feeds()[0])

    assert "retired" not in wiredesk(site, "sources").stdout
    assert (site / "sources.opml").read_bytes() != outline
    assert json.loads(wiredesk(site, "run", "--json", "--jobs", "1").stdout)["articles"]["all"] == 18
