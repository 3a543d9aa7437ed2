"""The text of an article: what the block model reads, and others' opinions where it is not sure.

The first opinion is our own: two forests judge every block of the page, the second one knowing what the first thinks
of its neighbours.  Where it doubts itself, what the page declares and trafilatura are asked too, and that reading wins
which shares most with the others.  docs/decisions/0004-extraction.md has the figures.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wiredesk.extract.blocks import MOST_ELEMENTS, Block, Layout, bit, lay_out
from wiredesk.extract.features import features, in_context
from wiredesk.extract.knowledge import block_key
from wiredesk.extract.people import is_byline
from wiredesk.forest import Forest
from wiredesk.records import Link, Shape
from wiredesk.text import collapse, words
from wiredesk.urls import resolve

RULE = "blocks"

_CHOSEN = 0.55  # probability from which a block belongs to the text
_DOUBTFUL = 0.5  # expected share of right text below which others are asked: above it they are no better (decision 4)
_MUCH_SHORTER = 0.5  # share of the declared text below which ours has missed the article
_REPEATED = 8  # words from which a block that is said again on the page is said once
_OFTEN = 3  # times from which such a block is no text at all: a notice in every embedded picture
_MOST_LINKS = 300
_TOP = 4  # first paragraphs, among which a byline may stand
_TEASER = 5  # words of a link that reads like a headline
_LOST = 0.5  # confidence below which ours gives way to the only other reading
_OTHERS_RIGHT = 0.8  # confidence of a declared text
_DEEPEST = 200  # levels of nesting that trafilatura bears
_SHAPES: dict[str, Shape] = {
    "h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4",
    "li": "li", "dt": "li", "dd": "li", "blockquote": "q", "pre": "pre",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of the whole page, whatever they belong to."""

    blocks: tuple[str, ...] = ()  # outside of navigation and footer, in order: what repeated pages teach from
    linked: float = 0.0  # share of its characters inside links
    teasers: int = 0  # links of five words and more


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a page, with its form."""

    text: str = ""  # paragraphs separated by one empty line
    rule: str = RULE
    confidence: float = 0.0  # 0-1: how probable it is that nine tenths of it are right
    outline: tuple[Shape, ...] = ()  # one for each paragraph, or empty
    links: tuple[Link, ...] = ()
    dropped: int = 0  # blocks that were left out since they stand on many pages of the site
    page: PageText = field(default_factory=lambda: PageText())


def read_body(
    tree: Any,
    base: str,
    *,
    title: str = "",
    stated: str = "",
    excerpt: str = "",
    authors: Sequence[str] = (),
    repeated: Container[int] = frozenset(),
) -> Body:
    """Return the article's text.

    Args:
        tree: Root of the parsed page; only read, but for a second opinion, which may change it.
        base: Address that links are relative to.
        title: The headline; where the text begins with it, it is cut off.
        stated: The text as the page declares it (JSON-LD articleBody).
        excerpt: The summary that it declares.
        authors: Who wrote it; a line on top that says no more than that is left out.
        repeated: Keys (`block_key`) of blocks that stand on many pages of the site.
    """
    layout = lay_out(tree)
    if not layout.blocks:
        return _declared(stated)
    probability = _judge(layout, title, stated, excerpt)
    chosen = _choose(layout, probability, title)
    own = _without(layout, chosen, repeated) if repeated else chosen
    sure = _expected(layout.blocks, probability, chosen)
    body = _body(layout, own, base, _model().confidence(sure))
    if sure < _DOUBTFUL:
        body = _second_opinion(tree, body, stated)
    elif stated and len(words(body.text)) < _MUCH_SHORTER * len(words(stated)):
        body = _declared(stated)
    return replace(_without_bylines(body, authors), dropped=len(chosen) - len(own), page=_page_text(layout))


# --- the first opinion ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Model:
    first: Forest
    second: Forest
    doubts: NDArray[np.float32]  # expected shares, rising
    right: NDArray[np.float32]  # how many readings with such a share were right

    def confidence(self, sure: float) -> float:
        return float(np.interp(sure, self.doubts, self.right))


@cache
def _model() -> _Model:
    with (files("wiredesk.extract") / "body.npz").open("rb") as file:
        arrays = dict(np.load(file))
    first, second = (Forest.from_arrays(arrays, name) for name in ("first", "second"))
    return _Model(first, second, arrays["doubts"], arrays["right"])


def _judge(layout: Layout, title: str, stated: str, excerpt: str) -> NDArray[np.float32]:
    """Return the probability of each block to belong to the text."""
    model = _model()
    own = features(layout, title=title, stated=stated, excerpt=excerpt)
    return model.second.probability(in_context(layout, own, model.first.probability(own)))


def _choose(layout: Layout, probability: NDArray[np.float32], title: str) -> list[int]:
    """Return the blocks of the text, in order."""
    texts = [block.text for block in layout.blocks]
    chosen = _said_once(texts, np.flatnonzero(probability >= _CHOSEN).tolist())
    headline = collapse(title).casefold()
    return chosen[1:] if chosen and headline and texts[chosen[0]].casefold() == headline else chosen


def _without(layout: Layout, chosen: list[int], repeated: Container[int]) -> list[int]:
    """Leave out what is the template's; nothing where little would be left: then the template was misjudged."""
    own = [number for number in chosen if block_key(layout.blocks[number].text) not in repeated]
    size, before = (sum(layout.blocks[number].size for number in numbers) for numbers in (own, chosen))
    return chosen if size < before / 4 else own


