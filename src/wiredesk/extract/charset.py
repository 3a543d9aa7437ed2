"""Bytes of a page -> text.  What a page claims about its charset may be a lie; valid UTF-8 never happens by chance."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from wiredesk.errors import UnreadableError
from wiredesk.records import Page
from wiredesk.text import clean

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096  # bytes in which a page declares itself
_SAMPLE = 32_768  # bytes that a guess is made from
_BINARY = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")  # no text has them; NUL may be UTF-16, ESC begins Japanese
_MOST_BINARY = 0.02  # share of such characters; bytes by chance have 0.1
_TELLING = 40  # bytes beyond ASCII from which a guess is better than the most common charset
# What browsers read these labels as: supersets that the pages really use (encoding.spec.whatwg.org).
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_NOT_FOR_PAGES = {"utf-7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}


def decode(page: Page) -> str:
    """Return the page as text without control characters.

    Valid UTF-8 is read as such.  Else, in this order: byte order mark, HTTP header, the page's own claim, each only
    if all bytes fit; then a guess; at last the first claim with marks for what does not fit.

    Raises:
        UnreadableError: It is no text, whatever it is called: a picture, an archive, noise.
    """
    text = _read(page)
    start = text[:_SAMPLE]
    if len(_BINARY.findall(start)) > _MOST_BINARY * len(start):
        raise UnreadableError(page.url, "no text, but bytes that mean something to another program")
    return clean(text)


def _read(page: Page) -> str:
    body = page.body
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    claims = [name for name in map(_codec, _claims(page)) if name]
    for name in ["utf-8", *claims]:
        if (text := _strictly(body, name)) is not None:
            return text
    sample = body[:_SAMPLE]
    if not claims and sum(byte > 127 for byte in sample) >= _TELLING and (guess := from_bytes(sample).best()):
        claims = [guess.encoding]
    return body.decode(claims[0] if claims else "cp1252", "replace")


def _claims(page: Page) -> list[str]:
    header = _HEADER.search(page.header("content-type") or "")
    head = page.body[:_HEAD]
    found = [match[1].decode("ascii") for match in (_XML.search(head), _META.search(head)) if match]
    return [header[1], *found] if header else found


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return None if name in _NOT_FOR_PAGES else _MEANT.get(name, name)


def _strictly(body: bytes, name: str) -> str | None:
    """Decode; None where a byte does not fit.  A last character that was cut off does not count."""
    try:
        return codecs.getincrementaldecoder(name)().decode(body)
    except (UnicodeError, LookupError):
        return None
