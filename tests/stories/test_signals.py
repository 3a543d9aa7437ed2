"""Signals: what of an article counts for stories."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.records import Article, ArticleId, Provider, ProviderId
from wiredesk.stories import Signal, signal
from wiredesk.stories.signals import MAX_TERMS, terms

NOW = datetime(2026, 9, 7, tzinfo=UTC)


def article(title: str, text: str = "", language: str | None = "en") -> Article:
    return Article(
        id=ArticleId("a" * 16),
        canonical_url="https://wire.example/a",
        provider=Provider(domain=ProviderId("meridianwire.example"), name="The Meridian Wire"),
        title=title,
        text=text,
        first_seen_at=NOW,
        language=language,
    )


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200), st.text(max_size=400), st.sampled_from(["en", "de", "zh", "xx", None]))
def test_survives_json(title: str, text: str, language: str | None) -> None:
    """A signal goes through JSON unchanged, whatever the text; and is small."""
    made = signal(article(title, text, language), copy_of=ArticleId("b" * 16))

    assert Signal.from_json(json.loads(json.dumps(made.to_json()))) == made
    assert len(made.terms) <= MAX_TERMS
    assert all(weight > 0 for _, weight in made.terms)


def test_title_weighs_more_than_lede() -> None:
    """What the headline says is what it is about."""
    weights = dict(signal(article("Strike", "Talks failed.")).terms)

    assert weights["strike"] > weights["talk"]


def test_drops_the_publishers_name_from_the_title_only() -> None:
    """A closing "- Meridian Wire" is no news; another dash in a headline is."""
    assert dict(signal(article("Docks shut - Meridian Wire")).terms).keys() == {"dock", "shut"}
    assert "ferri" in dict(signal(article("Docks shut - ferries run")).terms)


def test_stems_drops_stop_words_keeps_numbers() -> None:
    """Forms of a word are one; function words are none."""
    assert terms("The 14 ships were shipping 5 shipments", "en") == ["14", "ship", "ship", "5", "shipment"]
    assert terms("Die Häfen und der Hafen", "de") == ["haf", "haf"]


def test_pairs_chinese_characters() -> None:
    """Scripts without blanks give pairs of characters."""
    assert terms("码头罢工 2026", "zh") == ["码头", "头罢", "罢工", "2026"]
