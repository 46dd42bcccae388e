"""Writing in a thread while more comes."""

import asyncio
import threading
from collections.abc import Iterable, Iterator

import pytest

from giphynavigator.downloads.writing import BEHIND, Writing, blocking
from tests.fakes import settle, until

PIECES = [bytes([number]) for number in range(20)]


class Disk:
    """Takes pieces as soon as its gate is open, and fails at one if told to."""

    def __init__(self, fails_at: bytes = b"") -> None:
        self.gate = threading.Event()
        self.written: list[bytes] = []
        self._fails_at = fails_at

    def write(self, piece: bytes) -> None:
        self.gate.wait(10)
        if piece == self._fails_at:
            raise OSError("full")
        self.written.append(piece)


async def write(disk: Disk, pieces: Iterable[bytes], put: list[bytes]) -> None:
    """Have pieces written; note those that were taken."""
    async with Writing(disk.write) as writing:
        for piece in pieces:
            await writing.put(piece)
            put.append(piece)


async def test_all_that_was_put_is_written_in_order() -> None:
    disk = Disk()
    disk.gate.set()

    await write(disk, PIECES, [])

    assert disk.written == PIECES


async def test_whoever_puts_waits_only_when_the_disk_is_far_behind() -> None:
    disk, put = Disk(), []

    writing = asyncio.create_task(write(disk, PIECES, put))
    await settle()
    before = len(put)
    disk.gate.set()
    await writing

    assert BEHIND <= before <= BEHIND + 1
    assert disk.written == PIECES


async def test_a_disk_that_fails_is_told_at_the_next_piece() -> None:
    disk, put = Disk(fails_at=PIECES[2]), []
    disk.gate.set()

    with pytest.raises(OSError, match="full"):
        await write(disk, PIECES * 1000, put)

    assert disk.written == PIECES[:2]
    assert len(put) < len(PIECES) * 1000


async def test_a_disk_that_fails_last_is_told_at_the_end() -> None:
    disk, put = Disk(fails_at=PIECES[0]), []

    writing = asyncio.create_task(write(disk, PIECES[:1], put))
    await settle()
    disk.gate.set()

    with pytest.raises(OSError, match="full"):
        await writing
    assert put == PIECES[:1]


def breaking() -> Iterator[bytes]:
    """Two pieces, and then something goes wrong elsewhere."""
    yield from PIECES[:2]
    raise ValueError("elsewhere")


async def test_what_came_before_a_failure_elsewhere_is_written() -> None:
    disk = Disk()
    disk.gate.set()

    with pytest.raises(ValueError, match="elsewhere"):
        await write(disk, breaking(), [])

    assert disk.written == PIECES[:2]


async def test_a_call_that_runs_is_waited_for_even_when_it_is_cancelled() -> None:
    disk = Disk()
    calling = asyncio.create_task(blocking(disk.write, b"x"))
    await settle()

    calling.cancel()
    await settle()
    still = not calling.done()
    disk.gate.set()
    await until(calling.done)

    assert still
    assert calling.cancelled()
    assert disk.written == [b"x"]
