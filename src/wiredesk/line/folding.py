"""Readings become articles."""

from __future__ import annotations

import json
from hashlib import sha256

from wiredesk.identify import article_id, fold
from wiredesk.line.copying import index
from wiredesk.line.room import Room
from wiredesk.publish import scopes_of
from wiredesk.recordformat import record_name, unique_name
from wiredesk.records import Article, ArticleId, Draft
from wiredesk.store import to_json
from wiredesk.stories import signal, signals_release

_BATCH = 200


def fold_articles(room: Room) -> None:
    """Fold the readings of every address that has new ones; all of them where signals are made in a new way."""
    _owe_all_when_signals_changed(room)
    with room.step("Identifying", room.store.intake.owed_count("fold")) as advance:
        while owed := room.store.intake.owed("fold", _BATCH):
            with room.store.transaction():
                folded = [_fold_one(room, canonical) for canonical in owed]
                index(room, [article for article in folded if article is not None])
                room.store.intake.paid("fold", owed)
            advance(len(owed))


def _owe_all_when_signals_changed(room: Room) -> None:
    made_by = signals_release()
    if room.store.intake.get("signals") != made_by:
        with room.store.transaction():
            room.store.intake.owe("fold", room.store.articles.canonicals())
            room.store.intake.put("signals", made_by)


def _fold_one(room: Room, canonical: str) -> Article | None:
    """Return the article if it is new or changed."""
    drafts, rejected = room.store.articles.drafts(canonical)
    known = article_id(canonical)
    before = room.store.articles.digests(known)
    if not _stands(room, canonical, drafts, rejected):
        if before is not None:
            _withdraw(room, known)
        return None
    article = fold(canonical, drafts, provider_names=room.organizations)
    article = _with_name(room, article)
    data = to_json(Article, article)
    digest = sha256(data).hexdigest()[:32]
    line = json.dumps(signal(article).to_json(), ensure_ascii=False, separators=(",", ":"))
    if before is not None and (before.whole, before.signal) == (digest, line):
        return None
    text_digest = article.versions[-1].digest
    room.store.articles.put(article, digest=digest, text_digest=text_digest, signal=line)
    room.store.intake.owe("embed", [known])
    _meet_provider(room, article)
    if before is None:
        room.counts["new"] += 1
    elif before.text != text_digest:
        room.counts["changed"] += 1
    if before is None or before.signal != line:
        days = {article.told_at, before.told_at if before else article.told_at}
        room.store.intake.owe("place", {day.date().isoformat() for day in days})
    if story := room.store.articles.story_of(known):
        room.store.intake.owe("rate", [story])
    if article.image is not None:
        room.store.intake.owe("picture", [article.image.url])
    if article.provider.logo:
        room.store.intake.owe("picture", [article.provider.logo])
    return article


def _stands(room: Room, canonical: str, drafts: list[Draft], rejected: bool) -> bool:
    """An article needs a reading of its own page, or a wire item whose page cannot be had."""
    if any(draft.origin != "wire" for draft in drafts):
        return True
    told = any(draft.title or draft.excerpt or draft.text for draft in drafts)  # a sitemap may tell an address only
    return told and (rejected or any(room.store.intake.page_is_alone(draft.address) for draft in drafts))


def _withdraw(room: Room, article: ArticleId) -> None:
    """Its readings belong to another address: nothing is left of it but a redirect of its address."""
    if item := room.store.editions.item(article):
        room.store.editions.soil(scopes_of(item))
    story = room.store.articles.story_of(article)
    told = room.store.articles.digests(article)
    room.store.articles.drop(article)
    room.store.intake.owe("neighbours", room.store.fingerprints.drop(article))
    if story:
        room.store.intake.owe("rate", [story])
    if told:
        room.store.intake.owe("place", [told.told_at.date().isoformat()])


def _with_name(room: Room, article: Article) -> Article:
    """Fix the record name when the article is first seen; it never changes after."""
    if room.store.articles.name(article.id) is None:
        offset = (
            8
            if room.settings.rules.set == "reference" and not article.official
            else room.settings.records.utc_offset_hours
        )
        base = article.record_name or record_name(article.title, article.published_at or article.told_at, offset)
        taken = room.store.articles.name_taken
        room.store.articles.put_name(article.id, unique_name(base, taken, article.id, article.provider.domain))
    return article


def _meet_provider(room: Room, article: Article) -> None:
    """Keep the name and logo that the article seen first gives; a name that is only the domain ranks last."""
    provider = article.provider
    early = f"{article.first_seen_at.isoformat()} {article.id}"
    rank = f"{int(provider.name.lower() == provider.domain)} {early}"
    if room.store.articles.meet_provider(provider.domain, provider.name, rank, provider.logo, early):
        room.store.intake.owe("rate", room.store.articles.stories_of_provider(provider.domain))
