"""One flight per key across replicas."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from giphynavigator.resilience.flight import Flights
from giphynavigator.resilience.lease import Leases
from giphynavigator.resilience.redis_shared import RedisShared
from giphynavigator.resilience.shared import NoShared, Shared
from tests.fakes import FakeClock, read
from tests.servers import RedisServer

LEASE = "giphynavigator:lease:cats"


@pytest.fixture
async def replicas(redis_server: RedisServer) -> AsyncIterator[list[RedisShared]]:
    replicas = [RedisShared(redis_server.url) for _ in range(3)]
    yield replicas
    for replica in replicas:
        await replica.close()


class Giphy:
    """Takes a while to answer, and counts the calls."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.calls = 0

    async def search(self) -> bytes:
        self.calls += 1
        await asyncio.sleep(self.seconds)
        return b"cats"


class Replica:
    """The least that asks once for all its own and shares what it got."""

    def __init__(self, shared: Shared, giphy: Giphy, life: float = 1.5) -> None:
        self.shared = shared
        self.giphy = giphy
        self.leases = Leases(shared, life=life)
        self.flights: Flights[str, bytes] = Flights()

    async def search(self) -> bytes:
        page, _ = await self.flights.join("cats", self.fetch)
        return page

    async def fetch(self) -> bytes:
        while True:
            if page := await read(self.shared, "giphynavigator:page:cats"):
                return page
            async with self.leases.hold("cats") as mine:
                if mine:
                    page = await self.giphy.search()
                    await self.shared.set("giphynavigator:page:cats", page, life=60)
                    return page
            await self.leases.gone("cats")


async def commands(shared: RedisShared) -> int:
    """How many commands Redis was sent, those inside scripts included."""
    stats = await shared.run(lambda redis: redis.info("stats"), {})
    return stats["total_commands_processed"]


async def test_without_leases_three_replicas_make_three_calls(replicas) -> None:
    giphy = Giphy(0.05)
    flights = [Flights[str, bytes]() for _ in replicas]

    await asyncio.gather(
        *(flight.join("cats", giphy.search) for flight in flights for _ in range(500))
    )

    assert giphy.calls == 3


async def test_with_leases_they_make_one_call_and_few_commands(replicas) -> None:
    giphy = Giphy(0.5)
    nodes = [Replica(shared, giphy) for shared in replicas]
    before = await commands(replicas[0])

    answers = await asyncio.gather(*(n.search() for n in nodes for _ in range(500)))
    spent = await commands(replicas[0]) - before

    assert answers == 1500 * [b"cats"]
    assert giphy.calls == 1
    assert spent <= 100


async def test_a_slow_holder_keeps_its_lease(replicas) -> None:
    giphy = Giphy(0.4)
    nodes = [Replica(shared, giphy, life=0.15) for shared in replicas]

    await asyncio.gather(*(node.search() for node in nodes))

    assert giphy.calls == 1


async def test_a_dead_holder_loses_its_lease_after_its_life(replicas) -> None:
    dead, living = (Leases(shared, life=0.15) for shared in replicas[:2])
    await dead.acquire("cats")
    refused = await living.acquire("cats")

    await living.gone("cats")

    assert refused is None
    assert await living.acquire("cats")


async def test_a_lease_that_was_lost_is_neither_renewed_nor_given_back(
    replicas,
) -> None:
    slow, quick = (Leases(shared) for shared in replicas[:2])
    theirs = await slow.acquire("cats") or ""
    await replicas[0].run(lambda redis: redis.delete(LEASE), 0)
    ours = await quick.acquire("cats") or ""

    await slow.release("cats", theirs)

    assert await read(replicas[0], LEASE) == ours.encode()


async def test_renewing_ends_when_another_has_the_lease(replicas) -> None:
    clock = FakeClock()
    leases = Leases(replicas[0], sleep=clock.sleep)
    await Leases(replicas[1]).acquire("cats")

    await leases._renew("cats", "a token from before")

    assert clock.slept == [0.5]


async def test_a_holder_that_fails_gives_the_lease_back(replicas) -> None:
    leases = Leases(replicas[0])

    with pytest.raises(ZeroDivisionError):
        async with leases.hold("cats"):
            raise ZeroDivisionError

    async with leases.hold("cats") as mine:
        assert mine


async def test_asking_twice_with_one_token_is_answered_the_same(replicas) -> None:
    leases = Leases(replicas[0], token=lambda: "sent again")

    assert [await leases.acquire("cats") for _ in range(2)] == 2 * ["sent again"]


@pytest.mark.parametrize("planted", ["for ever", "for an hour", "a list"])
async def test_a_planted_lease_holds_nobody_up(replicas, planted: str) -> None:
    kinds = {
        "for ever": lambda redis: redis.set(LEASE, "x"),
        "for an hour": lambda redis: redis.set(LEASE, "x", ex=3600),
        "a list": lambda redis: redis.rpush(LEASE, "x"),
    }
    await replicas[0].run(kinds[planted], None)
    leases = Leases(replicas[0])

    await leases.gone("cats")

    assert await leases.acquire("cats")


async def test_looks_at_anothers_lease_grow_rarer(replicas) -> None:
    clock = FakeClock()
    await Leases(replicas[0], life=60).acquire("cats")

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        if clock() >= 1010:
            await replicas[0].run(lambda redis: redis.delete(LEASE), 0)

    await Leases(replicas[1], life=60, clock=clock, sleep=sleep).gone("cats")

    assert clock.slept[0] == 0.025
    assert max(clock.slept) == 0.2
    assert len(clock.slept) < 75


async def test_without_redis_everyone_holds_every_lease() -> None:
    leases = Leases(NoShared())

    async with leases.hold("cats") as first, leases.hold("cats") as second:
        await leases.gone("cats")

        assert (first, second) == (True, True)


async def test_when_redis_dies_under_the_waiting_they_go_on_alone(
    redis_server: RedisServer, replicas
) -> None:
    giphy = Giphy(0.2)
    nodes = [Replica(shared, giphy) for shared in replicas]
    asked = [asyncio.create_task(node.search()) for node in nodes]
    await asyncio.sleep(0.05)

    redis_server.kill()

    assert await asyncio.gather(*asked) == 3 * [b"cats"]
    assert giphy.calls <= 3
