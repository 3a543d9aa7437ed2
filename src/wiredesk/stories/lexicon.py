"""What headlines of many languages say in common: concepts of the news, countries, cities, number words.

The words are in `data/concepts/*.tsv` (written for Wiredesk) and `data/places.tsv` (from CLDR, by
tools/make_places.py): a head line of column names, then one concept a line, its name first, a column per language,
forms parted by "|".  A form is a word or a phrase and is read like a headline: tokens, stop words, stemmer.
"potres*" matches what starts so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from wiredesk.stories.words import terms

MEANINGS = 2  # of a form: "fire" is two concepts in English, one in French; what means more says nothing
LONGEST = 8  # terms in a phrase: four words, or nine characters of Chinese
_REMEMBERED = 50_000  # words of which we know whether a prefix matches

Form = tuple[str, str, str]  # concept, language, word or phrase


class Lexicon:
    """Finds the concepts of one language in stemmed text."""

    def __init__(self, forms: Sequence[tuple[str, str]], language: str | None) -> None:
        """Index `forms`, pairs of (concept, word or phrase); a form of up to MEANINGS concepts stands for each."""
        keys: dict[tuple[str, ...], set[str]] = {}
        for concept, form in forms:
            key = _key(form, language)
            if key:
                keys.setdefault(key, set()).add(concept)
        self._words: dict[str, tuple[str, ...]] = {}  # the concepts of a single term
        phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        self._prefixes: dict[str, str] = {}  # "potres" -> "potres*"
        for key, found in sorted(keys.items(), key=lambda pair: (-len(pair[0]), pair[0])):
            if len(found) <= MEANINGS and len(key) == 1:
                self._words[key[0]] = tuple(sorted(found))
            elif len(found) <= MEANINGS:
                phrases.setdefault(key[0], []).append((key[1:], tuple(sorted(found))))
            for term in key:
                if term.endswith("*"):
                    self._prefixes[term[:-1]] = term
        self._phrases = {first: tuple(found) for first, found in phrases.items()}  # first term -> rest, concepts
        self._heads = self._words.keys() | self._phrases.keys()
        self._seen = {term: term for key in keys for term in key}  # word -> itself or the prefix that it starts with
        self._lengths = sorted({len(prefix) for prefix in self._prefixes}, reverse=True)

    def __len__(self) -> int:
        return len(self._words) + sum(map(len, self._phrases.values()))

    def find(self, stems: Sequence[str]) -> list[str]:
        """Return the concepts in `stems` (made by `words.terms` for this language), in order, longest phrase first."""
        if self._lengths:
            stems = [self._canonical(stem) for stem in stems]
        found: list[str] = []
        end = 0
        for at in [at for at, stem in enumerate(stems) if stem in self._heads]:
            if at < end:
                continue
            end = at + 1
            for rest, meanings in self._phrases.get(stems[at], ()):
                if tuple(stems[end : end + len(rest)]) == rest:
                    found += meanings
                    end += len(rest)
                    break
            else:
                found += self._words.get(stems[at], ())
        return found

    def _canonical(self, stem: str) -> str:
        """Return the longest prefix key that `stem` starts with, itself where it is a key or none fits."""
        known = self._seen.get(stem)
        if known is None:
            known = next((stem[:n] + "*" for n in self._lengths if stem[:n] in self._prefixes), stem)
            if len(self._seen) < _REMEMBERED:
                self._seen[stem] = known
        return known


@cache
def concepts(language: str | None) -> Lexicon:
    """Return the lexicon of `language` (ISO 639-1).

    A language without a column of its own has the English names of places and the longer English words; where the
    language is None, all languages are one.
    """
    known = languages()
    if language in known:
        forms = [(concept, form) for concept, column, form in _forms() if column == language]
    elif language is None:
        forms = [(concept, form) for concept, _, form in _forms()]
    else:
        forms = [(c, form) for c, column, form in _forms() if column == "en" and (c.startswith("p:") or len(form) > 5)]
    return Lexicon(forms, language)


@cache
def languages() -> frozenset[str]:
    """Return the languages that have a column."""
    return frozenset(language for _, language, _ in _forms())


@cache
def _forms() -> tuple[Form, ...]:
    return tuple(form for table in tables() for form in read(table))


def tables() -> list[Traversable]:
    """Return the files of the lexicon."""
    data = files("wiredesk.stories").joinpath("data")
    found = [table for table in data.joinpath("concepts").iterdir() if table.name.endswith(".tsv")]
    return [*sorted(found, key=lambda table: table.name), data.joinpath("places.tsv")]


def read(table: Traversable) -> Iterator[Form]:
    """Yield the forms of one file; lines that start with "#" are remarks."""
    lines = [line for line in table.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    _, *columns = lines[0].split("\t")
    for line in lines[1:]:
        concept, *cells = line.split("\t")
        for language, cell in zip(columns, cells, strict=False):
            for form in filter(None, cell.split("|")):
                yield concept, language, form


def _key(form: str, language: str | None) -> tuple[str, ...]:
    """Return the terms of a word or phrase; those that end in "*" are prefixes and keep their letters."""
    found: list[str] = []
    for part in form.split():
        if part.endswith("*"):
            found.append(part.lower())
        else:
            found.extend(terms(part, language))
    return tuple(found[:LONGEST])
