"""wiredesk.extract.page"""

import gzip
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wiredesk.errors import NotAnArticle, UnreadableError
from wiredesk.extract import extract
from wiredesk.extract.page import lede
from wiredesk.records import Page
from wiredesk.text import words

ARTICLES = Path(__file__).parents[2].parent / "shared" / "data" / "articles"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://www.example.com/news/harbour"
TEXT = "".join(
    f"<p>The council met on Tuesday for the {n}th time to talk about the harbour and what to do with its cranes.</p>"
    for n in range(4, 10)
)
ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Council saves the cranes",
    "datePublished": "2026-11-19T23:30:00-02:00",
    "dateModified": "2026-11-20T08:00:00Z",
    "author": [{"@type": "Person", "name": "Ada Quill"}, {"@type": "Person", "name": "Staff"}],
    "image": {"@type": "ImageObject", "url": "/pictures/crane.jpg", "width": "1200px", "height": 675},
    "publisher": {"@type": "Organization", "name": "Example News", "logo": {"url": "https://cdn.example.com/logo.png"}},
    "articleSection": "Harbour",
    "keywords": "cranes, council",
}


def page(body, *, url=URL, status=200, kind="text/html; charset=utf-8"):
    data = body if isinstance(body, bytes) else body.encode()
    return Page(url=url, final_url=url, status=status, headers=(("Content-Type", kind),), body=data, fetched_at=NOW)


def html(head="", body=f"<h1>Council saves the cranes</h1>{TEXT}", attributes='lang="en-GB"'):
    return f"<!doctype html><html {attributes}><head>{head}</head><body><article>{body}</article></body></html>"


def json_ld(value):
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


def test_declared_data_speaks_first():
    """Every field that the page declares is taken as declared, times in UTC, with the rule that found it."""
    draft = extract(page(html(json_ld(ARTICLE))))

    assert draft.title == "Council saves the cranes"
    assert draft.published_at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    assert draft.updated_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert draft.authors == ("Ada Quill",)
    assert draft.image is not None
    assert (draft.image.url, draft.image.width, draft.image.height) == (
        "https://www.example.com/pictures/crane.jpg",
        1200,
        675,
    )
    assert (draft.provider_name, draft.provider_logo) == ("Example News", "https://cdn.example.com/logo.png")
    assert (draft.section, draft.tags, draft.language) == ("Harbour", ("cranes", "council"), "en")
    assert draft.rules["published_at"] == "json-ld datePublished"
    assert set(draft.rules) == set(draft.confidence)
    assert draft.text.count("\n\n") == 5


@pytest.mark.parametrize(
    "block",
    [
        {"@graph": [{"@type": "WebPage", "name": "x"}, ARTICLE]},
        [{"@type": "BreadcrumbList"}, ARTICLE],
        json.dumps(ARTICLE)[:-1] + ",}",
        "<!--" + json.dumps(ARTICLE) + "-->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE) + ";",
        {"@graph": [{**ARTICLE, "author": {"@id": "#ada"}}, {"@type": "Person", "@id": "#ada", "name": "Ada Quill"}]},
    ],
    ids=["graph", "list", "last comma", "comment", "cdata", "semicolon", "reference"],
)
def test_json_ld_in_all_its_dresses(block):
    """Graphs, lists, references and simple faults are read."""
    draft = extract(page(html(json_ld(block))))

    assert (draft.authors, draft.rules["published_at"]) == (("Ada Quill",), "json-ld datePublished")


def test_the_node_of_this_page_counts():
    """Where a page describes several articles, the one that names this address is its own."""
    other = {**ARTICLE, "headline": "Something else", "url": "https://www.example.com/other", "author": "Bob Other"}
    draft = extract(page(html(json_ld([other, {**ARTICLE, "mainEntityOfPage": {"@id": URL}}]))))

    assert draft.authors == ("Ada Quill",)


