"""Which places to ask: feeds, their discovery, subscription lists, files.  Parses only; nothing here opens a socket."""

from wiredesk.sources.discover import Candidate, discover
from wiredesk.sources.feeds import Feed, FeedKind, parse_feed
from wiredesk.sources.folders import page_from_file
from wiredesk.sources.opml import read_opml, write_opml
from wiredesk.sources.rhythm import Bounds, Look, Pace, fresh_until, next_look, pace_of, span

__all__ = [
    "Bounds",
    "Candidate",
    "Feed",
    "FeedKind",
    "Look",
    "Pace",
    "discover",
    "fresh_until",
    "next_look",
    "pace_of",
    "page_from_file",
    "parse_feed",
    "read_opml",
    "span",
    "write_opml",
]
