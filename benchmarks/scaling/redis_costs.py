"""What a cold search costs a real Redis: commands, time, memory, connections."""

import asyncio
import inspect
from collections import Counter
from typing import Final

from dependency_injector import providers
from msgspec import Struct

from benchmarks.redis_server import RedisServer, redis_server
from benchmarks.scaling.fakes import FakeGiphy
from benchmarks.scaling.simulation import same
from giphynavigator.application import create_container
from giphynavigator.resilience.redis_shared import RedisShared
from giphynavigator.settings import (
    FileSettings,
    QuotaSettings,
    RedisSettings,
    Secret,
    Settings,
)

SEARCHES: Final = 400
CALLS: Final = 2000
CONNECTIONS: Final = int(
    inspect.signature(RedisShared).parameters["connections"].default
)


class Cost(Struct, frozen=True):
    """For one search: commands, by name, seconds of Redis's CPU and bytes it keeps."""

    commands: dict[str, float]
    cpu: float
    bytes: float

    @property
    def total(self) -> float:
        """All commands."""
        return sum(self.commands.values())


class RedisCosts(Struct, frozen=True):
    """A search that no replica has, one that another has, and what Redis accepts."""

    cold: Cost
    elsewhere: Cost
    most_clients: int


def redis_costs(answer: bytes) -> RedisCosts | None:
    """Measure, if there is a Redis to be had."""
    with redis_server() as redis:
        if redis is None:
            return None
        cold = asyncio.run(cost(redis, answer))
        elsewhere = asyncio.run(cost(redis, answer))
        return RedisCosts(cold, elsewhere, redis.most_clients())


async def cost(redis: RedisServer, answer: bytes) -> Cost:
    """Search as a replica that was just started."""
    file = FileSettings(
        redis=RedisSettings(redis.url), quota=QuotaSettings(calls=CALLS)
    )
    container = create_container(Settings(file, api_key=Secret("any"), sandbox=False))
    giphy = FakeGiphy(answer, container.quota())
    container.giphy_client.override(providers.Factory(same, giphy))
    service = container.search_service()
    await container.shared().left("warm up")
    before, cpu, kept = redis.commands(), redis.process.cpu(), memory(redis)
    for number in range(SEARCHES):
        await service.search(f"query {number}", 10)
    spent = redis.process.cpu() - cpu
    more = Counter(redis.commands())
    more.subtract(before)
    await container.shared().close()
    commands = {name: count / SEARCHES for name, count in more.items() if count > 0}
    return Cost(commands, spent / SEARCHES, (memory(redis) - kept) / SEARCHES)


def memory(redis: RedisServer) -> int:
    """Give the bytes that Redis uses."""
    return int(redis.info("memory")["used_memory"])
