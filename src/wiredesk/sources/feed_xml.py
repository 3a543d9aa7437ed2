"""A tree -> the feed that it is: RSS 0.9x-2.0, RSS 0.90/1.0 in RDF, Atom 0.3 and 1.0, CDF, and their modules.

Sources: the RSS Advisory Board's RSS 2.0.11; RSS 0.90, 0.91, 1.0 and its modules content, syndication and Dublin
Core; RFC 4287 and draft 0.3 of Atom; Media RSS 1.5.1; Apple's podcast tags; the W3C note on CDF; XML Base; WebSub.
"""

from __future__ import annotations

import base64
import binascii
import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from lxml import etree

from wiredesk.records import Image, Page, Problem, WireItem
from wiredesk.sources.dates import parse_date
from wiredesk.sources.feed_bytes import Tree, local_name
from wiredesk.sources.feed_model import (
    MAX_ITEMS,
    Feed,
    FeedKind,
    address,
    distinct,
    language_of,
    location_of,
    minutes,
    pixels,
    summary_of,
    too_many,
)
from wiredesk.sources.markup import has_markup, plain_line

Element = Any  # etree._Element
Parts = Mapping[str, list[Element]]  # children by name

_RSS = frozenset(
    {
        "http://backend.userland.com/rss",
        "http://backend.userland.com/rss2",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://purl.org/rss/1.0",
        "http://purl.org/net/rss1.1#",
        "http://my.netscape.com/rdf/simple/0.9",
        "http://channel.netscape.com/rdf/simple/0.9",
        "http://my.netscape.com/publish/formats/rss-0.9.dtd",
        "http://purl.org/rss/1.0/modules/rss091#",
    }
)
_ATOM = frozenset(
    {
        "http://www.w3.org/2005/atom",
        "https://www.w3.org/2005/atom",
        "http://purl.org/atom/ns#",
        "http://example.com/newformat#",
        "http://example.com/necho",
        "http://purl.org/echo",
        "uri/of/echo/namespace#",
        "http://purl.org/pie",
    }
)
_MODULES = {  # namespace in lower case, without a closing slash -> the prefix that we call it by
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://search.yahoo.com/mrss": "media",
    "https://search.yahoo.com/mrss": "media",
    "http://tools.search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
}
_KINDS: Mapping[str, FeedKind] = {"rss": "rss", "feed": "atom", "rdf": "rdf", "channel": "cdf"}
_ITEMS = ("item", "entry")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 7 * 1440, "monthly": 30 * 1440, "yearly": 365 * 1440}  # minutes
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PAGES = frozenset({"", "text/html", "application/xhtml+xml"})  # what an `alternate` may be of
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\.\w+|[\w.+-]+@[\w-]+")
_OLD_WINDOWS = re.compile("[\x80-\x9f]")

_TITLE = ("title", "atom:title", "media:title", "dc:title", "itunes:title")
_CONTENT = (
    "content:encoded",
    "content",
    "atom:content",
    "xhtml:body",
    "xhtml:div",
    "body",
    "fullitem",
    "content:items",
)
_SUMMARY = (
    "description",
    "summary",
    "atom:summary",
    "abstract",
    "dc:description",
    "dcterms:abstract",
    "itunes:summary",
    "itunes:subtitle",
    "media:description",
    "tagline",
    "subtitle",
)
_PUBLISHED = (
    "pubdate",
    "published",
    "atom:published",
    "issued",
    "atom:issued",
    "dcterms:issued",
    "created",
    "dcterms:created",
    "dc:date",
    "media:pubdate",
    "date",
)
_UPDATED = ("updated", "atom:updated", "modified", "dcterms:modified", "lastmod", "lastbuilddate")
_AUTHORS = ("author", "atom:author", "dc:creator", "dc:author", "managingeditor")
_TAGS = ("category", "atom:category", "dc:subject", "media:category")
_KEYWORDS = ("itunes:keywords", "media:keywords")
_PICTURES = ("media:content", "media:thumbnail", "enclosure", "link", "itunes:image")
_NEEDED = frozenset(
    {*_ITEMS, *_TITLE, *_CONTENT, *_SUMMARY, *_PUBLISHED, *_UPDATED, *_AUTHORS, *_TAGS, *_KEYWORDS}
    | {*_PICTURES, "media:group", "media:credit", "channel", "link", "atom:link", "a", "guid", "id", "atom:id", "ttl"}
    | {"language", "dc:language", "atom:language", "itunes:author", "name", "atom:name", "foaf:name"}
    | {"sy:updateperiod", "sy:updatefrequency", "skiphours", "skipdays"}
)


