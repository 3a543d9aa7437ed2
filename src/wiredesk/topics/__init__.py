"""Articles -> topics: what an article is about, and why we think so."""

from wiredesk.topics.wiredesk import tag

__all__ = ["tag"]
