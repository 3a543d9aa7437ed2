"""HTTP/2 where it is offered: a real server, TLS, and what can go wrong."""

import asyncio
import gzip

import pytest
from http2_server import serving_http2
from test_wiredesk_fetcher import fetcher

from wiredesk.errors import FetchError, FetchFailed
from wiredesk.fetch import Request

HTML = [(":status", "200"), ("content-type", "text/html")]
ANSWERS = {
    "/": ([*HTML, ("content-encoding", "gzip"), ("etag", '"1"')], gzip.compress(b"<p>Hi")),
    "/next": (HTML, b"<p>Next"),
    "/reset": (HTML, b"<p>Half"),
    "/short": ([*HTML, ("content-length", "999")], b"<p>Half"),
    "/flood": ([*HTML, *[(f"x-{n}", "y" * 1000) for n in range(80)]], b"<p>Hi"),
    "/moved": ([(":status", "301"), ("location", "/next")], b""),
}


def ask(folder, *paths):
    async def run():
        async with serving_http2(ANSWERS, folder) as server, fetcher(tls=server.trust(), robots=False) as f:
            found = []
            for path in paths:
                try:
                    found.append(await f.fetch(Request(url=server.address + path, purpose="page")))
                except FetchError as error:
                    found.append(error)
            return found, server

    return asyncio.run(run())


def test_pages_come_over_one_connection(tmp_path):
    """Asked for under our name, unpacked, and the connection serves again."""
    (first, second, third), server = ask(tmp_path, "/", "/next", "/moved")

    assert (first.body, first.header("etag"), second.body, third.body) == (b"<p>Hi", '"1"', b"<p>Next", b"<p>Next")
    assert third.moved_to == server.address + "/next"
    assert server.connections == 1
    assert server.asked[0]["user-agent"].startswith("Wiredesk/")
    assert server.asked[0][":authority"] == server.address.removeprefix("https://")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/reset", "the answer was cut off or is no HTTP ("),
        ("/short", "the answer was cut off or is no HTTP ("),
        ("/goaway", "the answer was cut off or is no HTTP ("),
        ("/flood", "its headers are larger than anybody needs"),
    ],
)
def test_broken_answers(tmp_path, path, reason):
    """What is no whole answer never becomes a page, and the next request is none the worse for it."""
    (error, after), _ = ask(tmp_path, path, "/next")

    assert isinstance(error, FetchFailed)
    assert error.reason.startswith(reason)
    assert after.body == b"<p>Next"
