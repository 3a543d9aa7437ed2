"""Pages tell the truth, credit the outlets, and stay pages whatever the outlets wrote."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from lxml import html
from publish_factory import NOON, TOPICS, MemoryArchive, MemoryLedger, article_id, item, settings, world

from wiredesk.publish import Press, publish
from wiredesk.publish.site import pages, views
from wiredesk.publish.site.words import ENGLISH, GERMAN, words_for
from wiredesk.records import Copy, Image, Item, Provider, ProviderId, Tag

SITE = pages.Site(settings=settings(), topics=TOPICS)
EVIL = '</script><script>alert(1)</script><img src=x onerror=alert(1)> " onmouseover="x {{ 7*7 }} {% raw %} <!--'


def evil(key: str = "evil") -> Item:
    """Return an item with a hostile text in every field that a page shows."""
    one = item(key, copy_of="other", authors=(EVIL,), earlier_title=EVIL)
    article = replace(
        one.article,
        title=EVIL,
        excerpt=EVIL,
        language='x" onload="alert(1)',
        canonical_url="javascript:alert(1)//https://a.example",
        provider=Provider(domain=ProviderId("evil.example"), name=EVIL),
        image=Image(url="x", held="assets/images/news/a.png", title=EVIL, attribution=EVIL, width=1, height=1),
    )
    part = replace(one.rating.quality_parts[0], name=EVIL, note=EVIL)
    rating = replace(one.rating, reason=EVIL, rules=EVIL, quality_parts=(part,))
    copy = Copy(article=article.id, origin=article_id("other"), kind="near", share=0.5, reason=EVIL)
    topics = (Tag(topic=EVIL, confidence=0.5, reasons=(EVIL,)),)
    return replace(one, article=article, rating=rating, copy=copy, topics=topics)


def rendered(items: list[Item]) -> dict[str, bytes]:
    """Return one page of each kind."""
    archive = MemoryArchive()
    archive.put(*items)
    day = items[0].article.told_at.date()
    return {
        "front": pages.front(SITE, archive.freshness(), [items], items, {"Energy": 1}),
        "story": pages.story(SITE, items),
        "topic": pages.topic(SITE, TOPICS[0], items, [("2026-09", 1)]),
        "provider": pages.provider(SITE, items, [("2026-09", 1)]),
        "month of": pages.month_of(SITE, "topic/x/", EVIL, "2026-09", items),
        "day": pages.day(SITE, day, items, day, None),
        "month": pages.month(SITE, "2026-09", {day: 1}, {day: items}),
        "providers": pages.providers(SITE, [(items[0].article.provider, 1)]),
        "own": pages.own(SITE, items[0]),
    }


@pytest.mark.parametrize("kind", list(rendered([item("a")])))
def test_hostile_text_adds_nothing_to_a_page(kind: str) -> None:
    """No element, attribute or link of a page comes out of an outlet's text."""
    page = html.document_fromstring(rendered([evil(), item("other", hours=2)])[kind])

    assert {script.get("type") for script in page.iter("script")} <= {"application/ld+json"}
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on") or name == "style"]
    assert not page.xpath("//iframe|//object|//embed|//form|//base|//style")
    assert not [
        link for link in page.xpath("//@href|//@src") if link.strip().lower().startswith(("javascript:", "data:"))
    ]
    assert "49" not in page.xpath("//h1|//h3")[-1].text_content()


def test_linked_data_cannot_end_its_element() -> None:
    """JSON-LD is valid JSON and holds no angle bracket."""
    text = views.linked_data([evil()], "https://news.example/", EVIL)

    assert not re.search("[<>&]", text)
    assert json.loads(text)["itemListElement"][0]["item"]["headline"] == views.plain(EVIL)


@limits(max_examples=60)
@given(st.text(max_size=80))
def test_no_address_but_http_becomes_a_link(text: str) -> None:
    """What passes is an absolute http(s) address with a host."""
    passed = views.safe_href(text)

    assert passed == "" or urlsplit(passed).scheme.lower() in {"http", "https"}


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\tscript:x", "data:text/html,x", "//host/x", "/x", "https:///x",
     "http://[bad", "https://a.example/\nx", "https://a.example\\@b.example/"],
)  # fmt: skip
def test_bad_addresses_are_no_links(address: str) -> None:
    """Schemes in odd case, tabs, relative and broken addresses are refused."""
    assert views.safe_href(address) == ""


