"""Asking the whole service, many times at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from aiohttp.test_utils import TestClient
from dependency_injector import providers
from multidict import CIMultiDictProxy

from giphynavigator.containers import Container
from giphynavigator.resilience.breaker import Breaker
from giphynavigator.resilience.store import PageStore
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.settings import (
    CacheSettings,
    DatabaseSettings,
    FileSettings,
    GiphySettings,
    QuotaSettings,
    RedisSettings,
    Secret,
    Settings,
)
from giphynavigator.web.ready import Ready
from tests.conftest import CANARY
from tests.fakes import FakeClock
from tests.processes import IN_MEMORY
from tests.starved import Stopwatch

PROBLEM = "application/problem+json"


class Said(NamedTuple):
    """What the service answered, and after how many seconds."""

    status: int
    kind: str
    headers: CIMultiDictProxy[str]
    body: bytes
    took: float

    @property
    def outcome(self) -> str:
        """What Cache-Status says, without the lifetime."""
        parts = self.headers["Cache-Status"].split("; ")
        return "; ".join(part for part in parts[1:] if not part.startswith("ttl="))


def settings_of(  # noqa: PLR0913 - each by name
    upstream: Sandbox,
    *,
    calls: int = 100_000,
    timeout: float = 5,
    redis: str = "",
    max_age: float = 60,
    max_bytes: int = 67_108_864,
) -> Settings:
    """Settings of a service with a key, a quota and this Giphy."""
    file = FileSettings(
        giphy=GiphySettings(api_url=upstream.api_url, request_timeout=timeout),
        cache=CacheSettings(max_age=max_age, max_bytes=max_bytes),
        quota=QuotaSettings(calls=calls),
        redis=RedisSettings(url=redis),
        database=DatabaseSettings(IN_MEMORY),
    )
    return Settings(file, api_key=Secret(CANARY), sandbox=False)


def keep_time(container: Container, clock: Callable[[], float]) -> None:
    """Have pages age and the breaker rest by this clock."""
    chain = container.resilience
    ready = providers.Singleton(
        Ready,
        container.search_service.provider,
        container.recorder,
        max_bytes=container.config.cache.ready_bytes,
        clock=clock,
    )
    container.ready.override(ready)
    store = providers.Singleton(
        PageStore,
        chain.lifetimes,
        max_bytes=container.config.cache.page_bytes,
        clock=clock,
    )
    breaker = providers.Singleton(
        Breaker, least=10, clock=clock, recorder=container.recorder
    )
    chain.store.override(store)
    chain.breaker.override(breaker)


async def get(client: TestClient, path: str, **headers: str) -> Said:
    """Ask once."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    stopwatch = Stopwatch()
    async with client.get(path, headers=names) as answer:
        body = await answer.read()
        return Said(
            answer.status, answer.content_type, answer.headers, body, stopwatch()
        )


async def get_all(client: TestClient, paths: Iterable[str]) -> list[Said]:
    """Ask all at once."""
    return list(await asyncio.gather(*(get(client, path) for path in paths)))


async def ends_of(asked: Iterable[Awaitable[Any]]) -> list[Any]:
    """Wait for all, errors included."""
    return list(await asyncio.gather(*asked, return_exceptions=True))


def statuses(answers: Iterable[Said]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


async def grow_stale(client: TestClient, clock: FakeClock, *paths: str) -> None:
    """Have the answers kept, and past their lifetime."""
    for path in paths:
        assert (await get(client, path)).status == 200
    clock.advance(61)
