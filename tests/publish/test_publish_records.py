"""Records: ours come back whole from their own bytes, others' change only where an edition decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wiredesk.config import Settings
from wiredesk.publish.records import record_fields, write_record
from wiredesk.recordformat import draft_from_record, parse_record
from wiredesk.records import Article, ArticleId, Image, Item, Provider, ProviderId, Rating, StoryId, Tag

RECORDS = Path(__file__).parents[2].parent / "shared" / "data" / "records"
SEEN = datetime(2023, 11, 8, 6, 5, 4, 321, tzinfo=UTC)
KEY = bytes(range(32))
SETTINGS = Settings.model_validate({"site": {"address": "https://desk.example/news"}})


def item(id: str = "a", *, quality: int = 42, **other: Any) -> Item:
    given: dict[str, Any] = {
        "id": ArticleId(id),
        "canonical_url": f"https://www.example.com/{id}",
        "provider": Provider(domain=ProviderId("example.com"), name="Example News"),
        "title": 'Labs open "model"\n---\n{{ x }}',
        "excerpt": "They said so.",
        "text": "First.\n\nSecond.",
        "first_seen_at": SEEN,
    }
    return Item(
        article=Article(**{**given, **other}),
        name=f"2023-11-08-{id}",
        topics=(Tag(topic="AI", confidence=1.0, reasons=()),),
        rating=Rating(article=ArticleId(id), quality=quality, heat=quality, published=True),
        story=StoryId("s1"),
        related=(),
    )


FULL = item(
    authors=("Ada Example",),
    published_at=SEEN - timedelta(hours=3),
    updated_at=SEEN,
    language="en",
    section="Business",
    tags=("model",),
    kind="video",
    amp_url="https://www.example.com/a/amp",
    image=Image(url="https://example.com/a.jpg", width=12, height=6, title="A", attribution="Photo: B", is_cached=True),
    dateline="Oslo",
    title_is_ours=True,
    official=True,
    source_topics=("AI",),
    provider=Provider(
        domain=ProviderId("example.com"),
        name="Example News",
        logo="https://example.com/l.png",
        images=(Image(url="/assets/images/organizations/example.com-50x50.png", width=50, height=50),),
    ),
    rules={"title": "lede"},
    confidence={"title": 0.5},
)


def test_writes_the_format():
    """Keys in their order, text quoted, icons below the site's address."""
    data = write_record(FULL, [item("b", quality=7, title="B")], SETTINGS)

    assert data.decode() == (
        '---\ncategory: news\ntitle: "Labs open \\"model\\"\\n---\\n{{ x }}"\nexcerpt: "They said so."\n'
        'publishedDateTime: 2023-11-08T03:05:04Z\noriginalUrl: "https://www.example.com/a"\n'
        'webUrl: "https://www.example.com/a"\nampWebUrl: "https://www.example.com/a/amp"\n'
        'cdnAmpWebUrl: "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a/amp"\n'
        "type: video\nquality: 42\nheat: 42\npublished: true\n\n"
        "provider:\n  name: Example News\n  domain: example.com\n  images:\n"
        '    - url: "https://desk.example/news/assets/images/organizations/example.com-50x50.png"\n'
        "      width: 50\n      height: 50\n\ntopics:\n  - AI\n\n"
        'images:\n  - url: "https://example.com/a.jpg"\n    width: 12\n    height: 6\n    isCached: true\n\n'
        'related:\n  - title: "B"\n    excerpt: "They said so."\n    publishedDateTime: 2023-11-08T06:05:04Z\n'
        '    webUrl: "https://www.example.com/b"\n    type: article\n    provider:\n      name: Example News\n'
        "      domain: example.com\n    quality: 7\n---\n\n"
    )


@pytest.mark.parametrize("whole", [FULL, item(), item(published_at=SEEN + timedelta(days=400))])
def test_a_record_of_ours_brings_back_its_article(whole: Item):
    """Everything that the article had before its record was written is in the reading."""
    data = write_record(whole, [], SETTINGS, KEY)

    draft = draft_from_record(
        parse_record(data, "x.md"), name=whole.name, observed_at=SEEN + timedelta(days=9), key=KEY
    )

    article = whole.article
    assert (draft.address, draft.observed_at) == (article.canonical_url, article.first_seen_at)
    assert (draft.provider_name, draft.provider_logo) == (article.provider.name, article.provider.logo)
    assert draft.record is None
    assert draft.record_name == whole.name
    for field in (
        *("title", "excerpt", "text", "authors", "published_at", "updated_at", "language", "section", "tags", "kind"),
        *("amp_url", "image", "dateline", "title_is_ours", "official", "source_topics", "rules", "confidence"),
    ):
        assert getattr(draft, field) == getattr(article, field), field


def test_a_record_that_did_not_change_is_the_same_bytes():
    """Sealing is random, but what stands there and still says the same is kept."""
    before = write_record(FULL, [], SETTINGS, KEY)

    assert write_record(FULL, [], SETTINGS, KEY) != before
    assert write_record(FULL, [], SETTINGS, KEY, previous=before) == before
    again = replace(FULL, article=replace(FULL.article, text="Third."))
    assert write_record(again, [], SETTINGS, KEY, previous=before) != before
    assert write_record(FULL, [], SETTINGS, bytes(32), previous=before) != before
    assert write_record(FULL, [], SETTINGS, KEY, previous=b"no record").startswith(b"---\n")


def test_what_has_no_web_address_is_not_linked():
    """A file on somebody's machine; an AMP address that is none."""
    fields = record_fields(
        item(canonical_url="file:notes.txt", amp_url="file:x"), [], address="https://d.example/"
    ).fields

    assert not {"webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl"} & set(fields)


def test_related_stand_by_quality():
    """Then by time and id; in whatever order they come."""
    others = [item("b", quality=1), item("d", quality=9), item("c", quality=1)]

    entries = record_fields(item(), others, address="https://d.example/").fields["related"]

    assert [entry["webUrl"][-1] for entry in entries] == ["d", "b", "c"]


def imported(file: Path) -> Item:
    fields = parse_record(file.read_bytes(), file.name).fields
    return Item(
        article=replace(item().article, record=fields, record_name=file.stem),
        name=file.stem,
        topics=(),
        rating=Rating(article=ArticleId("a"), quality=1, heat=-1, published=False),
        story=StoryId("s1"),
        related=(),
    )


def test_an_imported_record_changes_only_where_we_decide():
    """Everything else, `secured` included, is written as it came; with the old file at hand, to the byte."""
    files = sorted(RECORDS.glob("*/_news/*.md"))[::25]
    if not files:
        pytest.skip(f"{RECORDS} is not here")
    for file in files:
        old = file.read_bytes()
        before = parse_record(old, file.name).fields

        new = write_record(imported(file), [], SETTINGS, KEY, previous=old)

        after = parse_record(new, file.name).fields
        assert (after["quality"], after["heat"], after["published"]) == (1, -1, False)
        assert "related" not in after
        decided = ("quality", "heat", "published", "related")
        assert {k: v for k, v in before.items() if k not in decided} == {
            k: v for k, v in after.items() if k not in decided
        }
        assert new == write_record(imported(file), [], SETTINGS, KEY)
        kept = [line for line in new.splitlines() if line.partition(b":")[0].decode() not in decided]
        assert not set(kept) - set(old.splitlines())


def test_what_was_taken_down_stays_down():
    """`removed: true` is somebody's decision."""
    down = replace(item(), article=replace(item().article, record={"title": "A", "removed": True, "published": False}))

    assert record_fields(down, [], address="https://d.example/").fields["published"] is False
