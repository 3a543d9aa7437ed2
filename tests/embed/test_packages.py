"""Models out of installed packages.  Each is tested where it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from wiredesk.embed import EXTRAS, PackageEmbedder
from wiredesk.errors import EmbeddingError

TEXTS = (
    "Dock workers walk out at Northquay",
    "The crane drivers of Northquay are on strike",
    "Les dockers de Northquay se mettent en grève",
    "Museum shows a painting of a goat",
    "",
    " \n",
    "\x00",
    "a",
    "\ud800 half a pair",
    "😀" * 500,
    "港口工人罢工",
    "x" * 5000,
)
_REACHING = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
_NO_NETWORK = f"""
import sys
def refuse(event, _):
    if event in {_REACHING}:
        raise SystemExit(event)
sys.addaudithook(refuse)
from wiredesk.embed import PackageEmbedder
assert abs((PackageEmbedder(sys.argv[1]).embed(["A ferry sails"]) ** 2).sum() - 1) < 1e-5
"""


def installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def needs(package: str) -> None:
    if not installed(package):
        pytest.skip(f"{package} is not installed: pip install 'wiredesk[{EXTRAS[package]}]'")


@pytest.fixture(params=sorted(EXTRAS), scope="module")
def model(request: pytest.FixtureRequest) -> PackageEmbedder:
    needs(request.param)
    return PackageEmbedder(request.param)


def test_any_text_has_a_row_of_length_one_or_of_zeros(model: PackageEmbedder) -> None:
    """Of emoji, broken letters, other scripts, nothing and too much."""
    rows = model.embed(TEXTS)

    lengths = np.linalg.norm(rows, axis=1)
    assert rows.shape[0] == len(TEXTS)
    assert rows.dtype == np.float32
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))
    assert lengths[:4].all()
    assert not lengths[4:7].any()


def test_order_and_batches_change_no_bit(model: PackageEmbedder) -> None:
    """Whatever arrives together."""
    whole = model.embed(TEXTS)
    twos = [model.embed(TEXTS[at : at + 2]) for at in range(0, len(TEXTS), 2)]

    assert np.array_equal(model.embed(TEXTS[::-1])[::-1], whole)
    assert np.array_equal(np.concatenate(twos), whole)
    assert model.embed([]).shape == (0, whole.shape[1])


def test_the_same_event_is_nearer_than_another_one(model: PackageEmbedder) -> None:
    """Otherwise it is no use."""
    strike, also, _, goat = model.embed(TEXTS[:4])

    assert strike @ also > strike @ goat


@pytest.mark.parametrize("package", [p for p in sorted(EXTRAS) if p != "wordllama"])
def test_models_for_many_languages_cross_them(package: str) -> None:
    """The one for English does not."""
    needs(package)
    strike, _, french, goat = PackageEmbedder(package).embed(TEXTS[:4])

    assert strike @ french > strike @ goat


@pytest.mark.parametrize("package", sorted(EXTRAS))
def test_nothing_is_asked_of_the_network_at_import_or_use(package: str, tmp_path: Path) -> None:
    """With an empty home, so that no cache of an earlier download helps."""
    needs(package)
    env = {**os.environ, "HOME": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", _NO_NETWORK, package], env=env, capture_output=True, text=True, check=False
    )

    assert answer.returncode == 0, answer.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_package_that_is_missing_is_named_with_the_command_that_installs_it() -> None:
    """Before anything is read or asked."""
    missing = [package for package in sorted(EXTRAS) if not installed(package)]
    if not missing:
        pytest.skip("all packages are installed here")
    with pytest.raises(EmbeddingError, match=rf"pip install 'wiredesk\[{EXTRAS[missing[0]]}\]'"):
        PackageEmbedder(missing[0])


def test_every_extra_is_one_of_the_project() -> None:
    """So that the command works."""
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")

    for package, extra in EXTRAS.items():
        assert f'\n{extra} = ["{package}' in project
