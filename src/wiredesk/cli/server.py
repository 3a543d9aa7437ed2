"""A small web server for looking at a site."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

_TYPES = {
    **SimpleHTTPRequestHandler.extensions_map,
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".xml": "application/xml; charset=utf-8",
}


class _Handler(SimpleHTTPRequestHandler):
    """Serves one folder below the base path of the site's address."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, base: str, directory: str) -> None:
        self._base, self.extensions_map = base, _TYPES
        super().__init__(*args, directory=directory)

    def send_head(self) -> Any:
        """Send the reader of / to the site; what lies outside its base path is missing."""
        if self.path.startswith(self._base):
            return super().send_head()
        if self._base.startswith(f"{self.path.rstrip('/')}/"):
            self.send_response(302)
            self.send_header("Location", self._base)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.send_error(404)
        return None

    def translate_path(self, path: str) -> str:
        """Map the base path to the folder, and the folders of the JSON API to the document in them."""
        found = super().translate_path("/" + path[len(self._base) :])
        document = Path(found) / "index.json"
        return str(document) if document.is_file() else found

    def list_directory(self, path: Any) -> None:
        """Show no folder that has no page."""
        self.send_error(404)

    def end_headers(self) -> None:
        """Add the headers that a real server should send too."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with the site's own page where something is missing."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: a person reads this terminal."""


def make_server(public: Path, address: str, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server of the folder `public` below the path of `address`; it listens, and answers nobody yet.

    Raises:
        click.ClickException: it cannot listen there.
    """
    handler = partial(_Handler, base=urlsplit(address).path or "/", directory=str(public))
    try:
        return ThreadingHTTPServer((host, port), handler)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}; name another --port") from error


def serve_site(public: Path, address: str, host: str, port: int) -> None:
    """Serve until interrupted.  Raises click.ClickException where it cannot listen."""
    with make_server(public, address, host, port) as server:
        click.echo(f"Serving http://{host}:{server.server_port}{urlsplit(address).path or '/'}  (Ctrl+C to stop)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()
