"""What a page shows, and where: the material that knowledge of its host is learned from.  Reads the tree only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cssselect import SelectorError
from lxml import etree

from wiredesk.extract.declared import Claim, Declared
from wiredesk.extract.fields import FIELDS
from wiredesk.extract.gather import Marks, place_of, text_of
from wiredesk.extract.knowledge import Sighting, SiteKnowledge, as_text, block_key
from wiredesk.extract.people import names
from wiredesk.extract.printed import headline_mark, image_of
from wiredesk.text import collapse

_MOST_BLOCKS = 120  # of one page
_SHORTEST_BLOCK = 12  # characters; shorter ones are labels, and stand in articles too
_OPENING = 40  # characters that are kept for people
_ABOVE, _BELOW = 15, 60  # elements around the headline among which names are looked for
_LONGEST_LINE = 80  # characters of a byline
_MOST_OF_A_PLACE = 6  # names; where more stand in one place, it is a list of articles
_MOST_PLACES = 16  # of one field
_DECLARED = ("json-ld", "meta", "microdata", "link", "script")
_INLINE = frozenset({"br", "img", "svg"})


def blocks(texts: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the keys of the page's blocks of text, each once, and how each begins."""
    found: dict[int, str] = {}
    for text in texts:
        if len(text) >= _SHORTEST_BLOCK:
            found.setdefault(block_key(text), text[:_OPENING])
            if len(found) == _MOST_BLOCKS:
                break
    return tuple(found), tuple(found.values())


def sightings(
    marks: Marks, said: Declared, claims: Mapping[str, Sequence[Claim]], outlets: Sequence[str]
) -> tuple[Sighting, ...]:
    """Return what the page declares and shows for each of FIELDS, with the rule or the place: the first of each.

    Names near the headline count wherever they stand: whether they are the author's, only other pages can tell.

    Args:
        claims: As read from the page alone, before anybody's advice.
        outlets: What the site calls itself; no author is called so.
    """
    found: list[Sighting] = []
    for name in FIELDS:
        seen: set[str] = set()
        for claim in claims[name]:
            place, text = where(claim), as_text(name, claim.value)
            if text and place not in seen and len(seen) < _MOST_PLACES:
                seen.add(place)
                stated = claim.confidence if claim.rule.startswith(_DECLARED) else 0.0
                found.append(Sighting(field=name, place=place, value=text, stated=stated))
                if name == "authors" and not stated and len(claim.value) > 1:
                    found.append(Sighting(field=name, place=f"{place}, first name", value=claim.value[0]))
        if name == "authors":
            found += [each for each in _names_near(marks, said, outlets) if each.place not in seen]
    return tuple(found)


def where(claim: Claim) -> str:
    """Return what a claim is known by from page to page: the rule of a declaration, else its place in the tree."""
    if claim.rule.startswith(_DECLARED) or claim.place in {"", "title", "address"}:
        return claim.rule
    return claim.place


def at_fixed(tree: Any, base: str, knowledge: SiteKnowledge | None) -> dict[str, str]:
    """Return by field what stands at the selectors that the owner laid down, in a sighting's form."""
    found: dict[str, str] = {}
    for name, selector in knowledge.fixed.items() if knowledge else ():
        try:
            elements = tree.cssselect(selector)[:_MOST_OF_A_PLACE]
        except (SelectorError, etree.LxmlError):
            continue  # `parse_knowledge` refuses what is no selector; what lxml cannot evaluate finds nothing
        if not elements:
            continue
        first = elements[0]
        given = first.get("datetime") or first.get("content")
        if name == "image":
            picture = image_of(first, base)
            found[name] = picture.url if picture else ""
        elif name == "authors":
            found[name] = as_text(name, names([each.get("content") or text_of(each) for each in elements]))
        else:
            found[name] = as_text(name, given or text_of(first))
    return {name: value for name, value in found.items() if value}


def _names_near(marks: Marks, said: Declared, outlets: Sequence[str]) -> Iterator[Sighting]:
    head = headline_mark(marks, [claim.value for claim in said.all("title")])
    by_place: dict[str, list[str]] = {}
    for element in marks.elements[max(0, head - _ABOVE) : head + _BELOW]:
        text = element.text
        if not text or len(text) > _LONGEST_LINE or element.tag in {"script", "style", "title", "option"}:
            continue
        text = collapse(text)
        if len(text) > 2 and names([text], outlets=outlets):
            alone = all(child.tag in _INLINE for child in element)
            place = place_of(element) + ("" if alone else ", its first words")
            by_place.setdefault(place, []).append(text)
    for place, texts in by_place.items():
        if len(texts) <= _MOST_OF_A_PLACE:
            found = names(texts, outlets=outlets)
            yield Sighting(field="authors", place=place, value=as_text("authors", found))
            if len(found) > 1:
                yield Sighting(field="authors", place=f"{place}, first name", value=found[0])
