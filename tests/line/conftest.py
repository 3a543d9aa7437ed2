"""Newspapers that are open, and a site that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from commands_on_sites import make_site
from newsstand import Newsstand


@pytest.fixture
def newsstand() -> Iterator[Newsstand]:
    """Open newspapers."""
    stand = Newsstand()
    stand.open()
    yield stand
    stand.close()


@pytest.fixture
def site(tmp_path: Path, newsstand: Newsstand) -> Path:
    """A new site that reads the newsstand."""
    return make_site(tmp_path / "site", newsstand)
