"""What the grouping of stories needs to know of an article: small, and all that it ever looks at."""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wiredesk.records import Article, ArticleId, Join, StoryId
from wiredesk.stories.lexicon import concepts
from wiredesk.stories.scripts import cognate, spelling
from wiredesk.stories.words import Speech, speech, tokens
from wiredesk.text import words

LEDE_WORDS = 150  # an event is told at the top; what follows is background shared by many events
CONCEPT_WORDS = 60  # of the lede, searched for concepts and names of other spellings
TITLE_WEIGHT = 2.0  # against 1.0 for a word in the lede
NAME_IN_LEDE = 0.5  # against 1.0 for a name in the title
LONG_COGNATE = 4  # consonants from which a loose key says something
LOOSE = 0.5  # weight of such a key
MAX_TERMS = 64
MAX_NAMES = 24
MAX_SHARED = 32
LONGEST_TITLE = 300  # characters: longer ones are texts that got into the wrong field
TITLE_CASE = 0.7  # of the longer words begin with a capital: then capitals name nobody

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SUFFIX = re.compile(r"\s*(?:\s[-–—]|[|·•»│]|::)\s+([^-–—|·•»│]{2,60})$")
MOST_IN_A_NAME = 5  # words
_HEAD = 20  # characters that must stand before a suffix


