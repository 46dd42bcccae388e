"""All replicas together make no more calls than one may."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from giphynavigator.resilience.quota import QuotaReport, QuotaSpent
from giphynavigator.resilience.quota_shared import SharedQuota
from giphynavigator.resilience.redis_shared import RedisShared
from giphynavigator.resilience.shared import NoShared
from tests.fakes import FakeClock, until
from tests.resilience.test_quota import take_all
from tests.servers import RedisServer

WINDOW = "giphynavigator:quota:window"


@pytest.fixture
async def replicas(redis_server: RedisServer) -> AsyncIterator[list[RedisShared]]:
    """Three replicas' connections to one Redis; they look again every 50 ms."""
    replicas = [RedisShared(redis_server.url, rest=0.05) for _ in range(3)]
    yield replicas
    for replica in replicas:
        await replica.close()


def quota_on(shared, calls: int = 100, period: float = 3600, **options) -> SharedQuota:
    return SharedQuota(shared, calls=calls, period=period, **options)


async def evals(shared: RedisShared) -> int:
    stats = await shared.run(lambda redis: redis.info("commandstats"), {})
    return stats.get("cmdstat_evalsha", {"calls": 0})["calls"]


@pytest.mark.parametrize("calls", [3, 20, 100])
async def test_three_replicas_take_exactly_the_quota(replicas, calls: int) -> None:
    quotas = [quota_on(shared, calls) for shared in replicas]

    taken = await asyncio.gather(*(take_all(quota) for quota in quotas))

    assert sum(taken) == calls


async def test_six_hundred_at_once_on_three_replicas_get_exactly_the_quota(
    replicas,
) -> None:
    quotas = [quota_on(shared) for shared in replicas]

    ended = await asyncio.gather(
        *(quota.take() for quota in quotas for _ in range(200)), return_exceptions=True
    )

    assert sum(end is None for end in ended) == 100
    assert {type(end) for end in ended} == {type(None), QuotaSpent}


async def test_a_block_is_fetched_once_for_all_who_need_it(replicas) -> None:
    quota = quota_on(replicas[0])
    await replicas[0].script("return 1", "warm")
    before = await evals(replicas[0])

    await asyncio.gather(*(quota.take() for _ in range(5)))

    # The first one is answered NOSCRIPT, and is sent again.
    assert await evals(replicas[0]) - before == 2


async def test_a_waiter_that_leaves_while_a_block_is_fetched_wastes_no_call(
    replicas,
) -> None:
    quota = quota_on(replicas[0], 20)
    leaving = asyncio.create_task(quota.take())
    staying = asyncio.create_task(quota.take())
    await asyncio.sleep(0)

    leaving.cancel()
    await asyncio.wait([leaving, staying])

    assert await take_all(quota) == 19


async def test_a_replica_that_dies_wastes_its_block_and_no_more(replicas) -> None:
    dead, living = quota_on(replicas[0]), quota_on(replicas[1])
    await dead.take()

    del dead

    assert await take_all(living) == 95


async def test_a_restarted_replica_finds_the_window_as_it_was(replicas) -> None:
    await take_all(quota_on(replicas[0], 20))

    again = quota_on(replicas[1], 20)
    await again.look()

    assert again.report().used == 20
    assert await take_all(again) == 0


async def test_the_report_counts_what_other_replicas_took(replicas) -> None:
    ours, theirs = quota_on(replicas[0]), quota_on(replicas[1])
    for _ in range(7):
        await theirs.take()
    await ours.take()

    report = ours.report()

    # Theirs hold a second block of five; ours have used one of their first.
    assert (report.limit, report.used, report.left) == (100, 11, 89)
    assert 3590 < (report.resets_in or 0) <= 3600


async def test_looking_costs_no_call(replicas) -> None:
    quota = quota_on(replicas[0])

    await quota.look()

    assert (quota.report().used, quota.report().left) == (0, 100)


