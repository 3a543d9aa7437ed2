"""When sources and pages are asked again, and where: over real sockets, the clock being set from outside."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from commands_on_sites import wiredesk
from newsstand import HOSTS, NOW, Newsstand, Seen
from published_files import published

from wiredesk import pipeline
from wiredesk.newsroom import open_room, pick_asker
from wiredesk.store import SourceState, Store

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOVES = "poll_minutes = 10\npoll_min_minutes = 10\npoll_max_minutes = 10"


def settings(site: Path, lines: str) -> None:
    """Put lines into [fetch], in place of poll_minutes."""
    file = site / "wiredesk.toml"
    file.write_text(file.read_text().replace("poll_minutes = 0\n", f"{lines}\n", 1))


def run_after(site: Path, passed: timedelta, *, poll_all: bool = False) -> str:
    """Do a run at that time after NOW; return its problems in words."""
    with open_room(site, clock=lambda: NOW + passed, workers=1) as room:
        pipeline.run(room, pick_asker(room), poll_all=poll_all)
        return "\n".join(f"{p.where}: {p.what}; {p.now}" for p in room.problems)


def asked(stand: Newsstand, path: str, host: str = HOSTS[0]) -> list[Seen]:
    return [seen for seen in stand.seen if (seen.host, seen.path) == (host, path)]


def state_of(site: Path, url: str) -> SourceState:
    with closing(Store(site / "wiredesk.db")) as store:
        return store.intake.source(url)


def move(stand: Newsstand, status: int = 301) -> None:
    """Have the first paper's feed stand at another path."""
    stand.pages[HOSTS[0], "/new.xml"] = stand.pages[HOSTS[0], "/feed.xml"]
    stand.instead[HOSTS[0], "/feed.xml"] = (status, {"Location": "/new.xml"})


# Rhythm


def test_a_source_is_asked_by_its_own_rhythm_and_says_why(site: Path, newsstand: Newsstand) -> None:
    """The papers print every three hours, so half of that is waited."""
    settings(site, "poll_minutes = 10")
    run_after(site, timedelta(0))
    newsstand.seen.clear()
    run_after(site, 80 * MINUTE)
    early = len(asked(newsstand, "/feed.xml"))
    run_after(site, 91 * MINUTE)

    assert (early, len(asked(newsstand, "/feed.xml"))) == (0, 1)
    assert "news every 3 h, by their dates" in wiredesk(site, "sources").stdout
    told = json.loads(wiredesk(site, "status", "--json").stdout)["sources"][0]
    assert told["next"] == "2026-09-07T15:01:00+00:00"
    assert "news every 3 h" in told["why"]


def test_ttl_and_skip_hours_of_a_feed_are_obeyed(site: Path, newsstand: Newsstand) -> None:
    """The first paper wants an hour's peace and its own night, which begins at 13 o'clock."""
    settings(site, MOVES.replace("max_minutes = 10", "max_minutes = 600"))
    kind, body = newsstand.pages[HOSTS[0], "/feed.xml"]
    head = b"<channel><ttl>60</ttl><skipHours><hour>13</hour><hour>14</hour></skipHours>"
    newsstand.pages[HOSTS[0], "/feed.xml"] = (kind, body.replace(b"<channel>", head, 1))
    run_after(site, timedelta(0))

    assert '"ttl":"PT1H"' in state_of(site, newsstand.feeds()[0]).pace
    assert state_of(site, newsstand.feeds()[0]).next_at == NOW + 3 * HOUR


# Moves, ends, failures


def test_a_source_moves_after_three_redirects_over_a_day(site: Path, newsstand: Newsstand) -> None:
    """Not sooner; then its new address alone is asked, and the captures still know it by its old one."""
    settings(site, MOVES)
    move(newsstand)
    told = [run_after(site, passed) for passed in (0 * HOUR, HOUR, 2 * HOUR, 25 * HOUR)]
    old, new = newsstand.feeds()[0], newsstand.feeds()[0].replace("/feed", "/new")
    newsstand.seen.clear()
    run_after(site, 26 * HOUR)

    assert [f"came from {new}" in answer for answer in told] == [False, False, False, True]
    assert asked(newsstand, "/feed.xml") == []
    assert [(seen.conditional, seen.status) for seen in asked(newsstand, "/new.xml")] == [(True, 304)]
    assert f"moved to {new}" in wiredesk(site, "sources").stdout
    assert old in (site / "sources.opml").read_text()
    before = published(site)
    for file in site.glob("wiredesk.db*"):
        file.unlink()
    wiredesk(site, "rebuild", "--quiet", "--jobs", "1")
    assert published(site) == before


def test_one_mistaken_redirect_moves_nothing(site: Path, newsstand: Newsstand) -> None:
    """What was seen before it stopped is forgotten."""
    settings(site, MOVES)
    for passed in (0 * HOUR, 13 * HOUR, 26 * HOUR):
        newsstand.instead.clear()
        move(newsstand)
        run_after(site, passed)
        newsstand.instead.clear()
        run_after(site, passed + HOUR)

    assert state_of(site, newsstand.feeds()[0]).asks is None


