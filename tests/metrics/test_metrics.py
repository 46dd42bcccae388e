"""What /metrics says after something happened."""

import asyncio
import time

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from giphynavigator import __version__
from giphynavigator.sandbox.application import Sandbox
from tests.conftest import CANARY
from tests.fakes import until
from tests.metrics.reading import PREFIX, scrape


async def search(client: TestClient, query: str, path: str = "/") -> int:
    answer = await client.get(path, params={"query": query})
    return answer.status


async def test_a_miss_and_a_hit_are_told_apart(service: TestClient) -> None:
    await search(service, "cats")
    await search(service, " CATS ")

    numbers = await scrape(service)
    assert numbers("page_lookups_total", outcome="miss") == 1
    assert numbers("page_lookups_total", outcome="hit") == 1
    assert numbers("page_lookups_total", outcome="stale") == 0
    assert numbers("giphy_calls_total") == 1
    assert numbers("giphy_answer_duration_seconds_count", outcome="ok") == 1


async def test_a_hit_that_is_asked_for_on_a_condition_counts_once(
    service: TestClient,
) -> None:
    tags = [(await service.get("/?query=cats")).headers["ETag"] for _ in range(2)]
    answer = await service.get("/?query=cats", headers={"If-None-Match": tags[1]})

    numbers = await scrape(service)
    assert answer.status == 304
    assert numbers("page_lookups_total", outcome="miss") == 1
    assert numbers("page_lookups_total", outcome="hit") == 2


async def test_a_search_that_joins_another_is_collapsed(service: TestClient) -> None:
    await asyncio.gather(*(search(service, "cats") for _ in range(10)))

    numbers = await scrape(service)
    assert numbers("page_lookups_total", outcome="miss") == 1
    assert numbers("page_lookups_total", outcome="collapsed") == 9
    assert numbers("giphy_calls_total") == 1


async def test_a_page_that_is_too_old_is_stale(
    service: TestClient, upstream: Sandbox
) -> None:
    await search(service, "cats")
    service.app.container.resilience.store().clock = lambda: time.monotonic() + 61
    upstream.faults.set("http-503")
    status = await search(service, "cats")
    flights = service.app.container.resilience.flights()
    await until(lambda: not len(flights))

    numbers = await scrape(service)
    assert status == 200
    assert numbers("page_lookups_total", outcome="stale") == 1
    assert numbers("giphy_answer_duration_seconds_count", outcome="failed") == 1


@pytest.mark.parametrize(
    ("fault", "outcome", "status"),
    [
        ("http-503", "failed", 502),
        ("http-403", "refused", 502),
        ("http-429", "busy", 503),
        ("hang", "timeout", 504),
        ("reset", "broke_off", 502),
        ("synthetic-200", "nonsense", 502),
    ],
)
async def test_each_failure_of_giphys_has_its_outcome(
    service: TestClient, upstream: Sandbox, fault: str, outcome: str, status: int
) -> None:
    upstream.faults.set(fault)
    await search(service, "cats", "/gifs")
    await search(service, "cats", "/gifs")

    numbers = await scrape(service)
    answers = numbers("giphy_answer_duration_seconds_count", outcome=outcome)
    labels = {"route": "/gifs", "method": "GET", "status": str(status)}
    assert answers >= 1
    assert numbers("giphy_calls_total") >= answers
    assert numbers("giphy_answer_duration_seconds_count", outcome="ok") == 0
    assert numbers("page_lookups_total", outcome="miss") == 1
    assert numbers("page_lookups_total", outcome="negative") == 1
    assert numbers("http_requests_total", **labels) == 2


async def test_a_gif_that_is_not_there_is_no_failure(
    service: TestClient, upstream: Sandbox
) -> None:
    upstream.faults.set("http-404")
    await service.get("/gifs/abc")

    numbers = await scrape(service)
    labels = {"route": "/gifs/{id}", "method": "GET", "status": "404"}
    assert numbers("giphy_answer_duration_seconds_count", outcome="not_found") == 1
    assert numbers("http_requests_total", **labels) == 1


async def test_a_call_past_the_quota_is_refused_and_not_sent(
    scarce: TestClient,
) -> None:
    before = await scrape(scarce)
    statuses = [await search(scarce, query) for query in ("a", "b", "c", "d")]

    numbers = await scrape(scarce)
    ends = numbers("quota_reset_timestamp_seconds")
    assert statuses == [200, 200, 503, 503]
    assert (before("quota_left"), numbers("quota_left")) == (2, 0)
    assert numbers("refusals_total", reason="quota") == 2
    assert numbers("giphy_calls_total") == 2
    assert numbers("giphy_answer_duration_seconds_count", outcome="ok") == 2
    assert numbers.labels("giphy_answer_duration_seconds_count", "outcome") == {"ok"}
    assert 3590 < ends - time.time() <= 3600


async def test_giphys_own_refusal_leaves_no_calls(
    service: TestClient, upstream: Sandbox
) -> None:
    upstream.faults.set("http-429")
    await search(service, "cats")

    numbers = await scrape(service)
    assert numbers("quota_left") == 0


