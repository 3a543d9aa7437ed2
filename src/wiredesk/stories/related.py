"""For an article: the coverage of its story, in the order of what a reader gains; then the stories close to it.

The order is greedy: next comes what adds most to all that was read before.  This is maximal marginal relevance
(Carbonell, Goldstein: The use of MMR, diversity-based reranking, SIGIR 1998) with the gain of a monotone submodular
function (Lin, Bilmes: A class of submodular functions for document summarization, ACL 2011): facts and voices covered
plus the worth of each text by itself; so greed comes within 1 - 1/e of the best order (Nemhauser, Wolsey, Fisher 1978).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wiredesk.records import ArticleId
from wiredesk.stories.facts import Fact, Known
from wiredesk.stories.sketches import UNKNOWN, dot, likeness_beyond_a_name
from wiredesk.stories.timeline import Telling, fold_copies

VOICE = 1.0  # another independent provider
FACTS = 1.0  # half of it for the first ENOUGH new facts, and less and less for more
ENOUGH = 4
LIKE = 2.0  # nearness to the article at hand, 0-1: of a story that holds too much, what fits best comes first
SAME_VOICE = 1.5  # times the likeness that another outlet's text needs
QUALITY = 0.5  # at quality 100
LATER = 0.25  # for the newest of the story, 0 for the oldest


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text of the story that is worth reading beside the article at hand."""

    article: ArticleId
    voice: bool  # another provider than the article at hand and all that come before
    adds: tuple[Fact, ...]  # what neither the article at hand nor any before states
    gain: float
    copies: tuple[ArticleId, ...]  # print its text


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The rest of a story, as a reader of one of its articles wants it."""

    article: ArticleId
    readings: tuple[Reading, ...]  # best first
    same_text: tuple[ArticleId, ...]  # articles that print the text of the one at hand, or whose text it prints


def coverage(article: ArticleId, tellings: Sequence[Telling], rarity: Mapping[str, float], needed: float) -> Coverage:
    """Return the coverage of the story that `tellings` (in any order, `article` among them) make.

    Args:
        rarity: What the words of the story weigh; others count as UNKNOWN.
        needed: Likeness (0-1) to the article at hand, beyond a name that both have, from which another outlet's text
            is worth reading beside it.  A text of the same outlet needs SAME_VOICE times that: few outlets tell one
            event twice, many tell like ones.

    Raises:
        StopIteration: `article` is not among them.
    """
    in_time = sorted(tellings, key=lambda each: (each.told_at, each.article))
    groups = fold_copies(in_time)
    mine = next(group for group in groups if any(each.article == article for each in group))
    own = next(each for each in mine if each.article == article)
    vectors = {each.article: _vector(each, rarity) for each in tellings}
    like = {head.article: dot(vectors[article], vectors[head.article]) for head, *_ in groups}
    span = _span([each.told_at for each in in_time])
    known = Known(each.facts for each in mine)
    heard = {each.provider for each in mine}
    waiting = {
        group[0].article: group
        for group in groups
        if group is not mine
        and likeness_beyond_a_name(vectors[article], vectors[group[0].article])
        >= needed * (SAME_VOICE if group[0].provider == own.provider else 1.0)
    }
    readings: list[Reading] = []
    while waiting:
        offers = []
        for name, group in waiting.items():
            head = group[0]
            adds = known.news_in(head.facts)
            voice = head.provider not in heard
            gain = (
                VOICE * voice
                + FACTS * len(adds) / (len(adds) + ENOUGH)
                + LIKE * like[name]
                + QUALITY * min(head.quality, 100) / 100
                + LATER * (head.told_at - span[0]).total_seconds() / span[1]
            )
            offers.append((-round(gain, 4), head.told_at, name, adds, voice))
        loss, _, name, adds, voice = min(offers, key=lambda offer: offer[:3])
        group = waiting.pop(name)
        readings.append(
            Reading(article=name, voice=voice, adds=adds, gain=-loss, copies=tuple(each.article for each in group[1:]))
        )
        known.learn(group[0].facts)
        heard.update(each.provider for each in group)
    return Coverage(
        article=article,
        readings=tuple(readings),
        same_text=tuple(each.article for each in mine if each.article != article),
    )


def _vector(each: Telling, rarity: Mapping[str, float]) -> dict[str, float]:
    weighed = {term: weight * rarity.get(term, UNKNOWN) for term, weight in each.words.items()}
    length = math.sqrt(sum(value * value for value in weighed.values()))
    return {term: value / length for term, value in weighed.items()}


def _span(times: Sequence[datetime]) -> tuple[datetime, float]:
    """Return the first of `times` and the seconds from it to the last, 1 at least."""
    return min(times), max(1.0, (max(times) - min(times)).total_seconds())
