"""Trees evaluated for all rows at once say what they say one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wiredesk.forest import Forest

NUMBERS = st.floats(-4, 4, width=32)


@settings(deadline=None)
@given(st.data())
def test_each_row_finds_its_leaf(data):
    """The answers of a tree's levels, first level lowest, are the bits of the leaf's number."""
    trees, depth, columns = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4)), 5
    forest = Forest(
        columns=data.draw(arrays(np.intp, (trees, depth), elements=st.integers(0, columns - 1))),
        borders=data.draw(arrays(np.float32, (trees, depth), elements=NUMBERS)),
        leaves=data.draw(arrays(np.float32, (trees, 2**depth), elements=NUMBERS)),
        bias=data.draw(NUMBERS),
    )
    rows = data.draw(arrays(np.float32, (3, columns), elements=NUMBERS))

    found = forest.probability(rows)

    for row, probability in zip(rows, found, strict=True):
        total = forest.bias
        for tree in range(trees):
            answers = [row[forest.columns[tree, level]] > forest.borders[tree, level] for level in range(depth)]
            total += forest.leaves[tree, sum(bool(answer) << level for level, answer in enumerate(answers))]
        assert np.isclose(probability, 1 / (1 + np.exp(-total)), atol=1e-5)
