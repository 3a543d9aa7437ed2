"""Groups grow by mutual best joins."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from news_factory import told
from numpy.typing import NDArray

from wiredesk.stories.joining import NAMES, Links, follow, join
from wiredesk.stories.vectors import Counts, Texts, day_of, raw, texts

SIZE = 8
Floats = NDArray[np.float32]


def rows() -> Texts:
    signals = [told(f"{n}", ("docks", "quota")[n % 2], n, n, hours=n) for n in range(SIZE)]
    day, counts = raw(day_of(signals[0]), signals), Counts()
    counts.add(day)
    return texts(day, counts, np.ones(SIZE, dtype=np.float32))


ROWS = rows()


def by_mean(features: Floats) -> Floats:
    """Two groups are as likely as the mean of all their pairs, the missing ones counting nothing."""
    return features[:, NAMES.index("links")] * features[:, NAMES.index("pairs that are linked")]


def nothing(left: NDArray[np.int64], right: NDArray[np.int64]) -> Floats:
    return np.zeros(len(left), dtype=np.float32)


def links(pairs: dict[tuple[int, int], float]) -> Links:
    ordered = sorted(pairs)
    return Links(
        np.array([one for one, _ in ordered], dtype=np.int64),
        np.array([other for _, other in ordered], dtype=np.int64),
        np.array([pairs[pair] for pair in ordered], dtype=np.float32),
    )


def groups(pairs: dict[tuple[int, int], float], **given: object) -> list[int]:
    return join(ROWS, links(pairs), by_mean, nothing, 0.5, **given).groups.tolist()  # type: ignore[arg-type]


some_links = st.dictionaries(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(0.25, 1.0, width=32),
    max_size=16,
)


def test_likely_pairs_join_and_others_do_not() -> None:
    """From the threshold on; a group is named by its first row."""
    assert groups({(0, 1): 0.9, (2, 3): 0.5, (4, 5): 0.4}) == [0, 0, 2, 2, 4, 5, 6, 7]


def test_no_chain_grows() -> None:
    """Each likes the next; the whole is judged, so only neighbours join."""
    found = groups({(n, n + 1): 0.8 - n / 100 for n in range(SIZE - 1)})

    assert max(np.bincount(found)) == 2


@settings(max_examples=60, deadline=None)
@given(some_links, st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(pairs: dict[tuple[int, int], float], chance) -> None:
    """Ties are broken by place."""
    ordered = links(pairs)
    mixed = np.array(chance.sample(range(len(pairs)), len(pairs)), dtype=np.int64)
    shuffled = Links(ordered.left[mixed], ordered.right[mixed], ordered.probability[mixed])

    one, other = (join(ROWS, each, by_mean, nothing, 0.5) for each in (ordered, shuffled))
    assert one.groups.tolist() == other.groups.tolist()
    assert sorted((m.into, m.gone) for m in one.merges) == sorted((m.into, m.gone) for m in other.merges)


@settings(max_examples=60, deadline=None)
@given(some_links, st.sets(st.integers(0, SIZE - 1)), st.integers(0, SIZE - 1), st.integers(0, SIZE - 1))
def test_what_is_settled_or_parted_stays_so(
    pairs: dict[tuple[int, int], float], settled: set[int], one: int, other: int
) -> None:
    """Two settled groups never join, nor do two that an editor wants apart, not even through a third."""
    fixed = np.array([row in settled for row in range(SIZE)])
    apart = [(one, other)] if one != other else []
    found = groups(pairs, settled=fixed, apart=apart)

    held = [found[row] for row in settled]
    assert len(held) == len(set(held))
    assert one == other or found[one] != found[other]


@settings(max_examples=60, deadline=None)
@given(some_links)
def test_merges_tell_how_the_groups_came_to_be(pairs: dict[tuple[int, int], float]) -> None:
    """Replayed, they give the groups; each reached the threshold, and no rival did."""
    outcome = join(ROWS, links(pairs), by_mean, nothing, 0.5)
    again = list(range(SIZE))
    for merge in outcome.merges:
        again = [merge.into if group == merge.gone else group for group in again]

    assert again == outcome.groups.tolist()
    assert all(merge.probability >= 0.5 for merge in outcome.merges)
    assert all(rival.probability < 0.5 for rival in outcome.rivals)


def test_what_is_together_from_the_start_stays_together() -> None:
    """Copies and editors' merges come in as groups."""
    start = np.array([0, 0, 2, 3, 4, 5, 6, 0])

    assert groups({(2, 7): 0.9}, groups=start)[:2] == [0, 0]
    assert groups({}, groups=start) == start.tolist()


