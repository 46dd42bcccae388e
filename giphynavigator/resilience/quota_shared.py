"""One quota for all replicas, handed out in blocks by Redis."""

import time
from collections.abc import Callable

from giphynavigator.recorder import Recorder
from giphynavigator.resilience.flight import Flights
from giphynavigator.resilience.quota import FixedWindowQuota, Quota
from giphynavigator.resilience.shared import NoShared, Shared

AWAY = 2.0  # seconds after which a Redis that is away is worth another try

# The window lives in one hash: `ends` (its end in ms of Redis's clock) and `used`.
# What the replica last saw of it comes along, because a Redis that was restarted
# empty would otherwise hand out the same calls again; and so do the calls that the
# replica made on its own while it could not ask. Answers: granted, used by all,
# ms that the window still runs, its end.
BLOCK = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local calls, period, block = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local seen_ends, seen_used = tonumber(ARGV[4]), tonumber(ARGV[5])
local kept = redis.call('HMGET', KEYS[1], 'ends', 'used')
local ends, used = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0
if ends <= now then ends, used = now + period, 0
  if seen_ends > now then ends = seen_ends end end
if ends == seen_ends then used = math.max(used, seen_used) end
ends = math.min(ends, now + period)
used = used + tonumber(ARGV[6])
local granted = math.max(0, math.min(block, calls - used))
if used + granted > 0 then
  redis.call('HSET', KEYS[1], 'ends', ends, 'used', used + granted)
  redis.call('PEXPIREAT', KEYS[1], ends) end
return {granted, used + granted, ends - now, ends}
"""


class SharedQuota(FixedWindowQuota):
    """`calls` in each window of `period` seconds, for all replicas together.

    A replica fetches blocks of a twentieth of the calls. Whoever dies with a block
    has wasted it: too few calls are made, never too many. A block ends with its
    window. The window is measured by Redis's clock.

    When Redis cannot be asked, the replica spends the block it holds. If it knows
    of no window that still runs (it started alone, or has been alone for so long),
    it opens one of its own with one block in it, and tells Redis afterwards: so up
    to twenty replicas that all lost Redis stay within the quota, and a single one
    that is cut off from the others exceeds it by one block at most.
    """

    def __init__(  # noqa: PLR0913 - each by name
        self,
        shared: Shared,
        *,
        calls: int,
        period: float,
        kept: float = 0.2,
        clock: Callable[[], float] = time.monotonic,
        recorder: Recorder | None = None,
    ) -> None:
        super().__init__(
            calls=calls, period=period, kept=kept, clock=clock, recorder=recorder
        )
        self._shared = shared
        self._block = max(1, calls // 20)
        self._fetches: Flights[str, bool] = Flights()
        self._seen_ends = 0  # ms of Redis's clock; 0 in a window of our own
        self._owed = 0  # calls of a window of our own that Redis has not heard of

    async def take(self, *, urgent: bool = True) -> None:
        """Take one call, or raise `QuotaSpent`; background work is not urgent."""
        # Asked each time: a refusal met by one replica stops the others at once.
        closed = await self._shared.left(self._shared.key("quota", "closed"))
        if closed:
            self._close(self._bounded(closed))
        await super().take(urgent=urgent)

    async def close_for(self, seconds: float | None) -> None:
        """Take no calls for so long, in all replicas; 0 or None is a minute."""
        await super().close_for(seconds)
        key = self._shared.key("quota", "closed")
        await self._shared.set(key, b"1", life=self._bounded(seconds))

    async def look(self) -> None:
        """Ask Redis where the window stands; costs no call."""
        await self._ask(0)
        await super().look()

    async def _refill(self) -> bool:
        """Fetch a block, once for everyone who needs it now."""
        if self._window_runs() and self._granted >= self._calls:
            return False  # nothing comes back before the window ends
        came, _ = await self._fetches.join("block", self._fetch)
        return came

    async def _fetch(self) -> bool:
        if await self._ask(self._block):
            return self._held > 0
        if self._window_runs():
            return False
        self._seen_ends = 0
        self._owed = self._block
        self._open(granted=self._block, held=self._block, ends_in=self._period)
        return True

    async def _ask(self, block: int) -> bool:
        """Take over what Redis says of the window; False when it does not answer."""
        asked = self._clock()
        # Taken out while the answer is awaited, so that nobody else reports it too.
        owed, self._owed = (self._owed if self._window_runs() else 0), 0
        seen = (self._seen_ends, self._granted) if self._seen_ends else (0, 0)
        answer = await self._shared.script(
            BLOCK,
            self._shared.key("quota", "window"),
            *(self._calls, int(self._period * 1000), block, *seen, owed),
        )
        match answer:
            case [0, 0, int(), int()]:
                return True  # a look; the window begins with somebody's first call
            case [int(granted), int(used), int(ends_in), int(ends)]:
                same = self._window_runs() and self._seen_ends in (0, ends)
                self._held = granted + (self._held if same else 0)
                self._granted, self._seen_ends = used, ends
                self._ends = asked + ends_in / 1000
                self._runs = True
                return True
        self._owed += owed
        return False

    def _left(self) -> int:
        """While there is nobody to ask for more, the block is all there is."""
        alone = not self._seen_ends or not self._shared.up
        return self._held if alone else super()._left()

    def _retry_after(self) -> float:
        """Until the window ends, or until Redis may be back with more of it."""
        until_end = super()._retry_after()
        return until_end if self._granted >= self._calls else min(until_end, AWAY)


def create_quota(  # noqa: PLR0913 - each by name
    shared: Shared,
    *,
    sandbox: bool,
    calls: int,
    period: float,
    workers: int,
    recorder: Recorder,
) -> Quota:
    """Give the quota that fits: none, this process's part, or one for all replicas."""
    if sandbox:
        return Quota(recorder=recorder)
    if isinstance(shared, NoShared):
        part = calls // workers
        return FixedWindowQuota(calls=part, period=period, recorder=recorder)
    return SharedQuota(shared, calls=calls, period=period, recorder=recorder)