async def test_the_breaker_is_in_one_state_and_refuses(
    service: TestClient, upstream: Sandbox
) -> None:
    before = await scrape(service)
    upstream.faults.set("http-403")
    for number in range(12):
        await search(service, f"cats {number}")

    numbers = await scrape(service)
    assert before("breaker_state", state="closed") == 1
    assert before("breaker_state", state="open") == 0
    assert numbers("breaker_state", state="closed") == 0
    assert numbers("breaker_state", state="open") == 1
    assert numbers("breaker_state", state="half-open") == 0
    assert numbers("refusals_total", reason="breaker") == 2


async def test_searches_on_their_way_are_seen(
    service: TestClient, upstream: Sandbox
) -> None:
    upstream.faults.set("hang", times=1)
    searching = asyncio.create_task(search(service, "cats"))
    await until(lambda: upstream.calls.count == 1)
    during = await scrape(service)
    await searching

    after = await scrape(service)
    assert (during("searches_in_flight"), after("searches_in_flight")) == (1, 0)
    assert (during("searches_waiting"), after("searches_waiting")) == (0, 0)


async def test_strangers_add_one_series_and_no_more(client: TestClient) -> None:
    for number in range(5):
        await client.get(f"/no/such/{number}")
        await client.request("PROPFIND", f"/nor/such/{number}")
    await client.delete("/gifs")

    numbers = await scrape(client)
    other = {"route": "other"}
    total = "http_requests_total"
    assert numbers(total, **other, method="GET", status="404") == 5
    assert numbers(total, **other, method="other", status="404") == 5
    assert numbers(total, **other, method="DELETE", status="405") == 1
    assert numbers.labels(total, "route") == {"other"}
    assert "/such" not in numbers.text


async def test_an_unforeseen_fault_is_counted_as_what_the_caller_saw(
    client: TestClient, giphy
) -> None:
    giphy.search.side_effect = RuntimeError("planted")
    await search(client, "cats")

    numbers = await scrape(client)
    labels = {"route": "/", "method": "GET", "status": "500"}
    assert numbers("http_requests_total", **labels) == 1


async def test_a_redirect_that_is_raised_is_counted(
    app: web.Application, aiohttp_client
) -> None:
    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPSeeOther("/")

    app.router.add_post("/moved/{where}", elsewhere)
    client = await aiohttp_client(app)
    await client.post("/moved/x", allow_redirects=False)

    numbers = await scrape(client)
    labels = {"route": "/moved/{where}", "method": "POST", "status": "303"}
    assert numbers("http_requests_total", **labels) == 1


async def test_requests_are_timed_by_route(client: TestClient) -> None:
    await search(client, "cats")
    await scrape(client)

    numbers = await scrape(client)
    duration = "http_request_duration_seconds"
    assert numbers(f"{duration}_count", route="/") == 1
    assert numbers(f"{duration}_bucket", route="/", le="10.0") == 1
    assert 0 < numbers(f"{duration}_sum", route="/") < 10
    assert numbers(f"{duration}_count", route="/metrics") == 1


async def test_what_there_is_none_of_is_not_shown(client: TestClient) -> None:
    numbers = await scrape(client)

    assert numbers("build_info", version=__version__) == 1
    assert numbers("redis_up") is None
    assert numbers("quota_left") is None
    assert numbers("quota_reset_timestamp_seconds") is None


async def test_neither_the_key_nor_what_people_search_is_in_it(
    service: TestClient, upstream: Sandbox
) -> None:
    await search(service, "secretive words")
    upstream.faults.set("http-403")
    await search(service, "unspoken words")
    await service.get(f"/{CANARY}/secretive")

    text = (await scrape(service)).text
    assert CANARY not in text
    assert "secretive" not in text
    assert "unspoken" not in text


async def test_two_applications_do_not_count_for_each_other(
    service: TestClient, client: TestClient
) -> None:
    await search(client, "cats")

    registries = [c.app.container.metrics.registry() for c in (service, client)]
    name, labels = PREFIX + "page_lookups_total", {"outcome": "miss"}
    values = [registry.get_sample_value(name, labels) for registry in registries]
    assert sorted(values) == [0, 1]


async def test_it_is_prometheus_text_and_never_kept(client: TestClient) -> None:
    await search(client, "cats")
    answer = await client.get("/metrics")

    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"


async def test_names_follow_prometheus_conventions(scarce: TestClient) -> None:
    await search(scarce, "cats")

    families = (await scrape(scarce)).families
    assert len(families) == len({family.name for family in families}) >= 11
    for family in families:
        assert family.name.startswith(PREFIX)
        assert family.documentation.endswith(".")
        assert family.type in {"counter", "gauge", "histogram"}
        assert family.samples
        assert (family.type == "histogram") == family.name.endswith("duration_seconds")
        for sample in family.samples:
            total = sample.name.endswith("_total")
            assert total == (family.type == "counter")