def test_meta_and_microdata_fill_what_json_ld_leaves_open():
    """Open Graph, plain meta tags and microdata are read too."""
    head = (
        '<meta property="og:title" content="Council saves the cranes | Example News">'
        '<meta property="og:site_name" content="Example News">'
        '<meta property="og:image" content="//img.example.com/a.jpg"><meta property="og:image:width" content="800">'
        '<meta name="description" content="The cranes of the harbour will stay where they are.">'
    )
    body = '<time itemprop="datePublished" datetime="2026-11-19">x</time><span itemprop="author">By Ada Quill</span>'
    draft = extract(page(html(head, body + TEXT)))

    assert draft.title == "Council saves the cranes"
    assert draft.excerpt == "The cranes of the harbour will stay where they are."
    assert draft.image is not None
    assert (draft.image.url, draft.image.width) == ("https://img.example.com/a.jpg", 800)
    assert draft.published_at == datetime(2026, 11, 19, tzinfo=UTC)
    assert draft.authors == ("Ada Quill",)


def test_a_clock_time_is_kept_where_any_claim_has_it():
    """A date alone gives way to the same day with a clock."""
    head = json_ld({**ARTICLE, "datePublished": "2026-11-19"})
    head += '<meta property="article:published_time" content="2026-11-19T07:15:00+01:00">'

    assert extract(page(html(head))).published_at == datetime(2026, 11, 19, 6, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://www.example.com/news/harbour?utm_source=x", URL),
        ("/news/the-harbour", "https://www.example.com/news/the-harbour"),
        ("https://other.example.com/a", "https://other.example.com/a"),
        ("https://evil.example.org/news/harbour", None),
        ("https://www.example.com/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_canonical_addresses_are_guarded(link, kept):
    """A page may only claim an address of its own site, and no home page."""
    draft = extract(page(html(f'<link rel="canonical" href="{link}">' + json_ld(ARTICLE))))

    assert draft.canonical_url == kept


def test_an_amp_cache_belongs_to_the_publisher():
    """What an AMP cache serves is the publisher's page, read in its AMP form."""
    head = f'<link rel="canonical" href="{URL}">' + json_ld(ARTICLE)
    source = html(head, attributes="amp lang=en")
    draft = extract(page(source, url="https://www-example-com.cdn.ampproject.org/c/s/www.example.com/news/harbour/amp"))

    assert (draft.address, draft.canonical_url, draft.amp) == (URL, URL, True)


def test_relative_links_go_by_base_and_final_address():
    """`base` counts, and the address after redirects, not the one asked for."""
    body = html(
        '<base href="https://cdn.example.com/x/"><meta property="og:image" content="a.jpg">'
        + json_ld({**ARTICLE, "image": None})
    )
    moved = Page(url="http://example.com/1", final_url=URL, status=200, headers=(), body=body.encode(), fetched_at=NOW)
    draft = extract(moved)

    assert draft.address == URL
    assert draft.image is not None
    assert draft.image.url == "https://cdn.example.com/x/a.jpg"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (page(""), "an empty page"),
        (page("<html><body></body></html>"), "empty page"),
        (page("<title>Just a moment...</title><p>Checking your browser before you go on."), "a bot wall"),
        (page("<title>404 - Page not found</title><h1>Page not found</h1><p>Sorry."), "an error page"),
        (page("<title>Sign in</title><form><input type=password></form>"), "a login page"),
        (page(html(), status=404), "the server answered 404"),
        (page(html(), url="https://www.example.com/"), "a home page"),
        (page("<p>Hello.</p>"), "hardly any text"),
    ],
)
def test_what_is_no_article(body, why):
    """Everything that is no article is refused with the reason."""
    with pytest.raises(NotAnArticle) as refused:
        extract(body)

    assert why in refused.value.what


@pytest.mark.parametrize(
    "unfit",
    [
        page(b"%PDF-1.7 ..."),
        page(b"x", kind="image/png"),
        page(b"a" * (9 << 20)),
        page(html(), url="gopher://x/"),
        page(random.Random(1).randbytes(5000), kind="text/html"),
        page(gzip.compress(html().encode()), kind="text/html"),
    ],
    ids=["pdf", "image", "too large", "address", "noise", "still packed"],
)
def test_what_cannot_be_read(unfit):
    """What is no page of text is unreadable, which is not the same as being no article."""
    with pytest.raises(UnreadableError) as refused:
        extract(unfit)

    assert not isinstance(refused.value, NotAnArticle)


