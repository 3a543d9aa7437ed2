"""What one day's pages teach, the next day's are read with; over real sockets, killed runs, and rebuilds."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from commands_on_sites import make_site, wiredesk
from newsstand import HOSTS, Newsstand
from published_files import published

MONDAY = datetime(2026, 9, 7, 12, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
NAMES = ("Ada Quill", "Bo Lind", "Cato Marsh", "Dina Voss", "Even Rask", "Frida Holm", "Gro Tveit", "Hal Orme")
THINGS = ("lighthouse", "ferry", "smokehouse", "breakwater", "choir", "library", "windmill", "cannery")
BOX = "Join eleven thousand readers who get the Skerry letter on their doorstep every Friday before breakfast."
HOST = HOSTS[0]


class Skerry:
    """The only paper of the newsstand: its feed names authors on some days, its pages never declare them."""

    def __init__(self, stand: Newsstand) -> None:
        self.stand, self.items = stand, list[str]()
        for host in HOSTS:
            stand.pages[host, "/feed.xml"] = _feed([])

    def print(self, numbers: range, at: datetime, *, told: bool = True, byline: str = "who-wrote-it") -> None:
        """Put articles on the web, and into the feed."""
        base = f"http://{HOST}:{self.stand.port}"
        for number in numbers:
            title, who = _title(number), NAMES[number % 8]
            when = at - timedelta(minutes=number)
            creator = f"<dc:creator>{who}</dc:creator>" if told else ""
            self.items.append(
                f"<item><title>{escape(title)}</title><link>{base}/{number}</link>{creator}"
                f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            )
            page = _page(title, who, when, number, byline)
            self.stand.pages[HOST, f"/{number}"] = ("text/html; charset=utf-8", page)
        self.stand.pages[HOST, "/feed.xml"] = _feed(self.items)


def _title(number: int) -> str:
    return f"The {THINGS[number % 8]} of parish {number} gets a new roof"


def _feed(items: list[str]) -> tuple[str, bytes]:
    head = "<title>Skerry Post</title><link>http://127.0.0.1/</link>"
    text = f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{head}{"".join(items)}</channel></rss>'
    return "application/rss+xml", text.encode()


def _page(title: str, who: str, when: datetime, number: int, byline: str) -> bytes:
    thing = THINGS[number % 8]
    return f"""<!doctype html><html lang="en"><head><title>{title} | Skerry Post</title>
<meta property="og:title" content="{title}"><meta property="article:published_time" content="{when.isoformat()}"></head>
<body><h1>{title}</h1><div class="{byline}"><span class="full">{who}</span></div><article>
<p>Parish {number} has waited {number + 3} years for the {thing} to be dry again, and on Monday it was.</p><p>{BOX}</p>
<p>The slates for number {number} came by barge, and the last of the {number + 90} crates was opened at noon.</p>
<p>Those who paid for the {thing} will be named, said the clerk of parish {number}, but not before spring.</p>
</article></body></html>""".encode()


@pytest.fixture
def paper(newsstand: Newsstand) -> Skerry:
    """A paper without declared authors."""
    return Skerry(newsstand)


def test_the_second_day_is_read_with_what_the_first_one_taught(site: Path, newsstand: Newsstand, paper: Skerry):
    """The author stands where the feed's authors stood, the box is gone; rebuilt with and without database alike."""
    _two_days(site, paper)
    record = _record(site, newsstand, 7)

    assert record["authors"] == [NAMES[7]]
    assert "learned place" in record["rules"]["authors"]
    assert BOX not in record["text"]
    assert "slates for number 7" in record["text"]
    first = _record(site, newsstand, 1)
    assert BOX in first["text"]  # read before anything was known
    shown = wiredesk(site, "knowledge", HOST).stdout
    assert "span.full: right on 6 of 6 pages" in shown
    assert BOX[:40] in shown
    listed = json.loads(wiredesk(site, "knowledge", "--json").stdout)
    assert [(host["host"], len(host["versions"])) for host in listed["hosts"]] == [(HOST, 1)]
    assert listed["hosts"][0]["versions"][0]["since"] == "2026-09-08T00:00:00Z"

    before, file = published(site), (site / "knowledge" / f"{HOST}.json").read_bytes()
    wiredesk(site, "rebuild", "--quiet", "--jobs", "1")
    assert published(site) == before
    for each in site.glob("wiredesk.db*"):
        each.unlink()
    wiredesk(site, "rebuild", "--quiet", "--jobs", "1")
    assert published(site) == before
    wiredesk(site, "rebuild", "--relearn", "--quiet", "--jobs", "1")
    assert published(site) == before
    assert (site / "knowledge" / f"{HOST}.json").read_bytes() == file


def test_what_a_run_sees_does_not_depend_on_how_the_days_were_cut_up(
    tmp_path: Path, site: Path, newsstand: Newsstand, paper: Skerry
):
    """All captures brought in at once, in another site, are read as they were day by day."""
    _two_days(site, paper)
    once = make_site(tmp_path / "once", newsstand)
    (once / "wiredesk.key").write_bytes((site / "wiredesk.key").read_bytes())
    for file in (site / "captures").iterdir():
        (once / "captures" / file.name).write_bytes(file.read_bytes())
    wiredesk(once, "run", "--offline", "--now", TUESDAY.isoformat(), "--quiet", "--jobs", "2")

    assert published(once) == published(site)
    assert _knowledge(once) == _knowledge(site)


