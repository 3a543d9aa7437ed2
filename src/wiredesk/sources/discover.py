"""A page -> the places of its site that may be asked for news, best first; and how good each is, by what it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, islice
from statistics import median
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from wiredesk.errors import UnreadableError
from wiredesk.records import Page, WireItem
from wiredesk.sources.feeds import parse_feed
from wiredesk.sources.markup import text_of
from wiredesk.text import shorten
from wiredesk.urls import canonical, host_of, registrable_domain, resolve

CandidateKind = Literal["rss", "atom", "rdf", "cdf", "json", "unknown"]

_TYPES: dict[str, CandidateKind] = {
    "application/rss+xml": "rss",
    "application/rss": "rss",
    "application/x-rss+xml": "rss",
    "text/rss+xml": "rss",
    "text/rss": "rss",
    "application/atom+xml": "atom",
    "application/x-atom+xml": "atom",
    "application/atom": "atom",
    "text/atom+xml": "atom",
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
_SERVICES = re.compile(  # that serve the feeds of others: theirs counts as the site's own
    r"(?:^|\.)(?:feedburner\.com|feedburner\.google\.com|feedpress\.(?:me|it)|feedproxy\.google\.com|feedblitz\.com"
    r"|rss\.app|follow\.it)$"
)
_ASKS_TO_SUBSCRIBE = re.compile(r"subscri|addtogoogle|fusion/add|add-?feed|myyahoo|feedly\.com|/i/subscription", re.I)
_COMMENTS = re.compile(r"comments?|kommentare?|commentaires?|replies|comentarios", re.IGNORECASE)
_PART = re.compile(
    r"(?:^|[/?&_.-])(?:category|categories|cat|tags?|author|authors|topics?|label|search)(?:[/=&_.-]|$)", re.I
)
_AUDIO = re.compile(r"podcast|\bepisodes?\b", re.IGNORECASE)
_API = re.compile(r"/wp-json/|oembed|/xmlrpc\.php|opensearch|manifest\.json", re.IGNORECASE)
_MOST = 100  # candidates from one page
_FULL_TEXT = 1_500  # characters of markup from which an entry carries its article and no teaser


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address where a feed may be."""

    url: str
    title: str = ""  # as the page names it; may be empty
    kind: CandidateKind = "unknown"
    score: int  # 0-100; higher is likelier to be the site's main feed
    reason: str  # one sentence for people
    guess: bool = False  # nobody named it: a common path, to be tried
    comments: bool = False  # its name or address says that it carries comments


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How good a place is to be asked for news, by what it holds."""

    worth: int  # 0-100
    reasons: tuple[str, ...] = ()  # phrases for people, what speaks for it first
    doubts: tuple[str, ...] = ()  # phrases: what speaks against it
    comments: bool = False  # what it holds are comments, no news


def discover(page: Page) -> tuple[Candidate, ...]:
    """Return the feeds that `page` is or names, best first; then common paths of its site, marked as guesses.

    A page that is a feed gives itself alone.  Feeds of comments, of one category or tag, of another language and of
    other sites stand below the main feed.  Equal scores keep the order of the page.  Where the platform tells the
    address (YouTube, Reddit, Mastodon, Medium, Substack, WordPress, Ghost, …), that address is among them.
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


def page_links(page: Page) -> frozenset[str]:
    """Return the canonical addresses that a page links to, at most 5,000; empty where it is no HTML."""
    document = _document(page)
    if document is None:
        return frozenset()
    base = _base(page, document)
    found: set[str] = set()
    for element in document.iter("a"):
        if url := resolve(base, element.get("href") or ""):
            try:
                found.add(canonical(url))
            except ValueError:
                continue
        if len(found) >= 5_000:
            break
    return frozenset(found)


def page_title(page: Page) -> str:
    """Return what a page calls itself: `og:site_name`, else its title; empty where it is no HTML."""
    document = _document(page)
    if document is None:
        return ""
    for element in document.iter("meta"):
        if (element.get("property") or "").lower() == "og:site_name" and (element.get("content") or "").strip():
            return shorten(element.get("content") or "", 200)
    return shorten(document.findtext(".//title") or "", 200)


