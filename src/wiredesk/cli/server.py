"""A small web server for looking at a site."""

from __future__ import annotations

from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import click

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class _Handler(SimpleHTTPRequestHandler):
    """Serves one folder below the base path of the site's address."""

    base: ClassVar[str] = "/"
    protocol_version = "HTTP/1.1"
    extensions_map: ClassVar[dict[str, str]] = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".json": "application/json; charset=utf-8",
        ".xml": "application/xml; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".webp": "image/webp",
    }

    def send_head(self) -> Any:
        """Send the reader of / to the site's base path."""
        if self.base != "/" and not self.path.startswith(self.base):
            self.send_response(302)
            self.send_header("Location", self.base)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        """Map the base path to the folder."""
        return super().translate_path("/" + path[len(self.base) :])

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


def serve_site(public: Path, address: str, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        click.ClickException: the port is taken.
    """
    base = urlsplit(address).path or "/"
    handler = type("Handler", (_Handler,), {"base": base})

    def make(*args: Any) -> _Handler:
        served: _Handler = handler(*args, directory=str(public))
        return served

    try:
        server = ThreadingHTTPServer((host, port), make)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}; name another --port") from error
    with server:
        click.echo(f"Serving http://{host}:{server.server_port}{base}  (Ctrl+C to stop)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()
