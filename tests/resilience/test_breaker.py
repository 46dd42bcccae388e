"""When Giphy fails it is left alone, then asked carefully."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from giphynavigator.errors import BadGateway, GatewayTimeout, NavigatorError, NotFound
from giphynavigator.resilience.breaker import Breaker, CircuitOpen
from tests.fakes import FakeClock, Notes, settle

FAILURE = BadGateway("no")


@pytest.fixture
def breaker(clock: FakeClock, notes: Notes) -> Breaker:
    return Breaker(clock=clock, random=lambda: 0.0, recorder=notes)


def call(breaker: Breaker, error: BaseException | None = None) -> None:
    with suppress(NavigatorError), breaker.call():
        if error:
            raise error


def open_up(breaker: Breaker) -> None:
    for _ in range(5):
        call(breaker, FAILURE)


def is_refused(breaker: Breaker) -> bool:
    try:
        with breaker.call():
            return False
    except CircuitOpen:
        return True


def test_it_stays_closed_while_giphy_is_well(breaker: Breaker) -> None:
    for _ in range(100):
        call(breaker)

    assert breaker.state == "closed"


@pytest.mark.parametrize("failure", [BadGateway("no"), GatewayTimeout("slow")])
def test_it_opens_after_five_failures(breaker: Breaker, failure, notes: Notes) -> None:
    states = []
    for _ in range(5):
        call(breaker, failure)
        states.append(breaker.state)

    assert states == 4 * ["closed"] + ["open"]
    assert notes.taken == [("breaker", "open")]


@pytest.mark.parametrize(("failures", "state"), [(10, "open"), (9, "closed")])
def test_it_opens_when_half_of_the_calls_fail(
    breaker: Breaker, failures: int, state: str
) -> None:
    for _ in range(20 - failures):
        call(breaker)
    for _ in range(failures):
        call(breaker, FAILURE)

    assert breaker.state == state


def test_it_opens_within_twenty_calls_though_successes_come_in_between(
    breaker: Breaker,
) -> None:
    for number in range(20):
        call(breaker, FAILURE if number % 5 else None)

    assert breaker.state == "open"


def test_failures_from_before_ten_seconds_in_which_nobody_asked_are_forgotten(
    breaker: Breaker, clock: FakeClock
) -> None:
    for _ in range(3):
        for _ in range(4):
            call(breaker, FAILURE)
        clock.advance(10.1)

    assert breaker.state == "closed"


def test_failures_among_successes_of_more_than_ten_seconds_ago_are_forgotten(
    breaker: Breaker, clock: FakeClock
) -> None:
    for _ in range(9):
        call(breaker, FAILURE)
        clock.advance(2.6)
        call(breaker)
        call(breaker, FAILURE)
        clock.advance(10)

    assert breaker.state == "closed"


def hanging(breaker: Breaker, clock: FakeClock, seconds: float) -> None:
    """A call that Giphy takes and never answers, so that it ends by its deadline."""
    with suppress(NavigatorError), breaker.call():
        clock.advance(seconds)
        raise GatewayTimeout("slow")


@pytest.mark.parametrize("seconds", [0.5, 10, 60, 300])
def test_a_giphy_that_hangs_is_left_alone_however_long_each_call_waits_for_it(
    breaker: Breaker, clock: FakeClock, seconds: float
) -> None:
    states = []
    for _ in range(5):
        hanging(breaker, clock, seconds)
        states.append(breaker.state)
        clock.advance(1)

    assert states == 4 * ["closed"] + ["open"]


def test_sixty_four_that_hang_at_once_for_a_minute_each_open_it(
    clock: FakeClock,
) -> None:
    breaker = Breaker(least=10, clock=clock)
    attempts = [breaker.call() for _ in range(64)]
    for attempt in attempts:
        attempt.__enter__()

    ended = 0
    while breaker.state == "closed":
        clock.advance(64 / 60 + 1)  # fewer than ten in any ten seconds
        attempts[ended].__exit__(GatewayTimeout, GatewayTimeout("slow"), None)
        ended += 1

    assert ended == 10


def test_slow_failures_with_a_success_among_them_are_no_outage(
    breaker: Breaker, clock: FakeClock
) -> None:
    for _ in range(10):
        for _ in range(4):
            hanging(breaker, clock, 12)
        call(breaker)

    assert breaker.state == "closed"


def test_an_error_that_does_not_blame_giphy_says_nothing(
    breaker: Breaker, clock: FakeClock
) -> None:
    for error in 10 * [CircuitOpen(1)]:
        call(breaker, error)
    before = breaker.state
    open_up(breaker)
    clock.advance(2)
    call(breaker, CircuitOpen(1))

    assert (before, breaker.state) == ("closed", "half-open")


def test_that_there_is_no_such_gif_is_an_answer(
    breaker: Breaker, clock: FakeClock
) -> None:
    open_up(breaker)
    clock.advance(2)
    call(breaker, NotFound("no such gif"))

    assert breaker.state == "closed"


def test_an_open_breaker_refuses_and_says_for_how_long(
    breaker: Breaker, clock: FakeClock, notes: Notes
) -> None:
    open_up(breaker)
    clock.advance(0.5)

    with pytest.raises(CircuitOpen, match=r"left alone.* again in 2 s") as refusal:
        call_raising(breaker)

    assert refusal.value.retry_after == 1.5
    assert notes.named("refused") == ["breaker"]


def call_raising(breaker: Breaker) -> None:
    with breaker.call():
        pytest.fail("it let the call through")


async def crowd(admit: Callable[[], bool]) -> int:
    """A hundred calls at once; how many of them go through."""
    gate = asyncio.Event()
    through = 0

    async def one() -> None:
        nonlocal through
        if admit():
            through += 1
            await gate.wait()

    asked = [asyncio.create_task(one()) for _ in range(100)]
    await settle()
    gate.set()
    await asyncio.gather(*asked)
    return through


async def test_without_the_single_probe_a_hundred_go_through_after_the_rest(
    clock: FakeClock,
) -> None:
    open_until = clock() + 2
    clock.advance(2)

    assert await crowd(lambda: clock() >= open_until) == 100


async def test_after_the_rest_exactly_one_of_a_hundred_goes_through(
    breaker: Breaker, clock: FakeClock
) -> None:
    open_up(breaker)
    clock.advance(2)

    def admit() -> bool:
        with suppress(CircuitOpen):
            return breaker.admit()
        return False

    assert await crowd(admit) == 1


def test_a_probe_that_succeeds_closes_it(
    breaker: Breaker, clock: FakeClock, notes: Notes
) -> None:
    open_up(breaker)
    clock.advance(2)
    before = breaker.state

    call(breaker)

    assert (before, breaker.state) == ("half-open", "closed")
    assert notes.named("breaker") == ["open", "half-open", "closed"]


def test_once_closed_old_failures_do_not_count(
    breaker: Breaker, clock: FakeClock
) -> None:
    open_up(breaker)
    clock.advance(2)
    call(breaker)

    for _ in range(4):
        call(breaker, FAILURE)

    assert breaker.state == "closed"


def rests(breaker: Breaker, clock: FakeClock, count: int) -> list[float]:
    lengths = []
    for _ in range(count):
        began = clock()
        while is_refused_now(breaker):
            clock.advance(0.1)
        lengths.append(round(clock() - began, 1))
        call(breaker, FAILURE)
    return lengths


def is_refused_now(breaker: Breaker) -> bool:
    return breaker.state == "open"


def test_each_failed_probe_doubles_the_rest_up_to_thirty_seconds(
    breaker: Breaker, clock: FakeClock
) -> None:
    open_up(breaker)

    lengths = rests(breaker, clock, 6)

    assert lengths == pytest.approx([2, 4, 8, 16, 30, 30], abs=0.11)


def test_the_rest_is_shortened_by_up_to_a_fifth(clock: FakeClock) -> None:
    breaker = Breaker(clock=clock, random=lambda: 1.0)
    open_up(breaker)

    assert rests(breaker, clock, 2) == pytest.approx([1.6, 3.2], abs=0.11)


def test_ten_minutes_of_outage_cost_at_most_forty_calls(
    breaker: Breaker, clock: FakeClock
) -> None:
    made = 0

    for _ in range(6000):
        with suppress(NavigatorError), breaker.call():
            made += 1
            raise FAILURE
        clock.advance(0.1)

    assert made <= 40


def test_a_cancelled_probe_frees_its_place_and_proves_nothing(
    breaker: Breaker, clock: FakeClock
) -> None:
    open_up(breaker)
    clock.advance(2)

    with suppress(asyncio.CancelledError):
        call(breaker, asyncio.CancelledError())

    assert breaker.state == "half-open"
    assert not is_refused(breaker)


def test_while_the_probe_is_out_others_are_refused(
    breaker: Breaker, clock: FakeClock
) -> None:
    open_up(breaker)
    clock.advance(2)

    with breaker.call():
        assert is_refused(breaker)
    assert not is_refused(breaker)


@pytest.mark.parametrize("error", [None, FAILURE])
def test_a_call_from_before_the_opening_is_no_news(
    breaker: Breaker, clock: FakeClock, error
) -> None:
    with suppress(BadGateway), breaker.call():
        open_up(breaker)
        clock.advance(2)
        if error:
            raise error

    assert breaker.state == "half-open"


def test_a_clock_that_is_set_back_stretches_nothing(
    breaker: Breaker, clock: FakeClock
) -> None:
    open_up(breaker)
    clock.advance(-3600)
    open_before = breaker.state
    clock.advance(2)

    assert (open_before, breaker.state) == ("open", "half-open")


def test_a_clock_that_is_set_back_leaves_the_window_at_work(
    breaker: Breaker, clock: FakeClock
) -> None:
    call(breaker)
    clock.advance(-3600)

    open_up(breaker)

    assert breaker.state == "open"
