"""The fault proxy does what it says, to HTTP as well."""

import asyncio
import time

import aiohttp
import pytest
from aiohttp import web

from tests.fakes import until
from tests.fault_proxy import FaultProxy

BODY = 20_000 * b"x"


@pytest.fixture
async def proxy(aiohttp_server):
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=BODY)

    app = web.Application()
    app.router.add_get("/", answer)
    server = await aiohttp_server(app)
    async with FaultProxy(server.port) as proxy:
        yield proxy


async def ask(proxy: FaultProxy, seconds: float = 5) -> bytes:
    limit = aiohttp.ClientTimeout(total=seconds)
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        session.get(f"http://127.0.0.1:{proxy.port}/") as answer,
    ):
        return await answer.read()


async def test_by_itself_it_changes_nothing(proxy: FaultProxy) -> None:
    assert await ask(proxy) == BODY
    assert proxy.accepted == 1


async def test_slices_arrive_whole(proxy: FaultProxy) -> None:
    proxy.slice = 100

    assert await ask(proxy) == BODY


async def test_latency_and_rate_make_it_late(proxy: FaultProxy) -> None:
    proxy.latency, proxy.jitter, proxy.rate = 0.01, 0.01, 1_000_000
    began = time.monotonic()

    assert await ask(proxy) == BODY
    assert time.monotonic() - began > 0.04


async def test_a_black_hole_answers_when_it_ends(proxy: FaultProxy) -> None:
    proxy.black_hole = True
    with pytest.raises(TimeoutError):
        await ask(proxy, seconds=0.05)

    proxy.black_hole = False

    assert not proxy.black_hole
    assert await ask(proxy) == BODY


async def test_down_refuses_and_up_takes_connections_again(proxy: FaultProxy) -> None:
    await proxy.down()
    with pytest.raises(aiohttp.ClientConnectorError):
        await ask(proxy)

    await proxy.up()

    assert await ask(proxy) == BODY


async def test_a_reset_breaks_what_is_under_way(proxy: FaultProxy) -> None:
    # Not with aiohttp's client, which would quietly send the request again.
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    await until(lambda: proxy.accepted == 1)

    proxy.reset()

    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()
