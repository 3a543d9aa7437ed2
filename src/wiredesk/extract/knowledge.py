"""What the pages of one host have in common: learned from their lessons, applied when the next page is read.  Pure.

Blocks that stand on many pages of a host are not the article (template detection by repetition: Bar-Yossef and
Rajagopalan, "Template detection via data mining", WWW 2002).  A place in the markup that said, page after page, what
the feed or the declared data said is where a field stands (wrapper induction: Kushmerick, IJCAI 1997); how far it is
trusted is Laplace's rule of succession, (right + 1) / (seen + 2).
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from operator import attrgetter
from sys import intern
from typing import Any, ClassVar

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from pydantic import ConfigDict, TypeAdapter, ValidationError

from wiredesk.errors import UnreadableError
from wiredesk.extract.choose import Choice, picture_key, plain
from wiredesk.extract.declared import Claim
from wiredesk.extract.fields import FIELDS, Around, settle
from wiredesk.extract.moments import read_moment
from wiredesk.records import Image
from wiredesk.text import words

FEWEST = 5  # pages with different titles: below that nothing is learned, and no place is stable
NEWEST = 120  # pages that count; older ones show a template that may be gone
_OFTEN = 0.3  # share of the pages from which a block is the template's
_LEAST = 3  # pages on which it stands at least
_MOST_BLOCKS = 200
_LONGEST_BLOCK = 2_000  # characters of a block that are looked at
_RIGHT = 0.9  # share of right answers from which a place is stable
_WRONG = 0.5  # share of right answers below which a declared rule is doubted
_MOST_PLACES = 5  # of one field
_SAME = 0.6  # share of the pages from which one value is no value
_SPREAD = timedelta(days=2)  # over which a date has to stay the same: a paper's articles of one day share theirs
_TRUSTED = 0.7  # confidence of a declared value from which it says what is right
_NEW_FIGURE = 0.1  # change of a confidence that makes a version
_GONE = 0.25  # share of the blocks that have to be gone to make a version
_MINUTE = timedelta(minutes=1)
_DAY_ALONE = len("2026-09-07")
_LONGEST_VALUE = 600  # characters
_FIXED = 0.99  # confidence of what the owner laid down
_DECISIVE = 20.0  # log odds that outweigh all others


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A value for a field, and where it stood."""

    field: str  # a key of FIELDS
    place: str  # a selector ("header.top > p.byline > a"), or the rule of a declaration ("json-ld author")
    value: str  # names joined by "; "; ISO 8601, UTC; an address
    stated: float = 0.0  # confidence of the declaration; 0 for what merely stands in the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What one page teaches about its host.  Of bounded size."""

    host: str
    address: str
    observed_at: datetime
    title: str = ""
    blocks: tuple[int, ...] = ()  # `block_key` of its texts, each once
    openings: tuple[str, ...] = ()  # the first characters of each, for people
    sightings: tuple[Sighting, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)  # what a feed said of it, by field, in a sighting's form
    marks: Mapping[str, float] = field(default_factory=dict)  # confidence of each field that was found
    words: int = 0  # of its text
    refused: str | None = None  # why it is no article
    source: str | None = None  # the feed that named it