def read_xml(tree: Tree, page: Page) -> Feed | None:
    """Return the feed in `tree`, which was made of `page`; None where no element of it is one."""
    root = _feed_element(tree.root)
    return _Reader(tree, root, page).read() if root is not None else None


def _feed_element(root: Element) -> Element | None:
    if local_name(root.tag) in _KINDS:
        return root
    for element in root.iter("*"):  # wrapped into something
        if local_name(element.tag) in _KINDS:
            return element
    return None


class _Reader:
    """One feed.  Holds what its elements share: names by tag, base address, language."""

    def __init__(self, tree: Tree, root: Element, page: Page) -> None:
        self.tree, self.root, self.page, self.where, self.location = tree, root, page, page.url, location_of(page)
        self.kind: FeedKind = _KINDS[local_name(root.tag)]
        self.names: dict[str, str] = {}  # tag -> our name of it: "title", "dc:date"
        own = _namespace(root.tag)
        atom = self.kind == "atom"
        # In a feed of unknown or wrong namespace, what stands in that namespace is meant as the feed's own.
        self.home = {"", own} | (_ATOM if atom else _RSS) if own not in _MODULES else {""} | _RSS
        self.language: str | None = None
        self.authors: tuple[str, ...] = ()
        self.location = _based(location_of(page), root.get(_BASE) or (root.get("BASE") or root.get("base")))
        self.here = self.location  # where relative links of the current entry start from

    def read(self) -> Feed:
        head, entries = self._split()
        said = _first_text(head, ("language", "dc:language", "atom:language")) or self.root.get(_LANG)
        self.language = language_of(said) or language_of(self.page.header("content-language"))
        if self.kind == "atom":
            self.authors = self._authors(head)
        count = len(entries)
        links = [*head.get("link", ()), *head.get("atom:link", ())]
        return Feed(
            url=self.page.final_url,
            title=self._title(head),
            site_url=self._link(head, self.root),
            language=self.language,
            kind=self.kind,
            items=tuple(map(self._item, islice(entries, MAX_ITEMS))),
            problems=(*self._problems(), *too_many(self.where, count)),
            ttl=minutes(_first_text(head, ("ttl",))),
            period=_period(head),
            skip_hours=_skip_hours(head),
            skip_days=_skip_days(head),
            hubs=tuple(dict.fromkeys(filter(None, map(self._href, _related(links, "hub"))))),
            self_url=next(filter(None, map(self._href, _related(links, "self"))), None),
        )

    def _split(self) -> tuple[Parts, list[Element]]:
        """Return what the feed says of itself, and its entries."""
        tops = self._parts(self.root)
        if self.kind in {"atom", "cdf"}:
            head = tops
            groups = [tops]
        else:
            channels = tops.get("channel", [])
            for channel in channels[:1]:
                self.location = self.here = _based(self.location, channel.get(_BASE))
            groups = [*map(self._parts, channels), tops]
            head = dict(groups[0]) if channels else dict(tops)
        entries = [entry for group in groups for name in _ITEMS for entry in group.get(name, ())]
        if not self.tree.sure or self.kind == "cdf" or not entries:
            # Where tags were lost, entries hang anywhere.
            found = [e for e in self.root.iter("*") if self._name(e) in _ITEMS]
            entries = found if len(found) > len(entries) else entries
        return head, entries

    def _parts(self, parent: Element) -> dict[str, list[Element]]:
        parts: dict[str, list[Element]] = {}
        names = self.names
        for child in parent:
            name = names.get(child.tag)
            if name is None:
                name = self._name(child)
            if name in parts:
                parts[name].append(child)
            elif name:
                parts[name] = [child]
        return parts

    def _name(self, element: Element) -> str:
        tag = element.tag
        if not isinstance(tag, str):
            return ""  # a reference to an unknown entity
        if (known := self.names.get(tag)) is not None:
            return known
        space, local = _namespace(tag), tag.rpartition("}")[2].lower()
        if not space and ":" in local:  # a prefix that was never declared
            prefix, _, local = local.partition(":")
        elif space in self.home:
            prefix = ""
        elif space in _ATOM:
            prefix = "atom"
        elif space in _RSS:
            prefix = ""
        else:
            prefix = _MODULES.get(space) or (element.prefix or "").lower()
        name = f"{prefix}:{local}" if prefix and prefix not in {"rss", "rss2"} else local
        self.names[tag] = name = name if name in _NEEDED else ""
        return name

    def _item(self, element: Element) -> WireItem:
        parts = self._parts(element)
        self.here = _based(self.location, element.get(_BASE))
        for group in parts.get("media:group", ()):
            for name, children in self._parts(group).items():
                parts.setdefault(name, []).extend(children)
        content = max(map(self._html, _all(parts, _CONTENT)), key=len, default="")
        summary = ""
        for name in _SUMMARY:
            if name in parts and (summary := self._html(parts[name][-1]).strip()):
                break
        full = content
        if not content and summary and has_markup(summary):
            full = summary
        updated = _date(parts, _UPDATED)
        if updated is None and (lastmod := element.get("lastmod") or element.get("LASTMOD")):
            updated = parse_date(lastmod)
        guid = _first_text(parts, ("guid", "id", "atom:id")) or element.get(_ABOUT)
        return WireItem(
            source_url=self.where,
            url=self._link(parts, element) or "",
            guid=(guid.strip() or None) if guid else None,
            title=self._title(parts),
            summary=summary_of(summary, full),
            content_html=full or None,
            authors=self._authors(parts) or self.authors,
            tags=_tags(parts),
            published_at=_date(parts, _PUBLISHED),
            updated_at=updated,
            image=self._image(parts, element),
            language=self._language(parts, element),
        )

    def _problems(self) -> Iterator[Problem]:
        tree = self.tree
        if tree.cut:
            what = "the feed is too long"
            yield Problem(where=self.where, what=what, now="its beginning is read", stage="sources")
        elif tree.fault:
            where = f"{self.where}:{tree.line}" if tree.line else self.where
            what = f"the feed is not well-formed: {tree.fault}"
            yield Problem(where=where, what=what, now="what could be read was read", stage="sources")

    # --- single fields ---

    def _title(self, parts: Parts) -> str:
        element: Element
        for name in _TITLE:
            for element in reversed(parts.get(name, ())):
                if title := plain_line(self._html(element)):
                    return _modern(title)
        return ""

    def _html(self, element: Element) -> str:
        """Return what an element holds, as HTML: escaped, in CDATA, as child elements or in base64."""
        if len(element):
            return _inner(element)
        text: str = element.text or ""
        if text and self.kind == "atom" and _in_base64(element):
            return _from_base64(text)
        return text

    def _address(self, element: Element, link: str | None) -> str | None:
        """Return `link` absolute: from the XML Base of its element, of the entry, of the feed, of the page."""
        return address(_based(self.here, element.get(_BASE)), link) if link else None

    def _href(self, element: Element) -> str | None:
        return self._address(element, _attribute(element, "href"))

    def _link(self, parts: Parts, parent: Element) -> str | None:
        """Return the address of the page that a feed or an entry is about; the last one where several are named."""
        found: str | None = None
        elsewhere: str | None = None
        for link in parts.get("link", ()):
            if text := (link.text or "").strip():
                found = self._address(link, text) or found
            elif alternate := self._alternate(link):
                found = alternate
        if found is None:
            for link in parts.get("atom:link", ()):
                elsewhere = elsewhere or self._alternate(link)
            found = elsewhere
        if found is None and (href := parent.get("href") or parent.get("HREF")):  # CDF
            found = self._address(parent, href)
        if found is None:
            for link in parts.get("a", ()):  # CDF's <A HREF>
                found = found or self._href(link)
        if found is None:
            for guid in parts.get("guid", ()):
                permanent = (guid.get("isPermaLink") or guid.get("ispermalink") or "true").strip().lower() == "true"
                if permanent and guid.text and guid.text.strip().lower().startswith(("http://", "https://")):
                    found = self._address(guid, guid.text)
        if found is None and self.kind != "rss":
            for content in parts.get("content", ()):
                found = found or self._address(content, content.get("src"))
        if found is None and (about := parent.get(_ABOUT)) and about.startswith(("http://", "https://")):
            found = address(self.location, about)
        return found

    def _alternate(self, link: Element) -> str | None:
        rel = (_attribute(link, "rel") or "alternate").strip().lower()
        if rel != "alternate" or (link.get("type") or "").split(";")[0].strip().lower() not in _PAGES:
            return None
        return self._href(link)

    def _authors(self, parts: Parts) -> tuple[str, ...]:
        people = [self._person(person) for person in _all(parts, _AUTHORS)]
        people = people if any(people) else [self._person(person) for person in parts.get("itunes:author", ())]
        return distinct(people) if people else ()

    def _person(self, person: Element) -> str:
        if len(person):
            return _first_text(self._parts(person), ("name", "atom:name", "foaf:name", "dc:title"))
        text = (person.text or "").strip()
        if "@" not in text:
            return text
        left = _EMAIL.sub("", text).replace("mailto:", "")
        return left.strip(" \t\r\n<>()[],;:-\"'")

    def _language(self, parts: Parts, element: Element) -> str | None:
        if "dc:language" in parts and (said := language_of(parts["dc:language"][-1].text)):
            return said
        title = parts.get("title", ())
        return language_of((title[-1].get(_LANG) if title else None) or element.get(_LANG)) or self.language

    def _image(self, parts: Parts, element: Element) -> Image | None:
        """Return the widest picture that the entry names; media:content before thumbnails before enclosures."""
        for name in _PICTURES:
            if name not in parts:
                continue
            found = [media for media in parts[name] if _is_picture(name, media)]
            if name == "media:content":  # a film's thumbnail may be inside
                found += [e for media in parts[name] for e in self._parts(media).get("media:thumbnail", ())]
            if len(found) > 1:
                found.sort(key=lambda media: -(pixels(media.get("width")) or 0))
            for media in found:
                if url := self._address(media, media.get("url") or media.get("href")):
                    return Image(
                        url=url,
                        width=pixels(media.get("width")),
                        height=pixels(media.get("height")),
                        attribution=plain_line(self._credit(parts, media)) or None,
                    )
        return None

    def _credit(self, parts: Parts, media: Element) -> str:
        return _first_text(self._parts(media), ("media:credit",)) or _first_text(parts, ("media:credit",))


