"""Blocks of a page -> one row of numbers a block: what the text model looks at.

The ideas are those of the field: size and link density of a block and of its neighbours (Kohlschütter et al.,
"Boilerplate Detection using Shallow Text Features", 2010), what its ancestors are called (Arc90's Readability),
which other blocks look alike, and where in the page it stands.  Nothing in it names a site.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wiredesk.extract.blocks import HINTS, Block, Layout, bit
from wiredesk.text import words

Rows = NDArray[np.float32]

_TAGS = ("p", "div", "li", "h1", "h2", "h3", "h4", "td", "blockquote", "figcaption", "section", "article", "dd", "pre")
_TAG_NUMBER = {tag: number for number, tag in enumerate(_TAGS, 1)}
_MOST_WEIGHT = 600.0  # characters from which a block counts no more
_LEVELS = {"h1": 1.0, "h2": 2.0, "h3": 3.0, "h4": 4.0, "h5": 5.0, "h6": 6.0}
_END = re.compile(r"[.!?…。！？।:;]['\"”’»)\]]*$")
_SENTENCES = re.compile(r"[.!?…。！？।]['\"”’»)\]]*(?:\s|$)|[。！？]")
_TOKEN = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω]")
_ONLY_NUMBER = re.compile(r"\W*\d+\W*")
# What invitations, notices and labels around an article say, in the languages that news pages are written in most.
_INVITING = frozenset(
    (
        "subscribe subscribed newsletter newsletters advertisement advertising copyright cookies cookie login related "
        "comment comments share follow download getty reuters disclaimer affiliate sponsored weiterlesen anzeige "
        "abonnieren abo kommentare kommentar datenschutz impressum foto bild quelle newsletter abonnez partager "
        "publicité connexion suscríbete suscribirse compartir abbonati condividi assine compartilhe oku lees baca "
        "annons annonce reklame reklama advertentie prenumerera abonner abboneer abonniere bio author editor"
    ).split()
)
_PHRASE = re.compile("|".join(map(re.escape, (
    "read more", "read also", "read next", "see also", "also read", "sign up", "click here", "all rights reserved",
    "log in", "terms of", "privacy policy", "more from", "more on", "more stories", "contact us", "image credit",
    "photo by", "mehr zum thema", "lesen sie auch", "mehr zu", "lire aussi", "à lire", "leer más", "lea también",
    "te puede interesar", "leggi anche", "leia mais", "leia também", "läs mer", "läs också", "les mer", "les også",
    "læs mere", "læs også", "baca juga", "lees ook", "haberin devamı", "©",
))))  # fmt: skip
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b")
_HINT_COUNT = len(HINTS)
_NEAR = np.uint64(1) << np.arange(_HINT_COUNT, dtype=np.uint64)
_AGAINST = sum(
    bit(name)
    for name in "nav footer side related comment share ad subscribe consent in_aside in_nav in_footer in_form".split()
)


def features(layout: Layout, *, title: str = "", stated: str = "", excerpt: str = "") -> Rows:
    """Return an array (blocks, columns), float32.

    Args:
        layout: The page, at least one block.
        title: Its headline, "" where unknown.
        stated: The article's text as the page declares it (JSON-LD articleBody), "" where it does not.
        excerpt: What the page declares as its summary.
    """
    nodes, blocks = layout.nodes, layout.blocks
    count = len(blocks)
    main = _main(layout)
    steps = _steps(layout, main)
    looks = _looks(layout)
    by_look: dict[tuple[int, int], list[float]] = {}
    for block, look in zip(blocks, looks, strict=True):
        sums = by_look.setdefault(look, [0.0, 0.0, 0.0, 0.0])
        sums[0] += 1
        sums[1] += block.size
        sums[2] += block.linked
        sums[3] += block.size >= 80 and block.linked < 0.3 * block.size
    texts = Counter(block.text for block in blocks)
    declared = _shingles(stated)
    title_words, excerpt_words = (set(_TOKEN.findall(given.lower())) for given in (title, excerpt))
    total = nodes[0].size or 1.0
    solid = nodes[0].solid or 1.0
    title_at = _title_place(blocks, title_words, layout.title_at)
    heading = _Heading()
    before = 0.0
    rows: list[list[float]] = []
    near = np.empty(count, dtype=np.uint64)
    far = np.empty(count, dtype=np.uint64)
    for number, block in enumerate(blocks):
        node = nodes[block.node]
        mother = nodes[node.parent] if node.parent >= 0 else node
        grand = nodes[mother.parent] if mother.parent >= 0 else mother
        near[number] = node.hints | mother.hints
        far[number] = node.above
        text, size = block.text, block.size
        spoken = text.split()
        alike = by_look[looks[number]]
        heading.meet(block, number)
        parts = _SENTENCES.findall(text)
        short = size < 400
        low = text.lower() if short else ""
        seen = set(_TOKEN.findall(low))
        start = text[:300]
        rows.append(
            [
                size,
                block.linked / size,
                len(block.links),
                block.bold / size,
                len(spoken),
                size / len(spoken),
                len(parts),
                float(bool(_END.search(text))),
                (text.count(",") + text.count("，") + text.count("、")) / size,
                len(_DIGIT.findall(start)) / len(start),
                len(_CAPITAL.findall(start)) / len(start),
                float(text[0].isupper() or not text[0].isalpha()),
                float(text[0] in "\"“„«‘'–—-•*"),
                float(_invites(low, seen)),
                float(bool(_DATE.search(text))) if short else 0.0,
                _TAG_NUMBER.get(block.tag, 0),
                float(block.after_break),
                node.depth,
                node.blocks,
                float(texts[text]),
                # around it
                mother.size,
                mother.linked / (mother.size or 1.0),
                mother.blocks,
                mother.solid / solid,
                grand.size,
                grand.linked / (grand.size or 1.0),
                grand.blocks,
                grand.solid / solid,
                nodes[grand.parent].solid / solid if grand.parent >= 0 else 1.0,
                float(steps[block.node] >= 0),
                steps[block.node],
                # what looks like it
                alike[0],
                alike[1] / alike[0],
                alike[2] / (alike[1] or 1.0),
                alike[1] / total,
                alike[3] / alike[0],
                # where it stands
                number / count,
                before / total,
                number - title_at if title_at >= 0 else -1000.0,
                number - heading.at,
                heading.level,
                heading.invites,
                # what is declared
                _share(text, declared) if declared else -1.0,
                len(seen & title_words) / (len(title_words) or 1),
                len(seen & title_words) / (len(seen) or 1),
                len(seen & excerpt_words) / (len(seen) or 1),
            ]
        )
        before += size
    own = np.asarray(rows, dtype=np.float32)
    page = np.asarray(
        [count, total, solid / total, nodes[main].size / total, nodes[main].blocks, nodes[0].linked / total],
        dtype=np.float32,
    )
    return np.hstack(
        [
            own,
            _around(own, 1),
            _around(own, 2),
            _around(own, -1),
            _around(own, -2),
            _reach(own, near | far),
            (near[:, None] & _NEAR[None, :] > 0).astype(np.float32),
            (far[:, None] & _NEAR[None, :] > 0).astype(np.float32),
            np.broadcast_to(page, (count, len(page))),
        ]
    )


def _invites(low: str, seen: set[str]) -> bool:
    return bool(not seen.isdisjoint(_INVITING) or _PHRASE.search(low) or _ONLY_NUMBER.fullmatch(low))


class _Heading:
    """The heading that the block stands under."""

    def __init__(self) -> None:
        self.at, self.level, self.invites = -1000, 0.0, 0.0

    def meet(self, block: Block, number: int) -> None:
        if block.tag in _LEVELS:
            self.at, self.level = number, _LEVELS[block.tag]
            low = block.text.lower()
            self.invites = float(_invites(low, set(_TOKEN.findall(low))))


def _title_place(blocks: Sequence[Block], title: set[str], first_heading: int) -> int:
    """The block that says the headline; without one the first h1."""
    if len(title) > 2:
        for number, block in enumerate(blocks):
            if block.size < 400 and block.linked < 0.5 * block.size:
                said = set(_TOKEN.findall(block.text.lower()))
                if len(said & title) >= 0.8 * max(len(title), len(said)):
                    return number
    return first_heading


_SHARED = (0, 1, 7, 13, 15, 19, 29, 33)  # columns that neighbours are asked for


def _around(own: Rows, offset: int) -> Rows:
    """Some columns of the block `offset` places behind; -1 where there is none."""
    shown = own[:, _SHARED]
    moved = np.full_like(shown, -1.0)
    if abs(offset) < len(own):
        if offset > 0:
            moved[:-offset] = shown[offset:]
        else:
            moved[-offset:] = shown[:offset]
    return moved


def _reach(own: Rows, hints: NDArray[np.uint64]) -> Rows:
    """How far it is to the next long paragraph before and behind, and how much of those stands on either side."""
    solid = (own[:, 0] >= 100) & (own[:, 1] < 0.3) & ((hints & np.uint64(_AGAINST)) == 0)
    places = np.flatnonzero(solid)
    count = len(own)
    every = np.arange(count)
    if not len(places):
        return np.full((count, 4), -1.0, dtype=np.float32)
    at = np.searchsorted(places, every, side="right")
    since = np.where(at > 0, every - places[np.maximum(at - 1, 0)], 500)
    begin = np.searchsorted(places, every, side="left")
    until = np.where(begin < len(places), places[np.minimum(begin, len(places) - 1)] - every, 500)
    running = np.cumsum(np.where(solid, own[:, 0], 0.0))
    share = running / running[-1]
    window = np.convolve(solid.astype(np.float32), np.ones(11, dtype=np.float32), mode="full")[5 : 5 + count]
    return np.stack([since, until, share, window], axis=1).astype(np.float32)


def _main(layout: Layout) -> int:
    """The deepest element that holds at least six tenths of the running text that no name speaks against."""
    nodes = layout.nodes
    solid = [0.0] * len(nodes)
    for block in layout.blocks:
        node = nodes[block.node]
        if block.size >= 60 and block.linked < 0.3 * block.size and not (node.hints | node.above) & _AGAINST:
            solid[block.node] += block.size
    for number in range(len(nodes) - 1, 0, -1):
        solid[nodes[number].parent] += solid[number]
    need = 0.6 * solid[0]
    best = 0
    for number, node in enumerate(nodes):
        if solid[number] >= need and node.depth >= nodes[best].depth and solid[number] > 0:
            best = number
    # a single paragraph that outweighs everything stands in an article, not for it
    while best > 0 and nodes[best].blocks <= 1:
        best = nodes[best].parent
    return best


def _steps(layout: Layout, main: int) -> list[float]:
    """Elements between each element and the main one around it; -1 outside of that."""
    steps: list[float] = []
    for number, node in enumerate(layout.nodes):
        above = steps[node.parent] if node.parent >= 0 else -1.0
        steps.append(0.0 if number == main else above + 1.0 if above >= 0 else -1.0)
    return steps


def _looks(layout: Layout) -> list[tuple[int, int]]:
    """Blocks look alike whose element and its parent have the same tag and class."""
    nodes = layout.nodes
    return [
        (nodes[block.node].style, nodes[nodes[block.node].parent].style if nodes[block.node].parent >= 0 else -1)
        for block in layout.blocks
    ]


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    found = words(text)
    return frozenset(zip(found, found[1:], found[2:], strict=False)) if len(found) > 40 else frozenset()


def _share(text: str, declared: frozenset[tuple[str, ...]]) -> float:
    found = words(text)
    if len(found) < 3:
        return -0.5
    mine = list(zip(found, found[1:], found[2:], strict=False))
    return sum(shingle in declared for shingle in mine) / len(mine)


def in_context(layout: Layout, own: Rows, first: Rows) -> Rows:
    """Return the columns of `features` and what the first judgement says of the blocks around each block.

    Args:
        layout: The page.
        own: Its `features`.
        first: The probability of each block, as the first forest gives it, (blocks,).
    """
    count = len(first)
    every = np.arange(count)
    weight = np.minimum(own[:, 0], _MOST_WEIGHT).astype(np.float64)
    mass = weight * first
    weights = np.concatenate([[0.0], np.cumsum(weight)])
    masses = np.concatenate([[0.0], np.cumsum(mass)])
    total = masses[-1] or 1.0
    columns: list[NDArray[Any]] = [first]
    for offset in (1, 2, 3, -1, -2, -3):
        moved = np.full(count, -0.2)
        if abs(offset) < count:
            if offset > 0:
                moved[:-offset] = first[offset:]
            else:
                moved[-offset:] = first[:offset]
        columns.append(moved)

    def mean(begin: NDArray[Any], end: NDArray[Any], without: NDArray[Any] | float, light: Any) -> NDArray[Any]:
        held = (masses[end] - masses[begin] - without) / np.maximum(weights[end] - weights[begin] - light, 1.0)
        return np.asarray(held)

    columns += [
        mean(np.maximum(every - reach, 0), np.minimum(every + reach + 1, count), mass, weight) for reach in (2, 5, 12)
    ]
    for reach in (4, 12):
        columns.append(mean(np.maximum(every - reach, 0), every, 0.0, 0.0))
        columns.append(mean(np.minimum(every + 1, count), np.minimum(every + 1 + reach, count), 0.0, 0.0))
    columns += [
        masses[:-1] / total,
        np.full(count, masses[-1] / max(weights[-1], 1.0)),
        np.full(count, first.max()),
        np.full(count, np.log1p(masses[-1])),
    ]
    for group in _groups(layout):
        sums, sizes, members = np.bincount(group, mass), np.bincount(group, weight), np.bincount(group)
        columns.append((sums[group] - mass) / np.maximum(sizes[group] - weight, 1.0))
        columns.append(np.minimum(members[group], 50))
        columns.append(sums[group] / total)
    return np.column_stack([own, *columns]).astype(np.float32)


def _groups(layout: Layout) -> list[NDArray[np.intp]]:
    """Numbers of the groups that each block belongs to: its element, that one's parent, its parent; its look."""
    nodes = layout.nodes
    own = [block.node for block in layout.blocks]
    mothers = [nodes[number].parent for number in own]
    grands = [nodes[number].parent if number >= 0 else -1 for number in mothers]
    numbers: dict[tuple[int, int], int] = {}
    looks = [numbers.setdefault(look, len(numbers)) for look in _looks(layout)]
    return [np.asarray(group, dtype=np.intp) - min(group) for group in (own, mothers, grands, looks)]
