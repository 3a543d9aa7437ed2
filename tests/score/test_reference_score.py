"""Quality, heat and published by the reference's formula."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wiredesk.config import RuleSettings
from wiredesk.records import Article, ArticleId, Image, Provider, ProviderId, Tag, Topic
from wiredesk.score import reference

START = datetime(2023, 11, 1, tzinfo=UTC)
RULES = RuleSettings(weight_per_related=10, organization_bonus=40)
TREE = (Topic(id="ai", name="AI", keywords=("ai", "artificial intelligence")), Topic(id="x", name="X", parent="AI"))
AI = (Tag(topic="AI", confidence=1.0, reasons=()),)


def article(id: str = "a", title: str = "News", *, domain: str = "example.com", hours: float = 0, **other) -> Article:
    return Article(
        id=ArticleId(id),
        canonical_url=f"https://{domain}/{id}",
        provider=Provider(domain=ProviderId(domain), name=domain),
        title=title,
        published_at=START + timedelta(hours=hours),
        first_seen_at=START + timedelta(days=1),
        **other,
    )


def rate(*members: Article, tags=AI):
    group = [(each, tags) for each in members]
    return reference.rate(group, tree=TREE, organizations={"known.example"}, rules=RULES)


@pytest.mark.parametrize(
    ("given", "quality"),
    [
        (article(), 2),
        (article(title="A container"), 17),  # a keyword is any part of the title here
        (article(image=Image(url="https://example.com/a.jpg"), amp_url="https://example.com/amp"), 42),
        (article(domain="known.example"), 42),
        (article(official=True), 52),
        (article(official=True, kind="video"), 102),
        (article(official=True, record={"featuredContent": "<iframe>"}), 152),
        (article(title="x" * 73), 1),
        (article(title="x" * 100), 0),
    ],
)
def test_quality(given: Article, quality: int):
    """2·T + 15·K + 20·I + 20·A + S − P, never below 0; the parts add up to it."""
    [rating] = rate(given)

    assert rating.quality == quality
    assert max(0, round(sum(part.points for part in rating.quality_parts))) == quality


def test_a_topic_counts_each_of_its_keywords():
    """Repeats are counted; a topic that the tree lacks has none."""
    tags = (*AI, Tag(topic="Gone", confidence=1.0, reasons=()))

    [rating] = rate(article(title="AI, artificial intelligence"), tags=tags)

    assert rating.quality == 2 * 2 + 15 * 2


def test_the_best_of_a_group_leads():
    """It gains weight for each of the others; they get -1."""
    best = article("best", domain="known.example", image=Image(url="https://known.example/a.jpg"))

    ratings = rate(article("a"), best, article("c"))

    assert [(r.quality, r.heat, r.published) for r in ratings] == [(2, -1, False), (62, 82, True), (2, -1, False)]
    assert sum(part.points for part in ratings[1].heat_parts) == 82


def test_among_equals_the_earlier_leads():
    """Then the lower id; exactly one leads."""
    ratings = rate(article("b", hours=2), article("a", hours=1), article("c", hours=1))

    assert [r.heat for r in ratings] == [-1, 2, -1]


@pytest.mark.parametrize(
    ("quality", "related", "heat", "shown"),
    [(49, 5, 49, False), (50, 1, 60, False), (50, 2, 70, True), (69, 0, 69, False), (70, 0, 70, True)],
)
def test_heat_and_published(quality: int, related: int, heat: int, shown: bool):
    """Below 50 nothing is gained; from 70 on it is shown."""
    assert reference.heat(quality, related, leads=True, weight=10) == heat
    assert reference.published(quality, heat) is shown
    assert reference.heat(quality, related, leads=False, weight=10) == -1


def test_what_was_taken_down_stays_down():
    """`removed: true` of an imported record."""
    [rating] = rate(article(official=True, kind="video", record={"removed": True}))

    assert not rating.published
    assert rating.reason == "Taken down by hand."


def test_an_empty_group():
    """No articles, no ratings."""
    assert rate() == []
