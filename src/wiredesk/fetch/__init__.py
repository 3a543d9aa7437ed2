"""Ask the places: guarded, bounded and polite; keep what came.  The only folder that opens a socket."""

from wiredesk.fetch.archive import EVERYTHING, Location, read_archive, read_captures, read_one
from wiredesk.fetch.capture import Capture, CaptureWriter
from wiredesk.fetch.embeddings import EmbeddingService
from wiredesk.fetch.fetcher import Fetcher, fetch_blocking, user_agent
from wiredesk.fetch.hosts import HostNote, Hosts
from wiredesk.fetch.request import NotModified, Purpose, Request
from wiredesk.fetch.robots import Robots
from wiredesk.fetch.wanted import Wanted, ascii_domain

__all__ = [
    "EVERYTHING",
    "Capture",
    "CaptureWriter",
    "EmbeddingService",
    "Fetcher",
    "HostNote",
    "Hosts",
    "Location",
    "NotModified",
    "Purpose",
    "Request",
    "Robots",
    "Wanted",
    "ascii_domain",
    "fetch_blocking",
    "read_archive",
    "read_captures",
    "read_one",
    "user_agent",
]
