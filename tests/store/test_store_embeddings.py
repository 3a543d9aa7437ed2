"""Vectors in the store."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from store_factory import article, identity

from wiredesk.embed import unit
from wiredesk.store import Store

ONE, TWO = identity("https://a.example/1"), identity("https://a.example/2")
wide = arrays(np.float32, (1, 12), elements=st.floats(-1, 1, width=32)).filter(
    lambda row: bool((np.abs(row) > 0.01).any())
)


def vector(*numbers: float) -> NDArray[np.float32]:
    return unit(np.array([numbers]))[0]


@settings(deadline=None, max_examples=30)
@given(wide)
def test_vectors_are_only_seen_as_they_are_kept(row: NDArray[np.float32]) -> None:
    """In the process that keeps one as in the next: the same bytes, of length 1, and near what the model gave."""
    made = unit(row)[0]
    with TemporaryDirectory() as folder:
        with closing(Store(Path(folder) / "db")) as store:
            store.embeddings.put_wording(ONE, "d")
            store.embeddings.put("m", "d", made)
            fresh = store.embeddings.vectors("m", [ONE])[ONE]
        with closing(Store(Path(folder) / "db")) as store:
            kept = store.embeddings.vectors("m", [ONE])[ONE]

    assert kept.tobytes() == fresh.tobytes()
    assert fresh.dtype == np.float32
    assert abs(float(np.linalg.norm(fresh)) - 1) < 1e-5
    assert float(fresh @ made) > 0.999


def test_a_vector_is_found_by_the_text_and_the_model(tmp_path: Path) -> None:
    """Also by the next process; two articles with one text share it; the first vector of a text stays."""
    with closing(Store(tmp_path / "db")) as store:
        for name in (ONE, TWO):
            store.embeddings.put_wording(name, "d")
        store.embeddings.put("m", "d", vector(3, 4))
        store.embeddings.put("m", "d", vector(1, 0))
        store.embeddings.put("n", "d", vector(0, 1, 0))
    with closing(Store(tmp_path / "db")) as store:
        found = store.embeddings.vectors("m", [TWO, ONE, identity("unknown")])

        assert found.keys() == {ONE, TWO}
        assert np.allclose(found[ONE], [0.6, 0.8], atol=1e-3)
        assert store.embeddings.vectors("n", [ONE])[ONE].tolist() == [0, 1, 0]
        assert store.embeddings.vectors("o", [ONE]) == {}
        assert (store.embeddings.width("m"), store.embeddings.width("n"), store.embeddings.width("o")) == (2, 3, None)
        assert store.embeddings.known("m", "d")
        assert not store.embeddings.known("m", "e")


def test_an_article_whose_text_changed_has_no_vector_until_the_new_text_has_one() -> None:
    """Never that of a text that it does not have any more."""
    store = Store(None)
    changed = [store.embeddings.put_wording(ONE, "d"), store.embeddings.put_wording(ONE, "d")]
    store.embeddings.put("m", "d", vector(1, 0))
    changed.append(store.embeddings.put_wording(ONE, "e"))

    assert changed == [True, False, True]
    assert store.embeddings.vectors("m", [ONE]) == {}
    assert store.embeddings.worded("e") == [ONE]
    assert store.embeddings.drop_wording(ONE)
    assert not store.embeddings.drop_wording(ONE)


def test_vectors_outlive_a_rebuild_and_an_article_that_is_dropped_leaves_no_text() -> None:
    """They cost hours; which text stands for which article is found anew."""
    store = Store(None)
    store.articles.put(article("https://a.example/1"), digest="w", text_digest="t", signal="{}")
    for name in (ONE, TWO):
        store.embeddings.put_wording(name, "d")
    store.embeddings.put("m", "d", vector(1, 0))
    store.articles.drop(ONE)
    assert store.embeddings.worded("d") == [TWO]
    store.forget_derived()

    assert store.embeddings.worded("d") == []
    assert store.embeddings.known("m", "d")


def test_more_articles_may_be_asked_for_than_a_statement_has_places() -> None:
    """A day of a large site."""
    store = Store(None)
    store.embeddings.put("m", "d", vector(1, 0))
    articles = [identity(f"https://a.example/{number}") for number in range(40_000)]
    with store.transaction():
        for name in articles[::2]:
            store.embeddings.put_wording(name, "d")

    assert store.embeddings.vectors("m", articles).keys() == set(articles[::2])
