"""Dates of lists and sitemaps."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.sources.moments import moment_of


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        ("2026-09-07", datetime(2026, 9, 7, tzinfo=UTC)),
        ("2026-09", datetime(2026, 9, 1, tzinfo=UTC)),
        ("2026-09-07T10:30:05.123+02:00", datetime(2026, 9, 7, 8, 30, 5, tzinfo=UTC)),
        ("2026-09-07 10:30", datetime(2026, 9, 7, 10, 30, tzinfo=UTC)),
        ("Mon, 07 Sep 2026 10:30:00 -0100", datetime(2026, 9, 7, 11, 30, tzinfo=UTC)),
        ("Posted 7.9.2026 by Ada", datetime(2026, 9, 7, tzinfo=UTC)),
        ("September 7th, 2026", datetime(2026, 9, 7, tzinfo=UTC)),
        ("7 de septiembre de 2026", datetime(2026, 9, 7, tzinfo=UTC)),
        ("1er août 2026", datetime(2026, 8, 1, tzinfo=UTC)),
        ("3. März 2026", datetime(2026, 3, 3, tzinfo=UTC)),
        ("9/7/2026", None),
        ("2026", None),
        ("yesterday", None),
        ("2026-13-45", None),
    ],
)
def test_dates(given_, found):
    """In the forms that pages use; what is ambiguous is no date."""
    assert moment_of(given_) == found


@given(st.text(max_size=60))
def test_never_raises(value):
    """Any text is a date in UTC, or none."""
    moment = moment_of(value)

    assert moment is None or moment.tzinfo == UTC
