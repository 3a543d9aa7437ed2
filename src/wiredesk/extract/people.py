"""Bylines -> names.

Kept are people, agencies and user names: whoever a page credits.  Left out are addresses and roles ("Staff",
"Redaktion"); the outlet's own name counts only where nobody else is named, for some sites are called as their author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from wiredesk.text import collapse

_MOST = 20  # names; more are a list of staff
_LONGEST = 60  # characters of one name
_LONGEST_LINE = 120  # of a byline
_STOPS = tuple(".!?…。！？")
_SPLIT = re.compile(
    r"\s*(?:[;|•·、，]|\s[/&+]\s|,(?!\s*(?:Jr|Sr|MD|PhD|II|III)\b)|\s(?:and|und|et|with|mit)\s)\s*", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:(?:written|posted|reported|edited|published|publié|geschrieben|story|words|text|article|recipe)\s+)?"
    r"(?:by|von|par|por|door|av|(?-i:di|da|af))\b[\s:]+"
    r"|^(?:authors?|autor(?:in|en)?|auteur|contributors?)\b[\s:]+"
    r"|^[(（\[]?(?:texte?|texto|byline|reporting|quelle|source|fuente|作者|記者|责编|責編|责任编辑|編集|文)\s*[:：]\s*"
    r"|^(?:eine? )?\w+ (?:by"
    r"|von)\b[\s:]+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:\([^)]*\)|\[[^\]]*\]|[,:–—-]+\s*$|\s+(?:for|in|on|für|aus|from)\s.*$|\s(?:am|um|at|le|el|il|vom|den|\|)\s+\d.*$|(?<=\s)@\S+"
    r"|\s(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september"
    r"|october|november|december)\b.*)\s*$",
    re.IGNORECASE,
)
_ROLES = (
    "staff|admin(?:istrator)?|editor(?:s|ial)?|newsroom|redaktion|redakteur(?:in)?|team|desk|guest|author|autor"
    "|reporter|writers?|contributors?|correspondents?|webmaster|unknown|anonymous|none|null|undefined|press release"
    "|redaction|redacción|redazione|(?:la )?rédaction|user|root|blog|name"
)
_NO_NAME = re.compile(
    r"https?:|www\.|\S\.(?:com|org|net|de|co)\b|@|[<>{}=*↩]|\s.*\d|^\W*\d|\b(?:says|sagt)$"
    r"|^(?:follow|get|click|read|view|share|about|powered|sign|log|subscribe|member|contact|visit|more|written"
    r"|twitter|facebook|instagram|linkedin|whatsapp|beitrag|kurzmeldung|publié par|afficher|voir|mehr|zur|zum"
    r"|kontakt)\b"
    r"|^(?:著者|カテゴリ|記者ページ|記事一覧)$"
    r"|\b(?:director|manager|founder|chief|head of|expert|analyst|specialist|professor|CEO|strategist"
    r"|consultant|officer|producer|columnist|photographer|fact.checked)$"
    r"|^(?:posted|published|publiziert|written) (?:on|am|at)$"
    r"|^(?:the\s+)?(?:(?:web|online|news|guest|senior|our|special|digital|site)[\s_-]*)*"
    rf"(?:{_ROLES})(?:[\s_-]*(?:staff|team|writers?|reports?|reporters?|desk|board))*$"
    r"|\b(?:correspondent|reporter|editor|redaktion|news ?desk|korrespondent|updated|published|minutes? read)\b",
    re.IGNORECASE,
)


_EDGES = " .,:;-–—\"'"
_TITLE = re.compile(r"(?:\s?기자|\s(?:記者|特派員)|の記事一覧.*)$")  # reporter

_DESK = re.compile(
    r"redaktion|(?:news)?desk\b|team\b|staff|editors?\b|redacci|redazione|rédaction|newsroom", re.IGNORECASE
)
_NO_DESK = re.compile(
    r"https?:|www\.|@|[<>{}=*]|\d|updated|published|contact|kontakt|\b(?:to|our|meet|an|about)\b", re.IGNORECASE
)


def names(values: Iterable[str], *, outlets: Iterable[str] = (), desks: bool = False) -> tuple[str, ...]:
    """Return the names in these bylines, in printed order, each once.

    Args:
        values: Bylines as printed, with any number of names each.
        outlets: What the site calls itself; these are left out.
        desks: Also keep desks and teams with a name of their own ("Harbour News Desk"): for bylines without people.
    """
    seen = {"", *map(_key, outlets)}
    found: list[str] = []
    lines = (collapse(line) for value in values for line in value[:1000].splitlines())
    for line in lines:
        for name in _names_in(line, desks):
            if (key := _key(name)) not in seen:
                seen.add(key)
                found.append(name)
    return tuple(found[:_MOST])


@lru_cache(maxsize=4096)
def _names_in(line: str, desks: bool) -> tuple[str, ...]:
    """The names in a line, in order.  The pages of a site repeat most of their short lines."""
    found: list[str] = []
    for part in _SPLIT.split(_LEAD.sub("", line)):
        said = _LEAD.sub("", part)
        name = _TITLE.sub("", _TAIL.sub("", said).strip(_EDGES))
        if " " not in name and " for " in said:  # "Centre for Marine Research"
            name = said.strip(_EDGES)
        if not name.endswith(")") or "(" not in name:
            name = name.strip("()[]（） ")
        if _is_name(name) or (desks and _is_desk(name)):
            found.append(name)
    return tuple(found)


def is_byline(line: str, authors: Iterable[str]) -> bool:
    """Say whether a line says nothing but whose the article is: "By" or its like, and some of these `authors`.

    A place or role behind a name belongs to a byline; what ends as a sentence does is none.
    """
    if len(line) > _LONGEST_LINE or line.endswith(_STOPS) or not _LEAD.match(line):
        return False
    named = names([line], desks=True)
    return bool(named) and set(map(_key, named)) <= set(map(_key, authors))


def _is_desk(value: str) -> bool:
    words = value.split()
    named = _DESK.search(value) if len(words) > 1 else _DESK.fullmatch(value)
    return len(words) <= 6 and len(value) <= _LONGEST and bool(named) and not _NO_DESK.search(value)


def _is_name(value: str) -> bool:
    return (
        1 < len(value) <= _LONGEST
        and len(value.split()) <= 6
        and any(map(str.isalpha, value))
        and not _NO_NAME.search(value)
    )


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return re.sub(r"\W", "", name).casefold()
