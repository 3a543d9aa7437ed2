"""The static JSON API of the reference site (record-format.md, section 11).

Every function here turns plain values into objects or bytes; which documents an edition holds is planned elsewhere.
Where description and served answers differ, the answers are followed: `nextPage` is a number there, not a string; a
news body that is empty is "", any other collection's ends its lines in CR LF.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from wiredesk.errors import UnreadableError
from wiredesk.publish.records import record_fields
from wiredesk.recordformat import RecordFile, parse_record
from wiredesk.records import Item, Topic

NEWS_PAGE = 25  # items, as the reference's newest output
_TOP_ITEMS = 4
_FIRST_DAY = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSite:
    """Where the API and the pages lie."""

    address: str  # the API is below <address>api/; closing slash
    pages: str  # public front end, closing slash; often the same
    locale: str = "en-us"
    item_documents: bool = False  # whether news items have documents of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A collection of carried records: its names and the order of its items' keys."""

    folder: str  # of the records
    title: str
    api: str  # below api/
    page: str  # of its items on the front end
    size: int  # items on a page
    keys: tuple[str, ...]


_IDENTITY = ("path", "title", "excerpt", "sourceUrl", "webUrl")
_KINDS = (
    _Kind(
        folder="_learning",
        title="Learning Resources",
        api="learning",
        page="learning",
        size=30,
        keys=(
            *_IDENTITY,
            *("originalUrl", "featuredContent", "length", "ratings", "provider", "topItems", "size", "levels"),
            *("publishedDateTime", "heat", "images", "content", "type", "price", "topics"),
        ),
    ),
    _Kind(
        folder="_samples",
        title="Samples",
        api="samples",
        page="sample",
        size=25,
        keys=(
            *_IDENTITY,
            *("originalUrl", "provider", "actions", "publishedDateTime", "heat", "images", "content", "type", "topics"),
        ),
    ),
    _Kind(
        folder="_people",
        title="People",
        api="people",
        page="people",
        size=25,
        keys=(
            *_IDENTITY,
            *("type", "name", "bio", "location", "website", "twitter", "linkedin", "affiliation", "topics", "heat"),
            *("images", "content"),
        ),
    ),
    _Kind(
        folder="_communities",
        title="Communities",
        api="communities",
        page="communities",
        size=25,
        keys=(
            *("path", "excerpt", "sourceUrl", "webUrl", "originalUrl", "provider", "heat", "images", "content"),
            *("name", "type", "members", "topics"),
        ),
    ),
    _Kind(
        folder="_events",
        title="Events",
        api="events",
        page="event",
        size=25,
        keys=(
            *_IDENTITY,
            *("originalUrl", "name", "type", "startDateTime", "endDateTime", "website", "provider", "topics"),
            *("images", "content"),
        ),
    ),
    _Kind(
        folder="_newsletters",
        title="Newsletters",
        api="newsletters",
        page="newsletters",
        size=25,
        keys=(*_IDENTITY, "publishedDateTime", "type", "content"),
    ),
)
_COLLECTION_HIDES = frozenset({"length", "levels", "price"})  # of a learning collection, as served


# News


def news_item(item: Item, site: ApiSite) -> dict[str, Any]:
    """Return the object of a news item, every key present."""
    fields = record_fields(item, (), address=site.address).fields
    found = news_object(fields, item.name, site)
    if item.article.record is None:
        found["provider"]["authors"] = [_profile(name) for name in item.article.authors] or None
        if item.article.updated_at is not None:
            found["updatedDateTime"] = item.article.updated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return found


