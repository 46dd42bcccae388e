"""Replicas at one Redis, and a service that keeps nothing, ask Giphy once too."""

import asyncio
from collections.abc import Iterator

import msgspec
import pytest

from giphynavigator.pages import Call, Page
from giphynavigator.resilience.replicas import named
from giphynavigator.sandbox.application import Sandbox
from tests.chain.chain import get_all, settings_of
from tests.conftest import CANARY
from tests.fakes import read
from tests.servers import RedisServer
from tests.v1.conftest import Serve, said

TRENDING = Call("raw", meaning="/v1/gifs/trending?rating=g")
META = b'"meta":{"status":200,"msg":"OK","response_id":"abc"}'


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


async def test_equal_calls_to_three_replicas_are_one(
    serve: Serve, upstream: Sandbox, redis_server: RedisServer
) -> None:
    settings = settings_of(upstream, redis=redis_server.url)
    replicas = [await serve(settings) for _ in range(3)]
    paths = [f"/v1/gifs/search?q=cats&api_key=some{n}body" for n in range(20)]

    answers = await asyncio.gather(*(get_all(each, paths) for each in replicas))

    said = [one for answers_of_one in answers for one in answers_of_one]
    assert {one.status for one in said} == {200}
    assert len({(one.body, one.headers["ETag"]) for one in said}) == 1
    assert upstream.calls.count == 1


async def test_nobodys_key_is_in_redis(
    serve: Serve, upstream: Sandbox, redis_server: RedisServer
) -> None:
    client = await serve(settings_of(upstream, redis=redis_server.url))

    await client.get("/v1/gifs/search?q=cats&api_key=somebody&random_id=somebody")

    shared = client.app.container.shared()
    names = await shared.run(lambda redis: redis.keys("*"), [])
    pages = [name for name in names if b":page:" in name]
    values = [await read(shared, name.decode()) for name in pages]
    assert len(values) == 1
    everything = b"".join((*names, *values))
    assert b"somebody" not in everything
    assert CANARY.encode() not in everything


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b'{"data":[]}',
        b'{"data":"cats",%b}' % META,
        b'{"data":[],"meta":{"response_id":""}}',
        b'{"data":["\xff"],%b}' % META,
    ],
)
async def test_what_redis_has_is_passed_on_only_if_it_is_an_answer(
    serve: Serve, upstream: Sandbox, redis_server: RedisServer, body: bytes
) -> None:
    client = await serve(settings_of(upstream, redis=redis_server.url))
    shared = client.app.container.shared()
    key = shared.key("page", named(TRENDING))
    good = b'{"data":[],%b}' % META

    for there, calls in ((good, 0), (body, 1)):
        await shared.set(key, msgspec.msgpack.encode(Page(there, 1)), life=3600)
        client.app.container.resilience.store()._entries.drop(TRENDING.key)
        answer = await said(await client.get("/v1/gifs/trending"))

        assert answer.status == 200
        assert (answer.body == good) is (calls == 0)
        assert upstream.calls.count == calls


async def test_a_call_that_giphy_declines_is_declined_by_every_replica(
    serve: Serve, upstream: Sandbox, redis_server: RedisServer
) -> None:
    settings = settings_of(upstream, redis=redis_server.url)
    one, other = await serve(settings), await serve(settings)
    upstream.faults.set("http-400")

    assert (await one.get("/v1/gifs/trending")).status == 400
    assert (await other.get("/v1/gifs/trending")).status == 400


async def test_where_nothing_is_kept_equal_calls_at_once_are_still_one(
    serve: Serve, upstream: Sandbox
) -> None:
    client = await serve(settings_of(upstream, max_age=0))
    upstream.faults.set("slow", delay=0.2)

    await get_all(client, ["/v1/gifs/trending"] * 20)
    assert upstream.calls.count == 1
    (again,) = await get_all(client, ["/v1/gifs/trending"])

    assert upstream.calls.count == 2
    assert again.headers["Cache-Control"] == "public, max-age=0"
    assert len(client.app.container.resilience.store()) == 0