def _based(place: str, base: str | None) -> str:
    """Return the address that relative links start from: XML Base, as far as it leads to the web."""
    return (address(place, base) or place) if base else place


def _namespace(tag: str) -> str:
    return tag[1:].partition("}")[0].lower().rstrip("/") if tag[0] == "{" else ""


def _attribute(element: Element, name: str) -> str | None:
    """Return an attribute, in small or capital letters (CDF)."""
    value: str | None = element.get(name)
    return element.get(name.upper()) if value is None else value


def _all(parts: Parts, names: Iterable[str]) -> list[Element]:
    return [element for name in names if name in parts for element in parts[name]]


def _first_text(parts: Parts, names: Iterable[str]) -> str:
    for name in names:
        for element in parts.get(name, ()):
            if (text := element.text) and not text.isspace():
                return str(text).strip()
    return ""


def _date(parts: Parts, names: Iterable[str]) -> datetime | None:
    """Return the date of the first of these names that has one; of the last element where it stands twice."""
    for name in names:
        if name in parts:
            for element in reversed(parts[name]):
                if (text := element.text) and (moment := parse_date(text)):
                    return moment
    return None


def _inner(element: Element) -> str:
    """Return child elements as HTML, without the namespaces of the feed."""
    pieces = []
    for child in map(copy.deepcopy, element):
        for inner in child.iter("*"):
            local = inner.tag.rpartition("}")[2].rpartition(":")[2]
            inner.tag = local if _NAME.fullmatch(local) else "span"
        etree.cleanup_namespaces(child)
        pieces.append(etree.tostring(child, encoding="unicode", method="html"))
    return _escaped(element.text or "") + "".join(pieces)


