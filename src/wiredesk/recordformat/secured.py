"""`secured`: what we keep of an article and may not show, encrypted inside its record.

`base64(ciphertext);base64(nonce)` with AES-256-GCM (NIST SP 800-38D), a fresh nonce of 12 bytes each time, bound to the
record's name, so that a value copied into another record does not open.  The reference's own values have 16 bytes in
the second part (a CBC-like cipher whose key nobody has); they are told apart by that and carried along unread.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wiredesk.errors import UnreadableError

KEY_BYTES = 32
_NONCE_BYTES = 12
_LARGEST = 64 * 2**20  # bytes of a payload, decompressed


def new_key(random: Callable[[int], bytes] = os.urandom) -> bytes:
    """Return a fresh key: 32 random bytes."""
    return random(KEY_BYTES)


def key_text(key: bytes) -> str:
    """Return the content of a key file: base64 on one line."""
    return base64.b64encode(key).decode("ascii") + "\n"


def parse_key(text: str, name: str) -> bytes:
    """Read the content of a key file.

    Raises:
        UnreadableError: it holds no key; names the file, never what stands in it.
    """
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        what = f"holds no key ({KEY_BYTES} bytes as base64 on one line)"
        raise UnreadableError(name, what, "restore the file from your backup: nothing else opens `secured`")
    return key


def seal(key: bytes, plaintext: bytes, name: str, *, random: Callable[[int], bytes] = os.urandom) -> str:
    """Encrypt `plaintext` for the record `name`."""
    nonce = random(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plaintext, name.encode())
    return ";".join(base64.b64encode(part).decode("ascii") for part in (sealed, nonce))


def is_ours(value: str) -> bool:
    """Say whether `seal` made this value, as far as its form tells."""
    return _parts(value) is not None


def unseal(key: bytes, value: str, name: str) -> bytes | None:
    """Decrypt what `seal` gave; None for a value that is not ours.

    Raises:
        UnreadableError: ours, but changed, of another record, or made with another key.
    """
    parts = _parts(value)
    if parts is None:
        return None
    try:
        return AESGCM(key).decrypt(parts[1], parts[0], name.encode())
    except InvalidTag as error:
        what = "`secured` does not open: it was changed, belongs to another record, or needs another wiredesk.key"
        raise UnreadableError(name, what, "it is left out; put the right key back and import it again") from error


def pack(fields: Mapping[str, Any]) -> bytes:
    """Return private fields (JSON values) as compressed bytes; equal fields give equal bytes."""
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 9)


def unpack(data: bytes, name: str) -> dict[str, Any]:
    """Undo `pack`.

    Raises:
        UnreadableError: not made by `pack`, or more than 64 MiB.
    """
    try:
        opener = zlib.decompressobj()
        text = opener.decompress(data, _LARGEST)
        fields = json.loads(text.decode("utf-8", "surrogatepass")) if opener.eof else None
    except (zlib.error, ValueError, RecursionError) as error:
        raise UnreadableError(name, f"`secured` opens, but is damaged: {error}") from error
    if not isinstance(fields, dict):
        raise UnreadableError(name, "`secured` opens, but holds no fields")
    return fields


def _parts(value: str) -> tuple[bytes, bytes] | None:
    """Return ciphertext and nonce; None where the form is not ours."""
    sealed, _, nonce = value.partition(";")
    try:
        parts = base64.b64decode(sealed, validate=True), base64.b64decode(nonce, validate=True)
    except (binascii.Error, ValueError):
        return None
    return parts if len(parts[1]) == _NONCE_BYTES and len(parts[0]) >= 16 else None
