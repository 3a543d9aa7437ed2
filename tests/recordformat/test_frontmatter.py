"""Front matter: what we do not change comes back byte for byte, and no text breaks out of its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.recordformat.frontmatter import NEWS_KEYS, RecordFile, parse, quoted, write

RECORDS = Path(__file__).parents[2].parent / "shared" / "data" / "records"

SAMPLE = b"""---
category: news
title: "Labs open \\"model\\""
publishedDateTime: 2023-11-07T19:43:00Z
type: article
quality: 42
heat: -1
published: false

provider:
  name: 404
  domain: example.com

topics:
  - AI
  - No

images:
  - url: "https://example.com/a.jpg"
    width: 12
    isCached: true

secured: "YQ==;Yg=="
---

"""


def record_files() -> list[Path]:
    files = [file for file in sorted(RECORDS.rglob("*.md")) if file.name != "README.md"]
    if not files:
        pytest.skip(f"{RECORDS} is not here: the records of the reference site cannot be compared")
    return files


def test_every_record_comes_back_byte_for_byte():
    """All collections, whatever their quoting, nesting and line ends."""
    for file in record_files():
        data = file.read_bytes()

        assert write(parse(data, file.name)) == data, file.name


def test_news_are_written_the_same_from_plain_values():
    """The format's own style, from values alone, is that of the reference."""
    for file in record_files():
        if "_news" in file.parts or file.parent == RECORDS:
            data = file.read_bytes()

            assert write(RecordFile(fields=dict(parse(data, file.name).fields))) == data, file.name


def test_agrees_with_yaml():
    """Another reader of YAML sees the same text."""

    def as_text(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: as_text(each) for key, each in value.items()}
        if isinstance(value, list):
            return [as_text(each) for each in value]
        return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)

    for file in record_files()[::7]:
        data = file.read_bytes()
        head = re.split(rb"\n---(?:\n|$)", data[4:])[0]

        assert as_text(parse(data, file.name).fields) == yaml.load(head, yaml.CBaseLoader), file.name


def test_types_follow_from_keys():
    """A provider called 404 and a topic called No are text."""
    fields = parse(SAMPLE, "x.md").fields

    assert fields["provider"]["name"] == "404"
    assert fields["topics"] == ["AI", "No"]
    assert (fields["quality"], fields["heat"], fields["published"]) == (42, -1, False)
    assert fields["publishedDateTime"] == "2023-11-07T19:43:00Z"


def test_an_edit_touches_its_own_lines_only():
    """Quality, heat, published and related change; all other bytes stay."""
    hand_written = SAMPLE.replace(b"title:", b"# by hand\ntitle:  ").replace(b"  - AI", b"  - 'AI'")
    related = [{"title": "B", "quality": 3}]

    changed = write(parse(hand_written, "x.md").changed({"quality": 7, "related": related, "heat": None}))

    expected = hand_written.replace(b"quality: 42\nheat: -1\n", b"quality: 7\n")
    expected = expected.replace(b"\nsecured:", b'\nrelated:\n  - title: "B"\n    quality: 3\n\nsecured:')
    assert changed == expected


def test_a_new_key_goes_where_the_format_wants_it():
    """Keys of a news record keep their order."""
    record = RecordFile(fields={"title": "A", "published": True}).changed({"heat": 1, "quality": 2, "own": "x"})

    assert list(record.fields) == ["title", "quality", "heat", "published", "own"]


