"""Vectors of texts, by model and text: each is made once.

They are rounded when they are kept, and are only used as kept: fresh ones and old ones are the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from wiredesk.records import ArticleId
from wiredesk.store.database import Database


class Embeddings:
    """The tables of vectors, and of the texts that stand for articles."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put_wording(self, article: ArticleId, digest: str) -> bool:
        """Note which text stands for an article.  False where it did before."""
        return self._db.run("wording_put", article, digest) == 1

    def drop_wording(self, article: ArticleId) -> bool:
        """Note that no text stands for an article.  False where none did before."""
        return self._db.run("wording_drop", article) == 1

    def worded(self, digest: str) -> list[ArticleId]:
        """Return the articles that a text stands for."""
        return [row[0] for row in self._db.all("articles_worded", digest)]

    def put(self, model: str, digest: str, vector: NDArray[np.float32]) -> None:
        """Keep the vector of a text; the first one stays."""
        self._db.run("embedding_put", model, digest, vector.astype("<f2").tobytes())

    def known(self, model: str, digest: str) -> bool:
        """Tell whether the vector of a text is kept."""
        return bool(self._db.value("embedding_known", model, digest))

    def width(self, model: str) -> int | None:
        """Return how many numbers a vector of `model` has, None where none is kept."""
        vector = self._db.value("embedding_any", model)
        return None if vector is None else len(vector) // 2

    def vectors(self, model: str, articles: Iterable[ArticleId]) -> dict[ArticleId, NDArray[np.float32]]:
        """Return the vectors, each of length 1, of those of `articles` whose text has one by `model`."""
        rows = self._db.all("embeddings_of", json.dumps(list(articles)), model)
        return {row["article"]: _unpacked(row["vector"]) for row in rows}


def _unpacked(vector: bytes) -> NDArray[np.float32]:
    """Return the vector that `put` rounded, brought to length 1 again."""
    wide = np.frombuffer(vector, "<f2").astype(np.float64)
    return (wide / np.linalg.norm(wide)).astype(np.float32)
