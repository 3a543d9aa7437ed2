"""The records check: it agrees where the record format says so, and explains every miss."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wiredesk.errors import UsageError
from wiredesk.recordcheck import CHECKS, check

RECORDS = Path(__file__).parents[1].parent / "shared" / "data" / "records"

TOPIC = "taxonomy: topic\n_id: ai\nname: AI\nkeywords:\n  - ai\n"
RECORD = """---
category: news
title: "AI at sea"
excerpt: ""
publishedDateTime: 2023-11-07T19:43:00Z
originalUrl: "https://www.example.com/a"
webUrl: "https://www.example.com/a"
type: article
quality: 17
heat: 17
published: false

provider:
  name: Example
  domain: example.com

topics:
  - AI

secured: "YQ==;Yg=="
---

"""

BROKEN = (
    "no record",
    "---\ntitle: x\n---\n\n",
    RECORD.replace("2023-11-07T19:43:00Z", "soon"),
    RECORD.replace("https://www.example.com/a", "https://[x"),
    RECORD.replace("heat: 17", "heat:"),
    RECORD.replace("  - AI", "  - a: b"),
    RECORD.replace("  name: Example", "  name:"),
    RECORD.replace("secured:", "related:\n  - title: x\nsecured:"),
    RECORD.replace("type: article", "type: article\nampWebUrl: ftp"),
)


def site(folder: Path, **records: str) -> Path:
    (folder / "_data" / "topics").mkdir(parents=True)
    (folder / "_data" / "organizations").mkdir()
    (folder / "_data" / "topics" / "00-ai.yaml").write_text(TOPIC)
    (folder / "_news").mkdir()
    for name, text in records.items():
        (folder / "_news" / f"{name}.md").write_text(text)
    return folder


def test_the_reference_agrees_as_the_format_states():
    """Bytes, names, addresses and quality without exception; every other miss is of a known class."""
    if not RECORDS.is_dir():
        pytest.skip(f"{RECORDS} is not here: nothing to check the rules against")

    report = check(RECORDS)

    for name in ("identical", "names", "addresses", "icons", "quality"):
        agreeing, checked = report.counts[name]
        assert agreeing == checked > 0, name
    for name, floor in (("dates", 0.99), ("topics", 0.88), ("heat", 0.98), ("published", 0.99)):
        agreeing, checked = report.counts[name]
        assert agreeing >= floor * checked, name
    assert not [each for each in report.disagreements if each.explanation == "unexplained"]
    assert report.sites["powerapps"]["published"] == (484, 484)


def test_a_sound_record(tmp_path: Path):
    """Filed under the 8th, since found articles are dated at UTC+8."""
    report = check(site(tmp_path, **{"2023-11-08-ai-at-sea": RECORD}))

    assert report.disagreements == ()
    assert report.counts["names"] == (1, 1)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("quality: 17", "quality: 18", "quality"),
        ("heat: 17", "heat: -1", "heat"),
        ("published: false", "published: true", "published"),
        ("  - AI", "  - AI\n  - Sea", "topics"),
        ("domain: example.com", "domain: www.example.com", "addresses"),
        ('title: "AI at sea"', "title: 'AI at sea'", "identical"),
        ("AI at sea", "AI at seas", "names"),
    ],
)
def test_finds_what_is_wrong(tmp_path: Path, old: str, new: str, name: str):
    """One disagreement names file, check, what was expected and what was found."""
    report = check(site(tmp_path, **{"2023-11-08-ai-at-sea": RECORD.replace(old, new)}))

    [found] = [each for each in report.disagreements if each.check == name]
    assert found.file == "_news/2023-11-08-ai-at-sea.md"
    assert found.expected != found.found


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_record_stops_nothing(tmp_path: Path, text: str):
    """It is a disagreement; the others are checked."""
    report = check(site(tmp_path, broken=text, **{"2023-11-08-ai-at-sea": RECORD}))

    assert {each.file for each in report.disagreements} == {"_news/broken.md"}
    assert report.counts["quality"] == (1, 1)


def test_a_folder_without_records(tmp_path: Path):
    """Told, not counted as agreement."""
    with pytest.raises(UsageError, match="no records there"):
        check(tmp_path)


def test_both_forms_of_the_report(tmp_path: Path):
    """JSON holds everything; the text says what disagrees and why."""
    report = check(site(tmp_path, **{"2023-11-07-ai-at-sea": RECORD}))

    whole = json.loads(json.dumps(report.to_json()))
    assert whole["dates"] == [0, 1]
    assert set(CHECKS) <= set(whole)
    assert "dated by the other calendar" in report.to_text()