def test_a_redirect_for_now_moves_nothing(site: Path, newsstand: Newsstand) -> None:
    """302 says that the old address is the right one."""
    settings(site, MOVES)
    move(newsstand, 302)
    for passed in (0 * HOUR, 13 * HOUR, 26 * HOUR):
        run_after(site, passed)

    state = state_of(site, newsstand.feeds()[0])
    assert (state.asks, state.moved_to, state.status) == (None, None, "ok")


def test_the_owner_writes_a_move_into_the_outline(site: Path, newsstand: Newsstand) -> None:
    """Everything goes on as before, also when the database is lost: the old captures are the source's own."""
    settings(site, MOVES + "\nmove_after_hours = 1")
    move(newsstand)
    for passed in (0 * HOUR, HOUR, 2 * HOUR):
        run_after(site, passed)
    before = published(site)
    said = wiredesk(site, "sources", "--apply-moves").stdout
    newsstand.seen.clear()
    run_after(site, 3 * HOUR)

    assert "1 moved, 3 in all" in said
    assert re.search(r'xmlUrl="[^"]*/new.xml" wiredesk:formerly="[^"]*/feed.xml"', (site / "sources.opml").read_text())
    assert [(seen.conditional, seen.status) for seen in asked(newsstand, "/new.xml")] == [(True, 304)]
    for file in site.glob("wiredesk.db*"):
        file.unlink()
    wiredesk(site, "rebuild", "--quiet", "--jobs", "1")
    assert published(site) == before


def test_where_it_moved_to_is_nothing_any_more(site: Path, newsstand: Newsstand) -> None:
    """Then the old address is tried again: nothing is lost by a move that was a mistake."""
    settings(site, MOVES + "\nmove_after_hours = 1")
    move(newsstand)
    for passed in (0 * HOUR, HOUR, 2 * HOUR):
        run_after(site, passed)
    newsstand.instead[HOSTS[0], "/new.xml"] = (410, {})
    del newsstand.instead[HOSTS[0], "/feed.xml"]
    said = run_after(site, 3 * HOUR)
    run_after(site, 4 * HOUR)

    assert "which is asked again" in said
    state = state_of(site, newsstand.feeds()[0])
    assert (state.status, state.asks) == ("ok", None)


def test_a_source_that_says_410_is_retired_until_the_owner_says_otherwise(site: Path, newsstand: Newsstand) -> None:
    """Not even --poll-all asks it; `sources --retry` does."""
    newsstand.instead[HOSTS[0], "/feed.xml"] = (410, {})
    said = run_after(site, timedelta(0))
    for passed in (HOUR, 100 * HOUR):
        run_after(site, passed, poll_all=True)

    assert "it is not asked again" in said
    assert len(asked(newsstand, "/feed.xml")) == 1
    assert "retired: answered 410 Gone" in wiredesk(site, "sources").stdout

    newsstand.instead.clear()
    wiredesk(site, "sources", "--retry", newsstand.feeds()[0])
    run_after(site, 101 * HOUR)
    assert state_of(site, newsstand.feeds()[0]).status == "ok"


def test_adding_a_retired_source_again_asks_it_again(site: Path, newsstand: Newsstand) -> None:
    """It is listed already, and answers."""
    newsstand.instead[HOSTS[0], "/feed.xml"] = (410, {})
    run_after(site, timedelta(0))
    newsstand.instead.clear()
    wiredesk(site, "add", newsstand.feeds()[0])
    run_after(site, HOUR)

    assert state_of(site, newsstand.feeds()[0]).status == "ok"


@pytest.mark.parametrize("status", [404, 500])
def test_a_source_that_fails_backs_off_and_is_never_given_up(site: Path, newsstand: Newsstand, status: int) -> None:
    """Its pauses grow up to the bound; `sources` says since when."""
    settings(site, "poll_minutes = 60\nmax_backoff_hours = 5")
    newsstand.instead[HOSTS[0], "/feed.xml"] = (status, {})
    url, passed, pauses = newsstand.feeds()[0], timedelta(0), []
    for _ in range(6):
        run_after(site, passed)
        state = state_of(site, url)
        assert state.next_at is not None
        pauses.append(state.next_at - NOW - passed)
        passed = state.next_at - NOW

    assert [round(pause / HOUR, 1) <= 5 for pause in pauses] == [True] * 6
    assert pauses[0] < pauses[1] < pauses[2]
    assert pauses[-1] == 5 * HOUR
    assert (state.status, state.failures, state.failing_since) == ("failing", 6, NOW)
    assert "failing for " in wiredesk(site, "sources").stdout


def test_a_pause_that_is_asked_for_is_kept_and_validators_outlive_it(site: Path, newsstand: Newsstand) -> None:
    """429 with Retry-After; then the feed is asked conditionally, as if nothing had been."""
    settings(site, MOVES)
    run_after(site, timedelta(0))
    newsstand.instead[HOSTS[0], "/feed.xml"] = (429, {"Retry-After": "7200"})
    run_after(site, 11 * MINUTE)
    newsstand.instead.clear()
    newsstand.seen.clear()
    run_after(site, 130 * MINUTE)
    early = list(asked(newsstand, "/feed.xml"))
    run_after(site, 132 * MINUTE)

    assert early == []
    assert [(seen.conditional, seen.status) for seen in asked(newsstand, "/feed.xml")] == [(True, 304)]


