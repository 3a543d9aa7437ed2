"""What a text states that can be told apart from another one's: names, numbers, quotations.

By writing alone, in any language that has them: capitals inside a sentence, digits, quotation marks.  Scripts without
capitals give numbers and quotations.  This is less than a trained recogniser finds, and needs no model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from wiredesk.records import Article
from wiredesk.stories.words import stop_words
from wiredesk.text import sentences, shorten, words

READ = 20_000  # characters of a text that are looked at
QUOTED_WORDS = 5  # fewer words in quotation marks are a title or an allusion
GRAM = 3  # words in a row by which quotations are compared
SHOWN = 90  # characters of a quotation that are shown

FactKind = Literal["name", "number", "quotation"]

_TOKEN = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_LINKS = frozenset("al bin da de del der di dos du el la le van von".split())  # inside a name
_NOUNS_HAVE_CAPITALS = frozenset({"de", "lb"})
_QUOTED = re.compile(r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|»([^«»]+)«|「([^「」]+)」|\"([^\"\n]+)\"")
_NUMBER = re.compile(
    r"(?<![\w.,:/’'-])([$€£¥]\s?)?(\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(\s?%|(?:bn|[mk])\b)?(?![\w:/]|-\d|[.,]\d)(?:[\s-]?([^\W\d_]+))?(?:\s([^\W\d_]+))?"
)
_SIZES = {
    "k": 1e3, "thousand": 1e3, "tausend": 1e3, "mil": 1e3, "mille": 1e3, "тысяч": 1e3,
    "m": 1e6, "million": 1e6, "millions": 1e6, "millionen": 1e6, "mio": 1e6, "millón": 1e6, "millones": 1e6,
    "milhões": 1e6, "milioni": 1e6, "miljoen": 1e6, "миллионов": 1e6, "млн": 1e6,
    "bn": 1e9, "billion": 1e9, "billions": 1e9, "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9, "milliards": 1e9,
    "miliardi": 1e9, "miljard": 1e9, "миллиардов": 1e9, "млрд": 1e9, "trillion": 1e12,
}  # fmt: skip
_PERCENT = frozenset("percent prozent pct procent процентов".split())
_MONTHS = frozenset(
    """january february march april may june july august september october november december jan feb mar apr jun jul
    aug sept sep oct nov dec januar februar märz mai juni juli oktober dezember enero febrero marzo abril mayo junio
    julio agosto septiembre octubre noviembre diciembre janvier février mars avril juin juillet août septembre octobre
    novembre décembre janeiro fevereiro março maio junho julho setembro outubro novembro dezembro gennaio febbraio
    aprile maggio giugno luglio settembre ottobre novembre dicembre""".split()
)
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that a text states; equal `kind` and `key` say the same."""

    kind: FactKind
    key: str
    shown: str  # as the text has it, quotations in “ ”


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one text states, and all of its words."""

    stated: tuple[Fact, ...]  # numbers, names, quotations, the weightiest of each first; keys are unique
    words: frozenset[str]
    grams: frozenset[str]  # runs of GRAM words inside quotations


class Known:
    """What a reader knows after some texts."""

    def __init__(self, texts: Iterable[Facts] = ()) -> None:
        """Begin with what `texts` state."""
        self._keys: set[tuple[FactKind, str]] = set()
        self._words: set[str] = set()
        self._grams: set[str] = set()
        for text in texts:
            self.learn(text)

    def learn(self, text: Facts) -> None:
        """Take in one more text."""
        self._keys.update((fact.kind, fact.key) for fact in text.stated)
        self._words |= text.words
        self._grams |= text.grams

    def news_in(self, text: Facts) -> tuple[Fact, ...]:
        """Return what `text` states and no text before it did, in its order.

        A name is known once all of its words stood in earlier texts, a number once its value was given, a quotation
        once half of it (by runs of GRAM words) was quoted.
        """
        return tuple(fact for fact in text.stated if not self._has(fact))

    def _has(self, fact: Fact) -> bool:
        if (fact.kind, fact.key) in self._keys:
            return True
        if fact.kind == "name":
            return all(word in self._words for word in words(fact.key))
        if fact.kind == "quotation":
            grams = _grams(fact.key)
            return 2 * sum(gram in self._grams for gram in grams) >= len(grams)
        return False


def facts_of(article: Article) -> Facts:
    """Return what `article` states in headline, excerpt and text."""
    body = f"{article.excerpt}\n{article.text}"[:READ]
    whole = f"{article.title}\n{body}"
    quoted = tuple(_quotations(body))
    itself = set(words(f"{article.provider.name} {article.provider.domain}"))
    names = (name for name in _names(article.title, body, article.language) if not itself.issuperset(words(name.key)))
    stated = (*_numbers(whole), *names, *quoted)
    return Facts(
        stated=tuple({(fact.kind, fact.key): fact for fact in reversed(stated)}.values())[::-1],
        words=frozenset(words(whole)),
        grams=frozenset(gram for fact in quoted for gram in _grams(fact.key)),
    )


def name_words(article: Article, limit: int = 2000) -> frozenset[str]:
    """Return the words of the names in the headline and the first `limit` characters, lower-cased."""
    body = f"{article.excerpt}\n{article.text}"[:limit]
    return frozenset(word for fact in _names(article.title, body, article.language) for word in words(fact.key))


def _names(title: str, body: str, language: str | None) -> list[Fact]:
    """Return names, those of several words first, then by how often they stand there."""
    found: Counter[str] = Counter()
    shown: dict[str, str] = {}
    lower = frozenset(token for token in _TOKEN.findall(body) if token.islower())
    stop = stop_words(language) | _MONTHS | _DAYS
    for sentence in (*sentences(body), *([] if _has_title_case(title) else [title])):
        if sentence.isupper():
            continue
        for run in _runs(sentence, stop, lower, language in _NOUNS_HAVE_CAPITALS):
            shouted = len(run) > 1 and all(word.isupper() for word in run)
            if shouted or (len(run) == 1 and run[0].lower() in lower):
                continue
            key = " ".join(run).casefold()
            found[key] += 1
            shown.setdefault(key, " ".join(run))
    for before, token, after in _between([] if title.isupper() else _TOKEN.findall(title)):
        shouted = len(token) > 3 and any(other.isupper() and len(other) > 2 for other in (before, after))
        if _is_acronym(token) and not shouted and token.lower() not in lower:
            found[token.casefold()] += 1
            shown.setdefault(token.casefold(), token)
    parts = Counter(word for key in found for word in set(key.split()))
    ordered = sorted(found, key=lambda key: (" " not in key, -found[key], key))
    return [
        Fact(kind="name", key=key, shown=shown[key]) for key in ordered if " " in key or parts[key] == 1
    ]  # "Drescher" is no second name beside "Fran Drescher"


def _runs(sentence: str, stop: frozenset[str], lower: frozenset[str], nouns_have_capitals: bool) -> Iterator[list[str]]:
    """Yield the runs of capitalised words that are names.

    The first word of a sentence may be any word: alone it is no name, and before others it is dropped where it is in
    `lower`, the words that the text writes small elsewhere.
    """
    tokens: list[re.Match[str] | None] = [*_TOKEN.finditer(sentence), None]
    run: list[str] = []
    begin = end = 0
    for number, match in enumerate(tokens):
        if not run and (match is None or not match[0][0].isupper()):
            continue  # most words are no names, and stand beside none
        token = match[0].removesuffix("'s").removesuffix("’s") if match else ""
        adjoins = match is not None and bool(run) and sentence[end : match.start()] in {" ", "-"}
        if match and token[:1].isupper() and (adjoins or not run):
            begin = number if not run else begin
            run.append(token)
        elif match and adjoins and token in _LINKS:
            run.append(token)
        else:
            if begin == 0 and run[0].lower() in lower:
                run = run[1:]
            yield from _name(run, begin == 0, stop, nouns_have_capitals)
            begin, run = number, [token] if match and token[:1].isupper() else []
        end = match.end() if match else 0


def _name(run: list[str], opens: bool, stop: frozenset[str], nouns_have_capitals: bool) -> Iterator[list[str]]:
    while run and (run[0].lower() in stop or run[0] in _LINKS):
        run, opens = run[1:], False
    while run and (run[-1].lower() in stop or run[-1] in _LINKS):
        run = run[:-1]
    if len(run) > 1 or (run and (_is_acronym(run[0]) or not (opens or nouns_have_capitals)) and len(run[0]) > 1):
        yield run[:5]


def _between(tokens: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each token with those before and after it, "" at the ends."""
    return zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False)


