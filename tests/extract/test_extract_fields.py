"""wiredesk.extract: headline, people, moments, language, jsonld"""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from wiredesk.extract.choose import candidates, choose, picture_key, weights
from wiredesk.extract.dates import printed_dates
from wiredesk.extract.declared import Claim, declared
from wiredesk.extract.gather import gather
from wiredesk.extract.headline import without_site
from wiredesk.extract.jsonld import parse_blocks, types_of
from wiredesk.extract.language import detect, language_code
from wiredesk.extract.moments import parse_moment
from wiredesk.extract.people import is_byline, names


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


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("Posted on March 4th, 2019 at 3:05 pm", "en", (date(2019, 3, 4), (15, 5))),
        ("4. März 2019, 14:05 Uhr", "de", (date(2019, 3, 4), (14, 5))),
        ("4 de marzo de 2019", "es", (date(2019, 3, 4), None)),
        ("1er avril 2020", "fr", (date(2020, 4, 1), None)),
        ("2019年3月4日", "ja", (date(2019, 3, 4), None)),
        ("Thứ Tư, ngày 4 tháng 3 năm 2020", "vi", (date(2020, 3, 4), None)),
        ("12 مارس 2020", "ar", (date(2020, 3, 12), None)),
        ("12 มีนาคม 2563", "th", (date(2020, 3, 12), None)),
        ("04.03.2019 | 12:10", "de", (date(2019, 3, 4), (12, 10))),
        ("03/04/2019", "en-US", (date(2019, 3, 4), None)),
        ("03/04/2019", "en-GB", (date(2019, 4, 3), None)),
        ("25/12/2019", "en-US", (date(2019, 12, 25), None)),
        ("31 February 2019", "en", None),
        ("March 2020", "en", None),
        ("version 1.2.3.2019", "en", None),
    ],
)
def test_printed_dates(text, language, wanted):
    """Days with or without clocks, in many languages; what is none is none."""
    found = printed_dates(text, language)

    assert (found[0].day, found[0].clock) == wanted if wanted else found == []


@given(st.text(max_size=60), st.sampled_from(["", "en", "en-US", "de"]))
@settings(max_examples=200, deadline=None)
def test_printed_dates_of_any_text(text, language):
    """No text makes the finder stumble, and what it finds lies in the text, in its order, apart."""
    found = printed_dates(text, language, latest=date(2026, 1, 1))

    assert all(each.day <= date(2026, 1, 1) and 0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_agreement_wins_and_makes_sure():
    """What three rules say beats what one says, and is surer than it would be alone."""
    told = [Claim("2026-03-04", rule, 0.5) for rule in ("json-ld datePublished", "meta article:published_time")]
    rival = Claim("2026-02-01", "printed anywhere", 0.5)

    alone = choose("published", candidates("published", told[:1]))
    together = choose("published", candidates("published", [rival, *told]))

    assert together is not None
    assert alone is not None
    assert together.candidate.key == "2026-03-04"
    assert together.confidence >= 0.8


def test_what_is_known_of_a_site_reweighs():
    """A prior turns the choice: the one place where knowledge of a site enters."""
    claims = [Claim("2026-03-04", "json-ld datePublished", 0.5), Claim("2026-02-01", "printed anywhere", 0.5, "p.date")]

    chosen = choose("published", candidates("published", claims), lambda field, claim: 20.0 if claim.place else 0.0)

    assert chosen is not None
    assert chosen.candidate.key == "2026-02-01"


def test_the_table_knows_rules_that_exist():
    """Weights belong to the four fields, and each has a curve for its confidence."""
    assert set(weights()) == {"title", "authors", "published", "image"}
    assert all(len(table["sure"]) == 3 and min(table["sure"][1:]) >= 0 for table in weights().values())


def test_one_picture_in_two_sizes_is_one():
    """Sizes and resizing services do not part a picture from itself."""
    keys = {
        picture_key(url)
        for url in (
            "https://img.example.com/a/crane-1200x675.jpg?w=3",
            "https://cdn.example.com/resize?url=https%3A%2F%2Fimg.example.com%2Fa%2Fcrane.jpg&w=100",
        )
    }

    assert len(keys) == 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("By Jane Doe", True),
        ("Von Jane Doe und Max Muster", True),
        ("Par Jane Doe à Paris", False),
        ("By Jane Doe, Harbour Correspondent", True),
        ("By: Jane Doe in Norderhaven", True),
        ("Jane Doe", False),
        ("By Jane Doe and Ida Brandt", False),
        ("By noon", False),
        ("By Jane Doe's count, twelve boats were at sea", False),
        ("By Jane Doe in tears.", False),
    ],
)
def test_a_byline_says_nothing_else(line: str, told: bool):
    """And names nobody but those who wrote the article."""
    assert is_byline(line, ["Jane Doe", "Max Muster"]) is told


def test_desks_stand_where_nobody_else_does():
    """Desks and roles are credited on demand: where a page names nobody else."""
    assert names(["Harbour News Desk"]) == ()
    assert names(["By the Harbour News Desk", "Staff"], desks=True) == ("the Harbour News Desk", "Staff")


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://a.example/x.jpg 940w, https://a.example/y.jpg 670w", "https://a.example/x.jpg"),
        ("https://a.example/one two.jpg", "https://a.example/one%20two.jpg"),
    ],
)
def test_a_srcset_in_place_of_a_picture(value, url):
    """Some pages put all sizes into og:image: the first one is the picture; blanks in names stay."""
    tree = html.document_fromstring(f'<html><head><meta property="og:image" content="{value}"></head><body>x</body>')

    claim = declared(gather(tree), "https://a.example/").first("image")

    assert claim
    assert claim.value.url == url
