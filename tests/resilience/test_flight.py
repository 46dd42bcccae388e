"""One question asked many times at once is asked once, and nobody is harmed."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

import pytest

from giphynavigator.errors import BadGateway, Unavailable
from giphynavigator.resilience.flight import FlightAborted, Flights
from tests.fakes import settle


class Giphy:
    """Answers when the gate opens, and counts the calls."""

    def __init__(self, error: Exception | None = None) -> None:
        self.gate = asyncio.Event()
        self.calls = 0
        self.error = error

    async def search(self) -> str:
        self.calls += 1
        await self.gate.wait()
        if self.error:
            raise self.error
        return "cats"


async def ask_five_times(search: Callable[[], Awaitable[object]], giphy: Giphy) -> list:
    asked = [asyncio.create_task(search()) for _ in range(5)]
    await settle()
    giphy.gate.set()
    return await asyncio.gather(*asked)


async def test_five_equal_searches_at_once_make_five_calls_without_flights() -> None:
    giphy = Giphy()

    await ask_five_times(giphy.search, giphy)

    assert giphy.calls == 5


async def test_five_equal_searches_at_once_make_one_call_through_flights() -> None:
    giphy, flights = Giphy(), Flights[str, str]()

    answers = await ask_five_times(lambda: flights.join("k", giphy.search), giphy)

    assert answers == [("cats", False)] + 4 * [("cats", True)]
    assert giphy.calls == 1


async def test_different_keys_fly_apart() -> None:
    giphy, flights = Giphy(), Flights[int, str]()
    giphy.gate.set()

    await asyncio.gather(*(flights.join(key, giphy.search) for key in range(3)))

    assert giphy.calls == 3


async def test_a_flight_is_seen_until_it_has_landed() -> None:
    giphy, flights = Giphy(), Flights[str, str]()
    asked = asyncio.create_task(flights.join("k", giphy.search))
    await settle()

    seen = len(flights), flights.is_flying("k"), flights.is_flying("other")
    giphy.gate.set()
    await asked

    assert seen == (1, True, False)
    assert len(flights) == 0


@pytest.mark.parametrize("leaving", [[0], [150], range(0, 200, 2), range(1, 200)])
async def test_waiters_that_leave_harm_nobody(leaving) -> None:
    giphy, flights = Giphy(), Flights[str, str]()
    asked = [asyncio.create_task(flights.join("k", giphy.search)) for _ in range(200)]
    await settle()

    for index in leaving:
        asked[index].cancel()
    await settle()
    giphy.gate.set()
    ended = await asyncio.gather(*asked, return_exceptions=True)

    gone = [i for i, end in enumerate(ended) if isinstance(end, asyncio.CancelledError)]
    assert gone == list(leaving)
    assert giphy.calls == 1


async def test_a_waiter_that_times_out_leaves_the_others_their_answer() -> None:
    giphy, flights = Giphy(), Flights[str, str]()
    patient = asyncio.create_task(flights.join("k", giphy.search))
    await settle()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await flights.join("k", giphy.search)
    giphy.gate.set()

    assert await patient == ("cats", False)


async def test_a_flight_that_everyone_left_still_lands() -> None:
    landed: list[str] = []
    giphy, flights = Giphy(), Flights[str, None]()

    async def keep() -> None:
        landed.append(await giphy.search())

    asked = asyncio.create_task(flights.join("k", keep))
    await settle()
    asked.cancel()
    await settle()
    gc.collect()
    giphy.gate.set()
    await settle()

    assert landed == ["cats"]


async def test_a_failure_reaches_each_waiter_as_its_own_copy() -> None:
    fault = Unavailable("not now", retry_after=7)
    fault.__cause__ = ValueError("why")
    giphy, flights = Giphy(fault), Flights[str, str]()
    asked = [asyncio.create_task(flights.join("k", giphy.search)) for _ in range(100)]
    await settle()
    giphy.gate.set()

    errors = await asyncio.gather(*asked, return_exceptions=True)

    assert {type(error) for error in errors} == {Unavailable}
    assert {(str(error), error.retry_after) for error in errors} == {("not now", 7)}
    assert {error.__cause__ for error in errors} == {fault.__cause__}
    assert len({id(error) for error in [fault, *errors]}) == 101
    assert max(map(frames, errors)) < 10


def frames(error: BaseException) -> int:
    count, traceback = 0, error.__traceback__
    while traceback:
        count, traceback = count + 1, traceback.tb_next
    return count


async def test_a_failure_that_nobody_waits_for_is_not_reported_as_forgotten() -> None:
    reported: list[dict] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, it: reported.append(it))
    giphy, flights = Giphy(BadGateway("no")), Flights[str, str]()
    asked = asyncio.create_task(flights.join("k", giphy.search))
    await settle()

    asked.cancel()
    await settle()
    giphy.gate.set()
    await settle()
    gc.collect()

    assert reported == []


async def test_after_a_failure_the_next_search_starts_anew() -> None:
    giphy, flights = Giphy(BadGateway("no")), Flights[str, str]()
    giphy.gate.set()

    for _ in range(2):
        with pytest.raises(BadGateway):
            await flights.join("k", giphy.search)

    assert giphy.calls == 2


async def test_what_the_first_caller_keeps_in_its_context_does_not_come_along() -> None:
    who = ContextVar("who", default="nobody")
    flights = Flights[str, str]()

    async def search() -> str:
        return who.get()

    who.set("the first caller")

    assert await flights.join("k", search) == ("nobody", False)


async def test_a_flight_that_has_just_landed_is_not_joined() -> None:
    giphy, flights = Giphy(), Flights[str, str]()
    first = asyncio.create_task(flights.join("k", giphy.search))
    await settle()

    giphy.gate.set()
    second = asyncio.create_task(flights.join("k", giphy.search))  # runs right after

    assert await asyncio.gather(first, second) == [("cats", False), ("cats", False)]
    await settle()
    assert (giphy.calls, len(flights)) == (2, 0)


async def test_draining_waits_for_what_lands_in_time() -> None:
    giphy, flights = Giphy(), Flights[str, str]()
    asked = asyncio.create_task(flights.join("k", giphy.search))
    await settle()

    draining = asyncio.create_task(flights.drain(timeout=5))
    await settle()
    giphy.gate.set()
    await draining

    assert await asked == ("cats", False)


async def test_draining_calls_off_the_rest_and_says_so_to_those_who_wait() -> None:
    giphy, flights = Giphy(), Flights[str, str]()
    asked = asyncio.create_task(flights.join("k", giphy.search))
    await settle()

    await flights.drain(timeout=0)

    with pytest.raises(FlightAborted, match="called off"):
        await asked
    assert len(flights) == 0


async def test_draining_nothing_is_no_trouble() -> None:
    await Flights[str, str]().drain(timeout=0)
