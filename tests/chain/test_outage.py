"""Ten minutes without Giphy, in a second or two."""

import asyncio
import selectors
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from unittest.mock import AsyncMock

import pytest
from dependency_injector import providers

from giphynavigator.application import create_container
from giphynavigator.containers import Container
from giphynavigator.giphy_errors import GiphyFailed, GiphyTimeout, GiphyUnreachable
from giphynavigator.lifecycle import opened
from giphynavigator.pages import PageSource, Question
from giphynavigator.resilience.asking import delay_of, is_passing
from giphynavigator.resilience.overload import Bulkhead
from giphynavigator.resilience.retry import Retrying
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.settings import Settings
from giphynavigator.storage.database import Database
from tests.chain.chain import keep_time, settings_of
from tests.chain.conftest import Join
from tests.fakes import FakeClock

WARM = 1000
REQUESTS = 50 * 600  # fifty a second for ten minutes


class Hurry(selectors.DefaultSelector):
    """Never waits: the time that it was to wait has passed at once."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list:
        if timeout:
            self.passed += timeout
        return super().select(0)


class HurriedLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to whatever is due next."""

    def __init__(self) -> None:
        self._hurry = Hurry()
        super().__init__(self._hurry)

    def time(self) -> float:
        return self._hurry.passed


def hurried(main: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        runner.run(main)


class Giphy:
    """Stands at `giphy_client`: answers well, or as `fails` does."""

    def __init__(self) -> None:
        self.sends = 0
        self.fails: Callable[[], Coroutine[Any, Any, None]] | None = None

    async def search(self, query: str, limit: int, **_: object) -> dict:
        self.sends += 1
        if self.fails is not None:
            await self.fails()
        return {"data": [{"url": f"https://giphy.com/gifs/{query}"}]}


async def says_503() -> None:
    await asyncio.sleep(0.1)
    raise GiphyFailed(503)


async def is_gone() -> None:
    raise GiphyUnreachable


async def hangs() -> None:
    await asyncio.sleep(10)
    raise GiphyTimeout(10)


def in_loop_time(container: Container, clock: Callable[[], float]) -> None:
    """Have the whole chain go by the loop's clock."""
    keep_time(container, clock)
    chain = container.resilience
    chain.bulkhead.override(providers.Singleton(Bulkhead, flying=64, clock=clock))
    retrying = providers.Factory(
        Retrying,
        chain.retry_budget,
        retriable=is_passing,
        delay_of=delay_of,
        clock=clock,
    )
    chain.retrying.override(retrying)
    chain.asking.add_kwargs(clock=clock)


async def ask_for_ten_minutes(
    pages: PageSource,
    wait: Callable[[], Awaitable[object]],
    *,
    requests: int = REQUESTS,
    warm: int = WARM,
) -> Counter[str]:
    """Ask for one warm page after the other; how the requests ended."""
    ends: Counter[str] = Counter()
    for number in range(requests):
        kept = await pages.page(question(number * 7 % warm))
        ends[kept.outcome] += 1
        await wait()
    return ends


def question(number: int) -> Question:
    return Question("search", f"question {number}", rating="g", lang="en")


@pytest.mark.parametrize("fails", [says_503, is_gone, hangs])
def test_in_ten_minutes_every_request_is_answered_with_forty_calls_at_most(
    fails,
) -> None:
    giphy = Giphy()
    ends: Counter[str] = Counter()

    async def main() -> None:
        container = create_container(Settings(sandbox=False))
        container.giphy_client.override(providers.Object(giphy))
        # A thread cannot keep up with a clock that jumps.
        container.database.override(providers.Object(AsyncMock(spec=Database)))
        async with opened(container):
            in_loop_time(container, asyncio.get_running_loop().time)
            pages = container.resilience.pages()
            for number in range(WARM):
                await pages.page(question(number))
            giphy.sends, giphy.fails = 0, fails
            ends.update(await ask_for_ten_minutes(pages, lambda: asyncio.sleep(0.02)))

    hurried(main())

    assert ends.total() == REQUESTS
    assert set(ends) == {"hit", "stale"}
    assert 1 <= giphy.sends <= 40


async def test_so_it_is_with_fewer_pages_when_the_calls_are_counted_at_giphy(
    join: Join, upstream: Sandbox, clock: FakeClock
) -> None:
    container = await join(settings_of(upstream))
    keep_time(container, clock)
    pages, flights = container.resilience.pages(), container.resilience.flights()
    await asyncio.gather(*(pages.page(question(number)) for number in range(200)))
    upstream.faults.set("http-503")
    upstream.calls.clear()

    async def wait() -> None:
        while len(flights):  # noqa: ASYNC110 - whatever is in the air, nothing else
            await asyncio.sleep(0)
        clock.advance(0.1)

    ends = await ask_for_ten_minutes(pages, wait, requests=REQUESTS // 5, warm=200)

    assert ends.total() == REQUESTS // 5
    assert set(ends) == {"hit", "stale"}
    assert 1 <= upstream.calls.count <= 40
