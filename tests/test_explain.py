"""Explanations: every decision is shown with its inputs."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from wiredesk.explain import WIDTH, explain, explain_json
from wiredesk.records import (
    Article,
    ArticleId,
    Copy,
    Item,
    Join,
    Part,
    Provider,
    ProviderId,
    Rating,
    Story,
    StoryId,
    Tag,
    Version,
)

NOW = datetime(2026, 9, 7, 6, 30, tzinfo=UTC)
STORY = Story(
    id=StoryId("sb"),
    articles=(ArticleId("b"), ArticleId("a")),
    joins=(
        Join(article=ArticleId("b"), similarity=1.0, threshold=0.25, shared=()),
        Join(
            article=ArticleId("a"),
            similarity=0.61,
            threshold=0.25,
            shared=("strike", "dock"),
            runner_up=(StoryId("sz"), 0.12),
        ),
    ),
)


def item(name: str, copy: Copy | None = None) -> Item:
    article = Article(
        id=ArticleId(name),
        canonical_url=f"https://paper.example/{name}",
        provider=Provider(domain=ProviderId("paper.example"), name="The Paper"),
        title=f"Headline {name}",
        text=" ".join(f"W{n}" for n in range(40)),
        first_seen_at=NOW,
        published_at=NOW,
        versions=(Version(number=1, seen_at=NOW, title="Earlier headline", text="", digest="d"),),
        rules={"title": "json-ld headline"},
        confidence={"title": 0.95},
    )
    rating = Rating(
        article=article.id,
        quality=50,
        heat=70,
        published=True,
        quality_parts=(Part(name="text", value=400, weight=20, points=20, note="300 words or more"),),
        heat_parts=(Part(name="paper.example", value=0, weight=20, points=20, note="0.0 hours old"),),
        reason="Published: its quality is 50.",
        rules="wiredesk-1",
    )
    tags = (Tag(topic="Ports", confidence=0.8, reasons=('"strike" in the title',)),)
    return Item(
        article=article, name=f"2026-09-07-{name}", topics=tags, rating=rating, story=STORY.id, related=(), copy=copy
    )


COPY = Copy(
    article=ArticleId("a"),
    origin=ArticleId("b"),
    kind="partial",
    share=0.91,
    reason="The rest is its own.",
    of_copy=0.41,
    of_origin=0.91,
    words=1234,
    start=2,
    longest=20,
)


def test_shows_every_decision() -> None:
    """Identity, versions, copy, topics, story, quality, heat and verdict, each with its inputs."""
    text = explain(item("a", COPY), STORY, [item("b")])

    for said in (
        "https://paper.example/a",
        "0.95  json-ld headline",
        "Earlier headline",
        "Headline b (The Paper)",
        "partial: a part, with words of its own around it",
        "1,234 words, 41% of this one",
        "91% of that one",
        "20 words: “w2 w3 w4 w5 w6 w7 w8 w9 … w14 w15 w16 w17 w18 w19 w20 w21”",
        '"strike" in the title',
        "0.61  (0.25 is needed)",
        "strike, dock",
        "0.12  story sz",
        "+20  300 words or more",
        "+20  0.0 hours old",
        "Published: its quality is 50.",
        "wiredesk-1",
    ):
        assert said in text
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_names_the_article_that_began_the_story() -> None:
    """The first article joined nothing, and is not shown with a similarity."""
    assert "it began the story" in explain(item("b"), STORY, [])


def test_wraps_long_reasons() -> None:
    """Long texts stay within the page; long addresses are not broken."""
    long = item("a", Copy(article=ArticleId("a"), origin=ArticleId("b"), kind="near", share=1.0, reason="word " * 80))

    assert all(len(line) <= WIDTH for line in explain(long, STORY, []).splitlines())


def test_json_says_the_same() -> None:
    """Programs get plain values: all parts, topics, join and copy."""
    found = json.loads(json.dumps(explain_json(item("a", COPY), STORY, [item("b")])))

    assert found["story"]["join"]["runnerUp"] == {"story": "sz", "similarity": 0.12}
    assert found["quality"]["parts"][0]["points"] == 20
    assert found["copy"]["origin"] == "b"
    assert (found["copy"]["kind"], found["copy"]["isReprint"]) == ("partial", False)
    assert (found["copy"]["shareOfCopy"], found["copy"]["shareOfOrigin"]) == (0.41, 0.91)
    assert found["copy"]["longestRun"]["text"].split()[0] == "w2"
    assert found["copy"]["longestRun"]["words"] == 20
    assert found["topics"][0]["reasons"] == ['"strike" in the title']
    assert found["fields"]["title"] == {"rule": "json-ld headline", "confidence": 0.95}
