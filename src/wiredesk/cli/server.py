"""A small web server for looking at a site."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from wiredesk.cli.callbacks import Callbacks

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
    timeout = 60  # seconds; whoever says nothing for so long holds no thread

    def __init__(self, *args: Any, base: str, directory: str, callbacks: Callbacks | None = None) -> None:
        self._base, self._callbacks, self.extensions_map = base, callbacks, _TYPES
        super().__init__(*args, directory=directory)

    def send_head(self) -> Any:
        """Send the reader of / to the site; what lies outside its base path is missing."""
        if (token := self._token()) is not None and self._callbacks and self.command == "GET":
            self._answer(*self._callbacks.asked(token, urlsplit(self.path).query))
            return None
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

    def do_POST(self) -> None:
        """Take the call of a hub; nobody else may post anything."""
        token = self._token()
        length = self.headers.get("Content-Length", "")
        self.close_connection = True  # what was posted may not have been read
        if token is None or self._callbacks is None:
            self.send_error(501)
        elif not self._callbacks.knows(token):
            self._answer(410)
        elif not (length.isascii() and length.isdigit()):
            self._answer(411)
        elif int(length[:12]) > self._callbacks.max_bytes:
            self._answer(413)
        else:
            body = self.rfile.read(int(length))
            self._answer(
                self._callbacks.told(token, self.headers.get("X-Hub-Signature", ""), body)
                if len(body) == int(length)
                else 400
            )

    def _token(self) -> str | None:
        """Return what a hub's callback address ends in; None where this is none."""
        path = urlsplit(self.path).path
        begin = f"{self._base}websub/"
        return path[len(begin) :] if self._callbacks and path.startswith(begin) else None

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

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


def make_server(
    public: Path, address: str, host: str, port: int, callbacks: Callbacks | None = None
) -> ThreadingHTTPServer:
    """Return a server of the folder `public` below the path of `address`; it listens, and answers nobody yet.

    Args:
        callbacks: Answers hubs (WebSub) below websub/; None: nobody may call.

    Raises:
        click.ClickException: it cannot listen there.
    """
    handler = partial(_Handler, base=urlsplit(address).path or "/", directory=str(public), callbacks=callbacks)
    try:
        return ThreadingHTTPServer((host, port), handler)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}; name another --port") from error


def serve_site(public: Path, address: str, host: str, port: int, callbacks: Callbacks | None = None) -> None:
    """Serve until interrupted.  Raises click.ClickException where it cannot listen."""
    with make_server(public, address, host, port, callbacks) as server:
        click.echo(f"Serving http://{host}:{server.server_port}{urlsplit(address).path or '/'}  (Ctrl+C to stop)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()
