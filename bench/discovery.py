"""Discovery on saved pages: what `wiredesk try` and `wiredesk add` find behind twenty real home and list pages.

    python bench/discovery.py

Each page is served on a loopback address of its own, its absolute links to its own site led there by the server; behind
each feed address that it names lies a real feed of the data (of another site, its links led to the page's host), on
other hosts' addresses on a second loopback address.  Nothing else is there: other paths answer 404.  The real commands
run against that.

A choice is right
- where the page announces feeds (<link rel=alternate> of an RSS or Atom type): if it is the first of them in the page
  that is neither of comments nor of a category, tag or author, as its address and title say;
- where it announces none: if it is the page as a list, of at least five items, and at least 70 % of the first twenty
  titles stand in the text that people annotated as the page's content.

Pages: the four home pages among the feeds; then, of the pages of the sites that may be looked at ("dev"), home pages,
listings and collections for which one of the rules above can be applied; then article pages that announce most feeds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from data import data_option, need, part_of

_PAGES = 20
_ALTERNATE = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_PARTIAL = re.compile(r"comment|/category/|/categories/|/tags?/|/author/|[?&](?:cat|tag|author)=", re.IGNORECASE)
_HOMES = {  # saved home pages among the feeds, and where they were saved
    "nnw-DaringFireball.html": "https://daringfireball.net/",
    "nnw-furbo.html": "http://furbo.org/",
    "nnw-sixcolors.html": "https://sixcolors.com/",
    "nnw-YouTubeTheVolvoRocks.html": "https://www.youtube.com/user/TheVolvorocks",
}


@dataclass(slots=True)
class Saved:
    """A saved page, and what is right for it."""

    name: str
    url: str
    body: bytes
    kind: str = "text/html"  # as it is served
    gold: str = ""  # annotated content, on one line, lower case
    feeds: list[tuple[str, str]] = field(default_factory=list)  # (address, title) that it announces
    host: str = ""
    port: int = 0
    routes: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)

    @property
    def main_feed(self) -> str | None:
        return next((url for url, title in self.feeds if not _PARTIAL.search(f"{url} {title}")), None)

    def there(self, url: str) -> str:
        """Return where `url` is served."""
        parts = urlsplit(url)
        host = self.host if parts.netloc == urlsplit(self.url).netloc else self.host.replace("127.20.0.", "127.20.1.")
        return parts._replace(scheme="http", netloc=f"{host}:{self.port}").geturl()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data_option(parser)
    parser.add_argument("--show", metavar="NAME", help="Run `wiredesk try` on this page alone, for a person")
    arguments = parser.parse_args()
    pages = list(_chosen(arguments.data))
    feeds = list(_real_feeds(arguments.data))
    for number, page in enumerate(pages):
        page.host = f"127.20.0.{number + 1}"
    servers = _serve(pages, feeds)
    try:
        with tempfile.TemporaryDirectory() as folder:
            site = _site(Path(folder), pages)
            if arguments.show:
                page = next(page for page in pages if arguments.show in page.name)
                subprocess.run([sys.executable, "-m", "wiredesk", "try", page.there(page.url)], cwd=site, check=False)
                return
            _report([_tried(site, page) for page in pages])
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


# --- the pages --------------------------------------------------------------------------------------------------


def _chosen(data: Path) -> Iterator[Saved]:
    articles, feeds = need(data, "articles", "gold.jsonl"), need(data, "feeds", "gold.jsonl")
    count = 0
    for row in _rows(feeds):
        if row["id"] in _HOMES:
            count += 1
            yield _saved(row["id"], _HOMES[row["id"]], gzip.decompress((feeds.parent / row["file"]).read_bytes()))
    more: list[Saved] = []
    for row in _rows(articles):
        if part_of(row["site"] or row["id"]) != "dev":
            continue
        is_home = bool(row["url"]) and urlsplit(row["url"]).path in ("", "/")
        is_list = is_home or row["type"] in ("listing", "collection")
        page = _saved(row["id"], row["url"] or f"https://{row['site']}/", _page_bytes(articles, row))
        page.kind = "text/html; charset=utf-8" if row["charset"] else "text/html"  # it was recoded: its own claim lies
        page.gold = " ".join((row["body"] or "").split()).lower()
        if is_list and (page.main_feed or _lists_its_content(page)):
            count += 1
            yield page
        elif not is_list and len(page.feeds) >= 2 and page.main_feed:
            more.append(page)
        if count >= _PAGES:
            return
    more.sort(key=lambda page: (-len(page.feeds), page.name))
    hosts: set[str] = set()
    for page in more:  # one of each site
        if count < _PAGES and (host := urlsplit(page.url).netloc) not in hosts:
            hosts.add(host)
            count += 1
            yield page


def _page_bytes(gold: Path, row: dict[str, Any]) -> bytes:
    return gzip.decompress((gold.parent / row["file"]).read_bytes())


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _saved(name: str, url: str, body: bytes) -> Saved:
    page = Saved(name, url, body)
    for tag in _ALTERNATE.findall(body):
        values = {n.lower(): unescape(a or b or c) for n, a, b, c in _ATTRIBUTE.findall(tag.decode("utf-8", "replace"))}
        kind = values.get("type", "").lower()
        if "alternate" in values.get("rel", "").lower().split() and ("rss+xml" in kind or "atom+xml" in kind):
            page.feeds.append((urljoin(url, values.get("href", "").strip()), values.get("title", "")))
    return page


def _lists_its_content(page: Saved) -> bool:
    """Tell whether people annotated at least five of the page's links of more than two words as its content."""
    texts = re.findall(rb"<a\b[^>]*>(.*?)</a>", page.body, re.IGNORECASE | re.DOTALL)
    plain = {" ".join(unescape(re.sub(rb"<[^>]+>", b" ", t).decode("utf-8", "replace")).split()).lower() for t in texts}
    return sum(len(text) >= 18 and text in page.gold for text in plain) >= 5