def news_object(fields: Mapping[str, Any], name: str, site: ApiSite) -> dict[str, Any]:
    """Return the object of a news record: `fields` is its front matter, `name` its file name without ".md"."""
    provider = fields.get("provider") or {}
    return {
        "path": f"_news/{name}.md",
        "title": fields.get("title"),
        "excerpt": fields.get("excerpt"),
        "sourceUrl": f"{site.address}{item_path(name)}" if site.item_documents else None,
        "webUrl": fields.get("webUrl"),
        "originalUrl": fields.get("originalUrl"),
        "featuredContent": fields.get("featuredContent"),
        "highlight": fields.get("highlight"),
        "heat": fields.get("heat"),
        "tags": fields.get("tags"),
        "images": _full_images(fields),
        "content": "",
        "type": fields.get("type"),
        "ampWebUrl": fields.get("ampWebUrl"),
        "cdnAmpWebUrl": fields.get("cdnAmpWebUrl"),
        "publishedDateTime": fields.get("publishedDateTime"),
        "updatedDateTime": fields.get("updatedDateTime"),
        "provider": {
            "name": provider.get("name"),
            "domain": provider.get("domain"),
            "images": _full_images(provider),
            "publishers": None,
            "authors": [_profile(each["name"]) for each in provider.get("authors") or ()] or None,
        },
        "locale": fields.get("locale") or site.locale,
        "categories": [fields.get("category", "news")],
        "topics": list(fields.get("topics") or ()),
    }


def news_page(items: Sequence[Mapping[str, Any]], page: int, *, last: bool) -> bytes:
    """Return a page of a news list.  `items` are those of this page, newest first; `page` counts from 1."""
    return news_page_of([fragment(item) for item in items], page, last=last)


def fragment(item: Mapping[str, Any]) -> str:
    """Return a news item as it stands in the pages of a list; an item stands in several, written once."""
    return "    " + json.dumps(item, indent=2, ensure_ascii=False).replace("\n", "\n    ")


def news_page_of(fragments: Sequence[str], page: int, *, last: bool) -> bytes:
    """Return a page of a news list from the fragments of its items."""
    value = "[\n" + ",\n".join(fragments) + "\n  ]" if fragments else "[]"
    after = "null" if last else str(page + 1)
    text = f'{{\n  "page": {page},\n  "value": {value},\n  "nextPage": {after}\n}}'
    return text.encode("utf-8", "backslashreplace")


def news_paths(page: int, topic_id: str | None = None) -> tuple[str, ...]:
    """Return where a page of a news list goes; the first lies at two addresses."""
    base = f"api/news/{topic_id}/" if topic_id else "api/news/"
    numbered = f"{base}page/{page}/index.json"
    return (f"{base}index.json", numbered) if page == 1 else (numbered,)


def item_path(name: str) -> str:
    """Return where the document of one news item goes."""
    return f"api/news/{name}/index.json"


