"""Who prints whose words."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import StorySettings
from wiredesk.identify import HOLDERS, article_id, find_origin, fingerprint, fingerprints
from wiredesk.identify.copies import MOST_WORDS, compare, telling, word_places
from wiredesk.records import Article, ArticleId, Copy, Fingerprint, Provider, ProviderId
from wiredesk.text import words

NOW = datetime(2026, 9, 7, 12, 0, tzinfo=UTC)
SETTINGS = StorySettings()
_CHANCE = random.Random(7)
_VOCABULARY = ["".join(_CHANCE.choices("abcdefghijklmnopqrst", k=6)) for _ in range(4000)]


def text(seed: int, length: int = 300) -> str:
    """Words without meaning, the same for the same seed."""
    return " ".join(random.Random(seed).choices(_VOCABULARY, k=length))


def part(words: str, begin: float, end: float) -> str:
    """A part of a text."""
    tokens = words.split()
    return " ".join(tokens[round(begin * len(tokens)) : round(end * len(tokens))])


def article(name: str, words: str, *, hours: float = 0, provider: str = "", title: str = "A headline") -> Article:
    """An article told `hours` after noon, by a provider of its own unless named."""
    at = NOW + timedelta(hours=hours)
    domain = provider or f"{name}.example"
    return Article(
        id=article_id(name),
        canonical_url=f"https://{domain}/{name}",
        provider=Provider(domain=ProviderId(domain), name=domain),
        title=title,
        text=words,
        published_at=at,
        first_seen_at=at + timedelta(minutes=5),
    )


class Shelf:
    """The law, word for word, over all articles; counts what it is asked."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = {each.id: each for each in articles}
        self._prints = sorted((fingerprint(each) for each in articles), key=lambda each: (each.at, each.article))
        self.texts_read = 0

    def holders(self, mine: Fingerprint, keys: Sequence[int], since: int) -> dict[int, list[ArticleId]]:
        place = (mine.at, mine.article)
        earlier = [each for each in self._prints if each.at >= since and (each.at, each.article) < place]
        return {key: [each.article for each in earlier if key in each.keys][:HOLDERS] for key in keys}

    def first_holders(self, mine: Fingerprint, since: int) -> list[ArticleId]:
        return [article for held in self.holders(mine, mine.keys, since).values() for article in held[:1]]

    def fingerprints(self, articles: Iterable[ArticleId]) -> Mapping[ArticleId, Fingerprint]:
        wanted = set(articles)
        return {each.article: each for each in self._prints if each.article in wanted}

    def text(self, article: ArticleId) -> str:
        self.texts_read += 1
        return self._articles[article].text

    def copies(self) -> list[Copy]:
        found = (find_origin(each, self, SETTINGS) for each in self._prints)
        return [copy for copy in found if copy is not None]


def copies(*articles: Article) -> dict[str, Copy]:
    """The copies among articles, by name."""
    names = {each.id: each.canonical_url.rsplit("/", 1)[1] for each in articles}
    return {names[copy.article]: copy for copy in Shelf(articles).copies()}


def found(*articles: Article) -> dict[str, tuple[str, str]]:
    """Copy -> (origin, kind), by name."""
    names = {each.id: each.canonical_url.rsplit("/", 1)[1] for each in articles}
    return {name: (names[copy.origin], copy.kind) for name, copy in copies(*articles).items()}


# Kinds


def test_the_same_words_elsewhere_are_an_exact_copy_of_who_told_them_first():
    """Under another headline, too."""
    copy = copies(article("b", text(1), hours=1, title="Another"), article("a", text(1)))["b"]

    assert (copy.kind, copy.is_reprint, copy.origin) == ("exact", True, article_id("a"))
    assert (copy.share, copy.of_copy, copy.of_origin) == (1, 1, 1)
    assert (copy.words, copy.start, copy.longest) == (300, 0, 300)
    assert "a.example" in copy.reason


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param(part(text(1), 0, 0.3), id="cut to a third"),
        pytest.param(f"{text(2, 120)} {text(1)}", id="local top"),
        pytest.param(f"{text(2, 30)} {part(text(1), 0, 0.5)}", id="local top, and cut"),
        pytest.param(f"{text(1)} {text(2, 60)}", id="tail"),
        pytest.param(f"(Meridian Wire) - {text(1)}", id="credit"),
        pytest.param(" ".join(w if i % 17 else "other" for i, w in enumerate(text(1).split())), id="reworded"),
    ],
)
def test_nearly_all_of_the_shorter_text_is_a_near_copy(printed: str):
    """Reprints are cut, and get local tops."""
    assert found(article("a", text(1)), article("b", printed, hours=1, title="Another")) == {"b": ("a", "near")}


