"""Markup of feeds -> plain text."""

from __future__ import annotations

import html
import re

from lxml import etree
from lxml.html import HtmlElement

from wiredesk.text import clean

_LONGEST = 200_000  # characters looked at; what follows cannot matter to a title or a summary
_TAG_NAMES = (
    "a|abbr|applet|b|bdi|bdo|big|blockquote|br|center|cite|code|del|dfn|div|em|embed|font|frame|frameset|h[1-6]|hr|i"
    "|iframe|img|ins|kbd|li|link|mark|meta|nobr|object|ol|p|pre|q|s|samp|script|small|span|strike|strong|style|sub|sup"
    "|table|tbody|td|th|tr|tt|u|ul|var|wbr"
)
_CODE = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?:\s[^<>]*)?/?>|<!--.{{0,2000}}?-->", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strong sub sup u wbr".split()
)
_BLANKS = {  # the commonest tags -> what stands in their place
    **{slash + name: "" for name in _INLINE for slash in ("", "/")},
    **{
        slash + name: " "
        for name in "p div br li ul ol h2 h3 figure figcaption blockquote".split()
        for slash in ("", "/")
    },
    **dict.fromkeys(("br/", "br /", "hr", "hr/", "hr /"), " "),
}
_BEGINS_TAG = re.compile(r"/?[a-zA-Z!?]")
_HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "math"})
_MARKUP = re.compile(r"<[a-zA-Z][^<>]*>")


def plain_line(value: str) -> str:
    """Return a title as one line of plain text: tags out, entities undone, also where a feed escaped them twice.

    Only names of HTML elements count as tags, so that "a < b" and "<T>" survive.
    """
    value = value[:_LONGEST]
    for _ in range(2):
        value = _untagged(value)
        if "&" not in value or not _ENTITY.search(value):
            return _tidy(value)
        value = html.unescape(value)
    return _tidy(_untagged(value))


def has_markup(value: str) -> bool:
    """Tell whether `value` is HTML rather than plain text."""
    return "<" in value and bool(_MARKUP.search(value))


def gist(value: str, limit: int) -> str:
    """Return the beginning of an HTML fragment as plain text on one line, at most `limit` characters.

    Words of neighbouring blocks stay apart.  Reads no more of a long text than it needs, and builds no tree: feeds
    carry whole articles.
    """
    size = 2 * limit  # characters looked at first; some are tags
    while True:
        piece = value[:size]
        if more := len(value) > size:  # no tag and no entity that the cut went through
            if (opened := piece.rfind("<")) > piece.rfind(">"):
                piece = piece[:opened]
            if (opened := piece.rfind("&", max(len(piece) - 12, 0))) >= 0 and ";" not in piece[opened:]:
                piece = piece[:opened]
        text = _visible(piece)
        if "&" in text and _ENTITY.search(text):
            text = html.unescape(text)
            if "<" in text and _TAG.search(text):  # escaped twice
                text = html.unescape(_visible(text))
        line = _tidy(text)
        if len(line) > limit:
            cut = line[: limit - 1]  # as `shorten`, of a line that is tidy already
            space = cut.rfind(" ")
            return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:–—-") + "…"
        if not more or size >= _LONGEST:
            return line
        size *= 4


def _visible(value: str) -> str:
    """Return what a browser shows of `value`, entities as they are."""
    if "<" not in value:
        return value
    if "<!--" in value:
        first, *others = value.split("<!--")
        value = first + " ".join(other.partition("-->")[2] for other in others)
    text, *pieces = value.split("<")
    shown = [text]
    until = ""  # the tag that ends what is hidden
    for piece in pieces:
        tag, closed, text = piece.partition(">")
        if until:
            if tag.lower().startswith(until):
                until = ""
                shown.append(" " + text)
            continue
        blank = _BLANKS.get(tag)
        if blank is None:
            name = tag.partition(" ")[0].lower()
            blank = _BLANKS.get(name)
            if not closed or (blank is None and not _BEGINS_TAG.match(tag)):
                shown.append("<" + piece)
                continue
            if blank is None:
                blank = " "
            if name in _HIDDEN and tag[-1] != "/":
                until, text = "/" + name, ""
        shown.append(blank + text)
    return "".join(shown)


def _untagged(value: str) -> str:
    return _TAG.sub("", _CODE.sub("", value)) if "<" in value else value


def _tidy(value: str) -> str:
    """As `collapse`, at a third of its cost: control characters are looked for only where something is unprintable."""
    line = " ".join(value.split())
    return line if line.isprintable() else " ".join(clean(line).split())


def text_of(element: HtmlElement) -> str:
    """Return the words of an element on one line; scripts, styles and drawings are no words."""
    words: list[str] = []
    unseen = 0
    for event, part in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        seen = isinstance(part.tag, str)
        if seen and (part.tag in _HIDDEN or part.tag == "head"):
            unseen += 1 if event == "start" else -1
        elif event == "start" and not unseen:
            words.append(part.text or "" if part.tag in _INLINE else f" {part.text or ''}")
        if event != "start" and part is not element and not unseen:
            words.append(part.tail or "" if not seen or part.tag in _INLINE else f" {part.tail or ''}")
    return _tidy("".join(words))
