"""Past what can be served, everyone is told so at once."""

import asyncio

import pytest

from giphynavigator.resilience.overload import Bulkhead, Overloaded
from tests.fakes import FakeClock, Notes, settle


class Searches:
    """Searches that hold their slot until told to finish."""

    def __init__(self, bulkhead: Bulkhead) -> None:
        self.bulkhead = bulkhead
        self.began: list[int] = []
        self.most = 0
        self._flying = 0
        self._finish: dict[int, asyncio.Event] = {}

    async def run(self, number: int, deadline: float | None = None) -> None:
        finish = self._finish[number] = asyncio.Event()
        async with self.bulkhead.slot(deadline=deadline):
            self.began.append(number)
            self._flying += 1
            self.most = max(self.most, self._flying)
            await finish.wait()
            self._flying -= 1

    async def start(self, *numbers: int) -> list[asyncio.Task]:
        tasks = [asyncio.create_task(self.run(number)) for number in numbers]
        await settle()
        return tasks

    async def finish(self, *numbers: int) -> None:
        for number in numbers:
            self._finish[number].set()
            await settle()


async def test_no_more_fly_than_there_are_slots() -> None:
    searches = Searches(Bulkhead(flying=2, waiting=8))
    tasks = await searches.start(*range(10))

    await searches.finish(*range(10))
    await asyncio.gather(*tasks)

    assert searches.most == 2


async def test_who_came_first_goes_first() -> None:
    searches = Searches(Bulkhead(flying=1))
    tasks = await searches.start(*range(5))

    await searches.finish(*range(5))
    await asyncio.gather(*tasks)

    assert searches.began == [0, 1, 2, 3, 4]


async def test_one_too_many_is_refused_at_once(notes: Notes) -> None:
    searches = Searches(Bulkhead(flying=1, waiting=1, recorder=notes))
    tasks = await searches.start(0, 1)

    with pytest.raises(Overloaded, match="too many searches at once") as refusal:
        await searches.run(2)

    assert refusal.value.headers == {"Retry-After": "1"}
    assert notes.named("refused") == ["overload"]
    await searches.finish(0, 1)
    await asyncio.gather(*tasks)


async def test_waiters_that_leave_leave_no_hole() -> None:
    searches = Searches(Bulkhead(flying=1, waiting=3))
    tasks = await searches.start(0, 1, 2, 3)

    tasks[1].cancel()
    await settle()
    tasks += await searches.start(4)
    await searches.finish(0, 2, 3, 4)
    await asyncio.gather(*tasks, return_exceptions=True)

    assert searches.began == [0, 2, 3, 4]


async def test_a_waiter_cancelled_as_its_turn_comes_passes_the_slot_on() -> None:
    searches = Searches(Bulkhead(flying=1))
    tasks = await searches.start(0, 1, 2)

    searches._finish[0].set()
    await asyncio.sleep(0)
    tasks[1].cancel()
    await settle()

    assert searches.began[-1] == 2
    await searches.finish(2)
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_nobody_waits_past_its_deadline(clock: FakeClock) -> None:
    searches = Searches(Bulkhead(flying=1, clock=clock))
    tasks = await searches.start(0)

    with pytest.raises(Overloaded):
        await searches.run(1, deadline=clock() + 0.01)
    tasks += await searches.start(2)
    await searches.finish(0, 2)
    await asyncio.gather(*tasks)

    assert searches.began == [0, 2]


async def test_a_search_that_fails_gives_its_slot_back() -> None:
    bulkhead = Bulkhead(flying=1, waiting=0)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with bulkhead.slot():
                raise ZeroDivisionError


async def test_the_recorder_sees_who_flies_and_who_waits(notes: Notes) -> None:
    searches = Searches(Bulkhead(flying=1, recorder=notes))
    tasks = await searches.start(0, 1)
    during = notes.named("flying")[-1], notes.named("waiting")[-1]

    await searches.finish(0, 1)
    await asyncio.gather(*tasks)

    assert during == (1, 1)
    assert (notes.named("flying")[-1], notes.named("waiting")[-1]) == (0, 0)
