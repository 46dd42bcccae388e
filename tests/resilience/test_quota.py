"""Calls to Giphy are counted, and people get the last of them."""

import asyncio

import pytest

from giphynavigator.resilience.quota import (
    FixedWindowQuota,
    Quota,
    QuotaReport,
    QuotaSpent,
)
from tests.fakes import FakeClock, Notes


def quota_of(calls: int, clock: FakeClock, **options) -> FixedWindowQuota:
    return FixedWindowQuota(calls=calls, period=3600, clock=clock, **options)


async def take_all(quota: FixedWindowQuota, *, urgent: bool = True) -> int:
    """Take calls until there are no more; how many there were."""
    taken = 0
    try:
        while True:
            await quota.take(urgent=urgent)
            taken += 1
    except QuotaSpent:
        return taken


async def test_no_more_calls_are_given_than_there_are(clock: FakeClock) -> None:
    quota = quota_of(20, clock)

    ended = await asyncio.gather(
        *(quota.take() for _ in range(200)), return_exceptions=True
    )

    assert [type(end) for end in ended] == 20 * [type(None)] + 180 * [QuotaSpent]


async def test_whoever_comes_too_late_is_told_when_to_come_again(
    clock: FakeClock, notes: Notes
) -> None:
    quota = quota_of(1, clock, recorder=notes)
    await quota.take()
    clock.advance(3000)

    with pytest.raises(
        QuotaSpent, match=r"used up for now; try again in 600 s"
    ) as late:
        await quota.take()

    assert late.value.headers == {"Retry-After": "600"}
    assert notes.taken == [("sent", None), ("quota", 0), ("refused", "quota")]


async def test_the_next_window_starts_with_the_first_call_after_the_last(
    clock: FakeClock,
) -> None:
    quota = quota_of(5, clock)
    await take_all(quota)
    clock.advance(5000)

    await quota.take()

    assert quota.report() == QuotaReport(limit=5, used=1, left=4, resets_in=3600)


async def test_nothing_is_left_over_from_the_last_window(clock: FakeClock) -> None:
    quota = quota_of(5, clock)
    await quota.take()
    clock.advance(3600)

    assert await take_all(quota) == 5


@pytest.mark.parametrize(
    ("calls", "for_background"), [(100, 80), (20, 16), (5, 4), (4, 4), (1, 1)]
)
async def test_background_work_stops_first(
    clock: FakeClock, calls: int, for_background: int
) -> None:
    quota = quota_of(calls, clock)

    assert await take_all(quota, urgent=False) == for_background
    assert await take_all(quota) == calls - for_background


@pytest.mark.parametrize(
    ("named", "seconds"), [(30, 30), (None, 60), (0, 60), (-5, 60), (1e9, 3600)]
)
async def test_a_refusal_of_giphys_closes_the_window(
    clock: FakeClock, named: float | None, seconds: float
) -> None:
    quota = quota_of(100, clock)
    await quota.take()

    await quota.close_for(named)

    with pytest.raises(QuotaSpent) as refusal:
        await quota.take()
    assert refusal.value.retry_after == seconds
    clock.advance(seconds)
    await quota.take()


async def test_the_report_tells_where_the_window_stands(clock: FakeClock) -> None:
    quota = quota_of(100, clock)
    before = quota.report()

    await quota.take()
    clock.advance(600)

    assert before == QuotaReport(limit=100, used=0, left=100, resets_in=0)
    assert quota.report() == QuotaReport(limit=100, used=1, left=99, resets_in=3000)


async def test_while_giphy_refuses_nothing_is_left(clock: FakeClock) -> None:
    quota = quota_of(100, clock)

    await quota.close_for(60)
    closed = quota.report()
    await_until_open = 60
    clock.advance(await_until_open)
    await quota.take()
    await quota.close_for(30)

    assert closed == QuotaReport(limit=100, used=0, left=0, resets_in=60)
    assert quota.report() == QuotaReport(limit=100, used=1, left=0, resets_in=3600)


async def test_a_clock_that_is_set_back_gives_no_calls(clock: FakeClock) -> None:
    quota = quota_of(5, clock)
    await take_all(quota)

    clock.advance(-7200)

    assert await take_all(quota) == 0


async def test_without_a_quota_nobody_counts() -> None:
    quota = Quota()

    for _ in range(1000):
        await quota.take(urgent=False)
    await quota.close_for(60)
    await quota.look()
    await quota.take()

    assert quota.report() == QuotaReport(None, None, None, None)
