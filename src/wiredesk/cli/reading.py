"""Commands that only look: explain, status, sources, records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wiredesk.cli.options import site_option
from wiredesk.errors import UsageError

if TYPE_CHECKING:
    from wiredesk.records import Item
    from wiredesk.site import SiteFolder
    from wiredesk.store import Store


@click.command(short_help="Print every part of every decision about an article.")
@site_option
@click.argument("article", metavar="ID")
@click.argument("other", metavar="[OTHER]", required=False)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def explain(root: Path, article: str, other: str | None, as_json: bool) -> None:
    """Print every part of every decision about an article, or why two articles are, or are not, one story.

    ID is an article's id or its beginning, its record's name, or its address: where each field was found, versions,
    copies, topics, why it stands in its story and what came close, quality, heat, and why it is published or not.
    With OTHER, a second article: what speaks for the two telling one event, and what decided.
    """
    from wiredesk.config import read_settings
    from wiredesk.explain import explain as explained
    from wiredesk.explain import explain_json
    from wiredesk.line.threading import background_of, neighbours_of
    from wiredesk.records import Story
    from wiredesk.site import SiteFolder
    from wiredesk.store import Store

    site = SiteFolder(root)
    site.check()
    store = Store(site.database)
    try:
        if other is not None:
            _explain_pair(site, store, article, other, as_json)
            return
        item = find_item(store, article)
        gone = store.intake.page_gone(item.article.canonical_url)
        joins = store.articles.members(item.story)
        story = Story(id=item.story, articles=tuple(join.article for join in joins), joins=tuple(joins))
        others = store.editions.items(item.related)
        outside = next((join.rival.article for join in joins if join.article == item.article.id and join.rival), None)
        rival = store.editions.item(outside) if outside else None
        decisions = [each for each in store.decisions.all() if item.article.id in (each.one, each.other)]
        neighbours = neighbours_of(store, item.story)
        needed = read_settings(site.settings).stories.related_similarity
        background = background_of(item.article.id, [item, *others], neighbours, needed)
    finally:
        store.close()
    if as_json:
        found = explain_json(
            item, story, others, gone=gone, neighbours=neighbours, background=background, decisions=decisions
        )
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        click.echo(
            explained(
                item,
                story,
                others,
                gone=gone,
                neighbours=neighbours,
                background=background,
                rival=rival,
                decisions=decisions,
            )
        )


def _explain_pair(site: SiteFolder, store: Store, article: str, other: str, as_json: bool) -> None:
    from wiredesk.config import read_settings
    from wiredesk.explain import explain_pair, explain_pair_json
    from wiredesk.line.telling import compare_placed

    settings = read_settings(site.settings).stories
    one, two = find_item(store, article), find_item(store, other)
    pair = {one.article.id, two.article.id}
    if len(pair) < 2:
        raise UsageError(f"{article} and {other} are the same article")
    joins = [join for item in (one, two) for join in store.articles.members(item.story) if join.article in pair]
    decision = next((each for each in store.decisions.standing() if {each.one, each.other} == pair), None)
    try:
        bond = compare_placed(store, settings, one.article.id, two.article.id)
    except KeyError as error:
        raise UsageError("this site was made by an older release: `wiredesk run` groups its stories anew") from error
    if as_json:
        found = explain_pair_json(one, two, bond, joins, settings, decision)
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        click.echo(explain_pair(one, two, bond, joins, settings, decision))


def find_item(store: Store, text: str) -> Item:
    """Return the item of the article with this id, beginning of an id, record name or address; or of a story's id.

    Raises:
        UsageError: there is none, or several.
    """
    from wiredesk.urls import canonical

    try:
        address = canonical(text) if "://" in text else text.removesuffix(".md")
    except ValueError:  # no address of the web; what was imported from a file has its path for an address
        address = text
    article = store.articles.find(address) or store.articles.find(address.removeprefix("s"))
    item = store.editions.item(article) if article else None
    if item is None:
        raise UsageError(f"{text}: no article has this id, name or address (or several ids begin so)")
    return item


@click.command(short_help="Show how the site stands, and what is wrong.")
@site_option
@click.option("--problems", is_flag=True, help="List every problem of the last run.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def status(root: Path, problems: bool, as_json: bool) -> None:
    """Show how the site stands: its size, the last run, sources that are silent or failing, fields that got worse."""
    from rich.console import Console
    from rich.markup import escape

    from wiredesk.cli.telling import told_of
    from wiredesk.extract import Drift
    from wiredesk.newsroom import read_sources, system_clock
    from wiredesk.site import SiteFolder
    from wiredesk.store import Store, from_json

    site = SiteFolder(root)
    site.check()
    listed = {source.url for source in read_sources(site)[0]}
    now = system_clock()
    store = Store(site.database)
    try:
        states = [state for state in store.intake.sources() if state.url in listed]
        newest = store.intake.newest_capture()
        last = store.intake.last_run()
        facts: dict[str, Any] = {
            "captures": store.intake.capture_count(),
            "newest": newest.isoformat() if newest else None,
            "articles": store.articles.count(),
            "copies": store.articles.copy_count(),
            "stories": store.articles.story_count(),
            "published": store.editions.published_count(),
            "pages_wanted": store.intake.wanted_count(),
            "last_run": last[0].isoformat() if last else None,
            "sources": [
                {
                    "url": state.url,
                    "status": state.status,
                    "failures": state.failures,
                    "changed": state.changed_at.isoformat() if state.changed_at else None,
                    "next": state.next_at.isoformat() if state.next_at else None,
                    "why": state.why,
                    "failing_since": state.failing_since.isoformat() if state.failing_since else None,
                    "moved": state.asks,
                    "note": state.note,
                    "told": told_of(state, now),
                }
                for state in states
            ],
            "drift": [
                {"where": place, "since": at.isoformat(), "what": from_json(Drift, data).what}
                for place, at, data in store.lessons.drifts()
            ],
            "problems": [
                {"stage": p.stage, "where": p.where, "what": p.what, "now": p.now} for p in store.intake.last_problems()
            ],
        }
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    console = Console()
    for key in ("captures", "newest", "articles", "copies", "stories", "published", "pages_wanted", "last_run"):
        console.print(f"[bold]{key.replace('_', ' '):14}[/bold] {facts[key] if facts[key] is not None else 'none yet'}")
    for state, source in zip(states, facts["sources"], strict=True):
        news = f"{state.changed_at:%Y-%m-%d %H:%M}" if state.changed_at else "no news yet"
        console.print(f"{state.status:14} {news:16}  {escape(state.url)}", soft_wrap=True)
        console.print(f"{'':15}{escape(source['told'])}", soft_wrap=True)
    for drift in facts["drift"]:
        console.print(
            f"[yellow]drift[/yellow]          {escape(drift['where'])}: {escape(drift['what'])}", soft_wrap=True
        )
    console.print(f"[bold]problems[/bold]       {len(facts['problems'])} in the last run")
    if problems:
        for problem in facts["problems"]:
            console.print(
                f"  {escape(problem['where'])}: {escape(problem['what'])}; {escape(problem['now'])}", soft_wrap=True
            )


@click.command(short_help="List the sources, and when each is asked next.")
@site_option
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), help="Write the outline to FILE instead.")
@click.option("--apply-moves", is_flag=True, help="Write into sources.opml where sources have moved to for good.")
@click.option("--retry", metavar="URL", help="Ask the source at URL again at the next run, also one that was retired.")
def sources(root: Path, export: Path | None, apply_moves: bool, retry: str | None) -> None:
    """List the sources, with kind, when each is asked next, and why; or export them as OPML with folders kept."""
    from wiredesk.cli.telling import told_of
    from wiredesk.config import read_settings
    from wiredesk.newsroom import open_room, read_sources, system_clock
    from wiredesk.site import SiteFolder
    from wiredesk.sources import write_opml
    from wiredesk.store import Store

    site = SiteFolder(root)
    site.check()
    if apply_moves or retry:
        from wiredesk.cli.adding import apply_moves as applied
        from wiredesk.cli.adding import retry as retried

        with open_room(root) as room:
            if retry and not retried(room, retry):
                raise UsageError(f"{retry}: no source has this address; nothing was changed")
            if apply_moves:
                applied(room)
        return
    listed, problems = read_sources(site)
    for problem in problems:
        click.echo(f"{problem.where}: {problem.what}; {problem.now}", err=True)
    if export:
        export.write_bytes(write_opml(listed, read_settings(site.settings).site.title))
        click.echo(f"{len(listed)} source{'' if len(listed) == 1 else 's'} written to {export}")
        return
    if not listed:
        click.echo("No sources yet: `wiredesk add URL` looks for them.", err=True)
    now = system_clock()
    store = Store(site.database)
    try:
        states = {state.url: state for state in store.intake.sources()}
        hubs = {each.source: each for each in store.intake.subscriptions()}
    finally:
        store.close()
    for source in listed:
        click.echo("  ".join([source.kind, "/".join(source.folder) or "-", source.title or "-", source.url]))
        if told := told_of(states.get(source.url), now, hubs.get(source.url)):
            click.echo(f"    {told}")


@click.group()
def records() -> None:
    """Work on folders of records."""


@records.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def check(folder: Path, as_json: bool) -> None:
    """Check the records below FOLDER against what the format and its rules say.

    FOLDER holds sites (folders with `_news`).  Prints for bytes, names, addresses, topics, quality, heat and published
    how many agree, and lists every record that does not, with what was expected.
    """
    from wiredesk.recordcheck import check as check_records

    report = check_records(folder)
    click.echo(json.dumps(report.to_json(), ensure_ascii=False) if as_json else report.to_text())
