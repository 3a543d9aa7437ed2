"""Who prints whose text."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import StorySettings
from wiredesk.identify import CopyInfo, bands, fingerprint, resolve, share
from wiredesk.records import ArticleId, Copy

NOW = datetime(2026, 9, 7, 12, 0, tzinfo=UTC)
SETTINGS = StorySettings()
_CHANCE = random.Random(7)
_VOCABULARY = ["".join(_CHANCE.choices("abcdefghijklmnopqrst", k=6)) for _ in range(4000)]


def text(seed: int, length: int = 300) -> str:
    """Words without meaning, the same for the same seed."""
    return " ".join(random.Random(seed).choices(_VOCABULARY, k=length))


def info(name: str, words: str, *, hours: float = 0, provider: str | None = None, title: str = "Title") -> CopyInfo:
    """An article told `hours` after noon, by a provider of its own unless named."""
    at = NOW + timedelta(hours=hours)
    own = provider or f"{name}.example"
    return CopyInfo(
        id=ArticleId(name), provider=own, told_at=at, first_seen_at=at, fingerprint=fingerprint(title, words)
    )


def found(*infos: CopyInfo) -> dict[str, str]:
    """Copy -> origin."""
    return {copy.article: copy.origin for copy in resolve(infos, SETTINGS)}


def test_the_same_text_elsewhere_is_an_exact_copy_of_who_told_it_first():
    """With a credit, too."""
    words = text(1)
    (copy,) = resolve([info("b", f"(Meridian Wire) - {words}", hours=1), info("a", words)], SETTINGS)

    assert copy == Copy(article=copy.article, origin=copy.origin, kind="exact", share=1.0, reason=copy.reason)
    assert (copy.article, copy.origin) == ("b", "a")
    assert "a.example" in copy.reason


def test_reprints_that_were_cut_or_have_a_local_top_are_copies():
    """What counts is how much of the shorter text stands in the other."""
    words = text(1)
    cut, topped = " ".join(words.split()[:160]), f"{text(2, 60)} {words}"

    assert found(info("a", words), info("b", cut, hours=1), info("c", topped, hours=2)) == {"b": "a", "c": "a"}


def test_texts_of_their_own_are_no_copies():
    """Not even with a common paragraph."""
    quote = text(9, 40)

    assert found(info("a", f"{text(1)} {quote}"), info("b", f"{text(2)} {quote}", hours=1)) == {}


def test_one_provider_is_one_voice():
    """Its own repeats, and an edited article that moved, are never copies."""
    assert found(info("a", text(1), provider="x.example"), info("b", text(1), hours=1, provider="x.example")) == {}


def test_short_texts_are_copies_only_when_they_are_the_same():
    """A likeness of few words says nothing."""
    note = "The ferry does not sail today because of the storm."

    assert found(info("a", note), info("b", note, hours=1)) == {"b": "a"}
    assert found(info("a", note), info("b", note, hours=1, title="Another")) == {}
    assert found(info("a", note), info("b", note.replace("today", "tonight"), hours=1)) == {}


def test_the_same_text_months_later_is_told_anew():
    """Copies lie at most `copy_days` apart."""
    assert found(info("a", text(1)), info("b", text(1), hours=24 * 60)) == {}


def test_no_chain_grows():
    """Each copy is like its origin itself: texts that drift step by step end up with several origins."""
    words = text(1).split()
    drifting = [
        info(f"n{step}", " ".join(words[step * 60 :] + text(5, step * 60).split()), hours=step) for step in range(5)
    ]

    for copy in resolve(drifting, SETTINGS):
        origin, article = (next(i for i in drifting if i.id == each) for each in (copy.origin, copy.article))
        assert share(origin.fingerprint, article.fingerprint) >= SETTINGS.copy_similarity


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.sampled_from(["p", "q", "r"])), min_size=1, max_size=8),
    st.randoms(),
)
def test_the_order_of_arrival_does_not_matter(shape: list[tuple[int, int, str]], chance: object):
    """The same articles give the same copies."""
    infos = [info(f"n{i}", text(seed), hours=hours, provider=p) for i, (seed, hours, p) in enumerate(shape)]
    mixed = list(infos)
    chance.shuffle(mixed)  # type: ignore[attr-defined]

    assert resolve(mixed, SETTINGS) == resolve(infos, SETTINGS)


def test_texts_that_are_alike_meet_in_the_index():
    """They share a band; strangers do not."""
    words = text(1)
    half = " ".join(words.split()[:180])
    one, cut, other = (set(bands(fingerprint("", each))) for each in (words, half, text(2)))

    assert one & cut
    assert not one & other


def test_fingerprints_stay_valid():
    """They are stored for years: the same text must give the same digits in every release."""
    kept = fingerprint(
        "Strike begins",
        "Dock workers walked out of three terminals at six in the morning, and no container has moved since then. "
        "The union speaks of a beginning, the company of a mistake.",
    )

    assert kept.exact == "b0986661e2ad56a6a621b3f785155168"
    assert kept.minhash[:32] == "0a70cd9c0440b23a05eb189a01ad3c3f"
    assert kept.shingles == 27
