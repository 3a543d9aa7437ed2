"""A page that lists articles -> wire items: by CSS selectors, or by the repeated structure that looks most like news.

The proposal stands on an old observation (Liu, Grossman, Zhai: "Mining Data Records in Web Pages", KDD 2003): records
of one list repeat one structure under one parent.  Here links that read like headlines are grouped by the tags and
classes that lead to them, and the group that fills most of the page with most words wins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from wiredesk.errors import UnreadableError
from wiredesk.records import Image, Page, Problem, Selectors, WireItem
from wiredesk.sources.markup import plain_line, text_of
from wiredesk.sources.moments import moment_of
from wiredesk.text import CJK, shorten
from wiredesk.urls import resolve

MAX_ITEMS = 500  # of one page

Select = Callable[[HtmlElement], list[HtmlElement]]

_MAX_LINKS = 10_000  # looked at in one page
_MAX_GROUPS = 40  # of links of one structure, the largest ones, for which selectors are sought
_MAX_SELECTOR = 500  # characters
_LEAST = 4  # items without which there is no list
_WORDY = 18  # characters from which a link may be a headline; half of it in scripts without blanks
_LONGEST_TITLE = 300
_SUMMARY = 1_000
_DEEP = 60  # ancestors looked at
_NEAR = 4  # ancestors that cards of one kind share, wherever they stand
_FURNITURE = frozenset(
    {"nav", "footer", "aside", "form", "button", "select", "noscript", "script", "style", "template"}
)
_FURNITURE_ROLES = frozenset({"navigation", "contentinfo", "search", "menu", "menubar", "complementary", "dialog"})
_FURNITURE_NAME = re.compile(
    r"(?:^|[-_ ])(?:nav\w*|menus?|footer|breadcrumbs?|cookies?|share|social|sidebar|related|comments?|pagination"
    r"|pager|login|language)(?=[-_ ]|$)",
    re.IGNORECASE,
)
_SHOWN_OFF = re.compile(r"carousel|slider|swiper|slick|marquee|promo|teaser-bar|recommend", re.IGNORECASE)
_STATE = re.compile(r"\d{3,}|^(?:active|first|last|odd|even|current|selected|hidden|visible|open|is-|has-|js-)|[^\w-]")
_BRIEF = re.compile(rf"{CJK.pattern}|[\u0e00-\u0e7f]")  # scripts, Thai too, in which a headline has few characters
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HEADLINE_NAME = re.compile(r"(?:^|[-_ ])(?:title|headline|heading|hed)(?![a-z])", re.IGNORECASE)
_DATE_NAME = re.compile(r"(?:^|[-_ ])(?:date|time|datetime|published|posted|timestamp|datum|fecha)", re.IGNORECASE)
_NOT_A_PAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp3|mp4|css|js|xml|rss)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list page says."""

    url: str
    title: str = ""
    items: tuple[WireItem, ...] = ()
    problems: tuple[Problem, ...] = ()
    selectors: Selectors  # that found them
    proposed: str = ""  # why these selectors were proposed; empty where somebody gave them


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A structure that repeats."""

    selectors: Selectors
    count: int  # links that read like headlines
    worth: float  # only to compare proposals of one page
    reason: str  # one sentence for people


def read_list(page: Page, selectors: Selectors | None = None) -> Listing:
    """Return the items of a list page.

    Args:
        page: Any HTML.
        selectors: Without them, or where `item` and `link` are both empty, the structure that `propose` ranks first is
            taken, and what is given (say, `date`) is looked up in its items.

    Raises:
        UnreadableError: no HTML, no list, or selectors that cannot be read, match nothing, or hold no link; says which.
    """
    document = _document(page)
    base = _base(page, document)
    proposed = ""
    given = selectors or Selectors()
    if not (given.item or given.link):
        found = _proposals(document, base)
        if not found:
            what = f"no list was found: fewer than {_LEAST} links of one structure read like headlines"
            raise UnreadableError(page.url, what, "name the parts with --item, --link, --title, --date")
        proposed = found[0].reason
        given = _filled(found[0].selectors, given)
    problems: list[Problem] = []
    items = _items(page, document, base, given, problems)
    title = document.findtext(".//title") or ""
    return Listing(
        url=page.final_url,
        title=shorten(plain_line(title), 200),
        items=items,
        problems=tuple(problems),
        selectors=given,
        proposed=proposed,
    )


def propose(page: Page) -> tuple[Proposal, ...]:
    """Return the structures of `page` that may be its list, best first; empty where nothing repeats.

    Raises:
        UnreadableError: the page is no HTML.
    """
    document = _document(page)
    return tuple(_proposals(document, _base(page, document)))


# --- with selectors ---------------------------------------------------------------------------------------------


def _items(
    page: Page, document: HtmlElement, base: str, selectors: Selectors, problems: list[Problem]
) -> tuple[WireItem, ...]:
    where = page.url
    found = {name: _compiled(where, name, getattr(selectors, name)) for name in Selectors.__slots__}
    if item := found["item"]:
        elements = item(document)
        if not elements:
            raise UnreadableError(where, f"the item selector {selectors.item!r} matches nothing on the page", _MEND)
    else:
        link = found["link"]
        elements = link(document) if link else []
        if not elements:
            raise UnreadableError(where, f"the link selector {selectors.link!r} matches nothing on the page", _MEND)
    items: dict[str, WireItem] = {}
    linkless = untitled = 0
    for element in elements:
        anchor = _link(element, found["link"])
        url = resolve(base, anchor.get("href") or "") if anchor is not None else None
        if anchor is None or url is None:
            linkless += 1
            continue
        title = _title(element, anchor, found["title"])
        untitled += not title
        known = items.get(url)
        if known is None or (title and not known.title):
            items[url] = _item(page, base, element, url, title, found)
        if len(items) >= MAX_ITEMS:
            problems.append(_told(where, f"the list has more than {MAX_ITEMS} items", f"{MAX_ITEMS} are read"))
            break
    if not items:
        what = f"{len(elements)} elements match {selectors.item or selectors.link!r}, and none of them holds "
        what += f"a link that matches {selectors.link!r}" if selectors.link and selectors.item else "a link"
        raise UnreadableError(where, what, _MEND)
    if linkless:
        what = f"{linkless} of {len(elements)} elements that match hold no link"
        problems.append(_told(where, what, "they are left out"))
    if untitled:
        problems.append(_told(where, f"{untitled} of {len(elements)} items have no title", "their pages give it"))
    for name in ("title", "date", "summary", "image"):
        css, select = getattr(selectors, name), found[name]
        if select is not None and not any(select(element) for element in elements):
            what = f"the {name} selector {css!r} matches nothing inside of the items"
            problems.append(_told(where, what, f"the items come without it; {_MEND}"))
    return tuple(items.values())


_MEND = "look at the page's source and mend the selector"


def _select(css: str) -> Select:
    """Return what finds the elements that a selector names; it may raise as cssselect does."""
    compiled = CSSSelector(css, translator="html")

    def select(element: HtmlElement) -> list[HtmlElement]:
        found = compiled(element)
        # `a:contains(x)` and the like give elements too; only an odd XPath would give numbers or texts.
        return [each for each in found if isinstance(each, HtmlElement)] if isinstance(found, list) else []

    return select


def _told(where: str, what: str, now: str) -> Problem:
    return Problem(where=where, what=what, now=now, stage="sources")


def _compiled(where: str, name: str, css: str) -> Select | None:
    if not css:
        return None
    try:
        if len(css) > _MAX_SELECTOR:
            raise UnreadableError(where, f"the {name} selector is longer than {_MAX_SELECTOR} characters", _MEND)
        return _select(css)
    except (SelectorError, etree.XPathError, ValueError, RecursionError) as error:
        raise UnreadableError(where, f"the {name} selector {css[:80]!r} cannot be read: {error}", _MEND) from error


def _item(
    page: Page, base: str, element: HtmlElement, url: str, title: str, found: dict[str, Select | None]
) -> WireItem:
    date = _first(found["date"], element) if found["date"] else _dated(element)
    summary = _first(found["summary"], element)
    return WireItem(
        source_url=page.url,
        url=url,
        title=title,
        summary=shorten(text_of(summary), _SUMMARY) if summary is not None else "",
        published_at=_moment(date) if date is not None else None,
        image=_picture(base, element, found["image"]),
    )


def _link(element: HtmlElement, selector: Select | None) -> HtmlElement | None:
    """Return the element with the address: the one selected, the item itself, or the link with the longest text."""
    if selector is not None and (chosen := _first(selector, element)) is not None:
        return chosen if chosen.get("href") else next(chosen.iter("a"), None)
    if selector is not None and element.get("href") is None:
        return None
    if element.get("href"):
        return element
    links = [link for link in element.iter("a") if link.get("href")]
    return max(links, key=lambda link: (len(text_of(link)), _is_in_heading(link)), default=None)


def _title(element: HtmlElement, link: HtmlElement, selector: Select | None) -> str:
    if selector is not None:
        chosen = _first(selector, element)
        return shorten(text_of(chosen), _LONGEST_TITLE) if chosen is not None else ""
    named = (part for part in link.iterdescendants() if _HEADLINE_NAME.search(part.get("class") or ""))
    texts = ([text_of(part) for part in parts] for parts in (link.iter(*_HEADINGS), named))
    inside = next((max(found, key=len) for found in texts if any(found)), "")
    return shorten(inside or text_of(link) or (link.get("title") or ""), _LONGEST_TITLE)


def _first(selector: Select | None, element: HtmlElement) -> HtmlElement | None:
    return next(iter(selector(element)), None) if selector is not None else None


def _dated(element: HtmlElement) -> HtmlElement | None:
    return next(element.iter("time"), None)


def _moment(element: HtmlElement) -> datetime | None:
    for value in (element.get("datetime"), element.get("title"), element.get("content"), text_of(element)):
        if value and (moment := moment_of(value)):
            return moment
    return None


def _picture(base: str, element: HtmlElement, selector: Select | None) -> Image | None:
    chosen = _first(selector, element) if selector is not None else None
    if chosen is None:
        return None
    picture = chosen if chosen.tag == "img" else next(chosen.iter("img"), chosen)
    for name in ("src", "data-src", "data-lazy-src", "href"):
        if url := resolve(base, picture.get(name) or ""):
            return Image(url=url)
    return None


# --- without selectors ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Headline:
    link: HtmlElement
    url: str
    title: str
    in_heading: bool


def _proposals(document: HtmlElement, base: str) -> list[Proposal]:
    groups: dict[tuple[str, ...], dict[str, _Headline]] = {}
    for headline in _headlines(document, base):
        way = _way(headline.link)
        for part in (way, way[:_NEAR]):  # one list; and the same cards in several sections of a home page
            groups.setdefault(part, {}).setdefault(headline.url, headline)
    found: dict[Selectors, Proposal] = {}
    for group in sorted(groups.values(), key=len, reverse=True)[:_MAX_GROUPS]:
        if len(group) >= _LEAST and (proposal := _proposal(document, list(group.values()))):
            found.setdefault(proposal.selectors, proposal)
    return sorted(found.values(), key=lambda proposal: -proposal.worth)[:10]


def _headlines(document: HtmlElement, base: str) -> Iterator[_Headline]:
    for number, link in enumerate(document.iter("a")):
        if number >= _MAX_LINKS:
            return
        url = resolve(base, link.get("href") or "")
        if url is None or _is_furniture(link) or _NOT_A_PAGE.search(url.partition("?")[0]):
            continue
        title = text_of(link)
        long_enough = len(title) >= (_WORDY // 2 if _BRIEF.search(title) else _WORDY)
        if long_enough and len(title) <= 2 * _LONGEST_TITLE and url.partition("#")[0] != base.partition("#")[0]:
            yield _Headline(link, url, title, _is_in_heading(link))


def _is_furniture(link: HtmlElement) -> bool:
    element: HtmlElement | None = link
    for _ in range(_DEEP):
        if element is None or element.tag in ("body", "html"):
            return False
        if element.tag in _FURNITURE or (element.get("role") or "").lower() in _FURNITURE_ROLES:
            return True
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag not in ("article", "main", "li") and _FURNITURE_NAME.search(names):
            return True
        element = element.getparent()
    return False


def _is_in_heading(link: HtmlElement) -> bool:
    element: HtmlElement | None = link
    for _ in range(3):
        if element is None:
            return False
        if element.tag in _HEADINGS or _HEADLINE_NAME.search(element.get("class") or ""):
            return True
        element = element.getparent()
    return any(True for _ in link.iter(*_HEADINGS))


def _way(link: HtmlElement) -> tuple[str, ...]:
    """Return the tags and lasting classes from the page down to the link: alike for links of one list."""
    return tuple(_step(element) for element in (link, *link.iterancestors()))[:_DEEP]


def _step(element: HtmlElement) -> str:
    """Return "tag.class": with its first class that seems to belong to the kind and not to the one element."""
    tag = element.tag if isinstance(element.tag, str) else "*"
    kept = next((name for name in (element.get("class") or "").split() if not _STATE.search(name)), None)
    return f"{tag}.{kept}" if kept and re.match(r"[A-Za-z_-]", kept) else tag


def _proposal(document: HtmlElement, group: Sequence[_Headline]) -> Proposal | None:
    items = _outermost([headline.link for headline in group])
    item = _selector(document, items)
    if item is None:
        return None
    link = _inner_selector(items, [headline.link for headline in group])
    parts = _parts(items)
    headings = sum(headline.in_heading for headline in group) / len(group)
    letters = sum(min(len(headline.title), 120) for headline in group) / len(group)
    varied = len({headline.title for headline in group}) / len(group)
    dated = parts.date != ""
    # Lists of news are long, their titles are sentences, and each stands as a heading with a date and a teaser.
    worth = min(len(group), 40) ** 0.5 * letters * varied * (1 + headings) * (1.5 if dated else 1.0)
    worth *= 1.25 if parts.summary else 1.0
    worth *= 0.4 if any(_SHOWN_OFF.search(step) for step in _way(group[0].link)) else 1.0
    told = [f"{len(group)} links of one structure read like headlines (on average {letters:.0f} characters"]
    told[0] += ", set as headings)" if headings >= 0.5 else ")"
    if dated:
        told.append("they have dates")
    if parts.summary:
        told.append("teasers stand below them" if not dated else "and teasers")
    return Proposal(
        selectors=replace(parts, item=item, link=link),
        count=len(group),
        worth=worth,
        reason=", ".join(told[:2]) + (f" {told[2]}" if len(told) > 2 else "") + ".",
    )


def _outermost(links: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Climb from all links at once, as long as each has an ancestor of its own: those are the items."""
    level = list(links)
    for _ in range(_DEEP):
        above = [element.getparent() for element in level]
        if any(parent is None or parent.tag in ("body", "html") for parent in above):
            break
        # Lists in two columns share some parents; what most of the links share is the list and no item.
        if len(set(above)) < len(above):
            break
        level = above
    return level


