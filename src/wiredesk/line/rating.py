"""Stories are rated as of the newest capture; what an edition says of an article is put together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from wiredesk import __version__
from wiredesk.line.pictures import held_image, provider_of
from wiredesk.line.room import Room
from wiredesk.publish import scopes_of
from wiredesk.records import Article, ArticleId, Item, Rating, StoryId
from wiredesk.score import Member, settles_after
from wiredesk.store import pack_item
from wiredesk.text import digest

_BATCH = 100


def rate_stories(room: Room) -> None:
    """Rate every story that changed, and those still warm when the clock of the news moved on."""
    as_of = room.store.intake.newest_capture()
    if as_of is None:
        return
    _owe_warm_stories(room, as_of)
    _owe_all_when_rules_changed(room)
    with room.step("Rating", room.store.intake.owed_count("rate")) as advance:
        while owed := room.store.intake.owed("rate", _BATCH):
            with room.store.transaction():
                for story in owed:
                    _rate_story(room, StoryId(story), as_of)
                room.store.intake.paid("rate", owed)
            advance(len(owed))


def _owe_warm_stories(room: Room, as_of: datetime) -> None:
    before = room.store.intake.get("rated_as_of")
    if before == as_of.isoformat():
        return
    since = min(as_of, datetime.fromisoformat(before)) if before else as_of
    warm = since - settles_after(room.settings.score) - timedelta(days=1)
    with room.store.transaction():
        room.store.intake.owe("rate", room.store.articles.stories_since(warm))
        room.store.intake.put("rated_as_of", as_of.isoformat())


def _owe_all_when_rules_changed(room: Room) -> None:
    rules = digest(
        __version__,
        room.settings.rules.model_dump_json(),
        room.settings.score.model_dump_json(),
        repr(tuple(room.tree)),
        repr(sorted(room.organizations.items())),
    )
    if room.store.intake.get("rules") != rules:
        with room.store.transaction():
            room.store.intake.owe("rate", room.store.articles.stories())
            room.store.intake.put("rules", rules)


def _rate_story(room: Room, story: StoryId, as_of: datetime) -> None:
    joins = room.store.articles.members(story)
    articles = [article for join in joins if (article := room.store.articles.get(join.article)) is not None]
    articles = [_dressed(room, article) for article in articles]
    members = [
        Member(
            article=article,
            tags=room.rules.tag(article),
            copy=room.store.articles.copy(article.id),
            known_organization=article.provider.domain in room.organizations,
        )
        for article in articles
    ]
    ratings = room.rules.rate(members, as_of) if members else []
    order = [r.article for r in sorted(ratings, key=lambda r: (r.heat < 0, -r.quality, r.article))]
    changed = [_keep_item(room, member, rating, story, order) for member, rating in zip(members, ratings, strict=True)]
    if any(changed) or not members:
        room.store.intake.owe("follow", [story])


def _dressed(room: Room, article: Article) -> Article:
    """Show the picture that we hold, with its real size, and the best that we know of the provider."""
    return replace(article, image=held_image(room, article), provider=provider_of(room, article.provider))


def _keep_item(room: Room, member: Member, rating: Rating, story: StoryId, order: list[ArticleId]) -> bool:
    """Keep what an edition says of an article; False where it says that already."""
    article = member.article
    item = Item(
        article=article,
        name=room.store.articles.name(article.id) or article.id,
        topics=member.tags,
        rating=rating,
        story=story,
        related=tuple(other for other in order if other != article.id),
        copy=member.copy,
    )
    packed, changed = pack_item(item)
    if room.store.editions.item_digest(article.id) == changed:
        return False
    before = room.store.editions.item(article.id)
    room.store.editions.put_item(item, packed, changed)
    room.store.editions.soil(scopes_of(item) | (scopes_of(before) if before else frozenset()))
    room.counts["items_changed"] += 1
    return True
