"""Wrap plain articles as web pages in a WARC file, or as Markdown records: input for the benchmarks.

usage: python bench/wrap.py ROWS.jsonl.gz --warc pages.warc.gz [--articles 20000]
       python bench/wrap.py ROWS.jsonl.gz --records FOLDER [--articles 20000]

ROWS has one JSON object a line with id, title, text, published, provider.  Rows without date or provider are left out.
The same rows give the same bytes: what the rows do not tell (hour, byline, layout) follows from their ids.  Every page
is captured, and every record written, one hour after its publication.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import jinja2
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from wiredesk.recordformat import RecordFile, record_bytes, record_name, slug, unique_name
from wiredesk.text import shorten

LAG = timedelta(hours=1)  # from publication to capture
LAYOUTS = ("broadsheet", "magazine", "broadsheet", "magazine", "plain")  # the last has no JSON-LD
REPORTERS = ("Ada Quill", "Bram Holt", "Cleo Marsh", "Dan Ferrow", "Edda Lind", "Femi Osei", "Gus Tarrant", "Hana Wu")
SECTIONS = ("World", "Politics", "Business", "Health", "Science", "Technology", "Sport", "Culture", "Travel", "Opinion")
TEASERS = 16  # headlines of other articles on each page


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article that was never on the web in this form."""

    id: str
    title: str
    paragraphs: tuple[str, ...]
    published_at: datetime  # the day is the row's, the minute follows from the id
    provider: str  # domain

    @property
    def captured_at(self) -> datetime:
        return self.published_at + LAG

    @property
    def lede(self) -> str:
        return shorten(self.paragraphs[0], 200)

    @property
    def url(self) -> str:
        return f"https://www.{self.provider}/{self.published_at:%Y/%m/%d}/{slug(self.title)[:80]}-{self.id}"

    @property
    def picture(self) -> str:
        return f"https://static.{self.provider}/pictures/{self.id}-1200x630.jpg"

    @property
    def reporter(self) -> str:
        return REPORTERS[_number(self.id) % len(REPORTERS)]

    @property
    def section(self) -> str:
        return SECTIONS[_number(self.id) // 8 % len(SECTIONS)]


def read_pieces(rows: Path, limit: int | None = None) -> list[Piece]:
    """Return the first `limit` usable rows, in the order of the file."""
    with gzip.open(rows, "rt", encoding="utf-8") as lines:
        return list(islice(_pieces(lines), limit))


def _pieces(lines: Iterable[str]) -> Iterator[Piece]:
    for line in lines:
        row = json.loads(line)
        paragraphs = tuple(text for part in row["text"].split("\n") if (text := part.strip()))
        if not (row["published"] and row["provider"] and row["title"] and paragraphs):
            continue
        day = datetime.fromisoformat(row["published"][:10]).replace(tzinfo=UTC)
        yield Piece(
            id=row["id"],
            title=row["title"],
            paragraphs=paragraphs,
            published_at=day + timedelta(minutes=_number(row["id"]) % (24 * 60)),
            provider=row["provider"],
        )


def write_warc(pieces: Sequence[Piece], file: Path) -> None:
    """Write every piece as a page into a WARC/1.1 file, one gzip member a record."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True, trim_blocks=True
    )
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        for place, piece in enumerate(pieces):
            html = _page(templates, pieces, place).encode()
            writer.write_record(
                writer.create_warc_record(
                    piece.url,
                    "response",
                    payload=io.BytesIO(html),
                    http_headers=StatusAndHeaders(
                        "200 OK",
                        [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(html)))],
                        protocol="HTTP/1.1",
                    ),
                    warc_headers_dict={
                        "WARC-Date": _stamp(piece.captured_at),
                        "WARC-Record-ID": f"<urn:uuid:{_uuid(piece.url)}>",
                    },
                )
            )


def _page(templates: jinja2.Environment, pieces: Sequence[Piece], place: int) -> str:
    piece = pieces[place]
    layout = LAYOUTS[_number(piece.provider) % len(LAYOUTS)]
    others = [pieces[(place * 7 + step * 131) % len(pieces)] for step in range(1, TEASERS + 1)]
    return templates.get_template(f"{layout}.html").render(
        piece=piece, others=others, sections=SECTIONS, published=_stamp(piece.published_at)
    )


def write_records(pieces: Iterable[Piece], folder: Path, root_topic: str) -> list[Path]:
    """Write every piece as a record into `folder`/_news, and return the files.  Records hold no text, only a lede."""
    news = folder / "_news"
    news.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    files = []
    for piece in pieces:
        base = record_name(piece.title, piece.published_at)
        name = unique_name(base, taken.__contains__, piece.id, piece.provider)
        taken.add(name)
        files.append(news / f"{name}.md")
        files[-1].write_bytes(record_bytes(_record(piece, root_topic)))
        stamp = piece.captured_at.timestamp()
        os.utime(files[-1], (stamp, stamp))
    return files


def _record(piece: Piece, root_topic: str) -> RecordFile:
    return RecordFile(
        fields={
            "category": "news",
            "title": piece.title,
            "excerpt": piece.lede,
            "publishedDateTime": _stamp(piece.published_at),
            "originalUrl": piece.url,
            "webUrl": piece.url,
            "type": "article",
            "provider": {"name": piece.provider, "domain": piece.provider},
            "topics": [root_topic],
            "images": [{"url": piece.picture, "width": 1200, "height": 630, "isCached": True}],
        }
    )


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _uuid(text: str) -> str:
    digits = hashlib.sha256(text.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--articles", type=int)
    parser.add_argument("--warc", type=Path)
    parser.add_argument("--records", type=Path)
    args = parser.parse_args()
    pieces = read_pieces(args.rows, args.articles)
    if args.warc:
        write_warc(pieces, args.warc)
        print(f"{len(pieces)} pages in {args.warc}, {args.warc.stat().st_size / 2**20:.1f} MiB")
    if args.records:
        print(f"{len(write_records(pieces, args.records, 'News'))} records in {args.records}")


if __name__ == "__main__":
    main()