def _escaped(text: str) -> str:
    """Text between elements is text: its angle brackets are none.  Where it looks like escaped HTML, it is that."""
    return text if has_markup(text) else text.replace("&", "&amp;").replace("<", "&lt;")


def _in_base64(element: Element) -> bool:
    mode, kind = element.get("mode"), element.get("type")
    if mode is not None:
        return bool(mode.strip().lower() == "base64")
    if not kind or "/" not in kind:
        return False
    kind = kind.split(";")[0].strip().lower()
    return not (kind.startswith("text/") or kind.endswith(("+xml", "/xml")))


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _modern(title: str) -> str:
    """Read characters that were written as numbers of Windows' charset as what was meant."""
    if title.isascii() or not _OLD_WINDOWS.search(title):
        return title
    return _OLD_WINDOWS.sub(lambda found: found[0].encode("latin-1").decode("cp1252", "replace"), title)


def _tags(parts: Parts) -> tuple[str, ...]:
    found = [element.get("label") or element.text or element.get("term") or "" for element in _all(parts, _TAGS)]
    for element in _all(parts, _KEYWORDS):
        found += (element.text or "").split(",")
    return distinct(found)


def _is_picture(name: str, media: Element) -> bool:
    if name in {"media:thumbnail", "itunes:image"}:
        return True
    if name == "link" and (media.get("rel") or "").lower() != "enclosure":
        return False
    medium, kind = (media.get("medium") or "").lower(), (media.get("type") or "").lower()
    if medium or kind:
        return medium == "image" or kind.startswith("image/")
    return bool(_PICTURE.search(media.get("url") or media.get("href") or ""))


