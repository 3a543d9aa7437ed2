"""Ask the places: guarded, bounded and polite; keep what came.  The only folder that opens a socket."""

from wiredesk.fetch.archive import EVERYTHING, Location, read_archive, read_captures, read_one
from wiredesk.fetch.capture import Capture, CaptureWriter
from wiredesk.fetch.fetcher import Fetcher, Hosts, NotModified, Purpose, Request, fetch_blocking, user_agent
from wiredesk.fetch.wanted import Wanted, ascii_domain

__all__ = [
    "EVERYTHING",
    "Capture",
    "CaptureWriter",
    "Fetcher",
    "Hosts",
    "Location",
    "NotModified",
    "Purpose",
    "Request",
    "Wanted",
    "ascii_domain",
    "fetch_blocking",
    "read_archive",
    "read_captures",
    "read_one",
    "user_agent",
]
