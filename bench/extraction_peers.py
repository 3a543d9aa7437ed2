"""Run by bench/extraction.py, for peers in an environment of their own.  Imports nothing of ours.

usage: python extraction_peers.py trafilatura|newspaper4k|readability-lxml ROWS FOLDER OUT

ROWS holds rows of the labels (JSON Lines), FOLDER the pages.  Written to OUT: one answer a line, and on the last
line the seconds of processor time and the peak of this process in MiB.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
Answer = dict[str, Any]
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)


def trafilatura() -> Callable[[bytes, str], Answer | None]:
    """All fields, as its documentation shows."""
    from trafilatura import bare_extraction

    def read(body: bytes, url: str) -> Answer | None:
        found = bare_extraction(body, url=url or None, include_comments=False, with_metadata=True)
        if found is None:
            return None
        answer = {"title": found.title, "author": found.author, "published": found.date}
        return {**answer, "body": found.text, "image": found.image}

    return read


def newspaper4k() -> Callable[[bytes, str], Answer | None]:
    """All fields; without downloads, which its own `download` does only where no page is given."""
    import newspaper

    def read(body: bytes, url: str) -> Answer | None:
        article = newspaper.Article(url or "https://site.example/page", fetch_images=False)
        article.download(input_html=_decoded(body))
        article.parse()
        published = article.publish_date
        when = published.isoformat() if hasattr(published, "isoformat") else published or None
        answer = {"title": article.title, "author": list(article.authors), "published": when}
        return {**answer, "body": article.text, "image": article.top_image}

    return read


def readability_lxml() -> Callable[[bytes, str], Answer | None]:
    """Title and text: it reads nothing else."""
    from lxml import html
    from readability import Document

    def read(body: bytes, url: str) -> Answer | None:
        document = Document(_decoded(body), url=url or None)
        text = "\n".join(html.fromstring(document.summary()).itertext())
        return {"title": document.short_title(), "body": text}

    return read


def _decoded(body: bytes) -> str:
    found = _CHARSET.search(body[:4096])
    for name in ("utf-8", found[1].decode("ascii") if found else "cp1252"):
        try:
            return body.decode(name)
        except (UnicodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def main() -> None:
    """Read every page once; a page that the peer fails at is one without an answer."""
    name, rows, folder, out = sys.argv[1:]
    read = {"trafilatura": trafilatura, "newspaper4k": newspaper4k, "readability-lxml": readability_lxml}[name]()
    gold = [json.loads(line) for line in Path(rows).read_text(encoding="utf-8").splitlines()]
    read(gzip.decompress((Path(folder) / gold[0]["file"]).read_bytes()), gold[0]["url"])  # loading is not counted
    seconds = 0.0
    with Path(out).open("w", encoding="utf-8") as file:
        for row in gold:
            body = gzip.decompress((Path(folder) / row["file"]).read_bytes())
            began = time.process_time()
            try:
                answer = read(body, row["url"])
            except Exception:
                answer = None
            seconds += time.process_time() - began
            if answer is not None:
                file.write(json.dumps({"id": row["id"], **answer}, default=str) + "\n")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        file.write(json.dumps({"seconds": seconds, "peak_mib": round(peak)}) + "\n")


if __name__ == "__main__":
    main()
