"""Which pairs of articles are worth judging: a pruned index over the window.

Terms that many articles of the window hold find nobody (they still count in the judgement).  So the work for an
article does not grow with the archive, and hardly with the number of articles a day.
"""

from __future__ import annotations

import numpy as np

from wiredesk.stories import loops
from wiredesk.stories.loops import GRAMS, SHARED, WORDS, Columns, Floats, Index
from wiredesk.stories.pairs import NAMES, glimpse
from wiredesk.stories.vectors import NEAREST, Texts, numbered

BY_WORDS = 20  # nearest, and for headlines without a lede by character n-grams too
BY_SHARED = 10  # by concepts, names and numbers: these cross languages
BY_VECTORS = 10  # by embedding
GRAMS_WEIGH = 0.5  # against words
LEAST = 0.1  # likeness below which nobody ever was of the same story
COMMON = 0.03  # of the window's articles: a term of more finds nobody ...
COMMON_LEAST, COMMON_MOST = 50, 300  # ... but never fewer than this many articles, and never more

Pairs = tuple[Index, Index]
_Finder = tuple[Index, Columns, Floats, Index, Columns, Floats]  # see loops.indexed


def candidates(window: Texts, new: int) -> Pairs:
    """Return the pairs (i, j), i < j, of rows of `window` to be judged; j is one of its last `new` rows."""
    size = len(window)
    first = size - new
    words = _finder(window, WORDS, window.voices)
    alone = (window.lede_terms == 0) * window.voices  # a headline has few words: parts of words help
    parts, weight = (_finder(window, GRAMS, alone), GRAMS_WEIGH) if alone[first:].any() else (words, 0.0)
    shared = _finder(window, SHARED, window.voices)
    found = [
        loops.nearest(words, parts, weight, first, BY_WORDS, LEAST),
        loops.nearest(shared, shared, 0.0, first, BY_SHARED, LEAST),
    ]
    if window.vectors is not None:
        found.append(_nearest_vectors(window.vectors * window.voices[:, None], first, BY_VECTORS))
    left = np.concatenate([pair[0] for pair in found])
    right = np.concatenate([pair[1] for pair in found])
    keys = np.unique(np.minimum(left, right) * size + np.maximum(left, right))
    return keys // size, keys % size


def nearest(day: Texts) -> Floats:
    """Return how like the nearest other article of the day each one is by each of `vectors.NEAREST`; 0 without any.

    What is next to nothing else of its day may be of one story with what it is less like than others are.
    """
    found = np.zeros_like(day.nearest)
    for at, kind in enumerate((WORDS, SHARED)):
        finder = _finder(day, kind, day.voices)
        left, right = loops.nearest(finder, finder, 0.0, 0, 1, LEAST)
        found[left, at] = glimpse(day, left, right)[:, NAMES.index(NEAREST[at])]
    if day.vectors is not None:
        vectors = day.vectors * day.voices[:, None]
        left, right = _nearest_vectors(vectors, 0, 1)
        found[left, 2] = np.einsum("ij,ij->i", vectors[left], vectors[right])
    return found


def _finder(window: Texts, kind: int, wanted: Floats) -> _Finder:
    """Index the rows where `wanted` (n,) is not 0 by one kind of their terms, but for common ones."""
    starts, terms, values, size = numbered(window.terms, kind)
    limit = min(max(COMMON_LEAST, COMMON * len(window)), COMMON_MOST)
    return loops.indexed(starts, terms, values, wanted != 0, size, limit)


def _nearest_vectors(vectors: Floats, first: int, wanted: int) -> Pairs:
    left, right = [], []
    for begin in range(first, len(vectors), 512):  # bounded memory
        block = vectors[begin : begin + 512]
        likeness = block @ vectors.T
        own = np.arange(len(block))
        likeness[own, own + begin] = -1.0
        most = min(wanted, likeness.shape[1] - 1)
        if most > 0:
            ranked = np.argpartition(-likeness, most - 1, axis=1)[:, :most]
            near = np.take_along_axis(likeness, ranked, axis=1) > 0
            left.append(np.repeat(own + begin, most)[near.ravel()])
            right.append(ranked[near])
    nobody = np.empty(0, dtype=np.int64)
    return np.concatenate([nobody, *left]), np.concatenate([nobody, *right])
