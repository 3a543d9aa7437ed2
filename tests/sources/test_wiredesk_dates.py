"""Dates of feeds -> UTC."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.sources.dates import parse_date


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Tue, 03 Nov 2026 10:15:00 GMT", "2026-11-03T10:15:00"),
        ("Tue, 3 Nov 2026 10:15:00 +0100", "2026-11-03T09:15:00"),
        ("3 Nov 26 10:15 EST", "2026-11-03T15:15:00"),
        ("Tuesday, 3 November 2026 10:15:00 GMT+2", "2026-11-03T08:15:00"),
        ("Tue,3 Nov 2026 10:15:00 Z", "2026-11-03T10:15:00"),
        ("Tue Nov  3 10:15:00 2026", "2026-11-03T10:15:00"),
        ("Tue Nov 03 10:15:00 PST 2026", "2026-11-03T18:15:00"),
        ("2026-11-03T10:15:00Z", "2026-11-03T10:15:00"),
        ("2026-11-03T10:15:00.123456789+01:00", "2026-11-03T09:15:00"),
        ("2026-11-03T10:15+0100", "2026-11-03T09:15:00"),
        ("2026-11-03 10:15:00 CET", "2026-11-03T09:15:00"),
        ("20261103T101500Z", "2026-11-03T10:15:00"),
        ("2026-11-03", "2026-11-03T00:00:00"),
        ("2026-11", "2026-11-01T00:00:00"),
        ("2026-307", "2026-11-03T00:00:00"),
        ("2026-W45-2", "2026-11-03T00:00:00"),
        ("2026-11-03T24:00:00Z", "2026-11-04T00:00:00"),
        ("2026-11-03T10:15:60Z", "2026-11-03T10:15:59"),
        ("2026/11/03 10:15:00", "2026-11-03T10:15:00"),
        ("13/11/2026 10:15", "2026-11-13T10:15:00"),
        ("11/13/2026 10:15 pm", "2026-11-13T22:15:00"),
        ("03.11.2026 10:15", "2026-11-03T10:15:00"),
        ("November 3rd, 2026 at 10:15 am", "2026-11-03T10:15:00"),
        ("mar, 3 nov 2026 10:15:00 +0100", "2026-11-03T09:15:00"),
        ("mar. 3 novembre 2026 10:15", "2026-11-03T10:15:00"),
        ("Di, 03 Mär 2026 10:15:00 +0100", "2026-03-03T09:15:00"),
        ("3 de noviembre de 2026", "2026-11-03T00:00:00"),
        ("вт, 03 ноя 2026 10:15:00 +0300", "2026-11-03T07:15:00"),
        ("Τρι, 03 Νοέ 2026 10:15:00 EET", "2026-11-03T08:15:00"),
        ("2026-november-3T10:15+01:00", "2026-11-03T09:15:00"),
        ("2026년 11월 3일 10:15:00", "2026-11-03T10:15:00"),
        ("2026-11-03 오후 10:15:00", "2026-11-03T22:15:00"),
        ("2026年11月3日 10:15", "2026-11-03T10:15:00"),
        ("1793700900", "2026-11-03T10:15:00"),
        ("1793700900000", "2026-11-03T10:15:00"),
    ],
)
def test_reads(written, moment):
    """What feeds write, in many manners and languages."""
    assert parse_date(written) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "today 10:15",
        "3/4/2026",
        "Tue, 31 Feb 2026 10:00:00 GMT",
        "2026-13-01",
        "99:99",
        "2026-11-03T10:75:00",
    ],
)
def test_does_not_guess(written):
    """No date, a date that no calendar has, a date with two meanings."""
    assert parse_date(written) is None


@given(st.text(max_size=90))
def test_never_raises(written):
    """Any text: a moment in UTC, or nothing."""
    found = parse_date(written)

    assert found is None or found.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_round_trip(moment):
    """What is written by the two standards comes back."""
    moment = moment.replace(microsecond=0, tzinfo=UTC)

    assert parse_date(moment.isoformat()) == moment
    assert parse_date(moment.strftime("%a, %d %b %Y %H:%M:%S GMT")) == moment
