"""What a run did, for a person and for a program."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from wiredesk.line.room import Room

_SHOWN_PROBLEMS = 12


def summary(room: Room) -> dict[str, Any]:
    """Return the facts of a run."""
    count = room.counts
    return {
        "site": room.settings.site.title,
        "address": room.settings.site.address,
        "sources": {
            "listed": len(room.sources),
            "with_news": count["sources_answered"],
            "unchanged": count["sources_unchanged"],
            "failed": count["sources_failed"],
        },
        "pages": {
            "imported": count["imported"],
            "archives_passed": count["archives_passed"],
            "fetched": count["pages_fetched"],
            "failed": count["pages_failed"],
            "no_article": count["not_articles"],
            "still_wanted": room.store.intake.wanted_count(),
        },
        "articles": {"new": count["new"], "changed": count["changed"], "all": room.store.articles.count()},
        "copies": room.store.articles.copy_count(),
        "stories": room.store.articles.story_count(),
        "published": room.store.editions.published_count(),
        "edition": {
            "number": room.store.ledger.number(),
            "files_written": count["files_written"],
            "files_removed": count["files_removed"],
        },
        "seconds": {name: round(seconds, 3) for name, seconds in room.seconds.items()},
        "problems": [
            {"stage": problem.stage, "where": problem.where, "what": problem.what, "now": problem.now}
            for problem in room.problems
        ],
    }


def print_summary(facts: dict[str, Any]) -> None:
    """Print the facts the way a person wants to read them."""
    console = Console()
    sources, pages, articles, edition = facts["sources"], facts["pages"], facts["articles"], facts["edition"]
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column()
    asked = sources["with_news"] + sources["unchanged"] + sources["failed"]
    if asked:
        table.add_row(
            "Sources",
            f"{asked} asked: {sources['with_news']} with news, {sources['unchanged']} unchanged, "
            f"{_failed(sources['failed'])}",
        )
    else:
        table.add_row("Sources", f"{sources['listed']} listed, none was asked")
    came = [
        *([f"{pages['imported']:,} imported"] if pages["imported"] else []),
        *(
            [f"{pages['archives_passed']:,} archives too old or young by their names"]
            if pages["archives_passed"]
            else []
        ),
        *([f"{pages['fetched']:,} fetched"] if pages["fetched"] else []),
        *([_failed(pages["failed"])] if pages["failed"] else []),
        *([f"{pages['no_article']:,} no article"] if pages["no_article"] else []),
        *([f"{pages['still_wanted']:,} still to fetch"] if pages["still_wanted"] else []),
    ]
    table.add_row("Pages", ", ".join(came) or "nothing new")
    table.add_row("Articles", f"{articles['new']:,} new, {articles['changed']:,} changed, {articles['all']:,} in all")
    copies = "1 article is a copy" if facts["copies"] == 1 else f"{facts['copies']:,} articles are copies"
    table.add_row("Stories", f"{facts['stories']:,}, {copies}, {facts['published']:,} published")
    table.add_row(
        "Edition",
        f"no. {edition['number']}: {edition['files_written']:,} files written, {edition['files_removed']:,} removed",
    )
    table.add_row("Time", f"{sum(facts['seconds'].values()):.1f} s")
    console.print()
    console.print(f"[bold]{escape(facts['site'])}[/bold]  [dim]{escape(facts['address'])}[/dim]")
    console.print(table)
    _print_problems(console, facts["problems"])


def _failed(number: int) -> str:
    return f"[red]{number:,} failed[/red]" if number else "none failed"


def _print_problems(console: Console, problems: list[dict[str, str]]) -> None:
    if not problems:
        return
    console.print(
        f"\n[yellow]{len(problems)} problem{'s' if len(problems) > 1 else ''}[/yellow], none stopped the run:"
    )
    for problem in problems[:_SHOWN_PROBLEMS]:
        console.print(f"  {escape(problem['where'])}", style="bold", soft_wrap=True)
        console.print(f"    {escape(problem['what'])}; {escape(problem['now'])}", soft_wrap=True)
    if hidden := problems[_SHOWN_PROBLEMS:]:
        stages = ", ".join(f"{stage} {n}" for stage, n in sorted(Counter(p["stage"] for p in hidden).items()))
        console.print(f"  [dim]and {len(hidden)} more ({stages}); all of them: `wiredesk status --problems`[/dim]")
