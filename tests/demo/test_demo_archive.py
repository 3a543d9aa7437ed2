"""The demonstration archive: what ships is what demo/build.py makes, and it holds what it promises."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as SecondReader

from wiredesk.config import read_settings
from wiredesk.sources import read_opml
from wiredesk.topics import build_tree, read_topic
from wiredesk.urls import canonical

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "src" / "wiredesk" / "demo"
ARCHIVES = sorted(SHIPPED.glob("*.warc.gz"))
MIB = 2**20


@cache
def responses() -> tuple[tuple[str, datetime, int, str, int], ...]:
    """(address, time, status, media type, length) of each capture."""
    found = []
    for path in ARCHIVES:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True):
                when = datetime.fromisoformat(record.headers["WARC-Date"])
                url, http = record.headers["WARC-Target-URI"], record.http_headers
                body = record.reader.read()
                found.append((url, when, http.status_code, record.http_content_type or "", len(body)))
    return tuple(found)


def labels() -> Iterator[dict[str, str | None]]:
    """Our gold labels, one an article."""
    for line in (ROOT / "demo" / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def test_shipped_archive_is_what_the_builder_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same content gives the same bytes, on any day."""
    pillow = pytest.importorskip("PIL", reason="Pillow is not installed: the pictures cannot be drawn again")
    with ARCHIVES[0].open("rb") as file:
        drawn_with = next(iter(ArchiveIterator(file))).reader.read().decode()
    if f"Pillow {pillow.__version__}\r\n" not in drawn_with:
        pytest.skip(f"drawn with another Pillow than {pillow.__version__}: its encoders may give other bytes")
    monkeypatch.setattr(sys, "path", [str(ROOT / "demo"), *sys.path])
    import build

    build.build(tmp_path)

    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(made) == [*(path.name for path in ARCHIVES), "sources.opml"]
    assert [name for name in made if made[name] != (SHIPPED / name).read_bytes()] == []


def test_every_content_file_is_captured_and_labelled() -> None:
    """No article is lost between the writers and the archive; each address is one article."""
    files = {f"{path.parent.name}/{path.stem}" for path in (ROOT / "demo" / "content").glob("*/*.md")}
    gold = list(labels())
    pages = {canonical(url) for url, _, status, kind, _ in responses() if status == 200 and kind == "text/html"}

    assert {line["file"] for line in gold} == files
    assert len({line["url"] for line in gold}) == len(gold) >= 150
    assert [line["file"] for line in gold if canonical(str(line["url"])) not in pages] == []


def test_copies_name_an_article_of_the_archive() -> None:
    """The gold label of a reprint leads to its original."""
    gold = list(labels())
    known = {line["url"] for line in gold}

    assert {line["copy_of"] for line in gold if line["copy_of"]} <= known
    assert all((line["kind"] == "copy") == bool(line["copy_of"]) for line in gold)


def test_nothing_of_the_real_world_is_in_it() -> None:
    """All hosts end in .example (RFC 2606)."""
    hosts = {urlsplit(url).hostname or "" for url, *_ in responses()}

    assert [host for host in sorted(hosts) if not host.endswith(".example")] == []


def test_holds_ten_days_of_fifteen_providers() -> None:
    """Enough for a first edition that looks like one."""
    gold = list(labels())
    days = {when.astimezone(UTC).date() for _, when, *_ in responses()}
    kinds = Counter(kind.split("/")[0] for *_, kind, _ in responses())

    assert len({line["provider"] for line in gold}) >= 12
    assert len(days) >= 10
    assert {line["language"] for line in gold} == {"en", "de"}
    assert kinds["image"] >= 80
    assert {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"} <= {
        kind for *_, kind, _ in responses()
    }


def test_has_failures_to_tell_of() -> None:
    """A run over it meets a dead end, redirects and a broken feed."""
    assert {200, 301, 302, 404} <= {status for _, _, status, _, _ in responses()}


def test_captures_come_in_the_order_of_time() -> None:
    """As a crawler writes them, file after file."""
    times = [when for _, when, *_ in responses()]

    assert times == sorted(times)


def test_is_small_enough_to_ship() -> None:
    """Below 1.4 MB a file, and 3 MiB in all."""
    sizes = [path.stat().st_size for path in ARCHIVES]

    assert max(sizes) < 1_400_000
    assert sum(sizes) < 3 * MIB


def test_second_reader_agrees() -> None:
    """warcio reads the same records, and their digests hold."""
    found = []
    for path in ARCHIVES:
        with path.open("rb") as file:
            for record in SecondReader(file, check_digests="raise"):
                if record.rec_type == "response":
                    record.content_stream().read()
                    found.append(record.rec_headers.get_header("WARC-Target-URI"))

    assert found == [url for url, *_ in responses()]


def test_site_that_ships_with_it_is_sound() -> None:
    """Settings, topic tree and sources are read without a complaint."""
    read_settings(SHIPPED / "wiredesk.toml")
    files = sorted((SHIPPED / "topics").iterdir())
    tree = build_tree([read_topic(file.read_bytes(), file.name) for file in files], [file.name for file in files])
    sources, problems = read_opml((SHIPPED / "sources.opml").read_bytes(), "sources.opml")
    asked = {source.url for source in sources}

    assert problems == [] and tree.problems == ()
    assert len(tree.topics) >= 9 and tree.root is not None
    assert asked <= {url for url, *_ in responses()}
