"""Topics by the reference site's rule (record-format.md, section 9), exactly.

The root topic always, each topic with a keyword in the title as a whole word, and the topics that the source gives.
No plural forms, no excerpt, no text: the counts there show that each would cost precision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from wiredesk.records import Article, Tag, Topic


def tag(article: Article, tree: Iterable[Topic]) -> tuple[Tag, ...]:
    """Return the topics of `article` in file order; topics of the source that the tree lacks come last.

    An imported record keeps the topics that it came with, in its order: the reference never tags a record anew.
    """
    if article.record is not None and (names := article.record.get("topics")):
        return tuple(Tag(topic=str(name), confidence=1.0, reasons=("as in the imported record",)) for name in names)
    topics = list(tree)
    root = next((topic for topic in topics if topic.parent is None), None)
    reasons: dict[str, list[str]] = {topic.name: [] for topic in topics}
    for topic in topics:
        if topic is root:
            reasons[topic.name].append("the site's own subject")
            continue
        found = next((keyword for keyword in topic.keywords if has_word(article.title, keyword)), None)
        if found is not None:
            reasons[topic.name].append(f'"{found}" in the title')
    for name in article.source_topics:
        reasons.setdefault(name, []).append("given by the source")
    return tuple(Tag(topic=name, confidence=1.0, reasons=tuple(why)) for name, why in reasons.items() if why)


def has_word(title: str, keyword: str) -> bool:
    """Say whether `keyword` stands in `title` as a whole word, case aside."""
    return bool(keyword.strip()) and _whole_word(keyword).search(title.lower()) is not None


@lru_cache(maxsize=4096)
def _whole_word(keyword: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(keyword.lower())}(?!\w)")
