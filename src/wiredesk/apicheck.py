"""Hold our JSON API against answers that the reference site served.

Only part of the records behind a served answer may be at hand, so items are compared one by one, by `path`, and each
document by its own keys and its formatting.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from wiredesk.publish import api
from wiredesk.recordformat import RecordFile, parse_record

_PAGES = ("/learning/", "/sample/", "/people/", "/event/")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiDifference:
    """One value that is served differently."""

    document: str
    path: str  # of the item's record; "" for the document itself
    key: str
    ours: str
    served: str
    reason: str  # a class, so that equal causes can be counted


@dataclass(slots=True, kw_only=True)
class ApiReport:
    """What `compare_api` found; each pair is [agreeing, checked]."""

    documents: list[int] = field(default_factory=lambda: [0, 0])
    items: list[int] = field(default_factory=lambda: [0, 0])
    values: list[int] = field(default_factory=lambda: [0, 0])
    without_record: int = 0  # items served whose record is not at hand
    differences: list[ApiDifference] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return counts, reasons and every difference as JSON values."""
        return {
            "documents": self.documents,
            "items": self.items,
            "values": self.values,
            "without_record": self.without_record,
            "reasons": dict(Counter(each.reason for each in self.differences).most_common()),
            "differences": [
                {slot: getattr(each, slot) for slot in ("document", "path", "key", "ours", "served", "reason")}
                for each in self.differences
            ],
        }


def compare_api(site_folder: Path, samples_folder: Path) -> ApiReport:
    """Build the API's objects from the records in `site_folder` and compare them with the served ones.

    Args:
        site_folder: Has `_news` and the other collections.
        samples_folder: Served documents below the paths that they have under `api/`.
    """
    served = {
        file.relative_to(samples_folder).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(samples_folder.rglob("index.json"))
    }
    records = _records(site_folder)
    site = _site(json.loads(text) for text in served.values())
    report = ApiReport()
    for name, text in served.items():
        whole = json.loads(text)
        _compare_document(name, text, whole, report)
        for item in whole.get("value", [whole]):
            record = records.get(item["path"])
            if record is None:
                report.without_record += 1
            else:
                _compare_item(name, item, _ours(item, record, records, site), report)
    return report


def _ours(
    served: Mapping[str, Any], record: RecordFile, records: Mapping[str, RecordFile], site: api.ApiSite
) -> dict[str, Any]:
    if served["path"].startswith("_news/"):
        return api.news_object(record.fields, Path(served["path"]).stem, site)
    return api.carried_object(served["path"], record, site, records)


def _compare_document(name: str, text: str, whole: Mapping[str, Any], report: ApiReport) -> None:
    """Write the served values again with our functions: the bytes must come out the same."""
    report.documents[1] += 1
    items = whole.get("value")
    if items is None:
        ours = api.document(whole)
    elif name.startswith("news/"):
        ours = api.news_page(items, whole["page"], last=whole["nextPage"] is None)
    else:
        ours = api.list_document(whole["title"], whole["path"], whole["page"], items, last="nextPage" not in whole)
    if ours.decode() == text:
        report.documents[0] += 1
        return
    reason = "older output: one item without line breaks" if items is None else "written otherwise"
    report.differences.append(
        ApiDifference(
            document=name, path="", key="", ours=f"{len(ours)} bytes", served=f"{len(text)} characters", reason=reason
        )
    )


def _compare_item(name: str, served: Mapping[str, Any], ours: Mapping[str, Any], report: ApiReport) -> None:
    keys = [*ours, *(key for key in served if key not in ours)]
    differing = [key for key in keys if key not in ours or key not in served or ours[key] != served[key]]
    in_order = [key for key in ours if key in served] == [key for key in served if key in ours]
    report.values[0] += len(keys) - len(differing)
    report.values[1] += len(keys)
    report.items[0] += not differing and in_order
    report.items[1] += 1
    for key in differing:
        mine, theirs = ours.get(key, "(no such key)"), served.get(key, "(no such key)")
        difference = ApiDifference(
            document=name,
            path=served["path"],
            key=key,
            ours=str(mine)[:200],
            served=str(theirs)[:200],
            reason=_reason(key, mine, theirs),
        )
        report.differences.append(difference)
    if not in_order:
        report.differences.append(
            ApiDifference(
                document=name,
                path=served["path"],
                key="",
                ours=str(list(ours)),
                served=str(list(served)),
                reason="other order",
            )
        )


def _reason(key: str, ours: Any, served: Any) -> str:
    if key.endswith("DateTime") and _same_moment(ours, served):
        return "older output: the same moment in Pacific time"
    if key == "content" and ours.strip() == served.strip():
        return "older output: an empty body as CR LF"
    if key in {"highlight", "content"} and served == "(no such key)":
        return "older output: without this key"
    if key == "sourceUrl" and ours is None:
        return "older output: with documents of single items"
    if key == "heat":
        return "served at another moment: heat moves with readers and groups"
    if key in {"topItems", "size"}:
        return "members whose records are not at hand"
    return "unexplained"


def _same_moment(one: Any, other: Any) -> bool:
    try:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (TypeError, ValueError):
        return False


def _records(site_folder: Path) -> dict[str, RecordFile]:
    found = {}
    for file in sorted(site_folder.rglob("*.md")):
        path = file.relative_to(site_folder).as_posix().removeprefix("_archive/")
        if path.startswith("_") and not path.startswith("_data/"):
            found[path] = parse_record(file.read_bytes(), path)
    return found


def _site(documents: Iterable[Mapping[str, Any]]) -> api.ApiSite:
    """Find in the answers themselves where the API and the pages lie."""
    address = pages = ""
    for whole in documents:
        for item in whole.get("value", [whole]):
            address = address or (item.get("sourceUrl") or "").partition("api/")[0]
            ours = next((mark for mark in _PAGES if mark in (item.get("webUrl") or "")), None)
            if (
                ours
                and not item["path"].startswith("_news/")
                and item["webUrl"].endswith(f"/{Path(item['path']).stem}/")
            ):
                pages = pages or item["webUrl"].partition(ours)[0] + "/"
    return api.ApiSite(address=address, pages=pages)
