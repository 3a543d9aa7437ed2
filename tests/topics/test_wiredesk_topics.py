"""Topics: keywords as words, in title and opening, with reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from wiredesk.records import Article, ArticleId, Provider, ProviderId, Topic
from wiredesk.topics import tag

RECORDS = Path(__file__).parents[2].parent / "shared" / "data" / "records"
NOW = datetime(2026, 9, 7, tzinfo=UTC)
ROOT = Topic(id="ports", name="Ports", keywords=("port",))


def article(title: str, excerpt: str = "", source_topics: tuple[str, ...] = ()) -> Article:
    return Article(
        id=ArticleId("0" * 16),
        canonical_url="https://paper.example/a",
        provider=Provider(domain=ProviderId("paper.example"), name="Paper"),
        title=title,
        excerpt=excerpt,
        first_seen_at=NOW,
        source_topics=source_topics,
    )


def topic(*keywords: str, exclude: tuple[str, ...] = ()) -> Topic:
    return Topic(id="x", name="X", parent="Ports", keywords=keywords, exclude=exclude)


def names(found: Article, *topics: Topic) -> list[str]:
    return [each.topic for each in tag(found, [ROOT, *topics])]


@pytest.mark.parametrize(
    ("keyword", "title"),
    [
        ("strike", "Strike closes port"),
        ("strike", "Three strikes in a week"),
        ("machine learning", "A machine-learning model"),
        ("AI", "What A.I. means for actors"),
        ("AI", "AIs on trial"),
        ("ai", "Ai and the law"),
        ("IoT", "An IOT gateway"),
        ("C++", "Modules in C++ at last"),
        (".NET", "Why .NET won"),
        ("人工知能", "最新の人工知能が登場"),
        ("파업", "항만파업이 시작되다"),
        ("don't look up", "Don’t look up, again"),
    ],
)
def test_finds_keywords(keyword: str, title: str) -> None:
    """Whole words, plural, hyphens, dotted capitals, other scripts."""
    assert names(article(title), topic(keyword)) == ["Ports", "X"]


@pytest.mark.parametrize(
    ("keyword", "title"),
    [
        ("ai", "A container from Bahrain"),
        ("AI", "Ai Weiwei in Berlin"),
        ("IT", "It is over"),
        ("teams", "A team of one"),
        ("cat", "A catalogue"),
    ],
)
def test_does_not_find_parts_of_words(keyword: str, title: str) -> None:
    """No substrings; capitals are asked for by writing capitals; a plural keyword is not its singular."""
    assert names(article(title), topic(keyword)) == ["Ports"]


def test_opening_needs_more_than_a_mention() -> None:
    """A word said once in the opening is a mention; twice, or two words, is a subject."""
    once = article("Quiet week", "There was a strike.")
    twice = article("Quiet week", "There was a strike. The strike is over.")
    two = article("Quiet week", "There was a strike, and a walkout.")

    assert names(once, topic("strike", "walkout")) == ["Ports"]
    assert names(twice, topic("strike", "walkout")) == ["Ports", "X"]
    assert names(two, topic("strike", "walkout")) == ["Ports", "X"]


def test_title_weighs_more() -> None:
    """Confidence grows with evidence and says where it stood."""
    (_, title) = tag(article("Strike!"), [ROOT, topic("strike")])
    (_, lede) = tag(article("Quiet", "strike, strike"), [ROOT, topic("strike")])

    assert 0.5 <= lede.confidence < title.confidence < 1
    assert title.reasons == ('"strike" in the title',)
    assert lede.reasons == ('"strike" in the opening, 2 times',)


def test_exclude_rules_a_topic_out() -> None:
    """An excluded word beats keywords and source; never the root."""
    found = article("Strike in the bowling league", source_topics=("X",))
    root = Topic(id="ports", name="Ports", keywords=("port",), exclude=("bowling",))

    assert [each.topic for each in tag(found, [root, topic("strike", exclude=("bowling",))])] == ["Ports"]


def test_source_topics_count() -> None:
    """What a source is about needs no word in the text; unknown names are left out."""
    found = article("Quiet week", source_topics=("x", "Unheard of"))

    (root, given) = tag(found, [ROOT, topic("strike")])
    assert (root.topic, given.topic, given.confidence) == ("Ports", "X", 1.0)
    assert given.reasons == ("given by its source",)


def test_without_a_tree_there_are_no_topics() -> None:
    """Nothing to choose from is no error."""
    assert tag(article("Strike"), []) == ()


def test_agrees_with_the_reference_site() -> None:
    """On found articles of the Azure site from October 2020 on: all of its subtopics, and few more."""
    folder = RECORDS / "azure"
    if not folder.is_dir():
        pytest.skip(f"no records at {folder}")
    tree = []
    for path in sorted((folder / "_data" / "topics").glob("*.yaml")):
        raw = next(yaml.safe_load_all(path.read_text(encoding="utf-8")))
        keywords = tuple(str(word) for word in raw.get("keywords") or ())
        tree.append(Topic(id=raw["_id"], name=raw["name"], parent=raw.get("parent"), keywords=keywords))
    hits = ours = theirs = 0
    for path in sorted((folder / "_news").glob("*.md")):
        record = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        if str(record["publishedDateTime"]) < "2020-10" or record["provider"]["domain"] == "microsoft.com":
            continue
        found = set(names(article(record["title"], record["excerpt"] or ""), *tree[1:])) - {"Ports"}
        told = set(record["topics"]) - {tree[0].name}
        hits, ours, theirs = hits + len(found & told), ours + len(found), theirs + len(told)

    assert hits / theirs >= 0.99
    assert hits / ours >= 0.93
