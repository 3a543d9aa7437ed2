"""Any model of sentence-transformers that lies in a folder."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wiredesk.embed.embedder import one_by_one, unit
from wiredesk.errors import EmbeddingError
from wiredesk.text import clean

_LOOKED_AT = 2**20  # bytes at either end of a file that tell one model from another
_TOGETHER = 64  # texts in one call of the GPU
_LONGEST = 512  # tokens, where a model does not say
_MARKS = ("modules.json", "config.json")  # one of them lies in every such folder

_Embed = Callable[[Sequence[str]], NDArray[np.float32]]


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
        self._loaded: _Embed | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows, as `Embedder` says."""
        try:
            if self._loaded is None:
                self._loaded = _load(self._folder)
            return self._loaded([self._prefix + text if clean(text).strip() else "" for text in texts])
        except Exception as error:  # the edge: a damaged folder, no memory on the GPU
            what = f"cannot be used: {type(error).__name__}: {error}"
            raise EmbeddingError(str(self._folder), what, "try it with sentence-transformers alone") from error


def _load(folder: Path) -> _Embed:
    os.environ["HF_HUB_OFFLINE"] = "1"  # read when it is imported; parts that the folder lacks are an error
    import torch
    from sentence_transformers import SentenceTransformer

    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = SentenceTransformer(str(folder), device=device, local_files_only=True, trust_remote_code=False)

    def embed(text: str) -> NDArray[np.float32]:
        return np.asarray(model.encode([text], show_progress_bar=False)[0], np.float32)

    def embed_on_gpu(texts: Sequence[str]) -> NDArray[np.float32]:
        """One text a call leaves a GPU idle (measured: 20 times slower), so texts share calls of one shape.

        Then a row does not depend on the others: the length is that of the text, rounded up to a power of two, and the
        number of texts is always the same.
        """
        rows = np.zeros((len(texts), width), np.float32)
        prompt = model.prompts.get(model.default_prompt_name) or ""
        most = model.max_seq_length or _LONGEST
        cleaned = [clean(text) for text in texts]
        lengths = defaultdict(list)
        tokenized = model.tokenizer([prompt + text for text in cleaned], verbose=False)["input_ids"]
        for place, tokens in enumerate(tokenized):
            if cleaned[place].strip():
                lengths[min(most, 1 << (len(tokens) - 1).bit_length())].append(place)
        for length, places in lengths.items():
            for at in range(0, len(places), _TOGETHER):
                part = places[at : at + _TOGETHER]
                filled = [prompt + cleaned[place] for place in part] + [""] * (_TOGETHER - len(part))
                form = {"padding": "max_length", "truncation": True, "max_length": length, "return_tensors": "pt"}
                with torch.inference_mode():
                    found = model(model.tokenizer(filled, **form).to(device))["sentence_embedding"]
                rows[part] = found[: len(part)].float().cpu().numpy()
        return unit(rows)

    width = len(embed("a"))
    if device == "cuda" and callable(model.tokenizer):  # static models have another kind of tokenizer, and are quick
        return embed_on_gpu
    return lambda texts: one_by_one(texts, embed, width)


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