@pytest.mark.parametrize(
    ("charset", "kind"),
    [
        ("utf-8", "text/html; charset=iso-8859-1"),
        ("cp1252", "text/html; charset=windows-1252"),
        ("cp1252", "text/html; charset=latin1"),
        ("utf-16", "text/html"),
        ("cp1252", "text/html; charset=utf-8"),
        ("cp1252", "text/html; charset=no-such-thing"),
        ("cp1252", "text/html; charset=utf-7"),
    ],
)
def test_charsets(charset, kind):
    """Headers, marks and bytes are weighed; a claim that cannot be true is not believed."""
    body = f"<title>Café am Hafen bleibt</title>{TEXT}".encode(charset)

    title = extract(page(body, kind=kind)).title

    assert title == (
        "Café am Hafen bleibt" if (charset, "utf-8" in kind) != ("cp1252", True) else "Caf\ufffd am Hafen bleibt"
    )


def test_a_few_control_characters_are_a_slip():
    """They are left out, and the page is read."""
    assert extract(page(html().replace("saves", "sa\x00ve\x08s"))).title == "Council saves the cranes"


def test_charsets_that_nobody_declares():
    """Without a claim, enough bytes tell the charset."""
    russian = "".join(
        f"<p>Совет города во вторник в {n} раз обсуждал будущее порта и его кранов.</p>" for n in range(8)
    )
    body = f"<title>Совет города решил сохранить краны</title>{russian}".encode("cp1251")

    assert extract(page(body, kind="text/html")).title == "Совет города решил сохранить краны"


BOMBS = {
    "deep": b"<div>" * 50_000 + TEXT.encode(),
    "attributes": b"<div " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">" + TEXT.encode(),
    "attributes by slash": b"<div " + b"/".join(b"a%d" % n for n in range(50_000)) + b">" + TEXT.encode(),
    "spans": b"<table><tr><td colspan=99999999 rowspan=999999>x</td></tr></table>" + TEXT.encode(),
    "json": json_ld("[" * 100_000).encode() + TEXT.encode(),
    "nodes": json_ld("[" + '{"@type":"Article","name":"x"},' * 30_000 + "{}]").encode() + TEXT.encode(),
    "entities": b"<p>&#0;&#999999999999;&#xd800;</p>" + TEXT.encode(),
    "elements": b"<p>x</p>" * 60_000,
}


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_bombs_are_bounded(bomb):
    """Hostile pages give a draft or one of our errors, within bounds."""
    try:
        draft = extract(page(BOMBS[bomb]))
    except UnreadableError:
        return

    assert len(draft.text) < 10_000


@given(st.binary(max_size=400))
@example(b"<?xml version='1.0' encoding='utf-16'?><html><p>x")
@example(b"\xff\xfe<\x00")
@example(b"<base href='http://[::1'><a href=x><link rel=canonical href='http://[bad'>")
@settings(max_examples=120, deadline=None)
def test_any_bytes_are_read_or_refused(data):
    """Whatever a server sends, nothing but our two errors comes out."""
    for whole in (data, b"<html lang=en><title>" + data + b"</title>" + TEXT.encode() + data):
        try:
            extract(page(whole, kind="text/html"))
        except UnreadableError:
            continue


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*ARTICLE, "@id", "name", "url", "width"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
@settings(max_examples=80, deadline=None)
def test_json_ld_of_any_shape_is_survived(value):
    """JSON-LD may hold anything anywhere."""
    hostile = {**ARTICLE, **dict.fromkeys(("author", "image", "publisher", "datePublished", "keywords"), value)}

    extract(page(html(json_ld(hostile))))


def test_reading_twice_gives_the_same():
    """No state is kept between pages (trafilatura's duplicate filter would)."""
    source = page(html(json_ld(ARTICLE)))

    assert len({repr(extract(source)) for _ in range(5)}) == 1


