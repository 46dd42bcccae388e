import json
from io import BytesIO

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from giphynavigator.sandbox.application import Sandbox


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


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"\xff", "body"),
        (b"[" * 100_000, "body"),
        (b"{}", "queries"),
        (b'{"queries": []}', "queries"),
        (b'{"queries": "cats"}', "queries"),
        (b'{"queries": [1]}', "queries[0]"),
        (b'{"queries": ["a"], "limit": 51}', "limit"),
        (b'{"queries": ["a"], "limit": "5"}', "limit"),
        (b'{"queries": ["a"], "colour": 1}', "colour"),
        (json.dumps({"queries": ["a"] * 201}).encode(), "queries"),
        (json.dumps({"queries": ["x" * 51]}).encode(), "query"),
    ],
)
async def test_a_bad_body_names_the_field_and_costs_nothing(
    service: TestClient, upstream: Sandbox, body: bytes, parameter: str
) -> None:
    answer = await service.post("/batch", data=body)

    problem = await answer.json()
    assert (answer.status, problem["parameter"]) == (400, parameter)
    assert answer.content_type == "application/problem+json"
    assert upstream.calls.count == 0


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/batch", "queries"),
        ("/batch?query=a&limit=0", "limit"),
        ("/batch?query=a&colour=red", "colour"),
        ("/batch?query=" + "x" * 51, "query"),
    ],
)
async def test_a_bad_parameter_of_a_batch_is_named(
    service: TestClient, path: str, parameter: str
) -> None:
    answer = await service.get(path)

    assert (answer.status, (await answer.json())["parameter"]) == (400, parameter)


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
