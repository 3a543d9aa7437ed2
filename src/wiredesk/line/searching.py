"""Search a site for the place that tells best what is new there: ask, judge, choose, and say why.

Asks few addresses, one after another, through the guarded fetcher; keeps nothing, but hands over what it got.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from wiredesk.errors import FetchError, UnreadableError
from wiredesk.fetch import Fetcher, NotModified, Request
from wiredesk.records import Page, Problem, Selectors, Source, SourceKind, WireItem
from wiredesk.sources import (
    Candidate,
    Sitemap,
    Verdict,
    discover,
    judge,
    likely_news,
    named_in_robots,
    page_links,
    page_title,
    parse_feed,
    parse_sitemap,
    read_list,
    sitemap_items,
    worth_following,
)

_MOST_NAMED = 8  # feeds that a page names which are asked
_MOST_GUESSED = 8  # common paths that are asked where it names none of use
_MOST_SITEMAPS = 3
_GOOD = 75  # worth from which `quick` looks no further
_USABLE = 30  # worth from which a place is taken before one of a lesser kind
_COMMENTS = 10  # worth of comments, at most: they are never taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A place that was looked at, and what came of it."""

    url: str
    kind: SourceKind
    how: str  # one sentence: where its address is from
    title: str = ""
    verdict: Verdict | None = None  # None: it was not asked, or could not be read
    trouble: str = ""  # why it cannot be used, or was not asked
    worth: int = 0  # 0-100: how likely it is the main one, and how good what it holds
    items: tuple[WireItem, ...] = ()
    problems: tuple[Problem, ...] = ()
    hub: str | None = None
    site_url: str | None = None
    selectors: Selectors | None = None
    guess: bool = False
    page: Page | None = field(default=None, repr=False)  # its answer, as it came

    def source(self, home: str) -> Source:
        """Return the source that this place makes."""
        site = self.site_url or (home if home != self.url else None)
        return Source(url=self.url, kind=self.kind, selectors=self.selectors, title=self.title, site_url=site)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """All that was found for one address; the chosen one stands first."""

    asked: str
    url: str  # after redirects
    title: str = ""
    findings: tuple[Finding, ...] = ()
    chosen: Finding | None = None
    why: str = ""  # one sentence: why this one; or why none
    requests: int = 0


@dataclass(slots=True)
class _Session:
    fetcher: Fetcher
    page: Page
    links: frozenset[str] = frozenset()
    requests: int = 1
    findings: list[Finding] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)  # where an answer came from -> the address that was asked

    async def ask(self, url: str, *, robots: bool = False) -> Page:
        """Ask for one address; the page that everything began with is not asked twice."""
        if url in (self.page.url, self.page.final_url):
            return self.page
        self.requests += 1
        return await _answer(self.fetcher, url, robots=robots)

    def best(self, kind: SourceKind) -> Finding | None:
        """Return the most worthy usable finding of a kind."""
        usable = [finding for finding in self.findings if finding.kind == kind and finding.worth >= _USABLE]
        return max(usable, key=lambda finding: finding.worth, default=None)


