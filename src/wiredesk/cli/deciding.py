"""Commands of editors: which articles belong together."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Literal

import click

from wiredesk.cli.options import site_option
from wiredesk.errors import UsageError


@click.group()
def story() -> None:
    """Merge and split stories; every later run obeys.

    A and B are two articles, by id or its beginning, record name or address; a story's id stands for its first article.
    """


_by = click.option("--by", metavar="NAME", default=getpass.getuser, help="Who decides.  [default: your login]")


@story.command()
@site_option
@_by
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
def merge(root: Path, by: str, one: str, other: str) -> None:
    """A and B are one story, and so is who belongs to either."""
    _decide(root, "together", by, one, other)


@story.command()
@site_option
@_by
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
def split(root: Path, by: str, one: str, other: str) -> None:
    """A and B are two stories; each of the others goes where it fits better."""
    _decide(root, "apart", by, one, other)


@story.command()
@site_option
@_by
@click.argument("number", metavar="N", type=int)
def undo(root: Path, by: str, number: int) -> None:
    """Take decision N back, as if it had never been."""
    from wiredesk.newsroom import open_room

    with open_room(root) as room:
        if not room.store.decisions.undo(number, room.clock(), by):
            raise UsageError(f"{number}: no decision that holds has this number; `wiredesk story list` shows them")
    click.echo(f"decision {number} is taken back; the next run regroups")


@story.command(name="list")
@site_option
def list_(root: Path) -> None:
    """List all decisions, those taken back, too."""
    from wiredesk.site import SiteFolder
    from wiredesk.store import Store

    site = SiteFolder(root)
    site.check()
    store = Store(site.database)
    try:
        decisions = store.decisions.all()
        if not decisions:
            click.echo("No decisions yet: `wiredesk story merge A B` and `split A B` make them.", err=True)
        for each in decisions:
            undone = f"  taken back by {each.undone_by} {each.undone_at:%Y-%m-%d %H:%M}" if each.undone_at else ""
            click.echo(f"{each.id}  {each.kind}  {each.one} {each.other}  {each.who} {each.at:%Y-%m-%d %H:%M}{undone}")
    finally:
        store.close()


def _decide(root: Path, kind: Literal["together", "apart"], by: str, one: str, other: str) -> None:
    from wiredesk.cli.reading import find_item
    from wiredesk.newsroom import open_room

    with open_room(root) as room:
        first, second = (find_item(room.store, text).article.id for text in (one, other))
        if first == second:
            raise UsageError(f"{one} and {other} are the same article")
        number = room.store.decisions.add(room.clock(), by, kind, first, second)
    click.echo(f"decision {number}: {first} and {second} {kind}; the next run regroups")
