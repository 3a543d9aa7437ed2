"""A page -> the feeds that its site offers, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from wiredesk.errors import UnreadableError
from wiredesk.records import Page
from wiredesk.sources.feeds import parse_feed
from wiredesk.text import collapse, shorten
from wiredesk.urls import registrable_domain, resolve

CandidateKind = Literal["rss", "atom", "rdf", "cdf", "json", "unknown"]

_TYPES: dict[str, CandidateKind] = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/rdf+xml": "rdf",
    "application/feed+json": "json",
    "application/json": "json",
    "application/xml": "unknown",
    "text/xml": "unknown",
}
_GUESSES = ("feed", "rss.xml", "feed.xml", "atom.xml", "rss", "index.xml", "feed.json", "feeds/all.atom.xml")
_LOOKS_LIKE_FEED = re.compile(
    r"(?:^|[/._?=&-])(?:rss\d?|atom|feeds?|rdf)(?:[/._?=&-]|$)|\.(?:rss|atom|rdf)$|feed\.json$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comments?|kommentare?|commentaires?|replies|comentarios", re.IGNORECASE)
_PART = re.compile(
    r"(?:^|[/?&_.-])(?:category|categories|cat|tags?|author|authors|topics?|label|search)(?:[/=&_.-]|$)", re.I
)
_AUDIO = re.compile(r"podcast|\bepisodes?\b", re.IGNORECASE)
_MOST = 100  # candidates from one page
_API = re.compile(r"/wp-json/|oembed", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address where a feed may be."""

    url: str
    title: str = ""  # as the page names it; may be empty
    kind: CandidateKind = "unknown"
    score: int  # 0-100; higher is likelier to be the site's main feed
    reason: str  # one sentence for people
    guess: bool = False  # nobody named it: a common path, to be tried


def discover(page: Page) -> tuple[Candidate, ...]:
    """Return the feeds that `page` is or names, best first; then common paths of its site, marked as guesses.

    A page that is a feed gives itself alone.  Feeds of comments, of one category or tag, and of other sites stand
    below the main feed.  Equal scores keep the order of the page.
    """
    try:
        feed = parse_feed(page)
    except UnreadableError:
        pass
    else:
        reason = "The address is a feed itself."
        return (Candidate(url=page.final_url, title=feed.title, kind=feed.kind, score=100, reason=reason),)
    found: dict[str, Candidate] = {}
    for candidate in (*_named(page), *_guessed(page)):
        known = found.get(candidate.url)
        if known is None or candidate.score > known.score:
            found[candidate.url] = candidate
    return tuple(sorted(found.values(), key=lambda candidate: -candidate.score))


def _named(page: Page) -> list[Candidate]:
    try:
        document = document_fromstring(page.body, parser=HTMLParser(encoding=_charset(page)))
    except (etree.LxmlError, ValueError, LookupError):
        return []
    base = page.final_url
    for element in document.iter("base"):
        base = resolve(page.final_url, element.get("href") or "") or base
        break
    found = [*_links(document, base), *_anchors(document, base)]
    return [_ranked(page, candidate) for candidate in found[:_MOST]]


def _charset(page: Page) -> str | None:
    """Return the charset that the headers name; without one lxml looks into the page."""
    sent = re.search(r"charset=[\"']?([\w.:-]+)", page.header("content-type") or "", re.IGNORECASE)
    return sent[1] if sent else None


def _links(document: HtmlElement, base: str) -> Iterator[Candidate]:
    for element in document.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        kind = _TYPES.get((element.get("type") or "").split(";")[0].strip().lower())
        url = resolve(base, element.get("href") or "")
        # `application/json` is also how WordPress announces its API, which is no feed.
        if url and kind and ({"alternate", "feed"} & set(rel)) and not _API.search(url):
            score = 90 if kind in {"rss", "atom"} else 85 if kind in {"json", "rdf"} else 60
            title = shorten(element.get("title") or "", 200)
            yield Candidate(url=url, title=title, kind=kind, score=score, reason="The page announces it as its feed.")


def _anchors(document: HtmlElement, base: str) -> Iterator[Candidate]:
    for element in document.iter("a"):
        url = resolve(base, element.get("href") or "")
        if not url:
            continue
        parts = urlsplit(url)
        if _LOOKS_LIKE_FEED.search(parts.path) or _LOOKS_LIKE_FEED.search("?" + parts.query):
            title = shorten(collapse("".join(element.itertext())) or element.get("title") or "", 200)
            reason = "The page links to it, and its address looks like a feed."
            yield Candidate(url=url, title=title, score=50, reason=reason)


def _ranked(page: Page, candidate: Candidate) -> Candidate:
    """Lower what is a feed, but hardly the site's main one."""
    path = unquote(urlsplit(candidate.url).path + "?" + urlsplit(candidate.url).query)
    doubts = []
    if _COMMENTS.search(path) or _COMMENTS.search(candidate.title):
        doubts.append((45, "It carries comments."))
    if _PART.search(path):
        doubts.append((20, "It carries one category or tag."))
    if _AUDIO.search(path) or _AUDIO.search(candidate.title):
        doubts.append((15, "It seems to be a podcast."))
    if not _same_site(page.final_url, candidate.url):
        doubts.append((10, "It is on another site."))
    score = max(1, candidate.score - sum(points for points, _ in doubts))
    return replace(candidate, score=score, reason=" ".join([candidate.reason, *(why for _, why in doubts)]))


def _same_site(one: str, other: str) -> bool:
    try:
        return registrable_domain(one) == registrable_domain(other)
    except ValueError:
        return False


def _guessed(page: Page) -> Iterator[Candidate]:
    """Common paths: below the page where it is a section, then at the root of its site."""
    parts = urlsplit(page.final_url)
    folder = parts.path.rpartition("/")[0] + "/"
    for place, points in dict.fromkeys(((folder, 10), ("/", 10 if folder == "/" else 9))):
        for number, name in enumerate(_GUESSES):
            if url := resolve(page.final_url, place + name):
                reason = f"Nobody names it; many sites have their feed at {place}{name}."
                yield Candidate(url=url, score=max(1, points - number), reason=reason, guess=True)
