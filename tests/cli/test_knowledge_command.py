"""`wiredesk knowledge`: what was learned, for people and for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from wiredesk.cli import cli
from wiredesk.extract import Drift, HostKnowledge, Place
from wiredesk.extract.knowledge import Version
from wiredesk.line.learning import KnowledgeFolder
from wiredesk.store import Store, to_json

NOON = datetime(2026, 9, 8, 12, tzinfo=UTC)
PLACE = Place(place="body/p.who", right=9, seen=9, example="Ada Quill")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that knows of one host, and has an alarm for it."""
    root = tmp_path / "site"
    assert CliRunner().invoke(cli, ["new", str(root)]).exit_code == 0
    older = Version(since=datetime(2026, 9, 7, tzinfo=UTC), pages=5, places={"authors": (PLACE,)})
    newer = Version(
        since=datetime(2026, 9, 8, tzinfo=UTC), pages=9, places={"authors": (PLACE,)},
        constants={"image": ("https://h.example/card.jpg",)}, repeated={"00000000000000ff": "Join eleven thousand"},
    )  # fmt: skip
    known = HostKnowledge(host="h.example", fixed={"title": "h1"}, versions=(older, newer))
    KnowledgeFolder(root / "knowledge").write(known)
    drift = Drift(field="authors", now=1, now_of=10, before=48, before_of=50, example="https://h.example/7")
    store = Store(root / "wiredesk.db")
    store.lessons.add_drift("h.example", "authors", NOON, to_json(Drift, drift).decode())
    store.close()
    return root


def _said(site: Path, *words: str) -> str:
    answer = CliRunner().invoke(cli, [words[0], "-C", str(site), *words[1:]])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_table_has_a_line_for_each_host(site: Path):
    """Version, day, pages, blocks, shares of places, drift."""
    line = next(line for line in _said(site, "knowledge").splitlines() if line.strip().startswith("h.example"))

    assert line.split()[1:5] == ["2", "2026-09-08", "9", "1"]
    assert "authors 9/9, title fixed" in line
    assert line.split()[-1] == "authors"


def test_one_host_is_shown_whole(site: Path):
    """Places with figures and an example, constants, blocks, the alarm, older versions."""
    text = _said(site, "knowledge", "h.example")

    for part in (
        "fixed title: h1",
        "authors: found on 1 of the last 10 pages, before on 48 of 50; e.g. https://h.example/7",
        "Version 2, holds from 2026-09-08T00:00:00Z, learned from 9 pages",
        "authors stands at body/p.who: right on 9 of 9 pages",
        "e.g. Ada Quill",
        "image: no value, for it is the same on all pages: https://h.example/card.jpg",
        "Join eleven thousand",
        "1 held from 2026-09-07T00:00:00Z, of 5 pages",
    ):
        assert part in text


def test_programs_get_all_versions(site: Path):
    """As one JSON object, with the same figures."""
    facts = json.loads(_said(site, "knowledge", "--json"))

    host = facts["hosts"][0]
    assert [version["number"] for version in host["versions"]] == [1, 2]
    assert host["versions"][1]["places"]["authors"][0]["confidence"] == pytest.approx(10 / 11, abs=0.001)
    assert host["drift"][0]["field"] == "authors"


def test_a_host_that_nobody_read_is_wrong_use(site: Path):
    """The message says where to look."""
    answer = CliRunner().invoke(cli, ["knowledge", "-C", str(site), "nowhere.example"])

    assert answer.exception
    assert "no page of this host was read" in str(answer.exception)


def test_the_status_shows_what_got_worse(site: Path):
    """Until it is over."""
    assert "before on 48 of 50" in _said(site, "status").replace("\n", " ")
    assert json.loads(_said(site, "status", "--json"))["drift"][0]["where"] == "h.example"
