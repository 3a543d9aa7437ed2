"""Zones of countries, and what becomes of clocks and days that are printed without one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wiredesk.extract import extract
from wiredesk.extract.zones import zone_of
from wiredesk.records import Draft, Page


def _read(url: str, printed: str, address_of_picture: str = "/a.jpg", more: str = "") -> Draft:
    text = " ".join(["The crane at the harbour was repaired on Monday and lifts again, the port says."] * 8)
    body = f"""<html lang="ja"><head><title>Crane repaired</title>{more}</head><body><article><h1>Crane repaired</h1>
    <p class="date">{printed}</p><figure><img src="{address_of_picture}"></figure><p>{text}</p></article></body>
    </html>"""
    headers = (("content-type", "text/html; charset=utf-8"),)
    return extract(
        Page(
            url=url,
            final_url=url,
            status=200,
            headers=headers,
            body=body.encode(),
            fetched_at=datetime(2026, 5, 1, tzinfo=UTC),
        )
    )


@pytest.mark.parametrize(
    ("address", "language", "minutes"),
    [
        ("https://news.example.jp/a", "en", 540),
        ("https://news.example.com/a", "ko-KR", 540),
        ("https://news.example.de/a", "de", None),  # summer time
        ("https://news.example.io/a", "", None),  # not written for that country
    ],
)
def test_zones_are_those_of_countries_with_one(address: str, language: str, minutes: int | None):
    """Where clocks are changed, or nothing tells the country, there is none."""
    assert zone_of(address, language) == minutes


def test_a_clock_is_read_in_its_country():
    """18:40 in Japan is 09:40 UTC."""
    draft = _read("https://news.example.jp/a", "2026.04.29 18:40")

    assert draft.published_at == datetime(2026, 4, 29, 9, 40, tzinfo=UTC)
    assert draft.published_offset == 540


def test_a_day_without_a_clock_stays_that_day():
    """Midnight in UTC says that there is no clock; the zone is kept beside it."""
    draft = _read("https://news.example.jp/a", "2026.04.29")

    assert draft.published_at == datetime(2026, 4, 29, tzinfo=UTC)
    assert draft.published_offset == 540


@pytest.mark.parametrize(
    ("path", "day"),
    [("/2026/apr/07/crane", 7), ("/2026/04/07/crane", 7), ("/20260407-crane", 7), ("/2026/12/132377/crane", None)],
)
def test_days_in_addresses(path: str, day: int | None):
    """Months by name or number; an article's number is no day."""
    draft = _read(f"https://news.example.com{path}", "")

    assert draft.published_at == (datetime(2026, 4, day, tzinfo=UTC) if day else None)


def test_the_printed_crop_of_a_picture_is_kept():
    """What is declared for sharing is cut; a list of sizes in place of an address gives its first."""
    shared = '<meta property="og:image" content="https://img.example.com/41122334_share.jpg">'
    printed = "https://img.example.com/41122334_lead.jpg 940w, https://img.example.com/41122334_lead2.jpg 300w"
    draft = _read("https://news.example.com/a", "", printed, shared)

    assert draft.image is not None
    assert draft.image.url == "https://img.example.com/41122334_lead.jpg"


def test_another_picture_on_the_page_leaves_the_declared_one():
    """Only crops of one file are one picture."""
    shared = '<meta property="og:image" content="https://img.example.com/41122334_share.jpg">'
    draft = _read("https://news.example.com/a", "", "https://img.example.com/99887766_lead.jpg", shared)

    assert draft.image is not None
    assert draft.image.url == "https://img.example.com/41122334_share.jpg"
