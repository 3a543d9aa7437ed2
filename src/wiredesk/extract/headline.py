"""Headlines without the name of their site."""

from __future__ import annotations

import re
import unicodedata

from wiredesk.text import collapse

_SEPARATOR = re.compile(r"(\s+[|│–—\-»«•·:/]+\s+|\s*[|│]\s*)")


def without_site(title: str, site: str) -> str:
    """Cut the name of the `site` off either end of `title`, where a separator sets it apart."""
    parts = _SEPARATOR.split(title)
    name = _key(site)
    while name and len(parts) >= 3:
        if _names(parts[-1], name):
            parts = parts[:-2]
        elif _names(parts[0], name):
            parts = parts[2:]
        else:
            break
    return "".join(parts).strip()


def _names(part: str, name: str) -> bool:
    key = _key(part)
    return key == name or (len(key) >= 4 and (key in name or name in key) and len(key) <= len(name) + 12)


def tidy(value: str) -> str:
    """Return a headline on one line, without soft hyphens and blanks of no width."""
    return collapse(value.replace("\u00ad", "").replace("\u200b", ""))


def _key(value: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", value)).casefold()
