"""How good an article is, how much attention its story draws, and what is shown; every number in named parts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wiredesk.config import ScoreSettings
from wiredesk.records import Article, ArticleId, Copy, Part, Rating, Tag
from wiredesk.text import words

RULES = "wiredesk-1"

VOICE = 20  # heat of one independent provider whose article is just out
QUALITY_SHARE = 0.25  # of the leader's quality that warms: it orders stories with as many voices, not above more
VOICES_NAMED = 12  # parts of their own; the rest share one
MAX_QUALITY = 120  # above what the parts can reach; after log2 of its double no half of it rounds to a point
FULL_TEXT = 300  # words from which a text is a report, not a note
FULL_EXCERPT = 80  # characters
TITLE_LENGTHS = range(25, 111)  # characters
TOPIC_HITS = 3
TRUSTED = 20
KNOWN = 10

_OPINION = frozenset(
    {"opinion", "opinions", "op-ed", "editorial", "editorials", "commentary", "comment"}
    | {"kommentar", "kommentare", "meinung", "leitartikel", "tribune", "tribunes"}
    | {"opinión", "opiniones", "columna", "editoriale", "commento", "opinie"}
)
_OPINION_TITLE = re.compile(rf"\s*(?:{'|'.join(sorted(_OPINION))})\s*[:|–—-]\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a story, with what earlier stages know of it."""

    article: Article
    tags: tuple[Tag, ...] = ()
    copy: Copy | None = None  # set when it prints another one's text
    known_organization: bool = False  # the site has a file on its provider


def settles_after(settings: ScoreSettings) -> timedelta:
    """Return how long after a story's last article its ratings stop changing: all heat has rounded to nothing."""
    return math.ceil(math.log2(2 * MAX_QUALITY) + 1) * timedelta(hours=settings.half_life_hours)


def rate_story(members: Sequence[Member], *, as_of: datetime, settings: ScoreSettings) -> list[Rating]:
    """Return quality, heat and whether it is shown, for each article of one story, in the given order.

    The leader carries the heat of the story (>= 0) and may be published; the others have heat -1.  It is the best by:
    may be published at all, original before copy, quality, time told, id.  It is published if its quality and the
    greatest heat that the story ever had reach the thresholds: cooling never takes a story away.

    Args:
        as_of: UTC, the moment of the data (the newest capture), not of the wall clock.  Later articles count as fresh.

    Source: reference records (leader, -1); decay and voices, docs/decisions/0007-heat.md.
    """
    if not members:
        return []
    parts = [quality_parts(member, settings) for member in members]
    quality = {member.article.id: _total(found) for member, found in zip(members, parts, strict=True)}

    def rank(member: Member) -> tuple[bool, bool, bool, int, datetime, ArticleId]:
        article, worth = member.article, quality[member.article.id]
        blocked = article.provider.domain in settings.blocked
        too_weak = worth < settings.publish_quality
        return blocked, too_weak, _is_reprint(member), -worth, article.told_at, article.id

    leader = min(members, key=rank).article
    warmth = _heat_parts(members, quality[leader.id], as_of, settings)
    peak = _peak(members, quality[leader.id], settings)
    ratings = []
    for member, found in zip(members, parts, strict=True):
        article = member.article
        leads = article.id == leader.id
        published, reason = _verdict(article, leader, quality[article.id], peak, settings)
        ratings.append(
            Rating(
                article=article.id,
                quality=quality[article.id],
                heat=_total(warmth) if leads else -1,
                published=published,
                quality_parts=found,
                heat_parts=warmth if leads else (_part("not the leader", 1, -1, "heat stands with the leader"),),
                reason=reason,
                rules=RULES,
            )
        )
    return ratings


def quality_parts(member: Member, settings: ScoreSettings) -> tuple[Part, ...]:
    """Return what speaks for and against `member`; points are whole and add up to its quality, 0 or more."""
    article = member.article
    found = [
        _headline(article.title),
        _share("excerpt", len(article.excerpt), FULL_EXCERPT, 10, "characters"),
        _share("text", len(words(article.text[: FULL_TEXT * 15])), FULL_TEXT, 20, "words"),
        _picture(article),
        _part(
            "author", len(article.authors), 5 if article.authors else 0, ", ".join(article.authors[:3]) or "not named"
        ),
        _part("date", float(article.published_at is not None), 5 if article.published_at else 0, _dated(article)),
        # The root is always there, with one reason of its own.
        _share("topic", max(0, sum(len(tag.reasons) for tag in member.tags) - 1), TOPIC_HITS, 15, "signs of a topic"),
        _provider(member, settings),
    ]
    if member.copy:
        note = f"{member.copy.of_copy:.0%} of its words are another one's ({member.copy.kind} copy)"
        found.append(_part("copy", member.copy.of_copy, -round(20 * member.copy.of_copy), note))
    if article.title_is_ours:
        found.append(_part("headline ours", 1, -10, "the source gave none"))
    if _is_opinion(article):
        found.append(_part("opinion", 1, -10, "not a report"))
    total = _total(found)
    if total < 0:
        found.append(_part("floor", total, -total, "quality is never below 0"))
    return tuple(found)


def _headline(title: str) -> Part:
    length = len(title)
    points = 15 if length in TITLE_LENGTHS else 10 if length > TITLE_LENGTHS.stop else 5 if length else 0
    note = f"{length} characters"
    if title.isupper() or title.count("!") > 1:
        points, note = points - 10, note + ", shouts"
    return _part("headline", length, points, note)


