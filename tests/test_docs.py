"""The guide tells of every command, option and setting, and of nothing that is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from wiredesk.cli import cli
from wiredesk.config import sections

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")


def commands(group: click.Group, path: str = "wiredesk") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands(cli))
SETTINGS = [(section, key, field) for section, kind in sections().items() for key, field in kind.model_fields.items()]


def part(heading: str, level: int) -> str:
    """Return the guide's text below a heading, up to the next one of its level."""
    found = re.search(rf"^{'#' * level} {heading}\n(.*?)(?=^#{{1,{level}}} |\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    assert found, f"no part {heading!r} in the guide"
    return found[1]


def usage(name: str) -> str:
    """Return the part of a command, its own words and those that all commands share."""
    shared = part("Commands", 2).partition("\n### ")[0]
    return part(rf"{name}\b[^\n]*", 3) + shared


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_guide(name: str) -> None:
    """In the part of its command, or among those that all share."""
    text = usage(name)
    options = [o for parameter in COMMANDS[name].params if isinstance(parameter, click.Option) for o in parameter.opts]

    assert [option for option in options if f"`{option}" not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_guide_names_no_option_that_a_command_does_not_have(name: str) -> None:
    """What went from the program goes from the guide."""
    own = re.findall(r"`(--?[\w-]+)", part(rf"{name}\b[^\n]*", 3))
    known = {option for parameter in COMMANDS[name].params for option in parameter.opts}

    assert set(own) <= known


def test_the_guide_names_every_command_and_no_other() -> None:
    """One part for each."""
    named = re.findall(r"^### (wiredesk [a-z]+(?: [a-z]+)?)", GUIDE, re.MULTILINE)

    assert sorted(named) == sorted(COMMANDS)


def test_examples_use_options_that_exist() -> None:
    """A line of the guide that begins with `wiredesk` can be typed."""
    for line in re.findall(r"^    (?:.*&& )?(wiredesk .*)$", GUIDE, re.MULTILINE):
        name = next(name for name in sorted(COMMANDS, key=len, reverse=True) if line.startswith(name))
        known = {option for parameter in COMMANDS[name].params for option in parameter.opts}

        assert set(re.findall(r"(?<= )--[\w-]+", line.partition("#")[0])) <= known, line


@pytest.mark.parametrize(
    ("section", "key", "field"), [pytest.param(*each, id=f"{each[0]}.{each[1]}") for each in SETTINGS]
)
def test_every_setting_is_in_the_guide_with_its_default(section: str, key: str, field: Any) -> None:
    """In the table of its section."""
    default = json.dumps(field.default)

    assert f"| `{key}` | {default} | " in part(section, 3)


def test_the_guide_names_no_setting_that_is_not_there() -> None:
    """Neither in a table nor in the text."""
    named = {
        (section, key) for section in sections() for key in re.findall(r"^\| `(\w+)`", part(section, 3), re.MULTILINE)
    }
    mentioned = set(re.findall(rf"`({'|'.join(sections())})\.(\w+)\b", GUIDE))
    known = {(section, key) for section, key, _ in SETTINGS}

    assert named == known
    assert mentioned <= known


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "docs/guide.md", "docs/architecture.md"])
def test_links_lead_somewhere(page: str) -> None:
    """To files that exist, and to headings that stand there."""
    text = (ROOT / page).read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif "://" not in target:
            assert (ROOT / page).parent.joinpath(target.partition("#")[0]).exists(), target


def test_decisions_are_numbered_once() -> None:
    """A number is never used again."""
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]

    assert len(numbers) == len(set(numbers))


def test_every_dependency_is_argued_for() -> None:
    """What it costs and saves stands in a decision."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    named = re.findall(r'^  "([\w-]+)', project.partition("[project.scripts]")[0], re.MULTILINE)
    decision = (ROOT / "docs" / "decisions" / "0014-dependencies.md").read_text(encoding="utf-8").lower()

    assert named
    assert [name for name in named if not re.search(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])", decision)] == []


HELPERS = {
    "commands.py",
    "data.py",
    "extraction_readers.py",
    "sets.py",
    "story_peers.py",
    "story_packs.py",
    "warc_peers.py",
    "wrap.py",
}


def test_every_benchmark_is_named_beside_the_benchmarks() -> None:
    """A command is a row of the table, a helper is named below it.  No line is too long."""
    text = (ROOT / "bench" / "README.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `(\w+\.py)` \|", text, re.MULTILINE))
    named = set(re.findall(r"`(\w+\.py)`", text))
    files = {path.name for path in (ROOT / "bench").glob("*.py")}

    assert named == files
    assert rows == files - HELPERS
    assert [line for line in text.splitlines() if len(line) > 120] == []
