"""Names of records: the reference's slug rule, and no two articles with one name."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.recordformat import record_name, slug, unique_name

AT = datetime(2023, 11, 7, 19, 43, tzinfo=UTC)
ID = "0123456789abcdef"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Studios Adjust A.I. Language", "studios-adjust-ai-language"),
        (".NET – what’s new™ ", "net-whats-new"),
        ("Word—word", "wordword"),
        ("Café   déjà\tvu", "cafe-deja-vu"),
        ("½ ﬁne", "ne"),
        ("snake_case -- dash", "snake_case-dash"),
        ("日本語", ""),
        ("../../etc/passwd", "etcpasswd"),
    ],
)
def test_slug(title: str, expected: str):
    """Canonical decomposition, not compatibility; what is not a-z, 0-9, _, - or white space goes."""
    assert slug(title) == expected


def test_cuts_at_the_first_space_from_140():
    """The cut falls on a word's end, so a slug may be longer than 140."""
    assert slug("a" * 150 + " b c") == "a" * 150
    assert slug("a" * 139 + " b c") == "a" * 139 + "-b"
    assert slug("a" * 140 + " b") == "a" * 140


def test_date_is_that_of_the_calendar():
    """19:43Z on the 7th is the 8th at UTC+8."""
    assert record_name("A B", AT, 8) == "2023-11-08-a-b"
    assert record_name("A B", AT) == "2023-11-07-a-b"
    assert record_name("A", datetime.max.replace(tzinfo=UTC), 8) == "9999-12-31-a"


def test_two_providers_with_one_headline_get_two_names():
    """The second takes its provider's label, the third of one provider its id."""
    taken = {"2023-11-07-a"}

    first = unique_name("2023-11-07-b", taken.__contains__, ID, "bbc.co.uk")
    second = unique_name("2023-11-07-a", taken.__contains__, ID, "bbc.co.uk")
    third = unique_name("2023-11-07-a", (taken | {second}).__contains__, ID, "bbc.co.uk")

    assert (first, second, third) == ("2023-11-07-b", "2023-11-07-a-bbc", f"2023-11-07-a-{ID}")


@pytest.mark.parametrize(("base", "expected"), [("2023-11-07-", f"2023-11-07-{ID}"), ("con", f"con-{ID}"), ("", ID)])
def test_a_name_that_says_nothing_gets_the_id(base: str, expected: str):
    """Headlines without Latin letters, and the devices of Windows."""
    assert unique_name(base, lambda _: False, ID, "example.org") == expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.datetimes(timezones=st.just(UTC)), st.booleans(), st.text(max_size=30))
def test_a_name_is_always_safe(title: str, at: datetime, crowded: bool, provider: str):
    """Lower-case letters, digits, _ and -; short enough for any file system; never empty."""
    for base in (record_name(title, at, 8), title):
        name = unique_name(base, lambda _: crowded, ID, provider)

        assert re.fullmatch(r"[a-z0-9_](?:[a-z0-9_\-]{0,198}[a-z0-9_])?", name)