def judge(items: Sequence[WireItem], page: Page, links: frozenset[str], *, hub: bool = False) -> Verdict:
    """Tell how well `items`, found at one place, serve as the news of the site of `page`.

    Args:
        items: As the place lists them.
        page: The page that somebody named; its time is "now".
        links: The addresses that it links to (`page_links`).
        hub: The place tells a WebSub hub, which pushes what is new.

    What counts: items that the page itself links to and that belong to its site, how many there are, how new the
    newest is, full texts, dates.  Comments count against it most.
    """
    if not items:
        return Verdict(worth=0, doubts=("it holds nothing",))
    worth = 40.0
    reasons: list[str] = []
    doubts: list[str] = []
    total = len(items)
    own = sum(_same_site(item.url, page.final_url) for item in items)
    linked = sum(_canonical(item.url) in links for item in items)
    if linked:
        worth += 25 * min(1.0, linked / min(total, 10))
        reasons.append(f"{linked} of its {total} items are linked from the page")
    elif links:
        doubts.append("the page links to none of its items")
    if own * 2 < total:
        # Link blogs and aggregators do that too, so it is no verdict by itself.
        worth -= 15
        doubts.append(f"{total - own} of {total} items lead to other sites")
    if total < 3:
        worth -= 10
        doubts.append("it holds only one item" if total == 1 else "it holds only two items")
    else:
        worth += min(6.0, total / 3)
    worth += _freshness(items, page, reasons, doubts)
    full = sum(len(item.content_html or "") >= _FULL_TEXT for item in items)
    if full * 2 >= total:
        worth += 8
        reasons.append("it carries full texts")
    if hub:
        worth += 5
        reasons.append("a hub tells of news at once")
    if comments := _are_comments(items):
        worth -= 60
        doubts.append("its items are comments")
    return Verdict(
        worth=max(1, min(100, round(worth))), reasons=tuple(reasons), doubts=tuple(doubts), comments=comments
    )


def _freshness(items: Sequence[WireItem], page: Page, reasons: list[str], doubts: list[str]) -> float:
    dates = [moment for item in items if (moment := item.published_at or item.updated_at)]
    if not dates:
        doubts.append("its items have no dates")
        return -3
    age = page.fetched_at - max(dates)
    if age < timedelta(days=3):
        reasons.append("the newest is from today" if age < timedelta(days=1) else f"the newest is {_days(age)} old")
        return 12
    if age < timedelta(days=60):
        reasons.append(f"the newest is {_days(age)} old")
        return 6
    doubts.append(f"the newest is {_days(age)} old")
    return -10


