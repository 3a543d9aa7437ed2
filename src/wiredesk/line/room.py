"""What every step is handed: the site, its settings and tools.  `newsroom.py` fills it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import Any, Protocol

from wiredesk.config import Settings
from wiredesk.embed import Embedder
from wiredesk.errors import FetchError
from wiredesk.fetch import NotModified, Request
from wiredesk.records import Article, Page, Problem, Rating, Source, Tag
from wiredesk.score import Member
from wiredesk.site import SiteFolder
from wiredesk.store import Store
from wiredesk.topics import TopicTree


class Progress(Protocol):
    """Shows how far long work is."""

    def begin(self, title: str, total: int | None) -> Callable[[int], None]:
        """Open a bar; the answer moves it on by that many."""
        ...

    def end(self) -> None:
        """Close the bar that is open."""
        ...


Asker = Callable[[Iterable[Request], Callable[[Request, Page | NotModified | FetchError], None]], None]
"""Asks the network for all of the requests, and hands over each answer as it arrives."""


class Silent:
    """Progress that nobody sees."""

    def begin(self, title: str, total: int | None) -> Callable[[int], None]:
        """Do nothing."""
        return lambda _: None

    def end(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A set of rules: "wiredesk" or "reference"."""

    name: str
    tag: Callable[[Article], tuple[Tag, ...]]
    rate: Callable[[Sequence[Member], datetime], list[Rating]]


@dataclass(kw_only=True)
class Room:
    """One run's surroundings."""

    site: SiteFolder
    settings: Settings
    tree: TopicTree
    sources: Sequence[Source]
    organizations: Mapping[str, str]  # domain -> name
    store: Store
    rules: Rules
    key: bytes | None  # to `secured`
    clock: Callable[[], datetime]
    workers: int  # processes that read pages; 1: none but this
    embedder: Embedder | None = None  # None: stories are told from words alone
    progress: Progress = field(default_factory=Silent)
    log: Callable[[str, Mapping[str, Any]], None] = lambda _event, _facts: None
    run: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def report(self, problem: Problem) -> None:
        """Keep a problem: it is told at the end, once for each place and remedy, and stops nothing."""
        if (problem.where, problem.now) in self._told:
            return
        self._told.add((problem.where, problem.now))
        self.problems.append(problem)
        self.store.intake.add_problem(self.run, problem)
        self.log("problem", {"stage": problem.stage, "where": problem.where, "what": problem.what, "now": problem.now})

    def report_all(self, problems: Iterable[Problem]) -> None:
        """`report` each of them."""
        for problem in problems:
            self.report(problem)

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Time a step and show its bar.  Yields the function that moves the bar on."""
        begun = perf_counter()
        advance = self.progress.begin(name, total)
        try:
            yield advance
        finally:
            self.progress.end()
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - begun
            self.log("step", {"name": name, "seconds": round(self.seconds[name], 3)})
