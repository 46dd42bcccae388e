"""One flight per key across replicas."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import Context

from giphynavigator.resilience.shared import Shared

SOONEST, LATEST = 0.025, 0.2  # seconds between two looks at someone else's lease

# A lease that runs longer than leases do was not made by us and does not count.
ACQUIRE = """
local left = redis.call('PTTL', KEYS[1])
if left > 0 and left <= tonumber(ARGV[2])
  and redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

# A life of 0 ends it at once.
LIVE_ON = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""


class Leases:
    """Says which replica fetches, and tells the others when it has.

    A lease lives `life` seconds and is renewed every third of that while its holder
    lives; a holder that dies loses it by not renewing. Without Redis everyone holds
    every lease, which is what a process on its own wants.
    """

    def __init__(
        self,
        shared: Shared,
        *,
        life: float = 1.5,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        token: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._shared = shared
        self._life = life
        self._clock = clock
        self._sleep = sleep
        self._token = token

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[bool]:
        """Yield True with the lease held until the end, or False: another has it."""
        token = await self.acquire(key)
        if token is None:
            yield False
            return
        renewing = asyncio.create_task(self._renew(key, token), context=Context())
        try:
            yield True
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])
            await self.release(key, token)

    async def acquire(self, key: str) -> str | None:
        """Return the token that the lease is held by, or None: another has it."""
        token = self._token()
        answer = await self._shared.script(ACQUIRE, self._name(key), token, self._ms())
        return None if answer == 0 else token

    async def release(self, key: str, token: str) -> None:
        """Give the lease back, unless it is another's by now."""
        await self._shared.script(LIVE_ON, self._name(key), token, 0)

    async def gone(self, key: str) -> None:
        """Return when nobody holds the lease, or nobody can tell.

        Looks again after a quarter of the time already waited, so it is late by a
        quarter at most and a long flight costs few looks.
        """
        began = self._clock()
        while 0 < await self._shared.left(self._name(key)) <= self._life:
            waited = self._clock() - began
            await self._sleep(min(max(SOONEST, waited / 4), LATEST))

    async def _renew(self, key: str, token: str) -> None:
        """Keep the lease alive, until another has it."""
        mine = True
        while mine:
            await self._sleep(self._life / 3)
            answer = await self._shared.script(
                LIVE_ON, self._name(key), token, self._ms()
            )
            mine = answer != 0

    def _ms(self) -> int:
        return int(self._life * 1000)

    def _name(self, key: str) -> str:
        return self._shared.key("lease", key)
