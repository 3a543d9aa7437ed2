"""Quality, heat and `published` by the reference site's rules (record-format.md, sections 6 and 7), exactly.

    quality = max(0, 2·T + 15·K + 20·I + 20·A + S − P)

Two things of the reference are left out, since no output shows how they come about: the bonus of 1 to 8 points of heat
for readers' clicks, which never changes `published`, and what decides between equal qualities other than time.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from wiredesk.config import RuleSettings
from wiredesk.records import Article, Part, Rating, Tag, Topic

RULES = "reference-1"
LONG_TITLE = 70  # characters, from which a title costs quality
LEADS = 50  # quality from which related articles warm a leader
SHOWN = 70  # heat from which a leader is published
OFFICIAL, OFFICIAL_VIDEO, OFFICIAL_PLAYER = 50, 100, 150  # source bonus

Member = tuple[Article, tuple[Tag, ...]]
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

    The leader is the one with the highest quality; among equals the earlier, then the one with the lower id.
    A record that was taken down by hand (`removed`) is not published.
    """
    keywords = {topic.name: topic.keywords for topic in tree}
    parts = [_parts(article, tags, keywords, organizations, rules) for article, tags in group]
    qualities = [quality(each) for each in parts]
    ranks = [(-own, article.told_at, article.id) for (article, _), own in zip(group, qualities, strict=True)]
    leader = min(ranks, default=None)
    ratings = []
    for (article, _), own, rank, each in zip(group, qualities, ranks, parts, strict=True):
        leads = rank == leader
        warmth = heat(own, len(group) - 1, leads=leads, weight=rules.weight_per_related)
        removed = bool(article.record and article.record.get("removed"))
        shown = published(own, warmth) and not removed
        ratings.append(
            Rating(
                article=article.id,
                quality=own,
                heat=warmth,
                published=shown,
                quality_parts=each,
                heat_parts=_heat_parts(own, warmth, len(group) - 1, rules.weight_per_related),
                reason=_reason(own, warmth, shown, removed),
                rules=RULES,
            )
        )
    return ratings


def _parts(
    article: Article, tags: Sequence[Tag], keywords: _Keywords, organizations: Container[str], rules: RuleSettings
) -> tuple[Part, ...]:
    bonus, note = source_bonus(article, organizations, rules.organization_bonus)
    return quality_parts(
        article.title,
        len(tags),
        keywords_of((tag.topic for tag in tags), keywords),
        image=article.image is not None,
        amp=article.amp_url is not None,
        bonus=bonus,
        bonus_note=note,
    )


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
