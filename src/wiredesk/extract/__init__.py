"""A page, a dispatch or a wire item -> Draft, each field with the rule that found it.  Pure: asks nobody."""

from wiredesk.extract.dispatch import read_dispatch
from wiredesk.extract.drift import WINDOW as DRIFT_WINDOW
from wiredesk.extract.drift import Drift, Mark, drifts, is_over
from wiredesk.extract.images import Size, measure
from wiredesk.extract.knowledge import (
    HostKnowledge,
    Lesson,
    Material,
    Place,
    SiteKnowledge,
    as_text,
    learn,
    learn_from,
    material,
    parse_knowledge,
    says_more,
    write_knowledge,
)
from wiredesk.extract.page import extract, study
from wiredesk.extract.wire import draft_from_wire

__all__ = [
    "DRIFT_WINDOW",
    "Drift",
    "HostKnowledge",
    "Lesson",
    "Mark",
    "Material",
    "Place",
    "SiteKnowledge",
    "Size",
    "as_text",
    "draft_from_wire",
    "drifts",
    "extract",
    "is_over",
    "learn",
    "learn_from",
    "material",
    "measure",
    "parse_knowledge",
    "read_dispatch",
    "says_more",
    "study",
    "write_knowledge",
]
