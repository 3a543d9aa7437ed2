"""Asking an address that speaks OpenAI's embeddings API; it is a real server that misbehaves on order."""

from __future__ import annotations

import gzip
import json
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from wiredesk.config import EmbeddingSettings
from wiredesk.errors import EmbeddingError
from wiredesk.fetch import EmbeddingService

Reply = tuple[int, dict[str, str], bytes]
TEXTS = ["a", "bb", "ccc", "dd", "e"]


def vectors(texts: Sequence[str]) -> dict[str, Any]:
    """What the API answers: here, length and beginning of each text."""
    return {"data": [{"index": n, "embedding": [len(text), ord(text[0]) / 8]} for n, text in enumerate(texts)]}


def good(texts: Sequence[str]) -> Reply:
    return 200, {}, json.dumps(vectors(texts)).encode()


def says(status: int, body: bytes = b"", **headers: str) -> Callable[[Sequence[str]], Reply]:
    return lambda _texts: (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def changed(change: Callable[[list[dict[str, Any]]], object]) -> Callable[[Sequence[str]], Reply]:
    """A good answer with a change in its rows."""

    def reply(texts: Sequence[str]) -> Reply:
        answer = vectors(texts)
        change(answer["data"])
        return 200, {}, json.dumps(answer).encode()

    return reply


class Server:
    """Gives the replies in turn, the last one for ever."""

    def __init__(self) -> None:
        self.replies: list[Callable[[Sequence[str]], Reply]] = [good]
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.asked.append(asked)
                server.headers.append({name.lower(): value for name, value in self.headers.items()})
                reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
                status, headers, body = reply(asked["input"])
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}/v1/embeddings"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()  # both may be said twice


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def service(address: str, *, key: str = "", **settings: Any) -> EmbeddingService:
    values = EmbeddingSettings(kind="openai", address=address, model="small", **settings)
    return EmbeddingService(values, key, user_agent="Wiredesk/test", waits=(0.01, 0.01))


def test_texts_go_in_batches_and_rows_come_back_in_order(server: Server) -> None:
    """The address is a private one: its owner named it."""
    found = service(server.address, batch=2).ask(TEXTS)

    assert found.tolist() == [[len(text), ord(text[0]) / 8] for text in TEXTS]
    assert [asked["input"] for asked in server.asked] == [["a", "bb"], ["ccc", "dd"], ["e"]]
    assert {asked["model"] for asked in server.asked} == {"small"}
    assert service(server.address).ask([]).shape[0] == 0


def test_rows_are_put_in_the_order_of_their_numbers(server: Server) -> None:
    """Not of their place in the answer."""
    server.replies = [changed(list.reverse)]

    assert service(server.address).ask(TEXTS)[:, 0].tolist() == [1, 2, 3, 2, 1]


def test_the_key_is_sent_as_a_token_and_none_where_there_is_none(server: Server) -> None:
    """And our honest name with it."""
    service(server.address, key="secret").ask(["a"])
    service(server.address).ask(["a"])

    assert [headers.get("authorization") for headers in server.headers] == ["Bearer secret", None]
    assert server.headers[0]["user-agent"] == "Wiredesk/test"


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_may_pass_is_asked_again(server: Server, status: int) -> None:
    """Twice more here; then it is an error."""
    server.replies = [says(status, b"busy"), says(status, Retry_After="0"), good]

    assert len(service(server.address).ask(TEXTS)) == len(TEXTS)
    server.replies = [says(status, b'{"error": {"message": "the model\\nis  loading"}}')]
    server.asked.clear()
    with pytest.raises(
        EmbeddingError, match=rf"answers {status} .*: the model is loading; start it, or wait"
    ) as raised:
        service(server.address).ask(TEXTS)
    assert raised.value.where == server.address
    assert len(server.asked) == 3


