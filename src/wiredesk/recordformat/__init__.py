"""The Markdown record format: front matter without loss, names, `secured`.  Pure: bytes and values only."""

from wiredesk.recordformat.frontmatter import NEWS_KEYS, RecordFile
from wiredesk.recordformat.frontmatter import parse as parse_record
from wiredesk.recordformat.frontmatter import write as record_bytes
from wiredesk.recordformat.names import record_name, slug, unique_name
from wiredesk.recordformat.reading import draft_from_record, private_fields
from wiredesk.recordformat.secured import is_ours, key_text, new_key, pack, parse_key, seal, unpack, unseal

__all__ = [
    "NEWS_KEYS",
    "RecordFile",
    "draft_from_record",
    "is_ours",
    "key_text",
    "new_key",
    "pack",
    "parse_key",
    "parse_record",
    "private_fields",
    "record_bytes",
    "record_name",
    "seal",
    "slug",
    "unique_name",
    "unpack",
    "unseal",
]
