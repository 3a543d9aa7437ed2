"""Which articles tell one event, decided day by day.

A day is what is decided at once.  Its articles are compared with each other and with those of the days before
(`candidates`, `pairs`), and groups are formed (`joining`) of everything that is not settled: the last `repair_days`
days.  So every evening stories of yesterday may still be split or merged in the light of today; what is older is
settled, can be joined, and never changes.  Every step is a function of the articles of the window alone: batches,
single articles and any order of arrival end in the same stories.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from wiredesk.config import StorySettings
from wiredesk.records import ArticleId, Bond, Join, StoryId
from wiredesk.stories.candidates import candidates, nearest
from wiredesk.stories.joining import WEAK, Links, Outcome, follow, join
from wiredesk.stories.judging import Judge, judge
from wiredesk.stories.loops import Floats, Index
from wiredesk.stories.memory import Judgements
from wiredesk.stories.pairs import NAMES, WITH_VECTORS, features, glimpse, shared, sieve_features
from wiredesk.stories.repeats import Said
from wiredesk.stories.signals import Placed, Signal
from wiredesk.stories.vectors import Counts, Raw, Texts, centred, day_of, order, raw, stack, texts

AGAIN = 100  # of what is not settled, the part that may arrive before all of it is grouped anew, is one in so many
TOLD = frozenset(
    ("words", "headline words", "character n-grams", "names", "concepts and spellings", "numbers in both",
     "numbers in conflict", "half days apart", "embedding")
)  # fmt: skip

_Told = tuple[float, tuple[tuple[str, float], ...], tuple[str, ...]]  # probability, signals, shared words


@dataclass(frozen=True, slots=True)
class Vectors:
    """Embeddings of articles."""

    model: str  # what made them, the name of the package first: some have a judge of their own
    rows: Mapping[ArticleId, Floats]  # of length 1, all of one width


@dataclass(frozen=True, slots=True)
class Constraints:
    """What editors decided: pairs of articles that belong together, and pairs that do not.

    Together is an equivalence: who belongs to one belongs to all that this one belongs to.  It outweighs apart.
    """

    together: tuple[tuple[ArticleId, ArticleId], ...] = ()
    apart: tuple[tuple[ArticleId, ArticleId], ...] = ()


@dataclass(slots=True, eq=False)
class _Day:
    day: date
    raw: Raw
    texts: Texts
    said: Said
    begin: int  # number of its first article, counted from the first day that was added
    links: Links | None = None  # to what came before, by such numbers; judged when they are first asked for
    features: Floats | None = None  # of the links, to tell why
    dense: Floats | None = None  # embeddings as the model gave them


@dataclass(frozen=True, slots=True)
class _Packed:
    """The articles of a day that nothing is compared with any more, in a third of the room."""

    day: date
    data: bytes

    @classmethod
    def of(cls, day: date, signals: Sequence[Signal], stories: Sequence[StoryId]) -> _Packed:
        return cls(day, pickle.dumps((signals, stories)))

    def placed(self) -> list[Placed]:
        signals, stories = pickle.loads(self.data)  # noqa: S301 (we packed it)
        return [_bare(signal, story) for signal, story in zip(signals, stories, strict=True)]


def window_days(settings: StorySettings) -> int:
    """Return how many days before its own an article is compared with."""
    return math.ceil(settings.open_hours / 24)


def history_days(settings: StorySettings) -> int:
    """Return how many days before a new article `place` looks back on.

    What is not settled is compared with its window, and the words of these days are weighed by theirs.
    """
    return settings.repair_days - 1 + 2 * window_days(settings)


def place(
    history: Sequence[Placed],
    new: Sequence[Signal],
    settings: StorySettings,
    *,
    constraints: Constraints = Constraints(),
    vectors: Vectors | None = None,
) -> list[Placed]:
    """Return the story of each article in `new` and of what was not settled of `history`, by (told_at, article).

    The answer is the same whether days come together or one after another, and whatever the order within `history`
    and `new`.  A story is named after the article of its first day that we saw first.

    Args:
        history: What was placed on the `history_days` before the first new article; more does no harm.
        new: All articles of their days.
        vectors: Embeddings, where one is configured; articles without one count as like nobody.

    Raises:
        ValueError: `history` holds an article of the first new day or later.
    """
    if not new:
        return []
    start = min(day_of(signal) for signal in new)
    if any(day_of(placed.signal) >= start for placed in history):
        raise ValueError(f"history must end before {start}, the first day of the new articles")
    grouping = Grouping(settings, constraints=constraints, vectors=vectors)
    grouping.recall(history)
    found: dict[ArticleId, Placed] = {}
    for _, signals in groupby(sorted(new, key=order), key=day_of):
        for placed in grouping.add(list(signals)):
            found[placed.signal.article] = placed
    return sorted(found.values(), key=lambda placed: order(placed.signal))


class Grouping:
    """The window of days that may still matter, and the stories in it."""

    def __init__(
        self,
        settings: StorySettings,
        *,
        constraints: Constraints = Constraints(),
        vectors: Vectors | None = None,
        judge_: Judge | None = None,
    ) -> None:
        self._settings = settings
        self._vectors = vectors.rows if vectors else None
        self._judge = judge_ or judge(vectors.model if vectors else None)
        self._partners = _closed(constraints.together)
        self._apart = _parted(constraints.apart, self._partners)
        self._bound = {*self._partners, *(article for pair in constraints.apart for article in pair)}
        self._days: list[_Day] = []
        self._counts = Counts()
        self._counted: list[Raw] = []
        self._story: dict[ArticleId, StoryId] = {}  # of the articles of `_days`, and of those that editors bound
        self._next = 0
        self._repeats: dict[ArticleId, ArticleId] = {}  # who only repeats -> whom
        self._older: list[_Packed] = []  # of days before those: another process weighs words by them
        self._today: list[Signal] = []  # what arrived of the newest day, which is not whole yet
        self._since = 0  # of these, how many since all was grouped anew
        self._judgements = Judgements()  # of pairs, by the numbers of their articles

    def recall(self, history: Sequence[Placed], bound: Mapping[ArticleId, StoryId] | None = None) -> None:
        """Take in days that were placed before; they must be earlier than what is added later.

        Args:
            bound: Stories of articles before `history` that constraints name.
        """
        self._story.update((article, story) for article, story in (bound or {}).items() if article in self._bound)
        past = sorted(history, key=lambda placed: order(placed.signal))
        for day, some in groupby(past, key=lambda placed: day_of(placed.signal)):
            placed = list(some)
            self._open(day, [each.signal for each in placed])
            for each in placed:
                self._story[each.signal.article] = each.story

    def add(self, signals: Sequence[Signal]) -> list[Placed]:
        """Add a whole day and return the stories of everything that is not settled.

        Raises:
            ValueError: The articles are of several days, or not of a later day than those before.
        """
        self._open(self._one_day(signals), signals)
        return self._settle()

    def arrive(self, signals: Sequence[Signal]) -> list[Placed]:
        """Return where articles of the newest day stand for now, and what else that moved.

        They are judged as `settle` does it, but nothing that stands together is parted, until a hundredth of what is
        not settled has come: then all of it is grouped anew, so that the order of arrival leaves little trace.  The
        evening removes the rest.  Hand over together what came together: that is cheaper.

        Raises:
            ValueError: The articles are of several days, or of a day before the newest one.
        """
        if not signals:
            return []
        day = self._one_day(signals, again=True)
        known = {signal.article for signal in self._today}
        fresh = [signal for signal in signals if signal.article not in known]
        if not fresh:
            return []
        self._today += fresh
        self._since += len(fresh)
        if AGAIN * self._since >= len(self._today) + sum(len(each.texts) for each in self._not_settled(day)):
            self._reopen(day)
            return self._settle(moved=True)
        self._open(day, fresh)
        return self._settle(moved=True, only_newest=True)

    def settle(self) -> list[Placed]:
        """Group anew all that is not settled, with the whole of the newest day, and return where it stands.

        However its articles arrived, and if it was settled before, the outcome is that of `add`.
        """
        if not self._days:
            return []
        if self._today:
            self._reopen(day_of(self._today[0]))
        return self._settle()

    def window(self) -> list[Placed]:
        """Return what `recall` needs to go on from here in another process; reasons are not kept."""
        older = [placed for packed in self._older for placed in packed.placed()]
        return older + [
            _bare(signal, self._story[signal.article]) for each in self._days for signal in each.raw.signals
        ]

    def compare(self, one: ArticleId, other: ArticleId) -> Bond:
        """Return what speaks for two articles of the window telling one event, with all that the judge of pairs sees.

        Raises:
            KeyError: one of them is not in the window (any more).
        """
        everything = stack([each.texts for each in self._days])
        position = {signal.article: at for at, signal in enumerate(everything.signals)}
        row, partner = position[one], position[other]
        left, right = np.array([row], dtype=np.int64), np.array([partner], dtype=np.int64)
        found = features(everything, left, right)
        names = NAMES if everything.vectors is None else WITH_VECTORS
        return Bond(
            article=other,
            probability=round(float(self._judge.pairs(found)[0]), 4),
            signals=tuple((name, round(value, 3)) for name, value in zip(names, found[0].tolist(), strict=True)),
            shared=shared(everything, left, right)[0],
        )

    def _one_day(self, signals: Sequence[Signal], *, again: bool = False) -> date:
        days = {day_of(signal) for signal in signals}
        if len(days) != 1:
            raise ValueError("articles of one day are added at a time")
        day = days.pop()
        newest = self._days[-1].day if self._days else None
        if newest and (day < newest or (day == newest and not (again and self._today))):
            raise ValueError(f"{day} is not later than {newest}, which was added before")
        if newest and day > newest:
            if self._today:
                self.settle()
            self._today, self._since = [], 0
        return day

    def _not_settled(self, newest: date) -> list[_Day]:
        first = newest - timedelta(days=self._settings.repair_days - 1)
        return [each for each in self._days if first <= each.day < newest]

    def _reopen(self, day: date) -> None:
        """Take in as one what arrived of the newest day in parts."""
        for part in [each for each in reversed(self._days) if each.day == day]:
            self._days.remove(part)
            self._counted.remove(part.raw)
            self._counts.add(part.raw, -1)
            self._next = part.begin
            self._judgements.keep(0, part.begin)
        self._open(day, self._today)
        self._since = 0

    def _open(self, day: date, signals: Sequence[Signal]) -> None:
        opened = raw(day, signals)
        reach = day - timedelta(days=window_days(self._settings))
        for old in [counted for counted in self._counted if counted.day < reach]:
            self._counts.add(old, -1)
            self._counted.remove(old)
        self._counts.add(opened)
        self._counted.append(opened)
        keep = reach - timedelta(days=self._settings.repair_days - 1)  # of what is open, the window
        for gone in [each for each in self._days if each.day < keep]:
            stories = [self._story[signal.article] for signal in gone.raw.signals]
            self._older.append(_Packed.of(gone.day, gone.raw.signals, stories))
            for signal in gone.raw.signals:
                self._repeats.pop(signal.article, None)
                if signal.article not in self._bound:
                    self._story.pop(signal.article, None)
            self._days.remove(gone)
        far = day - timedelta(days=history_days(self._settings))
        self._older = [past for past in self._older if past.day >= far]
        window = [each for each in self._days if each.day >= reach]
        self._judgements.keep(self._days[0].begin if self._days else self._next, self._next)
        dense = self._dense(opened.signals)
        known = [each.dense for each in window if each.dense is not None]
        vectors = None if dense is None else centred(dense, known)
        said = Said(opened.signals)
        voices = self._voices(opened.signals, window, said)
        found = texts(opened, self._counts, voices, vectors)
        found = replace(found, nearest=nearest(found))
        self._days.append(_Day(day, opened, found, said, self._next, dense=dense))
        self._next += len(found)

    def _judged(self, at: _Day) -> tuple[Links, Floats]:
        """Return the likely pairs of a day's articles with those of its window, and their features."""
        if at.links is None or at.features is None:
            reach = at.day - timedelta(days=window_days(self._settings))
            window = [each for each in self._days if each.day >= reach and each.begin <= at.begin]
            everything = stack([each.texts for each in window])
            left, right, judged = self._compared(everything, len(at.texts))
            probability = self._judge.pairs(judged)
            strong, base = probability > WEAK, window[0].begin
            self._judgements.put(left + base, right + base, probability)
            at.links = Links(left[strong] + base, right[strong] + base, probability[strong])
            at.features = judged[strong]
        return at.links, at.features

    def _compared(self, everything: Texts, new: int) -> tuple[Index, Index, Floats]:
        """Return the pairs that the last `new` rows may be in, with their features."""
        left, right = candidates(everything, new)
        near = np.abs(everything.hours[left] - everything.hours[right]) <= self._settings.open_hours
        left, right = left[near], right[near]
        seen = glimpse(everything, left, right)
        if everything.vectors is None:  # embeddings find pairs that no word betrays
            hopeful = self._judge.hopeful(sieve_features(everything, left, right, seen))
            left, right, seen = left[hopeful], right[hopeful], seen[hopeful]
        return left, right, features(everything, left, right, seen)

    def _voices(self, signals: Sequence[Signal], window: Sequence[_Day], said: Said) -> Floats:
        """Return 1 for each article with words of its own, 0 for one that repeats another article of the window.

        A reprint repeats its origin; where the window has left that behind, the first of its reprints there.

        Args:
            said: Of the day of `signals`.
        """
        here = [signal for part in (*(each.raw.signals for each in window), signals) for signal in part]
        printed = {signal.article: signal.article for signal in here}  # by the origin of a text, who prints it first
        for signal in here:
            if signal.copy_of:
                printed.setdefault(signal.copy_of, signal.article)
        voices = np.ones(len(signals), dtype=np.float32)
        for row, (signal, again) in enumerate(zip(signals, said.repeats([each.said for each in window]), strict=True)):
            origin = again or (printed[signal.copy_of] if signal.copy_of else signal.article)
            if origin != signal.article:
                self._repeats[signal.article] = origin
                voices[row] = 0
            else:
                self._repeats.pop(signal.article, None)
        return voices

    def _dense(self, signals: Sequence[Signal]) -> Floats | None:
        if self._vectors is None:
            return None
        width = len(next(iter(self._vectors.values()), ()))
        nothing = np.zeros(width, dtype=np.float32)
        rows = [self._vectors.get(signal.article, nothing) for signal in signals]
        return np.array(rows, dtype=np.float32).reshape(len(rows), width)

    def _settle(self, *, moved: bool = False, only_newest: bool = False) -> list[Placed]:
        """Group what is not settled on the evening of the newest day.

        Args:
            moved: Return only what has changed its story.
            only_newest: What stands stays together: what came last joins it, and stories that this links may merge.
        """
        first_open = self._days[-1].day - timedelta(days=self._settings.repair_days - 1)
        reach = first_open - timedelta(days=window_days(self._settings))
        window = [each for each in self._days if each.day >= reach]
        opened = [each for each in window if each.day >= first_open]
        base, begin = window[0].begin, opened[0].begin
        for past in self._days:
            if past.day < first_open:  # nobody asks any more
                past.links = past.features = None
        judged = [self._judged(each) for each in opened]
        signals = [signal for each in window for signal in each.raw.signals]
        links = Links(
            np.concatenate([each.left for each, _ in judged]) - base,
            np.concatenate([each.right for each, _ in judged]) - base,
            np.concatenate([each.probability for each, _ in judged]),
        )
        fresh = (opened[-1].begin if only_newest else begin) - base  # what stands before this row is together
        rows = self._involved(signals, links, fresh)
        place_of = np.full(len(signals), -1)
        place_of[rows] = np.arange(len(rows))
        part = stack([each.texts.take(rows[_within(rows, each, base)] + base - each.begin) for each in window])
        settled = rows < begin - base
        near = (place_of[links.left] >= 0) & (place_of[links.right] >= 0)
        inner = Links(place_of[links.left[near]], place_of[links.right[near]], links.probability[near])
        heads: dict[StoryId, int] = {}
        for row in np.nonzero(settled)[0].tolist():
            heads.setdefault(self._story[part.signals[row].article], row)
        position = {signal.article: at for at, signal in enumerate(part.signals)}
        stands = {article: heads[story] for article in self._bound if (story := self._story.get(article)) in heads}
        stands |= position  # what left the window stands where its story does
        apart = [(stands[one], stands[other]) for one, other in self._apart if one in stands and other in stands]

        def joined(*, edited: bool) -> Outcome:
            return join(
                part,
                inner,
                self._judge.groups,
                lambda left, right: self._probability(part, left, right, rows + base),
                self._settings.join_probability,
                groups=self._given(part, rows < fresh, settled, position, stands, apart, edited=edited),
                settled=settled,
                apart=apart,
            )

        outcome = joined(edited=True)
        if leaders := sorted(position[article] for article in self._partners if article in position):
            follow(outcome, joined(edited=False), np.array(leaders, dtype=np.int64), settled, apart)
        stories = self._named(part, outcome.groups, settled)
        placed = _explained(
            part,
            inner,
            np.concatenate([found for _, found in judged])[near],
            outcome,
            stories,
            np.nonzero(~settled)[0],
            self._settings.join_probability,
        )
        told = [each for each in placed if self._story.get(each.signal.article) != each.story] if moved else placed
        for each in placed:
            self._story[each.signal.article] = each.story
        return told

    def _probability(self, part: Texts, left: Index, right: Index, numbers: Index) -> Floats:
        """Judge pairs of rows of `part`, but for those that were judged before; `numbers` are those of its rows."""
        found = self._judgements.get(numbers[left], numbers[right])
        new = np.isnan(found)
        found[new] = self._judge.pairs(features(part, left[new], right[new]))
        self._judgements.put(numbers[left[new]], numbers[right[new]], found[new])
        return found

    def _involved(self, signals: Sequence[Signal], links: Links, fresh: int) -> Index:
        """Return the rows that matter: all from `fresh` on, and the stories before them that these are linked to."""
        linked = links.left[(links.right >= fresh) & (links.left < fresh)]
        touched = {self._story[signals[row].article] for row in set(linked.tolist())}
        for signal in signals[fresh:]:
            if (repeated := self._repeats.get(signal.article)) and (story := self._story.get(repeated)):
                touched.add(story)
        touched |= {self._story[article] for article in self._partners if article in self._story}
        old = [row for row, signal in enumerate(signals[:fresh]) if self._story[signal.article] in touched]
        return np.array([*old, *range(fresh, len(signals))], dtype=np.int64)

    def _given(
        self,
        part: Texts,
        standing: NDArray[np.bool_],
        settled: NDArray[np.bool_],
        position: Mapping[ArticleId, int],
        stands: Mapping[ArticleId, int],
        apart: Sequence[tuple[int, int]],
        *,
        edited: bool,
    ) -> Index:
        """Return what is together before anything is judged: stories that stand, copies and, if `edited`, what editors
        joined."""
        parent = list(range(len(part)))
        story_of: dict[int, StoryId] = {}

        def top(row: int) -> int:
            while parent[row] != row:
                parent[row] = parent[parent[row]]
                row = parent[row]
            return row

        def unite(one: int, other: int, *, always: bool) -> None:
            low, high = sorted((top(one), top(other)))
            parted = any({top(first), top(second)} == {low, high} for first, second in apart)
            if low == high or (not always and (parted or (low in story_of and high in story_of))):
                return
            parent[high] = low
            if high in story_of:
                story_of.setdefault(low, story_of[high])

        heads: dict[StoryId, int] = {}
        for row in np.nonzero(standing)[0].tolist():
            story = self._story[part.signals[row].article]
            head = heads.setdefault(story, row)
            parent[row] = head
            if settled[row]:
                story_of[head] = story
        for article, partners in sorted(self._partners.items()) if edited else ():
            for other in sorted(partners & stands.keys()):
                if article in stands:
                    unite(stands[article], stands[other], always=True)
        for row, signal in enumerate(part.signals):
            repeated = self._repeats.get(signal.article)
            origin = position.get(repeated) if repeated else None
            if origin is not None and not (settled[row] and settled[origin]):
                unite(row, origin, always=False)
        return np.array([top(row) for row in range(len(part))], dtype=np.int64)

    def _named(self, part: Texts, groups: Index, settled: NDArray[np.bool_]) -> dict[int, StoryId]:
        """Return the story of each group, by its first row."""
        members: dict[int, list[int]] = {}
        for row, group in enumerate(groups.tolist()):
            members.setdefault(group, []).append(row)
        names: dict[int, StoryId] = {}
        here = {signal.article for signal in part.signals}
        for group, rows in members.items():
            far = {
                self._story[partner]
                for row in rows
                for partner in self._partners.get(part.signals[row].article, ())
                if partner not in here and partner in self._story
            }
            old = [row for row in rows if settled[row]]
            if far:
                names[group] = min(far)
                continue
            if old:
                names[group] = self._story[part.signals[old[0]].article]
                continue
            told = [part.signals[row] for row in rows]
            namer = min(told, key=lambda signal: (day_of(signal), signal.seen_at, signal.article))
            names[group] = StoryId("s" + namer.article)
        return names


