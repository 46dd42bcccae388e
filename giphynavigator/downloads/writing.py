"""Writing in a thread while more comes, so that neither waits for the other."""

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Final, ParamSpec, Self, TypeVar

BEHIND: Final = 4
"""Pieces that may wait to be written before no more are taken."""

P = ParamSpec("P")
T = TypeVar("T")


async def blocking(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call it in a thread, and return after it even when told to stop meanwhile."""
    running = asyncio.create_task(asyncio.to_thread(call, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise


class Writing:
    """Writes one piece after the other; all that were put are written at its end.

    Whoever puts does not wait as long as the disk keeps up. That matters when a
    connection breaks: what came last is lost to those who are not waiting for it.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._waiting: deque[bytes] = deque()
        self._is_over = False
        self._moved = asyncio.Event()

    async def put(self, piece: bytes) -> None:
        """Have a piece written, or raise what went wrong with one before."""
        while len(self._waiting) >= BEHIND and not self._task.done():
            await self._sleep()
        if self._task.done():
            self._task.result()
        self._waiting.append(piece)
        self._moved.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over = True
        self._moved.set()
        await self._task

    async def _run(self) -> None:
        try:
            while self._waiting or not self._is_over:
                if not self._waiting:
                    await self._sleep()
                    continue
                await blocking(self._write, self._waiting.popleft())
                self._moved.set()
        finally:
            self._moved.set()

    async def _sleep(self) -> None:
        self._moved.clear()
        await self._moved.wait()
