"""Folders with models of sentence-transformers; a small one is made here where that is installed."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from wiredesk.embed import FolderEmbedder
from wiredesk.errors import EmbeddingError

INSTALLED = find_spec("sentence_transformers") is not None
TEXTS = ["the ferry sails", "the ferry", "goat", "", "\x00", "a much longer text of the ferry " * 9]
needs_it = pytest.mark.skipif(
    not INSTALLED, reason="sentence-transformers is not installed: pip install 'wiredesk[embedding-folder]'"
)
pytestmark = pytest.mark.filterwarnings("ignore")  # those of torch and transformers are not ours


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer of two layers whose weights are chance."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    raw = tmp_path_factory.mktemp("raw")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz", "ferry", "sails", "goat"]
    torch.manual_seed(7)
    size = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(vocabulary), **size)).save_pretrained(raw)
    BertTokenizerFast(vocab={word: place for place, word in enumerate(vocabulary)}).save_pretrained(raw)
    made = tmp_path_factory.mktemp("model") / "small"
    SentenceTransformer(str(raw), device="cpu").save(str(made))
    return made


@needs_it
def test_a_folder_gives_unit_rows_whatever_comes_together(folder: Path) -> None:
    """To the last bit."""
    model = FolderEmbedder(folder)
    whole = model.embed(TEXTS)

    assert np.allclose(np.linalg.norm(whole, axis=1), [1, 1, 1, 0, 0, 1], atol=1e-5)
    assert np.array_equal(model.embed(TEXTS[::-1])[::-1], whole)
    assert np.array_equal(np.concatenate([model.embed([text]) for text in TEXTS]), whole)
    assert np.array_equal(FolderEmbedder(folder).embed(TEXTS), whole)


@needs_it
def test_the_name_of_a_model_follows_its_files_and_the_prefix(folder: Path, tmp_path: Path) -> None:
    """So vectors of another model under the same name are never compared with its own."""
    other = tmp_path / folder.name
    shutil.copytree(folder, other)
    same = FolderEmbedder(other).model
    weights = next(other.rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")

    assert same == FolderEmbedder(folder).model
    assert len({same, FolderEmbedder(other).model, FolderEmbedder(folder, "query: ").model}) == 3


@needs_it
def test_a_prefix_is_read_with_each_text(folder: Path) -> None:
    """Texts without words have no vector all the same."""
    plain, prefixed = (
        FolderEmbedder(folder).embed(["goat ferry", ""]),
        FolderEmbedder(folder, "goat ").embed(["ferry", ""]),
    )

    assert np.array_equal(plain, prefixed)


@needs_it
def test_a_damaged_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    """Nothing is asked of a hub for what it lacks."""
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    model = FolderEmbedder(tmp_path)

    with pytest.raises(EmbeddingError, match="cannot be used") as raised:
        model.embed(["a"])
    assert raised.value.where == str(tmp_path)


@pytest.mark.parametrize("name", ["nowhere", "all-MiniLM-L6-v2", "."])
def test_what_is_no_folder_with_a_model_is_named(tmp_path: Path, name: str) -> None:
    """The name of a model on a hub is none."""
    with pytest.raises(EmbeddingError, match="is no folder with a model"):
        FolderEmbedder(tmp_path / name)


@pytest.mark.skipif(INSTALLED, reason="sentence-transformers is installed here")
def test_the_missing_library_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    """The folder alone is not enough."""
    (tmp_path / "config.json").write_text("{}")

    with pytest.raises(EmbeddingError, match=r"pip install 'wiredesk\[embedding-folder\]'"):
        FolderEmbedder(tmp_path)
