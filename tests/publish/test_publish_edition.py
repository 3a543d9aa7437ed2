"""An edition is whole or not there, whatever stops it; and incremental is the same as anew."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from publish_factory import (
    NOON,
    TOPICS,
    MemoryArchive,
    MemoryLedger,
    article_id,
    item,
    later,
    settings,
    world,
)

from wiredesk.errors import SiteError, StoreError, UnreadableError
from wiredesk.publish import Press, publish
from wiredesk.publish import edition as edition_module
from wiredesk.records import StoryId


def press(archive: MemoryArchive, site: Path | None = None, **changes: object) -> Press:
    return Press(archive=archive, settings=settings(**changes), topics=TOPICS[:3], site=site, key=b"k" * 32)


def small(archive: MemoryArchive) -> Press:
    """Return a press without topics: fewer documents of each kind."""
    return Press(archive=archive, settings=settings())


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files and empty folders below `folder`."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
        elif not any(path.iterdir()):
            found[path.relative_to(folder).as_posix() + "/"] = b""
    return found


def shown(root: Path) -> dict[str, bytes]:
    """Return what readers see and what the records folder holds."""
    seen = {f"public/{path}": data for path, data in tree(root / "public").items()}
    # Each sealing of `secured` is random; what it holds follows from the rest.
    records = {path: re.sub(rb"\nsecured: .*", b"\nsecured", data) for path, data in tree(root / "records").items()}
    return seen | {f"records/{path}": data for path, data in records.items()}


def anew(archive: MemoryArchive, root: Path) -> dict[str, bytes]:
    """Return what a first edition of the same archive shows."""
    publish(root, press(archive), MemoryLedger())
    return shown(root)


def test_first_edition_and_no_second_without_news(tmp_path: Path) -> None:
    """Publishing again with nothing new writes nothing and makes no edition."""
    archive, ledger = MemoryArchive(), MemoryLedger()
    ledger.dirty |= archive.put(*world(tmp_path))

    first = publish(tmp_path, press(archive, tmp_path), ledger)
    second = publish(tmp_path, press(archive, tmp_path), ledger)

    assert (first.number, second.number) == (1, 1)
    assert (second.written, second.removed, first.problems) == (0, 0, ())
    assert not ledger.dirty
    assert os.readlink(tmp_path / "public") in {"editions/a", "editions/b"}
    assert (tmp_path / "public/index.html").is_file()
    assert any((tmp_path / "public/assets/images/news").iterdir())
    assert len(list((tmp_path / "records/_news").iterdir())) == len(archive.held)


def test_unchanged_files_are_shared_by_both_editions(tmp_path: Path) -> None:
    """The cost of an edition follows the change: what stays is a hard link."""
    archive, ledger = MemoryArchive(), MemoryLedger()
    ledger.dirty |= archive.put(*world())
    publish(tmp_path, press(archive), ledger)
    one = next(one for one in archive.held.values() if one.rating.published)
    for title in ("Once", "Twice", "Three times"):
        ledger.dirty |= archive.put(later(one, title=title))
        publish(tmp_path, press(archive), ledger)

    same = [(tmp_path / "editions" / name / "about/index.html").stat().st_ino for name in "ab"]

    assert same[0] == same[1]


def test_cost_follows_the_change(tmp_path: Path) -> None:
    """In a large archive, an edition after one change reads and writes little."""
    archive, ledger = MemoryArchive(), MemoryLedger()
    many = [
        item(f"k{n}", hours=n * 24, provider=("kestrelwire", "foundrypost")[n % 2], heat=max(60 - n, 0))
        for n in range(240)
    ]
    ledger.dirty |= archive.put(*many)
    publish(tmp_path, press(archive), ledger)
    archive.reads = 0
    ledger.dirty |= archive.put(later(many[120], title="A new headline"))

    edition = publish(tmp_path, press(archive), ledger)

    assert edition.written < 30
    assert archive.reads < 240


def test_a_new_look_reaches_every_page_and_leaves_no_old_one(tmp_path: Path) -> None:
    """Other settings render everything; topics that are gone lose their pages."""
    archive, ledger = MemoryArchive(), MemoryLedger()
    ledger.dirty |= archive.put(*world())
    publish(tmp_path, press(archive), ledger)
    renamed = Press(archive=archive, settings=settings(), topics=TOPICS[:2], key=b"k" * 32)

    publish(tmp_path, renamed, ledger)

    assert not (tmp_path / "public/topic/storage").exists()
    assert ">Storage</a></li>" not in (tmp_path / "public/index.html").read_text()
    fresh = tmp_path / "fresh"
    publish(fresh, renamed, MemoryLedger())
    assert shown(tmp_path) == shown(fresh)


def test_a_topic_may_change_its_name_and_keep_its_address(tmp_path: Path) -> None:
    """A path that passes from one scope to another is not taken away."""
    archive, ledger = MemoryArchive(), MemoryLedger()
    ledger.dirty |= archive.put(*world())
    publish(tmp_path, press(archive), ledger)
    topics = (replace(TOPICS[0], name="Power"), *TOPICS[1:3])
    ledger.dirty |= archive.put(*(replace(one, topics=()) for one in list(archive.held.values())))

    publish(tmp_path, Press(archive=archive, settings=settings(), topics=topics), ledger)
    publish(tmp_path, Press(archive=archive, settings=settings(), topics=topics), ledger)

    assert "Power" in (tmp_path / "public/topic/energy/index.html").read_text()


def test_time_alone_renews_only_what_shows_it(tmp_path: Path) -> None:
    """When nothing but the age of the data changed, no story page, list or record is written."""
    archive, ledger = MemoryArchive(), MemoryLedger()
    ledger.dirty |= archive.put(*world())
    publish(tmp_path, press(archive), ledger)
    archive.as_of = NOON + timedelta(minutes=15)

    edition = publish(tmp_path, press(archive), ledger)

    assert edition.written <= 3  # front page, about, news sitemap


_KEYS = [f"key{n}" for n in range(7)]
_changes = st.lists(
    st.one_of(
        st.tuples(
            st.just("put"),
            st.sampled_from(_KEYS),
            st.sampled_from(["s1", "s2", "s3"]),
            st.sampled_from(["kestrelwire", "foundrypost", "tidelines"]),
            st.sampled_from([1, 20, 30, 60, 800]),
            st.booleans(),
            st.sets(st.sampled_from(["Energy", "Storage", "No such topic"])),
            st.sampled_from(["One headline", "Another headline"]),
        ),
        st.tuples(st.just("drop"), st.sampled_from(_KEYS)),
        st.tuples(st.just("time"), st.integers(1, 30)),
        st.tuples(st.just("publish")),
    ),
    min_size=1,
    max_size=14,
)


@limits(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_changes)
def test_incremental_is_the_same_as_anew(tmp_path_factory: pytest.TempPathFactory, changes: list[tuple]) -> None:
    """After any sequence of changes and editions, files and folders are those of a first edition."""
    root = tmp_path_factory.mktemp("site")
    archive, ledger = MemoryArchive(), MemoryLedger()
    small = {"front_stories": 2, "topic_stories": 2, "feed_items": 2, "api_page_size": 2, "api_items": True}
    for change in [*changes, ("publish",)]:
        match change:
            case ("put", key, story, provider, hours, published, topics, title):
                one = item(
                    key,
                    story=story,
                    provider=provider,
                    hours=hours,
                    published=published,
                    topics=sorted(topics),
                    title=title,
                )
                ledger.dirty |= archive.put(one) | _relate(archive)
            case ("drop", key):
                if article_id(key) in archive.held:
                    ledger.dirty |= archive.drop(article_id(key)) | _relate(archive)
            case ("time", hours):
                archive.as_of += timedelta(hours=hours)
            case _:
                publish(root, press(archive, **small), ledger)

    fresh = tmp_path_factory.mktemp("fresh")
    publish(fresh, press(archive, **small), MemoryLedger())

    assert shown(root) == shown(fresh)
    shutil.rmtree(root)
    shutil.rmtree(fresh)


def _relate(archive: MemoryArchive) -> frozenset[str]:
    """Let each item name the others of its story, as rating does."""
    changed = []
    for one in list(archive.held.values()):
        others = tuple(other.article.id for other in archive.story(StoryId(one.story)) if other is not one)
        changed.append(replace(one, related=others))
    return archive.put(*changed)


class Killed(BaseException):
    """Stands for kill -9: nothing of ours may catch it."""


class Saboteur:
    """Lets the n-th file operation fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, failure: Callable[[], BaseException]) -> None:
        self.left, self._failure, self.count = -1, failure, 0
        for name in ("replace", "link", "unlink", "mkdir", "rmdir", "symlink", "fsync"):
            monkeypatch.setattr(os, name, self._wrap(getattr(os, name)))

    def strike(self) -> None:
        self.count += 1
        if self.left == 0:
            raise self._failure()
        self.left -= 1

    def _wrap(self, operation: Callable[..., object]) -> Callable[..., object]:
        def struck(*args: object, **kwargs: object) -> object:
            self.strike()
            return operation(*args, **kwargs)

        return struck


