"""Each way to misbehave, and what a person reads about it."""

import asyncio
import gzip
import subprocess
import sys
import threading
import zlib
from datetime import timedelta
from email.utils import format_datetime

import brotli
import pytest
from backports import zstd
from fetch_server import (
    answer,
    drip,
    drip_headers,
    endless,
    header_flood,
    hints,
    redirect,
    reset,
    serving,
    silent,
)
from test_wiredesk_fetcher import NOW, ask, collect, fetcher

from wiredesk.errors import FetchFailed, FetchGone, FetchRefused
from wiredesk.fetch import Request
from wiredesk.fetch import guard as guard_module
from wiredesk.records import Page

ZEROS = bytes(30 * 2**20)


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


BOMBS = {
    "gzip": gzip.compress(ZEROS),
    "deflate": zlib.compress(ZEROS),
    "deflate without header": raw_deflate(ZEROS),
    "br": brotli.compress(ZEROS, quality=5),
    "zstd": zstd.compress(ZEROS),
    "gzip, gzip": gzip.compress(gzip.compress(ZEROS)),
    "br, gzip": gzip.compress(brotli.compress(ZEROS, quality=5)),
}

LATER = format_datetime(NOW.replace(microsecond=0) + timedelta(hours=3), usegmt=True)
CUT_OFF = "the answer was cut off or is no HTTP "
SLOW = [
    (silent, "no answer within 0.3 seconds"),
    (drip, "the answer was not complete within 0.3 seconds"),
    (drip_headers, "no answer within 0.3 seconds"),
    (hints, "no answer within 0.3 seconds"),
]
BROKEN = [
    (endless, FetchFailed, "larger than 1 MiB"),
    (header_flood, FetchFailed, "its headers are larger than anybody needs"),
    (
        reset,
        FetchFailed,
        CUT_OFF + "(peer closed connection without sending complete message body (received 4 bytes, expected 1000))",
    ),
    (
        answer(b"<p>Half", content_length="1000"),
        FetchFailed,
        CUT_OFF + "(peer closed connection without sending complete message body (received 7 bytes, expected 1000))",
    ),
    (
        answer(b"9\r\nHello\r\n", content_length="", transfer_encoding="chunked"),
        FetchFailed,
        CUT_OFF + "(peer closed connection without sending complete message body (incomplete chunked read))",
    ),
    (
        answer(b"zz\r\nHello\r\n", content_length="", transfer_encoding="chunked"),
        FetchFailed,
        CUT_OFF + "(illegal chunk header: bytearray(b'zz\\r\\n'))",
    ),
    (
        answer(b"x" * 9, content_length="nine"),
        FetchFailed,
        CUT_OFF + "(bad Content-Length)",
    ),
    (b"", FetchFailed, CUT_OFF + "(Server disconnected without sending a response.)"),
    (b"SSH-2.0-OpenSSH\r\n\r\n", FetchFailed, CUT_OFF + "(illegal status line: bytearray(b'SSH-2.0-OpenSSH'))"),
    (
        answer(gzip.compress(b"<p>Hi" * 99)[:-9], content_encoding="gzip"),
        FetchFailed,
        "the compressed answer ends too early",
    ),
    (
        answer(brotli.compress(b"<p>Hi" * 99)[:-3], content_encoding="br"),
        FetchFailed,
        "the compressed answer ends too early",
    ),
    (
        answer(zstd.compress(b"<p>Hi" * 99)[:-3], content_encoding="zstd"),
        FetchFailed,
        "the compressed answer ends too early",
    ),
    (
        answer(b"plain", content_encoding="gzip"),
        FetchFailed,
        "the answer cannot be decompressed (Error -3 while decompressing data: incorrect header check)",
    ),
    (
        answer(b"x", content_encoding="lzma"),
        FetchFailed,
        "the answer has a content coding that nobody asked for: lzma",
    ),
    (answer(b"x", content_encoding="gzip, " * 5 + "gzip"), FetchFailed, "the answer is compressed 6 times over"),
    (answer(content_type="application/pdf"), FetchRefused, "the answer is application/pdf, not a page"),
    (answer(b"", "410 Gone"), FetchGone, "answered 410 Gone"),
    (answer(b"", "404 Not Found"), FetchGone, "answered 404 Not Found"),
    (answer(b""), FetchFailed, "the answer is empty"),
    (answer(b"", "500 Oops"), FetchFailed, "answered 500 Internal Server Error"),
    (
        answer(b"", "429 Slow", retry_after="7"),
        FetchFailed,
        "answered 429 Too Many Requests; it asks us to come back in 7 seconds",
    ),
    (
        answer(b"", "429 Slow", retry_after=LATER),
        FetchFailed,
        "answered 429 Too Many Requests; it asks us to come back in 3 hours",
    ),
    (answer(b"", "429 Slow", retry_after="-7"), FetchFailed, "answered 429 Too Many Requests"),
    (
        answer(b"", "503 Busy", retry_after="9" * 30),
        FetchFailed,
        "answered 503 Service Unavailable; it asks us to come back in 30 days",
    ),
    (redirect("/x"), FetchFailed, "redirects lead in a circle, back to {address}/x"),
    (
        redirect("http://10.0.0.1/"),
        FetchRefused,
        "10.0.0.1 is a private address; open_hosts in [fetch] would allow it",
    ),
    (
        redirect("http://[::ffff:10.0.0.1]/"),
        FetchRefused,
        "::ffff:10.0.0.1 is an IPv4-mapped address; open_hosts in [fetch] would allow it",
    ),
    (
        redirect("http://0xa9fea9fe/latest"),
        FetchRefused,
        "0xa9fea9fe (169.254.169.254) is a link-local address; open_hosts in [fetch] would allow it",
    ),
    (redirect("file:///etc/passwd"), FetchRefused, "not a web address (redirected to file:/etc/passwd)"),
    (
        redirect("/login?next=/x"),
        FetchRefused,
        "the site does not let us in: it sends us on to a login page ({address}/login?next=/x)",
    ),
]


