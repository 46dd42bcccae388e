"""As few calls to Giphy as possible, counted where Giphy counts them."""

import asyncio
import time

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from giphynavigator.application import create_app
from giphynavigator.sandbox.application import Sandbox
from tests.chain.chain import get, get_all, settings_of, statuses
from tests.chain.conftest import Join, Serve
from tests.fakes import FakeClock, until
from tests.starved import Stopwatch

SLICE_ME = (
    "/?query=Slice Me&limit=3",
    "/?limit=5&query=slice me",
    "/?query= slice  ME &limit=50",
    "/gifs?query=slice me&limit=12",
    "/gifs?query=slice me&limit=10&offset=20",
)


async def test_a_thousand_equal_cold_searches_at_once_are_one_call(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve()

    answers = await get_all(client, 1000 * ["/?query=cats&limit=5"])

    assert upstream.calls.count == 1
    assert statuses(answers) == {200: 1000}
    assert len({answer.body for answer in answers}) == 1


async def test_different_searches_are_a_call_each(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve()

    answers = await get_all(client, (f"/?query=cats {n}&limit=1" for n in range(200)))

    assert (upstream.calls.count, statuses(answers)) == (200, {200: 200})


async def test_one_call_serves_whatever_means_the_same_and_every_slice_of_it(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve()

    answers = [await get(client, path) for path in SLICE_ME]

    assert upstream.calls.count == 1
    assert statuses(answers) == {200: 5}
    assert upstream.calls[0].query["q"] == "Slice Me"


async def test_one_call_serves_them_all_at_once(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve()

    answers = await get_all(client, SLICE_ME)

    assert (upstream.calls.count, statuses(answers)) == (1, {200: 5})


async def test_random_picks_of_a_kept_page_cost_no_call(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve()
    await get(client, "/?query=cats")

    answers = await get_all(client, 20 * ["/gifs/random?query=Cats"])

    assert (upstream.calls.count, statuses(answers)) == (1, {200: 20})
    assert len({answer.body for answer in answers}) > 1


async def test_without_a_lifetime_nothing_is_kept_but_calls_are_shared(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve(max_age=0)
    upstream.faults.set("slow", delay=0.1)

    at_once = await get_all(client, 100 * ["/?query=cats"])
    later = await get(client, "/?query=cats")

    assert upstream.calls.count == 2
    assert statuses(at_once) == {200: 100}
    assert (later.outcome, later.headers["Cache-Control"]) == (
        *("fwd=miss", "public, max-age=0"),
    )
    container = client.app.container
    assert container.resilience.store().size == 0
    assert container.answers()._made.size == 0


async def test_the_bound_in_bytes_holds_for_real_pages(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve(max_bytes=2 << 20)

    await get_all(client, (f"/?query=question {n}&limit=50" for n in range(100)))

    store = client.app.container.resilience.store()
    answers = client.app.container.answers()._made
    assert 30 < len(store) < 45
    assert 0.9 * (2 << 20) * 7 / 8 < store.size <= (2 << 20) * 7 / 8
    assert 0 < answers.size <= (2 << 20) / 8
    assert (await get(client, "/?query=question 0")).outcome == "fwd=miss; stored"
    assert (await get(client, "/?query=question 99")).outcome == "hit"


class Server(TestServer):
    """A server that cancels the handlers of clients that are gone, or does not."""

    def __init__(self, app: web.Application, *, cancels: bool) -> None:
        super().__init__(app)
        self._cancels = cancels

    async def _make_runner(self, **options) -> web.AppRunner:
        options["handler_cancellation"] = self._cancels
        return await super()._make_runner(**options)


@pytest.mark.parametrize("cancels", [False, True])
async def test_half_of_a_hundred_waiters_hang_up_and_the_others_are_answered(
    upstream: Sandbox, cancels
) -> None:
    """Whether or not the server cancels the handler of a client that is gone."""
    app = create_app(settings_of(upstream))
    upstream.faults.set("slow", delay=0.3)
    async with TestClient(Server(app, cancels=cancels)) as client:
        tasks = [
            asyncio.create_task(get(client, "/?query=cats&limit=5")) for _ in range(100)
        ]
        await until(lambda: upstream.calls.count == 1)

        for task in tasks[::2]:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    app.container.unwire()

    assert [type(end) for end in ends[::2]] == 50 * [asyncio.CancelledError]
    assert statuses(ends[1::2]) == {200: 50}
    assert upstream.calls.count == 1


async def test_half_of_a_hundred_searches_are_cancelled_below_http(
    join: Join, upstream: Sandbox
) -> None:
    service = (await join(settings_of(upstream))).search_service()
    upstream.faults.set("slow", delay=0.3)
    tasks = [asyncio.create_task(service.search("cats", 5)) for _ in range(100)]
    await until(lambda: upstream.calls.count == 1)

    for task in tasks[:50]:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(end) for end in ends[:50]] == 50 * [asyncio.CancelledError]
    assert [len(end) for end in ends[50:]] == 50 * [5]
    assert upstream.calls.count == 1


async def test_the_flight_lands_though_all_have_left(
    join: Join, upstream: Sandbox
) -> None:
    service = (await join(settings_of(upstream))).search_service()
    upstream.faults.set("slow", delay=0.1)
    task = asyncio.create_task(service.search("cats", 5))
    await until(lambda: upstream.calls.count == 1)

    task.cancel()
    await until(lambda: service.is_kept("cats"))

    assert len(await service.search("cats", 5)) == 5
    assert upstream.calls.count == 1


async def test_two_hundred_searches_share_a_quota_of_twenty_sends(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve(calls=20)

    answers = await get_all(client, (f"/?query=question {n}" for n in range(200)))

    assert upstream.calls.count == 20
    assert statuses(answers) == {200: 20, 503: 180}
    refused = [answer for answer in answers if answer.status == 503]
    assert {answer.kind for answer in refused} == {"application/problem+json"}
    assert all(3590 < int(answer.headers["Retry-After"]) <= 3600 for answer in refused)


async def test_a_spent_quota_leaves_what_is_kept(
    serve: Serve, upstream: Sandbox, clock: FakeClock
) -> None:
    client = await serve(calls=2)
    for path in ("/?query=cats", "/?query=dogs", "/?query=cows"):
        await get(client, path)
    clock.advance(61)

    answers = await get_all(client, 20 * ["/?query=cats"])

    assert {(answer.status, answer.outcome) for answer in answers} == {
        (200, "fwd=stale")
    }
    assert upstream.calls.count == 2


async def test_a_send_that_aiohttp_repeats_by_itself_is_counted(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve()
    await get(client, "/?query=cats")  # leaves a connection that is kept
    upstream.faults.set("reset")

    answer = await get(client, "/?query=dogs")

    quota = client.app.container.quota().report()
    assert answer.status == 502
    # Three attempts, and at least one that aiohttp made of its own accord.
    assert upstream.calls.count > 1 + 3
    assert quota.used == upstream.calls.count


async def test_no_send_that_aiohttp_repeats_exceeds_the_quota(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve(calls=5)
    await get(client, "/?query=cats")
    upstream.faults.set("reset")

    answers = await get_all(client, (f"/?query=dogs {n}" for n in range(20)))

    assert set(statuses(answers)) <= {502, 503}
    assert upstream.calls.count == 5


async def test_an_answer_is_not_sent_to_who_has_it(serve: Serve) -> None:
    client = await serve()
    tag = (await get(client, "/?query=cats")).headers["ETag"]

    given = (tag, f"W/{tag}", f'"x", {tag}', "*", '"x"')
    answers = [await get(client, "/?query=cats", If_None_Match=one) for one in given]

    assert [answer.status for answer in answers] == [304, 304, 304, 304, 200]
    assert [bool(answer.body) for answer in answers] == [*(4 * [False]), True]
    assert {answer.headers["ETag"] for answer in answers} == {tag}


async def test_headers_tell_where_an_answer_came_from(
    serve: Serve, upstream: Sandbox, clock: FakeClock
) -> None:
    client = await serve()
    upstream.faults.set("slow", delay=0.1, times=1)

    at_once = await get_all(client, 3 * ["/?query=cats"])
    clock.advance(10)
    hit = await get(client, "/gifs?query=cats")
    clock.advance(60)
    stale = await get(client, "/?query=cats")

    assert sorted(answer.outcome for answer in at_once) == [
        "fwd=miss; collapsed",
        "fwd=miss; collapsed",
        "fwd=miss; stored",
    ]
    assert hit.outcome == "hit"
    assert stale.outcome == "fwd=stale"
    assert 44 <= int(hit.headers["Cache-Control"].removeprefix("public, max-age=")) < 50
    assert stale.headers["Cache-Control"] == "public, max-age=0"
    assert ("Age" in hit.headers, stale.headers["Age"]) == (False, "70")


async def test_what_asks_for_nothing_is_not_cached(serve: Serve) -> None:
    client = await serve()

    answer = await get(client, "/?query=")

    assert (answer.headers["Cache-Control"], "ETag" in answer.headers) == (
        *("no-store", False),
    )


async def test_no_search_takes_longer_than_its_deadline(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve(timeout=0.3)
    upstream.faults.set("hang")
    began, stopwatch = time.monotonic(), Stopwatch()

    answers = await get_all(client, 20 * ["/?query=cats"])

    assert statuses(answers) == {504: 20}
    assert upstream.calls.count == 1
    assert time.monotonic() - began >= 0.3
    assert stopwatch() < 0.3 + 0.2
