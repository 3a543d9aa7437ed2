"""The command that shows what was learned of hosts: knowledge."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wiredesk.cli.options import site_option
from wiredesk.errors import UsageError

if TYPE_CHECKING:
    from wiredesk.extract import Place


_COLUMNS = ("Version", "Holds from", "Pages", "Repeated", "Places (right on)", "Drift")


@click.command(short_help="Show what was learned from the pages of each host.")
@site_option
@click.argument("host", required=False)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def knowledge(root: Path, host: str | None, as_json: bool) -> None:
    """Show what was learned from the pages of each host, or all of it for HOST.

    Blocks of text that stand on many pages of a host are left out of its articles; places where title, authors, date
    and lead picture stood page after page have their say where a page declares nothing, or something else.  It is
    learned at the turn of a day (UTC) and kept in knowledge/HOST.json, each version with the moment from which it
    holds.  There you may fix places, by CSS selector:

    \b
        "fixed": {"authors": "p.byline > a"}
    """
    from wiredesk.errors import UnreadableError
    from wiredesk.extract import Drift
    from wiredesk.line.learning import KnowledgeFolder
    from wiredesk.site import SiteFolder
    from wiredesk.store import Store, from_json

    site = SiteFolder(root)
    site.check()
    store = Store(site.database)
    try:
        pages = store.lessons.hosts()
        drifts = [(place, at, from_json(Drift, data)) for place, at, data in store.lessons.drifts()]
    finally:
        store.close()
    files = list(KnowledgeFolder(site.knowledge).hosts())
    broken = [each for _, each in files if isinstance(each, UnreadableError)]
    known = {each.host: each for _, each in files if not isinstance(each, UnreadableError)}
    for error in broken:
        click.echo(f"{error.where}: {error.what}; its pages are read without it", err=True)
    hosts = sorted(pages.keys() | known.keys())
    if host is not None:
        if host not in hosts:
            raise UsageError(f"{host}: no page of this host was read; `wiredesk knowledge` lists those that were")
        hosts = [host]
    facts = [
        {
            "host": each,
            "pages": pages.get(each, 0),
            "fixed": dict(known[each].fixed) if each in known else {},
            "versions": [_version(number, v) for number, v in enumerate(known[each].versions, 1)]
            if each in known
            else [],
            "drift": [_drift(at, drift) for place, at, drift in drifts if place == each],
        }
        for each in hosts
    ]
    of_sources = [{"source": place, **_drift(at, drift)} for place, at, drift in drifts if "://" in place]
    if as_json:
        click.echo(json.dumps({"hosts": facts, "sources": of_sources}, ensure_ascii=False, indent=2))
    elif host is not None:
        _print_host(facts[0])
    else:
        _print_table(facts, of_sources)


def _version(number: int, version: Any) -> dict[str, Any]:
    return {
        "number": number,
        "since": version.since.isoformat().replace("+00:00", "Z"),
        "pages": version.pages,
        "places": _places(version.places),
        "doubted": _places(version.doubted),
        "constants": {name: list(values) for name, values in version.constants.items()},
        "repeated": dict(version.repeated),
    }


def _places(places: Mapping[str, tuple[Place, ...]]) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {
                "place": each.place,
                "right": each.right,
                "seen": each.seen,
                "confidence": round(each.confidence, 3),
                "example": each.example,
            }
            for each in found
        ]
        for name, found in places.items()
    }


def _drift(at: datetime, drift: Any) -> dict[str, Any]:
    return {"field": drift.about, "since": at.isoformat().replace("+00:00", "Z"), "what": drift.what}


def _print_table(facts: list[dict[str, Any]], of_sources: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Column, Table

    console = Console(width=None if sys.stdout.isatty() else 160)
    if not facts:
        console.print("Nothing was read yet.")
        return
    table = Table(Column("Host", no_wrap=True), *_COLUMNS, box=None)
    for each in facts:
        newest = each["versions"][-1] if each["versions"] else None
        places = newest["places"] if newest else {}
        table.add_row(
            escape(each["host"]),
            str(newest["number"]) if newest else "none yet",
            newest["since"][:10] if newest else "",
            str(newest["pages"] if newest else each["pages"]),
            str(len(newest["repeated"])) if newest else "",
            ", ".join(
                [f"{name} {found[0]['right']}/{found[0]['seen']}" for name, found in places.items()]
                + [f"{name} fixed" for name in each["fixed"]]
            ),
            ", ".join(drift["field"] for drift in each["drift"]),
        )
    console.print(table)
    for drift in of_sources:
        console.print(f"[yellow]drift[/yellow] {escape(drift['source'])}: {escape(drift['what'])}", soft_wrap=True)


def _print_host(facts: dict[str, Any]) -> None:
    lines = [f"{facts['host']}: {facts['pages']} pages remembered"]
    lines += [f"  fixed {name}: {selector}" for name, selector in facts["fixed"].items()]
    lines += [f"  drift since {each['since'][:10]}: {each['what']}" for each in facts["drift"]]
    if not facts["versions"]:
        lines.append("  nothing learned yet: it takes five pages with different titles, and the turn of a day (UTC)")
    older = [f"  {v['number']} held from {v['since']}, of {v['pages']} pages" for v in reversed(facts["versions"][:-1])]
    for version in facts["versions"][-1:]:
        lines += [
            "",
            f"Version {version['number']}, holds from {version['since']}, learned from {version['pages']} pages",
        ]
        for kind, verb in (("places", "stands at"), ("doubted", "is mostly wrong in")):
            for name, found in version[kind].items():
                for each in found:
                    lines.append(f"  {name} {verb} {each['place']}: right on {each['right']} of {each['seen']} pages")
                    lines.append(f"      e.g. {each['example']}")
        for name, values in version["constants"].items():
            lines += [f"  {name}: no value, for it is the same on all pages: {value}" for value in values]
        if version["repeated"]:
            lines.append(f"  {len(version['repeated'])} blocks of text that stand on many pages, left out of articles:")
            lines += [f"      {opening}" for opening in sorted(version["repeated"].values())]
    if older:
        lines += ["", "Versions before it (all of them: --json)", *older]
    click.echo("\n".join(lines))
