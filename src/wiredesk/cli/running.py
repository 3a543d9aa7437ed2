"""Commands that run the line: run, rebuild, serve."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from wiredesk.cli.options import opened, run_options, site_option


@click.command()
@site_option
@run_options
@click.option("--poll-all", is_flag=True, help="Ask every source, due or not.")
@click.option("--offline", is_flag=True, help="Ask nobody: work off what is captured, and publish.")
def run(root: Path, poll_all: bool, offline: bool, **options: object) -> None:
    """Bring the site up to date and publish it.

    Asks the sources that are due, captures and reads the pages that they name, recognises copies, groups stories,
    rates them, and publishes what changed.  A run that is cut off anywhere loses nothing: the next one goes on from
    there, and readers see the last whole edition until then.
    """
    from wiredesk import pipeline
    from wiredesk.newsroom import pick_asker

    with opened(root, **options) as room:  # type: ignore[arg-type]
        pipeline.run(room, None if offline else pick_asker(room), poll_all=poll_all)


@click.command()
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

    Meant for looking at it; any web server can serve the folder `public`.
    """
    from wiredesk.cli.server import serve_site
    from wiredesk.config import read_settings
    from wiredesk.site import SiteFolder

    site = SiteFolder(root)
    site.check()
    if not site.public.exists():
        raise click.ClickException("nothing is published yet; `wiredesk run` does that")
    serve_site(site.public, read_settings(site.settings).site.address, host, port)


def run_offline(root: Path, imports: list[Path], *, now: datetime | None = None, quiet: bool = False) -> None:
    """Import and publish in one go, as `wiredesk demo` does."""
    from wiredesk import pipeline

    with opened(root, now=now, jobs=None, as_json=False, quiet=quiet, log=None) as room:
        pipeline.bring_in(room, imports)
        pipeline.run(room, None)
