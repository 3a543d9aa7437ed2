"""Which articles tell one event: words weighed by rarity, fading with time, in one pass over a sliding window.

Source: single-pass clustering of TF-IDF vectors (topic detection and tracking, e.g. Yang, Pierce and Carbonell
1998), with the guard against chains and the calendar of weights described in docs/decisions/0008-stories.md.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from wiredesk.config import StorySettings
from wiredesk.records import ArticleId, Join, StoryId
from wiredesk.stories.signal import Signal

SHARED_WORDS = 6  # words named as the reason of a join
LOOKUP_TERMS = 24  # the heaviest words of an article that look for stories
CANDIDATES = 8  # stories compared in full
COMMON = 0.04  # a word in more than this share of the window's articles finds no story (it still counts)
PRIOR = 200  # articles in which no word is rarer than another: rarity must be earned on small sites
CENTROID = 0.5  # 1.0: likeness to the middle of a story, 0.0: mean likeness to its articles


@dataclass(frozen=True, slots=True)
class Placed:
    """An article, its story, and why."""

    signal: Signal
    story: StoryId
    join: Join


def history_days(settings: StorySettings) -> int:
    """Return how many days before the first new article `place` looks back on: the longest that a story is open."""
    return math.ceil(settings.open_hours / 24)


def place(history: Sequence[Placed], new: Sequence[Signal], settings: StorySettings) -> list[Placed]:
    """Return the story of each article in `new`, by (told_at, article).

    Articles are placed one by one in that order; those of one UTC day share their word weights, which are taken from
    all articles of that day and of the `history_days` before it.  Whole days in, whole days out: `place` gives the
    same for days placed at once or one after another, whatever the order in which they are handed in.

    Args:
        history: What was placed on days before the first new article; may hold more than `history_days`.
        new: All articles of their days, in any order.

    Raises:
        ValueError: `history` holds an article of a day that is in `new`, or of a later one.
    """
    arrivals = sorted(new, key=_order)
    past = sorted(history, key=lambda placed: _order(placed.signal))
    if past and arrivals and _day(past[-1].signal) >= _day(arrivals[0]):
        raise ValueError(f"history reaches into {_day(arrivals[0])}, the first day of the new articles")
    window = timedelta(days=history_days(settings))
    recent = [placed for placed in past if arrivals and _day(placed.signal) >= _day(arrivals[0]) - window]
    result: list[Placed] = []
    for day, signals in groupby(arrivals, key=_day):
        recent = [placed for placed in recent if _day(placed.signal) >= day - window]
        placed_today = _Day(day, recent, list(signals), settings).place()
        recent += placed_today
        result += placed_today
    return result


def _order(signal: Signal) -> tuple[datetime, ArticleId]:
    return signal.told_at, signal.article


def _day(signal: Signal) -> date:
    return signal.told_at.astimezone(UTC).date()


@dataclass(slots=True, eq=False)
class _Open:
    """A story that may still be joined.  `middle` is the sum of its articles' unit vectors, recent ones heavier."""

    id: StoryId
    last: datetime
    middle: dict[str, float] = field(default_factory=dict)
    length2: float = 0.0  # squared length of `middle`
    mass: float = 0.0  # sum of the articles' weights
    named_by: Signal | None = None  # the article seen first, while the story is in its first day

    def add(self, signal: Signal, vector: Mapping[str, float], weight: float) -> None:
        overlap = sum(self.middle.get(term, 0.0) * value for term, value in vector.items())
        self.length2 += 2 * weight * overlap + (weight * weight if vector else 0.0)
        self.mass += weight
        self.last = max(self.last, signal.told_at)
        for term, value in vector.items():
            self.middle[term] = self.middle.get(term, 0.0) + weight * value

    def likeness(self, dot: float) -> float:
        if self.length2 <= 0.0:
            return 0.0
        return dot / (self.length2 ** (CENTROID / 2) * self.mass ** (1 - CENTROID))


