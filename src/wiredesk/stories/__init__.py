"""Articles -> stories: which of them tell one event, and why."""

from wiredesk.stories.grouping import Constraints, Grouping, history_days, place, window_days
from wiredesk.stories.reference import group as group_reference
from wiredesk.stories.signals import Placed, Signal, signal

__all__ = ["Constraints", "Grouping", "Placed", "Signal", "group_reference", "history_days", "place", "signal", "window_days"]
