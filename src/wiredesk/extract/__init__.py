"""A page, a dispatch or a wire item -> Draft, each field with the rule that found it.  Pure: asks nobody."""

from wiredesk.extract.dispatch import read_dispatch
from wiredesk.extract.images import Size, measure
from wiredesk.extract.page import extract
from wiredesk.extract.wire import draft_from_wire

__all__ = ["Size", "draft_from_wire", "extract", "measure", "read_dispatch"]
