"""How much of the related coverage is related: ours and the reference site's own lists, on the same records.

usage: python bench/related.py [--data ../shared/data] [--show]

gold/related.jsonl holds pairs (article, candidate) that one person judged by title, excerpt and the beginning of the
text, in an order by hash and blind to who proposed them: relevant is what a reader of the first would want beside it,
as coverage of the same event or its direct follow-up; another product, ruling or market of one kind is not, nor is the
next month's issue of a series.  The pool of pairs was made from the first places of ours (at a lower threshold, too),
of the reference and of plain TF-IDF, for articles drawn by hash: from those of Azure and A.I. for which the reference
has a list, from all of Power Apps and AllSides, for which it has none.

`part` tells what the judgements of an article were used for: "choice" for choosing rules and constants, "held" for the
figures alone.  Of the first three places of each engine those judged are counted; how many articles have any place at
all says what the precision costs.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from data import data_option
from sets import articles_of, gold, grouped, listed_by_reference
from wiredesk.config import StorySettings
from wiredesk.records import Article, ArticleId, StoryId
from wiredesk.stories import Shelf, close_stories, coverage, dot, follow, sketch, telling

PLACES = 3
ENGINES = ("wiredesk", "reference", "tf_idf")
PLAIN_DAYS = 7  # as far as the reference links


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(parser)
    parser.add_argument("--show", action="store_true", help="list our places that are not relevant, or not judged")
    args = parser.parse_args()
    judged: defaultdict[str, dict[tuple[str, str], bool]] = defaultdict(dict)
    part_of: dict[str, str] = {}
    for row in gold("related.jsonl"):
        judged[row["set"]][row["article"], row["candidate"]] = row["relevant"]
        part_of[row["article"]] = row["part"]
    places: list[Place] = []
    for name, pairs in sorted(judged.items()):
        asked = sorted({article for article, _ in pairs})
        for engine, listed in proposals(name, args.data, asked).items():
            for article in asked:
                verdicts = [(candidate, pairs.get((article, candidate))) for candidate in listed[article][:PLACES]]
                places.append(Place(engine, name, part_of[article], [verdict for _, verdict in verdicts]))
                if args.show and engine == "wiredesk":
                    for candidate, verdict in verdicts:
                        if not verdict:
                            print(f"  {part_of[article]:8}{verdict!s:6}{article[:70]:72}{candidate[:90]}")
    figures = {
        slice_: {engine: counted(place for place in places if place.engine == engine and slice_ in place.slices)
                 for engine in ENGINES}
        for slice_ in ("all", "choice", "held", *sorted(judged))
    }  # fmt: skip
    print(f"first {PLACES} places of each")
    print(f"{'':10}{'':12}{'articles':>9}{'with any':>9}{'places':>8}{'judged':>8}{'relevant':>10}{'precision':>11}")
    for slice_, engines in figures.items():
        for engine, found in engines.items():
            print(
                f"{slice_:10}{engine:12}{found['articles']:9}{found['with_any']:9}{found['places']:8}"
                f"{found['judged']:8}{found['relevant']:10}{found['precision']:11.3f}"
            )
    print(json.dumps({"related": figures}))


class Place(NamedTuple):
    """The first places that an engine gives an article."""

    engine: str
    set: str
    part: str
    verdicts: list[bool | None]  # None: not judged

    @property
    def slices(self) -> tuple[str, str, str]:
        """The figures that they belong to."""
        return ("all", self.part, self.set)


def counted(places: Iterable[Place]) -> dict[str, float]:
    """Return the figures of some places."""
    held = list(places)
    verdicts = [verdict for place in held for verdict in place.verdicts]
    judged = sum(verdict is not None for verdict in verdicts)
    relevant = sum(verdict is True for verdict in verdicts)
    return {
        "articles": len(held),
        "with_any": sum(bool(place.verdicts) for place in held),
        "places": len(verdicts),
        "judged": judged,
        "relevant": relevant,
        "precision": round(relevant / max(1, judged), 4),
    }


def proposals(name: str, data: Path, asked: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Return for each engine and article the related ones, best first."""
    articles, quality = articles_of(name, data)
    reference = {} if name == "allsides" else listed_by_reference(name, data)
    ours = Ours(articles, quality, StorySettings())
    plain = Plain(articles)
    return {
        "wiredesk": {article: ours.related(article) for article in asked},
        "reference": {article: reference.get(article, []) for article in asked},
        "tf_idf": {article: plain.related(article) for article in asked},
    }


class Ours:
    """What a story page of ours shows beside an article: the coverage of its story, then the stories close to it."""

    def __init__(self, articles: Sequence[Article], quality: Mapping[str, int], settings: StorySettings) -> None:
        self._quality = quality
        self._stories = grouped(articles, settings)
        self._story_of = {article.id: story for story, members in self._stories.items() for article in members}
        sketches = [sketch(story, members) for story, members in self._stories.items()]
        followed = follow((), sketches, settings)
        self._close = close_stories(followed)
        self._rarity = {each.sketch.story: dict(each.link.rarity) for each in followed}
        self._needed = settings.related_similarity

    def related(self, article: str) -> list[str]:
        """Return ids, best first."""
        story = self._story_of[article]  # type: ignore[index]
        tellings = [telling(one, quality=self._quality.get(one.id, 0)) for one in self._stories[story]]
        covered = coverage(ArticleId(article), tellings, self._rarity[story], self._needed)
        near = [self._best(close.story) for close in self._close.get(story, ())]
        return [*(reading.article for reading in covered.readings), *near]

    def _best(self, story: StoryId) -> str:
        return min(self._stories[story], key=lambda article: (-self._quality.get(article.id, 0), article.id)).id


class Plain:
    """Peer: cosine of TF-IDF vectors of headline and excerpt, at most PLAIN_DAYS apart."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._sketches = {article.id: sketch(StoryId(article.id), [article]) for article in articles}
        self._shelf = Shelf()
        self._shelf.fill(list(self._sketches.values()))

    def related(self, article: str) -> list[str]:
        """Return the ids of the four nearest."""
        own = self._sketches[article]  # type: ignore[index]
        vector = self._shelf.vector(own)
        ranked = sorted(
            (-dot(vector, self._shelf.vector(other)), str(id))
            for id, other in self._sketches.items()
            if id != article and abs((other.first_at - own.first_at).days) <= PLAIN_DAYS
        )
        return [id for _, id in ranked[:4]]


if __name__ == "__main__":
    main()