def test_real_pages_have_their_titles_dates_and_texts():
    """On a tenth of the article pages, floors a little below what is measured (bench/extraction.py)."""
    if not (ARTICLES / "gold.jsonl").exists():
        pytest.skip(f"no article pages at {ARTICLES}")
    with (ARTICLES / "gold.jsonl").open(encoding="utf-8") as lines:
        gold = [json.loads(line) for line in lines]
    sample = [row for row in gold if row["source"] == "fundus-tests"][::5]
    hits = {"title": 0, "day": 0, "text": 0}
    for row in sample:
        draft = extract(page(gzip.decompress((ARTICLES / row["file"]).read_bytes()), url=row["url"]))
        hits["title"] += "".join(row["title"].split())[:20] in "".join(draft.title.split())
        hits["day"] += (
            draft.published_at is not None
            and abs((draft.published_at.date() - datetime.fromisoformat(row["published"]).date()).days) <= 1
        )
        wanted = set(words(row["body"] or ""))
        hits["text"] += len(wanted & set(words(draft.text))) >= 0.9 * len(wanted)

    assert hits["title"] >= 0.6 * len(sample)
    assert hits["day"] >= 0.85 * len(sample)
    assert hits["text"] >= 0.8 * len(sample)


@pytest.mark.parametrize("tag", ["noai", "tdm-reservation"])
def test_who_opts_out_of_machines_is_not_read(tag):
    """The text is not kept; title, date and authors stand, with the page's own words for sharing."""
    meta = '<meta name="tdm-reservation" content="1">' if tag != "noai" else '<meta name="robots" content="noai">'
    head = meta + '<meta property="og:description" content="The cranes of the harbour will stay where they are.">'

    draft = extract(page(html(head + json_ld(ARTICLE))))
    unasked = extract(page(html(meta + json_ld(ARTICLE))))
    ignored = extract(page(html(head + json_ld(ARTICLE))), obey=False)

    assert (draft.text, draft.opt_outs) == ("", (tag,))
    assert (draft.title, draft.authors) == ("Council saves the cranes", ("Ada Quill",))
    assert draft.excerpt.startswith("The cranes of the harbour")
    assert unasked.excerpt == ""
    assert ignored.text


def test_nosnippet_shows_no_excerpt():
    """Also not the one that the page offers."""
    draft = extract(page(html('<meta name="robots" content="nosnippet">' + json_ld(ARTICLE))))

    assert (draft.excerpt, draft.opt_outs) == ("", ("nosnippet",))
    assert draft.text


def test_what_is_to_be_paid_for_is_no_text():
    """What the page marks as paid is cut; the open part stays and is called so."""
    paid = {
        **ARTICLE,
        "isAccessibleForFree": False,
        "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".locked"},
    }
    hidden = "<div class='locked'><p>Behind the wall the mayor explains at length what nobody may read here.</p></div>"
    draft = extract(page(html(json_ld(paid), f"<h1>Council saves the cranes</h1>{TEXT}{hidden}")))

    assert "mayor" not in draft.text
    assert draft.text.count("\n\n") == 5
    assert "open part" in draft.rules["text"]


def test_what_calls_itself_a_product_or_a_thread_is_no_article():
    """By schema.org's types."""
    for kind in ("Product", "DiscussionForumPosting"):
        with pytest.raises(NotAnArticle):
            extract(page(html(json_ld({"@type": kind, "name": "A crane", "headline": "A crane"}))))


def test_the_printed_clock_tells_the_zone():
    """Declared UTC and a printed local clock: the day is the one that readers see."""
    head = json_ld({**ARTICLE, "datePublished": "2026-11-20T02:25:00Z"})
    draft = extract(
        page(html(head, f"<h1>Council saves the cranes</h1><p class=date>November 19, 2026 9:25 pm</p>{TEXT}"))
    )

    assert draft.published_at == datetime(2026, 11, 20, 2, 25, tzinfo=UTC)
    assert draft.published_offset == -300


def test_pages_do_not_depend_on_each_other():
    """In any order, pages give the same drafts."""
    sources = [page(html(json_ld({**ARTICLE, "headline": f"Crane {n} is saved"})), url=f"{URL}-{n}") for n in range(6)]

    forth = {draft.address: draft for draft in map(extract, sources)}
    back = {draft.address: draft for draft in map(extract, reversed(sources))}

    assert forth == back


def test_a_byline_is_no_opening():
    """The lede is the first paragraph that ends like a sentence; where none does, the first."""
    story = "The boats go out again on Thursday, the harbour office said."

    assert lede(f"Odd Kvalheim, Aske, 16 September 2026\n\n{story}") == story
    assert lede("A line that ends without any stop") == "A line that ends without any stop"
