"""The text of an article: trafilatura's, within bounds; a plain reading of the paragraphs where that fails."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from trafilatura import bare_extraction

from wiredesk.extract.declared import Claim
from wiredesk.text import collapse, words

logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # its warnings are our verdicts
logging.getLogger("htmldate").addHandler(logging.NullHandler())

_MOST_ELEMENTS = 40_000  # beyond that trafilatura takes minutes; news pages have 500 to 8,000
_DEEPEST = 200  # levels of nesting
_DATES = {"outputformat": "%Y-%m-%dT%H:%M:%S%z", "original_date": True}  # else htmldate drops the clock time
_MUCH_SHORTER = 0.5  # share of the declared text below which ours has missed the article
_REPEATED = 12  # words from which a paragraph said twice is a fault of the reading (trafilatura #660, #879)


@dataclass(frozen=True, slots=True)
class Body:
    """What a reading of the markup gives beyond what is declared."""

    text: Claim
    author: str = ""
    published: str = ""
    title: str = ""


def read_body(tree: Any, url: str, *, stated: str = "", with_metadata: bool = True) -> Body:
    """Return the article's text, paragraphs separated by one empty line.

    Args:
        tree: Root of the parsed page; is changed.
        url: Address of the page, for dates that stand in it.
        stated: The text as the page declares it, which counts where the markup holds much less.
        with_metadata: Also look for author and date in the markup.
    """
    for cell in tree.iterfind(".//*[@colspan]"):
        del cell.attrib["colspan"]  # a span of a million columns is written out as such (trafilatura #657)
    for cell in tree.iterfind(".//*[@rowspan]"):
        del cell.attrib["rowspan"]
    found: Any = None
    if _is_bearable(tree):
        try:
            found = bare_extraction(
                tree,
                url=url or None,
                include_comments=False,
                with_metadata=with_metadata,
                date_extraction_params=_DATES,
            )
        except Exception:
            found = None  # whatever it stumbles over, the plain reading below does not
    text = Claim(_paragraphs((found.text or "").split("\n")), "trafilatura", 0.9) if found else _plain(tree)
    if stated and len(words(text.value)) < _MUCH_SHORTER * len(words(stated)):
        text = Claim(_paragraphs(stated.split("\n")), "json-ld articleBody", 0.8)
    if found is None:
        return Body(text)
    return Body(text, found.author or "", found.date or "", found.title or "")


def _is_bearable(tree: Any) -> bool:
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        return False
    level, depth = [tree], 0
    while level and depth <= _DEEPEST:
        level, depth = [child for element in level for child in element], depth + 1
    return not level


def _plain(tree: Any) -> Claim:
    """All paragraphs with some text that are no lists of links."""
    found = []
    for element in tree.iter("p"):
        text = collapse(element.text_content())
        linked = sum(len(collapse(a.text_content())) for a in element.iter("a"))
        if len(text) >= 40 and linked < len(text) / 2:
            found.append(text)
    return Claim(_paragraphs(found), "paragraphs", 0.5 if found else 0.0)


def _paragraphs(lines: Iterable[str]) -> str:
    kept: list[str] = []
    seen: set[str] = set()
    for line in map(collapse, lines):
        if line in seen and len(words(line)) >= _REPEATED:
            continue
        seen.add(line)
        if line:
            kept.append(line)
    return "\n\n".join(kept)
