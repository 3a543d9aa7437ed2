"""Readings of one address -> the article."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from wiredesk.identify.provider import provider_of
from wiredesk.records import Article, ArticleId, Draft, Version, has_clock
from wiredesk.text import digest

T = TypeVar("T")

_RANK = {"record": 0, "file": 1, "page": 2, "wire": 3}  # which reading speaks first, of those at one time
_NO_TEXT = frozenset({"noai", "tdm-reservation"})  # the publisher does not want machines to read the text
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_EARLY_CLAIM = timedelta(days=1)  # clocks and zones are set wrong by hours, not by more


def article_id(canonical_url: str) -> ArticleId:
    """Return the id that stands for an address for ever: 16 hex digits of its SHA-256."""
    return ArticleId(hashlib.sha256(canonical_url.encode("utf-8", "surrogatepass")).hexdigest()[:16])


def fold(canonical_url: str, drafts: Sequence[Draft], *, provider_names: Mapping[str, str] | None = None) -> Article:
    """Return the article that all readings of `canonical_url` make together.

    Pure, and the same whatever the order of `drafts`: they are taken by time.  The newest reading of the page itself
    speaks first for every field, then older ones, then AMP forms, then what feeds say.

    Args:
        drafts: At least one.
        provider_names: Domain -> name of the organisations that the site knows.
    """
    ordered = sorted(drafts, key=_order)
    speaking = sorted(ordered, key=_voice)  # stable: by time within a voice
    newest_first = [draft for voice in range(3) for draft in reversed([d for d in speaking if _voice(d) == voice])]
    lead = newest_first[0]
    if _NO_TEXT & set(lead.opt_outs):  # also not the text of earlier readings, or of a feed
        ordered, speaking, newest_first = (
            [replace(draft, text="", outline=(), links=()) for draft in drafts]
            for drafts in (ordered, speaking, newest_first)
        )
    first_seen = min(draft.observed_at for draft in ordered)
    published, published_rule = _published(speaking, first_seen)
    rules = {**_said(newest_first, lambda draft: draft.rules), "published_at": published_rule}
    confidence = _said(newest_first, lambda draft: draft.confidence)

    telling = next((draft for draft in newest_first if draft.text), lead)  # text, outline and links belong together

    def best(get: Callable[[Draft], T]) -> T:
        return next((value for draft in newest_first if (value := get(draft))), get(lead))

    return Article(
        id=article_id(canonical_url),
        canonical_url=canonical_url,
        provider=provider_of(
            canonical_url,
            best(lambda d: d.provider_name),
            best(lambda d: d.provider_logo),
            best(lambda d: d.record),
            provider_names or {},
        ),
        title=best(lambda d: d.title),
        excerpt=best(lambda d: d.excerpt),
        text=telling.text,
        outline=telling.outline,
        links=telling.links,
        opt_outs=lead.opt_outs,
        authors=best(lambda d: d.authors),
        published_at=published,
        updated_at=best(lambda d: d.updated_at),
        first_seen_at=first_seen,
        language=best(lambda d: d.language),
        section=best(lambda d: d.section),
        tags=best(lambda d: d.tags),
        kind=lead.kind,
        amp_url=best(lambda d: d.amp_url),
        image=best(lambda d: d.image),
        dateline=best(lambda d: d.dateline),
        title_is_ours=lead.title_is_ours,
        official=any(draft.official for draft in ordered),
        source_topics=tuple(dict.fromkeys(topic for draft in ordered for topic in draft.source_topics)),
        record=best(lambda d: d.record),
        record_name=best(lambda d: d.record_name),
        versions=_versions(ordered),
        rules={field: rule for field, rule in rules.items() if rule},
        confidence=confidence,
    )


def _order(draft: Draft) -> tuple[datetime, int, str]:
    return draft.observed_at, _RANK[draft.origin], digest(repr(draft))


def _voice(draft: Draft) -> int:
    if draft.origin == "wire":
        return 2
    return 1 if draft.amp else 0


def _said(newest_first: Sequence[Draft], get: Callable[[Draft], Mapping[str, T]]) -> dict[str, T]:
    """Return the rule (or confidence) behind each field: that of the first reading that has the field."""
    found: dict[str, Any] = {}
    for draft in newest_first:
        for field, value in get(draft).items():
            if getattr(draft, field, None):
                found.setdefault(field, value)
    return dict(sorted(found.items()))


def _published(speaking: Sequence[Draft], first_seen: datetime) -> tuple[datetime | None, str]:
    """Return the first claim of the best voice, and its rule: a page that is dated anew stays where it was.

    A claim that cannot be true is dropped; one of a date alone gives way to one with a clock on that day.
    """
    dropped = ""
    dated: tuple[datetime, str] | None = None
    for draft in speaking:
        if draft.published_at is None:
            continue
        rule = draft.rules.get("published_at", draft.origin)
        if not _EARLIEST <= draft.published_at <= first_seen + _EARLY_CLAIM:
            dropped = f"dropped: {draft.published_at.isoformat()} by {rule} cannot be"
        elif dated is None and not has_clock(draft.published_at):
            dated = draft.published_at, rule
        elif dated is None or (has_clock(draft.published_at) and draft.published_at.date() == dated[0].date()):
            return draft.published_at, rule
    return dated or (None, dropped)


def _versions(ordered: Sequence[Draft]) -> tuple[Version, ...]:
    """Return the states of title and text, oldest first; feeds and AMP forms count only where nothing else is."""
    telling = next((found for voice in range(3) if (found := [d for d in ordered if _voice(d) == voice])), [])
    versions: list[Version] = []
    for draft in telling:
        state = digest(draft.title, draft.text)
        if versions and versions[-1].digest == state:
            continue
        versions.append(
            Version(
                number=len(versions) + 1, seen_at=draft.observed_at, title=draft.title, text=draft.text, digest=state
            )
        )
    return tuple(versions)
