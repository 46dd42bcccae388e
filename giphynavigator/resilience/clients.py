"""How often one client may ask."""

import time
from collections.abc import Callable
from hashlib import blake2b

from giphynavigator.recorder import Recorder
from giphynavigator.resilience.shared import NoShared, Shared

MOST_CLIENTS = 100_000


class ClientLimits:
    """So many requests a minute for each client, and `burst` of them at once.

    The generic cell rate algorithm: each client has one moment, at which it will
    have used up nothing. Of each client this keeps a hash and a number, of
    `most` clients at most; those not seen for longest are forgotten first.
    """

    def __init__(
        self,
        *,
        per_minute: float,
        burst: int,
        most: int = MOST_CLIENTS,
        clock: Callable[[], float] = time.monotonic,
        recorder: Recorder | None = None,
    ) -> None:
        self._interval = 60 / per_minute
        self._tolerance = self._interval * (burst - 1)
        self._clock = clock
        self._recorder = recorder or Recorder()
        # Two generations: the old one is dropped whole, so forgetting is free.
        self._generation = max(1, most // 2)
        self._young: dict[int, float] = {}
        self._old: dict[int, float] = {}

    def __len__(self) -> int:
        """How many clients are remembered."""
        return len(self._young) + len(self._old)

    async def check(self, client: str) -> float:
        """Return 0 and count the request, or the seconds to wait before it may come."""
        return self._told(self._check_here(client))

    def _check_here(self, client: str) -> float:
        now = self._clock()
        key = hash(client)
        free = self._young.get(key)
        if free is None:
            free = self._old.pop(key, now)
        # A clock that was set back must not lock anyone out.
        free = min(max(free, now), now + self._tolerance + self._interval)
        wait = free - now - self._tolerance
        self._remember(key, free if wait > 0 else free + self._interval)
        return max(wait, 0.0)

    def _remember(self, key: int, free: float) -> None:
        if len(self._young) >= self._generation and key not in self._young:
            self._old, self._young = self._young, {}
        self._young[key] = free

    def _told(self, wait: float) -> float:
        if wait > 0:
            self._recorder.refused("client")
        return wait


# Times are microseconds of Redis's clock; the answer is the time to wait.
CHECK = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
local free = tonumber(redis.call('GET', KEYS[1])) or now
free = math.min(math.max(free, now), now + tolerance + interval)
local wait = free - now - tolerance
if wait > 0 then return math.ceil(wait) end
free = free + interval
redis.call('SET', KEYS[1], string.format('%.0f', free),
           'PX', math.ceil((free - now) / 1000))
return 0
"""


class SharedClientLimits(ClientLimits):
    """The same limits for all replicas together; each its own while Redis is away."""

    def __init__(  # noqa: PLR0913 - each by name
        self,
        shared: Shared,
        *,
        per_minute: float,
        burst: int,
        most: int = MOST_CLIENTS,
        clock: Callable[[], float] = time.monotonic,
        recorder: Recorder | None = None,
    ) -> None:
        super().__init__(
            per_minute=per_minute,
            burst=burst,
            most=most,
            clock=clock,
            recorder=recorder,
        )
        self._shared = shared
        self._arguments = max(1, int(self._interval * 1e6)), int(self._tolerance * 1e6)

    async def check(self, client: str) -> float:
        """Return 0 and count the request, or the seconds to wait before it may come."""
        # Hashed, because a client may be known by its token.
        name = blake2b(client.encode(errors="replace"), digest_size=16).hexdigest()
        key = self._shared.key("client", name)
        wait = await self._shared.script(CHECK, key, *self._arguments)
        if not isinstance(wait, int):
            return await super().check(client)
        return self._told(wait / 1e6)


def create_limits(
    shared: Shared, *, per_minute: float, burst: int, recorder: Recorder
) -> ClientLimits:
    """Give the limits that fit: of this process, or of all replicas together."""
    if isinstance(shared, NoShared):
        return ClientLimits(per_minute=per_minute, burst=burst, recorder=recorder)
    return SharedClientLimits(
        shared, per_minute=per_minute, burst=burst, recorder=recorder
    )