@dataclass(frozen=True, slots=True)
class Weighed:
    """Terms with their weights, the heaviest first; held tightly, since a window holds millions of them."""

    terms: tuple[str, ...]
    weights: bytes  # of each term, as a float of 32 bits

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, float]]) -> Weighed:
        """Return terms and weights in the order given."""
        found = list(pairs)
        return cls(
            tuple([sys.intern(term) for term, _ in found]), array("f", [weight for _, weight in found]).tobytes()
        )

    def __iter__(self) -> Iterator[tuple[str, float]]:
        return zip(self.terms, [round(weight, 3) for weight in memoryview(self.weights).cast("f")], strict=True)

    def __len__(self) -> int:
        return len(self.terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """An article as the grouping sees it."""

    article: ArticleId
    told_at: datetime  # UTC
    seen_at: datetime  # UTC, our clock: names the story
    provider: str
    language: str | None
    headline: str  # lower-cased tokens, parted by blanks: its character n-grams are compared
    title: tuple[str, ...]  # different stems of the headline
    terms: Weighed  # stem -> weight > 0 over headline and lede, the heaviest MAX_TERMS
    names: Weighed  # stem of a capitalised word -> weight; 1.0 and more: in the headline
    numbers: tuple[str, ...]  # as written, without thousands separators; no years
    shared: Weighed  # needs no language: concepts "#…", names by their sounds "~…" and consonants "≈…", numbers "=…"
    lede_terms: int  # stems in the lede, repeated ones too: 0 tells that there is a headline only
    copy_of: ArticleId | None = None  # the article whose text it prints

    def to_json(self) -> dict[str, Any]:
        """Return plain values, which `from_json` turns back into an equal signal."""
        return {
            "article": self.article,
            "told_at": self.told_at.isoformat(),
            "seen_at": self.seen_at.isoformat(),
            "provider": self.provider,
            "language": self.language,
            "headline": self.headline,
            "title": list(self.title),
            "terms": dict(self.terms),
            "names": dict(self.names),
            "numbers": list(self.numbers),
            "shared": dict(self.shared),
            "lede_terms": self.lede_terms,
            "copy_of": self.copy_of,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Signal:
        """Return the signal that `to_json` wrote.  Raises KeyError, TypeError or ValueError on anything else."""
        return cls(
            article=value["article"],
            told_at=datetime.fromisoformat(value["told_at"]),
            seen_at=datetime.fromisoformat(value["seen_at"]),
            provider=value["provider"],
            language=value["language"],
            headline=value["headline"],
            title=tuple(map(sys.intern, value["title"])),
            terms=Weighed.of(value["terms"].items()),
            names=Weighed.of(value["names"].items()),
            numbers=tuple(map(sys.intern, value["numbers"])),
            shared=Weighed.of(value["shared"].items()),
            lede_terms=int(value["lede_terms"]),
            copy_of=value["copy_of"],
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """An article, its story, and why."""

    signal: Signal
    story: StoryId
    join: Join


def signal(article: Article, copy_of: ArticleId | None = None) -> Signal:
    """Return what the grouping may know of `article`: names, numbers and words of its headline and lede."""
    spoken = speech(article.language)
    title = _without_publisher(unicodedata.normalize("NFKC", article.title[:LONGEST_TITLE]), article)
    lede = unicodedata.normalize("NFKC", (article.text or article.excerpt)[: LEDE_WORDS * 12])
    title_tokens = tokens(title)
    lede_tokens = tokens(lede)[:LEDE_WORDS]
    title_terms = spoken.terms(title_tokens)
    lede_terms = spoken.terms(lede_tokens)
    opening = lede_tokens[:CONCEPT_WORDS]
    opening_terms = spoken.terms(opening)

    weights = {term: TITLE_WEIGHT * (1 + math.log(count)) for term, count in Counter(title_terms).items()}
    for term, count in Counter(lede_terms).items():
        weights[term] = weights.get(term, 0.0) + 1 + math.log(count)

    names: defaultdict[str, float] = defaultdict(float)
    for name in _names(title_tokens, spoken, headline=True):
        names[name] += 1.0
    for name in _names(lede_tokens, spoken, headline=False):
        names[name] += NAME_IN_LEDE

    shared: defaultdict[str, float] = defaultdict(float)
    lexicon = concepts(article.language)
    for found, stems, weight in ((title_tokens, title_terms, 2), (opening, opening_terms, 1)):
        for concept in lexicon.find(stems):
            shared["#" + concept] += weight
        for key, part in _spellings(found, spoken):
            shared[key] += weight * part
    start = " ".join(opening)
    for text, weight in ((title, 2), (start, 1)):
        for number in _NUMBER.findall(text):
            if len(number) > 1:
                shared["=" + number.replace(",", ".").strip(".")] += weight

    numbers = {number.replace(",", "").strip(".") for number in _NUMBER.findall(title) + _NUMBER.findall(lede[:800])}
    return Signal(
        article=article.id,
        told_at=article.told_at,
        seen_at=article.first_seen_at,
        provider=article.provider.domain,
        language=article.language,
        headline=" ".join(title_tokens).lower(),
        title=tuple(dict.fromkeys(title_terms)),
        terms=_heaviest(weights.items(), MAX_TERMS),
        names=_heaviest(names.items(), MAX_NAMES),
        numbers=tuple(sorted(n for n in numbers if len(n) > 1 and not _YEAR.fullmatch(n))[:MAX_NAMES]),
        shared=_heaviest(
            ((key, 1 + math.log(count) if count > 1 else count) for key, count in shared.items()), MAX_SHARED
        ),
        lede_terms=len(lede_terms),
        copy_of=copy_of,
    )


def _names(found: list[str], speech: Speech, *, headline: bool) -> list[str]:
    """Return the stems of capitalised words; the first one of a sentence-case text tells nothing."""
    longer = [token for token in found if len(token) > 3]
    all_caps = headline and sum(token[0].isupper() for token in longer) > TITLE_CASE * len(longer)
    later = found if all_caps else found[1:]
    stems = speech.terms(token for token in later if token[0].isupper() and len(token) > 1)
    return [stem for stem in stems if not stem.isdigit()]


def _spellings(found: Iterable[str], speech: Speech) -> Iterator[tuple[str, float]]:
    """Yield the keys under which names meet across spellings and scripts; scripts without case count whole."""
    for token in found:
        if len(token) > 2 and (token[0].isupper() or token[0].lower() == token[0].upper()):
            word = token.lower()
            if word in speech.stop:
                continue
            if key := spelling(word):
                yield "~" + key, 1.0
            if len(key := cognate(word)) >= LONG_COGNATE:
                yield "≈" + key, LOOSE


def _heaviest(weights: Iterable[tuple[str, float]], limit: int) -> Weighed:
    ranked = sorted(weights, key=lambda pair: -pair[1])[:limit]  # of equals, what is said first
    return Weighed.of((term, round(weight, 3)) for term, weight in ranked)


def _without_publisher(title: str, article: Article) -> str:
    """Drop " - Reuters" from the end: what the publisher calls itself, and what looks like the name of an outlet."""
    tail = _SUFFIX.search(title)
    if not tail or tail.start() < _HEAD:
        return title
    said = "".join(words(tail[1])).removeprefix("the")
    known = ["".join(words(name)).removeprefix("the") for name in (article.provider.name, article.provider.domain)]
    named = said and any(name.startswith(said) or said.startswith(name) for name in known if name)
    # Aggregators put the outlet's name there, which is not the provider's: a few words, all with a capital.
    tail_tokens = tokens(tail[1])
    like_a_name = len(tail_tokens) <= MOST_IN_A_NAME and all(word[0].isupper() for word in tail_tokens if len(word) > 3)
    return title[: tail.start()] if named or like_a_name else title
