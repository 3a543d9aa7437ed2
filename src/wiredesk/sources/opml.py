"""Subscription lists: OPML 2.0 (http://opml.org/spec2.opml) in and out.

A few attributes are ours, in a namespace of their own (`urn:wiredesk:opml`), as the specification allows:
`official="true"` marks a site's own official feed; `kind="sitemap"` or `kind="list"` a source that is no feed; `item`,
`link`, `title`, `date`, `summary` and `image` are the CSS selectors of a list.  Such a source stands without
`type="rss"`, so that other readers do not take it for a feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

from lxml import etree

from wiredesk.errors import UnreadableError
from wiredesk.records import Problem, Selectors, Source, SourceKind
from wiredesk.text import clean, collapse
from wiredesk.urls import resolve

NAMESPACE = "urn:wiredesk:opml"

_OFFICIAL = f"{{{NAMESPACE}}}official"
_FORMERLY = f"{{{NAMESPACE}}}formerly"
_KIND = f"{{{NAMESPACE}}}kind"
_KINDS: dict[str, SourceKind] = {"": "feed", "feed": "feed", "sitemap": "sitemap", "list": "list"}
_SELECTORS = {part.name: f"{{{NAMESPACE}}}{part.name}" for part in fields(Selectors)}
_TRUE = frozenset({"true", "1", "yes"})
_FEED_SCHEME = re.compile(r"^feed:(?=//|https?:)", re.IGNORECASE)


def read_opml(data: bytes, name: str) -> tuple[list[Source], list[Problem]]:
    """Return the feeds of a subscription list, in its order, and what could not be used.

    Nesting becomes `Source.folder`, `category` becomes `Source.topics`.  An address that stands twice is read once.

    Args:
        name: File name for messages.

    Raises:
        UnreadableError: `data` is no OPML at all.
    """
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    lines: dict[str, int] = {}
    for line, folder, outline in _feeds(_body(data, name, problems), ()):
        where = f"{name}:{line}"
        given = collapse(outline.get("xmlUrl") or "")
        url = _address(given)
        if url is None:
            what = f"xmlUrl={given[:200]!r} is no web address"
            problems.append(Problem(where=where, what=what, now="this feed is left out", stage="sources"))
        elif url in sources:
            what = f"{url} stands in line {lines[url]} already"
            problems.append(Problem(where=where, what=what, now="the first one counts", stage="sources"))
        elif (kind := collapse(outline.get(_KIND) or "").lower()) not in _KINDS:
            what = f"kind={kind[:200]!r} is none of feed, sitemap, list"
            problems.append(Problem(where=where, what=what, now="this source is left out", stage="sources"))
        else:
            sources[url] = _source(url, folder, outline)
            lines[url] = line
    return list(sources.values()), problems


def write_opml(sources: Iterable[Source], title: str) -> bytes:
    """Return a subscription list: UTF-8, the same bytes for the same sources.

    Folders come in the order in which they are first named, each with its feeds before its folders.
    """
    root = etree.Element("opml", version="2.0", nsmap={"wiredesk": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = collapse(title)
    _write_folder(etree.SubElement(root, "body"), _tree(sources))
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


# --- reading ----------------------------------------------------------------------------------------------------


def _body(data: bytes, name: str, problems: list[Problem]) -> etree._Element:
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f"{name}:{line}" if line else name
        mended = _mended(data)
        if mended is None:
            raise UnreadableError(where, f"not OPML: {error}") from error
        what = f"not well-formed: {error}"
        problems.append(Problem(where=where, what=what, now="what could be read was read", stage="sources"))
        root = mended
    body = next((child for child in root if _tag(child) == "body"), None)
    if _tag(root) != "opml" or body is None:
        raise UnreadableError(name, f"not OPML: its outermost element is <{_tag(root)}>, or it has no <body>")
    return body


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, recover=recover
    )


def _mended(data: bytes) -> etree._Element | None:
    try:
        root: etree._Element | None = etree.fromstring(data, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _feeds(parent: etree._Element, folder: tuple[str, ...]) -> Iterable[tuple[int, tuple[str, ...], etree._Element]]:
    """Yield (line, folder, outline) of each feed; lxml bounds the nesting to 256."""
    for child in parent:
        if _tag(child) != "outline":
            continue
        label = collapse(child.get("text") or child.get("title") or "")
        if child.get("xmlUrl") is not None or (child.get("type") or "").lower() == "rss":
            yield _line(child), folder, child
        yield from _feeds(child, (*folder, label) if label else folder)


def _line(element: etree._Element) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _address(given: str) -> str | None:
    """Accept feed://host and feed:https://host too, which browsers once handed out."""
    bare = _FEED_SCHEME.sub("", given)
    return resolve("http:", bare)


