"""Drafts -> articles: is it the same article, the same text, and who had it first?"""

from wiredesk.identify.address import settle
from wiredesk.identify.copies import CopyInfo, Fingerprint, bands, fingerprint, resolve, share
from wiredesk.identify.fold import article_id, fold

__all__ = ["CopyInfo", "Fingerprint", "article_id", "bands", "fingerprint", "fold", "resolve", "settle", "share"]
