"""Commands that make a site and bring things into it: new, try, add, import, demo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wiredesk.cli.options import chosen_selectors, opened, place_options, run_options, site_option
from wiredesk.errors import UsageError

if TYPE_CHECKING:
    from wiredesk.records import Selectors, SourceKind


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", help="Name of the site, and of its root topic.  [default: the folder's name]")
@click.option("--address", default="http://127.0.0.1:8000/", show_default=True, help="Public address of the site.")
@click.option("--language", default="en", show_default=True, help="Language of the site's own words: en or de.")
@click.option(
    "--topic",
    "topics",
    multiple=True,
    metavar='"NAME: WORD, WORD"',
    help="A topic with its keywords; may be repeated.  Called as the site is, it is the root itself.",
)
def new(folder: Path, title: str | None, address: str, language: str, topics: tuple[str, ...]) -> None:
    """Make a site in FOLDER.

    It gets wiredesk.toml (every setting with its default and unit), topics/ (one file a topic; the first is the root,
    which every article has), sources.opml, and the folders that the program fills.

    \b
        wiredesk new harbour --title "The Harbour Desk" --topic "Labour: strike, union, pay talks"
    """
    from wiredesk.config import parse_settings, template
    from wiredesk.site import make_site
    from wiredesk.sources import write_opml
    from wiredesk.topics import plant, write_topic

    wished = []
    for text in topics:
        label, _, words = text.partition(":")
        keywords = [word.strip() for word in words.split(",") if word.strip()]
        if not label.strip() or not keywords:
            raise UsageError(f'--topic {text!r}: write it as "NAME: WORD, WORD"')
        wished.append((label.strip(), keywords))
    try:
        tree = plant(title and title.strip(), wished, folder=folder.resolve().name or "News")
    except ValueError as error:
        raise UsageError(f"--topic: {error}") from error
    name = tree[0].name
    settings = template(title=name, address=address, language=language)
    parse_settings(settings)
    width = max(2, len(str(len(tree))))  # files are read in the order of their names
    files = {f"{number:0{width}}-{topic.id}.yaml": write_topic(topic) for number, topic in enumerate(tree)}
    make_site(folder, settings=settings, topics=files, opml=write_opml([], name))
    click.echo(f"Made {folder}: now `cd {folder}`, `wiredesk add URL`, `wiredesk run`, `wiredesk serve`.")


@click.command(short_help="Add sources: home pages, feeds, sitemaps, lists, OPML files.")
@site_option
@click.argument("addresses", nargs=-1, required=True, metavar="URL...")
@click.option("--folder", "-f", help='Folder of the outline, "National/Dailies" for nested ones.')
@click.option("--topic", "topics", multiple=True, help="Topic that everything from here has; may be repeated.")
@click.option("--official", is_flag=True, help="The site's own official feed: its tags count as topics.")
@click.option("--dry-run", "-n", is_flag=True, help="Show what would be chosen; change nothing.")
@place_options
def add(
    root: Path,
    addresses: tuple[str, ...],
    folder: str | None,
    topics: tuple[str, ...],
    official: bool,
    dry_run: bool,
    kind: SourceKind | None,
    **css: str | None,
) -> None:
    """Add sources: home pages, feeds, sitemaps, pages that list articles, or OPML files.

    For a home page, looks for what tells its news, shows it, and says which it chose and why: a feed, else a sitemap,
    else the page itself as a list.  What the choice told is kept, and read by the next run.  `wiredesk try URL` shows
    more, and saves nothing.
    """
    from wiredesk.cli.adding import Wish, add_sources, unknown_topic
    from wiredesk.fetch import Hosts
    from wiredesk.line.remembering import recall_hosts, remember_hosts
    from wiredesk.newsroom import open_room, pick_fetcher

    selectors = chosen_selectors(**css)
    _check_kind(kind, selectors)
    with open_room(root) as room:
        if strange := unknown_topic(room, topics):
            known = ", ".join(topic.name for topic in room.tree)
            raise UsageError(f"--topic {strange!r}: topics/ holds none of this name; there are {known or 'none'}")
        place = tuple(part for part in (folder or "").split("/") if part)
        wish = Wish(folder=place, topics=topics, official=official, kind=kind, selectors=selectors)
        hosts = Hosts()
        recall_hosts(room, hosts)
        new_fetcher = partial(pick_fetcher, room.settings, room.clock, hosts)
        try:
            failures = add_sources(room, new_fetcher, addresses, wish, dry_run=dry_run)
        finally:
            if not dry_run:
                remember_hosts(room, hosts)
    if failures:
        raise click.ClickException(f"{failures} of {len(addresses)} could not be added (see above)")


def _day(_context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    """Return a day's first moment, for --until the one behind its last; times as they are."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        if parameter.name == "until" and len(value) <= len("2026-09-07"):
            moment += timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{value!r} is no date such as 2026-09-07 or 2026-09-07T06:30:00Z") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _domains(names: tuple[str, ...], files: tuple[Path, ...]) -> frozenset[str]:
    from wiredesk.fetch import ascii_domain

    named = [("--domain", name) for name in names]
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            named.append((f"{file}:{number}", line.partition("#")[0].strip()))
    domains = set()
    for place, name in named:
        try:
            if name:
                domains.add(ascii_domain(name))
        except ValueError as error:
            raise UsageError(f"{place}: {name!r} is no domain such as bbc.co.uk; nothing was imported") from error
    if named and not domains:
        raise UsageError(f"{named[0][0]}: no domain is named; nothing was imported")
    return frozenset(domains)


