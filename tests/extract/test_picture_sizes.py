"""Real sizes from the first bytes; what is no picture is none."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from wiredesk.extract import Size, measure


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_common_pictures_are_measured(kind: str):
    """Whole, and from their first kilobytes."""
    data = BytesIO()
    Image.effect_noise((640, 361), 80).convert("RGB").save(data, kind)

    assert measure(data.getvalue()) == Size(640, 361)
    assert measure(data.getvalue()[:4096]) == Size(640, 361)


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", b"<html>", b"\xff\xd8\xff"]
)
def test_what_is_no_picture_has_no_size(data: bytes):
    """SVG can hold scripts, so it is none to us."""
    assert measure(data) is None


def test_absurd_sizes_are_refused():
    """A header may claim anything."""
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (200_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"

    assert measure(png) is None


@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF1234WEBP", b"1234ftypavif"]),
    st.binary(max_size=200),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_measured_or_refused(head: bytes, rest: bytes):
    """Never an error."""
    size = measure(head + rest)

    assert size is None or (size.width > 0 and size.height > 0)
