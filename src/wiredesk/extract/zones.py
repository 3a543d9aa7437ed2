"""Which zone an unzoned clock was meant in: that of the page's country, where all of it has one the whole year.

Source: the IANA time zone database.  Countries with summer time or several zones are left out: there, a clock without
zone stays what it is (UTC, wrong by a few hours at most).
"""

from __future__ import annotations

from urllib.parse import urlsplit

_MINUTES = {
    540: "jp kr",
    480: "cn tw hk mo sg my ph bn",
    420: "th vn kh la",
    390: "mm",
    360: "bd bt",
    345: "np",
    330: "in lk",
    300: "pk uz tm tj",
    240: "ae om az ge am mu",
    210: "ir",
    180: "sa kw qa bh iq ye ke tz ug et so tr by",
    120: "za zw zm bw mz mw rw na ls sz",
    60: "ng cm ao dz tn",
    0: "gh sn ci ml is",
    -180: "ar uy",
    -240: "bo ve do pr",
    -300: "pe ec pa jm",
    -360: "cr gt hn ni sv",
}
_BY_COUNTRY = {country: minutes for minutes, countries in _MINUTES.items() for country in countries.split()}
_BY_LANGUAGE = {"ja": 540, "ko": 540, "zh": 480, "th": 420, "vi": 420, "km": 420, "ne": 345, "tr": 180}
_NO_COUNTRY = frozenset({"ai", "am", "cc", "co", "fm", "gg", "io", "la", "ly", "me", "ml", "so", "tv", "ws"})


def zone_of(address: str, language: str) -> int | None:
    """Return the minutes east of UTC of a page's country, by its domain, else by its language; None if unsure."""
    country = country_of(address)
    if country:
        return _BY_COUNTRY.get(country)
    return _BY_LANGUAGE.get(language.lower().partition("-")[0].partition("_")[0])


def country_of(address: str) -> str:
    """Return the two letters of the country that an address ends in; "" where the ending says nothing."""
    ending = (urlsplit(address).hostname or "").rpartition(".")[2]
    return ending if len(ending) == 2 and ending.isalpha() and ending not in _NO_COUNTRY else ""