@click.command("try")
@site_option
@click.argument("address", metavar="URL")
@place_options
@click.option("--items", default=5, show_default=True, type=click.IntRange(0, 1000), help="Items to show.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def try_(root: Path, address: str, kind: SourceKind | None, items: int, as_json: bool, **css: str | None) -> None:
    """Show what would be found behind URL, before anything is saved.

    Every feed, sitemap and list that the site offers, with what speaks for and against it; the one that `wiredesk add`
    would take, and why; its first items, and what they lack.  Writes nothing, and needs no site: in the folder of one,
    its settings count.

    \b
        wiredesk try https://www.example.org/
        wiredesk try https://www.example.org/news/ --item article --link "h2 a" --date time
    """
    import json

    from rich.console import Console

    from wiredesk.cli.trying import look, options_of, show, to_json
    from wiredesk.config import Settings, read_settings
    from wiredesk.newsroom import pick_fetcher
    from wiredesk.site import SiteFolder

    selectors = chosen_selectors(**css)
    _check_kind(kind, selectors)
    site = SiteFolder(root)
    settings = read_settings(site.settings) if site.settings.is_file() else Settings()
    console = Console()
    found = look(pick_fetcher(settings), address, selectors=selectors, kind=kind, console=None if as_json else console)
    if as_json:
        click.echo(json.dumps(to_json(found, items), ensure_ascii=False))
    else:
        again = f"wiredesk add {found.asked}"
        if selectors:
            again += f" {options_of(selectors)}"
        elif kind:
            again += f" --kind {kind}"
        show(console, found, items=items, command=again)
    if found.chosen is None:
        raise click.exceptions.Exit(1)


def _check_kind(kind: SourceKind | None, selectors: Selectors | None) -> None:
    if selectors is not None and kind not in (None, "list"):
        raise UsageError(f"--kind {kind} goes with none of --item, --link, --title, --date: they are parts of a list")


@click.command("import")
@site_option
@run_options
@click.option("--since", metavar="TIME", callback=_day, help="Of archives, only what was captured then or later.")
@click.option(
    "--until",
    metavar="TIME",
    callback=_day,
    help="Of archives, only what was captured until then; a day with all of it.",
)
@click.option(
    "--domain",
    "names",
    multiple=True,
    metavar="NAME",
    help="Of archives, only this domain and all below it; may be repeated.",
)
@click.option(
    "--domains",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Domains, one a line.",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most N pages that are not here yet.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="PATH...")
def import_(
    root: Path,
    paths: tuple[Path, ...],
    since: datetime | None,
    until: datetime | None,
    names: tuple[str, ...],
    files: tuple[Path, ...],
    limit: int | None,
    **options: object,
) -> None:
    """Bring in archives and files, and publish.

    PATH is a WARC archive, a list of such (warc.paths), a file (.html, .txt, .md for Markdown records, .eml for
    newsletters, .xml, .rss, .atom or .json for feeds, each also as .gz), a folder of all these, or - for an archive on
    standard input.  A folder with the layout of a reference site (_news, _data, …)
    brings its topics and organisations too, where this site has none of that name.  What is here already is not taken
    twice: an import that was cut off is started again, and goes on.

    --since and --until are about the time of the capture (WARC-Date), the only one that an archive tells before a
    page is read; a page that was published long before may be captured any day.
    """
    from wiredesk import pipeline
    from wiredesk.fetch import Wanted
    from wiredesk.line.importing import STANDARD_INPUT, import_settings
    from wiredesk.site import SiteFolder

    site = SiteFolder(root)
    site.check()
    if since and until and since >= until:
        raise UsageError(f"--since {since:%Y-%m-%d %H:%M} is not before --until {until:%Y-%m-%d %H:%M}")
    wanted = Wanted(since=since, until=until, domains=_domains(names, files), readable=True)
    for path in paths:
        if path != STANDARD_INPUT and not path.exists():
            raise UsageError(f"{path}: there is no such file or folder; nothing was imported")
        if path.is_dir() and (copied := import_settings(site, path)):
            click.echo(f"{path}: {copied} topic and organisation files copied", err=True)
    with opened(root, **options) as room:  # type: ignore[arg-type]
        pipeline.bring_in(room, paths, replace(wanted, now=room.clock()), limit)
        pipeline.run(room, None)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-site"))
@click.option(
    "--port", "-p", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 picks a free one."
)
@click.option("--no-serve", is_flag=True, help="Build only.")
@run_options
def demo(folder: Path, port: int, no_serve: bool, now: datetime | None, **options: object) -> None:
    """Build and serve a whole site from an archive of fictional news.

    Ten days around the Strait of Corran: fifteen fictional providers, wire copies, corrections, two languages.
    The site is made in FOLDER [default: demo-site] and stays there.
    """
    from wiredesk import pipeline
    from wiredesk.cli.demonstration import make_demo_site
    from wiredesk.cli.server import serve_site

    site, archives = make_demo_site(folder)
    with opened(site.root, now=now, **options) as room:  # type: ignore[arg-type]
        pipeline.bring_in(room, archives)
        pipeline.run(room, None)
        address = room.settings.site.address
    if not no_serve:
        serve_site(site.public, address, "127.0.0.1", port)
