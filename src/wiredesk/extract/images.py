"""Real sizes of pictures, from their first bytes."""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

import imagesize

_MOST_PIXELS = 100_000_000
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")


class Size(NamedTuple):
    """Pixels."""

    width: int
    height: int


def measure(data: bytes) -> Size | None:
    """Return the size of a JPEG, PNG, GIF, WebP or AVIF picture; None for anything else, and for absurd sizes.

    SVG is refused: it can hold scripts.
    """
    modern = data[8:12] == b"WEBP" or data[4:12] in {b"ftypavif", b"ftypavis"}
    if not (modern or data.startswith(_SIGNATURES)):
        return None
    try:
        width, height = imagesize.get(BytesIO(data))
    except Exception:
        return None
    width, height = int(width), int(height)
    if width < 1 or height < 1 or width * height > _MOST_PIXELS:
        return None
    return Size(width, height)
