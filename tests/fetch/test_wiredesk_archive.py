"""Archives of any size and of any truthfulness: what is sound is read, what lies is told."""

from __future__ import annotations

import gzip
import io
import os
import re
import threading
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import brotli
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.fetch import EVERYTHING, Wanted, ascii_domain, read_archive
from wiredesk.records import Page, Problem

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BY_RECORD = ("gzip", "zstd", "zstd with dictionary", "zstd with packed dictionary", "zstd with trained dictionary")
FORMS = ("plain", *BY_RECORD, "one gzip", "one zstd")
CHECKED = {zstd.CompressionParameter.checksum_flag: True}
ENDINGS = {"plain": ".warc", "gzip": ".warc.gz", "one gzip": ".warc.gz"}


def record(
    number=1,
    body=b"<p>Hi",
    *,
    http=b"Content-Type: text/html\r\n",
    status=b"HTTP/1.1 200 OK\r\n",
    length=None,
    kind="response",
    date="2026-11-03T10:15:30Z",
    more="",
    version="WARC/1.0",
    url=None,
):
    """A record as others write it; every part of it may lie."""
    block = status + http + b"\r\n" + body
    lines = [
        version,
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url or f'https://paper.example/{number}'}",
        *([f"WARC-Date: {date}"] if date is not None else []),
        f"WARC-Record-ID: <urn:uuid:{number}>",
        "Content-Type: application/http; msgtype=response",
        *([f"Content-Length: {len(block) if length is None else length}"] if length != "" else []),
        *([more] if more else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def packed(records, form):
    if form == "plain":
        return list(records)
    if form == "gzip":
        return [gzip.compress(each, mtime=0) for each in records]
    if form == "one gzip":
        return [gzip.compress(b"".join(records), mtime=0)]
    if form == "one zstd":
        return [zstd.compress(b"".join(records))]
    if form == "zstd":
        return [zstd.compress(each, options=CHECKED) for each in records]
    samples = [record(n, b"<p>word %d" % n) for n in range(40)]
    words = (
        zstd.train_dict(samples, 2**12).dict_content if "trained" in form else b"".join(samples)
    )  # any content may be
    dictionary = zstd.ZstdDict(words, is_raw="trained" not in form)
    content = zstd.compress(words) if "packed" in form else words
    frame = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    parts = [zstd.compress(each, options=CHECKED, zstd_dict=dictionary) for each in records]
    return [frame + parts[0], *parts[1:]] if parts else []


def archive(folder, records, form="gzip"):
    path = folder / f"a{ENDINGS.get(form, '.warc.zst')}"
    path.write_bytes(b"".join(packed(records, form)))
    return path


def told(found):
    """Numbers of the pages, "!" for Problems."""
    return "".join("!" if isinstance(each, Problem) else each[0].url.rpartition("/")[2] for each in found)


def read(path, wanted=EVERYTHING, **options):
    return list(read_archive(path, wanted=replace(wanted, now=NOW), **options))


def only(path, **options) -> tuple[Problem, Page]:
    """Return the one Problem and the one page of an archive."""
    problem, (page, _) = read(path, **options)
    assert isinstance(problem, Problem)
    return problem, page


# --- forms and sizes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read(tmp_path, form):
    """Compressed by record, as a whole, with a dictionary, or not at all; bodies of every size."""
    bodies = [b"<p>%d" % n + os.urandom(n * 30_000) for n in range(8)]
    found = read(archive(tmp_path, [record(n, body) for n, body in enumerate(bodies)], form))

    assert [page.body for page, _ in found] == bodies


@pytest.mark.parametrize("form", FORMS)
def test_standard_input_is_read(tmp_path, form):
    """What cannot seek and has no name is recognised by its bytes, and gives the same."""
    path = archive(tmp_path, [record(n, os.urandom(50_000)) for n in range(9)], form)
    ours, theirs = os.pipe()
    with open(ours, "rb") as stream, open(theirs, "wb") as out:
        writer = threading.Thread(target=lambda: (out.write(path.read_bytes()), out.close()))
        writer.start()
        found = read(stream)
        writer.join()

    assert told(found) == "012345678"
    assert [each[0] for each in found] == [each[0] for each in read(path)]


def test_a_damaged_pipe_is_read_on(tmp_path):
    """Going back to look for the next record works without seeking, whatever was kept in memory or on disk."""
    data = [gzip.compress(record(n, os.urandom(3 * 2**20)), 1) for n in range(9)]
    data[3] = data[3][:100] + bytes(50) + data[3][150:]
    data[6] = data[6][: -(2**20)]
    ours, theirs = os.pipe()
    with open(ours, "rb") as stream, open(theirs, "wb") as out:
        writer = threading.Thread(target=lambda: (out.write(b"".join(data)), out.close()))
        writer.start()
        found = read(stream)
        writer.join()

    assert told(found) == "012!45!78"


@pytest.mark.parametrize("name", ["a", "a.warc.gz", "a.warc.zst", "a.warc"])
@pytest.mark.parametrize("form", ["plain", "gzip", "zstd"])
def test_names_may_lie(tmp_path, name, form):
    """A file is what its bytes are."""
    path = tmp_path / name
    path.write_bytes(b"".join(packed([record(1), record(2)], form)))

    assert told(read(path)) == "12"


@pytest.mark.parametrize("form", FORMS)
def test_memory_is_flat(tmp_path, form):
    """Twenty times the file takes no more memory."""
    peaks = []
    body = os.urandom(20_000) + bytes(80_000)
    for count in (20, 400):
        path = archive(tmp_path, [record(n, body) for n in range(count)], form)
        tracemalloc.start()
        assert sum(1 for _ in read_archive(path)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] + 500_000


@pytest.mark.parametrize("form", ["plain", "gzip", "zstd"])
def test_how_far_it_is_read_is_told(tmp_path, form):
    """In bytes as stored, never backwards, up to the end."""
    path = archive(tmp_path, [record(n, os.urandom(1000)) for n in range(9)], form)
    places: list[int] = []
    read(path, moved=places.append)

    assert places == sorted(places)
    assert len(places) >= 9
    assert places[-1] >= path.stat().st_size - 4


# --- what is wanted --------------------------------------------------------------------------------------------------


def at(day):
    return datetime(2026, 11, day, tzinfo=UTC)


@pytest.mark.parametrize("form", ["plain", "gzip", "zstd", "one gzip"])
def test_the_date_filter_is_applied_to_the_capture_time(tmp_path, form):
    """WARC-Date decides: not the HTTP date, not what the page says, not the time of the file."""
    lies = b"Content-Type: text/html\r\nDate: Sun, 01 Nov 2026 00:00:00 GMT\r\nLast-Modified: x\r\n"
    body = b'<meta property="article:published_time" content="2026-11-01T00:00:00Z">'
    records = [record(n, body, http=lies, date=f"2026-11-0{n}T00:00:00Z") for n in range(1, 8)]
    path = archive(tmp_path, records, form)
    os.utime(path, (0, 0))

    assert told(read(path, wanted=Wanted(since=at(3), until=at(6)))) == "345"
    assert told(read(path, wanted=Wanted(since=at(7)))) == "7"
    assert told(read(path, wanted=Wanted(until=at(1)))) == ""


def test_a_record_without_a_date_is_filtered_too(tmp_path):
    """By the date that is taken instead."""
    http = b"Content-Type: text/html\r\nDate: Thu, 05 Nov 2026 10:00:00 GMT\r\n"
    path = archive(tmp_path, [record(1, http=http, date=None)])

    assert told(read(path, wanted=Wanted(since=at(4)))) == "!1"
    assert told(read(path, wanted=Wanted(since=at(6)))) == ""


def test_domains_are_whole_names(tmp_path):
    """A domain and what is below it; never what merely contains its name."""
    urls = [
        "https://paper.example/1",
        "https://news.paper.example:8443/2",
        "https://PAPER.example./3",
        "https://wallpaper.example/4",
        "https://else.example/?forward=paper.example/5",
        "https://paper.example.evil.example/6",
        "https://user@other.example/7",
        "https://zeitung-ü.example/8",
        "https://[broken/9",
    ]
    path = archive(tmp_path, [record(url=url) for url in urls])

    assert told(read(path, wanted=Wanted(domains=frozenset({"paper.example"})))) == "123"
    assert told(read(path, wanted=Wanted(domains=frozenset({ascii_domain("Zeitung-Ü.example")})))) == "8"
    assert told(read(path, wanted=Wanted(domains=frozenset({"news.paper.example"})))) == "2"


def test_types_that_nobody_reads_are_not_unpacked(tmp_path):
    """A film that is a bomb costs nothing; pages, feeds, texts, pictures and what has no type are read."""
    bomb = gzip.compress(bytes(10**7))
    kinds = [b"video/mp4", b"application/pdf", b"text/css", b"Application/JavaScript; charset=x", b"font/woff2"]
    coding = b"\r\nContent-Encoding: gzip\r\n"
    records = [record(n, bomb, http=b"content-type: " + kind + coding) for n, kind in enumerate(kinds)]
    good = [b"text/html", b"application/rss+xml", b"text/plain", b"image/png", b"application/vnd.wap.xhtml+xml"]
    records += [record(n, http=b"Content-Type: " + kind + b"\r\n") for n, kind in enumerate(good, 1)]
    records += [record(6, http=b""), record(7, more="WARC-Identified-Payload-Type: application/pdf")]
    path = archive(tmp_path, records)

    assert told(read(path, wanted=Wanted(readable=True), max_bytes=10**6)) == "123456"
    assert told(read(path, max_bytes=10**6)).count("!") == len(kinds)


@pytest.mark.parametrize(
    ("name", "since", "until", "may"),
    [
        ("CC-NEWS-20261103120000-00042.warc.gz", None, None, True),
        ("CC-NEWS-20261103120000-00042.warc.gz", at(3), at(4), True),
        ("CC-NEWS-20261103120000-00042.warc.gz", at(5), None, True),  # files are written to for hours, or days
        ("CC-NEWS-20261103120000-00042.warc.gz", at(12), None, False),
        ("CC-NEWS-20261103120000-00042.warc.gz", None, at(3), True),
        ("CC-NEWS-20261103120000-00042.warc.gz", None, at(2), False),
        ("CC-NEWS-20261399999999-00042.warc.gz", at(12), None, True),  # no date
        ("my-CC-NEWS-20261103120000-00042.warc.gz", at(12), None, True),  # not theirs
        ("other-20200101000000.warc.gz", at(12), None, True),
    ],
)
def test_files_are_passed_over_by_their_name_only_where_that_is_safe(name, since, until, may):
    """A week on the one side, a day on the other."""
    assert Wanted(since=since, until=until).file(name) is may


# --- lies ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["plain", *BY_RECORD, "one gzip"])
@pytest.mark.parametrize("length", ["", 0, 3, 100, 5000, 10**17, -1, "x", 10**30])
def test_a_false_content_length_costs_nothing(tmp_path, form, length):
    """The page is read up to where its record really ends, and that is told."""
    bodies = [b"<p>%d" % n + b" lorem" * 60 for n in range(4)]
    records = [record(n, body, length=length if n == 1 else None) for n, body in enumerate(bodies)]
    path = archive(tmp_path, records, form)
    found = read(path)

    assert told(found) == "0!123"
    assert [each[0].body for each in found if isinstance(each, tuple)] == bodies
    assert "Content-Length is false" in found[1].what
    assert found[1].where.startswith(f"{path.name}:")


@pytest.mark.parametrize("form", BY_RECORD)
def test_a_page_with_a_false_length_may_quote_an_archive(tmp_path, form):
    """Where a record has its own member, nothing that it quotes is taken for a record."""
    body = b"<pre>" + record(9) + record(8)
    found = read(archive(tmp_path, [record(1), record(2, body, length=60), record(3)], form))

    assert told(found) == "1!23"
    assert found[2][0].body == body


@pytest.mark.parametrize("form", ["plain", *BY_RECORD])
def test_records_that_are_no_pages_may_lie_too(tmp_path, form):
    """They cost no page."""
    records = [record(1), record(2, kind="request", length=9000), record(3), record(4, kind="metadata", length=1)]

    assert told(read(archive(tmp_path, [*records, record(5)], form))) == "1!3!5"


@pytest.mark.parametrize("form", FORMS[:5])
def test_the_last_record_is_cut_off(tmp_path, form):
    """It is left out, and told, wherever the cut is."""
    parts = packed([record(1), record(2, os.urandom(5000))], form)
    for cut in (30, len(parts[1]) // 2, len(parts[1]) - 8):
        path = tmp_path / f"a{ENDINGS.get(form, '.warc.zst')}"
        path.write_bytes(parts[0] + parts[1][:cut])
        found = read(path)

        assert told(found) == "1!"
        assert found[1].where == f"{path.name}:{len(parts[0])}"


@pytest.mark.parametrize("form", FORMS[:5])
def test_rubbish_between_records(tmp_path, form):
    """Of any kind: it is passed over, and told once."""
    for junk in (b"junk" * 99, bytes(5000), b"\r\n\r\nWARC/", b"\x1f\x8b\x08" * 50, b"\x28\xb5\x2f\xfd" * 50, b"\n"):
        parts = packed([record(1), record(2)], form)
        path = tmp_path / f"a{ENDINGS.get(form, '.warc.zst')}"
        path.write_bytes(parts[0] + junk + parts[1] + junk)

        assert told(read(path)).strip("!") in ("12", "1!2")


@pytest.mark.parametrize("form", ["plain", "one gzip"])
@pytest.mark.parametrize("lost", [1, 4, 7])
def test_a_record_that_begins_on_a_line_of_another(tmp_path, form, lost):
    """The end of the one before is lost, and its line breaks with it."""
    path = archive(tmp_path, [record(1)[:-lost], record(2), record(3)], form)
    assert told(read(path)).replace("!", "") == "123"

    path = archive(tmp_path, [record(1)[:-4] + b"X_X_", record(2), record(3)], form)
    assert told(read(path)) == "!123"

    path = archive(tmp_path, [record(1), record(2)[:40], record(3)], form)  # in the middle of its headers
    assert told(read(path)) == "1!3"


LOOKS = (  # like the beginning of a member, and is none or holds no record
    b"\x28\xb5\x2f\xfd",
    b"\x1f\x8b\x08",
    b"\x1f\x8b\x08\0\0\0\0\0\0\3",
    b"WARC/1.0\r\n",
    b"\x51\x2a\x4d\x18\x04\0\0\0skip",
    gzip.compress(b"no record", mtime=0),
    zstd.compress(b"no record"),
)


@pytest.mark.parametrize("name", ["a", "a.warc", "a.warc.gz", "a.warc.zst"])
@pytest.mark.parametrize("form", FORMS)
def test_rubbish_that_looks_like_the_beginning_of_another_form(tmp_path, name, form):
    """A file is what its first whole record is."""
    dictionary = b""
    parts = packed([record(n) for n in range(3)], form)
    if form.startswith("zstd with"):  # it stays at the beginning
        size = 8 + int.from_bytes(parts[0][4:8], "little")
        dictionary, parts[0] = parts[0][:size], parts[0][size:]
    path = tmp_path / name
    for junk in LOOKS:
        path.write_bytes(dictionary + junk + b"".join(parts))

        assert told(read(path)).strip("!") == "012", junk


def test_a_wrong_date_is_told_and_replaced(tmp_path):
    """By the date of the HTTP answer, where there is one that can be."""
    http = b"Content-Type: text/html\r\nDate: Tue, 03 Nov 2026 10:15:30 GMT\r\n"
    for date in (None, "", "yesterday", "1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "0000-00-00T00:00:00Z"):
        problem, page = only(archive(tmp_path, [record(1, http=http, date=date)]))

        assert page.fetched_at == datetime(2026, 11, 3, 10, 15, 30, tzinfo=UTC)
        assert "WARC-Date" in problem.what
        assert "HTTP" in problem.now
        assert told(read(archive(tmp_path, [record(1, date=date)]))) == "!"
    assert told(read(archive(tmp_path, [record(1, date="20261103101530")]))) == "1"  # readable, if not to the letter


def test_what_was_cut_off_at_its_capture(tmp_path):
    """The page is what is there, also in chunks, and the reader is told."""
    problem, page = only(archive(tmp_path, [record(more="WARC-Truncated: length")]))
    assert page.body == b"<p>Hi"
    assert "WARC-Truncated: length" in problem.what

    chunked = b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
    for body, there in ((b"3\r\n<p>\r\n9\r\nHi the", b"<p>Hi the"), (b"3\r\n<p>\r\n", b"<p>")):
        _, page = only(archive(tmp_path, [record(body=body, http=chunked, more="WARC-Truncated: time")]))
        assert page.body == there


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "br", "zstd", "gzip, br"])
def test_a_coding_that_was_undone_and_left_in_the_headers(tmp_path, coding):
    """Markup is markup, whatever the header says."""
    http = f"Content-Type: text/html\r\nContent-Encoding: {coding}\r\n".encode()
    for body in (b"<!doctype html><p>Hi", b"\xef\xbb\xbf\n <html>Hi", b'{"version": 1}'):
        ((page, _),) = read(archive(tmp_path, [record(body=body, http=http)]))

        assert page.body == body


@pytest.mark.parametrize("lost", [1, 4, 8])
def test_a_gzip_body_without_its_trailer(tmp_path, lost):
    """Nobody can send it again, and nothing of the page is missing: it is kept, and that is told."""
    http = b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n"
    page = b"<p>" + os.urandom(1000).hex().encode()
    packed_page = gzip.compress(page)
    problem, read_page = only(archive(tmp_path, [record(1, packed_page[:-lost], http=http)]))

    assert read_page.body == page
    assert (problem.what, problem.now) == ("the trailer of its gzip coding is cut off", "the page is whole")
    assert told(read(archive(tmp_path, [record(1, packed_page[:-9], http=http), record(2)]))) == "!2"


def test_the_crawler_kept_the_headers_under_other_names(tmp_path):
    """As CC-NEWS does: the body is decoded already."""
    http = b"Content-Type: text/html\r\nX-Crawler-Content-Encoding: gzip\r\nX-Crawler-Content-Length: 7\r\n"
    ((page, _),) = read(archive(tmp_path, [record(http=http)]))

    assert page.body == b"<p>Hi"
    assert page.header("x-crawler-content-encoding") == "gzip"


PACK = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}