@dataclass(frozen=True, slots=True)
class Point:
    """A sighting, with what is equal for values that agree."""

    place: str
    value: str
    stated: float
    key: Any


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What a page says of how right its places are, for one field."""

    points: tuple[Point, ...]  # but those of the place that says what is right; none where nothing does
    right: tuple[Point, ...]  # of these, those that are right
    stated: tuple[str, ...]  # places of those that are declarations


_NO_JUDGEMENT = _Judgement((), (), ())
_PLACE = attrgetter("place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A lesson as `learn_from` looks at it.  Making it costs more than learning from it: it is worth being held."""

    address: str
    observed_at: datetime
    title: str  # what tells its article from others of the host
    refused: bool
    blocks: array[int]  # each once
    openings: tuple[str, ...]
    points: Mapping[str, tuple[Point, ...]]  # by field, in the order of the page
    declared: Mapping[str, tuple[tuple[str, str], ...]]  # by field: (place, value) of what may be a constant
    told: Mapping[str, Point]  # by field
    # By field: the constants that it was judged by last, and the judgement.  Constants change seldom.
    judged: dict[str, tuple[tuple[str, ...], _Judgement]] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a field stands, and how often that was right."""

    place: str
    right: int
    seen: int  # pages on which it spoke, and something else said what is right
    example: str  # a value that it gave

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @property
    def confidence(self) -> float:
        """Laplace's rule of succession."""
        return (self.right + 1) / (self.seen + 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What was known of a host from a moment on."""

    since: datetime
    pages: int  # with different titles, that it was learned from
    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)  # by field, best first
    doubted: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)  # declared rules that are mostly wrong here
    constants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by field: the same on all pages, no value
    repeated: Mapping[str, str] = field(default_factory=dict)  # `block_key`, 16 hex digits -> how the block begins

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteKnowledge:
    """What holds for one page of a host."""

    repeated: frozenset[int] = frozenset()
    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    doubted: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    constants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKnowledge:
    """A host's file: what its owner laid down, and all versions, oldest first."""

    host: str
    fixed: Mapping[str, str] = field(default_factory=dict)  # field -> selector; the owner's, never overwritten
    versions: tuple[Version, ...] = ()

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    def version_at(self, moment: datetime) -> Version | None:
        """Return the version in force at `moment`, None before the first."""
        return next((version for version in reversed(self.versions) if version.since <= moment), None)

    def at(self, moment: datetime) -> SiteKnowledge | None:
        """Return what holds for a page captured at `moment`; what is fixed always holds."""
        version = self.version_at(moment)
        if version is None:
            return SiteKnowledge(fixed=self.fixed) if self.fixed else None
        return SiteKnowledge(
            repeated=frozenset(int(key, 16) for key in version.repeated),
            places=version.places,
            doubted=version.doubted,
            constants=version.constants,
            fixed=self.fixed,
        )


_file: TypeAdapter[HostKnowledge] = TypeAdapter(HostKnowledge)


def parse_knowledge(data: bytes, where: str) -> HostKnowledge:
    """Read a host's file.

    Raises:
        UnreadableError: It is no such file; says what is wrong and where.
    """
    try:
        found = _file.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = ".".join(map(str, first["loc"]))
        raise UnreadableError(where, f"cannot be read ({at + ': ' if at else ''}{first['msg']})") from error
    if unknown := sorted(found.fixed.keys() - set(FIELDS)):
        raise UnreadableError(where, f"fixed: there is no field {unknown[0]!r}; there are {', '.join(FIELDS)}")
    for name, selector in found.fixed.items():
        try:
            CSSSelector(selector)
        except SelectorError as error:
            raise UnreadableError(where, f"fixed: {name}: {selector!r} is no CSS selector ({error})") from error
    try:
        for version in found.versions:
            if version.since.tzinfo is None:
                raise UnreadableError(where, f"since: {version.since} has no zone")
            frozenset(int(key, 16) for key in version.repeated)
    except ValueError as error:
        raise UnreadableError(where, f"repeated: {error}") from error
    return replace(found, versions=tuple(sorted(found.versions, key=lambda v: v.since)))


def write_knowledge(knowledge: HostKnowledge) -> bytes:
    """Undo `parse_knowledge`: keys in a fixed order, so that the same knowledge is the same bytes."""
    return _file.dump_json(knowledge, indent=2) + b"\n"


def block_key(text: str) -> int:
    """Return 64 bits that stand for the first words of a block: case, punctuation and white space do not count."""
    return int.from_bytes(sha256(" ".join(words(text[:_LONGEST_BLOCK])).encode()).digest()[:8], "big")


def learn(lessons: Iterable[Lesson], since: datetime) -> Version | None:
    """As `learn_from`, from lessons that nobody made ready."""
    return learn_from(map(material, lessons), since)


def material(lesson: Lesson) -> Material:
    """Make a lesson ready for `learn_from`."""
    points: dict[str, list[Point]] = defaultdict(list)
    for each in lesson.sightings:
        value = intern(each.value)  # of one page many places say the same, and many pages have the same places
        point = Point(intern(each.place), value, each.stated, _key(each.field, value))
        points[each.field].append(point)
    return Material(
        address=lesson.address,
        observed_at=lesson.observed_at,
        title=_title_of(lesson),
        refused=lesson.refused is not None,
        blocks=array("Q", lesson.blocks),
        openings=tuple(map(intern, lesson.openings)),
        points={name: tuple(mine) for name, mine in points.items()},
        declared={
            name: tuple((each.place, each.value) for each in mine if each.stated or name == "title")
            for name, mine in points.items()
        },
        told={name: Point("", value, 0.0, _key(name, value)) for name, value in lesson.told.items() if value},
    )


def learn_from(materials: Iterable[Material], since: datetime) -> Version | None:
    """Return what these pages of one host have in common; None where they are too few, or have nothing.

    Args:
        materials: In any order; of each address and of each title only the newest counts, of these the NEWEST newest.
        since: When the version shall come into force.
    """
    pages = _pages(materials)
    if len(pages) < FEWEST:
        return None
    constants = _constants(pages)
    places, doubted = _judged(pages, constants)
    version = Version(
        since=since,
        pages=len(pages),
        places=places,
        doubted=doubted,
        constants=constants,
        repeated=_repeated(pages),
    )
    return version if places or doubted or constants or version.repeated else None


def says_more(new: Version, old: Version | None) -> bool:
    """Tell whether `new` would read pages differently enough from `old` to be kept as a version of its own."""
    if old is None:
        return True
    if new.constants != old.constants or new.repeated.keys() - old.repeated.keys():
        return True
    if len(old.repeated.keys() - new.repeated.keys()) > _GONE * len(old.repeated):
        return True
    return any(
        mine.keys() != theirs.keys() or any(abs(mine[key] - theirs[key]) >= _NEW_FIGURE for key in mine)
        for mine, theirs in ((_trust(new.places), _trust(old.places)), (_trust(new.doubted), _trust(old.doubted)))
    )


def settle_known(
    claims: Mapping[str, Sequence[Claim]],
    around: Around,
    seen: Sequence[Sighting],
    fixed: Mapping[str, str],
    knowledge: SiteKnowledge | None,
) -> dict[str, Choice]:
    """Return the choice for each field, in the light of what is known of the host.

    A picture or date that stands on every page is no claim at all, and such a name weighs little.  A learned place
    speaks with the log odds of its confidence, beside whatever else speaks; so does, against itself, a declaration that
    is mostly wrong here.  What the owner fixed decides.

    Args:
        claims: All claims of the page, by field.
        seen: What stands in the page, by place.
        fixed: By field, what stands at the fixed places of the host.
    """
    if knowledge is None:
        return settle(claims, around)
    weight: dict[tuple[str, str], float] = {}
    sure: dict[tuple[str, str], float] = {}
    known = dict(claims)
    for name in FIELDS:
        constants = knowledge.constants.get(name, ())
        kept = list(claims.get(name, ()))
        if constants and name != "authors":
            kept = [each for each in kept if not _is_among(name, as_text(name, each.value), constants)]
        for each in knowledge.doubted.get(name, ()):
            weight[name, each.place] = _log_odds(each.confidence)
        spoken = {each.place: each.value for each in reversed(seen) if each.field == name}
        for each in knowledge.places.get(name, ()):
            value = spoken.get(each.place, "")
            if name == "published" and len(value) == _DAY_ALONE and kept:
                continue  # a day of the paper's own zone fills a gap, and contradicts nobody's clock
            if value and not _is_among(name, value, constants):
                rule = f"learned place {each.place}"
                kept.insert(0, Claim(_as_value(name, value), rule, each.confidence, each.place))
                weight[name, rule], sure[name, rule] = _log_odds(each.confidence), each.confidence
                break  # the places of one template say the same: one voice
        if name in fixed:
            rule = f"fixed place {knowledge.fixed[name]}"
            kept.insert(0, Claim(_as_value(name, fixed[name]), rule, _FIXED))
            weight[name, rule], sure[name, rule] = _DECISIVE, _FIXED
        known[name] = kept

    def prior(name: str, claim: Claim) -> float:
        if name == "authors" and _is_among(name, as_text(name, claim.value), knowledge.constants.get(name, ())):
            return -_DECISIVE if (name, claim.rule) not in sure else weight[name, claim.rule]
        return weight.get((name, claim.rule), 0.0)

    plain_choice = settle(claims, around)
    chosen = settle(known, around, prior)
    for name, choice in chosen.items():
        least = max((sure.get((name, claim.rule), 0.0) for claim in choice.candidate.claims), default=0.0)
        before = plain_choice.get(name)
        if before and before.candidate.key == choice.candidate.key and name not in fixed:
            # Knowledge only confirms it: the rules that found it keep their names.
            chosen[name] = replace(before, confidence=max(least, before.confidence))
        elif least:
            chosen[name] = replace(choice, confidence=least)
    return chosen


def agree(name: str, one: str, other: str) -> bool:
    """Tell whether two values of a field (in a sighting's form) say the same."""
    return _same(name, _key(name, one), _key(name, other))


def as_text(name: str, value: Any) -> str:
    """Return a claimed value in a sighting's form; "" where it is none."""
    if name == "published":
        found = read_moment(value) if isinstance(value, str) else (value, True)
        if found is None:
            return ""
        at, zoned = found
        return at.date().isoformat() if not zoned and at == _day(at) else at.astimezone(UTC).isoformat()
    if name == "authors":
        return "; ".join(value)
    return str(value.url if isinstance(value, Image) else value)[:_LONGEST_VALUE]


def _as_value(name: str, text: str) -> Any:
    if name == "authors":
        return tuple(text.split("; "))
    return Image(url=text) if name == "image" else text


def _is_among(name: str, value: str, others: Sequence[str]) -> bool:
    return any(agree(name, value, each) for each in others)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))


