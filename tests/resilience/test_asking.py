"""The way to Giphy: a slot, the breaker, the retries, the client, a deadline."""

import asyncio

import pytest

from giphynavigator.giphy_errors import (
    GifNotFound,
    GiphyBrokeOff,
    GiphyBusy,
    GiphyFailed,
    GiphyNonsense,
    GiphyRefused,
    GiphyTimeout,
    GiphyUnreachable,
)
from giphynavigator.resilience.asking import Asking, delay_of, is_passing
from giphynavigator.resilience.breaker import Breaker, CircuitOpen
from giphynavigator.resilience.overload import Bulkhead, Overloaded
from giphynavigator.resilience.quota import FixedWindowQuota, QuotaSpent
from giphynavigator.resilience.retry import RetryBudget, Retrying
from tests.fakes import FakeClock, Notes, settle
from tests.resilience.pages import CATS, about, page_of

CATS_PAGE = {"data": [{"id": "a", "url": "https://giphy.com/gifs/a"}]}


class Giphy:
    """Stands where GiphyClient would; each call ends as the next of `ends` says."""

    def __init__(self, *ends: Exception) -> None:
        self.ends = list(ends)
        self.sends = 0
        self.urgent: list[bool] = []
        self.gate = asyncio.Event()
        self.gate.set()

    def client(self, *, urgent: bool) -> "Giphy":
        self.urgent.append(urgent)
        return self

    async def search(self, query: str, limit: int, **_: object) -> dict:
        self.sends += 1
        await self.gate.wait()
        if self.ends:
            raise self.ends.pop(0)
        return CATS_PAGE


class Told(Notes):
    def answered(self, outcome: str, seconds: float) -> None:
        self.taken.append(("answered", (outcome, seconds)))


class Way:
    """Everything between a flight and Giphy."""

    def __init__(
        self, clock: FakeClock, giphy: Giphy, *, timeout: float = 10, flying: int = 64
    ) -> None:
        self.giphy, self.clock, self.told = giphy, clock, Told()
        self.breaker = Breaker(least=10, clock=clock, random=lambda: 0)
        self.quota = FixedWindowQuota(calls=1000, period=3600, clock=clock)
        self.bulkhead = Bulkhead(flying=flying, waiting=2, clock=clock)
        self.asking = Asking(
            giphy.client,
            bulkhead=self.bulkhead,
            breaker=self.breaker,
            retrying=Retrying(
                RetryBudget(),
                retriable=is_passing,
                delay_of=delay_of,
                clock=clock,
                random=lambda: 0.5,
                sleep=clock.sleep,
            ),
            quota=self.quota,
            timeout=timeout,
            recorder=self.told,
            clock=clock,
        )

    async def ask(self, **options):
        return await self.asking.page(CATS, **{"urgent": True, **options})

    async def end(self, **options):
        """What asking ends with, be it an error."""
        try:
            return await self.ask(**options)
        except Exception as error:  # noqa: BLE001 - whatever it is, is looked at
            return error


async def test_a_good_answer_is_a_page(clock: FakeClock) -> None:
    way = Way(clock, Giphy())

    page = await way.ask()

    assert (page.count, page.links(50)) == (1, page_of("a").links(50))
    assert way.told.taken == [("answered", ("ok", 0))]


@pytest.mark.parametrize(
    "error",
    [
        GiphyFailed(503, None),
        GiphyUnreachable(),
        GiphyBrokeOff(),
        GiphyNonsense("nonsense"),
    ],
)
async def test_what_may_pass_is_tried_again(clock: FakeClock, error) -> None:
    way = Way(clock, Giphy(error, error))

    await way.ask()

    assert (way.giphy.sends, clock.slept) == (3, [0.05, 0.1])


@pytest.mark.parametrize(
    "error", [GiphyRefused(403), GifNotFound("abc"), GiphyBusy(5), QuotaSpent(5)]
)
async def test_what_will_not_pass_is_not_tried_again(clock: FakeClock, error) -> None:
    way = Way(clock, Giphy(error))

    assert await way.end() is error
    assert way.giphy.sends == 1


async def test_background_work_is_sent_once_and_says_that_it_is(
    clock: FakeClock,
) -> None:
    way = Way(clock, Giphy(GiphyFailed(503)))

    assert isinstance(await way.end(urgent=False), GiphyFailed)
    assert way.giphy.urgent == [False]


async def test_what_giphy_asks_to_wait_is_waited(clock: FakeClock) -> None:
    way = Way(clock, Giphy(GiphyFailed(503, 2.0)))

    await way.ask()

    (waited,) = clock.slept
    assert 2.0 <= waited <= 2.3


