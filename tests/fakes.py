"""Stand-ins that remember what they were asked."""

import asyncio
from collections.abc import Callable

from giphynavigator.recorder import Recorder
from giphynavigator.resilience.shared import Shared


class FakeClock:
    """A clock that moves when it is told to, and a sleep that only moves it."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Notes(Recorder):
    """A recorder that writes everything down, in order."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, object]] = []

    def named(self, name: str) -> list[object]:
        return [value for kind, value in self.taken if kind == name]

    def kept(self, outcome: str) -> None:
        self.taken.append(("kept", outcome))

    def sent(self) -> None:
        self.taken.append(("sent", None))

    def refused(self, reason: str) -> None:
        self.taken.append(("refused", reason))

    def breaker(self, state: str) -> None:
        self.taken.append(("breaker", state))

    def quota(self, left: int, *, resets_in: float) -> None:
        self.taken.append(("quota", left))

    def redis(self, *, up: bool) -> None:
        self.taken.append(("redis", up))

    def waiting(self, count: int) -> None:
        self.taken.append(("waiting", count))

    def flying(self, count: int) -> None:
        self.taken.append(("flying", count))


async def settle() -> None:
    """Let everything that can run without time passing run."""
    for _ in range(20):
        await asyncio.sleep(0)


async def until(holds: Callable[[], bool], *, tries: int = 4000) -> None:
    """Wait for what another process or the network brings, 20 seconds or longer."""
    for _ in range(tries):
        if holds():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to hold")


async def read(shared: Shared, key: str) -> bytes | None:
    """What is kept there, or None: nothing, or no Redis."""
    value = await shared.run(lambda redis: redis.get(key), None)
    return value if isinstance(value, bytes) else None