async def search(
    fetcher: Fetcher,
    address: str,
    *,
    selectors: Selectors | None = None,
    kind: SourceKind | None = None,
    quick: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Search:
    """Look for what tells the news of the site at `address`: a feed, else a sitemap, else the page as a list.

    Args:
        selectors: Of a list: then nothing but the list is looked at.
        kind: Only this kind may be chosen.
        quick: Stop at the first good feed: `add` needs no survey.
        tell: Called with each address before it is asked.

    Raises:
        FetchError: `address` itself cannot be had.
    """
    tell(address)
    page = await _answer(fetcher, address)
    session = _Session(fetcher, page)
    if selectors is not None:
        kind = "list"
    if kind != "list":
        session.links = page_links(page)
        if kind in (None, "sitemap"):
            await _is_sitemap(session, tell)
        if not session.findings and kind in (None, "feed"):
            await _feeds(session, quick=quick, tell=tell)
    itself = any(finding.url == _lasting(page) and finding.verdict for finding in session.findings)
    if not itself:
        feed = session.best("feed")
        if kind in (None, "sitemap") and not (quick and feed):
            await _sitemaps(session, ask=feed is None, tell=tell)
        if kind in (None, "list"):
            session.findings.append(_list(page, selectors))
    chosen, why = _choice(session, kind)
    others = sorted((f for f in session.findings if f is not chosen), key=lambda f: (-f.worth, f.guess))
    return Search(
        asked=address,
        url=page.final_url,
        title=page_title(page) if not itself else (chosen.title if chosen else ""),
        findings=tuple(([chosen] if chosen else []) + others),
        chosen=chosen,
        why=why,
        requests=session.requests,
    )


async def _answer(fetcher: Fetcher, url: str, *, robots: bool = False) -> Page:
    answer = await fetcher.fetch(Request(url=url, purpose="robots" if robots else "feed"))
    assert not isinstance(answer, NotModified)  # nothing was asked conditionally
    return answer


def _lasting(page: Page) -> str:
    """Return the address to be asked from now on: where permanent redirects led; others may lead elsewhere tomorrow."""
    return page.moved_to or page.url


# --- feeds ------------------------------------------------------------------------------------------------------


async def _feeds(session: _Session, *, quick: bool, tell: Callable[[str], None]) -> None:
    named = guessed = 0
    for candidate in discover(session.page):
        if candidate.guess:
            if session.best("feed") or guessed >= _MOST_GUESSED:
                continue
            guessed += 1
        elif named >= _MOST_NAMED:
            trouble = "not asked: enough others were"
            session.findings.append(Finding(url=candidate.url, kind="feed", how=candidate.reason, trouble=trouble))
            continue
        else:
            named += 1
        finding = await _feed(session, candidate, tell)
        if not (candidate.guess and finding.trouble):
            session.findings.append(finding)
        if quick and finding.worth >= _GOOD:
            return


async def _feed(session: _Session, candidate: Candidate, tell: Callable[[str], None]) -> Finding:
    tell(candidate.url)
    finding = Finding(
        url=candidate.url, kind="feed", how=candidate.reason, title=candidate.title, guess=candidate.guess
    )
    try:
        there = await session.ask(candidate.url)
        feed = parse_feed(there)
    except FetchError as error:
        return replace(finding, trouble=error.reason)
    except UnreadableError as error:
        return replace(finding, trouble=error.what)
    twin = session.seen.setdefault(there.final_url, candidate.url)
    if twin != candidate.url:
        return replace(finding, trouble=f"leads to the same feed as {twin}")
    verdict = judge(feed.items, session.page, session.links, hub=bool(feed.hubs))
    prior = 60 if candidate.guess else candidate.score  # a guess that proves right is as good as a link
    worth = verdict.worth if there is session.page else round((verdict.worth + prior) / 2)
    if candidate.comments or verdict.comments:
        worth = min(worth, _COMMENTS)
    return replace(
        finding,
        url=_lasting(there),
        title=feed.title or candidate.title,
        verdict=verdict,
        trouble="" if feed.items else "a feed, but nothing is in it",
        worth=worth if feed.items else 0,
        items=feed.items,
        problems=feed.problems,
        hub=feed.hubs[0] if feed.hubs else None,
        site_url=feed.site_url,
        page=there,
    )


# --- sitemaps ---------------------------------------------------------------------------------------------------


async def _is_sitemap(session: _Session, tell: Callable[[str], None]) -> None:
    """Take the address for a sitemap where it is one."""
    try:
        sitemap = parse_sitemap(session.page)
    except UnreadableError:
        return
    how = "The address is a sitemap itself."
    session.findings.append(await _read(session, session.page, sitemap, how, tell))


async def _sitemaps(session: _Session, *, ask: bool, tell: Callable[[str], None]) -> None:
    """Look at the sitemaps that robots.txt names, those of news first; at /sitemap.xml where it names none."""
    parts = urlsplit(session.page.final_url)
    root = f"{parts.scheme}://{parts.netloc}"
    tell(f"{root}/robots.txt")
    try:
        named = named_in_robots(await session.ask(f"{root}/robots.txt", robots=True))
    except FetchError:
        named = ()
    guess = not named
    how = "A common place for a sitemap; nobody names it." if guess else "robots.txt names it."
    for number, url in enumerate(named or (f"{root}/sitemap.xml",)):
        finding = Finding(url=url, kind="sitemap", how=how, guess=guess)
        if not ask or number >= _MOST_SITEMAPS or likely_news(url) == 2:
            if not guess:
                trouble = (
                    "not asked: a feed was found"
                    if not ask
                    else "not asked: its name is not one of news"
                    if likely_news(url) == 2
                    else "not asked: enough others were"
                )
                session.findings.append(replace(finding, trouble=trouble))
            continue
        tell(url)
        try:
            there = await session.ask(url)
            session.findings.append(await _read(session, there, parse_sitemap(there), how, tell, guess=guess))
        except FetchError as error:
            if not guess:
                session.findings.append(replace(finding, trouble=error.reason))
        except UnreadableError as error:
            if not guess:
                session.findings.append(replace(finding, trouble=error.what))


async def _read(
    session: _Session, page: Page, sitemap: Sitemap, how: str, tell: Callable[[str], None], *, guess: bool = False
) -> Finding:
    """Judge a sitemap; of an index, one of its sitemaps, which becomes the source where its name says news."""
    now, url = session.page.fetched_at, _lasting(page)
    finding = Finding(url=url, kind="sitemap", how=how, guess=guess, title=page_title(session.page), page=page)
    if sitemap.kind == "index":
        children = worth_following(sitemap, now)
        if not children:
            trouble = f"an index of {len(sitemap.entries)} sitemaps, none of which seems to hold news"
            return replace(finding, trouble=trouble, problems=sitemap.problems)
        tell(children[0])
        try:
            below = await session.ask(children[0])
            child = parse_sitemap(below)
        except FetchError as error:
            return replace(finding, trouble=f"an index; its {children[0]} cannot be read: {error.reason}")
        except UnreadableError as error:
            return replace(finding, trouble=f"an index; its {children[0]} cannot be read: {error.what}")
        if likely_news(children[0]) == 0:
            how = f"{how} It is the one for news in the index {url}."
            finding = replace(finding, url=children[0], how=how, page=below)
        else:
            finding = replace(finding, how=f"{how} An index; each run asks those of its sitemaps that changed.")
        sitemap = child
    items = sitemap_items(sitemap, now, url)
    outlet = next((entry.outlet for entry in sitemap.entries if entry.outlet), "")
    if not items:
        trouble = f"of its {len(sitemap.entries)} entries none is dated within the last seven days"
        return replace(finding, trouble=trouble, problems=sitemap.problems)
    verdict = judge(items, session.page, session.links)
    if sitemap.kind == "news":
        verdict = replace(verdict, worth=min(100, verdict.worth + 10), reasons=(*verdict.reasons, "it is one for news"))
    return replace(
        finding,
        title=outlet or finding.title,
        verdict=verdict,
        worth=verdict.worth,
        items=items,
        problems=sitemap.problems,
    )


# --- the page as a list -----------------------------------------------------------------------------------------


def _list(page: Page, selectors: Selectors | None) -> Finding:
    how = "The page itself, read as a list with your selectors." if selectors else "The page itself, read as a list."
    finding = Finding(url=_lasting(page), kind="list", how=how, title=page_title(page), selectors=selectors, page=page)
    try:
        listing = read_list(page, selectors)
    except UnreadableError as error:
        return replace(finding, trouble=f"{error.what}; {error.now}" if selectors else error.what)
    count = len(listing.items)
    dated = sum(item.published_at is not None for item in listing.items)
    reasons = [listing.proposed.rstrip(".")] if listing.proposed else []
    doubts = [] if dated else ["its items have no dates"]
    worth = 100 if selectors else min(70, _USABLE + count + (10 if dated * 2 >= count else 0))
    return replace(
        finding,
        title=listing.title or finding.title,
        verdict=Verdict(worth=worth, reasons=tuple(reasons), doubts=tuple(doubts)),
        worth=worth,
        items=listing.items,
        problems=listing.problems,
        selectors=listing.selectors,
    )


# --- the choice -------------------------------------------------------------------------------------------------


def _choice(session: _Session, kind: SourceKind | None) -> tuple[Finding | None, str]:
    """Take the best feed, else the best sitemap, else the list; for a section of a site the list before the sitemap."""
    feed, sitemap, listing = session.best("feed"), session.best("sitemap"), session.best("list")
    itself = sitemap is not None and sitemap.url == _lasting(session.page)
    section = urlsplit(session.page.final_url).path.strip("/") != ""
    if feed:
        return feed, _because(feed, "a feed tells most")
    if sitemap and not (section and listing and not itself):
        return sitemap, _because(sitemap, "there is no usable feed, and a sitemap is meant for programs")
    if listing and sitemap:
        return listing, _because(listing, "there is no usable feed, and the sitemap holds more than this section")
    if listing:
        why = (
            "these are your selectors"
            if "your selectors" in listing.how
            else "there is neither a feed nor a sitemap of use"
        )
        return listing, _because(listing, why if kind is None or "your" in why else "you asked for a list")
    # Better a poor one than none, if it holds anything at all but comments.
    poor = max(session.findings, key=lambda finding: finding.worth, default=None)
    if poor and poor.worth >= _USABLE // 2 and poor.items:
        return poor, _because(poor, "nothing better was found")
    what = {
        "feed": "No feed",
        "sitemap": "No sitemap",
        "list": "No list",
        None: "Neither a feed nor a sitemap nor a list",
    }
    return None, f"{what[kind]} of use was found."


def _because(finding: Finding, rank: str) -> str:
    name = {"feed": "feed", "sitemap": "sitemap", "list": "list on the page"}[finding.kind]
    reasons = finding.verdict.reasons if finding.verdict else ()
    told = f"the {name}, since {rank}"
    if finding.kind == "feed":
        told += f". {finding.how.partition('. ')[0].rstrip('.')}"
    return told + (f"; {_joined(reasons)}." if reasons else ".")


def _joined(phrases: tuple[str, ...]) -> str:
    return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + f", and {phrases[-1]}"
