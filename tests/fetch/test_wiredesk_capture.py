"""What was received is kept, and read again by us and by others."""

import gzip
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from wiredesk.errors import StoreError, UnreadableError
from wiredesk.fetch import CaptureWriter, Location, read_captures, read_one
from wiredesk.records import Page, Problem

NOW = datetime(2026, 11, 3, 10, 15, 30, 123456, tzinfo=UTC)


def page(number=1, body=b"<p>Hi", **changes):
    url = f"https://paper.example/{number}"
    given = {"url": url, "final_url": url, "status": 200, "headers": (("Content-Type", "text/html"),), "body": body}
    return Page(**given | {"fetched_at": NOW + timedelta(seconds=number)} | changes)


def write(folder, *pages, max_bytes=10**9):
    writer = CaptureWriter(folder, max_bytes=max_bytes)
    captures = [writer.append(p) for p in pages]
    writer.close()
    return captures


def pages_in(path, **limits):
    return [found[0] if isinstance(found, tuple) else found for found in read_captures(path, **limits)]


def truthful(p):
    """The headers that a capture keeps: those that still hold once the coding is undone."""
    untrue = {"content-encoding", "transfer-encoding", "content-length"}
    kept = tuple((k, v) for k, v in p.headers if k.lower() not in untrue)
    return (*kept, ("Content-Length", str(len(p.body))))


