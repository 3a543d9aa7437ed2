"""A parsed page -> its blocks of text in the order of reading, each with the elements that it stands in.

A block is what a browser sets off by itself: a paragraph, heading, list item, cell, or running text between two
block elements or two line breaks in a row.  Nothing is judged here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from wiredesk.text import CJK

MOST_ELEMENTS = 40_000  # of a page; news pages have 500 to 8,000
DEEPEST = 250  # levels of nesting that are followed; libxml2 itself ends at 256
_MOST_LINKS = 200  # kept of one block

_SKIPPED = frozenset(
    (
        "script style noscript template svg math iframe object embed head select option datalist textarea input "
        "canvas audio video map area source track param meta link title frameset progress meter dialog"
    ).split()
)
_INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp "
        "small span strike strong sub sup time tt u var wbr tspan picture img amp-img"
    ).split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BOLD = frozenset("b strong".split())

# What names of classes, ids, roles and tags say of the text inside.  Words of several languages, matched anywhere in
# a name; the short ones only as whole words.
_HINTS: dict[str, str] = {
    "article": "article artikel articulo articolo story post entry noticia nyhet haber berita blog beitrag",
    "body": "body content text inhalt contenu cuerpo corpo testo paragraph richtext wysiwyg prose copy detail",
    "main": "main primary haupt",
    "nav": "nav menu breadcrumb paginat pager toolbar tablist skip jump ariane",
    "footer": "footer legal copyright imprint impressum colophon disclaimer",
    "header": "header masthead topbar",
    "side": "sidebar aside rail complementary marginal",
    "related": "relat recommend similar mostread most-read popular trending readmore read-more readalso verwandt siehe "
    "latest also outbrain taboola further weiter suggest leer-mas lire-aussi",
    "teaser": "teaser promo card tile carousel slider swiper",
    "comment": "comment disqus kommentar coment reply replies respond discussion yorum",
    "share": "share sharing social facebook twitter whatsapp follow telegram",
    "ad": "advert sponsor anzeige werbung publicid affiliate dfp adslot adunit",
    "subscribe": "newsletter subscri signup sign-up paywall register login premium donat membership",
    "meta": "meta byline author date time info publish credit source",
    "tag": "tag topic category kicker label keyword rubri schlagwort",
    "caption": "caption figure image photo gallery galerie picture foto media video player bild legend thumb",
    "bio": "bio profile aboutauthor about-author author-box authorbox",
    "title": "title headline heading titel titre titulo",
    "lead": "lead lede intro summary standfirst excerpt chapo sapo description subhead subtitle teasertext abstract "
    "vorspann",
    "hidden": "hidden sr-only visually modal popup overlay tooltip offscreen screen-reader",
    "consent": "cookie consent gdpr privacy datenschutz",
    "quote": "quote zitat pullquote",
    "box": "box callout infobox factbox note highlight widget module",
    "list": "list grid toc index items archive feed",
    "shop": "product price cart shop buy rating review",
    "form": "search form field poll survey quiz",
    "embed": "embed tweet instagram youtube vimeo",
}
_WHOLE = {
    "ads": "ad",
    "ad": "ad",
    "abo": "subscribe",
    "more": "related",
    "toc": "list",
    "cta": "subscribe",
    "dek": "lead",
}
HINTS = (*_HINTS, "in_article", "in_main", "in_aside", "in_nav", "in_footer", "in_header", "in_form", "in_figure",
         "in_list", "in_table", "in_quote", "declared_body", "not_shown")  # fmt: skip
_BIT = {name: 1 << number for number, name in enumerate(HINTS)}
_WORD_HINT = {word: _BIT[name] for name, words in _HINTS.items() for word in words.split()}
_WORD_HINT |= {word: _BIT[name] for word, name in _WHOLE.items()}
_NAMES = re.compile(
    "|".join(
        [
            rf"(?<![a-z])(?:{'|'.join(_WHOLE)})(?![a-z])",
            *sorted((w for ws in _HINTS.values() for w in ws.split()), key=len, reverse=True),
        ]
    )
)
_TAG_HINT = {
    "article": _BIT["in_article"],
    "main": _BIT["in_main"],
    "aside": _BIT["in_aside"],
    "nav": _BIT["in_nav"],
    "footer": _BIT["in_footer"],
    "header": _BIT["in_header"],
    "form": _BIT["in_form"],
    "button": _BIT["in_form"],  # broken pages hold everything in one that is never closed
    "fieldset": _BIT["in_form"],
    "figure": _BIT["in_figure"],
    "figcaption": _BIT["in_figure"] | _BIT["caption"],
    "ul": _BIT["in_list"],
    "ol": _BIT["in_list"],
    "dl": _BIT["in_list"],
    "table": _BIT["in_table"],
    "blockquote": _BIT["in_quote"],
}
_SPOKEN = frozenset({"id", "role", "itemprop", "data-testid"})
_BODY_PROPS = frozenset({"articlebody", "text", "reviewbody", "description articlebody"})
_NO_DISPLAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_CJK_WORTH = 1.5  # a character of these scripts says as much as two and a half of ours


@dataclass(slots=True)
class Node:
    """A block element: what stands in it is summed up while the page is walked."""

    parent: int  # index in the list of nodes; -1 on the root
    tag: str
    depth: int
    hints: int  # bits of HINTS: its own
    above: int  # bits of all its ancestors
    style: int  # number of its tag and class: elements that look alike share it
    size: float = 0.0  # characters of all text in it, as `Block.size`
    linked: float = 0.0  # of these, inside links
    blocks: int = 0
    solid: float = 0.0  # size of its blocks that read like running text


@dataclass(slots=True)
class Block:
    """A piece of text that stands by itself."""

    text: str  # on one line
    node: int  # index of the block element around it
    tag: str  # of that element, "h2", "li", "p", "div", …
    size: float  # characters; those of Chinese, Japanese and Korean count 2.5 times
    linked: float  # of these, inside links
    bold: float
    after_break: bool  # set off by line breaks, not by an element
    links: list[tuple[str, str]] = field(default_factory=list)  # (href, text)


@dataclass(slots=True)
class Layout:
    """All blocks of a page, and the elements that hold them."""

    nodes: list[Node]
    blocks: list[Block]
    title_at: int = -1  # index of the first block that is an h1; -1: none


def lay_out(tree: Any) -> Layout:
    """Return the blocks of a page in document order.  The tree is only read; walking ends at 40,000 elements.

    Args:
        tree: Root of the page, as lxml parses it.
    """
    walk = _Walk()
    body = tree.find("body")
    walk.visit(tree if body is None else body)
    return walk.done()


def size_of(text: str) -> float:
    """Return the length of `text` in characters, fair to scripts that need fewer of them."""
    return len(text) if text.isascii() else len(text) + _CJK_WORTH * sum(map(len, CJK.findall(text)))


def bit(name: str) -> int:
    """Return the bit of a hint."""
    return _BIT[name]


@lru_cache(maxsize=50_000)
def _hints(names: str) -> int:
    found = 0
    for word in _NAMES.findall(names.lower()):
        found |= _WORD_HINT[word]
    return found


class _Walk:
    """Collects text until a block ends."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.blocks: list[Block] = []
        self.left = MOST_ELEMENTS
        self.title_at = -1
        self._styles: dict[tuple[str, str], int] = {}
        self._pieces: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._linked = 0
        self._bold = 0
        self._breaks = 0
        self._after_break = False

    def done(self) -> Layout:
        self._sum_up()
        return Layout(self.nodes, self.blocks, self.title_at)

    def visit(self, element: Any, parent: int = -1, *, linked: bool = False) -> None:
        """Walk a block element; `linked`: it stands in a link."""
        self.left -= 1
        tag = element.tag
        hints = _TAG_HINT.get(tag, 0)
        names = ""
        for attribute, value in element.items():  # one call into libxml2 instead of seven
            if attribute == "class":
                names = value
                hints |= _hints(value[:200])
            elif attribute in _SPOKEN:
                hints |= _hints(value[:100])
                if attribute == "itemprop" and value.lower() in _BODY_PROPS:
                    hints |= _BIT["declared_body"]
            elif attribute == "hidden" or (attribute == "style" and _NO_DISPLAY.search(value)):
                hints |= _BIT["not_shown"]
        above, depth = 0, 0
        if parent >= 0:
            mother = self.nodes[parent]
            above, depth = mother.above | mother.hints, mother.depth + 1
        number = self._styles.setdefault((tag, names), len(self._styles))
        here = len(self.nodes)
        self.nodes.append(Node(parent, tag, depth, hints, above, number))
        self._inside(element, here, depth, linked=linked, bold=tag in _HEADINGS)
        self._end(here)

    def _inside(self, element: Any, here: int, depth: int, *, linked: bool, bold: bool) -> None:
        """Take up what stands in an element: text, inline elements, blocks."""
        self._say(element.text, linked, bold)
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in _SKIPPED or self.left <= 0 or depth > DEEPEST:
                pass
            elif tag == "br":
                self._break(here)
            elif tag in _INLINE or ":" in tag:
                self.left -= 1
                if tag == "a":
                    self._link(child, here, depth, bold)
                else:
                    self._inside(child, here, depth + 1, linked=linked, bold=bold or tag in _BOLD)
            else:
                self._end(here)
                self.visit(child, here, linked=linked)
            self._say(child.tail, linked, bold)

    def _link(self, element: Any, here: int, depth: int, bold: bool) -> None:
        begin, blocks = len(self._pieces), len(self.blocks)
        self._inside(element, here, depth + 1, linked=True, bold=bold)
        href = element.get("href")
        if href and len(self._links) < _MOST_LINKS and len(self.blocks) == blocks:
            self._links.append((href, " ".join("".join(self._pieces[begin:]).split())))

    def _say(self, text: str | None, linked: bool, bold: bool) -> None:
        if not text:
            return
        self._pieces.append(text)
        if not text.isspace():
            self._breaks = 0
            if linked:
                self._linked += len(text)
            if bold:
                self._bold += len(text)

    def _break(self, here: int) -> None:
        self._breaks += 1
        if self._breaks > 1:
            self._end(here)
            self._after_break = True
        else:
            self._pieces.append(" ")

    def _end(self, here: int) -> None:
        """The block is complete, if anything was said."""
        if self._pieces:
            text = " ".join("".join(self._pieces).split())  # control characters are gone since decoding
            if text:
                node = self.nodes[here]
                size = size_of(text)
                scale = size / len(text)
                linked, bold = min(self._linked, len(text)) * scale, min(self._bold, len(text)) * scale
                if node.tag == "h1" and self.title_at < 0:
                    self.title_at = len(self.blocks)
                self.blocks.append(Block(text, here, node.tag, size, linked, bold, self._after_break, self._links))
            self._pieces = []
            self._links = []
        self._linked = self._bold = self._breaks = 0
        self._after_break = False

    def _sum_up(self) -> None:
        for block in self.blocks:
            node = self.nodes[block.node]
            node.size += block.size
            node.linked += block.linked
            node.blocks += 1
            if block.size >= 60 and block.linked < 0.4 * block.size:
                node.solid += block.size
        for node in reversed(self.nodes):
            if node.parent >= 0:
                mother = self.nodes[node.parent]
                mother.size += node.size
                mother.linked += node.linked
                mother.blocks += node.blocks
                mother.solid += node.solid
