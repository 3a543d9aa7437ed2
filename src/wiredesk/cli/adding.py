"""Find the best source behind an address, say why, and put it into the outline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console

from wiredesk.cli.trying import look, options_of, show_places
from wiredesk.errors import FetchError, UnreadableError
from wiredesk.fetch import Fetcher
from wiredesk.line.asking import hand_over
from wiredesk.line.capturing import Recorder
from wiredesk.line.room import Room
from wiredesk.records import Page, Selectors, Source, SourceKind
from wiredesk.sources import read_opml, write_opml


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the owner said of the sources to be added; empty where nothing was said."""

    folder: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    official: bool = False
    kind: SourceKind | None = None
    selectors: Selectors | None = None


def add_sources(
    room: Room, new_fetcher: Callable[[], Fetcher], addresses: Sequence[str], wish: Wish, *, dry_run: bool
) -> int:
    """Add what lies at `addresses`; return how many gave nothing.

    The answers by which sources were chosen are kept, so that the next run reads them and need not ask again.

    Args:
        new_fetcher: Gives a fetcher for one address; what is learned of hosts goes from one to the next.
    """
    known = {source.url: source for source in room.sources}
    before = len(known)
    answers: list[tuple[Source, Page]] = []
    failures = 0
    for address in addresses:
        file = Path(address)
        found: Sequence[tuple[Source, Page | None]]
        found = _from_file(file) if file.is_file() else _from_network(new_fetcher(), address, wish)
        if not found:
            failures += 1
        for source, answer in found:
            if source.url in known:
                click.echo(f"  {source.url} is listed already")
                if not dry_run:
                    retry(room, source.url)
                continue
            known[source.url] = replace(
                source,
                folder=wish.folder or source.folder,
                topics=wish.topics or source.topics,
                official=wish.official or source.official,
            )
            if answer is not None:
                answers.append((source, answer))
    added = len(known) - before
    if added and not dry_run:
        _write_outline(room, list(known.values()))
        _hand_over(room, answers)  # after: what a source brought that is not listed is nobody's
    click.echo(
        f"{added} source{'' if added == 1 else 's'} {'would be added' if dry_run else 'added'}, {len(known)} in all"
    )
    return failures


def unknown_topic(room: Room, names: Sequence[str]) -> str | None:
    """Return the first name that no topic of the tree has, where the rules would pass over it in silence."""
    if room.rules.name == "reference":  # keeps whatever a source says
        return None
    known = {name.casefold() for topic in room.tree for name in (topic.name, topic.id, topic.shortname or topic.id)}
    return next((name for name in names if name.casefold() not in known), None)


def retry(room: Room, url: str) -> bool:
    """Have a source asked again at the next run, also one that failed or was retired.  False: there is none."""
    if url not in {source.url for source in room.sources}:
        return False
    state = room.store.intake.source(url)
    if state.status not in ("ok", "new"):
        fresh = replace(state, status="new", failures=0, failing_since=None, next_at=None, note="", why="")
        room.store.intake.put_source(fresh)
        click.echo(f"  {url}: asked again at the next run")
    else:
        room.store.intake.put_source(replace(state, next_at=None, why=""))
    return True


def apply_moves(room: Room) -> int:
    """Write into the outline where sources have moved to; return how many.

    The old address stays with the source (`formerly`), so that captures which name it are still known as its own.
    """
    sources = list(room.sources)
    moved = 0
    with room.store.transaction():
        for place, source in enumerate(sources):
            state = room.store.intake.source(source.url)
            if not state.asks:
                continue
            click.echo(f"{source.url} -> {state.asks}")
            sources[place] = replace(source, url=state.asks, formerly=(*source.formerly, source.url))
            room.store.intake.put_source(replace(state, url=state.asks, asks=None))
            room.store.intake.move_pages(source.url, state.asks)
            room.store.intake.drop_source(source.url)
            moved += 1
        if moved:
            _write_outline(room, sources)
    click.echo(f"{moved} moved, {len(sources)} in all")
    return moved


def _hand_over(room: Room, answers: Sequence[tuple[Source, Page]]) -> None:
    if not answers:
        return
    recorder = Recorder(room)
    try:
        for source, answer in answers:
            hand_over(room, recorder, source, answer)
    finally:
        recorder.close()


def _write_outline(room: Room, sources: Sequence[Source]) -> None:
    growing = room.site.opml.with_suffix(".part")
    growing.write_bytes(write_opml(sources, room.settings.site.title))
    growing.replace(room.site.opml)


def _from_file(path: Path) -> list[tuple[Source, None]]:
    try:
        sources, problems = read_opml(path.read_bytes(), path.name)
    except UnreadableError as error:
        click.echo(f"{error}", err=True)
        return []
    for problem in problems:
        click.echo(f"{problem.where}: {problem.what}; {problem.now}", err=True)
    click.echo(f"{path}: an outline of {len(sources)} sources")
    return [(source, None) for source in sources]


def _from_network(fetcher: Fetcher, address: str, wish: Wish) -> list[tuple[Source, Page | None]]:
    console = Console()
    console.print(address, style="bold", soft_wrap=True, markup=False)
    try:
        found = look(fetcher, address, selectors=wish.selectors, kind=wish.kind, quick=True, console=console)
    except FetchError as error:
        click.echo(f"  cannot be read: {error.reason}", err=True)
        return []
    show_places(console, found)
    if found.chosen is None:
        click.echo(f"  {found.why} `wiredesk try {address}` shows more.", err=True)
        return []
    console.print(f"  chosen: {found.chosen.url}: {found.why}", soft_wrap=True, markup=False)
    if found.chosen.selectors is not None:
        console.print(f"  {options_of(found.chosen.selectors)}", soft_wrap=True, markup=False)
    return [(found.chosen.source(found.url), found.chosen.page)]
