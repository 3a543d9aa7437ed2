"""Items -> records, JSON API, feeds, sitemaps and site; and the edition that swaps them in.

`publish` is the door.  What it reads is an `Archive`, what it remembers is a `Ledger`; a store offers both.
"""

from wiredesk.publish.archive import Archive, Freshness, item_digest
from wiredesk.publish.edition import DocumentRow, Edition, Ledger, Written, publish
from wiredesk.publish.images import PictureFile, held_path, news_picture, provider_icon
from wiredesk.publish.plan import Planned, Press, plan
from wiredesk.publish.scopes import all_scopes, scopes_of

__all__ = [
    "Archive",
    "DocumentRow",
    "Edition",
    "Freshness",
    "Ledger",
    "PictureFile",
    "Planned",
    "Press",
    "Written",
    "all_scopes",
    "held_path",
    "item_digest",
    "news_picture",
    "plan",
    "provider_icon",
    "publish",
    "scopes_of",
]
