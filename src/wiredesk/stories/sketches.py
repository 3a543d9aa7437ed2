"""What threads and close stories need to know of a story: small, made from the headlines and ledes of its articles."""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest

from wiredesk.records import Article, StoryId
from wiredesk.stories.facts import name_words
from wiredesk.stories.lexicon import concepts
from wiredesk.stories.words import stemmer, terms

LEDE = 1000  # characters of the text that count beside headline and excerpt
ARTICLES = 12  # articles of a story that are looked at, the earliest first
TERMS = 40  # kept of a story
TITLE = 2.0  # against 1.0 for a word below the headline
NAME = 1.5  # times the weight of other words
CONCEPT = 0.5  # of what words of several languages have in common ("c:strike")
EVEN = 10  # rarity is log(1 + (stories + PRIOR) / (stories with the word + EVEN)), as in `board`
PRIOR = 200
COMMON = 500  # stories that hold a word, from which it finds none
LOOKUPS = 2000
CANDIDATES = 30
SHOWN = 6  # words named as a reason

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySketch:
    """A story in words."""

    story: StoryId
    first_at: datetime  # UTC, when its first article was told
    last_at: datetime  # UTC, its last
    seen_at: datetime  # UTC, our clock: when we saw the first of them
    title: str  # of the article told first
    terms: tuple[tuple[str, float], ...]  # stem or concept -> weight > 0, at most TERMS, by name


def sketch(story: StoryId, articles: Iterable[Article]) -> StorySketch:
    """Return the sketch of a story that has these articles (at least one, in any order)."""
    in_time = sorted(articles, key=lambda article: (article.told_at, article.id))
    told = in_time[:ARTICLES]
    weights: defaultdict[str, float] = defaultdict(float)
    for article in told:
        for term, weight in _weights(article).items():
            weights[term] += weight / len(told)
    heaviest = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:TERMS]
    return StorySketch(
        story=story,
        first_at=in_time[0].told_at,
        last_at=in_time[-1].told_at,
        seen_at=min(article.first_seen_at for article in in_time),
        title=in_time[0].title,
        terms=tuple(sorted((term, round(weight, 3)) for term, weight in heaviest)),
    )


def _weights(article: Article) -> dict[str, float]:
    stem = stemmer(article.language)
    names = {stem.stemWord(word) if stem else word for word in name_words(article, LEDE)}
    weights: dict[str, float] = {}
    lexicon = concepts(article.language)
    for weight, text in ((TITLE, article.title), (1.0, f"{article.excerpt} {article.text[:LEDE]}")):
        stems = terms(text, article.language)
        for term, count in Counter(stems).items():
            grown = weight * (1 + math.log(count)) * (NAME if term in names else 1.0)
            weights[term] = weights.get(term, 0.0) + grown
        for concept, count in Counter(lexicon.find(stems)).items():
            key = f"c:{concept}"
            weights[key] = weights.get(key, 0.0) + CONCEPT * weight * (1 + math.log(count))
    return weights


def order(each: StorySketch) -> tuple[datetime, StoryId]:
    """Return the key by which stories are looked at, oldest first."""
    return each.first_at, each.story


class Shelf:
    """The stories of a window, found by the words that they share; words are weighed by rarity among them.

    Work for one story is bounded: words that stand in more than COMMON stories find nothing, LOOKUPS entries of the
    index are read, the rarest words first, and CANDIDATES stories are compared in full.
    """

    def __init__(self) -> None:
        self._sketches: deque[StorySketch] = deque()  # oldest first
        self._by_id: dict[StoryId, StorySketch] = {}
        self._found_in: Counter[str] = Counter()
        self._finders: defaultdict[str, dict[StoryId, float]] = defaultdict(dict)
        self._vectors: dict[StoryId, Vector] = {}

    def begin(self, oldest: datetime, today: Sequence[StorySketch], limit: int) -> list[StorySketch]:
        """Begin a day: weigh words with `today`'s, forget stories told before `oldest` or more than `limit` back.

        Returns what was forgotten.
        """
        forgotten: list[StorySketch] = []
        while self._sketches and (self._sketches[0].first_at < oldest or len(self._sketches) > limit):
            gone = self._sketches.popleft()
            forgotten.append(gone)
            del self._by_id[gone.story]
            for term, _ in gone.terms:
                self._found_in[term] -= 1
                self._finders[term].pop(gone.story, None)
        self._count(today)
        return forgotten

    def enter(self, sketch: StorySketch) -> None:
        """Make a story one that can be found; `begin` or `fill` counted its words."""
        self._sketches.append(sketch)
        self._by_id[sketch.story] = sketch
        for term, weight in sketch.terms:
            self._finders[term][sketch.story] = weight

    def fill(self, sketches: Sequence[StorySketch]) -> None:
        """Enter the stories of earlier days, oldest first."""
        self._count(sketches)
        for each in sketches:
            self.enter(each)

    def _count(self, sketches: Iterable[StorySketch]) -> None:
        self._found_in.update(term for each in sketches for term, _ in each.terms)
        self._size = len(self._sketches) + PRIOR
        self._vectors.clear()

    def vector(self, sketch: StorySketch) -> Vector:
        """Return the words of a story weighed by rarity, as a vector of length 1; empty without words."""
        known = self._vectors.get(sketch.story)
        if known is None:
            size, found_in = self._size, self._found_in
            weighed = {term: weight * math.log(1 + size / (found_in[term] + EVEN)) for term, weight in sketch.terms}
            length = math.sqrt(sum(value * value for value in weighed.values()))
            known = self._vectors[sketch.story] = {term: value / length for term, value in weighed.items()}
        return known

    def near(self, sketch: StorySketch) -> list[tuple[StorySketch, float]]:
        """Return the stories most like `sketch` with their cosines, best first."""
        vector = self.vector(sketch)
        found: defaultdict[StoryId, float] = defaultdict(float)
        visits = 0
        for value, term in sorted(((-value, term) for term, value in vector.items())):
            stories = self._finders.get(term, {})
            if len(stories) > COMMON:
                continue
            visits += len(stories)
            if visits > LOOKUPS and found:
                break
            for story in stories:
                found[story] -= value * self.vector(self._by_id[story])[term]
        best = nsmallest(CANDIDATES, found, key=lambda story: (-found[story], story))
        compared = [(self._by_id[story], dot(vector, self.vector(self._by_id[story]))) for story in best]
        return sorted(compared, key=lambda pair: (-pair[1], order(pair[0])))


def dot(one: Vector, other: Vector) -> float:
    """Return the inner product of two vectors."""
    return sum(value * other[term] for term, value in one.items() if term in other)


def shared_terms(one: Vector, other: Vector) -> tuple[str, ...]:
    """Return the SHOWN words that two vectors share, the heaviest first; concepts without their prefix, each once."""
    both = sorted((-value * other[term], term) for term, value in one.items() if term in other)
    return tuple(dict.fromkeys(term.removeprefix("c:").removeprefix("p:") for _, term in both))[:SHOWN]
