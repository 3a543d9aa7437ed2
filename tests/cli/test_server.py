"""The server for looking at a site, asked over the loopback."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import click
import pytest

from wiredesk.cli.server import make_server

Ask = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """A published edition behind its link, with a secret beside it."""
    edition = tmp_path / "editions" / "a"
    files = {
        "index.html": "front",
        "404.html": "nothing here",
        "about/index.html": "about",
        "empty/deep/x.txt": "x",
        "feed.json": "{}",
        "api/news/index.json": '{"page": 1}',
        "rss.xml": "<rss/>",
        "records/a.md": "---",
    }
    for name, text in files.items():
        path = edition / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "wiredesk.key").write_text("secret")
    (tmp_path / "public").symlink_to("editions/a")
    return tmp_path / "public"


@contextmanager
def serving(public: Path, address: str = "http://127.0.0.1:8000/") -> Iterator[Ask]:
    with make_server(public, address, "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
            try:
                connection.putrequest(method, path, skip_host=False)
                for name, value in headers.items():
                    connection.putheader(name.replace("_", "-"), value)
                connection.endheaders()
                answer = connection.getresponse()
                return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
            finally:
                connection.close()

        try:
            yield ask
        finally:
            server.shutdown()
            thread.join()


def test_pages_and_their_types(public: Path) -> None:
    """Text says that it is UTF-8."""
    with serving(public) as ask:
        found = {path: ask(path) for path in ("/", "/about/", "/feed.json?page=2", "/rss.xml", "/records/a.md")}

    assert {path: (status, headers["content-type"], body) for path, (status, headers, body) in found.items()} == {
        "/": (200, "text/html; charset=utf-8", b"front"),
        "/about/": (200, "text/html; charset=utf-8", b"about"),
        "/feed.json?page=2": (200, "application/json; charset=utf-8", b"{}"),
        "/rss.xml": (200, "application/xml; charset=utf-8", b"<rss/>"),
        "/records/a.md": (200, "text/markdown; charset=utf-8", b"---"),
    }


@pytest.mark.parametrize("path", ["/", "/missing", "/rss.xml"])
def test_every_answer_has_the_headers_that_protect_a_reader(public: Path, path: str) -> None:
    """No script, nothing from elsewhere, no guessing of types."""
    with serving(public) as ask:
        _, headers, _ = ask(path)

    assert headers["content-security-policy"].startswith("default-src 'none'; img-src 'self'; style-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/missing", "/about/missing.html", "/empty/", "/empty/deep/"])
def test_what_is_missing_gets_the_sites_own_page(public: Path, path: str) -> None:
    """Also a folder without a page: none is listed."""
    with serving(public) as ask:
        status, headers, body = ask(path)
        head_status, _, head = ask(path, "HEAD")

    assert (status, headers["content-type"], body) == (404, "text/html; charset=utf-8", b"nothing here")
    assert (head_status, head) == (404, b"")


def test_a_site_without_a_page_for_it(public: Path) -> None:
    """The server's own words then."""
    (public / "404.html").unlink()

    with serving(public) as ask:
        status, _, body = ask("/missing")

    assert status == 404
    assert body != b"nothing here"


@pytest.mark.parametrize(
    "path",
    [
        "/../wiredesk.key",
        "/../../wiredesk.key",
        "/%2e%2e/%2e%2e/wiredesk.key",
        "/about/..%2f..%2f..%2fwiredesk.key",
        "//wiredesk.key",
        "/..\\..\\wiredesk.key",
    ],
)
@pytest.mark.parametrize("base", ["/", "/ai/"])
def test_nothing_outside_the_folder_is_served(public: Path, base: str, path: str) -> None:
    """However it is written."""
    with serving(public, f"http://127.0.0.1{base}") as ask:
        status, _, body = ask(base.rstrip("/") + path)

    assert status == 404
    assert b"secret" not in body


def test_a_site_below_a_path(public: Path) -> None:
    """As its address says; the reader of / is sent there, what lies beside it is missing."""
    with serving(public, "https://news.example/ai/") as ask:
        statuses = {path: ask(path)[0] for path in ("/ai/", "/ai/about/", "/about/", "/ai/missing", "/favicon.ico")}
        root, bare, folder = ask("/"), ask("/ai"), ask("/ai/about")

    assert statuses == {"/ai/": 200, "/ai/about/": 200, "/about/": 404, "/ai/missing": 404, "/favicon.ico": 404}
    assert [(each[0], each[1]["location"]) for each in (root, bare, folder)] == [
        (302, "/ai/"),
        (302, "/ai/"),
        (301, "/ai/about/"),
    ]


def test_the_next_edition_is_served_without_a_restart(public: Path) -> None:
    """The link is followed anew for each request."""
    other = public.parent / "editions" / "b"
    other.mkdir()
    (other / "index.html").write_text("next")
    with serving(public) as ask:
        before = ask("/")[2]
        (public.parent / "new").symlink_to("editions/b")
        (public.parent / "new").replace(public)
        after = ask("/")[2]

    assert (before, after) == (b"front", b"next")


def test_only_reading_is_possible(public: Path) -> None:
    """Anything else is refused."""
    with serving(public) as ask:
        assert ask("/index.html", "DELETE")[0] == 501


def test_a_port_that_is_taken(public: Path) -> None:
    """It says what to do."""
    with make_server(public, "http://x/", "127.0.0.1", 0) as server:  # noqa: SIM117
        with pytest.raises(click.ClickException, match=r"cannot listen on 127\.0\.0\.1:\d+: .*name another --port"):
            make_server(public, "http://x/", "127.0.0.1", server.server_port)


def test_a_folder_of_the_api_answers_with_its_document(public: Path) -> None:
    """Addresses of the API end in the folder: `…/news/` suffices, as on the reference site."""
    with serving(public) as ask:
        status, headers, body = ask("/api/news/")

        assert (status, body) == (200, b'{"page": 1}')
        assert headers["content-type"].startswith("application/json")
        assert ask("/api/")[0] == 404
