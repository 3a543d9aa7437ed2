"""What the command says of itself, and to those who have nothing yet."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from wiredesk.cli import cli


def test_the_list_of_commands_says_whole_sentences() -> None:
    """On a terminal of 80 characters."""
    lines = CliRunner().invoke(cli, ["--help"], terminal_width=80).output.partition("Commands:")[2].strip().splitlines()

    assert len(lines) == len(cli.commands)
    assert all(line.endswith(".") and not line.endswith("...") for line in lines)


def test_a_site_that_has_nothing_says_what_to_do(tmp_path: Path) -> None:
    """Instead of nothing at all."""
    told = CliRunner()
    told.invoke(cli, ["new", str(tmp_path / "desk"), "--topic", "Sea: ferry"])
    site = ["--site", str(tmp_path / "desk")]

    assert "`wiredesk add URL`" in told.invoke(cli, ["sources", *site]).stderr
    assert "`wiredesk story merge A B`" in told.invoke(cli, ["story", "list", *site]).stderr


def test_a_topic_that_nobody_has_is_refused(tmp_path: Path) -> None:
    """A source that is said to be about it would be about nothing; before anything is asked."""
    told = CliRunner()
    told.invoke(cli, ["new", str(tmp_path / "desk"), "--topic", "Sea: ferry"])
    answer = told.invoke(cli, ["add", "https://port.example/", "--topic", "Ports", "--site", str(tmp_path / "desk")])

    assert str(answer.exception) == "--topic 'Ports': topics/ holds none of this name; there are desk, Sea"
