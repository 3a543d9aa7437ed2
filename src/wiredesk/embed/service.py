"""A model that somebody else runs, asked over the network by what `fetch` offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from wiredesk.embed.embedder import unit
from wiredesk.text import clean


class ServiceEmbedder:
    """A model behind an address.

    What it gives may depend on its load, its version and what else is in a request; the first answer for a text is
    kept, and stays.

    Args:
        ask: Gives a row of numbers for each text, shape (n, d); raises EmbeddingError.
        prefix: Put before each text, as some models want it.
    """

    def __init__(self, model: str, ask: Callable[[Sequence[str]], NDArray[np.float64]], prefix: str = "") -> None:
        self.model = f"{model} {prefix!r}" if prefix else model
        self._ask, self._prefix = ask, prefix

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows, as `Embedder` says."""
        return unit(self._ask([self._prefix + clean(text) for text in texts]))
