"""How well the signals that need no model find the same story in another language.

usage: python bench/crosslingual.py [--data ../shared/data]

For every headline of og2021 that has a partner (same story, another language, at most three days away), the nearest
headline of another language within three days by TF-IDF cosine: how often is it a partner (precision at 1)?  Prints it
for each kind of signal and for pairs of languages; the last line is one JSON object.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

import numpy as np

from data import data_option, need
from wiredesk.stories.lexicon import concepts
from wiredesk.stories.scripts import cognate, spelling
from wiredesk.stories.words import terms
from wiredesk.text import words

KINDS = {
    "words": ("word",),
    "concepts, places": ("concept",),
    "+ numbers": ("concept", "number"),
    "+ words": ("concept", "number", "word"),
    "+ spellings": ("concept", "number", "word", "spelling"),
    "+ cognates": ("concept", "number", "word", "spelling", "cognate"),
}
WEIGHT = {"spelling": 0.5, "cognate": 0.5}  # these say again what a word says, less surely
LANGUAGES = ("en", "es", "pt", "fr", "ru", "de", "ar", "sl")
NEAR = 3 * 86_400  # seconds

Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(parser)
    path = need(parser.parse_args().data, "stories", "og2021.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["story"]]
    told = np.array([datetime.fromisoformat(row["published"]).timestamp() for row in rows])
    language = np.array([row["lang"] for row in rows])
    story = np.array([row["story"] for row in rows])
    signals = [of_headline(row["title"], row["lang"]) for row in rows]
    figures: dict[str, Any] = {}
    for name, kinds in KINDS.items():
        likeness = cosines([{kind: found[kind] for kind in kinds} for found in signals])
        across = precision(likeness, told, story, language[:, None] != language)
        within = precision(likeness, told, story, language[:, None] == language)
        figures[name] = {"across": round(across, 3), "within": round(within, 3)}
        print(f"{name:20} across languages {across:.3f}, within one {within:.3f}")
    print("from / to  " + "".join(f"{to:>6}" for to in LANGUAGES))
    for source in LANGUAGES:
        pairs = [(language == source)[:, None] & (language == to) for to in LANGUAGES]
        print(f"{source:11}" + "".join(f"{precision(likeness, told, story, pair):6.2f}" for pair in pairs))
    for name in LANGUAGES:
        known = [len(concepts(name).find(terms(row["title"], name))) for row in rows if row["lang"] == name]
        figures[f"concepts_{name}"] = round(float(np.mean(known)), 2)
        print(f"{name}: {np.mean(known):.2f} concepts a headline, none in {np.mean(np.array(known) == 0):.1%}")
    print(json.dumps(figures))


def of_headline(title: str, language: str) -> dict[str, set[str]]:
    """Return what a headline says, by kind of signal."""
    found = concepts(language).find(terms(title, language))
    plain = words(title)
    return {
        "word": {word for word in plain if not word.isdigit()},
        "concept": {concept for concept in found if not concept.startswith("n:")},
        "number": {f"n:{word}" for word in plain if word.isdigit()} | {c for c in found if c.startswith("n:")},
        "spelling": {key for word in plain if (key := spelling(word))},
        "cognate": {key for word in plain if len(key := cognate(word)) > 3},
    }


def cosines(signals: list[dict[str, set[str]]]) -> np.ndarray:
    """Return the TF-IDF cosines of all pairs, float32, (n, n)."""
    features = [[(kind, term) for kind, found in one.items() for term in sorted(found)] for one in signals]
    seen = Counter(feature for found in features for feature in found)
    total = len(features)
    posts: defaultdict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for index, found in enumerate(features):
        weights = [WEIGHT.get(kind, 1.0) * math.log((total + 200) / (seen[kind, term] + 10)) for kind, term in found]
        norm = math.hypot(*weights) or 1.0
        for feature, weight in zip(found, weights, strict=True):
            posts[feature].append((index, weight / norm))
    likeness = np.zeros((total, total), dtype=np.float32)
    for pairs in posts.values():
        at, weights = np.array([index for index, _ in pairs]), np.array([weight for _, weight in pairs])
        likeness[np.ix_(at, at)] += np.outer(weights, weights)
    return likeness


def precision(likeness: np.ndarray, told: np.ndarray, story: np.ndarray, allowed: np.ndarray) -> float:
    """Return how often the nearest headline among those `allowed` (n, n) and near in time is of the same story."""
    allowed = allowed & (np.abs(told[:, None] - told) <= NEAR) & ~np.eye(len(told), dtype=bool)
    same = story[:, None] == story
    asked = (allowed & same).any(axis=1)
    scores = np.where(allowed, likeness, -1)
    nearest = scores.argmax(axis=1)
    rows = np.arange(len(told))
    right = same[rows, nearest] & (scores[rows, nearest] > 0)
    return float(right[asked].mean()) if asked.any() else math.nan


if __name__ == "__main__":
    main()
