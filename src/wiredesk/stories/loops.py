"""Loops that numpy has no function for, as machine code.

Merging two short sorted lists, following an index, walking trees: in Python each costs a hundred times as much.  The
code is compiled when a function is first called (some ten seconds in all, once an installation) and kept in
`__pycache__`, or in the user's cache folder where that one can't be written.  numba looks at the age of this file alone
to see whether what it kept is still true.  So all loops stand here, with the constants that they build on, and they are
given nothing but numbers and arrays (decision 24).

Articles lie behind each other in compressed rows: the terms of kind k of article i stand from starts[i * KINDS + k] to
starts[i * KINDS + k + 1] in `columns` (ascending within a kind), and so do their weights.  Where a loop looks at one
kind alone, its rows are those of the articles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

COLUMNS = 1 << 20  # hashed terms; a window holds some 10**5, so few share a column
# The kinds of terms: of headline and lede, stems of the headline, names, what needs no language, character n-grams of
# the headline, numbers, names in the headline, and stems of the headline again, weighed by how new they are.
WORDS, TITLE, NAMED, SHARED, GRAMS, NUMBERS, TITLE_NAMES, NEWS = range(8)
KINDS = 8
WEIGHED = 5  # the first so many are weighed by rarity
# What needs no language is of four sorts, each with a quarter of the columns.
PLACES, CONCEPTS, SPELLINGS, FIGURES = range(4)
SORTS = 4
SORT = COLUMNS // SORTS
GRAM = 4  # characters
IN_HEADLINE = 1.0  # weight from which a name stands in the headline

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Index = NDArray[np.int64]
Columns = NDArray[np.int32]
Places = NDArray[np.uint32]  # unsigned: for each signed one numba asks whether it counts from the end
Flags = NDArray[np.bool_]
_TINY = 1e-6
_TOGETHER = 64  # rows of which a question is asked at once
_SLOTS = 2048  # of a table of the terms of a row: some 60 of them, so that two seldom meet

Function = TypeVar("Function", bound=Callable[..., object])


def _compiled(function: Function) -> Function:
    """Return `function` compiled on its first call.

    Arithmetic stays as written (no `fastmath`): the same input gives the same bytes everywhere.
    """
    try:
        return cast(Function, numba.njit(cache=True)(function))
    except RuntimeError:  # no folder that can be written: compiled anew in each process
        return cast(Function, numba.njit(function))


# Terms

_CRC: NDArray[np.uint32] = np.arange(256, dtype=np.uint32)  # what a byte does to a CRC-32, by its usual polynomial
for _ in range(8):
    _CRC = (_CRC >> 1 ^ 0xEDB88320 * (_CRC & 1)).astype(np.uint32)


@_compiled
def hashes(text: NDArray[np.uint8], size: int) -> NDArray[np.uint32]:
    """Return the CRC-32 (as of zlib) of each of `size` lines of a text, which all end with a line break."""
    found, at = np.empty(size, np.uint32), 0
    for line in range(size):
        crc = np.uint32(0xFFFFFFFF)
        while text[at] != 10:
            crc = _CRC[(crc ^ text[at]) & np.uint32(255)] ^ (crc >> np.uint32(8))
            at += 1
        found[line] = ~crc
        at += 1
    return found


@_compiled
def columns_of(text: NDArray[np.uint8], hashed: NDArray[np.uint32]) -> Columns:
    """Return the column of each line of a text: by its hash and, if it needs no language, by the sort it begins with.

    Places begin with "#p:", figures with "=" or "#n:", spellings with "~" or "≈", other concepts with "#".
    """
    found, at = np.empty(len(hashed), np.int32), 0
    for line in range(len(hashed)):
        sort, first = -1, text[at]
        if first == ord("#"):
            second = text[at + 1] if text[at + 2] == ord(":") else 0
            sort = PLACES if second == ord("p") else FIGURES if second == ord("n") else CONCEPTS
        elif first == ord("="):
            sort = FIGURES
        elif first == ord("~") or (first == 0xE2 and text[at + 1] == 0x89 and text[at + 2] == 0x88):  # ≈ in UTF-8
            sort = SPELLINGS
        number = np.int64(hashed[line])
        found[line] = number & (COLUMNS - 1) if sort < 0 else sort * SORT + (number & (SORT - 1))
        while text[at] != 10:
            at += 1
        at += 1
    return found


@_compiled
def laid_out(
    given: Index, starts: Index, columns: Columns, weights: Floats, lines: Index, letters: NDArray[np.uint32]
) -> tuple[Index, Columns, Floats, NDArray[np.int16]]:
    """Return the terms of articles in compressed rows, sorted by column; what stands in one column is added up.

    Args:
        given: Kinds that come as columns.
        starts: (n * len(given) + 1,) where they start.
        lines: (n + 1,) where the headlines start in `letters` (code points): their n-grams are made here.

    Returns:
        Where rows start, columns, weights, and at which place of what was given a term stood.
    """
    size, kinds = len(lines) - 1, len(given)
    begin, to = np.zeros(size * KINDS + 1, np.int64), 0
    most = 2 * len(columns) + len(letters) + 2 * size
    made, weight, source = np.empty(most, np.int32), np.empty(most, np.float32), np.empty(most, np.int16)
    for article in range(size):
        for kind in range(KINDS):
            row = article * KINDS + kind
            if kind == GRAMS:
                first, last = lines[article] - 1, lines[article + 1] + 1 - GRAM + 1
                for at in range(first, last):
                    key = np.int64(0)
                    for letter in range(at, at + GRAM):
                        inside = lines[article] <= letter < lines[article + 1]
                        key = key * 0x01000193 + (np.int64(letters[letter]) if inside else np.int64(32))
                    key ^= key >> 23
                    to = insert(made, weight, source, begin[row], to, int((key ^ (key >> 11)) & (COLUMNS - 1)), 1.0, 0)
            else:
                wanted = NAMED if kind == TITLE_NAMES else TITLE if kind == NEWS else kind
                for place_ in range(kinds):
                    if given[place_] == wanted:
                        first = starts[article * kinds + place_]
                        for at in range(first, starts[article * kinds + place_ + 1]):
                            if kind != TITLE_NAMES:
                                to = insert(made, weight, source, begin[row], to, columns[at], weights[at], at - first)
                            elif weights[at] >= IN_HEADLINE:
                                to = insert(made, weight, source, begin[row], to, columns[at], 1.0, at - first)
            begin[row + 1] = to
    return begin, made[:to].copy(), weight[:to].copy(), source[:to].copy()


@_compiled
def insert(
    columns: Columns,
    weights: Floats,
    source: NDArray[np.int16],
    first: int,
    end: int,
    column: int,
    weight: float,
    place_: int,
) -> int:
    """Put a term into a row that stands from `first` to `end`; return its new end."""
    to = end
    while to > first and columns[to - 1] > column:
        to -= 1
    if to > first and columns[to - 1] == column:
        weights[to - 1] += weight
        return end
    for later in range(end, to, -1):
        columns[later], weights[later], source[later] = columns[later - 1], weights[later - 1], source[later - 1]
    columns[to], weights[to], source[to] = column, weight, place_
    return end + 1


@_compiled
def equal_ones(starts: Index, terms: Index, begins: Index, others: Index, left: Index, right: Index) -> Index:
    """Return for each pair of a row of `terms` and one of `others` how often a term of both is equal."""
    found = np.zeros(len(left), np.int64)
    for pair in range(len(left)):
        for at in range(starts[left[pair]], starts[left[pair] + 1]):
            for to in range(begins[right[pair]], begins[right[pair] + 1]):
                found[pair] += terms[at] == others[to]
    return found


@_compiled
def count(starts: Index, columns: Columns, times: int, found_in: NDArray[np.int32]) -> None:
    """Add to `found_in` (WEIGHED, columns), `times` each, the articles that hold a term."""
    for article in range(len(starts) // KINDS):
        for kind in range(WEIGHED):
            for at in range(starts[article * KINDS + kind], starts[article * KINDS + kind + 1]):
                found_in[kind, columns[at]] += times


@_compiled
def taken(
    starts: Index, columns: Columns, unit: Floats, root: Floats, source: NDArray[np.int16], rows: Index
) -> tuple[Index, Columns, Floats, Floats, NDArray[np.int16]]:
    """Return the terms of some articles, in the order of `rows`."""
    begin = np.zeros(len(rows) * KINDS + 1, np.int64)
    for to, row in enumerate(rows):
        for kind in range(KINDS):
            held = starts[row * KINDS + kind + 1] - starts[row * KINDS + kind]
            begin[to * KINDS + kind + 1] = begin[to * KINDS + kind] + held
    size = begin[len(rows) * KINDS]
    new_columns, new_source = np.empty(size, np.int32), np.empty(size, np.int16)
    new_unit, new_root = np.empty(size, np.float32), np.empty(size, np.float32)
    for to, row in enumerate(rows):
        there = starts[row * KINDS] - begin[to * KINDS]
        for at in range(begin[to * KINDS], begin[(to + 1) * KINDS]):
            new_columns[at], new_unit[at], new_root[at] = columns[there + at], unit[there + at], root[there + at]
            new_source[at] = source[there + at]
    return begin, new_columns, new_unit, new_root, new_source


@_compiled
def numbered(
    starts: Index, columns: Columns, unit: Floats, kind: int, known: NDArray[np.int32]
) -> tuple[Index, Columns, Floats, int]:
    """Return the terms of one kind as rows of articles, numbered without gaps; `known` (columns) holds zeros."""
    size = len(starts) // KINDS
    begin, numbers = np.zeros(size + 1, np.int64), 0
    for article in range(size):
        held = starts[article * KINDS + kind + 1] - starts[article * KINDS + kind]
        begin[article + 1] = begin[article] + held
    terms, values = np.empty(begin[size], np.int32), np.empty(begin[size], np.float32)
    for article in range(size):
        there = starts[article * KINDS + kind]
        for here in range(begin[article], begin[article + 1]):
            column = columns[there + here - begin[article]]
            if known[column] == 0:
                numbers += 1
                known[column] = numbers
            terms[here] = known[column] - 1
            values[here] = unit[there + here - begin[article]]
    return begin, terms, values, numbers


# Candidates


@_compiled
def indexed(starts: Index, terms: Columns, values: Floats, wanted: Flags, size: int, limit: float) -> tuple[
    Index, Columns, Floats, Index, Columns, Floats
]:  # fmt: skip
    """Return an index of the wanted rows by those of `size` terms that at most `limit` of them hold, both ways.

    Returns:
        Of each row: where its terms start, the terms, their values; of each term: where its rows start, the rows,
        ascending, the values there.
    """
    held = np.zeros(size, np.int64)
    for row in range(len(wanted)):
        if wanted[row]:
            for at in range(starts[row], starts[row + 1]):
                held[terms[at]] += 1
    begins = np.zeros(size + 1, np.int64)
    for term in range(size):
        begins[term + 1] = begins[term] + (held[term] if held[term] <= limit else 0)
    entries = begins[size]
    kept_terms, kept_values = np.empty(entries, np.int32), np.empty(entries, np.float32)
    rows, weights = np.empty(entries, np.int32), np.empty(entries, np.float32)
    kept, free, to = np.zeros(len(wanted) + 1, np.int64), begins[:size].copy(), 0
    for row in range(len(wanted)):
        if wanted[row]:
            for at in range(starts[row], starts[row + 1]):
                term = terms[at]
                if held[term] <= limit:
                    kept_terms[to], kept_values[to] = term, values[at]
                    to += 1
                    rows[free[term]], weights[free[term]] = row, values[at]
                    free[term] += 1
        kept[row + 1] = to
    return kept, kept_terms, kept_values, begins, rows, weights


@_compiled
def add_likeness(
    row: int,
    factor: float,
    starts: Index,
    terms: Columns,
    values: Floats,
    begins: Index,
    rows: Columns,
    weights: Floats,
    likeness: Floats,
    touched: Index,
    touches: int,
) -> int:
    """Add what an index says of one row to `likeness` (n,); return how many rows are `touched` by now."""
    for at in range(starts[row], starts[row + 1]):
        value, term = values[at] * factor, terms[at]
        for place in range(begins[term], begins[term + 1]):
            other, more = np.uint32(rows[place]), value * weights[place]
            touched[touches] = other  # stays if the row is new: a branch here is guessed wrong too often
            touches += (likeness[other] == 0) & (more != 0)
            likeness[other] += more
    return touches


@_compiled
def likest(row: int, likeness: Floats, touched: Index, touches: int, least: float, best: Index) -> int:
    """Put the likest of the touched rows into `best`, of equals the earlier ones; return how many, and clear all."""
    found = 0
    for at in range(touches):
        other = touched[at]
        value, to = likeness[other], found
        if value < least or other == row:
            continue
        while to > 0 and (likeness[best[to - 1]] < value or (likeness[best[to - 1]] == value and best[to - 1] > other)):
            to -= 1
        if to == len(best):
            continue
        found = min(found + 1, len(best))
        for later in range(found - 1, to, -1):
            best[later] = best[later - 1]
        best[to] = other
    for at in range(touches):
        likeness[touched[at]] = 0
    return found


@_compiled
def nearest(
    one: tuple[Index, Columns, Floats, Index, Columns, Floats],
    other: tuple[Index, Columns, Floats, Index, Columns, Floats],
    factor: float,
    first: int,
    most: int,
    least: float,
) -> tuple[Index, Index]:
    """Return (row, other row) of the `most` likest of each row from `first` on, by two indexes of the same rows.

    Likeness is the product of the rows in the first one, and `factor` times that in the second one.
    """
    size = len(one[0]) - 1
    likeness, touched, best = np.zeros(size, np.float32), np.empty(size + 1, np.int64), np.empty(most, np.int64)
    left, right, found = np.empty((size - first) * most, np.int64), np.empty((size - first) * most, np.int64), 0
    for row in range(first, size):
        touches = add_likeness(row, 1.0, one[0], one[1], one[2], one[3], one[4], one[5], likeness, touched, 0)
        if factor:
            touches = add_likeness(
                row, factor, other[0], other[1], other[2], other[3], other[4], other[5], likeness, touched, touches
            )
        for at in range(likest(row, likeness, touched, touches, least, best)):
            left[found], right[found] = row, best[at]
            found += 1
    return left[:found], right[:found]


# Pairs


@_compiled
def room(starts: Index, left: Index, right: Index) -> tuple[Columns, Places]:
    """Return the table and the list that `both` needs to compare the rows of these articles."""
    longest = 0
    for articles in (left, right):
        for article in articles:
            for row in range(article * KINDS, (article + 1) * KINDS):
                longest = max(longest, starts[row + 1] - starts[row])
    return np.full(_SLOTS, -1, np.int32), np.empty((longest + 1, 2), np.uint32)


@_compiled
def both(starts: Index, columns: Columns, row: int, other: int, slots: Columns, met: Places) -> int:
    """Fill in where the terms that stand in both rows stand in each; return how many they are.

    A processor guesses badly which of two sorted rows goes on next, and pays a dozen steps for each wrong guess.  So
    the first row is laid out in a small table, and the other one walked without asking: each of its terms is noted,
    over the one before unless that one's slot was taken.

    Args:
        slots: For the last bits of a column, where such a term of a row stands; what lies outside of the row is old.
        met: (terms of the longer row + 1, 2), see `room`.
    """
    first, end = starts[row], starts[row + 1]
    for at in range(first, end):
        slots[columns[at] & (_SLOTS - 1)] = at
    seen = number = 0
    for to in range(starts[other], starts[other + 1]):
        at = slots[columns[to] & (_SLOTS - 1)]
        met[seen, 1] = to
        seen += (at >= first) & (at < end)
    for which in range(seen):
        to = met[which, 1]
        at = slots[columns[to] & (_SLOTS - 1)]
        while at > first and columns[at] > columns[to]:  # a later term of the row took the slot
            at -= 1
        met[number, 0], met[number, 1] = at, to
        number += columns[at] == columns[to]
    return number


@_compiled
def products(values: Floats, met: Places, number: int) -> tuple[float, float]:
    """Return sum and largest of the products of the values of the terms that `both` found."""
    found = largest = 0.0
    for which in range(number):
        product = values[met[which, 0]] * values[met[which, 1]]
        found += product
        largest = max(largest, product)
    return found, largest


@_compiled
def sorted_out(starts: Index, columns: Columns, unit: Floats) -> Floats:
    """Return (articles, 2 * SORTS): of each sort of what needs no language, how many terms, and the length of these."""
    found = np.zeros((len(starts) // KINDS, 2 * SORTS), np.float32)
    for article in range(len(found)):
        for at in range(starts[article * KINDS + SHARED], starts[article * KINDS + SHARED + 1]):
            sort = columns[at] // SORT
            found[article, sort] += 1
            found[article, SORTS + sort] += unit[at] * unit[at]
        found[article, SORTS:] = np.sqrt(found[article, SORTS:])
    return found


@_compiled
def likeness(
    starts: Index,
    columns: Columns,
    unit: Floats,
    root: Floats,
    mass: Floats,
    sorts: Floats,
    left: Index,
    right: Index,
    found: Floats,
) -> None:
    """Fill in what pairs have in common by words, by what needs no language and by n-grams; see `pairs.NAMES`."""
    slots, met = room(starts, left, right)
    number, product = np.zeros(SORTS, np.int64), np.zeros(SORTS)
    for pair in range(len(left)):
        i, j, row = left[pair] * KINDS, right[pair] * KINDS, found[pair]
        words = both(starts, columns, i + WORDS, j + WORDS, slots, met)
        row[0], row[6] = products(unit, met, words)
        row[10] = products(root, met, words)[0] / max(min(mass[left[pair], WORDS], mass[right[pair], WORDS]), _TINY)
        row[2] = products(unit, met, both(starts, columns, i + GRAMS, j + GRAMS, slots, met))[0]
        number[:], product[:] = 0, 0.0
        for which in range(both(starts, columns, i + SHARED, j + SHARED, slots, met)):
            at, to = met[which, 0], met[which, 1]
            sort = columns[at] // SORT
            number[sort] += 1
            product[sort] += unit[at] * unit[to]
        row[4] = product.sum()
        mine, theirs = sorts[left[pair]], sorts[right[pair]]
        for sort, column in ((PLACES, 17), (CONCEPTS, 18), (SPELLINGS, 19)):
            row[column] = product[sort] / max(mine[SORTS + sort] * theirs[SORTS + sort], _TINY)
        row[20] = number[PLACES]
        row[21] = 0 if number[PLACES] else min(mine[PLACES], theirs[PLACES])
        row[22] = min(mine[SPELLINGS], theirs[SPELLINGS]) - number[SPELLINGS]
        row[23] = (1 if number[FIGURES] else -1) if mine[FIGURES] and theirs[FIGURES] else 0


@_compiled
def in_common(
    starts: Index,
    columns: Columns,
    unit: Floats,
    root: Floats,
    mass: Floats,
    left: Index,
    right: Index,
    found: Floats,
) -> None:
    """Fill in the rest of what pairs have in common by terms."""
    slots, met = room(starts, left, right)
    for pair in range(len(left)):
        i, j, row = left[pair] * KINDS, right[pair] * KINDS, found[pair]
        mine, theirs = mass[left[pair]], mass[right[pair]]
        number = both(starts, columns, i + TITLE, j + TITLE, slots, met)
        row[1], row[7] = products(unit, met, number)[0], number
        row[8], row[5] = products(root, met, number)
        for which in range(number):  # these are the same terms again
            met[which, 0] += starts[i + NEWS] - starts[i + TITLE]
            met[which, 1] += starts[j + NEWS] - starts[j + TITLE]
        row[15], row[16] = products(root, met, number)
        row[9] = min(mine[TITLE], theirs[TITLE]) - row[8]
        one = products(root, met, both(starts, columns, i + TITLE, j + WORDS, slots, met))[0] / max(mine[TITLE], _TINY)
        other = products(root, met, both(starts, columns, j + TITLE, i + WORDS, slots, met))[0]
        row[11] = min(one, other / max(theirs[TITLE], _TINY))
        row[3] = products(unit, met, both(starts, columns, i + NAMED, j + NAMED, slots, met))[0]
        row[12] = both(starts, columns, i + NUMBERS, j + NUMBERS, slots, met)
        row[13] = both(starts, columns, i + TITLE_NAMES, j + TITLE_NAMES, slots, met)
        row[14] = min(mine[TITLE_NAMES], theirs[TITLE_NAMES]) - row[13]


@_compiled
def heaviest(
    starts: Index,
    columns: Columns,
    unit: Floats,
    source: NDArray[np.int16],
    kind: int,
    left: Index,
    right: Index,
    found: NDArray[np.int16],
) -> None:
    """Fill in, for each pair, where the terms of one kind that bear most of its likeness stood in the left one.

    Args:
        found: (pairs, most), -1 where there are fewer.
    """
    most = found.shape[1]
    products = np.empty(most, np.float32)
    for pair in range(len(left)):
        at, end = starts[left[pair] * KINDS + kind], starts[left[pair] * KINDS + kind + 1]
        to, last = starts[right[pair] * KINDS + kind], starts[right[pair] * KINDS + kind + 1]
        held = 0
        for place_ in range(most):
            found[pair, place_] = -1
        while at < end and to < last:
            here, there = columns[at], columns[to]
            product = unit[at] * unit[to]
            if here == there and product > 0 and (held < most or product > products[held - 1]):
                place_ = min(held, most - 1)
                while place_ > 0 and products[place_ - 1] < product:
                    products[place_], found[pair, place_] = products[place_ - 1], found[pair, place_ - 1]
                    place_ -= 1
                products[place_], found[pair, place_] = product, source[at]
                held = min(held + 1, most)
            at += here <= there
            to += there <= here


# Trees


@_compiled
def leaves_of(columns: NDArray[np.intp], borders: Floats, leaves: Floats, rows: Floats, total: Floats) -> None:
    """Add up, for each of `rows` (n, features), the leaves of trees in which each level asks one question of all."""
    trees, depth = columns.shape
    block = np.zeros((rows.shape[1], _TOGETHER), np.float32)
    leaf, found = np.empty(_TOGETHER, np.uint32), np.empty(_TOGETHER, np.float32)
    for begin in range(0, len(rows), _TOGETHER):
        size = min(_TOGETHER, len(rows) - begin)
        for at in range(size):
            for column in range(rows.shape[1]):
                block[column, at] = rows[begin + at, column]
        for at in range(_TOGETHER):
            found[at] = 0
        for tree in range(trees):
            for at in range(_TOGETHER):
                leaf[at] = 0
            for level in range(depth):
                column, border = columns[tree, level], borders[tree, level]
                for at in range(_TOGETHER):  # many rows in a few steps of the processor
                    leaf[at] |= np.uint32(block[column, at] > border) << np.uint32(level)
            for at in range(_TOGETHER):
                found[at] += leaves[tree, leaf[at]]
        for at in range(size):
            total[begin + at] = found[at]


# Judgements that are remembered: a table with open addressing, of which at most half is taken


@_compiled
def slot(keys: Index, key: int) -> int:
    """Return where a key stands in the table, or where it would: `keys` (a power of two) holds -1 where it is free."""
    at = (key ^ (key >> 29)) * 0x9E3779B1 & (len(keys) - 1)
    while keys[at] != key and keys[at] != -1:
        at = (at + 1) & (len(keys) - 1)
    return at


@_compiled
def remembered(keys: Index, values: Floats, wanted: Index) -> Floats:
    """Return the values of the wanted keys, NaN for those that are not in the table."""
    found = np.empty(len(wanted), np.float32)
    for at, key in enumerate(wanted):
        place_ = slot(keys, key)
        found[at] = values[place_] if keys[place_] == key else np.nan
    return found


@_compiled
def remember(keys: Index, values: Floats, new: Index, said: Floats) -> int:
    """Put values into the table; return how many keys it did not hold before."""
    more = 0
    for at, key in enumerate(new):
        place_ = slot(keys, key)
        more += keys[place_] == -1
        keys[place_], values[place_] = key, said[at]
    return more


# Groups


@_compiled
def mutual(one: Index, other: Index, values: Floats, threshold: float, size: int) -> Index:
    """Return the positions of the pairs that are each other's best, from `threshold` on; no group in two of them."""
    best, found, to = np.zeros(size, np.int64), np.empty(len(one), np.int64), 0  # best: a position, counted from 1
    for at in range(len(one)):
        if values[at] >= threshold:
            for end in (one[at], other[at]):
                rival = best[end] - 1
                earlier = one[at] < one[rival] or (one[at] == one[rival] and other[at] < other[rival])
                if rival < 0 or values[at] > values[rival] or (values[at] == values[rival] and earlier):
                    best[end] = at + 1
    for at in range(len(one)):
        if best[one[at]] == at + 1 and best[other[at]] == at + 1:
            found[to] = at
            to += 1
    return found[:to]


