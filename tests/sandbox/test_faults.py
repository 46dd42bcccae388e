import asyncio
import json
import time
import zlib
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web

from giphynavigator.sandbox.application import create_sandbox, running_sandbox
from giphynavigator.sandbox.control import CALLS, FAULTS
from giphynavigator.sandbox.faults import FaultName, Faults

EDGE = """{
      "data": [],
      "meta": {
        "status": %d,
        "msg": "%s",
        "response_id": ""
      }
    }"""


async def search(ask):
    return await ask("/gifs/search", q="cats", limit=2)


async def first_call(calls):
    while not calls.count:  # noqa: ASYNC110 - a sandbox has no event for it
        await asyncio.sleep(0)


async def raw(sandbox, *, until=-1):
    url = urlsplit(sandbox.api_url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(b"GET /v1/gifs/search?api_key=k&q=cats HTTP/1.1\r\nHost: x\r\n")
    writer.write(b"Connection: close\r\n\r\n")
    try:
        return await (reader.read() if until < 0 else reader.readexactly(until))
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("http-400", 400, EDGE % (400, "Bad Request")),
        ("http-401", 401, EDGE % (401, "Unauthorized")),
        ("http-403", 403, EDGE % (403, "BANNED")),
        ("http-403-kong", 403, '{"message":"Invalid authentication credentials"}'),
        ("http-429", 429, EDGE % (429, "API rate limit exceeded")),
        ("http-429-kong", 429, '{"message":"API rate limit exceeded"}'),
        ("http-500", 500, EDGE % (500, "Internal Server Error")),
        ("http-503", 503, EDGE % (503, "Service Unavailable")),
    ],
)
async def test_a_refusal_is_the_recorded_one(ask, sandbox, name, status, body):
    sandbox.faults.set(name)

    reply = await search(ask)

    assert (reply.status, reply.body.decode()) == (status, body)
    assert reply.headers["Content-Type"] == "application/json"


async def test_the_ban_says_retry_after_nought(ask, sandbox):
    sandbox.faults.set("http-403")

    assert (await search(ask)).headers["Retry-After"] == "0"


async def test_the_rate_limit_says_when_to_come_again_if_told_to(ask, sandbox):
    sandbox.faults.set("http-429")
    assert "Retry-After" not in (await search(ask)).headers

    sandbox.faults.set("http-429", retry_after=30)
    assert (await search(ask)).headers["Retry-After"] == "30"


async def test_a_gif_not_found_is_the_recorded_answer(ask, sandbox):
    sandbox.faults.set("http-404")

    reply = await search(ask)

    assert reply.status == 404
    assert reply.json["meta"]["error_code"] == "404"


async def test_the_synthetic_answer_is_136_bytes_of_nothing(ask, sandbox):
    sandbox.faults.set("synthetic-200")

    reply = await search(ask)

    assert reply.status == 200
    assert len(reply.body) == 136
    assert reply.json == {
        "data": [],
        "meta": {"status": 200, "msg": "OK", "response_id": ""},
    }


@pytest.mark.parametrize(("name", "status"), [("html", 200), ("html-502", 502)])
async def test_a_page_comes_instead_of_json(ask, sandbox, name, status):
    sandbox.faults.set(name)

    reply = await search(ask)

    assert reply.status == status
    assert reply.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("name", "error"),
    [("garbage", json.JSONDecodeError), ("not-utf8", UnicodeDecodeError)],
)
async def test_what_calls_itself_json_is_none(sandbox, session, name, error):
    sandbox.faults.set(name)

    async with session.get(f"{sandbox.api_url}/gifs/search") as reply:
        assert (reply.status, reply.content_type) == (200, "application/json")
        with pytest.raises(error):
            json.loads(await reply.read())


async def test_types_are_wrong_in_valid_json(ask, sandbox):
    sandbox.faults.set("wrong-types")
    reply = await search(ask)
    assert isinstance(reply.json["data"], str)
    assert reply.json["meta"]["response_id"]

    sandbox.faults.set("wrong-gifs")
    (gif,) = (await search(ask)).json["data"]
    assert gif == {"id": 1, "url": 2, "title": 3, "images": [4]}


async def test_gifs_lack_their_url_in_an_answer_that_is_good_otherwise(ask, sandbox):
    good = await search(ask)
    gif_id = good.json["data"][0]["id"]
    sandbox.faults.set("no-urls")

    reply, one = await search(ask), await ask(f"/gifs/{gif_id}")

    for gif in good.json["data"]:
        del gif["url"]
    assert (reply.status, reply.json) == (200, good.json)
    assert "url" not in one.json["data"]
    assert one.json["data"]["images"]["original"]["url"]
    assert (await ask("/trending/searches")).json["data"]
    assert (await ask("/gifs/unknown12")).status == 404


async def test_brackets_are_nested_a_million_deep(sandbox, session):
    sandbox.faults.set("nested")

    async with session.get(f"{sandbox.api_url}/gifs/search") as reply:
        assert await reply.read() == b"[" * 1_000_000


async def test_a_redirect_leads_to_a_closed_door(sandbox, session):
    sandbox.faults.set("redirect")

    async with session.get(
        f"{sandbox.api_url}/gifs/search", allow_redirects=False
    ) as reply:
        assert reply.status == 302
        assert reply.headers["Location"] == "http://127.0.0.1:9/"


