"""Values to bytes and back, for the columns that hold a whole noun."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)


def to_json(kind: type[T], value: T) -> bytes:
    """Return `value` as JSON: fields in their order, so equal values give equal bytes."""
    return _adapter(kind).dump_json(value)


def from_json(kind: type[T], data: bytes | str) -> T:
    """Undo `to_json`."""
    return _adapter(kind).validate_json(data)


def pack(kind: type[T], value: T) -> bytes:
    """Return `value` as compressed JSON."""
    return zlib.compress(to_json(kind, value), 1)


def unpack(kind: type[T], data: bytes) -> T:
    """Undo `pack`."""
    return from_json(kind, zlib.decompress(data))


def instant(value: datetime) -> str:
    """Return UTC text of fixed width, which sorts as time does."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(value: str) -> datetime:
    """Undo `instant`."""
    return datetime.fromisoformat(value)


def optional_instant(value: datetime | None) -> str | None:
    """`instant`, None for None."""
    return None if value is None else instant(value)


def optional_moment(value: Any) -> datetime | None:
    """`moment`, None for None."""
    return None if value is None else moment(value)