@lru_cache(maxsize=4096)
def _key(name: str, value: str) -> Any:
    """What `_same` compares: of moments (day, moment or None), of all else what is equal where the values agree."""
    if name == "published":
        return value[:10], None if len(value) == _DAY_ALONE else datetime.fromisoformat(value)
    if name == "authors":
        return tuple(sorted(set(map(plain, value.split("; ")))))  # a third of a set's memory
    return picture_key(value) if name == "image" else plain(value)


def _same(name: str, one: Any, other: Any) -> bool:
    if name != "published":
        return bool(one == other)
    if one[1] is None or other[1] is None:
        return bool(one[0] == other[0])
    return bool(abs(one[1] - other[1]) < _MINUTE)


def _day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _pages(materials: Iterable[Material]) -> list[Material]:
    """The newest article of each address and title, newest first."""
    found: list[Material] = []
    addresses: set[str] = set()
    titles: set[str] = set()
    for page in sorted(materials, key=lambda each: (each.observed_at, each.address), reverse=True):
        if not page.refused and page.address not in addresses and page.title not in titles:
            found.append(page)
        addresses.add(page.address)
        titles.add(page.title)
    return found[:NEWEST]


def _title_of(lesson: Lesson) -> str:
    """What tells an article from others of its host: its feed's title, else all that the page offers as one.

    Not the one that was chosen: where the paper's own name was taken for the title, all articles would be one.
    """
    values = [lesson.told.get("title", "")]
    if not values[0]:
        values = [each.value for each in lesson.sightings if each.field == "title"] or [lesson.title]
    return plain(" ".join(values)) or lesson.address


