import pytest

from giphynavigator.sandbox.control import NEWEST, Call, CallLog


@pytest.fixture
def control(sandbox, session):
    root = sandbox.api_url.removesuffix("/v1")

    async def control(method, path, data=None):
        async with session.request(method, f"{root}/sandbox{path}", data=data) as reply:
            return reply.status, await reply.json()

    return control


async def test_a_fault_is_set_shown_and_cleared_over_http(ask, control):
    status, body = await control(
        "PUT", "/fault", b'{"name":"http-503","times":3,"delay":0.01}'
    )
    assert status == 200
    assert body["current"] == {
        "name": "http-503",
        "times": 3,
        "delay": 0.01,
        "retry_after": None,
    }
    assert (await ask("/randomid")).status == 503

    _, body = await control("GET", "/fault")
    assert body["current"]["times"] == 2
    assert {"hang", "bomb", "synthetic-200"} < set(body["names"])

    _, body = await control("DELETE", "/fault")
    assert body["current"] is None
    assert (await ask("/randomid")).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"name":"no\\nsuch"}',
        b'{"name":"hang","times":0}',
        b'{"name":"hang","delay":-1}',
        b'{"name":"hang","delay":"soon"}',
        b'{"name":"hang","dealy":1}',
        b"[" * 100_000,
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(control, sandbox, body):
    status, answer = await control("PUT", "/fault", body)

    assert status == 400
    assert answer["meta"]["msg"]
    assert sandbox.faults.current is None


async def test_calls_of_the_api_are_recorded_and_nothing_else(ask, control, sandbox):
    await ask("/gifs/search", q="cats", limit=2)
    await ask("/nowhere")
    await ask("/../media/x/y/z.gif")

    status, body = await control("GET", "/calls")

    assert status == 200
    assert body["count"] == sandbox.calls.count == len(sandbox.calls) == 2
    assert body["last"][0] == {
        "path": "/v1/gifs/search",
        "query": {"api_key": "any", "q": "cats", "limit": "2"},
    }
    assert sandbox.calls[-1].path == "/v1/nowhere"
    assert [call.query["api_key"] for call in sandbox.calls] == ["any", "any"]


async def test_counting_starts_again_from_nought(ask, control, sandbox):
    await ask("/randomid")

    assert await control("DELETE", "/calls") == (200, {"count": 0, "last": []})
    assert len(sandbox.calls) == 0


async def test_faulted_calls_count_too(ask, sandbox):
    sandbox.faults.set("http-503")

    await ask("/randomid")

    assert sandbox.calls.count == 1


def test_the_newest_calls_are_kept_and_all_are_counted():
    calls = CallLog()
    for number in range(NEWEST + 5):
        calls.record(Call("/v1", {"n": str(number)}))

    assert calls.count == NEWEST + 5
    assert len(calls) == NEWEST
    assert [call.query["n"] for call in calls.last(2)] == ["100003", "100004"]