class FailingLedger(MemoryLedger):
    """A ledger whose commit is an operation that may fail, before or after it took effect."""

    def __init__(self, saboteur: Saboteur) -> None:
        super().__init__()
        self.saboteur = saboteur

    def commit_edition(self, *args: object) -> None:  # type: ignore[override]
        self.saboteur.strike()
        super().commit_edition(*args)  # type: ignore[arg-type]
        self.saboteur.strike()


def _changed(archive: MemoryArchive) -> frozenset[str]:
    """Change, add and remove something."""
    last = item("second", title="Added", hours=2)
    return archive.put(later(archive.held[article_id("first")], title="Changed"), last) | archive.drop(
        article_id("third")
    )


def _operations(saboteur: Saboteur, root: Path, archive: MemoryArchive, ledger: MemoryLedger) -> int:
    """Return how many file operations publishing takes; the site is made again for every try."""
    before = saboteur.count
    publish(root, small(archive), ledger)
    return saboteur.count - before


def _stand(root: Path, saboteur: Saboteur, editions: int) -> tuple[MemoryArchive, FailingLedger]:
    """Return an archive and ledger with that many editions behind them, and a change waiting."""
    archive, ledger = MemoryArchive(), FailingLedger(saboteur)
    ledger.dirty |= archive.put(item("first", hours=1), item("third", hours=30))
    for title in ("Grid holds", "Earlier")[-editions:]:
        ledger.dirty |= archive.put(later(archive.held[article_id("first")], title=title))
        publish(root, small(archive), ledger)
    ledger.dirty |= _changed(archive)
    return archive, ledger


