"""Across stories: threads over weeks and months, and for each story the stories close to it.

One pass over the stories in the order of their telling, as in event threading (Nallapati, Feng, Peng, Allan: Event
threading within news topics, CIKM 2004), but against the core of a thread instead of single stories, so that no chain
of weak links grows.  The answer is a function of the set of stories: days are decided one after another, each from the
window before it, so that a run that knows the earlier days decides only the later ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from wiredesk.config import StorySettings
from wiredesk.records import StoryId
from wiredesk.stories.sketches import Shelf, StorySketch, Vector, dot, likeness_beyond_a_name, order, shared_terms

HISTORY = 50_000  # stories looked back on at most, whatever the days
CENTRE = 0.5  # 1.0: likeness to the centre of the core; 0.0: mean likeness to the stories, by what recurs
RECURS = 0.25  # part of a thread's stories, two at least, that a word of its core stands in
LINKS = 3  # words that a story shares with the core, at least
BEYOND = 0.03  # cosine to the core that remains without the two words that add most: a court's name makes no thread
APART = 6.0  # times `related_similarity`, from which stories are close: the grouping held them to be two
SAME_VOICE = 1.5  # times the similarity that stories of different outlets need to be close
SHOWN = 6  # words named as the reason
THREADS = 6  # threads compared for one story


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """A story near another one in words and time."""

    story: StoryId
    likeness: float  # 0-1
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The thread that a story continues, and the earlier stories close to it."""

    seed: StoryId  # the thread's story that was told first: the story itself where it continues none
    likeness: float  # to the core of the thread; 1.0 for the seed
    threshold: float
    shared: tuple[str, ...]  # words of the story that the core has, the heaviest first
    runner_up: tuple[StoryId, float] | None  # seed and likeness of the next best thread
    close: tuple[Close, ...]
    rarity: Mapping[str, float]  # what each word of the story weighed


@dataclass(frozen=True, slots=True)
class Followed:
    """A story and its place among the others."""

    sketch: StorySketch
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Two or more stories on one subject."""

    id: str  # "t" + the id of the story that we saw first
    stories: tuple[StoryId, ...]  # by the time of their telling


def follow(
    history: Sequence[tuple[StorySketch, StoryId]], new: Sequence[StorySketch], settings: StorySettings
) -> list[Followed]:
    """Return for each story of `new` the thread that it continues, in the order of the telling.

    Args:
        history: The stories of the `thread_days` before the first new one, each with the seed of its thread; more does
            no harm, and no more than the HISTORY newest are needed.
        new: All stories that begin on their days.

    Raises:
        ValueError: `history` holds a story that begins on the first new day or later.
    """
    arrivals = sorted(new, key=order)
    if not arrivals:
        return []
    before = sorted(history, key=lambda past: order(past[0]))
    if before and _day(before[-1][0]) >= _day(arrivals[0]):
        raise ValueError(f"history must end before {_day(arrivals[0])}, the first day of the new stories")
    pass_ = _Pass(before, settings)
    found: list[Followed] = []
    for day, sketches in groupby(arrivals, key=_day):
        found += pass_.decide(day, list(sketches))
    return found


def threads_of(followed: Iterable[Followed]) -> list[Thread]:
    """Return the threads of two or more stories, by id."""
    groups: defaultdict[StoryId, list[StorySketch]] = defaultdict(list)
    for each in followed:
        groups[each.link.seed].append(each.sketch)
    found = []
    for members in groups.values():
        if len(members) > 1:
            in_time = tuple(each.story for each in sorted(members, key=order))
            found.append(Thread(id=thread_id(members), stories=in_time))
    return sorted(found, key=lambda thread: thread.id)


def thread_id(members: Iterable[StorySketch]) -> str:
    """Return the name of the thread that has these stories: later ones do not change it."""
    return named_after(min((each.seen_at, each.story) for each in members)[1])


def named_after(story: StoryId) -> str:
    """Return the name of the thread whose story that we saw first is `story`."""
    return f"t{story}"


def close_stories(followed: Iterable[Followed]) -> dict[StoryId, tuple[Close, ...]]:
    """Return the stories close to each one, earlier and later ones, the nearest first."""
    found: defaultdict[StoryId, list[Close]] = defaultdict(list)
    for each in followed:
        for close in each.link.close:
            found[each.sketch.story].append(close)
            found[close.story].append(replace(close, story=each.sketch.story))
    return {
        story: tuple(sorted(near, key=lambda close: (-close.likeness, close.story))) for story, near in found.items()
    }


@dataclass(slots=True)
class _Open:
    """A thread of the window."""

    seed: StoryId
    members: list[StorySketch] = field(default_factory=list)
    _known: tuple[int, int, tuple[dict[str, float], float]] | None = None  # stories, age of the weights, core

    def core(self, shelf: Shelf) -> tuple[dict[str, float], float]:
        """Return the sum of the stories' vectors over the words that recur, and its length."""
        if self._known is None or self._known[:2] != (len(self.members), shelf.age):
            self._known = (len(self.members), shelf.age, self._made(shelf))
        return self._known[2]

    def _made(self, shelf: Shelf) -> tuple[dict[str, float], float]:
        found_in = Counter(term for each in self.members for term, _ in each.terms)
        least = max(2.0, RECURS * len(self.members)) if len(self.members) > 1 else 1.0
        total: defaultdict[str, float] = defaultdict(float)
        for each in self.members:
            for term, value in shelf.vector(each).items():
                if found_in[term] >= least:
                    total[term] += value
        return total, dot(total, total) ** 0.5


