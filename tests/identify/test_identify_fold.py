"""Readings fold to one article, in whatever order they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.identify import article_id, fold, settle
from wiredesk.records import Draft

URL = "https://www.ledger.example/harbour/strike"
NOW = datetime(2026, 9, 7, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def draft(hours: float = 0, **fields: object) -> Draft:
    """A reading of the page, `hours` after noon."""
    plain: dict[str, object] = {"address": URL, "origin": "page", "title": "Strike begins", "text": "They walked out."}
    return Draft(observed_at=NOW + hours * HOUR, **{**plain, **fields})  # type: ignore[arg-type]


drafts = st.lists(
    st.builds(
        draft,
        st.integers(0, 5),
        origin=st.sampled_from(["page", "wire", "file"]),
        amp=st.booleans(),
        title=st.sampled_from(["Strike begins", "Strike ends", ""]),
        text=st.sampled_from(["They walked out.", "They came back.", ""]),
        published_at=st.sampled_from([None, NOW, NOW - HOUR, NOW + 99 * HOUR]),
        authors=st.sampled_from([(), ("Ada Quill",)]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(drafts, st.randoms())
def test_the_order_of_arrival_does_not_matter(readings: list[Draft], chance: object):
    """A rebuild, an archive and a live run give the same article."""
    mixed = list(readings)
    chance.shuffle(mixed)  # type: ignore[attr-defined]

    assert fold(URL, mixed) == fold(URL, readings)


@settings(max_examples=80, deadline=None)
@given(drafts)
def test_the_same_reading_again_changes_nothing(readings: list[Draft]):
    """Folding is idempotent: what was read twice counts once."""
    assert fold(URL, [*readings, readings[0]]) == fold(URL, readings)


def test_an_edited_headline_is_a_version_of_the_same_article():
    """The id stays, the newest title shows, both versions are kept."""
    article = fold(URL, [draft(3, title="Strike begins at three terminals"), draft(0)])

    assert article.id == article_id(URL)
    assert article.title == "Strike begins at three terminals"
    assert [version.title for version in article.versions] == ["Strike begins", "Strike begins at three terminals"]
    assert article.first_seen_at == NOW


def test_a_change_that_was_taken_back_is_two_changes():
    """A -> B -> A is a history of three states."""
    article = fold(URL, [draft(0), draft(1, text="They came back."), draft(2)])

    assert [version.text for version in article.versions] == ["They walked out.", "They came back.", "They walked out."]


def test_amp_forms_and_feeds_fill_gaps_and_make_no_version():
    """They speak for a field that the page leaves out, and only then."""
    amp = draft(1, amp=True, title="AMP title", text="AMP text", authors=("Ada Quill",))
    wire = draft(2, origin="wire", title="Feed title", text="", excerpt="What the feed says.")
    article = fold(URL, [draft(0), amp, wire])

    assert (article.title, article.authors, article.excerpt) == ("Strike begins", ("Ada Quill",), "What the feed says.")
    assert len(article.versions) == 1


def test_a_wire_item_stands_alone_where_nothing_else_is():
    """Then its words are the article's."""
    article = fold(URL, [draft(0, origin="wire", text="", excerpt="All that we know.")])

    assert (article.title, article.excerpt, len(article.versions)) == ("Strike begins", "All that we know.", 1)


def test_a_page_that_is_dated_anew_stays_where_it_was():
    """The first claim counts; a later one would move the article in its story and on the site."""
    article = fold(URL, [draft(0, published_at=NOW - HOUR), draft(5, published_at=NOW + 4 * HOUR)])

    assert article.published_at == NOW - HOUR


def test_claims_that_cannot_be_true_are_dropped_and_said_so():
    """Neither the far future nor the beginning of computing."""
    for claim in (NOW + timedelta(days=400), datetime(1970, 1, 1, tzinfo=UTC)):
        article = fold(URL, [draft(0, published_at=claim, rules={"published_at": "json-ld"})])

        assert article.published_at is None
        assert article.told_at == NOW
        assert "dropped" in article.rules["published_at"]


def test_a_date_without_a_clock_gives_way_to_one_with():
    """The page says the day, its feed the hour."""
    page = draft(0, published_at=NOW.replace(hour=0))
    wire = draft(0, origin="wire", published_at=NOW - HOUR)

    assert fold(URL, [page, wire]).published_at == NOW - HOUR
    assert fold(URL, [page]).told_at == NOW  # on that very day, our clock speaks


def test_pages_may_only_claim_their_own_site():
    """A page of one site is never taken for a version of another site's article."""
    own, foreign = f"{URL}-2", "https://other.example/strike"

    assert settle(URL, [draft(0, canonical_url=own)]) == own
    assert settle(URL, [draft(0, canonical_url=foreign)]) == URL
    assert settle(URL, [draft(0, origin="wire", canonical_url=own)]) == URL


def test_the_provider_is_named_by_the_site_first():
    """Then by the page; a slogan is no name, the domain is the last resort."""
    reading = draft(0, provider_name="Ledger Online")

    assert fold(URL, [reading], provider_names={"ledger.example": "The Ledger"}).provider.name == "The Ledger"
    assert fold(URL, [reading]).provider.name == "Ledger Online"
    assert fold(URL, [replace(reading, provider_name="x" * 99)]).provider.name == "ledger.example"
