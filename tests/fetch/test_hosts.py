"""What is learned of hosts, and handed from one process to the next."""

import asyncio
import time
from datetime import timedelta

from fetch_server import answer, reset, serving
from hypothesis import given
from hypothesis import strategies as st
from test_wiredesk_fetcher import NOW, collect, fetcher

from wiredesk.errors import FetchFailed, FetchRefused
from wiredesk.fetch import HostNote, Hosts, Request
from wiredesk.fetch.tdmrep import PATH

HOUR = timedelta(hours=1)
RESERVED = answer(b'[{"location": "/", "tdm-reservation": 1}]')


def ask(server, hosts, *paths, now=NOW, **settings):
    async def run():
        async with fetcher(hosts, clock=lambda: now, **settings) as f:
            return await collect(f, [Request(url=f"{server.address}/{path}", purpose="page") for path in paths])

    return run()


def next_process(hosts, at=NOW, then=None):
    """Return what a process knows that begins when another one ended."""
    later = Hosts()
    later.recall(hosts.remember(at), then or at)
    return later


def run_twice(routes, *, passed=HOUR, settings=None, change=None):
    """Ask for /1 in two processes, the second one later; return the last outcome, and what each one asked for."""

    async def run():
        async with serving(routes) as server:
            hosts = Hosts()
            await ask(server, hosts, "1", **settings or {})
            first = server.paths()
            server.routes.update(change or {})
            hosts = next_process(hosts, NOW, NOW + passed)
            ((_, outcome),) = await ask(server, hosts, "1", now=NOW + passed, **settings or {})
            return outcome, first, server.paths()[len(first) :]

    return asyncio.run(run())


def test_what_hosts_said_holds_for_the_next_process():
    """Neither file is asked for again within a day, and both are obeyed."""
    routes = {"/robots.txt": answer(b"User-agent: *\nDisallow: /2"), "/1": answer(), PATH: RESERVED}
    page, first, second = run_twice(routes, settings={"tdmrep": True})

    assert first == ["/robots.txt", "/1", PATH]
    assert second == ["/1"]
    assert page.header("wiredesk-tdm-reservation") == "1"

    refused, _, second = run_twice({"/robots.txt": answer(b"User-agent: *\nDisallow: /")})
    assert isinstance(refused, FetchRefused)
    assert second == []


def test_that_there_is_no_such_file_is_remembered_too():
    """Most hosts answer 404."""
    _, first, second = run_twice({"/1": answer()}, settings={"tdmrep": True})

    assert first == ["/robots.txt", "/1", PATH]
    assert second == ["/1"]


def test_it_is_asked_again_after_a_day():
    """RFC 9309, 2.4; and after a clock that was set back, for nobody knows how old it is."""
    for passed in (24 * HOUR, -HOUR):
        _, first, second = run_twice({"/1": answer()}, settings={"tdmrep": True}, passed=passed)

        assert second == first


def test_a_server_error_holds_for_ten_minutes():
    """As within one process: then we look whether somebody can tell."""
    routes = {"/robots.txt": answer(b"", "503 Busy"), "/1": answer()}
    soon, _, second = run_twice(routes, passed=timedelta(minutes=9))
    assert isinstance(soon, FetchFailed) and "503" in soon.reason
    assert second == []

    _, _, second = run_twice(routes, passed=timedelta(minutes=10))
    assert second == ["/robots.txt"]


def test_that_nobody_answered_is_not_remembered():
    """It may have been our own network: who mends that and runs again must not wait."""
    page, _, second = run_twice(
        {"/robots.txt": reset, "/1": answer()}, passed=timedelta(0), change={"/robots.txt": answer(b"")}
    )

    assert page.body == b"<p>Hi"
    assert second[-2:] == ["/robots.txt", "/1"]


