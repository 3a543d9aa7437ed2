"""Any two articles, compared: for people who ask why they are, or are not, one story."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from wiredesk.config import StorySettings
from wiredesk.records import ArticleId, Bond
from wiredesk.stories.grouping import Grouping, Vectors
from wiredesk.stories.signals import Placed
from wiredesk.stories.vectors import day_of, order


def compare(
    window: Sequence[Placed],
    one: ArticleId,
    other: ArticleId,
    settings: StorySettings,
    *,
    vectors: Vectors | None = None,
) -> Bond:
    """Return what speaks for `one` and `other` telling one event: every signal that the judge of pairs sees.

    Args:
        window: What was placed from `window_days` before the earlier one's day to the day of the later one: the words
            of both are weighed as they were when they were placed.

    Raises:
        KeyError: one of them is not in the window, or they lie too many days apart to be compared.
    """
    grouping = Grouping(settings, vectors=vectors)
    ordered = sorted(window, key=lambda placed: order(placed.signal))
    for _, day in groupby(ordered, key=lambda placed: day_of(placed.signal)):
        grouping.recall(list(day))
    return grouping.compare(one, other)
