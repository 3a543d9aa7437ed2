"""Names across scripts: transliteration and the keys under which spellings meet."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.stories.scripts import cognate, latin, spelling

NAMES = [
    line.split("\t")
    for line in (Path(__file__).parent / "data/spellings.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("Зеленский", "zelenskiy"),
        ("Moïse", "moise"),
        ("Đoković", "dokovic"),
        ("東京", "dongjing"),
        ("COVID-19", "covid19"),
    ],
)
def test_latin_is_plain_lower_case(word: str, plain: str) -> None:
    assert latin(word) == plain


@pytest.mark.parametrize(
    "names",
    [
        "Zelensky Zelenskiy Selenskyj Зеленский زيلينسكي",
        "Biden Байден Байдена بايدن",
        "Merkel Меркель ميركل",
        "Bolsonaro Болсонару بولسونارو",
        "Lukashenko Loukachenko Lukaschenko Lukašenko Лукашенко لوكاشينكو",
    ],
)
def test_a_name_has_the_same_consonants_in_every_script(names: str) -> None:
    assert len({cognate(name) for name in names.split()} - {""}) == 1


@pytest.mark.parametrize("names", ["Putin Poutine Путин Путина", "Tokyo Tokio Токио", "Moïse Моиз", "Modi Моди"])
def test_short_names_meet_with_their_vowels(names: str) -> None:
    assert len({spelling(name) for name in names.split()}) == 1


@pytest.mark.parametrize("key", [cognate, spelling])
@pytest.mark.parametrize("word", ["", "7", "2021", "o", "the", "g7", "—", "的"])
def test_what_says_too_little_has_no_key(key: Callable[[str], str], word: str) -> None:
    assert key(word) == ""


@pytest.mark.parametrize(("key", "least"), [(cognate, 0.60), (spelling, 0.40)])
def test_most_spellings_of_the_list_meet(key: Callable[[str], str], least: float) -> None:
    pairs = [pair for names in NAMES for pair in combinations(names, 2)]
    met = sum(key(a) == key(b) != "" for a, b in pairs)
    assert met / len(pairs) >= least


@given(st.text())
def test_latin_is_ascii_and_stays_itself(word: str) -> None:
    plain = latin(word)
    assert plain.isascii() and (not plain or plain.isalnum())
    assert latin(plain) == plain


@given(st.text())
def test_keys_depend_on_the_letters_alone(word: str) -> None:
    for key in (cognate, spelling):
        assert key(word) == key(word.lower())
        assert key(word) == "" or key(word).isalpha()