@pytest.mark.parametrize("coding", PACK)
def test_bombs_inside_a_record(tmp_path, coding):
    """They are called bombs, with their sizes, long before the limit for pages; the next record is read."""
    http = b"Content-Type: text/html\r\nContent-Encoding: %b\r\n" % coding.encode()
    found = read(archive(tmp_path, [record(1, PACK[coding](bytes(10**7)), http=http), record(2)]))

    assert told(found) == "!2"
    assert re.fullmatch(r"a decompression bomb: [\d,]+ bytes unpack to more than [12] MiB", found[0].what)


@pytest.mark.parametrize("coding", PACK)
def test_large_pages_inside_a_record(tmp_path, coding):
    """What unpacks to too much without being a bomb is left at the limit, and told as that."""
    page = b"<p>" + (os.urandom(10**4).hex().encode() * 60)
    http = b"Content-Type: text/html\r\nContent-Encoding: %b\r\n" % coding.encode()
    path = archive(tmp_path, [record(1, PACK[coding](page), http=http), record(2)])

    assert told(read(path)) == "12"
    found = read(path, max_bytes=10**6)
    assert told(found) == "!2"
    assert found[0].what == "larger than 0.953674 MiB when decompressed"


def test_a_bomb_that_begins_like_markup(tmp_path):
    """It is no page whose coding was undone already: raw deflate may begin with any sixty bytes."""
    start = b"<p>Hello".ljust(0x3C)  # the size of a stored block: "<"
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    bomb = b" <\0" + (0xFFFF ^ 0x3C).to_bytes(2, "little") + start + packer.compress(bytes(10**7)) + packer.flush()
    http = b"Content-Type: text/html\r\nContent-Encoding: deflate\r\n"
    found = read(archive(tmp_path, [record(1, bomb, http=http), record(2)]))

    assert told(found) == "!2"
    assert "bomb" in found[0].what


