"""A site is a folder: made once, used by one run at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wiredesk.config import Settings, read_settings, template
from wiredesk.errors import SiteError
from wiredesk.site import SiteFolder, make_site

HOLD = """
import sys
from pathlib import Path
from wiredesk.site import SiteFolder
with SiteFolder(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


def make(root: Path) -> SiteFolder:
    return make_site(root, settings=template(), topics={"00-news.yaml": b"name: News\n"}, opml=b"<opml/>")


def test_a_new_site_has_all_that_a_run_needs(tmp_path: Path) -> None:
    """Also below folders that are not there yet."""
    site = make(tmp_path / "sites" / "harbour")

    site.check()
    assert read_settings(site.settings) == Settings()
    assert (site.topics / "00-news.yaml").read_bytes() == b"name: News\n"
    assert site.opml.read_bytes() == b"<opml/>"
    assert all(folder.is_dir() for folder in (site.organizations, site.captures, site.records, site.images))


def test_a_key_and_what_can_be_made_again_stay_out_of_git(tmp_path: Path) -> None:
    """Records, settings, topics and sources go in."""
    site = make(tmp_path)
    ignored = (tmp_path / ".gitignore").read_text().split()

    assert {site.key.name, "wiredesk.db*", "captures/", "editions/", "public"} <= set(ignored)
    assert not {"records/", "topics/", "organizations/", "sources.opml", "wiredesk.toml"} & set(ignored)


def test_a_site_is_not_made_twice(tmp_path: Path) -> None:
    """What is there stays as it is."""
    site = make(tmp_path)
    site.opml.write_bytes(b"mine")

    with pytest.raises(SiteError, match="is a site already; nothing was changed"):
        make(tmp_path)

    assert site.opml.read_bytes() == b"mine"


def test_files_of_a_folder_that_is_no_site_yet_stay_as_they_are(tmp_path: Path) -> None:
    """A site may be made in a folder that holds an outline, or a repository."""
    (tmp_path / ".gitignore").write_text("mine\n")
    (tmp_path / "sources.opml").write_text("mine")

    site = make(tmp_path)

    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    assert site.opml.read_text() == "mine"
    assert site.settings.is_file()


def test_a_tree_that_stands_there_is_the_sites(tmp_path: Path) -> None:
    """A second root beside it would only be in the way; topics would have to be fitted into it by hand."""
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "sea.yaml").write_text("mine")

    with pytest.raises(SiteError, match=r"holds a topic tree already \(sea\.yaml\): .*; nothing was changed"):
        make_site(tmp_path, settings=template(), topics={"00-x.yaml": b"", "01-y.yaml": b""}, opml=b"")
    assert not (tmp_path / "wiredesk.toml").exists()
    make(tmp_path)

    assert [file.name for file in (tmp_path / "topics").iterdir()] == ["sea.yaml"]


def test_a_place_where_nothing_can_be_made(tmp_path: Path) -> None:
    """It says where and why, and leaves no half site."""
    (tmp_path / "file").write_text("")

    with pytest.raises(SiteError, match=r"file.*: cannot be written: .*; there is no site yet"):
        make(tmp_path / "file" / "site")


def test_a_folder_that_is_no_site(tmp_path: Path) -> None:
    """It says what makes one."""
    with pytest.raises(
        SiteError, match=r"no wiredesk\.toml here; name your site with --site DIR, or make one: `wiredesk new"
    ):
        SiteFolder(tmp_path).check()


def test_another_process_that_holds_the_site(tmp_path: Path) -> None:
    """One run at a time; when it is gone, even killed, the next one may."""
    site = make(tmp_path)
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"

        with pytest.raises(SiteError, match="another run is at work here"), site.lock():
            pass

        other.kill()
        other.wait()

    with site.lock():
        pass


def test_a_lock_is_let_go(tmp_path: Path) -> None:
    """Also by a run that failed."""
    site = make(tmp_path)
    with pytest.raises(RuntimeError), site.lock():
        raise RuntimeError

    with site.lock():
        pass


def test_a_site_that_cannot_be_locked(tmp_path: Path) -> None:
    """It says why, which is not that somebody else holds it."""
    site = make(tmp_path)
    (tmp_path / ".lock").mkdir()

    with pytest.raises(SiteError, match=r"cannot be locked: .*; nothing was changed"), site.lock():
        pass
