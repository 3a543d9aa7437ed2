"""What a page shows, and where: the material that knowledge of its host is learned from.  Reads the tree only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from cssselect import SelectorError
from lxml import etree

from wiredesk.extract.declared import Declared
from wiredesk.extract.knowledge import FIELDS, Sighting, as_text, block_key
from wiredesk.extract.moments import parse_moment
from wiredesk.extract.people import names
from wiredesk.text import collapse
from wiredesk.urls import resolve

_MOST_BLOCKS = 120  # of one page
_LONGEST_BLOCK = 2_000  # characters of a block that are looked at
_SHORTEST_BLOCK = 12  # characters; shorter ones are labels, and stand in articles too
_OPENING = 40  # characters that are kept for people
_NEAR = 40  # short texts after the headline among which a byline is looked for
_MOST_LEAVES = 600
_MOST_OF_A_PLACE = 6  # names; where more stand in one place, it is a list of articles
_MOST_DECLARED = 4  # rules of one field
_LONGEST_LINE = 80  # characters of a byline
_STEPS = 3  # elements of a path
_TOKENS = 3  # classes of one element
_TOKEN = re.compile(r"[A-Za-z_-][A-Za-z_-]{0,39}\Z")
_SIGNED = re.compile(r"author|byline|autor|auteur|writer|credit|contributor|redakt|journalist|report", re.IGNORECASE)

_BLOCKS: Any = etree.XPath(
    "//body//*[self::p or self::li or self::h2 or self::h3 or self::h4 or self::h5 or self::h6 or self::figcaption"
    " or self::blockquote or self::dd or self::div[not(*[not(self::a or self::b or self::strong or self::em or self::i"
    " or self::span or self::br)])]][not(ancestor::nav) and not(ancestor::footer)]"
)
_LEAVES: Any = etree.XPath(
    "//body//*[self::a or self::span or self::p or self::div or self::strong or self::em or self::b or self::i"
    " or self::address or self::cite or self::li or self::h3 or self::h4 or self::h5 or self::h6]"
    "[not(*[not(self::br or self::img or self::svg)])][string-length(.) > 2 and string-length(.) < 200]"
)
_HEADS: Any = etree.XPath("//body//*[self::h1 or self::h2]")
_TIMES: Any = etree.XPath("//body//*[@datetime]")
_PICTURES: Any = etree.XPath("//body//img[not(ancestor::nav) and not(ancestor::footer)]")


def blocks(tree: Any) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the keys of the page's blocks of text, each once, and how each begins."""
    found: dict[int, str] = {}
    for element in _BLOCKS(tree):
        text = collapse("".join(islice(element.itertext(), 60))[:_LONGEST_BLOCK])
        if len(text) >= _SHORTEST_BLOCK:
            found.setdefault(block_key(text), text[:_OPENING])
            if len(found) == _MOST_BLOCKS:
                break
    return tuple(found), tuple(found.values())


def sightings(tree: Any, said: Declared, base: str, outlets: Sequence[str]) -> tuple[Sighting, ...]:
    """Return what the page declares and shows for each field of FIELDS, with the rule or the place.

    Args:
        tree: Root of the parsed page; is not changed.
        said: What it declares, before anybody's advice.
        base: Address that its links are relative to.
        outlets: What the site calls itself; no author is called so.
    """
    found = list(_declared(said, outlets))
    found += _first_of_each("title", ((e, collapse(e.text_content()[:400])) for e in islice(_HEADS(tree), 12)))
    found += _first_of_each("published_at", ((e, _time(e.get("datetime"))) for e in islice(_TIMES(tree), 12)))
    found += _first_of_each("image", ((e, _picture(e, base)) for e in islice(_PICTURES(tree), 20)))
    found += _bylines(tree, outlets)
    return tuple(found)


