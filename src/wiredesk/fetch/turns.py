"""Whose turn it is: one request to a host at a time, with a distance between them, however many ask."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from wiredesk.errors import FetchFailed
from wiredesk.fetch.hosts import Hosts

PATIENCE = 60.0  # seconds that we wait for a turn with a host; whoever asks for more is left for a later run


class Turns:
    """Holds each host's turn in one event loop; the distances are kept in `hosts`, for the Fetchers to come."""

    def __init__(self, hosts: Hosts) -> None:
        self._free_at = hosts.free_at
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, name: str, *, at_once: bool = False) -> AsyncIterator[None]:
        """Wait until nobody asks host `name` and its distance is over; nobody else asks it inside `async with`.

        Args:
            at_once: Do not wait for the distance: robots.txt is asked without, and so is what it sent us on to.

        Raises:
            FetchFailed: the wait would be too long.
        """
        lock = self._locks.setdefault(name, asyncio.Lock())
        self._waiting[name] += 1
        try:
            async with asyncio.timeout(PATIENCE) as patience:
                self._check(name)
                await lock.acquire()
            try:
                self._check(name)  # again: the one before us may have been told to wait
                if not at_once and (wait := self._wait(name)) > 0:
                    await asyncio.sleep(wait)
                yield
            finally:
                lock.release()
        except TimeoutError:
            if not patience.expired():
                raise
            reason = f"{name} is busy with our other requests: left for a later run"
            raise FetchFailed(name, reason, retry_after=timedelta(seconds=PATIENCE)) from None
        finally:
            self._waiting[name] -= 1
            if not self._waiting[name]:
                del self._waiting[name], self._locks[name]

    def close(self, name: str, pause: timedelta) -> None:
        """Leave host `name` alone for that long."""
        until = asyncio.get_running_loop().time() + pause.total_seconds()
        self._free_at[name] = max(until, self._free_at.get(name, 0.0))

    def closed_for(self, name: str) -> timedelta | None:
        """Return how long host `name` wants to be left alone, where that is longer than we wait for a turn."""
        wait = self._wait(name)
        return timedelta(seconds=round(wait)) if wait > PATIENCE else None

    def _wait(self, name: str) -> float:
        return self._free_at.get(name, 0.0) - asyncio.get_running_loop().time()

    def _check(self, name: str) -> None:
        if (wait := self.closed_for(name)) is not None:
            reason = f"{name} wants us to wait {wait.total_seconds():.0f} seconds: left for a later run"
            raise FetchFailed(name, reason, retry_after=wait)
