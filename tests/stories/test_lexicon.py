"""The lexicon: its files, and what it finds."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.stories.lexicon import Lexicon, concepts, languages, read, tables
from wiredesk.stories.words import terms

QUAKE = {
    "en": "Strong quake shakes Japan",
    "es": "Fuerte terremoto sacude Japón",
    "pt": "Forte terremoto atinge o Japão",
    "fr": "Un puissant séisme secoue le Japon",
    "de": "Starkes Erdbeben erschüttert Japan",
    "it": "Forte terremoto scuote il Giappone",
    "ru": "Сильное землетрясение произошло в Японии",
    "ar": "زلزال قوي يضرب اليابان",
    "sl": "Močan potres stresel Japonsko",
    "zh": "日本发生强烈地震",
}


@pytest.mark.parametrize("language", QUAKE)
def test_one_event_has_the_same_concepts_in_every_language(language: str) -> None:
    found = concepts(language).find(terms(QUAKE[language], language))
    assert {"earthquake", "p:JP"} <= set(found)


def test_the_longest_phrase_wins() -> None:
    lexicon = Lexicon([("prime_minister", "prime minister"), ("minister", "minister")], "en")
    assert lexicon.find(terms("The prime minister met a minister", "en")) == ["prime_minister", "minister"]


def test_a_star_matches_what_starts_so() -> None:
    lexicon = Lexicon([("election", "volit*"), ("general_election", "državnozborsk* volit*")], "sl")
    assert lexicon.find(["volitvam", "državnozborske", "volitve", "vol"]) == ["election", "general_election"]


def test_a_form_of_two_meanings_has_both_and_of_more_none() -> None:
    forms = [("match", "game"), ("esports", "game"), ("esports", "gamer"), *((meaning, "set") for meaning in "abc")]
    assert Lexicon(forms, "en").find(["game", "gamer", "set"]) == ["esports", "match", "esports"]


def test_chinese_is_found_inside_running_text() -> None:
    assert set(concepts("zh").find(terms("东京奥运会开幕式", "zh"))) == {"p:city:tokyo", "olympics", "opening_ceremony"}


def test_a_language_without_a_column_has_places_and_longer_english_words() -> None:
    assert "sv" not in languages()
    assert concepts("sv").find(terms("Tsunami i Japan", "sv")) == ["tsunami", "p:JP"]


def test_without_a_language_all_languages_are_known() -> None:
    found = concepts(None).find(terms("землетрясение terremoto Erdbeben", None))
    assert found == ["earthquake"] * 3


@settings(deadline=None)  # the first look at a language reads its words
@given(st.text(), st.sampled_from([*sorted(languages()), None, "sv"]))
def test_any_text_is_searched_the_same_way_twice(text: str, language: str | None) -> None:
    stems = terms(text, language)
    lexicon = concepts(language)
    assert lexicon.find(stems) == lexicon.find(stems)


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_the_files_are_well_formed(table) -> None:
    lines = [line for line in table.read_text("utf-8").splitlines() if not line.startswith("#")]
    head = lines[0].split("\t")
    assert head[0] == "concept" and len(set(head)) == len(head)
    assert all(len(line.split("\t")) <= len(head) for line in lines)
    assert not [form for _, _, form in read(table) if form != form.strip() or not form.rstrip("*").strip()]
    assert not any("*" in form.replace("* ", " ").removesuffix("*") for _, _, form in read(table))


def test_no_concept_is_in_the_lexicon_twice() -> None:
    ids = Counter(line.split("\t")[0] for table in tables()[:-1] for line in table.read_text("utf-8").splitlines()[1:])
    assert [concept for concept, count in ids.items() if count > 1] == []
