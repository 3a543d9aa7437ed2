"""What a page declares about itself: JSON-LD, Open Graph and other meta tags, microdata, link relations.

Each reader yields claims, best first; what becomes of them is decided by `page.py`.

Sources: schema.org, ogp.me, html.spec.whatwg.org (microdata, link types), the AMP project's discovery links.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wiredesk.extract.gather import Marks, is_aside, place_of, text_of
from wiredesk.extract.jsonld import ARTICLE_TYPES, LISTING_TYPES, VIDEO_TYPES, Node, as_list, parse_blocks, types_of
from wiredesk.records import Image
from wiredesk.text import collapse
from wiredesk.urls import canonical, resolve

_LONGEST = 20_000  # characters of one value


@dataclass(frozen=True, slots=True)
class Claim:
    """One value that the page gives for a field, the rule that found it, and how far we trust it (0-1)."""

    value: Any  # str, or Image for images
    rule: str
    confidence: float
    place: str = ""  # where it is printed, as steps through the tree; "" for what the rule alone says


@dataclass(frozen=True, slots=True)
class Declared:
    """All claims by field, each list best first, and what kind of page it says it is."""

    claims: Mapping[str, list[Claim]]
    is_article: bool = False
    is_video: bool = False
    is_listing: bool = False
    kinds: frozenset[str] = frozenset()  # schema.org's types of the node that tells of the page
    page_type: str = ""  # og:type
    is_paid: bool = False  # it says that it cannot be read for nothing
    paid_parts: tuple[str, ...] = ()  # CSS selectors of what is to be paid for

    def first(self, field: str) -> Claim | None:
        """Return the best claim for `field`."""
        return next(iter(self.claims.get(field, ())), None)

    def all(self, field: str) -> list[Claim]:
        """Return every claim for `field`, best first."""
        return list(self.claims.get(field, ()))


# meta name or property -> field, confidence; the order is the order of trust.
_METAS: tuple[tuple[str, str, float], ...] = (
    ("og:title", "title", 0.85),
    ("twitter:title", "title", 0.8),
    ("parsely-title", "title", 0.8),
    ("sailthru.title", "title", 0.75),
    ("dc.title", "title", 0.7),
    ("og:description", "excerpt", 0.9),
    ("twitter:description", "excerpt", 0.85),
    ("description", "excerpt", 0.8),
    ("dc.description", "excerpt", 0.7),
    ("article:author_name", "author", 0.8),
    ("author", "author", 0.75),
    ("parsely-author", "author", 0.8),
    ("sailthru.author", "author", 0.75),
    ("byl", "author", 0.8),
    ("dc.creator", "author", 0.7),
    ("dcterms.creator", "author", 0.7),
    ("citation_author", "author", 0.7),
    ("article:author", "author", 0.6),
    ("og:article:author", "author", 0.6),
    ("article:published_time", "published", 0.95),
    ("og:article:published_time", "published", 0.95),
    ("article:published", "published", 0.9),
    ("og:published_time", "published", 0.9),
    ("parsely-pub-date", "published", 0.9),
    ("cxenseparse:recs:publishtime", "published", 0.9),
    ("sailthru.date", "published", 0.85),
    ("publishdate", "published", 0.85),
    ("publish-date", "published", 0.85),
    ("publish_date", "published", 0.85),
    ("pubdate", "published", 0.85),
    ("dc.date.issued", "published", 0.85),
    ("dcterms.issued", "published", 0.85),
    ("dcterms.created", "published", 0.8),
    ("dc.date.created", "published", 0.8),
    ("dc.date", "published", 0.75),
    ("date", "published", 0.7),
    ("article:modified_time", "updated", 0.9),
    ("og:updated_time", "updated", 0.8),
    ("dcterms.modified", "updated", 0.75),
    ("last-modified", "updated", 0.6),
    ("og:image:secure_url", "image", 0.9),
    ("og:image", "image", 0.9),
    ("og:image:url", "image", 0.9),
    ("twitter:image", "image", 0.85),
    ("twitter:image:src", "image", 0.85),
    ("parsely-image-url", "image", 0.8),
    ("sailthru.image.full", "image", 0.8),
    ("og:locale", "language", 0.7),
    ("content-language", "language", 0.7),
    ("dc.language", "language", 0.7),
    ("article:section", "section", 0.9),
    ("parsely-section", "section", 0.8),
    ("article:tag", "tags", 0.9),
    ("news_keywords", "tags", 0.8),
    ("parsely-tags", "tags", 0.8),
    ("keywords", "tags", 0.6),
    ("og:site_name", "provider", 0.9),
    ("application-name", "provider", 0.7),
    ("apple-mobile-web-app-title", "provider", 0.6),
    ("og:url", "canonical", 0.8),
)
_ITEMS: tuple[tuple[str, str], ...] = (
    ("headline", "title"),
    ("datepublished", "published"),
    ("datecreated", "published"),
    ("datemodified", "updated"),
    ("author", "author"),
    ("articlesection", "section"),
    ("image", "image"),
    ("description", "excerpt"),
)
_ITEM_FIELDS = frozenset(key for key, _ in _ITEMS)
_STATE_MOST = 400_000  # characters of a script
_STATE = {
    "published": re.compile(
        r"[\"'](?:date_?published|published_?(?:at|date|time|on)?|publish_?(?:date|time|ed_?time)|pub_?date"
        r"|first_?published(?:_?at|_?date)?|publication_?date|display_?date|article_?publish\w*"
        r"|(?:reg(?:ist)?|deploy|create|write|input)_?(?:dt|date))[\"']"
        r"\s*:\s*[\"'](\d{4}[-.]?\d\d[-.]?\d\d[^\"']{0,25}|\w{3}, \d\d? \w{3} \d{4}[^\"']{0,20})[\"']",
        re.IGNORECASE,
    ),
    "author": re.compile(
        r"[\"'](?:\w{0,12}_?authors?(?:_?names?)?|bylines?)[\"']\s*:\s*"
        r"(?:\{[^{}\[\]]{0,120}?[\"']name[\"']\s*:\s*)?(\[\s*[\"'][^\[\]{}<>]{3,300}[\"']\s*\]|[\"'][^\"'<>\\]{3,80}[\"'])",
        re.IGNORECASE,
    ),
}
_QUOTED = re.compile(r"[\"']([^\"']{2,80})[\"']")
_WRITTEN_BY = re.compile(
    r"^(?:written|posted|authored)? ?by\b|^(?:verfasst|geschrieben)? ?von\b|^(?:escrito)? ?por\b"
    r"|^écrit par|^aut(?:ho|o)r|^auteur|^scritto da|^geschreven door|^skrevet av|^автор",
    re.IGNORECASE,
)
_SIZES = re.compile(r"\d+(?:\.\d+)?[wx](?:,|$)")  # what follows an address in a srcset
_LINKS = {"canonical": "canonical", "amphtml": "amp", "image_src": "image", "apple-touch-icon": "logo", "icon": "icon"}


def declared(marks: Marks, base: str) -> Declared:
    """Return what the page at `base` says about itself.

    Args:
        marks: What a walk over the page noted.
        base: Address that its links are relative to.
    """
    metas = marks.metas
    nodes = parse_blocks(marks.data)
    main = _main_node(nodes, base)
    claims: dict[str, list[Claim]] = defaultdict(list)
    readers = (
        _from_json_ld(main, nodes, base),
        _from_metas(metas, base),
        _from_labels(metas),
        _from_items(marks, base),
        _from_links(marks.links, base),
        _from_scripts(marks.scripts),
    )
    for reader in readers:
        for field, claim in reader:
            claims[field].append(claim)
    tree = marks.tree
    if language := (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")):
        claims["language"].insert(0, Claim(collapse(language), "html lang", 0.8))
    kinds = types_of(main) if main else frozenset()
    page_type = next(iter(metas.get("og:type", [])), "").lower()
    return Declared(
        claims=claims,
        is_article=bool(kinds & ARTICLE_TYPES) or page_type == "article" or "article:published_time" in metas,
        is_video=bool(kinds & VIDEO_TYPES) or page_type.startswith("video"),
        is_listing=any(types_of(node) & LISTING_TYPES for node in nodes) and not kinds,
        kinds=kinds or frozenset().union(*map(types_of, nodes)),
        page_type=page_type,
        is_paid=_is_paid(main) or metas.get("article:content_tier", [""])[0].lower() in {"locked", "paid"},
        paid_parts=_paid_parts(main),
    )


def _is_paid(node: Node | None) -> bool:
    """Source: Google's structured data for paywalled content."""
    return node is not None and str(node.get("isAccessibleForFree")).strip().lower() in {"false", "0", "no"}


