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
                continue
            known[source.url] = replace(
                source,
                folder=folder or source.folder,
                topics=topics or source.topics,
                official=official or source.official,
            )
    added = len(known) - len(before)
    if added and not dry_run:
        growing = room.site.opml.with_suffix(".part")
        growing.write_bytes(write_opml(list(known.values()), room.settings.site.title))
        growing.replace(room.site.opml)
    click.echo(
        f"{added} source{'' if added == 1 else 's'} {'would be added' if dry_run else 'added'}, {len(known)} in all"
    )
    return failures


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