async def test_what_would_be_over_the_deadline_is_not_waited(clock: FakeClock) -> None:
    way = Way(clock, Giphy(GiphyFailed(503, 2.0)), timeout=2)

    assert isinstance(await way.end(), GiphyFailed)
    assert (way.giphy.sends, clock.slept) == (1, [])


async def test_giphy_saying_busy_closes_the_quota(clock: FakeClock) -> None:
    way = Way(clock, Giphy(GiphyBusy(60)))

    await way.end()

    assert way.quota.report().left == 0
    clock.advance(60)
    assert way.quota.report().left == 1000


async def test_a_giphy_that_hangs_is_given_up_at_the_deadline(
    clock: FakeClock,
) -> None:
    way = Way(clock, Giphy(), timeout=0.05)
    way.giphy.gate.clear()
    began = asyncio.get_running_loop().time()

    end = await way.end()

    assert str(end) == "Giphy did not answer within 0.05 seconds"
    assert 0.05 <= asyncio.get_running_loop().time() - began < 0.15
    assert way.told.taken == [("answered", ("timeout", 0))]


async def test_time_that_was_waited_for_elsewhere_is_not_had_again(
    clock: FakeClock,
) -> None:
    way = Way(clock, Giphy(), timeout=30)
    way.giphy.gate.clear()
    began = asyncio.get_running_loop().time()

    await way.end(within=0.05)

    assert asyncio.get_running_loop().time() - began < 0.15


async def test_ten_failures_open_the_breaker_and_one_probe_closes_it(
    clock: FakeClock,
) -> None:
    way = Way(clock, Giphy(*(100 * [GiphyFailed(503)])))

    for _ in range(10):
        await way.end()
    sends = way.giphy.sends
    refused = await way.end()

    assert sends <= 20
    assert isinstance(refused, CircuitOpen)
    assert way.giphy.sends == sends
    way.giphy.ends.clear()
    clock.advance(2)
    await way.ask()
    assert way.breaker.state == "closed"


async def test_a_hundred_at_once_send_one_probe_and_it_once(clock: FakeClock) -> None:
    way = Way(clock, Giphy(*(100 * [GiphyFailed(503)])))
    for _ in range(10):
        await way.end()
    clock.advance(2)
    sends = way.giphy.sends

    ends = await asyncio.gather(*(way.end() for _ in range(100)))

    kinds = [type(end) for end in ends]
    assert way.giphy.sends == sends + 1
    assert (kinds.count(GiphyFailed), kinds.count(CircuitOpen)) == (1, 99)


async def test_a_thousand_failing_requests_are_eleven_hundred_and_ten_sends_at_most(
    clock: FakeClock,
) -> None:
    way = Way(clock, Giphy(*(5000 * [GiphyFailed(503)])))
    way.breaker._least = 10_000  # the budget alone, as if the breaker never opened

    for _ in range(1000):
        await way.end()

    assert 1000 < way.giphy.sends <= 1110


async def test_background_work_does_not_wait_for_a_slot(clock: FakeClock) -> None:
    way = Way(clock, Giphy(), flying=1)
    way.giphy.gate.clear()
    flying = asyncio.create_task(way.ask())
    await settle()

    end = await way.end(urgent=False)

    assert isinstance(end, Overloaded)
    assert way.giphy.sends == 1
    way.giphy.gate.set()
    await flying


async def test_one_too_many_is_refused_at_once(clock: FakeClock) -> None:
    way = Way(clock, Giphy(), flying=1)
    way.giphy.gate.clear()
    tasks = [
        asyncio.create_task(way.asking.page(about(number), urgent=True))
        for number in range(3)
    ]
    await settle()

    end = await way.end()

    assert isinstance(end, Overloaded)
    assert end.headers == {"Retry-After": "1"}
    way.giphy.gate.set()
    await asyncio.gather(*tasks)
    assert way.giphy.sends == 3


async def test_who_lost_the_time_in_our_queue_does_not_blame_giphy(
    clock: FakeClock,
) -> None:
    way = Way(clock, Giphy(), flying=1)
    way.giphy.gate.clear()
    async with way.bulkhead.slot():
        late = asyncio.create_task(way.end())
        await settle()
        clock.advance(9.98)

    assert isinstance(await late, Overloaded)
    assert sum(way.breaker._seen._failures) == 0


async def test_who_lost_the_time_at_giphy_does(clock: FakeClock) -> None:
    way = Way(clock, Giphy(), timeout=0.05)
    way.giphy.gate.clear()

    assert isinstance(await way.end(), GiphyTimeout)
    assert sum(way.breaker._seen._failures) == 1