def test_a_record_that_is_a_bomb(tmp_path):
    """Half a gigabyte of zeros in a member is passed over, in little memory."""
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as out:
        out.write(gzip.compress(record(1)))
        with gzip.open(out, "wb", 1) as bomb:
            bomb.write(record(2, length=2**29)[:-9])
            for _ in range(2**9):
                bomb.write(bytes(2**20))
        out.write(gzip.compress(record(3)))
    tracemalloc.start()
    found = read(path, max_bytes=10**6)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert told(found) == "1!3"
    assert peak < 20 * 10**6


@pytest.mark.parametrize("form", ["plain", "gzip", "zstd", "one gzip"])
def test_a_million_lines_of_headers(tmp_path, form):
    """Of the record or of HTTP: left out, told, and passed."""
    lines = "\r\n".join(f"X-{n}: y" for n in range(10**6))
    records = [record(1), record(2, more=lines), record(3), record(4, http=lines.encode() + b"\r\n"), record(5)]

    assert told(read(archive(tmp_path, records, form))) == "1!3!5"


@pytest.mark.parametrize("junk", [b"\r\n" * 10**6, b"WARC/1.0\r\nX: y\r\n" * 3_000, b"WARC/1.0\r\n\r\n" * 3_000])
@pytest.mark.parametrize("form", ["plain", "one gzip", "gzip"])
def test_much_of_little_costs_little(tmp_path, form, junk):
    """Empty lines, and beginnings of records without records, are passed over in time that grows with their size."""
    assert told(read(archive(tmp_path, [record(1), junk + record(2), record(3)], form)))[-1] == "3"


