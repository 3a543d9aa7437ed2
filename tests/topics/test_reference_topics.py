"""Topics by the reference's rule: whole words of the title, the root, and what the source gives."""

from __future__ import annotations

from datetime import UTC, datetime

from wiredesk.records import Article, ArticleId, Provider, ProviderId, Topic
from wiredesk.topics.reference import has_word, tag

TREE = (
    Topic(id="ai", name="AI", keywords=("ai",)),
    Topic(id="robots", name="Robots", parent="AI", keywords=("robot", "c++")),
    Topic(id="ethics", name="Ethics", parent="AI", keywords=("ethics",)),
)


def article(title: str, *source_topics: str) -> Article:
    return Article(
        id=ArticleId("1"),
        canonical_url="https://example.com/1",
        provider=Provider(domain=ProviderId("example.com"), name="Example"),
        title=title,
        excerpt="ethics",
        text="ethics",
        first_seen_at=datetime(2023, 1, 1, tzinfo=UTC),
        source_topics=source_topics,
    )


def test_the_root_always_and_words_of_the_title():
    """Not the excerpt, not the text."""
    tags = tag(article("A ROBOT learns"), TREE)

    assert [(each.topic, each.reasons) for each in tags] == [
        ("AI", ("the site's own subject",)),
        ("Robots", ('"robot" in the title',)),
    ]


def test_topics_of_the_source_count():
    """In file order; those that the tree lacks come last."""
    tags = tag(article("News", "Facebook AI", "Ethics"), TREE)

    assert [each.topic for each in tags] == ["AI", "Ethics", "Facebook AI"]
    assert tags[1].reasons == ("given by the source",)


def test_a_word_is_whole():
    """Plurals and parts of words do not match; signs around it do no harm."""
    assert not has_word("Robots rise", "robot")
    assert not has_word("container", "ai")
    assert has_word("“Robot” rises", "robot")
    assert has_word("In C++: a robot", "c++")
    assert not has_word("anything", " ")
