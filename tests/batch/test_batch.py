import asyncio
import json
import signal
import time
from io import BytesIO
from unittest.mock import AsyncMock

import pytest
from aiohttp import ClientPayloadError, ClientResponse, ClientSession, web
from aiohttp.test_utils import TestClient
from dependency_injector import providers

from giphynavigator.batch.services import AT_ONCE
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.services import SearchService
from giphynavigator.serving.draining import DRAINING
from giphynavigator.serving.server import LIMIT
from tests.conftest import CANARY
from tests.fakes import until
from tests.problems import assert_problem
from tests.processes import running


async def lines(answer: ClientResponse) -> list[dict]:
    assert answer.content_type == "application/x-ndjson"
    return [json.loads(line) async for line in answer.content]


async def posted(service: TestClient, *queries: str, **more: object) -> list[dict]:
    return await lines(await service.post("/batch", json={"queries": queries, **more}))


async def test_every_query_has_a_line_with_the_answer_of_the_index(
    service: TestClient,
) -> None:
    cats = await (await service.get("/?query=cats&limit=3")).json()

    plan, *rest = await posted(service, "cats", "dogs", limit=3)

    assert plan == {"queries": 2, "cached": 1, "upstream_calls": 1, "quota_left": 99}
    by_index = {line.pop("index"): line for line in rest}
    assert by_index[0] == cats
    assert (by_index[1]["query"], len(by_index[1]["gifs"])) == ("dogs", 3)


async def test_equal_queries_are_asked_once_and_answered_each_in_its_own_words(
    service: TestClient, upstream: Sandbox
) -> None:
    plan, *rest = await posted(service, "Big  Cats", "big cats", "BIG CATS")

    assert plan["upstream_calls"] == upstream.calls.count == 1
    assert sorted(line["query"] for line in rest) == [
        "BIG CATS",
        "Big  Cats",
        "big cats",
    ]
    assert len({json.dumps(line["gifs"]) for line in rest}) == 1


async def test_get_takes_the_same_from_the_query_string(service: TestClient) -> None:
    answer = await service.get("/batch?query=cats&query=dogs&limit=2")

    plan, *rest = await lines(answer)
    assert plan["queries"] == 2
    assert [len(line["gifs"]) for line in rest] == [2, 2]


async def test_words_that_are_none_cost_nothing(
    service: TestClient, upstream: Sandbox
) -> None:
    plan, only = await posted(service, "  ")

    assert (plan["cached"], plan["upstream_calls"]) == (1, 0)
    assert (only["gifs"], upstream.calls.count) == ([], 0)


async def test_the_end_of_the_quota_marks_the_rest_and_fails_nobody(
    service: TestClient, upstream: Sandbox
) -> None:
    quota = service.app.container.quota()
    for _ in range(97):
        await quota.take()

    plan, *rest = await posted(service, *(f"words {n}" for n in range(10)))

    found = [line for line in rest if "gifs" in line]
    refused = [line["problem"]["status"] for line in rest if "problem" in line]
    assert plan["quota_left"] == 3
    assert (len(found), refused) == (3, [503] * 7)
    assert upstream.calls.count == 3


async def test_a_query_that_fails_is_a_problem_on_its_line(
    service: TestClient, upstream: Sandbox
) -> None:
    await service.get("/?query=cats")
    upstream.faults.set("http-500")

    _, *rest = await posted(service, "cats", "dogs")

    good, bad = sorted(rest, key=lambda line: line["index"])
    assert len(good["gifs"]) == 10
    assert bad["problem"]["status"] == 502
    assert bad["problem"]["detail"] == "Giphy failed with status 500"


async def test_lines_come_in_the_order_in_which_they_finish(
    service: TestClient, upstream: Sandbox
) -> None:
    await service.get("/?query=second")
    upstream.faults.set("slow", delay=0.1)

    _, *rest = await posted(service, "first", "second")

    assert [line["index"] for line in rest] == [1, 0]


async def test_the_plan_is_sent_before_any_answer(
    service: TestClient, upstream: Sandbox
) -> None:
    upstream.faults.set("hang")

    answer = await service.post("/batch", json={"queries": ["cats"]})
    plan = json.loads(await answer.content.readline())

    assert plan["upstream_calls"] == 1
    upstream.faults.clear()
    answer.close()


QUERIES = "a list of 1 to 200"


@pytest.mark.parametrize(
    ("body", "parameter", "detail"),
    [
        (b"", "body", "body must be JSON, not ''"),
        (b"\xff", "body", "body must be JSON, not '\ufffd'"),
        (b"[" * 100_000, "body", f"body must be JSON, not '{'[' * 75}...'"),
        (b"[]", "body", "body must be an object with queries, limit, not []"),
        (b"{}", "queries", f"queries is missing; it must be {QUERIES}"),
        (b'{"queries": []}', "queries", f"queries must be {QUERIES}, not []"),
        (b'{"queries": "a"}', "queries", f'queries must be {QUERIES}, not "a"'),
        (b'{"queries": ["a", 1]}', "queries[1]", "queries[1] must be a text, not 1"),
        (
            b'{"queries": ["a"], "limit": 51}',
            "limit",
            "limit must be a whole number from 1 to 50, not 51",
        ),
        (
            b'{"queries": ["a"], "limit": "5"}',
            "limit",
            'limit must be a whole number from 1 to 50, not "5"',
        ),
        (
            b'{"queries": ["a"], "colour": 1}',
            "colour",
            "there is no field 'colour'; known: queries, limit",
        ),
        (
            json.dumps({"queries": ["a"] * 201}).encode(),
            "queries",
            f"queries must be {QUERIES}, not [" + 18 * '"a",' + '"a"...]',
        ),
        (
            json.dumps({"queries": ["a", "x" * 51]}).encode(),
            "queries[1]",
            f"queries[1] must be at most 50 characters, not '{'x' * 51}'",
        ),
    ],
)
async def test_a_bad_body_names_the_field_and_costs_nothing(
    service: TestClient, upstream: Sandbox, body: bytes, parameter: str, detail: str
) -> None:
    answer = await service.post("/batch", data=body)

    await assert_problem(answer, 400, detail, parameter=parameter)
    assert upstream.calls.count == 0