def test_folded_lines_are_joined_in_linear_time(tmp_path):
    """A header that goes on for 200,000 lines is one header."""
    http = b"Content-Type: text/html\r\nX: a\r\n" + b" b\r\n" * 200_000
    ((page, _),) = read(archive(tmp_path, [record(http=http)]))

    assert len(page.header("x")) == 400_001


@pytest.mark.parametrize(
    "changes",
    [
        {"status": b"huh\r\n"},
        {"status": b""},
        {"status": b"HTTP/1.1 200 OK\r\nContent-Type: text/html", "http": b"", "body": b""},
        {"http": b"Content-Encoding: gzip\r\n", "body": b"\x1f\x8b\x08junk"},
        {"http": b"Content-Encoding: lzma\r\n"},
        {"http": b"Transfer-Encoding: chunked\r\n", "body": b"2\r\n<p\r\n3\r\n>"},
    ],
)
def test_broken_http_costs_the_record(tmp_path, changes):
    """The Problem names file and offset."""
    path = archive(tmp_path, [record(1), record(2, **changes), record(3)])
    found = read(path)

    assert told(found) == "1!3"
    assert found[1].where == f"{path.name}:{len(gzip.compress(record(1)))}"


def test_what_is_no_page_is_passed_over_in_silence(tmp_path):
    """Revisits, requests, conversions, answers without a page, addresses of other kinds."""
    kinds = ["revisit", "request", "metadata", "conversion", "continuation", "warcinfo", "huh"]
    records = [record(1, kind=kind) for kind in kinds]
    records += [record(2, status=b"HTTP/1.1 %d X\r\n" % status) for status in (301, 304, 404, 410, 500, 999)]
    records += [record(3, url="dns:paper.example"), record(4, url="screenshot:https://paper.example/")]

    assert read(archive(tmp_path, records)) == []


