"""The open stories of one day, and how an article or a whole story finds the one that it belongs to."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from wiredesk.config import StorySettings
from wiredesk.records import ArticleId, Join, StoryId
from wiredesk.stories.signals import Placed, Signal

SHARED_WORDS = 6  # words named as the reason of a join
LOOKUPS = 100  # stories looked at word by word, from the heaviest word down, to find candidates
CANDIDATES = 4  # stories compared in full
EVEN = 10  # rarity is log(1 + (articles + PRIOR) / (articles with the word + EVEN)): one-off words are no evidence,
PRIOR = 200  # and on a small site, where all words are rare, none is much rarer than another
CENTRE = 0.6  # 1.0: likeness to the centre of a story; 0.0: mean likeness to its articles
FOLD = 1.2  # two stories become one at this many times the similarity that one article needs


@dataclass(slots=True, eq=False)
class OpenStory:
    """A story that may still be joined.  `centre` is the sum of its articles' unit vectors, recent ones heavier."""

    id: StoryId
    first: datetime
    last: datetime
    named_by: Signal | None = None  # the article seen first, while the story is in its first day
    centre: dict[str, float] = field(default_factory=dict)
    length2: float = 0.0  # squared length of `centre`
    mass: float = 0.0  # sum of the weights of its articles
    scale: float = 0.0  # turns a product with `centre` into a likeness
    folded_into: OpenStory | None = None

    def likeness(self, vector: Mapping[str, float]) -> float:
        """Return how like this story a vector of length 1 is, 0-1.

        The geometric mean, weighed by CENTRE, of the cosine to the centre (large stories stay whole) and of the mean
        cosine to the articles (no chains: a story that drifts loses its likeness to everything).
        """
        return self.scale * self._dot(vector)

    def add(self, vector: dict[str, float], length2: float, mass: float) -> None:
        """Take in an article or a story: its sum of vectors, the squared length of that, and its weight."""
        self.mass += mass
        if self.centre:
            self.length2 += 2 * self._dot(vector) + length2
            for term, value in vector.items():
                self.centre[term] = self.centre.get(term, 0.0) + value
        else:
            self.length2, self.centre = length2, vector
        self.scale = self.length2 ** (-CENTRE / 2) * self.mass ** (CENTRE - 1) if self.length2 > 0.0 else 0.0

    def _dot(self, vector: Mapping[str, float]) -> float:
        centre = self.centre
        return sum([value * centre[term] for term, value in vector.items() if term in centre])

    def now(self) -> OpenStory:
        return self.folded_into.now() if self.folded_into else self


@dataclass(slots=True)
class _Decision:
    signal: Signal
    story: OpenStory
    similarity: float
    threshold: float
    shared: tuple[str, ...]
    runner_up: tuple[OpenStory, float] | None
    founds: bool  # its story began with it

    def placed(self) -> Placed:
        # Names are read at the end of the day, when no story born in it changes its name any more.
        story, other = self.story.now(), None
        if self.runner_up and self.runner_up[0].now() is not story:
            other = (self.runner_up[0].now().id, round(self.runner_up[1], 4))
        return Placed(
            self.signal,
            story.id,
            Join(
                article=self.signal.article,
                similarity=round(self.similarity, 4),
                threshold=round(self.threshold, 4),
                shared=self.shared,
                runner_up=other,
            ),
        )


