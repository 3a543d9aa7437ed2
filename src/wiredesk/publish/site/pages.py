"""The pages of the site: values in, HTML out.  Nothing here reads the archive or the clock."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from importlib import resources
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from wiredesk.config import Settings
from wiredesk.publish.archive import Freshness
from wiredesk.publish.site import views
from wiredesk.publish.site.words import Words, words_for
from wiredesk.records import Background, Item, Provider, Topic

TOP_STORIES = 8  # above the sections by day
_HEADLINES_OF_A_DAY = 6  # on a month page


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place on the site."""

    path: str  # from the root of the site
    text: str
    count: int = 0
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class Site:
    """What all pages have in common."""

    settings: Settings
    topics: tuple[Topic, ...]

    @cached_property
    def words(self) -> Words:
        """The site's own words."""
        return words_for(self.settings.site.language)

    @cached_property
    def style(self) -> bytes:
        """The style sheet."""
        return resources.files(__package__).joinpath("style.css").read_bytes()

    @cached_property
    def style_path(self) -> str:
        """Path of the style sheet; its name changes with its content."""
        return f"assets/style.{hashlib.sha256(self.style).hexdigest()[:12]}.css"

    @cached_property
    def icon(self) -> bytes:
        """The site's icon: the first letter of its name on a tile."""
        letter = next((letter for letter in self.settings.site.title if letter.isalnum()), "W").upper()
        return _TEMPLATES.get_template("icon.svg").render(letter=letter).encode()

    def url(self, path: str = "") -> str:
        """Return the absolute address of a path below the site."""
        return self.settings.site.address + path


