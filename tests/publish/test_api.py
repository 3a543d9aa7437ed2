"""The JSON API: the reference's keys, order and bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wiredesk.apicheck import compare_api
from wiredesk.publish import api
from wiredesk.records import Article, ArticleId, Item, Provider, ProviderId, Rating, StoryId, Tag, Topic

RECORDS = Path(__file__).parents[2].parent / "shared" / "data" / "records"
SITE = api.ApiSite(address="https://api.example/x/", pages="https://www.example/x/")
KEYS = (
    "path title excerpt sourceUrl webUrl originalUrl featuredContent highlight heat tags images content type ampWebUrl "
    "cdnAmpWebUrl publishedDateTime updatedDateTime provider locale categories topics"
).split()
ITEM = Item(
    article=Article(
        id=ArticleId("a"),
        canonical_url="https://example.com/a",
        provider=Provider(domain=ProviderId("example.com"), name="Example"),
        title="“A”",
        authors=("Ada",),
        first_seen_at=datetime(2023, 1, 2, tzinfo=UTC),
    ),
    name="2023-01-02-a",
    topics=(Tag(topic="AI", confidence=1.0, reasons=()),),
    rating=Rating(article=ArticleId("a"), quality=7, heat=7, published=True),
    story=StoryId("sa"),
    related=(),
)


@pytest.mark.parametrize(("site", "reason"), [("powerapps", None), ("azure", "older output")])
def test_says_what_the_reference_served(site: str, reason: str | None):
    """Item by item; where the served answer is older, the difference is one of those that are known."""
    if not (RECORDS / "api-samples" / site).is_dir():
        pytest.skip(f"{RECORDS} is not here: the API cannot be held against served answers")

    report = compare_api(RECORDS / site, RECORDS / "api-samples" / site)

    assert report.items[1] > 0
    if reason is None:
        assert report.differences == []
    assert all(each.reason.startswith(str(reason)) for each in report.differences)


def test_a_news_item_has_every_key():
    """In the reference's order; null where there is nothing."""
    found = api.news_item(ITEM, SITE)

    assert list(found) == KEYS
    assert list(found["provider"]) == ["name", "domain", "images", "publishers", "authors"]
    assert found["path"] == "_news/2023-01-02-a.md"
    assert (found["heat"], found["images"], found["sourceUrl"]) == (7, None, None)
    assert found["publishedDateTime"] == "2023-01-02T00:00:00Z"
    assert [author["name"] for author in found["provider"]["authors"]] == ["Ada"]
    with_documents = api.ApiSite(address=SITE.address, pages=SITE.pages, item_documents=True)
    assert api.news_item(ITEM, with_documents)["sourceUrl"] == (
        "https://api.example/x/api/news/2023-01-02-a/index.json"
    )


def test_pages_of_news():
    """The next page's number, null on the last; the first page lies at two addresses."""
    first = api.news_page([api.news_item(ITEM, SITE)], 1, last=False)

    assert json.loads(first)["nextPage"] == 2
    assert "“A”" in first.decode()
    assert api.news_page([], 2, last=True) == b'{\n  "page": 2,\n  "value": [],\n  "nextPage": null\n}'
    assert api.news_paths(1, "ai") == ("api/news/ai/index.json", "api/news/ai/page/1/index.json")
    assert api.news_paths(2) == ("api/news/page/2/index.json",)
    assert [api.page_count(n) for n in (0, 1, 25, 26)] == [1, 1, 1, 2]


def test_topics():
    """A tree from elsewhere does not send readers back there."""
    topics = [
        Topic(id="ai", name="AI", services={"learning": "https://else.example/api/learning/"}),
        Topic(id="nlp", name="Language", shortname="NLP", parent="AI"),
    ]

    value = json.loads(api.topics_document(topics, SITE))["value"]

    assert value == [
        {
            "name": "AI",
            "shortname": "AI",
            "id": "ai",
            "services": [
                {"name": "news", "endpoint": "https://api.example/x/api/news/"},
                {"name": "learning", "endpoint": "https://api.example/x/api/learning/"},
            ],
        },
        {
            "name": "Language",
            "shortname": "NLP",
            "id": "nlp",
            "parent": "AI",
            "services": [{"name": "news", "endpoint": "https://api.example/x/api/news/nlp/"}],
        },
    ]
    assert json.loads(api.sponsorships_document()) == {"value": []}


def record(**fields: object) -> bytes:
    lines = [f"{key}: {json.dumps(value) if isinstance(value, str) else value}" for key, value in fields.items()]
    return "\n".join(["---", *lines, "---", "", ""]).encode()


def carried(*files: tuple[str, bytes]) -> dict[str, dict]:
    topics = [Topic(id="ai", name="AI"), Topic(id="nlp", name="NLP", parent="AI")]
    found = api.carried_documents(files, topics, SITE, as_of=datetime(2023, 1, 2, tzinfo=UTC))
    return {path: json.loads(data) for path, data in found}


def test_events_are_past_or_to_come():
    """What is to come begins with the next; all else with the newest."""
    documents = carried(
        *(
            (f"_events/e{day}.md", record(name=f"E{day}", startDateTime=f"2023-01-0{day}T00:00:00Z"))
            for day in (1, 2, 3)
        ),
        ("_events/broken.md", b"no record"),
    )

    def names(path: str) -> list[str]:
        return [item["name"] for item in documents[f"api/events/{path}index.json"]["value"]]

    assert names("") == ["E3", "E2", "E1"]
    assert names("future/") == ["E2", "E3"]
    assert names("past/") == ["E1"]
    assert documents["api/events/past/index.json"]["title"] == "Past Events"
    assert documents["api/events/e1/index.json"]["webUrl"] == "https://www.example/x/event/e1/"


def test_lists_are_paged_by_heat():
    """25 samples on a page; `nextPage` is left out on the last."""
    documents = carried(*((f"_samples/s{n:02}.md", record(title=f"S{n}", heat=n)) for n in range(26)))

    first, second = documents["api/samples/index.json"], documents["api/samples/page/2/index.json"]
    assert first == documents["api/samples/page/1/index.json"]
    assert [item["heat"] for item in first["value"]] == list(range(25, 0, -1))
    assert first["nextPage"] == 2
    assert list(second) == ["title", "path", "page", "value"]


def test_a_learning_collection_lists_its_members():
    """Whole on its own page, the first four in lists."""
    members = [f"courses/c{n}" for n in range(6)]
    listed = "\n".join(f"  - {member}" for member in members)
    collection = (
        f'---\ntitle: "All"\ntype: collection\nprice: Free\nitems:\n{listed}\ntopics:\n  - NLP\n---\n\n'.encode()
    )
    documents = carried(
        ("_learning/collections/all.md", collection),
        *((f"_learning/{member}.md", record(title=member, type="course", heat=1)) for member in members),
    )

    [item] = documents["api/learning/collections/index.json"]["value"]
    assert (item["size"], len(item["topItems"])) == (6, 4)
    assert "price" not in item
    whole = documents["api/learning/collections/all/index.json"]
    assert [each["title"] for each in whole["value"]] == members
    assert [each["title"] for each in documents["api/learning/nlp/index.json"]["value"]] == ["All"]
