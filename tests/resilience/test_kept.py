"""Fresh, then stale while one is fetched, then stale while Giphy fails."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from giphynavigator.errors import BadGateway
from giphynavigator.giphy_errors import GifNotFound, GiphyFailed
from giphynavigator.pages import Kept, PageSource, Question
from giphynavigator.resilience.flight import Flights
from giphynavigator.resilience.kept import MOST_REFRESHES, KeptPages
from giphynavigator.resilience.quota import QuotaSpent
from giphynavigator.resilience.replicas import Found, Replicas
from giphynavigator.resilience.store import Lifetimes, PageStore
from tests.fakes import FakeClock, settle
from tests.resilience.pages import CATS, Oracle, Outcomes, about, page_of


class Elsewhere(Replicas):
    """Replicas that have one page, so many seconds old."""

    def __init__(self, age: float) -> None:
        self.age = age
        self.looks = 0

    async def look(self, question: Question) -> Found | None:
        self.looks += 1
        return Found(page_of("elsewhere"), self.age)


class Chain:
    """KeptPages before an oracle: 60 s fresh, 600 stale, 3600 if Giphy fails."""

    def __init__(
        self,
        clock: FakeClock,
        *,
        max_age: float = 60,
        timeout: float = 10,
        replicas: Replicas | None = None,
    ) -> None:
        lifetimes = Lifetimes(max_age, stale_while_revalidate=600, stale_if_error=3600)
        self.clock = clock
        self.oracle = Oracle()
        self.told = Outcomes()
        self.flights: Flights = Flights()
        self.pages = KeptPages(
            PageStore(lifetimes, max_bytes=1 << 20, clock=clock, random=lambda: 0),
            self.flights,
            asking=lambda: self.oracle,
            replicas=lambda: replicas or Replicas(),
            timeout=timeout,
            recorder=self.told,
            patience=0.1,
        )

    async def get(self, question: Question = CATS) -> Kept:
        return await self.pages.page(question)

    async def warm(self, *, aged: float) -> Kept:
        """Have cats kept since so many seconds."""
        kept = await self.get()
        self.clock.advance(aged)
        self.told.taken.clear()
        return kept


@pytest.fixture
def chain(clock: FakeClock) -> Chain:
    return Chain(clock)


def summary(kept: Kept) -> tuple[str, float, float]:
    return kept.outcome, kept.ttl, kept.age


async def ask_at_once(number: int, ask: Callable[[], Awaitable]) -> list:
    return await asyncio.gather(*(ask() for _ in range(number)), return_exceptions=True)


async def test_a_thousand_equal_searches_at_once_are_a_thousand_calls_without_it(
    chain: Chain,
) -> None:
    await ask_at_once(1000, lambda: chain.oracle.page(CATS, urgent=True))

    assert chain.oracle.calls == 1000


async def test_a_thousand_equal_searches_at_once_are_one_call(chain: Chain) -> None:
    answers = await ask_at_once(1000, chain.get)

    assert chain.oracle.calls == 1
    assert {kept.page for kept in answers} == {page_of("cats-1")}
    assert chain.told.taken == ["miss", *(999 * ["collapsed"])]


async def test_what_is_fresh_is_given_without_a_call(chain: Chain) -> None:
    first = await chain.get()
    chain.clock.advance(59)

    again = await chain.get()

    assert summary(first) == ("miss", 60, 0)
    assert summary(again) == ("hit", 1, 59)
    assert again.serial == first.serial
    assert chain.oracle.calls == 1


async def test_what_is_stale_is_given_at_once_and_refreshed_by_one_call(
    chain: Chain,
) -> None:
    await chain.warm(aged=61)
    chain.oracle.gate.clear()

    answers = await ask_at_once(1000, chain.get)

    assert {summary(kept) for kept in answers} == {("stale", -1, 61)}
    chain.oracle.gate.set()
    await settle()
    assert summary(await chain.get()) == ("hit", 60, 0)
    assert chain.oracle.asked == [("cats", True), ("cats", False)]


async def test_while_giphy_fails_a_stale_page_is_given_and_giphy_left_alone(
    chain: Chain,
) -> None:
    await chain.warm(aged=61)
    chain.oracle.error = GiphyFailed(503)

    outcomes = []
    for _ in range(100):
        outcomes.append((await chain.get()).outcome)
        await settle()
        chain.clock.advance(0.1)

    assert outcomes == 100 * ["stale"]
    # After 2 s and 4 s more; the next would be after 8 s.
    assert chain.oracle.calls == 1 + 3


async def test_when_giphy_is_well_again_so_is_the_page(chain: Chain) -> None:
    await chain.warm(aged=61)
    chain.oracle.error = GiphyFailed(503)
    await chain.get()
    await settle()
    chain.oracle.error = None
    chain.clock.advance(2)

    await chain.get()
    await settle()

    assert summary(await chain.get()) == ("hit", 60, 0)


async def test_an_unforeseen_fault_holds_off_too(chain: Chain) -> None:
    await chain.warm(aged=61)
    chain.oracle.error = ZeroDivisionError()

    for _ in range(10):
        assert (await chain.get()).outcome == "stale"
        await settle()

    assert chain.oracle.calls == 2


async def test_a_spent_quota_leaves_the_stale_page(chain: Chain) -> None:
    await chain.warm(aged=61)
    chain.oracle.error = QuotaSpent(100)

    for _ in range(10):
        assert (await chain.get()).outcome == "stale"
        await settle()


async def test_what_is_very_stale_waits_for_the_next_page(chain: Chain) -> None:
    await chain.warm(aged=700)

    answers = await ask_at_once(10, chain.get)

    assert {kept.page for kept in answers} == {page_of("cats-2")}
    assert chain.oracle.calls == 2


async def test_what_is_very_stale_is_given_when_giphy_fails(chain: Chain) -> None:
    await chain.warm(aged=3599)
    chain.oracle.error = GiphyFailed(503)

    answers = await ask_at_once(10, chain.get)

    assert {summary(kept) for kept in answers} == {("stale", -3539, 3599)}
    assert chain.oracle.calls == 2


async def test_only_who_finds_it_out_waits_for_a_giphy_that_hangs(
    chain: Chain,
) -> None:
    await chain.warm(aged=700)
    chain.oracle.gate.clear()
    began = asyncio.get_running_loop().time()

    first = await chain.get()
    waited = asyncio.get_running_loop().time() - began
    rest = await ask_at_once(100, chain.get)
    waited_again = asyncio.get_running_loop().time() - began - waited

    assert {kept.outcome for kept in (first, *rest)} == {"stale"}
    assert 0.1 <= waited < 0.2
    assert waited_again < 0.05
    chain.oracle.gate.set()
    await settle()
    assert (await chain.get()).page == page_of("cats-2")


async def test_what_is_too_old_is_not_given(chain: Chain) -> None:
    await chain.warm(aged=3600)
    chain.oracle.error = GiphyFailed(503)

    with pytest.raises(GiphyFailed):
        await chain.get()


async def test_two_hundred_at_once_that_fail_are_one_call_and_so_are_the_next(
    chain: Chain,
) -> None:
    chain.oracle.error = GiphyFailed(503)

    first = await ask_at_once(200, chain.get)
    chain.clock.advance(1.9)
    second = await ask_at_once(200, chain.get)

    assert {type(end) for end in first + second} == {GiphyFailed}
    assert len({id(end) for end in first + second}) == 400
    assert chain.oracle.calls == 1
    assert chain.told.taken == [
        *("miss", *(199 * ["collapsed"])),
        *(200 * ["negative"]),
    ]


async def test_after_two_seconds_a_cold_failure_is_tried_again(chain: Chain) -> None:
    chain.oracle.error = GiphyFailed(503)
    await ask_at_once(1, chain.get)
    chain.oracle.error = None
    chain.clock.advance(2)

    assert (await chain.get()).outcome == "miss"


async def test_that_there_is_no_such_gif_is_asked_once(chain: Chain) -> None:
    chain.oracle.error = GifNotFound("abc")

    for _ in range(3):
        with pytest.raises(GifNotFound, match="there is no GIF 'abc'"):
            await chain.get(Question("gif", "abc"))

    assert chain.oracle.calls == 1


async def test_half_of_the_waiters_leave_and_the_others_are_answered(
    chain: Chain,
) -> None:
    chain.oracle.gate.clear()
    tasks = [asyncio.create_task(chain.get()) for _ in range(100)]
    await settle()

    for task in tasks[::2]:
        task.cancel()
    chain.oracle.gate.set()
    ends = await asyncio.gather(*tasks, return_exceptions=True)

    assert {type(end) for end in ends[::2]} == {asyncio.CancelledError}
    assert {end.page for end in ends[1::2]} == {page_of("cats-1")}
    assert chain.oracle.calls == 1


async def test_the_page_is_kept_though_all_who_asked_have_left(chain: Chain) -> None:
    chain.oracle.gate.clear()
    tasks = [asyncio.create_task(chain.get()) for _ in range(10)]
    await settle()

    for task in tasks:
        task.cancel()
    chain.oracle.gate.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    await settle()

    assert (await chain.get()).outcome == "hit"
    assert chain.oracle.calls == 1


async def test_without_a_lifetime_nothing_is_kept_and_one_call_serves_all_at_once(
    clock: FakeClock,
) -> None:
    chain = Chain(clock, max_age=0)

    at_once = await ask_at_once(100, chain.get)
    later = await chain.get()

    assert {kept.page for kept in at_once} == {page_of("cats-1")}
    assert later.page == page_of("cats-2")
    assert {kept.is_kept for kept in (*at_once, later)} == {False}


async def test_refreshes_leave_room_for_people(chain: Chain) -> None:
    for number in range(100):
        await chain.get(about(number))
    chain.clock.advance(61)
    chain.oracle.gate.clear()

    stale = [await chain.get(about(number)) for number in range(100)]
    await settle()

    assert {kept.outcome for kept in stale} == {"stale"}
    assert len(chain.flights) == MOST_REFRESHES
    cold = asyncio.create_task(chain.get(about(101)))
    await settle()
    assert chain.oracle.asked[-1] == ("question 101", True)
    chain.oracle.gate.set()
    await cold


async def test_a_page_that_another_replica_has_is_a_hit(clock: FakeClock) -> None:
    elsewhere = Elsewhere(age=20)
    chain = Chain(clock, replicas=elsewhere)

    answers = await ask_at_once(100, chain.get)

    assert {summary(kept) for kept in answers} == {("hit", 40, 20)}
    assert (elsewhere.looks, chain.oracle.calls) == (1, 0)


async def test_a_stale_page_that_another_replica_has_is_given_while_giphy_hangs(
    clock: FakeClock,
) -> None:
    chain = Chain(clock, replicas=Elsewhere(age=100))
    chain.oracle.gate.clear()

    answers = await ask_at_once(100, chain.get)
    await settle()

    assert {summary(kept) for kept in answers} == {("stale", -40, 100)}
    assert chain.oracle.asked == [("cats", False)]
    chain.oracle.gate.set()
    await settle()
    assert (await chain.get()).outcome == "hit"


async def test_a_failed_refresh_of_a_page_from_elsewhere_is_put_off(
    clock: FakeClock,
) -> None:
    chain = Chain(clock, replicas=Elsewhere(age=100))
    chain.oracle.error = GiphyFailed(503)

    serials = set()
    for _ in range(20):
        serials.add((await chain.get()).serial)
        await settle()
        clock.advance(0.25)

    # At once, after 2 s; the next after 4 s more.
    assert chain.oracle.calls == 2
    assert len(serials) == 1


async def test_the_seconds_to_answer_in_reach_the_one_who_asks(chain: Chain) -> None:
    await chain.get()

    assert chain.oracle.within == [10]


async def test_it_is_known_what_costs_no_call(chain: Chain) -> None:
    source: PageSource = chain.pages
    before = source.is_kept(CATS)
    await chain.warm(aged=1)
    fresh = source.is_kept(CATS)
    await chain.warm(aged=61)
    due = source.is_kept(CATS)

    assert (before, fresh, due) == (False, True, False)


async def test_no_error_says_more_than_giphy_is_to_blame(chain: Chain) -> None:
    chain.oracle.error = GiphyFailed(503)

    ends = await ask_at_once(2, chain.get)

    assert all(isinstance(end, BadGateway) for end in ends)
    assert len({str(end) for end in ends}) == 1
