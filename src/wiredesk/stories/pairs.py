"""What two articles have in common, as numbers that a small learned model judges."""

from __future__ import annotations

import numpy as np

from wiredesk.stories.compiled import compiled
from wiredesk.stories.vectors import Channel, Floats, Index, Rows, Texts

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
_TINY = 1e-6


def features(window: Texts, left: Index, right: Index) -> Floats:
    """Return an array (pairs, features) in the order of NAMES, or of WITH_VECTORS where the texts have embeddings."""
    names = NAMES if window.vectors is None else WITH_VECTORS
    found = np.empty((len(left), len(names)), dtype=np.float32)
    words, title, grams, named, shared = (
        window.channels[name] for name in ("terms", "title", "grams", "names", "shared")
    )
    _of_terms(words, title, grams, named, shared, window.numbers, window.title_names, left, right, found)
    column = {name: found[:, at] for at, name in enumerate(names)}
    column["half days apart"][:] = np.ceil(np.abs(window.hours[left] - window.hours[right]) / 12)
    column["one language"][:] = window.languages[left] == window.languages[right]
    column["shorter headline"][:] = np.minimum(window.title_terms[left], window.title_terms[right])
    column["longer headline"][:] = np.maximum(window.title_terms[left], window.title_terms[right])
    column["shorter lede"][:] = np.log1p(np.minimum(window.lede_terms[left], window.lede_terms[right]))
    column["longer lede"][:] = np.log1p(np.maximum(window.lede_terms[left], window.lede_terms[right]))
    column["one provider"][:] = window.providers[left] == window.providers[right]
    if window.vectors is not None:
        column["embedding"][:] = np.einsum("ij,ij->i", window.vectors[left], window.vectors[right])
    return found


def sieve_features(window: Texts, left: Index, right: Index) -> Floats:
    """Return an array (pairs, features) in the order of SIEVE: enough to see that most pairs are hopeless."""
    found = np.empty((len(left), len(SIEVE)), dtype=np.float32)
    for at, name in enumerate(("terms", "shared", "grams")):
        _cosines(window.channels[name], left, right, found[:, at])
    found[:, 3] = np.log1p(np.minimum(window.lede_terms[left], window.lede_terms[right]))
    found[:, 4] = window.languages[left] == window.languages[right]
    return found


@compiled
def _of_terms(
    words: Channel,
    title: Channel,
    grams: Channel,
    names: Channel,
    shared: Channel,
    numbers: Rows,
    title_names: Rows,
    left: Index,
    right: Index,
    found: Floats,
) -> None:
    """Fill in what pairs have in common by terms, in the order of NAMES."""
    for at in range(len(left)):
        i, j = left[at], right[at]
        row = found[at]
        row[0], row[6], common, _, _ = _meet(words, i, words, j)
        row[11] = common / max(min(words.mass[i], words.mass[j]), _TINY)
        row[1], _, row[8], row[5], row[7] = _meet(title, i, title, j)
        fewer = min(title.mass[i], title.mass[j])
        row[9] = row[8] / max(fewer, _TINY)
        row[10] = fewer - row[8]
        one = _meet(title, i, words, j)[2] / max(title.mass[i], _TINY)
        other = _meet(title, j, words, i)[2] / max(title.mass[j], _TINY)
        row[12], row[13] = min(one, other), max(one, other)
        row[2] = _meet(grams, i, grams, j)[0]
        row[3], _, common, _, _ = _meet(names, i, names, j)
        row[18] = common / max(min(names.mass[i], names.mass[j]), _TINY)
        row[4], _, common, _, _ = _meet(shared, i, shared, j)
        row[26] = common / max(min(shared.mass[i], shared.mass[j]), _TINY)
        row[14] = _in_both(numbers, i, j)
        row[15] = 0 if row[14] else min(_held(numbers, i), _held(numbers, j))
        row[16] = _in_both(title_names, i, j)
        row[17] = min(_held(title_names, i), _held(title_names, j)) - row[16]


@compiled
def _cosines(channel: Channel, left: Index, right: Index, found: Floats) -> None:
    for at in range(len(left)):
        found[at] = _meet(channel, left[at], channel, right[at])[0]


@compiled
def _meet(one: Channel, i: int, other: Channel, j: int) -> tuple[float, float, float, float, int]:
    """Return of the terms that two rows share: sum and largest of the products, of rarity, and how many they are."""
    at, end = one.starts[i], one.starts[i + 1]
    to, last = other.starts[j], other.starts[j + 1]
    cosine = heaviest = rarity = rarest = 0.0
    count = 0
    while at < end and to < last:
        if one.columns[at] < other.columns[to]:
            at += 1
        elif one.columns[at] > other.columns[to]:
            to += 1
        else:
            product = one.unit[at] * other.unit[to]
            rare = one.root[at] * other.root[to]
            cosine += product
            rarity += rare
            heaviest = max(heaviest, product)
            rarest = max(rarest, rare)
            count += 1
            at += 1
            to += 1
    return cosine, heaviest, rarity, rarest, count


@compiled
def _in_both(held: Rows, i: int, j: int) -> int:
    at, to, count = held.starts[i], held.starts[j], 0
    while at < held.starts[i + 1] and to < held.starts[j + 1]:
        if held.columns[at] < held.columns[to]:
            at += 1
        elif held.columns[at] > held.columns[to]:
            to += 1
        else:
            count += 1
            at += 1
            to += 1
    return count


@compiled
def _held(held: Rows, row: int) -> int:
    return int(held.starts[row + 1] - held.starts[row])
