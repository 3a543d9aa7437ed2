"""One walk over a parsed page that notes every element which may speak for a field; what it says is read elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from wiredesk.text import collapse

_MOST = 25_000  # elements that are looked at
_MOST_METAS = 500
_LONGEST = 20_000  # characters of one value
_KINDS = {
    "authors": re.compile(
        r"author|byline|\bautor|\bauteur|\bwriter|contributor|redakteur|journalist|reporter|\bby\b|\bfn\b|\bpenn|user-?name|user-profile-name",
        re.IGNORECASE,
    ),
    "dates": re.compile(r"date|\bdatum|fecha|\btime|publi|posted|created|data\b|zeit|meta", re.IGNORECASE),
    "titles": re.compile(r"headline|title|titel|titulo|titre", re.IGNORECASE),
}
# Regions whose contents belong to readers, to other articles or to the site.
_COMMENTS = re.compile(r"comment(?!ary)|kommentar|reply|respond\b|leserbrief|disqus|coral", re.IGNORECASE)
_ASIDE = re.compile(
    r"related|recommend|recirc|sidebar|side-bar|widget|footer|teaser|promo(?!ted)|most-?(?:read|pop)|trending|popular|newsletter"
    r"|\bnav|\bmenu|\bmore-|also-|see-also|latest|recent|carousel|outbrain|taboola|\bads?\b|listing",
    re.IGNORECASE,
)
_OUTSIDE = frozenset({"footer", "nav", "aside"})
_HEADINGS = frozenset({"h1", "h2", "h3"})
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:e[ns]?|es)?|auteurs?|by|profiles?|people|staff|journalists?|reporters?|writers?|contributors?"
    r"|columnists?|users?|redaktion|redakteure?|person|bio|verfasser)/[^/]|[?&]author=|byline=",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Mark:
    """An element, and where it stands in the order of the page."""

    element: Any
    at: int  # index among all elements


@dataclass
class Marks:
    """What the walk noted, each list in the order of the page."""

    tree: Any
    elements: list[Any]
    metas: dict[str, list[str]] = field(default_factory=dict)  # name, lower case -> contents
    links: list[Any] = field(default_factory=list)
    data: list[str] = field(default_factory=list)  # JSON-LD blocks
    scripts: list[str] = field(default_factory=list)  # other scripts that hold data
    items: list[Mark] = field(default_factory=list)  # with itemprop
    headings: list[Mark] = field(default_factory=list)
    times: list[Mark] = field(default_factory=list)
    authors: list[Mark] = field(default_factory=list)  # by class, rel or href
    dates: list[Mark] = field(default_factory=list)  # by class
    titles: list[Mark] = field(default_factory=list)  # by class
    pictures: list[Mark] = field(default_factory=list)
    paragraphs: list[Mark] = field(default_factory=list)
    anchors: int = 0
    title: str = ""  # of the title element
    password: bool = False  # there is a field for one
    forms: int = 0
    spine: set[Any] = field(default_factory=set)  # all that holds the headline
    structure: dict[str, int] = field(default_factory=dict)  # how often some tags stand in the page

    @cached_property
    def h1(self) -> list[Mark]:
        return [mark for mark in self.headings if mark.element.tag == "h1"]


def gather(tree: Any) -> Marks:
    """Walk over the page below `tree` (lxml), once; it is not changed."""
    elements = list(islice(tree.iter("*"), _MOST))
    marks = Marks(tree=tree, elements=elements)
    counted = {"article": 0, "li": 0, "table": 0, "pre": 0, "input": 0, "p": 0, "img": 0, "video": 0, "audio": 0}
    metas = 0
    for at, element in enumerate(elements):
        tag = element.tag
        if tag in counted:
            counted[tag] += 1
        if tag == "meta":
            metas += 1
            if metas <= _MOST_METAS:
                _note_meta(marks.metas, element)
        elif tag == "link":
            marks.links.append(element)
        elif tag == "script":
            kind = (element.get("type") or "").lower()
            text = element.text
            if "ld+json" in kind:
                marks.data.append(text or "")
            elif text and ("ublish" in text or "uthor" in text or 'Dt"' in text):
                marks.scripts.append(text)
            continue
        elif tag == "title":
            if not marks.title:
                marks.title = collapse((element.text_content() or "")[:2000])
        elif tag in _HEADINGS:
            marks.headings.append(Mark(element, at))
        elif tag == "time":
            marks.times.append(Mark(element, at))
        elif tag == "img":
            marks.pictures.append(Mark(element, at))
        elif tag == "p":
            marks.paragraphs.append(Mark(element, at))
        elif tag == "a":
            marks.anchors += 1
            if "author" in (element.get("rel") or "") or _AUTHOR_PAGE.search(element.get("href") or ""):
                marks.authors.append(Mark(element, at))
        elif tag == "form":
            marks.forms += 1
        elif tag == "input" and (element.get("type") or "").lower() == "password":
            marks.password = True
        if element.get("itemprop"):
            marks.items.append(Mark(element, at))
        named = element.get("class")
        if named is None:
            named = element.get("id")
        if named and (kinds := _kinds_of(named)) and tag not in ("body", "html"):
            mark = Mark(element, at)
            for kind in kinds:
                getattr(marks, kind).append(mark)
    marks.structure = counted
    for mark in marks.h1[:2]:
        marks.spine.update(mark.element.iterancestors())
    return marks


@lru_cache(maxsize=8192)
def _kinds_of(named: str) -> tuple[str, ...]:
    """Return what a class or id marks: pages repeat few names often."""
    return tuple(kind for kind, pattern in _KINDS.items() if pattern.search(named))


@lru_cache(maxsize=8192)
def _region_named(named: str) -> str:
    return "comments" if _COMMENTS.search(named) else "aside" if _ASIDE.search(named) else ""


def _note_meta(metas: dict[str, list[str]], element: Any) -> None:
    content = collapse((element.get("content") or "")[:_LONGEST])
    if not content:
        return
    keys = {(element.get(name) or "").strip().lower() for name in ("property", "name", "itemprop", "http-equiv")}
    for key in sorted(keys - {""}):
        metas.setdefault(key, []).append(content)


def text_of(element: Any, most: int = 400, joint: str = " ") -> str:
    """Return the text of an element on one line, of at most about `most` characters; without scripts and styles.

    Args:
        joint: Stands between pieces that the markup parts: nothing within headlines, where parts of words are marked.
    """
    if not len(element):
        return collapse((element.text or "")[: most + 100])
    unseen = {e.text for e in islice(element.iter("script", "style", "noscript"), 20)}
    parts: list[str] = []
    length = 0
    for text in islice(element.itertext(), 80):
        if text in unseen or (joint and text.isspace()):
            continue
        parts.append(text)
        length += len(text)
        if length > most:
            break
    return collapse(joint.join(parts))


def region_of(marks: Marks, element: Any) -> str:
    """Return "comments", "aside" (other articles, the site's own matters) or "" (the article, as far as can be told).

    What also holds the headline says nothing: whole pages are called "has-sidebar".
    """
    found = ""
    for each in islice(element.iterancestors(), 16):
        if each in marks.spine or each.tag in ("body", "html", "main"):
            break
        if each.tag in _OUTSIDE:
            found = "aside"
        named = f"{each.get('class') or ''} {each.get('id') or ''}"
        if len(named) > 1:
            region = _region_named(named)
            if region == "comments":
                return region
            found = region or found
    return found


def is_aside(marks: Marks, element: Any) -> bool:
    """Tell whether an element stands outside of the article."""
    return bool(region_of(marks, element))


def place_of(element: Any) -> str:
    """Return where an element stands: tags with their first class, from the fourth ancestor down, without numbers."""
    steps = []
    for each in (element, *islice(element.iterancestors(), 4)):
        if not isinstance(each.tag, str) or each.tag == "html":
            break
        named = (each.get("class") or "").split()
        steps.append(each.tag + (f".{_NUMBER.sub('', named[0])}" if named else ""))
    return "/".join(reversed(steps))


_NUMBER = re.compile(r"\d+")
