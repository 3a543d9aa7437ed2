"""Which language a text is in: what the page declares, checked against the text itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

# Languages with enough news to meet; telling 97 apart instead costs headlines five points of accuracy
# (0.94 against 0.99 on 216 headlines, docs/decisions/0004-extraction.md).
NEWS_LANGUAGES = tuple(
    (
        "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sr sv sw "
        "ta th tr uk ur vi zh"
    ).split()
)

_SAMPLE = 1500  # characters that are looked at
_SURE = 0.9  # probability from which the text overrules a declaration
_ENOUGH = 200  # characters from which it may
_CODE = re.compile(r"[a-z]{2,3}")
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}  # old and finer codes of one written language


def language_code(tag: str | None) -> str | None:
    """Return the lower-case language of a tag such as "en-GB" or "de_AT"; None for none."""
    found = _CODE.match((tag or "").strip().lower())
    return _SAME.get(found[0], found[0]) if found and len(found[0]) == 2 else None


def detect(text: str, declared: str | None = None, languages: Sequence[str] = ()) -> tuple[str | None, str, float]:
    """Return (language, rule, confidence 0-1) of `text`.

    Args:
        text: Plain text; only its first 1,500 characters count.
        declared: What the page says; stands unless at least 200 characters speak clearly against it.
        languages: Those that the site expects.  A text in another one must be as clear to be called so.
    """
    declared = language_code(declared)
    sample = text[:_SAMPLE].strip()
    if not any(char.isalpha() for char in sample):
        return declared, "declared" if declared else "", 0.6 if declared else 0.0
    ranked: list[tuple[str, float]] = _identifier().rank(sample)
    best, sure = ranked[0]
    clear = sure >= _SURE and len(sample) >= _ENOUGH
    expected = {code for tag in languages if (code := language_code(tag))}
    if declared in {best, None} and (clear or not expected or best in expected):
        return best, "text and declaration" if declared else "text", 0.99 if declared else sure
    if clear:
        return best, "text against the declaration" if declared else "text", sure
    if declared:
        return declared, "declared", 0.7
    return next(
        ((code, "text, of the site's languages", p) for code, p in ranked if code in expected), (best, "text", sure)
    )


@cache
def _identifier() -> Any:
    """The model takes a third of a second and 120 MB: only who needs it loads it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(set(NEWS_LANGUAGES) & set(identifier.labels))
    return identifier
