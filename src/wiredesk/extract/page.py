"""A page -> Draft: declared data first, then what the markup shows; each field with the rule that found it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

from wiredesk.errors import NotAnArticle, UnreadableError
from wiredesk.extract.body import read_body
from wiredesk.extract.charset import decode
from wiredesk.extract.choose import Choice
from wiredesk.extract.declared import Claim, Declared, declared
from wiredesk.extract.fields import Around, claims_of, image_of, moment_of, settle
from wiredesk.extract.gather import Marks, gather
from wiredesk.extract.knowledge import Lesson, SiteKnowledge, settle_known
from wiredesk.extract.language import detect
from wiredesk.extract.moments import parse_moment
from wiredesk.extract.sighting import at_fixed, blocks, sightings
from wiredesk.extract.verdict import kind_of, why_no_article
from wiredesk.extract.walls import cut_paid_parts, without_invitation
from wiredesk.optouts import META_NAMES, in_order, opt_outs, opt_outs_of_meta
from wiredesk.records import Draft, Page
from wiredesk.text import collapse, sentences, shorten, words
from wiredesk.urls import LOCAL, canonical, host_of, registrable_domain, resolve

LEDE = "lede"  # the rule of an excerpt that is the opening of the text
NO_TEXT = frozenset({"noai", "tdm-reservation"})  # opt-outs from being read by machines: the text is not kept
EXCERPT = 480  # characters; the longest that the reference site has
_LEDE = 300  # characters of an excerpt that is the opening of the text
_LARGEST = 8 * 1024 * 1024  # bytes of a page that are still parsed
_MOST_TAGS = 15
_MOST_ATTRIBUTES = 400  # in one tag; trackers write a few dozen
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_OVERGROWN = re.compile(r"(<[A-Za-z][^\s<>/]{0,40}+)[^<>]{2000,}")
_SHORTEST_EXCERPT = 25  # characters; shorter ones are labels
_MARKUP = re.compile(r"<[^<>]{1,300}>")
_ENDS = re.compile(r"[.!?…。！？।][\"'”’»)\]]*$")
_LOOSE = re.compile(r"\baside\b|\banywhere\b|within a (?:longer )?text")  # rules for what may be anybody's
_OTHER = ("application/pdf", "application/zip", "image/", "video/", "audio/", "font/")


def extract(
    page: Page,
    *,
    languages: Sequence[str] = (),
    knowledge: SiteKnowledge | None = None,
    obey: bool = True,
    open_parts_only: bool = True,
) -> Draft:
    """Read an article's page.

    Args:
        page: A response as received; charset and links are settled here.
        languages: Those that the site expects (ISO 639-1), a hint where texts are short.
        knowledge: What the pages of its host have in common.
        obey: Read the publisher's opt-outs and do as they say (decision 4); they stay unread else.
        open_parts_only: Leave out what the page says is to be paid for.  False only to measure how well texts are read.

    Raises:
        NotAnArticle: It is a home page, a listing, an error page, a login or bot wall, or empty.
        UnreadableError: It is no page at all, or too large.
    """
    return study(page, languages=languages, knowledge=knowledge, obey=obey, open_parts_only=open_parts_only)[0]


def study(
    page: Page,
    *,
    languages: Sequence[str] = (),
    knowledge: SiteKnowledge | None = None,
    obey: bool = True,
    open_parts_only: bool = True,
) -> tuple[Draft, Lesson | None]:
    """As `extract`, and what the page teaches about its host; None for an AMP form, and for a page without a host."""
    address = address_of(page)
    tree = _parse(page, address)
    read = read_page(tree, page, address)
    said, around = read.said, read.around
    seen = sightings(read.marks, said, read.claims, around.outlets)
    chosen = settle_known(read.claims, around, seen, at_fixed(tree, around.base, knowledge), knowledge)
    title, authors = (_claim_of(chosen.get(field)) for field in ("title", "authors"))
    paid = said.is_paid and open_parts_only
    cut = cut_paid_parts(tree, said.paid_parts) if paid else 0
    body = read_body(
        tree,
        around.base,
        **_voices(said, title, paid=paid),
        authors=authors.value if authors else (),
        repeated=knowledge.repeated if knowledge else frozenset(),
    )
    reason = why_no_article(
        read.marks, address, title.value if title else "", body, said, has_date=bool(said.first("published"))
    )
    if reason:
        raise NotAnArticle(page.url, reason)

    text = without_invitation(body.text)
    text_rule = body.rule + (f", without {body.dropped} repeated on this site" if body.dropped else "")
    if cut or len(text) < len(body.text):
        text_rule += ", the open part of a paid page"
    keys, openings = blocks(body.page.blocks)
    excerpt = _excerpt(said, text)
    language, language_rule, sure = detect(text or (title.value if title else ""), _first(said, "language"), languages)
    published, offset = _published(chosen.get("published"))
    found: dict[str, Claim | None] = {
        "title": title,
        "text": Claim(text, text_rule, body.confidence),
        "excerpt": excerpt,
        "authors": authors,
        "published_at": published,
        "updated_at": _updated(read.claims["updated"]),
        "language": Claim(language, language_rule, sure),
        "section": said.first("section"),
        "tags": _tags(said),
        "image": _image(chosen.get("image")),
        "provider_name": read.site,
        "provider_logo": said.first("logo") or said.first("icon"),
        "canonical_url": _own_address(said, "canonical", address),
        "amp_url": _own_page(said, "amp", address),
    }
    closed = _opt_outs(page, read.marks) if obey else ()
    if NO_TEXT & set(closed):
        found["text"] = None
        found["excerpt"] = excerpt if excerpt and excerpt.rule != LEDE else None
    if "nosnippet" in closed:
        found["excerpt"] = None
    kept = {field: claim for field, claim in found.items() if claim and claim.value}
    draft = Draft(
        address=address,
        origin="page",
        observed_at=page.fetched_at,
        kind=kind_of(
            said, address, body, dated=_stands(read.claims["published"]), signed=_stands(read.claims["authors"])
        ),
        opt_outs=closed,
        amp=_is_amp(tree),
        published_offset=offset,
        outline=body.outline[: text.count("\n\n") + 1] if "text" in kept else (),
        links=body.links if "text" in kept else (),
        rules={field: claim.rule for field, claim in kept.items()},
        confidence={field: round(claim.confidence, 2) for field, claim in kept.items()},
        **{field: claim.value for field, claim in kept.items()},
    )
    if NO_TEXT & set(closed):
        keys, openings = (), ()  # of a text that we may not keep, nothing is kept
    if draft.amp or address.startswith("file:"):
        return draft, None
    lesson = Lesson(
        host=host_of(address),
        address=address,
        observed_at=page.fetched_at,
        title=draft.title,
        blocks=keys,
        openings=openings,
        sightings=seen,
        marks=draft.confidence,
        words=len(words(text)),
    )
    return draft, lesson


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page before anything is decided: what stands on it, what it says of itself, every claim for its fields."""

    marks: Marks
    said: Declared
    site: Claim | None
    around: Around
    claims: dict[str, list[Claim]]


