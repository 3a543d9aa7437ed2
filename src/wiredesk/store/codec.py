"""Values to bytes and back, for the columns that hold a whole noun."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from wiredesk.errors import StoreError

T = TypeVar("T")

_adapters: dict[Any, TypeAdapter[Any]] = {}  # making one takes milliseconds


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def to_json(kind: type[T], value: T) -> bytes:
    """Return `value` as JSON: fields in their order, mappings in theirs.  Numbers have to be finite."""
    return _adapter(kind).dump_json(value)


def from_json(kind: type[T], data: bytes | str) -> T:
    """Undo `to_json`.

    Raises:
        StoreError: not a `kind`, as this version knows it.
    """
    try:
        value: T = _adapter(kind).validate_json(data)
    except ValidationError as error:
        raise _unreadable(kind, error) from error
    return value


def pack(kind: type[T], value: T) -> bytes:
    """Return `value` as compressed JSON."""
    return zlib.compress(to_json(kind, value), 1)


def unpack(kind: type[T], data: bytes) -> T:
    """Undo `pack`.

    Raises:
        StoreError: damaged, or not a `kind` as this version knows it.
    """
    try:
        text = zlib.decompress(data)
    except zlib.error as error:
        raise _unreadable(kind, error) from error
    return from_json(kind, text)


def _unreadable(kind: type[Any], error: Exception) -> StoreError:
    what = f"the database holds a value that cannot be read as {kind.__name__} ({str(error).splitlines()[0]})"
    return StoreError(f"{what}; `wiredesk rebuild` makes it anew from the captures")


def instant(value: datetime) -> str:
    """Return UTC text of fixed width, which sorts as time does."""
    # Not strftime: its %Y writes the year 999 with three digits.
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment(value: str) -> datetime:
    """Undo `instant`."""
    return datetime.fromisoformat(value)


def optional_instant(value: datetime | None) -> str | None:
    """`instant`, None for None."""
    return None if value is None else instant(value)


def optional_moment(value: str | None) -> datetime | None:
    """`moment`, None for None."""
    return None if value is None else moment(value)
