"""Bot walls, logins and payment: named for what they are."""

import httpx2
import pytest
from fetch_server import answer
from hypothesis import given
from hypothesis import strategies as st
from test_wiredesk_fetcher import ask

from wiredesk.errors import FetchFailed, FetchRefused
from wiredesk.fetch.walls import login_page, wall
from wiredesk.records import Page

LET_IN = "the site does not let us in: "
CHALLENGES = [
    ("403 F", {"cf_mitigated": "challenge"}, b"", f"{LET_IN}403 Forbidden, a bot wall (Cloudflare)"),
    (
        "403 F",
        {"server": "cloudflare"},
        b"<title>Just a moment...</title>",
        f"{LET_IN}403 Forbidden, a bot wall (Cloudflare)",
    ),
    (
        "503 B",
        {"server": "cloudflare"},
        b"<script src=/cdn-cgi/challenge-platform/x>",
        "answered 503 Service Unavailable: a bot wall (Cloudflare)",
    ),
    (
        "202 A",
        {"x_amzn_waf_action": "challenge"},
        b"x",
        f"{LET_IN}202 Accepted, a bot wall (AWS WAF)",
    ),
    (
        "429 S",
        {"x_datadome": "protected"},
        b"<script src=https://geo.captcha-delivery.com>",
        "answered 429 Too Many Requests: a bot wall (DataDome)",
    ),
    ("403 F", {}, b"<div id='px-captcha'>", f"{LET_IN}403 Forbidden, a bot wall (HUMAN)"),
    ("403 F", {}, b"Incapsula incident ID: 7", f"{LET_IN}403 Forbidden, a bot wall (Imperva)"),
    (
        "403 F",
        {"server": "AkamaiGHost"},
        b"<H1>Access Denied</H1>",
        f"{LET_IN}403 Forbidden, a bot wall (Akamai)",
    ),
    ("403 F", {}, b"<div class='g-recaptcha'>", f"{LET_IN}403 Forbidden, a bot wall"),
    ("403 F", {"server": "cloudflare"}, b"Members only", f"{LET_IN}403 Forbidden"),
    ("401 U", {"www_authenticate": "Basic"}, b"", f"{LET_IN}401 Unauthorized, it asks for a login"),
    ("402 P", {}, b"", f"{LET_IN}402 Payment Required, it asks for payment"),
    ("451 L", {}, b"", f"{LET_IN}451 Unavailable For Legal Reasons"),
]


@pytest.mark.parametrize(("status", "headers", "body", "reason"), CHALLENGES)
def test_walls_are_named(status, headers, body, reason):
    """Asked once, reported, and left at that."""
    error, server = ask({"/x": answer(body, status, **headers)}, "/x", robots=False)

    assert type(error) is (FetchFailed if status[:3] in ("429", "503") else FetchRefused)
    assert error.reason == reason
    assert server.paths() == ["/x"]


def test_a_page_that_speaks_of_walls_is_a_page():
    """What a 200 says of itself is for extraction to judge."""
    page, _ = ask({"/x": answer(b"<p>How a g-recaptcha and cf-chl- work", server="cloudflare")}, "/x", robots=False)

    assert isinstance(page, Page)


@pytest.mark.parametrize(
    ("asked", "final", "what"),
    [
        ("https://paper.example/1", "https://paper.example/login?next=/1", "a login page"),
        ("https://paper.example/1", "https://login.paper.example/", "a login page"),
        ("https://paper.example/1", "https://paper.example/user/signin.php", "a login page"),
        ("https://paper.example/login", "https://paper.example/login/", None),
        ("https://paper.example/1", "https://paper.example/how-to-login-safely", None),
        ("https://paper.example/1", "https://consent.paper.example/collect", "a consent page"),
        ("https://paper.example/1", "https://paper.example/1/", None),
    ],
)
def test_redirects_to_a_login(asked, final, what):
    """Only where nobody asked for a login page."""
    assert login_page(asked, httpx2.URL(final)) == what


@given(st.integers(100, 599), st.lists(st.tuples(st.text(), st.text())), st.binary())
def test_nothing_breaks_it(status, headers, body):
    """Whatever a server sends."""
    found = wall(status, headers, body)

    assert found is None or found.startswith(("a bot wall", "it asks for "))
