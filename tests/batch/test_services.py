import asyncio

import pytest

from giphynavigator.batch.services import AT_ONCE, BatchService, Plan
from giphynavigator.errors import NavigatorError
from giphynavigator.resilience.quota import Quota, QuotaSpent
from giphynavigator.serving.draining import ServiceEnding
from giphynavigator.web.unforeseen import Unforeseen
from tests.fakes import until


class FakeSearches:
    """Counts who searches at once, and keeps them until the gate opens."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.asked: list[str] = []
        self.running = 0
        self.most = 0

    def meaning(self, query: str) -> str:
        return query.lower()

    def is_kept(self, query: str) -> bool:
        return query.startswith("kept")

    async def search(self, query: str, limit: int) -> list:
        self.asked.append(query)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.gate.wait()
        finally:
            self.running -= 1
        return [{"url": query}]


@pytest.fixture
def searches() -> FakeSearches:
    return FakeSearches()


@pytest.fixture
def batch(searches: FakeSearches) -> BatchService:
    return BatchService(searches, Quota(), limit=10)


async def test_no_more_than_so_many_run_at_once(
    batch: BatchService, searches: FakeSearches
) -> None:
    results = batch.search([f"q{n}" for n in range(3 * AT_ONCE)], 5)
    first = asyncio.ensure_future(anext(results))
    await until(lambda: len(searches.asked) == AT_ONCE)

    searches.gate.set()
    found = [await first] + [result async for result in results]

    assert len(found) == 3 * AT_ONCE
    assert searches.most == AT_ONCE


async def test_whoever_stops_listening_stops_what_runs(
    batch: BatchService, searches: FakeSearches
) -> None:
    results = batch.search([f"q{n}" for n in range(100)], 5)
    first = asyncio.ensure_future(anext(results))
    await until(lambda: len(searches.asked) == AT_ONCE)

    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await results.aclose()

    assert searches.running == 0
    assert len(searches.asked) == AT_ONCE


async def test_the_plan_counts_what_is_kept_and_what_means_the_same(
    batch: BatchService,
) -> None:
    plan = await batch.plan(["kept a", "B", "b", "c"])

    assert plan == Plan(queries=4, cached=1, upstream_calls=2, quota_left=None)


async def test_an_error_of_ours_is_a_result(batch: BatchService) -> None:
    async def find(query: str) -> str:
        raise QuotaSpent(5)

    (result,) = [result async for result in batch.run(["a"], find)]

    assert isinstance(result.error, NavigatorError)


async def test_a_fault_nobody_foresaw_is_the_result_of_its_query_alone(
    batch: BatchService, caplog: pytest.LogCaptureFixture
) -> None:
    async def find(query: str) -> str:
        if query == "b":
            raise RuntimeError
        return query.upper()

    results = [result async for result in batch.run(["a", "b", "c"], find)]

    one, two, three = sorted(results, key=lambda result: result.index)
    assert (one.found, two.found, three.found) == ("A", None, "C")
    assert isinstance(two.error, Unforeseen)
    assert f"unexpected fault {two.error.fault}" in caplog.text


async def test_once_the_end_begins_what_runs_finishes_and_the_rest_is_refused_at_once(
    batch: BatchService, searches: FakeSearches
) -> None:
    ending = asyncio.Event()
    queries = [f"q{n}" for n in range(3 * AT_ONCE)]
    results = batch.search(queries, 5, ending=ending)
    first = asyncio.ensure_future(anext(results))
    await until(lambda: len(searches.asked) == AT_ONCE)

    ending.set()
    refused = [await first] + [await anext(results) for _ in range(2 * AT_ONCE - 1)]
    searches.gate.set()
    found = [result async for result in results]

    assert {type(result.error) for result in refused} == {ServiceEnding}
    assert {result.found.limit for result in found} == {5}
    assert len(found) == len(searches.asked) == AT_ONCE


async def test_where_the_end_has_begun_nothing_is_asked(
    batch: BatchService, searches: FakeSearches
) -> None:
    ending = asyncio.Event()
    ending.set()

    results = [result async for result in batch.search(["a", "b"], 5, ending=ending)]

    assert [type(result.error) for result in results] == [ServiceEnding] * 2
    assert searches.asked == []
