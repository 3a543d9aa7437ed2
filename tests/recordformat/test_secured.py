"""`secured`: opens with its key, for its record, unchanged; or not at all."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.recordformat import is_ours, key_text, new_key, pack, parse_key, seal, unpack, unseal

KEY = bytes(range(32))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=20).filter(lambda name: name.isprintable()))
def test_opens_what_it_sealed(plaintext: bytes, name: str):
    """Two parts of base64, the second the nonce of 12 bytes."""
    value = seal(KEY, plaintext, name)

    assert unseal(KEY, value, name) == plaintext
    assert len(base64.b64decode(value.split(";")[1])) == 12


def test_a_nonce_is_never_used_twice():
    """The same text sealed twice gives two values."""
    assert seal(KEY, b"x", "n") != seal(KEY, b"x", "n")


@pytest.mark.parametrize("change", ["key", "name", "text"])
def test_refuses_what_was_changed(change: str):
    """Another key, another record, another byte."""
    sealed = seal(KEY, b"text", "name")
    key, name = (new_key() if change == "key" else KEY), ("other" if change == "name" else "name")
    value = ("B" if sealed[0] == "A" else "A") + sealed[1:] if change == "text" else sealed

    with pytest.raises(UnreadableError, match="does not open"):
        unseal(key, value, name)


@pytest.mark.parametrize(
    "value",
    ["", "no base64;!", "YQ==", base64.b64encode(bytes(32)).decode() + ";" + base64.b64encode(bytes(16)).decode()],
)
def test_values_of_others_are_told_apart(value: str):
    """The reference's have an initial vector of 16 bytes; they are not ours, and no error."""
    assert unseal(KEY, value, "name") is None
    assert not is_ours(value)


def test_key_files():
    """A key is 32 bytes as base64 on one line; anything else is refused without being shown."""
    assert parse_key(key_text(KEY), "k") == KEY
    assert len(new_key()) == 32
    for text in ("", "c2hvcnQ=", "not base64 at all"):
        with pytest.raises(UnreadableError, match="holds no key") as caught:
            parse_key(text, "wiredesk.key")
        assert not text or text not in str(caught.value)


def test_packs_the_same_fields_to_the_same_bytes():
    """Whatever the order; damaged bytes are refused, and so is a bomb."""
    assert unpack(pack({"b": [1], "a": "ü\ud800"}), "n") == {"a": "ü\ud800", "b": [1]}
    assert pack({"a": 1, "b": 2}) == pack({"b": 2, "a": 1})
    for data in (b"", b"x", pack({})[:-3], pack({"x": "0" * (65 * 2**20)})):
        with pytest.raises(UnreadableError):
            unpack(data, "n")
