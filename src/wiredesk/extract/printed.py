"""What a page prints for its readers: headlines, bylines, dates and pictures around the headline -> claims.

Whatever stands among comments, other articles or the site's own matters is left out or told apart by its rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from wiredesk.extract.dates import MONTHS, Found, printed_dates
from wiredesk.extract.declared import Claim
from wiredesk.extract.gather import Mark, Marks, is_aside, place_of, region_of, text_of
from wiredesk.records import Image
from wiredesk.text import collapse
from wiredesk.urls import resolve

_BEFORE, _AFTER = 50, 110  # elements around the headline in which bylines and dates stand
_LONGEST_BYLINE = 140  # characters
_LONGEST_DATE = 160
_MOST = 4  # marked places that are read for a field
_TRUST = 0.5  # until the table of reliabilities has spoken
_BY = re.compile(
    r"^\W{0,2}(?:(?:written|posted|reported|published|words|story|text|report|review|analysis|opinion|contributors?"
    r"|eine? \w+|geschrieben|escrito|publié|creat?ed|verfasst)\s+)?"
    r"(?:by|von|por|par|door|av|af|autore?|autorin|author|auteur|autor(?:/?in)?|text|texto|texte|di|da|od|przez|автор|автори"
    r"|yazar|penulis|oleh|reporter|contributors?|作者|記者|责编|責編|文)(?:\s*[:：]|\s|$)",
    re.IGNORECASE,
)
_BY_ALONE = re.compile(r"^\W{0,2}[^\W\d_]+(?:\s(?:by|von|por|par))?\s*[:：]?\W{0,2}$")
_BY_ALONE_WORD = re.compile(
    r"^\W*(?:(?:written |posted |published )?by|von|por|par|autor(?:in)?|author|text)?\W*$", re.IGNORECASE
)
_SURE_BY = re.compile(
    r"^\W{0,2}(?:(?:written|posted|reported|words|story|text|published|created|report|review|eine? \w+"
    r"|geschrieben|verfasst"
    r"|escrito|publié) )?(?:by|von|por|par|door|oleh)\s*:?\s+(?-i:(?=[^\W\d_a-z]))"
    r"|^\W{0,2}(?:autor(?:/?in)?|authors?|auteur|autore|автор|作者|記者|责编|責編|penulis|text|texto|texte|contributors?|by)"
    r"\s*[:：]\s*\S|^(?:posted |written )?by \w+$",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"updat|modifi|edited|aktuali|geändert|bearbeitet|actuali|mis à jour|maj\b|aggiornat|bijgewerkt|oppdatert"
    r"|uppdaterad"
    r"|opdateret|обновлен|оновлен|güncelle|zuletzt|revised|stand:",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"publi|posted|erstellt|veröffentlicht|created|erschienen|opublik|geplaatst|publicerad|udgivet|опубл|yayın|released"
    r"|filed|geschrieben|verfasst|written|eingestellt|dated?\b|datum",
    re.IGNORECASE,
)
_EVENT = re.compile(r"copyright|©|all rights|since|seit\b|bis\b|until|expires|event|comment|kommentar", re.IGNORECASE)
_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[/_-](0?[1-9]|1[0-2]|[a-z]{3,9})[/_-](0?[1-9]|[12]\d|3[01])|(0[1-9]|1[0-2])/?(0[1-9]|[12]\d|3[01]))"
    r"(?!\d)",
    re.IGNORECASE,
)
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-url", "data-hi-res-src")
_BLANK = re.compile(r"^data:|blank\.|spacer|pixel|1x1|transparent|loading|placeholder|lazy[-_.]", re.IGNORECASE)
_NO_LEAD = re.compile(
    r"logo|avatar|icon|gravatar|profile|author|sprite|button|badge|banner|\bads?\b|emoji", re.IGNORECASE
)
_PERSON = re.compile(
    r"(?:(?:Dr|Prof)\. ?)*[^\W\d_a-z][\w'’.-]+(?: (?:von|van|de|del|der|da|di|el|al))*(?: [^\W\d_a-z][\w'’.-]+){1,2}"
)
_LISTED = re.compile(r"\s+\d+(?:\.\d+)?[wx]\b|,\s+(?=https?:)")
_SMALL = 120  # pixels; smaller pictures are icons and faces
_CREDIT = re.compile(r"credit|copyright|source|quelle|photographer|byline|author", re.IGNORECASE)


def headline_mark(marks: Marks, titles: Sequence[str]) -> int:
    """Return the place of the headline: the heading that says what is declared, else the first h1, else the first."""
    wanted = [key for title in (*titles, marks.title) if len(key := _key(title)) > 7]
    spoken = []
    for mark in marks.headings[:40]:
        key = _key(text_of(mark.element))
        if len(key) > 7 and any(key == each or (len(key) > 14 and (key in each or each in key)) for each in wanted):
            spoken.append(mark)
    best = next((mark for mark in spoken if mark.element.tag == "h1"), None) or (spoken[0] if spoken else None)
    first = best or next((mark for mark in marks.h1 if text_of(mark.element)), None)
    if first is None:
        first = next((mark for mark in marks.paragraphs if len(text_of(mark.element)) > 80), None)
    return first.at if first else 0


def titles(marks: Marks, head: int) -> Iterator[Claim]:
    """Headings and whatever is marked as a title."""
    alone = len(marks.h1) == 1
    for number, mark in enumerate(marks.h1[:6]):
        rule = "the one h1" if alone else ("h1" if number == 0 else "h1, not the first")
        yield from _title(mark, rule + _where(mark, head))
    others = [mark for mark in marks.headings if mark.element.tag != "h1"]
    for number, mark in enumerate(others[:6]):
        yield from _title(mark, f"{mark.element.tag}, {'first' if not number else 'later'}" + _where(mark, head))
    kept = 0
    for mark in marks.titles[:30]:
        if mark.element.tag in {"h1", "h2", "h3", "section", "article", "main", "ul", "nav", "header", "form"}:
            continue
        if kept >= 3 or is_aside(marks, mark.element):
            continue
        kept += 1
        yield from _title(mark, f"class of a title, {'first' if kept == 1 else 'later'}")


def _where(mark: Mark, head: int) -> str:
    return ", as declared" if mark.at == head else ""


def _title(mark: Mark, rule: str) -> Iterator[Claim]:
    place = place_of(mark.element)
    text = text_of(mark.element, 600, "")
    if 3 < len(text) <= 400:
        yield Claim(text, rule, _TRUST, place)
    if len(mark.element):
        parted = text_of(mark.element, 600)
        if 3 < len(parted) <= 400 and parted.replace(" ", "") != text:
            yield Claim(parted, f"{rule}, parted", _TRUST, place)
        pieces = [piece for each in islice(mark.element.itertext(), 12) if (piece := collapse(each))]
        if len(pieces) > 1:
            yield Claim(": ".join(pieces[:2]), f"{rule}, with a kicker", _TRUST, place)
            yield Claim(max(pieces, key=len), f"{rule}, longest piece", _TRUST, place)


def authors(marks: Marks, head: int) -> Iterator[Claim]:
    """Bylines: what is marked as one, links to an author's page, and words that read as one. Values are tuples."""
    near: dict[str, int] = {}
    used: set[tuple[str, str]] = set()
    by_place: dict[str, list[Mark]] = {}
    for mark in marks.authors[:60]:
        by_place.setdefault(place_of(mark.element), []).append(mark)
    for place, group in by_place.items():
        first = group[0]
        region = region_of(marks, first.element)
        if region == "comments":
            continue
        run = [first]
        for mark in group[1:]:
            if mark.at - run[-1].at > 25:
                break
            run.append(mark)
        values = tuple(text for mark in run if 1 < len(text := text_of(mark.element, 200)) <= _LONGEST_BYLINE)
        if not values:
            continue
        kind = _author_kind(first.element)
        if kind == "link to an author" and _within_text(first.element, values[0]):
            kind = "link to an author within a text"
        where = "by the headline" if -_BEFORE <= first.at - head <= _AFTER else "elsewhere"
        where += ", aside" if region else ""
        number = near.get(f"{kind} {where}", 0)
        near[f"{kind} {where}"] = number + 1
        rule = f"{kind} {where}" + (", later" if number else "")
        if number < _MOST and (rule, "".join(values)) not in used:
            used.add((rule, "".join(values)))
            yield Claim(values, rule, _TRUST, place)
            if len(values) == 1 and len(first.element):
                yield Claim(_parts_of(first.element), f"{rule}, first part", _TRUST, place)
    yield from _worded(marks, head)