@_compiled
def touched(one: Index, other: Index, target: Index, grown: Flags) -> tuple[Index, Index]:
    """Return the positions of pairs of groups of which none has grown, and of the others, unless both became one.

    Args:
        target: (n,) what each group became.
    """
    still, moved = np.empty(len(one), np.int64), np.empty(len(one), np.int64)
    kept = found = 0
    for at in range(len(one)):
        low, high = target[one[at]], target[other[at]]
        if low != high:
            if grown[low] or grown[high]:
                moved[found] = at
                found += 1
            else:
                still[kept] = at
                kept += 1
    return still[:kept], moved[:found]


@_compiled
def rivals(
    one: Index, other: Index, total: Doubles, best: Floats, size: Doubles, wanted: Index
) -> tuple[Doubles, Doubles]:
    """Return for the wanted pairs of groups the most that one of the two has in another pair, 0 without any.

    Args:
        total: Sum of the links of each pair.
        best: (pairs, 3) the strongest of them.
        size: (n,) articles of each group.

    Returns:
        Sum of the links for each article of the smaller group; strongest link.
    """
    links, strongest = np.zeros((2, len(size))), np.zeros((2, len(size)))  # of each group the best and the second best
    for at in range(len(one)):
        mean, first = total[at] / min(size[one[at]], size[other[at]]), float(best[at, 0])
        for end in (one[at], other[at]):
            rank(links, end, mean)
            rank(strongest, end, first)
    found, most = np.empty(len(wanted)), np.empty(len(wanted))
    for to, at in enumerate(wanted):
        mean, first = total[at] / min(size[one[at]], size[other[at]]), float(best[at, 0])
        found[to] = max(second(links, one[at], mean), second(links, other[at], mean))
        most[to] = max(second(strongest, one[at], first), second(strongest, other[at], first))
    return found, most


