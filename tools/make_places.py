"""Write src/wiredesk/stories/data/places.tsv: names of countries and cities in many languages, from CLDR.

    python -m pip install babel  # development only
    python tools/make_places.py src/wiredesk/stories/data/places.tsv

Territories become `p:DE`, the cities that stand for time zones `p:city:tokyo`.  Data: Unicode CLDR, Unicode License v3.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel import Locale, __version__
from babel.core import get_global

LANGUAGES = ("en", "es", "pt", "fr", "de", "it", "nl", "ru", "uk", "pl", "ar", "sl", "tr", "zh", "ja", "vi")
NOT_PLACES = {
    "AC",
    "CP",
    "CQ",
    "DG",
    "EA",
    "EU",
    "EZ",
    "IC",
    "QO",
    "TA",
    "UN",
    "XA",
    "XB",
    "XK",
    "ZZ",
    "UM",
    "IO",
    "TF",
}
BY_HAND = {"CD", "CG", "HK", "MO", "PS", "VA"}  # CLDR's long names are not what headlines say; see concepts/nations.tsv
# English names that are common words or other places far more often than the place that CLDR means.
AMBIGUOUS = {
    "Bahia Banderas", "Broken Hill", "Casey", "Center", "Central", "Chad", "Chagos", "Christmas", "Christmas Island",
    "Cocos", "Creston", "Currie", "Davis", "Easter", "Edmonton", "Enderbury", "Georgia", "Glace Bay", "Goose Bay",
    "Indiana", "Jersey", "Juba", "Kerguelen", "Knox", "La Rioja", "Louisville", "Marengo", "Marigot", "Melbourne City",
    "Midway", "Monticello", "Moncton", "Nelson", "New Salem", "Nome", "Norfolk", "Palmer", "Petersburg", "Pitcairn",
    "Regina", "Resolute", "San Juan", "San Luis", "Santa Isabel", "Santiago", "Simferopol", "Southern", "Swift Current",
    "Syowa", "Tell City", "Thule", "Troll", "Vincennes", "Vostok", "Wake", "Wallis", "Winamac", "Beulah",
    "Unknown City", "Faroe", "Canary", "Galapagos", "Mendoza", "Salta", "Jujuy", "Cordoba", "Rothera", "McMurdo",
    "Mawson", "Macquarie", "Pacific", "Azores City", "Victoria", "Reunion", "Antarctica",
    # the same place is in concepts/nations.tsv or a territory of CLDR
    "Hong Kong", "Macao", "Vatican", "Comoro", "Cayman", "Cocos Islands", "Gaza", "Brussels", "Greenland", "Bahia",
    "Gambier", "Adak", "Center, North Dakota", "South Georgia", "Kirov", "Oral", "Hovd", "Mahe", "Chatham", "Stanley",
}  # fmt: skip
MAINLAND = re.compile(
    r"^(?:中国|Special Administrative Region|САР )|特别行政区|特別行政区|中華人民共和国| SAR.*| \(САР\)"
)


def names(value: str) -> list[str]:
    """Return the names in a CLDR display name: "Myanmar (Burma)" has two, "Hong Kong SAR China" one."""
    value = re.sub(r"\s+", " ", MAINLAND.sub("", value.replace("’", "'"))).strip()
    parts = re.split(r"\s*[()（）［］\[\]]\s*", value)
    return [
        part
        for part in (p.strip(" -–") for p in parts)
        if 3 <= len(part) <= 40 or re.search(r"[\u3040-\u9fff]{2}", part)
    ]


def inflected(name: str, language: str) -> str:
    """Return `name` as a prefix in the Slavic languages that have no stemmer here: "Nemčija" -> "Nemčij*"."""
    stem = re.sub(r"[aeioаеиіїйоуьюя]{1,2}$", "", name) if language in {"sl", "uk"} and " " not in name else name
    return stem + "*" if stem != name and len(stem) >= 4 else name


def cell(row: dict[str, list[str]], language: str) -> list[str]:
    """Return the distinct forms of one cell."""
    return list(dict.fromkeys(inflected(name, language) for name in row.get(language, [])))


def main(target: str) -> None:
    """Write the table to `target`."""
    rows: dict[str, dict[str, list[str]]] = {}
    locales = {language: Locale.parse(language) for language in LANGUAGES}
    english = locales["en"]
    countries: dict[str, str] = {}
    for code, name in sorted(english.territories.items()):
        if not code.isalpha() or code in NOT_PLACES | BY_HAND or name in AMBIGUOUS - {"Georgia", "Jersey", "Chad"}:
            continue
        countries.update(dict.fromkeys(names(name), code))
        row = rows.setdefault(f"p:{code}", {})
        for language, locale in locales.items():
            if language == "en" and name in AMBIGUOUS:
                continue
            row[language] = names(locale.territories.get(code, ""))
    for zone in sorted(get_global("zone_territories")):
        city = zone.rpartition("/")[2].replace("_", " ")
        city = english.time_zones.get(zone, {}).get("city", city)
        if (
            "/" not in zone
            or zone.startswith(("Etc/", "SystemV/", "Antarctica/"))
            or city in AMBIGUOUS
            or len(city) < 4
        ):
            continue
        if city in countries or re.search(r"[\d,]", city):
            continue
        row = rows.setdefault("p:city:" + re.sub(r"\W+", "_", city.lower()), {})
        for language, locale in locales.items():
            local = locale.time_zones.get(zone, {}).get("city")
            row[language] = names(local or (city if language not in {"ru", "uk", "ar", "zh", "ja"} else ""))
    lines = [
        "# Names of countries and cities from Unicode CLDR, through Babel "
        + __version__
        + "; written by tools/make_places.py.",
        "# Copyright © 1991-2025 Unicode, Inc.  Unicode License v3 (https://www.unicode.org/license.txt).",
        "\t".join(("concept", *LANGUAGES)),
    ]
    for place, row in rows.items():
        lines.append("\t".join((place, *("|".join(cell(row, language)) for language in LANGUAGES))))
    Path(target).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
