"""Ask the places: guarded, bounded and polite; keep what came.  The only folder that opens a socket."""

from wiredesk.fetch.archive import Location, read_captures, read_one
from wiredesk.fetch.capture import Capture, CaptureWriter
from wiredesk.fetch.fetcher import Fetcher, fetch_blocking, user_agent
from wiredesk.fetch.request import NotModified, Purpose, Request
from wiredesk.fetch.robots import Robots
from wiredesk.fetch.turns import Hosts

__all__ = [
    "Capture",
    "CaptureWriter",
    "Fetcher",
    "Hosts",
    "Location",
    "NotModified",
    "Purpose",
    "Request",
    "Robots",
    "fetch_blocking",
    "read_captures",
    "read_one",
    "user_agent",
]
