"""What threads and close stories need to know of a story: small, made from the headlines and ledes of its articles."""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest, nsmallest

from wiredesk.records import Article, StoryId
from wiredesk.stories.facts import name_words
from wiredesk.stories.lexicon import concepts
from wiredesk.stories.words import stemmer, terms
from wiredesk.text import words

LEDE = 1000  # characters of the text that count beside headline and excerpt
ARTICLES = 12  # articles of a story that are looked at, the earliest first
TERMS = 40  # kept of a story
TITLE = 2.0  # against 1.0 for a word below the headline
NAME = 1.5  # times the weight of other words
CONCEPT = 0.25  # of what words of several languages have in common ("c:strike")
EVEN = 5  # rarity is log(1 + (stories + PRIOR) / (stories with the word + EVEN)),
FEW = 10  # times the part of the stories (and FEW more) that lack the word: what a site is about joins nothing,
PRIOR = 200  # times the part of the weeks that lack it, as far as stories outweigh PRIOR: what is always news, little
UNKNOWN = 4.0  # rarity of a word that nobody counted
MANY = 1000
COMMON = 500  # stories that hold a word, from which it finds none
LOOKUPS = 1000
CANDIDATES = 30
NAME_WORDS = 2  # of a person, a product, a court

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySketch:
    """A story in words."""

    story: StoryId
    first_at: datetime  # UTC, when its first article was told
    last_at: datetime  # UTC, its last
    seen_at: datetime  # UTC, our clock: when we saw the first of them
    title: str  # of the article told first
    providers: tuple[str, ...]  # by name
    terms: tuple[tuple[str, float], ...]  # stem or concept -> weight > 0, at most TERMS, by name
    forms: Mapping[str, str]  # stem -> a word that has it, where they differ

    def words(self, terms: Iterable[str]) -> tuple[str, ...]:
        """Return stems as people write them."""
        return tuple(self.forms.get(term, term) for term in terms)


def sketch(story: StoryId, articles: Iterable[Article]) -> StorySketch:
    """Return the sketch of a story that has these articles (at least one, in any order)."""
    in_time = sorted(articles, key=lambda article: (article.told_at, article.id))
    told = in_time[:ARTICLES]
    weights: defaultdict[str, float] = defaultdict(float)
    for article in told:
        for term, weight in weighed_words(article).items():
            weights[term] += weight / len(told)
    heaviest = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:TERMS]
    return StorySketch(
        story=story,
        first_at=in_time[0].told_at,
        last_at=in_time[-1].told_at,
        seen_at=min(article.first_seen_at for article in in_time),
        title=in_time[0].title,
        providers=tuple(sorted({article.provider.domain for article in in_time})),
        terms=tuple(sorted((term, round(weight, 3)) for term, weight in heaviest)),
        forms=_forms(told, {term for term, _ in heaviest}),
    )


def weighed_words(article: Article) -> dict[str, float]:
    """Return the stems and concepts of headline and lede with their weights (> 0)."""
    stem = stemmer(article.language)
    names = {stem.stemWord(word) if stem else word for word in name_words(article, LEDE)}
    weights: dict[str, float] = {}
    lexicon = concepts(article.language)
    for weight, text in ((TITLE, article.title), (1.0, f"{article.excerpt} {article.text[:LEDE]}")):
        stems = terms(text, article.language)
        for term, count in Counter(term for term in stems if not term.isdigit()).items():
            grown = weight * (1 + math.log(count)) * (NAME if term in names else 1.0)
            weights[term] = weights.get(term, 0.0) + grown
        for concept, count in Counter(lexicon.find(stems)).items():
            key = f"c:{concept}"
            weights[key] = weights.get(key, 0.0) + CONCEPT * weight * (1 + math.log(count))
    return weights


