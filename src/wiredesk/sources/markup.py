"""Markup of feeds -> plain text."""

from __future__ import annotations

import html
import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from wiredesk.text import collapse

_LONGEST = 200_000  # characters looked at; what follows cannot matter to a title or a summary
_TAG_NAMES = (
    "a|abbr|applet|b|bdi|bdo|big|blockquote|br|center|cite|code|del|dfn|div|em|embed|font|frame|frameset|h[1-6]|hr|i"
    "|iframe|img|ins|kbd|li|link|mark|meta|nobr|object|ol|p|pre|q|s|samp|script|small|span|strike|strong|style|sub|sup"
    "|table|tbody|td|th|tr|tt|u|ul|var|wbr"
)
_CODE = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?:\s[^<>]*)?/?>|<!--.{{0,2000}}?-->", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_UNSEEN = ("script", "style", "template", "noscript", "head", "svg", "math")
# fmt: off
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strong", "sub", "sup", "u",
})
# fmt: on


def plain_line(value: str) -> str:
    """Return a title as one line of plain text: tags out, entities undone, also where a feed escaped them twice.

    Only names of HTML elements count as tags, so that "a < b" and "<T>" survive.
    """
    value = value[:_LONGEST]
    for _ in range(2):
        value = _TAG.sub("", _CODE.sub("", value))
        if not _ENTITY.search(value):
            break
        value = html.unescape(value)
    return collapse(_TAG.sub("", _CODE.sub("", value)))


def plain_text(value: str) -> str:
    """Return the visible text of an HTML fragment on one line; words of neighbouring blocks stay apart."""
    value = value[:_LONGEST]
    if "<" not in value:
        return plain_line(value)
    try:
        # Bytes, since lxml refuses a str that declares an encoding of its own.
        body = document_fromstring(value.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return plain_line(value)
    etree.strip_elements(body, *_UNSEEN, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    return plain_line(" ".join(_pieces(body)))


def text_of(element: HtmlElement) -> str:
    """Return the words of an element on one line; scripts, styles and drawings are no words."""
    words: list[str] = []
    unseen = 0
    for event, part in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        seen = isinstance(part.tag, str)
        if seen and part.tag in _UNSEEN:
            unseen += 1 if event == "start" else -1
        elif event == "start" and not unseen:
            words.append(part.text or "" if part.tag in _INLINE else f" {part.text or ''}")
        if event != "start" and part is not element and not unseen:
            words.append(part.tail or "" if not seen or part.tag in _INLINE else f" {part.tail or ''}")
    return collapse("".join(words))


def _pieces(body: HtmlElement) -> list[str]:
    """Return the text of each block, inline elements joined to what surrounds them."""
    blocks = [""]
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag not in _INLINE:
            blocks.append("")
        blocks[-1] += (element.text if event == "start" else element.tail) or ""
    return blocks
