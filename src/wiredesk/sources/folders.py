"""An imported file -> the Page under which it enters, as if somebody had sent it."""

from __future__ import annotations

import re
import zlib
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from wiredesk.errors import UnreadableError
from wiredesk.records import Page
from wiredesk.sources.markup import plain_line
from wiredesk.urls import resolve

FILE_HEADER = "wiredesk-file"  # relative path of the file, percent-encoded UTF-8

_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".json": "application/json",
    ".eml": "message/rfc822",
}
_MAX_UNPACKED = 64 * 2**20  # bytes
_HEAD = 200_000  # bytes of a page in which it may say where it lives
_TAG = re.compile(rb"<(?:link|meta)\s[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


def page_from_file(relative_path: str, data: bytes, modified_at: datetime) -> Page:
    """Return the page that a file is: .html, .htm, .xhtml, .txt, .md, .xml, .rss, .atom, .json, .eml, each also
    as .gz.

    A saved page lives where its `rel=canonical` or `og:url` says, if that is a full http(s) address; any other file at
    `file:///<relative path>`.

    Args:
        relative_path: Below the imported folder, with slashes.
        modified_at: When the file was written; aware.

    Raises:
        UnreadableError: another type, empty, or broken gzip.
    """
    path = PurePosixPath(relative_path.replace("\\", "/"))
    packed = path.suffix.lower() == ".gz"
    suffix = (path.with_suffix("") if packed else path).suffix.lower()
    if suffix not in _TYPES:
        known = " ".join(_TYPES)
        raise UnreadableError(relative_path, f"a file of an unknown type; known are {known}, each also with .gz")
    body = _unpacked(relative_path, data) if packed else data
    if not body.strip():
        raise UnreadableError(relative_path, "the file is empty")
    address = quote(str(path).lstrip("/"))
    url = f"file:///{address}"
    if "html" in _TYPES[suffix]:
        url = _declared_address(body) or url
    headers = (("content-type", _TYPES[suffix]), (FILE_HEADER, address))
    return Page(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=modified_at)


def _unpacked(name: str, data: bytes) -> bytes:
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(data, _MAX_UNPACKED)
    except zlib.error as error:
        raise UnreadableError(name, f"a broken gzip file ({error})") from error
    if not unpacker.eof:
        too_large = bool(unpacker.unconsumed_tail)
        what = f"more than {_MAX_UNPACKED // 2**20} MiB when unpacked" if too_large else "a gzip file that was cut off"
        raise UnreadableError(name, what)
    return body


def _declared_address(body: bytes) -> str | None:
    """Return rel=canonical, else og:url; only addresses that are complete, since we do not know where the page was."""
    found: dict[str, str] = {}
    for tag in _TAG.findall(body[:_HEAD]):
        values = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag.decode("utf-8", "replace"))}
        if "canonical" in values.get("rel", "").lower().split():
            found.setdefault("canonical", values.get("href", ""))
        elif values.get("property", values.get("name", "")).lower() == "og:url":
            found.setdefault("og:url", values.get("content", ""))
    addresses = (resolve("", plain_line(found.get(name, ""))) for name in ("canonical", "og:url"))
    return next(filter(None, addresses), None)