def test_a_good_part_with_words_of_its_own_is_a_partial_copy():
    """It is linked to its origin, and keeps its voice."""
    rewrite = f"{text(2, 150)} {part(text(1), 0.4, 0.9)} {text(3, 100)}"
    copy = copies(article("a", text(1)), article("b", rewrite, hours=1))["b"]

    assert (copy.kind, copy.is_reprint) == ("partial", False)
    assert (copy.of_copy, copy.of_origin) == (pytest.approx(0.375, abs=0.01), pytest.approx(0.5, abs=0.01))
    assert (copy.start, copy.longest) == (150, 150)


def test_a_long_report_that_holds_a_whole_note_keeps_its_voice():
    """All of the shorter text stands in it, but most of its words are its own."""
    assert found(article("a", text(1, 80)), article("b", f"{text(2, 700)} {text(1, 80)}", hours=1)) == {
        "b": ("a", "partial")
    }


def test_texts_of_their_own_are_no_copies():
    """Not even with a common paragraph."""
    quote = text(9, 40)

    assert found(article("a", f"{text(1)} {quote}"), article("b", f"{text(2)} {quote}", hours=1)) == {}


def test_a_part_in_another_language_does_not_hide_the_rest():
    """What was not translated is found."""
    half = f"{part(text(1), 0, 0.5)} {' '.join(reversed(text(2, 150).split()))}"

    assert found(article("a", text(1)), article("b", half, hours=1)) == {"b": ("a", "partial")}


def test_what_surrounds_a_run_does_not_change_it():
    """Half a text of short words, as in Vietnamese, is found under a half of longer ones."""
    chance = random.Random(3)
    short = " ".join("".join(chance.choices("abcdefghijklmnopqrst", k=3)) for _ in range(400))
    mixed = f"{text(2, 200)} {part(short, 0.5, 1)}"

    assert found(article("a", short), article("b", mixed, hours=1, title="Another")) == {"b": ("a", "partial")}


# Origins


def test_a_copy_of_a_copy_leads_to_who_told_it_first():
    """Its words belong to the first."""
    chain = [article(f"n{n}", f"{text(1)} {text(n + 10, 30 * n)}", hours=n) for n in range(4)]

    assert {origin for origin, _ in found(*chain).values()} == {"n0"}
    assert len(found(*chain)) == 3


def test_a_reprint_of_a_rewrite_belongs_to_the_rewrite():
    """The words that were added are not the first one's."""
    rewrite = f"{text(2, 200)} {part(text(1), 0, 0.5)}"
    made = found(article("a", text(1)), article("b", rewrite, hours=1), article("c", rewrite, hours=2))

    assert made == {"b": ("a", "partial"), "c": ("b", "exact")}


def test_no_chain_grows():
    """Each copy is like its origin itself: texts that drift step by step end up with several origins."""
    words = text(1).split()
    drifting = [
        article(f"n{step}", " ".join(words[step * 60 :] + text(5, step * 60).split()), hours=step) for step in range(6)
    ]
    made = copies(*drifting)

    assert len({copy.origin for copy in made.values()}) > 1
    for copy in made.values():
        one, other = (next(each.text for each in drifting if each.id == end) for end in (copy.article, copy.origin))
        assert compare(one, other).of_copy >= SETTINGS.copy_part


def test_one_provider_is_one_voice():
    """Its own repeats, and an edited article that moved, are never copies; nor is what others reprinted in between."""
    own = [article(name, text(1), hours=n, provider="x.example") for n, name in enumerate("acd")]

    assert found(*own) == {}
    assert found(*own, article("b", text(1), hours=0.5)) == {"b": ("a", "exact")}


def test_a_provider_that_prints_a_reprint_twice_names_its_origin_twice():
    """So both speak with the voice of the first."""
    twice = [article(name, text(1), hours=n + 1, provider="x.example") for n, name in enumerate("bc")]

    assert found(article("a", text(1)), *twice) == {"b": ("a", "exact"), "c": ("a", "exact")}


# Bad input


def test_short_texts_are_copies_only_when_they_are_the_same():
    """A likeness of few words says nothing; the headline counts; the name of the agency does not."""
    note = "The ferry does not sail today because of the storm."

    assert found(article("a", note), article("b", f"(Wire) - {note}", hours=1)) == {"b": ("a", "exact")}
    assert found(article("a", note), article("b", note, hours=1, title="Another")) == {}
    assert found(article("a", note), article("b", note.replace("today", "tonight"), hours=1)) == {}