def _without_bylines(body: Body, authors: Sequence[str]) -> Body:
    """Leave out what only says whose the article is, above its text; all stays where nothing else is said."""
    paragraphs = body.text.split("\n\n")
    kept = [number for number, line in enumerate(paragraphs) if number >= _TOP or not is_byline(line, authors)]
    if not kept or len(kept) == len(paragraphs):
        return body
    outline = tuple(body.outline[number] for number in kept) if body.outline else ()
    return replace(body, text="\n\n".join(paragraphs[number] for number in kept), outline=outline)


def _expected(blocks: Sequence[Block], probability: NDArray[np.float32], chosen: list[int]) -> float:
    """Return the share of text that is right, of all that was chosen or missed, if the probabilities are true."""
    size = np.fromiter((block.size for block in blocks), np.float64, len(blocks))
    inside = np.zeros(len(blocks), dtype=bool)
    inside[chosen] = True
    mass = size * probability
    right = mass[inside].sum()
    return float(right / max(size[inside].sum() + mass[~inside].sum(), 1.0))


def _body(layout: Layout, chosen: list[int], base: str, confidence: float) -> Body:
    blocks = [layout.blocks[number] for number in chosen]
    links: dict[str, str] = {}
    for block in blocks:
        for href, text in block.links:
            if len(links) < _MOST_LINKS and (url := resolve(base, href)):
                links.setdefault(url, text)
    return Body(
        text="\n\n".join(block.text for block in blocks),
        confidence=confidence if blocks else 0.0,
        outline=tuple(_shape(layout, block) for block in blocks),
        links=tuple(Link(url=url, text=text) for url, text in links.items()),
    )


def _shape(layout: Layout, block: Block) -> Shape:
    if shape := _SHAPES.get(block.tag):
        return shape
    node = layout.nodes[block.node]
    if (node.hints | node.above) & bit("in_quote"):
        return "q"
    parent = layout.nodes[node.parent].tag if node.parent >= 0 else ""
    return "li" if parent == "li" else "p"


def _page_text(layout: Layout) -> PageText:
    outside = bit("in_nav") | bit("in_footer")
    nodes = layout.nodes
    inside = [b.text for b in layout.blocks if not (nodes[b.node].hints | nodes[b.node].above) & outside]
    teasers = sum(len(text.split()) >= _TEASER for block in layout.blocks for _, text in block.links)
    return PageText(tuple(inside), nodes[0].linked / (nodes[0].size or 1.0), teasers)


# --- others -----------------------------------------------------------------------------------------------------


def _declared(stated: str) -> Body:
    text = _paragraphs(stated)
    return Body(text, "json-ld articleBody", _OTHERS_RIGHT) if text else Body()


def _second_opinion(tree: Any, ours: Body, stated: str) -> Body:
    """Ask what the page declares, and trafilatura; return the reading that shares most with the others."""
    others = [_declared(stated)] if stated else []
    if text := _trafilatura(tree):
        others.append(Body(text, "trafilatura", ours.confidence))
    readings = [ours, *others]
    bags = [Counter(zip(*(words(reading.text)[n:] for n in range(3)), strict=False)) for reading in readings]
    shares = [sum(_overlap(bag, other) for other in bags if other is not bag) for bag in bags]
    if len(readings) == 2:  # nobody to settle it: the other one speaks where ours is lost
        return others[0] if ours.confidence < _LOST else ours
    return readings[max(range(len(readings)), key=lambda number: (shares[number], -number))]


def _overlap(one: Counter[Any], other: Counter[Any]) -> float:
    """Dice coefficient of two bags of shingles."""
    return 2 * (one & other).total() / ((one.total() + other.total()) or 1)


def _trafilatura(tree: Any) -> str:
    """What trafilatura reads, "" where the page is more than it bears; it takes half a second to load."""
    if not _is_bearable(tree):
        return ""
    from trafilatura import bare_extraction

    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).addHandler(logging.NullHandler())  # its warnings are our verdicts
    for name in ("colspan", "rowspan"):
        for cell in tree.iterfind(f".//*[@{name}]"):
            del cell.attrib[name]  # a span of a million columns is written out as such (trafilatura #657)
    try:
        found: Any = bare_extraction(tree, include_comments=False, with_metadata=False)
    except Exception:
        return ""  # whatever it stumbles over, ours does not
    return _paragraphs(found.text or "") if found else ""


def _is_bearable(tree: Any) -> bool:
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        return False
    level, depth = [tree], 0
    while level and depth <= _DEEPEST:
        level, depth = [child for element in level for child in element], depth + 1
    return not level


def _paragraphs(text: str) -> str:
    lines = list(filter(None, map(collapse, text.split("\n"))))
    return "\n\n".join(lines[number] for number in _said_once(lines, range(len(lines))))


def _said_once(texts: Sequence[str], numbers: Iterable[int]) -> list[int]:
    """Return those of `numbers` whose text was not said before, and is no notice that is said again and again."""
    times = Counter(texts)
    kept: list[int] = []
    said: set[str] = set()
    for number in numbers:
        text = texts[number]
        if times[text] > 1 and len(text.split()) >= _REPEATED:
            if text in said or times[text] >= _OFTEN:
                continue
            said.add(text)
        kept.append(number)
    return kept
