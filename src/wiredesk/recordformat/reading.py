"""Records back into readings, so that a site can be rebuilt from its records alone.

Our own records carry in `secured` what the page of a record does not show: `private_fields` packs it, and
`draft_from_record` restores it.  The two belong together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from wiredesk.errors import UnreadableError
from wiredesk.recordformat.frontmatter import RecordFile
from wiredesk.recordformat.secured import unpack, unseal
from wiredesk.records import Article, Draft, Image, Kind
from wiredesk.urls import canonical

_VERSION = 1  # of the private fields

_SHOWN_KINDS = ("article", "video")  # the types that the record format has


def private_fields(article: Article) -> dict[str, Any]:
    """Return what a record of ours does not show and a rebuild needs, as JSON values."""
    image = article.image
    return {
        "version": _VERSION,
        "address": article.canonical_url,
        "text": "" if "noarchive" in article.opt_outs else article.text,
        **({"opt_outs": article.opt_outs} if article.opt_outs else {}),
        **({"kind": article.kind} if article.kind not in _SHOWN_KINDS else {}),
        "authors": article.authors,
        "published_at": _told(article.published_at),
        "updated_at": _told(article.updated_at),
        "first_seen_at": _told(article.first_seen_at),
        "language": article.language,
        "section": article.section,
        "tags": article.tags,
        "dateline": article.dateline,
        "title_is_ours": article.title_is_ours,
        "official": article.official,
        "source_topics": article.source_topics,
        "provider_logo": article.provider.logo,
        "image_title": image.title if image else None,
        "image_attribution": image.attribution if image else None,
        "rules": dict(article.rules),
        "confidence": dict(article.confidence),
    }


def draft_from_record(record: RecordFile, *, name: str, observed_at: datetime, key: bytes | None = None) -> Draft:
    """Return the reading that a news record gives.

    A record of ours comes back whole: address, text, authors, times as they were first seen.  A record of another
    engine keeps its front matter in `Draft.record`, so that it can be written again as it came; what its source is
    follows from the format: real seconds, or a player, mean an official feed, and its topics count as the source's.

    Args:
        record: Of a news collection.
        name: File name without ".md".
        observed_at: Our clock, for records that do not say when we first saw them.
        key: To `secured`; without it, our own records are read like those of others.

    Raises:
        UnreadableError: a value is missing or of the wrong kind, or `secured` is ours and does not open.
    """
    fields = record.fields
    sealed = _text(fields, "secured", name)
    opened = unseal(key, sealed, name) if key is not None and sealed else None
    if opened is not None:
        return _restored(fields, unpack(opened, name), name)
    address = _text(fields, "webUrl", name) or _text(fields, "originalUrl", name)
    if not address:
        raise UnreadableError(name, "has neither webUrl nor originalUrl")
    published_at = _moment(fields.get("publishedDateTime"), name)
    topics = fields.get("topics") or []
    shown = _shown(fields, name)
    return Draft(
        address=_canonical(address, name),
        origin="record",
        observed_at=observed_at,
        published_at=published_at,
        updated_at=_moment(fields.get("updatedDateTime"), name),
        language=(_text(fields, "locale", name) or "").split("-")[0] or None,
        official=bool(fields.get("featuredContent")) or (published_at is not None and published_at.second != 0),
        source_topics=tuple(topic for topic in topics if isinstance(topic, str)),
        record=dict(fields),
        record_name=name,
        rules=dict.fromkeys(shown, "record"),
        confidence=dict.fromkeys(shown, 1.0),
        **shown,
    )


def _restored(fields: Mapping[str, Any], private: Mapping[str, Any], name: str) -> Draft:
    if private.get("version") != _VERSION:
        raise UnreadableError(name, "was written by a newer release", "it is left out; update this installation")
    shown = _shown(fields, name)
    shown["kind"] = private.get("kind", shown["kind"])
    image: Image | None = shown.pop("image", None)
    if image is not None:
        image = replace(image, title=private["image_title"], attribution=private["image_attribution"])
    first_seen_at = _moment(private["first_seen_at"], name)
    assert first_seen_at is not None
    return Draft(
        address=private["address"],
        origin="record",
        observed_at=first_seen_at,
        authors=tuple(private["authors"]),
        published_at=_moment(private["published_at"], name),
        updated_at=_moment(private["updated_at"], name),
        language=private["language"],
        section=private["section"],
        tags=tuple(private["tags"]),
        image=image,
        provider_logo=private["provider_logo"],
        text=private["text"],
        dateline=private["dateline"],
        title_is_ours=private["title_is_ours"],
        official=private["official"],
        source_topics=tuple(private["source_topics"]),
        opt_outs=tuple(private.get("opt_outs", ())),
        record_name=name,
        rules=private["rules"],
        confidence=private["confidence"],
        **shown,
    )


def _shown(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the fields of a draft that a record shows; those that it does not have are left out."""
    if fields.get("category", "news") != "news":
        raise UnreadableError(name, f"is no news record but of the category {fields['category']!r}")
    title = _text(fields, "title", name)
    if not title:
        raise UnreadableError(name, "has no title")
    provider = fields.get("provider")
    kind: Kind = "video" if fields.get("type") == "video" else "article"
    found = {
        "title": title,
        "excerpt": _text(fields, "excerpt", name),
        "kind": kind,
        "amp_url": _text(fields, "ampWebUrl", name),
        "provider_name": _text(provider, "name", name) if isinstance(provider, Mapping) else None,
        "image": _image(fields.get("images"), name),
    }
    return {key: value for key, value in found.items() if value is not None}


def _image(images: Any, name: str) -> Image | None:
    if not (isinstance(images, list) and images and isinstance(images[0], Mapping)):
        return None
    first = images[0]
    url = _text(first, "url", name)
    if not url:
        return None
    return Image(
        url=url,
        width=first.get("width"),
        height=first.get("height"),
        title=_text(first, "title", name),
        attribution=_text(first, "attribution", name),
        is_cached=first.get("isCached") is True,
    )


def _text(fields: Mapping[str, Any], key: str, name: str) -> str | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise UnreadableError(name, f"{key} must be text")
    return value


def _moment(value: Any, name: str) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError) as error:
        raise UnreadableError(name, f"{value!r} is no time") from error


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _canonical(address: str, name: str) -> str:
    try:
        return canonical(address)
    except ValueError as error:
        raise UnreadableError(name, f"{address!r} is no web address") from error