def last_authors(marks: Marks, head: int, language: str, latest: date) -> Iterator[Claim]:
    """Names beside the date by the headline, for pages where nobody is marked as the author."""
    for at in range(max(0, head - _BEFORE), min(len(marks.elements), head + _AFTER)):
        element = marks.elements[at]
        text = element.text
        if not text or len(text) > _LONGEST_DATE or not any(map(str.isdigit, text)) or element.tag == "title":
            continue
        pieces = [piece for each in re.split(r"[|•·/,]|\s[-–—]\s", text) if (piece := collapse(each))]
        people = tuple(piece for piece in pieces if _PERSON.fullmatch(piece)) if len(pieces) > 1 else ()
        if people and printed_dates(collapse(text), language, latest=latest):
            yield Claim(people, "beside a date by the headline", _TRUST, place_of(element))
            return


def _within_text(element: Any, words: str) -> bool:
    """Tell whether a link stands in running text, where names are those of whom the text tells."""
    parent = element.getparent()
    return parent is not None and len(text_of(parent, 300)) > len(words) + 100


def _parts_of(element: Any) -> tuple[str, ...]:
    """The first piece of an element's text that is no mere word like "By"."""
    pieces = [collapse(piece) for piece in islice(element.itertext(), 12)]
    return tuple([piece for piece in pieces if len(piece) > 1 and not _BY_ALONE_WORD.match(piece)][:1])


