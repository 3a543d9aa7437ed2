"""How many requests are under way at once: a bound that hosts which let us wait cannot use up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Lanes:
    """Gives slots.  A request that takes long leaves its slot to others, and goes on in the slow lane.

    So as long as there is room in the slow lane, a hanging host holds a slot for `linger` seconds, and not for the
    whole time that it may take.  Where the slow lane is full, slow requests keep their slots: what is open at once
    stays bounded by `wide` + `slow`.

    Args:
        wide: Slots.
        slow: Requests in the slow lane, at most.
        linger: Seconds after which a request is slow.
    """

    def __init__(self, wide: int, slow: int, linger: float) -> None:
        self._free = asyncio.Semaphore(wide)
        self._room = slow
        self._linger = linger
        self._late: deque[_Slot] = deque()  # slow ones that found the slow lane full
        self._open = asyncio.Event()
        self._open.set()

    def pause(self) -> None:
        """Begin no request until `resume`."""
        self._open.clear()

    def resume(self) -> None:
        """Begin requests again."""
        self._open.set()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for a slot, and hold it or a place in the slow lane while the body of `async with` runs."""
        await self._free.acquire()
        try:
            await self._open.wait()
        except BaseException:
            self._free.release()
            raise
        slot = _Slot()
        timer = asyncio.get_running_loop().call_later(self._linger, self._step_aside, slot)
        try:
            yield
        finally:
            timer.cancel()
            self._leave(slot)

    def _step_aside(self, slot: _Slot) -> None:
        if self._room:
            self._room -= 1
            slot.aside = True
            self._free.release()
        else:
            self._late.append(slot)

    def _leave(self, slot: _Slot) -> None:
        if not slot.aside:
            slot.left = True
            self._free.release()
            return
        self._room += 1
        while self._late:
            if not (late := self._late.popleft()).left:
                self._step_aside(late)
                return


class _Slot:
    __slots__ = ("aside", "left")

    def __init__(self) -> None:
        self.aside = False  # it is in the slow lane
        self.left = False
