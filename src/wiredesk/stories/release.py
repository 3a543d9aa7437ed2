"""What the stored results were made by: digests that change when another release would make others.

As for the pages of the site, they are taken of the files themselves: nobody has to remember to count a version up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_OF_SIGNALS = ("signals.py", "words.py", "scripts.py", "lexicon.py", "data/places.tsv", "data/concepts")
_OF_STORIES = ("grouping.py", "joining.py", "judging.py", "pairs.py", "candidates.py", "vectors.py", "repeats.py",
               "memory.py", "loops.py", "data/judge.npz")  # fmt: skip


@cache
def signals_release() -> str:
    """Return a digest of all that makes signals: when it changes, every article is read into its signal anew."""
    return _digest(_OF_SIGNALS)


@cache
def stories_release() -> str:
    """Return a digest of all that makes stories of signals, the weights included: another one groups every day anew."""
    return _digest(_OF_STORIES)


def _digest(names: tuple[str, ...]) -> str:
    found = hashlib.sha256()
    for name in names:
        for data in _contents(files("wiredesk.stories").joinpath(name)):
            found.update(hashlib.sha256(data).digest())
    return found.hexdigest()[:32]


def _contents(entry: Traversable) -> Iterator[bytes]:
    if entry.is_dir():
        for inner in sorted(entry.iterdir(), key=lambda each: each.name):
            yield from _contents(inner)
    else:
        yield entry.name.encode()
        yield entry.read_bytes()
