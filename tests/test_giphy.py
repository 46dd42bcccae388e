"""GiphyClient over real HTTP, through every way in which Giphy fails."""

import logging
import socket
import traceback

import pytest
from aiohttp.test_utils import TestClient

from giphynavigator.application import create_app, create_container
from giphynavigator.giphy_errors import GiphyBusy, GiphyError
from giphynavigator.lifecycle import opened
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.sandbox.faults import FaultName
from tests.conftest import CANARY, asking
from tests.problems import assert_problem

NOT_JSON = "Giphy answered with something that is not its JSON"
EMPTY = "Giphy answered with an empty answer, as it does in an outage"
TOO_BIG = "Giphy answered with a body that is far too big"
BUSY = "Giphy's quota for this key is used up"
SLOW = "Giphy did not answer within 0.5 seconds"

FAULTS = [
    ("synthetic-200", 502, EMPTY),
    ("http-429", 503, BUSY),
    ("http-429-kong", 503, BUSY),
    ("http-403", 502, "Giphy refused the call with status 403"),
    ("http-403-kong", 502, "Giphy refused the call with status 403"),
    ("http-401", 502, "Giphy refused the call with status 401"),
    ("http-400", 502, "Giphy refused the call with status 400"),
    ("http-404", 502, "Giphy refused the call with status 404"),
    ("http-500", 502, "Giphy failed with status 500"),
    ("http-503", 502, "Giphy failed with status 503"),
    ("html", 502, NOT_JSON),
    ("html-502", 502, "Giphy failed with status 502"),
    ("garbage", 502, NOT_JSON),
    ("not-utf8", 502, NOT_JSON),
    ("wrong-types", 502, NOT_JSON),
    ("wrong-gifs", 502, NOT_JSON),
    ("nested", 502, NOT_JSON),
    ("cut-off", 502, "Giphy's answer broke off or was no HTTP"),
    ("endless", 502, TOO_BIG),
    ("bomb", 502, TOO_BIG),
    ("drip", 504, SLOW),
    ("hang", 504, SLOW),
    ("redirect", 502, "Giphy answered with status 302 instead of an answer"),
    ("reset", 502, "Giphy's answer broke off or was no HTTP"),
    ("garbage-status", 502, "Giphy's answer broke off or was no HTTP"),
    ("huge-header", 502, "Giphy's answer broke off or was no HTTP"),
]


@pytest.mark.parametrize(("fault", "status", "detail"), FAULTS)
async def test_every_fault_has_its_status_and_the_next_good_answer_is_good(
    service: TestClient, upstream: Sandbox, fault: str, status: int, detail: str
) -> None:
    upstream.faults.set(fault)
    answer = await service.get("/?query=cats")
    upstream.faults.clear()
    good = await service.get("/?query=dogs&limit=3")

    await assert_problem(answer, status, detail)
    assert ("Retry-After" in answer.headers) == (status == 503)
    if detail == BUSY:  # Giphy is not asked again before it said
        assert (good.status, upstream.calls.count) == (503, 1)
    else:
        assert len((await good.json())["gifs"]) == 3


def test_every_fault_that_the_sandbox_knows_is_tried() -> None:
    assert {name for name, _, _ in FAULTS} == set(FaultName) - {
        FaultName.SLOW,
        FaultName.NO_URLS,
    }


async def test_the_key_is_in_no_answer_log_line_or_traceback(
    service: TestClient, upstream: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    container = service.app.container
    seen = [repr(container.config()), repr(asking(upstream.api_url))]

    for fault, _, _ in FAULTS:
        upstream.faults.set(fault)
        answer = await service.get("/?query=cats")
        seen += [await answer.text(), str(answer.headers)]
        try:
            await container.giphy_client().search("cats", 5)
        except GiphyError as error:
            seen += traceback.format_exception(error)
            seen += [repr(error), repr(error.__context__), repr(error.__cause__)]

    assert CANARY not in "".join(seen)
    assert CANARY not in caplog.text
    assert any(call.query["api_key"] == CANARY for call in upstream.calls)


async def test_giphys_delay_is_believed_unless_it_is_none(upstream: Sandbox) -> None:
    async with opened(create_container(asking(upstream.api_url))) as container:
        delays = []
        for given in (7, 0, None, 99999):
            upstream.faults.set("http-429", retry_after=given)
            with pytest.raises(GiphyBusy) as caught:
                await container.giphy_client().search("cats", 5)
            delays.append(caught.value.retry_after)

    assert delays == [7, 60, 60, 3600]


async def test_a_closed_port_is_a_bad_gateway(aiohttp_client) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        app = create_app(asking(f"http://127.0.0.1:{closed.getsockname()[1]}/v1"))
        client = await aiohttp_client(app)

        answer = await client.get("/?query=cats")

        detail = "Giphy could not be reached"
        await assert_problem(answer, 502, detail)
        app.container.unwire()


async def test_only_what_is_used_is_asked_for(upstream: Sandbox) -> None:
    async with opened(create_container(asking(upstream.api_url))) as container:
        page = await container.giphy_client().search(
            "cats", 5, offset=10, rating="pg", lang="de"
        )

    (call,) = upstream.calls
    asked = dict(call.query)
    fields = asked.pop("fields").split(",")
    assert asked == {
        "api_key": CANARY,
        "q": "cats",
        "limit": "5",
        "offset": "10",
        "rating": "pg",
        "lang": "de",
    }
    assert "images.original.url" in fields
    assert page["pagination"]["count"] == len(page["data"]) == 5
    used = {"id", "url", "title", "rating", "alt_text", "username", "images"}
    assert set(page["data"][0]) <= used
