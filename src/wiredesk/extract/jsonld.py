"""JSON-LD of a page: its nodes as plain dicts, also from JSON that is slightly broken.

Source: schema.org's types of articles and of the publishers that use them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

Node = dict[str, Any]

ARTICLE_TYPES = frozenset(
    (
        "Article NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle OpinionNewsArticle "
        "ReportageNewsArticle ReviewNewsArticle AdvertiserContentArticle SatiricalArticle BlogPosting LiveBlogPosting "
        "SocialMediaPosting DiscussionForumPosting TechArticle ScholarlyArticle MedicalScholarlyArticle Report Recipe "
        "Review CriticReview PodcastEpisode Column"
    ).split()
)
VIDEO_TYPES = frozenset({"VideoObject", "Clip", "BroadcastEvent"})
LISTING_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ItemList"})

_MOST_NODES = 4000  # a page that says more about itself says it to tire readers out
_MOST_CHARACTERS = 2_000_000
_WRAPPER = re.compile(r"^\s*(?:<!\[CDATA\[|<!--|/\*.*?\*/|//\s*<!\[CDATA\[)+|(?://\s*)?(?:\]\]>|-->|;)+\s*$", re.DOTALL)
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")


def parse_blocks(blocks: Sequence[str]) -> list[Node]:
    """Return all objects with a type or an id in these blocks, outermost first, in their order."""
    nodes: list[Node] = []
    for block in blocks:
        for value in _values(block[:_MOST_CHARACTERS]):
            nodes.extend(_walk(value, _MOST_NODES - len(nodes)))
    return nodes


def types_of(node: Node) -> frozenset[str]:
    """Return the types of `node` without the prefix of their vocabulary."""
    return frozenset(str(kind).rpartition("/")[2].rpartition(":")[2] for kind in as_list(node.get("@type")))


def as_list(value: Any) -> list[Any]:
    """Return `value` as a list: itself, alone, or nothing."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _values(block: str) -> Iterator[Any]:
    block = _WRAPPER.sub("", block.strip()).strip()
    for attempt in (block, _LAST_COMMA.sub("", block), html.unescape(block)):
        try:
            yield json.loads(attempt, strict=False)
            return
        except (ValueError, RecursionError):
            continue
    try:  # several objects one after another, or rubbish behind the first
        decoder, at = json.JSONDecoder(strict=False), 0
        while (at := block.find("{", at)) >= 0:
            value, at = decoder.raw_decode(block, at)
            yield value
    except (ValueError, RecursionError):
        return


def _walk(value: Any, most: int) -> Iterator[Node]:
    """Breadth first, so that the page's own node comes before those that it mentions."""
    level = [value]
    while level and most > 0:
        below: list[Any] = []
        for each in level:
            if isinstance(each, list):
                below.extend(each)
            elif isinstance(each, dict):
                if "@type" in each or "@id" in each:
                    yield each
                    most -= 1
                    if most <= 0:
                        return
                below.extend(v for v in each.values() if isinstance(v, (dict, list)))
        level = below