def _related(links: Iterable[Element], rel: str) -> Iterator[Element]:
    return (link for link in links if rel in (_attribute(link, "rel") or "").lower().split())


def _period(head: Parts) -> timedelta | None:
    period = _PERIODS.get(_first_text(head, ("sy:updateperiod",)).lower())
    frequency = _first_text(head, ("sy:updatefrequency",))
    if period is None and not frequency:
        return None
    times = int(frequency) if re.fullmatch(r"[1-9]\d{0,3}", frequency) else 1
    return timedelta(minutes=period or _PERIODS["daily"]) / times  # "daily" is what the module assumes


def _skip_hours(head: Parts) -> tuple[int, ...]:
    found = (e.text.strip() for skip in head.get("skiphours", ()) for e in skip.iterchildren("*") if e.text)
    hours = {int(hour) % 24 for hour in found if re.fullmatch(r"\d{1,2}", hour) and int(hour) <= 24}
    return tuple(sorted(hours))  # 24 is how RSS 0.91 writes midnight


def _skip_days(head: Parts) -> tuple[int, ...]:
    found = (e.text.strip().lower()[:3] for skip in head.get("skipdays", ()) for e in skip.iterchildren("*") if e.text)
    return tuple(sorted({_DAYS.index(day) for day in found if day in _DAYS}))
