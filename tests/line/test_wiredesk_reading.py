"""wiredesk.line.reading"""

import gzip
from datetime import UTC, datetime

import pytest

from wiredesk.line.reading import form_of
from wiredesk.records import Page
from wiredesk.sources import page_from_file

RSS = '<rss version="2.0"><channel/></rss>'


@pytest.mark.parametrize(
    ("body", "content_type", "form"),
    [
        (RSS.encode("utf-16"), "text/html", "feed"),
        (b'<CHANNEL HREF="https://paper.example/"/>', "application/octet-stream", "feed"),
        (b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"/>', "text/html; charset=utf-8", "feed"),
        (b"<urlset/>", "application/xml", "sitemap"),
        (b"<html><p>Of feeds</p></html>", "text/xml", "page"),
        (b"<!doctype html><p>Of feeds</p>", "text/plain", "page"),
        (b"Of feeds", "text/plain", "dispatch"),
        (b"Of feeds", "", "page"),
        (RSS.encode(), "image/svg+xml", "nothing"),
    ],
)
def test_form_by_first_bytes(body, content_type, form):
    """The first bytes decide; the type where these say nothing."""
    url = "https://paper.example/x"
    headers = (("Content-Type", content_type),)
    at = datetime(2026, 11, 3, tzinfo=UTC)

    assert form_of(Page(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=at)) == form


@pytest.mark.parametrize("ending", ["", ".gz", ".GZ"])
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("2026-09-07-a.md", "record"),
        ("old/_news/2026-09-07-a.MD", "record"),
        ("_people/a.md", "carried"),
        ("notes/a.txt", "dispatch"),
        ("a.eml", "mail"),
        ("a.rss", "feed"),
        ("a.html", "page"),
    ],
)
def test_an_imported_file_is_what_its_name_says(path, form, ending):
    """Packed or not."""
    body = RSS.encode() if form == "feed" else b"Of feeds"
    at = datetime(2026, 11, 3, tzinfo=UTC)

    assert form_of(page_from_file(path + ending, gzip.compress(body) if ending else body, at)) == form