def test_directions_of_writing_cannot_be_turned() -> None:
    """A name cannot be made to read as another one."""
    assert views.plain("\u202emoc.knab\u202c bank") == "moc.knab bank"


def test_only_held_pictures_are_shown() -> None:
    """A page loads nothing from elsewhere, and no path leads out of assets/images."""
    for held in (
        None,
        "https://tracker.example/a.png",
        "assets/images/../../wiredesk.db",
        "/etc/passwd",
        "assets/images/",
    ):
        assert views.picture(Image(url="https://a.example/a.png", is_cached=True, held=held)) is None
    assert views.picture(Image(url="x", held="assets/images/news/0a.png"))


def test_copies_are_folded_under_their_origin() -> None:
    """One text is one voice, in chains too; what the origin's copies print stands together without the origin."""
    origin, first, second = item("o", hours=3), item("a", copy_of="o", hours=2), item("b", copy_of="a", hours=1)
    lone, twin = item("x", copy_of="gone"), item("y", copy_of="gone")

    assert views.fold([second, first, origin]) == [(origin, second, first)]
    assert views.fold([lone, twin]) == [(lone, twin)]
    assert [len(group) for group in views.fold([item("p", copy_of="q"), item("q", copy_of="p")])] == [2]
    partial = replace(first, copy=replace(first.copy, kind="partial"))  # it has words of its own, and its own voice
    assert views.fold([origin, partial, second]) == [(origin,), (partial, second)]


def test_a_story_card_credits_every_outlet_once() -> None:
    """Leader, its copies, others with headlines, the rest by name: together all articles."""
    items = sorted(world()[:10], key=lambda one: -one.rating.quality)

    card = views.story_card(items, ENGLISH, headlines=3)

    shown = [card.lead, *card.copies, *card.more, *card.also]
    assert sorted(one.id for one in shown) == sorted(one.article.id for one in items)
    assert len(card.copies) == 2


def test_a_story_page_shows_who_was_first_and_what_was_changed() -> None:
    """The first report by time is marked; a replaced headline is shown with the time until which it stood."""
    late = item("late", title="New words", hours=1, earlier_title="Old words", heat=90)
    early = item("early", title="Scoop", hours=5, provider="tidelines", published=False, heat=-1)

    page = html.document_fromstring(pages.story(SITE, [late, early]))

    text = " ".join(page.text_content().split())
    assert "First report: Tidelines, 16 Sep 2026, 07:00 UTC (seen by us 16 Sep 2026, 07:10 UTC)" in text
    assert page.xpath("//del/text()") == ["Old words"]
    assert "until 16 Sep 2026, 13:10 UTC" in text
    assert text.index("Scoop") < text.rindex("New words")


def test_every_decision_is_explained() -> None:
    """The block lists reason, parts of quality and heat, topics with reasons, copies, and the rule set."""
    items = world()[:3]
    page = html.document_fromstring(pages.story(SITE, items))

    text = page.xpath("//details[@class='why']")[0].text_content()
    for wanted in (
        items[0].rating.reason, "210 words", "7 independent outlets", "wiredesk-1", '"power grid" in the title',
        "Nine of ten lines are the same.", "20", "-2",
    ):  # fmt: skip
        assert wanted in text


def test_foreign_titles_carry_their_language() -> None:
    """A reader that speaks the page aloud knows; the site's own language is not repeated."""
    page = html.document_fromstring(pages.story(SITE, [item("a"), item("b", language="de", hours=2)]))

    assert set(page.xpath("//body//@lang")) == {"de"}
    assert set(page.xpath("//abbr[@class='mark']/@title")) == {"in German"}