@pytest.mark.parametrize(("route", "reason"), SLOW)
def test_slow(route, reason):
    """The time is that of the whole request, whatever comes in between."""
    error, _ = ask({"/x": route}, "/x", timeout_seconds=0.3, robots=False)

    assert isinstance(error, FetchFailed)
    assert error.reason == reason


@pytest.mark.parametrize(("route", "kind", "reason"), BROKEN)
def test_broken(route, kind, reason):
    """In words for a person; never a page."""
    routes = {"/x": route, "/login?next=/x": answer()}
    error, server = ask(routes, "/x", robots=False, max_page_mib=1)

    assert type(error) is kind
    assert error.reason == reason.format(address=server.address)
    assert error.url == server.address + "/x"


@pytest.mark.parametrize("coding", BOMBS)
def test_bombs(coding):
    """A few bytes that become many are left as soon as that shows."""
    route = answer(BOMBS[coding], content_encoding=coding.removesuffix(" without header"))
    error, _ = ask({"/x": route}, "/x", robots=False, max_page_mib=8)

    assert isinstance(error, FetchFailed)
    if len(BOMBS[coding]) < 10_000:
        assert error.reason.startswith(f"a decompression bomb: {len(BOMBS[coding]):,} bytes unpack to more than ")
    else:  # the outer layer comes in pieces, and so does what is counted
        assert error.reason.startswith(("a decompression bomb: ", "larger than 8 MiB"))


