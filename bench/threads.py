"""How well stories are followed over weeks and months, and what a timeline says, against our own judgements.

usage: python bench/threads.py [--data ../shared/data]

Threads: gold/threads.jsonl names the thread of articles (null: none); the whole set that they come from is grouped
and followed with the default settings, and B-cubed is counted over the articles with a judgement.  Beside it: every
story alone, and chains of stories (single linkage at the same threshold).  Timelines:
gold/timeline.jsonl names who was first, and facts that an article is the first to tell, or not.  The last line is one
JSON object.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from data import data_option
from data import scorer as score_module
from sets import TALKS, articles_of, gold, grouped
from wiredesk.config import StorySettings
from wiredesk.records import Article, StoryId
from wiredesk.stories import Shelf, StorySketch, follow, sketch, telling, threads_of, timeline_of

LANGUAGE_RECORD = "2023-11-08-studios-adjust-ai-language-in-push-to-end-sag-aftra-strike"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(parser)
    parser.add_argument("--show", action="store_true", help="list the articles of each set with their threads")
    args = parser.parse_args()
    settings = StorySettings()
    scorer = score_module("score_stories", args.data)
    results: dict[str, Any] = {}
    sets = sorted({row["set"] for row in gold("threads.jsonl")})
    for name in sets:
        results[name] = _threads(scorer, name, args.data, settings, args.show)
    engines = ("wiredesk", "stories_alone", "chains")
    print(f"{'threads, B-cubed F1':20}" + "".join(f"{engine:>15}" for engine in engines))
    for name in sets:
        print(f"{name:20}" + "".join(f"{results[name][engine]:15.3f}" for engine in engines))
    mean = {engine: round(sum(results[name][engine] for name in sets) / len(sets), 4) for engine in engines}
    print(f"{'mean':20}" + "".join(f"{mean[engine]:15.3f}" for engine in engines))
    strike = results["ai"].pop("strike")
    print(f"the talks of October and the language of November: {strike}")
    told = _timelines(args.data)
    print(
        f"timelines: who was first {told['first']} of {told['stories']}, "
        f"facts first told by the right article {told['facts_found']} of {told['facts']}"
    )
    print(json.dumps({"threads_b3_f1": {**results, "mean": mean}, "strike": strike, "timeline": told}))


def _threads(scorer: ModuleType, name: str, data: Path, settings: StorySettings, show: bool) -> dict[str, Any]:
    articles, _ = articles_of(name, data)
    stories = grouped(articles, settings)
    began = time.process_time()
    sketches = [sketch(story, members) for story, members in stories.items()]
    followed = follow((), sketches, settings)
    seconds = time.process_time() - began
    chained = _chained(sketches, settings)
    thread_of = {story: thread.id for thread in threads_of(followed) for story in thread.stories}
    story_of = {article.id: story for story, members in stories.items() for article in members}
    judged = [row for row in gold("threads.jsonl") if row["set"] == name]
    truth = [row["thread"] or row["article"] for row in judged]

    def score(labels: Mapping[str, str]) -> dict[str, float]:
        found: dict[str, float] = scorer.score(truth, [labels[row["article"]] for row in judged])
        return found

    ours = {article: thread_of.get(story, story) for article, story in story_of.items()}
    full = score(ours)
    if show:
        for row, label in sorted(zip(judged, truth, strict=True), key=lambda pair: (pair[1], pair[0]["article"])):
            print(f"  {label[:24]:26}{ours[row['article']][:40]:42}{row['article'][:60]}")
    result: dict[str, Any] = {
        "wiredesk": round(full["b3_f1"], 4),
        "precision": round(full["b3_p"], 4),
        "recall": round(full["b3_r"], 4),
        "stories_alone": round(score(dict(story_of))["b3_f1"], 4),
        "chains": round(score({a: chained[story] for a, story in story_of.items()})["b3_f1"], 4),
        "stories": len(stories),
        "stories_per_cpu_second": round(len(stories) / seconds, 1),
    }
    if name == "ai":
        pair = [story_of[article] for article in (TALKS, LANGUAGE_RECORD)]  # type: ignore[index]
        result["strike"] = {
            "different_stories": pair[0] != pair[1],
            "one_thread": thread_of.get(pair[0], pair[0]) == thread_of.get(pair[1], pair[1]),
        }
    return result


def _chained(sketches: Sequence[StorySketch], settings: StorySettings) -> dict[StoryId, str]:
    """Peer: single linkage.  A story belongs with every one before it within the window that is as like as we ask."""
    shelf = Shelf()
    shelf.fill(sorted(sketches, key=lambda each: (each.first_at, each.story)))
    leader = {each.story: each.story for each in sketches}

    def top(story: StoryId) -> StoryId:
        while leader[story] != story:
            leader[story] = leader[leader[story]]
            story = leader[story]
        return story

    for each in sketches:
        for other, cosine in shelf.near(each):
            apart = abs((other.first_at - each.first_at).days)
            if cosine >= settings.thread_similarity and apart <= settings.thread_days:
                leader[top(each.story)] = top(other.story)
    return {each.story: top(each.story) for each in sketches}


def _timelines(data: Path) -> dict[str, int]:
    """Count firsts and facts; each row of the gold names its set, its articles, the first, and who tells what."""
    counts: Counter[str] = Counter(stories=0, first=0, facts=0, facts_found=0)
    held: dict[str, dict[str, Article]] = {}
    for row in gold("timeline.jsonl"):
        known = held.setdefault(row["set"], {a.id: a for a in articles_of(row["set"], data)[0]})
        tellings = [telling(known[id]) for id in row["articles"]]
        told = timeline_of(tellings)
        adds = {step.article: {fact.key for fact in step.adds} for step in (*told.steps, *told.also)}
        counts["stories"] += 1
        counts["first"] += told.first == row["first"]
        for article, keys in row["adds"].items():
            counts["facts"] += len(keys)
            counts["facts_found"] += sum(_told(key, adds[article]) for key in keys)
        for article, keys in row.get("known", {}).items():  # what it does not add: an earlier one told it
            counts["facts"] += len(keys)
            counts["facts_found"] += sum(not _told(key, adds[article]) for key in keys)
    return dict(counts)


def _told(key: str, added: Collection[str]) -> bool:
    """Tell whether a fact is among those added: a number by its value, a name by its words ("Justice Neil Gorsuch")."""
    return key in added or any(not key[0].isdigit() and set(key.split()) <= set(one.split()) for one in added)


if __name__ == "__main__":
    main()
