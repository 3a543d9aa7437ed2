"""Pages that list articles: with selectors, and without."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.records import Page, Selectors
from wiredesk.sources.listing import propose, read_list

URL = "https://paper.example/news/"
HEADLINES = (
    "Crane drivers walk out at Northquay terminal",
    "Ferry line orders a second electric ship",
    "Council votes narrowly for the tidal barrage",
    "Cod quota is cut by a fifth for the coming year",
    "Storm closes the strait for two whole days",
)


def page(body: bytes | str, content_type: str = "text/html; charset=utf-8") -> Page:
    data = body.encode() if isinstance(body, str) else body
    at = datetime(2026, 9, 7, tzinfo=UTC)
    return Page(url=URL, final_url=URL, status=200, headers=(("Content-Type", content_type),), body=data, fetched_at=at)


def news(extra: str = "") -> str:
    cards = "".join(
        f"""<article class="card card-{n}000"><img src="/i/{n}.jpg"><h2><a href="/news/{n}">{title}</a></h2>
        <time datetime="2026-09-0{n + 1}T08:00:00Z">then</time>
        <p>Teaser number {n}, which is long enough to be a teaser of an article.</p>
        <a href="/author/ada">Ada Quill</a></article>"""
        for n, title in enumerate(HEADLINES)
    )
    menu = "".join(f'<li><a href="/section/{n}">A section of the paper number {n}</a></li>' for n in range(12))
    return f"""<html><head><title>The Paper</title></head><body><nav><ul>{menu}</ul></nav><main>{cards}</main>{extra}
    <div class="site-footer"><ul>{menu}</ul></div></body></html>"""


def test_the_structure_of_headlines_is_proposed_and_explained():
    """Not the longer menu; with dates, teasers and pictures; classes that belong to one element are no part of it."""
    listing = read_list(page(news()))

    assert [item.title for item in listing.items] == list(HEADLINES)
    assert listing.items[1].url == "https://paper.example/news/1"
    assert listing.items[1].published_at == datetime(2026, 9, 2, 8, tzinfo=UTC)
    assert listing.items[1].summary.startswith("Teaser number 1")
    assert listing.items[1].image is not None
    assert listing.items[1].image.url == "https://paper.example/i/1.jpg"
    assert listing.selectors == Selectors(item="article.card", link="h2 > a", date="time", summary="p", image="img")
    assert listing.proposed.startswith("5 links of one structure read like headlines")
    assert "dates" in listing.proposed
    assert listing.title == "The Paper"


def test_what_is_proposed_can_be_given_back():
    """The proposal's own selectors read the same items."""
    proposed = read_list(page(news()))

    assert read_list(page(news()), proposed.selectors).items == proposed.items


def test_selectors_of_the_owner_are_followed():
    """Each part from where it was said to be; the text of the link where no title was named."""
    body = """<base href="https://paper.example/de/"><table>
    <tr class=r><td class=t>Alpha</td><td><a href="a.html">more</a> <a class=x href="b.html">x</a></td>
    <td class=d>7.9.2026</td></tr>
    <tr class=r><td class=t>Beta</td><td><a class=x href="c.html">more</a></td>
    <td class=d>8 September 2026</td></tr></table>"""
    listing = read_list(page(body), Selectors(item="tr.r", link="a.x", title=".t", date=".d"))

    assert [(i.title, i.url) for i in listing.items] == [
        ("Alpha", "https://paper.example/de/b.html"),
        ("Beta", "https://paper.example/de/c.html"),
    ]
    assert [i.published_at for i in listing.items] == [
        datetime(2026, 9, 7, tzinfo=UTC),
        datetime(2026, 9, 8, tzinfo=UTC),
    ]
    assert listing.proposed == ""


def test_links_alone_make_a_list():
    """Without an item selector each link is an item."""
    listing = read_list(page(news()), Selectors(link="h2 a"))

    assert [item.title for item in listing.items] == list(HEADLINES)


@pytest.mark.parametrize(
    ("selectors", "what"),
    [
        (Selectors(item="div.nothing"), "item selector 'div.nothing' matches nothing"),
        (Selectors(link="b.nothing"), "link selector 'b.nothing' matches nothing"),
        (Selectors(item="time"), "none of them holds a link"),
        (Selectors(item="article", link="h5 a"), "a link that matches 'h5 a'"),
        (Selectors(item="article:::"), "item selector 'article:::' cannot be read"),
        (Selectors(item="article", date="[[["), "date selector"),
        (Selectors(item="a" * 600), "longer than 500"),
        (Selectors(item="(" * 499), "cannot be read"),
    ],
)
def test_selectors_that_do_not_fit_are_told(selectors, what):
    """Which one, and what is wrong with it."""
    with pytest.raises(UnreadableError) as raised:
        read_list(page(news()), selectors)

    assert what in str(raised.value)
    assert "mend the selector" in str(raised.value)


def test_parts_that_match_nowhere_are_told_but_stop_nothing():
    """A date selector that fits no item costs the dates."""
    listing = read_list(page(news()), Selectors(item="article", date=".no-such"))

    assert len(listing.items) == 5
    assert [p.what for p in listing.problems] == ["the date selector '.no-such' matches nothing inside of the items"]


def test_no_list_is_told_with_what_to_do():
    """An article page is no list."""
    with pytest.raises(UnreadableError, match=r"no list was found.*--item, --link"):
        read_list(page("<p>One <a href='/x'>link that is long enough to be a headline</a> in a text.</p>"))


@pytest.mark.parametrize("body", ["", "<?xml version='1.0'?><rss version='2.0'/>", "\x00"])
def test_what_is_no_page_is_told(body):
    """Empty answers and feeds."""
    with pytest.raises(UnreadableError):
        read_list(page(body))


def test_proposals_are_ranked():
    """A list in the sidebar stands behind the news."""
    aside = "".join(
        f'<div class="promo"><a href="/ad/{n}">Buy this thing number {n}, cheap</a></div>' for n in range(6)
    )

    assert propose(page(news(aside)))[0].selectors.item == "article.card"


def test_charset_of_the_answer_counts():
    """Headlines are not mangled."""
    body = news().replace("Ferry line", "Fähre, die Linie,")
    listing = read_list(page(body.encode("iso-8859-1"), "text/html; charset=iso-8859-1"))

    assert listing.items[1].title.startswith("Fähre, die Linie,")


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.lists(st.text(max_size=60), min_size=4, max_size=8).map(
        lambda texts: "".join(f"<li class='{t}'><a href='{t}'>{t * 3}</a><p>{t}</p></li>" for t in texts).encode(
            "utf-8", "replace"
        )
    ),
    st.none() | st.builds(Selectors, item=st.text(max_size=12), link=st.text(max_size=12), date=st.text(max_size=12)),
)
def test_never_raises_anything_else(body, selectors):
    """Any bytes and any selectors give items on the web, or an UnreadableError."""
    try:
        listing = read_list(page(body), selectors)
    except UnreadableError:
        return

    assert listing.items
    assert all(item.url.startswith(("http://", "https://")) for item in listing.items)
