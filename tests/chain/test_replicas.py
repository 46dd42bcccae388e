"""Several replicas at one Redis spend the calls of one."""

import asyncio
import pickle
import time
from collections import Counter

import pytest

from giphynavigator.containers import Container
from giphynavigator.giphy_errors import GiphyError
from giphynavigator.pages import Question
from giphynavigator.resilience.breaker import CircuitOpen
from giphynavigator.resilience.quota import QuotaSpent
from giphynavigator.resilience.replicas import FailedElsewhere, named
from giphynavigator.sandbox.application import Sandbox
from tests.chain.chain import ends_of, get, keep_time, settings_of
from tests.chain.conftest import Join, Serve
from tests.fakes import FakeClock, until
from tests.servers import RedisServer
from tests.starved import Stopwatch

CATS = Question("search", "cats", rating="g", lang="en")


async def three(
    join: Join, upstream: Sandbox, redis_server: RedisServer | None, **settings
) -> list[Container]:
    """Three replicas, at one Redis if there is one."""
    url = redis_server.url if redis_server else ""
    return [await join(settings_of(upstream, redis=url, **settings)) for _ in range(3)]


def searches(replicas: list[Container], number: int, query: str = "cats") -> list:
    """So many searches for each replica."""
    return [
        replica.search_service().search(query, 5)
        for _ in range(number)
        for replica in replicas
    ]


def kinds(ends: list) -> Counter[str]:
    return Counter(type(end).__name__ for end in ends)


async def commands(replica: Container) -> int:
    stats = await replica.shared().run(lambda redis: redis.info("stats"), {})
    return stats["total_commands_processed"]


async def test_three_that_share_nothing_make_three_calls(
    join: Join, upstream: Sandbox
) -> None:
    replicas = await three(join, upstream, None)

    ends = await ends_of(searches(replicas, 500))

    assert (kinds(ends), upstream.calls.count) == ({"Links": 1500}, 3)


@pytest.mark.parametrize("delay", [0.0, 0.5])
async def test_three_that_share_a_redis_make_one_call_and_a_hundred_commands_at_most(
    join: Join, upstream: Sandbox, redis_server: RedisServer, delay: float
) -> None:
    replicas = await three(join, upstream, redis_server)
    upstream.faults.set("slow", delay=delay)
    before = await commands(replicas[0])

    ends = await ends_of(searches(replicas, 500))

    assert await commands(replicas[0]) - before <= 100
    assert (kinds(ends), upstream.calls.count) == ({"Links": 1500}, 1)


