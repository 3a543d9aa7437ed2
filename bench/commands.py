"""Start `wiredesk` as a person does, and watch what it costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WIREDESK = Path(sys.executable).with_name("wiredesk")
TOPICS = (
    "Politics: president, congress, senate, house, white house, republican, democrat, campaign",
    "Economy: economy, jobs, trade, tax, budget, market, bank, wages",
    "Health: health, hospital, doctor, drug, vaccine, virus, insurance, medicare",
    "Courts: court, judge, justice, trial, lawsuit, supreme court, attorney",
    "Elections: election, vote, voters, poll, ballot, primary, candidate",
)
SAMPLE_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command cost, and its summary."""

    seconds: float  # wall clock, the start of the interpreter included
    peak_mib: float  # greatest sum of the proportional memory (PSS) of all its processes
    summary: dict[str, Any]

    @property
    def stages(self) -> dict[str, float]:
        """Seconds of each step, as the command itself reports them."""
        return dict(self.summary["seconds"])


def new_site(folder: Path, title: str) -> Path:
    """Make a site with TOPICS and all settings at their defaults."""
    topics = [part for topic in TOPICS for part in ("--topic", topic)]
    subprocess.run([WIREDESK, "new", folder, "--title", title, *topics], check=True, capture_output=True)
    return folder


def wiredesk(site: Path, command: str, *arguments: str | Path) -> Cost:
    """Run a command that prints its summary as JSON, alone, and measure it.  Exits where it fails."""
    call = [WIREDESK, command, "--site", site, "--json", *arguments]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(call, stdout=out, stderr=errors)
        watch = _Watch(process.pid)
        status = process.wait()
        seconds = time.perf_counter() - began
        peak = watch.stop()
        out.seek(0)
        errors.seek(0)
        if status:
            sys.exit(f"{' '.join(map(str, call))} ended with {status}:\n{errors.read()[-4000:]}")
        return Cost(seconds=seconds, peak_mib=peak, summary=json.loads(out.read().splitlines()[-1]))


class _Watch:
    """Samples the memory of a process and all that it started, until told to stop."""

    def __init__(self, root: int) -> None:
        self._root, self._peak, self._done = root, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(map(_pss_mib, _tree(self._root))))

    def stop(self) -> float:
        self._done.set()
        self._thread.join()
        return self._peak


def _tree(root: int) -> list[int]:
    children: defaultdict[int, list[int]] = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
        children[parent].append(int(status.parent.name))
    found = [root]
    for process in found:
        found += children[process]
    return found


def _pss_mib(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def machine() -> str:
    """Return the processor and its cores, as a heading for figures."""
    described = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(": ")[1] for line in described if line.startswith("model name")), "an unknown processor")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    return f"{cores()} cores of {model}, {memory:.0f} GiB, Python {sys.version.split()[0]}"


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))
