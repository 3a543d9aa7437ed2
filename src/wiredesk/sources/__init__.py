"""Which places to ask: feeds, their discovery, subscription lists, files.  Parses only; nothing here opens a socket."""

from wiredesk.sources.discover import Candidate, discover
from wiredesk.sources.feeds import Feed, FeedKind, looks_like_feed, parse_feed
from wiredesk.sources.folders import page_from_file
from wiredesk.sources.opml import read_opml, write_opml

__all__ = [
    "Candidate",
    "Feed",
    "FeedKind",
    "discover",
    "looks_like_feed",
    "page_from_file",
    "parse_feed",
    "read_opml",
    "write_opml",
]
