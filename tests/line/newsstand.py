"""A few small newspapers on loopback addresses: real servers, feeds and pages, each request noted."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from xml.sax.saxutils import escape

from PIL import Image

NOW = datetime(2026, 9, 7, 12, 0, tzinfo=UTC)
HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3")  # three addresses, so three providers

_EVENTS = (
    (
        "Dock workers walk out at Northquay",
        "Crane drivers left their cabs at six and the container terminal stood still",
    ),
    (
        "Ferry line orders a second electric ship",
        "The yard at Grimholt will build the hull and the batteries come from Sund",
    ),
    (
        "Council votes for the tidal barrage",
        "Seventeen members were in favour of the power plant and fourteen against it",
    ),
    ("Cod quota cut by a fifth", "Fishermen in Aske said the smaller catch would cost every third boat its season"),
    ("Storm closes the strait for two days", "Gusts of thirty-eight metres a second were measured at the lighthouse"),
    ("Museum shows the strike of 1911", "Banners, pay books and a ledger of the old union lie in the first room"),
)


@dataclass(slots=True)
class Seen:
    """One request that came."""

    host: str
    path: str
    conditional: bool
    status: int


@dataclass(slots=True)
class Newsstand:
    """All the papers."""

    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    pages: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)  # (host, path) -> (type, body)
    also: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)  # headers that a page comes with
    instead: dict[tuple[str, str], tuple[int, dict[str, str]]] = field(default_factory=dict)  # status, headers
    servers: list[ThreadingHTTPServer] = field(default_factory=list)

    def feeds(self) -> list[str]:
        """Addresses of the feeds."""
        return [f"http://{host}:{self.port}/feed.xml" for host in HOSTS]

    def open(self) -> None:
        """Print the papers and open."""
        for host in HOSTS:
            server = ThreadingHTTPServer((host, self.port), self._handler(host))
            self.port = server.server_port
            self.servers.append(server)
            threading.Thread(target=server.serve_forever, daemon=True).start()
        for number, host in enumerate(HOSTS):
            self.print_paper(number, host)

    def close(self) -> None:
        """Close."""
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def print_paper(self, number: int, host: str) -> None:
        """Write one paper's feed, pages and picture."""
        base = f"http://{host}:{self.port}"
        items = []
        for place, (title, lede) in enumerate(_EVENTS):
            at = NOW - timedelta(hours=3 * place + number)
            headline = title if number == 0 else f"{title}: paper {number} asks why"
            path = f"/news/{place}"
            self.pages[host, path] = ("text/html; charset=utf-8", _page(base, path, headline, lede, at, number))
            items.append(
                f"<item><title>{escape(headline)}</title><link>{base}{path}</link><guid>{base}{path}</guid>"
                f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate><description>{escape(lede)}.</description></item>"
            )
        head = f"<title>Paper {number}</title><link>{base}/</link>"
        feed = f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'
        self.pages[host, "/feed.xml"] = ("application/rss+xml", feed.encode())
        home = (
            f'<!doctype html><title>Paper {number}</title><link rel="alternate" type="application/rss+xml" '
            f'title="Comments" href="/comments/feed.xml"><link rel="alternate" type="application/rss+xml" '
            f'title="Paper {number}" href="/feed.xml"><p>Welcome.</p>'
        )
        self.pages[host, "/"] = ("text/html; charset=utf-8", home.encode())
        self.pages[host, "/picture.png"] = ("image/png", _picture(number))

    def _handler(self, host: str) -> type[BaseHTTPRequestHandler]:
        stand = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                kind, body = stand.pages.get((host, self.path), ("text/plain", b""))
                if (host, self.path) in stand.instead:
                    status, headers = stand.instead[host, self.path]
                    stand.seen.append(Seen(host, self.path, "If-None-Match" in self.headers, status))
                    self.send_response(status)
                    for name, value in {**headers, "Content-Length": "0"}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    return
                tag = f'"{sha256(body).hexdigest()[:16]}"'
                asked = self.headers.get("If-None-Match")
                status = 404 if not body else 304 if asked == tag else 200
                stand.seen.append(Seen(host, self.path, asked is not None, status))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", tag)
                for name, value in stand.also.get((host, self.path), {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) if status == 200 else 0))
                self.end_headers()
                if status == 200:
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


def _page(base: str, path: str, headline: str, lede: str, at: datetime, number: int) -> bytes:
    body = (
        f"{lede}. Readers of paper {number} followed the day from the quay, where the talk was of little else. "
        f"The harbour office gave no figures. Several people who were there described the hours before dawn. "
    )
    more = "What comes next will be decided by people who were not in the room, said a person who was. " * 3
    return f"""<!doctype html><html lang="en"><head><title>{escape(headline)} | Paper {number}</title>
<link rel="canonical" href="{base}{path}"><meta property="og:title" content="{escape(headline)}">
<meta property="og:site_name" content="Paper {number}"><meta property="og:image" content="{base}/picture.png">
<meta property="article:published_time" content="{at.isoformat()}"><meta name="author" content="Ada Quill"></head>
<body><article><h1>{escape(headline)}</h1><p>{escape(body)}</p><p>{escape(more)}</p><p>{escape(lede)}.</p></article>
</body></html>""".encode()


def _picture(number: int) -> bytes:
    data = BytesIO()
    Image.new("RGB", (640, 360), (40 * number, 90, 140)).save(data, "PNG")
    return data.getvalue()
