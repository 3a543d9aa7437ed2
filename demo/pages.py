"""Content -> what the papers' servers answered: article pages, AMP pages, feeds.  Templates are in `templates/`."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from content import Block, Text
from papers import LOCAL, Paper, number

FEED_ITEMS = 12
FEED_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
}
CHARSETS = {"quaysidetrade.example": "iso-8859-1"}  # all others: UTF-8

_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_GERMAN = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as a page shows it."""

    url: str
    path: str  # below its host
    width: int
    height: int
    type: str


def mobile(url: str) -> str:
    """Return the address of a page on the paper's host for telephones."""
    return url.replace("://www.", "://m.")


def iso(moment: datetime) -> str:
    """2026-09-07T08:30:00+02:00"""
    return (moment + LOCAL).strftime("%Y-%m-%dT%H:%M:%S+02:00")


def isoz(moment: datetime) -> str:
    """2026-09-07T06:30:00Z"""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def mail(moment: datetime) -> str:
    """Mon, 07 Sep 2026 06:30:00 GMT"""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def said(moment: datetime, style: str) -> str:
    """Return a local time as a paper prints it."""
    local = moment + LOCAL
    day = local.day
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return {
        "wire": f"{day} September 2026 {local:%H:%M}",
        "long": f"{_ENGLISH[local.weekday()]} {day} September 2026, {local:%H:%M}",
        "paper": f"September {day} 2026, {local:%I:%M%p}".replace(" 0", " ").lower().replace("s", "S", 1),
        "short": f"{day} September 2026",
        "trade": f"{local:%d/%m/%Y}",
        "tabloid": f"{local:%H:%M}, {day} September 2026",
        "plain": f"{day} September 2026",
        "clock": f"{local:%H:%M}",
        "de": f"{_GERMAN[local.weekday()]}, {day}. September 2026, {local:%H:%M} Uhr",
        "ordinal": f"{day}{ending} September 2026, {local:%H:%M}",
    }[style]


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
_TEMPLATES.globals.update(iso=iso, isoz=isoz, mail=mail, said=said)


