"""A site of fifty sources for an hour: were we polite, and do we have what there was?

usage: python bench/hour.py [--minutes 60] [--sources 50] [--seed 1] [--every SECONDS] [--keep FOLDER]

A server in a process of its own plays newspapers on the addresses 127.1.0.1, 127.1.0.2, …  What they print follows
from the seed: articles appear, are edited (in the feed too, or silently) and vanish; one paper closes (410), one moves
(301), one asks for patience (ttl), one is overloaded for a while (429 with Retry-After), one is slow, one changes its
template half-way so that fields are lost, one sends no validators.  `wiredesk new`, `add` and `run --every` read
them by the real clock.  Then the server's log, which knows nothing of us, is held against the rules and against the
site's store.  `add` asks before the papers open, while time stands still for them: what it was told there counts as
told, so that the first run must not ask for it again as if nobody had.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image

from commands import WIREDESK, machine
from wiredesk.store import Store

DELAY = 0.25  # seconds between two requests to one host that the site's settings ask for
SLOW = 3.0  # seconds that the slow paper takes to answer
LISTED = 15  # items in a feed
ROLES = ("plain", "closes", "moves", "ttl", "overloaded", "slow", "drifts", "no validators")  # of the first papers
WELL_KNOWN = ("/robots.txt", "/.well-known/tdmrep.json")
SETTLED = 0.005  # seconds that a clock may be off between two processes of one machine

_WORDS = (
    "harbour ferry dock crane tide storm pilot quay cargo strike council vote budget bridge tunnel school teacher "
    "hospital nurse river flood farmer orchard market price baker flour museum painter theatre stage choir festival "
    "railway station signal driver tram cyclist helmet lamp power cable turbine battery solar roof tenant landlord "
    "court judge lawyer witness verdict police fire alarm rescue boat fisher cod quota net glacier mountain hut trail "
    "forest spruce beetle wolf shepherd sheep cheese dairy brewery barrel vineyard frost winter snow plough road toll"
).split()
_VERBS = "opens closes delays backs rejects plans studies buys sells repairs moves doubles halves questions".split()
_ENDS = (
    "after a long night of talks",
    "before the first snow of the year",
    "while the neighbours look on",
    "although nobody had asked for it",
    "and the mayor says that it is late",
    "as the season comes to its end",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article's life, in seconds since the papers opened; what it says follows from its name and edits."""

    path: str
    born: float
    shown: float  # the date that it prints
    edits: tuple[tuple[float, str], ...] = ()  # (when, "headline" or "silent")
    gone: tuple[float, int] | None = None  # (when, status from then on)
    bare: bool = False  # printed in the template that lost its fields

    def state(self, now: float) -> int:
        """Return how many edits it has had."""
        return sum(at <= now for at, _ in self.edits)

    def headline_state(self, now: float) -> int:
        """Return how many of them its headline has had."""
        return sum(at <= now and kind == "headline" for at, kind in self.edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One newspaper."""

    number: int
    host: str
    role: str
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What happens when."""

    papers: tuple[Paper, ...]
    seconds: float
    every: float

    @property
    def closes(self) -> float:
        """When one paper is gone for good."""
        return 0.4 * self.seconds

    @property
    def moves(self) -> float:
        """When one paper moves."""
        return 0.25 * self.seconds

    @property
    def ttl_minutes(self) -> int:
        """What one feed says: how long it may be kept."""
        return max(1, round(self.seconds / 60 / 12))

    @property
    def overload(self) -> tuple[float, float, int]:
        """From when to when one paper answers 429, and the pause that it asks for, in seconds."""
        return 0.3 * self.seconds, 0.3 * self.seconds + 2 * self.every, int(2.5 * self.every)

    @property
    def slowest(self) -> float:
        """Seconds between two looks at one feed, at most, that the site's settings allow."""
        return max(3 * self.every, 60.0 * self.ttl_minutes)


def write_script(seed: int, sources: int, seconds: float, every: float) -> Script:
    """Return the same script for the same numbers."""
    chance = random.Random(seed)
    papers = []
    for number in range(sources):
        role = ROLES[number] if number < len(ROLES) else "plain"
        drifts = role == "drifts"
        old = [-60.0 * chance.uniform(2, 5) * (place + 1) for place in range(14 if drifts else 5)]
        distance = seconds / 30 if drifts else chance.uniform(seconds / 9, seconds / 4)
        young, at = [], chance.uniform(0.2, 1.0) * distance
        while at < seconds:
            young.append(at)
            at += distance * chance.uniform(0.7, 1.3)
        articles = []
        for place, born in enumerate([*old, *young]):
            first = max(born, 0.0)
            edits: list[tuple[float, str]] = []
            gone = None
            luck = chance.random()
            if not drifts and luck < 0.35:
                edits = [(first + seconds * chance.uniform(0.06, 0.25), chance.choice(("headline", "silent")))]
                if chance.random() < 0.3:
                    edits.append((edits[0][0] + seconds * 0.05, "headline"))
            elif not drifts and luck < 0.45:
                gone = (first + seconds * chance.uniform(0.06, 0.25) + script_grace(every), chance.choice((404, 410)))
            articles.append(
                Article(
                    path=f"/news/{place}-{chance.randrange(10**6)}",
                    born=max(born, 0.0) if born > 0 else -1.0,
                    shown=born,
                    edits=tuple(edits),
                    gone=gone,
                    bare=drifts and born > seconds / 2,
                )
            )
        papers.append(Paper(number=number, host=f"127.1.0.{number + 1}", role=role, articles=tuple(articles)))
    return Script(papers=tuple(papers), seconds=seconds, every=every)


def script_grace(every: float) -> float:
    """Return the seconds for which an article stays at least, so that somebody can read it."""
    return 2 * every


# --- the newspapers ---------------------------------------------------------------------------------------------


def listed(paper: Paper, now: float) -> list[Article]:
    """Return what a paper's feed names at a moment."""
    alive = [a for a in paper.articles if a.born <= now and not (a.gone and a.gone[0] <= now)]
    return sorted(alive, key=lambda a: a.shown, reverse=True)[:LISTED]


class Press:
    """Prints what a paper shows at a moment, and answers requests for it.  Knows nothing of Wiredesk."""

    def __init__(self, script: Script, port: int, opened: float, *, still: bool = False) -> None:
        self.script, self.port, self.opened, self.still = script, port, opened, still
        self._papers = {paper.host: paper for paper in script.papers}

    def answer(
        self, host: str, path: str, fields: dict[str, str], now: float
    ) -> tuple[int, dict[str, str], bytes, str]:
        """Return (status, headers, body, state) of a GET; `state` names the edit of the article that was shown."""
        paper = self._papers[host]
        feed = path in ("/feed.xml", "/new/feed.xml")
        if feed and paper.role == "closes" and now >= self.script.closes:
            return 410, {}, b"closed", ""
        if feed and paper.role == "overloaded":
            begin, end, pause = self.script.overload
            if begin <= now < end:
                return 429, {"Retry-After": str(pause)}, b"", ""
        if path == "/feed.xml" and paper.role == "moves" and now >= self.script.moves:
            return 301, {"Location": "/new/feed.xml"}, b"", ""
        if feed:
            return self._conditional(paper, fields, "application/rss+xml", *self._feed(paper, now), "")
        if path == "/picture.png":
            return self._conditional(paper, fields, "image/png", _picture(paper.number), -3600.0, "")
        article = next((a for a in paper.articles if a.path == path and a.born <= now), None)
        if article is None:
            return 404, {}, b"", ""
        if article.gone and article.gone[0] <= now:
            return article.gone[1], {}, b"", ""
        body, changed = self._page(paper, article, now)
        return self._conditional(paper, fields, "text/html; charset=utf-8", body, changed, str(article.state(now)))

    def _conditional(
        self, paper: Paper, fields: dict[str, str], kind: str, body: bytes, changed: float, state: str
    ) -> tuple[int, dict[str, str], bytes, str]:
        headers = {"Content-Type": kind}
        tag = f'"{sha256(body).hexdigest()[:20]}"'
        modified = format_datetime(datetime.fromtimestamp(int(self.opened + changed), UTC), usegmt=True)
        same = []
        if paper.role != "no validators":
            if paper.number % 3 != 1:
                headers["ETag"] = tag
                same.append(fields.get("if-none-match") == tag)
            if paper.number % 3 != 0:
                headers["Last-Modified"] = modified
                same.append(fields.get("if-modified-since") == modified)
        if same and all(same):
            return 304, headers, b"", state
        return 200, headers, body, state

    def _base(self, paper: Paper) -> str:
        return f"http://{paper.host}:{self.port}"

    def _feed(self, paper: Paper, now: float) -> tuple[bytes, float]:
        items = []
        for article in listed(paper, now):
            title = headline(paper, article, article.headline_state(now))
            at = datetime.fromtimestamp(self.opened + article.shown, UTC)
            link = self._base(paper) + article.path
            items.append(
                f"<item><title>{escape(title)}</title><link>{link}</link><guid>{link}</guid>"
                f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate><description>{escape(lede(paper, article))}"
                "</description></item>"
            )
        ttl = f"<ttl>{self.script.ttl_minutes}</ttl>" if paper.role == "ttl" else ""
        head = f"<title>Paper {paper.number}</title><link>{self._base(paper)}/</link>{ttl}"
        happened = [-60.0]
        for article in paper.articles:
            happened += [article.born, *(at for at, _ in article.edits), *([article.gone[0]] if article.gone else [])]
        body = f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'
        return body.encode(), max(at for at in happened if at <= now)

    def _page(self, paper: Paper, article: Article, now: float) -> tuple[bytes, float]:
        title = headline(paper, article, article.headline_state(now))
        texts = paragraphs(paper, article, article.state(now))
        told = "".join(f"<p>{escape(text)}</p>" for text in texts)
        url = self._base(paper) + article.path
        changed = max([article.born, *(at for at, _ in article.edits if at <= now)])
        if article.bare:
            page = f'<!doctype html><html lang="en"><head><title>{escape(title)}</title></head><body><div>{told}</div>'
            return f"{page}</body></html>".encode(), changed
        at = datetime.fromtimestamp(self.opened + article.shown, UTC).isoformat()
        return (
            f"""<!doctype html><html lang="en"><head><title>{escape(title)} | Paper {paper.number}</title>
<link rel="canonical" href="{url}"><meta property="og:title" content="{escape(title)}"><meta property="og:type"
content="article"><meta property="og:site_name" content="Paper {paper.number}">
<meta property="og:description" content="{escape(lede(paper, article))}">
<meta property="og:image" content="{self._base(paper)}/picture.png">
<meta property="article:published_time" content="{at}"><meta name="author" content="Ada Quill"></head>
<body><header><a href="/">Paper {paper.number}</a></header><article><h1>{escape(title)}</h1>
<p class="byline">By Ada Quill</p>{told}</article><footer>Printed at the quay</footer></body></html>""".encode(),
            changed,
        )


@cache
def _picture(number: int) -> bytes:
    data = BytesIO()
    Image.new("RGB", (640, 360), (number % 256, 90, 140)).save(data, "PNG")
    return data.getvalue()


def headline(paper: Paper, article: Article, state: int) -> str:
    """Return an article's headline after `state` edits of it."""
    chance = random.Random(f"{paper.number} {article.path} {state}")
    return f"{chance.choice(_WORDS).title()} {chance.choice(_VERBS)} {chance.choice(_WORDS)} {chance.choice(_ENDS)}"


def lede(paper: Paper, article: Article) -> str:
    """Return an article's first sentence, which is never edited."""
    return _sentence(random.Random(f"{paper.number} {article.path} lede"))


def paragraphs(paper: Paper, article: Article, state: int) -> list[str]:
    """Return an article's text after `state` edits: each adds a paragraph."""
    texts = []
    for place in range(5 + state):
        chance = random.Random(f"{paper.number} {article.path} {place}")
        texts.append(" ".join(_sentence(chance) for _ in range(4)))
    return [f"{lede(paper, article)} {texts[0]}", *texts[1:]]


def _sentence(chance: random.Random) -> str:
    a, b, c, d = (chance.choice(_WORDS) for _ in range(4))
    return f"The {a} of the {b} {chance.choice(_VERBS)} the {c} near the old {d} {chance.choice(_ENDS)}."


def print_papers(script: Script, port: int, opened: float, log: Path, still: bool = False) -> None:
    """Serve until killed; write a line of JSON for each request.  `still`: it stays the moment of the opening."""
    press = Press(script, port, opened, still=still)
    with log.open("a", buffering=1) as lines:
        asyncio.run(_serve(press, lines))


async def _serve(press: Press, lines: Any) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                now = 0.0 if press.still else time.time() - press.opened
                request, *given = head.rstrip().split("\r\n")
                method, path, _ = request.split(" ", 2)
                fields = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in given)}
                if press._papers[host].role == "slow":
                    await asyncio.sleep(SLOW)
                known = path not in WELL_KNOWN
                status, headers, body, state = press.answer(host, path, fields, now) if known else (404, {}, b"", "")
                entry = {"t": round(now, 4), "host": host, "path": path, "method": method, "status": status}
                entry |= {"inm": fields.get("if-none-match"), "ims": fields.get("if-modified-since"), "state": state}
                entry |= {"etag": headers.get("ETag"), "lm": headers.get("Last-Modified")}
                entry |= {"pause": headers.get("Retry-After"), "to": headers.get("Location")}
                lines.write(json.dumps(entry) + "\n")
                answer = [f"HTTP/1.1 {status} Answer", f"Content-Length: {len(body)}"]
                answer += [f"{name}: {value}" for name, value in headers.items()]
                writer.write("\r\n".join([*answer, "", ""]).encode("latin-1") + (b"" if status == 304 else body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    servers = [await asyncio.start_server(talk, paper.host, press.port) for paper in press.script.papers]
    await asyncio.gather(*(server.serve_forever() for server in servers))


# --- the site ---------------------------------------------------------------------------------------------------


def make_site(site: Path, script: Script, port: int) -> None:
    """Make the site with the command, set what an hour needs, and add the sources with the command."""
    subprocess.run([WIREDESK, "new", site, "--title", "The Hour"], check=True, capture_output=True)
    minute = script.every / 60
    hosts = ", ".join(f'"{paper.host}"' for paper in script.papers)
    scale = script.seconds / 3600
    settings = {
        "fetch": f"delay_seconds = {DELAY}\npoll_minutes = {minute}\npoll_min_minutes = {minute * 0.9}\n"
        f"poll_max_minutes = {script.slowest / 60}\nrevisit_hours = [{0.07 * scale}, {0.15 * scale}, {0.3 * scale}]\n"
        f"move_after_hours = {4 * script.every / 3600}\nopen_hosts = [{hosts}]",
        "score": "publish_quality = 1\npublish_heat = 1",
    }
    file = site / "wiredesk.toml"
    text = file.read_text()
    for section, lines in settings.items():
        keys = {line.partition(" =")[0] for line in lines.splitlines()}
        kept = [line for line in text.splitlines() if line.partition(" =")[0] not in keys]
        text = "\n".join(kept).replace(f"[{section}]  #", f"[{section}]\n{lines}\n#", 1) + "\n"
    file.write_text(text)
    feeds = [f"http://{paper.host}:{port}/feed.xml" for paper in script.papers]
    for feed in feeds:
        added = subprocess.run([WIREDESK, "add", "--site", site, feed], capture_output=True, text=True)
        if added.returncode:
            sys.exit(f"wiredesk add failed:\n{added.stdout[-3000:]}{added.stderr[-3000:]}")


def run_site(site: Path, script: Script, opened: float) -> dict[str, Any]:
    """Run the site until the hour is over; return what was seen of the process."""
    memory: list[float] = []
    with (site / "rounds.json").open("w+") as out, (site / "errors.txt").open("w+") as errors:
        command = [WIREDESK, "run", "--site", site, "--json", "--every", str(script.every / 60)]
        process = subprocess.Popen(list(map(str, command)), stdout=out, stderr=errors)
        told = 0.0
        while (left := opened + script.seconds - time.time()) > 0 and process.poll() is None:
            time.sleep(min(left, 5.0))
            memory.append(_rss_mib(process.pid))
            if time.time() - told > max(30.0, script.every):
                told = time.time()
                done = (site / "rounds.json").read_text().count("\n")
                print(f"{told - opened:6.0f} s: {done} rounds, {memory[-1]:.0f} MiB", file=sys.stderr, flush=True)
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=300)
        errors.seek(0)
        complaints = [line for line in errors.read().splitlines() if "stops when" not in line]
    rounds = [json.loads(line) for line in (site / "rounds.json").read_text().splitlines()]
    return {"status": status, "rounds": rounds, "memory": memory, "complaints": complaints}


def _rss_mib(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


# --- the judge --------------------------------------------------------------------------------------------------


def judge_log(entries: list[dict[str, Any]], script: Script, before: list[dict[str, Any]]) -> dict[str, Any]:
    """Hold the server's log against the rules of politeness; `before` is what was asked while the site was made."""
    found: Counter[str] = Counter()
    examples: dict[str, str] = {}

    def note(kind: str, entry: dict[str, Any]) -> None:
        found[kind] += 1
        examples.setdefault(kind, f"{entry['host']}{entry['path']} at {entry['t']:.1f} s")

    given: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    moved: dict[tuple[str, str], str] = {}  # what an address redirects to: their validators are the same
    last: dict[str, dict[str, Any]] = {}
    closed: dict[str, float] = {}
    robots: Counter[tuple[str, str]] = Counter()
    for entry in before:
        if entry["path"] in WELL_KNOWN:
            robots[entry["host"], entry["path"]] += 1
        elif entry["status"] == 200:
            given[entry["host"], entry["path"]] = (entry["etag"], entry["lm"])
    for entry in sorted(entries, key=lambda e: e["t"]):
        host, path, at = entry["host"], entry["path"], entry["t"]
        found["requests"] += 1
        found[f"answered {entry['status']}"] += 1
        if path in WELL_KNOWN:
            robots[host, path] += 1
            if robots[host, path] > 1:
                note("robots_repeats", entry)
        conditional = bool(entry["inm"] or entry["ims"])
        found["conditional"] += conditional
        before = given.get((host, moved.get((host, path), path)))
        if before and any(before):
            found["repeats"] += 1
            if (entry["inm"], entry["ims"]) != before:
                note("unconditional_repeats", entry)
        if entry["status"] == 301:
            moved[host, path] = entry["to"]
            given.setdefault((host, entry["to"]), given.get((host, path), (None, None)))
        if entry["status"] == 200:
            given[host, path] = (entry["etag"], entry["lm"])
        previous = last.get(host)
        if previous:
            hop = previous["status"] == 301 and previous["to"] == path
            found["redirect_hops"] += hop
            # The first request to a host is for robots.txt; what it was asked for follows after the delay.
            if not hop and at - previous["t"] < DELAY - SETTLED:
                note("bursts", entry)
        last[host] = entry
        if at < closed.get(host, 0.0) - SETTLED:
            note("asked_before_retry_after", entry)
        if entry["pause"]:
            closed[host] = at + int(entry["pause"])
    for paper in script.papers:
        feeds = [e for e in entries if e["host"] == paper.host and e["path"].endswith("feed.xml")]
        if paper.role == "ttl":
            gaps = [b["t"] - a["t"] for a, b in pairwise(feeds)]
            found["asked_before_ttl"] = sum(gap < 60 * script.ttl_minutes - 1 for gap in gaps)
        if paper.role == "closes":
            found["asked_after_410"] = max(0, sum(e["status"] == 410 for e in feeds) - 1)
        if paper.role == "moves":
            found["direct_requests_after_move"] = sum(
                e["path"] == "/new/feed.xml" and p["status"] != 301 for p, e in pairwise(feeds)
            )
    return {"counts": found, "examples": examples}


def judge_site(
    entries: list[dict[str, Any]], script: Script, site: Path, port: int, before: list[dict[str, Any]]
) -> dict[str, Any]:
    """Hold the site's store against what the logs say that a reader could see, and against the script."""
    seen: defaultdict[str, list[str]] = defaultdict(list)  # address of an article -> states that were read, in order
    vanished: set[str] = set()
    unread: set[str] = set()
    for entry in sorted(entries, key=lambda e: e["t"]):
        if not entry["path"].startswith("/news/"):
            continue
        address = f"http://{entry['host']}:{port}{entry['path']}"
        if entry["status"] == 200:
            vanished.discard(address)
            if seen[address][-1:] != [entry["state"]]:
                seen[address].append(entry["state"])
        elif entry["status"] in (404, 410):
            (vanished if seen.get(address) else unread).add(address)
    papers = {paper.host: paper for paper in script.papers}
    named: set[str] = set()  # by feeds that we were given
    for entry in (*before, *entries):
        if entry["path"].endswith("feed.xml") and entry["status"] == 200:
            shown = listed(papers[entry["host"]], entry["t"])
            named |= {f"http://{entry['host']}:{port}{article.path}" for article in shown}
    printed = {f"http://{p.host}:{port}{a.path}" for p in script.papers for a in p.articles if a.born <= script.seconds}
    result: dict[str, Any] = {"missed": sorted(named - set(seen) - unread), "printed": len(printed)}
    result["named"] = len(named)
    store = Store(site / "wiredesk.db")
    try:
        held = {}
        for number in store.articles.ids():
            article = store.articles.get(number)
            held[article.canonical_url] = article
        result["articles"] = len(held)
        result["articles_expected"] = len(set(seen) | unread)
        result["not_held"] = sorted((set(seen) | unread) - set(held))
        result["versions"] = sum(len(held[a].versions) for a in seen if a in held)
        result["versions_expected"] = sum(map(len, seen.values()))
        result["wrong"] = [a for a in seen if a in held and len(held[a].versions) != len(seen[a])]
        result["vanished_expected"] = len(vanished)
        result["unnoted"] = [a for a in vanished if not store.intake.page_gone(a)]
        result["noted_wrongly"] = [a for a in seen if a not in vanished and store.intake.page_gone(a)]
        states = {state.url: state for state in store.intake.sources()}
    finally:
        store.close()
    hops = sum(entry["status"] == 301 for entry in entries)
    result["states_wrong"] = [
        f"{paper.role}: {state.status} {state.asks or ''} {state.note}"
        for paper in script.papers
        if not _stands_right(paper, state := states[f"http://{paper.host}:{port}/feed.xml"], port, hops)
    ]
    result["drifts"] = list(_drifts(site))
    return result


def _stands_right(paper: Paper, state: Any, port: int, hops: int) -> bool:
    if paper.role == "closes":
        return bool(state.status == "retired")
    if paper.role == "moves" and hops < 3:  # so short a trial that nobody can be sure of the move yet
        return bool(state.status == "ok" and state.asks is None and state.moved_seen == hops)
    if paper.role == "moves":
        return bool(state.status == "ok" and state.asks == f"http://{paper.host}:{port}/new/feed.xml")
    return bool(state.status == "ok" and state.asks is None)


def _drifts(site: Path) -> Iterator[str]:
    """Give the place and the words of every alarm, each once."""
    connection = sqlite3.connect(site / "wiredesk.db")
    try:
        query = "SELECT DISTINCT place, what FROM problem WHERE stage = 'drift' ORDER BY place, what"
        for place, what in connection.execute(query):
            yield f"{place}: {what}"
    finally:
        connection.close()


# --- all together -----------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--sources", type=int, default=50, help=f"{len(ROLES)} at least: one for each role")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, help="seconds between two rounds; default 60, less for a short trial")
    parser.add_argument("--keep", type=Path, help="folder in which the site and the log are left")
    args = parser.parse_args()
    if not len(ROLES) <= args.sources <= 250:
        parser.error(f"--sources: {len(ROLES)} to 250")
    every = args.every or min(60.0, args.minutes * 60 / 15)
    print(f"{args.sources} sources, {args.minutes:g} minutes, a round every {every:g} s; {machine()}", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        _play(args, every, folder)


def _play(args: argparse.Namespace, every: float, folder: Path) -> None:
    script = write_script(args.seed, args.sources, args.minutes * 60, every)
    port, log, site = _free_port(script.papers[0].host), folder / "access.jsonl", folder / "site"
    # While the site is made, time stands still: `add` reads the feeds.
    process = multiprocessing.get_context("spawn")
    now = time.time()
    early = process.Process(target=print_papers, args=(script, port, now, folder / "add.jsonl", True), daemon=True)
    early.start()
    _wait_for(script, port)
    print("making the site", file=sys.stderr, flush=True)
    make_site(site, script, port)
    early.kill()
    early.join()
    opened = time.time()
    papers = process.Process(target=print_papers, args=(script, port, opened, log), daemon=True)
    papers.start()
    _wait_for(script, port)
    try:
        ran = run_site(site, script, opened)
    finally:
        papers.kill()
        papers.join()
    entries, before = _lines(log), _lines(folder / "add.jsonl")
    polite, held = judge_log(entries, script, before), judge_site(entries, script, site, port, before)
    _report(args, script, ran, polite, held)


def _lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _wait_for(script: Script, port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection((script.papers[-1].host, port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the newspapers did not open")


def _report(
    args: argparse.Namespace, script: Script, ran: dict[str, Any], polite: dict[str, Any], held: dict[str, Any]
) -> None:
    counts: Counter[str] = polite["counts"]
    drifting = next(paper for paper in script.papers if paper.role == "drifts")
    elsewhere = [alarm for alarm in held["drifts"] if drifting.host not in alarm]
    memory = [value for value in ran["memory"] if value]
    early, late = memory[len(memory) // 5 : len(memory) // 5 + 12], memory[-12:]
    figures: dict[str, Any] = {
        "benchmark": "hour",
        "minutes": args.minutes,
        "sources": args.sources,
        "seed": args.seed,
        "rounds": len(ran["rounds"]),
        "rounds_failed": len(ran["complaints"]),
        "stopped_cleanly": ran["status"] == 0,
        **{key: counts[key] for key in ("requests", "conditional", "repeats", "redirect_hops")},
        "not_modified": counts["answered 304"],
        **{
            key: counts[key]
            for key in (
                "unconditional_repeats",
                "bursts",
                "robots_repeats",
                "asked_before_retry_after",
                "asked_before_ttl",
                "asked_after_410",
                "direct_requests_after_move",
            )
        },
        "articles": held["articles"],
        "articles_expected": held["articles_expected"],
        "articles_printed": held["printed"],
        "articles_named_in_feeds_we_got": held["named"],
        "articles_named_and_missed": len(held["missed"]),
        "versions": held["versions"],
        "versions_expected": held["versions_expected"],
        "articles_with_wrong_versions": len(held["wrong"]),
        "vanished_expected": held["vanished_expected"],
        "vanished_noted": held["vanished_expected"] - len(held["unnoted"]),
        "vanished_noted_wrongly": len(held["noted_wrongly"]),
        "source_states_wrong": len(held["states_wrong"]),
        "drift_alarms": len(held["drifts"]) - len(elsewhere),
        "drift_alarms_elsewhere": len(elsewhere),
        "mib_early": round(max(early, default=0.0), 1),
        "mib_late": round(max(late, default=0.0), 1),
    }
    for key, value in figures.items():
        print(f"{key.replace('_', ' '):32}{value!s:>12}")
    for kind, example in polite["examples"].items():
        print(f"first of {kind}: {example}")
    for kind in ("missed", "not_held", "wrong", "unnoted", "noted_wrongly", "states_wrong", "drifts"):
        for each in held[kind][:5]:
            print(f"{kind}: {each}")
    for complaint in ran["complaints"][:10]:
        print(f"complaint: {complaint}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
