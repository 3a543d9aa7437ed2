"""Where an article lives, as its own page says."""

from __future__ import annotations

from collections.abc import Sequence

from wiredesk.records import Draft
from wiredesk.urls import registrable_domain


def settle(address: str, drafts: Sequence[Draft]) -> str:
    """Return the canonical address of what was read at `address`.

    The newest reading of the page that claims one decides, AMP forms last.  A claim on another site's address is not
    believed: anybody could make his page a version of somebody else's article.
    """
    claims = [
        (not draft.amp, draft.observed_at, draft.canonical_url)
        for draft in drafts
        if draft.canonical_url and draft.origin != "wire" and _same_site(address, draft.canonical_url)
    ]
    return max(claims)[2] if claims else address


def _same_site(one: str, other: str) -> bool:
    try:
        return registrable_domain(one) == registrable_domain(other)
    except ValueError:
        return False
