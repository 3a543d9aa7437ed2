"""What an embedder is, what of an article it is given, and the form of its vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wiredesk.records import Article
from wiredesk.text import clean, shorten

LEDE_LETTERS = 300  # an event is told at the top; measured in docs/decisions/0020-embeddings.md


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def model(self) -> str:
        """Names model and version: vectors of two models are never compared."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a row for each text, shape (n, d), of length 1; zeros where the model finds nothing to read in it.

        Raises:
            EmbeddingError: the model cannot be loaded or asked; no text has a row.
        """
        ...


def wording(article: Article) -> str:
    """Return what of an article is embedded: its title and the beginning of its text; "" where it has neither."""
    lede = shorten((article.text or article.excerpt)[: 2 * LEDE_LETTERS], LEDE_LETTERS)
    return clean(f"{article.title}\n{lede}").strip()


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the rows of `vectors`, shape (n, d), brought to length 1; rows that have no direction become zeros."""
    rows = np.where(np.isfinite(vectors).all(axis=1, keepdims=True), vectors, 0).astype(np.float64)
    for measure in (np.abs(rows).max(axis=1, initial=0, keepdims=True), None):  # first within reach of squares
        size = np.linalg.norm(rows, axis=1, keepdims=True) if measure is None else measure
        rows = np.divide(rows, size, out=np.zeros_like(rows), where=size > 0)
    return rows.astype(np.float32)


def one_by_one(texts: Sequence[str], embed: Callable[[str], NDArray[np.float32]], width: int) -> NDArray[np.float32]:
    """Return `embed(text)` for each text, as unit rows of `width` numbers.

    One text a call: products of matrices round differently in batches of different shape, so that in batches a text's
    vector would depend on what arrived with it.  Control characters end a text for some models, and are dropped.
    """
    rows = np.zeros((len(texts), width), np.float32)
    for row, text in zip(rows, map(clean, texts), strict=True):
        if text.strip():
            row[:] = embed(text)
    return unit(rows)