@pytest.mark.parametrize("version", ["WARC/0.17", "WARC/0.18", "WARC/1.0", "WARC/1.1"])
@pytest.mark.parametrize("form", FORMS)
def test_versions_and_brackets(tmp_path, version, form):
    """Old archives put the address in brackets; ends of lines may lack their CR."""
    old = record(1, version=version, url="<https://paper.example/1>", http=b"")
    head, _, block = old.partition(b"\r\n\r\n")
    bare = record(2, version=version, http=b"").partition(b"\r\n\r\n")
    bare = bare[0].replace(b"\r\n", b"\n") + b"\n\n" + bare[2]

    assert told(read(archive(tmp_path, [head + b"\r\n\r\n" + block, bare, record(3)], form))) == "123"


def test_a_record_directly_behind_what_looked_like_one(tmp_path):
    """The end of a record whose beginning is lost is not taken for a beginning."""
    path = tmp_path / "a.warc"
    path.write_bytes(b"WARC/ the end of another\r\n\r\n" + record(1) + record(2))

    assert told(read(path)) == "!12"


def test_a_dictionary_that_is_broken(tmp_path):
    """No record can be read, one Problem says so, and nothing is raised."""
    path = archive(tmp_path, [record(n) for n in range(9)], "zstd with packed dictionary")
    data = bytearray(path.read_bytes())
    data[20:60] = bytes(40)
    path.write_bytes(data)

    assert "0" not in told(read(path)).strip("!")


