"""The log of decisions, and the memory of pages."""

from __future__ import annotations

import pytest
from store_factory import HOUR, NOON, identity

from wiredesk.store import Document, Store

A, B, C = (identity(f"https://a.example/{n}") for n in range(3))


def test_a_decision_is_kept_with_its_undo() -> None:
    """Nothing is deleted: who decided what, when, and who took it back."""
    store = Store(None)
    first = store.decisions.add(NOON, "ada", "together", B, A)
    second = store.decisions.add(NOON + HOUR, "bo", "apart", A, C)

    assert first < second
    assert store.decisions.undo(first, NOON + 2 * HOUR, "cy")
    assert not store.decisions.undo(first, NOON + 3 * HOUR, "di")
    assert not store.decisions.undo(99, NOON, "di")
    one, two = store.decisions.all()
    assert (one.who, one.kind, {one.one, one.other}) == ("ada", "together", {A, B})
    assert (one.undone_by, one.undone_at) == ("cy", NOON + 2 * HOUR)
    assert two.undone_at is None
    assert store.decisions.standing() == [two]


def test_the_last_decision_on_a_pair_stands() -> None:
    """In whatever order the two are named."""
    store = Store(None)
    store.decisions.add(NOON, "ada", "together", A, B)
    last = store.decisions.add(NOON, "bo", "apart", B, A)

    assert [each.id for each in store.decisions.standing()] == [last]


def test_refuses_one_article() -> None:
    """It is always with itself."""
    with pytest.raises(ValueError, match="two articles"):
        Store(None).decisions.add(NOON, "ada", "apart", A, A)


def test_decisions_and_pages_outlive_a_rebuild() -> None:
    """Neither can be computed from the captures."""
    store = Store(None)
    store.decisions.add(NOON, "ada", "together", A, B)
    store.ledger.commit(1, [Document("public/story/s1/index.html", "story:s1", "i", "o")], [], [])
    store.forget_derived()

    assert len(store.decisions.standing()) == 1
    assert store.ledger.had_page("s1")


def test_a_page_is_remembered_when_it_is_gone() -> None:
    """Pages of stories only."""
    store = Store(None)
    page = Document("public/story/s1/index.html", "story:s1", "i", "o")
    store.ledger.commit(1, [page, Document("public/index.html", "front", "i", "o")], [], [])
    store.ledger.commit(2, [], [page.key], [])

    assert store.ledger.had_page("s1")
    assert not store.ledger.had_page("front") and not store.ledger.had_page("s2")
