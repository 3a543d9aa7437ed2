"""A raw wire dispatch -> Draft: no markup, often no headline; the dateline is found, a headline made from the lede."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from wiredesk.errors import NotAnArticle
from wiredesk.extract.charset import decode
from wiredesk.extract.language import detect
from wiredesk.extract.moments import parse_moment
from wiredesk.extract.people import names
from wiredesk.records import Draft, Page
from wiredesk.text import collapse, sentences, shorten, words

_EXCERPT = 480  # characters
_PROSE = 4  # words to a line, on average, that running text has at least
_HEADLINE = 100  # characters
_SHORTEST_HEADLINE = 30  # characters; a cut before that says too little
_FIELD = re.compile(r"(?P<name>date|by|from|source|headline|title)\s*:?\s+(?P<value>\S.*)", re.IGNORECASE)
_SMALL = r"(?:de|del|di|da|du|la|le|of|the|al|am|an|upon)"
_PLACE = rf"[A-ZÀ-Þ][^\W\d_]*(?:[ .'’-]+(?:{_SMALL}[ -])*[A-ZÀ-Þ][^\W\d_]*){{0,4}}"
_DATELINE = re.compile(
    rf"\(\s*(?P<inside>{_PLACE}(?:,\s*{_PLACE})?)\s*\)\s*(?:[-–—:]\s*)?(?=\S)"  # (Los Angeles) …
    rf"|(?P<before>{_PLACE}(?:,\s*{_PLACE})?)\s*(?:,\s*\w+\.?\s+\d{{1,2}}\s*)?(?:\((?P<agency>[^()\n]{{2,40}})\)\s*)?\s[-–—]{{1,2}}\s+(?=\S)"
)
_CLAUSE = re.compile(
    r"\s*[;:–—]\s+|,\s+(?=(?:a|an|the|which|who|while|as|after|where|in|on|with|saying|and|but|une?|qui|der|die|das)\b)",
    re.IGNORECASE,
)
_AGENCY = 6  # letters: "(CNN) The …" credits an agency, "(Los Angeles) The …" names a place
# Words that no headline ends with, in the languages of large agencies.
_LOOSE = frozenset(
    (
        "a an the and or but of for to in on at by with from as that which who whom whose when while after before its "
        "their his her is are was were be been has have had will would than into over about against between this these "
        "der die das den dem des ein eine einen einem einer und oder für von zu zum zur im in am auf mit bei als dass "
        "le la les un une des du de et ou à au aux en dans pour par sur avec que qui "
        "el los las una y o del al con para por se lo gli il della di da het een van voor met"
    ).split()
)


@dataclass(frozen=True, slots=True)
class _Top:
    """What stands above the text."""

    title: str
    fields: dict[str, str]
    text: list[str]  # paragraphs


def read_dispatch(page: Page) -> Draft:
    """Return the article that a text file holds.

    Recognised are a headline of its own line, `By …` and `Date: …` lines, and datelines in the forms "(Los Angeles) …",
    "PARIS (Agency) - …" and "Geneva, Switzerland — …".  Without a headline, the opening of the lede becomes one, and
    `title_is_ours` says so.

    Raises:
        NotAnArticle: there are no words in it.
    """
    top = _top(decode(page))
    dateline, agency, text = _dateline("\n\n".join(top.text))
    if not words(text):
        raise NotAnArticle(page.url, "a text file without any words")
    if len(words(text)) < _PROSE * sum(1 for line in decode(page).splitlines() if line.strip()):
        raise NotAnArticle(page.url, "a list of short lines, no running text")
    language, language_rule, sure = detect(text)
    published = parse_moment(top.fields.get("date", ""))
    authors = names([top.fields["by"]]) if "by" in top.fields else ()
    found: dict[str, tuple[Any, str, float]] = {
        "title": (top.title or headline_from(text), "first line" if top.title else "lede", 0.8 if top.title else 0.5),
        "text": (text, "whole file", 0.9),
        "excerpt": (_opening(text), "opening of the text", 0.6),
        "dateline": (dateline, "before the lede", 0.9),
        "authors": (authors, "by line", 0.8),
        "published_at": (published[0] if published else None, "date line", 0.8),
        "provider_name": (top.fields.get("source") or top.fields.get("from") or agency, "credit", 0.6),
        "language": (language, language_rule, sure),
    }
    kept = {field: claim for field, claim in found.items() if claim[0]}
    return Draft(
        address=page.url,
        origin="file",
        observed_at=page.fetched_at,
        title_is_ours=not top.title,
        rules={field: claim[1] for field, claim in kept.items()},
        confidence={field: round(claim[2], 2) for field, claim in kept.items()},
        **{field: claim[0] for field, claim in kept.items()},
    )


def headline_from(text: str) -> str:
    """Return a headline made of the first sentence: whole clauses if they fit, never half a word, no loose end."""
    first = next(iter(sentences(collapse(text[:2000].partition("\n\n")[0]))), "")
    sentence = first.rstrip(" .…。")
    if len(sentence) > _HEADLINE:
        cuts = [cut.start() for cut in _CLAUSE.finditer(sentence) if _SHORTEST_HEADLINE <= cut.start() <= _HEADLINE]
        sentence = sentence[: cuts[-1]] if cuts else shorten(sentence, _HEADLINE).rstrip("…")
        comma = sentence.rfind(", ")
        if not cuts and len(sentence) - comma < _SHORTEST_HEADLINE < comma:
            sentence = sentence[:comma]  # a clause of which only the first words fit
    kept = sentence.split()
    while len(kept) > 3 and kept[-1].lower().strip(",;:") in _LOOSE:
        kept.pop()
    return " ".join(kept).rstrip(" ,;:–—-")


def _top(text: str) -> _Top:
    paragraphs = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())]
    fields: dict[str, str] = {}
    while paragraphs:
        lines = paragraphs[0].split("\n")
        while lines and (found := _FIELD.fullmatch(lines[0].strip())) and _is_field(found):
            fields[found["name"].lower()] = collapse(found["value"])
            lines.pop(0)
        if lines:
            paragraphs[0] = "\n".join(lines)
            break
        paragraphs.pop(0)
    title = fields.pop("headline", "") or fields.pop("title", "")
    if not title and paragraphs and _is_headline(paragraphs):
        line, _, rest = paragraphs[0].partition("\n")
        title = collapse(line)
        paragraphs = [*([rest] if rest.strip() else []), *paragraphs[1:]]
        inner = _top("\n\n".join(paragraphs)) if paragraphs and _FIELD.match(paragraphs[0]) else None
        if inner is not None and not inner.title:
            fields, paragraphs = {**inner.fields, **fields}, inner.text
    return _Top(title, fields, [collapse(paragraph) for paragraph in paragraphs if collapse(paragraph)])


def _is_field(found: re.Match[str]) -> bool:
    """`By noon the crowd had grown` is text; `By Ada Quill` and `By: desk` are not."""
    return ":" in found[0][: len(found["name"]) + 2] or (
        found["name"].lower() == "by" and len(found["value"].split()) <= 5
    )


def _is_headline(paragraphs: list[str]) -> bool:
    line = paragraphs[0].split("\n")[0].strip()
    more = len(paragraphs) > 1 or "\n" in paragraphs[0]
    return (
        more
        and len(line) <= 140
        and not line.endswith((".", "!", "…", ",", ";", "。", "！", "”"))
        and not _DATELINE.match(line)
    )


def _dateline(text: str) -> tuple[str | None, str | None, str]:
    """Return (place, agency, text without them)."""
    found = _DATELINE.match(text)
    if found is None:
        return None, None, text
    place, agency, rest = found["inside"] or found["before"], found["agency"], text[found.end() :]
    if found["inside"] and place.isupper() and len(place) < _AGENCY:
        return None, place, rest
    if not agency and not place.isupper() and rest[:1].islower():
        return None, None, text  # "France – the host – won"
    return collapse(place), agency, rest


def _opening(text: str) -> str:
    opening = ""
    for sentence in sentences(text[: 4 * _EXCERPT]):
        if opening and len(opening) + len(sentence) > _EXCERPT // 2:
            break
        opening = f"{opening} {sentence}".strip()
    return shorten(opening, _EXCERPT)
