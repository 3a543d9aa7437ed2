"""The topic tree of a new site, from what its owner says on the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count

from anyascii import anyascii

from wiredesk.recordformat import slug
from wiredesk.records import Topic

_TAKEN = frozenset({"collections"})  # api/learning/collections/ lists what that says, not the news of a topic
_GAP = re.compile(r"[\s_-]+")


def plant(title: str | None, wished: Sequence[tuple[str, Sequence[str]]], *, folder: str) -> tuple[Topic, ...]:
    """Return the root and, below it, the topics that are wished for; every name and every id stands once.

    A topic that is called as the site is, whatever the case, is the site's own: its keywords are the root's.  Where
    two names would have one id ("C", "C++"), the later one has a number behind it.

    Args:
        title: Name of the site; None: the folder's, in the spelling of a topic that is called so.
        wished: Name and keywords of each topic.
        folder: Name of the site's folder.

    Raises:
        ValueError: Two topics have one name.
    """
    topics: dict[str, tuple[str, Sequence[str]]] = {}
    for name, keywords in wished:
        if (known := topics.get(_called(name))) is not None:
            raise ValueError(f"{known[0]!r} and {name!r} are one topic: name it once, with all of its keywords")
        topics[_called(name)] = name, keywords
    own = topics.pop(_called(title or folder), (folder, ()))
    root = title or own[0]
    ids = set(_TAKEN)
    tree = [Topic(id=_id(root, ids), name=root, keywords=tuple(own[1]))]
    for name, keywords in topics.values():
        tree.append(Topic(id=_id(name, ids), name=name, parent=root, keywords=tuple(keywords)))
    return tuple(tree)


def _called(name: str) -> str:
    return _GAP.sub(" ", name.casefold())


def _id(name: str, taken: set[str]) -> str:
    """Return what stands for `name` in addresses, in Latin letters, and note it as taken."""
    base = slug(anyascii(name)) or "topic"
    found = next(each for number in count(1) if (each := base if number == 1 else f"{base}-{number}") not in taken)
    taken.add(found)
    return found
