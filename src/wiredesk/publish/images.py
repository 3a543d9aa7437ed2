"""Names of the picture files that a site holds, from their bytes alone."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from wiredesk.records import Image, ProviderId

_SIGNATURES = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
)
_HELD = re.compile(r"assets/images(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)+")


@dataclass(frozen=True, slots=True)
class PictureFile:
    """Where a picture goes: `path` below the site's folder, `url` as records and pages name it."""

    path: str
    url: str


def suffix_of(data: bytes) -> str | None:
    """Return ".jpg", ".png", ".gif", ".webp" or ".avif" by the first bytes; None for all else.

    SVG is no picture to us: it can hold scripts.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    if data[4:12] in {b"ftypavif", b"ftypavis"}:
        return ".avif"
    return next((suffix for signature, suffix in _SIGNATURES if data.startswith(signature)), None)


def news_picture(data: bytes) -> PictureFile | None:
    """Return the place of an article's picture, named by its content; None where `data` is no picture."""
    suffix = suffix_of(data)
    return _file(f"news/{hashlib.sha256(data).hexdigest()[:32]}{suffix}") if suffix else None


def provider_icon(data: bytes, domain: ProviderId) -> PictureFile | None:
    """Return the place of a provider's 50x50 icon, named as the record format does; None for no picture."""
    suffix = suffix_of(data)
    return _file(f"organizations/{domain}-50x50{suffix}") if suffix else None


def held_path(image: Image | None) -> str | None:
    """Return "assets/images/…" for a picture that the site holds; None for all others: pages load nothing foreign."""
    if image is None or image.held is None or not _HELD.fullmatch(image.held):
        return None
    return image.held


def _file(name: str) -> PictureFile:
    return PictureFile(f"assets/images/{name}", f"/assets/images/{name}")
