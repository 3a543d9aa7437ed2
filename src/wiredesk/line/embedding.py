"""Texts of articles get their vectors, where a model is configured.

An article has the vector of its present text, or none.  Where the model fails now, the article is grouped by its words
alone, its text stays owed ("vector"), and its day is placed again once the vector is there: vectors that come late and
those that were there at once give the same stories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from wiredesk.embed import Embedder, wording
from wiredesk.errors import EmbeddingError
from wiredesk.line.room import Room
from wiredesk.records import Article, ArticleId, Problem
from wiredesk.text import digest

_BATCH = 128  # what is done in one transaction
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_RESERVED = frozenset({"noai", "tdm-reservation"})  # such words are not handed to others


def embed_articles(room: Room) -> None:
    """Note which text stands for each changed article, and have the texts that are new embedded."""
    _owe_all_when_the_model_changed(room)
    if room.embedder is None:
        for step in ("embed", "vector"):
            room.store.intake.paid(step, room.store.intake.owed(step))
        return
    _word(room, room.embedder)
    failed = any(problem.stage == "embed" for problem in room.problems)  # in this run: it is not asked once more
    if (texts := room.store.intake.owed_count("vector")) and not failed:
        with room.step("Embedding", texts) as advance:
            while owed := room.store.intake.owed("vector", _BATCH):
                if not _embed(room, room.embedder, owed):
                    break
                advance(len(owed))


def vectors_of(room: Room, articles: Iterable[ArticleId]) -> Mapping[ArticleId, NDArray[np.float32]]:
    """Return the vectors, each of length 1 and all of one width, of those of `articles` that have one."""
    return {} if room.embedder is None else room.store.embeddings.vectors(room.embedder.model, articles)


def _owe_all_when_the_model_changed(room: Room) -> None:
    used = room.embedder.model if room.embedder else ""
    if (room.store.intake.get("embedding") or "") == used:
        return
    with room.store.transaction():
        room.store.intake.owe("embed", room.store.articles.ids())
        room.store.intake.owe("place", [day for day, _ in room.store.articles.days_from(_BEGINNING)[:1]])
        room.store.intake.put("embedding", used)


def _word(room: Room, embedder: Embedder) -> None:
    while owed := room.store.intake.owed("embed", _BATCH):
        with room.store.transaction():
            for article in filter(None, map(room.store.articles.get, map(ArticleId, owed))):
                _word_one(room, embedder, article)
            room.store.intake.paid("embed", owed)


def _word_one(room: Room, embedder: Embedder, article: Article) -> None:
    text = _wording(room, article)
    key = digest(text)[:32]
    if text:
        changed = room.store.embeddings.put_wording(article.id, key)
        if not room.store.embeddings.known(embedder.model, key):
            room.store.intake.owe("vector", [key])
    else:
        changed = room.store.embeddings.drop_wording(article.id)
    if changed:
        room.store.intake.owe("place", [article.told_at.date().isoformat()])


def _wording(room: Room, article: Article) -> str:
    """Return the text that stands for an article; "" where it has none, or none that may leave this machine."""
    if room.settings.embedding.kind == "openai" and _RESERVED & set(article.opt_outs):
        return ""
    return wording(article)


def _embed(room: Room, embedder: Embedder, owed: list[str]) -> bool:
    """Embed the texts with these digests.  False where the model fails: they stay owed."""
    texts: dict[str, str] = {}
    for key in owed:
        told = room.store.embeddings.worded(key)
        article = room.store.articles.get(told[0]) if told else None
        if article is not None and not room.store.embeddings.known(embedder.model, key):
            texts[key] = wording(article)
    try:
        vectors = embedder.embed(list(texts.values()))
        if texts:
            _check_width(room, embedder, vectors.shape[1])
    except EmbeddingError as error:
        what = f"{error.what}; {error.now}"
        now = "articles without a vector are grouped by their words; the next run asks again, and groups them anew"
        room.report(Problem(where=error.where, what=what, now=now, stage="embed"))
        return False
    with room.store.transaction():
        for key, vector in zip(texts, vectors, strict=True):
            if vector.any():
                room.store.embeddings.put(embedder.model, key, vector)
                found = map(room.store.articles.digests, room.store.embeddings.worded(key))
                room.store.intake.owe("place", {each.told_at.date().isoformat() for each in found if each})
        room.store.intake.paid("vector", owed)
    return True


def _check_width(room: Room, embedder: Embedder, width: int) -> None:
    known = room.store.embeddings.width(embedder.model)
    if known not in (None, width):
        what = f"gives vectors of {width} numbers, and gave {known} before: it is another model now"
        raise EmbeddingError(embedder.model, what, "give it a name of its own")