def page_count(items: int, size: int = NEWS_PAGE) -> int:
    """Return how many pages a list of so many items has; an empty one has a page."""
    return max(1, -(-items // size))


# Topics, sponsorships


def topics_document(topics: Sequence[Topic], site: ApiSite) -> bytes:
    """Return `topics/`: what a front end builds its menu from.

    Services that a topic's file names are given below this site's address: a tree that was taken from elsewhere must
    not send readers back there.  News are always there.
    """
    value = []
    for topic in topics:
        own = "" if topic.parent is None else f"{topic.id}/"
        services = {"news": f"{site.address}api/news/{own}"}
        services |= {name: _rehosted(endpoint, site) for name, endpoint in topic.services.items()}
        entry = {
            "name": topic.name,
            "shortname": topic.shortname or topic.name,
            "id": topic.id,
            "parent": topic.parent,
            "images": list(topic.images) or None,
            "services": [{"name": name, "endpoint": endpoint} for name, endpoint in services.items()],
        }
        value.append({key: each for key, each in entry.items() if each is not None})
    return document({"value": value})


def sponsorships_document(sponsorships: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """Return `sponsorships/today/`; each has `sponsor`, `messages`, `schedules` and `placements`."""
    return document({"value": list(sponsorships)})


# Collections that we carry


def carried_documents(
    files: Sequence[tuple[str, bytes]], topics: Sequence[Topic], site: ApiSite, *, as_of: datetime
) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of every document of the carried collections.

    Args:
        files: Path ("_samples/x.md", "_learning/videos/y.md") and bytes of their records; unreadable ones are left out.
        topics: In file order.
        site: Where all lies.
        as_of: What divides past events from those to come.
    """
    records = _read(files)
    for kind in _KINDS:
        own = {path: record for path, record in records.items() if path.startswith(f"{kind.folder}/")}
        if not own:
            continue
        items = [carried_object(path, record, site, records) for path, record in own.items()]
        for item in items:
            yield _document_path(kind, item["path"]), _own_document(item, own, records, site)
        if kind.folder == "_events":
            yield from _events(kind, items, as_of)
            continue
        ordered = _by_time(items) if kind.folder == "_newsletters" else _by_heat(items)
        yield from _pages(kind, f"api/{kind.api}/", kind.title, ordered)
        if kind.folder == "_learning":
            for topic in topics:
                of_topic = [item for item in ordered if topic.name in item.get("topics", ())]
                if of_topic and topic.parent is not None:
                    yield from _pages(kind, f"api/{kind.api}/{topic.id}/", kind.title, of_topic)
            collections = [item for item in ordered if item.get("type") == "collection"]
            if collections:
                yield from _pages(kind, f"api/{kind.api}/collections/", "Collections", collections)


def carried_object(
    path: str, record: RecordFile, site: ApiSite, others: Mapping[str, RecordFile] | None = None
) -> dict[str, Any]:
    """Return the object of a record of another collection; keys without a value are left out.

    Args:
        path: Of its file, e.g. "_people/ada-example.md"; its folder tells the collection.
        record: What stands there.
        site: Where all lies.
        others: Records by path, in which the members of a learning collection are found.

    Raises:
        KeyError: its folder is no collection that we know.
    """
    kind = _kind_of(path)
    fields = record.fields
    place = PurePosixPath(path).relative_to(kind.folder).with_suffix("")
    values: dict[str, Any] = dict(fields)
    values |= {
        "path": path,
        "title": fields.get("title") or fields.get("name"),
        "excerpt": fields.get("excerpt", fields.get("bio")),
        "sourceUrl": f"{site.address}{_document_path(kind, path)}",
        "webUrl": fields.get("webUrl") or f"{site.pages}{kind.page}/{place}/",
        "provider": _provider(fields.get("provider"), site),
        "affiliation": _affiliation(fields.get("affiliation")),
        "images": _images(fields.get("images")),
        "content": record.body.decode("utf-8", "replace").replace("\r\n", "\n").replace("\n", "\r\n"),
    }
    keys = kind.keys
    if fields.get("type") == "collection":
        members = _members(fields, others or {})
        values["topItems"] = [carried_object(p, r, site, None) for p, r in members[:_TOP_ITEMS]] or None
        values["size"] = len(fields.get("items") or ())
        keys = tuple(key for key in keys if key not in _COLLECTION_HIDES)
    return {key: values[key] for key in keys if values.get(key) is not None}


def list_document(title: str, path: str, page: int, items: Sequence[Mapping[str, Any]], *, last: bool) -> bytes:
    """Return a page of a carried collection; `nextPage` is left out on the last."""
    whole = {"title": title, "path": path, "page": page, "value": list(items)}
    return document(whole if last else {**whole, "nextPage": page + 1})


def document(value: Mapping[str, Any]) -> bytes:
    """Return a JSON document as the reference writes it: two blanks, text as it is, no line end at its end."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _read(files: Sequence[tuple[str, bytes]]) -> dict[str, RecordFile]:
    found = {}
    for path, data in sorted(files):
        try:
            found[path] = parse_record(data, path)
        except UnreadableError:
            continue  # told when it was imported; a list without it is better than none
    return found


def _pages(kind: _Kind, base: str, title: str, items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
    last = page_count(len(items), kind.size)
    for page in range(1, last + 1):
        shown = items[(page - 1) * kind.size : page * kind.size]
        data = list_document(title, kind.folder, page, shown, last=page == last)
        if page == 1:
            yield f"{base}index.json", data
        # Newsletters alone kept the older form of the address.
        number = f"page{page}" if kind.folder == "_newsletters" else f"page/{page}"
        if page > 1 or kind.folder != "_newsletters":
            yield f"{base}{number}/index.json", data


def _events(kind: _Kind, items: Sequence[Mapping[str, Any]], as_of: datetime) -> Iterator[tuple[str, bytes]]:
    ordered = sorted(items, key=lambda item: (_moment(item.get("startDateTime")), item["path"]))
    future = [item for item in ordered if _moment(item.get("startDateTime")) >= as_of]
    past = [item for item in reversed(ordered) if _moment(item.get("startDateTime")) < as_of]
    yield from _pages(kind, "api/events/", "Events", list(reversed(ordered)))
    yield from _pages(kind, "api/events/past/", "Past Events", past)
    yield from _pages(kind, "api/events/future/", "Future Events", future)


def _own_document(
    item: Mapping[str, Any], own: Mapping[str, RecordFile], records: Mapping[str, RecordFile], site: ApiSite
) -> bytes:
    """Return the document of one item; that of a learning collection lists its members, on one page."""
    if item.get("type") != "collection":
        return document(item)
    members = _members(own[item["path"]].fields, records)
    value = [carried_object(path, record, site, records) for path, record in members]
    return list_document(item["title"], item["path"], 1, value, last=True)


def _members(fields: Mapping[str, Any], others: Mapping[str, RecordFile]) -> list[tuple[str, RecordFile]]:
    paths = [f"_learning/{each}.md" for each in fields.get("items") or ()]
    return [(path, others[path]) for path in paths if path in others]


def _kind_of(path: str) -> _Kind:
    folder = path.split("/")[0]
    found = next((kind for kind in _KINDS if kind.folder == folder), None)
    if found is None:
        raise KeyError(f"{path}: {folder} is no collection of the API")
    return found


def _document_path(kind: _Kind, path: str) -> str:
    return f"api/{kind.api}/{PurePosixPath(path).relative_to(kind.folder).with_suffix('')}/index.json"


def _by_heat(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: (-item.get("heat", 0), item["path"]))


def _by_time(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: (_moment(item.get("publishedDateTime")), item["path"]), reverse=True)


def _moment(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return _FIRST_DAY
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _full_images(fields: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return pictures as news have them: every key present."""
    return [
        {
            **{key: image.get(key) for key in ("url", "width", "height", "title", "attribution")},
            "isCached": image.get("isCached", False),
        }
        for image in fields.get("images") or ()
    ] or None


def _images(images: Any, address: str = "") -> list[dict[str, Any]] | None:
    """Return pictures as other collections have them: keys without a value are left out."""
    return [
        {
            **{key: image[key] for key in ("url", "width", "height", "title", "attribution") if key in image},
            **({"url": address + image["url"]} if image["url"].startswith("/") else {}),
            "isCached": image.get("isCached", False),
        }
        for image in images or ()
        if isinstance(image, Mapping) and isinstance(image.get("url"), str)
    ] or None


def _provider(fields: Any, site: ApiSite) -> dict[str, Any] | None:
    if not isinstance(fields, Mapping):
        return None
    found = {
        "name": fields.get("name"),
        "domain": fields.get("domain"),
        "images": _images(fields.get("images"), site.address.rstrip("/")),
        "authors": [_profile(each["name"]) for each in fields.get("authors") or () if "name" in each] or None,
    }
    return {key: value for key, value in found.items() if value is not None}


def _affiliation(fields: Any) -> dict[str, Any] | None:
    """Return a person's employer; unlike a provider's, its pictures keep their site-relative address."""
    if not isinstance(fields, Mapping):
        return None
    found = {
        "path": "",
        "name": fields.get("name"),
        "domain": fields.get("domain"),
        "images": _images(fields.get("images")),
    }
    return {key: value for key, value in found.items() if value is not None}


def _profile(name: str) -> dict[str, str]:
    return {"path": "", "title": name, "type": "profile", "name": name}


def _rehosted(endpoint: str, site: ApiSite) -> str:
    _, found, rest = endpoint.partition("/api/")
    return f"{site.address}api/{rest}" if found else endpoint
