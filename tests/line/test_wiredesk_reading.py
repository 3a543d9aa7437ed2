"""wiredesk.line.reading"""

from datetime import UTC, datetime

import pytest

from wiredesk.line.reading import form_of
from wiredesk.records import Page

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
