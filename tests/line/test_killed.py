"""A run that is killed at any moment loses nothing and doubles nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from commands_on_sites import make_site, run
from newsstand import NOW, Newsstand
from published_files import published

KILLS = int(os.environ.get("WIREDESK_KILLS", "4"))  # 20 for the benchmark page; each takes a second or two


def test_runs_killed_at_random_moments_end_in_the_same_edition(tmp_path: Path, newsstand: Newsstand):
    """After any number of kill -9, a run to the end publishes what an undisturbed run would have."""
    undisturbed = make_site(tmp_path / "undisturbed", newsstand)
    begun = time.monotonic()
    run(undisturbed)
    whole = time.monotonic() - begun
    disturbed = make_site(tmp_path / "disturbed", newsstand)
    chance = random.Random(20260907)
    moments = []
    for _ in range(KILLS):
        moments.append(chance.uniform(0.2, 1.0) * whole)
        _run_and_kill(disturbed, moments[-1])
    run(disturbed)

    assert published(disturbed) == published(undisturbed), f"killed after {moments} s"


def _run_and_kill(site: Path, after: float) -> None:
    command = [sys.executable, "-m", "wiredesk", "run", "--now", NOW.isoformat(), "--jobs", "1", "--quiet"]
    with subprocess.Popen(command, cwd=site, start_new_session=True) as process:
        time.sleep(after)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
