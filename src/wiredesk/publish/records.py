"""Items -> Markdown records in the reference site's format.

An article that we read is written by us, its private part in `secured`.  An article that came as a record keeps its
front matter as it came; only what an edition decides anew changes: quality, heat, published, related.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from wiredesk.config import Settings
from wiredesk.errors import UnreadableError
from wiredesk.recordformat import RecordFile, pack, parse_record, private_fields, record_bytes, seal, unseal
from wiredesk.records import Image, Item
from wiredesk.urls import amp_cache_url

_ENTRY_KEYS = ("title", "excerpt", "publishedDateTime", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "type")


def write_record(
    item: Item, related: Sequence[Item], settings: Settings, key: bytes | None = None, previous: bytes | None = None
) -> bytes:
    """Return the record's file.

    Args:
        item: What the record is about.
        related: The other items of its story, in any order.
        settings: For the site's address.
        key: To `secured`; without it, records of our own get none.
        previous: The file that stands there now.  Its style is kept, and so is its `secured` where that still says
            the same: a record that did not change is the same bytes, though each sealing is random.
    """
    before = _readable(previous, item.name)
    record = record_fields(item, related, address=settings.site.address)
    if item.article.record is None:
        if key is not None:
            secret = _sealed(item, key, before.fields.get("secured") if before else None)
            record = record.changed({"secured": secret})
    elif before is not None:
        gone = {name: None for name in before.fields if name not in record.fields}
        record = before.changed({**gone, **record.fields})
    return record_bytes(record)


def record_fields(item: Item, related: Sequence[Item], *, address: str) -> RecordFile:
    """Return the record of an item, without `secured` where it is our own.

    Args:
        item: What the record is about.
        related: The other items of its story, in any order; only they are named, by quality.
        address: Of the site, with closing slash; icons that we hold lie below it.
    """
    removed = bool(item.article.record and item.article.record.get("removed"))  # taken down by hand stays down
    decided = {
        "quality": item.rating.quality,
        "heat": item.rating.heat,
        "published": item.rating.published and not removed,
        "related": _related(item, related) or None,
    }
    if item.article.record is not None:
        return RecordFile(fields=item.article.record).changed(decided)
    fields = _own_fields(item, address)
    return RecordFile(fields={key: value for key, value in fields.items() if value is not None}).changed(decided)


def amp_addresses(amp_url: str | None) -> tuple[str | None, str | None]:
    """Return the AMP page and its cache address; neither where the page's address is no web address."""
    try:
        return (amp_url, amp_cache_url(amp_url)) if amp_url else (None, None)
    except ValueError:
        return None, None


def moment_text(moment: datetime) -> str:
    """Return a time as records and the API write it: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def web_address(url: str) -> str | None:
    """Return `url` where readers can open it: files on this machine have no address for them."""
    return url if url.startswith(("https://", "http://")) else None


def icons(item: Item, address: str) -> list[dict[str, Any]] | None:
    """Return the icons of the item's provider that we hold, with absolute addresses."""
    return [_picture(image, address) for image in item.article.provider.images[:1]] or None


def _own_fields(item: Item, address: str) -> dict[str, Any]:
    article = item.article
    web_url = web_address(article.canonical_url)
    amp, cached = amp_addresses(article.amp_url)
    provider = {"name": article.provider.name, "domain": str(article.provider.domain), "images": icons(item, address)}
    return {
        "category": "news",
        "title": article.title,
        "excerpt": article.excerpt,
        "publishedDateTime": moment_text(article.told_at),
        "originalUrl": web_url,
        "webUrl": web_url,
        "ampWebUrl": amp,
        "cdnAmpWebUrl": cached,
        "type": article.kind if article.kind == "video" else "article",  # the format has these two
        "provider": {key: value for key, value in provider.items() if value is not None},
        "topics": [tag.topic for tag in item.topics] or None,
        "images": [_picture(article.image, address)] if article.image else None,
    }


def _related(item: Item, related: Sequence[Item]) -> list[Any]:
    """Return the entries of `related`, by quality.

    Under the reference's rules an imported record keeps those that it came with, letter by letter, also of records
    that we do not hold; added are articles that came since.
    """
    if item.article.record is None or not item.rating.rules.startswith("reference"):
        return [_entry(each) for each in sorted(related, key=_by_quality)]
    came_with: Any = item.article.record.get("related") or []
    since = [_entry(each) for each in sorted(related, key=_by_quality) if each.article.record is None]
    return sorted([*came_with, *since], key=lambda entry: -entry.get("quality", 0)) if since else list(came_with)


def _entry(item: Item) -> dict[str, Any]:
    """Return an item as an entry of another record's `related`."""
    fields = item.article.record or _own_fields(item, "")
    entry = {key: fields[key] for key in _ENTRY_KEYS if fields.get(key) is not None}
    provider = fields.get("provider")
    names = provider if isinstance(provider, Mapping) else {}
    entry["provider"] = {key: names[key] for key in ("name", "domain") if key in names}
    entry["quality"] = item.rating.quality
    if fields.get("images"):
        entry["images"] = fields["images"]
    return entry


def _picture(image: Image, address: str) -> dict[str, Any]:
    """Return a picture as records list it.  Title and credit are not shown there; `secured` keeps them."""
    url = address.rstrip("/") + image.url if image.url.startswith("/") else image.url
    shown = {"url": url, "width": image.width, "height": image.height}
    cached = {"isCached": True} if image.is_cached or image.held else {}
    return {key: value for key, value in shown.items() if value is not None} | cached


def _by_quality(item: Item) -> tuple[int, datetime, str]:
    return -item.rating.quality, item.article.told_at, item.article.id


def _sealed(item: Item, key: bytes, known: Any) -> str:
    """Seal what the record does not show; where `known` opens to the same, it stays."""
    secret = pack(private_fields(item.article))
    if isinstance(known, str):
        try:
            if unseal(key, known, item.name) == secret:
                return known
        except UnreadableError:
            pass  # of another key, or damaged: written anew
    return seal(key, secret, item.name)


def _readable(data: bytes | None, name: str) -> RecordFile | None:
    """Return the file that stands there; one that nobody can read is replaced."""
    try:
        return parse_record(data, name) if data is not None else None
    except UnreadableError:
        return None