def _author_kind(element: Any) -> str:
    if "author" in (element.get("rel") or ""):
        return "rel author"
    named = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    if "byline" in named:
        return "class byline"
    if "author" in named or "autor" in named or "auteur" in named:
        return "class author name" if "name" in named else "class author"
    return "link to an author" if element.tag == "a" and element.get("href") else "class of a writer"


def _worded(marks: Marks, head: int) -> Iterator[Claim]:
    found = {"by the headline": 0, "elsewhere": 0}
    end = len(marks.elements)
    start, stop = max(0, head - _BEFORE), min(end, head + _AFTER)
    ranges = (("by the headline", range(start, stop)), ("elsewhere", range(stop, end)))
    for where, indices in ranges:
        for at in indices:
            element = marks.elements[at]
            text = element.text
            if not text or len(text) > 200 or element.tag in ("script", "style", "title", "option"):
                continue
            text = text.strip()
            if not text or not _BY.match(text):
                continue
            whole = text_of(element, 200)
            if _BY_ALONE.match(whole) and element.getparent() is not None:
                whole = text_of(element.getparent(), 200)
            if len(whole) > _LONGEST_BYLINE or not _SURE_BY.match(whole) or is_aside(marks, element):
                continue
            found[where] += 1
            number = found[where]
            yield Claim(
                (whole,), f"words of a byline {where}" + (", later" if number > 1 else ""), _TRUST, place_of(element)
            )
            if number >= 2:
                break