class Board:
    """One day: the weights of its words, and the stories that its articles may join."""

    def __init__(self, day: date, recent: Sequence[Placed], signals: Sequence[Signal], settings: StorySettings) -> None:
        """Lay out the stories of `recent` (earlier days), weighing words by these articles and those of the day."""
        self._settings = settings
        self._open_for = timedelta(hours=settings.open_hours)
        self._half_life = timedelta(hours=settings.half_life_hours)
        self._midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        self._signals = signals
        texts = [placed.signal for placed in recent] + list(signals)
        found_in = Counter(term for text in texts for term, _ in text.terms)
        size = len(texts) + PRIOR
        self._rarity = {term: math.log(1 + size / (times + EVEN)) for term, times in found_in.items()}
        self._finders: defaultdict[str, list[OpenStory]] = defaultdict(list)
        self._of_text: dict[ArticleId, OpenStory] = {}
        stories: dict[StoryId, OpenStory] = {}
        for placed in recent:
            told = placed.signal.told_at
            story = stories.setdefault(placed.story, OpenStory(placed.story, told, told))
            self._enter(story, placed.signal, self._vector(placed.signal))

    def place(self) -> list[Placed]:
        """Return the story of each article of the day, in order."""
        decisions = [self._decide(signal) for signal in self._signals]
        for decision in decisions:
            if decision.founds:
                self._fold(decision)
        return [decision.placed() for decision in decisions]

    def _decide(self, signal: Signal) -> _Decision:
        threshold = self._settings.join_similarity
        vector = self._vector(signal)
        ranked = self._nearest(vector, signal.told_at, signal.told_at)
        founds = False
        original = self._of_text.get(signal.copy_of or signal.article)
        if original and signal.told_at - original.last <= self._open_for:
            story, similarity = original, 1.0
        elif ranked and ranked[0][1] >= threshold:
            story, similarity = ranked[0]
        else:
            story = OpenStory(_name(signal), signal.told_at, signal.told_at, named_by=signal)
            similarity, founds = 1.0, True
        shared = _shared(vector, story.centre)
        self._enter(story, signal, vector)
        runner_up = next((other for other in ranked if other[0] is not story), None)
        return _Decision(signal, story, similarity, threshold, shared, runner_up, founds)

    def _fold(self, founder: _Decision) -> None:
        """Fold the story that `founder` began today into the one most like it, if that is like enough.

        The first article on an event may share little with the second; by the evening both have company.
        """
        story = founder.story
        threshold = FOLD * self._settings.join_similarity
        length = math.sqrt(story.length2)
        if story.folded_into or not length:
            return
        ranked = self._nearest({term: value / length for term, value in story.centre.items()}, story.first, story.last)
        others = [other for other in ranked if other[0] is not story]
        if not others or others[0][1] < threshold:
            return
        target, similarity = others[0]
        shared = _shared(story.centre, target.centre)
        runner_up = others[1] if len(others) > 1 else None
        founder.similarity, founder.threshold, founder.shared, founder.runner_up = (
            similarity,
            threshold,
            shared,
            runner_up,
        )
        story.folded_into = target
        self._index(target, story.centre)
        target.add(story.centre, story.length2, story.mass)
        target.first, target.last = min(target.first, story.first), max(target.last, story.last)
        assert story.named_by
        _rename(target, story.named_by)

    def _nearest(self, vector: Mapping[str, float], first: datetime, last: datetime) -> list[tuple[OpenStory, float]]:
        """Return the stories most like `vector` (of length 1), told from `first` to `last`; best first."""
        found: dict[OpenStory, float] = {}
        visits = 0
        for weight, term in sorted([(-value, term) for term, value in vector.items()]):
            stories = self._finders.get(term, ())
            visits += len(stories)
            if visits > LOOKUPS and found:
                break
            for story in stories:
                found[story] = found.get(story, 0.0) - weight * story.centre[term] * story.scale
        near: list[tuple[OpenStory, float]] = []
        for story in sorted(found, key=found.__getitem__, reverse=True):
            apart = max(first - story.last, story.first - last, timedelta(0))
            if apart <= self._open_for and not story.folded_into:
                near.append((story, story.likeness(vector) * 0.5 ** (apart / self._half_life)))
                if len(near) == CANDIDATES:
                    break
        return sorted(near, key=lambda pair: -pair[1])

    def _enter(self, story: OpenStory, signal: Signal, vector: Mapping[str, float]) -> None:
        # Only the ratio of two articles' weights matters, so fading with time needs no later update.
        weight = 2.0 ** ((signal.told_at - self._midnight) / self._half_life)
        self._index(story, vector)
        story.add({term: weight * value for term, value in vector.items()}, weight * weight if vector else 0.0, weight)
        story.last = max(story.last, signal.told_at)
        self._of_text.setdefault(signal.copy_of or signal.article, story)
        _rename(story, signal)

    def _index(self, story: OpenStory, vector: Mapping[str, float]) -> None:
        finders, centre = self._finders, story.centre
        for term in vector:
            if term not in centre:
                finders[term].append(story)

    def _vector(self, signal: Signal) -> dict[str, float]:
        """Return the words of `signal` weighed by rarity, as a vector of length 1; empty without words."""
        rarity = self._rarity
        weighed = {term: weight * rarity[term] for term, weight in signal.terms}
        length = math.sqrt(sum([value * value for value in weighed.values()]))
        return {term: value / length for term, value in weighed.items()}


def _name(signal: Signal) -> StoryId:
    return StoryId("s" + signal.article)


def _rename(story: OpenStory, signal: Signal) -> None:
    """Let `signal` name a story of the day if we saw it before all others in it."""
    named_by = story.named_by
    if named_by and (signal.seen_at, signal.article) < (named_by.seen_at, named_by.article):
        story.named_by, story.id = signal, _name(signal)


def _shared(vector: Mapping[str, float], centre: Mapping[str, float]) -> tuple[str, ...]:
    both = sorted((-value * centre[term], term) for term, value in vector.items() if term in centre)
    return tuple(term for _, term in both[:SHARED_WORDS])
