"""Articles -> stories: which articles tell one event."""

from wiredesk.stories.signals import Placed, Signal, signal
from wiredesk.stories.wiredesk import history_days, place

__all__ = ["Placed", "Signal", "history_days", "place", "signal"]