def _selector(document: HtmlElement, items: Sequence[HtmlElement]) -> str | None:
    """Return the shortest selector that finds the items and little else: a path of tag.class from the item upwards."""
    wanted = set(items)
    best: tuple[float, str] | None = None
    path = ""
    place: Sequence[HtmlElement | None] = items
    for _ in range(5):
        steps = Counter(_step(element) for element in place if element is not None)
        if not steps:
            break
        step, count = steps.most_common(1)[0]
        if count < 0.6 * len(items):
            break
        path = f"{step} > {path}" if path else step
        try:
            chosen = set(_select(path)(document))
        except (SelectorError, etree.XPathError):
            break
        likeness = len(chosen & wanted) / len(chosen | wanted)
        if best is None or likeness > best[0] + 0.02:
            best = (likeness, path)
        if likeness == 1:
            break
        place = [element.getparent() if element is not None else None for element in place]
    return best[1] if best and best[0] >= 0.3 else None


def _inner_selector(items: Sequence[HtmlElement], links: Sequence[HtmlElement]) -> str:
    """Return what leads from an item to its headline's link; empty where the item is the link, or its only one."""
    if all(item is link for item, link in zip(items, links, strict=True)):
        return ""
    path = found = ""
    place: Sequence[HtmlElement | None] = links
    for _ in range(3):
        steps = Counter(
            _step(element)
            for element, item in zip(place, items, strict=True)
            if element is not None and element is not item
        )
        if not steps:
            break
        path = f"{steps.most_common(1)[0][0]} > {path}" if path else steps.most_common(1)[0][0]
        chosen = _select(path)
        hits = sum(next(iter(chosen(item)), None) is link for item, link in zip(items, links, strict=True))
        if hits >= 0.9 * len(items):
            found = path
            if path != "a":  # a bare tag is right today; with the step above it stays right when a link is added
                break
        place = [element.getparent() if element is not None else None for element in place]
    return found


