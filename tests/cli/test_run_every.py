"""`wiredesk run --every`: rounds until a signal, whatever one of them does."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wiredesk.line.hubs import drop_call


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    subprocess.run([sys.executable, "-m", "wiredesk", "new", folder], check=True, capture_output=True)
    return folder


@contextmanager
def going(site: Path, minutes: float) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    out, errors = site / "out.txt", site / "errors.txt"
    command = [sys.executable, "-m", "wiredesk", "run", "--every", str(minutes), "--json", "--jobs", "1"]
    with out.open("w") as to, errors.open("w") as also:
        process = subprocess.Popen(command, cwd=site, stdout=to, stderr=also, text=True)
        try:
            yield process, site
        finally:
            process.kill()
            process.wait()


def until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("it did not come true in a minute")


def rounds(site: Path) -> int:
    return (site / "out.txt").read_text().count("\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(site: Path, number: signal.Signals) -> None:
    """After the round, with nothing left undone."""
    with going(site, 0.01) as (process, _):
        until(lambda: rounds(site) >= 2)
        process.send_signal(number)
        status = process.wait(60)

    assert status == 0
    assert "stops when this round is done" in (site / "errors.txt").read_text()


def test_a_round_that_fails_is_told_and_the_next_one_tries_again(site: Path) -> None:
    """Here because of a setting that is mended meanwhile."""
    settings = (site / "wiredesk.toml").read_text()
    (site / "wiredesk.toml").write_text(settings + "\n[nonsense]\n")
    with going(site, 0.01):
        until(lambda: "nonsense" in (site / "errors.txt").read_text())
        (site / "wiredesk.toml").write_text(settings)
        until(lambda: rounds(site) >= 1)

    assert "tried again in 0.01 minutes" in (site / "errors.txt").read_text()


def test_a_hubs_call_wakes_it(site: Path) -> None:
    """Long before the next tick."""
    with going(site, 600):
        until(lambda: rounds(site) == 1)
        drop_call(site / "inbox", "x" * 32, "ping")
        until(lambda: rounds(site) == 2)


def test_it_goes_with_the_clock(site: Path) -> None:
    """A time that stands still never comes to the next tick."""
    command = [sys.executable, "-m", "wiredesk", "run", "--every", "1", "--now", "2026-09-07T12:00:00Z"]
    answer = subprocess.run(command, cwd=site, capture_output=True, text=True)

    assert answer.returncode == 2
    assert "--every goes with the clock" in answer.stderr