def _paid_parts(node: Node | None) -> tuple[str, ...]:
    parts = [part for part in as_list((node or {}).get("hasPart")) if isinstance(part, dict) and _is_paid(part)]
    selectors = [s for part in parts for s in as_list(part.get("cssSelector")) if isinstance(s, str)]
    return tuple(s[:200] for s in selectors[:10])


def _from_metas(metas: Mapping[str, list[str]], base: str) -> Iterator[tuple[str, Claim]]:
    for name, field, confidence in _METAS:
        for value in metas.get(name, ()):
            if field == "image":
                if image := _picture(
                    value, base, metas.get("og:image:width"), metas.get("og:image:height"), name.startswith("og:")
                ):
                    yield field, Claim(image, f"meta {name}", confidence)
            elif name == "citation_author":
                last, comma, first = value.partition(",")
                yield field, Claim(f"{first} {last}".strip() if comma else value, f"meta {name}", confidence)
            elif field == "tags" and name != "article:tag":
                for tag in re.split(r"[,;]", value):
                    yield field, Claim(collapse(tag), f"meta {name}", confidence)
            else:
                yield field, Claim(value, f"meta {name}", confidence)


def _from_labels(metas: Mapping[str, list[str]]) -> Iterator[tuple[str, Claim]]:
    """twitter:label1 "Written by" with twitter:data1: what is shown below a shared link."""
    for number in "12":
        labels, values = metas.get(f"twitter:label{number}"), metas.get(f"twitter:data{number}")
        if labels and values and _WRITTEN_BY.match(labels[0]):
            yield "author", Claim(values[0], "meta twitter:data", 0.7)