def _within(rows: Index, day: _Day, base: int) -> slice:
    """Return where those of `rows`, which ascend, stand that are of one day; they count from the article `base` on."""
    first, end = np.searchsorted(rows, [day.begin - base, day.begin - base + len(day.texts)])
    return slice(first, end)


def _bare(signal: Signal, story: StoryId) -> Placed:
    return Placed(signal, story, Join(article=signal.article, similarity=1.0, threshold=1.0, shared=()))


def _closed(pairs: Sequence[tuple[ArticleId, ArticleId]]) -> dict[ArticleId, frozenset[ArticleId]]:
    """Return with whom each article is together, through others, too."""
    groups: dict[ArticleId, frozenset[ArticleId]] = {}
    for one, other in pairs:
        both = groups.get(one, frozenset({one})) | groups.get(other, frozenset({other}))
        groups.update((article, both) for article in both)
    return {article: group - {article} for article, group in groups.items()}


def _parted(
    apart: Sequence[tuple[ArticleId, ArticleId]], partners: Mapping[ArticleId, frozenset[ArticleId]]
) -> list[tuple[ArticleId, ArticleId]]:
    """Return all pairs that must not meet: who is together with one of two, perhaps of another day, meets neither."""
    found = set()
    for one, other in apart:
        mine, theirs = ({each} | partners.get(each, frozenset()) for each in (one, other))
        if other not in mine:
            found |= {(first, second) for first in mine for second in theirs}
    return sorted(found)


