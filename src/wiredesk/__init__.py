"""Wiredesk: sources in, a published topical news site out."""

__version__ = "0.1.0"