def test_bombs_are_met_in_little_memory():
    """128 MiB of zeros in each coding, and twice over: the process does not grow by more than 24 MiB."""
    code = """
import gzip, resource, zlib, brotli
from backports import zstd
from wiredesk.fetch.coding import CodingError, Unpacker
def packed(packer, finish):
    piece = bytes(2**20)
    return b"".join([*(packer(piece) for _ in range(128)), finish()])
z, d, s = zlib.compressobj(1, wbits=31), zlib.compressobj(1), zstd.ZstdCompressor()
b = brotli.Compressor(quality=1)
bombs = {
    "gzip": packed(z.compress, z.flush),
    "deflate": packed(d.compress, d.flush),
    "zstd": packed(s.compress, s.flush),
    "br": packed(b.process, b.finish),
}
bombs["gzip, gzip"] = gzip.compress(bombs["gzip"])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for coding, bomb in bombs.items():
    taken = 0
    try:
        for piece in Unpacker(coding).feed(bomb):
            taken = max(taken, len(piece))
        raise SystemExit(f"{coding} was unpacked")
    except CodingError as error:
        assert "bomb" in str(error), error
    assert taken <= 128 * 1024, taken
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    grown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout

    assert int(grown) < 24 * 1024


def test_a_body_longer_than_it_says():
    """Content-Length decides, as in browsers; what follows never becomes the start of the next answer."""

    async def run():
        long = answer(b"<p>Hi and more", content_length="5", connection="keep-alive")
        async with serving({"/a": long, "/b": answer(b"<p>B")}) as server, fetcher(robots=False) as f:
            return [(await f.fetch(Request(url=server.address + path, purpose="page"))).body for path in ("/a", "/b")]

    assert asyncio.run(run()) == [b"<p>Hi", b"<p>B"]


def test_a_server_that_closes_idle_connections():
    """The connection that was kept is gone: the request is sent once more over a new one, and only then."""

    async def run():
        kept = answer(b"<p>A", connection="keep-alive")
        async with serving({"/a": kept, "/b": answer(b"<p>B")}) as server, fetcher(robots=False) as f:

            async def hang_up(seen, writer):
                """Close without a word the second time that this connection is used."""

            await f.fetch(Request(url=server.address + "/a", purpose="page"))
            server.routes["/a"] = hang_up
            try:
                await f.fetch(Request(url=server.address + "/a", purpose="page"))
            except FetchFailed as error:
                reason = error.reason
            server.routes["/a"] = kept
            await f.fetch(Request(url=server.address + "/a", purpose="page"))
            return server.paths(), reason

    paths, reason = asyncio.run(run())
    assert paths == ["/a", "/a", "/a", "/a"]  # kept, broken, once more on a new connection, and the last
    assert reason == CUT_OFF + "(Server disconnected without sending a response.)"


def test_a_name_that_resolves_privately_on_the_second_look(monkeypatch):
    """Public when robots.txt is asked, private for the page: the page is refused, and nothing was sent there."""
    looks = []

    def look_up(host, port, **options):
        if host != "rebind.example":
            return real(host, port, **options)
        if options.get("flags"):
            raise OSError("a name")
        looks.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(looks) == 1 else "10.0.0.1", port))]

    async def run():
        async with serving({"/": answer()}) as server, fetcher(open_hosts=()) as f:
            # The first address stands for a public one; the second is what the guard really says of it.
            says = guard_module.not_public
            monkeypatch.setattr(guard_module, "not_public", lambda ip: None if ip == "127.0.0.1" else says(ip))
            url = server.address.replace("127.0.0.1", "rebind.example") + "/"
            with pytest.raises(FetchRefused) as refused:
                await f.fetch(Request(url=url, purpose="page"))
            return refused.value.reason, server.paths()

    real = guard_module.socket.getaddrinfo
    monkeypatch.setattr(guard_module.socket, "getaddrinfo", look_up)
    reason, paths = asyncio.run(run())
    assert reason == "rebind.example (10.0.0.1) is a private address; open_hosts in [fetch] would allow it"
    assert paths == ["/robots.txt"]


@pytest.mark.parametrize("purpose", ["feed", "page", "image", "hub", "robots", "tdmrep"])
def test_every_purpose_is_guarded(purpose):
    """One door for feeds, pages, pictures, robots.txt and hubs."""
    error, server = ask({"/x": answer()}, "/x", purpose, open_hosts=())

    assert isinstance(error, FetchRefused)
    assert error.reason == "127.0.0.1 is a loopback address; open_hosts in [fetch] would allow it"
    assert server.seen == []


ROBOTS = [
    (
        answer(b"User-agent: *\nDisallow: /x"),
        FetchRefused,
        "{address}/robots.txt forbids /x",
    ),
    (
        answer(b"", "503 Busy"),
        FetchFailed,
        "robots.txt was answered with 503, so nothing else is asked there for now",
    ),
    (
        silent,
        FetchFailed,
        "robots.txt cannot be had (no answer within 0.3 seconds), so nothing else is asked there for now",
    ),
    (
        answer(b"User-agent: *", content_length="99"),
        FetchFailed,
        "robots.txt cannot be had (" + CUT_OFF
        + "(peer closed connection without sending complete message body (received 13 bytes, expected 99))),"
        " so nothing else is asked there for now",
    ),
    (
        answer(gzip.compress(ZEROS), content_encoding="lzma"),
        FetchFailed,
        "robots.txt cannot be had (the answer has a content coding that nobody asked for: lzma),"
        " so nothing else is asked there for now",
    ),
    (
        redirect("http://10.0.0.1/robots.txt"),
        FetchFailed,
        "robots.txt cannot be had (10.0.0.1 is a private address; open_hosts in [fetch] would allow it),"
        " so nothing else is asked there for now",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("route", "kind", "reason"), ROBOTS)
def test_robots_that_forbids_or_is_broken(route, kind, reason):
    """Nothing is asked where robots.txt says so, or where nobody can tell what it says."""
    error, server = ask({"/robots.txt": route, "/x": answer()}, "/x", timeout_seconds=0.3)

    assert type(error) is kind
    assert error.reason == reason.format(address=server.address)
    assert "/x" not in server.paths()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /x", FetchRefused),
        (b"User-agent: *\rDisallow: /x", FetchRefused),
        (b"USER-AGENT : *\r\nDISALLOW : /x # so", FetchRefused),
        (b"Disallow: /x", Page),  # belongs to nobody
        (b"User-agent: *\nDisallow: /\xff\nDisallow: /x", FetchRefused),
        (b"U\0ser-agent: *\nDisal\0low: /x", FetchRefused),
        ("User-agent: *\nDisallow: /x".encode("utf-16"), FetchRefused),
        (b"<html><body>Not found</body></html>", Page),
        (b"User-agent: *\nCrawl-delay: soon\nDisallow: /y", Page),
        (b"User-agent: *\nCrawl-delay: -5\nAllow: /", Page),
        (b"User-agent: *\nDisallow: /*" + b"*a" * 5000, Page),
    ],
)
def test_robots_files_that_are_odd(body, kind):
    """Read as far as they can be."""
    outcome, _ = ask({"/robots.txt": answer(body, content_type="image/png"), "/x": answer()}, "/x")

    assert type(outcome) is kind


@pytest.mark.parametrize(("hops", "kind"), [(5, FetchRefused), (6, FetchFailed)])
def test_robots_redirects(hops, kind):
    """Five hops are followed (RFC 9309, 2.3.1.2), and the rules hold for the host that was asked first."""
    routes = {f"/{n}": redirect(f"/{n + 1}") for n in range(1, hops)}
    routes |= {"/robots.txt": redirect("/1"), f"/{hops}": answer(b"User-agent: *\nDisallow: /x"), "/x": answer()}
    error, _ = ask(routes, "/x")

    assert type(error) is kind


def test_slow_hosts_hold_up_nobody():
    """Twenty hosts that never answer and two slots: forty good hosts are done before the first bad one gives up."""

    async def run():
        bad = [f"127.3.0.{n}" for n in range(1, 21)]
        good = [f"127.3.1.{n}" for n in range(1, 41)]
        hosts = tuple(host for pair in zip(bad, good[:20], strict=True) for host in pair) + tuple(good[20:])

        async def route(seen, writer):
            if seen.headers["host"].startswith("127.3.0."):
                await asyncio.sleep(30)
            writer.write(answer())
            await writer.drain()

        async with serving({"/": route}, "0.0.0.0") as server:
            port = server.address.rpartition(":")[2]
            settings = {"concurrency": 2, "timeout_seconds": 1.5, "open_hosts": hosts, "robots": False}
            async with fetcher(**settings) as f:
                return await collect(f, [Request(url=f"http://{h}:{port}/", purpose="page") for h in hosts])

    outcomes = [outcome for _, outcome in asyncio.run(run())]
    assert [isinstance(outcome, Page) for outcome in outcomes] == [True] * 40 + [False] * 20


def test_slow_names_hold_up_nobody(monkeypatch):
    """Hosts whose names take for ever to look up leave the resolver to others."""
    release = threading.Event()
    real = guard_module.socket.getaddrinfo

    def look_up(host, port, **options):
        if host.endswith(".example"):
            if options.get("flags"):
                raise OSError("a name")
            release.wait(20)
            raise OSError("nobody knows it")
        return real(host, port, **options)

    async def run():
        async with serving({"/": answer()}) as server, fetcher(concurrency=2, timeout_seconds=1, robots=False) as f:
            urls = [f"http://{n}.example/" for n in range(40)] + [server.address + "/"]
            return await collect(f, [Request(url=url, purpose="page") for url in urls])

    monkeypatch.setattr(guard_module.socket, "getaddrinfo", look_up)
    try:
        found = asyncio.run(run())
    finally:
        release.set()
    pages = [outcome for _, outcome in found if isinstance(outcome, Page)]
    assert len(pages) == 1
    assert {outcome.reason for _, outcome in found if not isinstance(outcome, Page)} == {"no answer within 1 seconds"}


def test_large_answers_wait_on_disk():
    """What comes whole comes whole, however large."""
    body = bytes(range(256)) * 8192
    page, _ = ask({"/x": answer(body)}, "/x", robots=False)

    assert page.body == body


def test_a_handshake_without_end_leaves_no_connection_behind():
    """A host that takes connections and never speaks TLS costs its time, and no open file afterwards."""

    async def run():
        hung_up = asyncio.Event()

        async def listen(reader, writer):
            await reader.read()  # our greeting, and then the end
            hung_up.set()
            writer.close()

        silent_server = await asyncio.start_server(listen, "127.0.0.1", 0)
        port = silent_server.sockets[0].getsockname()[1]
        async with silent_server, fetcher(robots=False, timeout_seconds=0.3) as f:
            with pytest.raises(FetchFailed, match=r"no answer within 0\.3 seconds"):
                await f.fetch(Request(url=f"https://127.0.0.1:{port}/", purpose="page"))
            async with asyncio.timeout(5):
                await hung_up.wait()

    asyncio.run(run())


def test_a_host_that_wants_a_pause_says_so_with_its_robots_too():
    """Retry-After of robots.txt holds for what was wanted there."""
    error, _ = ask({"/robots.txt": answer(b"", "503 Busy", retry_after="7200"), "/x": answer()}, "/x")

    assert error.reason == "robots.txt was answered with 503, so nothing else is asked there for now"
    assert error.retry_after > timedelta(seconds=7100)
