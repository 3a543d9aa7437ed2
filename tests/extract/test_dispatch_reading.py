"""Raw text becomes an article: datelines, headlines of our own, by lines."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import NotAnArticle, UnreadableError
from wiredesk.extract import read_dispatch
from wiredesk.extract.dispatch import headline_from
from wiredesk.records import Draft, Page

NOW = datetime(2026, 9, 7, 12, 0, tzinfo=UTC)
SEED = Path(__file__).parents[2].parent / "shared" / "data" / "records" / "sag-aftra-talks.txt"
BODY = "Talks went on through the night.\n\nNobody spoke to the press afterwards, and the doors stayed shut."


def read(text: str | bytes) -> Draft:
    """The draft of a text file."""
    body = text.encode() if isinstance(text, str) else text
    url = "file:///talks.txt"
    return read_dispatch(
        Page(url=url, final_url=url, status=200, headers=(("Content-Type", "text/plain"),), body=body, fetched_at=NOW)
    )


@pytest.mark.parametrize(
    ("top", "place"),
    [
        ("(Port Ellery) ", "Port Ellery"),
        ("(Sund) - ", "Sund"),
        ("PORT ELLERY, Varland (Meridian Wire) - ", "PORT ELLERY, Varland"),
        ("Norderhaven, Ostmark — ", "Norderhaven, Ostmark"),
        ("SUND – ", "SUND"),
    ],
)
def test_datelines_are_recognised_and_cut(top: str, place: str):
    """In the forms that agencies use."""
    draft = read(f"{top}{BODY}")

    assert draft.dateline == place
    assert draft.text == BODY
    assert draft.rules["dateline"] == "before the lede"


@pytest.mark.parametrize("text", [BODY, "(an aside, not a place) Talks went on.", "Self-made talks went on – at last."])
def test_other_openings_are_no_datelines(text: str):
    """Dashes and brackets stand in ordinary sentences, too."""
    draft = read(text)

    assert draft.dateline is None
    assert draft.text.startswith(text[:12])


def test_a_headline_of_its_own_line_is_the_headline():
    """It is theirs, and is not repeated in the text."""
    draft = read(f"Talks to go on after long night\n\nBy Ada Quill\n\n(Sund) {BODY}")

    assert (draft.title, draft.title_is_ours) == ("Talks to go on after long night", False)
    assert draft.authors == ("Ada Quill",)
    assert draft.dateline == "Sund"
    assert draft.text == BODY


def test_lines_above_the_text_are_fields():
    """Date and author where they are named."""
    draft = read(f"Date: 2026-09-06T22:10:00Z\nBy: Ada Quill\n\n{BODY}")

    assert draft.published_at == datetime(2026, 9, 6, 22, 10, tzinfo=UTC)
    assert draft.authors == ("Ada Quill",)


def test_without_a_headline_the_lede_gives_one_and_says_so():
    """Marked as ours."""
    draft = read(f"(Sund) {BODY}")

    assert draft.title == "Talks went on through the night"
    assert draft.title_is_ours
    assert draft.rules["title"] == "lede"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=400))
@settings(max_examples=150, deadline=None)
def test_a_headline_of_ours_is_short_and_ends_on_a_word(text: str):
    """At most 100 characters, no half words, nothing that hangs."""
    title = headline_from(text)

    assert len(title) <= 100
    assert not title.endswith((",", ";", ":", "…", " "))


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes):
    """Never anything but our own errors."""
    with suppress(UnreadableError):
        read(data)


def test_a_file_without_words_is_no_article():
    """Nothing to publish."""
    with pytest.raises(NotAnArticle):
        read(" \n\n ... \n")


def test_a_list_is_no_article():
    """Of hosts, of names, of numbers."""
    with pytest.raises(NotAnArticle):
        read("apache.org\nandroid.com\nexample.net\n" * 9)


def test_the_seed_of_the_reference_is_read():
    """No title, a dateline in parentheses."""
    if not SEED.exists():
        pytest.skip(f"the seed is not here: {SEED.name}")
    draft = read(SEED.read_bytes())

    assert draft.dateline == "Los Angeles"
    assert draft.title_is_ours and 30 <= len(draft.title) <= 100
    assert draft.text.startswith("Striking actors")
    assert draft.language == "en"
