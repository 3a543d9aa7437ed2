"""Explanations: every decision is shown with its inputs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wiredesk.config import StorySettings
from wiredesk.explain import WIDTH, explain, explain_json, explain_pair, explain_pair_json
from wiredesk.records import (
    Article,
    ArticleId,
    Background,
    Beside,
    Bond,
    CloseStory,
    Copy,
    Item,
    Join,
    Neighbours,
    Part,
    Provider,
    ProviderId,
    Rating,
    Story,
    StoryId,
    Tag,
    Version,
)
from wiredesk.store import Decision

NOW = datetime(2026, 9, 7, 6, 30, tzinfo=UTC)
MERGE = Decision(
    id=3,
    at=datetime(2026, 9, 7, 6, 30, tzinfo=UTC),
    who="ada",
    kind="together",
    one=ArticleId("a"),
    other=ArticleId("b"),
    undone_at=datetime(2026, 9, 7, 6, 30, tzinfo=UTC),
    undone_by="bo",
)
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
            bond=Bond(
                article=ArticleId("b"),
                probability=0.87,
                signals=(("words", 0.43), ("half days apart", 1.0)),
                shared=("strike", "dock"),
            ),
            rival=Bond(article=ArticleId("z"), probability=0.21, signals=(("words", 0.11),)),
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
        "0.87  Headline b (The Paper)",
        "words 0.43; half days apart 1",
        "0.21  z",
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


NEAR = Neighbours(
    thread="tsb",
    stories=(StoryId("sb"), StoryId("sk")),
    shared=("strike", "dockers"),
    likeness=0.41,
    threshold=0.2,
    runner_up=(StoryId("sq"), 0.13),
    close=(CloseStory(story=StoryId("sv"), likeness=0.33, shared=("harbour",)),),
    rarity={},
)
BESIDE = Background(
    article=ArticleId("a"),
    first=ArticleId("b"),
    developments=(),
    also=(),
    beside=(Beside(article=ArticleId("b"), voice=True, adds=("12,000 workers",), copies=()),),
    same_text=(),
)


def test_says_what_stands_beside_it_and_why() -> None:
    """The thread with likeness, threshold, words and runner-up; related and close stories with their reasons."""
    text = explain(item("a"), STORY, [item("b")], neighbours=NEAR, background=BESIDE)
    for said in (
        "Headline b (The Paper); another voice; adds: 12,000 workers",
        "tsb, 2 stories",
        "0.41  (0.20 is needed)",
        "strike, dockers",
        "0.13  the thread that began with story sq",
        "story sv: harbour",
    ):
        assert said in text

    found = json.loads(json.dumps(explain_json(item("a"), STORY, [item("b")], neighbours=NEAR, background=BESIDE)))
    assert found["thread"]["id"] == "tsb"
    assert found["thread"]["runnerUp"] == {"story": "sq", "likeness": 0.13}
    assert found["close"] == [{"story": "sv", "likeness": 0.33, "shared": ["harbour"]}]
    assert found["beside"][0]["adds"] == ["12,000 workers"]


def test_names_the_nearest_article_of_another_story_where_it_is_known() -> None:
    """Else its id has to do."""
    assert "0.21  Headline z (The Paper)" in explain(item("a"), STORY, [item("b")], rival=item("z"))


def test_tells_what_editors_decided() -> None:
    """Also what they took back."""
    text = explain(item("a"), STORY, [], decisions=[MERGE])
    assert "a and b together, by ada 2026-09-07 06:30 UTC; taken back by bo 2026-09-07 06:30 UTC" in " ".join(
        text.split()
    )

    (found,) = explain_json(item("a"), STORY, [], decisions=[MERGE])["story"]["decisions"]
    assert found["undoneBy"] == "bo" and found["articles"] == ["a", "b"]


def pair(
    one: Item, other: Item, probability: float | None, *, decision: Decision | None = None
) -> tuple[str, dict[str, object]]:
    """Both forms of the explanation."""
    bond = None
    if probability is not None:
        bond = Bond(article=other.article.id, probability=probability, signals=(("words", 0.43),), shared=("dock",))
    joins = [join for join in STORY.joins if join.article in {one.article.id, other.article.id}]
    given = (one, other, bond, joins, StorySettings(join_probability=0.3), decision)
    return explain_pair(*given), json.loads(json.dumps(explain_pair_json(*given)))


def test_explains_a_pair_with_all_its_signals() -> None:
    """Whether they are one story, how likely that was, what was needed, and what decided."""
    text, found = pair(item("a"), item("b"), 0.87)

    for said in (
        "Headline a (The Paper)",
        "yes, sb",
        "0.87  (0.30 is needed)",
        "the pair itself",
        "dock",
        "words  0.43",
    ):
        assert said in text
    assert (found["oneStory"], found["probability"], found["threshold"]) == (True, 0.87, 0.3)
    assert found["signals"] == {"words": 0.43}


def test_names_what_decided_a_pair() -> None:
    """An editor, the text, the time, the pair, or the stories around it."""
    here, there = item("a"), replace(item("z"), story=StoryId("sz"))
    later = replace(here, article=replace(here.article, published_at=None, first_seen_at=NOW + timedelta(days=9)))

    def decided(one: Item, other: Item, probability: float | None, decision: Decision | None = None) -> str:
        return str(pair(one, other, probability, decision=decision)[1]["decidedBy"])

    assert decided(here, there, 0.1).startswith("the pair itself: it is not likely enough")
    assert decided(here, there, 0.9) == "the two stories as wholes, which were judged not to be one, at 0.12"
    assert decided(here, item("b"), 0.1).startswith("the articles around them")
    assert decided(item("a", COPY), item("b"), 0.1).startswith("their text")
    assert decided(later, there, None).startswith("the time: 216 hours lie between them, and 84 may")
    assert decided(later, item("b"), None).startswith("the articles between them")
    standing = replace(MERGE, undone_at=None, undone_by=None)
    assert decided(here, item("b"), 0.1, standing) == "an editor: ada wants them together"
    assert decided(here, there, 0.1, standing).endswith("; the next run obeys")
