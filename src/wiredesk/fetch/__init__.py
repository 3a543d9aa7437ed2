"""Ask the places: guarded, bounded and polite; keep what came.  The only folder that opens a socket."""

from wiredesk.fetch.archive import Location, read_captures, read_one
from wiredesk.fetch.capture import Capture, CaptureWriter
from wiredesk.fetch.fetcher import Fetcher, Hosts, NotModified, Purpose, Request, fetch_blocking, user_agent

__all__ = [
    "Capture",
    "CaptureWriter",
    "Fetcher",
    "Hosts",
    "Location",
    "NotModified",
    "Purpose",
    "Request",
    "fetch_blocking",
    "read_captures",
    "read_one",
    "user_agent",
]
