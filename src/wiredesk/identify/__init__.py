"""Drafts -> articles: is it the same article, the same text, and who had it first?"""

from wiredesk.identify.address import settle
from wiredesk.identify.copies import HOLDERS, Shelf, find_origin, fingerprint, fingerprints, span
from wiredesk.identify.fold import article_id, fold

__all__ = ["HOLDERS", "Shelf", "article_id", "find_origin", "fingerprint", "fingerprints", "fold", "settle", "span"]