def test_line_ends_and_marks_stay():
    """A file with CRLF and a byte order mark keeps both, also in changed lines."""
    data = b"\xef\xbb\xbf" + SAMPLE.replace(b"\n", b"\r\n")

    assert write(parse(data, "x.md")) == data
    assert b"quality: 5\r\n" in write(parse(data, "x.md").changed({"quality": 5}))


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"", 1, "does not begin"),
        (b"title: x\n", 1, "does not begin"),
        (b"---\ntitle: x\n", 3, "no end"),
        (b'---\ntitle: "x\n---\n', 2, "quoted text"),
        (b'---\ntitle: "x" y\n---\n', 2, "quoted text"),
        (b"---\nquality: many\n---\n", 2, "whole number"),
        (b"---\npublished: maybe\n---\n", 2, "true or false"),
        (b"---\ntitle: !!python/name:os.system\n---\n", 2, "between double quotes"),
        (b"---\ntitle: &a x\n---\n", 2, "between double quotes"),
        (b"---\ntitle: {a: b}\n---\n", 2, "between double quotes"),
        (b"---\ntitle: x\ntitle: y\n---\n", 3, "twice"),
        (b"---\nprovider:\n  name: x\n    domain: y\n---\n", 4, "indented too far"),
        (b"---\n  name: x\n---\n", 2, "under no key"),
        (b"---\ntitle: \xff\n---\n", 2, "UTF-8"),
        (b"---\nwords\n---\n", 2, "neither"),
        (b"---\n" + b"".join(b" " * i + b"a:\n" for i in range(2000)) + b"---\n", 14, "levels deep"),
    ],
)
def test_says_where_and_what_is_wrong(data: bytes, line: int, what: str):
    """Errors name file and line."""
    with pytest.raises(UnreadableError, match=rf"^x\.md:{line}: .*{what}"):
        parse(data, "x.md")


hostile = st.text(max_size=40) | st.sampled_from(
    [
        "---",
        "\n---\n",
        '"',
        "\\",
        "a: b",
        "x #y",
        "{{ x }}",
        "{% x %}",
        "<b>",
        "\u2028",
        "\x85",
        "\x00",
        "- a",
        "&a",
        "1e3",
    ]
)


@settings(max_examples=200, deadline=None)
@given(hostile, hostile, hostile)
@example("---\ntitle: y", "true", "2021-01-01")
def test_no_text_breaks_out(title: str, name: str, topic: str):
    """Any text is read back as it was, by us and by YAML, and adds no line."""
    fields = {"title": title, "type": name, "provider": {"name": name}, "topics": [topic, topic]}

    data = write(RecordFile(fields=fields))

    assert parse(data, "x.md").fields == fields
    assert data.count(b"\n") == 12
    if not re.search("[\ud800-\udfff]", title + name + topic):
        assert yaml.safe_load(data.decode().split("\n---\n")[0][4:]) == fields


damaged = st.builds(lambda at, new: SAMPLE[:at] + new + SAMPLE[at:], st.integers(0, len(SAMPLE)), st.binary(max_size=6))


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=200)
    | st.builds(lambda at, new: SAMPLE[:at] + new + SAMPLE[at:], st.integers(0, 300), st.binary(max_size=6))
)
def test_any_bytes_are_read_or_refused(data: bytes):
    """What can be read comes back; all else is an UnreadableError."""
    try:
        record = parse(data, "x.md")
    except UnreadableError:
        return

    assert write(record) == data


def test_quotes_as_json_does():
    """Only what would break a line or a reader is escaped; other scripts stay."""
    assert quoted('“é” 漢\n"\\\t\u2028') == '"“é” 漢\\n\\"\\\\\\t\\u2028"'


def test_absent_keys_are_left_out():
    """Never null, never an empty list, no empty line for them."""
    fields = {"title": "A", "heat": None, "provider": {"name": None}, "images": [{"url": None}], "topics": []}

    assert write(RecordFile(fields=fields)) == b'---\ntitle: "A"\n---\n\n'


def test_refuses_what_the_format_cannot_hold():
    """A value of another type is a mistake of ours, told at once."""
    with pytest.raises(ValueError, match="no place"):
        write(RecordFile(fields={"title": object()}))


def test_knows_the_order_of_keys():
    """`secured` is last."""
    assert NEWS_KEYS[0] == "category"
    assert NEWS_KEYS[-1] == "secured"
