"""Articles -> stories: which articles tell one event.

`place` is the rule of Wiredesk, `group_reference` that of the reference site.
"""

from wiredesk.stories.reference import group as group_reference
from wiredesk.stories.signals import Placed, Signal, signal
from wiredesk.stories.wiredesk import history_days, place

__all__ = ["Placed", "Signal", "group_reference", "history_days", "place", "signal"]
