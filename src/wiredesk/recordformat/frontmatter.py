"""Front matter of the record format, read and written without loss.

The format is a small part of YAML 1.2 (docs/guide of the reference site: record-format.md, section 2).  It is read by
its own rules, not by a YAML parser, for two reasons: a file that we do not change must come back byte for byte, and a
value's type must follow from its key.  A provider called "404" or "no" is text, whatever it looks like.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, NoReturn

from wiredesk.errors import UnreadableError

NEWS_KEYS = (
    *("category", "title", "excerpt", "publishedDateTime", "originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl"),
    *("type", "quality", "heat", "removed", "published", "featuredContent", "provider", "topics", "images", "related"),
    "secured",
)
"""Keys of a news record, in their order."""

_SPACED = frozenset({"featuredContent", "provider", "topics", "images", "related", "secured"})
_WHOLE = frozenset({"quality", "heat", "width", "height", "members", "followers", "count"})
_REAL = frozenset({"average"})
_TRUTH = frozenset({"published", "removed", "isCached"})
_TIMES = frozenset({"publishedDateTime", "updatedDateTime", "startDateTime", "endDateTime"})
_PLAIN = frozenset({"category", "type", "name", "domain"})
_ITEM_OF = "name"  # items of lists are written as names are
_DEEPEST = 12  # levels; the format itself has four

_FENCE = "---"
_KEY = re.compile(r"([A-Za-z_][\w-]*)[ ]*:(?:[ ]+(.*))?", re.ASCII | re.DOTALL)
_ITEM = re.compile(r"-(?:([ ]+)(.*))?", re.DOTALL)
_COMMENT = re.compile(r"[ \t]#")
_NOT_OURS = tuple("&*!|>{[%@`")  # YAML's other forms: anchors, tags, block and flow styles
# Characters that a YAML reader takes for a line end or refuses, and halves of surrogate pairs.
_BREAKERS = "\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff"
_ESCAPED = re.compile(f"[{_BREAKERS}]")
_SAFE_PLAIN = re.compile(rf"[^\W_](?:[^\x00-\x1f{_BREAKERS}]*[^\s\x00-\x1f{_BREAKERS}])?")
_MISREAD = re.compile(
    r".*(?:: | #).*|.*:|null|true|false|yes|no|on|off|y|n"  # structure; words with a meaning of their own
    r"|[-+.\d][-+.,:_\d]*(?:e[-+]?\d+)?|0[xo][\da-f]+",  # numbers, dates, times
    re.IGNORECASE,
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")


class _Block(NamedTuple):
    """A top-level key as it stands in a file."""

    value: Any
    gap: bytes  # empty lines and comments before it
    raw: bytes  # its lines


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """A record: its fields in order, its body, and the way that it was written.

    Values are str, int, float, bool, list and dict; times are text as in the file.
    """

    fields: Mapping[str, Any]
    body: bytes = b"\n"
    blocks: Mapping[str, _Block] | None = None  # None: never was a file
    opening: bytes = b"---\n"
    closing: bytes = b"---\n"

    def changed(self, changes: Mapping[str, Any]) -> RecordFile:
        """Return this record with other values for some keys; None takes a key away.

        What is not named keeps its place and its style.  A new key goes where the format wants it.
        """
        fields = {key: value for key, value in self.fields.items() if changes.get(key, value) is not None}
        for key, value in changes.items():
            if value is None:
                continue
            if key in fields:
                fields[key] = value
            else:
                fields = _insert(fields, key, value)
        return replace(self, fields=fields)


def parse(data: bytes, name: str) -> RecordFile:
    """Read a record of any collection.  `write` gives the same bytes back.

    Args:
        data: UTF-8, with or without BOM, LF or CRLF.
        name: Of the file, for errors.

    Raises:
        UnreadableError: names file and line, and what is wrong there.
    """
    lines = data.split(b"\n")
    if lines[0].removeprefix(b"\xef\xbb\xbf").rstrip(b"\r") != _FENCE.encode():
        raise UnreadableError(f"{name}:1", 'does not begin with front matter (a line "---")')
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip(b"\r") == _FENCE.encode()), None)
    if end is None:
        raise UnreadableError(f"{name}:{len(lines)}", 'front matter has no end (a second line "---")')
    blocks, rest = _blocks(lines[1:end], name)
    tail = b"\n" if end + 1 < len(lines) else b""
    return RecordFile(
        fields={key: block.value for key, block in blocks.items()},
        body=b"\n".join(lines[end + 1 :]),
        blocks=blocks,
        opening=lines[0] + b"\n",
        closing=rest + lines[end] + tail,
    )


def write(record: RecordFile) -> bytes:
    """Return the record's file.

    Blocks with the value that they were read with are given back as they were; new values get the format's own style.

    Raises:
        ValueError: a value is of a type that the format cannot hold.
    """
    newline = b"\r\n" if record.opening.endswith(b"\r\n") else b"\n"
    parts = [record.opening]
    for key, value in record.fields.items():
        known = (record.blocks or {}).get(key)
        if known is not None and known.value == value:
            parts += [known.gap, known.raw]
            continue
        gap = known.gap if known is not None else newline if key in _SPACED else b""
        lines = [line.encode() + newline for line in _emit(key, value, 0)]
        parts += [gap, *lines] if lines else []
    return b"".join([*parts, record.closing, record.body])


def quoted(value: str) -> str:
    """Return `value` as the format's quoted string: JSON, where only what would break a line or a reader is escaped."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _insert(fields: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    if key not in NEWS_KEYS:
        return {**fields, key: value}
    later = NEWS_KEYS[NEWS_KEYS.index(key) + 1 :]
    before = next((position for position, other in enumerate(fields) if other in later), len(fields))
    items = list(fields.items())
    return dict([*items[:before], (key, value), *items[before:]])


