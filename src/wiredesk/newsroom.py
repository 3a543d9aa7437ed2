"""The one place that picks concrete parts: opens a site and hands out its room."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from wiredesk import __version__
from wiredesk.config import Settings, read_settings
from wiredesk.embed import Embedder, FolderEmbedder, PackageEmbedder, ServiceEmbedder
from wiredesk.errors import EmbeddingError, FetchError, SettingError, SiteError, UnreadableError
from wiredesk.fetch import EmbeddingService, Fetcher, Hosts, NotModified, Request, fetch_blocking, user_agent
from wiredesk.line.remembering import recall_hosts, remember_hosts
from wiredesk.line.room import Asker, Progress, Room, Rules, Silent
from wiredesk.recordformat import key_text, new_key, parse_key, parse_record
from wiredesk.records import Page, Problem, Rating, Source, Topic
from wiredesk.score import Member, rate_reference, rate_story
from wiredesk.site import SiteFolder
from wiredesk.sources import read_opml
from wiredesk.store import Store
from wiredesk.topics import TopicTree, build_tree, read_topic, tag, tag_reference

logger = logging.getLogger("wiredesk")


def system_clock() -> datetime:
    """Now, UTC."""
    return datetime.now(UTC)


@contextmanager
def open_room(
    root: Path,
    *,
    progress: Progress | None = None,
    clock: Callable[[], datetime] = system_clock,
    workers: int | None = None,
) -> Iterator[Room]:
    """Open the site at `root` for one run, alone.

    A broken topic file, organisation or outline is reported and left out; a broken setting stops here.

    Raises:
        SiteError: no site, in use, or a setting that cannot be used.
        StoreError: the database cannot be opened.
    """
    site = SiteFolder(root)
    site.check()
    settings = read_settings(site.settings)
    with site.lock():
        store = Store(site.database)
        try:
            tree, tree_problems = read_tree(site.topics)
            sources, source_problems = read_sources(site)
            organizations, organization_problems = read_organizations(site.organizations)
            room = Room(
                site=site,
                settings=settings,
                tree=tree,
                sources=sources,
                organizations=organizations,
                store=store,
                rules=pick_rules(settings, tree, organizations),
                key=_key(site, settings),
                clock=clock,
                workers=workers or os.cpu_count() or 1,
                embedder=pick_embedder(settings, root),
                progress=progress or Silent(),
                log=_log,
            )
            room.run = store.intake.start_run(clock())
            room.report_all([*tree_problems, *source_problems, *organization_problems])
            yield room
            store.intake.finish_run(room.run, clock(), json.dumps({"counts": room.counts, "seconds": room.seconds}))
        finally:
            store.close()


def pick_rules(settings: Settings, tree: TopicTree, organizations: Mapping[str, str]) -> Rules:
    """Return the set of rules that the settings name."""

    def rate_as_reference(members: Sequence[Member], _as_of: datetime) -> list[Rating]:
        group = [(member.article, member.tags) for member in members]
        return rate_reference(group, tree=tree, organizations=organizations, rules=settings.rules)

    def rate_ours(members: Sequence[Member], as_of: datetime) -> list[Rating]:
        return rate_story(members, as_of=as_of, settings=settings.score)

    if settings.rules.set == "reference":
        return Rules(name="reference", tag=partial(tag_reference, tree=tree), rate=rate_as_reference)
    return Rules(name="wiredesk", tag=partial(tag, tree=tree), rate=rate_ours)


def pick_embedder(settings: Settings, root: Path) -> Embedder | None:
    """Return the model that the settings name, not loaded yet; None where they name none.

    Raises:
        SettingError: it is not there.
    """
    chosen = settings.embedding
    try:
        match chosen.kind:
            case "none":
                return None
            case "package":
                return PackageEmbedder(chosen.package)
            case "folder":
                return FolderEmbedder(root / Path(chosen.folder).expanduser(), chosen.prefix)
            case "openai":
                service = EmbeddingService(chosen, _secret(chosen.key_env), user_agent=_name(settings))
                return ServiceEmbedder(f"{chosen.model} {chosen.address}", service.ask, chosen.prefix)
    except EmbeddingError as error:
        raise SettingError(
            "wiredesk.toml: [embedding]", f"{error.where} {error.what}", error.now.capitalize()
        ) from error


def _secret(variable: str) -> str:
    if variable and not os.environ.get(variable):
        raise EmbeddingError(f"the environment variable {variable}", "is not set", f"export {variable}=…")
    return os.environ[variable] if variable else ""


def pick_asker(room: Room, hosts: Hosts | None = None) -> Asker:
    """Return what asks the network, for the whole of a run: it remembers robots.txt and whose turn it is.

    What earlier processes learned of hosts is known to it, and what it learns is kept in the store.

    Args:
        hosts: What earlier runs of this process learned.
    """
    hosts = Hosts() if hosts is None else hosts
    ask_all = partial(
        fetch_blocking, room.settings.fetch, clock=room.clock, user_agent=_name(room.settings), hosts=hosts
    )
    recall_hosts(room, hosts)

    def ask(requests: Iterable[Request], on_result: Callable[[Request, Page | NotModified | FetchError], None]) -> None:
        try:
            ask_all(requests, on_result)
        finally:
            remember_hosts(room, hosts)

    return ask


def pick_fetcher(
    settings: Settings, clock: Callable[[], datetime] = system_clock, hosts: Hosts | None = None
) -> Fetcher:
    """Return what asks for single addresses.

    Args:
        hosts: What earlier fetchers learned.
    """
    return Fetcher(settings.fetch, clock=clock, user_agent=_name(settings), hosts=hosts)


def _name(settings: Settings) -> str:
    return user_agent(__version__, settings.site.contact or settings.site.address)


def read_tree(folder: Path) -> tuple[TopicTree, list[Problem]]:
    """Read the topic files of `folder`, in the order of their names."""
    topics: list[Topic] = []
    names: list[str] = []
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.y*ml")):
        name = f"{folder.name}/{file.name}"
        try:
            topics.append(read_topic(file.read_bytes(), name))
            names.append(name)
        except (OSError, UnreadableError) as error:
            problems.append(_left_out(name, error, "topics"))
    tree = build_tree(topics, names)
    return tree, [*problems, *tree.problems]


def read_sources(site: SiteFolder) -> tuple[list[Source], list[Problem]]:
    """Read sources.opml."""
    try:
        return read_opml(site.opml.read_bytes(), site.opml.name)
    except FileNotFoundError:
        return [], []
    except (OSError, UnreadableError) as error:
        return [], [_left_out(site.opml.name, error, "sources")]


def read_organizations(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """Read the known providers: domain -> name."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.md")):
        try:
            fields = parse_record(file.read_bytes(), f"{folder.name}/{file.name}").fields
            found[str(fields["domain"])] = str(fields["name"])
        except (OSError, UnreadableError, KeyError) as error:
            problems.append(_left_out(f"{folder.name}/{file.name}", error, "topics"))
    return found, problems


def _left_out(name: str, error: Exception, stage: str) -> Problem:
    if isinstance(error, UnreadableError):
        return Problem(where=error.where, what=error.what, now=error.now, stage=stage)
    what = f"has no {error}" if isinstance(error, KeyError) else f"cannot be read: {error}"
    return Problem(where=name, what=what, now="it is left out", stage=stage)


def _key(site: SiteFolder, settings: Settings) -> bytes | None:
    if not settings.records.secured:
        return None
    if not site.key.exists():
        with os.fdopen(os.open(site.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key_text(new_key()))
    try:
        return parse_key(site.key.read_text(encoding="utf-8"), site.key.name)
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(f"{site.key.name}: cannot be read: {error}") from error


def _log(event: str, facts: Mapping[str, Any]) -> None:
    logger.info(event, extra={"facts": dict(facts)})
