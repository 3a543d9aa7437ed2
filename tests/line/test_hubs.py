"""WebSub against a real small hub on the loopback, which calls the real server back."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from newsstand import HOSTS, NOW, Newsstand

from wiredesk import pipeline
from wiredesk.cli.callbacks import Callbacks, signed
from wiredesk.cli.server import make_server
from wiredesk.line import hubs
from wiredesk.line.hubs import waiting
from wiredesk.newsroom import open_room, pick_asker
from wiredesk.records import Problem
from wiredesk.site import SiteFolder
from wiredesk.sources import Pace
from wiredesk.store import SourceState, Store, Subscription, to_json

HUB = "127.0.0.9"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(slots=True)
class Hub:
    """Asks back at once, before it answers, as hubs may."""

    asked: list[dict[str, str]] = field(default_factory=list)
    answer: int = 202
    lease: int = 864_000
    confirmed: list[tuple[int, bytes]] = field(default_factory=list)
    url: str = ""

    def post(self, form: dict[str, str]) -> int:
        self.asked.append(form)
        if self.answer == 202:
            self.confirmed.append(self.verify(form["hub.callback"], form["hub.mode"], form["hub.topic"]))
        return self.answer

    def verify(self, callback: str, mode: str, topic: str, **more: str) -> tuple[int, bytes]:
        query = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": "riddle", "hub.lease_seconds": str(self.lease)}
        return call(callback + "?" + urlencode(query | {f"hub.{k}": v for k, v in more.items()}))

    def tell(self, body: bytes = b"<rss/>", *, secret: str = "", method: str = "sha256", **headers: str) -> int:
        form = self.asked[-1]
        digest = hmac.new((secret or form["hub.secret"]).encode(), body, getattr(hashlib, method)).hexdigest()
        return call(form["hub.callback"], body, **{"X-Hub-Signature": f"{method}={digest}", **headers})[0]


def call(url: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    with closing(connection):
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


@contextmanager
def listening(server: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(hub.post({key: values[0] for key, values in parse_qs(body).items()}))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with listening(ThreadingHTTPServer((HUB, 0), Handler)) as server:
        hub.url = f"http://{HUB}:{server.server_port}/"
        yield hub


@pytest.fixture
def desk(site: Path, newsstand: Newsstand, hub: Hub) -> Iterator[Path]:
    """A site that was run once, whose first source offers the hub, and whose server is open."""
    (site / "public").mkdir()
    folder = SiteFolder(site)
    with listening(
        make_server(site / "public", "http://x/", "127.0.0.1", 0, Callbacks(site=folder, max_bytes=1000))
    ) as s:
        file = site / "wiredesk.toml"
        callback = f"http://127.0.0.1:{s.server_port}/websub/"
        lines = f'poll_minutes = 10\nwebsub = true\nwebsub_callback = "{callback}"\nopen_hosts = ["{HUB}", '
        text = file.read_text().replace("poll_minutes = 0\n", "", 1).replace("open_hosts = [", lines, 1)
        file.write_text(text)
        (site / "public").rmdir()
        kind, body = newsstand.pages[HOSTS[0], "/feed.xml"]
        link = f'<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="{hub.url}"/>'.encode()
        newsstand.pages[HOSTS[0], "/feed.xml"] = (kind, body.replace(b"<channel>", b"<channel>" + link, 1))
        offer(site, newsstand, hub.url)
        yield site


def offer(site: Path, stand: Newsstand, *offered: str) -> None:
    """Note the hub as the reading of a feed does, also where the feed reader does not tell hubs yet."""
    run(site, timedelta(0), ask=False)
    url = stand.feeds()[0]
    with closing(Store(site / "wiredesk.db")) as store:
        pace = Pace(hubs=offered, topic=url, gap=2 * HOUR, newest=NOW)
        state = SourceState(url=url, pace=to_json(Pace, pace).decode(), status="ok", next_at=NOW + 1000 * DAY)
        store.intake.put_source(state)


def run(site: Path, passed: timedelta, *, ask: bool = True) -> list[Problem]:
    with open_room(site, clock=lambda: NOW + passed, workers=1) as room:
        pipeline.run(room, pick_asker(room) if ask else None)
        return room.problems


def subscription(site: Path, stand: Newsstand) -> Subscription | None:
    with closing(Store(site / "wiredesk.db")) as store:
        return store.intake.subscription(stand.feeds()[0])


def next_look(site: Path, stand: Newsstand) -> SourceState:
    with closing(Store(site / "wiredesk.db")) as store:
        return store.intake.source(stand.feeds()[0])


def test_the_hub_is_asked_confirms_and_its_ping_has_the_source_asked_at_once(
    desk: Path, newsstand: Newsstand, hub: Hub
) -> None:
    """What the ping carries is not believed: the feed itself is asked."""
    run(desk, timedelta(0))
    run(desk, HOUR)
    promised = subscription(desk, newsstand)
    newsstand.seen.clear()
    status = hub.tell(b"<rss><channel><item><title>Forged</title></item></channel></rss>")
    heard, asked, confirmed = waiting(desk / "inbox"), list(hub.asked), list(hub.confirmed)
    run(desk, 2 * HOUR)

    assert [(form["hub.mode"], form["hub.topic"]) for form in asked] == [("subscribe", newsstand.feeds()[0])]
    assert confirmed == [(200, b"riddle")]
    assert promised is not None
    assert (promised.status, promised.until) == ("active", NOW + HOUR + 10 * DAY)
    assert (status, heard) == (202, True)
    assert [seen.host for seen in newsstand.seen if seen.path == "/feed.xml"].count(HOSTS[0]) == 1
    assert not list((desk / "inbox").glob("*.ping"))
    assert "Forged" not in "".join(path.read_text() for path in (desk / "records").rglob("*.md"))


def test_the_promise_makes_polling_rare(desk: Path, newsstand: Newsstand, hub: Hub) -> None:
    """Up to the safety interval."""
    run(desk, timedelta(0))
    run(desk, HOUR)
    hub.tell()
    run(desk, 2 * HOUR)

    assert "hub" in next_look(desk, newsstand).why
    assert next_look(desk, newsstand).next_at == NOW + 14 * HOUR


def test_a_lease_is_renewed_before_it_ends(desk: Path, newsstand: Newsstand, hub: Hub) -> None:
    """When a fifth of it is left; until then the old promise holds."""
    run(desk, timedelta(0))
    run(desk, HOUR)
    run(desk, 7 * DAY)
    before = len(hub.asked)
    run(desk, 9 * DAY)
    between = subscription(desk, newsstand)
    run(desk, 9 * DAY + HOUR)
    after = subscription(desk, newsstand)

    assert (before, len(hub.asked)) == (1, 2)
    assert hub.asked[0]["hub.callback"] == hub.asked[1]["hub.callback"]
    assert between is not None and after is not None
    assert between.status == "active"
    assert after.until == NOW + 9 * DAY + HOUR + 10 * DAY


def test_a_source_that_went_is_unsubscribed(desk: Path, newsstand: Newsstand, hub: Hub) -> None:
    """The hub asks back, and is told yes; then nothing is left of it."""
    run(desk, timedelta(0))
    run(desk, HOUR)
    opml = desk / "sources.opml"
    opml.write_text(opml.read_text().replace("/feed.xml", "/other.xml", 2))
    run(desk, 2 * HOUR)
    run(desk, 3 * HOUR)

    assert [form["hub.mode"] for form in hub.asked] == ["subscribe", "unsubscribe"]
    assert hub.confirmed[-1] == (200, b"riddle")
    assert subscription(desk, newsstand) is None


def test_a_hub_that_fails_is_told_and_asked_again_later(desk: Path, newsstand: Newsstand, hub: Hub) -> None:
    """The source is polled meanwhile."""
    hub.answer = 500
    problems = run(desk, timedelta(0))
    run(desk, timedelta(minutes=30))
    early = len(hub.asked)
    hub.answer = 202
    run(desk, 3 * HOUR)
    run(desk, 4 * HOUR)

    assert any(problem.where == hub.url and "500" in problem.what for problem in problems)
    assert (early, len(hub.asked)) == (1, 2)
    held = subscription(desk, newsstand)
    assert held is not None
    assert held.status == "active"


def test_a_hub_that_refuses_is_believed(desk: Path, newsstand: Newsstand, hub: Hub) -> None:
    """With its reason; asked again after two days."""
    run(desk, timedelta(0))
    form = hub.asked[-1]
    status, _ = hub.verify(form["hub.callback"], "denied", form["hub.topic"], reason="full")
    problems = run(desk, HOUR)
    run(desk, DAY)

    assert status == 200
    assert any("the hub refused: full" in problem.what for problem in problems)
    assert len(hub.asked) == 1


def test_only_what_we_asked_for_is_confirmed(desk: Path, newsstand: Newsstand, hub: Hub) -> None:
    """Another topic, mode or address is not ours."""
    run(desk, timedelta(0))
    form = hub.asked[-1]
    callback, topic = form["hub.callback"], form["hub.topic"]

    assert hub.verify(callback, "subscribe", topic + "x")[0] == 404
    assert hub.verify(callback, "unsubscribe", topic)[0] == 404
    assert hub.verify(callback, "nonsense", topic)[0] == 404
    assert hub.verify(callback[:-1] + ("a" if callback[-1] != "a" else "b"), "subscribe", topic)[0] == 404
    assert hub.verify(callback + "/..", "subscribe", topic)[0] == 404
    assert call(callback)[0] == 404
    assert hub.verify(callback, "subscribe", topic) == (200, b"riddle")


def test_news_without_our_signature_is_answered_and_ignored(desk: Path, newsstand: Newsstand, hub: Hub) -> None:
    """As the Recommendation says (8): so nobody learns whether a guess was right."""
    run(desk, timedelta(0))
    run(desk, HOUR)
    callback = hub.asked[-1]["hub.callback"]

    assert hub.tell(secret="guessed") == 202
    assert call(callback, b"<rss/>")[0] == 202
    assert call(callback, b"<rss/>", **{"X-Hub-Signature": "sha256="})[0] == 202
    assert call(callback, b"<rss/>", **{"X-Hub-Signature": "md5=abc"})[0] == 202
    assert not waiting(desk / "inbox")
    assert hub.tell(method="sha512") == 202
    assert waiting(desk / "inbox")


def test_what_is_posted_is_bounded_and_belongs_to_a_subscription(desk: Path, hub: Hub) -> None:
    """Nothing of a stranger is read."""
    run(desk, timedelta(0))
    callback = hub.asked[-1]["hub.callback"]

    assert call(callback, b"x" * 1001)[0] == 413
    assert call(callback.replace("/websub/", "/websub/x"), b"x")[0] == 410
    assert call(callback.rpartition("/websub/")[0] + "/", b"x")[0] == 501


def test_a_ping_is_no_way_around_a_pause(desk: Path, newsstand: Newsstand, hub: Hub) -> None:
    """A source that asked for one keeps it."""
    run(desk, timedelta(0))
    run(desk, HOUR)
    url = newsstand.feeds()[0]
    with closing(Store(desk / "wiredesk.db")) as store:
        state = store.intake.source(url)
        store.intake.put_source(SourceState(url=url, pace=state.pace, status="failing", next_at=NOW + DAY))
    hub.tell()
    run(desk, 2 * HOUR)

    assert next_look(desk, newsstand).next_at == NOW + DAY


def test_a_call_of_nobody_is_thrown_away(desk: Path, newsstand: Newsstand) -> None:
    """And so is a file that is none."""
    hubs.drop_call(desk / "inbox", "x" * 32, "ping")
    (desk / "inbox" / "half").write_text('{"token": ')
    run(desk, HOUR)

    assert {file.name for file in (desk / "inbox").iterdir()} & {"half", "x" * 32 + ".ping"} == set()


def test_signatures() -> None:
    """Of the body, under the secret, by a method that the Recommendation knows."""
    right = hmac.new(b"s", b"body", hashlib.sha256).hexdigest()

    assert signed(f"sha256={right}", "s", b"body")
    assert signed(f"SHA256={right.upper()}", "s", b"body")
    assert not signed(f"sha256={right}", "s", b"Body")
    assert not signed(f"sha1={right}", "s", b"body")
    assert not signed(f"sha256={right}é", "s", b"body")
    assert not signed("", "s", b"body")
