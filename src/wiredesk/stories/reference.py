"""Groups as the reference site forms them (record-format.md, section 8): links, closed to connected components.

What the reference means by a link is unknown.  Ours: two articles at most 7 days apart whose titles and excerpts have
a cosine of at least 0.25 over TF-IDF weights.  At that value six links in ten stay within one of the site's own groups
on Azure, and chains stay below 40 articles; lower values chain hundreds together.  Imported records bring their own
links, and those alone decide between two imported records.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from wiredesk.records import Article, ArticleId, Join, Story, StoryId
from wiredesk.text import words

LINK_SIMILARITY = 0.25  # cosine, 0-1
LINK_DAYS = timedelta(days=7)
_COMMON = 0.2  # words in more than this share of the articles weigh nothing …
_COMMON_AT_LEAST = 20  # … nor do so in fewer articles than these: a handful says nothing about words
_SHOWN = 5  # words named in a join


class _Link(NamedTuple):
    similarity: float  # 1.0 where a record states it
    low: int  # positions in the order (told_at, id)
    high: int


def group(articles: Sequence[Article]) -> list[Story]:
    """Return the stories of `articles`, by their first article; each article is in exactly one.

    The answer does not depend on the order of `articles`, but every new article may change it: the reference forms its
    groups anew at each run.
    """
    ordered = sorted(articles, key=lambda article: (article.told_at, article.id))
    vectors = _vectors(ordered)
    links = [*_stated(ordered), *_similar(ordered, vectors)]
    strongest: dict[int, _Link] = {}
    leader = list(range(len(ordered)))
    for link in links:
        _merge(leader, link.low, link.high)
        for end in (link.low, link.high):
            strongest[end] = max(
                strongest.get(end, link), link, key=lambda each: (each.similarity, -each.low, -each.high)
            )
    components: dict[int, list[int]] = defaultdict(list)
    for position in range(len(ordered)):
        components[_find(leader, position)].append(position)
    return [_story(members, ordered, vectors, strongest) for members in components.values()]


def _story(
    members: Sequence[int],
    ordered: Sequence[Article],
    vectors: Sequence[Mapping[str, float]],
    strongest: Mapping[int, _Link],
) -> Story:
    first_seen = min((ordered[each] for each in members), key=lambda article: (article.first_seen_at, article.id))
    joins = [Join(article=ordered[members[0]].id, similarity=1.0, threshold=LINK_SIMILARITY, shared=())]
    for each in members[1:]:
        link = strongest[each]
        other = link.low if link.high == each else link.high
        shared = _shared(vectors[each], vectors[other])
        joins.append(
            Join(article=ordered[each].id, similarity=link.similarity, threshold=LINK_SIMILARITY, shared=shared)
        )
    ids: tuple[ArticleId, ...] = tuple(ordered[each].id for each in members)
    return Story(id=StoryId(f"s{first_seen.id}"), articles=ids, joins=tuple(joins))


def _stated(ordered: Sequence[Article]) -> Iterator[_Link]:
    """Yield the links that imported records name by address."""
    at: dict[str, list[int]] = defaultdict(list)
    for position, article in enumerate(ordered):
        own = article.record.get("webUrl") if article.record else None
        for address in {article.canonical_url, own}:
            if isinstance(address, str):
                at[address].append(position)
    for position, article in enumerate(ordered):
        for entry in _related(article.record):
            for other in at.get(entry.get("webUrl", ""), ()):
                if other != position:
                    yield _Link(1.0, min(position, other), max(position, other))


def _related(record: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    entries = (record or {}).get("related") or []
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, Sequence) else []


def _similar(ordered: Sequence[Article], vectors: Sequence[Mapping[str, float]]) -> Iterator[_Link]:
    """Yield links by similarity, looking back at most `LINK_DAYS` from each article."""
    seen: dict[str, list[tuple[int, float]]] = defaultdict(list)  # word -> articles that have it, oldest first
    for position, vector in enumerate(vectors):
        article = ordered[position]
        found: dict[int, float] = defaultdict(float)
        for word, weight in vector.items():
            for other, weight_there in reversed(seen[word]):
                if article.told_at - ordered[other].told_at > LINK_DAYS:
                    break
                found[other] += weight * weight_there
            seen[word].append((position, weight))
        for other, similarity in sorted(found.items()):
            both_imported = article.record is not None and ordered[other].record is not None
            if similarity >= LINK_SIMILARITY and not both_imported:
                yield _Link(min(similarity, 1.0), other, position)


def _vectors(articles: Sequence[Article]) -> list[dict[str, float]]:
    """Return unit vectors of (1 + ln tf) · ln(n / df) over the words of title and excerpt, words in sorted order."""
    counts = [Counter(words(f"{article.title} {article.excerpt}")) for article in articles]
    spread = Counter(word for count in counts for word in count)
    most = max(_COMMON_AT_LEAST, len(articles) * _COMMON)
    vectors = []
    for count in counts:
        weights = {
            word: (1 + math.log(times)) * math.log(1 + len(articles) / spread[word])
            for word, times in sorted(count.items())
            if spread[word] <= most
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        vectors.append({word: weight / length for word, weight in weights.items()})
    return vectors


def _shared(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[str, ...]:
    common = ((weight * other[word], word) for word, weight in one.items() if word in other)
    return tuple(word for _, word in heapq.nsmallest(_SHOWN, ((-points, word) for points, word in common)))


def _find(leader: list[int], member: int) -> int:
    while leader[member] != member:
        leader[member] = leader[leader[member]]
        member = leader[member]
    return member


def _merge(leader: list[int], one: int, other: int) -> None:
    low, high = sorted((_find(leader, one), _find(leader, other)))
    leader[high] = low
