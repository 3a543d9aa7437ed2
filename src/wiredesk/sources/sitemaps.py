"""Sitemaps (https://www.sitemaps.org/protocol.html), Google's news sitemaps, their indexes, and text sitemaps.

A sitemap may list all that a site ever wrote, so two things are bounded: what is read, and what of it counts as news
(`recent`, `worth_following`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Literal

from lxml import etree

from wiredesk.errors import UnreadableError
from wiredesk.records import Image, Page, Problem, WireItem
from wiredesk.sources.markup import plain_line
from wiredesk.sources.moments import moment_of
from wiredesk.sources.packed import unpacked
from wiredesk.text import shorten
from wiredesk.urls import registrable_domain, resolve

SitemapKind = Literal["news", "plain", "index", "text"]

MAX_ENTRIES = 50_000  # that the protocol allows one file
RECENT = timedelta(days=7)  # how new an entry has to be to count as news
MAX_ITEMS = 1_000  # wire items of one reading; Google's limit for a news sitemap
SMALL = 200  # entries of a sitemap without dates up to which all of them are taken
MAX_FOLLOWED = 4  # sitemaps of an index that are asked in one run

_MAX_UNPACKED = 64 * 2**20  # bytes; the protocol allows 50 MB
_MAX_DEPTH = 64
_STAMPED = 10  # entries from which one common `lastmod` is no chance
_TEXT = 2_000  # characters of one value
_AHEAD = timedelta(days=1)  # clocks differ; what is dated later than that is a mistake
_NEWS_NAME = re.compile(r"news|noticias|nachrichten|actualit|aktuell|latest|recent", re.IGNORECASE)
_NO_NEWS_NAME = re.compile(
    r"(?:^|[/_.-])(?:tags?|categor\w*|authors?|users?|images?|videos?|products?|pages?|static|archive|locations?|taxonomy)"
    r"(?=[/_.\d-]|sitemap|$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")
_DIRECTIVE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One address of a sitemap, and what it says of it."""

    url: str  # absolute
    modified_at: datetime | None = None
    published_at: datetime | None = None  # news sitemaps
    title: str = ""
    outlet: str = ""  # news:publication name
    language: str | None = None  # ISO 639-1, lower case
    keywords: tuple[str, ...] = ()
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap says, in document order.  The entries of an index are sitemaps."""

    url: str  # where it was found, after redirects
    kind: SitemapKind
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse_sitemap(page: Page) -> Sitemap:
    """Return the sitemap that `page` holds; gzip inside is undone.

    At most 50,000 entries and 64 MiB are read; entities are never expanded.  Entries of another registrable domain
    are left out, as the protocol asks, with one Problem.

    Raises:
        UnreadableError: the page is no sitemap; says what it is.
    """
    body = unpacked(page, _MAX_UNPACKED)
    problems: list[Problem] = []
    start = body[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not start:
        raise UnreadableError(page.url, "the answer is empty, not a sitemap")
    if start.startswith(b"<"):
        kind, entries = _from_xml(page, body, start, problems)
    else:
        kind, entries = "text", _from_text(page, body)
    if len(entries) >= MAX_ENTRIES:
        what = f"the sitemap has {MAX_ENTRIES} entries or more"
        problems.append(Problem(where=page.url, what=what, now=f"the first {MAX_ENTRIES} are read", stage="sources"))
    home = _domain(page.final_url)
    hosts = {url: _domain(url) == home for url in {_root(entry.url) for entry in entries}}
    own = tuple(entry for entry in entries if hosts[_root(entry.url)])
    if len(own) < len(entries):
        what = f"{len(entries) - len(own)} of {len(entries)} entries belong to other sites"
        problems.append(Problem(where=page.url, what=what, now="they are left out", stage="sources"))
    return Sitemap(url=page.final_url, kind=kind, entries=own, problems=tuple(problems))


def recent(sitemap: Sitemap, at: datetime) -> tuple[Entry, ...]:
    """Return the entries that are news at `at`, newest first: dated within seven days before, at most 1,000.

    What a news sitemap says without a date is news, since it may hold only two days; elsewhere an entry without a date
    is none.  Where nothing has a date (text sitemaps never do), all entries of a small sitemap, up to 200, are taken:
    their pages tell how old they are.  The site's home page is never news.
    """
    if sitemap.kind == "index":
        return ()
    entries = sitemap.entries
    if _are_stamped(entries):
        entries = tuple(replace(entry, modified_at=None) for entry in entries)
    if len(entries) <= SMALL and not any(entry.published_at or entry.modified_at for entry in entries):
        return tuple(entry for entry in entries if not _is_home(entry.url))
    dated: list[tuple[datetime, Entry]] = []
    for entry in entries:
        moment = entry.published_at or entry.modified_at or (at if entry.title else None)
        if moment and at - RECENT <= moment <= at + _AHEAD and not _is_home(entry.url):
            dated.append((moment, entry))
    dated.sort(key=lambda pair: -pair[0].timestamp())
    return tuple(entry for _, entry in dated[:MAX_ITEMS])


def sitemap_items(sitemap: Sitemap, at: datetime, source_url: str) -> tuple[WireItem, ...]:
    """Return what is `recent` as wire items of `source_url`.

    Without a title the page has to give it.  `lastmod` is when the page changed, not when it was published.
    """
    return tuple(
        WireItem(
            source_url=source_url,
            url=entry.url,
            title=entry.title,
            tags=entry.keywords,
            published_at=entry.published_at,
            updated_at=entry.modified_at,
            image=Image(url=entry.image) if entry.image else None,
            language=entry.language,
        )
        for entry in recent(sitemap, at)
    )


def worth_following(index: Sitemap, at: datetime) -> tuple[str, ...]:
    """Return the sitemaps of an index that may hold news at `at`, best first, at most four.

    Those named after news come first, then those changed within seven days, newest first.  Where no entry has a date,
    the last two in natural order count (`posts-2026-9` before `posts-2026-10`): parts are numbered as they grow.
    Lists of tags, authors, pictures and the like, and the index itself, are never asked.
    """
    if index.kind != "index":
        return ()
    fit = [entry for entry in index.entries if entry.url != index.url and not _NO_NEWS_NAME.search(_path(entry.url))]
    news = [entry for entry in fit if _NEWS_NAME.search(_path(entry.url)) and _is_fresh(entry, at)]
    fresh = [entry for entry in fit if entry.modified_at and _is_fresh(entry, at)]
    fresh.sort(key=lambda entry: -(entry.modified_at or at).timestamp())
    if not any(entry.modified_at for entry in fit):
        fresh = sorted(fit, key=lambda entry: _natural(entry.url))[-2:]
    return tuple(dict.fromkeys(entry.url for entry in (*news, *fresh)))[:MAX_FOLLOWED]


def named_in_robots(page: Page) -> tuple[str, ...]:
    """Return the addresses of `Sitemap:` lines (RFC 9309, 2.2.4), news first, at most 50; each once."""
    text = page.body[: 500 * 1024].decode("utf-8-sig", "replace")
    found = (resolve(page.final_url, given) for given in _DIRECTIVE.findall(text))
    addresses = list(dict.fromkeys(filter(None, found)))[:50]
    return tuple(sorted(addresses, key=likely_news))


def likely_news(url: str) -> int:
    """Return 0 for the address of a sitemap that seems to hold news, 2 for tags, pictures and the like, else 1."""
    path = _path(url)
    return 0 if _NEWS_NAME.search(path) else 2 if _NO_NEWS_NAME.search(path) else 1


# --- reading ----------------------------------------------------------------------------------------------------


def _from_xml(page: Page, body: bytes, start: bytes, problems: list[Problem]) -> tuple[SitemapKind, list[Entry]]:
    entries: list[Entry] = []
    root: str | None = None
    depth = 0
    broken = ""
    events = etree.iterparse(
        BytesIO(body),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in events:
            depth += 1 if event == "start" else -1
            if depth > _MAX_DEPTH:
                broken = f"elements are nested deeper than {_MAX_DEPTH}"
                break
            if root is None:
                root = _name(element)
                if root not in {"urlset", "sitemapindex"}:
                    raise UnreadableError(page.url, f"not a sitemap: its outermost element is <{root[:40]}>")
            if event == "end" and depth == 1:
                if entry := _entry(page, element):
                    entries.append(entry)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
                if len(entries) >= MAX_ENTRIES:
                    break
    except (etree.LxmlError, ValueError, LookupError) as error:
        broken = str(error)
    if root is None:
        beginning = shorten(start[:60].decode("utf-8", "replace"), 40)
        raise UnreadableError(page.url, f"not a sitemap (begins with {beginning!r})")
    if broken:
        what = f"the sitemap is not well-formed: {shorten(broken, 200)}"
        problems.append(Problem(where=page.url, what=what, now="the entries before that were read", stage="sources"))
    if root == "sitemapindex":
        return "index", entries
    return ("news" if any(entry.title for entry in entries) else "plain"), entries


def _entry(page: Page, element: etree._Element) -> Entry | None:
    """Read one <url> or <sitemap>, whatever namespaces it claims: many get theirs wrong."""
    if _name(element) not in {"url", "sitemap"}:
        return None
    values: dict[str, str] = {}
    for part in element.iter():
        name = _name(part)
        parent = part.getparent()
        above = _name(parent) if parent is not None and parent is not element else ""
        values.setdefault(f"{above}/{name}".lstrip("/"), (part.text or "")[:_TEXT].strip())
    url = resolve(page.final_url, values.get("loc", ""))
    if url is None:
        return None
    language = re.match(r"([a-z]{2,3})\b", values.get("publication/language", "").lower())
    keywords = values.get("news/keywords", "").split(",")
    return Entry(
        url=url,
        modified_at=moment_of(values.get("lastmod", "")),
        published_at=moment_of(values.get("news/publication_date", "")),
        title=plain_line(values.get("news/title", "")),
        outlet=plain_line(values.get("publication/name", "")),
        language=language[1] if language and len(language[1]) == 2 else None,
        keywords=tuple(dict.fromkeys(filter(None, map(plain_line, keywords))))[:30],
        image=resolve(page.final_url, values.get("image/loc", "")),
    )


def _from_text(page: Page, body: bytes) -> list[Entry]:
    """One address a line, UTF-8.  Raises UnreadableError unless the first lines are addresses."""
    lines = body.decode("utf-8-sig", "replace").split("\n", MAX_ENTRIES)[:MAX_ENTRIES]
    given = [line.strip() for line in lines if line.strip()]
    if not given or not all(re.match(r"https?://\S+$", line, re.IGNORECASE) for line in given[:5]):
        beginning = shorten(body[:60].decode("utf-8", "replace"), 40)
        raise UnreadableError(page.url, f"not a sitemap (begins with {beginning!r})")
    return [Entry(url=url) for line in given if len(line) < _TEXT and (url := resolve(page.final_url, line))]


# --- small things -----------------------------------------------------------------------------------------------


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _domain(url: str) -> str:
    try:
        return registrable_domain(url)
    except ValueError:
        return ""


def _root(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}/"


def _is_fresh(entry: Entry, at: datetime) -> bool:
    return entry.modified_at is None or at - RECENT <= entry.modified_at <= at + _AHEAD


def _are_stamped(entries: Sequence[Entry]) -> bool:
    """Tell whether `lastmod` is when the file was written: the same minute for all, which says nothing of any page."""
    moments = [entry.modified_at for entry in entries if entry.modified_at]
    return len(moments) >= _STAMPED and max(moments) - min(moments) < timedelta(minutes=1)


def _is_home(url: str) -> bool:
    return _path(url).strip("/") == "" and "?" not in url


def _path(url: str) -> str:
    """Return what comes behind the host."""
    return "/" + url.partition("://")[2].partition("/")[2]


def _natural(url: str) -> tuple[list[int], str]:
    """Sort by the numbers in a name, years and months included."""
    return [int(digits[:12]) for digits in _NUMBER.findall(_path(url))], url


def belongs_to(url: str, sources: Sequence[str]) -> str | None:
    """Return which of the sitemaps `sources` leads to the sitemap `url`: one of its site, the one most alike."""
    domain = _domain(url)
    there = [source for source in sources if domain and _domain(source) == domain]
    return max(there, key=lambda source: (_shared(source, url), source), default=None)


def _shared(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