def _repeated(pages: Sequence[Material]) -> dict[str, str]:
    seen = Counter(chain.from_iterable(page.blocks for page in pages))
    enough = max(_LEAST, _OFTEN * len(pages))
    kept = sorted((key for key, number in seen.items() if number >= enough), key=lambda key: (-seen[key], key))
    missing = set(kept[:_MOST_BLOCKS])
    openings: dict[int, str] = {}
    for page in pages:  # the newest has the last word
        if found := missing.intersection(page.blocks):
            openings.update((key, text) for key, text in zip(page.blocks, page.openings, strict=True) if key in found)
            missing -= found
    return {f"{key:016x}": openings[key] for key in sorted(openings)}


def _constants(pages: Sequence[Material]) -> dict[str, tuple[str, ...]]:
    """Values that a declaration (of titles: or a place) gives on most pages, and that hence say nothing of any."""
    found: dict[str, tuple[str, ...]] = {}
    for name in FIELDS:
        given = [page.declared.get(name, ()) for page in pages]
        often = [(pair, number) for pair, number in Counter(chain.from_iterable(given)).items() if number >= FEWEST]
        if not often:
            continue
        spoken = Counter(place for place, _ in chain.from_iterable(given))
        best: dict[str, tuple[int, str]] = {}
        for (place, value), number in often:
            best[place] = min(best.get(place, (0, "")), (-number, value))
        values = set()
        for place, (number, value) in best.items():
            if -number < _SAME * spoken[place]:
                continue
            when = [page.observed_at for page, mine in zip(pages, given, strict=True) if (place, value) in mine]
            if name == "published" and max(when) - min(when) < _SPREAD:
                continue
            if name == "authors" and not _others_name(given, place, value):
                continue  # a paper of one person is signed by one person
            values.add(value)
        if values:
            found[name] = tuple(sorted(values))
    return found