@pytest.mark.parametrize(
    "content", [zstd.compress(bytes(100))[:-4], zstd.compress(bytes(2**24 + 1)), b"", b"\x37\xa4\x30\xec"]
)
def test_a_dictionary_that_is_none(tmp_path, content):
    """Cut off, larger than anybody's, or of no words."""
    frame = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    (tmp_path / "a.warc.zst").write_bytes(frame + zstd.compress(record(1)))
    problem, *_ = read(tmp_path / "a.warc.zst")

    assert "the dictionary that all records need is broken" in problem.what


def test_a_folder_is_no_archive(tmp_path):
    """Nobody has to look before reading."""
    (problem,) = read(tmp_path)

    assert "cannot be read" in problem.what


# --- a law -----------------------------------------------------------------------------------------------------------

mutations = st.lists(
    st.tuples(
        st.sampled_from(["cut", "flip", "insert", "overwrite"]),
        st.floats(0, 1, exclude_max=True),
        st.one_of(
            st.binary(min_size=1, max_size=60),
            st.sampled_from([b"WARC/1.0\r\n", b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"\r\n\r\n", bytes(3000)]),
        ),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(mutations, st.sampled_from([*BY_RECORD, "plain"]), st.booleans())
def test_untouched_records_are_read_whatever_happened_to_others(tmp_path_factory, changes, form, piped):
    """Cut, flipped, overwritten, with rubbish between: whoever is whole is read, and nothing is raised.

    Not for a dictionary that was hit: all need it.  In a file without compression a hit header may make the page
    before longer: its body is held to be what it was only as far as it was its own.
    """
    bodies = {n: b"<p>%d " % n + bytes(range(256)) * (n % 3) + b"end" for n in range(10)}
    parts = packed([record(n, body) for n, body in bodies.items()], form)
    data = bytearray(b"".join(parts))
    owner = [n for n, part in enumerate(parts) for _ in part]  # whose byte it is
    whole = dict.fromkeys(range(10), True)
    for what, place, junk in changes:
        spot = int(place * len(data)) if data else 0
        if what == "insert":
            inside = 0 < spot < len(owner) and owner[spot - 1] == owner[spot]
            if inside and owner[spot] >= 0:
                whole[owner[spot]] = False
            data[spot:spot] = junk
            owner[spot:spot] = [-1] * len(junk)
            continue
        end = len(data) if what == "cut" and place > 0.5 else min(len(data), spot + len(junk))
        for hit in owner[spot:end]:
            if hit >= 0:
                whole[hit] = False
        if what == "flip":
            data[spot:end] = bytes(byte ^ 0x55 for byte in data[spot:end])
        elif what == "overwrite":
            data[spot:end] = junk[: end - spot]
        else:
            del data[spot:end]
            del owner[spot:end]
    if form.startswith("zstd with") and (not whole[0] or owner[:1] != [0]):
        whole = {}  # the dictionary, or its place at the beginning
    path = tmp_path_factory.mktemp("law") / f"a{ENDINGS.get(form, '.warc.zst')}"
    path.write_bytes(data)
    source = io.BytesIO(bytes(data)) if piped else path
    if piped:
        source.seekable = lambda: False
    found = read(source, name=path.name)

    pages = {each[0].url.rpartition("/")[2]: each[0].body for each in found if isinstance(each, tuple)}
    for number in (n for n, sound in whole.items() if sound):
        assert str(number) in pages
        if form != "plain":
            assert pages[str(number)] == bodies[number]
        else:
            assert pages[str(number)].startswith(bodies[number])
