"""Inside a story: what was told when, who was first, and what each article adds that no earlier one had.

Novelty against all that was told before is the measure of the TREC novelty track (Soboroff, Harman: Novelty detection:
the TREC experience, HLT 2005), on stated facts instead of whole sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from wiredesk.records import Article, ArticleId
from wiredesk.stories.facts import Fact, Facts, Known, facts_of
from wiredesk.stories.sketches import weighed_words

TICK = timedelta(minutes=15)  # our clock is as fine as we poll: within this, the pages' own times decide who was first
WRONG = timedelta(days=30)  # a claim this much older than the next report, of a page that we saw after it, is wrong
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article of a story, as the timeline and the order of coverage see it."""

    article: ArticleId
    told_at: datetime  # UTC, never later than `seen_at`
    seen_at: datetime  # UTC, our clock
    provider: str
    facts: Facts
    words: Mapping[str, float] = field(default_factory=dict)  # stem -> weight, of headline and lede
    quality: int = 0
    copy_of: ArticleId | None = None  # whose text it prints


def telling(article: Article, *, quality: int = 0, copy_of: ArticleId | None = None) -> Telling:
    """Return what the timeline and the order of coverage need of an article."""
    return Telling(
        article=article.id,
        told_at=article.told_at,
        seen_at=article.first_seen_at,
        provider=article.provider.domain,
        facts=facts_of(article),
        words=weighed_words(article),
        quality=quality,
        copy_of=copy_of,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A text in the order of the telling."""

    article: ArticleId
    at: datetime  # when it was told; by our clock where the page's claim is plainly wrong
    misdated: bool  # the claim was wrong
    adds: tuple[Fact, ...]  # what no earlier text stated; no two steps share a fact
    copies: tuple[ArticleId, ...]  # articles that print it, in the order of time


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The developments of a story."""

    first: ArticleId  # seen first by our clock
    steps: tuple[Step, ...]  # the texts that add something, and the one that was told first; oldest first
    also: tuple[Step, ...]  # texts that add nothing; oldest first


def timeline_of(tellings: Sequence[Telling]) -> Timeline:
    """Return the developments that `tellings` (at least one, in any order) make.

    A copy stands under its origin, whatever its own top says; where the origin is not among them, under the copy that
    was told first.
    """
    moments = _moments(tellings)
    in_time = sorted(tellings, key=lambda each: (moments[each.article], each.article))
    groups = fold_copies(in_time)
    known = Known()
    steps: list[Step] = []
    also: list[Step] = []
    for head, *copies in groups:
        adds = known.news_in(head.facts)
        known.learn(head.facts)
        step = Step(
            article=head.article,
            at=moments[head.article],
            misdated=moments[head.article] != head.told_at,
            adds=adds,
            copies=tuple(copy.article for copy in copies),
        )
        (steps if adds or not steps else also).append(step)
    return Timeline(first=first_seen(tellings, moments), steps=tuple(steps), also=tuple(also))


def first_seen(tellings: Sequence[Telling], moments: Mapping[ArticleId, datetime]) -> ArticleId:
    """Return who was first: of those that we saw within a TICK of the first one, the one that was told first."""
    earliest = min(each.seen_at for each in tellings)
    running = [each for each in tellings if each.seen_at - earliest <= TICK]
    return min(running, key=lambda each: (moments[each.article], each.seen_at, each.article)).article


def fold_copies(tellings: Sequence[Telling]) -> list[tuple[Telling, ...]]:
    """Put the articles that print one text together, the origin first, the others in the order given.

    Groups stand in the order of their heads.  A chain of copies is one group; copies of a text that is not here belong
    together, and the first of them is the head.
    """
    held = {each.article: each for each in tellings}

    def root(each: Telling) -> ArticleId:
        seen = {each.article}
        while each.copy_of is not None:
            if each.copy_of not in held:
                return each.copy_of
            if each.copy_of in seen:  # they name each other
                return min(seen)
            seen.add(each.copy_of)
            each = held[each.copy_of]
        return each.article

    groups: dict[ArticleId, list[Telling]] = {}
    for each in tellings:
        groups.setdefault(root(each), []).append(each)
    place = {each.article: number for number, each in enumerate(tellings)}
    folded = [
        tuple(sorted(group, key=lambda each: (each.article != origin, place[each.article])))
        for origin, group in groups.items()
    ]
    return sorted(folded, key=lambda group: place[group[0].article])


def _moments(tellings: Sequence[Telling]) -> dict[ArticleId, datetime]:
    """Return when each was told, by our clock where the claim is WRONG.

    A claim in the future is cut at our clock already (`Article.told_at`).  One that is years old shows by a gap before
    the next report although we met the page a DAY or more after that one; the real opening of a long story, seen early
    or imported together with the rest of an old archive, keeps its date.
    """
    moments = {each.article: each.told_at for each in tellings}
    in_time = sorted(tellings, key=lambda each: (each.told_at, each.article))
    for number, (each, following) in enumerate(pairwise(in_time), 1):
        if following.told_at - each.told_at > WRONG:
            seen = min(later.seen_at for later in in_time[number:])
            moments |= {old.article: old.seen_at for old in in_time[:number] if old.seen_at - seen >= DAY}
    return moments
