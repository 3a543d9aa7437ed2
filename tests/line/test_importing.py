"""Archives come in as captures: once each, whatever happens meanwhile, and only what is wanted."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commands_on_sites import wiredesk

from wiredesk import pipeline
from wiredesk.fetch import Wanted, read_captures
from wiredesk.newsroom import open_room
from wiredesk.records import Problem

NOW = datetime(2026, 11, 20, tzinfo=UTC)
IMPORT = """
import sys
from pathlib import Path
from wiredesk import pipeline
from wiredesk.newsroom import open_room
with open_room(Path(sys.argv[1])) as room:
    print("begun", flush=True)
    pipeline.bring_in(room, [Path(sys.argv[2])])
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A new site without sources."""
    folder = tmp_path / "desk"
    folder.mkdir()
    wiredesk(folder, "new", ".", "--title", "The Desk")
    return folder


def record(number: int, *, day: int = 3, host: str = "paper.example", words: int = 0) -> bytes:
    body = f"<html><title>Number {number}</title><p>Ferry {number} is late.</p>{number * 'x'[:words]}</html>".encode()
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://{host}/{number}\r\n"
        f"WARC-Date: 2026-11-{day:02}T10:00:00Z\r\nContent-Type: application/http\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 1, mtime=0)


def archive(path: Path, *records: bytes) -> Path:
    path.write_bytes(b"".join(records))
    return path


def bring_in(site: Path, *paths: Path, **options) -> list[Problem]:
    with open_room(site, clock=lambda: NOW) as room:
        pipeline.bring_in(room, paths, **options)
        return list(room.problems)


def held(site: Path) -> Counter[str]:
    """Count the captured addresses, in the files and in the store; both have to agree."""
    found: Counter[str] = Counter()
    for path in sorted((site / "captures").glob("*.warc.gz")):
        for each in read_captures(path):
            assert not isinstance(each, Problem), each
            found[each[0].url.rpartition("/")[2]] += 1
    with open_room(site) as room:
        assert room.store.intake.capture_count() == found.total()
    return found


def test_an_import_that_is_killed_goes_on(tmp_path, desk):
    """kill -9 at any moment: started again, every page is here, once."""
    count = 3000
    path = archive(tmp_path / "a.warc.gz", *(record(n, words=1) for n in range(count)))
    chance = random.Random(20261120)
    cut_off = 0
    for _ in range(5):
        command = [sys.executable, "-c", IMPORT, desk, path]
        with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
            process.stdout.readline()
            time.sleep(chance.uniform(0.02, 0.5))
            if process.poll() is None:
                cut_off += 1
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    problems = bring_in(desk, path)

    assert cut_off >= 2
    assert held(desk) == Counter(str(n) for n in range(count))
    assert [p for p in problems if p.where.startswith("a.warc.gz")] == []


def test_the_same_file_twice_adds_nothing(tmp_path, desk):
    """Under another name neither; and a page that stands twice in an archive is taken once."""
    path = archive(tmp_path / "a.warc.gz", record(1), record(2), record(1), record(1, day=4))
    bring_in(desk, path)
    before = held(desk)
    files = {file.name: file.read_bytes() for file in (desk / "captures").iterdir()}
    bring_in(desk, path, archive(tmp_path / "b.warc.gz", path.read_bytes()))

    assert before == Counter({"1": 2, "2": 1})
    assert {file.name: file.read_bytes() for file in (desk / "captures").iterdir()} == files


def test_only_what_is_wanted(tmp_path, desk):
    """By time and domain; files of CC-NEWS that cannot hold any are not even opened; N pages at most."""
    records = [record(n, day=n, host="paper.example" if n % 2 else "else.example") for n in range(1, 9)]
    path = archive(tmp_path / "a.warc.gz", *records)
    broken = tmp_path / "CC-NEWS-20261001000000-00001.warc.gz"
    broken.write_bytes(b"would be a Problem")
    wanted = Wanted(
        since=datetime(2026, 11, 2, tzinfo=UTC),
        until=datetime(2026, 11, 8, tzinfo=UTC),
        domains=frozenset({"paper.example"}),
    )

    assert bring_in(desk, broken, path, wanted=wanted, limit=2) == []
    assert held(desk) == Counter("35")
    bring_in(desk, path, wanted=wanted, limit=2)
    assert held(desk) == Counter("357")


def test_a_list_of_paths(tmp_path, desk):
    """As Common Crawl publishes them: below the list, or all beside it; what is not there is told, with its line."""
    below = tmp_path / "crawl-data" / "CC-NEWS"
    below.mkdir(parents=True)
    archive(below / "CC-NEWS-1.warc.gz", record(1))
    archive(tmp_path / "CC-NEWS-2.warc.gz", record(2))
    lines = [f"crawl-data/CC-NEWS/CC-NEWS-{n}.warc.gz" for n in (1, 2, 3)]
    listed = tmp_path / "warc.paths.gz"
    listed.write_bytes(gzip.compress("\n".join([*lines, "", "https://else.example/x.warc.gz"]).encode()))
    problems = bring_in(desk, listed)

    assert held(desk) == Counter("12")
    assert [problem.where for problem in problems] == ["warc.paths.gz:3", "warc.paths.gz:5"]
    assert "CC-NEWS-3" in problems[0].what

    listed.write_bytes(b"junk")
    (problem,) = bring_in(desk, listed)
    assert problem.where == "warc.paths.gz"


def test_a_folder_of_archives_and_problems_with_their_place(tmp_path, desk):
    """A damaged record names the file as it lies in the folder, and where in it."""
    folder = tmp_path / "archives" / "2026"
    folder.mkdir(parents=True)
    archive(folder / "a.warc.gz", record(1), b"junk" * 9, record(2))
    archive(folder.parent / "b.warc", gzip.decompress(record(3)))
    (folder.parent / "warc.paths").write_text("2026/a.warc.gz\n")
    problems = bring_in(desk, folder.parent)

    assert held(desk) == Counter("123")
    assert [problem.where for problem in problems] == [f"2026/a.warc.gz:{len(record(1))}"]


def test_a_link_that_leads_nowhere_is_told_of(tmp_path, desk):
    """It may stand for an article; folders and links to them are nothing to tell of."""
    folder = tmp_path / "files"
    (folder / "inner.html").mkdir(parents=True)
    (folder / "lost.html").symlink_to(tmp_path / "nowhere.html")
    problems = bring_in(desk, folder)

    assert [(problem.where, problem.what) for problem in problems] == [
        ("lost.html", "cannot be read: No such file or directory")
    ]


class Bar:
    """Progress that is remembered."""

    def begin(self, title, total):
        self.total, self.steps = total, []
        return self.steps.append

    def end(self):
        pass


def test_progress_is_by_bytes(tmp_path, desk):
    """A bar of MiB, which fills up to the size of all files, also of those that are passed over by their name."""
    folder = tmp_path / "archives"
    folder.mkdir()
    for name in ("a.warc", "b.warc", "CC-NEWS-20200101000000-00001.warc"):
        text = b"x" * (3 * 2**20 + 2**19)
        plain = gzip.decompress(record(1)).replace(b"Content-Length: ", b"Content-Length: 0").rstrip(b"\r\n")
        length = int(plain.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        larger = plain.replace(b"%d\r\n\r\nHTTP" % length, b"%d\r\n\r\nHTTP" % (length + len(text)), 1)
        (folder / name).write_bytes(larger + text + b"\r\n\r\n")
    bar = Bar()
    with open_room(desk, progress=bar, clock=lambda: NOW) as room:
        pipeline.bring_in(room, [folder], Wanted(since=datetime(2026, 11, 1, tzinfo=UTC)))

    assert bar.total == 11
    assert sum(bar.steps) == 10
    assert min(bar.steps) > 0
    assert room.counts["archives_passed"] == 1


def imported(site: Path, *words: str, stdin: bytes | None = None) -> int:
    command = [sys.executable, "-m", "wiredesk", "import", "--json", "--jobs", "1", "--now", NOW.isoformat(), *words]
    done = subprocess.run(command, cwd=site, input=stdin, capture_output=True, check=True, timeout=120)
    return json.loads(done.stdout.splitlines()[-1])["pages"]["imported"]


def test_the_command(tmp_path, desk):
    """Standard input, and every option; a day given to --until is a whole one."""
    records = [record(n, day=n, host="paper.example" if n < 5 else "else.example") for n in range(1, 9)]
    path = archive(tmp_path / "a.warc.gz", *records)
    (tmp_path / "domains.txt").write_text("# ours\nPaper.example\n\nother.example # not there\n")

    assert imported(desk, str(path), "--since", "2026-11-03", "--until", "2026-11-04") == 2
    assert imported(desk, str(path), "--domain", "else.example", "--limit", "1") == 1
    assert imported(desk, str(path), "--domains", str(tmp_path / "domains.txt")) == 2
    assert imported(desk, "-", stdin=path.read_bytes()) == 3
    assert imported(desk, "-", stdin=path.read_bytes()) == 0
    old = archive(tmp_path / "CC-NEWS-20200101000000-00001.warc.gz", record(9))
    done = wiredesk(desk, "import", str(old), "--since", "2026-11-01", "--now", NOW.isoformat())
    assert "1 archives too old or young" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "soon"], "no date such as"),
        (["--since", "2026-11-05", "--until", "2026-11-03"], "is not before"),
        (["--domain", "not a domain"], "no domain such as"),
        (["--limit", "0"], "--limit"),
    ],
)
def test_wrong_use_is_told_before_anything_is_imported(tmp_path, desk, words, said):
    """With exit code 2."""
    path = archive(tmp_path / "a.warc.gz", record(1))
    done = wiredesk(desk, "import", str(path), *words, check=False)

    assert done.returncode == 2
    assert said in done.stderr
    assert held(desk) == Counter()
