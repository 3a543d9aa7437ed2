"""Asking servers that misbehave in every way that we know."""

import asyncio
import gzip
import itertools
import pickle
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import httpx2
import pytest
from backports import zstd
from fetch_server import answer, certificate, drip, endless, redirect, serving, silent

from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, FetchFailed, FetchGone, FetchRefused
from wiredesk.fetch import Fetcher, Hosts, NotModified, Request, fetch_blocking, user_agent
from wiredesk.records import Page

NOW = datetime(2026, 11, 3, 10, 15, 30, 123456, tzinfo=UTC)
AGENT = user_agent("0.1.0", "desk@paper.example")


def fetcher(hosts=None, tls=None, clock=lambda: NOW, **settings):
    given = {"open_hosts": ("127.0.0.1", "127.0.0.2", "localhost"), "delay_seconds": 0, "timeout_seconds": 10}
    given["tdmrep"] = False  # asked only where a test is about it
    return Fetcher(FetchSettings(**given | settings), clock=clock, user_agent=AGENT, hosts=hosts, tls=tls)


def ask(routes, path="/", purpose="page", etag=None, last_modified=None, **settings):
    """Serve `routes`, ask once, give the outcome (error or not) and what the server saw."""

    async def run():
        async with serving(routes) as server, fetcher(**settings) as f:
            request = Request(url=server.address + path, purpose=purpose, etag=etag, last_modified=last_modified)
            try:
                return await f.fetch(request), server
            except FetchError as error:
                assert str(pickle.loads(pickle.dumps(error))) == str(error)
                return error, server

    return asyncio.run(run())


def test_a_page():
    """Body, headers as sent, our clock, and an honest name."""
    page, server = ask({"/": answer(b"<p>Hi", content_type="Text/HTML; charset=x", etag='W/"1"')})

    assert isinstance(page, Page)
    assert (page.status, page.body, page.content_type, page.fetched_at) == (200, b"<p>Hi", "text/html", NOW)
    assert page.header("ETag") == 'W/"1"'
    assert page.final_url == page.url + "" and page.redirects == ()
    assert server.paths() == ["/robots.txt", "/"]
    assert server.seen[1].headers["user-agent"] == "Wiredesk/0.1.0 (+desk@paper.example)"
    assert "cookie" not in server.seen[1].headers


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_content_codings_are_undone(coding):
    """Pages hold what the publisher wrote."""
    pack = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}[coding]
    page, _ = ask({"/": answer(pack(b"<p>Hi" * 100), content_encoding=coding)})

    assert page.body == b"<p>Hi" * 100


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "gzip, gzip"])
def test_bombs_are_bounded(coding):
    """A small answer that unpacks to 100 MB is left at the limit."""
    zeros = bytes(100 * 10**6)  # of which 1 MiB is unpacked
    packed = {
        "gzip": lambda: gzip.compress(zeros, 1),
        "br": lambda: brotli.compress(zeros, quality=1),
        "zstd": lambda: zstd.compress(zeros),
        "gzip, gzip": lambda: gzip.compress(gzip.compress(zeros, 1)),
    }[coding]()
    error, _ = ask({"/": answer(packed, content_encoding=coding)}, max_page_mib=1)

    assert isinstance(error, FetchFailed)
    assert error.reason == "larger than 1 MiB" or error.reason.startswith("a decompression bomb: ")


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        (answer(b"not gzip", content_encoding="gzip"), "cannot be decompressed"),
        (answer(b"x", content_encoding="lzma"), "content coding that nobody asked for"),
        (answer(b"<p>Half", content_length="1000"), "cut off"),
        (answer(b"5\r\nHello\r\n", content_length="", transfer_encoding="chunked"), "cut off"),
        (b"SSH-2.0-OpenSSH\r\n", "no HTTP"),
        (b"", "cut off"),
        (answer(b""), "empty"),
        (answer(b"", "204 No Content"), "empty"),
        (answer(b"x", "206 Partial Content"), "of no use"),
        (answer(b"x", "418 I'm a Teapot"), "of no use"),
        (answer(b"", "304 Not Modified"), "of no use"),
        (answer(b"x", "599 Odd"), "answered 599"),
    ],
)
def test_broken_answers_may_be_asked_again(route, reason):
    """What is no whole answer never becomes a page."""
    error, _ = ask({"/": route})

    assert isinstance(error, FetchFailed)
    assert reason in error.reason