def at_fixed(tree: Any, fixed: Mapping[str, str], base: str) -> dict[str, str]:
    """Return by field what stands at the selectors that the owner laid down, in a sighting's form."""
    found = {}
    for name, selector in fixed.items():
        try:
            elements = tree.cssselect(selector)[:_MOST_OF_A_PLACE]
        except (SelectorError, etree.LxmlError):
            continue  # `wiredesk knowledge HOST` names it
        if not elements:
            continue
        texts = [collapse(element.text_content()[:1000]) for element in elements]
        if name == "authors":
            found[name] = "; ".join(names(texts))
        elif name == "published_at":
            found[name] = _time(elements[0].get("datetime") or elements[0].get("content") or texts[0])
        elif name == "image":
            found[name] = _picture(elements[0], base) or (resolve(base, elements[0].get("content") or "") or "")
        else:
            found[name] = texts[0]
    return {name: value for name, value in found.items() if value}


def place_of(element: Any) -> str:
    """Return where an element stands: itself and what it stands in, by tag, id and classes, never by number.

    It is a CSS selector.  What holds a digit is left out: it is mostly the number of an article.
    """
    steps: list[str] = []
    while element is not None and isinstance(element.tag, str) and element.tag != "html" and len(steps) < _STEPS:
        step = element.tag
        name = element.get("id") or ""
        if _TOKEN.match(name):
            step += f"#{name}"
        for token in [each for each in (element.get("class") or "").split() if _TOKEN.match(each)][:_TOKENS]:
            step += f".{token}"
        steps.append(step)
        element = element.getparent()
    return " > ".join(reversed(steps))


def _declared(said: Declared, outlets: Sequence[str]) -> Iterable[Sighting]:
    for ours, theirs in FIELDS.items():
        rules: dict[str, list[Any]] = {}
        sure: dict[str, float] = {}
        for claim in said.all(theirs):
            rules.setdefault(claim.rule, []).append(claim.value)
            sure.setdefault(claim.rule, claim.confidence)
        for rule in list(rules)[:_MOST_DECLARED]:
            values = rules[rule]
            text = "; ".join(names(values, outlets=outlets)) if ours == "authors" else as_text(ours, values[0])
            if text:
                yield Sighting(field=ours, place=rule, value=text, stated=sure[rule])


def _first_of_each(name: str, values: Iterable[tuple[Any, str]]) -> Iterable[Sighting]:
    """The first value of each place: what follows there belongs to other articles."""
    seen: set[str] = set()
    for element, value in values:
        place = place_of(element) if value else ""
        if place and place not in seen:
            seen.add(place)
            yield Sighting(field=name, place=place, value=value)


def _bylines(tree: Any, outlets: Sequence[str]) -> Iterable[Sighting]:
    """Short texts that read like names, near the headline or in an element that is named for it."""
    leaves = list(islice(_LEAVES(tree), _MOST_LEAVES))
    head = next(tree.iter("h1"), None)
    near: set[Any] = set()
    if head is not None:
        inside = set(leaves)
        near = set(islice((e for e in islice(_following(head), 400) if e in inside), _NEAR))
    by_place: dict[str, list[str]] = {}
    for leaf in leaves:
        if leaf not in near and not _is_signed(leaf):
            continue
        text = collapse(leaf.text_content())
        if 2 < len(text) <= _LONGEST_LINE and names([text], outlets=outlets):
            by_place.setdefault(place_of(leaf), []).append(text)
    for place, texts in by_place.items():
        if len(texts) <= _MOST_OF_A_PLACE:
            yield Sighting(field="authors", place=place, value="; ".join(names(texts, outlets=outlets)))


def _following(element: Any) -> Iterable[Any]:
    """Elements after `element`, in the order of the page."""
    while element is not None:
        for sibling in element.itersiblings():
            yield from sibling.iter(etree.Element)
        element = element.getparent()


def _is_signed(leaf: Any) -> bool:
    for element in (leaf, *islice(leaf.iterancestors(), 2)):
        if _SIGNED.search(element.get("class") or "") or "author" in (element.get("rel") or ""):
            return True
    return False


def _time(value: str | None) -> str:
    return as_text("published_at", value) if value and parse_moment(value) else ""


def _picture(element: Any, base: str) -> str:
    for key in ("src", "data-src", "data-original"):
        value = (element.get(key) or "").strip()
        if value and not value.startswith("data:") and (url := resolve(base, value)):
            return url
    first = (element.get("srcset") or element.get("data-srcset") or "").strip().split()[:1]
    return (resolve(base, first[0].rstrip(",")) or "") if first else ""