def _parts(items: Sequence[HtmlElement]) -> Selectors:
    """Find what at least half of the items have: a date, a teaser, a picture."""
    half = len(items) / 2
    date = "time" if sum(next(item.iter("time"), None) is not None for item in items) >= half else ""
    if not date:
        names: Counter[str] = Counter()
        for item in items:
            for element in item.iter():
                if not isinstance(element.tag, str) or not _DATE_NAME.search(element.get("class") or ""):
                    continue
                if _moment(element):
                    names[_step(element)] += 1
                    break
        date = next((name for name, count in names.most_common(1) if count >= half and "." in name), "")
    teasers = sum(any(len(text_of(part)) >= 40 for part in item.iter("p")) for item in items)
    pictures = sum(any(part.get("src") or part.get("data-src") for part in item.iter("img")) for item in items)
    return Selectors(date=date, summary="p" if teasers >= half else "", image="img" if pictures >= half else "")


def _filled(proposed: Selectors, given: Selectors) -> Selectors:
    parts = {name: getattr(given, name) for name in Selectors.__slots__ if getattr(given, name)}
    return replace(proposed, **parts)


# --- the page ---------------------------------------------------------------------------------------------------


def _document(page: Page) -> HtmlElement:
    head = page.body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        raise UnreadableError(page.url, "the answer is empty, not a list page")
    if head.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex")) and b"<html" not in head:
        raise UnreadableError(page.url, "XML, not a list page")
    sent = re.search(r"charset=[\"']?([\w.:-]+)", page.header("content-type") or "", re.IGNORECASE)
    for charset in dict.fromkeys((sent[1] if sent else None, None)):
        try:
            return document_fromstring(page.body, parser=HTMLParser(encoding=charset))
        except LookupError:
            continue  # a charset that does not exist
        except (etree.LxmlError, ValueError) as error:
            raise UnreadableError(page.url, f"no web page that can be read ({error})") from error
    raise UnreadableError(page.url, "no web page that can be read")


def _base(page: Page, document: HtmlElement) -> str:
    named = next(document.iter("base"), None)
    return (resolve(page.final_url, named.get("href") or "") if named is not None else None) or page.final_url
