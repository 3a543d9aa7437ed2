"""Show what lies behind an address: every place that was looked at, the choice, and its first items."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from wiredesk.fetch import Fetcher
from wiredesk.line.searching import Finding, Search, search
from wiredesk.records import Selectors, SourceKind, WireItem

_SHOWN_PLACES = 8
_SHOWN_PROBLEMS = 5


def look(
    fetcher: Fetcher,
    address: str,
    *,
    selectors: Selectors | None,
    kind: SourceKind | None,
    quick: bool = False,
    console: Console | None = None,
) -> Search:
    """Search behind `address`, telling on `console` what is asked just now.

    Raises:
        FetchError: the address itself cannot be had.
    """
    address = address if "://" in address else f"https://{address}"

    async def go() -> Search:
        async with fetcher:
            if console is None or not console.is_terminal:
                return await search(fetcher, address, selectors=selectors, kind=kind, quick=quick)
            with console.status("Asking …") as status:
                return await search(
                    fetcher,
                    address,
                    selectors=selectors,
                    kind=kind,
                    quick=quick,
                    tell=lambda url: status.update(f"Asking {escape(url[: console.width - 12])}"),
                )

    return asyncio.run(go())


def show(console: Console, found: Search, *, items: int, command: str) -> None:
    """Print a search for a person.

    Args:
        items: How many items of the chosen place are shown.
        command: What saves it.
    """
    heading = f"[bold]{escape(found.title)}[/bold]" if found.title else "[bold]Untitled[/bold]"
    console.print(f"{heading}  [dim]{escape(found.url)}[/dim]")
    asked = "1 address was" if found.requests == 1 else f"{found.requests} addresses were"
    console.print(f"[dim]{asked} asked; nothing is written.[/dim]")
    console.print()
    show_places(console, found)
    console.print()
    if found.chosen is None:
        console.print(f"[bold red]Nothing is chosen.[/bold red] {escape(found.why)}")
        console.print(
            "If you know the feed's own address, give that. For a page that lists articles, name its parts, for\n"
            "example [bold]--item 'article' --link 'h2 a' --date 'time'[/bold]."
        )
        return
    console.print(f"[bold green]Chosen:[/bold green] {escape(found.why)}")
    console.print(f"  [bold]{escape(found.chosen.url)}[/bold]", soft_wrap=True)
    if found.chosen.selectors is not None:
        console.print(f"  [dim]{escape(options_of(found.chosen.selectors))}[/dim]", soft_wrap=True)
    console.print()
    _show_items(console, found.chosen, items)
    lines = [f"[yellow]Missing:[/yellow] {escape(line)}" for line in missing(found.chosen.items)]
    lines += [
        f"[yellow]Problem:[/yellow] {escape(problem.what)}; {escape(problem.now)}"
        for problem in found.chosen.problems[:_SHOWN_PROBLEMS]
    ]
    if lines:
        console.print()
    for line in lines:
        console.print(line)
    console.print(f"\nSave it with [bold]{escape(command)}[/bold]", soft_wrap=True)


def show_places(console: Console, found: Search) -> None:
    """Print a line for each place that was looked at, the chosen one first, each with what speaks for or against it."""
    # A mark, the kind, how many items; then the address, and below it why.
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=1)
    table.add_column(width=7)
    table.add_column(width=9, justify="right", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for finding in found.findings[:_SHOWN_PLACES]:
        is_chosen = finding is found.chosen
        mark = "[green]✓[/green]" if is_chosen else "[red]✗[/red]" if finding.trouble else "[dim]·[/dim]"
        count = f"{len(finding.items)} item{'' if len(finding.items) == 1 else 's'}" if finding.items else "-"
        address = escape(_short(finding.url, found.url))
        address = f"[bold]{address}[/bold]" if is_chosen else address
        table.add_row(mark, finding.kind, count, f"{address}\n[dim]{escape(verdict_of(finding))}[/dim]")
    console.print(table)
    if (more := len(found.findings) - _SHOWN_PLACES) > 0:
        console.print(f"   [dim]and {more} more, all of less worth; --json has them[/dim]")


def verdict_of(finding: Finding) -> str:
    """Return why a place is good or bad, as sentences."""
    said = [finding.how]
    if finding.trouble:
        said.append(_sentence(finding.trouble))
    elif finding.verdict:
        if finding.verdict.reasons:
            said.append(_sentence(", ".join(finding.verdict.reasons)))
        if finding.verdict.doubts:
            said.append("But " + ", ".join(finding.verdict.doubts) + ".")
    return " ".join(said)


def missing(items: Sequence[WireItem]) -> list[str]:
    """Return what the items do not tell, one line a part; their pages may."""
    total = len(items)
    lacks = {
        "title": sum(not item.title for item in items),
        "date": sum(not (item.published_at or item.updated_at) for item in items),
        "author": sum(not item.authors for item in items),
        "summary": sum(not (item.summary or item.content_html) for item in items),
    }
    every = [what for what, count in lacks.items() if count == total]
    some = [f"{count} of {total} lack {_an(what)}" for what, count in lacks.items() if 0 < count < total]
    said = [f"no item has {_an(_either(every))}"] if every else []
    return [f"{'; '.join([*said, *some])}. Their pages are asked for it."] if said or some else []


def options_of(selectors: Selectors) -> str:
    """Return selectors as options of a command."""
    given = {name: getattr(selectors, name) for name in ("item", "link", "title", "date")}
    return " ".join(f"--{name} {_quoted(css)}" for name, css in given.items() if css)


def to_json(found: Search, items: int) -> dict[str, Any]:
    """Return a search for a program."""
    return {
        "asked": found.asked,
        "url": found.url,
        "title": found.title,
        "requests": found.requests,
        "chosen": _place(found.chosen) if found.chosen else None,
        "why": found.why,
        "places": [_place(finding) for finding in found.findings],
        "items": [_item(item) for item in found.chosen.items[:items]] if found.chosen else [],
        "missing": missing(found.chosen.items) if found.chosen else [],
        "problems": [
            {"where": problem.where, "what": problem.what, "now": problem.now}
            for problem in (found.chosen.problems if found.chosen else ())
        ],
    }


def _place(finding: Finding) -> dict[str, Any]:
    selectors = finding.selectors
    return {
        "url": finding.url,
        "kind": finding.kind,
        "title": finding.title,
        "items": len(finding.items),
        "worth": finding.worth,
        "how": finding.how,
        "for": list(finding.verdict.reasons) if finding.verdict else [],
        "against": list(finding.verdict.doubts) if finding.verdict else [],
        "trouble": finding.trouble,
        "hub": finding.hub,
        "selectors": {name: getattr(selectors, name) for name in Selectors.__slots__} if selectors else None,
    }


def _item(item: WireItem) -> dict[str, Any]:
    moment = item.published_at or item.updated_at
    return {
        "title": item.title,
        "url": item.url,
        "date": moment.isoformat() if moment else None,
        "authors": list(item.authors),
        "summary": item.summary,
        "image": item.image.url if item.image else None,
    }


def _show_items(console: Console, chosen: Finding, count: int) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=16, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for item in chosen.items[:count]:
        moment = item.published_at or item.updated_at
        when = f"{moment:%Y-%m-%d %H:%M}" if moment else "[dim]no date[/dim]"
        title = escape(item.title) if item.title else "[dim]no title[/dim]"
        by = f"  [dim]by {escape(', '.join(item.authors))}[/dim]" if item.authors else ""
        table.add_row(when, f"{title}{by}")
        # On one line, cut where it has to be: titles are what is read here, and --json has whole addresses.
        table.add_row("", Text(_short(item.url, chosen.url), style="dim", no_wrap=True, overflow="ellipsis"))
    console.print(Padding(table, (0, 0, 0, 2)))
    if (more := len(chosen.items) - count) > 0:
        console.print(f"  [dim]and {more} more[/dim]")


def _short(url: str, home: str) -> str:
    """Leave out the host where it is that of the page."""
    there, here = urlsplit(url), urlsplit(home)
    if (there.scheme, there.netloc) == (here.scheme, here.netloc):
        return url.partition(there.netloc)[2] or "/"
    return url


def _sentence(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:] + ("" if phrase.endswith(".") else ".")


def _an(what: str) -> str:
    return f"an {what}" if what.startswith("a") else f"a {what}"


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _quoted(css: str) -> str:
    return "'" + css.replace("'", "'\\''") + "'"
