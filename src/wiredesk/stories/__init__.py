"""Articles -> stories: which of them tell one event, and why."""

from wiredesk.stories.comparing import compare
from wiredesk.stories.grouping import Constraints, Grouping, history_days, place, window_days
from wiredesk.stories.reference import group as group_reference
from wiredesk.stories.release import signals_release, stories_release
from wiredesk.stories.signals import Placed, Signal, signal

__all__ = [
    "Constraints",
    "Grouping",
    "Placed",
    "Signal",
    "compare",
    "group_reference",
    "history_days",
    "place",
    "signal",
    "signals_release",
    "stories_release",
    "window_days",
]
