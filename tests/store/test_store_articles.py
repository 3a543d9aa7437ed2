"""Readings, articles, names, copies, providers, places in stories."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_factory import HOUR, NOON, article, draft, identity, item, join

from wiredesk.errors import StoreError
from wiredesk.records import Article, ArticleId, Copy, Image, StoryId
from wiredesk.store import Articles, Digests, ImageState, Store, pack_item

ONE, TWO, THREE = (f"https://{letter}.example/1" for letter in "abc")


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(None)) as opened:
        yield opened


@pytest.fixture
def articles(store: Store) -> Articles:
    return store.articles


def put(articles: Articles, value: Article, signal: str = "{}") -> None:
    articles.put(value, digest="d", text_digest="t", signal=signal)


def titles(articles: Articles, address: str = ONE) -> list[str]:
    return [found.title for found in articles.drafts_at(address)]


# Readings


def test_the_same_reading_twice_is_kept_once(articles: Articles) -> None:
    """A page that did not change adds nothing."""
    assert articles.add_draft(draft())
    assert not articles.add_draft(draft(at=NOON + HOUR))
    assert not articles.add_draft(draft())

    assert articles.drafts_at(ONE) == [draft()]


def test_there_and_back_again_keeps_three(articles: Articles) -> None:
    """A publisher who takes a change back has said three things."""
    kept = [articles.add_draft(draft(at=NOON + hours * HOUR, title=title)) for hours, title in enumerate("ABA")]

    assert kept == [True, True, True]
    assert titles(articles) == ["A", "B", "A"]


def test_two_feeds_that_say_it_differently_are_each_heard_once(articles: Articles) -> None:
    """Polled in turn for ever, they add nothing."""
    kept = [
        articles.add_draft(
            draft(at=NOON + hour * HOUR, origin="wire", source_url=f"https://{feed}.example/", title=feed)
        )
        for hour, feed in enumerate("abab")
    ]

    assert kept == [True, True, False, False]


def test_a_page_and_a_wire_item_that_say_the_same_are_two_readings(articles: Articles) -> None:
    """Where it came from is a part of what was read."""
    assert articles.add_draft(draft())
    assert articles.add_draft(draft(at=NOON + HOUR, origin="wire"))


def test_a_reading_that_comes_late_is_judged_at_its_own_time(articles: Articles) -> None:
    """The one *before* it counts, not the one that came before it."""
    articles.add_draft(draft(at=NOON + HOUR, title="B"))

    assert articles.add_draft(draft(at=NOON, title="B"))
    assert titles(articles) == ["B", "B"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from("AB"), min_size=1, max_size=6))
def test_readings_in_order_keep_every_change(told: list[str]) -> None:
    """What is kept is what was read, without repeats."""
    with closing(Store(None)) as store:
        for hours, title in enumerate(told):
            store.articles.add_draft(draft(at=NOON + hours * HOUR, title=title))
        kept = titles(store.articles)

    assert kept == [title for place, title in enumerate(told) if place == 0 or told[place - 1] != title]


def test_all_readings_of_the_addresses_of_an_article(articles: Articles) -> None:
    """In the order of time, whichever address they were read at."""
    articles.put_address(ONE, ONE)
    articles.put_address(TWO, TWO)
    articles.put_address(TWO, ONE)
    articles.add_draft(draft(TWO, NOON))
    articles.add_draft(draft(ONE, NOON - HOUR))
    articles.add_draft(draft(THREE, NOON))

    found, rejected = articles.drafts(ONE)

    assert [each.address for each in found] == [ONE, TWO]
    assert not rejected
    assert articles.canonical(TWO) == ONE
    assert articles.canonical(THREE) is None


def test_a_page_that_was_no_article_is_a_fact_without_a_reading(articles: Articles) -> None:
    """Its wire item may stand without it."""
    articles.put_address(ONE, ONE)
    articles.add_draft(draft(origin="wire"))

    assert articles.add_rejected(ONE, NOON + HOUR, "a listing")
    assert not articles.add_rejected(ONE, NOON + HOUR, "a listing")

    found, rejected = articles.drafts(ONE)
    assert (len(found), rejected) == (1, True)
    assert len(articles.drafts_at(ONE)) == 1


# Articles and their names


def test_an_article_is_kept_whole(articles: Articles) -> None:
    """The last state counts."""
    put(articles, article(title="Old"))
    put(articles, article(title="New"))

    assert articles.get(identity(ONE)) == article(title="New")
    assert articles.get(identity(TWO)) is None
    assert articles.count() == 1
    assert articles.ids() == [identity(ONE)]


def test_what_tells_whether_an_article_changed(articles: Articles) -> None:
    """Without unpacking it."""
    articles.put(article(), digest="whole", text_digest="text", signal="{1}")

    assert articles.digests(identity(ONE)) == Digests(whole="whole", text="text", told_at=NOON, signal="{1}")
    assert articles.digests(identity(TWO)) is None


def test_a_page_may_claim_the_year_999(articles: Articles) -> None:
    """One bad date stops nothing, and sorts as early as it says."""
    old = NOON.replace(year=999)
    put(articles, article(published_at=old))
    put(articles, article(TWO))

    digests = articles.digests(identity(ONE))
    assert digests is not None
    assert digests.told_at == old
    assert [day for day, _ in articles.days_from(old)] == ["0999-09-07", "2026-09-07"]


def test_a_name_never_changes_and_is_had_once(articles: Articles) -> None:
    """Fixed at creation: records and addresses hang on it."""
    articles.put_name(identity(ONE), "2026-09-07-strike")

    assert articles.name(identity(ONE)) == "2026-09-07-strike"
    assert articles.name_taken("2026-09-07-strike")
    assert not articles.name_taken("2026-09-07-other")
    with pytest.raises(StoreError):
        articles.put_name(identity(ONE), "2026-09-07-other")
    with pytest.raises(StoreError):
        articles.put_name(identity(TWO), "2026-09-07-strike")


def test_an_article_is_found_by_address_name_id_and_beginning(articles: Articles) -> None:
    """A beginning has to be four digits long, and to fit one article only."""
    first, second = ArticleId("abcd000000000000"), ArticleId("abcdf00000000000")
    put(articles, article(ONE, id=first))
    put(articles, article(TWO, id=second))
    articles.put_name(first, "2026-09-07-strike")

    assert articles.find(ONE) == first
    assert articles.find("2026-09-07-strike") == first
    assert articles.find(second) == second
    assert articles.find("abcdf") == second
    assert articles.find("abcd") is None
    assert articles.find("abc") is None
    assert articles.find("ffff") is None


def test_a_dropped_article_leaves_its_name_only(store: Store) -> None:
    """Its readings belong to another one now; the name stays taken."""
    gone = identity(ONE)
    put(store.articles, article())
    store.articles.put_name(gone, "2026-09-07-strike")
    store.articles.put_copy(Copy(article=gone, origin=identity(TWO), kind="near", share=0.8, reason="r"))
    store.articles.place(NOON, StoryId("s1"), join())
    store.editions.put_item(item(), *pack_item(item()))

    store.articles.drop(gone)

    assert store.articles.get(gone) is None
    assert store.articles.copy(gone) is None
    assert store.articles.story_of(gone) is None
    assert store.editions.item(gone) is None
    assert store.editions.topic_counts() == {}
    assert store.articles.name(gone) == "2026-09-07-strike"


# Copies


def test_whose_text_an_article_prints(articles: Articles) -> None:
    """Asked from either side, and taken back."""
    copy = Copy(article=identity(TWO), origin=identity(ONE), kind="near", share=0.8125, reason="81 %")
    articles.put_copy(replace(copy, share=0.5))
    articles.put_copy(copy)

    assert articles.copy(identity(TWO)) == copy
    assert articles.copies([identity(ONE), identity(TWO)]) == {identity(TWO): copy}
    assert articles.copy_count() == 1

    articles.drop_copy(identity(TWO))

    assert articles.copy(identity(TWO)) is None


# Providers and pictures


@pytest.mark.parametrize("order", list(permutations([("Third", "0 3"), ("first.example", "1 1"), ("Second", "0 2")])))
def test_the_name_that_ranks_first_is_a_providers_name(articles: Articles, order: list[tuple[str, str]]) -> None:
    """In whatever order they are met."""
    for name, rank in order:
        articles.meet_provider("a.example", name, rank, None, "")

    assert articles.provider("a.example") == ("Second", None)


def test_an_article_that_mends_its_providers_name_is_believed(articles: Articles) -> None:
    """The same article, hence the same rank: the page knows better than the feed that named it first."""
    assert articles.meet_provider("a.example", "A - RSS", "0 1", "https://a.example/old.png", "1")
    assert articles.meet_provider("a.example", "A", "0 1", "https://a.example/logo.png", "1")
    assert not articles.meet_provider("a.example", "A", "0 1", "https://a.example/logo.png", "1")

    assert articles.provider("a.example") == ("A", "https://a.example/logo.png")
    assert articles.provider("b.example") is None


def test_a_logo_is_kept_apart_from_the_name(articles: Articles) -> None:
    """An article that knows no logo takes none away."""
    articles.meet_provider("a.example", "A", "0 2", "https://a.example/logo.png", "2")
    articles.meet_provider("a.example", "Better", "0 1", None, "1")
    assert not articles.meet_provider("a.example", "Worse", "0 9", "https://a.example/late.png", "9")

    assert articles.provider("a.example") == ("Better", "https://a.example/logo.png")


def test_stories_that_show_a_provider_or_a_picture(articles: Articles) -> None:
    """They are what has to be rated again when it changes."""
    picture, logo = "https://a.example/p.jpg", "https://b.example/logo.png"
    put(articles, article(ONE, image=Image(url=picture)))
    put(articles, article(TWO))
    articles.meet_provider("b.example", "B", "0 1", logo, "1")
    articles.place(NOON, StoryId("s1"), join(ONE))
    articles.place(NOON, StoryId("s2"), join(TWO))

    assert articles.stories_of_provider("a.example") == ["s1"]
    assert articles.stories_with_picture(picture) == ["s1"]
    assert articles.stories_with_picture(logo) == ["s2"]


def test_pictures_are_asked_for_when_somebody_sees_them(store: Store) -> None:
    """Those of published articles and their providers, unless we hold them or gave them up."""
    pictures = {address: f"{address}.jpg" for address in (ONE, TWO, THREE, "https://d.example/1")}
    for place, (address, picture) in enumerate(pictures.items()):
        put(store.articles, article(address, image=Image(url=picture)))
        shown = item(address, published=place < 3)
        store.editions.put_item(shown, *pack_item(shown))
    store.articles.meet_provider("a.example", "A", "0 1", "https://a.example/logo.png", "1")
    store.articles.meet_provider("d.example", "D", "0 1", "https://d.example/logo.png", "1")
    store.intake.put_image(ImageState(url=pictures[TWO], status="kept"))
    store.intake.put_image(ImageState(url=pictures[THREE], status="failed"))

    assert store.articles.pictures_to_fetch() == [pictures[ONE], "https://a.example/logo.png", pictures[THREE]]


# Places in stories


def test_signals_come_in_the_order_of_the_telling(articles: Articles) -> None:
    """By time, then id; from the first moment on, to the last one exclusive; with the origin of copies."""
    for address, hours in ((ONE, 0), (TWO, 0), (THREE, -1), ("https://d.example/1", 1)):
        put(articles, article(address, NOON + hours * HOUR), signal=address)
    articles.put_copy(Copy(article=identity(THREE), origin=identity(ONE), kind="exact", share=1.0, reason="r"))

    rows = articles.signals(NOON - HOUR, NOON + HOUR)

    assert [row.article for row in rows] == [identity(THREE), *sorted([identity(ONE), identity(TWO)])]
    assert (rows[0].signal, rows[0].copy_of, rows[1].copy_of) == (THREE, identity(ONE), None)
    assert articles.days_from(NOON - HOUR) == [("2026-09-07", 4)]


def test_a_place_is_kept_with_its_reasons(articles: Articles) -> None:
    """Put again with the same reasons it is no change."""
    put(articles, article(), signal="{}")

    assert articles.place(NOON, StoryId("s1"), join())
    assert not articles.place(NOON, StoryId("s1"), join())
    assert articles.place(NOON, StoryId("s1"), join(similarity=0.5))
    assert articles.place(NOON, StoryId("s2"), join(similarity=0.5))

    assert articles.story_of(identity(ONE)) == "s2"
    assert articles.members(StoryId("s1")) == []
    assert articles.members(StoryId("s2")) == [join(similarity=0.5)]
    (row,) = articles.placements(NOON, NOON + HOUR)
    assert (row.signal.article, row.story) == (identity(ONE), "s2")
    assert articles.placements(NOON + HOUR, NOON + 2 * HOUR) == []


def test_the_stories_and_who_stands_in_them(articles: Articles) -> None:
    """Members in the order of the telling; stories by what was told since."""
    articles.place(NOON, StoryId("s1"), join(ONE))
    articles.place(NOON - HOUR, StoryId("s1"), join(TWO))
    articles.place(NOON - 2 * HOUR, StoryId("s2"), join(THREE))

    assert [member.article for member in articles.members(StoryId("s1"))] == [identity(TWO), identity(ONE)]
    assert articles.stories() == ["s1", "s2"]
    assert articles.story_count() == 2
    assert articles.stories_since(NOON - HOUR) == ["s1"]