class _Day:
    """The stories that are open on one day, and the weights of its words."""

    def __init__(self, day: date, recent: Sequence[Placed], signals: list[Signal], settings: StorySettings) -> None:
        self._signals = signals
        self._settings = settings
        self._open_for = timedelta(hours=settings.open_hours)
        self._half_life = timedelta(hours=settings.half_life_hours)
        self._midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        texts = [placed.signal for placed in recent] + signals
        self._found_in = Counter(term for text in texts for term, _ in text.terms)
        self._size = len(texts)
        self._finders: defaultdict[str, list[_Open]] = defaultdict(list)
        self._of_text: dict[ArticleId, _Open] = {}
        stories: dict[StoryId, _Open] = {}
        for placed in recent:
            story = stories.setdefault(placed.story, _Open(placed.story, placed.signal.told_at))
            self._add(story, placed.signal, self._vector(placed.signal))

    def place(self) -> list[Placed]:
        decided = [(signal, *self._decide(signal)) for signal in self._signals]
        # Names are given at the end of the day: to a story born today, by the article that we saw first.
        return [
            Placed(
                signal,
                story.id,
                Join(
                    article=signal.article,
                    similarity=similarity,
                    threshold=self._settings.join_similarity,
                    shared=shared,
                    runner_up=(second[0].id, second[1]) if second else None,
                ),
            )
            for signal, story, similarity, shared, second in decided
        ]

    def _decide(self, signal: Signal) -> tuple[_Open, float, tuple[str, ...], tuple[_Open, float] | None]:
        vector = self._vector(signal)
        ranked = self._nearest(signal, vector)
        original = self._of_text.get(signal.copy_of or signal.article)
        if original and signal.told_at - original.last <= self._open_for:
            best: tuple[_Open, float] | None = (original, 1.0)
        else:
            best = ranked[0] if ranked and ranked[0][1] >= self._settings.join_similarity else None
        story, similarity = best or (_Open(StoryId("s" + signal.article), signal.told_at, named_by=signal), 1.0)
        others = [other for other in ranked if other[0] is not story]
        shared = _shared(vector, story.middle)
        self._add(story, signal, vector)
        if story.named_by and (signal.seen_at, signal.article) < (story.named_by.seen_at, story.named_by.article):
            story.named_by, story.id = signal, StoryId("s" + signal.article)
        return story, round(similarity, 4), shared, (others[0][0], round(others[0][1], 4)) if others else None

    def _nearest(self, signal: Signal, vector: Mapping[str, float]) -> list[tuple[_Open, float]]:
        """Return the open stories most like `vector`, best first."""
        found: dict[_Open, float] = {}
        common = max(10.0, COMMON * self._size)
        for term in sorted(vector, key=lambda term: -vector[term])[:LOOKUP_TERMS]:
            if self._found_in[term] <= common:
                weight = vector[term]
                for story in self._finders.get(term, ()):
                    found[story] = found.get(story, 0.0) + weight * story.middle[term]
        open_now = (story for story in found if signal.told_at - story.last <= self._open_for)
        promising = sorted(open_now, key=lambda story: -story.likeness(found[story]))[:CANDIDATES]
        ranked = []
        for story in promising:
            middle = story.middle
            dot = sum(value * middle.get(term, 0.0) for term, value in vector.items())
            faded = 0.5 ** ((signal.told_at - story.last) / self._half_life)
            ranked.append((story, story.likeness(dot) * faded))
        return sorted(ranked, key=lambda pair: -pair[1])

    def _add(self, story: _Open, signal: Signal, vector: Mapping[str, float]) -> None:
        for term in vector:
            if term not in story.middle:
                self._finders[term].append(story)
        # Only the ratio of two articles' weights matters, so fading with time needs no later update.
        story.add(signal, vector, 2.0 ** ((signal.told_at - self._midnight) / self._half_life))
        self._of_text.setdefault(signal.copy_of or signal.article, story)

    def _vector(self, signal: Signal) -> dict[str, float]:
        """Return `signal.terms` weighed by rarity, of length 1."""
        size = self._size + PRIOR
        weighed = {term: weight * math.log(size / (self._found_in[term] + PRIOR / 50)) for term, weight in signal.terms}
        length = math.sqrt(sum(value * value for value in weighed.values()))
        return {term: value / length for term, value in weighed.items()} if length else {}


def _shared(vector: Mapping[str, float], middle: Mapping[str, float]) -> tuple[str, ...]:
    both: Iterable[tuple[float, str]] = ((-value * middle[term], term) for term, value in vector.items() if term in middle)
    return tuple(term for _, term in sorted(both)[:SHARED_WORDS])