def _picture(value: str, base: str, widths: list[str] | None, heights: list[str] | None, sized: bool) -> Image | None:
    first, _, sizes = html.unescape(value).partition(" ")
    url = resolve(base, first if _SIZES.match(sizes) else html.unescape(value))  # a whole srcset stands there at times
    if url is None:
        return None
    return Image(url=url, width=_pixels(widths) if sized else None, height=_pixels(heights) if sized else None)


def _from_items(marks: Marks, base: str) -> Iterator[tuple[str, Claim]]:
    """Microdata, without its scopes: the first of each property is nearly always the page's own."""
    seen: dict[str, list[tuple[str, str]]] = defaultdict(list)
    pictures: list[tuple[str, str]] = []
    days = {
        (mark.element.get("content") or mark.element.get("datetime") or "")[:10]
        for mark in marks.items
        if mark.element.get("itemprop", "").strip().lower() == "datepublished"
    }
    for mark in marks.items:
        element = mark.element
        key = element.get("itemprop", "").strip().lower()
        if key not in _ITEM_FIELDS:
            continue
        given = element.get("content") or element.get("datetime")
        if key == "image":
            inner = element if element.get("src") else element.find(".//img[@src]")
            candidates = (given, inner.get("src") if inner is not None else None, element.get("href"))
            pictures += [(v, place_of(element)) for v in candidates if v][:1]
        elif len(seen[key]) < 20:
            if key in {"author", "datepublished", "headline"} and is_aside(marks, element):
                continue
            inner = element.find(".//*[@itemprop='name']") if key == "author" else None
            text = collapse((given or text_of(element if inner is None else inner, _LONGEST))[:_LONGEST])
            if text:
                seen[key].append((text, place_of(element)))
    for key, field in _ITEMS:
        for value, place in pictures[:1] if key == "image" else seen[key]:
            if field == "image":
                if url := resolve(base, value):
                    yield field, Claim(Image(url=url), "microdata image", 0.7, place)
            else:
                many = ", one of many" if field == "published" and len(days) > 2 else ""
                yield field, Claim(value, f"microdata {key}{many}", 0.7, place)


def _from_links(links: Sequence[Any], base: str) -> Iterator[tuple[str, Claim]]:
    for element in links:
        for rel in (element.get("rel") or "").lower().split():
            field = _LINKS.get(rel)
            url = resolve(base, element.get("href") or "") if field else None
            if field and url:
                yield (
                    field,
                    Claim(
                        Image(url=url) if field == "image" else url,
                        f"link {rel}",
                        0.95 if field == "canonical" else 0.7,
                    ),
                )


def _from_scripts(scripts: Sequence[str]) -> Iterator[tuple[str, Claim]]:
    """The state that a page's own program starts from, as far as it names the usual keys; the first of each."""
    wanted = {"published", "author"}
    for script in scripts:
        for field, pattern in _STATE.items():
            if field in wanted and (found := pattern.search(script, 0, _STATE_MOST)):
                wanted.discard(field)
                for value in [found[1]] if field == "published" else _QUOTED.findall(found[1])[:12]:
                    yield field, Claim(collapse(html.unescape(value)), f"script {field}", 0.5)


def _main_node(nodes: list[Node], base: str) -> Node | None:
    """The node of the article itself: the one that names this address, else the first."""
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES and (node.get("headline") or node.get("name"))]
    here = _same_page(base)
    for node in articles:
        addresses = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
        addresses += [page.get("@id") or page.get("url") for page in addresses if isinstance(page, dict)]
        if any(isinstance(a, str) and (url := resolve(base, a)) and _same_page(url) == here for a in addresses):
            return node
    if articles:
        return articles[0]
    if bare := next((n for n in nodes if types_of(n) & ARTICLE_TYPES and n.get("datePublished")), None):
        return bare
    return next((node for node in nodes if types_of(node) & VIDEO_TYPES and node.get("name")), None)


