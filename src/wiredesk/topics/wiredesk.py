"""What an article is about: the keywords of the topic tree, as words, in its title and opening."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from wiredesk.records import Article, Tag, Topic
from wiredesk.text import CJK

LEDE_WORDS = 60
IN_TITLE = 0.8  # evidence of one keyword; independent evidence adds up as 1 - (1 - a)(1 - b)…
IN_LEDE = 0.3  # said once: mentioned in passing as likely as not
IN_LEDE_AGAIN = 0.5
ENOUGH = 0.5  # so a title needs one keyword, an opening alone two, or one twice

_DASH = re.compile(r"[‐‑‒–—]")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}(?!\w)|\b[A-Z](?:\.[A-Z])+\b")
_FINDERS_KEPT = 4096  # several sites in one process; a topic takes two


def tag(article: Article, tree: Iterable[Topic]) -> tuple[Tag, ...]:
    """Return the topics of `article` in the order of `tree`, with confidence and reasons.

    A keyword matches as whole words, in any case, also in the plural and with hyphens for blanks; one written in
    CAPITALS matches only so, or dotted ("A.I." is AI).  Chinese, Japanese and Korean keywords match anywhere.  A word
    of `Topic.exclude` in the title or opening rules its topic out.  The root (the first topic without parent) is
    always there, and so are the topics that the source gives.
    """
    title = _plain(article.title)
    lede = _plain(" ".join((article.excerpt or article.text[: LEDE_WORDS * 20]).split()[:LEDE_WORDS]))
    given = {name.casefold() for name in article.source_topics}
    tags: list[Tag] = []
    rooted = False
    for topic in tree:
        is_root = topic.parent is None and not rooted
        rooted = rooted or is_root
        veto = _finder(topic.exclude)
        if not is_root and (veto.all(title) or veto.all(lede)):
            continue
        confidence, reasons = _evidence(topic.keywords, title, lede)
        if given & {topic.name.casefold(), topic.id.casefold(), (topic.shortname or topic.name).casefold()}:
            confidence, reasons = 1.0, ["given by its source", *reasons]
        if is_root:
            confidence, reasons = 1.0, [*reasons, "the subject of the site"]
        if confidence >= ENOUGH:
            tags.append(Tag(topic=topic.name, confidence=round(confidence, 3), reasons=tuple(reasons)))
    return tuple(tags)


def _evidence(keywords: tuple[str, ...], title: str, lede: str) -> tuple[float, list[str]]:
    finder = _finder(keywords)
    doubt, reasons = 1.0, []
    for word in dict.fromkeys(finder.all(title)):
        doubt *= 1 - IN_TITLE
        reasons.append(f'"{word}" in the title')
    for word, times in Counter(finder.all(lede)).items():
        doubt *= 1 - (IN_LEDE if times == 1 else IN_LEDE_AGAIN)
        reasons.append(f'"{word}" in the opening' + ("" if times == 1 else f", {times} times"))
    return 1 - doubt, reasons


@dataclass(frozen=True, slots=True)
class _Finder:
    """Keywords made ready: `probes` are parts of them that rule most texts out far quicker than the pattern."""

    probes: tuple[str, ...]
    pattern: re.Pattern[str]

    def all(self, text: str) -> list[str]:
        """Return the keywords as they stand in `text`, lower-cased where case says nothing."""
        folded = text.lower()
        if not any(probe in folded for probe in self.probes):
            return []
        return [found if found.isupper() else found.lower() for found in self.pattern.findall(text)]


@lru_cache(maxsize=_FINDERS_KEPT)
def _finder(keywords: tuple[str, ...]) -> _Finder:
    known = sorted({_plain(keyword) for keyword in keywords} - {""}, key=lambda keyword: (-len(keyword), keyword))
    probes = tuple(re.split(r"[ -]", keyword.lower().strip(" -"))[0] for keyword in known)
    return _Finder(probes, re.compile("|".join(map(_expression, known))))


def _expression(keyword: str) -> str:
    body = r"[ -]+".join(map(re.escape, filter(None, re.split(r"[ -]+", keyword)))) or re.escape(keyword)
    if not (keyword.isupper() and keyword.isascii()):
        body = f"(?i:{body})"
    if CJK.match(keyword[0]) or CJK.match(keyword[-1]):
        return body  # these scripts put no blanks between words
    plural = "(?:e?s)?" if keyword[-1].isalpha() and keyword[-1] not in "sS" else ""
    return rf"(?<!\w){body}{plural}(?!\w)"


def _plain(text: str) -> str:
    """Return `text` on one line, with one form of each character, apostrophe and dash, and AI for A.I."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), _DASH.sub("-", text))
    return " ".join(text.split())
