"""A web of a few pages on loopback addresses, each request noted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class SmallWeb:
    """One host."""

    home: str = ""  # "http://127.0.0.5:12345"
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)  # path -> (type or status, body); HOME is `home`
    seen: list[tuple[str, int]] = field(default_factory=list)  # (path, status)

    def count(self, path: str, status: int = 200) -> int:
        """How often a path was answered so."""
        return self.seen.count((path, status))


@contextmanager
def small_web(host: str = "127.0.0.5") -> Iterator[SmallWeb]:
    """Serve; `ETag`s are honest, what is not there is 404."""
    web = SmallWeb()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, text = web.pages.get(self.path, ("", ""))
            body = text.replace("HOME", web.home).encode()
            tag = f'"{sha256(body).hexdigest()[:12]}"'
            status = (
                int(kind)
                if kind.isdigit()
                else 404
                if not kind
                else 304
                if self.headers.get("If-None-Match") == tag
                else 200
            )
            web.seen.append((self.path, status))
            self.send_response(status)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(body) if status == 200 else 0))
            self.end_headers()
            if status == 200:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    server = Server((host, 0), Handler)
    web.home = f"http://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
