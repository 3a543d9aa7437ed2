"""Groups as the reference forms them: links closed to connected components."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.records import Article, ArticleId, Provider, ProviderId
from wiredesk.stories.reference import group

START = datetime(2023, 11, 1, tzinfo=UTC)


def article(id: str, title: str, *, days: float = 0, seen: float | None = None, related: list[str] | None = None):
    """An article told `days` after the start; `related` makes it an imported record that names these ids."""
    entries = [{"webUrl": f"https://example.com/{each}"} for each in related or []]
    told = START + timedelta(days=days)
    return Article(
        id=ArticleId(id),
        canonical_url=f"https://example.com/{id}",
        provider=Provider(domain=ProviderId("example.com"), name="Example"),
        title=title,
        published_at=told,
        first_seen_at=told if seen is None else START + timedelta(days=seen),
        record=None if related is None else {"webUrl": f"https://example.com/{id}", "related": entries},
    )


FILLER = [article(f"f{n}", f"{word} matters {n}") for n, word in enumerate(["alpha", "beta", "gamma", "delta", "eps"])]


def members(articles: list[Article]) -> set[frozenset[str]]:
    return {frozenset(story.articles) for story in group(articles)}


def test_like_titles_within_a_week_are_linked():
    """Chains hold: the first and the last need not be alike."""
    chain = [article("a", "Zinc mine strike"), article("b", "Zinc mine strike ends", days=6)]
    late = article("c", "Zinc mine strike", days=14)

    assert frozenset("ab") in members([*chain, late, *FILLER])
    assert frozenset("c") in members([*chain, late, *FILLER])


def test_what_a_record_names_is_linked():
    """However old; one side is enough; what it names and we lack is passed over."""
    records = [article("a", "One", related=["b", "nowhere"]), article("b", "Two", days=90, related=[])]

    assert members(records) == {frozenset("ab")}


def test_between_two_records_only_their_own_word_counts():
    """The same headline twice, and the site kept them apart."""
    records = [article("a", "Zinc mine strike", related=[]), article("b", "Zinc mine strike", related=[])]

    assert members([*records, *FILLER]) >= {frozenset("a"), frozenset("b")}


def test_a_story_is_named_after_what_we_saw_first():
    """Not after what claims to be oldest; members stand by the time that they tell."""
    pair = [article("a", "Zinc mine strike", days=2), article("b", "Zinc mine strike", days=3, seen=3)]
    backdated = article("c", "Zinc mine strike", days=0, seen=5)

    story = next(story for story in group([*pair, backdated, *FILLER]) if "a" in story.articles)

    assert story.id == "sa"
    assert story.articles == ("c", "a", "b")
    assert story.joins[0].similarity == 1.0
    assert "zinc" in story.joins[1].shared


titles = st.lists(st.text("abc ", min_size=1, max_size=12), max_size=8)


@settings(max_examples=40, deadline=None)
@given(titles, st.randoms(use_true_random=False))
def test_the_order_of_articles_does_not_matter(words: list[str], random):
    """Each article is in exactly one story, the same one in any order."""
    articles = [article(f"a{n}", title, days=n) for n, title in enumerate(words)]
    shuffled = list(articles)
    random.shuffle(shuffled)

    stories = group(articles)

    assert group(shuffled) == stories
    assert sorted(each for story in stories for each in story.articles) == sorted(each.id for each in articles)
    assert all([join.article for join in story.joins] == list(story.articles) for story in stories)
