"""Dates as pages print them for readers, in the languages of much news -> a day, with the clock where one stands by."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

# Twelve names each; abbreviations are the beginnings of three letters or more that are no other month's.
_NAMES = (
    "january february march april may june july august september october november december",  # en
    "januar februar märz april mai juni juli august september oktober november dezember",  # de
    "jänner feber maerz april mai juni juli august september oktober november dezember",  # de-AT
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",  # fr
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",  # es
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",  # it
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",  # pt
    "januari februari maart april mei juni juli augustus september oktober november december",  # nl, sv, id
    "januari februari mars april maj juni juli augusti september oktober november december",  # sv
    "januar februar marts april maj juni juli august september oktober november december",  # da
    "januar februar mars april mai juni juli august september oktober november desember",  # no
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",  # ru
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",  # ru
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",  # uk
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",  # pl
    "ledna února března dubna května června července srpna září října listopadu prosince",  # cs
    "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",  # cs
    "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",  # sk
    "január február március április május június július augusztus szeptember október november december",  # hu
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",  # ro
    "януари февруари март април май юни юли август септември октомври ноември декември",  # bg
    "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",  # sr
    "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar",  # sr
    "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca",  # hr
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου "
    "οκτωβρίου νοεμβρίου δεκεμβρίου",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",  # tr
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta "
    "syyskuuta lokakuuta marraskuuta joulukuuta",
    "januar februar marec april maj junij julij avgust september oktober november december",  # sl
    "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",  # et
    "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",  # lv
    "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",  # lt
    "januari februari maret april mei juni juli agustus september oktober november desember",  # id
    "januari februari mac april mei jun julai ogos september oktober november disember",  # ms
    "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",  # ca
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",  # ar
    "يناير فبراير مارس ابريل مايو يونيه يوليه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",  # ar
    "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",  # ar, Maghreb
    "كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين تشرين كانون",  # ar, Levant; two months of two words less
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",  # fa
    "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",  # he
    "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",  # hi
    "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितम्बर अक्तूबर नवम्बर दिसम्बर",  # hi
    "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",  # bn
    "জানুয়ারী ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগষ্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",  # bn
    "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",  # ta
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",  # th
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",  # ur
    "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",  # sw
)
_SHORT = {"jan": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
          "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12, "des": 12, "dic": 12, "ene": 1, "abr": 4, "ago": 8,
          "janv": 1, "fév": 2, "févr": 2, "avr": 4, "juil": 7, "déc": 12, "gen": 1, "mag": 5, "giu": 6, "lug": 7,
          "set": 9, "ott": 10, "fev": 2, "mai": 5, "out": 10, "maj": 5, "mei": 5, "авг": 8, "сен": 9}  # fmt: skip


def _months() -> dict[str, int]:
    table: dict[str, int] = dict(_SHORT)
    for names in _NAMES:
        for number, name in enumerate(names.split(), 1):
            table.setdefault(name, number)
    beginnings: dict[str, set[int]] = {}
    for names in _NAMES:
        for number, name in enumerate(names.split(), 1):
            for length in range(3, len(name)):
                beginnings.setdefault(name[:length], set()).add(number)
    for beginning, numbers in beginnings.items():
        if len(numbers) == 1:
            table.setdefault(beginning, next(iter(numbers)))
    return table


MONTHS = _months()

_W = r"[^\W\d_][^\W\d_\u0300-\u036f\u0900-\u0d7f\u0e00-\u0e7f]*[\w\u0900-\u0d7f\u0e31-\u0e4e]*"
_DAY_FIRST = re.compile(
    r"(?<![\d:])(?P<day>\d{1,2})(?:st|nd|rd|th|er|ª|º|°)?[.,]?[\s/-]*(?:de |d['’]|of |di )?"
    r"(?P<month>[^\W\d][^\s\d,./-]{1,13})(?:\s*/\s*[^\W\d][^\s\d,./-]{1,13})?[.,/-]?\s*(?:(?:de|del|г\.)\s+)?[,/-]?\s*"
    r"(?P<year>\d{4})(?!\d)"
)
_MONTH_FIRST = re.compile(
    r"(?P<month>[^\W\d][^\s\d,./-]{2,13})\.?\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    r"(?!\d|:)\s*,?\s+(?:at \S+ )?(?P<year>\d{4})(?!\d)"
)
_YEAR_FIRST_NAMED = re.compile(
    r"(?<!\d)(?P<year>\d{4})[.,]?\s*(?P<month>[^\W\d][^\s\d,./-]{2,13})\s+(?P<day>\d{1,2})(?!\d)"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?(?P<mark>[-/.年년])\s?(?P<month>\d{1,2})\s?(?:(?P=mark)|[月월])\s?(?P<day>\d{1,2})(?!\d)"
)
_NUMBERS = re.compile(
    r"(?<![\d.:])(?P<a>\d{1,2})\s?(?P<mark>[./-])\s?(?P<b>\d{1,2})\s?(?P=mark)\s?(?P<year>\d{4}|\d\d)(?![\d]|[./-]\d)"
)
_VIETNAMESE = re.compile(r"(?P<day>\d{1,2})\s*tháng\s*(?P<month>\d{1,2})\D{1,8}(?P<year>\d{4})", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<![\d:./-])(?P<hour>[01]?\d|2[0-3])[:h](?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d)\s*(?P<half>[ap]\.?m\b)?",
    re.IGNORECASE,
)
_MONTH_LED = frozenset({"en-us", "en"})
_EARLIEST = 1994


class Found(NamedTuple):
    """A printed date."""

    day: date
    clock: tuple[int, int] | None  # hour and minute as printed, of nobody knows what zone
    form: str  # "with month name", "year first", "numbers"
    start: int
    end: int


def printed_dates(text: str, language: str = "", *, latest: date | None = None) -> list[Found]:
    """Return the dates in a short text, in their order.

    Args:
        text: One line.
        language: Tag of the page ("en-US"): tells which of 03/04 is the month.
        latest: Days after it are none that something was published on.
    """
    found: list[Found] = []
    for pattern, form in (
        (_DAY_FIRST, "with month name"),
        (_MONTH_FIRST, "with month name"),
        (_YEAR_FIRST_NAMED, "with month name"),
        (_YEAR_FIRST, "year first"),
        (_VIETNAMESE, "with month name"),
        (_NUMBERS, "numbers"),
    ):
        for match in pattern.finditer(text):
            day = _day(match, language)
            if day is None or day.year < _EARLIEST or (latest is not None and day > latest):
                continue
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            found.append(Found(day, _clock(text, match.start(), match.end()), form, match.start(), match.end()))
    return sorted(found, key=lambda each: each.start)


def _day(match: re.Match[str], language: str) -> date | None:
    groups = match.groupdict()
    year = int(groups["year"])
    if 2530 <= year <= 2590:
        year -= 543  # the Buddhist era
    if year < 100:
        year += 2000
    if "a" in groups:
        first, second = int(groups["a"]), int(groups["b"])
        led_by_month = groups["mark"] == "/" and language.lower() in _MONTH_LED
        month, day = (first, second) if led_by_month else (second, first)
        if month > 12:
            month, day = day, month
    else:
        name = groups["month"]
        month = int(name) if name.isdigit() else MONTHS.get(name.casefold().rstrip(".'’"), 0)
        day = int(groups["day"])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(text: str, start: int, end: int) -> tuple[int, int] | None:
    found = _CLOCK.search(text, end, end + 30) or _CLOCK.search(text, max(0, start - 20), start)
    if found is None:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    return hour, int(found["minute"])
