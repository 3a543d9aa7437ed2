"""What a feed says of an article -> Draft: stands alone where the page cannot be had, fills gaps where it can."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import nh3

from wiredesk.extract.language import language_code
from wiredesk.extract.people import names
from wiredesk.records import Draft, Source, WireItem
from wiredesk.text import clean, collapse, shorten
from wiredesk.urls import canonical, registrable_domain

_EXCERPT = 480  # characters
_FULL_TEXT = 600  # characters from which a feed's content is the article, not a teaser
_BLOCKS = frozenset({"p", "br", "li", "h1", "h2", "h3", "h4", "blockquote", "div", "tr"})


def draft_from_wire(item: WireItem, observed_at: datetime, *, source: Source | None = None) -> Draft:
    """Return what `item` tells.

    Args:
        observed_at: When the feed was received.
        source: The place it came from, if it is one of the site's: gives topics, and whether its tags count.

    Raises:
        ValueError: The item's address is none that could be asked for.
    """
    text = _plain(item.content_html or "")
    text = text if len(text) >= _FULL_TEXT else ""
    excerpt = shorten(item.summary or _plain(item.content_html or "").replace("\n\n", " "), _EXCERPT)
    official = source is not None and source.official
    draft = Draft(
        address=canonical(item.url),
        origin="wire",
        observed_at=observed_at,
        title=collapse(item.title),
        provider_name=_outlet(item, source),
        excerpt=excerpt,
        authors=names(item.authors),
        published_at=item.published_at or item.updated_at,  # RSS 1.0 and many Atom feeds have one date only
        updated_at=item.updated_at,
        language=language_code(item.language),
        tags=item.tags,
        image=item.image,
        text=text,
        source_url=item.source_url,
        official=official,
        source_topics=(*(source.topics if source else ()), *(item.tags if official else ())),
    )
    fields = (
        "title",
        "provider_name",
        "excerpt",
        "authors",
        "published_at",
        "updated_at",
        "language",
        "tags",
        "image",
        "text",
    )
    filled = [field for field in fields if getattr(draft, field)]
    return replace(draft, rules=dict.fromkeys(filled, "feed"), confidence=dict.fromkeys(filled, 0.6))


def _outlet(item: WireItem, source: Source | None) -> str | None:
    """A feed is named after its outlet, if it is the outlet's own and not a collection of others."""
    if source is None or not source.title or registrable_domain(source.url) != registrable_domain(item.url):
        return None
    return collapse(source.title)


def _plain(html: str) -> str:
    """Return hostile HTML as paragraphs of text."""
    if not html:
        return ""
    tidy = nh3.clean(html, tags=set(_BLOCKS), attributes={})
    for tag in _BLOCKS:
        tidy = tidy.replace(f"<{tag}>", "\n\n").replace(f"</{tag}>", "\n\n")
    text = nh3.clean(tidy, tags=set()).replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ")
    paragraphs = (collapse(part) for part in clean(text.replace("&amp;", "&")).split("\n\n"))
    return "\n\n".join(part for part in paragraphs if part)