class _Pass:
    def __init__(self, history: Sequence[tuple[StorySketch, StoryId]], settings: StorySettings) -> None:
        self._settings = settings
        self._shelf = Shelf()
        self._shelf.fill([sketch for sketch, _ in history])
        self._seeds = {sketch.story: seed for sketch, seed in history}
        self._open: dict[StoryId, _Open] = {}
        for sketch, seed in history:
            self._open.setdefault(seed, _Open(seed)).members.append(sketch)

    def decide(self, day: date, sketches: Sequence[StorySketch]) -> list[Followed]:
        oldest = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=self._settings.thread_days)
        for gone in self._shelf.begin(oldest, sketches, HISTORY):
            thread = self._open[self._seeds.pop(gone.story)]
            thread.members.remove(gone)
            if not thread.members:
                del self._open[thread.seed]
        return [self._follow(each) for each in sketches]

    def _follow(self, sketch: StorySketch) -> Followed:
        near = self._shelf.near(sketch)
        vector = self._shelf.vector(sketch)
        seeds = dict.fromkeys(self._seeds[other.story] for other, _ in near)
        ranked = sorted((-self._likeness(vector, self._open[seed]), seed) for seed in list(seeds)[:THREADS])
        threshold = self._settings.thread_similarity
        joins = bool(ranked) and -ranked[0][0] >= threshold
        seed = ranked[0][1] if joins else sketch.story
        runner_up = next(((other, round(-value, 4)) for value, other in ranked if other != seed), None)
        thread = self._open.setdefault(seed, _Open(seed))
        shared = shared_terms(vector, thread.core(self._shelf)[0]) if joins else ()
        thread.members.append(sketch)
        self._seeds[sketch.story] = seed
        self._shelf.enter(sketch)
        link = Link(
            seed=seed,
            likeness=round(-ranked[0][0], 4) if joins else 1.0,
            threshold=threshold,
            shared=sketch.words(shared[:SHOWN]),
            runner_up=runner_up,
            close=self._close(sketch, vector, near),
            rarity=self._shelf.rarity(sketch),
        )
        return Followed(sketch, link)

    def _likeness(self, vector: Vector, thread: _Open) -> float:
        """Return how like a thread a story is, 0-1.

        The geometric mean of the cosine to the core (a long thread stays whole) and of the mean product with the
        stories by what recurs in them (a thread that drifts loses its likeness to everything), as in `board`; 0 where
        little but one name is shared.
        """
        core, length = thread.core(self._shelf)
        product = dot(vector, core)
        if product <= 0.0 or len(shared_terms(vector, core)) < LINKS:
            return 0.0
        if likeness_beyond_a_name(vector, core) / length < BEYOND:
            return 0.0
        return float((product / length) ** CENTRE * (product / len(thread.members)) ** (1 - CENTRE))

    def _close(
        self, sketch: StorySketch, vector: Vector, near: Sequence[tuple[StorySketch, float]]
    ) -> tuple[Close, ...]:
        limit = timedelta(days=self._settings.related_days)
        return tuple(
            Close(
                story=other.story,
                likeness=round(cosine, 4),
                shared=sketch.words(shared_terms(vector, self._shelf.vector(other))[:SHOWN]),
            )
            for other, cosine in near
            if likeness_beyond_a_name(vector, self._shelf.vector(other)) >= self._close_enough(sketch, other)
            and sketch.first_at - other.last_at <= limit
        )

    def _close_enough(self, one: StorySketch, other: StorySketch) -> float:
        """Return the likeness beyond a name from which two stories are close.

        The same outlets tell like stories of many events.
        """
        alone = set(one.providers) <= set(other.providers) or set(other.providers) <= set(one.providers)
        return self._settings.related_similarity * APART * (SAME_VOICE if alone else 1.0)


def _day(sketch: StorySketch) -> date:
    return sketch.first_at.astimezone(UTC).date()