def _forms(articles: Iterable[Article], wanted: Collection[str]) -> dict[str, str]:
    """Return for each wanted stem the first word that has it; headlines before texts."""
    found: dict[str, str] = {}
    for article in articles:
        for word in dict.fromkeys(words(f"{article.title} {article.excerpt} {article.text[:LEDE]}")):
            for term in terms(word, article.language):
                if term in wanted:
                    found.setdefault(term, word.removesuffix("'s").removesuffix("’s"))
    return {term: word for term, word in sorted(found.items()) if term != word}


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
        self._weeks: Counter[int] = Counter()  # stories of each week; one without any is gone
        self._in_week: defaultdict[int, Counter[str]] = defaultdict(Counter)  # and of these, with a word
        self._weeks_with: Counter[str] = Counter()
        self._finders: defaultdict[str, dict[StoryId, float]] = defaultdict(dict)
        self._vectors: dict[StoryId, Vector] = {}  # of today, as the following
        self._rarities: dict[str, float] = {}
        self._uncounted: list[StorySketch] = []  # today's, once there are MANY
        self._counted = self._size = 0
        self.age = 0  # grows when words are weighed anew

    def begin(self, oldest: datetime, today: Sequence[StorySketch], limit: int) -> list[StorySketch]:
        """Begin a day: forget stories told before `oldest` or more than `limit` back, and weigh words anew.

        Once MANY stories are held, words are weighed by these alone, so that what was decided today stands whatever
        else comes today; a younger site weighs by today's stories, too.

        Returns what was forgotten.
        """
        self._count(self._uncounted)
        self._uncounted = []
        forgotten: list[StorySketch] = []
        while self._sketches and (self._sketches[0].first_at < oldest or len(self._sketches) > limit):
            gone = self._sketches.popleft()
            forgotten.append(gone)
            del self._by_id[gone.story]
            self._counted -= 1
            self._uncount(gone)
        if len(self._sketches) < MANY:
            self._count(today)
        else:
            self._uncounted = list(today)
        self._size = self._counted
        self._vectors.clear()
        self._rarities.clear()
        self.age += 1
        return forgotten

    def enter(self, sketch: StorySketch) -> None:
        """Make a story one that can be found; `begin` or `fill` counted its words."""
        self._sketches.append(sketch)
        self._by_id[sketch.story] = sketch
        length = math.sqrt(sum(weight * weight for _, weight in sketch.terms))
        for term, weight in sketch.terms:
            self._finders[term][sketch.story] = weight * self._rarity(term) / length

    def fill(self, sketches: Sequence[StorySketch]) -> None:
        """Enter the stories of earlier days, oldest first."""
        self._count(sketches)
        self._size = self._counted
        self._rarities.clear()
        for each in sketches:
            self.enter(each)

    def _count(self, sketches: Sequence[StorySketch]) -> None:
        for each in sketches:
            week = _week(each)
            self._weeks[week] += 1
            in_week = self._in_week[week]
            for term, _ in each.terms:
                self._found_in[term] += 1
                in_week[term] += 1
                self._weeks_with[term] += in_week[term] == 1
        self._counted += len(sketches)

    def _uncount(self, gone: StorySketch) -> None:
        week = _week(gone)
        in_week = self._in_week[week]
        for term, _ in gone.terms:
            self._found_in[term] -= 1
            self._finders[term].pop(gone.story, None)
            in_week[term] -= 1
            if not in_week[term]:
                del in_week[term]
                self._weeks_with[term] -= 1
        self._weeks[week] -= 1
        if not self._weeks[week]:
            del self._weeks[week], self._in_week[week]

    def vector(self, sketch: StorySketch) -> Vector:
        """Return the words of a story weighed by rarity, as a vector of length 1; empty without words."""
        known = self._vectors.get(sketch.story)
        if known is None:
            rare = self._rarities
            weighed = {
                term: weight * (rare[term] if term in rare else self._rarity(term)) for term, weight in sketch.terms
            }
            length = math.sqrt(sum([value * value for value in weighed.values()]))
            known = self._vectors[sketch.story] = {term: value / length for term, value in weighed.items()}
        return known

    def rarity(self, sketch: StorySketch) -> dict[str, float]:
        """Return what each word of a story weighs."""
        return {term: round(self._rarity(term), 2) for term, _ in sketch.terms}

    def _rarity(self, term: str) -> float:
        known = self._rarities.get(term)
        if known is None:
            stories, weeks = self._found_in[term], self._weeks_with[term]
            rare = math.log(1 + (self._size + PRIOR) / (stories + EVEN)) * (1 - stories / (self._size + FEW))
            steady = weeks / max(1, len(self._weeks)) * self._size / (self._size + PRIOR)
            known = self._rarities[term] = rare * (1 - steady)
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
            for story, weight in stories.items():
                found[story] -= value * weight
        best = nsmallest(CANDIDATES, found, key=lambda story: (-found[story], story))
        compared = [(self._by_id[story], dot(vector, self.vector(self._by_id[story]))) for story in best]
        return sorted(compared, key=lambda pair: (-pair[1], order(pair[0])))


def _week(sketch: StorySketch) -> int:
    return sketch.first_at.toordinal() // 7


def dot(one: Vector, other: Vector) -> float:
    """Return the inner product of two vectors."""
    return sum(value * other[term] for term, value in one.items() if term in other)


def likeness_beyond_a_name(one: Vector, other: Vector) -> float:
    """Return the inner product of two vectors without the NAME_WORDS words that add most to it.

    Two texts that share a name and little else share a subject and no event, however rare the name is: what tells that
    they report one thing has to be in the rest.
    """
    products = [value * other[term] for term, value in one.items() if term in other]
    return sum(products) - sum(nlargest(NAME_WORDS, products))


def shared_terms(one: Vector, other: Vector) -> tuple[str, ...]:
    """Return the words that two vectors share, the heaviest first, without concepts."""
    both = sorted((-value * other[term], term) for term, value in one.items() if term in other)
    return tuple(term for _, term in both if not term.startswith("c:"))
