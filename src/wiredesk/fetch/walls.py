"""Walls against machines, logins and payment: recognised so that they can be reported, never to get around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import httpx2

LOOK_AT = 64 * 1024  # bytes of a refusal that are looked at


class _Sign(NamedTuple):
    service: str
    headers: re.Pattern[str]  # of "name: value" lines in lower case; proof by itself
    server: re.Pattern[str]  # of such lines; proof together with `body`
    body: re.Pattern[bytes]


def _sign(service: str, headers: str = "(?!)", server: str = "", body: bytes = b"(?!)") -> _Sign:
    return _Sign(service, re.compile(headers, re.M), re.compile(server, re.M), re.compile(body, re.I))


# What these services' own documentation says of their answers, or what every one of their refusals holds.
_SIGNS = (
    _sign("Cloudflare", r"^cf-mitigated: challenge", body=rb"cf-chl-|/cdn-cgi/challenge-platform/|cf-error-details"),
    _sign("Cloudflare", server="^server: cloudflare", body=rb"just a moment|attention required|error code: 1\d\d\d"),
    _sign("AWS WAF", r"^x-amzn-waf-action: (?:challenge|captcha)", body=rb"awswafcookiedomainlist|\bgokuprops\b"),
    _sign("DataDome", r"^x-(?:datadome|dd-b)\b|^set-cookie: datadome=", body=rb"captcha-delivery\.com"),
    _sign("HUMAN", r"^x-px-\w", body=rb"px-captcha|_pxappid"),
    _sign("Imperva", body=rb"_incapsula_resource|incapsula incident id"),
    _sign("Akamai", server="^server: akamaighost", body=rb"access denied"),
    _sign("Akamai", body=rb"errors\.edgesuite\.net"),
    _sign("Kasada", r"^x-kpsdk-", body=rb"/149e9513-01fa-4fb0-aad4-566afd725d1b/"),
    _sign("Sucuri", r"^x-sucuri-block:", body=rb"sucuri website firewall"),
    _sign("Vercel", r"^x-vercel-mitigated: (?:challenge|deny)"),
    _sign("DDoS-Guard", server="^server: ddos-guard", body=rb"ddos-guard|checking your browser"),
    _sign("F5", body=rb"the requested url was rejected\. please consult with your administrator"),
    _sign("Anubis", body=rb"techaro\.lol|anubis_challenge|making sure you(?:'|&#39;)re not a bot"),
)
_ANY = re.compile(
    rb"g-recaptcha|h-captcha|hcaptcha\.com/1/api|cf-turnstile|verify (?:that )?you are (?:a )?human"
    rb"|are you a (?:robot|human)|unusual traffic from your",
    re.I,
)
_LOGIN = frozenset({"login", "log-in", "signin", "sign-in", "logon", "sso", "anmelden", "einloggen", "connexion"})
_LOGIN_HOSTS = ("login.", "signin.", "sso.", "auth.", "accounts.", "konto.")


def wall(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> str | None:
    """Return what stands in the way, as in "a bot wall (Cloudflare)"; None where nothing tells.

    With a 2xx only headers count that the service sets on nothing but a challenge: what a page's text says of itself
    is for extraction to judge.
    """
    lines = "\n".join(f"{name.lower()}: {value.strip().lower()}" for name, value in headers)
    refusal = not 200 <= status < 300
    start = body[:LOOK_AT]
    for sign in _SIGNS:
        if sign.headers.search(lines) and (refusal or "mitigated" in lines or "waf-action" in lines):
            return f"a bot wall ({sign.service})"
        if refusal and sign.server.search(lines) and sign.body.search(start):
            return f"a bot wall ({sign.service})"
    if not refusal:
        return None
    if _ANY.search(start):
        return "a bot wall"
    if status == 401:
        return "it asks for a login"
    return "it asks for payment" if status == 402 else None


def login_page(asked: str, final: httpx2.URL) -> str | None:
    """Return what a redirect led to instead of the page, as in "a login page"; None where it led to no such place."""
    if _is_login(final) and not _is_login(httpx2.URL(asked)):
        return "a login page"
    if final.host.startswith("consent.") and not httpx2.URL(asked).host.startswith("consent."):
        return "a consent page"
    return None


def _is_login(url: httpx2.URL) -> bool:
    last = url.path.rstrip("/").rpartition("/")[2].lower()
    return last.partition(".")[0] in _LOGIN or url.host.startswith(_LOGIN_HOSTS)
