"""Quality, heat and `published` by the reference site's rules (record-format.md, sections 6 and 7), exactly.

    quality = max(0, 2·T + 15·K + 20·I + 20·A + S − P)

Two things of the reference are left out, since no output shows how they come about: the bonus of 1 to 8 points of heat
for readers' clicks, which never changes `published`, and what decides between equal qualities other than time.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from wiredesk.config import RuleSettings
from wiredesk.records import Article, Part, Rating, Tag, Topic

RULES = "reference-1"
LONG_TITLE = 70  # characters, from which a title costs quality
LEADS = 50  # quality from which related articles warm a leader
SHOWN = 70  # heat from which a leader is published
OFFICIAL, OFFICIAL_VIDEO, OFFICIAL_PLAYER = 50, 100, 150  # source bonus

Member = tuple[Article, tuple[Tag, ...]]


class _Rank(NamedTuple):
    """Sorts a leader first."""

    lacking: int  # quality, negative
    told_at: datetime
    id: str  # "" for an article that is only named


_Keywords = Mapping[str, Sequence[str]]  # topic name -> its keywords


def keyword_hits(title: str, keywords: Sequence[str]) -> int:
    """Return K: how many of `keywords`, repeats counted, occur in `title` as a substring, case aside."""
    lowered = title.lower()
    return sum(keyword.lower() in lowered for keyword in keywords)


def long_title_penalty(title: str) -> int:
    """Return P: half a point for each character after the 70th, rounded down."""
    return max(0, (len(title) - LONG_TITLE) // 2)


def source_bonus(article: Article, organizations: Container[str], organization_bonus: int) -> tuple[int, str]:
    """Return S, and why."""
    if article.official:
        player = bool(article.record and article.record.get("featuredContent"))
        if article.kind == "video":
            return OFFICIAL_VIDEO, "official video"
        return (OFFICIAL_PLAYER, "official text with a player") if player else (OFFICIAL, "official text")
    if article.provider.domain in organizations:
        return organization_bonus, "known organisation"
    return 0, "no organisation that we know"


def quality_parts(
    title: str, topics: int, keywords: Sequence[str], *, image: bool, amp: bool, bonus: int, bonus_note: str = ""
) -> tuple[Part, ...]:
    """Return the terms of quality, each with its points.

    Args:
        title: As received.
        topics: T, the number of topics.
        keywords: Of these topics, as listed in their files.
        image: Whether the record has a picture.
        amp: Whether it has an AMP page.
        bonus: S, for the source.
        bonus_note: Why.
    """
    terms = (
        ("topics", topics, 2.0, ""),
        ("keywords in the title", keyword_hits(title, keywords), 15.0, ""),
        ("picture", int(image), 20.0, ""),
        ("AMP page", int(amp), 20.0, ""),
        ("source", bonus, 1.0, bonus_note),
        ("long title", long_title_penalty(title), -1.0, f"{len(title)} characters"),
    )
    return tuple(Part(name=n, value=float(v), weight=w, points=v * w, note=note) for n, v, w, note in terms)


def quality(parts: Sequence[Part]) -> int:
    """Return the sum of the parts, not below 0."""
    return max(0, round(sum(part.points for part in parts)))


def heat(own: int, related: int, *, leads: bool, weight: int) -> int:
    """Return −1 for an article that another one leads, else its quality with `weight` for each related article.

    A leader below 50 draws nothing from the others.
    """
    if not leads:
        return -1
    return own + weight * related if own >= LEADS else own


def published(own: int, warmth: int) -> bool:
    """Say whether an article of this quality and heat is shown."""
    return own >= LEADS and warmth >= SHOWN


def rate(
    group: Sequence[Member], *, tree: Iterable[Topic], organizations: Container[str], rules: RuleSettings
) -> list[Rating]:
    """Return the ratings of the articles of one story, in the order of `group`.

    An article leads if none of its companions has more quality; among equals the earlier leads, then the lower id.
    The companions of an imported record are those that it names, and articles that came since; those of any other
    article are the rest of its story.  So a site that moves sees the numbers that it had, also where a part of its
    records is missing.  A record that was taken down by hand (`removed`) is not published.
    """
    keywords = {topic.name: topic.keywords for topic in tree}
    parts = [_parts(article, tags, keywords, organizations, rules) for article, tags in group]
    qualities = [quality(each) for each in parts]
    ranks = [_Rank(-own, article.told_at, article.id) for (article, _), own in zip(group, qualities, strict=True)]
    fresh = [rank for (article, _), rank in zip(group, ranks, strict=True) if article.record is None]
    ratings = []
    for (article, _), own, rank, each in zip(group, qualities, ranks, parts, strict=True):
        others = ranks if article.record is None else [*_named_ranks(article.record), *fresh]
        companions = [other for other in others if other is not rank]
        leads = all(rank <= other for other in companions)
        warmth = heat(own, len(companions), leads=leads, weight=rules.weight_per_related)
        removed = bool(article.record and article.record.get("removed"))
        shown = published(own, warmth) and not removed
        ratings.append(
            Rating(
                article=article.id,
                quality=own,
                heat=warmth,
                published=shown,
                quality_parts=each,
                heat_parts=_heat_parts(own, warmth, len(companions), rules.weight_per_related),
                reason=_reason(own, warmth, shown, removed),
                rules=RULES,
            )
        )
    return ratings


def _parts(
    article: Article, tags: Sequence[Tag], keywords: _Keywords, organizations: Container[str], rules: RuleSettings
) -> tuple[Part, ...]:
    bonus, note = source_bonus(article, organizations, rules.organization_bonus)
    if article.record is not None and (scored := _bonus_of(article.record, keywords)) is not None:
        bonus, note = scored, "as the record was scored"
    return quality_parts(
        article.title,
        len(tags),
        keywords_of((tag.topic for tag in tags), keywords),
        image=article.image is not None,
        amp=article.amp_url is not None,
        bonus=bonus,
        bonus_note=note,
    )


def _bonus_of(record: Mapping[str, Any], keywords: _Keywords) -> int | None:
    """Return the bonus that an imported record was scored with: what its quality holds beyond the other terms.

    Whether a source was official or known at the time stands nowhere else in a record.  A quality of 0 had none to
    speak of.  None where the record has no quality.
    """
    own, names, title = record.get("quality"), record.get("topics"), record.get("title")
    if own == 0:
        return 0
    if not isinstance(own, int) or not isinstance(names, Sequence) or not isinstance(title, str):
        return None
    words = keywords_of(map(str, names), keywords)
    image, amp = bool(record.get("images")), bool(record.get("ampWebUrl"))
    terms = quality_parts(title, len(names), words, image=image, amp=amp, bonus=0)
    return own - round(sum(part.points for part in terms))


def _named_ranks(record: Mapping[str, Any]) -> list[_Rank]:
    """Return the ranks of the articles that a record names as related."""
    entries = record.get("related") or ()
    named = [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, Sequence) else []
    return [_Rank(-_number(entry.get("quality")), _moment(entry.get("publishedDateTime")), "") for entry in named]


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _moment(value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)


def keywords_of(topics: Iterable[str], keywords: _Keywords) -> list[str]:
    """Return the keywords of these topics, repeats kept; a topic that the tree lacks has none."""
    return [keyword for name in topics for keyword in keywords.get(name, ())]


def _heat_parts(own: int, warmth: int, related: int, weight: int) -> tuple[Part, ...]:
    if warmth < 0:
        return (Part(name="led by another", value=1.0, weight=-1.0, points=-1.0),)
    base = Part(name="quality", value=float(own), weight=1.0, points=float(own))
    if own < LEADS:
        return (base,)
    return (
        base,
        Part(name="related articles", value=float(related), weight=float(weight), points=float(related * weight)),
    )


def _reason(own: int, warmth: int, shown: bool, removed: bool) -> str:
    if removed:
        return "Taken down by hand."
    if warmth < 0:
        return "Another article of its story has more quality."
    if shown:
        return f"It leads its story, and its heat of {warmth} reaches {SHOWN}."
    if own < LEADS:
        return f"Its quality of {own} is below {LEADS}."
    return f"Its heat of {warmth} is below {SHOWN}."
