"""A page -> Draft: declared data first, then what the markup shows; each field with the rule that found it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

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
from wiredesk.urls import LOCAL, canonical, registrable_domain, resolve

EXCERPT = 480  # characters; the longest that the reference site has
_LEDE = 300  # characters of an excerpt that is the opening of the text
_LARGEST = 8 * 1024 * 1024  # bytes of a page that are still parsed
_MOST_TAGS = 15
_NO_PICTURE = re.compile(r"(?:^|[/_.-])(?:logo|favicon|placeholder|default[-_]image|blank|spacer|pixel)s?(?:[/_.-]|$)", re.IGNORECASE)
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
    body = read_body(tree, address, stated=stated.value if stated else "", with_metadata=not (authors and published and title))
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
