"""Which parts of the site show an item.

A scope owns documents; a changed item makes the scopes of its old and its new state dirty, in the transaction that
stores it.  Scopes are text, so that a store can keep them:

    record:<article id>               its Markdown record, its JSON document where `api_items` is set, and a redirect
                                      where a story was named after it that it is not in any more
    story:<story id>                  the story page; carries on to the records of its members, to the front page, to
                                      the pages of the stories close to it or beside it in its thread, to its thread,
                                      and to the threads of before that lead to it
    thread:<thread id>                the page of a thread, or a redirect where there is none of that name any more
    day:<YYYY-MM-DD>  month:<YYYY-MM>  archive      topic:<name>     topic-month:<YYYY-MM>/<name>
    providers                                       provider:<domain>  provider-month:<YYYY-MM>/<domain>
    api:<name>  feed:<name>           of a topic; without a name: of the whole site
    sitemap:<YYYY-MM>
    sitemap:own                       of the items that have no page elsewhere
    front  about  site  assets  carried  sitemap:index  sitemap:news     planned for every edition
"""

from __future__ import annotations

from wiredesk.publish.archive import Archive
from wiredesk.records import Entry, Item, Topic

EVERY_EDITION = ("front", "about", "site", "assets", "carried", "sitemap:index", "sitemap:news")
"""Scopes that depend on the time of the data or on files beside it; few, and cheap to look at."""


def scopes_of(item: Item) -> frozenset[str]:
    """Return the scopes that show `item`; an unpublished one is shown by its record and its story only."""
    entry = Entry(
        article=item.article.id,
        name=item.name,
        story=item.story,
        provider=item.article.provider.domain,
        told_at=item.article.told_at,
        published=item.rating.published,
        quality=item.rating.quality,
        heat=item.rating.heat,
        digest="",
    )
    own = {"sitemap:own"} if lives_here(item) else set()
    return _of_entry(entry).union(own, *(_of_topic(tag.topic, entry) for tag in item.topics))


def lives_here(item: Item) -> bool:
    """Say whether the item has no page elsewhere: it came as a record without `webUrl` (a video shown on the site)."""
    record = item.article.record
    return item.rating.published and record is not None and not record.get("webUrl")


def all_scopes(archive: Archive, topics: tuple[Topic, ...]) -> frozenset[str]:
    """Return every scope that the archive can fill, empty topics included.  Reads entries only."""
    scopes: set[str] = set(EVERY_EDITION) | {"archive", "providers", "api:", "feed:", "sitemap:own"}
    scopes |= {f"thread:{id}" for id in archive.thread_ids()}
    for entry in archive.entries(published=False):
        scopes |= _of_entry(entry)
    for name in {topic.name for topic in topics} | set(archive.topic_counts()):
        scopes |= {f"topic:{name}", f"api:{name}", f"feed:{name}"}
        for entry in archive.entries(topic=name):
            scopes |= _of_topic(name, entry)
    return frozenset(scopes)


def _of_entry(entry: Entry) -> frozenset[str]:
    scopes = {f"record:{entry.article}", f"story:{entry.story}"}
    if entry.published:
        day = entry.told_at.date().isoformat()
        month = day[:7]
        scopes |= {f"day:{day}", f"month:{month}", f"sitemap:{month}", "archive", "front", "providers", "api:", "feed:"}
        scopes |= {f"provider:{entry.provider}", f"provider-month:{month}/{entry.provider}"}
    return frozenset(scopes)


def _of_topic(name: str, entry: Entry) -> frozenset[str]:
    if not entry.published:
        return frozenset()
    return frozenset(
        {f"topic:{name}", f"topic-month:{entry.told_at.date().isoformat()[:7]}/{name}", f"api:{name}", f"feed:{name}"}
    )
