"""Articles -> stories: which articles tell one event; and stories -> threads, timelines, related coverage.

`place` is the rule of Wiredesk, `group_reference` that of the reference site.
"""

from wiredesk.stories.comparing import compare
from wiredesk.stories.facts import Fact, Facts, facts_of
from wiredesk.stories.grouping import Constraints, Grouping, Vectors, history_days, place, window_days
from wiredesk.stories.reference import group as group_reference
from wiredesk.stories.related import Coverage, Reading, coverage
from wiredesk.stories.release import signals_release, stories_release
from wiredesk.stories.signals import Placed, Signal, signal
from wiredesk.stories.sketches import Shelf, StorySketch, dot, sketch
from wiredesk.stories.threads import (
    HISTORY,
    Close,
    Followed,
    Link,
    Thread,
    close_stories,
    follow,
    named_after,
    thread_id,
    threads_of,
)
from wiredesk.stories.timeline import Step, Telling, Timeline, telling, timeline_of

__all__ = [
    "HISTORY",
    "Close",
    "Constraints",
    "Coverage",
    "Fact",
    "Facts",
    "Followed",
    "Grouping",
    "Link",
    "Placed",
    "Reading",
    "Shelf",
    "Signal",
    "Step",
    "StorySketch",
    "Telling",
    "Thread",
    "Timeline",
    "Vectors",
    "close_stories",
    "compare",
    "coverage",
    "dot",
    "facts_of",
    "follow",
    "group_reference",
    "history_days",
    "named_after",
    "place",
    "signal",
    "signals_release",
    "sketch",
    "stories_release",
    "telling",
    "thread_id",
    "threads_of",
    "timeline_of",
    "window_days",
]
