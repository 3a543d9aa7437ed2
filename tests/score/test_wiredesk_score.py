"""Quality, heat and what is shown: laws and rules of the wiredesk set."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import ScoreSettings
from wiredesk.records import Article, ArticleId, Copy, Image, Provider, ProviderId, Rating, Tag
from wiredesk.score import Member, rate_story, settles_after

NOW = datetime(2026, 9, 7, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SETTINGS = ScoreSettings(blocked=("spam.example",), trusted=("good.example",))
TAGS = (Tag(topic="Ports", confidence=1.0, reasons=('"port" in the title', "the subject of the site")),)


def member(
    name: str = "a", *, provider: str = "a.example", hours_ago: float = 0, copy_of: str | None = None, words: int = 300
) -> Member:
    told = NOW - hours_ago * HOUR
    copy = (
        Copy(article=ArticleId(name), origin=ArticleId(copy_of), kind="near", share=0.9, of_copy=0.9, reason="")
        if copy_of
        else None
    )
    return Member(
        article=Article(
            id=ArticleId(name),
            canonical_url=f"https://{provider}/{name}",
            provider=Provider(domain=ProviderId(provider), name=provider),
            title="Dockers of Port Ellery walk out over night shifts",
            excerpt="The union said that all gates were shut on Monday morning, and would stay so until Friday.",
            text="word " * words,
            published_at=told,
            first_seen_at=told,
            image=Image(url="https://a.example/p.jpg", width=1200, height=800),
        ),
        tags=TAGS,
        copy=copy,
    )


def leader(ratings: list[Rating]) -> Rating:
    (found,) = [rating for rating in ratings if rating.heat >= 0]
    return found


@st.composite
def coverages(draw: st.DrawFn) -> list[Member]:
    """A story of 1-8 articles by few providers, one of them blocked, some of them copies."""
    return [
        member(
            f"a{number}",
            provider=draw(st.sampled_from(["a.example", "b.example", "good.example", "spam.example"])),
            hours_ago=draw(st.floats(0, 200)),
            copy_of=draw(st.sampled_from([None, None, "a0", "gone"])) if number else None,
            words=draw(st.integers(0, 400)),
        )
        for number in range(draw(st.integers(1, 8)))
    ]


@settings(max_examples=60, deadline=None)
@given(coverages(), st.floats(0, 500), st.floats(0, 500))
def test_a_story_only_cools(coverage: list[Member], hours: float, more: float) -> None:
    """Without new articles heat never rises, and nothing else changes: what was shown stays."""
    early = rate_story(coverage, as_of=NOW + hours * HOUR, settings=SETTINGS)
    late = rate_story(coverage, as_of=NOW + (hours + more) * HOUR, settings=SETTINGS)

    for before, after in zip(early, late, strict=True):
        assert after.heat <= before.heat
        assert (after.quality, after.published, after.reason) == (before.quality, before.published, before.reason)


@settings(max_examples=60, deadline=None)
@given(coverages(), st.floats(0, 10_000))
def test_old_stories_stop_changing(coverage: list[Member], hours: float) -> None:
    """From `settles_after` on, heat is 0 for good."""
    newest = max(each.article.told_at for each in coverage)
    settled = newest + settles_after(SETTINGS)

    assert leader(rate_story(coverage, as_of=settled + hours * HOUR, settings=SETTINGS)).heat == 0


@settings(max_examples=60, deadline=None)
@given(coverages(), st.randoms(use_true_random=False))
def test_order_does_not_matter(coverage: list[Member], chance: random.Random) -> None:
    """Ratings belong to articles, not to places in a list."""
    shuffled = list(coverage)
    chance.shuffle(shuffled)

    def by_article(members: list[Member]) -> dict[ArticleId, Rating]:
        return {rating.article: rating for rating in rate_story(members, as_of=NOW, settings=SETTINGS)}

    assert by_article(shuffled) == by_article(coverage)


@settings(max_examples=60, deadline=None)
@given(coverages())
def test_parts_add_up(coverage: list[Member]) -> None:
    """Every score is the sum of its named parts; one article leads; at most one is published."""
    ratings = rate_story(coverage, as_of=NOW, settings=SETTINGS)

    for rating in ratings:
        assert sum(part.points for part in rating.quality_parts) == rating.quality >= 0
        assert sum(part.points for part in rating.heat_parts) == rating.heat >= -1
        assert rating.reason and rating.rules == "wiredesk-1"
    assert sum(rating.heat >= 0 for rating in ratings) == 1
    assert sum(rating.published for rating in ratings) <= 1


def test_updates_by_one_provider_are_one_voice() -> None:
    """Five updates by one outlet warm a story as one."""
    updates = [member(f"a{number}", hours_ago=number) for number in range(5)]

    many = leader(rate_story(updates, as_of=NOW, settings=SETTINGS))
    assert many.heat == round(many.quality / 4) + 20


def test_copies_are_one_voice_with_their_origin() -> None:
    """Ten reprints of one text are one voice; a second reporter is another."""
    text = [member("a0")] + [member(f"a{n}", provider=f"p{n}.example", copy_of="a0") for n in range(1, 11)]
    second = [*text, member("b", provider="b.example")]

    alone = leader(rate_story(text, as_of=NOW, settings=SETTINGS))
    joined = leader(rate_story(second, as_of=NOW, settings=SETTINGS))
    assert alone.heat == round(alone.quality / 4) + 20
    assert joined.heat == round(joined.quality / 4) + 40


def test_a_partial_copy_has_a_voice_of_its_own() -> None:
    """It warms its story and may lead it; what it took costs quality."""
    copy = Copy(
        article=ArticleId("b"), origin=ArticleId("a"), kind="partial", share=0.6, of_copy=0.6, of_origin=0.5, reason=""
    )
    rewrite = replace(member("b", provider="b.example"), copy=copy)
    own = replace(rewrite, copy=None)
    with_rewrite, with_own = (rate_story([member("a"), each], as_of=NOW, settings=SETTINGS) for each in (rewrite, own))

    assert with_rewrite[0].heat == with_own[0].heat
    assert with_own[1].quality - with_rewrite[1].quality == 12


def test_a_reprint_of_a_reprint_speaks_with_the_first_voice() -> None:
    """However long the chain."""
    chain = [member("a0")] + [member(f"a{n}", provider=f"p{n}.example", copy_of=f"a{n - 1}") for n in range(1, 9)]
    alone = rate_story([member("a0")], as_of=NOW, settings=SETTINGS)

    assert rate_story(chain, as_of=NOW, settings=SETTINGS)[0].heat == alone[0].heat


def test_originals_lead_copies() -> None:
    """The reprint of a better known outlet does not stand before the text that it prints."""
    copy = replace(member("b", provider="good.example", hours_ago=5, copy_of="a"), known_organization=True)

    original, reprint = rate_story([member("a"), copy], as_of=NOW, settings=SETTINGS)
    assert (original.published, reprint.published, reprint.heat) == (True, False, -1)


def test_weak_originals_do_not_hide_a_story() -> None:
    """Where the original is too poor to be shown, its copy stands for the story."""
    weak = member("a", words=0)
    weak = replace(weak, article=replace(weak.article, excerpt="", image=None, title="Strike", title_is_ours=True))

    original, reprint = rate_story([weak, member("b", provider="b.example", copy_of="a")], as_of=NOW, settings=SETTINGS)
    assert (original.published, reprint.published) == (False, True)


def test_blocked_providers_are_never_shown_nor_counted() -> None:
    """A blocked provider neither leads where another can, nor warms, nor is published alone."""
    spam = member("a", provider="spam.example", hours_ago=9)

    blocked, shown = rate_story([spam, member("b")], as_of=NOW, settings=SETTINGS)
    assert (blocked.published, shown.published, shown.heat) == (False, True, round(shown.quality / 4) + 20)
    (alone,) = rate_story([spam], as_of=NOW, settings=SETTINGS)
    assert not alone.published and "blocked" in alone.reason


def test_a_site_of_five_sources_is_not_empty() -> None:
    """One full report by one unknown provider is enough to be published."""
    (rating,) = rate_story([member()], as_of=NOW, settings=SETTINGS)

    assert rating.published


def test_what_counts_against() -> None:
    """Copies, our own headlines, opinion and shouting cost quality, by name."""
    base = member()
    worse = {
        "copy": member(copy_of="b"),
        "headline ours": replace(base, article=replace(base.article, title_is_ours=True)),
        "opinion": replace(base, article=replace(base.article, section="Opinion")),
        "headline": replace(base, article=replace(base.article, title=base.article.title.upper())),
    }
    (best,) = rate_story([base], as_of=NOW, settings=SETTINGS)

    for name, each in worse.items():
        (rating,) = rate_story([each], as_of=NOW, settings=SETTINGS)
        assert rating.quality < best.quality
        assert any(part.name == name for part in rating.quality_parts)


def test_no_members_no_ratings() -> None:
    """An empty story is no error."""
    assert rate_story([], as_of=NOW, settings=SETTINGS) == []