def _days(age: timedelta) -> str:
    days = age.days
    if days < 60:
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{days // 30} months" if days < 730 else f"{days // 365} years"


def _are_comments(items: Sequence[WireItem]) -> bool:
    marked = sum(
        "#comment" in item.url or bool(re.match(r"(?:Comment on|By:|Re:|Kommentar zu|Commentaires? sur)\s", item.title))
        for item in items
    )
    return marked * 2 > len(items)


def _canonical(url: str) -> str:
    try:
        return canonical(url)
    except ValueError:
        return url


# --- what the page names ----------------------------------------------------------------------------------------


def _named(page: Page) -> list[Candidate]:
    document = _document(page)
    if document is None:
        return [_ranked(page, "", candidate) for candidate in _by_address(page.final_url)]
    base = _base(page, document)
    language = (document.get("lang") or "").lower()[:2]
    found = chain(
        _links(document, base),
        _by_address(page.final_url),
        _by_platform(document, base),
        _anchors(document, base),
        _in_data(document, base),
    )
    return _mains_first([_ranked(page, language, candidate) for candidate in islice(found, _MOST)])


def _document(page: Page) -> HtmlElement | None:
    try:
        return document_fromstring(page.body, parser=HTMLParser(encoding=_charset(page)))
    except (etree.LxmlError, ValueError, LookupError):
        return None


def _charset(page: Page) -> str | None:
    """Return the charset that the headers name; without one lxml looks into the page."""
    sent = re.search(r"charset=[\"']?([\w.:-]+)", page.header("content-type") or "", re.IGNORECASE)
    return sent[1] if sent else None


def _base(page: Page, document: HtmlElement) -> str:
    element = next(document.iter("base"), None)
    return (resolve(page.final_url, element.get("href") or "") if element is not None else None) or page.final_url


def _links(document: HtmlElement, base: str) -> Iterator[Candidate]:
    """Read <link>: also those with a wrong or no type whose address looks like a feed, or that say `rel=feed`."""
    for element in document.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        if not {"alternate", "feed"} & set(rel):
            continue
        url = resolve(base, _without_feed_scheme(element.get("href") or ""))
        # `application/json` is also how WordPress announces its API, which is no feed.
        if not url or _API.search(url) or "stylesheet" in rel:
            continue
        given = (element.get("type") or "").split(";")[0].strip().lower()
        kind = _TYPES.get(given)
        title = shorten(element.get("title") or "", 200)
        if kind is None:
            if element.get("hreflang") and "feed" not in rel:
                continue  # the page in another language
            if "feed" not in rel and not _has_feed_address(url):
                continue
            kind, score = "unknown", 75
            reason = "The page announces it as its feed."
            if given:
                reason = f"The page announces it with the type {given[:40]}, but its address looks like a feed."
        else:
            score = 90 if kind in {"rss", "atom"} else 85 if kind in {"json", "rdf"} else 60
            reason = "The page announces it as its feed."
        yield Candidate(url=url, title=title, kind=kind, score=score, reason=reason)


def _without_feed_scheme(link: str) -> str:
    return re.sub(r"^\s*feed:(?://)?(?=https?:)|^\s*feed:(?=//)", "", link, flags=re.IGNORECASE)


def _has_feed_address(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_LOOKS_LIKE_FEED.search(parts.path) or _LOOKS_LIKE_FEED.search("?" + parts.query))


def _anchors(document: HtmlElement, base: str) -> Iterator[Candidate]:
    for element in document.iter("a"):
        url = resolve(base, _without_feed_scheme(element.get("href") or ""))
        if not url or _ASKS_TO_SUBSCRIBE.search(url):
            continue
        title = shorten(text_of(element) or element.get("title") or "", 200)
        if _is_service(url):
            reason = "The page links to it at a service that serves feeds for others."
            yield Candidate(url=url, title=title, score=60, reason=reason)
        elif _has_feed_address(url):
            reason = "The page links to it, and its address looks like a feed."
            yield Candidate(url=url, title=title, score=50, reason=reason)
        elif re.fullmatch(r"rss|rss[ -]?feed|atom|xml|feed", title, re.IGNORECASE):
            reason = f"The page links to it under the name {title!r}."
            yield Candidate(url=url, title=title, score=40, reason=reason)


def _in_data(document: HtmlElement, base: str) -> Iterator[Candidate]:
    """Look into JSON-LD: a DataFeed, or a property whose value is the address of a feed."""
    for element in document.iter("script"):
        if "ld+json" not in (element.get("type") or "").lower():
            continue
        try:
            data = json.loads((element.text or "")[:500_000])
        except (ValueError, RecursionError):
            continue
        queue: list[object] = [data]
        looked = 0
        while queue and (looked := looked + 1) < 5_000:
            value = queue.pop()
            if isinstance(value, dict):
                queue.extend(value.values())
            elif isinstance(value, list):
                queue.extend(value)
            elif isinstance(value, str) and len(value) < 500 and re.match(r"https?://", value):
                url = resolve(base, value)
                if url and (_has_feed_address(url) or _is_service(url)) and not _API.search(url):
                    yield Candidate(url=url, score=45, reason="The page's JSON-LD names it, and it looks like a feed.")


def _is_service(url: str) -> bool:
    try:
        return bool(_SERVICES.search(host_of(url)))
    except ValueError:
        return False


# --- whose address tells where its feed is ----------------------------------------------------------------------


def _by_address(url: str) -> Iterator[Candidate]:
    """Return the feed of a channel, forum or account whose address alone tells it."""
    try:
        host = host_of(url).removeprefix("www.")
    except ValueError:
        return
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    root = f"{parts.scheme}://{parts.netloc}"
    query = dict(parse_qsl(parts.query)) if len(parts.query) < 2_000 else {}
    feed = name = ""
    if host in ("youtube.com", "m.youtube.com"):
        name = "YouTube"
        if found := re.match(r"/channel/(UC[\w-]{22})", path):
            feed = f"https://www.youtube.com/feeds/videos.xml?channel_id={found[1]}"
        elif found := re.match(r"/user/([\w-]+)", path):
            feed = f"https://www.youtube.com/feeds/videos.xml?user={found[1]}"
        elif path == "/playlist" and re.fullmatch(r"[\w-]+", query.get("list", "")):
            feed = f"https://www.youtube.com/feeds/videos.xml?playlist_id={query['list']}"
    elif host in ("reddit.com", "old.reddit.com"):
        if re.match(r"/(?:r|user|u)/[\w-]+", path) and not path.endswith(".rss"):
            name, feed = "Reddit", f"{root}{path}/.rss"
    elif host == "medium.com":
        if re.match(r"/(?!feed\b)@?[\w.-]+", path):
            name, feed = "Medium", f"{root}/feed{path}"
    elif host.endswith(".medium.com"):
        name, feed = "Medium", f"{root}/feed"
    elif host.endswith(".substack.com"):
        name, feed = "Substack", f"{root}/feed"
    elif host.endswith(".wordpress.com"):
        name, feed = "WordPress", f"{root}/feed/"
    elif host.endswith(".blogspot.com"):
        name, feed = "Blogger", f"{root}/feeds/posts/default"
    elif host.endswith(".tumblr.com"):
        name, feed = "Tumblr", f"{root}/rss"
    elif host == "github.com":
        if found := re.match(r"/([\w.-]+/[\w.-]+)(?:/(?:releases|tags))?$", path):
            name, feed = "GitHub", f"{root}/{found[1]}/releases.atom"
    elif host == "bsky.app" and (found := re.match(r"/profile/([\w.:-]+)$", path)):
        name, feed = "Bluesky", f"{root}/profile/{found[1]}/rss"
    if feed:
        yield Candidate(url=feed, score=80, reason=f"{name} serves a feed of this page there.")


_PLATFORMS: tuple[tuple[str, str, str], ...] = (  # name, where it shows, path of its feed
    ("WordPress", r"wordpress|/wp-(?:content|includes)/", "/feed/"),
    ("Ghost", r"^ghost\b", "/rss/"),
    ("Blogger", r"^blogger\b", "/feeds/posts/default"),
    ("Hugo", r"^hugo\b", "/index.xml"),
    ("Jekyll", r"^jekyll\b", "/feed.xml"),
    ("Drupal", r"^drupal\b", "/rss.xml"),
    ("Substack", r"substackcdn\.com", "/feed"),
    ("Medium", r"cdn-client\.medium\.com|miro\.medium\.com", "/feed"),
    ("Wix", r"^wix\.com|static\.wixstatic\.com|static\.parastorage\.com", "/blog-feed.xml"),
    ("Movable Type", r"^movable type", "/atom.xml"),
)


def _by_platform(document: HtmlElement, base: str) -> Iterator[Candidate]:
    """Return the feed that the site's software serves by itself, as its mark in the page tells."""
    generator = next(
        (
            meta.get("content") or ""
            for meta in document.iter("meta")
            if (meta.get("name") or "").lower() == "generator"
        ),
        "",
    ).strip()
    places = [
        place
        for element in document.iter("link", "script", "img")
        if (place := element.get("href") or element.get("src"))
    ]
    counted = "\n".join(places[:300])
    for name, mark, path in _PLATFORMS:
        seen = re.search(mark, generator, re.IGNORECASE) or (
            not mark.startswith("^") and re.search(mark.partition("|^")[0], counted, re.IGNORECASE)
        )
        if seen and (url := resolve(base, path)):
            yield Candidate(
                url=url, score=48, reason=f"The site runs on {name}, which serves its feed there.", guess=True
            )
            break
    # Mastodon, Pleroma and others: an account's page is https://host/@name.
    account = re.match(r"(https?://[^/?#]+/@[\w.]+)/?$", base)
    if (
        account
        and "medium.com" not in base
        and (
            "mastodon" in generator.lower() or any("mastodon" in place or "/packs/" in place for place in places[:300])
        )
    ):
        yield Candidate(url=f"{account[1]}.rss", score=80, reason="Mastodon serves a feed of this account there.")
    yield from _channel(document)


def _channel(document: HtmlElement) -> Iterator[Candidate]:
    """YouTube pages name their channel in a meta element, under whatever address (/@name, /c/name) they are asked."""
    for element in document.iter("meta", "link"):
        if (element.get("itemprop") or "").lower() in ("channelid", "identifier") and re.fullmatch(
            r"UC[\w-]{22}", element.get("content") or ""
        ):
            url = f"https://www.youtube.com/feeds/videos.xml?channel_id={element.get('content')}"
            yield Candidate(url=url, score=80, reason="YouTube serves a feed of this channel there.")
            return


# --- how likely each is the main one ----------------------------------------------------------------------------


def _ranked(page: Page, language: str, candidate: Candidate) -> Candidate:
    """Lower what is a feed, but hardly the site's main one."""
    parts = urlsplit(candidate.url)
    path = unquote(parts.path + "?" + parts.query)
    own_path = urlsplit(page.final_url).path
    doubts = []
    comments = bool(_COMMENTS.search(path) or _COMMENTS.search(candidate.title))
    if comments:
        doubts.append((45, "It carries comments."))
    if _PART.search(path) and not (own_path.strip("/") and path.startswith(own_path)):
        doubts.append((20, "It carries one category or tag."))
    if _AUDIO.search(path) or _AUDIO.search(candidate.title):
        doubts.append((15, "It seems to be a podcast."))
    if not _same_site(page.final_url, candidate.url) and not _is_service(candidate.url) and candidate.score != 80:
        doubts.append((10, "It is on another site."))
    spoken = re.match(r"/([a-z]{2})(?:-[a-z]{2})?/", parts.path)
    if spoken and language and spoken[1] != language and spoken[1] in _LANGUAGES and not own_path.startswith(spoken[0]):
        doubts.append((15, "It is in another language than the page."))
    score = max(1, candidate.score - sum(points for points, _ in doubts))
    reason = " ".join([candidate.reason, *(why for _, why in doubts)])
    return replace(candidate, score=score, reason=reason, comments=comments)


_LANGUAGES = frozenset(
    ["ar", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko"]
)
_LANGUAGES |= {"nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh"}


def _mains_first(candidates: list[Candidate]) -> list[Candidate]:
    """Where a page announces many feeds, the first leads a little, and those with the deeper paths stand back."""
    announced = [candidate for candidate in candidates if candidate.score >= 60]
    if len(announced) < 2:
        return candidates
    middle = median(_depth(candidate.url) for candidate in announced)
    first = max(announced, key=lambda candidate: candidate.score)
    lifted = []
    for candidate in candidates:
        if candidate is first:
            lifted.append(replace(candidate, score=min(99, candidate.score + 8)))
        elif candidate.score >= 60 and _depth(candidate.url) > middle:
            lifted.append(replace(candidate, score=candidate.score - 5))
        else:
            lifted.append(candidate)
    return lifted


def _depth(url: str) -> int:
    return len(urlsplit(url).path.strip("/").split("/"))


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