def _same_page(url: str) -> str:
    try:
        return canonical(url).partition("://")[2].partition("?")[0].rstrip("/")
    except ValueError:
        return url


def _from_json_ld(node: Node | None, nodes: list[Node], base: str) -> Iterator[tuple[str, Claim]]:
    known = {str(n["@id"]): n for n in reversed(nodes) if len(n) > 1 and "@id" in n}
    if node is None:
        for page in (n for n in nodes if "WebPage" in types_of(n)):
            for field, key in (("published", "datePublished"), ("updated", "dateModified"), ("author", "author")):
                for value in _texts(page.get(key), known)[: 20 if key == "author" else 1]:
                    yield field, Claim(value, f"json-ld WebPage {key}", 0.7)
            break
        for site in (n for n in nodes if "WebSite" in types_of(n)):
            for name in _texts(site.get("name"))[:1]:
                yield "provider", Claim(name, "json-ld WebSite", 0.8)
        return
    plain = (
        ("title", "headline", 0.95),
        ("title", "name", 0.7),
        ("excerpt", "description", 0.85),
        ("published", "datePublished", 0.97),
        ("published", "uploadDate", 0.9),
        ("published", "dateCreated", 0.8),
        ("updated", "dateModified", 0.95),
        ("language", "inLanguage", 0.8),
        ("section", "articleSection", 0.9),
        ("body", "articleBody", 0.7),
    )
    for field, key, confidence in plain:
        for value in _texts(node.get(key), known)[:1]:
            yield field, Claim(value, f"json-ld {key}", confidence)
    for key in ("author", "creator"):
        for value in _texts(node.get(key), known):
            yield "author", Claim(value, f"json-ld {key}", 0.95)
    for keywords in as_list(node.get("keywords")):
        for word in re.split(r"[,;]", keywords) if isinstance(keywords, str) else _texts(keywords):
            yield "tags", Claim(collapse(word), "json-ld keywords", 0.85)
    for key in ("image", "thumbnailUrl", "thumbnail"):
        for number, image in enumerate(_images(node.get(key), known, base)):
            yield "image", Claim(image, f"json-ld {key}" + (", not the first" if number else ""), 0.9)
    for publisher in as_list(node.get("publisher")):
        publisher = _follow(publisher, known)
        for name in _texts(publisher)[:1]:
            yield "provider", Claim(name, "json-ld publisher", 0.85)
        if isinstance(publisher, dict):
            for image in _images(publisher.get("logo"), known, base)[:1]:
                yield "logo", Claim(image.url, "json-ld publisher logo", 0.9)


def _follow(value: Any, known: Mapping[str, Node]) -> Any:
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return known.get(str(value.get("@id")), value)
    return value


def _texts(value: Any, known: Mapping[str, Node] | None = None) -> list[str]:
    """Plain texts of a value that may be a text, a thing with a name, or a list of such."""
    found: list[str] = []
    for each in as_list(value)[:100]:
        each = _follow(each, known or {})
        if isinstance(each, dict):
            each = each.get("name") or each.get("@value") or each.get("alternateName")
            each = each[0] if isinstance(each, list) and each else each
        if isinstance(each, str) and (text := html.unescape(each[:500_000]).strip()):
            found.append(text)
    return found


def _images(value: Any, known: Mapping[str, Node], base: str) -> list[Image]:
    found: list[Image] = []
    for each in as_list(value)[:20]:
        each = _follow(each, known)
        thing = each if isinstance(each, dict) else {"url": each}
        address = next(
            (a for a in as_list(thing.get("url") or thing.get("contentUrl") or thing.get("@id")) if isinstance(a, str)),
            "",
        )
        if url := resolve(base, html.unescape(address)):
            credit = next(
                iter(_texts(thing.get("creditText") or thing.get("copyrightHolder") or thing.get("author"))), None
            )
            title = next(iter(_texts(thing.get("caption"))), None)
            sizes = _pixels(thing.get("width")), _pixels(thing.get("height"))
            found.append(Image(url=url, width=sizes[0], height=sizes[1], title=title, attribution=credit))
    return found


def _pixels(value: Any) -> int | None:
    """A declared size: 1200, "1200", "1200px", {"value": 1200}, or a list of these."""
    value = next(iter(as_list(value)), None)
    if isinstance(value, dict):
        value = value.get("value") or value.get("name")
    found = re.match(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$", str(value))
    return int(found[1]) or None if found else None
