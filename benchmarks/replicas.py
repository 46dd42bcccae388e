"""Equal cold searches met by three replicas at once, with Redis and without."""

import asyncio
from contextlib import AsyncExitStack, ExitStack
from typing import Final

from benchmarks.load import crowd
from benchmarks.measure import Upstream, navigator, upstream
from benchmarks.redis_server import RedisServer, redis_server
from benchmarks.rows import Row
from benchmarks.words import path

ROUNDS: Final = 5
REPLICAS: Final = 3
EACH: Final = 500
DELAY: Final = 0.3


async def replicas() -> list[Row]:
    """Measure the calls, and the commands that Redis got, round by round."""
    with redis_server() as redis:
        if redis is None:
            lack = "not measured: redis-server is not installed"
            return [calls_row([], [], lack), commands_row([], lack)]
        with upstream() as giphy, ExitStack() as stack:
            shared = started(stack, giphy, redis.url)
            alone = started(stack, giphy, "")
            return await rounds(giphy, redis, shared, alone)


def started(stack: ExitStack, giphy: Upstream, redis_url: str) -> list[str]:
    """Start the replicas and give their addresses."""
    processes = (navigator(giphy.api_url, redis_url=redis_url) for _ in range(REPLICAS))
    return [stack.enter_context(process).address for process in processes]


async def rounds(
    giphy: Upstream, redis: RedisServer, shared: list[str], alone: list[str]
) -> list[Row]:
    """Ask in turns."""
    with_redis, without, commands = [], [], []
    await stampede(giphy, shared, "warm up")
    giphy.slow_down(DELAY)
    for number in range(ROUNDS):
        before = sum(redis.commands().values())
        with_redis.append(await stampede(giphy, shared, f"stampede {number}"))
        commands.append(sum(redis.commands().values()) - before)
        without.append(await stampede(giphy, alone, f"stampede {number}"))
    return [calls_row(with_redis, without), commands_row(commands)]


async def stampede(giphy: Upstream, addresses: list[str], query: str) -> int:
    """Count the calls that come of the same search from everyone at once."""
    async with AsyncExitStack() as stack:
        crowds = [
            await stack.enter_async_context(crowd(address, EACH))
            for address in addresses
        ]
        before = giphy.calls()
        await asyncio.gather(*(visit([path(query)] * EACH) for visit in crowds))
        return giphy.calls() - before


def calls_row(ours: list[int], alone: list[int], missing: str = "") -> Row:
    """Put them side by side."""
    return Row(
        what=f"{REPLICAS} replicas, {EACH} equal cold searches each: calls to Giphy",
        short=f"{REPLICAS} replicas, {EACH} equal each: calls",
        budget=1,
        unit="{:.0f}",
        figures=tuple(ours),
        baseline="" if missing else f"without Redis {max(alone)} calls",
        how=(
            f"{REPLICAS} processes and a Redis of their own; {EACH} open connections to"
            " each, and on every one of them the same search at the same moment."
            f" {ROUNDS} rounds, each with new words, the sandbox taking"
            f" {DELAY * 1000:.0f} ms to answer; then the same with {REPLICAS} processes"
            " that know of no Redis."
        ),
        missing=missing,
    )


def commands_row(commands: list[int], missing: str = "") -> Row:
    """Give the row of what Redis had to do."""
    return Row(
        what=f"{REPLICAS} replicas, {EACH} equal cold searches each: Redis commands",
        short="the same: Redis commands",
        budget=100,
        unit="{:.0f}",
        figures=tuple(commands),
        how=(
            "The rounds above, by Redis's own statistics: every command of every"
            " replica, those inside scripts counted too, and the renewal of leases."
        ),
        missing=missing,
    )
