"""Markup of feeds -> plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.sources.markup import gist, plain_line


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One Two"),
        ("un<b>believ</b>able", "unbelievable"),
        ("a<script>if (x<y) z()</script>b", "a b"),
        ("a<!-- <b>not</b> this -->b", "ab"),
        ("a<!-- never closed <p>b", "a"),
        ("a<style>never closed", "a"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two &amp;amp; three&lt;/p&gt;", "One Two & three"),
        ("<img src='x'\n alt='y'>after", "after"),
    ],
)
def test_shows_what_a_browser_shows(html, text):
    """Tags, hidden elements and comments go, words of neighbouring blocks stay apart, lone brackets stay."""
    assert gist(html, 100) == text


def test_ends_at_a_word():
    """What is too long ends with an ellipsis; tags and entities are never cut in the middle."""
    text = gist("<p class='x'>" + "<b>word</b> &amp; " * 500, 40)

    assert text == "word & word & word & word & word &…"


@given(st.text(alphabet="ab <>/&;!-pscriptlg#39\n", max_size=300), st.integers(1, 60))
def test_bounded_and_on_one_line(html, limit):
    """Whatever comes in: one tidy line, not longer than asked for."""
    line = gist(html, limit)

    assert len(line) <= limit
    assert line == " ".join(line.split())


@given(st.text(max_size=200))
def test_titles_are_one_tidy_line(value):
    """Whatever comes in."""
    line = plain_line(value)

    assert line == " ".join(line.split())