def dates(marks: Marks, head: int, address: str, language: str, latest: date) -> Iterator[tuple[str, Claim]]:
    """Yield ("published" or "updated", claim) for `time` elements, marked dates and dates around the headline.

    Values are ISO texts: of a day, or with clock and without zone where the page prints a clock.
    """
    counts: dict[str, int] = {}

    def ranked(field: str, rule: str, value: str, place: str, most: int = 2) -> Iterator[tuple[str, Claim]]:
        number = counts[rule] = counts.get(rule, 0) + 1
        if number <= most:
            yield field, Claim(value, rule + (", later" if number > 1 else ""), _TRUST, place)

    for mark in islice(marks.times, 30):
        given = (mark.element.get("datetime") or "").strip() or mark.element.get("content") or ""
        near = -_BEFORE <= mark.at - head <= _AFTER
        aside = is_aside(marks, mark.element)
        if aside and not near:
            continue
        where = "aside" if aside else "by the headline" if near else "elsewhere"
        named = _named(mark.element)
        field = "updated" if _UPDATED.search(named) else "published"
        if given[:4].isdigit():
            yield from ranked(
                field,
                f"time element {where}" + (", updated" if field == "updated" else ""),
                given,
                place_of(mark.element),
            )
        for found in printed_dates(text_of(mark.element, 100), language, latest=latest)[:1]:
            yield from ranked(field, f"text of a time element {where}", iso(found), place_of(mark.element))
    for mark in islice(marks.dates, 60):
        near = -_BEFORE <= mark.at - head <= _AFTER
        attributes = [
            mark.element.get(name)
            for name in ("title", "content", "datetime", "data-date", "data-time", "data-datetime")
        ]
        given = next((v for v in attributes if v and v[:4].isdigit() and len(v) >= 8), "")
        text = text_of(mark.element, _LONGEST_DATE)
        printed = printed_dates(text, language, latest=latest) if len(text) <= 2 * _LONGEST_DATE else []
        if not (given or printed) or (region := region_of(marks, mark.element)) == "comments":
            continue
        where = ("by the headline" if near else "elsewhere") + (", aside" if region else "")
        if given:
            yield from ranked("published", f"attribute of a date {where}", given, place_of(mark.element))
        yield from _told(text, printed, f"class of a date {where}", mark, ranked)
    start, stop = max(0, head - _BEFORE), min(len(marks.elements), head + _AFTER)
    seen = 0
    for at in [*range(head, stop), *range(head - 1, start, -1)]:
        element = marks.elements[at]
        if element.tag in ("script", "style", "title", "option", "time", "meta", "head"):
            continue
        for text in (element.text, element.tail):
            if not text or len(text) > 400 or not any(map(str.isdigit, text)):
                continue
            whole = collapse(text)
            printed = printed_dates(whole, language, latest=latest)
            if not printed and text is element.text and len(element) and len(whole) < 60:
                whole = text_of(element, _LONGEST_DATE)
                printed = printed_dates(whole, language, latest=latest)
            if not printed or is_aside(marks, element):
                continue
            seen += 1
            side = "below" if at >= head else "above"
            size = "" if len(whole) < 60 else " within a longer text"
            yield from _told(whole, printed, f"printed {side} the headline{size}", Mark(element, at), ranked)
        if seen >= 6:
            break
    if found_day := _IN_ADDRESS.search(urlsplit(address).path):
        month = found_day[2] or found_day[4]
        try:
            day = date(
                int(found_day[1]),
                int(month) if month.isdigit() else MONTHS.get(month.lower(), 0),
                int(found_day[3] or found_day[5]),
            )
        except ValueError:
            return
        if day <= latest:
            yield "published", Claim(day.isoformat(), "address", _TRUST, "address")


def last_dates(marks: Marks, language: str, latest: date) -> Iterator[tuple[str, Claim]]:
    """Any short text that holds a date, where nothing better was found."""
    kept = 0
    for element in marks.elements:
        text = element.text
        if (
            not text
            or len(text) > 120
            or element.tag in ("script", "style", "option")
            or not any(map(str.isdigit, text))
        ):
            continue
        whole = collapse(text)
        printed = printed_dates(whole, language, latest=latest)
        if printed and not _EVENT.search(whole):
            kept += 1
            rule = "printed anywhere" + (", later" if kept > 1 else "")
            yield "published", Claim(iso(printed[0]), rule, _TRUST, place_of(element))
            if kept >= 3:
                return


def _told(text: str, printed: Sequence[Any], rule: str, mark: Mark, ranked: Any) -> Iterator[tuple[str, Claim]]:
    """What the words before a date say of it decides what it is."""
    for number, found in enumerate(printed[:2]):
        begin = printed[number - 1].end if number else 0
        lead = text[begin : found.start]
        if _EVENT.search(lead):
            continue
        updated, published = _UPDATED.search(lead), _PUBLISHED.search(lead)
        if updated and not published:
            yield from ranked("updated", f"{rule}, said to be an update", iso(found), place_of(mark.element))
            yield from ranked("published", f"{rule}, said to be an update", iso(found), place_of(mark.element))
        else:
            said = ", said to be published" if published else ""
            second = ", second of the text" if number else ""
            yield from ranked("published", f"{rule}{said}{second}", iso(found), place_of(mark.element))