def _picture(article: Article) -> Part:
    image = article.image
    if image is None:
        return _part("picture", 0, 0, "none")
    if not image.width or not image.height:
        return _part("picture", 0, 4, "size unknown")
    large = image.width >= 600 and 0.5 <= image.width / image.height <= 3
    return _part("picture", image.width, 10 if large else 2, f"{image.width} x {image.height} pixels")


def _provider(member: Member, settings: ScoreSettings) -> Part:
    domain = member.article.provider.domain
    if domain in settings.trusted:
        return _part("provider", 2, TRUSTED, f"{domain} is trusted")
    if member.known_organization:
        return _part("provider", 1, KNOWN, f"{domain} has a file in organizations/")
    return _part("provider", 0, 0, domain)


def _dated(article: Article) -> str:
    return "declared" if article.published_at else "not declared, ours is used"


def _is_opinion(article: Article) -> bool:
    said = {label.casefold() for label in (article.section or "", *article.tags)}
    return bool(said & _OPINION or _OPINION_TITLE.match(article.title))


def _heat_parts(members: Sequence[Member], quality: int, as_of: datetime, settings: ScoreSettings) -> tuple[Part, ...]:
    fade = _fading(settings)
    voice_of = _voices(members, settings)
    newest: dict[str, datetime] = {}
    for member in sorted(members, key=lambda member: member.article.told_at):
        if voice := voice_of.get(member.article.id):
            newest[voice] = member.article.told_at
    voices = sorted(newest.items(), key=lambda voice: (-voice[1].timestamp(), voice[0]))
    latest = max(member.article.told_at for member in members)
    left = fade(as_of - latest)
    parts = [
        Part(
            name="quality",
            value=quality,
            weight=round(QUALITY_SHARE * left, 4),
            points=round(QUALITY_SHARE * quality * left),
            note=f"a quarter of its leader's quality warms, and {left:.0%} of that is left",
        )
    ]
    rest = 0
    for place, (voice, told_at) in enumerate(voices):
        hours = max(as_of - told_at, timedelta(0)) / timedelta(hours=1)
        points = round(VOICE * fade(as_of - told_at))
        if place < VOICES_NAMED:
            parts.append(
                Part(
                    name=voice,
                    value=round(hours, 2),
                    weight=VOICE,
                    points=points,
                    note=f"its newest article was {hours:.1f} hours old",
                )
            )
        else:
            rest += points
    if len(voices) > VOICES_NAMED:
        more = len(voices) - VOICES_NAMED
        parts.append(Part(name="other providers", value=more, weight=VOICE, points=rest, note=f"{more} more"))
    return tuple(parts)


def _peak(members: Sequence[Member], quality: int, settings: ScoreSettings) -> int:
    """Return the greatest heat that the story ever had: it can only have been when an article came out."""
    fade = _fading(settings)
    voice_of = _voices(members, settings)
    newest: dict[str, datetime] = {}
    best = 0
    for member in sorted(members, key=lambda member: member.article.told_at):
        now = member.article.told_at
        if voice := voice_of.get(member.article.id):
            newest[voice] = now
        best = max(
            best,
            round(QUALITY_SHARE * quality) + sum(round(VOICE * fade(now - told_at)) for told_at in newest.values()),
        )
    return best


def _voices(members: Sequence[Member], settings: ScoreSettings) -> dict[ArticleId, str]:
    """Return with whose voice each article speaks.

    A provider is one voice however often it writes; a reprint speaks with the voice of its origin, a reprint of a
    reprint with that of the first.  A partial copy has words of its own, and its own voice.  Blocked providers have
    none.
    """
    providers = {member.article.id: member.article.provider.domain for member in members}
    origins = {member.article.id: member.copy.origin for member in members if member.copy and _is_reprint(member)}
    voices: dict[ArticleId, str] = {}
    for member in members:
        if member.article.provider.domain not in settings.blocked:
            speaker, seen = member.article.id, set[ArticleId]()
            while speaker in origins and speaker not in seen:
                seen.add(speaker)
                speaker = origins[speaker]
            voices[member.article.id] = providers.get(speaker, f"copies of {speaker}")
    return voices


def _is_reprint(member: Member) -> bool:
    return member.copy is not None and member.copy.is_reprint


def _verdict(article: Article, leader: Article, quality: int, peak: int, settings: ScoreSettings) -> tuple[bool, str]:
    if article.provider.domain in settings.blocked:
        return False, f"Not published: {article.provider.domain} is blocked in the settings."
    if article.id != leader.id:
        return False, f"Not published by itself: “{leader.title}” ({leader.provider.name}) leads its story."
    if quality < settings.publish_quality:
        return False, f"Not published: its quality is {quality}, and {settings.publish_quality} is needed."
    if peak < settings.publish_heat:
        return False, f"Not published: its story reached heat {peak}, and {settings.publish_heat} is needed."
    return True, (
        f"Published: its quality is {quality} ({settings.publish_quality} is needed) "
        f"and its story reached heat {peak} ({settings.publish_heat} is needed)."
    )


def _fading(settings: ScoreSettings) -> Callable[[timedelta], float]:
    half_life = timedelta(hours=settings.half_life_hours)
    return lambda age: math.exp2(-(max(age, timedelta(0)) / half_life))


def _share(name: str, value: int, full: int, weight: int, unit: str) -> Part:
    note = f"{value} {unit}" if value < full else f"{full} {unit} or more"
    return _part(name, value, round(weight * min(value / full, 1)), note, weight)


def _part(name: str, value: float, points: int, note: str, weight: float | None = None) -> Part:
    return Part(name=name, value=value, weight=points if weight is None else weight, points=points, note=note)


def _total(parts: Sequence[Part]) -> int:
    return round(sum(part.points for part in parts))