async def test_background_work_stops_first_in_all_replicas(replicas) -> None:
    ours, theirs = quota_on(replicas[0]), quota_on(replicas[1])
    for _ in range(75):
        await theirs.take()

    assert await take_all(ours, urgent=False) <= 5
    assert await take_all(ours) + await take_all(theirs) >= 20


async def test_a_new_window_starts_by_the_clock_of_redis(replicas) -> None:
    quota = quota_on(replicas[0], 20, period=0.2)
    first = await take_all(quota)

    await asyncio.sleep(0.25)

    assert (first, await take_all(quota)) == (20, 20)


async def test_a_block_ends_with_its_window(replicas) -> None:
    quota = quota_on(replicas[0], period=0.4)
    await quota.take()

    await asyncio.sleep(0.45)

    assert await take_all(quota) == 100


async def test_a_refusal_met_by_one_replica_stops_the_others_at_once(replicas) -> None:
    ours, theirs = quota_on(replicas[0]), quota_on(replicas[1])
    await ours.take()
    await theirs.take()

    await theirs.close_for(30)

    with pytest.raises(QuotaSpent) as refusal:
        await ours.take()
    assert 29 < refusal.value.retry_after <= 30


async def test_a_replica_that_loses_redis_spends_its_block_and_no_more(
    redis_server: RedisServer, replicas
) -> None:
    quota = quota_on(replicas[0])
    await quota.take()

    redis_server.kill()
    await quota.take()

    assert quota.report().left == 3
    assert await take_all(quota) == 3
    with pytest.raises(QuotaSpent) as refusal:
        await quota.take()
    assert refusal.value.retry_after == 2


async def test_three_replicas_that_lose_redis_midway_stay_within_the_quota(
    redis_server: RedisServer, replicas
) -> None:
    quotas = [quota_on(shared) for shared in replicas]
    for _ in range(12):
        await asyncio.gather(*(quota.take() for quota in quotas))

    redis_server.kill()

    taken = 36 + sum([await take_all(quota) for quota in quotas])
    assert taken == 45


async def test_a_replica_that_never_saw_redis_has_one_block_a_window() -> None:
    clock = FakeClock()
    quota = quota_on(NoShared(), clock=clock)

    first = await take_all(quota)
    report = quota.report()
    clock.advance(3600)

    assert (first, await take_all(quota)) == (5, 5)
    assert report == QuotaReport(limit=100, used=5, left=0, resets_in=3600)


async def test_what_it_took_alone_is_told_to_redis_when_it_is_back(
    redis_server: RedisServer, replicas
) -> None:
    redis_server.kill()
    ours, theirs = quota_on(replicas[0]), quota_on(replicas[1])
    alone = await take_all(ours)

    redis_server.start()
    await until(lambda: replicas[0].up)
    together = await take_all(ours) + await take_all(theirs)

    assert (alone, together) == (5, 95)


async def test_a_redis_that_comes_back_empty_is_told_what_was_used(
    redis_server: RedisServer, replicas
) -> None:
    quota = quota_on(replicas[0])
    for _ in range(60):
        await quota.take()
    resets_in = quota.report().resets_in or 0

    redis_server.kill()
    redis_server.start()

    assert await take_all(quota) == 40
    assert quota.report().resets_in == pytest.approx(resets_in, abs=2)


@pytest.mark.parametrize("junk", ["a string", {"ends": "soon", "used": "lots"}])
async def test_junk_in_redis_gives_nobody_more_than_the_quota(replicas, junk) -> None:
    if isinstance(junk, dict):
        await replicas[0].run(lambda redis: redis.hset(WINDOW, mapping=junk), 0)
    else:
        await replicas[0].run(lambda redis: redis.set(WINDOW, junk), None)

    assert 0 < await take_all(quota_on(replicas[0])) <= 100


async def test_a_look_does_not_begin_the_window(replicas) -> None:
    quota = quota_on(replicas[0])

    await quota.look()

    assert quota.report() == QuotaReport(limit=100, used=0, left=100, resets_in=0)
