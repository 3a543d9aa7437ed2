"""Feeds and sitemaps that are sent as .gz files, without a header that says so."""

from __future__ import annotations

import zlib

from wiredesk.errors import UnreadableError
from wiredesk.records import Page


def unpacked(page: Page, most: int) -> bytes:
    """Return the body of `page`, one gzip layer undone where it is a gzip file.

    Args:
        most: Bytes that it may unpack to.

    Raises:
        UnreadableError: broken, or larger than `most`.
    """
    if not page.body.startswith(b"\x1f\x8b\x08"):
        return page.body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(page.body, most)
    except zlib.error as error:
        raise UnreadableError(page.url, f"a broken gzip file ({error})") from error
    if unpacker.unconsumed_tail:
        raise UnreadableError(page.url, f"a gzip file of more than {most // 2**20} MiB")
    return body
