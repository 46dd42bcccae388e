"""Trying again, but never so often that trying makes things worse."""

import pytest

from giphynavigator.errors import BadGateway, NotFound, Unavailable
from giphynavigator.resilience.retry import RetryBudget, Retrying
from tests.fakes import FakeClock

SOON = 1_000_000.0


class Giphy:
    """Fails as often as told, then answers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.sends = 0

    async def send(self) -> str:
        self.sends += 1
        if self.errors:
            raise self.errors.pop(0)
        return "cats"


def retrying(clock: FakeClock, *, random=0.5, budget: RetryBudget | None = None):
    return Retrying(
        budget or RetryBudget(),
        retriable=lambda error: isinstance(error, BadGateway | Unavailable),
        delay_of=lambda error: getattr(error, "retry_after", None),
        clock=clock,
        random=lambda: random,
        sleep=clock.sleep,
    )


async def test_a_good_answer_is_sent_for_once(clock: FakeClock) -> None:
    giphy = Giphy()

    assert await retrying(clock).call(giphy.send, deadline=SOON) == "cats"
    assert (giphy.sends, clock.slept) == (1, [])


async def test_a_failure_is_tried_again_after_a_jittered_pause(
    clock: FakeClock,
) -> None:
    giphy = Giphy(BadGateway("no"), BadGateway("no"))

    assert await retrying(clock).call(giphy.send, deadline=SOON) == "cats"
    assert clock.slept == [0.05, 0.1]


async def test_pauses_are_never_longer_than_two_seconds(clock: FakeClock) -> None:
    giphy = Giphy(*(8 * [BadGateway("no")]))
    patient = Retrying(
        RetryBudget(),
        retriable=lambda _: True,
        attempts=9,
        clock=clock,
        random=lambda: 1.0,
        sleep=clock.sleep,
    )

    await patient.call(giphy.send, deadline=SOON)

    assert clock.slept == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0]


async def test_three_attempts_are_made_at_most(clock: FakeClock) -> None:
    giphy = Giphy(*(BadGateway(f"failure {number}") for number in (1, 2, 3, 4)))

    with pytest.raises(BadGateway, match="failure 3"):
        await retrying(clock).call(giphy.send, deadline=SOON)

    assert giphy.sends == 3


async def test_what_cannot_be_helped_is_not_tried_again(clock: FakeClock) -> None:
    giphy = Giphy(NotFound("no such gif"))

    with pytest.raises(NotFound):
        await retrying(clock).call(giphy.send, deadline=SOON)

    assert giphy.sends == 1


@pytest.mark.parametrize(("random", "pause"), [(0.0, 2.0), (1.0, 2.2)])
async def test_a_delay_that_giphy_names_is_waited_out_and_a_little_more(
    clock: FakeClock, random: float, pause: float
) -> None:
    giphy = Giphy(Unavailable("later", retry_after=2))

    await retrying(clock, random=random).call(giphy.send, deadline=SOON)

    assert clock.slept == [pytest.approx(pause)]


@pytest.mark.parametrize("delay", [0, -1])
async def test_a_delay_of_nothing_is_not_believed(clock: FakeClock, delay) -> None:
    giphy = Giphy(Unavailable("now", retry_after=delay))

    await retrying(clock).call(giphy.send, deadline=SOON)

    assert clock.slept == [0.05]


@pytest.mark.parametrize(
    "error", [Unavailable("later", retry_after=2), BadGateway("no")]
)
async def test_a_pause_that_reaches_the_deadline_is_not_begun(
    clock: FakeClock, error: Exception
) -> None:
    giphy = Giphy(error)
    budget = RetryBudget(spare=1)

    with pytest.raises(type(error)):
        await retrying(clock, budget=budget).call(giphy.send, deadline=clock() + 0.01)

    assert (giphy.sends, clock.slept) == (1, [])
    assert budget.spend(), "what was not tried cost nothing"


async def sends_for(requests: int, call) -> int:
    """How many sends so many failing requests cause."""
    giphy = Giphy(*(3 * requests * [BadGateway("no")]))
    for _ in range(requests):
        with pytest.raises(BadGateway):
            await call(giphy.send)
    return giphy.sends


async def test_without_a_budget_a_thousand_failing_requests_are_three_thousand_sends(
    clock: FakeClock,
) -> None:
    endless = RetryBudget(ratio=2, spare=2)
    retry = retrying(clock, budget=endless)

    assert await sends_for(1000, lambda send: retry.call(send, deadline=SOON)) == 3000


async def test_with_the_budget_they_are_eleven_hundred_and_ten_at_most(
    clock: FakeClock,
) -> None:
    retry = retrying(clock)

    sends = await sends_for(1000, lambda send: retry.call(send, deadline=SOON))

    assert 1100 <= sends <= 1110


async def test_good_times_are_not_saved_up_for_bad_ones(clock: FakeClock) -> None:
    retry = retrying(clock)
    for _ in range(10_000):
        await retry.call(Giphy().send, deadline=SOON)

    sends = await sends_for(100, lambda send: retry.call(send, deadline=SOON))

    assert sends <= 120
