"""Fictional news for the tests of stories: a few events, each told in several ways."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, cast

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from wiredesk.config import StorySettings
from wiredesk.records import Article, ArticleId, Provider, ProviderId
from wiredesk.stories import Constraints, Grouping, Placed, Signal, history_days, joining, pairs, signal
from wiredesk.stories.vectors import day_of, order

if TYPE_CHECKING:
    from wiredesk.stories.judging import Judge

START = datetime(2026, 9, 7, tzinfo=UTC)
SETTINGS = StorySettings()

# event: headlines, and what the text says; any headline goes with any text of its event
EVENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "docks": (
        (
            "Dockers at Port Ellery walk out over crane robots",
            "Port Ellery dock strike begins as crane talks collapse",
            "Crane drivers strike in Port Ellery: 3,400 walk out",
            "Port Ellery at a standstill as dockers strike",
        ),
        (
            "Some 3,400 dockers walked out of the three container terminals of Port Ellery at dawn after talks between "
            "the union of Harriet Mosse and the operator Castellan over remote-controlled cranes had failed.",
            "Container work in Port Ellery stopped on Monday. The dockers' union, led by Harriet Mosse, says Castellan "
            "wants to replace 600 crane drivers; 14 ships were waiting off the port.",
        ),
    ),
    "quota": (
        (
            "Norderhaven ministers cut cod quota by a fifth",
            "Cod quota falls by a fifth after night of talks in Norderhaven",
            "Fishermen of Aske fear for boats after cod quota cut",
        ),
        (
            "Fisheries ministers meeting in Norderhaven agreed to cut next year's cod quota by 20 percent, "
            "less than the scientists around Ilse Brandvik had asked for.",
            "The cod quota will fall by a fifth. In the harbour of Aske fishermen said the smaller catch would cost "
            "every third boat its season; minister Anton Reyle spoke of a fair deal.",
        ),
    ),
    "ferry": (
        (
            "Sundline orders second electric ferry from Grimholt yard",
            "Grimholt yard to build electric ferry for Sundline",
            "Second electric ferry for the strait: Sundline signs with Grimholt",
        ),
        (
            "The ferry company Sundline ordered a second battery ship for 92 million crowns. The hull of the Aurelia "
            "will be built at the yard in Grimholt, the batteries come from Vantor Cells.",
            "Grimholt's shipyard won the contract for an electric ferry with 4,300 batteries, said Sundline's director "
            "Mirjam Holt. The ship is to sail between Sund and Haelis from spring 2028.",
        ),
    ),
    "storm": (
        (
            "Storm Isolde closes the strait and cuts power to 40,000 homes",
            "Isolde: 40,000 homes without power on Haelis",
            "Storm Isolde tears roof off Haelis school, no one hurt",
        ),
        (
            "Storm Isolde hit the island of Haelis with gusts of 38 metres a second. Power failed in 40,000 homes, and "
            "the lighthouse keeper Jonna Vik measured waves of nine metres.",
            "The strait was closed to ships for the second day as storm Isolde passed. On Haelis the roof of a school "
            "came down; 40,000 households had no electricity on Wednesday morning.",
        ),
    ),
    "museum": (
        (
            "Museum of Sund finds lost Lindqvist portrait in its attic",
            "Lost Lindqvist painting turns up in attic of Sund museum",
        ),
        (
            "A portrait by the painter Astrid Lindqvist, missing since 1954, was found behind a cupboard in the attic "
            "of the museum of Sund, its curator Paul Ferrow said.",
            "Restorers at Sund's museum have confirmed that a dusty canvas is the lost portrait of the botanist Emil "
            "Noor by Astrid Lindqvist, thought to have been stolen.",
        ),
    ),
}  # fmt: skip


def article(
    name: str,
    title: str,
    text: str = "",
    *,
    hours: float = 0,
    seen: float | None = None,
    provider: str = "meridianwire.example",
    language: str | None = "en",
) -> Article:
    """Return an article told `hours` after the start and seen then, or `seen` hours after it."""
    told = START + timedelta(hours=hours)
    return Article(
        id=ArticleId(name),
        canonical_url=f"https://{provider}/{name}",
        provider=Provider(domain=ProviderId(provider), name=provider.partition(".")[0].title()),
        title=title,
        text=text,
        published_at=told,
        first_seen_at=told if seen is None else START + timedelta(hours=max(seen, hours)),
        language=language,
    )


def told(
    name: str,
    event: str,
    headline: int = 0,
    text: int = 0,
    *,
    hours: float = 0,
    seen: float | None = None,
    copy_of: str | None = None,
    provider: str | None = None,
) -> Signal:
    """Return the signal of one telling of an event."""
    headlines, texts = EVENTS[event]
    made = article(
        name,
        headlines[headline % len(headlines)],
        texts[text % len(texts)],
        hours=hours,
        seen=seen,
        provider=provider or f"paper{sum(map(ord, name)) % 7}.example",
    )
    return signal(made, copy_of=ArticleId(copy_of) if copy_of else None)


@st.composite
def news(draw: st.DrawFn, days: int = 5, most: int = 10) -> list[Signal]:
    """Some days of articles on a few events; some are copies, some are seen late."""
    found = []
    for number in range(draw(st.integers(1, most))):
        hours = draw(st.integers(0, 24 * days - 1)) + draw(st.sampled_from([0, 0.5]))
        found.append(
            told(
                f"{number:016x}",
                draw(st.sampled_from(sorted(EVENTS))),
                draw(st.integers(0, 3)),
                draw(st.integers(0, 1)),
                hours=hours,
                seen=hours + draw(st.integers(0, 40)),
                copy_of=draw(st.sampled_from([None, None, None, f"{0:016x}", f"{1:016x}"])) if number > 1 else None,
            )
        )
    return found


class PlainJudge:
    """Judges by the likeness of words alone: laws hold whatever the weights."""

    def hopeful(self, features: NDArray[np.float32]) -> NDArray[np.bool_]:
        return np.ones(len(features), dtype=bool)

    def pairs(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.clip(1.4 * features[:, pairs.NAMES.index("words")], 0, 1)

    def groups(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.clip(features[:, joining.NAMES.index("three strongest links")], 0, 1)


def grouping(constraints: Constraints | None = None) -> Grouping:
    """Return an empty grouping with the plain judge."""
    judge = cast("Judge", PlainJudge())
    return Grouping(SETTINGS, constraints=constraints or Constraints(), judge_=judge)


def by_day(signals: Iterable[Signal]) -> list[list[Signal]]:
    """Return the signals of each day that has some."""
    return [list(some) for _, some in groupby(sorted(signals, key=order), key=day_of)]


def grouped(signals: Iterable[Signal], constraints: Constraints | None = None) -> list[Placed]:
    """Return where all stand in the end, by the plain judge, in one process."""
    going = grouping(constraints)
    found = {each.signal.article: each for day in by_day(signals) for each in going.add(day)}
    return sorted(found.values(), key=lambda each: order(each.signal))


def grouped_daily(signals: Iterable[Signal], constraints: Constraints | None = None) -> list[Placed]:
    """Return the same, with a process for each day, which recalls of the past what it needs."""
    found: dict[ArticleId, Placed] = {}
    for day in by_day(signals):
        oldest = day_of(day[0]) - timedelta(days=history_days(SETTINGS))
        going = grouping(constraints)
        going.recall(
            [each for each in found.values() if day_of(each.signal) >= oldest],
            bound={each.signal.article: each.story for each in found.values() if day_of(each.signal) < oldest},
        )
        found |= {each.signal.article: each for each in going.add(day)}
    return sorted(found.values(), key=lambda each: order(each.signal))


def stories(placed: Iterable[Placed]) -> dict[str, str]:
    """Return the story of each article."""
    return {each.signal.article: each.story for each in placed}
