"""Articles get their vectors, and late ones are as good as those that came at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from commands_on_sites import run, wiredesk
from newsstand import HOSTS, Newsstand
from numpy.typing import NDArray
from published_files import published

from wiredesk.embed import unit
from wiredesk.errors import EmbeddingError
from wiredesk.line.embedding import embed_articles, vectors_of
from wiredesk.line.room import Room
from wiredesk.newsroom import open_room
from wiredesk.store import Store


def numbers(text: str, width: int = 16) -> list[float]:
    """A model: words at hashes of themselves."""
    row = [0.0] * width
    for word in text.split():
        row[sha256(word.encode()).digest()[0] % width] += 1
    return row


class Model:
    """Embeds, counts, and fails on order."""

    def __init__(self, name: str = "m 1", width: int = 16) -> None:
        self.model, self.width, self.answers = name, width, -1
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.answers == 0:
            raise EmbeddingError("http://127.0.0.1:1/", "no connection", "start it")
        self.answers -= 1
        self.asked += texts
        return unit(np.array([numbers(text, self.width) for text in texts]))


@pytest.fixture
def room(site: Path) -> Iterator[Room]:
    """A site that has read its papers, opened once more."""
    run(site)
    with open_room(site) as room:
        yield room


def embed(room: Room, model: Model | None) -> dict[str, bytes]:
    """Do the step with a model; return what all articles have then, and forget which days it would place."""
    room.embedder = model
    embed_articles(room)
    return {name: row.tobytes() for name, row in vectors_of(room, room.store.articles.ids()).items()}


def days_placed(room: Room) -> list[str]:
    days = room.store.intake.owed("place")
    room.store.intake.paid("place", days)
    return days


def test_each_text_is_embedded_once(room: Room) -> None:
    """Title and lede; a second run asks for nothing and places nothing anew."""
    model = Model()
    found = embed(room, model)

    assert len(found) == room.store.articles.count() == 3 * 6
    assert len(model.asked) == len(set(model.asked))
    assert any(text.startswith("Cod quota cut by a fifth\nFishermen in Aske") for text in model.asked)
    assert days_placed(room) != []
    asked = list(model.asked)
    assert embed(room, model) == found
    assert model.asked == asked
    assert days_placed(room) == []


def test_without_a_model_nothing_is_owed_and_nobody_has_a_vector(room: Room) -> None:
    """What was embedded stays for later; all days are placed anew, by words."""
    model = Model()
    found = embed(room, model)
    days_placed(room)

    assert embed(room, None) == {}
    assert days_placed(room) != []
    assert (room.store.intake.owed_count("embed"), room.store.intake.owed_count("vector")) == (0, 0)
    assert embed(room, None) == {}
    assert days_placed(room) == []
    asked = len(model.asked)
    assert embed(room, model) == found
    assert len(model.asked) == asked


def test_another_model_embeds_everything_and_all_days_are_placed(room: Room) -> None:
    """Vectors of two models are never together."""
    embed(room, Model())
    days_placed(room)
    found = embed(room, Model("m 2", width=8))

    assert {len(row) for row in found.values()} == {4 * 8}
    assert days_placed(room)[:1] == [room.store.articles.days_from(datetime(1, 1, 1, tzinfo=UTC))[0][0]]


def test_a_model_that_fails_is_told_of_and_asked_again(room: Room) -> None:
    """Articles are grouped without it meanwhile; the same vectors come in the end, and their days are placed again."""
    model = Model()
    model.answers = 0

    assert embed(room, model) == {}
    (problem,) = room.problems
    assert problem.where == "http://127.0.0.1:1/"
    assert "start it" in problem.what
    assert "grouped by their words" in problem.now
    days_placed(room)
    model.answers = -1
    assert embed(room, model) == {}
    assert model.asked == []
    assert days_placed(room) == []
    room.problems.clear()  # as the next run begins
    found = embed(room, model)
    assert len(found) == 18
    assert len(days_placed(room)) > 0


def test_a_rebuild_without_the_cache_gives_the_same_vectors(room: Room, tmp_path: Path) -> None:
    """Deleting it changes nothing but the time that is needed; batches are others then."""
    found = embed(room, Model())
    with closing(Store(tmp_path / "other.db")) as other:
        kept, room.store = room.store, other
        for name in reversed(kept.articles.ids()):
            article = kept.articles.get(name)
            assert article is not None
            other.articles.put(article, digest="w", text_digest="t", signal="{}")
            other.intake.owe("embed", [name])
            assert embed(room, Model()).keys() >= {name}
        again = embed(room, Model())
        room.store = kept

    assert again == found


def test_a_model_that_changes_under_its_name_is_found_out(room: Room) -> None:
    """Its vectors have another length than those that are kept."""
    model = Model()
    found = embed(room, model)
    room.store.intake.owe("vector", ["d" * 32])
    room.store.embeddings.put_wording(room.store.articles.ids()[0], "d" * 32)
    model.width = 8
    after = embed(room, model)

    assert [problem.where for problem in room.problems] == ["m 1"]
    assert "vectors of 8 numbers, and gave 16 before" in room.problems[0].what
    assert after.items() < found.items()


class Vectors:
    """An address that speaks the embeddings API; closed, it answers nobody."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.down = False
        vectors = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
                vectors.asked += [] if vectors.down else texts
                rows = [{"index": place, "embedding": numbers(text)} for place, text in enumerate(texts)]
                body = b"down" if vectors.down else json.dumps({"data": rows}).encode()
                self.send_response(403 if vectors.down else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@contextmanager
def address_for(site: Path) -> Iterator[Vectors]:
    """Open an address and name it in the site's settings."""
    vectors = Vectors()
    url = f"http://127.0.0.1:{vectors.server.server_port}/v1/embeddings"
    _set(site, f'kind = "openai"\naddress = "{url}"\nmodel = "small"\nbatch = 4')
    yield vectors
    vectors.server.shutdown()
    vectors.server.server_close()


def _set(site: Path, lines: str) -> None:
    text = (site / "wiredesk.toml").read_text()
    (site / "wiredesk.toml").write_text(text.replace("[embedding]", f"[embedding]\n{lines}\n#", 1))


def _vectors(site: Path) -> dict[str, bytes]:
    with open_room(site) as room:
        return {name: row.tobytes() for name, row in vectors_of(room, room.store.articles.ids()).items()}


def test_a_run_and_a_rebuild_with_an_address(site: Path) -> None:
    """The command end to end: each text is sent once, and a rebuild from the captures gives the same bytes."""
    with address_for(site) as address:
        run(site)
        before, sent = published(site), list(address.asked)
        found = _vectors(site)
        wiredesk(site, "rebuild", "--quiet", "--jobs", "1")

        assert len(found) == 18
        assert len(sent) == len(set(sent)) == 18
        assert address.asked == sent
        assert published(site) == before
        assert _vectors(site) == found


def test_an_address_that_does_not_answer_stops_no_run(site: Path) -> None:
    """It is named with what to do; when it answers, the site is the same as if it always had."""
    with address_for(site) as address:
        address.down = True
        told = wiredesk(site, "run", "--now", "2026-09-07T12:00:00Z", "--jobs", "1").stdout
        assert "403" in told
        assert "embedding.key_env" in told
        assert _vectors(site) == {}
        address.down = False
        run(site)
        late = published(site)
        assert len(_vectors(site)) == 18
        for file in site.glob("wiredesk.db*"):
            file.unlink()
        wiredesk(site, "rebuild", "--quiet", "--jobs", "1")

        assert published(site) == late


def test_words_that_are_reserved_are_not_sent_to_an_address(site: Path, newsstand: Newsstand) -> None:
    """The publisher wants no machines of others to read them; a model on this machine reads what we read anyway."""
    newsstand.also[HOSTS[0], "/news/0"] = {"TDM-Reservation": "1"}
    with address_for(site) as address:
        run(site)

    assert not [text for text in address.asked if text.startswith("Dock workers walk out at Northquay\n")]
    assert len(address.asked) == 17


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ('kind = "folder"\nfolder = "nowhere"', "nowhere is no folder with a model"),
        (
            'kind = "openai"\naddress = "http://127.0.0.1:1/"\nmodel = "m"\nkey_env = "NO_SUCH_KEY"',
            "NO_SUCH_KEY is not",
        ),
    ],
)
def test_a_model_that_is_not_there_stops_the_run_before_anything_is_asked(
    site: Path, newsstand: Newsstand, lines: str, what: str
) -> None:
    """It is a setting that cannot be used."""
    _set(site, lines)
    answer = wiredesk(site, "run", check=False)

    assert answer.returncode == 1
    assert what in answer.stderr
    assert newsstand.seen == []
