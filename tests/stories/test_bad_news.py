"""Bad input is normal input: each kind has a rule, named in the test that holds it."""

from __future__ import annotations

from news_factory import EVENTS, SETTINGS, START, article, stories, told

from wiredesk.records import ArticleId
from wiredesk.stories import Signal, place, signal
from wiredesk.stories.signals import LONGEST_TITLE, MAX_NAMES, MAX_SHARED, MAX_TERMS

BOILERPLATE = (
    "We value your privacy. Subscribe to our newsletter and get the best stories of the week delivered to your inbox. "
    "By signing up you agree to our terms and conditions. Follow us on all channels. Share this article with friends."
)


def headlines(event: str, **at: float) -> list[Signal]:
    return [signal(article(f"{event}{n}", title, **at)) for n, title in enumerate(EVENTS[event][0])]


def test_a_headline_alone_is_judged_by_its_words_and_parts_of_words() -> None:
    """Without a lede, headlines that share little else but function words stay apart, and near ones meet."""
    one = signal(article("a", "Port Ellery dock strike begins as crane talks collapse"))
    two = signal(article("b", "Dock strike begins in Port Ellery as talks over cranes collapse", hours=1))
    found = stories(place((), [one, two, *headlines("quota"), *headlines("museum")], SETTINGS))

    assert one.lede_terms == 0
    assert found["a"] == found["b"]
    assert len({found["a"], found["quota0"], found["museum0"]}) == 3


def test_nothing_at_all_stands_alone() -> None:
    """Two articles of which nothing is known are not one story."""
    empty = [signal(article(name, "", hours=n)) for n, name in enumerate("abc")]

    assert stories(place((), empty, SETTINGS)) == {"a": "sa", "b": "sb", "c": "sc"}


def test_a_body_that_is_boilerplate_joins_nobody() -> None:
    """What all articles of a page design say is found in many of them: and in few headlines: it weighs nothing."""
    signals = [
        signal(article(event, lines[0], BOILERPLATE, hours=n, provider="boilerplate.example"))
        for n, (event, (lines, _)) in enumerate(EVENTS.items())
    ]

    assert len(set(stories(place((), signals, SETTINGS)).values())) == len(EVENTS)


def test_a_date_years_ago_is_believed_and_disturbs_nobody() -> None:
    """It stands in its own time: an old text that was found today is no news of today, and names no story of it."""
    today = [told("a", "docks", hours=1), told("b", "docks", 1, 1, hours=3)]
    found = stories(place((), [*today, told("old", "docks", 2, hours=-24 * 365 * 7, seen=2)], SETTINGS))

    assert found == {"a": "sa", "b": "sa", "old": "sold"}


def test_a_date_in_the_future_is_not_believed() -> None:
    """Nothing is told after we saw it: our clock stands, and the article is among those of its day."""
    late = article("late", *(part[1] for part in EVENTS["docks"]), hours=24 * 300)
    late = type(late)(**{field: getattr(late, field) for field in late.__slots__} | {"first_seen_at": START})
    found = stories(place((), [told("a", "docks", hours=1), signal(late)], SETTINGS))

    assert signal(late).told_at == START
    assert set(found.values()) == {"slate"}


def test_an_unknown_language_is_compared_by_its_words_as_they_stand() -> None:
    """No stemmer, no stop words, no lexicon: enough where the words are the same."""
    title, text = (
        "Ellery portan lakko alkaa",
        "Portan nosturit seisovat: 3,400 tyontekijaa Ellery portan lakossa tanaan.",
    )
    other = "Sundin museo loysi kadonneen muotokuvan ullakolta viime viikolla."
    signals = [
        signal(article("a", title, text, language="xx")),
        signal(article("b", f"{title} tanaan", text[:60], hours=2, language=None)),
        signal(article("c", other[:30], other, hours=3, language="xx")),
    ]
    found = stories(place((), signals, SETTINGS))

    assert found["a"] == found["b"] != found["c"]


def test_of_two_hundred_thousand_words_the_opening_counts() -> None:
    """A book that got into a feed costs what an article costs, and is judged by the same part of it."""
    headline, text = (part[0] for part in EVENTS["docks"])
    opening = " ".join([text] * 12)
    made = signal(article("a", headline, " ".join([opening, *["harbour novel chapter"] * 66_666])))

    assert made == signal(article("a", headline, opening + " harbour novel chapter" * 10))
    assert len(made.terms[0]) <= MAX_TERMS and len(made.names[0]) <= MAX_NAMES and len(made.shared[0]) <= MAX_SHARED


def test_a_text_in_the_headline_is_cut() -> None:
    """LONGEST_TITLE characters are a headline; what follows is another field that slipped."""
    assert signal(article("a", "Dock strike " * 5000)) == signal(article("a", ("Dock strike " * 5000)[:LONGEST_TITLE]))


def test_a_flood_of_near_copies_is_one_story_and_drowns_no_other() -> None:
    """Each repeats one that was told before, and comes in with it.

    5,000 are placed in seconds, as candidates are bounded and copies are not judged; here are some hundreds.
    """
    headline, text = (part[0] for part in EVENTS["docks"])
    flood = [
        signal(
            article(f"{n:016x}", headline, f"{text} Edition {n}.", hours=n / 60, provider=f"host{n}.example"),
            copy_of=ArticleId(f"{0:016x}") if n else None,
        )
        for n in range(400)
    ]
    others = [told(f"b{n}", "quota", n, n, hours=n) for n in range(3)]
    found = stories(place((), [*flood, *others], SETTINGS))

    assert {found[each.article] for each in flood} == {f"s{0:016x}"}
    assert {found[f"b{n}"] for n in range(3)} == {"sb0"}


def test_a_flood_of_one_provider_is_one_story_though_nobody_marked_it() -> None:
    """A word changed here and there is no further voice; another paper's report still finds it."""
    headline = EVENTS["docks"][0][1]
    text = " ".join(EVENTS["docks"][1])
    flood = [
        signal(article(f"{n:016x}", f"{headline} ({n})", f"{text} Edition {n}.", hours=n / 60, provider="mill.example"))
        for n in range(300)
    ]
    found = stories(place((), [*flood, told("other", "docks", 2, 1, hours=1)], SETTINGS))

    assert len({found[each.article] for each in flood}) == 1
    assert found["other"] == found[flood[0].article]


def test_a_provider_that_publishes_everything_twice_tells_each_event_once() -> None:
    """The same words under two addresses go together, whether the text was recognised as a copy or not."""
    signals = [
        told(f"{event}{n}", event, hours=2 * at + n / 10, provider="twice.example")
        for at, event in enumerate(EVENTS)
        for n in range(2)
    ]
    found = stories(place((), signals, SETTINGS))

    assert all(found[f"{event}0"] == found[f"{event}1"] for event in EVENTS)
    assert len(set(found.values())) == len(EVENTS)


def test_the_same_text_on_different_days_is_one_story_while_its_window_is_open() -> None:
    """A reprint of yesterday's text is yesterday's story; one of last month is not (a "daily weather" text is that)."""
    soon = stories(place((), [told("a", "docks"), told("b", "docks", hours=25)], SETTINGS))
    late = stories(place((), [told("a", "docks"), told("b", "docks", hours=24 * 30)], SETTINGS))

    assert set(soon.values()) == {"sa"}
    assert late == {"a": "sa", "b": "sb"}
