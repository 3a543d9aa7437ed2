"""What makes an article of a page that calls itself nothing."""

from __future__ import annotations

from wiredesk.extract.body import Body, PageText
from wiredesk.extract.declared import Declared
from wiredesk.extract.people import names
from wiredesk.extract.verdict import kind_of, running_words

_SENTENCE = (
    "The crane at the harbour was repaired on Monday and lifts again, as the port says today, with care and ease."
)


def test_running_words_are_those_of_sentences():
    """Labels and entries of lists do not count."""
    assert running_words(f"Crane\n\nOne\n\n{_SENTENCE}") == 21
    assert running_words(_SENTENCE.rstrip(".")) == 0


def test_a_long_text_is_an_article_if_nothing_says_otherwise():
    """But not a short one, and not one among links."""
    long = "\n\n".join([_SENTENCE] * 12)
    few, many = PageText((), 0.1, 0), PageText((), 0.6, 0)

    def kind(text: str, page: PageText) -> str:
        return kind_of(Declared({}), "https://x.example/a", Body(text, page=page), dated=False, signed=False)

    assert kind(long, few) == "article"
    assert kind(long, many) == "other"
    assert kind(_SENTENCE, few) == "other"


def test_words_of_the_interface_are_no_names():
    """Nor are roles; institutions keep what follows "for"."""
    assert names(["Follow the authors", "Click here"]) == ()
    assert names(["Jane Doe, Senior Director"]) == ("Jane Doe",)
    assert names(["Centre for Marine Research"]) == ("Centre for Marine Research",)
    assert names(["(责编：牛镛、岳弘彬)"]) == ("牛镛", "岳弘彬")
    assert names(["신현주 기자"]) == ("신현주",)
