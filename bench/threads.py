"""How well stories are followed over weeks and months, and what a timeline says, against our own judgements.

usage: python bench/threads.py [--data ../shared/data]

Threads: gold/threads.jsonl names the thread of articles (null: none); the whole set that they come from is grouped
and followed with the default settings, and B-cubed is counted over the articles with a judgement.  Beside it: every
story alone, and all stories that share their two rarest words.  Timelines: gold/timeline.jsonl names who was first
and facts that an article is the first to tell.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from data import data_option
from data import scorer as score_module
from sets import TALKS, articles_of, gold, grouped
from wiredesk.config import StorySettings
from wiredesk.records import Article, StoryId
from wiredesk.stories import follow, sketch, telling, threads_of, timeline_of

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
    engines = ("wiredesk", "stories_alone", "rarest_words")
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
    followed = follow((), [sketch(story, members) for story, members in stories.items()], settings)
    seconds = time.process_time() - began
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
        "rarest_words": round(score(_by_rarest_words(stories))["b3_f1"], 4),
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


def _by_rarest_words(stories: Mapping[StoryId, Sequence[Article]]) -> dict[str, str]:
    """Peer: a story goes by the two rarest of its words that other stories have too."""
    sketches = {story: sketch(story, members) for story, members in stories.items()}
    found_in = Counter(term for each in sketches.values() for term, _ in each.terms)
    labels: dict[str, str] = {}
    for story, members in stories.items():
        heavy = sorted(sketches[story].terms, key=lambda pair: -pair[1])[:12]
        rare = sorted((found_in[term], term) for term, _ in heavy if found_in[term] > 1)[:2]
        for article in members:
            labels[article.id] = " ".join(sorted(term for _, term in rare)) or story
    return labels


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
            counts["facts_found"] += sum(key in adds[article] for key in keys)
        for article, keys in row.get("known", {}).items():  # what it does not add: an earlier one told it
            counts["facts"] += len(keys)
            counts["facts_found"] += sum(key not in adds[article] for key in keys)
    return dict(counts)


if __name__ == "__main__":
    main()