def test_round_trip(tmp_path):
    """Body, addresses, redirects, headers of odd bytes and microseconds come back."""
    headers = (("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("X-Odd", "\xe9;\xff"))
    first = page(1, headers=(*headers, ("Content-Encoding", "br"), ("Content-Length", "3")))
    moved = page(2, final_url="https://paper.example/new", redirects=("https://paper.example/2", "https://x.example/"))
    local = page(3, url="file:///a%20b.md", final_url="file:///a%20b.md", body=bytes(range(256)) * 100)
    captures = write(tmp_path, first, moved, local)
    found = list(read_captures(tmp_path / captures[0].file))

    assert [p.url for p, _ in found] == [first.url, moved.url, local.url]
    for (read, location), written, capture in zip(found, (first, moved, local), captures, strict=True):
        assert read.headers == truthful(written)
        assert (read.body, read.final_url, read.redirects) == (written.body, written.final_url, written.redirects)
        assert read.fetched_at == written.fetched_at
        assert location == Location(offset=capture.offset, length=capture.length)
        assert read_one(tmp_path / capture.file, capture.offset) == read


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            page,
            st.integers(1, 99),
            st.binary(max_size=300),
            headers=st.lists(
                st.tuples(
                    st.from_regex(r"[A-Za-z][A-Za-z-]{0,10}", fullmatch=True),
                    st.text(st.characters(max_codepoint=255), max_size=20),
                )
            ).map(tuple),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_every_body_comes_back(tmp_path_factory, pages):
    """Whatever the bytes and headers, also such as would end a header or a record."""
    folder = tmp_path_factory.mktemp("captures")
    captures = write(folder, *pages)

    assert [p.body for p in pages_in(folder / captures[0].file)] == [p.body for p in pages]


def test_others_can_read_it(tmp_path):
    """warcio agrees on every record and digest, and finds what the file is."""
    (capture,) = write(tmp_path, page(headers=(("Content-Type", "text/html"), ("X", "\xe9"))))
    with (tmp_path / capture.file).open("rb") as file:
        records = [(r.rec_type, r.rec_headers, r.content_stream().read()) for r in ArchiveIterator(file)]

    assert [kind for kind, _, _ in records] == ["warcinfo", "response"]
    assert records[1][1].get_header("WARC-Date") == "2026-11-03T10:15:31.123456Z"
    assert records[1][2] == b"<p>Hi"
    assert records[1][1].protocol == "WARC/1.1"


def test_same_pages_same_bytes(tmp_path):
    """Neither the clock nor chance gets into a capture."""
    for name in ("a", "b"):
        write(tmp_path / name, page(1), page(2))

    assert (tmp_path / "a/wiredesk-00001.warc.gz").read_bytes() == (tmp_path / "b/wiredesk-00001.warc.gz").read_bytes()


def test_appends_and_begins_new_files(tmp_path):
    """A later run goes on in the newest file until it is full."""
    write(tmp_path, page(1))
    second = write(tmp_path, page(2))[0]
    third = write(tmp_path, page(3), max_bytes=10)[0]

    assert (second.file, third.file) == ("wiredesk-00001.warc.gz", "wiredesk-00002.warc.gz")
    assert [p.url[-1] for p in pages_in(tmp_path / second.file)] == ["1", "2"]


def test_a_crash_costs_only_the_record_under_way(tmp_path):
    """Cut anywhere in the last record, the file opens again, says so, and takes more."""
    first, last = write(tmp_path, page(1), page(2, body=b"x\x1f\x8b\x08" * 500))
    path = tmp_path / last.file
    whole = path.read_bytes()
    for cut in (1, 2, 3, 20, last.length // 2, last.length - 1, last.length):
        path.write_bytes(whole[: last.offset + cut])
        writer = CaptureWriter(tmp_path, max_bytes=10**9)
        again = writer.append(page(3))
        writer.close()

        kept = ["1", "3"] if cut < last.length else ["1", "2", "3"]
        assert [p.url[-1] for p in pages_in(path)] == kept
        assert [p.where for p in writer.problems] == ([f"{path.name}:{last.offset}"] if cut < last.length else [])
        assert again.offset == (last.offset if cut < last.length else len(whole))
    assert first.offset > 0


@pytest.mark.parametrize("rest", [b"\0" * 5000, b"junk", b""])
def test_a_file_of_nothing_is_begun_again(tmp_path, rest):
    """Blocks that a crash left empty hold no record."""
    (tmp_path / "wiredesk-00001.warc.gz").write_bytes(rest)
    (capture,) = write(tmp_path, page(1))

    assert [p.url[-1] for p in pages_in(tmp_path / capture.file)] == ["1"]


def test_a_folder_that_cannot_be_written(tmp_path):
    """A StoreError names it."""
    (tmp_path / "captures").write_text("in the way")

    with pytest.raises(StoreError, match="captures"):
        CaptureWriter(tmp_path / "captures", max_bytes=1)


# --- other people's archives -----------------------------------------------------------------------------------------


def record(
    number=1, body=b"<p>Hi", length=None, kind="response", http=b"", status=b"200 OK", date="2020-01-01T00:00:00Z"
):
    block = b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\n" + http + b"\r\n" + body
    if kind == "resource":
        block = body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://old.example/{number}\r\nWARC-Date: {date}\r\n"
        f"WARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"Content-Type: {'image/png' if kind == 'resource' else 'application/http; msgtype=' + kind}\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def archive(tmp_path, *records, packed=True):
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(b"".join(gzip.compress(r, mtime=0) if packed else r for r in records))
    return path


def told(found):
    """Numbers of the pages, "!" for Problems."""
    return "".join("!" if isinstance(f, Problem) else f.url[-1] for f in found)


@pytest.mark.parametrize("packed", [True, False])
def test_reads_responses_and_resources_only(tmp_path, packed):
    """Requests, metadata, revisits and answers without a page are passed over."""
    kinds = [record(n, kind=k) for n, k in enumerate(("request", "metadata", "revisit", "resource", "response"), 1)]
    moved = record(6, status=b"301 Moved")
    found = pages_in(archive(tmp_path, *kinds, moved, packed=packed))

    assert told(found) == "45"
    assert (found[0].body, found[0].content_type) == (b"<p>Hi", "image/png")
    assert found[1].fetched_at == datetime(2020, 1, 1, tzinfo=UTC)


def test_a_whole_archive_as_one_gzip_file(tmp_path):
    """Not what the standard asks for, but it occurs."""
    assert told(pages_in(archive(tmp_path, record(1) + record(2)))) == "12"


@pytest.mark.parametrize(
    ("http", "body"),
    [
        (b"Content-Encoding: gzip\r\n", gzip.compress(b"<p>Hi", mtime=0)),
        (b"Content-Encoding: x-gzip\r\n", gzip.compress(b"<p>Hi", mtime=0)),
        (b"content-encoding: br\r\n", brotli.compress(b"<p>Hi")),
        (b"Transfer-Encoding: chunked\r\n", b"2;x=y\r\n<p\r\n3\r\n>Hi\r\n0\r\n\r\n"),
        (b"Transfer-Encoding: chunked\r\n", b"<p>Hi"),  # undone, and the header kept
        (
            b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
            b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzip.compress(b"<p>Hi", mtime=0)), gzip.compress(b"<p>Hi", mtime=0)),
        ),
    ],
)
def test_codings_are_undone(tmp_path, http, body):
    """Foreign archives keep what went over the wire."""
    (found,) = pages_in(archive(tmp_path, record(http=http, body=body)))

    assert found.body == b"<p>Hi"
    assert not {"content-encoding", "transfer-encoding"} & {name.lower() for name, _ in found.headers}


@pytest.mark.parametrize(
    "bad",
    [
        record(2, http=b"Content-Encoding: gzip\r\n", body=b"junk"),
        record(2, http=b"Content-Encoding: lzma\r\n"),
        record(2, http=b"Content-Encoding: gzip\r\n", body=gzip.compress(bytes(5 * 10**6))),
        record(2, body=bytes(5 * 10**6)),
        record(2, http=b"Transfer-Encoding: chunked\r\n", body=b"2\r\n<p\r\n3\r\n>"),
        record(2, date="yesterday"),
        record(2, date=""),
        record(2, status=b"huh"),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_one_bad_record_costs_that_record(tmp_path, bad, packed):
    """Bombs, broken codings and lost dates become Problems with file and place; the rest is read."""
    path = archive(tmp_path, record(1), bad, record(3), packed=packed)
    found = pages_in(path, max_bytes=10**6)

    assert told(found) == "1!3"
    offset = len(gzip.compress(record(1)) if packed else record(1))
    assert found[1].where == f"{path.name}:{offset}"


@pytest.mark.parametrize("length", [10**6, 200, 75, 20, 0, -5, 10**30])
@pytest.mark.parametrize("packed", [True, False])
def test_a_false_length_costs_that_record(tmp_path, length, packed):
    """However the Content-Length lies, the next record is found."""
    found = pages_in(archive(tmp_path, record(1), record(2, length=length), record(3), packed=packed))

    assert told(found)[0] == "1"
    assert told(found)[-1] == "3"


def test_a_page_that_quotes_an_archive_is_whole(tmp_path):
    """What looks like a record inside a page is text."""
    quoting = b"<pre>" + record(9) + gzip.compress(record(8))
    found = pages_in(archive(tmp_path, record(1), record(2, body=quoting), record(3)))

    assert told(found) == "123"
    assert found[1].body == quoting


def test_broken_and_cut_off_archives(tmp_path):
    """Damage in the middle costs one record, a cut the last one."""
    data = [gzip.compress(record(n)) for n in (1, 2, 3)]
    hurt = bytearray(data[1])
    hurt[40:50] = b"\xff" * 10
    path = tmp_path / "a.warc.gz"
    for content, expected in (
        (data[0] + bytes(hurt) + data[2], "1!3"),
        (data[0] + b"junk" * 50 + data[2], "1!3"),
        (data[0] + data[1] + b"\0" * 1000, "12!"),
        (data[0] + data[1][:-20], "1!"),
        (b"junk" * 100, "!"),
        (b"", ""),
    ):
        path.write_bytes(content)
        assert told(pages_in(path)) == expected


def test_a_missing_file_is_a_problem(tmp_path):
    """Nobody has to look before reading."""
    (problem,) = read_captures(tmp_path / "gone.warc.gz")

    assert "gone.warc.gz" in problem.where


def test_reading_one_that_is_not_there(tmp_path):
    """A place without a page is an error with the place."""
    (capture,) = write(tmp_path, page(1))

    for offset in (0, capture.offset + 1, 10**6):
        with pytest.raises(UnreadableError, match=capture.file):
            read_one(tmp_path / capture.file, offset)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400), st.booleans())
def test_never_raises(tmp_path_factory, junk, place, packed):
    """Junk anywhere in an archive gives pages and Problems, and an end."""
    folder = tmp_path_factory.mktemp("archive")
    path = archive(folder, record(1), record(2), packed=packed)
    data = path.read_bytes()
    path.write_bytes(data[:place] + junk + data[place + len(junk) // 2 :])

    assert len(pages_in(path)) < 20
