"""Imported files enter as pages."""

import gzip
from datetime import UTC, datetime

import pytest

from wiredesk.errors import UnreadableError
from wiredesk.sources.folders import page_from_file

AT = datetime(2026, 11, 3, 10, tzinfo=UTC)


def test_a_saved_page_lives_where_it_says():
    """rel=canonical before og:url, and only complete addresses."""
    body = b'<meta property="og:url" content="https://a.example/og"><link rel="canonical" href="https://a.example/?a=1&amp;b=2">'
    found = page_from_file("x/a.html", body, AT)

    assert found.url == found.final_url == "https://a.example/?a=1&b=2"
    assert found.header("Wiredesk-File") == "x/a.html"
    assert found.content_type == "text/html"
    assert page_from_file("a.html", b'<link rel=canonical href="/x"><p>', AT).url == "file:///a.html"


def test_gzip_is_undone():
    """As the article collections store their pages."""
    found = page_from_file("a.html.gz", gzip.compress(b"<p>Hi"), AT)

    assert (found.body, found.url, found.fetched_at) == (b"<p>Hi", "file:///a.html.gz", AT)


def test_records_and_texts():
    """A record keeps its name, whatever letters it has."""
    found = page_from_file("news/2026-11-03-fähre 1.md", b"---\n---\n", AT)

    assert found.url == "file:///news/2026-11-03-f%C3%A4hre%201.md"
    assert found.headers == (("content-type", "text/markdown; charset=utf-8"), ("wiredesk-file", found.url[8:]))
    assert page_from_file("a.txt", b"Hi", AT).content_type == "text/plain"


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.pdf", b"%PDF", "unknown type"),
        ("a", b"x", "unknown type"),
        ("a.gz", b"x", "unknown type"),
        ("a.html", b" ", "empty"),
        ("a.html.gz", b"junk", "broken gzip"),
        ("a.html.gz", gzip.compress(b"x" * 1000, mtime=0)[:-9], "cut off"),
        ("a.html.gz", gzip.compress(bytes(65 * 2**20), 1), "more than"),
    ],
)
def test_says_why_not(name, data, what):
    """An error names file and fault."""
    with pytest.raises(UnreadableError, match=what) as error:
        page_from_file(name, data, AT)
    assert error.value.where == name