async def test_the_answer_is_cut_off_halfway(sandbox):
    sandbox.faults.set("cut-off")

    head, body = (await raw(sandbox)).split(b"\r\n\r\n", 1)

    promised = int(head.lower().split(b"content-length: ")[1].split()[0])
    assert len(body) == promised // 2 > 1000
    assert body.startswith(b'{"data":[')


async def test_a_client_notices_the_cut(sandbox, session):
    sandbox.faults.set("cut-off")

    async with session.get(f"{sandbox.api_url}/gifs/search?q=cats&api_key=k") as reply:
        with pytest.raises(aiohttp.ClientPayloadError):
            await reply.read()


async def test_the_endless_answer_outlasts_the_client(sandbox):
    sandbox.faults.set("endless")

    read = await raw(sandbox, until=10_000_000)

    assert b"Transfer-Encoding: chunked" in read[:1000]


async def test_the_drip_comes_byte_by_byte(sandbox, session):
    sandbox.faults.set("drip")

    async with session.get(f"{sandbox.api_url}/gifs/search") as reply:
        assert await reply.content.readany() == b" "
        assert await reply.content.readany() == b" "


async def test_a_megabyte_explodes_into_a_gigabyte(sandbox, session):
    sandbox.faults.set("bomb")

    async with session.get(f"{sandbox.api_url}/gifs/search") as reply:
        assert reply.headers["Content-Encoding"] == "gzip"
        packed = await reply.read()

    unpacker = zlib.decompressobj(wbits=31)
    assert len(packed) < 2_000_000
    assert unpacker.decompress(packed, 50_000_000) == b" " * 50_000_000
    assert int.from_bytes(packed[-4:], "little") == 2**30


async def test_the_connection_is_reset_without_a_word(sandbox):
    sandbox.faults.set("reset")

    with pytest.raises(ConnectionResetError):
        await raw(sandbox)


async def test_the_status_line_is_nonsense(sandbox):
    sandbox.faults.set("garbage-status")

    assert (await raw(sandbox)).startswith(b"HTTP/banana")


async def test_a_header_is_huge(sandbox):
    sandbox.faults.set("huge-header")

    assert b"x" * 100_000 in await raw(sandbox)


async def test_a_hanging_call_ends_when_the_client_goes(sandbox):
    sandbox.faults.set("hang")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(raw(sandbox), 0.1)


@pytest.mark.parametrize("name", ["hang", "endless", "drip", "slow"])
async def test_the_sandbox_stops_at_once_whatever_it_is_doing(name):
    async with running_sandbox() as sandbox:
        sandbox.faults.set(name, delay=100 if name == "slow" else 0)
        url = urlsplit(sandbox.api_url)
        _, writer = await asyncio.open_connection(url.hostname, url.port)
        writer.write(b"GET /v1/randomid?api_key=k HTTP/1.1\r\nHost: x\r\n\r\n")
        await first_call(sandbox.calls)
        start = time.monotonic()

    assert time.monotonic() - start < 1
    writer.close()


@pytest.mark.parametrize("name", ["hang", "endless", "drip"])
async def test_it_stops_at_once_in_a_server_that_cancels_nothing(session, name):
    app = create_sandbox()
    runner = web.AppRunner(app, handler_cancellation=False, shutdown_timeout=60)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app[FAULTS].set(name)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/randomid"
    call = asyncio.create_task(session.get(url))
    await first_call(app[CALLS])
    start = time.monotonic()

    await runner.cleanup()

    assert time.monotonic() - start < 1
    with pytest.raises(aiohttp.ClientError):
        await (await call).read()


async def test_a_slow_answer_is_late_and_good(ask, sandbox):
    sandbox.faults.set("slow", delay=0.12)
    start = time.monotonic()

    reply = await search(ask)

    assert reply.status == 200
    assert len(reply.json["data"]) == 2
    assert time.monotonic() - start >= 0.12


async def test_any_fault_can_be_late(ask, sandbox):
    sandbox.faults.set("http-503", delay=0.1)
    start = time.monotonic()

    assert (await search(ask)).status == 503
    assert time.monotonic() - start >= 0.1


async def test_a_fault_wears_off_after_so_many_calls(ask, sandbox):
    sandbox.faults.set("http-503", times=2)

    assert [(await search(ask)).status for _ in range(3)] == [503, 503, 200]
    assert sandbox.faults.current is None


async def test_pictures_are_never_faulted(ask, sandbox, session):
    (gif,) = (await ask("/gifs/search", q="cats", limit=1)).json["data"]
    sandbox.faults.set("http-500", times=1)

    async with session.get(gif["images"]["fixed_width_small"]["url"]) as reply:
        assert reply.status == 200
    assert (await search(ask)).status == 500


def test_every_fault_can_be_set_by_name():
    faults = Faults()
    for name in FaultName:
        faults.set(name.value)
        assert faults.current.name == name


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "no-such"},
        {"name": "hang", "times": 0},
        {"name": "slow", "delay": float("nan")},
    ],
)
def test_a_fault_there_is_not_cannot_be_set(wrong):
    with pytest.raises(ValueError, match=r"no-such|times|seconds"):
        Faults().set(**wrong)
