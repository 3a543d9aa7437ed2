"""A page -> Draft: declared data first, then what the markup shows; each field with the rule that found it."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

from wiredesk.errors import NotAnArticle, UnreadableError
from wiredesk.extract.body import Body, read_body
from wiredesk.extract.charset import decode
from wiredesk.extract.declared import Claim, Declared, declared
from wiredesk.extract.headline import headline
from wiredesk.extract.language import detect
from wiredesk.extract.moments import parse_moment
from wiredesk.extract.people import names
from wiredesk.extract.verdict import why_no_article
from wiredesk.records import Draft, Image, Page
from wiredesk.text import collapse, sentences, shorten
from wiredesk.urls import canonical, registrable_domain, resolve

EXCERPT = 480  # characters; the longest that the reference site has
_LEDE = 300  # characters of an excerpt that is the opening of the text
_LARGEST = 8 * 1024 * 1024  # bytes of a page that are still parsed
_MOST_TAGS = 15
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:logo|favicon|placeholder|default[-_]image|blank|spacer|pixel)s?(?:[/_.-]|$)", re.IGNORECASE
)
_TAIL_OF_TITLE = re.compile(r"\s[|–—»·-]\s([^|–—»·]{2,60})$")
_OTHER = ("application/pdf", "application/zip", "image/", "video/", "audio/", "font/")


def extract(page: Page, *, languages: Sequence[str] = ()) -> Draft:
    """Read an article's page.

    Args:
        page: A response as received; charset and links are settled here.
        languages: Those that the site expects (ISO 639-1), a hint where texts are short.

    Raises:
        NotAnArticle: It is a home page, a listing, an error page, a login or bot wall, or empty.
        UnreadableError: It is no page at all, or too large.
    """
    address = address_of(page)
    tree = _parse(page, address)
    base = _base(tree, page.final_url or page.url)
    said = declared(tree, base)
    document_title = _text_of(tree.find(".//title"))
    printed = [_text_of(h1) for h1 in tree.iter("h1")][:20]
    site = _site(said, document_title, address)
    outlet = site.value if site else ""
    title = headline(said.all("title"), printed, document_title, outlet)
    authors = _authors(said, outlet)
    published = _moment(said, "published")

    has_date = bool(published)
    whole = _skeleton(tree)
    stated = said.first("body")
    body = read_body(
        tree, address, stated=stated.value if stated else "", with_metadata=not (authors and published and title)
    )
    title = title or (Claim(collapse(body.title), "trafilatura", 0.4) if body.title else None)
    authors = authors or _claim(names([body.author], outlet=outlet), "trafilatura", 0.6)
    published = published or _dated(body)
    reason = why_no_article(whole, address, title.value if title else "", body.text.value, said, has_date=has_date)
    if reason:
        raise NotAnArticle(page.url, reason)

    text = _without_title(body.text.value, title.value if title else "")
    excerpt = _excerpt(said, text)
    language, language_rule, sure = detect(text or (title.value if title else ""), _first(said, "language"), languages)
    found: dict[str, Claim | None] = {
        "title": title,
        "text": Claim(text, body.text.rule, body.text.confidence),
        "excerpt": excerpt,
        "authors": authors,
        "published_at": published,
        "updated_at": _moment(said, "updated"),
        "language": Claim(language, language_rule, sure),
        "section": said.first("section"),
        "tags": _tags(said),
        "image": _image(said),
        "provider_name": site,
        "provider_logo": said.first("logo") or said.first("icon"),
        "canonical_url": _own_address(said, "canonical", address),
        "amp_url": _own_page(said, "amp", address),
    }
    kept = {field: claim for field, claim in found.items() if claim and claim.value}
    return Draft(
        address=address,
        origin="page",
        observed_at=page.fetched_at,
        kind="video" if said.is_video and not said.is_article else "article",
        amp=_is_amp(whole),
        rules={field: claim.rule for field, claim in kept.items()},
        confidence={field: round(claim.confidence, 2) for field, claim in kept.items()},
        **{field: claim.value for field, claim in kept.items()},
    )


def address_of(page: Page) -> str:
    """Return the canonical address of what was read; `file:` addresses stay as they are.

    Raises:
        UnreadableError: The page has no address that could be kept.
    """
    url = page.final_url or page.url
    if url.lower().startswith("file:"):
        return url
    try:
        return canonical(url)
    except ValueError as error:
        raise UnreadableError(page.url, f"its address cannot be used ({error})") from error


def _parse(page: Page, address: str) -> Any:
    if page.status >= 400:
        raise NotAnArticle(page.url, f"the server answered {page.status}")
    if len(page.body) > _LARGEST:
        raise UnreadableError(page.url, f"larger than {_LARGEST // 1024 // 1024} MiB")
    if page.content_type.startswith(_OTHER) or page.body[:5] == b"%PDF-":
        raise UnreadableError(page.url, f"no page of text ({page.content_type or 'PDF'})")
    text = decode(page)
    if not text.strip():
        raise NotAnArticle(page.url, "an empty page")
    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True)
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser, base_url=address)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise NotAnArticle(page.url, "nothing that could be parsed as a page") from error
    return tree


def _base(tree: Any, url: str) -> str:
    element = tree.find(".//base[@href]")
    return (resolve(url, element.get("href")) if element is not None else None) or url


def _text_of(element: Any) -> str:
    return collapse(element.text_content()[:2000]) if element is not None else ""


def _skeleton(tree: Any) -> Any:
    """A copy of the page: reading the text cuts the original."""
    return copy.deepcopy(tree)


def _site(said: Declared, document_title: str, address: str) -> Claim | None:
    """The outlet's name: declared, or what follows the last separator of the document's title."""
    if named := said.first("provider"):
        name = collapse(str(named.value))
        if name and not name.startswith(("http:", "https:", "@")):
            return Claim(name, named.rule, named.confidence)
    label = registrable_domain(address).partition(".")[0]
    tail = _TAIL_OF_TITLE.search(document_title)
    if tail and label and label in re.sub(r"\W", "", tail[1]).casefold():
        return Claim(tail[1].strip(), "title element, behind the headline", 0.6)
    return None


def _authors(said: Declared, outlet: str) -> Claim | None:
    """People, by the first rule that names any."""
    for rule in dict.fromkeys(claim.rule for claim in said.all("author")):
        bylines = [str(claim.value) for claim in said.all("author") if claim.rule == rule]
        if found := names(bylines, outlet=outlet):
            return Claim(found, rule, next(c.confidence for c in said.all("author") if c.rule == rule))
    return None


def _claim(value: Any, rule: str, confidence: float) -> Claim | None:
    return Claim(value, rule, confidence) if value else None


def _moment(said: Declared, field: str) -> Claim | None:
    """The first claim that is a date; a time without zone is trusted less."""
    for claim in said.all(field):
        if moment := parse_moment(str(claim.value)):
            return Claim(moment[0], claim.rule, claim.confidence if moment[1] else round(claim.confidence * 0.8, 2))
    return None


def _dated(body: Body) -> Claim | None:
    moment = parse_moment(body.published) if body.published else None
    return Claim(moment[0], "htmldate", 0.6) if moment else None


def _first(said: Declared, field: str) -> str | None:
    claim = said.first(field)
    return str(claim.value) if claim else None


def _excerpt(said: Declared, text: str) -> Claim | None:
    """The summary that the page declares, else the opening of the text."""
    if (stated := said.first("excerpt")) and collapse(str(stated.value)):
        return Claim(shorten(str(stated.value), EXCERPT), stated.rule, stated.confidence)
    opening = ""
    for sentence in sentences(text[: 4 * _LEDE]):
        if opening and len(opening) + len(sentence) > _LEDE:
            break
        opening = f"{opening} {sentence}".strip()
    return _claim(shorten(opening, _LEDE), "opening of the text", 0.5)


def _without_title(text: str, title: str) -> str:
    """Drop a first paragraph that only repeats the headline."""
    first, _, rest = text.partition("\n\n")
    return rest if title and rest and collapse(first).casefold() == collapse(title).casefold() else text


def _tags(said: Declared) -> Claim | None:
    for rule in dict.fromkeys(claim.rule for claim in said.all("tags")):
        values = (part for claim in said.all("tags") if claim.rule == rule for part in str(claim.value).split(","))
        if found := tuple(dict.fromkeys(tag for value in values if (tag := collapse(value))))[:_MOST_TAGS]:
            return Claim(found, rule, 0.8)
    return None


def _image(said: Declared) -> Claim | None:
    """The first declared picture that is no logo or placeholder; sizes from whoever declares that same picture."""
    claims = [claim for claim in said.all("image") if isinstance(claim.value, Image)]
    chosen = next((claim for claim in claims if not _NO_PICTURE.search(urlsplit(claim.value.url).path)), None)
    if chosen is None:
        return None
    image: Image = chosen.value
    for claim in claims:
        if image.width is None and claim.value.url == image.url and claim.value.width:
            image = replace(image, width=claim.value.width, height=claim.value.height)
    return Claim(image, chosen.rule, chosen.confidence)


def _own_address(said: Declared, field: str, address: str) -> Claim | None:
    """The address that the page claims, if it is the same site's: nobody may claim another one's page.

    A claim on the home page, by an article that is somewhere else, is a template's mistake.
    """
    claim = _own_page(said, field, address)
    if claim is None:
        return None
    try:
        url = canonical(str(claim.value))
    except ValueError:
        return None
    is_home = urlsplit(url).path in {"", "/"} and not urlsplit(url).query
    return None if is_home and url != address else Claim(url, claim.rule, claim.confidence)


def _own_page(said: Declared, field: str, address: str) -> Claim | None:
    for claim in said.all(field):
        try:
            if registrable_domain(str(claim.value)) == registrable_domain(address) or address.startswith("file:"):
                return claim
        except ValueError:
            continue
    return None


def _is_amp(tree: Any) -> bool:
    """An AMP page says so on its root element, with a lightning sign or the word."""
    return any(name in {"amp", "\u26a1", "\u26a1\ufe0f"} for name in tree.attrib)
