"""What publishers reserve in /.well-known/tdmrep.json."""

import asyncio
import json
from datetime import timedelta

import pytest
from fetch_server import answer, serving
from hypothesis import given
from hypothesis import strategies as st
from test_wiredesk_fetcher import NOW, ask, collect, fetcher

from wiredesk.fetch import Hosts, Request
from wiredesk.fetch.tdmrep import PATH, read_tdmrep
from wiredesk.optouts import opt_outs

RULES = [
    {"location": "/", "tdm-reservation": 0},
    {"location": "/articles/*", "tdm-reservation": 1, "tdm-policy": "https://paper.example/policy.json"},
    {"location": "/articles/free/", "tdm-reservation": 0},
    {"location": "/*.pdf$", "tdm-reservation": "1"},
]


def reserved(rules, path):
    return read_tdmrep(200, json.dumps(rules).encode()).headers(path)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", ()),
        ("/other", ()),
        (
            "/articles/1",
            (("wiredesk-tdm-reservation", "1"), ("wiredesk-tdm-policy", "https://paper.example/policy.json")),
        ),
        ("/articles/free/1", ()),
        ("/a/b.pdf", (("wiredesk-tdm-reservation", "1"),)),
        ("/a/b.pdfx", ()),
        ("/a.pdf/b.pdf", (("wiredesk-tdm-reservation", "1"),)),
    ],
)
def test_the_longest_rule_decides(path, found):
    """As in robots.txt."""
    assert reserved(RULES, path) == found


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{}", b"[1, null, []]", b'[{"location": 3}]', b"[" * 100_000, b'[{"location": "articles"}]'],
)
def test_what_is_no_such_file_reserves_nothing(body):
    """Most sites answer with something else."""
    assert read_tdmrep(200, body).rules == ()
    assert read_tdmrep(404, json.dumps(RULES).encode()).rules == ()


@given(st.text(alphabet="/a*$", max_size=60), st.text(alphabet="/a", max_size=60))
def test_patterns_mean_what_they_say(pattern, path):
    """`*` is anything, a last `$` the end; compared with the plain definition."""

    def fits(pattern, path, end):
        if not pattern:
            return not end or not path
        if pattern[0] == "*":
            return any(fits(pattern[1:], path[n:], end) for n in range(len(path) + 1))
        return path[:1] == pattern[0] and fits(pattern[1:], path[1:], end)

    pattern = "/" + pattern[:12]
    end = pattern.endswith("$")
    expected = fits(pattern.removesuffix("$"), path[:12], end)

    assert bool(reserved([{"location": pattern, "tdm-reservation": 1}], path[:12])) == expected


def test_a_hostile_pattern_costs_no_time():
    """Hundreds of stars are looked at once each."""
    assert reserved([{"location": "/" + "*a" * 240 + "b", "tdm-reservation": 1}], "/" + "a" * 8000) == ()


def test_the_page_carries_it():
    """As a header behind those that were sent, so that its capture holds it; a feed does not ask."""
    routes = {PATH: answer(json.dumps(RULES).encode()), "/articles/1": answer(), "/feed": answer()}
    page, server = ask(routes, "/articles/1", tdmrep=True)
    assert page.headers[-2:] == reserved(RULES, "/articles/1")
    assert opt_outs(page.headers) == ("tdm-reservation",)
    assert server.paths() == ["/robots.txt", "/articles/1", PATH]

    feed, server = ask(routes, "/feed", "feed", tdmrep=True)
    assert feed.header("wiredesk-tdm-reservation") is None
    assert server.paths() == ["/robots.txt", "/feed"]


@pytest.mark.parametrize(
    ("settings", "routes"),
    [({"tdmrep": False}, {}), ({}, {"/robots.txt": answer(b"User-agent: *\nDisallow: /.well-known/")})],
)
def test_it_is_not_asked_where_that_is_not_wanted(settings, routes):
    """By the owner of this site, or by the publisher's robots.txt."""
    page, server = ask({"/1": answer(), **routes}, "/1", **{"tdmrep": True} | settings)

    assert page.body == b"<p>Hi"
    assert PATH not in server.paths()


def test_it_is_asked_once_a_day_and_host():
    """However many pages there are, and also where the file cannot be had."""
    now = [NOW]

    async def run():
        hosts = Hosts()
        routes = {"/1": answer(), "/2": answer(), PATH: b"nonsense\r\n\r\n"}
        async with serving(routes) as server:
            for _ in range(2):
                async with fetcher(hosts, tdmrep=True, clock=lambda: now[0]) as f:
                    requests = [Request(url=f"{server.address}/{n}", purpose="page") for n in (1, 2)]
                    assert len(await collect(f, requests)) == 2
            once = server.paths().count(PATH), server.paths().count("/robots.txt")
            now[0] += timedelta(hours=24)
            async with fetcher(hosts, tdmrep=True, clock=lambda: now[0]) as f:
                await collect(f, requests)
            return once, (server.paths().count(PATH), server.paths().count("/robots.txt"))

    assert asyncio.run(run()) == ((1, 1), (2, 2))
