"""Whether the fields of a host or source got worse, beyond chance.  Pure.

Sources of the tests: Fisher's exact test, one-sided (R. A. Fisher, The Design of Experiments, 1935); for lengths Mood's
median test, which is Fisher's test on either side of the common median (A. M. Mood, Introduction to the Theory of
Statistics, 1950).  Both hold their level whatever the rate is, as long as the pages are alike in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import comb
from statistics import median

NEWEST = 10  # pages that are judged
BEFORE = 50  # pages before them that they are judged by
FEWEST_BEFORE = 10
WINDOW = 2 * (NEWEST + BEFORE)  # pages to look at: refused ones among them say nothing of fields
LEVEL = 0.0005  # of one test; there are at most thirteen of a window, so together well below 1 in 100
_RECOVERED = 0.05  # probability from which the newest pages are again like those before the drift
_SURE = 0.75  # confidence that marks a value as well found
_SHARE = 0.5  # of the former length, below which texts are worth an alarm
_FIELDS = ("title", "authors", "published_at", "image", "excerpt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How well one page was read."""

    address: str
    marks: Mapping[str, float] = field(default_factory=dict)  # confidence by field, of those that were found
    words: int = 0
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A field that got worse."""

    field: str  # "authors", "authors, sure", "text", "pages"
    now: int  # pages that are well, of the newest
    now_of: int
    before: int
    before_of: int
    example: str  # address of the newest page that is not
    bar: float = 0.0  # words that a text has to have to be well; 0 for other fields

    @property
    def about(self) -> str:
        """The field itself."""
        return self.field.removesuffix(", sure")

    @property
    def what(self) -> str:
        """The alarm in words."""
        verb = {"text": f"{self.bar:.0f} words or more", "pages": "an article"}.get(
            self.field, "found well" if self.field.endswith(", sure") else "found"
        )
        return (
            f"{self.about}: {verb} on {self.now} of the last {self.now_of} pages, "
            f"before on {self.before} of {self.before_of}; e.g. {self.example}"
        )


def drifts(marks: Sequence[Mark]) -> list[Drift]:
    """Return what got worse on the newest pages against those before; of each field the plainest sign.

    Args:
        marks: Pages of one host or source, oldest first; at most the last NEWEST + BEFORE count.
    """
    found = [drift for name, well, bar in _signs(marks) if (drift := _compared(marks, name, well, bar))]
    plain = {drift.field for drift in found}
    if "pages" in plain:
        return [drift for drift in found if drift.field == "pages"]  # where there is no article, nothing else tells
    return [drift for drift in found if drift.about == drift.field or drift.about not in plain]


def is_over(drift: Drift, marks: Sequence[Mark]) -> bool:
    """Tell whether the newest pages are again like those before the drift."""
    newest = _of(marks, drift.field)[-NEWEST:]
    if len(newest) < NEWEST:
        return False
    well = _well(drift.field, drift.bar)
    number = sum(map(well, newest))
    return _chance(number, len(newest), drift.before, drift.before_of) >= _RECOVERED


def _signs(marks: Sequence[Mark]) -> Iterator[tuple[str, Callable[[Mark], bool], float]]:
    for name in _FIELDS:
        yield name, _well(name, 0), 0.0
        yield f"{name}, sure", _well(f"{name}, sure", 0), 0.0
    lengths = [mark.words for mark in _of(marks, "text")[-NEWEST - BEFORE :]]
    if len(lengths) > NEWEST and median(lengths[-NEWEST:]) < _SHARE * median(lengths[:-NEWEST]):
        bar = float(median(lengths))
        yield "text", _well("text", bar), bar
    yield "pages", _well("pages", 0), 0.0


def _well(name: str, bar: float) -> Callable[[Mark], bool]:
    if name == "text":
        return lambda mark: mark.words >= bar
    if name == "pages":
        return lambda mark: not mark.refused
    plain = name.removesuffix(", sure")
    least = _SURE if name != plain else 0.01
    return lambda mark: mark.marks.get(plain, 0.0) >= least


def _of(marks: Sequence[Mark], name: str) -> list[Mark]:
    """The pages that say something of a sign: refused pages have no fields."""
    return [mark for mark in marks if name == "pages" or not mark.refused]


def _compared(marks: Sequence[Mark], name: str, well: Callable[[Mark], bool], bar: float) -> Drift | None:
    mine = _of(marks, name)[-NEWEST - BEFORE :]
    before, newest = mine[:-NEWEST], mine[-NEWEST:]
    if len(before) < FEWEST_BEFORE:
        return None
    now, then = sum(map(well, newest)), sum(map(well, before))
    if _chance(now, len(newest), then, len(before)) >= LEVEL:
        return None
    example = next(mark.address for mark in reversed(newest) if not well(mark))
    return Drift(field=name, now=now, now_of=len(newest), before=then, before_of=len(before), example=example, bar=bar)


def _chance(now: int, now_of: int, before: int, before_of: int) -> float:
    """Probability of `now` or fewer among the newest, if all pages were alike and as many were well in all."""
    well, pages = now + before, now_of + before_of
    ways = sum(comb(well, k) * comb(pages - well, now_of - k) for k in range(now + 1))
    return ways / comb(pages, now_of)
