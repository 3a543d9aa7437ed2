"""What the grouping of stories needs to know of an article: small, and all that it ever looks at."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wiredesk.records import Article, ArticleId, Join, StoryId
from wiredesk.stories.words import terms
from wiredesk.text import words

LEDE_WORDS = 150  # an event is told at the top; what follows is background shared by many events
TITLE_WEIGHT = 2.0  # against 1.0 for a word in the lede
MAX_TERMS = 45

_SUFFIX = re.compile(r"\s+(?:[-–—|·•»]|::)\s+([^-–—|·•»]{2,40})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """An article as the grouping sees it."""

    article: ArticleId
    told_at: datetime  # UTC
    seen_at: datetime  # UTC, our clock: names the story
    provider: str
    terms: tuple[tuple[str, float], ...]  # stem -> weight > 0, the heaviest MAX_TERMS
    copy_of: ArticleId | None = None  # the article whose text it prints

    def to_json(self) -> dict[str, Any]:
        """Return plain values, which `from_json` turns back into an equal signal."""
        return {
            "article": self.article,
            "told_at": self.told_at.isoformat(),
            "seen_at": self.seen_at.isoformat(),
            "provider": self.provider,
            "terms": dict(self.terms),
            "copy_of": self.copy_of,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Signal:
        """Return the signal that `to_json` wrote.  Raises KeyError, TypeError or ValueError on anything else."""
        return cls(
            article=value["article"],
            told_at=datetime.fromisoformat(value["told_at"]),
            seen_at=datetime.fromisoformat(value["seen_at"]),
            provider=value["provider"],
            terms=tuple((str(term), float(weight)) for term, weight in value["terms"].items()),
            copy_of=value["copy_of"],
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """An article, its story, and why."""

    signal: Signal
    story: StoryId
    join: Join


def signal(article: Article, copy_of: ArticleId | None = None) -> Signal:
    """Return what the grouping may know of `article`: its words in title and lede, stemmed and weighed."""
    title = _without_publisher(article.title, article.provider.name, article.provider.domain)
    lede = " ".join((article.text or article.excerpt)[: LEDE_WORDS * 12].split()[:LEDE_WORDS])
    weights: defaultdict[str, float] = defaultdict(float)
    for term, count in Counter(terms(title, article.language)).items():
        weights[term] += TITLE_WEIGHT * (1 + math.log(count))
    for term, count in Counter(terms(lede, article.language)).items():
        weights[term] += 1 + math.log(count)
    heaviest = sorted(weights.items(), key=lambda pair: -pair[1])[:MAX_TERMS]
    return Signal(
        article=article.id,
        told_at=article.told_at,
        seen_at=article.first_seen_at,
        provider=article.provider.domain,
        terms=tuple((term, round(weight, 3)) for term, weight in heaviest),
        copy_of=copy_of,
    )


def _without_publisher(title: str, *names: str) -> str:
    """Drop " - Reuters" from the end where that is what the publisher calls itself."""
    tail = _SUFFIX.search(title)
    if tail:
        said = "".join(words(tail[1])).removeprefix("the")
        known = ["".join(words(name)).removeprefix("the") for name in names]
        if said and any(name.startswith(said) or said.startswith(name) for name in known if name):
            return title[: tail.start()]
    return title