_TEMPLATES = Environment(
    loader=PackageLoader("wiredesk.publish.site"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def topic_path(topic: Topic) -> str:
    """Return the path of a topic's page."""
    return f"topic/{quote(topic.id)}/"


def day_path(day: date) -> str:
    """Return the path of a day's page."""
    return f"{day.isoformat().replace('-', '/')}/"


def month_path(month: str) -> str:
    """Return the path of a month's page."""
    return f"{month.replace('-', '/')}/"


def front(
    site: Site,
    freshness: Freshness,
    stories: Sequence[Sequence[Item]],
    latest: Sequence[Item],
    counts: Mapping[str, int],
) -> bytes:
    """Return the front page.

    Args:
        stories: Each leader first, hottest story first: the first eight stand on top, the others by day.
        latest: The newest published items.
        counts: Published items by topic name.
    """
    cards = [views.story_card(items, site.words) for items in stories]
    by_day = sorted(cards[TOP_STORIES:], key=lambda card: card.lead.day, reverse=True)  # stable: still by heat in a day
    top: tuple[str, str | None, list[views.StoryCard]] = (site.words.top_stories, None, cards[:TOP_STORIES])
    sections = [top] if cards else []
    for day, of_day in groupby(by_day, key=lambda card: card.lead.day):
        at = date.fromisoformat(day)
        sections.append((site.words.day(at), day_path(at), list(of_day)))
    return _page(
        site,
        "front.html",
        "",
        title=site.settings.site.title,
        sections=sections,
        latest=[views.report(item, site.words) for item in latest],
        topic_links=[
            Link(path=topic_path(topic), text=topic.name, count=counts[topic.name])
            for topic in site.topics
            if counts.get(topic.name)
        ],
        freshness=freshness,
        as_of=views.moment(freshness.as_of, site.words),
        today=freshness.as_of.date().isoformat(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The stories around one, each as the item that stands for it."""

    thread: str | None = None
    shared: tuple[str, ...] = ()  # words that make it a part of the thread
    earlier: tuple[Item, ...] = ()  # of the thread, oldest first
    later: tuple[Item, ...] = ()
    close: tuple[tuple[Item, tuple[str, ...]], ...] = ()  # with the words in common

    @property
    def shown(self) -> tuple[str, ...]:
        """All that the page shows of them."""
        about = [
            (one.story, one.article.title, one.article.provider, one.article.told_at, one.article.language)
            for one in (*self.earlier, *self.later, *(item for item, _ in self.close))
        ]
        return (repr((self.thread, self.shared, [shared for _, shared in self.close])), *map(repr, about))


def story(site: Site, items: Sequence[Item], background: Background, around: Surroundings) -> bytes:
    """Return the page of a story; `items` leader first, at least one published, `background` that of the front item."""
    report = views.reporter(site.words)
    item = views.front_item(items)
    lead = report(item)
    steps = views.developments(items, background, site.words, report)
    held = {one.article.id: one for one in items}
    first = held[background.first]
    oldest = min(items, key=lambda one: (one.article.told_at, one.article.id))
    known = {topic.name: topic for topic in site.topics}
    days = [
        (site.words.day(date.fromisoformat(day)), list(of_day))
        for day, of_day in groupby((step for step in steps if step.news), key=lambda step: step.day)
    ]
    providers = {one.article.provider.domain: views.plain(one.article.provider.name) for one in items}
    return _page(
        site,
        "story.html",
        lead.story,
        title=lead.title,
        description=lead.excerpt,
        lead=lead,
        item=item,
        days=days,
        also=[step for step in steps if not step.news],
        beside=views.beside(items, background, report),
        same_text=[report(held[one]) for one in background.same_text],
        thread_path=thread_path(around.thread) if around.thread and (around.earlier or around.later) else "",
        thread_words=around.shared,
        earlier=[report(one) for one in around.earlier],
        later=[report(one) for one in around.later],
        close=[(report(one), shared) for one, shared in around.close],
        first=report(first),
        oldest=report(oldest),
        reports=len(items),
        outlets=len(providers),
        last=report(max(items, key=lambda one: one.article.told_at)),
        bars=views.bars(one.article.told_at for one in items),
        topics=[(tag, known.get(tag.topic)) for tag in item.topics],
        quality=views.scores(item.rating.quality_parts),
        heat=views.scores(item.rating.heat_parts),
        copies=[
            (views.plain(one.article.provider.name), one.copy, providers_of(items).get(one.copy.origin, ""))
            for one in items
            if one.copy
        ],
        linked_data=views.linked_data(items, site.url(lead.story), lead.title),
    )


def thread_path(id: str) -> str:
    """Return the path of a thread's page."""
    return f"threads/{quote(id)}/"


def thread(site: Site, id: str, stories: Sequence[tuple[Item, tuple[str, ...]]]) -> bytes:
    """Return the page of a thread; the items that stand for its stories, oldest first, each with its shared words."""
    reports = [(views.report(item, site.words), shared) for item, shared in stories]
    return _page(
        site,
        "thread.html",
        thread_path(id),
        title=reports[0][0].title,
        reports=reports,
        months=[
            (site.words.month(month), list(of_month))
            for month, of_month in groupby(reports, key=lambda pair: pair[0].day[:7])
        ],
        first=reports[0][0],
        last=reports[-1][0],
    )


def providers_of(items: Sequence[Item]) -> dict[str, str]:
    """Return the provider's name for each article."""
    return {item.article.id: views.plain(item.article.provider.name) for item in items}


def topic(site: Site, topic: Topic, items: Sequence[Item], months: Sequence[tuple[str, int]]) -> bytes:
    """Return a topic's page: its newest items, and the months that have any, newest first."""
    by_name = {one.name: one for one in site.topics}
    parent = by_name.get(topic.parent or "")
    path = topic_path(topic)
    return _page(
        site,
        "list.html",
        path,
        title=topic.name,
        description=topic.description or "",
        days=_by_day(site, items),
        months=_months(site, path, months),
        parent=Link(path=topic_path(parent), text=parent.name) if parent else None,
        children=[Link(path=topic_path(one), text=one.name) for one in site.topics if one.parent == topic.name],
        feed_path=path,
        feed_title=f"{site.settings.site.title}: {topic.name}",
        outlet=None,
        current=topic.id,
    )


def provider(site: Site, items: Sequence[Item], months: Sequence[tuple[str, int]]) -> bytes:
    """Return the page of the provider of `items` (at least one), newest first."""
    outlet = views.outlet(items[0].article.provider, has_page=True)
    return _page(
        site,
        "list.html",
        outlet.page,
        title=outlet.name,
        description=items[0].article.provider.domain,
        days=_by_day(site, items),
        months=_months(site, outlet.page, months),
        parent=Link(path="providers/", text=site.words.outlets),
        children=[],
        outlet=outlet,
        current="providers",
    )


def provider_place(provider: Provider) -> tuple[str, str]:
    """Return the path of a provider's page, and its name."""
    outlet = views.outlet(provider, has_page=True)
    return outlet.page, outlet.name


def month_of(site: Site, path: str, name: str, month: str, items: Sequence[Item]) -> bytes:
    """Return the page of all items of one month of a topic or provider, whose page is `path`."""
    return _page(
        site,
        "list.html",
        f"{path}{month}/",
        title=f"{name}, {site.words.month(month)}",
        description="",
        days=_by_day(site, items),
        months=[],
        parent=Link(path=path, text=name),
        children=[],
        outlet=None,
        compact=True,
    )


def day(site: Site, day: date, items: Sequence[Item], before: date | None, after: date | None) -> bytes:
    """Return the page of a day; `before` and `after` are the nearest days that have news."""
    month = day.isoformat()[:7]
    return _page(
        site,
        "day.html",
        day_path(day),
        title=site.words.day(day),
        reports=[views.report(item, site.words) for item in items],
        before=Link(path=day_path(before), text=site.words.day(before)) if before else None,
        after=Link(path=day_path(after), text=site.words.day(after)) if after else None,
        month=Link(path=month_path(month), text=site.words.month(month)),
        current="archive",
    )


def month(site: Site, month: str, counts: Mapping[date, int], best: Mapping[date, Sequence[Item]]) -> bytes:
    """Return the page of a month: a calendar with the number of items, and each day's best ones, newest day first."""
    return _page(
        site,
        "month.html",
        month_path(month),
        title=site.words.month(month),
        weeks=_calendar(site, month, counts),
        days=[
            (
                Link(path=day_path(at), text=site.words.day(at), count=counts[at]),
                [views.report(i, site.words) for i in best[at]],
            )
            for at in sorted(best, reverse=True)
        ],
        current="archive",
    )


def best_of_days(items: Sequence[tuple[date, int, str]]) -> dict[date, list[str]]:
    """Return for each day the ids of the best few of its (day, quality, id)."""
    best: dict[date, list[str]] = {}
    for at, _, id in sorted(items, key=lambda one: (one[0], -one[1], one[2])):
        if len(best.setdefault(at, [])) < _HEADLINES_OF_A_DAY:
            best[at].append(id)
    return best


def archive(site: Site, days: Sequence[tuple[date, int]]) -> bytes:
    """Return the page that leads to all months; `days` with their numbers of items."""
    years: dict[int, dict[str, int]] = {}
    for at, count in days:
        of_year = years.setdefault(at.year, {})
        of_year[at.isoformat()[:7]] = of_year.get(at.isoformat()[:7], 0) + count
    return _page(
        site,
        "archive.html",
        "archive/",
        title=site.words.archive,
        years=[
            (
                year,
                [
                    Link(path=month_path(month), text=site.words.month(month), count=n)
                    for month, n in sorted(months.items())
                ],
            )
            for year, months in sorted(years.items(), reverse=True)
        ],
        current="archive",
    )


def providers(site: Site, found: Sequence[tuple[Provider, int]]) -> bytes:
    """Return the page of all outlets that were published, the busiest first."""
    ordered = sorted(found, key=lambda one: (-one[1], one[0].domain))
    return _page(
        site,
        "providers.html",
        "providers/",
        title=site.words.outlets,
        outlets=[(views.outlet(provider, has_page=True), provider.domain, count) for provider, count in ordered],
        current="providers",
    )


def about(site: Site, freshness: Freshness) -> bytes:
    """Return the page on what the site is and how it decides."""
    return _page(
        site,
        "about.html",
        "about/",
        title=site.words.about,
        freshness=freshness,
        as_of=views.moment(freshness.as_of, site.words),
        rules=site.settings.rules.set,
        limits=site.settings.score,
        current="about",
    )


def own(site: Site, item: Item) -> bytes:
    """Return the page of an item that has no page elsewhere (`news/<record name>/`)."""
    lead = views.report(item, site.words)
    return _page(site, "own.html", f"news/{quote(item.name)}/", title=lead.title, description=lead.excerpt, lead=lead)


def moved_story(site: Site, item: Item) -> bytes:
    """Return the page that stands where a story was whose first article is now in that of `item`: it leads there."""
    return _moved(site, views.report(item, site.words), None, site.words.moved_text)


def moved_thread(site: Site, item: Item, thread: str | None) -> bytes:
    """Return the page that stands where a thread was: it leads to `thread`, or to the story of `item` without one."""
    return _moved(site, views.report(item, site.words), thread, site.words.moved_thread)


def _moved(site: Site, lead: views.Report, thread: str | None, text: str) -> bytes:
    """A static host cannot answer 301: browsers follow the refresh, search engines the canonical address."""
    path = lead.story if thread is None else thread_path(thread)
    return _page(site, "moved.html", path, title=lead.title, description=lead.excerpt, text=text)


def not_found(site: Site) -> bytes:
    """Return 404.html: it answers for any address, so its links begin at the site's base path."""
    base = urlsplit(site.settings.site.address).path
    return _page(site, "missing.html", None, title=site.words.missing_title, root=base)


def _page(site: Site, template: str, path: str | None, **values: Any) -> bytes:
    """Render a template for the page at `path` (a folder, or "" for the front; None: it has no address)."""
    root = "../" * (path.count("/")) if path else ""
    values = {
        "root": root or "./",
        "site": site,
        "t": site.words,
        "path": path,
        "title": "",
        "description": "",
        "current": "",
        "compact": False,
        "feed_path": "",
        "feed_title": site.settings.site.title,
        "menu": [
            Link(path=topic_path(topic), text=topic.shortname or topic.name, current=topic.id == values.get("current"))
            for topic in site.topics
        ],
        **values,
    }
    return _TEMPLATES.get_template(template).render(values).encode("utf-8", "replace")


def _by_day(site: Site, items: Sequence[Item]) -> list[tuple[Link, list[views.Report]]]:
    reports = [views.report(item, site.words) for item in items]
    return [
        (Link(path=day_path(date.fromisoformat(day)), text=site.words.day(date.fromisoformat(day))), list(of_day))
        for day, of_day in groupby(reports, key=lambda report: report.day)
    ]


def _months(site: Site, path: str, months: Sequence[tuple[str, int]]) -> list[Link]:
    return [Link(path=f"{path}{month}/", text=site.words.month(month), count=count) for month, count in months]


def _calendar(site: Site, month: str, counts: Mapping[date, int]) -> list[list[tuple[date, Link | None] | None]]:
    """Return the weeks of a month, Monday first; None outside the month, no link on a day without news."""
    first = date.fromisoformat(f"{month}-01")
    cells: list[tuple[date, Link | None] | None] = [None] * first.weekday()
    at = first
    while at.month == first.month:
        count = counts.get(at, 0)
        cells.append((at, Link(path=day_path(at), text=site.words.day(at), count=count) if count else None))
        if at == date.max:
            break
        at += timedelta(days=1)
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]
