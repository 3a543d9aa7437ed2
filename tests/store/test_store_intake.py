"""What came in, and what is to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from store_factory import HOUR, MINUTE, NOON, draft

from wiredesk.records import Problem
from wiredesk.store import ImageState, Intake, SourceState, Store, Wanted

FEED = "https://a.example/feed"


@pytest.fixture
def intake() -> Iterator[Intake]:
    with closing(Store(None)) as store:
        yield store.intake


def capture(
    intake: Intake, url: str, at: datetime = NOON, *, offset: int = 0, digest: str = "d", is_image: bool = False
) -> bool:
    return intake.add_capture(url, at, "0001.warc.gz", offset, digest, is_image=is_image)


def unread(intake: Intake) -> list[str]:
    return [row.url for batch in intake.unread(2) for row in batch]


def want(
    intake: Intake,
    address: str,
    *,
    digest: str = "1",
    source: str = FEED,
    told_at: datetime | None = NOON,
    first: str = "wanted",
    changed: str = "wanted",
) -> None:
    wire = draft(address, NOON, origin="wire", source_url=source, published_at=told_at)
    intake.want(address, address, wire, digest, first=first, changed=changed)


def due(intake: Intake, now: datetime = NOON, per_source: int = 100) -> list[str]:
    return [page.address for page in intake.due_pages(now, per_source)]


def the_page(intake: Intake, address: str) -> Wanted:
    return next(page for page in intake.due_pages(NOON + 1000 * HOUR, 100) if page.address == address)


# Facts, work owed


def test_a_value_is_remembered(intake: Intake) -> None:
    """The last one counts."""
    assert intake.get("rules") is None

    intake.put("rules", "one")
    intake.put("rules", "two")

    assert intake.get("rules") == "two"


def test_work_is_owed_once_until_it_is_paid(intake: Intake) -> None:
    """In the order of its keys, each step for itself."""
    intake.owe("fold", ["b", "a", "b"])
    intake.owe("copy", ["c"])

    assert intake.owed("fold") == ["a", "b"]
    assert intake.owed("fold", 1) == ["a"]
    assert (intake.owed_count("fold"), intake.owed_count("copy"), intake.owed_count("rate")) == (2, 1, 0)

    intake.paid("fold", ["a", "never owed"])

    assert intake.owed("fold") == ["b"]
    assert intake.owed("copy") == ["c"]


# Captures


def test_a_capture_is_registered_once(intake: Intake) -> None:
    """The same page of the same moment is known, wherever it lies; so is the same place."""
    assert capture(intake, "https://a.example/")
    assert not capture(intake, "https://a.example/", offset=900)
    assert not capture(intake, "https://b.example/")
    assert capture(intake, "https://a.example/", offset=900, digest="other")

    assert intake.capture_count() == 2
    assert intake.has_capture("https://a.example/", NOON, "d")
    assert not intake.has_capture("https://a.example/", NOON + HOUR, "d")


def test_captures_are_read_in_the_order_of_time_and_address(intake: Intake) -> None:
    """Whatever the order of their arrival, and over the bounds of a batch."""
    for place, (url, hours) in enumerate([("c", 1), ("b", 0), ("a", 1), ("d", 0), ("e", -1)]):
        capture(intake, url, NOON + hours * HOUR, offset=place)

    assert unread(intake) == ["e", "b", "d", "a", "c"]
    assert intake.unread_count() == 5


def test_what_was_read_is_not_read_again(intake: Intake) -> None:
    """Marked by its id."""
    capture(intake, "a", offset=0)
    capture(intake, "b", offset=1)

    intake.mark_read(row.id for batch in intake.unread(1) for row in batch if row.url == "a")

    assert unread(intake) == ["b"]


def test_a_late_arrival_has_its_address_read_again_from_there_on(intake: Intake) -> None:
    """Readings do not depend on the order in which captures came."""
    for place, (url, hours) in enumerate([("a", 0), ("a", 2), ("b", 2)]):
        capture(intake, url, NOON + hours * HOUR, offset=place)
    intake.mark_read([row.id for batch in intake.unread() for row in batch])

    capture(intake, "a", NOON + HOUR, offset=3)

    rows = [row for batch in intake.unread() for row in batch]
    assert [(row.url, row.captured_at) for row in rows] == [("a", NOON + HOUR), ("a", NOON + 2 * HOUR)]


def test_pictures_are_looked_up_not_read(intake: Intake) -> None:
    """The newest capture of the address; the clock of the news is that of texts."""
    capture(intake, "p", NOON, offset=0, is_image=True)
    capture(intake, "p", NOON + HOUR, offset=7, is_image=True)
    capture(intake, "a", NOON - HOUR, offset=9)

    assert intake.captured_image("p") == ("0001.warc.gz", 7)
    assert intake.captured_image("a") is None
    assert unread(intake) == ["a"]
    assert intake.newest_capture() == NOON - HOUR


def test_nothing_was_captured_yet(intake: Intake) -> None:
    """Then there is no clock either."""
    assert intake.newest_capture() is None
    assert list(intake.unread()) == []


def test_how_much_of_a_file_is_registered(intake: Intake) -> None:
    """The last size counts."""
    intake.put_file_size("0001.warc.gz", 100)
    intake.put_file_size("0001.warc.gz", 250)

    assert intake.file_sizes() == {"0001.warc.gz": 250}


# Sources


def test_a_source_that_was_never_asked(intake: Intake) -> None:
    """Is new, and not listed as known."""
    assert intake.source(FEED) == SourceState(url=FEED)
    assert intake.sources() == []


def test_the_state_of_a_source_is_kept_whole(intake: Intake) -> None:
    """Validators verbatim, moments as they were."""
    state = SourceState(
        url=FEED,
        etag='W/"é"',
        last_modified="Mon, 07 Sep 2026 12:00:00 GMT",
        checked_at=NOON,
        changed_at=NOON - HOUR,
        next_at=NOON + HOUR,
        failures=3,
        status="failing",
        note="503",
    )

    intake.put_source(replace(state, failures=2))
    intake.put_source(state)

    assert intake.source(FEED) == state
    assert intake.sources() == [state]


# The frontier


def test_a_wanted_page_is_due(intake: Intake) -> None:
    """Until it was read."""
    want(intake, "https://a.example/1")
    (page,) = intake.due_pages(NOON, 10)

    assert (page.address, page.source, page.tries, page.etag) == ("https://a.example/1", FEED, 0, None)

    intake.settle_page(page, "read", etag='"1"', last_modified="today")

    assert due(intake) == []
    assert intake.wanted_count() == 0


def test_the_same_item_asks_once(intake: Intake) -> None:
    """A feed that still names an article which we read is no news."""
    want(intake, "p")
    intake.settle_page(the_page(intake, "p"), "read")

    want(intake, "p")

    assert due(intake) == []


def test_a_changed_item_asks_again_with_what_the_page_gave_us(intake: Intake) -> None:
    """Conditionally, and with its tries counted anew."""
    want(intake, "p")
    intake.settle_page(the_page(intake, "p"), "read", etag='"1"', last_modified="today")

    want(intake, "p", digest="2")

    page = the_page(intake, "p")
    assert (page.tries, page.etag, page.last_modified) == (0, '"1"', "today")


def test_a_changed_item_of_a_page_that_is_newer_asks_nothing(intake: Intake) -> None:
    """The caller says what a change means."""
    want(intake, "p", first="read")
    want(intake, "p", digest="2", changed="read")

    assert due(intake) == []


def test_the_newest_pages_come_first_and_each_source_has_its_share(intake: Intake) -> None:
    """A busy source does not crowd out a rare one."""
    for hours in range(4):
        want(intake, f"busy-{hours}", told_at=NOON - hours * HOUR)
    want(intake, "rare", source="https://b.example/feed", told_at=NOON - 9 * HOUR)

    assert due(intake, per_source=2) == ["busy-0", "busy-1", "rare"]
    assert due(intake, per_source=0) == []


def test_an_item_without_a_time_or_with_one_to_come_was_told_when_we_saw_it(intake: Intake) -> None:
    """No feed gets ahead by dates that it invents."""
    want(intake, "b", told_at=None)
    want(intake, "a", told_at=NOON + 1000 * HOUR)
    want(intake, "old", told_at=NOON - HOUR)

    assert due(intake) == ["a", "b", "old"]


def test_a_page_that_failed_waits(intake: Intake) -> None:
    """It counts a try, and is due again when its wait is over."""
    want(intake, "p")

    intake.settle_page(the_page(intake, "p"), "wanted", next_in=10 * MINUTE, now=NOON, note="503")

    assert due(intake, NOON + 9 * MINUTE) == []
    assert [page.tries for page in intake.due_pages(NOON + 10 * MINUTE, 10)] == [1]
    assert intake.wanted_count() == 1


def test_a_page_that_cannot_be_had_leaves_its_item_alone(intake: Intake) -> None:
    """Said of this page only."""
    want(intake, "p")
    want(intake, "q")

    intake.settle_page(the_page(intake, "p"), "alone", note="404")

    assert intake.page_is_alone("p")
    assert not intake.page_is_alone("q")
    assert not intake.page_is_alone("never named")


def test_an_item_that_stood_alone_stands_while_we_ask_again(intake: Intake) -> None:
    """An article on the site must not vanish because its feed mended a word."""
    want(intake, "p")
    intake.settle_page(the_page(intake, "p"), "alone")

    want(intake, "p", digest="2")

    assert due(intake) == ["p"]
    assert intake.page_is_alone("p")


def test_an_item_of_a_feed_that_is_not_ours_stands_alone_at_once(intake: Intake) -> None:
    """We fetch only what our own sources name."""
    want(intake, "p", first="alone")

    assert intake.page_is_alone("p")
    assert due(intake) == []


# Pictures, runs


def test_the_state_of_a_picture_is_kept_whole(intake: Intake) -> None:
    """The last one counts."""
    assert intake.image("p") is None

    intake.put_image(ImageState(url="p", status="failed", tries=1, next_at=NOON, note="503"))
    kept = ImageState(url="p", status="kept", file="assets/images/news/1.jpg", width=640, height=480)
    intake.put_image(kept)

    assert intake.image("p") == kept


def test_the_last_whole_run_and_the_problems_of_the_newest(intake: Intake) -> None:
    """A run that was cut off has problems, and no summary."""
    assert intake.last_run() is None
    problem = Problem(where="sources.opml:3", what="no address", now="it is left out", stage="sources")
    first = intake.start_run(NOON)
    intake.add_problem(first, problem)
    intake.finish_run(first, NOON + MINUTE, "{}")

    assert intake.last_run() == (NOON + MINUTE, "{}")
    assert intake.last_problems() == [problem]

    second = intake.start_run(NOON + timedelta(days=1))
    later = replace(problem, where="sources.opml:4")
    intake.add_problem(second, later)

    assert intake.last_run() == (NOON + MINUTE, "{}")
    assert intake.last_problems() == [later]
