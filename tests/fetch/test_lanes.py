"""Slots, and the slow lane beside them."""

import asyncio
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.fetch.lanes import Lanes


def test_what_is_slow_leaves_its_slot():
    """With one slot, a second request begins while the first goes on."""

    async def run():
        lanes, done, begun = Lanes(1, 1, 0.01), asyncio.Event(), []

        async def slow(name):
            async with lanes.slot():
                begun.append(name)
                await done.wait()

        tasks = [asyncio.create_task(slow(name)) for name in "abc"]
        await asyncio.sleep(0.1)
        before = list(begun)
        done.set()
        await asyncio.gather(*tasks)
        return before, begun

    # a waits in the slow lane, b in the slot; c finds room when one of them is done
    assert asyncio.run(run()) == (["a", "b"], ["a", "b", "c"])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(0, 4), st.integers(0, 2**32))
def test_never_more_than_both_bounds(wide, slow, seed):
    """Whatever is fast, slow, cancelled or breaks: the bounds hold, and all slots are free at the end."""
    chance = random.Random(seed)

    async def run():
        lanes = Lanes(wide, slow, 0.001)
        now, most = 0, 0

        async def work():
            nonlocal now, most
            async with lanes.slot():
                now += 1
                most = max(most, now)
                try:
                    await asyncio.sleep(chance.choice([0, 0.002, 0.004]))
                    if chance.random() < 0.2:
                        raise ValueError
                finally:
                    now -= 1

        tasks = [asyncio.create_task(work()) for _ in range(30)]
        await asyncio.sleep(0.003)
        for task in chance.sample(tasks, 5):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # all slots are back: as many as there are begin at once
        begun = 0

        async def hold():
            nonlocal begun
            async with lanes.slot():
                begun += 1
                await asyncio.sleep(0)

        await asyncio.gather(*(hold() for _ in range(wide)))
        return most, begun

    most, begun = asyncio.run(run())
    assert most <= wide + slow
    assert begun == wide


def test_a_pause_begins_nothing():
    """Until it is over."""

    async def run():
        lanes, begun = Lanes(2, 2, 1), []

        async def work():
            async with lanes.slot():
                begun.append(1)

        lanes.pause()
        task = asyncio.create_task(work())
        await asyncio.sleep(0.01)
        before = len(begun)
        lanes.resume()
        await task
        return before, len(begun)

    assert asyncio.run(run()) == (0, 1)
