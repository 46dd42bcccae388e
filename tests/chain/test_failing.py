"""Giphy fails, hangs, says no or talks nonsense, and answers go on."""

import asyncio
from itertools import islice

import pytest
from dependency_injector import providers

from giphynavigator.giphy_errors import GiphyFailed
from giphynavigator.resilience.asking import delay_of, is_passing
from giphynavigator.resilience.breaker import Breaker
from giphynavigator.resilience.kept import PATIENCE
from giphynavigator.resilience.overload import Bulkhead
from giphynavigator.resilience.retry import RetryBudget, Retrying
from giphynavigator.sandbox.application import Sandbox
from tests.chain.chain import (
    PROBLEM,
    ends_of,
    get,
    get_all,
    grow_stale,
    settings_of,
    statuses,
)
from tests.chain.conftest import Join, Serve
from tests.fakes import FakeClock, until

CATS = "/?query=cats&limit=5"


def different(number: int, start: int = 0) -> list[str]:
    return [f"/?query=question {n}&limit=5" for n in range(start, start + number)]


def patient(clock: FakeClock):
    """Have retries wait by this clock."""

    def arrange(container) -> None:
        retrying = providers.Factory(
            Retrying,
            RetryBudget(),
            retriable=is_passing,
            delay_of=delay_of,
            sleep=clock.sleep,
        )
        container.resilience.retrying.override(retrying)

    return arrange


