"""Run by bench/warc.py in a peer's own environment; prints one JSON object.  Imports nothing of ours.

usage: python warc_peers.py news-please FILE
       python warc_peers.py fundus SERVER_ADDRESS
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import warnings
from datetime import datetime
from pathlib import Path

warnings.simplefilter("ignore")


def news_please(file: str) -> dict[str, object]:
    """Read as newsplease.crawler.commoncrawl_extractor does: warcio, and from_warc for each response."""
    from newsplease import NewsPlease
    from warcio.archiveiterator import ArchiveIterator

    logging.disable(logging.CRITICAL)
    began, records = time.process_time(), 0
    with Path(file).open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                record.raw_stream.read()
                records += 1
    reading = time.process_time() - began
    found: list[str] = []
    failed, pages = 0, 0
    began = time.process_time()
    with Path(file).open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type != "response":
                continue
            pages += 1
            try:
                article = NewsPlease.from_warc(record, fetch_images=False)
            except Exception:  # what one page does to it is counted; the crawl of news-please would stop or go on
                failed += 1
                continue
            if article.title and article.maintext:
                found.append(record.rec_headers.get_header("WARC-Target-URI"))
    seconds = time.process_time() - began
    return {"records": records, "read": reading, "pages": pages, "seconds": seconds, "found": found, "failed": failed}


def fundus(server: str) -> dict[str, object]:
    """Crawl the file that SERVER_ADDRESS lists, as CC-NEWS is crawled, with every publisher that fundus knows."""
    from fundus import CCNewsCrawler, PublisherCollection
    from fundus.scraping import html

    logging.disable(logging.CRITICAL)
    span = {"start": datetime(2026, 11, 1), "end": datetime(2026, 11, 21)}  # noqa: DTZ001 - fundus asks for naive ones
    given = {"processes": 0, "retries": 0, "disable_tqdm": True, "server_address": server}
    publishers = list(PublisherCollection)
    iterator, seen = html.ArchiveIterator, [0]

    def counting(*arguments: object, **options: object) -> object:
        for record in iterator(*arguments, **options):
            seen[0] += 1
            yield record

    html.ArchiveIterator = counting
    path = CCNewsCrawler(*publishers, **given, **span)._get_warc_paths()[0]
    began = time.process_time()
    for _ in html.CCNewsSource(warc_path=path).fetch():  # no publisher: every record is read, none is wanted
        pass
    reading, records = time.process_time() - began, seen[0]
    pages = sum(1 for _ in html.CCNewsSource(*publishers, warc_path=path).fetch())
    began = time.process_time()
    crawler = CCNewsCrawler(*publishers, **given, **span)
    found = [article.html.requested_url for article in crawler.crawl()]
    seconds = time.process_time() - began
    return {"records": records, "read": reading, "pages": pages, "seconds": seconds, "found": found}


def peak_mib() -> float:
    """Return the most memory that this process held."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    answer = {"news-please": news_please, "fundus": fundus}[sys.argv[1]](sys.argv[2])
    print(json.dumps({**answer, "peak_mib": peak_mib()}))
