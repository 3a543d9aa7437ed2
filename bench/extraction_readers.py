"""One reader of article pages, measured in a process of its own: what it finds, its processor time, its memory.

    PYTHON extraction_readers.py READER DATA LIST     (called by extraction.py)

LIST is a file of JSON lines {id, file, url, charset}.  Each answer is one line of JSON on standard output; the last
line is {seconds, peak_mib}.  Pages are opened one at a time.  Nothing of wiredesk is imported for the other readers,
which run in environments of their own.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Read = Callable[[bytes, str, str | None], dict[str, Any] | None]  # body, address, charset -> answer


def wiredesk() -> Read:
    """Ours: what is read, before publishers' opt-outs and paid parts withhold any of it."""
    from datetime import UTC, datetime, timedelta, timezone

    from wiredesk.errors import UnreadableError
    from wiredesk.extract import extract
    from wiredesk.records import Page

    at = datetime(2026, 11, 20, tzinfo=UTC)
    names = {"title": "title", "author": "authors", "published": "published_at", "image": "image", "body": "text"}

    def read(body: bytes, url: str, charset: str | None) -> dict[str, Any] | None:
        kind = "text/html; charset=utf-8" if charset else "text/html"
        page = Page(url=url, final_url=url, status=200, headers=(("content-type", kind),), body=body, fetched_at=at)
        try:
            draft = extract(page, obey=False, open_parts_only=False)
        except UnreadableError as error:
            return {"refused": error.what}
        published = draft.published_at
        if published and draft.published_offset is not None:
            published = published.astimezone(timezone(timedelta(minutes=draft.published_offset)))
        return {
            "title": draft.title,
            "author": list(draft.authors),
            "published": published.isoformat() if published else None,
            "body": draft.text,
            "image": draft.image.url if draft.image else None,
            "kind": draft.kind,
            "sure": {ours: draft.confidence.get(field, 0.0) for ours, field in names.items()},
            "rules": {ours: draft.rules.get(field) for ours, field in names.items()},
        }

    return read


def trafilatura() -> Read:
    """The library that reads most fields."""
    from trafilatura import bare_extraction

    def read(body: bytes, url: str, charset: str | None) -> dict[str, Any] | None:
        found = bare_extraction(body, url=url, include_comments=False, with_metadata=True)
        if found is None:
            return None
        return {
            "title": found.title,
            "author": found.author,
            "published": found.date,
            "body": found.text,
            "image": found.image,
        }

    return read


def newspaper4k() -> Read:
    """The second one; pages are handed over, its downloads are never used."""
    from newspaper import Article

    def read(body: bytes, url: str, charset: str | None) -> dict[str, Any] | None:
        article = Article(url, fetch_images=False)
        article.download(input_html=body.decode(charset or "utf-8", "replace"))
        article.parse()
        return {
            "title": article.title,
            "author": list(article.authors),
            "published": article.publish_date.isoformat() if article.publish_date else None,
            "body": article.text,
            "image": article.top_image,
        }

    return read


def readability() -> Read:
    """Title and text alone."""
    from lxml.html import fromstring
    from readability import Document

    def read(body: bytes, url: str, charset: str | None) -> dict[str, Any] | None:
        document = Document(body.decode(charset or "utf-8", "replace"), url=url)
        tree = fromstring(document.summary())
        blocks = tree.iter("p", "li", "h2", "h3", "h4", "blockquote", "pre")
        text = "\n\n".join(line for block in blocks if (line := " ".join(block.text_content().split())))
        return {"title": document.short_title(), "body": text or tree.text_content()}

    return read


READERS: dict[str, Callable[[], Read]] = {
    "wiredesk": wiredesk,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "readability-lxml": readability,
}


def main() -> None:
    """Read all pages, print the answers."""
    reader, data, listed = sys.argv[1:]
    read = READERS[reader]()
    rows = [json.loads(line) for line in Path(listed).read_text(encoding="utf-8").splitlines()]
    seconds = 0.0
    for number, row in enumerate([rows[0], *rows]):  # the first once more: models are loaded once, not per page
        body = gzip.decompress((Path(data) / row["file"]).read_bytes())
        begun = time.process_time()
        try:
            answer = read(body, row["url"], row["charset"])
        except Exception:  # a library that stumbles has no answer
            answer = None
        if number:
            seconds += time.process_time() - begun
            print(json.dumps({"id": row["id"], "answer": answer}))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": round(peak)}))


if __name__ == "__main__":
    main()