def voices_for_text(page: Page) -> tuple[Any, dict[str, str]]:
    """Return the tree of a page, and what is known of its text before it is read: arguments of `read_body`.

    Raises:
        NotAnArticle, UnreadableError: as `extract` does.
    """
    address = address_of(page)
    tree = _parse(page, address)
    read = read_page(tree, page, address)
    title = _claim_of(settle(read.claims, read.around).get("title"))
    return tree, _voices(read.said, title, paid=False)


def _voices(said: Declared, title: Claim | None, *, paid: bool) -> dict[str, str]:
    return {
        "title": title.value if title else "",
        "stated": "" if paid else _first(said, "body") or "",
        "excerpt": _first(said, "excerpt") or "",
    }


def read_page(tree: Any, page: Page, address: str) -> PageRead:
    """Gather all claims of a parsed page; the tree is not changed."""
    base = _base(tree, page.final_url or page.url)
    marks = gather(tree)
    said = declared(marks, base)
    site = _site(said, marks.title, address)
    outlet = site.value if site else ""
    domain = registrable_domain(address)
    outlets = (outlet, domain, domain.partition(".")[0])
    around = Around(address, base, outlet, outlets, _first(said, "language") or "", page.fetched_at)
    return PageRead(marks, said, site, around, claims_of(marks, said, around))


def parse(page: Page) -> Any:
    """Return the root of a page's tree.  Raises NotAnArticle and UnreadableError as `extract` does."""
    return _parse(page, address_of(page))


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
    text = _OVERGROWN.sub(_pruned, decode(page))
    if not text.strip():
        raise NotAnArticle(page.url, "an empty page")
    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
        tree = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser, base_url=address)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise NotAnArticle(page.url, "nothing that could be parsed as a page") from error
    return tree


def _pruned(tag: re.Match[str]) -> str:
    """A tag without its attributes, if they are too many: parsers take time that grows with their square."""
    names_only = _QUOTED.sub(" ", tag[0])
    return tag[0] if len(re.split(r"[\s/]+", names_only, maxsplit=_MOST_ATTRIBUTES)) <= _MOST_ATTRIBUTES else tag[1]


