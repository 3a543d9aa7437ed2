"""Any model of sentence-transformers that lies in a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wiredesk.embed.embedder import one_by_one
from wiredesk.errors import EmbeddingError

_LOOKED_AT = 2**20  # bytes at either end of a file that tell one model from another
_MARKS = ("modules.json", "config.json")  # one of them lies in every such folder


class FolderEmbedder:
    """A folder as `SentenceTransformer.save` writes it; on the GPU where there is one.

    Args:
        folder: A path, never the name of a model on a hub.
        prefix: Put before each text, as some models want it.

    Raises:
        EmbeddingError: there is no such model, or sentence-transformers is not installed.
    """

    def __init__(self, folder: Path, prefix: str = "") -> None:
        if not any((folder / mark).is_file() for mark in _MARKS):
            what = f"is no folder with a model: it holds neither {' nor '.join(_MARKS)}"
            raise EmbeddingError(str(folder), what, "name the folder that sentence-transformers saved")
        if find_spec("sentence_transformers") is None:
            command = "pip install 'wiredesk[embedding-folder]'"
            raise EmbeddingError("sentence-transformers", "is not installed", f"install it with: {command}")
        self.model = f"{folder.name} {_digest(folder, prefix)}"
        self._folder, self._prefix = folder, prefix
        self._loaded: tuple[int, Callable[[str], NDArray[np.float32]]] | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows, as `Embedder` says."""
        try:
            if self._loaded is None:
                self._loaded = _load(self._folder)
            width, embed = self._loaded
            return one_by_one([self._prefix + text if text.strip() else "" for text in texts], embed, width)
        except Exception as error:  # the edge: a damaged folder, no memory on the GPU
            what = f"cannot be used: {type(error).__name__}: {error}"
            raise EmbeddingError(str(self._folder), what, "try it with sentence-transformers alone") from error


def _load(folder: Path) -> tuple[int, Callable[[str], NDArray[np.float32]]]:
    os.environ["HF_HUB_OFFLINE"] = "1"  # read when it is imported; parts that the folder lacks are an error
    import torch
    from sentence_transformers import SentenceTransformer

    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = SentenceTransformer(str(folder), device=device, local_files_only=True, trust_remote_code=False)

    def embed(text: str) -> NDArray[np.float32]:
        return np.asarray(model.encode([text], show_progress_bar=False)[0], np.float32)

    return len(embed("a")), embed


def _digest(folder: Path, prefix: str) -> str:
    """Return 12 hex digits that stand for the files of a model (names, sizes, both ends of each) and the prefix."""
    seen = sha256(prefix.encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        size = path.stat().st_size
        seen.update(f"\0{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            seen.update(file.read(_LOOKED_AT))
            file.seek(max(0, size - _LOOKED_AT))
            seen.update(file.read())
    return seen.hexdigest()[:12]
