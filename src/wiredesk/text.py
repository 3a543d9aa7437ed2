"""Pure helpers on text that every stage may use."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]?[A-ZÀ-ÞΑ-ΩА-Я0-9\u3040-\u9fff])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Gen|Sen|Rep|Gov|Lt|Col|No|vs|etc|bzw|Nr|ca|d\.h|z\.B|u\.a|U\.S|U\.K|[A-Z])|\b\d{1,2})\.[\"'”’»)\]]*$"
)
WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
CJK = re.compile(  # a run of Chinese, Japanese or Korean: scripts that need few characters, and mostly no blanks
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+"
)


def clean(value: str) -> str:
    """Return `value` without control characters (they break XML) and lone surrogates."""
    return _CONTROL.sub("", value)


def collapse(value: str) -> str:
    """Return `value` cleaned, on one line, runs of white space folded to one blank."""
    return _SPACE.sub(" ", clean(value)).strip()


def shorten(value: str, limit: int) -> str:
    """Cut `value` to at most `limit` characters, at a word end, with an ellipsis where cut."""
    value = collapse(value)
    if len(value) <= limit:
        return value
    cut = value[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:–—-") + "…"


def sentences(value: str) -> list[str]:
    """Split running text into sentences; full stops of common abbreviations and initials do not end one."""
    found: list[str] = []
    for paragraph in value.split("\n"):
        pieces = _SENTENCE_END.split(paragraph.strip())
        for piece in pieces:
            if found and found[-1] and _ABBREVIATION.search(found[-1]) and piece and found[-1] in paragraph:
                found[-1] = f"{found[-1]} {piece}"
            elif piece:
                found.append(piece)
    return found


def words(value: str) -> list[str]:
    """Return lower-cased words, NFKC; each Chinese, Japanese or Korean character is a word of its own."""
    value = unicodedata.normalize("NFKC", value).lower()
    plain: list[str] = WORD.findall(value)
    if value.isascii() or not CJK.search(value):
        return plain
    found: list[str] = []
    for word in plain:
        if CJK.search(word):
            found.extend(word)
        else:
            found.append(word)
    return found


def digest(*parts: str) -> str:
    """Return 64 hex digits that stand for these texts (SHA-256, parts kept apart)."""
    seen = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        seen.update(len(data).to_bytes(8, "big"))
        seen.update(data)
    return seen.hexdigest()
