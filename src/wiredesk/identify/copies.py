"""The same text at several providers: who had it first, and who prints it.

Near copies are found by MinHash over word shingles (Broder: On the resemblance and containment of documents, 1997),
with bands of its values as index keys, so that texts that share enough meet in the index and others do not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wiredesk.config import StorySettings
from wiredesk.records import ArticleId, Copy
from wiredesk.text import words

_HASHES = 126
_BANDS = 42  # of 3 values: at a likeness of .5 texts meet with certainty 1 - (1 - .5^3)^42 = .996, at .05 with .005
_LEAST = 0.25  # likeness below which the estimate of common text is too rough to be used
_SHINGLE = 4  # words
_SHORT = 25  # words below which a likeness says nothing: only the very same text is a copy
_PRIME = (1 << 31) - 1
_CREDIT = re.compile(r"\(\s*[^()\n]{2,40}\)\s*(?:[-–—]|$)")  # "(Agency) -" before the lede, or after the last word


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is kept of a text to recognise it again."""

    exact: str  # digest of its words
    minhash: str  # 126 x 8 hex digits; "" for a short text
    shingles: int  # different runs of 4 words


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyInfo:
    """What deciding on copies needs to know of an article."""

    id: ArticleId
    provider: str
    told_at: datetime
    first_seen_at: datetime
    fingerprint: Fingerprint


def fingerprint(title: str, text: str) -> Fingerprint:
    """Return the fingerprint of a text; of a short one its title counts too."""
    tokens = words(_CREDIT.sub(" ", text))
    short = len(tokens) < _SHORT
    shingles = set() if short else _shingles(tokens)
    exact = " ".join([*words(title), "/", *tokens] if short else tokens)
    return Fingerprint(
        exact=hashlib.sha256(exact.encode()).hexdigest()[:32],
        minhash=_minhash(shingles).astype(">u4").tobytes().hex() if shingles else "",
        shingles=len(shingles),
    )


def bands(print_: Fingerprint) -> list[bytes]:
    """Return the index keys of a fingerprint: texts that are alike share at least one."""
    keys = [b"x" + bytes.fromhex(print_.exact)[:12]]
    if print_.minhash:
        raw, width = bytes.fromhex(print_.minhash), _HASHES // _BANDS * 4
        for number in range(_BANDS):
            piece = raw[number * width : (number + 1) * width]
            keys.append(hashlib.blake2b(piece, digest_size=8, salt=number.to_bytes(16, "big")).digest())
    return keys


def share(one: Fingerprint, other: Fingerprint) -> float:
    """Return how much of the shorter text stands in the other one, 0.0-1.0, estimated to about .05.

    So a reprint that was cut, or has a local top, is still a reprint.  From the likeness J of the two sets of shingles
    (the share of equal MinHash values) follows their common part: J / (1 + J) of both together.
    """
    if one.exact == other.exact:
        return 1.0
    if not one.minhash or not other.minhash:
        return 0.0
    left, right = (np.frombuffer(bytes.fromhex(print_.minhash), dtype=">u4") for print_ in (one, other))
    alike = float(np.mean(left == right))
    if alike < _LEAST:
        return alike
    common = alike / (1 + alike) * (one.shingles + other.shingles)
    return min(1.0, common / min(one.shingles, other.shingles))


def resolve(infos: Sequence[CopyInfo], settings: StorySettings) -> list[Copy]:
    """Return who prints whose text, among articles that may be copies of each other.

    Origins first: an article is an origin unless it is like enough to an earlier origin of another provider, told at
    most `copy_days` before.  So every copy is compared with its origin itself and no chain grows.  Articles of one
    provider are never copies of each other: an outlet that prints a text twice is still one voice.

    The same whatever the order of `infos`.
    """
    origins: list[CopyInfo] = []
    copies: list[Copy] = []
    for info in sorted(infos, key=lambda each: (each.told_at, each.first_seen_at, each.id)):
        best: tuple[float, CopyInfo] | None = None
        for origin in origins:
            if (
                origin.provider == info.provider
                or (info.told_at - origin.told_at).total_seconds() > settings.copy_days * 86400
            ):
                continue
            alike = share(origin.fingerprint, info.fingerprint)
            if alike >= settings.copy_similarity and (best is None or alike > best[0]):
                best = (alike, origin)
        if best is None:
            origins.append(info)
        else:
            copies.append(_copy(info, best[1], best[0]))
    return copies


def _copy(info: CopyInfo, origin: CopyInfo, alike: float) -> Copy:
    exact = info.fingerprint.exact == origin.fingerprint.exact
    how = "has the same words as" if exact else f"shares about {alike:.0%} of its text with"
    return Copy(
        article=info.id,
        origin=origin.id,
        kind="exact" if exact else "near",
        share=round(alike, 3),
        reason=f"{how} the article of {origin.provider}, which told it first",
    )


@lru_cache(maxsize=1)
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    chance = np.random.default_rng(20260907)  # fixed for ever: stored fingerprints must stay comparable
    a = chance.integers(1, _PRIME, size=_HASHES, dtype=np.uint64)
    b = chance.integers(0, _PRIME, size=_HASHES, dtype=np.uint64)
    return a, b


def _shingles(tokens: Sequence[str]) -> set[str]:
    return {" ".join(tokens[i : i + _SHINGLE]) for i in range(len(tokens) - _SHINGLE + 1)}


def _minhash(shingles: set[str]) -> NDArray[np.uint64]:
    hashes = [int.from_bytes(hashlib.blake2b(s.encode(), digest_size=4).digest(), "big") % _PRIME for s in shingles]
    a, b = _permutations()
    values: NDArray[np.uint64] = np.array(sorted(hashes), dtype=np.uint64)
    least = np.full(_HASHES, _PRIME, dtype=np.uint64)
    for start in range(0, len(values), 4096):  # bounded memory, however long the text
        block = values[start : start + 4096]
        least = np.minimum(least, ((np.outer(block, a) + b) % np.uint64(_PRIME)).min(axis=0))
    return least
