"""Every request has an id, and the trace that it is part of is not lost."""

import asyncio

import pytest
from aiohttp.test_utils import TestClient, make_mocked_request

from giphynavigator.tracing import CURRENT, NO_REQUEST, trace_id, trace_of

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("parent", "found"),
    [
        (PARENT, TRACE),
        (f"cc-{TRACE}-00f067aa0ba902b7-01-what-comes-later", TRACE),
        (f"{PARENT}-more", ""),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", ""),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", ""),
        (f"00-{TRACE}-{'0' * 16}-01", ""),
        (PARENT.upper(), ""),
        ("rubbish", ""),
    ],
)
def test_a_traceparent_is_read_as_w3c_says(parent: str, found: str) -> None:
    assert trace_id(parent) == found


@pytest.mark.parametrize("given", ["a1", "req_7-B:c/d+e=", "x" * 64])
async def test_a_sane_request_id_is_kept_and_sent_back(
    client: TestClient, given: str
) -> None:
    answer = await client.get("/livez", headers={"X-Request-ID": given})

    assert answer.headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", '{"a": 1}', "<b>", "-x"])
async def test_any_other_is_replaced_by_one_of_ours(
    client: TestClient, given: str
) -> None:
    answers = [
        await client.get("/livez", headers={"X-Request-ID": given}) for _ in range(2)
    ]

    ids = {answer.headers["X-Request-ID"] for answer in answers}
    assert len(ids) == 2
    assert given not in ids


@pytest.mark.parametrize("path", ["/", "/gifs?query=cats", "/nope", "/batch?query=a"])
async def test_every_answer_has_an_id(client: TestClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.headers["X-Request-ID"]


async def test_a_problem_names_its_request(client: TestClient) -> None:
    answer = await client.get("/?limit=0", headers={"X-Request-ID": "mine"})

    assert (await answer.json())["request_id"] == "mine"


async def test_the_trace_is_an_exemplar_for_who_reads_openmetrics(
    client: TestClient,
) -> None:
    openmetrics = {"Accept": "application/openmetrics-text; version=1.0.0"}
    await client.get("/livez", headers={"traceparent": PARENT})

    text = await (await client.get("/metrics", headers=openmetrics)).text()

    lines = [line for line in text.splitlines() if TRACE in line]
    assert {line.split("{")[0] for line in lines} == {
        "giphynavigator_http_requests_total",
        "giphynavigator_http_request_duration_seconds_bucket",
    }
    assert TRACE not in await (await client.get("/metrics")).text()


def test_requests_that_run_together_keep_their_ids_apart() -> None:
    async def one(number: int) -> str:
        request = make_mocked_request("GET", "/", {"X-Request-ID": f"n{number}"})
        trace_of(request)
        await asyncio.sleep(0)
        return CURRENT.get().request_id

    async def all_of_them() -> list[str]:
        return await asyncio.gather(*(one(number) for number in range(5)))

    assert asyncio.run(all_of_them()) == [f"n{number}" for number in range(5)]
    assert CURRENT.get() is NO_REQUEST