def test_a_headline_alone_is_a_copy_only_if_it_says_something():
    """Eight words: "Weather" is printed everywhere."""
    long = "Dock workers walk out at Northquay after talks fail"

    assert found(article("a", "", title=long), article("b", "", hours=1, title=long)) == {"b": ("a", "exact")}
    assert found(article("a", "", title="Weather today"), article("b", "", hours=1, title="Weather today")) == {}


def test_the_same_text_months_later_is_told_anew():
    """Horoscopes and weather: copies lie at most `copy_days` apart, and a wrong date joins nothing."""
    days = SETTINGS.copy_days

    assert found(article("a", text(1)), article("b", text(1), hours=24 * days - 1)) == {"b": ("a", "exact")}
    assert found(article("a", text(1)), article("b", text(1), hours=24 * days + 1)) == {}
    assert found(article("a", text(1)), article("b", text(1), hours=-24 * 365 * 40)) == {}


def test_furniture_makes_no_copies():
    """A template that two providers print under many headlines carries no weight, be it most of the text."""
    template = text(99, 120)
    pages = [
        article(
            f"p{n}",
            f"{text(n, 40)} {template}",
            hours=n,
            provider=f"network{n % 2}.example",
            title=" ".join(text(500 + n, 6).split()),
        )
        for n in range(12)
    ]

    late = {name for name in found(*pages) if int(name[1:]) >= 5}
    assert late == set()


def test_a_body_that_is_only_furniture_makes_no_copy():
    """An invitation to subscribe, word for word the same, under other headlines."""
    pages = [
        article(f"p{n}", text(99, 90), hours=n, provider=f"network{n % 2}.example", title=text(500 + n, 6))
        for n in range(12)
    ]

    assert {name for name in found(*pages) if int(name[1:]) >= 5} == set()
    same = replace(pages[0], id=article_id("q"), canonical_url="https://q.example/q")
    same = replace(same, provider=Provider(domain=ProviderId("q.example"), name="q"), first_seen_at=NOW)
    assert "q" not in found(*pages[1:], same)


def test_a_news_text_is_no_furniture_however_many_print_it():
    """Under headlines of their own, and with words of their own."""
    prints = [
        article(f"n{n}", f"{text(n + 50, 40 * (n % 3))} {text(1)}", hours=n, title=text(500 + n, 6)) for n in range(20)
    ]

    made = copies(*prints)
    assert len(made) == 19
    assert all(copy.is_reprint and copy.origin == prints[0].id for copy in made.values())


@pytest.mark.parametrize("letters", ["\u4e00", "\u0e01", "\u0915"])
def test_languages_without_spaces(letters: str):
    """Characters are words there; a copy that was cut is found, another text is not."""

    def script(seed: int) -> str:
        return "".join(random.Random(seed).choices([chr(ord(letters) + n) for n in range(40)], k=600))

    def spaced(value: str) -> str:
        return value if letters == "\u4e00" else " ".join(value[i : i + 7] for i in range(0, len(value), 7))

    one = spaced(script(1))
    assert found(article("a", one), article("b", one[: len(one) // 2], hours=1)) == {"b": ("a", "near")}
    assert found(article("a", one), article("b", spaced(script(2)), hours=1)) == {}


def test_a_text_of_200_000_words_is_looked_at_in_part():
    """The cost is bounded, and its copy is still found."""
    long = text(1, 200_000)
    print_ = fingerprint(article("a", long))

    assert print_.words == MOST_WORDS
    assert len(print_.keys) < 600
    assert found(article("a", long), article("b", part(long, 0, 0.02), hours=1)) == {"b": ("a", "near")}


def test_in_a_flood_a_copy_is_compared_with_few():
    """However many printed a text before, few of them are read."""
    flood = [article(f"n{n}", f"{text(1)} {text(n, 5)}", hours=n / 100) for n in range(60)]
    shelf = Shelf(flood)
    shelf.texts_read = 0
    copy = find_origin(fingerprint(flood[-1]), shelf, SETTINGS)

    assert copy is not None
    assert copy.origin == flood[0].id
    assert shelf.texts_read <= 2


def test_lone_surrogates_and_control_characters_are_no_obstacle():
    """Bad input is normal input."""
    odd = f"{text(1)} \ud800 \x00"

    assert found(article("a", text(1)), article("b", odd, hours=1)) == {"b": ("a", "exact")}


# Laws

_TEXTS = st.tuples(st.integers(0, 3), st.sampled_from([(0.0, 1.0), (0.0, 0.5), (0.3, 0.9)]), st.integers(0, 2))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(_TEXTS, st.integers(0, 5), st.sampled_from("pqr")), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_what_an_article_copies_depends_on_earlier_ones_alone(shape: list, chance: random.Random):
    """Whatever is added later, and in whatever order: the same answer.  Nobody copies himself, or his own provider."""
    articles = [
        article(f"n{i}", f"{part(text(seed), *cut)} {text(40 + i, 60 * top)}", hours=hours, provider=f"{p}.example")
        for i, ((seed, cut, top), hours, p) in enumerate(shape)
    ]
    whole = {copy.article: copy for copy in Shelf(articles).copies()}
    mixed = chance.sample(articles, len(articles))
    assert {copy.article: copy for copy in Shelf(mixed).copies()} == whole

    in_order = sorted(articles, key=lambda each: (telling(each.told_at, each.first_seen_at), each.id))
    for end in range(len(in_order)):
        for copy in Shelf(in_order[: end + 1]).copies():
            assert whole[copy.article] == copy
    domains = {each.id: each.provider.domain for each in articles}
    times = {each.id: each.told_at for each in articles}
    for copy in whole.values():
        assert domains[copy.article] != domains[copy.origin]
        assert times[copy.origin] <= times[copy.article]


_LETTERS = st.text("ab’' \n中á", max_size=40).map(lambda some: f"{some} {text(3, 30)} {some}")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=60), _LETTERS, st.integers(0, 300).map(lambda size: text(size, size)))))
def test_a_fingerprint_does_not_depend_on_those_made_with_it(texts: list):
    """Texts are read several at once: none of their words goes over into another one."""
    articles = [article(f"n{i}", each) for i, each in enumerate(texts)]

    assert fingerprints(articles) == [fingerprint(each) for each in articles]


