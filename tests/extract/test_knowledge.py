"""What the pages of a host teach, and how that reads the next one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.extract import (
    HostKnowledge,
    Lesson,
    extract,
    learn,
    learn_from,
    material,
    parse_knowledge,
    says_more,
    study,
    write_knowledge,
)
from wiredesk.extract.knowledge import Place, Sighting, SiteKnowledge, Version
from wiredesk.records import Page

DAY = datetime(2026, 9, 7, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)
NAMES = ("Ada Quill", "Bo Lind", "Cato Marsh", "Dina Voss", "Even Rask", "Frida Holm", "Gro Tveit", "Hal Orme")
EVENTS = (
    "Ferry late",
    "Cod is scarce",
    "Bridge opens",
    "Storm abates",
    "Mayor resigns",
    "Choir wins",
    "Dock burns",
    "Ice",
)


def page(number: int, *, author: str | None = "meta", name: str | None = None, share: bool = False) -> Page:
    """An article of a paper whose template has boxes between the paragraphs."""
    who, title = name or NAMES[number % 8], f"{EVENTS[number % 8]} again, says report {number}"
    meta = f'<meta name="author" content="{who}">' if author == "meta" else ""
    picture = "default-card.jpg" if share else f"lead-{number}.jpg"
    html = f"""<!doctype html><html lang="en"><head><title>{title} | The Skerry Post</title>{meta}