def testendless_answers_are_bounded():
    """A body without end is left at the limit."""
    error, _ = ask({"/": endless}, max_page_mib=1)

    assert error.reason == "larger than 1 MiB"


@pytest.mark.parametrize("route", [drip, silent])
def test_the_whole_request_has_a_time(route):
    """A byte now and then does not keep a request alive."""
    error, _ = ask({"/": route}, timeout_seconds=0.3, robots=False)

    assert isinstance(error, FetchFailed)
    began = route is drip
    assert error.reason == f"{'the answer was not complete' if began else 'no answer'} within 0.3 seconds"


def test_redirects_are_followed_and_kept():
    """Relative, absolute, permanent or not; the addresses on the way are told."""
    page, server = ask({"/": redirect("/a#x"), "/a": redirect("b?q=1", "308 Permanent Redirect"), "/b?q=1": answer()})

    assert page.final_url == server.address + "/b?q=1"
    assert page.redirects == (server.address + "/", server.address + "/a")


@pytest.mark.parametrize(
    ("routes", "kind", "reason"),
    [
        ({"/": redirect("/a"), "/a": redirect("/")}, FetchFailed, "circle"),
        ({"/": redirect("/")}, FetchFailed, "circle"),
        ({f"/{'x' * n}": redirect(f"/{'x' * (n + 1)}") for n in range(12)}, FetchFailed, "more than 8 redirects"),
        ({"/": redirect("http://10.0.0.1/")}, FetchRefused, "private"),
        ({"/": redirect("http://[::ffff:169.254.169.254]/latest")}, FetchRefused, "IPv4-mapped"),
        ({"/": redirect("http://0x7f000002/")}, FetchRefused, "loopback"),
        ({"/": redirect("file:///etc/passwd")}, FetchRefused, "not a web address"),
        ({"/": redirect("gopher://a.example/")}, FetchRefused, "not a web address"),
        ({"/": redirect("http://user:pw@127.0.0.1/")}, FetchRefused, "password"),
        ({"/": redirect("http://[::1")}, FetchFailed, ""),
        ({"/": answer(b"", "302 Found")}, FetchFailed, "of no use"),
    ],
)
def test_redirects_that_lead_nowhere(routes, kind, reason):
    """Every address on the way is held to the same rules as the first."""
    error, _ = ask(routes)

    assert isinstance(error, kind)
    assert reason in error.reason


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://", "http:///x", "ftp://a.example/", "http://a.example:99999/", "http://[x]/", "http://a b/"],
)
def test_what_is_no_address_is_not_asked(url):
    """Neither does it raise anything but a FetchError."""

    async def run():
        async with fetcher() as f:
            await f.fetch(Request(url=url, purpose="page"))

    with pytest.raises(FetchError):
        asyncio.run(run())


