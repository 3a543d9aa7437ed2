"""Signals: what of an article counts for stories."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.records import Article, ArticleId, Provider, ProviderId
from wiredesk.stories import Signal, signal
from wiredesk.stories.signals import MAX_NAMES, MAX_SHARED, MAX_TERMS, weights_of
from wiredesk.stories.words import terms

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
    assert pickle.loads(pickle.dumps(made)) == made
    assert len(made.terms[0]) <= MAX_TERMS and len(made.names[0]) <= MAX_NAMES and len(made.shared[0]) <= MAX_SHARED
    assert all(weight > 0 for each in (made.terms, made.names, made.shared) for weight in weights_of(each).values())


def test_title_weighs_more_than_lede() -> None:
    """What the headline says is what it is about."""
    weights = weights_of(signal(article("Strike", "Talks failed.")).terms)

    assert weights["strike"] > weights["talk"]


def test_without_a_text_the_excerpt_is_the_lede() -> None:
    """A headline alone has none."""
    only = signal(article("Dock strike"))
    more = signal(replace(article("Dock strike"), excerpt="Cranes stand still."))

    assert (only.lede_terms, more.lede_terms) == (0, 2)


def test_drops_the_name_of_the_outlet_from_a_long_title_only() -> None:
    """A closing "- Meridian Wire", or another outlet's name that an aggregator put there, is no news; a dash may be."""
    for suffix in (" - Meridian Wire", " | The Sund Times"):
        title = signal(article(f"Docks shut for the third day{suffix}")).title
        assert set(title) == {"dock", "shut", "third", "day"}
    assert "ferri" in signal(article("Docks shut for the third day - ferries run on")).title
    assert "wire" in signal(article("Docks - Meridian Wire")).title


def test_names_are_capitalised_words_but_not_the_first() -> None:
    """The first one of a sentence has a capital anyhow; names in the headline weigh more."""
    names = weights_of(signal(article("Strike shuts Ellery", "Cranes stopped, Harriet Mosse said in Ellery.")).names)

    assert names["elleri"] > 1.0 > names["harriet"]
    assert "strike" not in names and "crane" not in names


def test_numbers_are_kept_as_written_without_years() -> None:
    """Thousands separators are none; single digits and years say little."""
    assert signal(article("3,400 walk out", "In 2026, 12 ships and 7 tugs waited.")).numbers == ("12", "3400")


def test_names_of_two_spellings_share_a_key() -> None:
    """Across scripts, and across endings."""
    one, other = (
        weights_of(signal(article(*said)).shared) for said in (("In Moskva", "", "en"), ("В Москва", "", "ru"))
    )

    assert {key for key in one if key.startswith("~")} & set(other)


def test_stems_drops_stop_words_keeps_numbers() -> None:
    """Forms of a word are one; function words are none."""
    assert terms("The 14 ships were shipping 5 shipments", "en") == ["14", "ship", "ship", "5", "shipment"]
    assert terms("Die Häfen und der Hafen", "de") == ["haf", "haf"]


def test_pairs_chinese_characters() -> None:
    """Scripts without blanks give pairs of characters."""
    assert terms("码头罢工 2026", "zh") == ["码头", "头罢", "罢工", "2026"]
