"""Facts: what a text states, read by writing alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.records import Article, ArticleId, Provider, ProviderId
from wiredesk.stories.facts import READ, FactKind, Known, facts_of

NOW = datetime(2026, 9, 7, tzinfo=UTC)


def article(text: str, *, title: str = "", language: str | None = "en") -> Article:
    return Article(
        id=ArticleId("a"),
        canonical_url="https://paper.example/a",
        provider=Provider(domain=ProviderId("paper.example"), name="The Paper"),
        title=title,
        text=text,
        first_seen_at=NOW,
        language=language,
    )


def stated(text: str, kind: FactKind, *, title: str = "", language: str | None = "en") -> list[str]:
    found = facts_of(article(text, title=title, language=language)).stated
    return [fact.shown for fact in found if fact.kind == kind]


def test_names_are_capitals_inside_a_sentence() -> None:
    """Runs are one name, a second name for the same person is dropped, the first word of a sentence is no name."""
    text = "Dockers walked out. Many Dockers said that Elke Brandt of Rotterdam lied. Then Brandt met many dockers."

    assert stated(text, "name") == ["Elke Brandt", "Rotterdam"]


def test_a_headline_with_capitals_everywhere_names_nobody_but_acronyms() -> None:
    """Title case marks no names; "SAG-AFTRA" is one all the same."""
    assert stated("", "name", title="Studios Adjust Language in Push to End ITF-KLM Strike") == ["ITF-KLM"]


def test_a_language_that_writes_nouns_with_capitals_has_names_of_several_words_only() -> None:
    """In German a lone capital is a noun."""
    text = "Am Abend ging der Streik weiter, sagte Elke Brandt in einem Hafen."

    assert stated(text, "name", language="de") == ["Elke Brandt"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A union of 12,000 workers.", "12,000 workers"),
        ("Ein Verband mit 1.500 Leuten.", "1.500 Leuten"),
        ("They paid $5bn for it.", "$5bn"),
        ("Some 2 million homes were dark.", "2 million homes"),
        ("Prices rose by 3.5% in spring.", "3.5%"),
    ],
)
def test_numbers_stand_with_what_they_count(text: str, shown: str) -> None:
    """Thousands, sums of money, millions and per cent."""
    assert stated(text, "number") == [shown]


@pytest.mark.parametrize(
    "text", ["On 5 October it began.", "It was in 2023.", "It ended at 10:30.", "COVID-19", "F-16"]
)
def test_dates_and_names_with_digits_are_no_numbers(text: str) -> None:
    """They are not what a report adds."""
    assert stated(text, "number") == []


def test_what_is_known_is_no_news() -> None:
    """A name by its words, a number by its value however it is written, a quotation by half of its words in a row."""
    first = facts_of(
        article('The boss of Elke Brandt paid 12,000 workers. "We will be back at six on Monday," he said.')
    )
    second = facts_of(
        article(
            'It was Brandt who counted 12 thousand workers and 7 ships. "We will be back at six on Friday," he said.'
        )
    )
    known = Known([first])

    assert [fact.shown for fact in known.news_in(second)] == ["7 ships"]
    known.learn(second)
    assert known.news_in(second) == ()


@given(st.text(), st.text(), st.sampled_from(["en", "de", "zh", "xx", None]))
def test_any_text_is_read(title: str, text: str, language: str | None) -> None:
    """Whatever the text: every key once, and a text tells itself nothing new."""
    found = facts_of(article(text, title=title, language=language))
    keys = [(fact.kind, fact.key) for fact in found.stated]

    assert len(keys) == len(set(keys))
    assert Known([found]).news_in(found) == ()


def test_a_text_without_end_is_read_to_a_limit() -> None:
    """200,000 words cost no more than READ characters."""
    text = "word " * 200_000 + "Elke Brandt came."

    assert len(text) > READ
    assert stated(text, "name") == []


def test_shouting_in_a_headline_names_nobody() -> None:
    """Capitals beside capitals, or of a word that the text writes small; NATO alone is a name."""
    text = "The cranes were frozen, dead in the water."

    assert stated(text, "name", title="DEAD STOP! Cranes frozen, NATO says") == ["NATO"]