def _explained(
    part: Texts,
    links: Links,
    found: Floats,
    outcome: Outcome,
    stories: Mapping[int, StoryId],
    rows: Index,
    threshold: float,
) -> list[Placed]:
    """Return the placements of `rows` with their reasons; `found` holds the features of the links."""
    groups = outcome.groups
    inside = _nearest(links, groups[links.left] == groups[links.right], len(part))
    outside = _nearest(links, groups[links.left] != groups[links.right], len(part))
    wanted = np.unique(np.concatenate([inside[rows], outside[rows]]))
    told = _told(part, links, found, wanted[wanted >= 0])
    came = _came_at(outcome)
    rivals: dict[int, tuple[int, float]] = {}
    for merge in outcome.rivals:
        for group, other in ((merge.into, merge.gone), (merge.gone, merge.into)):
            if merge.probability > rivals.get(group, (0, WEAK))[1]:
                rivals[group] = (other, merge.probability)
    bonds, others = (_bonds(part, links, told, rows, nearest[rows]) for nearest in (inside, outside))
    placed = []
    for row, group, bond, rival in zip(rows.tolist(), groups[rows].tolist(), bonds, others, strict=True):
        best = rivals.get(group)
        placed.append(
            Placed(
                part.signals[row],
                stories[group],
                Join(
                    article=part.signals[row].article,
                    similarity=round(came.get(row, 1.0), 4),
                    threshold=threshold,
                    shared=bond.shared if bond else (),
                    runner_up=(stories[best[0]], round(best[1], 4)) if best else None,
                    bond=bond,
                    rival=rival,
                ),
            )
        )
    return placed