@pytest.mark.parametrize(
    ("path", "parameter", "detail"),
    [
        ("/batch", "query", "query must be given 1 to 200 times, not 0"),
        (
            "/batch?" + "&".join(["query=a"] * 201),
            "query",
            "query must be given 1 to 200 times, not 201",
        ),
        (
            "/batch?query=a&limit=0",
            "limit",
            "limit must be a whole number from 1 to 50, not '0'",
        ),
        (
            "/batch?query=a&limit=1&limit=2",
            "limit",
            "limit may be given once only",
        ),
        (
            "/batch?query=a&colour=red",
            "colour",
            "there is no parameter 'colour'; known: query, limit",
        ),
        (
            "/batch?query=a&query=" + "x" * 51,
            "query",
            f"query must be at most 50 characters, not '{'x' * 51}'",
        ),
    ],
)
async def test_a_bad_parameter_of_a_batch_is_named(
    service: TestClient, path: str, parameter: str, detail: str
) -> None:
    answer = await service.get(path)

    await assert_problem(answer, 400, detail, parameter=parameter)


async def test_a_fault_in_one_query_is_a_problem_on_its_line_with_its_id_in_the_log(
    client: TestClient, giphy: AsyncMock, caplog: pytest.LogCaptureFixture
) -> None:
    async def search(query: str, limit: int, **_: object) -> dict:
        if query == "bad":
            raise RuntimeError(CANARY)
        return {"data": [{"url": query}]}

    giphy.search.side_effect = search

    _, *rest = await posted(client, "good", "bad", "better")

    good, bad, better = sorted(rest, key=lambda line: line["index"])
    assert (good["gifs"], better["gifs"]) == ([{"url": "good"}], [{"url": "better"}])
    assert bad == {
        "index": 1,
        "query": "bad",
        "problem": {
            "type": "about:blank",
            "title": "Internal Server Error",
            "status": 500,
            "detail": "something went wrong here; the log knows more by this id",
            "id": bad["problem"]["id"],
        },
    }
    assert f"unexpected fault {bad['problem']['id']}" in caplog.text


async def test_a_fault_past_the_headers_breaks_the_answer_off_and_is_logged(
    client: TestClient, app: web.Application, caplog: pytest.LogCaptureFixture
) -> None:
    class Unspeakable:
        """No JSON can show it."""

    service = AsyncMock(spec=SearchService)
    service.search.return_value = [Unspeakable()]
    with app.container.search_service.override(providers.Object(service)):
        answer = await client.post("/batch", json={"queries": ["cats"]})
        with pytest.raises(ClientPayloadError):
            await answer.read()

    assert answer.status == 200
    assert caplog.text.count("unexpected fault") == 1
    assert (await client.get("/livez")).status == 200


async def test_a_batch_that_comes_after_the_end_began_is_refused_whole(
    service: TestClient, upstream: Sandbox
) -> None:
    service.app[DRAINING].set()

    answer = await service.post("/batch", json={"queries": ["cats"]})

    await assert_problem(answer, 503, "the service is ending; ask again")
    assert (answer.headers["Retry-After"], upstream.calls.count) == ("1", 0)


async def test_sigterm_ends_a_batch_after_the_searches_that_run(
    upstream: Sandbox,
) -> None:
    upstream.faults.set("slow", delay=0.5)
    environ = {"GIPHY_API_URL": upstream.api_url, "GIPHY_API_KEY": CANARY}
    queries = [f"words {number}" for number in range(200)]
    with running("serve", "--port", "0", **environ) as (url, process):
        async with ClientSession() as session:
            answer = await session.post(f"{url}/batch", json={"queries": queries})
            await answer.content.readline()
            await until(lambda: upstream.calls.count == AT_ONCE)
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            rest = [json.loads(line) async for line in answer.content]
            took = time.monotonic() - began
        status = await asyncio.to_thread(process.wait, LIMIT)

    assert sorted(line["index"] for line in rest) == list(range(200))
    assert [len(line["gifs"]) for line in rest if "gifs" in line] == [10] * AT_ONCE
    refused = [line["problem"] for line in rest if "problem" in line]
    assert [problem["status"] for problem in refused] == [503] * (200 - AT_ONCE)
    assert {problem["detail"] for problem in refused} == {
        "the service is ending; ask again"
    }
    assert (upstream.calls.count, status) == (AT_ONCE, 0)
    assert took < 2


async def test_a_body_that_is_too_big_is_refused(service: TestClient) -> None:
    answer = await service.post("/batch", data=BytesIO(b" " * 2_000_000))

    assert answer.status == 413
    assert answer.content_type == "application/problem+json"


async def test_head_spends_no_calls(service: TestClient, upstream: Sandbox) -> None:
    answer = await service.head("/batch?query=cats")

    assert (answer.status, upstream.calls.count) == (405, 0)


async def test_a_post_takes_no_parameters_beside_its_body(service: TestClient) -> None:
    answer = await service.post("/batch?limit=3", json={"queries": ["cats"]})

    assert (answer.status, (await answer.json())["parameter"]) == (400, "limit")
