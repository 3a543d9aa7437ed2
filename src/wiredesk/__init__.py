"""Wiredesk: sources in, a published topical news site out."""
