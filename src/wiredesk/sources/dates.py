"""Dates as feeds write them -> UTC.

Sources: RFC 822 and RFC 5322 section 3.3 with its obsolete zones, RFC 3339, ISO 8601, W3C "Date and Time Formats",
C's asctime; and what feeds write instead.  A date that can be read in two ways ("3/4/2026") is not read.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

_LONGEST = 80  # characters; what is longer is prose

# Names by month, of many languages, in lower case and without accents.  Three letters and more also stand for the
# longer forms that they begin, where no other month begins so.
_NAMES = (
    "january januar janvier enero gennaio janeiro januari stycznia styczen tammikuu ocak ianuarie gener sijecanj"
    " jan janv ene gen sty sije led ledna leden ianouariou ιαν ιανουαριου января янв январь січня січ janar tam"
    " oca يناير 1月",
    "february februar fevrier febrero febbraio fevereiro februari lutego luty helmikuu subat februarie febrer"
    " veljaca feb fevr fev lut helmi hel sub unora unor velj φεβ φεβρουαριου февраля фев февр февраль лютого лют"
    " فبراير 2月",
    "march marz maerz mars marzo marco maart marca marzec maaliskuu mart martie marc ozujak mar mrz mrt maalis"
    " maa brezna brezen ozu μαρ μαρτιου марта мар март березня бер مارس 3月",
    "april avril abril aprile kwietnia kwiecien huhtikuu nisan aprilie travanj apr avr abr kwi huhti huh nis"
    " dubna duben tra απρ απριλιου апреля апр апрель квітня квіт кві أبريل 4月",
    "may mai mayo maggio maio mei maja maj toukokuu mayis maig svibanj mag touko tou kvetna kveten svi μαι μαιου"
    " μαϊ мая май травня трав тра مايو 5月",
    "june juni juin junio giugno junho czerwca czerwiec kesakuu haziran iunie juny lipanj jun giu cze kesa kes"
    " haz cervna cerven iun lip ιουν ιουνιου июня июн июнь червня черв чер يونيو 6月",
    "july juli juillet julio luglio julho lipca lipiec heinakuu temmuz iulie juliol srpanj jul juil lug heina hei"
    " tem cervence cervenec iul srp ιουλ ιουλιου июля июл июль липня лип يوليو 7月",
    "august aout agosto augustus sierpnia sierpien elokuu agustos augusti agost kolovoz aug ago sie elo agu srpna"
    " srpen kol αυγ αυγουστου августа авг август серпня серп сер أغسطس 8月",
    "september septembre septiembre settembre setembro wrzesnia wrzesien syyskuu eylul septembrie setembre rujan"
    " sep sept set wrz syys syy eyl zari ruj σεπ σεπτ σεπτεμβριου сентября сен сент сентябрь вересня вер سبتمبر 9月",
    "october oktober octobre octubre ottobre outubro pazdziernika pazdziernik lokakuu ekim octombrie oct okt ott"
    " out paz loka lok eki rijna rijen οκτ οκτωβριου октября окт октябрь жовтня жов أكتوبر 10月",
    "november novembre noviembre novembro listopada marraskuu kasim noiembrie studeni nov marras kas listopadu"
    " noi stu νοε νοεμ νοεμβριου ноября ноя нояб ноябрь листопада лис نوفمبر 11月",
    "december dezember decembre diciembre dicembre dezembro grudnia grudzien joulukuu aralik decembrie desembre"
    " prosinac dec dez dic gru joulu jou ara prosince prosinec des pro δεκ δεκεμβριου декабря дек декабрь грудня"
    " груд гру ديسمبر 12月",
)
_MONTHS = {name: number for number, names in reversed([*enumerate(_NAMES, 1)]) for name in names.split()}
_ENGLISH = {name: f"{_MONTHS[name]:02}" for name in "jan feb mar apr may jun jul aug sep oct nov dec".split()}
_HOURS = (  # from UTC
    "ut 0 utc 0 gmt 0 z 0 wet 0 west 1 bst 1 ist 5.5 cet 1 mez 1 cest 2 mesz 2 met 1 mest 2 eet 2 eest 3 msk 3 msd 4"
    " jst 9 kst 9 aest 10 aedt 11 acst 9.5 acdt 10.5 awst 8 nzst 12 nzdt 13 hkt 8 sgt 8 pkt 5 nst -3.5 ndt -2.5 ast -4"
    " adt -3 at -4 est -5 edt -4 et -5 cst -6 cdt -5 ct -6 mst -7 mdt -6 mt -7 pst -8 pdt -7 pt -8 akst -9 akdt -8"
    " hst -10 brt -3 art -3 clt -4 wib 7 sast 2 eat 3 wat 1 cat 2"
).split()
_ZONES = dict(zip(_HOURS[::2], map(float, _HOURS[1::2]), strict=True))

_ISO_PLAIN = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)?")
_RFC = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,? +)?(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4}) (\d\d:\d\d(?::\d\d)?)"
    r"(?: ?(?:GMT|UTC?|Z|([+-]\d\d:?\d\d)))?"
)
_ISO = re.compile(
    r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?|-(\d{1,2})-(\d{1,2})|-?W(\d\d)(?:-?([1-7]))?|-?(\d{3}))?(?!\d)(?P<rest>.*)",
    re.DOTALL,
)
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[./年년]\s*(\d{1,2})\s*[./月월]\s*(\d{1,2})\s*[.日일]?(?!\d)(?P<rest>.*)", re.DOTALL
)
_DAY_FIRST = re.compile(r"(?:\w+\.?,?\s+)?(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?!\d)(?P<rest>.*)", re.DOTALL)
_EPOCH = re.compile(r"(\d{9,10})(\d{3})?(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_]{2,}|1?\d月")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s*[:시時时]\s*(\d{1,2})(?:\s*[:분分]\s*(\d{1,2}))?(?:[.,]\d+)?(?:\s*([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?<![\d+-])(\d{1,2})\s*([ap])\.?m\b\.?", re.IGNORECASE)
_COMPACT_CLOCK = re.compile(r"\s*T?(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?(?!\d)", re.IGNORECASE)
_OFFSET = re.compile(r"(?:[A-Za-z]{2,4})?\s*([+\u2212-])\s*(\d{1,2})(?::?(\d\d))?(?!\d)")
_ZONE = re.compile(r"(?<![^\W\d_])([A-Za-z]{1,4})(?![^\W\d_])")
_AFTERNOON = ("오후", "下午", "午後", "μμ", "μ.μ")
_MORNING = ("오전", "上午", "午前", "πμ", "π.μ")


def parse_date(value: str) -> datetime | None:
    """Return the moment that `value` names, in UTC; None where it names none that a calendar has.

    A time without zone, or of a zone that nobody knows, counts as UTC; a day without time as its midnight; a number as
    seconds (or milliseconds) since 1970.
    """
    value = value.strip()
    try:
        if found := _RFC.fullmatch(value):
            day, name, year, clock, zone = found.groups("+00:00")
            if month := _ENGLISH.get(name.lower()):
                return datetime.fromisoformat(f"{year}-{month}-{day:0>2}T{clock}{zone}").astimezone(UTC)
        elif _ISO_PLAIN.fullmatch(value):
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass  # second 60, hour 24: the patient way reads them
    return _patiently(value) if 4 <= len(value) <= _LONGEST else None


@lru_cache(maxsize=1024)
def _patiently(value: str) -> datetime | None:
    # Digits of other scripts become ours, wide forms narrow.
    value = " ".join(unicodedata.normalize("NFKC", value).split())
    for read in (_epoch, _iso, _year_first, _day_first, _with_name):
        try:
            if found := read(value):
                return found
        except (ValueError, OverflowError):
            continue
    return None


def _epoch(value: str) -> datetime | None:
    found = _EPOCH.fullmatch(value)
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None


def _iso(value: str) -> datetime | None:
    found = _ISO.fullmatch(value)
    if not found:
        return None
    year, month, day, short_month, short_day, week, weekday, ordinal, rest = found.groups()
    if week:
        return _at(datetime.fromisocalendar(int(year), int(week), int(weekday or 1)), rest)
    if ordinal:
        return _at(datetime(int(year), 1, 1) + timedelta(days=int(ordinal) - 1), rest)  # noqa: DTZ001 - zone follows
    if not month and not short_month and rest:
        return None
    return _day(year, month or short_month or "1", day or short_day or "1", rest)


def _year_first(value: str) -> datetime | None:
    found = _YEAR_FIRST.search(value)
    return _day(*found.groups()) if found else None


def _day_first(value: str) -> datetime | None:
    found = _DAY_FIRST.fullmatch(value)
    if not found:
        return None
    one, mark, two, year, rest = found.groups()
    if mark != "." and int(one) <= 12 and int(two) <= 12 and one != two:
        return None  # American or not: nobody can tell
    day, month = (one, two) if mark == "." or int(one) > 12 else (two, one)
    return _day(year, month, day, rest)


def _with_name(value: str) -> datetime | None:
    """Day, name of the month and year in any order, as long as the day stands beside the name.

    The day before the name is tried for every word first: "mar" is also a Tuesday.
    """
    words = [(month, found) for found in _WORD.finditer(value) if (month := _month(found[0]))]
    for month, found in words:
        before, after = value[: found.start()], value[found.end() :]
        if (day := re.search(r"(?<![\d:])(\d{1,2})(?:\.|º|er|st|nd|rd|th)?[\s/-]*(?:de |d')?[\s/-]*\Z", before)) and (
            year := re.match(r"\.?,?[\s/-]*(?:de |del )?[\s/-]*(\d{4}|'?\d\d(?![\d:]))", after)
        ):  # 16 nov 2022, 16-Nov-22, 16 de noviembre de 2022
            return _day(year[1], str(month), day[1], after[year.end() :] or before[: day.start()])
    for month, found in words:
        before, after = value[: found.start()], value[found.end() :]
        if (day := re.match(r"\.?\s*(\d{1,2})(?:st|nd|rd|th)?(?![\d:])", after)) and (
            year := re.search(r"(?<!\d)(\d{4})(?!\d)", after[day.end() :]) or re.search(r"(\d{4})\D*\Z", before)
        ):  # November 16, 2022 10:15; Wed Nov 16 10:15:00 2022
            if year.string is before:
                return _day(year[1], str(month), day[1], after[day.end() :])
            rest = after[day.end() :]
            return _day(year[1], str(month), day[1], f"{rest[: year.start()]} {rest[year.end() :]}")
        if (year := re.search(r"(\d{4})[\s.-]*\Z", before)) and (day := re.match(r"\D{0,3}(\d{1,2})(?!\d)", after)):
            return _day(year[1], str(month), day[1], after[day.end() :])  # 2022-november-16
    return None


def _month(word: str) -> int | None:
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    found = _MONTHS.get(plain) or _MONTHS.get(word.lower())
    if found or len(plain) < 4:
        return found
    begun = {number for name, number in _MONTHS.items() if len(name) > 3 and plain.startswith(name)}
    return begun.pop() if len(begun) == 1 else None


def _day(year: str, month: str, day: str, rest: str) -> datetime:
    number = int(year.strip("'"))
    if len(year.strip("'")) == 2:
        number += 2000 if number < 69 else 1900
    return _at(datetime(number, int(month), int(day)), rest)  # noqa: DTZ001 - the zone follows


def _at(day: datetime, rest: str) -> datetime:
    """Add the time of day and take off the zone that `rest` names."""
    hour = minute = second = 0
    found = _CLOCK.search(rest)
    half = found[4] if found else None
    if found:
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    elif found := _HOUR.search(rest):
        hour, half = int(found[1]), found[2]
    elif found := _COMPACT_CLOCK.match(rest):
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if half is None:
        half = "p" if any(sign in rest for sign in _AFTERNOON) else "a" if any(s in rest for s in _MORNING) else None
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    if (hour, minute, second) > (24, 0, 0) or minute > 59 or second > 60:
        raise ValueError(rest)
    moment = day.replace(tzinfo=UTC) + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    return _utc(moment, _zone(rest[found.end() :] if found else ""))


def _zone(rest: str) -> float:
    if found := _OFFSET.search(rest):
        return _seconds(*found.groups())
    known = (_ZONES.get(found[1].lower()) for found in _ZONE.finditer(rest))
    return next((hours * 3600 for hours in known if hours is not None), 0)


def _seconds(sign: str, hours: str, minutes: str | None) -> float:
    away = timezone(timedelta(hours=int(hours), minutes=int(minutes or 0))).utcoffset(None)  # refuses a day and more
    return away.total_seconds() * (1 if sign == "+" else -1)


def _utc(moment: datetime, offset: float) -> datetime:
    return moment - timedelta(seconds=offset) if offset else moment