def _nearest(links: Links, wanted: NDArray[np.bool_], size: int) -> Index:
    """Return the position of each row's likeliest link among the wanted ones, -1 without any."""
    position = np.nonzero(wanted)[0]
    ends = np.concatenate([links.left[position], links.right[position]])
    partner = np.concatenate([links.right[position], links.left[position]])
    again = np.concatenate([position, position])
    ranked = np.lexsort((partner, -links.probability[again], ends))
    ends, again = ends[ranked], again[ranked]
    best = np.full(size, -1, dtype=np.int64)
    first = np.concatenate([[True], ends[1:] != ends[:-1]]) if len(ends) else np.empty(0, dtype=bool)
    best[ends[first]] = again[first]
    return best


def _bonds(part: Texts, links: Links, told: Mapping[int, _Told], rows: Index, nearest: Index) -> list[Bond | None]:
    """Return what ties each of `rows` to its nearest, to which leads the link `nearest` (rows,), -1 without any."""
    there = np.maximum(nearest, 0)
    other = links.left[there] + links.right[there] - rows if len(links.left) else rows
    found: list[Bond | None] = []
    for link, end in zip(nearest.tolist(), other.tolist(), strict=True):
        if link < 0:
            found.append(None)
        else:
            probability, signals, words = told[link]
            found.append(
                Bond(article=part.signals[end].article, probability=probability, signals=signals, shared=words)
            )
    return found


