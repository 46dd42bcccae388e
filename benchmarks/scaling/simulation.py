"""An hour of searches through the real service and page store, on a fake clock."""

import asyncio
import random
import time
from collections import Counter
from typing import Final

from dependency_injector import providers
from msgspec import Struct

from benchmarks.measure import resident
from benchmarks.scaling.fakes import FakeClock, FakeGiphy, SharedPages
from benchmarks.words import ranks
from giphynavigator.answers import Links
from giphynavigator.application import create_container
from giphynavigator.containers import Container
from giphynavigator.errors import NavigatorError
from giphynavigator.resilience.quota import FixedWindowQuota, Quota
from giphynavigator.resilience.store import PageStore
from giphynavigator.settings import CacheSettings, FileSettings, Settings

HOUR: Final = 3600.0
CACHE: Final = CacheSettings()
LIMIT: Final = 10


class Load(Struct, frozen=True):
    """So many searches in an hour, for so many queries, at so many replicas.

    `shared`: the replicas share a Redis. `quota`: calls an hour; 0 is any number.
    """

    searches: int
    queries: int = 10_000
    replicas: int = 1
    shared: bool = False
    quota: int = 0
    max_bytes: int = CACHE.max_bytes


class Outcome(Struct, frozen=True):
    """What came of a load; `cpu` is in seconds, memory in bytes for each replica."""

    load: Load
    calls: int
    pages: int
    kept: int
    resident: int
    cpu: float
    answers: dict[str, int]
    shared_reads: int

    def share(self, *names: str) -> float:
        """Give the part of all searches that was answered so."""
        return sum(self.answers.get(name, 0) for name in names) / self.load.searches


def simulate(load: Load, answer: bytes) -> Outcome:
    """Run the hour."""
    return asyncio.run(hour(load, answer))


async def hour(load: Load, answer: bytes) -> Outcome:
    """Make the searches, evenly over the hour, each at a replica by chance."""
    clock = FakeClock()
    quota = (
        FixedWindowQuota(calls=load.quota, period=HOUR, clock=clock)
        if load.quota
        else Quota()
    )
    giphy = FakeGiphy(answer, quota)
    pool = shared_pages(clock) if load.shared else None
    replicas = [
        Replica(clock, giphy, pool, load.max_bytes) for _ in range(load.replicas)
    ]
    drawn = ranks(load.searches, load.queries, seed=1)
    before, began = resident(), time.process_time()
    answers = await searched(load, drawn, replicas, clock)
    return Outcome(
        load,
        giphy.calls,
        len(set(drawn)),
        sum(replica.store.size for replica in replicas) // load.replicas,
        (resident() - before) // load.replicas,
        time.process_time() - began,
        dict(answers),
        pool.reads if pool else 0,
    )


def shared_pages(clock: FakeClock) -> SharedPages:
    """Give what stands in for a Redis."""
    return SharedPages(create_container(Settings()).resilience.lifetimes(), clock)


async def searched(
    load: Load, drawn: list[int], replicas: list["Replica"], clock: FakeClock
) -> Counter[str]:
    """Make the searches and count how they went."""
    visited = random.Random(2).choices(replicas, k=load.searches)
    answers: Counter[str] = Counter()
    for number, (rank, replica) in enumerate(zip(drawn, visited, strict=True)):
        clock.now = number * HOUR / load.searches
        answers[await replica.search(f"query {rank}")] += 1
    return answers


class Replica:
    """One service, put together by its own container."""

    def __init__(
        self,
        clock: FakeClock,
        giphy: FakeGiphy,
        pool: SharedPages | None,
        max_bytes: int,
    ) -> None:
        cache = CacheSettings(max_bytes=max_bytes)
        container = create_container(Settings(FileSettings(cache=cache)))
        container.giphy_client.override(providers.Factory(same, giphy))
        self.store = store_of(container, clock)
        container.resilience.store.override(providers.Object(self.store))
        if pool:
            container.resilience.replicas.override(providers.Object(pool))
        self._flights = container.resilience.flights()
        self._service = container.search_service

    async def search(self, query: str) -> str:
        """Search, let what was begun in the background end, and say how it went."""
        try:
            links = await self._service().search(query, LIMIT)
        except NavigatorError as error:
            return type(error).__name__
        while len(self._flights):  # noqa: ASYNC110 - it takes a turn or two
            await asyncio.sleep(0)
        assert isinstance(links, Links)
        return links.reply.kept.outcome


def store_of(container: Container, clock: FakeClock) -> PageStore:
    """Give the page store as the container makes it, but on the fake clock."""
    lifetimes = container.resilience.lifetimes()
    return PageStore(
        lifetimes,
        max_bytes=container.config.cache.page_bytes(),
        clock=clock,
        random=random.Random(3).random,
    )


def same(giphy: FakeGiphy, **_: object) -> FakeGiphy:
    """Give the one stand-in, whoever it is for."""
    return giphy
