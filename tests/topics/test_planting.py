"""The tree of a new site: what a person would expect of the words on the command line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.topics import build_tree, plant


@pytest.mark.parametrize(
    ("title", "folder", "topic", "called"),
    [
        (None, "azure", "Azure", "Azure"),
        (None, "power-apps", "Power Apps", "Power Apps"),
        ("azure", "x", "Azure", "azure"),
        ("Straße", "x", "STRASSE", "Straße"),
    ],
)
def test_a_topic_that_is_called_as_the_site_is_the_sites_own(title: str | None, folder: str, topic: str, called: str):
    """Its keywords are the root's; other topics stand below that."""
    root, below = plant(title, [(topic, ["azure"]), ("Cosmos", ["cosmos db"])], folder=folder)

    assert (root.name, root.parent, root.keywords) == (called, None, ("azure",))
    assert (below.id, below.parent, below.keywords) == ("cosmos", called, ("cosmos db",))


def test_names_that_would_have_one_address_get_several():
    """So do names without a letter, and one that the JSON API uses itself."""
    names = ["C", "C++", "C#", "!", "?", "Collections"]
    tree = plant("c", [(name, [name]) for name in names], folder="x")

    assert [topic.id for topic in tree] == ["c", "c-2", "c-3", "topic", "topic-2", "collections-2"]


@pytest.mark.parametrize(("name", "id"), [("人工知能", "rengongzhineng"), ("Łódź", "lodz"), ("Погода", "pogoda")])
def test_names_of_every_script_have_an_address(name: str, id: str):
    """In Latin letters."""
    assert plant(name, [], folder="x")[0].id == id


def test_one_topic_twice_is_a_mistake():
    """Which of the keywords count would be a guess."""
    with pytest.raises(ValueError, match=r"'Sea ports' and 'sea-ports' are one topic: name it once"):
        plant("x", [("Sea ports", ["a"]), ("sea-ports", ["b"])], folder="x")


@given(
    st.none() | st.text(min_size=1).filter(str.strip),
    st.lists(st.text(min_size=1).filter(str.strip), max_size=6, unique_by=lambda name: name.casefold()),
)
def test_a_planted_tree_has_no_problem(title: str | None, names: list[str]):
    """Whatever the site and its topics are called."""
    try:
        tree = plant(title, [(name, [name]) for name in names], folder="news")
    except ValueError:
        return

    assert not build_tree(tree).problems
    for topic in tree:
        assert set(topic.id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
