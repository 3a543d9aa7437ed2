"""Bytes that should be XML -> a tree, well-formed or mended.

Nothing outside of the bytes is read, entities cannot multiply, and depth, text and number of elements are bounded.
Sources: XML 1.0; RFC 7303 (whose claim of a charset wins, which is followed only where the bytes agree); the Encoding
Standard of the WHATWG (what labels mean).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html.entities import html5, name2codepoint
from typing import Any

from lxml import etree

from wiredesk.text import shorten

MOST_TAGS = 500_000  # opening and closing, in CDATA too; what follows is not read

_MOST_USES = 5_000  # of entities that the feed declares itself
_PROLOG = 20_000  # characters before the feed that are looked at
_SAMPLE = 32_768  # bytes that a guess of the charset is made from
_TELLING = 40  # bytes beyond ASCII from which a guess is better than the most common charset

_ROOT = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|(?P<root><(?:[a-z][\w.-]{0,20}:)?(?:rss|feed|rdf|channel)(?=[\s>/]))",
    re.IGNORECASE | re.DOTALL,
)
_ITEM = re.compile(rb"<(?:[a-z][\w.-]{0,20}:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_NO_TAGS = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_SENT = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_MARKS = (  # of UTF-32 first: it begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_NO_CHARSETS = frozenset({"utf-7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"})
_SEVEN_BITS = ("iso2022", "hz")  # charsets whose every text is also valid UTF-8
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_ASCII = re.compile("[^\x00-\x7f\ufffd]")
# CDATA stays as it is; what refers to nothing, and a "<" that opens nothing, are text.
_LOOSE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&#(\d{1,7}|x[0-9a-f]{1,6});|&(?!(?:amp|lt|gt|quot|apos);)(?:([a-z][\w.-]{0,40});)?"
    r"|<(?![a-z_:/!?])",
    re.IGNORECASE | re.DOTALL,
)
# Tags of HTML that are no names of feeds ("link", "title", "image", "source", "summary" are).
_TAG = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?(?:a|b|big|blockquote|br|center|cite|code|del|div|em|embed|figcaption|figure|font"
    r"|h[1-6]|hr|i|iframe|img|ins|li|nobr|ol|p|pre|q|s|small|span|strike|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul"
    r"|wbr)(?:\s[^<>]*)?/?)>|<([a-z][^<>]*)>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(\s[\w:.-]{1,60}\s*=\s*)(?:"[^"]*"|'[^']*'|([^\s"'<>/]+))""")
_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z][\w.-]{0,40})\s+(?:\"([^\"&<>%]{0,200})\"|'([^'&<>%]{0,200})')\s*>")


@dataclass(frozen=True, slots=True)
class Tree:
    """What the bytes hold, and how far it can be trusted."""

    root: Any  # etree._Element
    text: bytes  # what was parsed: UTF-8
    fault: str = ""  # the first thing that is not well-formed, for people
    line: int | None = None  # of the fault
    sure: bool = True  # nothing was guessed: well-formed, perhaps after mending
    whole: bool = True  # no entry stands in the text that the tree has not
    cut: bool = False  # the feed has more tags than we read


def read_tree(body: bytes, content_type: str) -> Tree | None:
    """Return the tree of `body`, None where there is none at all.

    Args:
        content_type: The header as it was sent, with its charset.
    """
    text, cut = _bounded(_as_utf8(body.lstrip(b" \t\r\n"), content_type))
    root, errors = _parse(text)
    if root is not None and _has_entities(root):
        root = None  # ours replace them
    if root is not None and not errors:
        return Tree(root, text, cut=cut)
    told = errors
    grave = _grave(errors)
    for mend in (_mended, _mended_more):
        if root is not None and not grave:
            break
        better = mend(text)
        again, errors = _parse(better)
        fewer = len(_grave(errors)) < len(grave)
        if again is not None and (root is None or fewer or count_items(again) > count_items(root)):
            root, text, grave, told = again, better, _grave(errors), told or errors
    if root is None:
        return None
    fault = shorten(told[0].message, 200) if told and not cut else ""
    line = told[0].line if fault else None
    whole = cut or not grave or count_items(root) >= _items_in(text)
    return Tree(root, text, fault, line, sure=cut or not grave, whole=whole, cut=cut)


def count_items(root: Any) -> int:
    """Return how many entries a tree has, of any kind of feed and however deep."""
    return sum(local_name(element.tag) in {"item", "entry"} for element in root.iter("*"))


def local_name(tag: str) -> str:
    """Return a name in lower case without its namespace or undeclared prefix."""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def begins(body: bytes) -> str:
    """Return the first characters of what came, whatever its byte order."""
    return body[:4096].replace(b"\x00", b"").decode("latin-1")


def _items_in(text: bytes) -> int:
    return len(_ITEM.findall(_NO_TAGS.sub(b"", text)))


def _parse(text: bytes) -> tuple[Any, Sequence[Any]]:
    # A parser of its own for each text: one that is shared makes threads wait for each other.
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return root, [error for error in parser.error_log if error.level > etree.ErrorLevels.WARNING]


