"""Find the feed behind an address, say why, and put it into the outline."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from wiredesk.errors import FetchError, UnreadableError
from wiredesk.fetch import Fetcher, NotModified, Request
from wiredesk.line.room import Room
from wiredesk.records import Page, Source
from wiredesk.sources import Candidate, Feed, discover, parse_feed, read_opml, write_opml

_MOST_SHOWN = 6
_MOST_TRIED = 12


def add_sources(
    room: Room,
    fetcher: Fetcher,
    addresses: Sequence[str],
    *,
    folder: tuple[str, ...],
    topics: tuple[str, ...],
    official: bool,
    dry_run: bool,
) -> int:
    """Add what lies at `addresses`; return how many gave nothing."""
    known = {source.url: source for source in room.sources}
    before = dict(known)
    failures = 0
    for address in addresses:
        found = _from_file(Path(address)) if Path(address).is_file() else asyncio.run(_from_network(fetcher, address))
        if not found:
            failures += 1
        for source in found:
            if source.url in known:
                click.echo(f"  {source.url} is listed already")
                if not dry_run:
                    retry(room, source.url)
                continue
            known[source.url] = replace(
                source,
                folder=folder or source.folder,
                topics=topics or source.topics,
                official=official or source.official,
            )
    added = len(known) - len(before)
    if added and not dry_run:
        _write_outline(room, list(known.values()))
    click.echo(
        f"{added} source{'' if added == 1 else 's'} {'would be added' if dry_run else 'added'}, {len(known)} in all"
    )
    return failures


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


def _write_outline(room: Room, sources: Sequence[Source]) -> None:
    growing = room.site.opml.with_suffix(".part")
    growing.write_bytes(write_opml(sources, room.settings.site.title))
    growing.replace(room.site.opml)


def _from_file(path: Path) -> list[Source]:
    try:
        sources, problems = read_opml(path.read_bytes(), path.name)
    except UnreadableError as error:
        click.echo(f"{error}", err=True)
        return []
    for problem in problems:
        click.echo(f"{problem.where}: {problem.what}; {problem.now}", err=True)
    click.echo(f"{path}: an outline of {len(sources)} sources")
    return sources


async def _from_network(fetcher: Fetcher, address: str) -> list[Source]:
    address = address if "://" in address else f"https://{address}"
    click.echo(address)
    async with fetcher:
        try:
            page = await _page(fetcher, address)
        except FetchError as error:
            click.echo(f"  cannot be read: {error.reason}", err=True)
            return []
        chosen: tuple[Candidate, Feed] | None = None
        shown = 0
        for candidate in discover(page)[:_MOST_TRIED]:
            feed = await _feed(fetcher, candidate, page)
            if feed is None and candidate.guess:
                continue
            if shown < _MOST_SHOWN:
                verdict = "unreadable" if feed is None else f"{len(feed.items)} items"
                click.echo(f"  {candidate.url}  ({verdict}) {candidate.reason}")
                shown += 1
            if feed is not None and chosen is None:
                chosen = (candidate, feed)
                if candidate.guess:
                    break
    if chosen is None:
        click.echo("  no feed was found; name the feed's own address if you know it", err=True)
        return []
    candidate, feed = chosen
    click.echo(f"  chosen: {candidate.url}: {candidate.reason}")
    site = feed.site_url or (page.final_url if candidate.url != page.final_url else None)
    return [Source(url=candidate.url, title=feed.title or candidate.title, site_url=site)]


async def _feed(fetcher: Fetcher, candidate: Candidate, page: Page) -> Feed | None:
    try:
        there = page if candidate.url in {page.url, page.final_url} else await _page(fetcher, candidate.url)
        return parse_feed(there)
    except (FetchError, UnreadableError):
        return None


async def _page(fetcher: Fetcher, address: str) -> Page:
    answer = await fetcher.fetch(Request(url=address, purpose="feed"))
    assert not isinstance(answer, NotModified)  # nothing was asked conditionally
    return answer