def test_killed_runs_learn_the_same(tmp_path: Path, newsstand: Newsstand, paper: Skerry):
    """At any moment of either day."""
    undisturbed, disturbed = (make_site(tmp_path / name, newsstand) for name in ("undisturbed", "disturbed"))
    chance = random.Random(20260908)
    paper.print(range(6), MONDAY)
    begun = time.monotonic()
    _run(undisturbed, MONDAY)
    whole = time.monotonic() - begun
    for moment in (MONDAY, TUESDAY):
        if moment == TUESDAY:
            paper.print(range(6, 9), TUESDAY, told=False)
            _run(undisturbed, TUESDAY)
        for _ in range(2):
            _run_and_kill(disturbed, moment, chance.uniform(0.3, 1.0) * whole)
        _run(disturbed, moment)

    assert _knowledge(disturbed) == _knowledge(undisturbed)
    assert _knowledge(disturbed)
    assert published(disturbed) == published(undisturbed)


def test_a_template_that_changes_raises_one_alarm_with_an_example(site: Path, newsstand: Newsstand, paper: Skerry):
    """Authors are gone from one day to the next: told once, shown until they are back."""
    settings = (site / "wiredesk.toml").read_text()
    (site / "wiredesk.toml").write_text(settings.replace("# pages_per_source", "pages_per_source = 100\n#", 1))
    paper.print(range(30), MONDAY, byline="byline")
    assert _drifts(_run(site, MONDAY)) == []
    paper.print(range(30, 42), TUESDAY, told=False, byline="byline")
    for number in range(30, 42):
        kind, body = newsstand.pages[HOST, f"/{number}"]
        newsstand.pages[HOST, f"/{number}"] = (
            kind,
            body.replace(b'<div class="byline"><span class="full">', b"<!-- <a>"),
        )
        kind, body = newsstand.pages[HOST, f"/{number}"]
        newsstand.pages[HOST, f"/{number}"] = (kind, body.replace(b"</span></div><article>", b"--><article>"))
    alarms = _drifts(_run(site, TUESDAY))

    assert len(alarms) == 1
    assert alarms[0]["where"] == HOST
    assert "authors: found on 0 of the last 10 pages, before on 30 of 32" in alarms[0]["what"]
    assert f"e.g. http://{HOST}:{newsstand.port}/" in alarms[0]["what"]
    assert _drifts(_run(site, TUESDAY + timedelta(minutes=5))) == []
    assert [each["where"] for each in _status(site)["drift"]] == [HOST]
    assert "authors" in wiredesk(site, "knowledge").stdout

    paper.print(range(42, 54), TUESDAY + timedelta(hours=1), byline="byline")
    assert _drifts(_run(site, TUESDAY + timedelta(hours=1))) == []
    assert _status(site)["drift"] == []


def test_a_broken_file_of_knowledge_is_named_and_stops_nothing(site: Path, newsstand: Newsstand, paper: Skerry):
    """Its pages are read without it; it is never overwritten."""
    paper.print(range(6), MONDAY)
    _run(site, MONDAY)
    (site / "knowledge").mkdir()
    file = site / "knowledge" / f"{HOST}.json"
    file.write_text("{")
    paper.print(range(6, 9), TUESDAY, told=False)
    problems = _run(site, TUESDAY)["problems"]

    assert {p["where"] for p in problems if p["stage"] == "knowledge"} == {f"knowledge/{HOST}.json"}
    assert file.read_text() == "{"
    assert _record(site, newsstand, 7)["title"] == _title(7)
    assert f"knowledge/{HOST}.json" in wiredesk(site, "knowledge").stderr


def test_what_the_owner_fixed_holds_and_stays(site: Path, newsstand: Newsstand, paper: Skerry):
    """Also when it is learned anew."""
    (site / "knowledge").mkdir()
    file = site / "knowledge" / f"{HOST}.json"
    file.write_text(json.dumps({"host": HOST, "fixed": {"authors": "div.who-wrote-it > span"}}))
    _two_days(site, paper)
    wiredesk(site, "rebuild", "--relearn", "--quiet", "--jobs", "1")

    held = json.loads(file.read_text())
    assert held["fixed"] == {"authors": "div.who-wrote-it > span"}
    assert len(held["versions"]) == 1
    record = _record(site, newsstand, 1)
    assert record["authors"] == [NAMES[1]]
    assert record["rules"]["authors"].startswith("fixed place")


def _two_days(site: Path, paper: Skerry) -> None:
    paper.print(range(6), MONDAY)
    _run(site, MONDAY)
    paper.print(range(6, 9), TUESDAY, told=False)
    _run(site, TUESDAY)


def _run(site: Path, now: datetime) -> dict:
    return json.loads(wiredesk(site, "run", "--now", now.isoformat(), "--jobs", "1", "--json").stdout)


def _run_and_kill(site: Path, now: datetime, after: float) -> None:
    command = [sys.executable, "-m", "wiredesk", "run", "--now", now.isoformat(), "--jobs", "1", "--quiet"]
    with subprocess.Popen(command, cwd=site, start_new_session=True) as process:
        time.sleep(after)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _drifts(summary: dict) -> list[dict]:
    return [problem for problem in summary["problems"] if problem["stage"] == "drift"]


def _status(site: Path) -> dict:
    return json.loads(wiredesk(site, "status", "--json").stdout)


def _knowledge(site: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (site / "knowledge").glob("*")}


def _record(site: Path, stand: Newsstand, number: int) -> dict:
    from wiredesk.store import Store

    store = Store(site / "wiredesk.db")
    try:
        found = store.articles.find(f"http://{HOST}:{stand.port}/{number}")
        article = store.articles.get(found) if found else None
    finally:
        store.close()
    assert article
    return {
        "title": article.title,
        "authors": list(article.authors),
        "text": article.text,
        "rules": dict(article.rules),
    }
