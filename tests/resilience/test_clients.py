"""One client that asks too often does not take the others' share."""

import tracemalloc
from collections.abc import AsyncIterator

import pytest

from giphynavigator.resilience.clients import ClientLimits, SharedClientLimits
from giphynavigator.resilience.redis_shared import RedisShared
from tests.fakes import FakeClock, Notes
from tests.servers import RedisServer


async def allowed(limits: ClientLimits, client: str, count: int) -> int:
    return sum([await limits.check(client) == 0 for _ in range(count)])


async def test_a_burst_is_allowed_and_no_more(clock: FakeClock, notes: Notes) -> None:
    limits = ClientLimits(per_minute=60, burst=10, clock=clock, recorder=notes)

    assert await allowed(limits, "client", 15) == 10
    assert notes.taken == 5 * [("refused", "client")]


async def test_whoever_is_refused_is_told_how_long_to_wait(clock: FakeClock) -> None:
    limits = ClientLimits(per_minute=30, burst=1, clock=clock)
    await limits.check("client")
    clock.advance(0.5)

    wait = await limits.check("client")
    clock.advance(wait)

    assert wait == 1.5
    assert await limits.check("client") == 0


async def test_after_the_burst_the_rate_holds(clock: FakeClock) -> None:
    limits = ClientLimits(per_minute=60, burst=10, clock=clock)
    through = 0

    for _ in range(60 * 20):
        through += await limits.check("client") == 0
        clock.advance(1 / 20)

    assert through == pytest.approx(70, abs=1)


async def test_an_abuser_takes_nothing_from_twenty_fair_clients(
    clock: FakeClock,
) -> None:
    limits = ClientLimits(per_minute=60, burst=5, clock=clock)
    fair = 0

    for _ in range(60):
        await allowed(limits, "abuser", 20)
        fair += sum([await allowed(limits, f"client {n}", 1) for n in range(20)])
        clock.advance(1)

    assert fair == 60 * 20


async def test_an_abuser_is_not_forgotten_while_it_asks(clock: FakeClock) -> None:
    limits = ClientLimits(per_minute=1, burst=5, most=100, clock=clock)
    through = 0

    for number in range(1000):
        through += await limits.check("abuser") == 0
        await limits.check(f"passer-by {number}")

    assert through == 5


async def test_a_hundred_thousand_clients_are_remembered_in_twenty_megabytes() -> None:
    limits = ClientLimits(per_minute=60, burst=10)
    tracemalloc.start()

    for number in range(120_000):
        await limits.check(f"client {number}")
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(limits) <= 100_000
    assert size <= 20e6


@pytest.mark.parametrize("jump", [-3600, 3600])
async def test_a_clock_that_jumps_locks_nobody_out(clock: FakeClock, jump) -> None:
    limits = ClientLimits(per_minute=60, burst=10, clock=clock)
    await allowed(limits, "client", 10)

    clock.advance(jump)

    assert await limits.check("client") <= 1


@pytest.fixture
async def other(redis_server: RedisServer) -> AsyncIterator[RedisShared]:
    """The same Redis as another replica sees it."""
    shared = RedisShared(redis_server.url)
    yield shared
    await shared.close()


async def test_replicas_count_a_client_together(
    shared: RedisShared, other: RedisShared
) -> None:
    ours = SharedClientLimits(shared, per_minute=6, burst=10)
    theirs = SharedClientLimits(other, per_minute=6, burst=10)

    through = await allowed(ours, "client", 7) + await allowed(theirs, "client", 7)
    wait = await ours.check("client")

    assert through == 10
    assert 9 < wait <= 10


async def test_without_redis_each_replica_counts_for_itself(
    redis_server: RedisServer, shared: RedisShared, notes: Notes
) -> None:
    limits = SharedClientLimits(shared, per_minute=6, burst=10, recorder=notes)
    redis_server.kill()

    through = await allowed(limits, "client", 15)

    assert through == 10
    assert notes.named("refused") == 5 * ["client"]


async def test_a_client_is_not_named_in_redis_and_is_forgotten_when_it_rests(
    shared: RedisShared,
) -> None:
    limits = SharedClientLimits(shared, per_minute=6, burst=10)
    await limits.check("a token")

    (key,) = await shared.run(lambda redis: redis.keys("*"), [])
    life = await shared.run(lambda redis: redis.pttl(key), 0)

    assert key.startswith(b"giphynavigator:client:")
    assert b"token" not in key
    assert 9000 < life <= 10_000


@pytest.mark.parametrize("junk", [b"junk", b"9e99", b"-5", b"nan", b"inf"])
async def test_junk_in_redis_locks_nobody_out(shared: RedisShared, junk) -> None:
    limits = SharedClientLimits(shared, per_minute=60, burst=10)
    await limits.check("client")
    (key,) = await shared.run(lambda redis: redis.keys("*"), [])

    await shared.set(key, junk, life=60)

    assert await limits.check("client") <= 1
    assert await allowed(limits, "client", 20) <= 10
