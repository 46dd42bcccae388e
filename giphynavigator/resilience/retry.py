"""Try again, but never so often that trying makes things worse."""

import asyncio
import random as chance
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class RetryBudget:
    """Retries everyone together may make: `spare`, and `ratio` of the requests.

    Never more than `spare` are saved up, so the bound holds over any stretch of
    time: n requests cause at most (1 + ratio) * n + spare sends.
    """

    def __init__(self, *, ratio: float = 0.1, spare: int = 10) -> None:
        self._ratio = ratio
        self._spare = spare
        self._left = float(spare)

    def earn(self) -> None:
        """Take note of one request."""
        self._left = min(self._left + self._ratio, self._spare)

    def spend(self) -> bool:
        """Take one retry from the budget, or say that there is none."""
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Retrying:
    """Sends once, and again where that is allowed, affordable and in time.

    Pauses have full jitter: anything up to `base` seconds, twice that the next
    time, never above `cap`. A delay that Giphy names (`delay_of`, seconds) is
    waited out, plus up to a tenth, if it is more than 0.
    """

    def __init__(  # noqa: PLR0913 - the policy's numbers, each by name
        self,
        budget: RetryBudget,
        *,
        retriable: Callable[[Exception], bool],
        delay_of: Callable[[Exception], float | None] = lambda _: None,
        attempts: int = 3,
        base: float = 0.1,
        cap: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = chance.random,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._budget = budget
        self._retriable = retriable
        self._delay_of = delay_of
        self._attempts = attempts
        self._base, self._cap = base, cap
        self._clock = clock
        self._random = random
        self._sleep = sleep

    async def call(self, send: Callable[[], Awaitable[T]], *, deadline: float) -> T:
        """Return what `send` brings, or raise its last error.

        `deadline` is a moment of the clock. A pause that would reach it is not
        begun; how long one send may take is the sender's affair.
        """
        self._budget.earn()
        attempt = 0
        while True:
            try:
                return await send()
            except Exception as error:
                attempt += 1
                pause = self._pause(error, attempt)
                if not self._may_retry(error, attempt, self._clock() + pause, deadline):
                    raise
            await self._sleep(pause)

    def _pause(self, error: Exception, attempt: int) -> float:
        named = self._delay_of(error)
        if named is not None and named > 0:
            return named * (1 + self._random() / 10)
        return self._random() * min(self._cap, self._base * 2.0 ** (attempt - 1))

    def _may_retry(
        self, error: Exception, attempt: int, resumed: float, deadline: float
    ) -> bool:
        return (
            attempt < self._attempts
            and self._retriable(error)
            and resumed < deadline
            and self._budget.spend()
        )
