"""The text of a page: what belongs to it, in which form, and who else is asked."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from wiredesk.extract.blocks import lay_out
from wiredesk.extract.body import read_body
from wiredesk.extract.features import features, in_context
from wiredesk.extract.knowledge import block_key

STORY = [
    " ".join(paragraph.split())
    for paragraph in """
Crews of the island ferries walked off the boats on Tuesday morning, leaving some nine hundred passengers on the quays
of Hael and Norderhaven, the company said.

The union of seafarers had called the stoppage at midnight, after talks about night shifts ended without a result. “We
asked for rest, and were offered a voucher,” its secretary Ida Tollmann told reporters.

The company called the strike unlawful and said that it would ask the harbour court for an order. Two boats that carry
medicine and post are to sail under a rule that both sides agreed on last year.

On the islands, shops said that bread and milk would last until Friday. The school on Hael stayed closed, since four
of its six teachers live on the mainland and come by the first boat.

A mediator named by the ministry is expected in Norderhaven in the evening. Talks could begin again on Wednesday, she
said, if the company takes back the letters in which it threatened to dismiss deck hands.
""".strip().split("\n\n")
]
HEADLINE = "Ferry crews walk out"
NOTICE = "Content of other services is shown here. With your consent we load it, and personal data may be sent to them."


def page(*, before: str = "", inside: str = "", paragraphs: list[str] = STORY) -> str:
    """Return a page as papers make them: navigation, an article, teasers, a footer."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        "<html><head><title>Ferry crews walk out | The Hael Islander</title></head><body>"
        "<nav class='menu'><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li>"
        "<li><a href='/sea'>Sea</a></li><li><a href='/about'>About us</a></li></ul></nav>"
        f"<main><article class='story'><h1>Ferry crews walk out</h1>{before}"
        f"<div class='article-body'>{text}{inside}</div></article></main>"
        "<aside class='related'><h3>More from the harbour</h3><ul>"
        "<li><a href='/1'>Fish soup returns to the quay</a></li><li><a href='/2'>New bell for the lighthouse</a></li>"
        "<li><a href='/3'>A regatta without wind</a></li></ul></aside>"
        "<footer><p>© The Hael Islander. All rights reserved. <a href='/privacy'>Privacy</a></p></footer></body></html>"
    )


def read(source: str, **known):
    """Read the text of a page that was parsed."""
    return read_body(html.document_fromstring(source), "https://haelislander.example/ferry", **known)


def test_the_article_and_nothing_else():
    """Menus, teasers, footers and the headline are not the text."""
    body = read(page(), title=HEADLINE)

    assert body.text.split("\n\n") == STORY
    assert body.rule == "blocks"
    assert body.confidence > 0.5


def test_headings_lists_quotations_and_links_are_kept():
    """The outline has one mark a paragraph; links are absolute, with the words that carry them."""
    inside = (
        "<h2>What the crews ask for</h2><ul><li>Eleven hours of rest between two shifts on the night boats</li>"
        "<li>A second deck hand on every crossing between October and March</li></ul>"
        "<blockquote><p>“Nobody wants to sleep at the wheel, and nobody should be asked to,” Tollmann said in a "
        "statement that was <a href='/statement'>published in full</a> by the union.</p></blockquote>"
        f"<p>{STORY[1].replace('midnight', 'noon')}</p>"
    )

    body = read(page(inside=inside), title=HEADLINE)

    shapes = dict(zip(body.text.split("\n\n"), body.outline, strict=True))
    assert shapes["What the crews ask for"] == "h2"
    assert shapes["Eleven hours of rest between two shifts on the night boats"] == "li"
    assert next(shape for text, shape in shapes.items() if text.startswith("“Nobody wants")) == "q"
    assert shapes[STORY[0]] == "p"
    assert [(link.url, link.text) for link in body.links] == [
        ("https://haelislander.example/statement", "published in full")
    ]


def test_a_notice_in_every_picture_is_no_text():
    """What is said three times and more on one page belongs to what is embedded."""
    paragraphs = [part for paragraph in STORY for part in (paragraph, NOTICE)]

    assert NOTICE not in read(page(paragraphs=paragraphs)).text


