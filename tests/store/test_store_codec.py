"""Nouns to bytes and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_factory import NOON, article, item

from wiredesk.errors import StoreError
from wiredesk.records import Article, Copy, Draft, Image, Item, Join, Part, Provider, Rating, Tag, Version
from wiredesk.store import from_json, pack, pack_item, to_json, unpack
from wiredesk.store.codec import instant, moment

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
moments = st.datetimes(timezones=st.just(UTC))
floats = st.floats(0, 1)
front_matter = st.dictionaries(
    texts,
    st.recursive(texts | st.integers() | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=2)),
    max_size=3,
)
mappings = {
    "rules": st.dictionaries(texts, texts, max_size=3),
    "confidence": st.dictionaries(texts, floats, max_size=3),
}
images = st.builds(Image, url=texts, width=st.none() | st.integers(0, 10_000), title=st.none() | texts)
basics = {
    "title": texts,
    "excerpt": texts,
    "text": texts,
    "authors": st.lists(texts, max_size=3).map(tuple),
    "published_at": st.none() | moments,
    "updated_at": st.none() | moments,
    "image": st.none() | images,
    "record": st.none() | front_matter,
    **mappings,
}
drafts = st.builds(Draft, address=texts, observed_at=moments, canonical_url=st.none() | texts, **basics)
providers = st.builds(Provider, domain=texts, name=texts, images=st.lists(images, max_size=1).map(tuple))
versions = st.builds(Version, number=st.integers(1, 9), seen_at=moments, title=texts, text=texts, digest=texts)
articles = st.builds(
    Article,
    id=texts,
    canonical_url=texts,
    provider=providers,
    first_seen_at=moments,
    versions=st.lists(versions, max_size=2).map(tuple),
    **basics,
)
parts = st.builds(Part, value=floats, weight=floats, points=floats)
ratings = st.builds(
    Rating, quality_parts=st.lists(parts, max_size=2).map(tuple), heat_parts=st.lists(parts, max_size=2).map(tuple)
)
tags = st.builds(Tag, confidence=floats)
items = st.builds(
    Item,
    article=articles,
    name=texts,
    topics=st.lists(tags, max_size=2).map(tuple),
    rating=ratings,
    copy=st.none() | st.builds(Copy, share=floats),
)
nouns = st.one_of(
    drafts.map(lambda value: (Draft, value)),
    articles.map(lambda value: (Article, value)),
    items.map(lambda value: (Item, value)),
)


@settings(max_examples=60)
@given(nouns)
def test_a_noun_survives_the_store(noun: tuple[type, object]) -> None:
    """What is kept comes back equal, packed or not, and gives the same bytes again.  Its numbers are finite."""
    kind, value = noun
    data = to_json(kind, value)

    assert from_json(kind, data) == value
    assert unpack(kind, pack(kind, value)) == value
    assert to_json(kind, from_json(kind, data)) == data


def test_the_keys_of_a_record_keep_their_order() -> None:
    """An imported record is written again as it came."""
    keys = ["zebra", "apple", "mango"]

    there = article(record=dict.fromkeys(keys, "x"))
    back = unpack(Article, pack(Article, there))

    assert list(back.record or ()) == keys


def test_a_pair_comes_back_as_a_pair() -> None:
    """JSON has no tuples, our nouns do."""
    join = Join(article="a", similarity=0.5, threshold=0.25, shared=("x", "y"), runner_up=("s2", 0.2))

    assert from_json(Join, to_json(Join, join)) == join


@given(moments, moments)
def test_instants_sort_as_time_does(one: datetime, other: datetime) -> None:
    """Also in the year 999, which a page may claim."""
    assert (instant(one) < instant(other)) == (one < other)
    assert moment(instant(one)) == one


def test_an_instant_is_utc() -> None:
    """The same moment is one text, wherever it was told."""
    there = NOON.astimezone(timezone(timedelta(hours=8)))

    assert instant(there) == instant(NOON) == "2026-09-07T12:00:00.000000Z"


@pytest.mark.parametrize("data", [b"", b"not packed", pack(Article, article())[:-5]])
def test_a_damaged_value(data: bytes) -> None:
    """It says what gives the value back."""
    with pytest.raises(StoreError, match=r"cannot be read as Article .*`wiredesk rebuild`"):
        unpack(Article, data)


def test_a_value_of_another_version() -> None:
    """A field that is missing is named as ours, not as pydantic's."""
    with pytest.raises(StoreError, match="cannot be read as Draft"):
        from_json(Draft, b'{"address": "https://a.example/"}')


def test_the_digest_of_an_item_changes_with_it() -> None:
    """And is the same for the same item."""
    assert pack_item(item()) == pack_item(item())
    assert pack_item(item())[1] != pack_item(item(quality=51))[1]
