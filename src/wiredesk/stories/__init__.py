"""Articles -> stories: which articles tell one event.

`place` is the rule of Wiredesk; that of the reference site is in `wiredesk.stories.reference`.
"""

from wiredesk.stories.signals import Placed, Signal, signal
from wiredesk.stories.wiredesk import history_days, place

__all__ = ["Placed", "Signal", "history_days", "place", "signal"]