@pytest.mark.parametrize(
    ("editions", "failure"),
    [(1, Killed), (2, Killed), (2, lambda: OSError(errno.ENOSPC, "No space left on device"))],
    ids=["first two", "links", "full disk"],
)
def test_stopped_anywhere_readers_see_a_whole_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, editions: int, failure: Callable[[], BaseException]
) -> None:
    """Stopped at any file operation, `public` is the old or the new edition; the next run completes.

    With two editions before, the idle buffer is brought up to date by links.  All operations around the decision are
    tried, and every 60th before: there, staging repeats one kind.
    """
    saboteur = Saboteur(monkeypatch, failure)
    total = _operations(saboteur, tmp_path / "whole", *_stand(tmp_path / "whole", saboteur, editions))
    expected = shown(tmp_path / "whole")
    for step in [*range(0, total - 14, 60), *range(total - 14, total)]:
        root = tmp_path / f"site{step}"
        archive, ledger = _stand(root, saboteur, editions)
        old = tree(root / "public")

        saboteur.left = step
        with pytest.raises((Killed, StoreError)):
            publish(root, small(archive), ledger)
        saboteur.left = -1

        new = {path.removeprefix("public/"): data for path, data in expected.items() if path.startswith("public/")}
        assert tree(root / "public") in (old, new), f"at step {step} of {total}"
        ledger.dirty |= archive.put(later(archive.held[article_id("second")], title="Between"))
        publish(root, small(archive), ledger)
        ledger.dirty |= archive.put(later(archive.held[article_id("second")], title="Added"))
        publish(root, small(archive), ledger)
        assert shown(root) == expected, f"after step {step} of {total}"
        shutil.rmtree(root)


def test_a_full_disk_is_told_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what happened, what readers see, and what to do."""
    saboteur = Saboteur(monkeypatch, lambda: OSError(errno.ENOSPC, "No space left on device", "somewhere"))
    archive, ledger = MemoryArchive(), MemoryLedger()
    archive.put(item("first"))
    saboteur.left = 12

    with pytest.raises(StoreError, match=r"disk is full.*what readers see stays"):
        publish(tmp_path, press(archive), ledger)


def test_a_failing_document_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that cannot be written becomes a problem; the others are published, and it is tried again."""
    archive, ledger = MemoryArchive(), MemoryLedger()
    ledger.dirty |= archive.put(item("good"), item("bad", title="Bad", hours=3))
    write = edition_module.plan.__globals__["records"].write_record

    def picky(item: object, *args: object, **kwargs: object) -> bytes:
        if item.article.title == "Bad":  # type: ignore[attr-defined]
            raise UnreadableError("bad", "cannot be written")
        return write(item, *args, **kwargs)

    monkeypatch.setattr(edition_module.plan.__globals__["records"], "write_record", picky)

    edition = publish(tmp_path, press(archive), ledger)

    assert [problem.stage for problem in edition.problems] == ["publish"]
    assert len(list((tmp_path / "records/_news").iterdir())) == 1
    assert (tmp_path / "public/index.html").is_file()
    monkeypatch.undo()
    publish(tmp_path, press(archive), ledger)
    assert len(list((tmp_path / "records/_news").iterdir())) == 2


