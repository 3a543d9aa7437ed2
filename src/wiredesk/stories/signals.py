"""What the grouping of stories needs to know of an article: small, and all that it ever looks at."""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar

from wiredesk.records import Article, ArticleId, Join, StoryId
from wiredesk.stories.lexicon import concepts
from wiredesk.stories.loops import IN_HEADLINE
from wiredesk.stories.words import Word, speech, tokens
from wiredesk.text import words

T = TypeVar("T")

LEDE_WORDS = 150  # an event is told at the top; what follows is background shared by many events
CONCEPT_WORDS = 60  # of the lede, searched for concepts and names of other spellings
TITLE_WEIGHT = 2.0  # against 1.0 for a word in the lede
NAME_IN_LEDE = 0.5  # against IN_HEADLINE for a name in the title
MAX_TERMS = 64
MAX_NAMES = 24
MAX_SHARED = 32
LONGEST_TITLE = 300  # characters: longer ones are texts that got into the wrong field
TITLE_CASE = 0.7  # of the longer words begin with a capital: then the first word is as good a name as the others

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SUFFIX = re.compile(r"\s*(?:\s[-–—]|[|·•»│]|::)\s+([^-–—|·•»│]{2,60})$")
MOST_IN_A_NAME = 5  # words
_HEAD = 20  # characters that must stand before a suffix
_LETTERS = 12  # of a word with what parts it from the next, in a long-winded text
_USUAL = 7.5  # likewise, in most texts


# Terms, the heaviest first, and the weight of each as a float of 32 bits.  A window holds millions of them, and plain
# tuples are what Python's collector of cycles soon leaves alone.
Weighed = tuple[tuple[str, ...], bytes]


def weighed(pairs: Iterable[tuple[str, float]]) -> Weighed:
    """Return terms and weights in the order given."""
    found = list(pairs)
    return tuple([sys.intern(term) for term, _ in found]), array("f", [weight for _, weight in found]).tobytes()


def weights_of(given: Weighed) -> dict[str, float]:
    """Return the weight of each term, to three digits."""
    terms, weights = given
    return {term: round(weight, 3) for term, weight in zip(terms, memoryview(weights).cast("f").tolist(), strict=True)}


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

    def __reduce__(self) -> tuple[Any, ...]:
        return _signal, _values(self)

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
            "terms": weights_of(self.terms),
            "names": weights_of(self.names),
            "numbers": list(self.numbers),
            "shared": weights_of(self.shared),
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
            terms=weighed(value["terms"].items()),
            names=weighed(value["names"].items()),
            numbers=tuple(map(sys.intern, value["numbers"])),
            shared=weighed(value["shared"].items()),
            lede_terms=int(value["lede_terms"]),
            copy_of=value["copy_of"],
        )


_FIELDS = tuple(field.name for field in fields(Signal))
_values = attrgetter(*_FIELDS)


def _signal(*values: Any) -> Signal:
    return Signal(**dict(zip(_FIELDS, values, strict=True)))


@dataclass(frozen=True, slots=True)
class Placed:
    """An article, its story, and why."""

    signal: Signal
    story: StoryId
    join: Join


def signal(article: Article, copy_of: ArticleId | None = None) -> Signal:
    """Return what the grouping may know of `article`: names, numbers and words of its headline and lede."""
    spoken, lexicon = speech(article.language), concepts(article.language)
    title = _without_publisher(unicodedata.normalize("NFKC", article.title[:LONGEST_TITLE]), article)
    lede = unicodedata.normalize("NFKC", (article.text or article.excerpt)[: LEDE_WORDS * _LETTERS])
    title_tokens, lede_tokens = tokens(title), _first(lede, LEDE_WORDS)
    title_stems, title_names, title_keys = _told(spoken.read(title_tokens))
    lede_stems, lede_names, lede_keys = _told(spoken.read(lede_tokens))
    title_terms, lede_terms = _joined(title_stems), _joined(lede_stems)

    weights = {term: TITLE_WEIGHT * _times(count) for term, count in Counter(title_terms).items()}
    for term, count in Counter(lede_terms).items():
        weights[term] = weights.get(term, 0.0) + _times(count)

    longer = [token for token in title_tokens if len(token) > 3]
    title_case = sum([token[0].isupper() for token in longer]) > TITLE_CASE * len(longer)
    begin = 0 if title_case else 1  # the first word of a sentence has a capital anyway
    names = {name: IN_HEADLINE * count for name, count in Counter(_joined(title_names[begin:])).items()}
    for name, count in Counter(_joined(lede_names[1:])).items():
        names[name] = names.get(name, 0.0) + NAME_IN_LEDE * count

    shared: defaultdict[str, float] = defaultdict(float)
    opening = _joined(lede_stems[:CONCEPT_WORDS])
    for terms, keys, weight in ((title_terms, title_keys, 2), (opening, lede_keys[:CONCEPT_WORDS], 1)):
        for concept in lexicon.find(terms):
            shared[sys.intern("#" + concept)] += weight
        for key, part in _joined(keys):
            shared[key] += weight * part
    title_numbers = _NUMBER.findall(title)
    for numbers, weight in ((title_numbers, 2), (_NUMBER.findall(" ".join(lede_tokens[:CONCEPT_WORDS])), 1)):
        for number in numbers:
            if len(number) > 1:
                shared[sys.intern("=" + number.replace(",", ".").strip("."))] += weight

    said = {number.replace(",", "").strip(".") for number in title_numbers + _NUMBER.findall(lede[:800])}
    return Signal(
        article=article.id,
        told_at=article.told_at,
        seen_at=article.first_seen_at,
        provider=sys.intern(article.provider.domain),
        language=article.language,
        headline=" ".join(title_tokens).lower(),
        title=tuple(dict.fromkeys(title_terms)),
        terms=_heaviest(weights, MAX_TERMS),
        names=_heaviest(names, MAX_NAMES),
        numbers=tuple(sorted([n for n in said if len(n) > 1 and not _YEAR.fullmatch(n)])[:MAX_NAMES]),
        shared=_heaviest({key: _fading(count) if count > 1 else count for key, count in shared.items()}, MAX_SHARED),
        lede_terms=len(lede_terms),
        copy_of=copy_of,
    )


def _first(text: str, most: int) -> list[str]:
    """Return the first tokens of a text; most of it need not be looked at."""
    found = tokens(text[: int(most * _USUAL)])
    return (found if len(found) > most else tokens(text))[:most]  # the last one may be cut


def _told(words: Iterable[Word]) -> tuple[Sequence[Any], ...]:
    """Return the stems, the names and the keys of each word."""
    return tuple(zip(*words, strict=True)) or ((), (), ())


def _joined(parts: Iterable[Iterable[T]]) -> list[T]:
    return list(chain.from_iterable(parts))


def _times(count: int) -> float:
    return 1.0 if count == 1 else _fading(min(count, LEDE_WORDS))


@cache
def _fading(count: float) -> float:
    """Return the weight of what is said so often, from once on; there are few different counts."""
    return round(1 + math.log(count), 3)


def _heaviest(weights: Mapping[str, float], limit: int) -> Weighed:
    ranked = sorted(weights, key=weights.__getitem__, reverse=True)[:limit]  # of equals, what is said first
    return tuple(ranked), array("f", map(weights.__getitem__, ranked)).tobytes()


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
