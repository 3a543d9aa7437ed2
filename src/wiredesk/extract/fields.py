"""Title, authors, date and lead picture: every claim of a page for them, and the one that is believed.

`claims_of` is the one place where claims come together (value, rule, place), `settle` the one where they are weighed;
what is known of a site enters there as `prior`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import unquote

from wiredesk.extract import printed
from wiredesk.extract.choose import Candidate, Choice, Prior, candidates, choose, plain
from wiredesk.extract.dates import printed_dates
from wiredesk.extract.declared import Claim, Declared
from wiredesk.extract.gather import Marks
from wiredesk.extract.headline import tidy, without_site
from wiredesk.extract.moments import read_moment
from wiredesk.extract.people import names
from wiredesk.extract.zones import country_of, zone_of
from wiredesk.records import Image
from wiredesk.text import collapse

FIELDS = ("title", "authors", "published", "image")
_SEPARATOR = re.compile(r"\s+[|│–—\-»«•·:/]+\s+|\s*[|│]\s*|\s+::\s+")
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:logo|favicon|placeholder|default[-_]image|blank|spacer|pixel|fallback|og[-_]?image|facebook|share|sharing"
    r"|social)s?(?:[/_.-]|$)",
    re.IGNORECASE,
)
_AHEAD = timedelta(days=2)  # of our clock: zones, and papers of tomorrow


@dataclass(frozen=True, slots=True)
class Around:
    """What has to be known of a page to read its fields."""

    address: str
    base: str
    site: str  # name of the outlet as far as known
    outlets: tuple[str, ...]  # other names that it goes by
    language: str  # tag as declared, "" where it is silent
    now: datetime


def claims_of(marks: Marks, said: Declared, around: Around) -> dict[str, list[Claim]]:
    """Return every claim for each of FIELDS (and "updated"), those whose spelling is preferred first.

    Values: str for titles, tuple of names for authors, ISO 8601 text for dates (with zone where one is given), Image.
    """
    head = printed.headline_mark(marks, [claim.value for claim in said.all("title")])
    if marks.elements:
        marks.spine.update(marks.elements[head].iterancestors())
    latest = (around.now.astimezone(UTC) + _AHEAD).date()
    language = _regional(around.language, around.address)
    zone = zone_of(around.address, around.language)
    dates = list(printed.dates(marks, head, around.address, language, latest))
    published = [
        *_dates(said.all("published"), language, latest),
        *_dates([c for f, c in dates if f == "published"], "", latest),
    ]
    if not published:
        published = _dates([c for _, c in printed.last_dates(marks, language, latest)], "", latest)
    updated = _dates([*said.all("updated"), *(c for f, c in dates if f == "updated")], language, latest)
    return {
        "title": _titles(marks, said, around, head),
        "authors": _authors(marks, said, around, head, language, latest),
        "published": _in_zone(_in_one_zone(published), zone),
        "updated": _in_zone(updated, zone),
        "image": _as_printed([*said.all("image"), *printed.pictures(marks, head, around.base)]),
    }


def settle(claims: Mapping[str, Sequence[Claim]], around: Around, prior: Prior | None = None) -> dict[str, Choice]:
    """Return the choice for each field that has claims."""
    chosen = {field: choose(field, weighed(field, claims[field], around), prior) for field in FIELDS}
    return {field: choice for field, choice in chosen.items() if choice}


def weighed(field: str, claims: Sequence[Claim], around: Around) -> list[Candidate]:
    """Return the candidates for `field` with their evidence."""
    match field:
        case "title":
            return candidates(field, claims, lambda claim: _title_traits(claim.value, around))
        case "authors":
            return candidates(field, claims, lambda claim: _author_traits(claim.value, around))
        case "published":
            return candidates(field, claims, lambda claim: _date_traits(claim.value))
        case _:
            return candidates(field, claims, lambda claim: _image_traits(claim.value))


def moment_of(choice: Choice) -> tuple[datetime, int | None]:
    """Return (UTC, minutes of the zone's offset or None) of a date, with clock and zone if a claim has them.

    A day without a clock is its midnight in UTC, whatever its zone: that is how the stages say that there is no clock.
    """
    read = [found for claim in choice.candidate.claims if (found := read_moment(claim.value))]
    best = max(read, key=lambda found: (found[1] and _has_clock(found[0]), _has_clock(found[0]), found[1]))
    at, zoned = best
    offset = at.utcoffset() if zoned else None
    moment = at.astimezone(UTC) if _has_clock(at) else at.replace(tzinfo=UTC)
    return moment, None if offset is None else int(offset.total_seconds() // 60)


def image_of(choice: Choice) -> Image:
    """Return the picture with the size, caption and credit that any claim gives for it."""
    found = [claim.value for claim in choice.candidate.claims]
    best: Image = found[0]
    if best.width is None:
        sized = next((image for image in found if image.width and image.height and image.url == best.url), None)
        best = replace(best, width=sized.width, height=sized.height) if sized else best
    return replace(
        best,
        title=best.title or next((image.title for image in found if image.title), None),
        attribution=best.attribution or next((image.attribution for image in found if image.attribution), None),
    )


def _titles(marks: Marks, said: Declared, around: Around, head: int) -> list[Claim]:
    found = []
    for claim in [*printed.titles(marks, head), *said.all("title")]:
        value = tidy(html.unescape(claim.value))
        cut = without_site(value, around.site)
        if cut:
            found.append(replace(claim, value=cut))
        if cut != value:
            found.append(replace(claim, value=value, rule=f"{claim.rule}, whole"))
        elif claim.rule == "meta og:title" and (parts := _SEPARATOR.split(value))[1:]:
            found.append(
                replace(
                    claim, value=value[: len(value) - len(parts[-1])].rstrip(_EDGE), rule="meta og:title, last part cut"
                )
            )
    title = tidy(html.unescape(marks.title))
    if title:
        cut = without_site(title, around.site)
        found.append(Claim(cut or title, "title element" + (", site cut" if cut != title else ""), 0.5, "title"))
        parts = _SEPARATOR.split(title)
        if len(parts) > 1:
            found.append(Claim(parts[0], "title element, first part", 0.5, "title"))
            found.append(Claim(max(parts, key=len), "title element, longest part", 0.5, "title"))
            if len(parts) > 2:
                found.append(
                    Claim(title[: -len(parts[-1])].rstrip(_EDGE), "title element, last part cut", 0.5, "title")
                )
    return [claim for claim in found if claim.value]


_EDGE = " |│–—-»«•·:/"


def _title_traits(value: str, around: Around) -> list[str]:
    count = len(value.split())
    traits = [
        "of one word"
        if count == 1
        else "of two words"
        if count == 2
        else "of few words"
        if count < 5
        else "long"
        if count > 25
        else "of some words"
    ]
    if plain(value) in {plain(around.site), *map(plain, around.outlets)}:
        traits.append("the outlet's name")
    if value.endswith(("…", "...")):
        traits.append("cut off")
    if value.endswith("."):
        traits.append("a sentence")
    if value.isupper():
        traits.append("shouted")
    if _SEPARATOR.search(value):
        traits.append("of several parts")
    return traits


def _authors(marks: Marks, said: Declared, around: Around, head: int, language: str, latest: date) -> list[Claim]:
    by_rule: dict[str, list[Claim]] = {}
    for claim in said.all("author"):
        by_rule.setdefault(claim.rule, []).append(claim)
    stated = [
        Claim(tuple(c.value for c in mine), rule, mine[0].confidence, mine[0].place) for rule, mine in by_rule.items()
    ]
    found = _credited([*stated, *printed.authors(marks, head)], around)
    return found or _credited([*printed.last_authors(marks, head, language, latest)], around)


def _credited(claims: Sequence[Claim], around: Around) -> list[Claim]:
    """Claims of names; of the outlet or a desk only where they name nobody else."""
    found = []
    for claim in claims:
        people = names(claim.value, outlets=around.outlets)
        if people:
            found.append(replace(claim, value=people))
        elif everyone := names(claim.value):
            found.append(replace(claim, value=everyone, rule=f"{claim.rule}, the outlet"))
        elif desk := names(claim.value, desks=True):
            found.append(replace(claim, value=desk, rule=f"{claim.rule}, a desk"))
    return found


def _author_traits(value: tuple[str, ...], around: Around) -> list[str]:
    traits = ["one name" if len(value) == 1 else "two names" if len(value) == 2 else "many names"]
    lengths = [len(name.split()) for name in value]
    if min(lengths) == 1:
        traits.append("of one word")
    if max(lengths) > 3:
        traits.append("of many words")
    if any(name.islower() for name in value):
        traits.append("in small letters")
    if any(map(str.isdigit, "".join(value))):
        traits.append("with a number")
    if any(plain(around.site) and plain(around.site) in plain(name) for name in value):
        traits.append("with the outlet's name")
    return traits


def _dates(claims: Sequence[Claim], language: str, latest: date) -> list[Claim]:
    """Dates in one spelling, without those that cannot be."""
    found = []
    for claim in claims:
        value = collapse(claim.value[:200])
        read = read_moment(value)
        if read is None and (told := printed_dates(value, language, latest=latest)):
            read = read_moment(printed.iso(told[0]))
        if read and date(1994, 1, 1) <= read[0].date() <= latest:
            at, zoned = read
            text = at.isoformat() if zoned else at.replace(tzinfo=None).isoformat()
            found.append(replace(claim, value=text))
    return found


def _in_one_zone(claims: Sequence[Claim]) -> list[Claim]:
    """Where UTC is declared and another clock printed, and both are whole half hours apart, the page tells its zone.

    Both claims then are the printed clock with its offset: the day that readers see.
    """
    read = [read_moment(claim.value) for claim in claims]
    declared = [at for found in read if found and found[1] and _has_clock(at := found[0]) and not at.utcoffset()]
    local = [at for found in read if found and not found[1] and _has_clock(at := found[0])]
    zones: dict[datetime, datetime] = {}  # either spelling -> the one with its offset
    for utc in declared:
        for clock in local:
            seconds = (clock - utc).total_seconds() - (0 if clock.second else -utc.second)
            if seconds and abs(seconds) <= 14 * 3600 and seconds % 1800 == 0:
                moment = utc.astimezone(timezone(timedelta(seconds=seconds)))
                zones.setdefault(utc, moment)
                zones.setdefault(clock, moment)
    return [
        replace(claim, value=zones[found[0]].isoformat()) if found and found[0] in zones else claim
        for claim, found in zip(claims, read, strict=True)
    ]


def _in_zone(claims: Sequence[Claim], minutes: int | None) -> list[Claim]:
    """Dates without a zone, in the one of their country."""
    if minutes is None:
        return list(claims)
    zone = timezone(timedelta(minutes=minutes))
    return [
        replace(claim, value=found[0].replace(tzinfo=zone).isoformat())
        if (found := read_moment(claim.value)) and not found[1]
        else claim
        for claim in claims
    ]


def _regional(language: str, address: str) -> str:
    """English with the region that its domain names: only Americans write the month first."""
    country = country_of(address)
    return f"{language}-{country}" if country and language.lower() == "en" else language


def _date_traits(value: str) -> list[str]:
    traits = ["with a clock" if value[11:16] not in {"", "00:00"} else "without a clock"]
    if value[4:10] == "-01-01":
        traits.append("new year")
    if "+" in value[10:] or "-" in value[10:]:
        traits.append("with a zone")
    return traits


def _has_clock(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) != (0, 0, 0)


_LEADS = ("figure below the headline", "picture below the headline", "figure above the headline")
_FILE_ID = re.compile(r"(?=(?:[a-z]*\d){4})[a-z0-9]{7,}", re.IGNORECASE)
_DAY_ID = re.compile(r"(?:19|20)\d\d[01]\d[0-3]\d")
_CROP = re.compile(r"(?:[-_](?:scaled|\d{2,4}x\d{2,4}|[0-9a-f]{10}))+$", re.IGNORECASE)
_TINY = 300  # pixels of width below which a printed picture is a preview


def _as_printed(claims: Sequence[Claim]) -> list[Claim]:
    """Declared crops of the first picture that the page prints are that picture, as it is printed.

    What is declared is made for sharing: cut to another shape, often with the outlet's sign in it.
    """
    lead = next((claim.value for claim in claims if claim.rule in _LEADS), None)
    if lead is None or (lead.width and lead.width < _TINY):
        return list(claims)
    mine = _file_ids(lead.url)
    return [
        replace(claim, value=replace(claim.value, url=lead.url, width=lead.width, height=lead.height))
        if claim.value.url != lead.url and mine & _file_ids(claim.value.url)
        else claim
        for claim in claims
    ]


def _file_ids(url: str) -> frozenset[str]:
    """What tells a picture's file from all others, whatever its crop: long numbers, else its name."""
    stem = unquote(url).partition("?")[0].rstrip("/").rpartition("/")[2].rpartition(".")[0].casefold()
    found = frozenset(each for each in _FILE_ID.findall(stem) if not _DAY_ID.fullmatch(each))
    name = _CROP.sub("", stem)
    return found | {name} if len(name) >= 8 else found


def _image_traits(image: Image) -> list[str]:
    traits = []
    if _NO_PICTURE.search(image.url):
        traits.append("named like a logo")
    if image.url.rpartition(".")[2][:3].lower() in {"svg", "gif"}:
        traits.append("a drawing")
    if image.width:
        traits.append("large" if image.width >= 600 else "middling" if image.width >= 250 else "small")
    return traits