async def test_two_hundred_cold_searches_that_fail_are_three_calls_at_most(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve()
    upstream.faults.set("http-503")

    first = await get_all(client, 200 * [CATS])
    sent = upstream.calls.count
    second = await get_all(client, 200 * [CATS])

    assert statuses(first + second) == {502: 400}
    assert {answer.kind for answer in first + second} == {PROBLEM}
    assert max(answer.took for answer in first) < 1
    assert 1 <= sent <= 3
    assert upstream.calls.count == sent


@pytest.mark.parametrize(
    ("fault", "most"),
    [
        ("http-503", 4),
        ("synthetic-200", 4),
        ("http-429", 4),
        ("reset", 8),  # aiohttp sends each of them twice
    ],
)
async def test_a_warm_page_is_answered_for_while_giphy_fails(
    serve: Serve, upstream: Sandbox, clock: FakeClock, fault: str, most: int
) -> None:
    client = await serve()
    await grow_stale(client, clock, CATS)
    upstream.faults.set(fault)
    upstream.calls.clear()

    answers = []
    for _ in range(100):
        answers.append(await get(client, CATS))
        clock.advance(0.1)

    assert {(answer.status, answer.outcome) for answer in answers} == {
        (200, "fwd=stale")
    }
    assert 1 <= upstream.calls.count <= most


async def test_a_warm_page_is_answered_at_once_while_giphy_hangs(
    serve: Serve, upstream: Sandbox, clock: FakeClock
) -> None:
    client = await serve(timeout=0.5)
    await grow_stale(client, clock, CATS)
    upstream.faults.set("hang")

    answers = [await get(client, CATS) for _ in range(50)]

    assert {(answer.status, answer.outcome) for answer in answers} == {
        (200, "fwd=stale")
    }
    assert max(answer.took for answer in answers) < 0.05
    assert upstream.calls.count == 2


async def test_of_a_thousand_on_a_stale_page_none_waits_for_the_one_refresh(
    serve: Serve, upstream: Sandbox, clock: FakeClock
) -> None:
    client = await serve(timeout=30)
    await grow_stale(client, clock, CATS)
    upstream.faults.set("hang")

    stale = await get_all(client, 500 * [CATS]) + await get_all(client, 500 * [CATS])

    assert statuses(stale) == {200: 1000}
    assert {answer.outcome for answer in stale} == {"fwd=stale"}
    assert min(answer.took for answer in stale) < PATIENCE
    assert upstream.calls.count == 2
    assert len(client.app.container.resilience.flights()) == 1  # it is still on its way


async def test_a_thousand_failing_searches_are_eleven_hundred_and_ten_sends_at_most(
    join: Join, upstream: Sandbox
) -> None:
    container = await join(settings_of(upstream))
    never_opens = providers.Singleton(Breaker, least=1_000_000)
    container.resilience.breaker.override(never_opens)
    service = container.search_service()
    upstream.faults.set("http-503")

    ends = []
    for start in range(0, 1000, 100):
        batch = range(start, start + 100)
        ends += await ends_of(service.search(f"question {n}", 5) for n in batch)

    assert {type(end) for end in ends} == {GiphyFailed}
    assert 1000 <= upstream.calls.count <= 1110


async def test_with_the_breaker_they_are_twenty(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve(patient(FakeClock()))
    upstream.faults.set("http-503")

    answers = [await get(client, path) for path in different(100)]

    assert set(statuses(answers)) == {502, 503}
    assert upstream.calls.count <= 20
    refused = [answer for answer in answers if answer.status == 503]
    assert {answer.headers["Retry-After"] for answer in refused} <= {"1", "2"}


async def test_half_open_a_hundred_at_once_send_exactly_one_probe(
    serve: Serve, upstream: Sandbox, clock: FakeClock
) -> None:
    client = await serve(patient(FakeClock()))
    upstream.faults.set("http-503")
    for path in different(12):
        await get(client, path)
    clock.advance(2)
    upstream.calls.clear()

    answers = await get_all(client, different(100, 100))

    assert upstream.calls.count == 1
    assert statuses(answers) == {502: 1, 503: 99}


async def test_the_probe_that_goes_well_opens_the_way_again(
    serve: Serve, upstream: Sandbox, clock: FakeClock
) -> None:
    client = await serve(patient(FakeClock()))
    upstream.faults.set("http-503")
    for path in different(12):
        await get(client, path)
    clock.advance(2)
    upstream.faults.clear()

    probe = await get(client, "/?query=probe")
    after = await get_all(client, different(20, 100))

    assert probe.status == 200
    assert statuses(after) == {200: 20}


async def test_two_seconds_that_giphy_asks_to_wait_are_waited(
    serve: Serve, upstream: Sandbox
) -> None:
    waits = FakeClock()
    client = await serve(patient(waits))
    upstream.faults.set("http-503", times=1, retry_after=2)

    answer = await get(client, CATS)

    (waited,) = waits.slept
    assert 2.0 <= waited <= 2.3
    assert (answer.status, upstream.calls.count) == (200, 2)


async def test_a_wait_that_is_past_the_deadline_is_not_begun(
    serve: Serve, upstream: Sandbox
) -> None:
    waits = FakeClock()
    client = await serve(patient(waits), timeout=1.5)
    upstream.faults.set("http-503", retry_after=2)

    answer = await get(client, CATS)

    assert (answer.status, waits.slept, upstream.calls.count) == (502, [], 1)


async def test_a_wait_of_no_seconds_is_not_believed(
    serve: Serve, upstream: Sandbox
) -> None:
    waits = FakeClock()
    client = await serve(patient(waits))
    upstream.faults.set("http-503", times=1, retry_after=0)

    await get(client, CATS)

    (waited,) = waits.slept
    assert 0 < waited <= 0.1


async def test_past_the_bound_searches_are_refused_at_once(
    serve: Serve, upstream: Sandbox
) -> None:
    def narrow(container) -> None:
        bulkhead = providers.Singleton(Bulkhead, flying=2, waiting=3)
        container.resilience.bulkhead.override(bulkhead)

    client = await serve(narrow, timeout=30)
    upstream.faults.set("hang")

    asked = [asyncio.create_task(get(client, path)) for path in different(50)]
    refused = [await end for end in islice(asyncio.as_completed(asked), 45)]

    assert {answer.status for answer in refused} == {503}
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    await until(lambda: upstream.calls.count == 2)
    assert sum(not task.done() for task in asked) == 5
    for task in asked:
        task.cancel()


async def test_warm_pages_are_answered_for_while_searches_are_refused(
    serve: Serve, upstream: Sandbox, clock: FakeClock
) -> None:
    def narrow(container) -> None:
        bulkhead = providers.Singleton(Bulkhead, flying=1, waiting=0)
        container.resilience.bulkhead.override(bulkhead)

    client = await serve(narrow, timeout=0.5)
    await grow_stale(client, clock, CATS)
    upstream.faults.set("hang")

    answers = await get_all(client, [*different(10), *(50 * [CATS])])

    assert {answer.status for answer in answers[10:]} == {200}
    assert {answer.status for answer in answers[:10]} == {503, 504}
