"""Which pairs of articles are worth judging: a pruned index over the window.

Terms that many articles of the window hold find nobody (they still count in the judgement).  So the work for an
article does not grow with the archive, and hardly with the number of articles a day.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from wiredesk.stories.vectors import COLUMNS, Floats, Texts

NEAREST = 20  # by words, and for headlines without a lede by character n-grams too
NEAREST_SHARED = 10  # by concepts, names and numbers: these cross languages
NEAREST_VECTORS = 10  # by embedding
LEAST = 0.1  # likeness below which nobody ever was of the same story
COMMON = 0.03  # of the window's articles: a term of more finds nobody ...
COMMON_LEAST, COMMON_MOST = 50, 300  # ... but never fewer than this many articles, and never more

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def candidates(window: Texts, new: int) -> Pairs:
    """Return the pairs (i, j), i < j, of rows of `window` to be judged; j is one of its last `new` rows."""
    size = len(window)
    first = size - new
    found = [_nearest(_by_words(window, first), first, NEAREST)]
    found.append(_nearest(_product(_kept(window.channels["shared"].unit, window.voices), first), first, NEAREST_SHARED))
    if window.vectors is not None:
        found.append(_nearest_vectors(window.vectors * window.voices[:, None], first))
    left = np.concatenate([pair[0] for pair in found])
    right = np.concatenate([pair[1] for pair in found])
    keys = np.unique(np.minimum(left, right) * size + np.maximum(left, right))
    return keys // size, keys % size


def _by_words(window: Texts, first: int) -> sp.csr_matrix:
    words = _product(_kept(window.channels["terms"].unit, window.voices), first)
    alone = (window.lede_terms == 0) * window.voices  # a headline has few words: parts of words help
    if not alone[first:].any():
        return words
    return sp.csr_matrix(words + 0.5 * _product(_kept(window.channels["grams"].unit, alone), first))


def _kept(unit: sp.csr_matrix, rows: Floats) -> sp.csr_matrix:
    """Return the matrix with the entries of only those rows where `rows` (n,) is not 0."""
    if rows.all():
        return unit
    held = np.diff(unit.indptr)
    entries = np.repeat(rows != 0, held)
    ends = np.concatenate([[0], np.cumsum(np.where(rows != 0, held, 0))])
    return sp.csr_matrix((unit.data[entries], unit.indices[entries], ends), shape=unit.shape)


def _product(unit: sp.csr_matrix, first: int) -> sp.csr_matrix:
    """Return the likeness (new, size) of the rows from `first` on to all rows, by terms that are not too common."""
    limit = min(max(COMMON_LEAST, COMMON * unit.shape[0]), COMMON_MOST)
    found_in = np.bincount(unit.indices, minlength=COLUMNS)
    rare = found_in[unit.indices] <= limit
    kept = np.concatenate([[0], np.cumsum(rare)])[unit.indptr]
    pruned = sp.csr_matrix((unit.data[rare], unit.indices[rare], kept), shape=unit.shape)
    return sp.csr_matrix(pruned[first:] @ pruned.T)


def _nearest(likeness: sp.csr_matrix, first: int, most: int) -> Pairs:
    """Return (new row, other row) of the `most` best of each row; of equals, the earlier ones."""
    rows = np.repeat(np.arange(likeness.shape[0]), np.diff(likeness.indptr))
    enough = (likeness.data >= LEAST) & (likeness.indices != rows + first)
    rows, others, values = rows[enough], likeness.indices[enough].astype(np.int64), likeness.data[enough]
    best_first = np.lexsort((others, -values, rows))
    rows, others = rows[best_first], others[best_first]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    taken = rank < most
    return rows[taken].astype(np.int64) + first, others[taken]


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
