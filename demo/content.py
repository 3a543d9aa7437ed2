"""The content files: what each paper printed, and how the page changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml

Block = tuple[Literal["p", "h2", "quote", "list"], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A later state of a page."""

    at: datetime
    title: str | None
    replace: tuple[tuple[str, str], ...]
    note: str | None


@dataclass(frozen=True, kw_only=True)
class Text:
    """One content file."""

    path: str  # "dock-strike/03-meridianwire-strike-begins": story folder and name
    provider: str
    title: str
    excerpt: str
    authors: tuple[str, ...]
    published: datetime
    seen: datetime
    section: str
    language: str
    story: str
    kind: str
    body: str
    original: Text | None = None  # whose body this one reprints
    keep: int | None = None  # paragraphs of it
    amp: bool = False
    picture: str | None = None
    caption: str = ""
    credit: str = ""
    tags: tuple[str, ...] = ()
    revisions: tuple[Revision, ...] = field(default=())

    def title_at(self, moment: datetime) -> str:
        """Return the headline that stood over it at `moment`."""
        titles = [revision.title for revision in self.revisions if revision.title and revision.at <= moment]
        return titles[-1] if titles else self.title

    def changed_at(self, moment: datetime) -> datetime:
        """Return when the page was last changed before `moment`."""
        return max([self.published, *(r.at for r in self.revisions if r.at <= moment)])

    def blocks_at(self, moment: datetime) -> list[Block]:
        """Return the text as it stood at `moment`; a reprint is the original's text of the hour it was taken."""
        body, notes = self.body, []
        for revision in self.revisions:
            if revision.at <= moment:
                for old, new in revision.replace:
                    body = body.replace(old, new)
                notes += [revision.note] if revision.note else []
        blocks = _blocks(body)
        if self.original:
            blocks += self.original.blocks_at(self.published)[: self.keep]
        return blocks + [("p", (note,)) for note in notes]


def read_content(folder: Path) -> list[Text]:
    """Return all content files below `folder`, by time of publication.

    Raises:
        ValueError: a file breaks the format; names it.
    """
    raw = {f"{p.parent.name}/{p.stem}": _front_matter(p) for p in sorted(folder.glob("*/*.md"))}
    texts: dict[str, Text] = {}
    for path in sorted(raw, key=lambda path: "copy_of" in raw[path][0]):  # originals first
        texts[path] = _text(path, *raw[path], texts)
    return sorted(texts.values(), key=lambda text: (text.published, text.path))


def _front_matter(path: Path) -> tuple[dict[str, Any], str]:
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ValueError(f"{path}: no front matter between two lines of ---")
    return yaml.safe_load(parts[1]), parts[2].strip()


def _text(path: str, given: Mapping[str, Any], body: str, known: Mapping[str, Text]) -> Text:
    author = given.get("author") or ()
    original = None
    if "copy_of" in given:
        name = f"{path.partition('/')[0]}/{given['copy_of']}"
        if name not in known:
            raise ValueError(f"{path}: copy_of names {name}, which there is not")
        original = known[name]
    text = Text(
        path=path,
        provider=given["provider"],
        title=given["title"],
        excerpt=given.get("excerpt") or "",
        authors=(author,) if isinstance(author, str) else tuple(author),
        published=given["published"],
        seen=given["seen"],
        section=given["section"],
        language=given["language"],
        story=given["story"],
        kind=given["kind"],
        body=body,
        original=original,
        keep=given.get("keep_paragraphs"),
        amp=bool(given.get("amp")),
        picture=given.get("picture"),
        caption=given.get("caption") or "",
        credit=given.get("credit") or "",
        tags=tuple(given.get("feed_tags") or ()),
        revisions=tuple(
            Revision(
                at=r["at"],
                title=r.get("title"),
                replace=tuple((old, new) for old, new in r.get("replace") or ()),
                note=r.get("note"),
            )
            for r in given.get("revisions") or ()
        ),
    )
    _check(text)
    return text


def _check(text: Text) -> None:
    if text.story != text.path.partition("/")[0]:
        raise ValueError(f"{text.path}: story is {text.story}")
    if text.seen < text.published or not (text.body or text.original):
        raise ValueError(f"{text.path}: seen before it was published, or empty")
    body = text.body
    for revision in text.revisions:
        for old, new in revision.replace:
            if old not in body:
                raise ValueError(
                    f"{text.path}: the revision of {revision.at} replaces {old[:50]!r}, which there is not"
                )
            body = body.replace(old, new)


def _blocks(body: str) -> list[Block]:
    found: list[Block] = []
    for piece in filter(None, (piece.strip() for piece in body.split("\n\n"))):
        lines = tuple(line.strip() for line in piece.split("\n"))
        if piece.startswith("## "):
            found.append(("h2", (piece[3:],)))
        elif piece.startswith("> "):
            found.append(("quote", (" ".join(line.removeprefix(">").strip() for line in lines),)))
        elif all(line.startswith("- ") for line in lines):
            found.append(("list", tuple(line[2:] for line in lines)))
        else:
            found.append(("p", (" ".join(lines),)))
    return found