def test_a_long_wait_is_left_to_the_next_run(server: Server) -> None:
    """It asks for an hour: nobody waits for that in the middle of a run."""
    server.replies = [says(429, Retry_After="3600")]
    with pytest.raises(EmbeddingError, match="429"):
        service(server.address).ask(["a"])

    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("reply", "what"),
    [
        (says(400, b'{"error": {"message": "no such model"}}'), "answers 400 Bad Request: no such model; look at emb"),
        (says(401), "answers 401 Unauthorized; put its key into the environment variable that embedding.key_env names"),
        (says(404, b"<html>nothing here"), "answers 404 Not Found: <html>nothing here; give embedding.address in full"),
        (says(413), "lower embedding.batch"),
        (says(307, Location="http://127.0.0.1:1/v2"), "sends us on to http://127.0.0.1:1/v2; name that as embedding"),
        (says(200), "no list of vectors of one length (nothing)"),
        (says(200, b"<html>Welcome"), "no list of vectors of one length (<html>Welcome)"),
        (says(200, b'{"data": "x"}'), "no list of vectors"),
        (says(200, b'["data"]'), "no list of vectors"),
        (says(200, b"[" * 100_000), "no list of vectors"),
        (says(200, b'{"data": []}'), "answers 0 vectors to 5 texts"),
        (changed(lambda rows: rows.pop()), "answers 4 vectors to 5 texts"),
        (changed(lambda rows: rows.append(rows[0])), "answers 6 vectors to 5 texts"),
        (changed(lambda rows: rows[2].update(index=1)), "answers 5 vectors to 5 texts, or numbers them wrong"),
        (changed(lambda rows: rows[2].update(index=None)), "no list of vectors"),
        (changed(lambda rows: rows[2].update(embedding=[1, 2, 3])), "no list of vectors of one length"),
        (changed(lambda rows: rows[2].update(embedding="AAAA")), "no list of vectors of one length"),
        (changed(lambda rows: rows[2].update(embedding=[10**400, 1])), "no list of vectors of one length"),
        (changed(lambda rows: [row.update(embedding=[]) for row in rows]), "answers 5 vectors"),
        (says(200, b" " * 2**21), "answers with more than 1.5 MiB"),
    ],
)
def test_an_answer_of_no_use_is_an_error_at_once(server: Server, reply: Any, what: str) -> None:
    """It names the address, what came, and what to do; asking again would not mend it."""
    server.replies = [reply]
    with pytest.raises(EmbeddingError) as raised:
        service(server.address).ask(TEXTS)

    assert what in str(raised.value)
    assert str(raised.value).startswith(server.address)
    assert len(server.asked) == 1


def test_vectors_of_another_width_in_the_next_batch_are_an_error(server: Server) -> None:
    """Two models answer in turn."""
    server.replies = [good, changed(lambda rows: [row["embedding"].append(1) for row in rows])]
    with pytest.raises(EmbeddingError, match=r"different lengths: \[2, 3\]"):
        service(server.address, batch=3).ask(TEXTS)


def test_a_row_that_is_no_direction_spoils_no_other(server: Server) -> None:
    """It comes as it is; whoever makes unit vectors of them leaves it out."""
    server.replies = [changed(lambda rows: rows[1].update(embedding=[math.nan, 1]))]
    found = service(server.address).ask(TEXTS)

    assert np.isnan(found[1, 0])
    assert np.isfinite(np.delete(found, 1, axis=0)).all()


def test_a_slow_address_is_not_waited_for(server: Server) -> None:
    """Each try has its time; then the run goes on."""

    def slow(texts: Sequence[str]) -> Reply:
        time.sleep(2)
        return good(texts)

    server.replies = [slow]
    with pytest.raises(EmbeddingError, match="no complete answer in time"):
        service(server.address, timeout_seconds=0.1).ask(["a"])


def test_nobody_at_the_address_is_an_error_that_names_it(server: Server) -> None:
    """The server is down."""
    server.close()
    with pytest.raises(EmbeddingError, match=r"no connection .*; start it, or wait") as raised:
        service(server.address).ask(["a"])
    assert raised.value.where == server.address


def test_answers_may_be_packed(server: Server) -> None:
    """As we offer."""
    server.replies = [lambda texts: (200, {"Content-Encoding": "gzip"}, gzip.compress(good(texts)[2]))]

    assert len(service(server.address).ask(TEXTS)) == len(TEXTS)
