"""How much of the related coverage is related: ours and the reference site's own lists, on the same records.

usage: python bench/related.py [--data ../shared/data] [--show]

gold/related.jsonl holds pairs (article, candidate) that we judged by hand, blind to who proposed them: relevant is what
a reader of the first would want beside it, as coverage of the same event or its direct follow-up.  The pool of pairs
was made from the first places of ours, of the reference and of plain TF-IDF, for articles drawn by chance among those
for which the reference has a list.  The first three places of each are counted; pairs without a judgement are counted
apart.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from data import data_option
from sets import articles_of, gold, grouped, listed_by_reference
from wiredesk.config import StorySettings
from wiredesk.records import Article, ArticleId, StoryId
from wiredesk.stories import Shelf, close_stories, coverage, dot, follow, sketch, telling

PLACES = 3
DEPTH = 5  # of our list that goes into the pool
PLAIN_DAYS = 7  # as far as the reference links


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(parser)
    parser.add_argument("--show", action="store_true", help="list our places that are not relevant, or not judged")
    args = parser.parse_args()
    judged: defaultdict[str, dict[tuple[str, str], bool]] = defaultdict(dict)
    for row in gold("related.jsonl"):
        judged[row["set"]][row["article"], row["candidate"]] = row["relevant"]
    totals: defaultdict[str, list[bool | None]] = defaultdict(list)
    articles = 0
    for name, pairs in sorted(judged.items()):
        asked = sorted({article for article, _ in pairs})
        articles += len(asked)
        lists = proposals(name, args.data, asked)
        for engine, listed in lists.items():
            for article in asked:
                verdicts = [pairs.get((article, candidate)) for candidate in listed[article][:PLACES]]
                totals[engine] += verdicts
                if args.show and engine == "wiredesk":
                    for candidate, verdict in zip(listed[article], verdicts, strict=False):
                        if not verdict:
                            print(f"  {verdict!s:6}{article[:70]:72}{candidate[:90]}")
    figures = {
        engine: {
            "places": len(verdicts),
            "judged": sum(verdict is not None for verdict in verdicts),
            "relevant": sum(verdict is True for verdict in verdicts),
            "precision": round(
                sum(verdict is True for verdict in verdicts) / max(1, sum(verdict is not None for verdict in verdicts)),
                4,
            ),
        }
        for engine, verdicts in totals.items()
    }
    print(f"{articles} articles, first {PLACES} places of each")
    print(f"{'':14}{'places':>8}{'judged':>8}{'relevant':>10}{'precision':>11}")
    for engine, found in figures.items():
        print(f"{engine:14}{found['places']:8}{found['judged']:8}{found['relevant']:10}{found['precision']:11.3f}")
    print(json.dumps({"articles": articles, "related": figures}))


def proposals(name: str, data: Path, asked: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Return for each engine and article the related ones, best first."""
    articles, quality = articles_of(name, data)
    reference = listed_by_reference(name, data)
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
