"""Measure reading a CC-NEWS shaped archive: ours, and in the same run the WARC readers of fundus and news-please.

    python bench/warc.py [--data ../shared/data] [--peers DIR] [--records 20000]

The archive holds every page of the article pack, one gzip member a record, with the headers that CC-NEWS has (coding
undone, X-Crawler-Content-Encoding).  Each measurement is a process of its own, with one core's work: processor time.
"pages" are read and extracted as `wiredesk import` does; "articles" are those that come out with a title and a text,
"right" those of them that the pack's labels call articles.  fundus knows its own publishers and passes over all
others: its pages are theirs, and so are its articles.  "records" are what a reader goes through without extracting:
fundus's checks every digest and decodes none of them, news-please's takes every body, ours makes pages of them.  The
large file is the same archive over and over.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from data import data_option, need
from warc_peers import peak_mib
from wiredesk.errors import UnreadableError
from wiredesk.extract import extract
from wiredesk.fetch import Wanted, read_archive
from wiredesk.records import Problem

BEGUN = datetime(2026, 11, 20, tzinfo=UTC)
NAME = "CC-NEWS-20261120000000-00001.warc.gz"
FOLDER = "crawl-data/CC-NEWS/2026/11"
PEERS = {"fundus": ["fundus", "curl-cffi<0.14"], "news-please": ["news-please"]}  # and what pip is asked for
HERE = Path(__file__)


def main() -> None:
    """Read the arguments, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(options)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wiredesk-bench"
    options.add_argument("--peers", type=Path, default=cache, help="where the peers' environments are, or are made")
    options.add_argument("--records", type=int, default=20_000, help="of the large file")
    options.add_argument("--part", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.part:
        print(json.dumps({"reader": _reader, "pages": _pages}[given.part[0]](Path(given.part[1]))))
        return
    labels = need(given.data, "articles", "gold.jsonl")
    with tempfile.TemporaryDirectory() as folder, labels.open(encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines]
        file = Path(folder) / FOLDER / NAME
        file.parent.mkdir(parents=True)
        articles = _write(file, labels.parent, gold)
        (file.parent / "warc.paths.gz").write_bytes(gzip.compress(f"{FOLDER}/{NAME}\n".encode()))
        large = Path(folder) / "large.warc.gz"
        with large.open("wb") as out:
            for _ in range(-(-given.records // len(gold))):
                out.write(file.read_bytes())
        print(f"{len(gold)} pages, {file.stat().st_size / 2**20:.0f} MiB; {large.stat().st_size / 2**20:.0f} MiB large")
        ours = _part("pages", file)
        ours |= {name: value for name, value in _part("reader", file).items() if name in ("records", "read")}
        grown = _part("reader", large)
        small = _part("reader", file)
        peers = {}
        for name in PEERS:
            peers[name], why = _peer(name, given.peers, file, Path(folder))
            if why:
                print(f"{name}: not measured: {why}")
    answer = _figures(ours, articles)
    answer["peak_mib_reader"] = round(small["peak_mib"], 1)
    answer["large_records"] = grown["records"]
    answer["large_records_per_second"] = round(grown["records"] / grown["read"], 1)
    answer["large_peak_mib_reader"] = round(grown["peak_mib"], 1)
    results = {"wiredesk": answer} | {n: found and _figures(found, articles) for n, found in peers.items()}
    _table(results)
    print(json.dumps({**answer, "peers": {name: results[name] for name in PEERS}}))


def _figures(found: dict[str, Any], articles: set[str]) -> dict[str, Any]:
    return {
        "pages_per_core_second": round(found["pages"] / found["seconds"], 1),
        "articles": len(found["found"]),
        "articles_right": len(articles.intersection(found["found"])),
        "pages": found["pages"],
        "records_per_second": round(found["records"] / found["read"], 1),
        "records": found["records"],
        "peak_mib": round(found["peak_mib"], 1),
    }


def _table(results: dict[str, dict[str, Any] | None]) -> None:
    print(f"{'':32}" + "".join(f"{name:>14}" for name in results))
    for key in results["wiredesk"] or {}:
        values = [None if found is None else found.get(key) for found in results.values()]
        print(f"{key:32}" + "".join(f"{'-' if value is None else format(value, ',')!s:>14}" for value in values))


# --- the archive -----------------------------------------------------------------------------------------------------


def _write(file: Path, data: Path, gold: list[dict[str, Any]]) -> set[str]:
    """Write the pages as CC-NEWS would have captured them; return the addresses of articles."""
    articles = set()
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.0")
        info = {"software": "bench/warc.py", "format": "WARC File Format 1.0"}
        writer.write_record(writer.create_warcinfo_record(file.name, info))
        for number, row in enumerate(gold):
            stored = (data / row["file"]).read_bytes()
            body = gzip.decompress(stored)
            unknown = f"https://{row['site'] or 'unknown.example'}/{row['id']}"
            url = row["url"] if row["url"].startswith(("http://", "https://")) else unknown
            captured = BEGUN + timedelta(seconds=number)
            kind = "text/html; charset=utf-8" if row["charset"] else "text/html"
            http = [
                ("Date", f"{captured:%a, %d %b %Y %H:%M:%S} GMT"),
                ("Content-Type", kind),
                ("X-Crawler-Transfer-Encoding", "chunked"),
                ("Connection", "keep-alive"),
                ("Vary", "Accept-Encoding"),
                ("X-Crawler-Content-Encoding", "gzip"),
                ("X-Crawler-Content-Length", str(len(stored))),
                ("Content-Length", str(len(body))),
            ]
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=StatusAndHeaders("200 OK", http, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": f"{captured:%Y-%m-%dT%H:%M:%SZ}", "WARC-Payload-Type": "text/html"},
            )
            writer.write_record(record)
            if row["type"] == "article":
                articles.add(url)
    return articles


# --- ours ------------------------------------------------------------------------------------------------------------


def _part(what: str, file: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, HERE, "--part", what, file], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _reader(file: Path) -> dict[str, Any]:
    began, records = time.process_time(), 0
    for found in read_archive(file, wanted=Wanted(readable=True, now=BEGUN + timedelta(days=1))):
        if isinstance(found, Problem):
            sys.exit(f"{found.where}: {found.what}")
        records += 1
    return {"records": records, "read": time.process_time() - began, "peak_mib": peak_mib()}


def _pages(file: Path) -> dict[str, Any]:
    found, pages = [], 0
    began = None
    for each in read_archive(file, wanted=Wanted(readable=True, now=BEGUN + timedelta(days=1))):
        if isinstance(each, Problem):
            sys.exit(f"{each.where}: {each.what}")
        page = each[0]
        try:
            if began is None:
                extract(page)  # models are loaded once, not per page
                began = time.process_time()
            pages += 1
            draft = extract(page)
        except UnreadableError:
            continue
        if draft.title and draft.text:
            found.append(page.url)
    assert began is not None
    return {"pages": pages, "seconds": time.process_time() - began, "found": found, "peak_mib": peak_mib()}


# --- the peers -------------------------------------------------------------------------------------------------------


def _peer(name: str, cache: Path, file: Path, root: Path) -> tuple[dict[str, Any] | None, str]:
    """Return a peer's measurements, or None and why there are none."""
    place = cache / name
    python = place / "bin" / "python"
    if not (place / "made").exists():
        shutil.rmtree(place, ignore_errors=True)
        for command in (
            [sys.executable, "-m", "venv", place],
            [python, "-m", "pip", "install", "--quiet", *PEERS[name]],
        ):
            made = subprocess.run(command, capture_output=True, text=True, check=False)
            if made.returncode:
                return None, f"{name} cannot be installed: {_last(made.stderr)}"
        (place / "made").touch()
    # The peers are measured, not their look-ups: suffix lists and models that some of their parts would download.
    closed = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https")} | {"no_proxy": "127.0.0.1"}
    with _served(root) as address:
        command = [python, HERE.with_name("warc_peers.py"), name, address if name == "fundus" else file]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=os.environ | closed | {"PYTHONPATH": ""}
        )
    if done.returncode:
        return None, f"{name} does not read the file: {_last(done.stderr)}"
    return dict(json.loads(done.stdout.splitlines()[-1])), ""


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and not re.match(r"WARNING|\[notice\]", line)]
    return lines[-1][:300] if lines else "it does not say why"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _served(root: Path) -> Iterator[str]:
    """Serve the folder on loopback, as fundus reads nothing else."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