def _is_acronym(token: str) -> bool:
    return token[-1].isupper() and len([letter for letter in token if letter.isupper()]) > 1


def _has_title_case(title: str) -> bool:
    """Tell whether a headline has capitals on most of its words, so that they mark no names."""
    longer = [token for token in _TOKEN.findall(title)[1:] if len(token) > 3]
    return bool(2 * sum(token[0].isupper() for token in longer) > len(longer))


def _numbers(text: str) -> list[Fact]:
    """Return numbers with what they count, without years, dates and times of day."""
    found: list[Fact] = []
    for match in _NUMBER.finditer(text):
        currency, digits, sign, unit, after = match.groups()
        unit, sign = unit or "", (sign or "").strip()
        before = _TOKEN.findall(text[max(0, match.start() - 12) : match.start()])
        value = _value(digits) * _SIZES.get(sign, 1.0) * _SIZES.get(unit.lower(), 1.0)
        percent = sign == "%" or unit.lower() in _PERCENT
        sized = unit.lower() in _SIZES
        plain = not currency and not sign and not sized and not percent
        dated = unit.lower() in _MONTHS or bool(before and before[-1].lower() in _MONTHS)
        if plain and (dated or not unit or (digits.isdigit() and len(digits) == 4 and 1900 <= value < 2100)):
            continue
        if plain and unit.lower() in stop_words(None):
            if value < 32:  # "on the 5th of", "5 of", "3 in": too little to tell by
                continue
            unit = ""
        shown = (currency or "") + digits + sign
        if unit and (sized or plain or unit.lower() in _PERCENT):
            shown += f" {unit}"
        if sized and after and not currency and after.lower() not in stop_words(None):
            shown += f" {after}"
        key = f"{value:.12g}{'%' if percent else ''}"
        found.append(Fact(kind="number", key=key, shown=" ".join(shown.split())))
    return found


def _value(digits: str) -> float:
    """Return the number: groups of three digits are thousands, what follows another mark is a fraction."""
    grouped = re.fullmatch(r"(\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+)(?:[.,](\d+))?", digits)
    whole, fraction = (re.sub(r"\D", "", grouped[1]), grouped[2]) if grouped else (digits.replace(",", "."), None)
    return float(f"{whole}.{fraction}" if fraction else whole)


def _quotations(text: str) -> Iterator[Fact]:
    for match in _QUOTED.finditer(text):
        said = " ".join(next(filter(None, match.groups())).split()).strip(" ,.;")
        key = " ".join(words(said))
        if key.count(" ") + 1 >= QUOTED_WORDS:
            yield Fact(kind="quotation", key=key, shown=f"“{shorten(said, SHOWN)}”")


def _grams(key: str) -> set[str]:
    parts = key.split()
    return {" ".join(parts[at : at + GRAM]) for at in range(len(parts) - GRAM + 1)}
