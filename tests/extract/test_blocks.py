"""A page falls into blocks as a browser sets them off, with what their elements are called."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from wiredesk.extract.blocks import DEEPEST, MOST_ELEMENTS, bit, lay_out, size_of


def blocks_of(source: str) -> list[str]:
    """Return the texts of the blocks of a page."""
    return [block.text for block in lay_out(html.document_fromstring(source)).blocks]


def test_blocks_in_the_order_of_reading():
    """Block elements end a block, inline elements do not; scripts and styles say nothing."""
    found = blocks_of(
        "<body>Loose <b>words</b><h1>Ferries <i>stop</i></h1><script>no()</script>"
        "<div>Before<p>The  <a href='/x'>crew</a>\n"
        "walked out.</p>after</div><ul><li>one</li><li>two</li></ul><style>p {}</style><!-- no --></body>"
    )

    assert found == ["Loose words", "Ferries stop", "Before", "The crew walked out.", "after", "one", "two"]


def test_two_line_breaks_end_a_paragraph():
    """One line break is white space."""
    layout = lay_out(html.document_fromstring("<div>first<br>line<br><br>second<br/>\n<br/>third</div>"))

    assert [block.text for block in layout.blocks] == ["first line", "second", "third"]
    assert [block.after_break for block in layout.blocks] == [False, True, True]


def test_links_and_their_share():
    """A block knows its links and how much of it they are; a block inside a link is one link."""
    layout = lay_out(
        html.document_fromstring("<p>See <a href='/more'>more here</a></p><a href='/card'><div>A card</div></a>")
    )
    paragraph, card = layout.blocks

    assert paragraph.links == [("/more", "more here")]
    assert paragraph.linked == len("more here")
    assert card.linked == card.size
    assert layout.nodes[0].linked == len("more here") + len("A card")


def test_names_of_ancestors_are_hints():
    """Classes, ids, roles and tags are read in several languages, long names by their parts, short ones whole."""
    layout = lay_out(
        html.document_fromstring(
            "<article class='artikelInhalt'><div class='load'><p>Text</p></div></article>"
            "<div id='ads'><p>Buy</p></div><div style='display: none'><p>Unseen</p></div>"
        )
    )
    hints = [layout.nodes[block.node].above for block in layout.blocks]

    assert hints[0] & bit("article") and hints[0] & bit("in_article") and hints[0] & bit("body")
    assert not hints[0] & bit("ad")
    assert hints[1] & bit("ad")
    assert hints[2] & bit("not_shown")


def test_dense_scripts_count_more():
    """A character of Chinese, Japanese or Korean says as much as two and a half of ours."""
    assert size_of("abcd") == 4
    assert size_of("港口罢工") == 10


@pytest.mark.parametrize("tag", ["div", "span"])
def test_deep_pages_end(tag):
    """Nesting beyond what is followed is left out, and costs no stack."""
    deep = html.HtmlElement()
    deep.tag = "body"
    inner = deep
    for _ in range(DEEPEST + 500):
        inner.append(child := inner.makeelement(tag))
        inner = child
    inner.text = "unreachable"
    deep.text = "reached"

    assert [block.text for block in lay_out(deep).blocks] == ["reached"]


def test_huge_pages_end():
    """No more than 40,000 elements are walked."""
    tree = html.document_fromstring("<body>" + "<p>x</p>" * (MOST_ELEMENTS + 1000) + "</body>")

    assert MOST_ELEMENTS - 10 <= len(lay_out(tree).blocks) <= MOST_ELEMENTS


@settings(deadline=None)
@given(st.recursive(st.text(), lambda inner: st.tuples(st.sampled_from("p div b a li br h2".split()), st.lists(inner))))
def test_every_word_stands_in_one_block(content):
    """Whatever the markup, no visible word is lost and none is said twice."""

    def build(parent, node):
        if isinstance(node, str):
            text = "".join(char for char in node if char.isprintable())
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + text
            else:
                parent.text = (parent.text or "") + text
            return
        tag, children = node
        parent.append(element := parent.makeelement(tag))
        for child in children if tag != "br" else ():
            build(element, child)

    body = html.HtmlElement()
    body.tag = "body"
    build(body, content if isinstance(content, tuple) else ("p", [content]))

    layout = lay_out(body)

    assert "".join("".join(block.text.split()) for block in layout.blocks) == "".join(body.text_content().split())
    assert layout.nodes[0].size == pytest.approx(sum(block.size for block in layout.blocks))
