"""Which pairs of articles are worth judging: a pruned index over the window.

Terms that many articles of the window hold find nobody (they still count in the judgement).  So the work for an
article does not grow with the archive, and hardly with the number of articles a day.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wiredesk.stories.compiled import compiled
from wiredesk.stories.vectors import Channel, Floats, Index, Texts

NEAREST = 20  # by words, and for headlines without a lede by character n-grams too
NEAREST_SHARED = 10  # by concepts, names and numbers: these cross languages
NEAREST_VECTORS = 10  # by embedding
GRAMS_WEIGH = 0.5  # against words
LEAST = 0.1  # likeness below which nobody ever was of the same story
COMMON = 0.03  # of the window's articles: a term of more finds nobody ...
COMMON_LEAST, COMMON_MOST = 50, 300  # ... but never fewer than this many articles, and never more

Pairs = tuple[Index, Index]


class _Finder(NamedTuple):
    """An index of rows by their terms that are not too common, both ways."""

    starts: Index  # (n + 1,) where the terms of each row start
    terms: Index  # (entries,) number of the term
    values: Floats  # (entries,)
    begins: Index  # (terms + 1,) where the rows of each term begin
    rows: Index  # (entries,) ascending for each term
    weights: Floats  # (entries,) of these


def candidates(window: Texts, new: int) -> Pairs:
    """Return the pairs (i, j), i < j, of rows of `window` to be judged; j is one of its last `new` rows."""
    size = len(window)
    first = size - new
    words = _finder(window.channels["terms"], window.voices)
    alone = (window.lede_terms == 0) * window.voices  # a headline has few words: parts of words help
    if alone[first:].any():
        found = [_nearest((words, _finder(window.channels["grams"], alone)), (1.0, GRAMS_WEIGH), first, NEAREST)]
    else:
        found = [_nearest((words,), (1.0,), first, NEAREST)]
    found.append(_nearest((_finder(window.channels["shared"], window.voices),), (1.0,), first, NEAREST_SHARED))
    if window.vectors is not None:
        found.append(_nearest_vectors(window.vectors * window.voices[:, None], first))
    left = np.concatenate([pair[0] for pair in found])
    right = np.concatenate([pair[1] for pair in found])
    keys = np.unique(np.minimum(left, right) * size + np.maximum(left, right))
    return keys // size, keys % size


def _finder(channel: Channel, wanted: Floats) -> _Finder:
    """Index the rows where `wanted` (n,) is not 0."""
    size = len(wanted)
    limit = min(max(COMMON_LEAST, COMMON * size), COMMON_MOST)
    known, terms = np.unique(channel.columns, return_inverse=True)
    return _Finder(*_indexed(channel.starts, terms, channel.unit, wanted != 0, len(known), limit))


@compiled
def _indexed(
    starts: Index, terms: Index, values: Floats, wanted: NDArray[np.bool_], count: int, limit: float
) -> tuple[Index, Index, Floats, Index, Index, Floats]:
    held = np.zeros(count, np.int64)
    for row in range(len(wanted)):
        if wanted[row]:
            for at in range(starts[row], starts[row + 1]):
                held[terms[at]] += 1
    begins = np.zeros(count + 1, np.int64)
    for term in range(count):
        begins[term + 1] = begins[term] + (held[term] if held[term] <= limit else 0)
    kept_terms, kept_values = np.empty(begins[-1], np.int64), np.empty(begins[-1], np.float32)
    rows, weights = np.empty(begins[-1], np.int64), np.empty(begins[-1], np.float32)
    kept = np.zeros(len(wanted) + 1, np.int64)
    free, size = begins[:-1].copy(), 0
    for row in range(len(wanted)):
        if wanted[row]:
            for at in range(starts[row], starts[row + 1]):
                term = terms[at]
                if held[term] <= limit:
                    kept_terms[size], kept_values[size] = term, values[at]
                    size += 1
                    rows[free[term]], weights[free[term]] = row, values[at]
                    free[term] += 1
        kept[row + 1] = size
    return kept, kept_terms, kept_values, begins, rows, weights


@compiled
def _nearest(finders: tuple[_Finder, ...], factors: tuple[float, ...], first: int, most: int) -> Pairs:
    """Return (new row, other row) of the `most` likest of each row; of equals, the earlier ones."""
    size = len(finders[0].starts) - 1
    likeness = np.zeros(size, np.float32)
    touched, touches = np.empty(size, np.int64), 0
    best, bests = np.empty(most, np.int64), 0
    left, right, found = np.empty((size - first) * most, np.int64), np.empty((size - first) * most, np.int64), 0
    for row in range(first, size):
        touches = bests = 0
        for finder, factor in zip(finders, factors):  # noqa: B905 (compiled code knows no `strict`)
            for at in range(finder.starts[row], finder.starts[row + 1]):
                value, term = finder.values[at] * factor, finder.terms[at]
                for place in range(finder.begins[term], finder.begins[term + 1]):
                    other, more = finder.rows[place], value * finder.weights[place]
                    if more == 0:
                        continue
                    if likeness[other] == 0:
                        touched[touches] = other
                        touches += 1
                    likeness[other] += more
        for at in range(touches):
            other = touched[at]
            value = likeness[other]
            if value < LEAST or other == row:
                continue
            to = bests
            while to > 0 and (
                likeness[best[to - 1]] < value or (likeness[best[to - 1]] == value and best[to - 1] > other)
            ):
                to -= 1
            if to == most:
                continue
            bests = min(bests + 1, most)
            for later in range(bests - 1, to, -1):
                best[later] = best[later - 1]
            best[to] = other
        for at in range(touches):
            likeness[touched[at]] = 0
        for at in range(bests):
            left[found], right[found] = row, best[at]
            found += 1
    return left[:found], right[:found]


def _nearest_vectors(vectors: Floats, first: int) -> Pairs:
    left, right = [], []
    for begin in range(first, len(vectors), 512):  # bounded memory
        block = vectors[begin : begin + 512]
        likeness = block @ vectors.T
        own = np.arange(len(block))
        likeness[own, own + begin] = -1.0
        most = min(NEAREST_VECTORS, likeness.shape[1] - 1)
        if most > 0:
            ranked = np.argpartition(-likeness, most - 1, axis=1)[:, :most]
            near = np.take_along_axis(likeness, ranked, axis=1) > 0
            left.append(np.repeat(own + begin, most)[near.ravel()])
            right.append(ranked[near])
    nobody = np.empty(0, dtype=np.int64)
    return np.concatenate([nobody, *left]), np.concatenate([nobody, *right])