def _has_entities(root: Any) -> bool:
    document_type = root.getroottree().docinfo.internalDTD
    return document_type is not None and next(document_type.iterentities(), None) is not None


def _grave(errors: Sequence[Any]) -> Sequence[Any]:
    """Return the errors that may have cost something; a prefix without a namespace does not."""
    return [error for error in errors if error.domain_name != "NAMESPACE"]


def _bounded(text: bytes) -> tuple[bytes, bool]:
    """Cut before the entry that crosses the limit of tags."""
    if len(text) < 8 * MOST_TAGS or text.count(b"<") <= MOST_TAGS:
        return text, False
    kept = text[: len(text) - len(text.split(b"<", MOST_TAGS)[-1]) - 1]
    last = max((kept.rfind(name) for name in (b"<item", b"<entry", b"<ITEM")), default=-1)
    return kept[:last] if last > 0 else kept, True


def _as_utf8(body: bytes, content_type: str) -> bytes:
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body.decode(codec, "replace").lstrip("\ufeff").encode("utf-8", "replace")
    body = body.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    sent = _SENT.search(content_type)
    declared = _DECLARED.search(body, 0, 1024)
    labels = (sent[1] if sent else None, declared[1].decode("ascii") if declared else None)
    claims = [codec for codec in map(_codec, filter(None, labels)) if codec]
    if all(codec == "utf-8" for codec in claims):
        return body  # the parser will tell
    for codec in ["utf-8", *claims]:
        if codec == "utf-8" and any(claim.startswith(_SEVEN_BITS) for claim in claims):
            continue
        try:
            text = body.decode(codec)
        except (UnicodeError, LookupError):
            continue
        return body if codec == "utf-8" else text.encode("utf-8", "replace")
    return _guessed(body, claims).encode("utf-8", "replace")


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
        b"<".decode(name)  # some codecs give no text
    except (LookupError, ValueError):
        return None
    if name in _NO_CHARSETS or name.startswith(("utf-16", "utf-32")):
        return None  # a text that were in one of these had shown it by its first bytes
    return _MEANT.get(name, name)


def _guessed(body: bytes, claims: Iterable[str]) -> str:
    """Read bytes that fit none of their claims: UTF-8 with some foreign bytes in it, or one of the old charsets."""
    text = body.decode("utf-8", "replace")
    if len(_NOT_ASCII.findall(text)) >= text.count("\ufffd"):
        return body.decode("utf-8", "wiredesk-cp1252")
    if claim := next((claim for claim in claims if claim != "utf-8"), None):
        return body.decode(claim, "replace")
    if sum(byte > 127 for byte in body[:_SAMPLE]) >= _TELLING:
        from charset_normalizer import from_bytes  # heavy, and seldom needed

        if guess := from_bytes(body[:_SAMPLE]).best():
            return body.decode(guess.encoding, "replace")
    return body.decode("cp1252", "replace")


def _foreign(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("wiredesk-cp1252", _foreign)


def _mended(text: bytes) -> bytes:
    """Take off what stands before the feed, unfit characters, loose ampersands; put in what HTML's entities mean."""
    try:
        value = text.decode()
    except UnicodeDecodeError:
        value = _guessed(text, ())
    prolog = value[:_PROLOG]
    root = next((found for found in _ROOT.finditer(prolog) if found["root"]), None)
    start = root.start() if root else max(value.find("<"), 0)
    own: dict[str, str] = {name: one or two for name, one, two in _ENTITY.findall(prolog[:start])}
    uses = 0

    def mend(found: re.Match[str]) -> str:
        nonlocal uses
        number, name = found.groups()
        if number:
            code = int(number[1:], 16) if number[0] in "xX" else int(number)
            return "" if code > 0x10FFFF or _UNFIT.match(chr(code)) else f"&#{code};"
        if not name:
            return {"&": "&amp;", "<": "&lt;"}.get(found[0], found[0])  # the last is CDATA
        if name in own and uses < _MOST_USES:
            uses += 1
            return own[name]
        meant = _meaning(name) or _meaning(name.lower())
        return "".join(f"&#{ord(c)};" for c in meant) if meant else f"&amp;{name};"

    return _LOOSE.sub(mend, _UNFIT.sub("", value[start:])).encode("utf-8", "replace")


def _meaning(name: str) -> str:
    """Return what an entity stands for: as XHTML 1.0 defines it, which feeds may refer to, else as HTML 5 does."""
    return chr(name2codepoint[name]) if name in name2codepoint else html5.get(name + ";", "")


def _mended_more(text: bytes) -> bytes:
    """Escape HTML that stands among the elements of the feed, where open tags of it swallow what follows; put
    attributes in quotation marks.
    """

    def mend(found: re.Match[str]) -> str:
        if found[1]:
            return f"&lt;{found[1]}&gt;"
        if found[2]:
            return _ATTRIBUTE.sub(lambda part: f'{part[1]}"{part[2]}"' if part[2] else part[0], found[0])
        return found[0]

    return _TAG.sub(mend, text.decode("utf-8", "replace")).encode()
