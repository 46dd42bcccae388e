"""One question asked many times at once is asked once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextvars import Context
from typing import Generic, TypeVar

from giphynavigator.errors import NavigatorError, Unavailable

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class FlightAborted(Unavailable):
    """The flight was called off, as happens when the program stops."""

    def __init__(self) -> None:
        super().__init__("this search was called off; ask again", retry_after=1)


class Flights(Generic[K, V]):
    """At most one running task per key, shared by everyone who asks for that key.

    A flight belongs to nobody: whoever stops waiting leaves it alone, and it lands
    even when all have left, because the call it makes is already spent.
    """

    def __init__(self) -> None:
        self._flying: dict[K, asyncio.Task[V]] = {}

    def __len__(self) -> int:
        """How many flights are in the air."""
        return len(self._flying)

    def is_flying(self, key: K) -> bool:
        """Whether a call for this key would join a flight instead of starting one."""
        return self._in_the_air(key) is not None

    async def join(self, key: K, start: Callable[[], Awaitable[V]]) -> tuple[V, bool]:
        """Return what the flight brings, and whether it was already in the air.

        `start` runs in an empty context: what the first caller keeps in context
        variables must not speak for all who join. A failure of ours reaches each
        waiter as a copy of its own; one instance raised into a thousand callers
        would carry all their tracebacks.
        """
        task = self._in_the_air(key)
        joined = task is not None
        if task is None:
            task = self._take_off(key, start)
        try:
            return await asyncio.shield(task), joined
        except NavigatorError as error:
            raise twin(error) from error.__cause__
        except asyncio.CancelledError:
            if not task.cancelled() or _is_cancelled():
                raise
            raise FlightAborted from None

    def launch(self, key: K, start: Callable[[], Awaitable[V]]) -> None:
        """Send off a flight that nobody waits for, unless one is in the air."""
        if self._in_the_air(key) is None:
            self._take_off(key, start)

    def _in_the_air(self, key: K) -> asyncio.Task[V] | None:
        """Return the flight unless it has landed: its news may be used up by now."""
        task = self._flying.get(key)
        return None if task is None or task.done() else task

    def _take_off(self, key: K, start: Callable[[], Awaitable[V]]) -> asyncio.Task[V]:
        async def fly() -> V:
            return await start()

        task = asyncio.create_task(fly(), context=Context())
        self._flying[key] = task  # also the reference that keeps the task alive

        def land(landed: asyncio.Task[V]) -> None:
            if self._flying[key] is landed:
                del self._flying[key]
            # Looking at the failure keeps asyncio from reporting it as never seen.
            _ = landed.cancelled() or landed.exception()

        task.add_done_callback(land)
        return task

    async def drain(self, timeout: float) -> None:  # noqa: ASYNC109 - this is a bound on all of them, not on the caller
        """Give what is in the air `timeout` seconds to land, then call it off."""
        if not self._flying:
            return
        _, late = await asyncio.wait(list(self._flying.values()), timeout=timeout)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _is_cancelled() -> bool:
    """Whether it is the caller, not the flight, that was cancelled."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def twin(error: NavigatorError) -> NavigatorError:
    """Copy an error without its constructor, which takes facts and not `args`."""
    twin = type(error).__new__(type(error), *error.args)
    twin.__dict__.update(error.__dict__)
    return twin.with_traceback(error.__traceback__)
