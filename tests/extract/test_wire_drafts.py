"""What feeds say of articles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wiredesk.extract import draft_from_wire
from wiredesk.records import Source, WireItem

NOW = datetime(2026, 9, 7, 12, 0, tzinfo=UTC)
FEED = "https://www.ledger.example/feed.xml"


def item(**fields: object) -> WireItem:
    """An item of the ledger's feed."""
    plain = {"source_url": FEED, "url": "https://www.ledger.example/strike?utm_source=rss", "title": "Strike begins"}
    return WireItem(**{**plain, **fields})  # type: ignore[arg-type]


def test_the_address_is_the_canonical_one():
    """Trackers do not make another article."""
    assert draft_from_wire(item(), NOW).address == "https://www.ledger.example/strike"


def test_an_address_that_cannot_be_asked_for_is_refused():
    """The caller leaves the item out."""
    with pytest.raises(ValueError, match="address"):
        draft_from_wire(item(url="mailto:desk@ledger.example"), NOW)


def test_the_feed_is_named_after_its_outlet_unless_it_collects_others():
    """A search feed's name is no paper's name."""
    own = Source(url=FEED, title="The Ledger")
    other = Source(url="https://search.example/strike.rss", title="Search: strike")

    assert draft_from_wire(item(), NOW, source=own).provider_name == "The Ledger"
    assert draft_from_wire(item(), NOW, source=other).provider_name is None


def test_topics_come_from_the_source_and_tags_only_from_official_ones():
    """Anybody can tag; the site's own feed is believed."""
    tagged = item(tags=("Ports",))
    plain = draft_from_wire(tagged, NOW, source=Source(url=FEED, topics=("Labour",)))
    official = draft_from_wire(tagged, NOW, source=Source(url=FEED, topics=("Labour",), official=True))

    assert plain.source_topics == ("Labour",)
    assert official.source_topics == ("Labour", "Ports") and official.official


def test_full_content_is_text_and_a_teaser_is_not():
    """Hostile markup never gets through."""
    paragraph = "They walked out at six in the morning and nobody stopped them. " * 6
    html = f"<p>{paragraph}</p><script>alert(1)</script><p onclick=x>{paragraph}&amp; more</p>"
    full, teaser = (
        draft_from_wire(item(content_html=html), NOW),
        draft_from_wire(item(content_html="<p>Short.</p>"), NOW),
    )

    assert full.text.count("\n\n") == 1 and full.text.endswith("& more")
    assert "alert" not in full.text and "<" not in full.text
    assert (teaser.text, teaser.excerpt) == ("", "Short.")


def test_a_feed_with_one_date_means_the_publication():
    """RSS 1.0 and many Atom feeds."""
    assert draft_from_wire(item(updated_at=NOW - timedelta(hours=1)), NOW).published_at == NOW - timedelta(hours=1)
