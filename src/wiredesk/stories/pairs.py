"""What two articles have in common, as numbers that a small learned model judges."""

from __future__ import annotations

import numpy as np

from wiredesk.stories import loops
from wiredesk.stories.loops import SHARED, WORDS, Floats, Index
from wiredesk.stories.vectors import NEAREST, Texts

NAMES = (
    "words",  # cosine of headline and lede
    "headline words",  # cosine of the headlines
    "character n-grams",  # cosine of the headlines
    "names",  # cosine
    "concepts and spellings",  # cosine: crosses languages
    "rarest headline word",  # rarity of the rarest word in both headlines
    "heaviest word",  # largest part of the cosine of words
    "words in both headlines",  # number
    "rarity in both headlines",  # sum
    "rest of the shorter headline",  # rarity that the other one lacks
    "part of the shorter text",
    "headline in the other text",  # share of a headline's rarity in the other's headline and lede, the lower one
    "numbers in both",  # number
    "names in both headlines",  # number
    "names in conflict",  # names of the headline with fewer that the other one lacks
    "news in both headlines",  # sum of how new the words in both are
    "newest headline word",  # how new the newest of these is
    "places",  # cosine
    "concepts",  # cosine
    "spellings",  # cosine
    "places in both",  # number
    "places in conflict",  # number, where both have some and share none
    "spellings in conflict",  # of the article with fewer, those that the other one lacks
    "figures",  # 1 where both have some and share one, -1 where they share none
    "half days apart",  # rounded up
    "one language",
    "shorter headline",  # stems
    "longer headline",
    "longer lede",  # log(1 + stems)
    "one provider",
    "words, less the nearer's",  # than the likeness of the nearest article of its day to either, the higher one
    "words, less the lonelier's",  # ... the lower one
    "concepts and spellings, less the nearer's",
    "concepts and spellings, less the lonelier's",
)
WITH_VECTORS = (*NAMES, "embedding", "embedding, less the nearer's", "embedding, less the lonelier's")  # cosines
SHARED_WORDS = 6  # named as the reason of a join
SIEVE = ("words", "concepts and spellings", "character n-grams", "shorter lede", "one language")  # cheap ones


def glimpse(window: Texts, left: Index, right: Index) -> Floats:
    """Return an array (pairs, features) in the order of NAMES, or of WITH_VECTORS where the texts have embeddings.

    Only what is cheap and tells most is filled in: enough to see that most pairs are hopeless.
    """
    names = NAMES if window.vectors is None else WITH_VECTORS
    found = np.empty((len(left), len(names)), dtype=np.float32)
    loops.likeness(*window.terms[:6], left, right, found)
    column = {name: found[:, at] for at, name in enumerate(names)}
    column["one language"][:] = window.languages[left] == window.languages[right]
    return found


def features(window: Texts, left: Index, right: Index, seen: Floats | None = None) -> Floats:
    """Return an array (pairs, features) with everything.

    Args:
        seen: What `glimpse` gave for these pairs, where it was asked; filled up in place.
    """
    found = glimpse(window, left, right) if seen is None else seen
    loops.in_common(*window.terms[:5], left, right, found)
    column = {name: found[:, at] for at, name in enumerate(NAMES if window.vectors is None else WITH_VECTORS)}
    column["half days apart"][:] = np.ceil(np.abs(window.hours[left] - window.hours[right]) / 12)
    column["shorter headline"][:] = np.minimum(window.title_terms[left], window.title_terms[right])
    column["longer headline"][:] = np.maximum(window.title_terms[left], window.title_terms[right])
    column["longer lede"][:] = np.log1p(np.maximum(window.lede_terms[left], window.lede_terms[right]))
    column["one provider"][:] = window.providers[left] == window.providers[right]
    if window.vectors is not None:
        column["embedding"][:] = np.einsum("ij,ij->i", window.vectors[left], window.vectors[right])
    for label, nearest in zip(NEAREST, window.nearest.T, strict=False):  # no embeddings, no likeness by them
        one, other = nearest[left], nearest[right]
        column[f"{label}, less the nearer's"][:] = column[label] - np.maximum(one, other)
        column[f"{label}, less the lonelier's"][:] = column[label] - np.minimum(one, other)
    return found


def sieve_features(window: Texts, left: Index, right: Index, seen: Floats) -> Floats:
    """Return an array (pairs, features) in the order of SIEVE; `seen` is what `glimpse` gave for these pairs."""
    shorter = np.log1p(np.minimum(window.lede_terms[left], window.lede_terms[right]))
    return np.stack([seen[:, NAMES.index(name)] if name in NAMES else shorter for name in SIEVE], axis=1)


def shared(window: Texts, left: Index, right: Index) -> list[tuple[str, ...]]:
    """Return the words that bear most of the likeness of each pair; where there are none, what crosses languages."""
    found = np.empty((len(left), SHARED_WORDS), dtype=np.int16)
    crossing = np.empty_like(found)
    terms = window.terms
    for kind, places in ((WORDS, found), (SHARED, crossing)):
        loops.heaviest(terms.starts, terms.columns, terms.unit, terms.source, kind, left, right, places)
    told = []
    for row, words, others in zip(left.tolist(), found.tolist(), crossing.tolist(), strict=True):
        if words[0] >= 0:
            held = window.signals[row].terms[0]
            told.append(tuple([held[place] for place in words if place >= 0]))
        else:
            held = window.signals[row].shared[0]
            told.append(tuple([held[place].lstrip("#~≈=") for place in others if place >= 0]))
    return told