@pytest.mark.parametrize(
    ("purpose", "content_type", "fits"),
    [
        ("page", "application/pdf", False),
        ("page", "image/png", False),
        ("page", "application/xhtml+xml", True),
        ("page", "", True),
        ("feed", "text/html", True),  # some feeds are sent so; the parser decides
        ("feed", "application/octet-stream", True),
        ("feed", "video/mp4", False),
        ("image", "text/html", False),
        ("image", "image/webp", True),
    ],
)
def test_types(purpose, content_type, fits):
    """What cannot be what was asked for is not even read."""
    outcome, _ = ask({"/": answer(content_type=content_type)}, purpose=purpose)

    assert isinstance(outcome, Page if fits else FetchRefused)


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_gone(status):
    """410 is for good."""
    error, _ = ask({"/": answer(b"", status)})

    assert isinstance(error, FetchGone)
    assert error.permanent == status.startswith("410")


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "451 Unavailable For Legal Reasons"])
def test_not_let_in(status):
    """We say so, and do not try to get around it."""
    error, _ = ask({"/": answer(b"", status)})

    assert isinstance(error, FetchRefused)
    assert "does not let us in: " + status[:3] in error.reason


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (format_datetime(NOW.replace(microsecond=0) + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), timedelta(0)),
        ("99999999999999999999", timedelta(days=30)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_retry_after(status, value, wait):
    """Both forms, within reason."""
    error, _ = ask({"/": answer(b"", status, retry_after=value)})

    assert isinstance(error, FetchFailed)
    assert error.retry_after == wait or abs(error.retry_after - wait) < timedelta(seconds=1)


def test_validators_go_back_verbatim():
    """And 304 is an answer of its own."""
    etag, modified = 'W/"odd, \xe9"', "yesterday, about noon"
    outcome, server = ask({"/": answer(b"", "304 Not Modified")}, etag=etag, last_modified=modified)

    assert outcome == NotModified(url=server.address + "/", at=NOW)
    assert server.seen[-1].headers["if-none-match"] == etag
    assert server.seen[-1].headers["if-modified-since"] == modified


@pytest.mark.parametrize(
    ("robots", "kind"),
    [
        (answer(b"User-agent: *\nDisallow: /", content_type="text/plain"), FetchRefused),
        (answer(b"User-agent: wiredesk\nDisallow: /x\n\nUser-agent: *\nDisallow:"), FetchRefused),
        (answer(b"User-agent: *\nDisallow: /\nAllow: /x"), Page),
        (answer(b"User-agent: other\nDisallow: /"), Page),
        (answer(b"\xff\xfe\x00 nonsense"), Page),
        (answer(b"# " + b"x" * 600_000 + b"\nUser-agent: *\nDisallow: /"), Page),  # behind the 500 KiB that are read
        (answer(b"", "403 Forbidden"), Page),
        (answer(b"", "500 Oops"), FetchFailed),
        (b"", FetchFailed),
        (redirect("/robots.txt"), FetchFailed),
    ],
)
def test_robots(robots, kind):
    """RFC 9309: rules are obeyed, 4xx means that there are none, and where nobody can tell nothing is asked for now."""
    outcome, server = ask({"/robots.txt": robots, "/x": answer()}, "/x")

    assert isinstance(outcome, kind)
    assert ("/x" in server.paths()) == (kind is Page)


def test_robots_can_be_switched_off():
    """[fetch] robots = false: for hosts of one's own."""
    _, server = ask({"/": answer()}, robots=False)

    assert server.paths() == ["/"]


GOOD, LASTING, PASSING = answer(), "301 Moved Permanently", "302 Found"


@pytest.mark.parametrize(
    ("routes", "moved_to"),
    [
        ({"/": redirect("/a", LASTING), "/a": GOOD}, "/a"),
        ({"/": redirect("/a", "308 x"), "/a": redirect("/b", LASTING), "/b": GOOD}, "/b"),
        ({"/": redirect("/a", LASTING), "/a": redirect("/b", PASSING), "/b": GOOD}, "/a"),
        ({"/": redirect("/a", PASSING), "/a": redirect("/b", LASTING), "/b": GOOD}, None),
        ({"/": redirect("/a", "307 x"), "/a": GOOD}, None),
        ({"/": redirect("/a", "303 x"), "/a": GOOD}, None),
        ({"/": GOOD}, None),
    ],
)
def test_where_a_source_moved(routes, moved_to):
    """As far as redirects for good alone lead; one that is not ends it."""
    page, server = ask(routes)

    assert page.moved_to == (moved_to and server.address + moved_to)


def test_an_unchanged_source_may_have_moved_too():
    """304 from its new address."""
    outcome, server = ask({"/": redirect("/a", LASTING), "/a": answer(b"", "304 Not Modified")}, etag='"1"')

    assert isinstance(outcome, NotModified)
    assert outcome.moved_to == server.address + "/a"


def test_nothing_moves_into_a_network_of_our_own():
    """A public site cannot make us ask an open host from now on; it still may pass us on to it this time."""

    async def run():
        async with fetcher(open_hosts=("intranet.example",)) as f:
            public, private = httpx2.URL("http://paper.example/"), httpx2.URL("http://intranet.example/")
            secure = httpx2.URL("https://paper.example/")
            return [f._may_move(a, b) for a, b in ((public, private), (private, public), (secure, public))]

    assert asyncio.run(run()) == [False, True, False]


def test_what_robots_says_is_there_for_others():
    """Sitemaps in their order, absolute ones only; asked once."""

    async def run():
        lines = b"Sitemap: https://paper.example/news.xml\nSitemap: /relative.xml\nsitemap:http://a.example/s.xml\n"
        async with serving({"/robots.txt": answer(lines), "/": answer()}) as server, fetcher() as f:
            await f.fetch(Request(url=server.address + "/", purpose="page"))
            return (await f.robots(server.address + "/x")).sitemaps, server.paths()

    sitemaps, paths = asyncio.run(run())
    assert sitemaps == ("https://paper.example/news.xml", "http://a.example/s.xml")
    assert paths == ["/robots.txt", "/"]


def test_robots_holds_for_a_day():
    """A process that runs for long asks again; sooner where nobody could tell."""
    now = [NOW]

    async def run():
        broken = answer(b"", "503 Busy")
        routes = {"/robots.txt": answer(b""), "/": answer()}
        async with serving(routes) as server, fetcher(clock=lambda: now[0]) as f:
            asked = []
            for hours, robots in (
                (0, answer(b"")),
                (23.9, broken),
                (24, broken),
                (24.1, answer(b"")),
                (24.2, GOOD),
            ):
                now[0] = NOW + timedelta(hours=hours)
                server.routes["/robots.txt"] = robots
                await collect(f, [Request(url=server.address + "/", purpose="page")])
                asked.append(server.paths().count("/robots.txt"))
            return asked

    # fresh; still fresh; a day is over and it is down; six minutes later not yet; twelve minutes later
    assert asyncio.run(run()) == [1, 1, 2, 2, 3]


def test_one_host_is_asked_once_at_a_time_by_however_many():
    """Thirty requests at once, some by redirect from elsewhere: never two under way, and never closer than agreed."""
    spans = []

    async def route(seen, writer):
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(0.01)
        spans.append((began, asyncio.get_running_loop().time()))
        writer.write(answer())
        await writer.drain()

    async def run():
        async with serving({f"/{n}": route for n in range(30)}) as server, serving({}, "127.0.0.2") as other:
            other.routes.update({f"/{n}": redirect(f"{server.address}/{n}") for n in range(30)})
            async with fetcher(robots=False, delay_seconds=0.02) as f:
                urls = [f"{(server if n % 2 else other).address}/{n}" for n in range(30)]
                await asyncio.gather(*(f.fetch(Request(url=url, purpose="page")) for url in urls))

    asyncio.run(run())
    spans.sort()
    gaps = [begin - end for (_, end), (begin, _) in itertools.pairwise(spans)]
    assert len(spans) == 30
    assert min(gaps) > 0.015


def test_robots_of_two_hosts_that_point_at_each_other():
    """Nobody waits for the other for ever."""

    async def run():
        async with serving({"/": GOOD}) as one, serving({"/": GOOD}, "127.0.0.2") as two:
            one.routes["/robots.txt"] = redirect(two.address + "/robots.txt")
            two.routes["/robots.txt"] = redirect(one.address + "/robots.txt")
            async with asyncio.timeout(5), fetcher() as f:
                return await collect(f, [Request(url=s.address + "/", purpose="page") for s in (one, two)])

    assert [type(outcome) for _, outcome in asyncio.run(run())] == [FetchFailed] * 2


def collect(f, requests):
    async def run():
        return [pair async for pair in f.fetch_all(requests)]

    return run()


def test_robots_and_turns_are_kept_for_a_run(monkeypatch):
    """One robots.txt a host and run; crawl-delay becomes the distance between requests, also over Fetchers."""
    waits = []
    sleep = asyncio.sleep

    async def note(seconds):
        waits.append(round(seconds))
        await sleep(0)

    async def run():
        hosts = Hosts()
        rules = answer(b"User-agent: *\nCrawl-delay: 20")
        async with serving({"/robots.txt": rules, "/a": answer(), "/b": answer(), "/c": answer()}) as server:
            monkeypatch.setattr(asyncio, "sleep", note)
            for paths in ("a", "bc"):
                async with fetcher(hosts) as f:
                    requests = [Request(url=f"{server.address}/{path}", purpose="page") for path in paths]
                    await collect(f, requests)
            return server

    server = asyncio.run(run())
    assert server.paths() == ["/robots.txt", "/a", "/b", "/c"]
    assert [wait for wait in waits if wait > 1] == [20, 20]  # after robots.txt itself nobody waits


def test_who_wants_a_long_pause_is_left_for_a_later_run():
    """Retry-After of one answer holds for the host's whole queue."""

    async def run():
        async with serving({"/1": answer(b"", "429 Slow Down", retry_after="3600"), "/2": answer()}) as server:
            async with fetcher() as f:
                found = await collect(f, [Request(url=f"{server.address}/{n}", purpose="page") for n in (1, 2)])
            return server, found

    server, found = asyncio.run(run())
    assert "/2" not in server.paths()
    assert all(isinstance(o, FetchFailed) and o.retry_after > timedelta(seconds=3500) for _, o in found)


def test_a_slow_host_delays_nobody():
    """The fast host's queue is done before the slow one gives its first answer."""
    release = asyncio.Event()

    async def slow(seen, writer):
        await release.wait()
        writer.write(answer())
        await writer.drain()

    async def run():
        done = []
        async with (
            serving({"/": slow}) as one,
            serving({"/": answer()}, "127.0.0.2") as two,
            fetcher(robots=False, concurrency=2) as f,
        ):
            urls = [one.address + "/"] * 2 + [two.address + "/"] * 5
            async for request, outcome in f.fetch_all([Request(url=u, purpose="page") for u in urls]):
                assert isinstance(outcome, Page)
                done.append(request.url == two.address + "/")
                if sum(done) == 5:
                    release.set()
        return done

    assert asyncio.run(run()) == [True] * 5 + [False] * 2


def test_a_busy_caller_bounds_what_is_held():
    """While nobody takes answers, only so many are asked for."""

    async def run():
        hosts = [f"127.0.0.{n}" for n in range(1, 11)]
        async with serving({"/": answer()}, "0.0.0.0") as server:
            port = server.address.rpartition(":")[2]
            requests = [Request(url=f"http://{host}:{port}/", purpose="page") for host in hosts]
            async with fetcher(robots=False, concurrency=2, open_hosts=tuple(hosts)) as f:
                outcomes = f.fetch_all(requests)
                await anext(outcomes)
                await asyncio.sleep(0.3)
                asked = len(server.seen)
                rest = [o async for _, o in outcomes]
        return asked, rest

    asked, rest = asyncio.run(run())
    assert asked <= 1 + 2 * 2
    assert len(rest) == 9 and all(isinstance(o, Page) for o in rest)


def test_leaving_early_leaves_nothing_behind():
    """A caller that stops ends the requests under way."""

    async def run():
        async with serving({"/": answer(), "/slow": silent}) as server, fetcher(robots=False) as f:
            urls = [server.address + "/", server.address.replace("127.0.0.1", "localhost") + "/slow"]
            outcomes = f.fetch_all([Request(url=u, purpose="page") for u in urls])
            await anext(outcomes)
            await outcomes.aclose()
            return len(asyncio.all_tasks()) <= 3

    assert asyncio.run(run())


def test_blocking_facade():
    """The pipeline hands over requests and a function."""
    found = []
    settings = FetchSettings(open_hosts=("127.0.0.1",))
    requests = [Request(url="http://127.0.0.1:1/", purpose="feed"), Request(url="x:y", purpose="feed")]
    fetch_blocking(settings, requests, lambda r, o: found.append((r, o)), clock=lambda: NOW, user_agent=AGENT)

    assert {r.url for r, _ in found} == {r.url for r in requests}
    assert all(isinstance(o, FetchError) for _, o in found)


def test_certificates_go_by_the_host_name(tmp_path):
    """The connection goes to the checked address, the certificate is still that of the name."""
    authority, both = certificate(tmp_path, "localhost")
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(both)
    names = []
    server_side.sni_callback = lambda _socket, name, _context: names.append(name)

    async def run(host):
        async with serving({"/": answer()}, ssl=server_side) as server:
            tls = ssl.create_default_context(cafile=authority)
            async with fetcher(tls=tls, robots=False) as f:
                url = server.address.replace("127.0.0.1", host) + "/"
                return await f.fetch(Request(url=url, purpose="page"))

    assert asyncio.run(run("localhost")).body == b"<p>Hi"
    assert names == ["localhost"]
    with pytest.raises(FetchFailed, match="certificate"):
        asyncio.run(run("127.0.0.1"))
