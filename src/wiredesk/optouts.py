"""What publishers do not want done with their pages: one small vocabulary for headers and meta tags.  Pure.

Sources: Google's and Bing's documentation of robots meta tags and X-Robots-Tag; `noai` and `noimageai` as DeviantArt
proposed them in 2022; TDM Reservation Protocol of the W3C community group.

The words are unions: what one header, tag or file forbids, no other allows again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

OPT_OUTS = ("noindex", "noarchive", "nosnippet", "noai", "noimageai", "tdm-reservation")
"""The vocabulary, in the order in which it is given."""

AGENT = "wiredesk"
META_NAMES = frozenset({"robots", AGENT, "tdm-reservation"})
"""Names of meta tags that `opt_outs_of_meta` reads, in lower case."""

_MEANS = {
    **{word: (word,) for word in OPT_OUTS if word != "tdm-reservation"},
    "none": ("noindex",),  # noindex, nofollow
    "nocache": ("noarchive",),  # Bing's word for it
    "max-snippet:0": ("nosnippet",),
}
_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_NAME = re.compile(r"[A-Za-z*][\w*/.-]*")
_RESERVED = frozenset({"tdm-reservation", "wiredesk-tdm-reservation"})  # the second: see wiredesk.fetch.tdmrep


def opt_outs(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the opt-outs that the headers of an answer name, for everybody or for us.

    `X-Robots-Tag` is read with and without agent names ("otherbot: noindex" is not ours), `TDM-Reservation`, and the
    headers that fetching adds for what /.well-known/tdmrep.json reserves.
    """
    found: set[str] = set()
    for name, value in headers:
        match name.lower():
            case "x-robots-tag":
                found.update(_meant(_for_us(value)))
            case reserved if reserved in _RESERVED and value.strip() == "1":
                found.add("tdm-reservation")
    return in_order(found)


def opt_outs_of_meta(name: str, content: str) -> tuple[str, ...]:
    """Return the opt-outs of `<meta name=… content=…>`; none where the name is not one of META_NAMES."""
    match name.strip().lower():
        case "robots" | "wiredesk":
            return in_order(_meant(content.split(",")))
        case "tdm-reservation" if content.strip() == "1":
            return ("tdm-reservation",)
    return ()


def in_order(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words of the vocabulary that are among `words`, each once, in its order."""
    found = set(words)
    return tuple(word for word in OPT_OUTS if word in found)


def _for_us(value: str) -> Iterator[str]:
    """Give the rules of an X-Robots-Tag that hold for us; an agent's name holds until the next one."""
    agent = "*"
    for rule in value.split(","):
        before, colon, after = rule.partition(":")
        before = before.strip()
        if colon and before.lower() not in _WITH_VALUE and _NAME.fullmatch(before):
            agent, rule = before.lower(), after
        if agent in ("*", AGENT):
            yield rule


def _meant(rules: Iterable[str]) -> Iterator[str]:
    for rule in rules:
        yield from _MEANS.get("".join(rule.lower().split()), ())