def _real_feeds(data: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (home host, bytes) of real feeds of ten entries and more."""
    gold = need(data, "feeds", "gold.jsonl")
    for row in _rows(gold):
        link = (row["feed"] or {}).get("link") or ""
        if row["source"] == "fastfeedparser" and (row["n_entries"] or 0) >= 10 and link.startswith("http"):
            yield urlsplit(link).netloc, gzip.decompress((gold.parent / row["file"]).read_bytes())


# --- the servers ------------------------------------------------------------------------------------------------


def _serve(pages: list[Saved], feeds: list[tuple[str, bytes]]) -> list[ThreadingHTTPServer]:
    routes: dict[tuple[str, str], tuple[str, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = str(self.request.getsockname()[0])
            found = routes.get((host, self.path))
            kind, body = found or ("text/plain", b"there is nothing here")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of clients that went away."""

    servers: list[ThreadingHTTPServer] = []
    port = 0
    for page in pages:
        for host in (page.host, page.host.replace("127.20.0.", "127.20.1.")):
            server = Server((host, port), Handler)
            port = server.server_port
            servers.append(server)
            threading.Thread(target=server.serve_forever, daemon=True).start()
    used = 0
    for page in pages:
        page.port = port
        routes[_route(page.there(page.url))] = (page.kind, _led_home(page))
        for url, _ in page.feeds:
            home, feed = feeds[used % len(feeds)]
            used += 1
            served = feed.replace(home.encode(), f"{page.host}:{port}".encode())
            routes.setdefault(_route(page.there(url)), ("application/xml", served))
    return servers


def _route(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _led_home(page: Saved) -> bytes:
    """Lead absolute links to the page's own site, and feeds that it announces elsewhere, to where they are served."""
    body = page.body
    for url, _ in page.feeds:
        if urlsplit(url).netloc != urlsplit(page.url).netloc:
            for written in (url, url.replace("&", "&amp;")):
                body = body.replace(written.encode(), page.there(url).encode())
    own = re.escape(urlsplit(page.url).netloc.encode())
    return re.sub(rb"https?://" + own + rb"(?=[/\"'?#\s<])", f"http://{page.host}:{page.port}".encode(), body)


# --- the commands -----------------------------------------------------------------------------------------------


def _site(folder: Path, pages: list[Saved]) -> Path:
    site = folder / "site"
    _wiredesk(folder, "new", str(site), "--title", "Discovery")
    hosts = json.dumps([f"127.20.{net}.{number + 1}" for number in range(len(pages)) for net in (0, 1)])
    text = (site / "wiredesk.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^#?\s*(open_hosts|delay_seconds) = .*$", "", text)
    text = text.replace("[fetch]", f"[fetch]\nopen_hosts = {hosts}\ndelay_seconds = 0.0\n#", 1)
    (site / "wiredesk.toml").write_text(text, encoding="utf-8")
    return site


def _wiredesk(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wiredesk", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def _tried(site: Path, page: Saved) -> dict[str, Any]:
    address = page.there(page.url)
    tried = _wiredesk(site, "try", address, "--json", "--items", "20")
    added = _wiredesk(site, "add", address, "--dry-run")
    try:
        found = json.loads(tried.stdout)
    except ValueError:
        return {"page": page, "error": tried.stderr.strip() or tried.stdout.strip(), "right": False, "agree": False}
    chosen = found["chosen"]
    if page.main_feed:
        right = bool(chosen) and chosen["kind"] == "feed" and chosen["url"] == page.there(page.main_feed)
    else:
        titles = [" ".join(item["title"].split()).lower() for item in found["items"]]
        hits = sum(bool(title) and title in page.gold for title in titles)
        right = bool(chosen) and chosen["kind"] == "list" and len(titles) >= 5 and hits >= 0.7 * len(titles)
    agree = chosen is not None and f"chosen: {chosen['url']}" in added.stdout
    return {"page": page, "found": found, "right": right, "agree": agree, "error": ""}


def _report(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        page: Saved = row["page"]
        print(f"{'right' if row['right'] else 'WRONG'}  {page.name}  ({urlsplit(page.url).netloc})")
        wanted = f"feed {page.there(page.main_feed)}" if page.main_feed else "the page as a list"
        print(f"       wanted  {wanted}; the page announces {len(page.feeds)} feeds")
        if row["error"]:
            print(f"       error   {row['error'][:200]}")
            continue
        found = row["found"]
        for place in found["places"][:6]:
            what = place["trouble"] or f"{place['items']} items, worth {place['worth']}"
            print(f"       found   {place['kind']:7} {place['url']}: {what}")
        chosen = found["chosen"]
        print(f"       chosen  {chosen['kind'] + ' ' + chosen['url'] if chosen else 'nothing'}: {found['why']}")
        print(
            f"       asked   {found['requests']} addresses; `add` {'agrees' if row['agree'] else 'CHOOSES OTHERWISE'}"
        )
    right = sum(row["right"] for row in rows)
    feeds = [row for row in rows if row["page"].main_feed]
    print()
    print(f"{'pages':>24} {'right':>6}")
    print(f"{'announce feeds':>18} {len(feeds):5} {sum(row['right'] for row in feeds):6}")
    print(f"{'announce none':>18} {len(rows) - len(feeds):5} {right - sum(row['right'] for row in feeds):6}")
    print(f"{'all':>18} {len(rows):5} {right:6}")
    asked = [row["found"]["requests"] for row in rows if not row["error"]]
    print(
        json.dumps(
            {
                "pages": len(rows),
                "right": right,
                "pages_with_feeds": len(feeds),
                "right_with_feeds": sum(row["right"] for row in feeds),
                "add_agrees": sum(row["agree"] for row in rows),
                "most_requests": max(asked, default=None),
                "mean_requests": round(sum(asked) / len(asked), 1) if asked else None,
            }
        )
    )


if __name__ == "__main__":
    main()
