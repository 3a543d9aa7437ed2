"""Which places to ask: feeds, sitemaps, lists, mails; their discovery; subscription lists; files.

Parses only; nothing here opens a socket.
"""

from wiredesk.sources.discover import Candidate, Verdict, discover, judge, page_links, page_title
from wiredesk.sources.feeds import Feed, FeedKind, looks_like_feed, parse_feed
from wiredesk.sources.folders import FILE_HEADER, page_from_file
from wiredesk.sources.listing import Listing, Proposal, propose, read_list
from wiredesk.sources.mail import Mail, read_mail
from wiredesk.sources.opml import read_opml, write_opml
from wiredesk.sources.rhythm import Bounds, Look, Pace, fresh_until, next_look, pace_of, span
from wiredesk.sources.sitemaps import (
    Sitemap,
    belongs_to,
    likely_news,
    named_in_robots,
    parse_sitemap,
    sitemap_items,
    worth_following,
)

__all__ = [
    "FILE_HEADER",
    "Bounds",
    "Candidate",
    "Feed",
    "FeedKind",
    "Listing",
    "Look",
    "Mail",
    "Pace",
    "Proposal",
    "Sitemap",
    "Verdict",
    "belongs_to",
    "discover",
    "fresh_until",
    "judge",
    "likely_news",
    "looks_like_feed",
    "named_in_robots",
    "next_look",
    "pace_of",
    "page_from_file",
    "page_links",
    "page_title",
    "parse_feed",
    "parse_sitemap",
    "propose",
    "read_list",
    "read_mail",
    "read_opml",
    "sitemap_items",
    "span",
    "worth_following",
    "write_opml",
]
