"""Items as the templates want them: plain text, checked addresses, times in words.

Everything that outlets wrote is hostile until it went through here and Jinja's escaping.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlsplit

from wiredesk.publish.images import held_path
from wiredesk.publish.site.words import Words
from wiredesk.records import Article, ArticleId, Background, Development, Image, Item, Part, Provider
from wiredesk.text import collapse, shorten

EXCERPT = 260  # characters of an excerpt on a page: about three lines
ADDED = 4  # things that a text adds, named beside it
REASONS = 2  # and where it is named beside another one
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # can make a name read as another
_HUES = 8
_RTL = frozenset({"ar", "fa", "he", "ur"})
_BUCKET_HOURS = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720)
_BUCKETS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time: `iso` for machines, `full` for people, `clock` where the day is plain from its place, `date` else."""

    iso: str
    full: str
    clock: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language other than the site's."""

    code: str
    name: str
    rtl: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that the site holds; sizes in pixels."""

    path: str
    width: int | None
    height: int | None
    alt: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A provider as shown: `page` is "" where it has no page, `icon` where we hold none."""

    name: str
    page: str
    initials: str
    hue: int  # 0-7, fixed by the domain
    icon: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A headline that was replaced."""

    title: str
    until: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article as a line, a card or a headline."""

    id: str
    title: str
    href: str  # page at the outlet; "" where the address cannot be a link
    excerpt: str
    authors: str
    outlet: Outlet
    time: Moment
    seen: Moment
    day: str  # YYYY-MM-DD
    language: Language | None  # None: the site's own
    picture: Picture | None
    story: str  # path of its story page
    others: int  # other articles of its story
    video: bool
    edits: tuple[Edit, ...]
    text_changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A text in the order of its story's telling, and the outlets that print it too."""

    report: Report
    time: Moment  # when it was told
    day: str  # YYYY-MM-DD
    copies: tuple[Report, ...]
    leads: bool
    first: bool  # we saw it or a copy of it before all others
    opens: bool  # it was told first: all that it says is new
    news: bool  # it adds something
    adds: tuple[str, ...]  # what it adds, the first few
    more: int  # and how much besides
    misdated: bool  # its own date is wrong, and ours stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A text to read beside another one, and why."""

    report: Report
    voice: bool
    adds: tuple[str, ...]
    copies: tuple[Report, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of the picture of reports over time; numbers in a field of 100 x 24."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCard:
    """A story on the front page."""

    lead: Report
    copies: tuple[Report, ...]  # print the leader's text, or it prints theirs
    more: tuple[Report, ...]  # other voices, with headline
    also: tuple[Report, ...]  # and still others, by name only
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One part of a score, numbers as text."""

    name: str
    value: str
    weight: str
    points: str
    note: str


def plain(value: str) -> str:
    """Return one line without control characters, those included that turn the direction of writing."""
    return collapse(_BIDI_CONTROLS.sub("", value))


def safe_href(url: str) -> str:
    """Return `url` when it is an absolute http(s) address, else ""."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        usable = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return url if usable and not re.search(r"[\s\x00-\x20\x7f\\]", url) else ""


def story_path(story: str) -> str:
    """Return the path of a story page, from the site's root."""
    return f"story/{quote(story)}/"


def moment(at: datetime, words: Words) -> Moment:
    """Return a time for pages; UTC."""
    at = at.astimezone(UTC)
    return Moment(iso=_iso(at), full=words.moment(at), clock=f"{at:%H:%M}", date=words.date(at))


def picture(image: Image | None) -> Picture | None:
    """Return a picture that we hold; None for all others: pages load nothing from elsewhere."""
    path = held_path(image)
    if image is None or path is None:
        return None
    return Picture(
        path=path,
        width=image.width,
        height=image.height,
        alt=shorten(plain(image.title or ""), 200),
        credit=shorten(plain(image.attribution or ""), 120),
    )


def outlet(provider: Provider, *, has_page: bool) -> Outlet:
    """Return a provider with its tile: an icon, or up to two initials on one of eight colours."""
    name = plain(provider.name) or provider.domain
    letters = [word[0] for word in re.findall(r"[^\W_]+", name) if word.lower() not in {"the", "der", "die", "das"}]
    return Outlet(
        name=name,
        page=f"provider/{quote(provider.domain)}/" if has_page else "",
        initials="".join(letters[:2]).upper() or name[:1].upper(),
        hue=zlib.crc32(provider.domain.encode("utf-8", "replace")) % _HUES,
        icon=next((held for held in map(picture, provider.images) if held), None),
    )


def report(item: Item, words: Words) -> Report:
    """Return an item as the pages show it."""
    article = item.article
    people = [name for name in map(plain, article.authors) if name not in {"", plain(article.provider.name)}]
    return Report(
        id=article.id,
        title=plain(article.title) or plain(article.provider.name) or article.provider.domain,
        href=safe_href(article.canonical_url),
        excerpt=shorten(plain(article.excerpt), EXCERPT),
        authors=shorten(", ".join(people), 90),
        outlet=outlet(article.provider, has_page=item.rating.published),
        time=moment(article.told_at, words),
        seen=moment(article.first_seen_at, words),
        day=article.told_at.date().isoformat(),
        language=_language(article.language, words),
        picture=picture(article.image),
        story=story_path(item.story),
        others=len(item.related),
        video=article.kind == "video",
        edits=_edits(article, words),
        text_changes=sum(old.text != new.text for old, new in pairwise(article.versions)),
    )


def reporter(words: Words) -> Callable[[Item], Report]:
    """Return `report` for one page: what stands on it several times is made once."""
    made: dict[ArticleId, Report] = {}

    def once(item: Item) -> Report:
        id = item.article.id
        return made.get(id) or made.setdefault(id, report(item, words))

    return once


def fold(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """Put items that print one text together: the origin first, then the others in the order given.

    Groups stand in the order of their first item.  A chain of copies (b of a, c of b) is one group, and copies of a
    text that is not among the items still belong together.  A partial copy has a voice of its own.
    """
    held = {item.article.id: item for item in items}

    def root(item: Item) -> str:
        seen = {item.article.id}
        while item.copy is not None and item.copy.is_reprint:
            origin = item.copy.origin
            if origin not in held:
                return origin
            if origin in seen:  # they name each other
                return min(seen)
            seen.add(origin)
            item = held[origin]
        return item.article.id

    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(root(item), []).append(item)
    return [tuple(sorted(group, key=lambda item: item.article.id != origin)) for origin, group in groups.items()]


def story_card(items: Sequence[Item], words: Words, *, headlines: int = 5) -> StoryCard:
    """Return a story for the front page: `items` leader first.  `headlines` other voices keep their headline."""
    leader = front_item(items)
    groups = fold(items)
    mine = next(group for group in groups if leader in group)
    others = [report(group[0], words) for group in groups if group is not mine]
    lead = report(leader, words)
    shown = lead.picture or next((other.picture for other in others if other.picture), None)
    return StoryCard(
        lead=replace(lead, picture=shown),  # a story is seldom without a picture because its leader is
        copies=tuple(report(item, words) for item in mine if item is not leader),
        more=tuple(others[:headlines]),
        also=tuple(others[headlines:]),
        reports=len(items),
    )


def front_item(items: Sequence[Item]) -> Item:
    """Return the item that stands for its story: the first published one, else the leader."""
    return next((item for item in items if item.rating.published), items[0])


def developments(
    items: Sequence[Item], background: Background, words: Words, report: Callable[[Item], Report]
) -> list[Step]:
    """Return the texts of a story in the order of time, those that add nothing last; copies under their text."""
    leader = front_item(items).article.id
    held = {item.article.id: item for item in items}

    def step(one: Development, *, opens: bool, news: bool) -> Step:
        at = moment(one.at, words)
        return Step(
            report=report(held[one.article]),
            time=at,
            day=at.iso[:10],
            copies=tuple(report(held[copy]) for copy in one.copies),
            leads=leader == one.article,
            first=background.first in {one.article, *one.copies},
            opens=opens,
            news=news,
            adds=tuple(plain(fact) for fact in one.adds[:ADDED]),
            more=max(0, len(one.adds) - ADDED),
            misdated=one.misdated,
        )

    return [
        *(step(one, opens=number == 0, news=True) for number, one in enumerate(background.developments)),
        *(step(one, opens=False, news=False) for one in background.also),
    ]


def beside(
    items: Sequence[Item], background: Background, report: Callable[[Item], Report], *, limit: int = 5
) -> list[Side]:
    """Return the texts worth reading beside the front item, best first."""
    held = {item.article.id: item for item in items}
    return [
        Side(
            report=report(held[one.article]),
            voice=one.voice,
            adds=tuple(plain(fact) for fact in one.adds[:REASONS]),
            copies=tuple(report(held[copy]) for copy in one.copies),
        )
        for one in background.beside[:limit]
    ]


def bars(times: Iterable[datetime]) -> tuple[Bar, ...]:
    """Return how many reports came when, as bars in a field of 100 x 24; empty for fewer than three reports."""
    moments = sorted(times)
    if len(moments) < 3:
        return ()
    span = moments[-1] - moments[0]
    hours = next((h for h in _BUCKET_HOURS if span < timedelta(hours=h) * _BUCKETS), _BUCKET_HOURS[-1])
    step = max(timedelta(hours=hours), span / (_BUCKETS - 1))
    counts = [0] * (int(span / step) + 1)
    for at in moments:
        counts[int((at - moments[0]) / step)] += 1
    width = 100 / len(counts)
    unit = 24 / max(counts)
    return tuple(
        Bar(x=round(at * width, 2), y=round(24 - n * unit, 2), width=round(width - 0.6, 2), height=round(n * unit, 2))
        for at, n in enumerate(counts)
        if n
    )


def scores(parts: Iterable[Part]) -> tuple[Score, ...]:
    """Return the parts of a score for a table."""
    return tuple(
        Score(
            name=plain(part.name),
            value=_number(part.value),
            weight=_number(part.weight),
            points=_number(part.points),
            note=plain(part.note),
        )
        for part in parts
    )


def linked_data(items: Sequence[Item], address: str, name: str) -> str:
    """Return a schema.org ItemList of NewsArticles as JSON that is safe inside a script element."""
    value: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": plain(name),
        "url": address,
        "numberOfItems": len(items),
        "itemListElement": [
            {"@type": "ListItem", "position": position, "item": _news_article(item.article)}
            for position, item in enumerate(items, 1)
        ],
    }
    text = json.dumps(value, ensure_ascii=False, sort_keys=False)
    for letter in "<>&\u2028\u2029":  # "</script>" and "<!--" would end or bend the element
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _news_article(article: Article) -> dict[str, Any]:
    value: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": plain(article.title),
        "datePublished": _iso(article.told_at),
        "publisher": {"@type": "Organization", "name": plain(article.provider.name)},
    }
    if url := safe_href(article.canonical_url):
        value["url"] = url
    if article.language:
        value["inLanguage"] = plain(article.language)
    if article.authors:
        value["author"] = [{"@type": "Person", "name": plain(author)} for author in article.authors]
    return value


def _language(code: str | None, words: Words) -> Language | None:
    if code is None or code == words.language or not re.fullmatch(r"[a-z]{2,3}", code):
        return None
    return Language(code=code, name=words.languages.get(code, code.upper()), rtl=code in _RTL)


def _edits(article: Article, words: Words) -> tuple[Edit, ...]:
    return tuple(
        Edit(title=plain(old.title), until=moment(new.seen_at, words))
        for old, new in pairwise(article.versions)
        if plain(old.title) and plain(old.title) != plain(new.title)
    )


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
