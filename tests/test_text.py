"""wiredesk.text"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.text import CJK, clean, collapse, digest, sentences, shorten, words


def test_clean_drops_what_breaks_xml():
    """Control characters and lone surrogates go; tabs and line ends stay."""
    assert clean("a\x00b\x1b\ud800c\td\ne") == "abc\td\ne"


def test_collapse_gives_one_line():
    """Any white space is one blank."""
    assert collapse("  a\n\t b\u00a0c ") == "a b c"


@given(st.text(max_size=200), st.integers(5, 80))
@settings(max_examples=150, deadline=None)
def test_shorten_keeps_its_limit(value, limit):
    """Never longer than asked for, and untouched where it fits."""
    short = shorten(value, limit)

    assert len(short) <= limit
    assert short == collapse(value) or short.endswith("…")


def test_shorten_cuts_between_words():
    """A cut falls on a word end, and says so."""
    assert shorten("The council met on Tuesday, again", 20) == "The council met on…"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It rained. Dr. Quill left.", ["It rained.", "Dr. Quill left."]),
        ("He paid 3.5 million. “No,” she said.", ["He paid 3.5 million.", "“No,” she said."]),
        ("Der 3. Oktober ist frei. Am Montag nicht.", ["Der 3. Oktober ist frei.", "Am Montag nicht."]),
        ("One line\nanother line.", ["One line", "another line."]),
        ("", []),
    ],
)
def test_sentences(text, wanted):
    """Abbreviations and ordinals end no sentence; line ends do."""
    assert sentences(text) == wanted


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_sentences_lose_nothing(text):
    """All words of the text are in its sentences, in their order."""
    assert words(" ".join(sentences(text))) == words(text)


def test_words_are_lower_case_and_split_cjk():
    """Words with apostrophes stay whole; each CJK character is a word."""
    assert words("Don’t  STOP 東京2") == ["don’t", "stop", "東", "京", "2"]


@pytest.mark.parametrize("text", ["東京", "カタカナ", "ひらがな", "서울", "㐀"])
def test_cjk_runs(text):
    """Every character of Chinese, Japanese and Korean words counts; those of other scripts do not."""
    assert CJK.findall(f"a{text}é ไทย {text}") == [text, text]


def test_digest_keeps_its_parts_apart():
    """("ab", "c") is not ("a", "bc")."""
    assert digest("ab", "c") != digest("a", "bc")
    assert len(digest("\ud800")) == 64