<meta property="og:title" content="{title}"><meta property="og:image" content="https://skerry.example/p/{picture}">
<meta property="article:published_time" content="2026-09-{7 + number % 3:02}T0{number % 10}:15:00Z"></head><body>
<h1>{title}</h1><div class="who-wrote-it"><span class="full">{who}</span></div>
<article><p>Report {number} came out on Monday, and those who had read all of its {number + 40} pages were few.</p>
<p>Join eleven thousand readers who get the Skerry letter on their doorstep every Friday before breakfast.</p>
<p>What the authors found on page {number} surprised even those on the council who had asked for it in spring.</p>
<p>Nobody who was asked about report {number} wanted to see their name in print, for reasons of their own.</p>
</article></body></html>"""
    url = f"https://skerry.example/news/{number}"
    return Page(
        url=url, final_url=url, status=200, headers=(("content-type", "text/html"),), body=html.encode(),
        fetched_at=DAY + timedelta(minutes=number),
    )  # fmt: skip


def lessons(count: int, **kind: object) -> list[Lesson]:
    """What `count` pages teach."""
    found = [study(page(number, **kind))[1] for number in range(count)]  # type: ignore[arg-type]
    return [lesson for lesson in found if lesson]


def known(version: Version | None) -> SiteKnowledge | None:
    assert version is not None
    return HostKnowledge(host="skerry.example", versions=(version,)).at(NEXT)


def test_what_stands_on_every_page_is_not_the_article():
    """The box between the paragraphs goes, the paragraphs stay."""
    told = known(learn(lessons(6), NEXT))
    before, after = extract(page(7)), extract(page(7), knowledge=told)

    assert "Join eleven thousand" in before.text
    assert "Join eleven thousand" not in after.text
    assert after.text.count("eport 7") == before.text.count("eport 7") > 1
    assert "repeated on this site" in after.rules["text"]


def test_an_author_that_is_not_declared_is_found_at_the_place_where_declared_ones_stood():
    """The class says nothing to any rule; six pages that declare their authors say what it is."""
    told = known(learn(lessons(6), NEXT))
    silent = page(7, author=None)

    assert extract(silent).authors == ()
    draft = extract(silent, knowledge=told)
    assert draft.authors == (NAMES[7],)
    assert "learned place" in draft.rules["authors"]
    assert draft.confidence["authors"] == pytest.approx(7 / 8, abs=0.01)


def test_the_feed_tells_who_wrote_it_where_no_page_does():
    """What feeds said of pages is as good as what they declare."""
    mute = [replace(x, told={"authors": NAMES[i % 8]}) for i, x in enumerate(lessons(6, author=None))]

    assert extract(page(7, author=None), knowledge=known(learn(mute, NEXT))).authors == (NAMES[7],)


def test_a_share_picture_that_is_the_same_on_every_page_is_no_lead_picture():
    """But a page that has one of its own keeps it."""
    told = known(learn(lessons(6, share=True), NEXT))

    assert extract(page(7, share=True)).image is not None
    assert extract(page(7, share=True), knowledge=told).image is None
    own = extract(page(7), knowledge=told).image
    assert own
    assert own.url.endswith("lead-7.jpg")


def test_a_paper_of_one_person_is_signed_by_that_person():
    """The same name on all pages is no constant where nothing says otherwise."""
    version = learn(lessons(6, name="Ada Quill"), NEXT)

    assert version
    assert "authors" not in version.constants
    assert extract(page(7, name="Ada Quill"), knowledge=known(version)).authors == ("Ada Quill",)


def test_a_declaration_that_feeds_contradict_is_doubted():
    """Everything is declared to be by the editor; the feed and the byline know better."""
    taught = []
    for number in range(8):
        lesson = study(page(number))[1]
        assert lesson
        seen = tuple(replace(s, value="Ed Itor") if s.place == "meta author" else s for s in lesson.sightings)
        taught.append(replace(lesson, sightings=seen, told={"authors": NAMES[number]}))
    version = learn(taught, NEXT)

    assert version
    assert [(each.place, each.right, each.seen) for each in version.doubted["authors"]] == [("meta author", 0, 8)]
    odd = page(7, name="Ed Itor")
    odd = replace(odd, body=odd.body.replace(b'class="full">Ed Itor', b'class="full">Hal Orme'))
    assert extract(odd, knowledge=known(version)).authors == ("Hal Orme",)


def test_nothing_is_learned_from_few_pages_or_from_one_page_many_times():
    """Five pages with different titles are the least."""
    assert learn(lessons(4), NEXT) is None
    again = [replace(x, observed_at=x.observed_at + timedelta(hours=h)) for x in lessons(4) for h in range(5)]
    assert learn(again, NEXT) is None
    copied = [replace(x, address=f"{x.address}?copy={n}") for x in lessons(4) for n in range(5)]
    assert learn(copied, NEXT) is None


def test_one_odd_page_poisons_nothing():
    """A page whose byline place holds something else does not undo what twenty say."""
    taught = lessons(20)
    odd = replace(
        taught[3],
        blocks=tuple(range(100)),
        openings=("x",) * 100,
        sightings=tuple(
            replace(s, value="Nobody Atall") if s.place.endswith("span.full") else s for s in taught[3].sightings
        ),
    )
    version = learn([*taught[:3], odd, *taught[4:]], NEXT)

    assert version
    assert set(version.repeated) == set(learn(taught, NEXT).repeated)  # type: ignore[union-attr]
    place = next(p for p in version.places["authors"] if p.place.endswith("span.full"))
    assert (place.right, place.seen) == (19, 20)


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_pages_does_not_matter(chance: random.Random):
    """What is learned depends on the pages alone."""
    taught = _MANY[:]
    chance.shuffle(taught)

    assert learn(taught, NEXT) == learn(_MANY, NEXT)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sets(st.integers(0, 23), min_size=5), min_size=2, max_size=5))
def test_a_lesson_that_was_learned_from_before_teaches_the_same(groups: list[set[int]]):
    """What was judged beside other pages, with other constants among them, is judged anew."""
    taught = [_illustrated(number, shared=number % 2 == 0) for number in range(24)]
    held = list(map(material, taught))

    for group in [*groups, {0, 2, 4, 6, 8, 1}, {0, 2, 4, 1, 3, 5, 7}]:
        assert learn_from([held[n] for n in group], NEXT) == learn([taught[n] for n in group], NEXT)


def _illustrated(number: int, *, shared: bool) -> Lesson:
    """A page that declares two pictures; where the first is shared by most pages, the second one is right."""
    own = f"https://skerry.example/p/lead-{number}.jpg"
    first = "https://skerry.example/p/default-card.jpg" if shared else own
    return Lesson(
        host="skerry.example",
        address=f"https://skerry.example/news/{number}",
        observed_at=DAY + timedelta(minutes=number),
        title=f"Report {number}",
        sightings=(
            Sighting(field="title", place="h1", value=f"Report {number}"),
            Sighting(field="image", place="meta og:image", value=first, stated=0.9),
            Sighting(field="image", place="json-ld image", value=own, stated=0.8),
        ),
    )


_MANY = lessons(12)
_TEXTS = st.text("abcde ", min_size=1, max_size=12)
_SIGHTINGS = st.builds(
    Sighting,
    field=st.sampled_from(("title", "authors", "image")),
    place=_TEXTS,
    value=_TEXTS,
    stated=st.sampled_from((0.0, 0.9)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_TEXTS, st.lists(_SIGHTINGS, max_size=12), st.sets(st.integers(0, 400))), max_size=12))
def test_what_is_learned_is_bounded_survives_its_file_and_is_the_same_twice(drawn):
    """Whatever pages say."""
    taught = [
        Lesson(
            host="h.example", address=f"https://h.example/{n}", observed_at=DAY + timedelta(minutes=n), title=title,
            sightings=tuple(seen), blocks=tuple(sorted(keys)), openings=tuple("text" for _ in keys),
        )
        for n, (title, seen, keys) in enumerate(drawn)
    ]  # fmt: skip
    version = learn(taught, NEXT)

    assert version == learn(list(reversed(taught)), NEXT)
    if version:
        assert len(version.repeated) <= 200
        assert all(len(places) <= 5 for places in version.places.values())
        assert not says_more(version, version)
        file = HostKnowledge(host="h.example", versions=(version,))
        assert parse_knowledge(write_knowledge(file), "x") == file


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_reading_with_knowledge_never_raises_on_any_bytes(junk):
    """But for what `extract` raises anyway."""
    told = known(learn(_MANY, NEXT))
    odd = replace(page(3), body=page(3).body[:700] + junk + page(3).body[700:])
    try:
        first = study(odd, knowledge=told)
    except UnreadableError:
        return

    assert first == study(odd, knowledge=told)


def test_the_version_in_force_is_the_latest_that_holds_from_before_the_capture():
    """Not before its `since`, and what is fixed always."""
    one, two = (Version(since=DAY + timedelta(days=n), pages=5 + n) for n in (1, 3))
    host = HostKnowledge(host="h.example", versions=(one, two))

    assert host.version_at(DAY) is None
    assert host.at(DAY) is None
    assert host.version_at(one.since) == one
    assert host.version_at(two.since - timedelta(seconds=1)) == one
    assert host.version_at(two.since + timedelta(days=9)) == two
    assert replace(host, fixed={"authors": "p"}).at(DAY) == SiteKnowledge(fixed={"authors": "p"})


def test_a_fixed_place_decides():
    """Whatever the page declares."""
    odd = replace(page(3), body=page(3).body.replace(b'class="full">Dina Voss', b'class="full">Hal Orme'))

    draft = extract(odd, knowledge=SiteKnowledge(fixed={"authors": "div.who-wrote-it > span"}))
    assert draft.authors == ("Hal Orme",)
    assert draft.rules["authors"].startswith("fixed place div.who-wrote-it > span")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read"),
        ('{"host": "h", "fixd": {}}', "fixd"),
        ('{"host": "h", "fixed": {"writer": "p"}}', "no field 'writer'"),
        ('{"host": "h", "fixed": {"authors": "p["}}', "no CSS selector"),
        (
            '{"host": "h", "versions": [{"since": "2026-09-08T00:00:00Z", "pages": 5, "repeated": {"zz": "x"}}]}',
            "repeat",
        ),
        ('{"host": "h", "versions": [{"since": "2026-09-08T00:00:00", "pages": 5}]}', "zone"),
    ],
)
def test_a_file_that_was_edited_into_something_else_is_named(text: str, message: str):
    """With what is wrong in it."""
    with pytest.raises(UnreadableError) as raised:
        parse_knowledge(text.encode(), "knowledge/h.json")

    assert raised.value.where == "knowledge/h.json"
    assert message in raised.value.what


def test_a_version_is_made_only_where_pages_would_be_read_differently():
    """New blocks, another place, a figure that moved: yes; one page more that says the same: no."""
    place = Place(place="p.who", right=20, seen=20, example="Ada Quill")
    old = Version(since=DAY, pages=20, places={"authors": (place,)}, repeated={"00": "a", "01": "b"})

    assert not says_more(replace(old, pages=21, places={"authors": (replace(place, right=21, seen=21),)}), old)
    assert says_more(replace(old, repeated={**old.repeated, "02": "c"}), old)
    assert says_more(replace(old, places={}), old)
    assert says_more(replace(old, places={"authors": (replace(place, right=15),)}), old)
    assert says_more(old, None)


def test_of_a_text_that_may_not_be_kept_nothing_is_kept():
    """Not even how its paragraphs begin."""
    closed = page(3)
    closed = replace(closed, body=closed.body.replace(b"<head>", b'<head><meta name="robots" content="noai">'))
    lesson = study(closed)[1]

    assert lesson
    assert (lesson.blocks, lesson.openings) == ((), ())
    assert lesson.sightings