def _base(tree: Any, url: str) -> str:
    element = tree.find(".//base[@href]")
    return (resolve(url, element.get("href")) if element is not None else None) or url


def _site(said: Declared, document_title: str, address: str) -> Claim | None:
    """The outlet's name: as declared, else the part of the title that is spelled like the domain."""
    if found := said.first("provider"):
        return found
    domain = registrable_domain(address)
    label = domain.partition(".")[0].replace("-", "")
    for part in reversed(re.split(r"\s+[|│–—\-»«•·:]+\s+|\s*[|│]\s*", document_title)):
        key = re.sub(r"\W", "", part).casefold()
        if domain != LOCAL and len(key) > 2 and key in {label, domain.replace(".", "").replace("-", "")}:
            return Claim(part, "title element, as the domain", 0.6)
    return None


def _claim(value: Any, rule: str, confidence: float) -> Claim | None:
    return Claim(value, rule, confidence) if value else None


def _first(said: Declared, field: str) -> str | None:
    found = said.first(field)
    return found.value if found else None


def _opt_outs(page: Page, marks: Marks) -> tuple[str, ...]:
    """What the publisher opts out of, by header or meta tag."""
    found = [
        word for name in META_NAMES for value in marks.metas.get(name, ()) for word in opt_outs_of_meta(name, value)
    ]
    return in_order([*opt_outs(page.headers), *found])


def _claim_of(choice: Choice | None) -> Claim | None:
    return Claim(choice.candidate.best.value, choice.rule, choice.confidence) if choice else None


def _stands(claims: Sequence[Claim]) -> bool:
    """Tell whether any claim is of the article, as far as its rule tells."""
    return any(not _LOOSE.search(claim.rule) for claim in claims)


def _published(choice: Choice | None) -> tuple[Claim | None, int | None]:
    if choice is None:
        return None, None
    at, offset = moment_of(choice)
    return Claim(at, choice.rule, choice.confidence), offset


def _updated(claims: Sequence[Claim]) -> Claim | None:
    """The first claim, declared ones before printed ones."""
    for claim in claims:
        if found := parse_moment(claim.value):
            return Claim(found[0], claim.rule, claim.confidence)
    return None


def _image(choice: Choice | None) -> Claim | None:
    return Claim(image_of(choice), choice.rule, choice.confidence) if choice else None


def _excerpt(said: Declared, text: str) -> Claim | None:
    for claim in said.all("excerpt"):
        if len(value := collapse(_MARKUP.sub(" ", claim.value))) >= _SHORTEST_EXCERPT:
            return Claim(shorten(value, EXCERPT), claim.rule, claim.confidence)
    return _claim(lede(text), LEDE, 0.6)


def lede(text: str) -> str:
    """Return the opening of `text`: whole sentences, at most 300 characters."""
    long = [paragraph for paragraph in text.split("\n\n") if len(paragraph) >= _SHORTEST_EXCERPT]
    # A byline or a caption in front is no opening: it ends without a full stop.
    first = next((paragraph for paragraph in long[:4] if _ENDS.search(paragraph)), long[0] if long else "")
    kept = ""
    for sentence in sentences(first):
        if kept and len(kept) + len(sentence) >= _LEDE:
            break
        kept = f"{kept} {sentence}".strip()
    return shorten(kept, _LEDE)


def _tags(said: Declared) -> Claim | None:
    """All tags of the best rule, each once."""
    claims = [claim for claim in said.all("tags") if 1 < len(claim.value) <= 80]
    if not claims:
        return None
    mine = (collapse(claim.value) for claim in claims if claim.rule == claims[0].rule)
    unique = {tag.casefold(): tag for tag in reversed(list(mine))}
    return Claim(tuple(reversed(unique.values()))[:_MOST_TAGS], claims[0].rule, claims[0].confidence)


def _own_page(said: Declared, field: str, address: str) -> Claim | None:
    """An address that the page gives for itself, if it lies on its own site."""
    domain = registrable_domain(address)
    for claim in said.all(field):
        try:
            if registrable_domain(claim.value) == domain and canonical(claim.value):
                return claim
        except ValueError:
            continue
    return None


def _own_address(said: Declared, field: str, address: str) -> Claim | None:
    """The canonical address, guarded: on the same site, and no home page that stands in for everything."""
    claim = _own_page(said, field, address)
    if claim is None:
        return None
    own = canonical(claim.value)
    if urlsplit(own).path == "/" and not urlsplit(own).query and own != address:
        return None
    return Claim(own, claim.rule, claim.confidence)


def _is_amp(tree: Any) -> bool:
    return tree.get("amp") is not None or tree.get("⚡") is not None