@_compiled
def rank(ranked: Doubles, group: int, value: float) -> None:
    """Take a value into the two best of a group."""
    if value > ranked[0, group]:
        ranked[0, group], ranked[1, group] = value, ranked[0, group]
    elif value > ranked[1, group]:
        ranked[1, group] = value


@_compiled
def second(ranked: Doubles, group: int, value: float) -> float:
    """Return the best of a group but for this value."""
    found: float = ranked[1, group] if value == ranked[0, group] else ranked[0, group]
    return found


@_compiled
def collapse(one: Index, other: Index, best: Floats, total: Doubles, number: Index) -> int:
    """Make edges that stand between the same two groups one, in place; they are sorted by their ends.

    Args:
        best: (edges, 3) the strongest links of each, descending.
        total: Sum of their links, which are `number`.

    Returns:
        How many edges are left, at the beginning of the arrays.
    """
    to = -1
    for at in range(len(one)):
        if to >= 0 and one[to] == one[at] and other[to] == other[at]:
            total[to] += total[at]
            number[to] += number[at]
            for rank in range(best.shape[1]):
                more = best[at, rank]
                if more > best[to, 0]:
                    best[to, 0], best[to, 1], best[to, 2] = more, best[to, 0], best[to, 1]
                elif more > best[to, 1]:
                    best[to, 1], best[to, 2] = more, best[to, 1]
                elif more > best[to, 2]:
                    best[to, 2] = more
        else:
            to += 1
            one[to], other[to], total[to], number[to] = one[at], other[at], total[at], number[at]
            for rank in range(best.shape[1]):
                best[to, rank] = best[at, rank]
    return to + 1


