"""wiredesk.extract: headline, people, moments, language, jsonld"""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.extract.declared import Claim
from wiredesk.extract.headline import headline, without_site
from wiredesk.extract.jsonld import parse_blocks, types_of
from wiredesk.extract.language import detect, language_code
from wiredesk.extract.moments import parse_moment
from wiredesk.extract.people import names


def title_of(stated, printed, document_title="", site=""):
    found = headline([Claim(text, "meta og:title", 0.85) for text in stated], printed, document_title, site)
    return found.value if found else None


@pytest.mark.parametrize(
    ("stated", "printed", "document_title", "site", "wanted"),
    [
        (["Cranes saved - The Lind Daily"], ["Cranes saved"], "", "The Lind Daily", "Cranes saved"),
        (["Cranes saved"], ["Harbour Cranes saved"], "", "", "Cranes saved"),
        (["Cranes saved by council"], ["Cranes saved by the council"], "", "", "Cranes saved by the council"),
        (["Cranes saved"], ["The Lind Daily"], "", "The Lind Daily", "Cranes saved"),
        ([], ["Cranes saved for good"], "Cranes saved for good | Lind", "", "Cranes saved for good"),
        ([], [], "Cranes saved | Lind Daily", "Lind Daily", "Cranes saved"),
        (["Cra\u00adnes saved at last"], [], "", "", "Cranes saved at last"),
        ([], [], "", "", None),
    ],
)
def test_headline(stated, printed, document_title, site, wanted):
    """What the page prints large and declares, without the site's name and without kickers."""
    assert title_of(stated, printed, document_title, site) == wanted


def test_a_title_without_a_separator_stays_whole():
    """A site's name inside a headline is part of it."""
    assert without_site("Guardian angels of Guardian", "Guardian") == "Guardian angels of Guardian"
    assert without_site("Re-elected - again", "Example") == "Re-elected - again"


@pytest.mark.parametrize(
    ("bylines", "wanted"),
    [
        (["By Ada Quill and Ben Marlow"], ("Ada Quill", "Ben Marlow")),
        (["Ada Quill, Harbour Correspondent"], ("Ada Quill",)),
        (["Von Ada Quill, Lind"], ("Ada Quill", "Lind")),
        (["Ada Quill", "ada quill"], ("Ada Quill",)),
        (["https://example.com/ada", "ada@example.com", "Staff", "News Desk", "Redaktion", "admin"], ()),
        (["Meridian Wire"], ("Meridian Wire",)),
        (["Example News"], ()),
        (["Di Maria"], ("Di Maria",)),
        (["Author Ada Quill December 3"], ("Ada Quill",)),
    ],
)
def test_names(bylines, wanted):
    """People and agencies are kept; addresses, roles and the outlet itself are not."""
    assert names(bylines, outlets=["Example News"]) == wanted


@given(st.lists(st.text(max_size=80), max_size=4))
@settings(max_examples=100, deadline=None)
def test_names_are_short_and_unlike(values):
    """Whatever a byline holds, names are few, short, and none comes twice."""
    found = names(values)

    assert len({name.casefold() for name in found}) == len(found) <= 20
    assert all(1 < len(name) <= 60 for name in found)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("2026-03-04T10:00:00+01:00", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ("2026-03-04T10:00:00.123Z", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04 10:00", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T10:00:00+0530", datetime(2026, 3, 4, 4, 30, tzinfo=UTC)),
        ("20260304", datetime(2026, 3, 4, tzinfo=UTC)),
        ("Wed, 04 Mar 2026 10:00:00 GMT", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-13-04", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_moments(value, wanted):
    """Dates as pages write them become UTC; what is none is none."""
    found = parse_moment(value)

    assert (found[0] if found else None) == wanted


@given(st.text(alphabet="0123456789-+:TZ .,WedMarGMT", max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_moment_or_none(value):
    """No text makes the reader of dates stumble."""
    found = parse_moment(value)

    assert found is None or found[0].tzinfo is UTC


def test_language_of_text_and_declaration():
    """Long clear texts overrule a declaration, short ones do not; the site's languages are a hint, not a wall."""
    german = "Der Gemeinderat hat am Dienstag über die Zukunft des alten Hafens und seiner Kräne beraten. " * 4

    assert detect(german, "en")[0] == "de"
    assert detect("Hafen", "en")[0] == "en"
    assert detect(german, None, ["en"])[0] == "de"
    assert detect("2026", None) == (None, "", 0.0)


@pytest.mark.parametrize(
    ("tag", "code"), [("en-GB", "en"), ("de_AT", "de"), ("NB", "no"), ("", None), (None, None), ("x", None)]
)
def test_language_codes(tag, code):
    """Tags of any dress become two letters."""
    assert language_code(tag) == code


def test_json_ld_of_several_objects_and_types():
    """Objects one after another are all read; types lose the prefix of their vocabulary."""
    nodes = parse_blocks(['{"@type":"schema:Article"}{"@type":["http://schema.org/NewsArticle","Thing"]}', "no json"])

    assert [sorted(types_of(node)) for node in nodes] == [["Article"], ["NewsArticle", "Thing"]]