def _others_name(given: Sequence[Sequence[tuple[str, str]]], place: str, value: str) -> bool:
    """Tell whether another declaration names various people on the pages on which `place` gives `value`."""
    others: dict[str, list[str]] = defaultdict(list)
    for mine in given:
        if (place, value) in mine:
            for other, each in mine:
                if other != place and each != value:
                    others[other].append(each)
    return any(len(named) >= FEWEST and len(set(named)) >= _LEAST for named in others.values())


def _judged(
    pages: Sequence[Material], constants: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[Place, ...]], dict[str, tuple[Place, ...]]]:
    """Places that are nearly always right, and declarations that are mostly wrong, by field."""
    places: dict[str, tuple[Place, ...]] = {}
    doubted: dict[str, tuple[Place, ...]] = {}
    for name in FIELDS:
        judged = [_judgement(page, name, constants.get(name, ())) for page in pages]
        seen = Counter(map(_PLACE, chain.from_iterable(each.points for each in judged)))
        right = Counter(map(_PLACE, chain.from_iterable(each.right for each in judged)))
        stated = set(chain.from_iterable(each.stated for each in judged))
        stable, wrong = [], []
        for place, number in seen.items():
            if number < FEWEST:
                continue
            if place in stated:
                if right[place] < _WRONG * number:
                    wrong.append(_place(judged, place, right[place], number))
            elif right[place] >= _RIGHT * number and _varies(judged, place):
                stable.append(_place(judged, place, right[place], number))
        if stable:
            best = sorted(stable, key=lambda each: (len(each.example) == _DAY_ALONE, -each.confidence, each.place))
            places[name] = tuple(best[:_MOST_PLACES])
        if wrong:
            doubted[name] = tuple(sorted(wrong, key=lambda each: each.place))
    return places, doubted


def _place(judged: Sequence[_Judgement], place: str, right: int, seen: int) -> Place:
    """Return a place with its newest value as the example."""
    example = next(point.value for each in judged for point in each.points if point.place == place)
    return Place(place=place, right=right, seen=seen, example=example)


def _varies(judged: Sequence[_Judgement], place: str) -> bool:
    """Tell whether a place gives more than one right value."""
    values = (point.value for each in judged for point in each.right if point.place == place)
    first = next(values)
    return any(value != first for value in values)


def _judgement(page: Material, name: str, constants: tuple[str, ...]) -> _Judgement:
    if (known := page.judged.get(name)) and known[0] == constants:
        return known[1]
    points = page.points.get(name, ())
    made = _NO_JUDGEMENT
    if points and (true := _truth(page, name, [_key(name, value) for value in constants])):
        spoken = tuple(each for each in points if each.place != true.place)
        made = _Judgement(
            points=spoken,
            right=tuple(each for each in spoken if _same(name, each.key, true.key)),
            stated=tuple(each.place for each in spoken if each.stated),
        )
    page.judged[name] = (constants, made)
    return made


def _truth(page: Material, name: str, empty: Sequence[Any]) -> Point | None:
    """What is right for a field of a page: what its feed says, else its best declaration.

    Args:
        page: The page.
        name: The field.
        empty: Keys of values that say nothing.
    """
    if told := page.told.get(name):
        return told
    for each in page.points.get(name, ()):
        if each.stated >= _TRUSTED and not any(_same(name, each.key, key) for key in empty):
            return each
    return None


def _trust(places: Mapping[str, tuple[Place, ...]]) -> dict[tuple[str, str], float]:
    return {(name, each.place): each.confidence for name, found in places.items() for each in found}