async def test_without_a_lifetime_they_still_share_the_call(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    replicas = await three(join, upstream, redis_server, max_age=0)
    upstream.faults.set("slow", delay=0.2)

    ends = await ends_of(searches(replicas, 100))
    at_once = upstream.calls.count
    await replicas[1].search_service().search("cats", 5)

    assert (kinds(ends), at_once, upstream.calls.count) == ({"Links": 300}, 1, 2)


async def test_cold_failures_are_three_calls_for_all_of_them(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    replicas = await three(join, upstream, redis_server)
    upstream.faults.set("http-503")

    ends = await ends_of(searches(replicas, 100))

    assert all(isinstance(end, GiphyError) for end in ends)
    assert upstream.calls.count <= 3


async def test_two_hundred_searches_share_a_quota_of_twenty_sends(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    replicas = await three(join, upstream, redis_server, calls=20)

    ends = await ends_of(
        replicas[n % 3].search_service().search(f"question {n}", 5) for n in range(200)
    )

    # Fewer where this machine is so slow that Redis seems to be away.
    sends = upstream.calls.count
    assert 3 <= sends <= 20
    assert kinds(ends) == {"Links": sends, "QuotaSpent": 200 - sends}
    assert all(end.headers["Retry-After"] for end in ends if is_spent(end))


def is_spent(end: object) -> bool:
    return isinstance(end, QuotaSpent)


async def test_a_replica_that_starts_anew_finds_the_quota_as_it_was(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    first = await join(settings_of(upstream, redis=redis_server.url, calls=20))
    for start in range(0, 25, 5):
        batch = range(start, start + 5)
        await ends_of(first.search_service().search(f"old {n}", 5) for n in batch)

    second = await join(settings_of(upstream, redis=redis_server.url, calls=20))
    ends = await ends_of(
        second.search_service().search(f"new {n}", 5) for n in range(20)
    )

    assert kinds(ends) == {"QuotaSpent": 20}
    assert upstream.calls.count == 20


async def test_when_giphy_says_429_nobody_asks_for_as_long_as_it_says(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    replicas = await three(join, upstream, redis_server)
    upstream.faults.set("http-429", retry_after=60, times=1)
    await ends_of(searches(replicas[:1], 1))
    upstream.calls.clear()

    ends = await ends_of(
        replicas[n % 3].search_service().search(f"question {n}", 5) for n in range(30)
    )

    assert kinds(ends) == {"QuotaSpent": 30}
    assert all(55 < end.retry_after <= 60 for end in ends)
    assert upstream.calls.count == 0


async def test_a_new_replica_gives_what_the_others_have_while_giphy_hangs(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    settings = settings_of(upstream, redis=redis_server.url, timeout=0.5)
    old = await join(settings)
    await old.search_service().search("cats", 5)
    await age_in_redis(old, seconds=100)
    upstream.faults.set("hang")
    new = await join(settings)
    stopwatch = Stopwatch()

    kept = await new.resilience.pages().page(CATS)

    assert (kept.outcome, round(kept.age)) == ("stale", 100)
    assert stopwatch() < 0.05
    await until(lambda: upstream.calls.count == 2)


async def age_in_redis(replica: Container, *, seconds: int) -> None:
    """Have the page there for so much longer."""
    shared = replica.shared()
    key = shared.key("page", named(CATS))
    left = 3600 - seconds
    assert await shared.run(lambda redis: redis.expire(key, left), None)


async def test_warm_pages_stay_warm_and_cold_ones_come_though_redis_is_gone(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    replica = await join(settings_of(upstream, redis=redis_server.url, calls=1000))
    service = replica.search_service()
    await service.search("cats", 5)
    usual = await slowest(service, "before", 5)

    redis_server.pause()
    hung, hung_again = [await slowest(service, name, 5) for name in ("hung", "again")]
    redis_server.kill()
    gone = await slowest(service, "gone", 5)
    ends = await ends_of(service.search("cats", 5) for _ in range(100))

    assert kinds(ends) == {"Links": 100}
    assert hung <= usual + 0.3
    assert max(hung_again, gone) <= usual + 0.1
    assert upstream.calls.count == 1 + 4 * 5


async def slowest(service, name: str, number: int) -> float:
    """Search cold and warm at once; the seconds that the slowest took."""

    async def one(query: str) -> float:
        began = time.monotonic()
        assert len(await service.search(query, 5)) == 5
        return time.monotonic() - began

    cold = [one(f"{name} {n}") for n in range(number)]
    return max(await asyncio.gather(*cold, *(one("cats") for _ in range(20))))


async def test_without_redis_a_replica_has_its_block_and_no_more(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    replicas = await three(join, upstream, redis_server, calls=100)
    await ends_of(
        replica.search_service().search(f"before {n}", 5)
        for n, replica in enumerate(replicas)
    )
    redis_server.kill()

    ends = await ends_of(
        replicas[n % 3].search_service().search(f"question {n}", 5) for n in range(60)
    )

    # A block is a twentieth of the calls: each has four of its five left.
    assert kinds(ends) == {"Links": 12, "QuotaSpent": 48}
    assert upstream.calls.count == 15


@pytest.mark.parametrize(
    "planted",
    [
        b"\x00garbage",
        pickle.dumps(print),
        b'{"items": "[]", "count": 0}',
        b"\x93\xc4\x02[]\x05\x05",
    ],
)
async def test_garbage_in_redis_changes_no_answer(
    serve: Serve, upstream: Sandbox, redis_server: RedisServer, planted: bytes
) -> None:
    client = await serve(redis=redis_server.url)
    shared = client.app.container.shared()
    for kind in ("page", "lease", "failed"):
        key = shared.key(kind, named(CATS))
        await shared.run(lambda redis, key=key: redis.set(key, planted, px=900_000), "")

    answer = await get(client, "/gifs?query=cats&limit=5")

    assert answer.status == 200
    assert answer.body.count(b'"original":{') == 5
    assert upstream.calls.count == 1


async def test_a_refresh_by_one_replica_serves_the_others(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    replicas = await three(join, upstream, redis_server)
    clocks = [FakeClock() for _ in replicas]
    for replica, clock in zip(replicas, clocks, strict=True):
        keep_time(replica, clock)
    await ends_of(searches(replicas, 1))
    await age_in_redis(replicas[0], seconds=61)
    for clock in clocks:
        clock.advance(61)

    for replica in replicas:
        flights = replica.resilience.flights()
        kept = await replica.resilience.pages().page(CATS)
        await until(lambda flights=flights: len(flights) == 0)
        assert kept.outcome == "stale"
    fresh = [await replica.resilience.pages().page(CATS) for replica in replicas]

    assert [kept.outcome for kept in fresh] == 3 * ["hit"]
    assert upstream.calls.count == 2


async def test_failed_refreshes_of_replicas_are_few_calls(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    replicas = await three(join, upstream, redis_server)
    clock = FakeClock()
    for replica in replicas:
        keep_time(replica, clock)
    await ends_of(searches(replicas, 1))
    await age_in_redis(replicas[0], seconds=61)
    clock.advance(61)
    upstream.faults.set("http-503")
    upstream.calls.clear()

    for _ in range(100):
        for replica in replicas:
            kept = await replica.resilience.pages().page(CATS)
            assert kept.outcome == "stale"
        flights = [replica.resilience.flights() for replica in replicas]
        await until(lambda flights=flights: not any(map(len, flights)))
        clock.advance(0.1)

    # Each puts it off by itself: three times in ten seconds.
    assert upstream.calls.count <= 9


async def test_the_breaker_of_each_is_its_own_and_a_cut_off_giphy_is_said_so(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    replicas = await three(join, upstream, redis_server)
    upstream.faults.set("http-503")

    ends = [
        end
        for n in range(15)
        for end in await ends_of(searches(replicas[:1], 1, f"question {n}"))
    ]

    assert {type(end) for end in ends[10:]} == {CircuitOpen}
    assert upstream.calls.count <= 20
    upstream.faults.clear()
    assert kinds(await ends_of(searches(replicas[1:], 1, "other"))) == {"Links": 2}
    assert kinds(await ends_of(searches(replicas[:1], 1, "other"))) == {"Links": 1}


async def test_who_waited_for_a_replica_that_failed_is_told_so(
    join: Join, upstream: Sandbox, redis_server: RedisServer
) -> None:
    replicas = await three(join, upstream, redis_server)
    upstream.faults.set("http-401", delay=0.1)

    ends = await ends_of(searches(replicas, 1))

    assert sum(isinstance(end, FailedElsewhere) for end in ends) == 2
    assert upstream.calls.count == 1