def _emit(key: str, value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of a key.  One without value has none: the format leaves absent keys out."""
    blank = " " * indent
    if isinstance(value, Mapping):
        lines = [line for inner, each in value.items() for line in _emit(inner, each, indent + 2)]
    elif isinstance(value, Sequence) and not isinstance(value, str):
        lines = [line for each in value for line in _emit_item(each, indent + 2)]
    elif value is not None:
        yield f"{blank}{key}: {_scalar(value, key)}"
        return
    else:
        return
    if lines:
        yield f"{blank}{key}:"
        yield from lines


def _emit_item(value: Any, indent: int) -> Iterator[str]:
    blank = " " * indent
    if not isinstance(value, Mapping):
        yield f"{blank}- {_scalar(value, _ITEM_OF)}"
        return
    lines = [line for key, each in value.items() for line in _emit(key, each, indent + 2)]
    if lines:
        yield f"{blank}- {lines[0].lstrip(' ')}"
        yield from lines[1:]


def _scalar(value: Any, key: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if not isinstance(value, str):
        raise ValueError(f"the record format has no place for {value!r}")
    if key in _TIMES and _MOMENT.fullmatch(value):
        return value
    if key in _PLAIN and _SAFE_PLAIN.fullmatch(value) and not _MISREAD.fullmatch(value):
        return value
    return quoted(value)


class _Line(NamedTuple):
    number: int
    indent: int
    text: str


def _blocks(lines: Sequence[bytes], name: str) -> tuple[dict[str, _Block], bytes]:
    """Cut front matter at its top-level keys; also return the empty lines that follow the last."""
    blocks: dict[str, _Block] = {}
    gap: list[bytes] = []
    pending: list[bytes] = []  # empty lines and comments: of the block that they stand in, or before the next
    current: list[bytes] = []
    parsed: list[_Line] = []

    def close() -> None:
        if parsed:
            [(key, value)] = _Reader(name, parsed).mapping(0).items()
            if key in blocks:
                raise UnreadableError(f"{name}:{parsed[0].number}", f"{key} is given twice")
            blocks[key] = _Block(value, b"".join(gap), b"".join(current))

    for number, raw in enumerate(lines, 2):
        whole = raw + b"\n"
        try:
            text = raw.removesuffix(b"\r").decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnreadableError(f"{name}:{number}", "is not UTF-8") from error
        stripped = text.lstrip(" ")
        if not stripped.strip(" \t\r") or stripped.startswith("#"):
            pending.append(whole)
            continue
        indent = len(text) - len(stripped)
        top = indent == 0 and not _ITEM.fullmatch(stripped)
        if top:
            close()
            gap, pending, current, parsed = pending, [], [whole], [_Line(number, 0, stripped)]
        elif parsed:
            current += [*pending, whole]
            pending = []
            parsed.append(_Line(number, indent, stripped))
        else:
            raise UnreadableError(f"{name}:{number}", "is indented, but under no key")
    close()
    return blocks, b"".join(pending)


class _Reader:
    """Reads the lines of one block.  A key without value holds the deeper lines that follow."""

    def __init__(self, name: str, lines: Sequence[_Line]) -> None:
        self._name = name
        self._lines = list(lines)
        self._at = 0

    def mapping(self, indent: int, depth: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (line := self._peek()) is not None and line.indent == indent and not _ITEM.fullmatch(line.text):
            match = _KEY.fullmatch(line.text)
            if match is None:
                self._fail(line, "is neither `key: value` nor `- item`")
            key, inline = match[1], (match[2] or "").strip(" \t")
            if key in found:
                self._fail(line, f"{key} is given twice")
            self._at += 1
            found[key] = self._scalar(line, key, inline) if inline else self._nested(line, key, depth + 1)
        line = self._peek()
        if line is not None and line.indent > indent:
            self._fail(line, "is indented too far")
        return found

    def _nested(self, parent: _Line, key: str, depth: int) -> Any:
        line = self._peek()
        if depth > _DEEPEST:
            self._fail(parent, f"is nested more than {_DEEPEST} levels deep")
        if line is not None and line.indent >= parent.indent and _ITEM.fullmatch(line.text):
            return self._sequence(line.indent, key, depth)
        if line is not None and line.indent > parent.indent:
            return self.mapping(line.indent, depth)
        return None

    def _sequence(self, indent: int, key: str, depth: int) -> list[Any]:
        found: list[Any] = []
        while (line := self._peek()) is not None and line.indent == indent and (match := _ITEM.fullmatch(line.text)):
            rest = (match[2] or "").strip(" \t")
            if not rest or _ITEM.fullmatch(rest):
                self._fail(line, "is an empty item or a list in a list")
            if not rest.startswith(('"', "'")) and _KEY.fullmatch(rest):
                inner = indent + 1 + len(match[1])
                self._lines[self._at] = _Line(line.number, inner, rest)
                found.append(self.mapping(inner, depth + 1))
            else:
                self._at += 1
                found.append(self._scalar(line, key, rest))
        line = self._peek()
        if line is not None and line.indent > indent:
            self._fail(line, "is indented too far")
        return found

    def _scalar(self, line: _Line, key: str, text: str) -> Any:
        if text[0] in "\"'":
            value = self._quoted(line, text)
        elif text.startswith(_NOT_OURS):
            self._fail(line, f"{key}: write text that begins with {text[0]} between double quotes")
        else:
            comment = _COMMENT.search(text)
            value = text[: comment.start()].rstrip() if comment else text
        return self._typed(line, key, value)

    def _quoted(self, line: _Line, text: str) -> str:
        if text[0] == "'":
            single = re.fullmatch(r"'((?:[^']|'')*)'", text)
            if single is None:
                self._fail(line, "has a quoted text without its end")
            return single[1].replace("''", "'")
        try:
            value = json.loads(text, strict=False)
        except ValueError:
            self._fail(line, "has a quoted text without its end, or with an escape that is not JSON's")
        assert isinstance(value, str)
        return value

    def _typed(self, line: _Line, key: str, value: str) -> Any:
        if key in _TRUTH:
            if value not in {"true", "false"}:
                self._fail(line, f"{key} must be true or false, not {value!r}")
            return value == "true"
        if key in _WHOLE:
            if not re.fullmatch(r"-?(?:0|[1-9][0-9]{0,17})", value):
                self._fail(line, f"{key} must be a whole number, not {value!r}")
            return int(value)
        if key in _REAL:
            if not re.fullmatch(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?", value):
                self._fail(line, f"{key} must be a number, not {value!r}")
            return float(value)
        return value

    def _peek(self) -> _Line | None:
        return self._lines[self._at] if self._at < len(self._lines) else None

    def _fail(self, line: _Line, what: str) -> NoReturn:
        raise UnreadableError(f"{self._name}:{line.number}", what)