@pytest.mark.parametrize(
    "name", ["../../../outside", "..", "a/../../b", "nul\0", "x" * 300, "line\nbreak", "\\\\share"]
)
def test_no_name_leads_out_of_the_site(tmp_path: Path, name: str) -> None:
    """Record names and topic ids from outside stay inside, or their document is refused."""
    root = tmp_path / "a" / "site"
    archive, ledger = MemoryArchive(), MemoryLedger()
    ledger.dirty |= archive.put(replace(item("evil"), name=name), item("good", hours=2))
    topics = (replace(TOPICS[0], id=name),)

    edition = publish(root, Press(archive=archive, settings=settings(api_items=True), topics=topics), ledger)

    assert edition.problems
    assert {path.name for path in tmp_path.iterdir()} == {"a"}
    assert {path.name for path in (tmp_path / "a").iterdir()} == {"site"}
    assert "_news/2026-09-16-good.md" in tree(root / "records")


def test_symbolic_links_are_never_written_through(tmp_path: Path) -> None:
    """A link planted in the tree is refused, not followed."""
    root, outside = tmp_path / "site", tmp_path / "outside"
    outside.mkdir()
    (root / "records").mkdir(parents=True)
    (root / "records" / "_news").symlink_to(outside)
    archive, ledger = MemoryArchive(), MemoryLedger()
    ledger.dirty |= archive.put(item("good"))

    with pytest.raises(StoreError, match="symbolic link"):
        publish(root, press(archive), ledger)

    assert not list(outside.iterdir())


def test_a_foreign_public_folder_is_left_alone(tmp_path: Path) -> None:
    """What we did not make is not replaced."""
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "mine.html").write_text("mine")

    with pytest.raises(SiteError, match="public"):
        publish(tmp_path, press(MemoryArchive()), MemoryLedger())

    assert (tmp_path / "public" / "mine.html").read_text() == "mine"


@pytest.mark.parametrize("loss", ["ledger", "editions", "older ledger", "number", "both numbers"])
def test_what_is_lost_is_made_again(tmp_path: Path, loss: str) -> None:
    """When ledger and files do not belong together (any more), everything is rendered."""
    archive, ledger = MemoryArchive(), MemoryLedger()
    ledger.dirty |= archive.put(*world()[:12])
    publish(tmp_path, press(archive), ledger)
    older = MemoryLedger(last=ledger.last, rows=dict(ledger.rows), changed=dict(ledger.changed))
    one = next(one for one in archive.held.values() if one.rating.published)
    for title in ("Second", "Third"):
        ledger.dirty |= archive.put(later(one, title=title))
        publish(tmp_path, press(archive), ledger)

    if loss == "ledger":
        ledger = MemoryLedger()
    elif loss == "older ledger":
        ledger = older
    elif loss == "editions":
        shutil.rmtree(tmp_path / "editions")
    else:
        for name in "ab" if loss == "both numbers" else "a":
            (tmp_path / "editions" / f"{name}.number").unlink()
    ledger.dirty |= archive.put(later(one, title="Last"))
    publish(tmp_path, press(archive), ledger)

    assert shown(tmp_path) == anew(archive, tmp_path / "fresh")


def test_carried_records_are_written_as_they_are(tmp_path: Path) -> None:
    """Records of other collections keep their bytes, and go when they are carried no more."""
    archive, ledger = MemoryArchive(), MemoryLedger()
    carried = (("_people/ada.md", b"---\nname: Ada\n---\n\n"),)
    publish(tmp_path, replace(press(archive), carried=carried), ledger)
    assert (tmp_path / "records/_people/ada.md").read_bytes() == carried[0][1]

    publish(tmp_path, press(archive), ledger)

    assert not (tmp_path / "records/_people").exists()