def _source(url: str, folder: tuple[str, ...], outline: etree._Element) -> Source:
    title = collapse(outline.get("title") or outline.get("text") or "")
    kind = _KINDS[collapse(outline.get(_KIND) or "").lower()]
    return Source(
        url=url,
        kind=kind,
        selectors=_selectors(outline) if kind == "list" else None,
        title="" if title == url else title,
        site_url=resolve(url, outline.get("htmlUrl") or ""),
        folder=folder,
        topics=_topics(outline.get("category") or ""),
        official=(outline.get(_OFFICIAL) or "").strip().lower() in _TRUE,
        formerly=tuple((outline.get(_FORMERLY) or "").split()),
    )


def _selectors(outline: etree._Element) -> Selectors | None:
    given = {part: collapse(outline.get(name) or "") for part, name in _SELECTORS.items()}
    return Selectors(**given) if any(given.values()) else None


def _topics(category: str) -> tuple[str, ...]:
    """Return the names in a comma-separated list; of a slash-delimited path its last part."""
    names = []
    for given in category.split(","):
        value = given.strip()
        name = value.rstrip("/").rpartition("/")[2] if value.startswith("/") else value
        names.append(collapse(name.replace("%2F", "/").replace("%2C", ",").replace("%25", "%")))
    return tuple(dict.fromkeys(filter(None, names)))


# --- writing ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Folder:
    feeds: list[Source] = field(default_factory=list)
    folders: dict[str, _Folder] = field(default_factory=dict)


def _tree(sources: Iterable[Source]) -> _Folder:
    root = _Folder()
    for source in sources:
        place = root
        for label in source.folder:
            place = place.folders.setdefault(collapse(label), _Folder())
        place.feeds.append(source)
    return root


def _write_folder(parent: etree._Element, folder: _Folder) -> None:
    for source in folder.feeds:
        title = collapse(source.title)
        kind = "rss" if source.kind == "feed" else ""
        attributes = {"type": kind, "text": title or source.url, "title": title, "xmlUrl": source.url}
        attributes |= {"htmlUrl": source.site_url or "", "category": _category(source.topics)}
        outline = etree.SubElement(parent, "outline", {key: clean(value) for key, value in attributes.items() if value})
        if source.official:
            outline.set(_OFFICIAL, "true")
        if source.formerly:
            outline.set(_FORMERLY, " ".join(source.formerly))
        if source.kind != "feed":
            outline.set(_KIND, source.kind)
        if source.kind == "list" and source.selectors:
            for part, name in _SELECTORS.items():
                if value := collapse(getattr(source.selectors, part)):
                    outline.set(name, value)
    for label, inner in folder.folders.items():
        _write_folder(etree.SubElement(parent, "outline", text=label), inner)


def _category(topics: Sequence[str]) -> str:
    """Join names; a comma and a leading slash mean something in `category`, so they are percent-encoded."""
    encoded = [collapse(topic).replace("%", "%25").replace(",", "%2C") for topic in topics]
    return ",".join("%2F" + name[1:] if name.startswith("/") else name for name in encoded)
