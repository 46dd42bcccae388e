"""Memory that was freed goes back to the system while the service runs."""

import asyncio
import ctypes
import threading
from pathlib import Path

import pytest

from giphynavigator.serving.memory import giving_back, trimmer

MB = 1024 * 1024
STATUS = Path("/proc/self/status")


class Trims:
    """Counts, and wakes whoever waits for the third time."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.thrice = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def __call__(self, keep: int) -> int:
        self.asked.append(keep)
        if len(self.asked) == 3:
            self._loop.call_soon_threadsafe(self.thrice.set)
        return 1


def resident() -> int:
    """The bytes of this process that are in memory."""
    (line,) = (row for row in STATUS.read_text().splitlines() if "VmRSS" in row)
    return int(line.split()[1]) * 1024


async def test_it_is_given_back_again_and_again_until_the_end() -> None:
    trims = Trims()

    async with giving_back(trims, every=0.001):
        await trims.thrice.wait()

    assert set(trims.asked) == {0}
    assert len(asyncio.all_tasks()) == 1


async def test_an_end_meanwhile_waits_for_nothing_and_breaks_nothing_off() -> None:
    loop = asyncio.get_running_loop()
    begun, may_end, ended = asyncio.Event(), threading.Event(), asyncio.Event()

    def trim(_: int) -> int:
        loop.call_soon_threadsafe(begun.set)
        may_end.wait()
        loop.call_soon_threadsafe(ended.set)
        return 1

    async with giving_back(trim, every=0):
        await begun.wait()

    assert len(asyncio.all_tasks()) == 1
    may_end.set()
    await ended.wait()


async def test_without_glibc_all_goes_on_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", object)  # which can do nothing

    async with giving_back(trimmer(), every=0):
        tasks = asyncio.all_tasks()

    assert trimmer() is None
    assert len(tasks) == 1


@pytest.mark.skipif(trimmer() is None or not STATUS.exists(), reason="no glibc")
def test_what_lay_free_between_what_is_kept_is_given_back() -> None:
    kept = [bytes(40_000) + b"." for _ in range(2_000)]
    del kept[::2]
    before = resident()

    trimmer()(0)

    assert len(kept) == 1_000
    assert before - resident() > 20 * MB
