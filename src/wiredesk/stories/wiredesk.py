"""Which articles tell one event: words weighed by rarity, fading with time, in one pass over a sliding window.

Source: single-pass clustering of TF-IDF vectors with a time window, as in topic detection and tracking (Yang, Pierce,
Carbonell: A study of retrospective and on-line event detection, SIGIR 1998); what is ours, and why, is in
docs/decisions/0008-stories.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from wiredesk.config import StorySettings
from wiredesk.records import ArticleId
from wiredesk.stories.board import Board
from wiredesk.stories.signals import Placed, Signal


def history_days(settings: StorySettings) -> int:
    """Return how many days before a new article `place` looks back on: the longest that a story is open."""
    return math.ceil(settings.open_hours / 24)


def place(history: Sequence[Placed], new: Sequence[Signal], settings: StorySettings) -> list[Placed]:
    """Return the story of each article in `new`, by (told_at, article).

    Articles are placed one by one in that order.  Those of one UTC day share their word weights, taken from all
    articles of that day and of the `history_days` before it; at its end, stories born in it may fold into others.
    So days are what is decided at once: the answer is the same whether days come together or one after another, and
    whatever the order within `history` and `new`.

    A story is named after the article of its first day that we saw first.

    Args:
        history: What was placed on the `history_days` before the first new article; more does no harm.
        new: All articles of their days.

    Raises:
        ValueError: `history` holds an article of the first new day or later.
    """
    arrivals = sorted(new, key=_order)
    if not arrivals:
        return []
    start = _day(arrivals[0])
    placed = sorted(history, key=lambda past: _order(past.signal))
    if placed and _day(placed[-1].signal) >= start:
        raise ValueError(f"history must end before {start}, the first day of the new articles")
    before = len(placed)
    window = timedelta(days=history_days(settings))
    oldest = 0
    for day, signals in groupby(arrivals, key=_day):
        while oldest < len(placed) and _day(placed[oldest].signal) < day - window:
            oldest += 1
        placed += Board(day, placed[oldest:], list(signals), settings).place()
    return placed[before:]


def _order(signal: Signal) -> tuple[datetime, ArticleId]:
    return signal.told_at, signal.article


def _day(signal: Signal) -> date:
    return signal.told_at.astimezone(UTC).date()
