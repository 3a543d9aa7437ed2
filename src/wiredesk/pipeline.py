"""The line, in order: ask, capture, read, identify, group, rate, publish.

Each step takes what is owed to it from the store and leaves what it owes to the next, so a run that was cut off
anywhere goes on with the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wiredesk.fetch import EVERYTHING, Wanted
from wiredesk.line.asking import fetch_pages, fetch_pictures, poll_sources
from wiredesk.line.capturing import Recorder
from wiredesk.line.copying import find_copies
from wiredesk.line.embedding import embed_articles
from wiredesk.line.folding import fold_articles
from wiredesk.line.following import follow_sitemaps
from wiredesk.line.hubs import hear_hubs, keep_subscriptions
from wiredesk.line.importing import import_newsletters, import_path
from wiredesk.line.learning import forget_versions, rest
from wiredesk.line.pictures import keep_pictures, missing_pictures
from wiredesk.line.publishing import publish_edition
from wiredesk.line.rating import rate_stories
from wiredesk.line.reading import read_captures
from wiredesk.line.room import Asker, Room
from wiredesk.line.telling import tell_stories


def run(room: Room, ask: Asker | None, *, poll_all: bool = False) -> None:
    """Bring the site up to date and publish.  Without `ask` nobody is asked: what is captured is worked off."""
    recorder = Recorder(room)
    try:
        import_newsletters(room, recorder)
        hear_hubs(room)
        if ask is not None:
            poll_sources(room, ask, recorder, everything=poll_all)
            read_captures(room)
            keep_subscriptions(room, ask)
            follow_sitemaps(room, ask, recorder)
            read_captures(room)
            fetch_pages(room, ask, recorder)
        read_captures(room)
        decide(room)
        if ask is not None and room.settings.fetch.images and (pictures := missing_pictures(room)):
            fetch_pictures(room, ask, recorder, pictures)
            decide(room)
    finally:
        recorder.close()
    publish_edition(room)


def decide(room: Room) -> None:
    """Turn readings into articles, copies, stories, ratings: what an edition says."""
    fold_articles(room)
    find_copies(room)
    embed_articles(room)
    tell_stories(room)
    keep_pictures(room)
    rate_stories(room)


def bring_in(room: Room, paths: Sequence[Path], wanted: Wanted = EVERYTHING, limit: int | None = None) -> None:
    """Capture archives and folders of files, `limit` pages at most; `run` makes the rest of it."""
    recorder = Recorder(room)
    try:
        for path in paths:
            taken = import_path(room, recorder, path, wanted, limit)
            limit = None if limit is None else limit - taken
    finally:
        recorder.close()


def rebuild(room: Room, *, relearn: bool = False) -> None:
    """Make everything anew from the captures, with today's rules, and publish the difference.

    Pages are read with what was known of their hosts when they came; with `relearn` that is learned anew, too.
    """
    Recorder(room).close()
    if relearn:
        forget_versions(room)
    with room.store.transaction():
        room.store.forget_derived()
        rest(room, not relearn)
    read_captures(room)
    rest(room, False)
    decide(room)
    publish_edition(room, everything=True)
