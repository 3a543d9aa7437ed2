"""Names across scripts: Latin letters for any word, and a key under which a name meets its other spellings.

`cognate` keeps what transliterations agree on, the order of consonants in broad classes: Zelensky, Selenskyj,
Зеленский and زيلينسكي are all "SLNSK".  The idea is Soundex's (Odell and Russell, US patent 1,261,167, 1918), the
classes are ours.
"""

from __future__ import annotations

import re
from functools import lru_cache

from anyascii import anyascii

_CACHE = 10_000
_CONSONANTS_NEEDED = 3  # two ("Modi", "Mehdi", "mad") are as good as any word
_SOUNDS_NEEDED = 4
_ARTICLE = re.compile(r"^ال(?=...)")  # the article of Arabic
# Case endings of Russian and Ukrainian that bring a consonant: Байденом, Путиным.
_CASES = re.compile(r"(?<=[а-яіїєґ]{3})(?:[ыи]ми|[ое]го|[ое]му|[ыиое]м|[ая]ми|[ая]х|[ая]м|[ыио]й)$")
_MARKED = str.maketrans(
    {"ç": "s", "č": "ch", "ć": "ch", "š": "sh", "ş": "sh", "ș": "sh", "ž": "zh", "đ": "dj", "ğ": "g"}
)

# Spellings of one sound, longer ones first.  H is kept where a word starts with it, and lost elsewhere.
_SOUNDS = (
    (re.compile(r"^(?:kh|h)"), "H"),
    (re.compile(r"tsch|dsch|shch|dzh|tch|sch|dj|tz|ts|cz|zh|sh|ch|sz|dz"), "S"),
    (re.compile(r"kh|rh(?=[aeiouy])|(?<=[aeiouy])h|h(?![aeiouy])|(?<=[^gkptc])h"), ""),
    (re.compile(r"gh|ck|qu"), "K"),
    (re.compile(r"ph"), "F"),
    (re.compile(r"th"), "T"),
    (re.compile(r"x"), "KS"),
    (re.compile(r"c(?=[eiy])"), "S"),
    (re.compile(r"ng|n[jy](?=[aeiou])|gn(?=[aeiou])"), "N"),
    (re.compile(r"^w|(?<=[aeiouy])w(?=[aeiouy])|(?<=[oe])w(?=a?$|sk)"), "F"),
    (re.compile(r"(?<=[iy])j$|(?<=[ns]k[iy])j|(?<=[ioy])j(?=[ea])"), ""),
)
_CONSONANTS = str.maketrans("bpfvckgqszjdtlmnr", "PPFFKKKKSSSTTLMNR", "aeiouywh")
_CLASSES = str.maketrans("bpfvckgqszjdtlmnraeiouyw", "PPFFKKKKSSSTTLMNRaiiooio", "h")
_VOWELS = re.compile(r"([aio])[aio]+")
_DOUBLE = re.compile(r"(.)\1+")


@lru_cache(_CACHE)
def latin(word: str) -> str:
    """Return `word` in lower-case ASCII letters and digits, "" where it has none: "Зеленский" -> "zelenskiy"."""
    plain = word if word.isascii() else anyascii(word)
    return "".join(filter(str.isalnum, plain.lower()))


@lru_cache(_CACHE)
def cognate(word: str) -> str:
    """Return the consonants under which a name meets its other spellings, "" where it has too few to say."""
    key = _DOUBLE.sub(r"\1", _sounds(word).translate(_CONSONANTS))
    return key if len(key) >= _CONSONANTS_NEEDED else ""


@lru_cache(_CACHE)
def spelling(word: str) -> str:
    """Return the consonants with the vowels in three classes, "" for a short word: closer, but no use for Arabic."""
    plain = _DOUBLE.sub(r"\1", _sounds(word).translate(_CLASSES))
    # Poutine is Putin; of a short name more counts: the run of vowels in "Moiz", the last ones in "Tokio".
    keys = (_VOWELS.sub(r"\1", plain).rstrip("aio"), plain.rstrip("aio"), plain)
    return next((key for key in keys if len(key) >= _SOUNDS_NEEDED), "")


@lru_cache(16)  # both keys of a word are asked for
def _sounds(word: str) -> str:
    """Return `word` in ASCII with the spellings of a sound folded, "" where it holds anything but letters."""
    word = word.lower()
    if not word.isascii():
        word = _CASES.sub("", _ARTICLE.sub("", word)).translate(_MARKED)
    sounds = latin(word)
    if not sounds.isalpha():
        return ""
    for spelled, sound in _SOUNDS:
        sounds = spelled.sub(sound, sounds)
    return sounds
