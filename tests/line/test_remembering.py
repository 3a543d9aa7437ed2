"""What one run learned of hosts, the next one knows: over real sockets, in processes of their own."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from commands_on_sites import run, wiredesk
from newsstand import HOSTS, NOW, Newsstand
from test_polling import HOUR, asked, run_after

from wiredesk.store import Store

WELL_KNOWN = ("/robots.txt", "/.well-known/tdmrep.json")


def well_known(stand: Newsstand) -> Counter[tuple[str, str]]:
    return Counter((seen.host, seen.path) for seen in stand.seen if seen.path in WELL_KNOWN)


def test_runs_from_cron_ask_each_host_once_a_day(site: Path, newsstand: Newsstand) -> None:
    """For both files, whether they are there or not; a rebuild in between changes nothing."""
    newsstand.pages[HOSTS[0], "/robots.txt"] = ("text/plain", b"User-agent: *\nDisallow: /news/3\n")
    once = {(host, path): 1 for host in HOSTS for path in WELL_KNOWN}
    run(site)
    assert well_known(newsstand) == once
    wiredesk(site, "rebuild", "--quiet", "--jobs", "1")
    run(site)

    assert well_known(newsstand) == once
    assert asked(newsstand, "/news/3") == []
    run_after(site, 24 * HOUR)
    assert well_known(newsstand)[HOSTS[0], "/robots.txt"] == 2


def test_retry_after_closes_a_host_for_later_runs(site: Path, newsstand: Newsstand) -> None:
    """The page asked for patience: the feed of the same host, which is due, has to wait as well."""
    newsstand.instead[HOSTS[0], "/news/0"] = (429, {"Retry-After": "7200"})
    run_after(site, timedelta(0))
    newsstand.seen.clear()
    told = run_after(site, HOUR)

    assert [seen.path for seen in newsstand.seen if seen.host == HOSTS[0]] == []
    assert asked(newsstand, "/feed.xml", HOSTS[1])
    assert f"{HOSTS[0]} wants us to wait" in told
    newsstand.instead.clear()
    run_after(site, 3 * HOUR)
    assert asked(newsstand, "/feed.xml")


def test_what_is_over_leaves_the_store(site: Path, newsstand: Newsstand) -> None:
    """The table does not grow with the hosts that were ever asked."""
    run_after(site, timedelta(0))
    (site / "sources.opml").write_text('<opml version="2.0"><body/></opml>')
    with closing(Store(site / "wiredesk.db")) as store:
        assert {row.at for row in store.hosts.all()} == {NOW}
    run_after(site, 25 * HOUR)

    with closing(Store(site / "wiredesk.db")) as store:
        assert NOW not in {row.at for row in store.hosts.all()}