def test_what_stands_on_every_page_of_the_site_is_left_out():
    """Unless next to nothing would be left: then the template was misjudged."""
    box = (
        "Our newsroom works for you on four islands, in all weathers, and is paid for by its readers alone since 1904."
    )
    source = page(paragraphs=[*STORY, box])

    assert read(source, title=HEADLINE, repeated={block_key(box)}).text.split("\n\n") == STORY
    assert read(source, repeated={block_key(box)}).dropped == int(box in read(source).text)
    assert read(source, repeated={block_key(text) for text in [*STORY, box]}).text == read(source).text


@pytest.mark.parametrize(
    "byline", ["By Ida Brandt", "Eine Kolumne von Ida Brandt", "By Ida Brandt, the Hael News Desk"]
)
def test_whose_the_article_is_is_not_its_text(byline: str):
    """Above the text, where it is who the page credits; somebody else may be what it is about."""
    paragraphs = [STORY[0], byline, *STORY[1:4], byline, STORY[4]]
    stated = "\n".join(paragraphs)
    authors = ["Ida Brandt", "The Hael News Desk"]

    without = [*paragraphs[:1], *paragraphs[2:]]
    assert read("<html><p>Loading…</p></html>", stated=stated, authors=authors).text.split("\n\n") == without
    assert read("<html><p>Loading…</p></html>", stated=stated, authors=["Tomas Vik"]).text.split("\n\n") == paragraphs
    assert read("<html><p>Loading…</p></html>", stated=byline, authors=authors).text == byline


def test_outlines_fit_texts_without_their_bylines():
    """One mark a paragraph."""
    source = page().replace(f"<p>{STORY[1]}", f"<h2>By Ida Brandt</h2><p>{STORY[1]}")
    with_it, body = (read(source, title=HEADLINE, authors=authors) for authors in ((), ["Ida Brandt"]))

    assert with_it.text.split("\n\n") == [STORY[0], "By Ida Brandt", *STORY[1:]]
    assert with_it.outline == ("p", "h2", *"pppp")
    assert (body.text.split("\n\n"), body.outline) == (STORY, tuple("ppppp"))


def test_a_declared_text_speaks_where_the_markup_holds_little():
    """Pages that are drawn by script declare their text all the same."""
    stated = "\n".join(STORY)

    body = read("<html><body><h1>Ferry crews walk out</h1><p>Loading…</p></body></html>", stated=stated)

    assert body.text.split("\n\n") == STORY
    assert body.rule == "json-ld articleBody"
    assert body.outline == ()


@pytest.mark.parametrize("source", ["<html></html>", "<p></p>", "<script>x</script>", "<frameset></frameset>"])
def test_nothing_gives_nothing(source):
    """A page without words has no text and no confidence."""
    body = read(source)

    assert (body.text, body.confidence, body.links) == ("", 0.0, ())


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("p div li h2 td blockquote a b span br".split()), st.text(max_size=80)),
        max_size=30,
    ),
    st.text(max_size=60),
    st.text(max_size=200),
)
def test_reading_is_a_function_of_the_page(pieces, title, stated):
    """Whatever stands there: no error, and the same answer twice."""
    source = "<html><body>" + "".join(f"<{tag} class='x'>{text}</{tag}>" for tag, text in pieces) + "</body></html>"

    first, second = (read(source, title=title, stated=stated) for _ in range(2))

    assert first == second
    assert 0.0 <= first.confidence <= 1.0
    assert not first.outline or len(first.outline) == len(first.text.split("\n\n"))


@settings(deadline=None)
@given(st.integers(1, 30))
def test_numbers_do_not_depend_on_pages_before(count):
    """Features are finite, of one width, and those of a page alone."""
    layout = lay_out(html.document_fromstring("<body>" + "<p>Some words of a paragraph, here.</p>" * count + "</body>"))

    own = features(layout, title="Words", excerpt="A paragraph")
    whole = in_context(layout, own, own[:, 1])

    assert own.shape[0] == whole.shape[0] == count
    assert whole.shape[1] == in_context(layout, features(layout), own[:, 1]).shape[1]
    assert (whole == in_context(layout, own, own[:, 1])).all()