def page(
    paper: Paper, text: Text, now: datetime, picture: Picture | None, earlier: Sequence[Text], *, amp: bool = False
) -> bytes:
    """Return an article's page as it stood at `now`; `earlier` are the paper's other texts by then, newest first."""
    blocks = text.blocks_at(now)
    url = paper.url(text)
    view: dict[str, Any] = {
        "title": text.title_at(now),
        "url": url,
        "amp_url": paper.amp(url) if text.amp else "",
        "excerpt": text.excerpt,
        "authors": text.authors,
        "byline": " and ".join(text.authors) or ("Meridian Wire" if text.original else paper.name),
        "published": text.published,
        "modified": text.changed_at(now),
        "section": text.section,
        "language": text.language,
        "number": number(text, 6),
        "minutes": max(1, sum(len(line.split()) for _, lines in blocks for line in lines) // 200),
        "blocks": blocks,
        "picture": picture,
        "caption": text.caption,
        "credit": text.credit,
        "tags": text.tags,
    }
    view["linked"] = _linked(paper, text, view)
    related = [(other.title_at(now), paper.url(other)) for other in earlier[:4]]
    template = _TEMPLATES.get_template("amp.html" if amp else f"{paper.label}.html")
    shown = {"p": _Shown(paper), "a": view, "related": related, "popular": paper.popular}
    charset = CHARSETS.get(paper.domain, "utf-8")
    return template.render(shown).encode(charset, "xmlcharrefreplace")


def feed(paper: Paper, texts: Sequence[Text], now: datetime, pictures: dict[str, Picture]) -> bytes:
    """Return the paper's feed at `now`: its newest texts, with the headlines of that hour, and with its usual lies."""
    listed = sorted((t for t in texts if t.published <= now), key=lambda t: (t.published, t.path), reverse=True)
    items = [_item(paper, text, now, pictures.get(text.path)) for text in listed[:FEED_ITEMS]]
    if paper.feed == "json":
        return _json_feed(paper, items)
    changed = max((item["modified"] for item in items), default=now)
    template = _TEMPLATES.get_template(f"{paper.feed}.xml")
    charset = CHARSETS.get(paper.domain, "utf-8")
    return template.render(p=_Shown(paper), items=items, now=changed).encode(charset, "xmlcharrefreplace")


class _Shown:
    """A paper with what templates need besides."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self.feed_type = FEED_TYPES[paper.feed]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._paper, name)


def _item(paper: Paper, text: Text, now: datetime, picture: Picture | None) -> dict[str, Any]:
    blocks = text.blocks_at(now)
    url, title = paper.url(text), text.title_at(now)
    link = url
    if "mobile" in paper.lies:
        link = mobile(url)
    if "relative-links" in paper.lies:
        link = paper.address(text)
    if "campaign" in paper.lies:
        link += ("&" if "?" in link else "?") + paper.campaign
    as_html = paper.feed == "atom" or "escaped-twice" in paper.lies
    return {
        "title": html.escape(title, quote=False) if as_html else title,
        "plain_title": title,
        "link": link,
        "url": url,
        "guid": f"https://{paper.host}/" if "one-guid" in paper.lies else f"{paper.label}-{number(text, 8)}",
        "number": number(text, 6),
        "summary": text.excerpt or _first_sentences(blocks),
        "html": _fragment(blocks) if paper.full_text else "",
        "published": text.published,
        "modified": text.changed_at(now),
        "authors": text.authors,
        "tags": text.tags,
        "picture": picture if paper.feed != "rdf" else None,
    }


def _json_feed(paper: Paper, items: Sequence[dict[str, Any]]) -> bytes:
    entries = []
    for item in items:
        entry = {"id": item["guid"], "url": item["url"], "title": item["plain_title"]}
        entry |= {"content_html": item["html"]} if paper.full_text else {"summary": item["summary"]}
        entry |= {"date_published": iso(item["published"])}
        entry |= {"date_modified": iso(item["modified"])} if item["modified"] > item["published"] else {}
        entry |= {"authors": [{"name": name} for name in item["authors"]]} if item["authors"] else {}
        entry |= {"tags": list(item["tags"])} if item["tags"] else {}
        entry |= {"image": item["picture"].url} if item["picture"] else {}
        entries.append(entry)
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": paper.name,
        "home_page_url": paper.home,
        "feed_url": f"https://{paper.host}{paper.feed_path}",
        "language": "en",
        "items": entries,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _first_sentences(blocks: Sequence[Block]) -> str:
    first = next((lines[0] for kind, lines in blocks if kind == "p"), "")
    return first if len(first) <= 220 else first[:217].rsplit(" ", 1)[0] + "..."


def _fragment(blocks: Sequence[Block]) -> str:
    tags = {"p": "p", "h2": "h3", "quote": "blockquote"}
    parts = []
    for kind, lines in blocks:
        if kind == "list":
            parts.append("<ul>" + "".join(f"<li>{html.escape(line, quote=False)}</li>" for line in lines) + "</ul>")
        else:
            parts.append(f"<{tags[kind]}>{html.escape(lines[0], quote=False)}</{tags[kind]}>")
    return "".join(parts)


def _linked(paper: Paper, text: Text, view: dict[str, Any]) -> str:
    """JSON-LD as the paper's system writes it."""
    moment = isoz if paper.label in ("sundtimes", "varlandbroadcasting") else iso
    kind = {"bitanchor": "BlogPosting", "tidewatch": "Article"}.get(paper.label, "NewsArticle")
    if text.kind == "live":
        kind = "LiveBlogPosting"
    elif text.kind == "opinion" and paper.label == "sundtimes":
        kind = "OpinionNewsArticle"
    picture: Picture | None = view["picture"]
    people = [{"@type": "Person", "name": name} for name in text.authors]
    thing: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "headline": view["title"],
        "mainEntityOfPage": {"@type": "WebPage", "@id": view["url"]},
        "url": view["url"],
        "datePublished": moment(text.published),
        "dateModified": moment(view["modified"]),
        "author": people or {"@type": "Organization", "name": view["byline"]},
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": paper.name,
            "url": paper.home,
            "logo": {"@type": "ImageObject", "url": f"{paper.home}logo.png", "width": 64, "height": 64},
        },
        "articleSection": text.section,
        "inLanguage": text.language,
    }
    if text.excerpt:
        thing["description"] = text.excerpt
    if text.tags:
        thing["keywords"] = list(text.tags)
    if picture:
        sized = {"width": picture.width, "height": picture.height}
        thing["image"] = {"@type": "ImageObject", "url": picture.url, **sized, "creditText": text.credit}
    if kind == "LiveBlogPosting":
        thing["coverageStartTime"] = moment(text.published)
    if paper.label == "sundtimes":
        context = thing.pop("@context")
        crumbs = {
            "@type": "BreadcrumbList",
            "itemListElement": [{"@type": "ListItem", "position": 1, "name": text.section}],
        }
        thing = {
            "@context": context,
            "@graph": [{"@type": "WebSite", "name": paper.name, "url": paper.home}, crumbs, thing],
        }
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def short_hash(data: bytes | str) -> str:
    """Return 16 hex digits that stand for `data`."""
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()[:16]