def test_a_feed_of_a_server_that_knows_no_304_is_captured_once(site: Path, newsstand: Newsstand) -> None:
    """The same bytes again are no news."""
    run_after(site, timedelta(0))
    with closing(Store(site / "wiredesk.db")) as store:
        for source in store.intake.sources():
            store.intake.put_source(SourceState(url=source.url))
        before = store.intake.capture_count()
    run_after(site, HOUR)

    assert len([seen for seen in newsstand.seen if seen.path == "/feed.xml" and seen.status == 200]) == 6
    with closing(Store(site / "wiredesk.db")) as store:
        assert store.intake.capture_count() == before


def test_a_source_that_answers_something_else_is_told_of_until_it_is_a_feed_again(
    site: Path, newsstand: Newsstand
) -> None:
    """Also while the useless answer stays the same, when there is nothing new to read; with its whole address."""
    settings(site, MOVES)
    key = (HOSTS[0], "/feed.xml")
    feed, url = newsstand.pages[key], newsstand.feeds()[0]
    newsstand.pages[key] = ("text/html", b"<html><title>We have moved</title><p>Look at our new site.</p></html>")
    run_after(site, timedelta(0))
    run_after(site, 11 * MINUTE)
    note = state_of(site, url).note
    told = wiredesk(site, "status").stdout
    newsstand.pages[key] = feed
    run_after(site, 22 * MINUTE)

    assert note == "answers, but of no use: a web page (HTML), not a feed"
    assert url in told and note in told
    assert state_of(site, url).note == ""


# Pages


def test_a_silent_edit_of_a_young_article_becomes_a_version(site: Path, newsstand: Newsstand) -> None:
    """The page is looked at again, conditionally; its feed said nothing."""
    run_after(site, timedelta(0))
    kind, body = newsstand.pages[HOSTS[0], "/news/0"]
    newsstand.pages[HOSTS[0], "/news/0"] = (kind, body.replace(b"gave no figures", b"gave two figures"))
    newsstand.seen.clear()
    run_after(site, 2 * HOUR)
    early = [seen for seen in newsstand.seen if seen.path.startswith("/news")]
    run_after(site, 3 * HOUR)
    looks = [seen for seen in newsstand.seen if seen.path.startswith("/news")]
    run_after(site, 4 * HOUR)

    assert early == []
    assert all(seen.conditional for seen in looks)
    assert [seen.status for seen in looks if (seen.host, seen.path) == (HOSTS[0], "/news/0")] == [200]
    assert len([seen for seen in newsstand.seen if seen.path.startswith("/news")]) == len(looks) == 18
    explained = json.loads(wiredesk(site, "explain", "--json", f"http://{HOSTS[0]}:{newsstand.port}/news/0").stdout)
    assert [version["number"] for version in explained["versions"]] == [1, 2]


def test_looks_end(site: Path, newsstand: Newsstand) -> None:
    """After the last one of `revisit_hours` a page is left alone."""
    for passed in (0 * HOUR, 3 * HOUR, 24 * HOUR):
        run_after(site, passed)
    newsstand.seen.clear()
    run_after(site, 500 * HOUR)

    assert [seen for seen in newsstand.seen if seen.path.startswith("/news")] == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_vanishes_keeps_its_article_and_is_noted(site: Path, newsstand: Newsstand, status: int) -> None:
    """It is not unpublished by itself; `explain` tells."""
    run_after(site, timedelta(0))
    newsstand.instead[HOSTS[0], "/news/0"] = (status, {})
    run_after(site, 3 * HOUR)
    url = f"http://{HOSTS[0]}:{newsstand.port}/news/0"
    gone = json.loads(wiredesk(site, "explain", "--json", url).stdout)["identity"]["gone"]

    assert gone["since"] == "2026-09-07T15:00:00Z"
    assert str(status) in gone["answer"]
    assert f"gone: answered {status}" in wiredesk(site, "explain", url).stdout

    newsstand.instead.clear()
    newsstand.seen.clear()
    run_after(site, 24 * HOUR)
    again = asked(newsstand, "/news/0")
    after = json.loads(wiredesk(site, "explain", "--json", url).stdout)["identity"]["gone"]
    assert ([seen.conditional for seen in again], after) == (([True], None) if status == 404 else ([], gone))


def test_a_page_that_failed_in_between_is_asked_with_its_validators(site: Path, newsstand: Newsstand) -> None:
    """A failure makes us forget nothing."""
    run_after(site, timedelta(0))
    newsstand.instead[HOSTS[0], "/news/0"] = (500, {})
    run_after(site, 3 * HOUR)
    newsstand.instead.clear()
    newsstand.seen.clear()
    run_after(site, 4 * HOUR)

    assert [(seen.conditional, seen.status) for seen in asked(newsstand, "/news/0")] == [(True, 304)]