@given(some_links)
@settings(max_examples=60)
def test_rivals_are_the_best_that_either_of_two_groups_has_elsewhere(pairs: dict[tuple[int, int], float]) -> None:
    """Whichever groups have come to be, and whatever else was judged before."""

    def watch(groups: NDArray[np.int64], one: NDArray[np.int64], other: NDArray[np.int64], features: Floats) -> None:
        linked: dict[tuple[int, int], list[float]] = {}
        for (left, right), probability in pairs.items():
            low, high = sorted((int(groups[left]), int(groups[right])))
            if low != high:
                linked.setdefault((low, high), []).append(probability)
        sizes = np.bincount(groups, minlength=SIZE)
        per_article = {ends: sum(some) / min(sizes[end] for end in ends) for ends, some in linked.items()}
        strongest = {ends: max(some) for ends, some in linked.items()}
        for ends, row in zip(zip(one.tolist(), other.tolist(), strict=True), features, strict=True):
            for values, name in ((per_article, "links per article"), (strongest, "strongest link")):
                rival = max((v for its, v in values.items() if its != ends and set(its) & set(ends)), default=0.0)
                assert np.isclose(row[NAMES.index(f"{name}, less a rival's")], values[ends] - rival, atol=1e-5)
                if name == "links per article":
                    ratio = row[NAMES.index("links per article against a rival's")]
                    assert np.isclose(ratio, values[ends] / max(rival, 0.05), rtol=1e-5)

    join(ROWS, links(pairs), by_mean, nothing, 0.3, watch=watch)


def test_who_stood_with_either_of_two_that_an_editor_united_comes_along() -> None:
    """But nobody who is settled elsewhere, or whom an editor wants apart."""
    pairs = {(0, 2): 0.9, (1, 3): 0.9, (1, 5): 0.8}
    alone = join(ROWS, links(pairs), by_mean, nothing, 0.5)
    nobody = np.zeros(SIZE, dtype=bool)

    def followed(settled: NDArray[np.bool_], apart: list[tuple[int, int]]) -> list[int]:
        outcome = join(ROWS, links({}), by_mean, nothing, 0.5, groups=np.array([0, 0, 2, 3, 4, 5, 6, 7]))
        follow(outcome, alone, np.array([0, 1]), settled, apart)
        return outcome.groups.tolist()

    assert alone.groups.tolist()[:4] == [0, 1, 0, 1]
    assert followed(nobody, []) == [0, 0, 0, 0, 4, 5, 6, 7]
    assert followed(nobody, [(2, 3)]) == [0, 0, 0, 3, 4, 5, 6, 7]
    assert followed(np.array([row in (0, 2) for row in range(SIZE)]), []) == [0, 0, 2, 0, 4, 5, 6, 7]


def test_one_provider_alone_needs_more_to_be_a_story() -> None:
    """Until another voice tells the event, too."""
    signals = [
        told(f"{n}", "docks", n, n, hours=n, provider="vendor.example" if n < 3 else "paper.example") for n in range(4)
    ]
    day, counts = raw(day_of(signals[0]), signals), Counts()
    counts.add(day)
    made = texts(day, counts, np.ones(4, dtype=np.float32))

    def grouped_with(pairs: dict[tuple[int, int], float]) -> list[int]:
        return join(made, links(pairs), by_mean, nothing, 0.3).groups.tolist()

    assert grouped_with({(0, 1): 0.7}) == [0, 1, 2, 3]
    assert grouped_with({(0, 1): 0.8}) == [0, 0, 2, 3]
    assert grouped_with({(0, 3): 0.7}) == [0, 1, 2, 0]
    assert grouped_with({(0, 1): 0.7, (0, 3): 0.75, (1, 3): 0.7}) == [0, 0, 2, 0]


def test_where_one_provider_has_nearly_all_to_say_another_voice_is_not_enough() -> None:
    """Three of four voices are nearly all; two of three are not."""
    for mine, joined in ((3, False), (2, True)):
        signals = [
            told(f"{n}", "docks", n, n, hours=n, provider="paper.example" if n == mine else "vendor.example")
            for n in range(mine + 1)
        ]
        day, counts = raw(day_of(signals[0]), signals), Counts()
        counts.add(day)
        made = texts(day, counts, np.ones(len(signals), dtype=np.float32))
        begun = np.array([0] * (mine - 1) + [mine - 1, 0])  # the other voice stands with all of the vendor's but one
        pairs = {(n, mine - 1): 0.6 for n in range(mine - 1)} | {(mine - 1, mine): 0.6}
        found = join(made, links(pairs), by_mean, nothing, 0.5, groups=begun).groups

        assert bool(found[mine - 1] == found[0]) is joined
