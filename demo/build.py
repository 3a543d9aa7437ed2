"""Build the demonstration archive: content, pictures and papers -> WARC files, OPML; and the gold labels for measuring.

    python demo/build.py [folder]

writes `archive-N.warc.gz` and `sources.opml` into `folder` (default: src/wiredesk/demo), and demo/gold.jsonl in the
default case.  The same content gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import PIL
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from content import Text, read_content
from noise import BROKEN_FEED, strays
from pages import CHARSETS, FEED_TYPES, Picture, feed, mail, mobile, page, short_hash
from papers import BY_DOMAIN, PAPERS, Paper
from pictures import logo, picture

HERE = Path(__file__).parent
SHIPPED = HERE.parent / "src" / "wiredesk" / "demo"
SOFTWARE = f"wiredesk demo/build.py, Pillow {PIL.__version__}"
_LARGEST = 1_400_000  # bytes of one file
_POLL_LEAD = timedelta(seconds=45)  # a feed is read, then the pages that it names


@dataclass(frozen=True, kw_only=True)
class Capture:
    """One answer as the crawler wrote it down."""

    when: datetime
    url: str
    body: bytes
    type: str
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = ()
    cut_off: bool = False


def captures(texts: Sequence[Text]) -> list[Capture]:
    """Return everything that the crawler brought home in ten days, in the order in which it did."""
    shown = _shown_pictures(texts)
    found: dict[tuple[datetime, str], Capture] = {}
    for capture in [
        *_pages(texts, shown),
        *_feeds(texts, shown),
        *_pictures(texts, shown),
        *_logos(texts),
        *(
            Capture(
                when=_exact(s.when, s.url),
                url=s.url,
                body=s.body,
                type=s.type,
                status=s.status,
                headers=s.headers,
                cut_off=s.cut_off,
            )
            for s in strays(texts)
        ),
    ]:
        found[capture.when, capture.url] = capture
    return [found[key] for key in sorted(found)]


def _exact(moment: datetime, salt: str) -> datetime:
    """Add the fraction of a second that no content file names."""
    return moment + timedelta(microseconds=int(hashlib.sha256(salt.encode()).hexdigest()[:8], 16) % 1_000_000)


def _looks(text: Text) -> list[datetime]:
    """When the crawler read an article: first, and some minutes after each change that came later."""
    later = [r.at + timedelta(minutes=3 + int(short_hash(text.path + str(r.at)), 16) % 7) for r in text.revisions]
    return [_exact(moment, text.path) for moment in (text.seen, *(m for m in later if m > text.seen))]


def _address_read(paper: Paper, text: Text) -> str:
    return mobile(paper.url(text)) if "mobile" in paper.lies else paper.url(text)


def _shown_pictures(texts: Sequence[Text]) -> dict[str, Picture]:
    """Text path -> its picture."""
    shown = {}
    for text in texts:
        if text.picture:
            paper = BY_DOMAIN[text.provider]
            number = int(short_hash(paper.domain + text.picture), 16) % 900_000 + 100_000
            kind = paper.form
            ext = {"jpeg": "jpg", "webp": "webp"}[kind]
            path = paper.picture_path.format(key=text.picture, number=number, ext=ext)
            square = text.picture.startswith("portrait")
            width = min(paper.width, 800) if square else paper.width
            shown[text.path] = Picture(
                url=f"https://{paper.pictures}{path}",
                path=path,
                width=width,
                height=width if square else round(width * 9 / 16),
                type=f"image/{kind}",
            )
    return shown


def _pages(texts: Sequence[Text], shown: dict[str, Picture]) -> Iterator[Capture]:
    for text in texts:
        paper = BY_DOMAIN[text.provider]
        charset = CHARSETS.get(paper.domain)
        for when in _looks(text):
            others = [t for t in texts if t.provider == text.provider and t.published <= when and t is not text]
            type_ = "text/html" if charset else "text/html; charset=utf-8"
            changed = (("Last-Modified", mail(text.changed_at(when))), ("Cache-Control", "max-age=60"))
            for amp in (False, True) if text.amp else (False,):
                body = page(paper, text, when, shown.get(text.path), others[::-1], amp=amp)
                url = paper.amp(paper.url(text)) if amp else _address_read(paper, text)
                at = when + timedelta(seconds=1) if amp else when
                yield Capture(when=at, url=url, body=body, type=type_, headers=changed)


def _feeds(texts: Sequence[Text], shown: dict[str, Picture]) -> Iterator[Capture]:
    for paper in PAPERS:
        own = [text for text in texts if text.provider == paper.domain]
        url = f"https://{paper.host}{paper.feed_path}"
        before = b""
        for when in sorted({moment - _POLL_LEAD for text in own for moment in _looks(text)}):
            body = feed(paper, own, when, shown)
            if body != before:
                yield Capture(when=when, url=url, body=body, type=FEED_TYPES[paper.feed])
                before = body


def _pictures(texts: Sequence[Text], shown: dict[str, Picture]) -> Iterator[Capture]:
    users: dict[str, list[str]] = defaultdict(list)  # key -> papers, by first use
    for text in texts:
        if text.picture and text.provider not in users[text.picture]:
            users[text.picture].append(text.provider)
    jobs = {}
    for text in sorted(texts, key=lambda t: (t.seen, t.path)):
        if text.picture and shown[text.path].url not in jobs:
            jobs[shown[text.path].url] = text
    for url, text in sorted(jobs.items(), key=lambda job: (str(job[1].picture), job[0])):  # one scene after another
        key, paper, seen = str(text.picture), BY_DOMAIN[text.provider], _looks(text)[0]
        body = picture(key, users[key].index(paper.domain) % 4, paper.form, shown[text.path].width)
        lasting = (("Last-Modified", mail(text.published)), ("Cache-Control", "public, max-age=31536000"))
        yield Capture(when=seen + timedelta(seconds=2), url=url, body=body, type=shown[text.path].type, headers=lasting)


def _logos(texts: Sequence[Text]) -> Iterator[Capture]:
    for paper in PAPERS:
        first = min(_looks(text)[0] for text in texts if text.provider == paper.domain)
        lasting = (("Last-Modified", "Thu, 14 Mar 2024 09:00:00 GMT"), ("Cache-Control", "public, max-age=31536000"))
        body = logo(paper.emblem)
        yield Capture(
            when=first + timedelta(seconds=3), url=f"{paper.home}logo.png", body=body, type="image/png", headers=lasting
        )


# --- writing ----------------------------------------------------------------------------------------------------


def _written(capture: Capture) -> bytes:
    """Return a capture as one gzip member of a WARC/1.1 file."""
    server = next((p.server for p in PAPERS if f"//{p.host}/" in capture.url), "nginx")
    headers = [
        ("Date", mail(capture.when)),
        ("Server", server),
        ("Content-Type", capture.type),
        ("Content-Length", str(len(capture.body) + (9_000 if capture.cut_off else 0))),
        *capture.headers,
    ]
    if capture.status == "200 OK" and not capture.cut_off:
        headers.append(("ETag", f'"{short_hash(capture.body)}"'))
    stamp = capture.when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    given = {"WARC-Date": stamp, "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, stamp + capture.url)}>"}
    if capture.cut_off:
        given["WARC-Truncated"] = "disconnect"
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True, warc_version="1.1")
    http = StatusAndHeaders(capture.status, headers, protocol="HTTP/1.1")
    record = writer.create_warc_record(
        capture.url,
        "response",
        payload=io.BytesIO(capture.body),
        length=len(capture.body),
        http_headers=http,
        warc_headers_dict=given,
    )
    writer.write_record(record)
    return file.getvalue()


def _opening(name: str, when: datetime) -> bytes:
    """Return the warcinfo record of a file."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True, warc_version="1.1")
    record = writer.create_warcinfo_record(
        name, {"software": SOFTWARE, "format": "WARC File Format 1.1", "isPartOf": "Corran, ten days in September 2026"}
    )
    record.rec_headers.replace_header("WARC-Date", when.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    record.rec_headers.replace_header("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>")
    writer.write_record(record)
    return file.getvalue()


def archives(found: Sequence[Capture]) -> Iterable[tuple[str, bytes]]:
    """Yield (name, bytes) of the WARC files: in the order of time, as many as their size asks for, about equal."""
    records = [_written(capture) for capture in found]
    total = sum(map(len, records))
    count = -(-total // (_LARGEST - 50_000))
    starts = [0]
    passed = 0
    for i, record in enumerate(records):
        if passed >= total * len(starts) / count:
            starts.append(i)
        passed += len(record)
    for n, (start, end) in enumerate(zip(starts, [*starts[1:], len(records)], strict=True), 1):
        name = f"archive-{n}.warc.gz"
        yield name, _opening(name, found[start].when) + b"".join(records[start:end])


def subscriptions() -> bytes:
    """Return sources.opml: each paper's feed in its folder, and a source that is broken."""
    sys.path.insert(0, str(HERE.parent / "src"))
    from wiredesk.records import Source
    from wiredesk.sources.opml import write_opml

    sources = [
        Source(url=f"https://{p.host}{p.feed_path}", title=p.name, site_url=p.home, folder=p.folder)
        for p in sorted(PAPERS, key=lambda p: (p.folder, p.name))
    ]
    bulletin = Source(
        url=BROKEN_FEED,
        title="Boat Bulletin",
        site_url="https://www.boatbulletin.example/",
        folder=("Local", "Coast and islands"),
    )
    return write_opml([*sources, bulletin], "The Corran Desk")


def gold(texts: Sequence[Text]) -> str:
    """Return one line of JSON an article: its canonical address, what it tells of, and whose text it prints."""
    lines = []
    for text in texts:
        copied = text.original
        line = {
            "url": BY_DOMAIN[text.provider].url(text),
            "story": text.story,
            "kind": text.kind,
            "copy_of": BY_DOMAIN[copied.provider].url(copied) if copied else None,
            "provider": text.provider,
            "language": text.language,
            "file": text.path,
        }
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    return "".join(lines)


def build(folder: Path) -> list[Capture]:
    """Write the archive and the subscription list into `folder`; return what the archive holds."""
    texts = read_content(HERE / "content")
    found = captures(texts)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("archive*.warc.gz"):
        old.unlink()
    for name, data in archives(found):
        (folder / name).write_bytes(data)
    (folder / "sources.opml").write_bytes(subscriptions())
    return found


def main() -> None:
    """Build into the folder named on the command line, or into the package."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED
    found = build(folder)
    if folder == SHIPPED:
        (HERE / "gold.jsonl").write_text(gold(read_content(HERE / "content")), encoding="utf-8")
    sizes = ", ".join(f"{p.name} {p.stat().st_size:,} bytes" for p in sorted(folder.glob("archive*.warc.gz")))
    print(f"{len(found)} captures, {found[0].when.astimezone(UTC):%d %b} to {found[-1].when:%d %b %Y}: {sizes}")


if __name__ == "__main__":
    main()
