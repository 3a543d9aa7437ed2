"""The topic tree: files as the reference writes them, and mistakes that people make in theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.errors import UnreadableError
from wiredesk.records import Topic
from wiredesk.topics.tree import build_tree, read_topic, write_topic

RECORDS = Path(__file__).parents[2].parent / "shared" / "data" / "records"
ROOT, CHILD, LEAF = (
    Topic(id="ai", name="AI"),
    Topic(id="nlp", name="NLP", parent="AI", keywords=("nlp",)),
    Topic(id="speech", name="Speech", parent="NLP"),
)


def test_reads_the_first_document_only():
    """Some files of the reference end in a stray line `---`."""
    topic = read_topic(b"taxonomy: topic\n_id: x\nname: 2024\nkeywords:\n  - No\n---\n", "x.yaml")

    assert (topic.name, topic.keywords) == ("2024", ("No",))


def test_reads_and_writes_every_topic_of_the_reference():
    """All values are kept; the trees have no problems."""
    sites = [folder for folder in sorted(RECORDS.glob("*/_data/topics")) if folder.is_dir()]
    if not sites:
        pytest.skip(f"{RECORDS} is not here")
    for site in sites:
        files = sorted(site.glob("*.yaml"))
        topics = [read_topic(file.read_bytes(), file.name) for file in files]

        assert [read_topic(write_topic(topic), topic.name) for topic in topics] == topics
        tree = build_tree(topics, [file.name for file in files])
        assert tree.topics == tuple(topics)
        assert not tree.problems
        assert tree.root == topics[0]


texts = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(texts, texts, st.lists(texts, max_size=3))
def test_any_text_survives_writing(name: str, description: str, words: list[str]):
    """Names and keywords are text, whatever YAML would take them for."""
    topic = Topic(id="x", name=name, description=description, keywords=tuple(words), exclude=tuple(words))

    assert read_topic(write_topic(topic), "x.yaml") == topic


@pytest.mark.parametrize(
    ("data", "where", "what"),
    [
        (b"name: x\n", "t.yaml:1", "_id is missing"),
        (b"_id: x\n\nname: [a]\n", "t.yaml:3", "name is missing or no text"),
        (b"_id: ../x\nname: x\n", "t.yaml:1", "stands in addresses"),
        (b"_id: x\nname: x\nkeyword: y\n", "t.yaml:3", "is no key of a topic"),
        (b"_id: x\nname: x\nkeywords: y\n", "t.yaml:3", "list of texts"),
        (b"_id: x\nname: 'x\n", "t.yaml:3", "is not YAML"),
        (b"- x\n", "t.yaml:1", "no topic"),
        (b"", "t.yaml:1", "no topic"),
        (b"_id: x\nname: \xff\n", "t.yaml:2", "UTF-8"),
        (b"[" * 5000, "t.yaml", "is not YAML"),
    ],
)
def test_says_where_and_what_is_wrong(data: bytes, where: str, what: str):
    """Errors name file and line."""
    with pytest.raises(UnreadableError, match=what) as caught:
        read_topic(data, "t.yaml")
    assert caught.value.where.startswith(where)


def test_a_sound_tree():
    """Topics in file order, found by name and by id."""
    tree = build_tree([ROOT, CHILD, LEAF])

    assert list(tree) == [ROOT, CHILD, LEAF]
    assert tree.children("AI") == (CHILD,)
    assert tree.by_id["nlp"] is tree.by_name["NLP"]
    assert tree.problems == ()


@pytest.mark.parametrize(
    ("topics", "what"),
    [
        ([ROOT, Topic(id="x", name="X", parent="Y")], "is no topic"),
        ([ROOT, Topic(id="ai", name="X", parent="AI")], "has the _id 'ai', which AI has, too"),
        ([ROOT, Topic(id="x", name="AI", parent="AI")], "is called 'AI', which AI is, too"),
        ([ROOT, Topic(id="x", name="X")], "without a parent"),
        ([ROOT, Topic(id="x", name="X", parent="Y"), Topic(id="y", name="Y", parent="X")], "own ancestor"),
        ([Topic(id="x", name="X", parent="Y"), Topic(id="y", name="Y", parent="X")], "no topic is without"),
        ([ROOT, Topic(id="x", name="X", parent="X")], "own ancestor"),
    ],
)
def test_a_tree_with_a_mistake_still_stands(topics: list[Topic], what: str):
    """One problem each; every topic that is left leads to the one root."""
    tree = build_tree(topics)

    assert [what in problem.what for problem in tree.problems] == [True]
    assert tree.root is not None
    for topic in tree:
        above, steps = topic, 0
        while above.parent is not None:
            above, steps = tree.by_name[above.parent], steps + 1
            assert steps <= len(tree.topics)
        assert above == tree.root


def test_an_empty_tree():
    """A site without topics has no root."""
    assert build_tree([]).root is None
