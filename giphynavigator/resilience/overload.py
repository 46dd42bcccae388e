"""Past what can be served, say so at once instead of letting everyone wait."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from giphynavigator.errors import Unavailable
from giphynavigator.recorder import Recorder


class Overloaded(Unavailable):
    """More is asked than can be served now."""

    def __init__(self) -> None:
        super().__init__("too many searches at once; try again in 1 s", retry_after=1)


class Bulkhead:
    """Bounds the searches in flight to Giphy and those that wait for a slot.

    First come, first served. Whoever would be one too many is refused at once.
    """

    def __init__(
        self,
        *,
        flying: int = 32,
        waiting: int = 256,
        clock: Callable[[], float] = time.monotonic,
        recorder: Recorder | None = None,
    ) -> None:
        self._slots = asyncio.Semaphore(flying)
        self._most_waiting = waiting
        self._clock = clock
        self._recorder = recorder or Recorder()
        self._flying = 0
        self._waiting = 0

    @asynccontextmanager
    async def slot(self, *, deadline: float | None = None) -> AsyncIterator[None]:
        """Hold a slot, or raise `Overloaded`: too many wait, or `deadline` came.

        `deadline` is a moment of the clock; it bounds the waiting alone.
        """
        if self._slots.locked():
            await self._wait(deadline)
        else:
            await self._slots.acquire()  # free: taken without giving way to anyone
        self._fly(1)
        try:
            yield
        finally:
            self._fly(-1)
            self._slots.release()

    async def _wait(self, deadline: float | None) -> None:
        if self._waiting >= self._most_waiting:
            raise self._refusal()
        self._queue(1)
        try:
            left = None if deadline is None else deadline - self._clock()
            async with asyncio.timeout(left):
                await self._slots.acquire()
        except TimeoutError:
            raise self._refusal() from None
        finally:
            self._queue(-1)

    def _refusal(self) -> Overloaded:
        self._recorder.refused("overload")
        return Overloaded()

    def _fly(self, more: int) -> None:
        self._flying += more
        self._recorder.flying(self._flying)

    def _queue(self, more: int) -> None:
        self._waiting += more
        self._recorder.waiting(self._waiting)