def test_a_long_text_is_cut_among_others_as_it_is_alone():
    """Where a character is a word, a text that is too long is short enough to be read with others."""
    chance = random.Random(1)
    long = "".join(chr(0x4E00 + chance.randrange(5000)) for _ in range(MOST_WORDS + 4000))
    articles = [article(f"n{i}", each) for i, each in enumerate((text(1), long, text(2)))]

    assert fingerprints(articles) == [fingerprint(each) for each in articles]
    assert fingerprints(articles)[1].words == MOST_WORDS


@settings(max_examples=60, deadline=None)
@given(_TEXTS, _TEXTS)
def test_evidence_is_symmetric(one: tuple, other: tuple):
    """Seen from either side the same words are in common, and the longest run stands in both texts."""
    left, right = (f"{part(text(seed, 90), *cut)} {text(70, 30 * top)}" for seed, cut, top in (one, other))
    there, back = compare(left, right), compare(right, left)

    assert (there.of_copy, there.of_origin, there.longest) == (back.of_origin, back.of_copy, back.longest)
    run = left.split()[there.start : there.start + there.longest]
    assert " ".join(run) in right


@given(st.text(max_size=300), st.text(max_size=300))
@settings(deadline=None)
def test_any_text_can_be_compared(one: str, other: str):
    """Shares lie between 0 and 1; a text has all of itself in common with itself."""
    for common in (compare(one, other), compare(one, one)):
        assert 0 <= common.of_copy <= 1
        assert 0 <= common.of_origin <= 1


_LETTERS = st.text("ab’'_ -1éßİ東京のガx\u0301\U00020000\U0001f600\ud800", max_size=40)


@given(st.one_of(st.text(max_size=100), _LETTERS))
@settings(max_examples=300, deadline=None)
def test_words_are_those_of_every_other_stage(value: str):
    """Evidence counts words: whoever reads them off the text has to find the same ones."""
    lowered = unicodedata.normalize("NFKC", value).lower()
    begins, ends = word_places(lowered)

    assert [lowered[begin:end] for begin, end in zip(begins, ends, strict=True)] == words(value)


def test_moments_sort_as_articles_were_told():
    """By the time told, then by our clock, to the second; years out of range are clamped."""
    late, later = timedelta(seconds=5), timedelta(seconds=9)
    order = [(NOW, NOW), (NOW, NOW + late), (NOW, NOW + later), (NOW + late, NOW + late)]
    values = [telling(*each) for each in order]

    assert values == sorted(set(values))
    assert telling(datetime(1, 1, 1, tzinfo=UTC), NOW) < values[0]
    assert values[-1] < telling(datetime(9999, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)) < 1 << 63


def test_fingerprints_stay_valid():
    """They are stored for years: the same text must give the same keys in every release."""
    kept = fingerprint(article("a", text(1, 30)))

    assert kept.keys == (
        161770081286984,
        6860208660734,
        8403526224300,
        23039259447206,
        39578645798116,
    )