@_compiled
def members(groups: Index, wanted: Flags) -> tuple[Index, Index]:
    """Return, in compressed rows, the wanted articles of each group; `groups` (n,) names each one's group."""
    size = len(groups)
    starts = np.zeros(size + 1, np.int64)
    for row in range(size):
        if wanted[row]:
            starts[groups[row] + 1] += 1
    for group in range(size):
        starts[group + 1] += starts[group]
    free, rows = starts[:size].copy(), np.empty(starts[size], np.int64)
    for row in range(size):
        if wanted[row]:
            rows[free[groups[row]]] = row
            free[groups[row]] += 1
    return starts, rows


@_compiled
def place(starts: Index, terms: Columns, unit: Floats, rows: Index, sums: Doubles) -> None:
    """Add some rows up in `sums` (terms,)."""
    for row in rows:
        for at in range(starts[row], starts[row + 1]):
            sums[np.uint32(terms[at])] += unit[at]


@_compiled
def clear(starts: Index, terms: Columns, rows: Index, sums: Doubles) -> None:
    """Take back what `place` did."""
    for row in rows:
        for at in range(starts[row], starts[row + 1]):
            sums[np.uint32(terms[at])] = 0


@_compiled
def dot(starts: Index, terms: Columns, unit: Floats, rows: Index, sums: Doubles) -> float:
    """Return the product of the sum of some rows with what stands in `sums`."""
    found = 0.0
    for row in rows:
        for at in range(starts[row], starts[row + 1]):
            found += unit[at] * sums[np.uint32(terms[at])]
    return found