def test_german_is_spoken_in_full() -> None:
    """Every word of the site exists in German, and other languages fall back to English."""
    same = {field.name for field in fields(ENGLISH) if getattr(ENGLISH, field.name) == getattr(GERMAN, field.name)}

    assert same <= {"feeds", "video", "sitemap", "text_changed"}
    assert words_for("fr") is ENGLISH
    assert GERMAN.moment(NOON) == "16. Sept. 2026, 12:00 UTC"
    assert GERMAN.count(1234, GERMAN.reports) == "1.234 Berichte"


def test_bars_count_every_report() -> None:
    """The tallest bar fills the field, none leaves it, and any span fits."""
    for days in (0, 1, 40, 4000):
        bars = views.bars([NOON, NOON, NOON + timedelta(days=days)])
        assert max(bar.height for bar in bars) == 24
        assert all(bar.x >= 0 and bar.x + bar.width <= 100.01 for bar in bars)
    assert views.bars([NOON, NOON]) == ()


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of the small world."""
    root = tmp_path_factory.mktemp("site")
    archive, ledger = MemoryArchive(), MemoryLedger()
    ledger.dirty |= archive.put(*world(root))
    publish(root, Press(archive=archive, settings=settings(), topics=TOPICS, site=root), ledger)
    return root / "public"


def test_no_link_is_dead(public: Path) -> None:
    """Every link, picture, style sheet and feed that a page names exists, from wherever the site is mounted."""
    for page in public.rglob("*.html"):
        document = html.fromstring(page.read_bytes())
        base = f"https://news.example/current/{page.relative_to(public).as_posix().removesuffix('index.html')}"
        for link in document.xpath("//@href|//@src"):
            target = urljoin(base, link)
            if target.startswith("https://news.example/"):
                path = unquote(urlsplit(target).path).removeprefix("/current/")
                file = public / (path + "index.html" if path.endswith("/") or not path else path)
                assert file.is_file(), f"{page.relative_to(public)} -> {link}"


def test_pages_are_built_for_everybody(public: Path) -> None:
    """Landmarks, one h1, headings without gaps, unique ids, alternatives, sizes, language, no foreign resource."""
    for page in public.rglob("*.html"):
        document = html.document_fromstring(page.read_bytes())
        name = page.relative_to(public).as_posix()
        levels = [int(heading.tag[1]) for heading in document.xpath("//h1|//h2|//h3|//h4")]
        assert levels.count(1) == 1 and levels[0] == 1, name
        assert all(after - before <= 1 for before, after in pairwise(levels)), name
        ids = document.xpath("//@id")
        assert len(ids) == len(set(ids)), name
        assert document.get("lang") == "en" and document.xpath("//title")[0].text, name
        assert len(document.xpath("//main")) == 1 and document.xpath("//header") and document.xpath("//footer"), name
        assert document.xpath("//a[@class='skip']/@href") == ["#news"], name
        assert all(image.get("alt") is not None and image.get("width") for image in document.iter("img")), name
        assert all(nav.get("aria-label") for nav in document.iter("nav")), name
        policy = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy, name
        resources = document.xpath("//img/@src|//script/@src|//link[@rel='stylesheet' or @rel='icon']/@href")
        assert not [one for one in resources if "//" in one], name


def test_the_base_path_stands_where_links_must_be_absolute(public: Path) -> None:
    """404.html answers for any address: its links begin at the base path of the site."""
    document = html.fromstring((public / "404.html").read_bytes())

    assert all(link.startswith("/current/") for link in document.xpath("//@href") if not link.startswith("#"))


def test_times_can_be_read_by_both(public: Path) -> None:
    """A time element has machine time in UTC and words that say UTC, in its text or its title."""
    for time in html.fromstring((public / "index.html").read_bytes()).iter("time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time.get("datetime"))
        assert "UTC" in (time.text_content() + (time.get("title") or ""))


def test_day_pages_link_to_their_neighbours(public: Path) -> None:
    """The previous and the next day that have news, over gaps."""
    day = html.fromstring((public / "2026/09/13/index.html").read_bytes())

    assert set(day.xpath("//a[@rel='prev']/@href")) == {"../../../2026/08/27/"}
    assert set(day.xpath("//a[@rel='next']/@href")) == {"../../../2026/09/14/"}
