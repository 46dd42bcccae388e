from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import TypeAlias

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from giphynavigator.application import create_app, create_container
from giphynavigator.containers import Container
from giphynavigator.lifecycle import opened
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.settings import Settings
from tests.chain.chain import keep_time, settings_of
from tests.fakes import FakeClock
from tests.servers import RedisServer

Serve: TypeAlias = Callable[..., Awaitable[TestClient]]
Join: TypeAlias = Callable[[Settings], Awaitable[Container]]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def serve(
    upstream: Sandbox, clock: FakeClock, aiohttp_client
) -> AsyncIterator[Serve]:
    """Serve over HTTP with these settings; page store and breaker go by `clock`."""
    apps: list[web.Application] = []

    async def serve(arrange=lambda _: None, **settings) -> TestClient:
        app = create_app(settings_of(upstream, **settings))
        apps.append(app)
        keep_time(app.container, clock)
        arrange(app.container)
        connector = aiohttp.TCPConnector(limit=0)
        client = await aiohttp_client(app, connector=connector)
        let_a_thousand_knock(client)
        return client

    yield serve
    for app in apps:
        app.container.unwire()


def let_a_thousand_knock(client: TestClient) -> None:
    """Take more connections at once than 128: the kernel lets others wait a second."""
    (site,) = client.server.runner.sites
    (sock,) = site._server.sockets
    sock._sock.listen(4096)


@pytest.fixture
async def join() -> AsyncIterator[Join]:
    """Start one more replica: all of the service but its HTTP."""
    async with AsyncExitStack() as stack:

        async def join(settings: Settings) -> Container:
            container = create_container(settings)
            return await stack.enter_async_context(opened(container))

        yield join


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test's own, to be stopped and broken."""
    with RedisServer() as server:
        yield server