def iso(found: Found) -> str:
    """Return a printed date as ISO 8601 text, with its clock if it has one."""
    clock = f"T{found.clock[0]:02}:{found.clock[1]:02}" if found.clock else ""
    return f"{found.day.isoformat()}{clock}"


def _named(element: Any) -> str:
    parent = element.getparent()
    around = parent.get("class") if parent is not None else ""
    before = (parent.text if parent is not None and parent[0] is element else "") or ""
    previous = element.getprevious()
    told = previous.tail if previous is not None else ""
    named = (element.get("class"), element.get("itemprop"), around, before[-60:], (told or "")[-60:])
    return " ".join(part for part in named if part)


def pictures(marks: Marks, head: int, base: str) -> Iterator[Claim]:
    """Pictures of the page below or just above the headline, with size, caption and credit as printed."""
    kept = {"below the headline": 0, "above the headline": 0}
    largest: tuple[int, Claim] | None = None
    for mark in islice(marks.pictures, 150):
        where = "below the headline" if mark.at > head else "above the headline"
        if kept[where] >= 2 or (where == "above the headline" and head - mark.at > 25):
            continue
        image = image_of(mark.element, base)
        if image is None or is_aside(marks, mark.element):
            continue
        figure = next((e for e in islice(mark.element.iterancestors(), 5) if e.tag == "figure"), None)
        kept[where] += 1
        number = kept[where]
        rule = ("figure " if figure is not None else "picture ") + where + (", later" if number > 1 else "")
        claim = Claim(image, rule, _TRUST, place_of(mark.element))
        yield claim
        size = (image.width or 0) * (image.height or 0)
        if size and (largest is None or size > largest[0]):
            largest = size, claim
    if largest is not None:
        yield Claim(largest[1].value, "largest picture", _TRUST, largest[1].place)


def image_of(element: Any, base: str) -> Image | None:
    """An img element as a picture; None where it is an icon, a face, or has no address."""
    address = next((v for name in _SOURCES if (v := element.get(name)) and not _BLANK.search(v)), None)
    if address is None and (sets := element.get("srcset") or element.get("data-srcset")):
        address = sets.split(",")[-1].split()[0] if sets.split(",")[-1].split() else None
    if address:
        address = _LISTED.split(address.strip(), maxsplit=1)[0]  # some write a list of sizes where one address belongs
    width, height = _size(element.get("width")), _size(element.get("height"))
    if address is None or (width and width < _SMALL) or (height and height < _SMALL // 2):
        return None
    named = f"{element.get('class') or ''} {element.get('alt') or ''} {urlsplit_path(address)}"
    if _NO_LEAD.search(named) or (url := resolve(base, address)) is None:
        return None
    title, credit = caption_of(element)
    return Image(url=url, width=width, height=height, title=title, attribution=credit)


def caption_of(element: Any) -> tuple[str | None, str | None]:
    """Return (caption, credit) that a figure prints for its picture."""
    figure = next((e for e in islice(element.iterancestors(), 5) if e.tag == "figure"), None)
    caption = figure.find(".//figcaption") if figure is not None else None
    if caption is None:
        return None, None
    credit = next((e for e in islice(caption.iter("*"), 1, 20) if _CREDIT.search(e.get("class") or "")), None)
    printed = text_of(credit, 200) if credit is not None else ""
    text = text_of(caption, 600)
    if printed and text.endswith(printed):
        text = text[: -len(printed)].strip(" |–—-()")
    return text[:500] or None, printed or None


def urlsplit_path(address: str) -> str:
    """The path of an address that may be none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _size(value: str | None) -> int | None:
    found = re.match(r"\s*(\d{1,5})(?:px)?\s*$", value or "")
    return int(found[1]) or None if found else None


def _key(value: str) -> str:
    return re.sub(r"\W", "", value).casefold()
