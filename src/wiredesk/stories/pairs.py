"""What two articles have in common, as numbers that a small learned model judges."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from wiredesk.stories.vectors import Channel, Floats, Texts

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
    "part of the shorter headline",  # share of its rarity that the other one holds
    "rest of the shorter headline",  # rarity that the other one lacks
    "part of the shorter text",
    "headline in the other text, less",  # share of a headline's rarity in the other's headline and lede ...
    "headline in the other text, more",  # ... the lower and the higher one of the two
    "numbers in both",  # number
    "numbers in conflict",  # number, where both have some and share none
    "names in both headlines",  # number
    "names in conflict",  # names of the headline with fewer that the other one lacks
    "part of the fewer names",
    "half days apart",  # rounded up
    "one language",
    "shorter headline",  # stems
    "longer headline",
    "shorter lede",  # log(1 + stems)
    "longer lede",
    "one provider",
    "part of the fewer concepts",
)
WITH_VECTORS = (*NAMES, "embedding")  # cosine
SIEVE = ("words", "concepts and spellings", "character n-grams", "shorter lede", "one language")  # cheap ones
_STEP = 20_000  # pairs at a time: bounded memory
_TINY = 1e-6

Index = NDArray[np.int64]


def features(window: Texts, left: Index, right: Index) -> Floats:
    """Return an array (pairs, features) in the order of NAMES, or of WITH_VECTORS where the texts have embeddings."""
    width = len(NAMES if window.vectors is None else WITH_VECTORS)
    found = np.empty((len(left), width), dtype=np.float32)
    for at in range(0, len(left), _STEP):
        found[at : at + _STEP] = _block(window, left[at : at + _STEP], right[at : at + _STEP])
    return found


def sieve_features(window: Texts, left: Index, right: Index) -> Floats:
    """Return an array (pairs, features) in the order of SIEVE: enough to see that most pairs are hopeless."""
    found = np.empty((len(left), len(SIEVE)), dtype=np.float32)
    for at in range(0, len(left), _STEP):
        one, other = left[at : at + _STEP], right[at : at + _STEP]
        found[at : at + _STEP] = np.stack(
            [
                _cosine(window.channels["terms"], one, other),
                _cosine(window.channels["shared"], one, other),
                _cosine(window.channels["grams"], one, other),
                np.log1p(np.minimum(window.lede_terms[one], window.lede_terms[other])),
                window.languages[one] == window.languages[other],
            ],
            axis=1,
        )
    return found


def _block(texts: Texts, left: Index, right: Index) -> Floats:
    words, title, grams, names, shared = (
        texts.channels[name] for name in ("terms", "title", "grams", "names", "shared")
    )
    word_products = _products(words.unit, left, words.unit, right)
    title_products = _products(title.root, left, title.root, right)
    in_both = _sum(title_products)
    fewer = np.minimum(title.mass[left], title.mass[right])
    one = _sum(_products(title.root, left, words.root, right)) / np.maximum(title.mass[left], _TINY)
    other = _sum(_products(title.root, right, words.root, left)) / np.maximum(title.mass[right], _TINY)
    numbers = _sum(_products(texts.numbers, left, texts.numbers, right))
    held = np.diff(texts.numbers.indptr)
    named = _sum(_products(texts.title_names, left, texts.title_names, right))
    title_names = np.diff(texts.title_names.indptr)
    columns = [
        _sum(word_products),
        _cosine(title, left, right),
        _cosine(grams, left, right),
        _cosine(names, left, right),
        _cosine(shared, left, right),
        _largest(title_products),
        _largest(word_products),
        np.diff(title_products.indptr),
        in_both,
        in_both / np.maximum(fewer, _TINY),
        fewer - in_both,
        _part(words, left, right),
        np.minimum(one, other),
        np.maximum(one, other),
        numbers,
        np.where(numbers == 0, np.minimum(held[left], held[right]), 0),
        named,
        np.minimum(title_names[left], title_names[right]) - named,
        _part(names, left, right),
        np.ceil(np.abs(texts.hours[left] - texts.hours[right]) / 12),
        texts.languages[left] == texts.languages[right],
        np.minimum(texts.title_terms[left], texts.title_terms[right]),
        np.maximum(texts.title_terms[left], texts.title_terms[right]),
        np.log1p(np.minimum(texts.lede_terms[left], texts.lede_terms[right])),
        np.log1p(np.maximum(texts.lede_terms[left], texts.lede_terms[right])),
        texts.providers[left] == texts.providers[right],
        _part(shared, left, right),
    ]
    if texts.vectors is not None:
        columns.append(np.einsum("ij,ij->i", texts.vectors[left], texts.vectors[right]))
    return np.stack(columns, axis=1).astype(np.float32)


def _products(one: sp.csr_matrix, left: Index, other: sp.csr_matrix, right: Index) -> sp.csr_matrix:
    return sp.csr_matrix(one[left].multiply(other[right]))


def _sum(products: sp.csr_matrix) -> Floats:
    running = np.concatenate([[0.0], np.cumsum(products.data, dtype=np.float64)])
    return np.asarray(running[products.indptr[1:]] - running[products.indptr[:-1]], dtype=np.float32)


def _largest(products: sp.csr_matrix) -> Floats:
    found = np.zeros(products.shape[0], dtype=np.float32)
    some = np.diff(products.indptr) > 0
    if some.any():
        found[some] = np.maximum.reduceat(products.data, products.indptr[:-1][some])
    return found


def _cosine(channel: Channel, left: Index, right: Index) -> Floats:
    return _sum(_products(channel.unit, left, channel.unit, right))


def _part(channel: Channel, left: Index, right: Index) -> Floats:
    """Return the share (0-1) of the rarity of the lighter article that both have."""
    both = _sum(_products(channel.root, left, channel.root, right))
    return np.asarray(both / np.maximum(np.minimum(channel.mass[left], channel.mass[right]), _TINY))
