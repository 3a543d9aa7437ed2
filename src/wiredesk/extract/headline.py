"""The headline: what the page prints large and declares, without the site's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from wiredesk.extract.declared import Claim
from wiredesk.text import collapse, words

_SEPARATOR = re.compile(r"(\s+[|│–—\-»«•·:/]+\s+|\s*[|│]\s*)")
_LIKE = 0.6  # share of words from which a printed headline is the declared one in other words
_SHORTEST = 8  # characters of a printed headline; shorter ones are labels


def headline(claims: Sequence[Claim], printed: Sequence[str], document_title: str, site: str) -> Claim | None:
    """Return the headline with its rule; None where the page has none.

    Args:
        claims: Declared titles, best first.
        printed: Texts of the page's h1 elements, in their order.
        document_title: Text of its title element.
        site: Name of the site as far as known; "" if not.
    """
    stated = [Claim(without_site(_tidy(c.value), site), c.rule, c.confidence) for c in claims]
    stated = [c for c in stated if c.value and _key(c.value) != _key(site)]
    own = [h for text in printed if len(h := without_site(_tidy(text), site)) >= _SHORTEST and _key(h) != _key(site)]
    title = without_site(_tidy(document_title), site)
    if found := _printed_and_stated(own, [c.value for c in stated], title):
        return found
    if stated:
        return stated[0]
    if len(own) == 1 and len(words(own[0])) > 3:
        return Claim(own[0], "h1", 0.6)
    if title:
        return Claim(title, "title element", 0.5)
    return Claim(own[0], "first h1", 0.3) if own else None


def without_site(title: str, site: str) -> str:
    """Cut the name of the `site` off either end of `title`, where a separator sets it apart."""
    parts = _SEPARATOR.split(title)
    name = _key(site)
    while name and len(parts) >= 3:
        if _names(parts[-1], name):
            parts = parts[:-2]
        elif _names(parts[0], name):
            parts = parts[2:]
        else:
            break
    return "".join(parts).strip()


def _printed_and_stated(printed: Sequence[str], stated: Sequence[str], title: str) -> Claim | None:
    for head in printed:
        if any(_key(head) == _key(text) for text in stated):
            return Claim(head, "h1, as declared", 0.98)
    for head in printed:
        for text in stated:
            if _key(text) in _key(head):  # the h1 has a kicker before or a date behind it
                return Claim(text, "declared, within the h1", 0.9)
            if _key(head) in _key(text):
                return Claim(head, "h1, within the declared title", 0.9)
    for head in printed:
        if any(_overlap(head, text) >= _LIKE for text in stated):
            return Claim(head, "h1, much like the declared title", 0.8)
    inside = [head for head in printed if _key(head) in _key(title)]
    if inside and not stated:
        return Claim(max(inside, key=len), "h1, within the title element", 0.8)
    return None


def _names(part: str, name: str) -> bool:
    key = _key(part)
    return key == name or (len(key) >= 4 and (key in name or name in key) and len(key) <= len(name) + 12)


def _tidy(value: str) -> str:
    return collapse(value.replace("\u00ad", "").replace("\u200b", ""))


def _key(value: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", value)).casefold()


def _overlap(first: str, second: str) -> float:
    a, b = set(words(first)), set(words(second))
    return 2 * len(a & b) / (len(a) + len(b) or 1)