def _told(part: Texts, links: Links, found: Floats, wanted: Index) -> dict[int, _Told]:
    """Return what is told of the wanted links: probability, the signals that people understand, and shared words."""
    names = NAMES if part.vectors is None else WITH_VECTORS
    signals = [_named_values(name, found[wanted, at]) for at, name in enumerate(names) if name in TOLD]
    sure = np.round(links.probability[wanted].astype(np.float64), 4).tolist()
    words = shared(part, links.left[wanted], links.right[wanted])
    return dict(zip(wanted.tolist(), zip(sure, zip(*signals, strict=True), words, strict=True), strict=True))


def _named_values(name: str, values: Floats) -> list[tuple[str, float]]:
    """Return each value with its name; equal ones are one object: a day tells some hundred thousand."""
    different, which = np.unique(np.round(values.astype(np.float64), 3) + 0.0, return_inverse=True)  # no -0.0
    pairs = [(name, value) for value in different.tolist()]
    return [pairs[at] for at in which.tolist()]


def _came_at(outcome: Outcome) -> dict[int, float]:
    """Return at which probability each row came to the group that its story grew from."""
    parts: dict[int, list[int]] = {}
    found: dict[int, float] = {}
    for merge in outcome.merges:
        joined = parts.pop(merge.gone, [merge.gone])
        for row in joined:
            found[row] = merge.probability
        parts.setdefault(merge.into, [merge.into]).extend(joined)
    return found
