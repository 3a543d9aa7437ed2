"""Options that several commands share, and how their answers are shown."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from wiredesk.line.room import Progress, Room
    from wiredesk.records import Selectors

F = TypeVar("F", bound=Callable[..., Any])


def site_option(function: F) -> F:
    """--site DIR."""
    return click.option(
        "--site",
        "-C",
        "root",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        envvar="WIREDESK_SITE",
        help="The site's folder.  [default: the current folder]",
    )(function)


def run_options(function: F) -> F:
    """--now, --jobs, --json, --quiet, --log: what every long command has."""
    for option in (
        click.option(
            "--log",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Append structured logs (JSON lines) to FILE.",
        ),
        click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors."),
        click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object."),
        click.option(
            "--jobs", "-j", type=click.IntRange(1, 256), help="Processes that read pages.  [default: one per core]"
        ),
        click.option(
            "--now",
            metavar="TIME",
            callback=_moment,
            help="Take TIME (ISO 8601) for the clock: the same run twice gives the same bytes.",
        ),
    ):
        function = option(function)
    return function


def place_options(function: F) -> F:
    """--kind, and the CSS selectors of a list: --item, --link, --title, --date."""
    for option in (
        click.option("--date", metavar="CSS", help="Of a list: an item's date."),
        click.option("--title", metavar="CSS", help="Of a list: an item's title.  [default: the text of its link]"),
        click.option("--link", metavar="CSS", help="Of a list: the link, inside of an item."),
        click.option("--item", metavar="CSS", help="Read the page as a list: the element that holds one article."),
        click.option("--kind", type=click.Choice(["feed", "sitemap", "list"]), help="Choose nothing else."),
    ):
        function = option(function)
    return function


def chosen_selectors(item: str | None, link: str | None, title: str | None, date: str | None) -> Selectors | None:
    """Return the selectors that were given; None where none was."""
    from wiredesk.records import Selectors

    if not any((item, link, title, date)):
        return None
    return Selectors(item=item or "", link=link or "", title=title or "", date=date or "")


def _moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no ISO 8601 time such as 2026-09-07T06:30:00Z") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@contextmanager
def opened(
    root: Path, *, now: datetime | None, jobs: int | None, as_json: bool, quiet: bool, log: Path | None
) -> Iterator[Room]:
    """Open the site; afterwards print the summary in the form that was asked for."""
    from wiredesk.cli.summary import print_summary, summary
    from wiredesk.newsroom import open_room, system_clock

    with _logging(log), _bars(show=not (as_json or quiet)) as progress:
        clock = (lambda: now) if now else system_clock
        with open_room(root, progress=progress, clock=clock, workers=jobs) as room:
            yield room
            facts = summary(room)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    elif not quiet:
        print_summary(facts)


@contextmanager
def _bars(*, show: bool) -> Iterator[Progress]:
    from wiredesk.cli.bars import Bars
    from wiredesk.line.room import Silent

    if not show:
        yield Silent()
        return
    with Bars() as bars:
        yield bars


class _Lines(logging.Formatter):
    """One JSON object a line: at, event, and the event's own facts."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = getattr(record, "facts", {})
        return json.dumps(
            {"at": at, "level": record.levelname.lower(), "event": record.getMessage(), **facts},
            ensure_ascii=False,
            default=str,
        )


@contextmanager
def _logging(file: Path | None) -> Iterator[None]:
    logger = logging.getLogger("wiredesk")
    if file is None:
        yield
        return
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(_Lines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()
