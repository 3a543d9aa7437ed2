"""Threads from the store to the pages: an edition brought up to date is the one that is made anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from published_files import published

from wiredesk.line.publishing import publish_edition
from wiredesk.line.rating import rate_stories
from wiredesk.line.room import Room
from wiredesk.line.telling import tell_stories
from wiredesk.line.threading import follow_stories
from wiredesk.newsroom import open_room
from wiredesk.records import Article, ArticleId, Provider, ProviderId, Version
from wiredesk.stories import signal

START = datetime(2026, 9, 7, 6, tzinfo=UTC)
DISPUTE = (  # weeks apart, so stories of their own
    (
        "Dockers strike at Port Ellery over crane robots",
        "The dockers of Harriet Mosse's union left Castellan's terminals.",
    ),
    (
        "Dockers of Port Ellery before the judge",
        "A judge heard Castellan and the dockers of Harriet Mosse on the strike.",
    ),
    ("Dockers of Port Ellery vote to end their strike", "Harriet Mosse's union and Castellan agree on crane robots."),
)


@contextmanager
def opened(folder: Path, similarity: float) -> Iterator[Room]:
    (folder / "wiredesk.toml").write_text(
        f'[site]\ntitle = "The Desk"\naddress = "https://desk.example/"\n'
        f"[score]\npublish_quality = 1\npublish_heat = 0\n[stories]\nthread_similarity = {similarity}\n"
    )
    with open_room(folder, clock=lambda: START + timedelta(days=60), workers=1) as room:
        yield room


def put(room: Room, name: str, title: str, text: str, days: float) -> None:
    """Have an article told so many days after the start; `name` is its id."""
    told = START + timedelta(days=days)
    article = Article(
        id=ArticleId(name),
        canonical_url=f"https://{name}.example/",
        provider=Provider(domain=ProviderId(f"{name}.example"), name=name.upper()),
        title=title,
        text=text,
        published_at=told,
        first_seen_at=told,
        language="en",
        versions=(Version(number=1, seen_at=told, title=title, text=text, digest=name),),
    )
    line = json.dumps(signal(article).to_json())
    room.store.articles.put(article, digest=name, text_digest=name, signal=line)
    room.store.intake.add_capture(article.canonical_url, told, "0001.warc.gz", 0, name, is_image=False)
    room.store.intake.owe("place", [told.date().isoformat()])


def redirects(files: dict[str, bytes]) -> dict[str, str]:
    """Return where the pages of threads lead, "" for those that lead nowhere."""
    return {
        name.split("/")[2]: (re.findall(rb"url=\.\./\.\./([^\"]+)", data) or [b""])[0].decode()
        for name, data in files.items()
        if name.startswith("public/threads/")
    }


def bring_up_to_date(room: Room, *, everything: bool = False) -> None:
    tell_stories(room)
    rate_stories(room)
    follow_stories(room)
    publish_edition(room, everything=everything)


def test_threads_that_come_apart_and_meet_again_lead_their_readers_on(tmp_path: Path) -> None:
    """A thread dissolves and is founded anew by an earlier report: its first name leads there, the sitemap follows."""
    with opened(tmp_path, 0.05) as room:
        for number, (title, text) in enumerate(DISPUTE[1:], 1):
            put(room, f"a{number}", title, text, 20 * number)
        bring_up_to_date(room)
    together = published(tmp_path)
    assert redirects(together) == {"tsa1": ""}
    assert b"/threads/tsa1/" in together["public/sitemap/threads.xml"]

    with opened(tmp_path, 0.99) as room:
        bring_up_to_date(room)
    apart = published(tmp_path)
    assert redirects(apart) == {"tsa1": "story/sa1/"}
    assert "public/sitemap/threads.xml" not in apart

    with opened(tmp_path, 0.05) as room:
        put(room, "a0", *DISPUTE[0], 0)
        bring_up_to_date(room)
        again = published(tmp_path)
        bring_up_to_date(room, everything=True)
    assert redirects(again) == {"tsa0": "", "tsa1": "threads/tsa0/"}
    assert re.findall(rb"/threads/\w+/", again["public/sitemap/threads.xml"]) == [b"/threads/tsa0/"]
    assert published(tmp_path) == again


def test_a_lost_database_learns_from_the_edition_which_threads_had_a_page(tmp_path: Path) -> None:
    """Their addresses were given out."""
    with opened(tmp_path, 0.05) as room:
        for number, (title, text) in enumerate(DISPUTE):
            put(room, f"a{number}", title, text, 20 * number)
        bring_up_to_date(room)
    for file in tmp_path.glob("wiredesk.db*"):
        file.unlink()

    with opened(tmp_path, 0.05) as room:
        publish_edition(room)
        assert room.store.ledger.had_page("tsa0")
