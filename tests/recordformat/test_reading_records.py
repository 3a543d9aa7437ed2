"""Records become readings again: ours whole, others' with their front matter."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wiredesk.errors import UnreadableError
from wiredesk.recordformat import RecordFile, draft_from_record, parse_record

RECORDS = Path(__file__).parents[2].parent / "shared" / "data" / "records"
NOW = datetime(2024, 1, 2, tzinfo=UTC)
FIELDS = {
    "category": "news",
    "title": "Labs open model ",
    "excerpt": "They said so.",
    "publishedDateTime": "2023-11-07T19:43:00Z",
    "webUrl": "https://www.example.com/a?utm_source=x",
    "ampWebUrl": "https://www.example.com/a/amp/",
    "type": "article",
    "provider": {"name": "Example", "domain": "example.com"},
    "topics": ["AI", "Schools"],
    "images": [{"url": "https://example.com/a.jpg", "width": 12, "height": 6, "isCached": True}],
    "secured": "bm90IG91cnM=;MDEyMzQ1Njc4OWFiY2RlZg==",
}


def test_a_record_of_others_keeps_its_front_matter():
    """What we cannot know, text and authors, stays empty; what it says is kept as it is."""
    draft = draft_from_record(RecordFile(fields=FIELDS), name="2023-11-08-x", observed_at=NOW, key=bytes(32))

    assert draft.address == "https://www.example.com/a"
    assert draft.record == FIELDS
    assert (draft.record_name, draft.observed_at) == ("2023-11-08-x", NOW)
    assert (draft.title, draft.source_topics) == ("Labs open model ", ("AI", "Schools"))
    assert draft.published_at == datetime(2023, 11, 7, 19, 43, tzinfo=UTC)
    assert draft.image is not None
    assert (draft.image.width, draft.image.is_cached) == (12, True)
    assert draft.text == ""


@pytest.mark.parametrize(
    ("change", "official"),
    [({}, False), ({"publishedDateTime": "2023-11-07T19:43:07Z"}, True), ({"featuredContent": "<iframe>"}, True)],
)
def test_tells_official_records(change: dict[str, str], official: bool):
    """Real seconds, or a player."""
    draft = draft_from_record(RecordFile(fields={**FIELDS, **change}), name="x", observed_at=NOW)

    assert draft.official is official


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"title": ["x"]},
        {"webUrl": None},
        {"webUrl": "javascript:alert(1)"},
        {"publishedDateTime": "soon"},
        {"category": "person"},
    ],
)
def test_refuses_what_is_no_news_record(change: dict[str, object]):
    """Named by its file; never a crash."""
    with pytest.raises(UnreadableError, match="2023-x"):
        draft_from_record(RecordFile(fields={**FIELDS, **change}), name="2023-x", observed_at=NOW)


def test_reads_every_record_of_the_reference():
    """News of three sites."""
    files = sorted(RECORDS.glob("*/_news/*.md"))
    if not files:
        pytest.skip(f"{RECORDS} is not here")
    for file in files:
        record = parse_record(file.read_bytes(), file.name)

        draft = draft_from_record(record, name=file.stem, observed_at=NOW)

        assert draft.title == record.fields["title"]
        assert draft.record == record.fields
