"""What publishers do not want done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.optouts import OPT_OUTS, in_order, opt_outs, opt_outs_of_meta


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([("X-Robots-Tag", "noindex")], ("noindex",)),
        ([("x-robots-tag", "NoAI, noimageai")], ("noai", "noimageai")),
        ([("X-Robots-Tag", "none")], ("noindex",)),
        ([("X-Robots-Tag", "nosnippet"), ("X-Robots-Tag", "noarchive")], ("noarchive", "nosnippet")),
        ([("X-Robots-Tag", "otherbot: noindex, noarchive")], ()),
        ([("X-Robots-Tag", "wiredesk: noindex")], ("noindex",)),
        ([("X-Robots-Tag", "otherbot: noindex, Wiredesk: noai, nosnippet")], ("nosnippet", "noai")),
        ([("X-Robots-Tag", "*: noarchive")], ("noarchive",)),
        ([("X-Robots-Tag", "noindex, otherbot: noarchive")], ("noindex",)),
        ([("X-Robots-Tag", "unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive")], ("noarchive",)),
        ([("X-Robots-Tag", "unavailable_after: Tuesday, 25-Jun-30 15:00:00 UTC, nosnippet")], ("nosnippet",)),
        ([("X-Robots-Tag", "max-snippet:0")], ("nosnippet",)),
        ([("X-Robots-Tag", "max-snippet: 50, max-image-preview:large, all")], ()),
        ([("TDM-Reservation", " 1 ")], ("tdm-reservation",)),
        ([("tdm-reservation", "0"), ("TDM-Policy", "https://paper.example/policy.json")], ()),
        ([("wiredesk-tdm-reservation", "1")], ("tdm-reservation",)),
        ([("Content-Type", "noindex")], ()),
        ([], ()),
    ],
)
def test_headers(headers, found):
    """With and without names of agents; what is said to others is not said to us."""
    assert opt_outs(headers) == found


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("robots", "noarchive, NOAI", ("noarchive", "noai")),
        (" ROBOTS ", "index, follow, max-snippet:-1", ()),
        ("robots", "none", ("noindex",)),
        ("robots", "nocache", ("noarchive",)),
        ("wiredesk", "nosnippet", ("nosnippet",)),
        ("otherbot", "noindex", ()),
        ("tdm-reservation", "1", ("tdm-reservation",)),
        ("tdm-reservation", "0", ()),
        ("robots", "tdm-reservation", ()),
        ("description", "noindex", ()),
    ],
)
def test_meta_tags(name, content, found):
    """The same words for the tags of a page."""
    assert opt_outs_of_meta(name, content) == found


@given(st.lists(st.tuples(st.sampled_from(["x-robots-tag", "tdm-reservation", "x"]), st.text())))
def test_nothing_breaks_it(headers):
    """Whatever a server sends: words of the vocabulary, each once, in its order."""
    found = opt_outs(headers)

    assert list(found) == [word for word in OPT_OUTS if word in found]


@given(st.lists(st.sampled_from(OPT_OUTS)), st.lists(st.sampled_from(OPT_OUTS)))
def test_opt_outs_add_up(one, other):
    """What one place says, no other takes back."""
    assert set(in_order([*one, *other])) == set(one) | set(other)