def test_the_distance_holds_between_processes(monkeypatch):
    """Crawl-delay from the end of the last request of one to the first request of the other."""
    waits = []
    sleep = asyncio.sleep

    async def note(seconds):
        waits.append(seconds)
        await sleep(0)

    async def run():
        rules = answer(b"User-agent: *\nCrawl-delay: 50")
        async with serving({"/robots.txt": rules, "/1": answer()}) as server:
            hosts = Hosts()
            await ask(server, hosts, "1")
            monkeypatch.setattr(asyncio, "sleep", note)
            hosts = next_process(hosts, NOW, NOW + timedelta(seconds=20))
            await ask(server, hosts, "1", now=NOW + timedelta(seconds=20))

    asyncio.run(run())
    (wait,) = [wait for wait in waits if wait > 1]
    assert 0 < wait <= 30


def test_a_host_stays_closed_for_the_next_process():
    """Until Retry-After is over; for its other pages, too, which know nothing of it."""
    routes = {"/1": answer(b"", "429 Slow Down", retry_after="7200")}
    early, _, second = run_twice(routes, passed=HOUR, change={"/1": answer()})
    assert isinstance(early, FetchFailed)
    assert timedelta(seconds=3500) < early.retry_after <= HOUR
    assert second == []

    late, _, second = run_twice(routes, passed=2 * HOUR, change={"/1": answer()})
    assert late.body == b"<p>Hi"
    assert second == ["/1"]


def test_a_pause_from_the_future_closes_nobody():
    """A run with --now in the year 2030 must not close hosts until then."""
    hosts = Hosts()
    hosts.recall([HostNote(place="a.example", kind="pause", at=NOW + HOUR, until=NOW + 2 * HOUR)], NOW)

    assert hosts.remember(NOW) == []


def test_what_we_know_ourselves_and_is_newer_stands():
    """A process that runs for long recalls at each round what others may have learned meanwhile."""
    origin = "https://a.example"
    old = HostNote(place=origin, kind="robots", at=NOW, status=200, body=b"User-agent: *\nDisallow: /")
    new = HostNote(place=origin, kind="robots", at=NOW + HOUR, status=404)
    hosts = Hosts()
    hosts.recall([new], NOW + HOUR)
    assert hosts.robots_of(origin, NOW + HOUR).allows(f"{origin}/")
    hosts.recall([old], NOW + HOUR)
    assert hosts.robots_of(origin, NOW + HOUR).allows(f"{origin}/")

    hosts = Hosts()
    hosts.recall([old], NOW + HOUR)
    assert not hosts.robots_of(origin, NOW + HOUR).allows(f"{origin}/")
    hosts.recall([new], NOW + HOUR)
    assert hosts.robots_of(origin, NOW + HOUR).allows(f"{origin}/")


def test_each_answer_is_remembered_once():
    """What is in the store already is not written again, and bodies that say nothing are not kept."""
    hosts = Hosts()
    hosts.note("robots", "https://a.example", NOW, 200, b"Disallow:")
    hosts.note("tdmrep", "https://a.example", NOW, 404, b"<h1>Not here</h1>" * 100)

    assert [(note.kind, note.body) for note in hosts.remember(NOW)] == [("robots", b"Disallow:"), ("tdmrep", b"")]
    assert hosts.remember(NOW) == []


@given(st.binary(max_size=200), st.integers(200, 599), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_what_was_recalled_says_what_was_learned(body, status, passed):
    """Whatever the file holds, the next process reads it as this one did."""
    from wiredesk.fetch.robots import read_robots

    origin, hosts = "https://a.example", Hosts()
    hosts.note("robots", origin, NOW, status, body)
    learned, found = read_robots(status, body, NOW), next_process(hosts).robots_of(origin, NOW + passed)

    assert (found is not None) == learned.holds(NOW + passed)
    for path in ("/", "/a?b", "/%61"):
        assert found is None or found.allows(origin + path) == learned.allows(origin + path)


@given(st.floats(-100, 10**7), st.timedeltas(timedelta(0), timedelta(days=60)))
def test_of_a_pause_is_left_what_has_not_passed(left, passed):
    """However long the time between the two processes was."""
    hosts = Hosts()
    hosts.free_at["a.example"] = time.monotonic() + left
    later = next_process(hosts, NOW, NOW + passed)
    found = later.free_at.get("a.example", 0.0) - time.monotonic()
    expected = left - passed.total_seconds()

    if expected < 1:  # over, or so nearly that it was not worth a note
        assert found < 1
    else:
        assert abs(found - expected) < 60  # this test takes no minute
