"""What is told to the recorder is in the numbers."""

import inspect

import pytest

from giphynavigator.metrics.recorder import MetricsRecorder
from giphynavigator.recorder import Recorder
from giphynavigator.resilience.clients import ClientLimits
from giphynavigator.resilience.overload import Bulkhead, Overloaded
from tests.fakes import FakeClock


def test_nothing_that_is_told_goes_unheard() -> None:
    told = [name for name, _ in inspect.getmembers(Recorder, inspect.isfunction)]

    assert len(told) == 11
    for name in told:
        own = vars(MetricsRecorder)[name]
        assert inspect.signature(own) == inspect.signature(getattr(Recorder, name))


def test_redis_is_up_until_it_is_told_otherwise(counted_with_redis) -> None:
    before = counted_with_redis.numbers("redis_up")
    counted_with_redis.recorder.redis(up=False)
    during = counted_with_redis.numbers("redis_up")
    counted_with_redis.recorder.redis(up=True)

    assert (before, during, counted_with_redis.numbers("redis_up")) == (1, 0, 1)


def test_the_database_is_up_until_it_is_told_otherwise(counted) -> None:
    before = counted.numbers("database_up")
    counted.recorder.database(up=False)
    during = counted.numbers("database_up")
    counted.recorder.database(up=True)

    assert (before, during, counted.numbers("database_up")) == (1, 0, 1)


@pytest.mark.parametrize("state", ["closed", "open", "half-open"])
def test_the_breaker_is_in_one_state_only(counted, state: str) -> None:
    counted.recorder.breaker("open")
    counted.recorder.breaker(state)

    shown = {s: counted.numbers("breaker_state", state=s) for s in STATES}
    assert shown == {s: float(s == state) for s in STATES}


def test_the_end_of_the_quotas_window_is_a_moment(counted) -> None:
    counted.recorder.quota(7, resets_in=60.0)

    assert counted.numbers("quota_left") == 7
    assert counted.numbers("quota_reset_timestamp_seconds") == 1060


def test_an_outcome_nobody_knew_of_is_counted_too(counted) -> None:
    counted.recorder.kept("borrowed")
    counted.recorder.answered("odd", 0.2)

    assert counted.numbers("page_lookups_total", outcome="borrowed") == 1
    assert counted.numbers("giphy_answer_duration_seconds_sum", outcome="odd") == 0.2


async def test_a_client_that_asks_too_often_is_counted(counted) -> None:
    limits = ClientLimits(
        per_minute=1, burst=1, clock=FakeClock(), recorder=counted.recorder
    )

    await limits.check("somebody")
    await limits.check("somebody")

    assert counted.numbers("refusals_total", reason="client") == 1
    assert "somebody" not in counted.numbers.text


async def test_a_search_too_many_is_counted(counted) -> None:
    bulkhead = Bulkhead(flying=1, waiting=0, recorder=counted.recorder)

    async with bulkhead.slot():
        with pytest.raises(Overloaded):
            async with bulkhead.slot():
                pass
        during = counted.numbers("searches_in_flight")

    assert counted.numbers("refusals_total", reason="overload") == 1
    assert (during, counted.numbers("searches_in_flight")) == (1, 0)


STATES = ("closed", "open", "half-open")
