"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) -> a feed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wiredesk.errors import UnreadableError
from wiredesk.records import Image, Page, WireItem
from wiredesk.sources.dates import parse_date
from wiredesk.sources.feed_model import (
    MAX_ITEMS,
    Feed,
    address,
    distinct,
    language_of,
    list_of,
    location_of,
    summary_of,
    text_of,
    too_many,
)
from wiredesk.sources.markup import plain_line


def read_json(page: Page, body: bytes) -> Feed:
    """Return the feed in `body`, which is what `page` holds.

    Raises:
        UnreadableError: It is no JSON, or JSON of something else.
    """
    try:
        raw = json.loads(body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff"))
    except ValueError as error:
        raise UnreadableError(page.url, f"JSON that cannot be read ({error})") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("items"), list):
        raise UnreadableError(page.url, "JSON, but not a JSON Feed")
    base = location_of(page)
    language = language_of(raw.get("language")) or language_of(page.header("content-language"))
    entries = [entry for entry in raw["items"] if isinstance(entry, dict)]
    hubs = (address(base, hub.get("url")) for hub in list_of(raw.get("hubs")) if isinstance(hub, dict))
    return Feed(
        url=page.final_url,
        title=plain_line(text_of(raw.get("title"))),
        site_url=address(base, raw.get("home_page_url")),
        language=language,
        kind="json",
        items=tuple(_item(page.url, base, language, entry) for entry in entries[:MAX_ITEMS]),
        problems=too_many(page.url, len(entries)),
        hubs=tuple(dict.fromkeys(filter(None, hubs))),
        self_url=address(base, raw.get("feed_url")),
    )


def _item(where: str, base: str, language: str | None, entry: Mapping[str, Any]) -> WireItem:
    identity = entry.get("id")
    guid = str(identity).strip() if isinstance(identity, (str, int, float)) else ""
    content_html = text_of(entry.get("content_html"))
    addresses = (address(base, link) for link in (entry.get("url"), entry.get("external_url")))
    pictures = (address(base, link) for link in (entry.get("image"), entry.get("banner_image")))
    by = [entry.get("author"), *list_of(entry.get("authors"))]
    picture = next(filter(None, pictures), None)
    return WireItem(
        source_url=where,
        url=next(filter(None, addresses), None) or (address(base, guid) if guid.startswith("http") else None) or "",
        guid=guid or None,
        title=plain_line(text_of(entry.get("title"))),
        summary=summary_of(text_of(entry.get("summary")), text_of(entry.get("content_text")), content_html),
        content_html=content_html or None,
        authors=distinct(text_of(author.get("name")) for author in by if isinstance(author, dict)),
        tags=distinct(text_of(tag) for tag in list_of(entry.get("tags"))),
        published_at=_moment(entry.get("date_published")),
        updated_at=_moment(entry.get("date_modified")),
        image=Image(url=picture) if picture else None,
        language=language_of(entry.get("language")) or language,
    )


def _moment(value: Any) -> datetime | None:
    """The format asks for RFC 3339; some write RFC 822, or a number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return parse_date(f"{value:.0f}") if abs(value) < 1e14 else None
    return parse_date(text_of(value))
