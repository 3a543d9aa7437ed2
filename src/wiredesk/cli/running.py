"""Commands that run the line: run, rebuild, serve."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import click

from wiredesk.cli.options import opened, run_options, site_option
from wiredesk.errors import UsageError, WiredeskError

_LISTEN_SECONDS = 1.0  # between two looks into the inbox while nothing else is to be done


@click.command()
@site_option
@run_options
@click.option("--poll-all", is_flag=True, help="Ask every source, due or not.")
@click.option("--offline", is_flag=True, help="Ask nobody: work off what is captured, and publish.")
@click.option(
    "--every",
    metavar="MINUTES",
    type=click.FloatRange(min=0, min_open=True),
    help="Go on until stopped (Ctrl+C, SIGTERM): a run every MINUTES, and at once when a hub tells of news.",
)
def run(root: Path, poll_all: bool, offline: bool, every: float | None, **options: Any) -> None:
    """Bring the site up to date and publish it.

    Asks the sources that are due, captures and reads the pages that they name, recognises copies, groups stories,
    rates them, and publishes what changed.  A run that is cut off anywhere loses nothing: the next one goes on from
    there, and readers see the last whole edition until then.
    """
    from wiredesk import pipeline
    from wiredesk.fetch import Hosts
    from wiredesk.newsroom import pick_asker

    hosts = Hosts()  # of all rounds: what hosts said is read once, and distances hold to the millisecond

    def once() -> None:
        with opened(root, **options) as room:
            pipeline.run(room, None if offline else pick_asker(room, hosts), poll_all=poll_all)

    if every is None:
        once()
    elif options["now"] is not None:
        raise UsageError("--every goes with the clock, so it cannot be used with --now; nothing was done")
    else:
        _again_and_again(root, once, every * 60)


def _again_and_again(root: Path, once: Callable[[], None], seconds: float) -> None:
    """Do rounds until a signal comes; a round that fails is told, and the next one tries again."""
    from wiredesk.line.hubs import waiting
    from wiredesk.site import SiteFolder

    site = SiteFolder(root)
    site.check()
    with _stopping() as stopped:
        begin = time.monotonic()
        while not stopped():
            try:
                once()
            except (WiredeskError, OSError) as error:
                click.echo(f"wiredesk: {error}; tried again in {seconds / 60:g} minutes", err=True)
                heard = False  # what waits in the inbox goes on waiting: no round after the other without end
            else:
                heard = True
            # The next tick of one clock, however long the round took: rounds do not drift, and none is made up for.
            passed = time.monotonic() - begin
            tick = begin + (passed // seconds + 1) * seconds
            while not stopped() and (left := tick - time.monotonic()) > 0 and not (heard and waiting(site.inbox)):
                time.sleep(min(left, _LISTEN_SECONDS))


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Yield what tells whether SIGINT or SIGTERM came.  The round under way is finished; a second signal ends it."""
    came: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)
        click.echo("wiredesk: stops when this round is done; once more to stop at once", err=True)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@click.command(short_help="Make everything anew from the captures.")
@site_option
@run_options
@click.option("--relearn", is_flag=True, help="Learn anew, too, what the pages of each host have in common.")
def rebuild(root: Path, relearn: bool, **options: object) -> None:
    """Make everything anew from the captures, with today's program, settings and topics.

    Asks nobody.  Kept are the names of records (fixed at creation), what is known of requests, and what was learned of
    hosts (`knowledge/`): each page is read with the version that held when it came.  With --relearn that is made anew
    as well, day by day; what you fixed in those files stays.
    """
    from wiredesk import pipeline

    with opened(root, **options) as room:  # type: ignore[arg-type]
        pipeline.rebuild(room, relearn=relearn)


@click.command()
@site_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", "-p", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 picks a free one."
)
def serve(root: Path, host: str, port: int) -> None:
    """Show the published edition in a browser.

    Meant for looking at it; any web server can serve the folder `public`.  With `fetch.websub` hubs call below websub/.
    """
    from wiredesk.cli.callbacks import Callbacks
    from wiredesk.cli.server import serve_site
    from wiredesk.config import read_settings
    from wiredesk.site import SiteFolder

    site = SiteFolder(root)
    site.check()
    if not site.public.exists():
        raise click.ClickException("nothing is published yet; `wiredesk run` does that")
    settings = read_settings(site.settings)
    most = int(settings.fetch.max_feed_mib * 2**20)
    callbacks = Callbacks(site=site, max_bytes=most) if settings.fetch.websub else None
    serve_site(site.public, settings.site.address, host, port, callbacks)


def run_offline(root: Path, imports: list[Path], *, now: datetime | None = None, quiet: bool = False) -> None:
    """Import and publish in one go, as `wiredesk demo` does."""
    from wiredesk import pipeline

    with opened(root, now=now, jobs=None, as_json=False, quiet=quiet, log=None) as room:
        pipeline.bring_in(room, imports)
        pipeline.run(room, None)