@_compiled
def squares(
    starts: Index,
    terms: Columns,
    unit: Floats,
    sums: Doubles,
    held: Index,
    rows: Index,
    groups: Index,
    found: Doubles,
) -> None:
    """Fill in, for some groups of rows (`held`, `rows`: see `members`), the squared length of the sum of their rows."""
    for group in groups:
        mine = rows[held[group] : held[group + 1]]
        place(starts, terms, unit, mine, sums)
        found[group] = dot(starts, terms, unit, mine, sums)
        clear(starts, terms, mine, sums)


@_compiled
def across(
    starts: Index,
    terms: Columns,
    unit: Floats,
    sums: Doubles,
    held: Index,
    rows: Index,
    larger: Index,
    smaller: Index,
) -> Doubles:
    """Return the product of the sums of the rows of each two groups; equal ones of `larger` stand together.

    The sum of the larger one is made once for all pairs that it is in; the smaller one is walked.
    """
    found, placed = np.empty(len(larger), np.float64), -1
    for at in range(len(larger)):
        if larger[at] != placed:
            if placed >= 0:
                clear(starts, terms, rows[held[placed] : held[placed + 1]], sums)
            placed = larger[at]
            place(starts, terms, unit, rows[held[placed] : held[placed + 1]], sums)
        found[at] = dot(starts, terms, unit, rows[held[smaller[at]] : held[smaller[at] + 1]], sums)
    if placed >= 0:
        clear(starts, terms, rows[held[placed] : held[placed + 1]], sums)
    return found
