"""Posting to WebSub hubs."""

import asyncio

import pytest
from fetch_server import answer, redirect, serving
from test_wiredesk_fetcher import fetcher

from wiredesk.errors import FetchError, FetchFailed, FetchGone, FetchRefused
from wiredesk.fetch import Request
from wiredesk.records import Page

FORM = (("hub.mode", "subscribe"), ("hub.topic", "https://paper.example/feed?a=1&b=ü"))


def post(routes, **settings):
    async def run():
        async with serving(routes) as server, fetcher(**settings) as f:
            request = Request(url=server.address + "/hub", purpose="hub", form=FORM)
            try:
                return await f.fetch(request), server
            except FetchError as error:
                return error, server

    return asyncio.run(run())


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "204 No Content"])
def test_a_form_is_posted(status):
    """Any 2xx is success, also an empty one; robots.txt is not asked: a hub is there to be called."""
    page, server = post({"/hub": answer(b"", status)})

    assert isinstance(page, Page)
    (seen,) = server.seen
    assert (seen.method, seen.path) == ("POST", "/hub")
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
    assert seen.body == b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fpaper.example%2Ffeed%3Fa%3D1%26b%3D%C3%BC"


@pytest.mark.parametrize(
    ("route", "kind", "reason"),
    [
        (
            answer(b"topic is\n not  ours", "400 Bad Request"),
            FetchFailed,
            "the hub answered 400 Bad Request: topic is not ours",
        ),
        (answer(b"", "422 Unprocessable Entity"), FetchFailed, "the hub answered 422 Unprocessable Entity"),
        (redirect("/other"), FetchFailed, "the hub answered 302 Found; a hub's redirects are not followed"),
        (
            redirect("/other", "307 x"),
            FetchFailed,
            "the hub answered 307 Temporary Redirect; a hub's redirects are not followed",
        ),
        (answer(b"", "403 Forbidden"), FetchRefused, "the site does not let us in: 403 Forbidden"),
        (answer(b"", "410 Gone"), FetchGone, "answered 410 Gone"),
        (
            answer(b"", "503 x", retry_after="90"),
            FetchFailed,
            "answered 503 Service Unavailable; it asks us to come back in 90 seconds",
        ),
    ],
)
def test_what_a_hub_refuses(route, kind, reason):
    """With its own words, where it has some."""
    error, server = post({"/hub": route, "/other": answer()})

    assert type(error) is kind
    assert error.reason == reason
    assert server.paths() == ["/hub"]


def test_hubs_are_guarded():
    """A feed that names a private address as its hub cannot make us post there."""
    error, server = post({"/hub": answer()}, open_hosts=())

    assert isinstance(error, FetchRefused)
    assert error.reason == "127.0.0.1 is a loopback address; open_hosts in [fetch] would allow it"
    assert server.seen == []
