"""What a crawler brings home besides articles: listings, walls, dead ends, broken feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from content import Text
from papers import BY_DOMAIN, Paper

BROKEN_FEED = "https://www.boatbulletin.example/feed.xml"
_WALL = """<h1>Inside the boardroom: a Pro briefing on Nordane</h1>
<div class="wall"><h2>Log in to read on</h2><p>This briefing is for members of Crown Markets Pro.</p>
<form action="/login" method="post"><label>E-mail <input name="email"></label>
<label>Password <input name="password" type="password"></label><button>Log in</button></form>
<p>No account? The first month is 49 kr. Cancel at any time.</p></div>"""
_CUT_OFF = b"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Regatta photographs | The Hael Islander</title>
<link rel="canonical" href="https://haelislander.example/2026/09/12/regatta-photographs">
<style>body{background:#fdf8ec;max-w"""
_BROKEN = b"""<br />
<b>Warning</b>: mysql_connect(): Too many connections in <b>/srv/www/bulletin/feed.php</b> on line <b>14</b><br />
<html><head><title>Boat Bulletin</title></head>
<body><h1>We are doing some caulking</h1><p>The Boat Bulletin will be back shortly.</p></body></html>
"""


@dataclass(frozen=True, kw_only=True)
class Stray:
    """An answer that is no article."""

    when: datetime
    url: str
    status: str
    type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    cut_off: bool = False  # the connection broke


def strays(texts: Sequence[Text]) -> list[Stray]:
    """Return the stray captures of the ten days."""
    ledger, times, post = (BY_DOMAIN[f"{n}.example"] for n in ("elleryledger", "sundtimes", "coastalpost"))
    markets, islander, wire = (BY_DOMAIN[f"{n}.example"] for n in ("crownmarkets", "haelislander", "meridianwire"))
    redirected = next(t for t in texts if t.provider == ledger.domain and t.story == "dock-strike")
    moved = next(t for t in texts if t.provider == wire.domain and t.story == "calla-marin")
    return [
        _listing(ledger, texts, datetime(2026, 9, 8, 6, 2, 11, tzinfo=UTC), ledger.home, "Port Ellery's daily", None),
        _listing(
            times,
            texts,
            datetime(2026, 9, 11, 17, 30, 40, tzinfo=UTC),
            f"{times.home}national/",
            "National",
            "National",
        ),
        Stray(
            when=datetime(2026, 9, 9, 13, 20, 5, tzinfo=UTC),
            url=f"{post.home}news/article-55120931/mystery-whale-spotted-off-tramway-square.html",
            status="404 Not Found",
            type="text/html; charset=utf-8",
            body=_shell(
                post,
                "Page not found",
                "<h1>Oops!</h1><p>This page has sailed. It may have been moved or withdrawn by the editor.</p>",
            ),
        ),
        Stray(
            when=datetime(2026, 9, 10, 8, 44, 51, tzinfo=UTC),
            url=f"{markets.home}companies/2026-09-10/inside-the-boardroom-a-pro-briefing-on-nordane-77120",
            status="200 OK",
            type="text/html; charset=utf-8",
            body=_shell(
                markets,
                "Inside the boardroom: a Pro briefing on Nordane",
                _WALL,
            ),
        ),
        Stray(
            when=datetime(2026, 9, 12, 15, 3, 27, tzinfo=UTC),
            url=f"{islander.home}2026/09/12/regatta-photographs",
            status="200 OK",
            type="text/html; charset=utf-8",
            body=_CUT_OFF,
            cut_off=True,
        ),
        Stray(
            when=datetime(2026, 9, 7, 4, 1, 0, tzinfo=UTC),
            url=BROKEN_FEED,
            status="200 OK",
            type="text/html; charset=UTF-8",
            body=_BROKEN,
        ),
        _redirect(
            redirected.seen - timedelta(seconds=2), "https://elry.example/s/x7k2q", ledger.url(redirected), "302 Found"
        ),
        _redirect(
            moved.seen - timedelta(seconds=2),
            wire.url(moved).replace("https://", "http://"),
            wire.url(moved),
            "301 Moved Permanently",
        ),
    ]


def _redirect(when: datetime, url: str, target: str, status: str) -> Stray:
    body = (
        f'<html><head><title>{status}</title></head><body>The document is <a href="{target}">here</a>.</body></html>\n'
    )
    return Stray(
        when=when, url=url, status=status, type="text/html", body=body.encode(), headers=(("Location", target),)
    )


def _listing(paper: Paper, texts: Sequence[Text], when: datetime, url: str, heading: str, section: str | None) -> Stray:
    known = [t for t in texts if t.provider == paper.domain and t.published <= when and section in (None, t.section)]
    teasers = "".join(
        f'<li class="teaser"><h3><a href="{paper.url(t)}">{escape(t.title_at(when))}</a></h3>'
        f"<p>{escape(t.excerpt)}</p></li>"
        for t in reversed(known[-10:])
    )
    links = "".join(
        f'<li><a href="/{name.lower()}/">{name}</a></li>'
        for name in ("Business", "Politics", "Culture", "Sport", "Letters")
    )
    body = _shell(paper, heading, f'<nav><ul>{links}</ul></nav><h1>{heading}</h1><ul class="river">{teasers}</ul>')
    return Stray(when=when, url=url, status="200 OK", type="text/html; charset=utf-8", body=body)


def _shell(paper: Paper, title: str, inner: str) -> bytes:
    feed = f'<link rel="alternate" type="application/rss+xml" title="{paper.name}" href="{paper.feed_path}">'
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{title} | {paper.name}</title>{feed}</head>\n"
        f'<body><header><a href="/">{paper.name}</a></header><main>{inner}</main>'
        f"<footer>{paper.name}, 2026</footer></body></html>\n"
    ).encode()
