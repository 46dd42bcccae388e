"""Connections: nobody keeps one for ever, and nonsense leaves nothing behind."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from giphynavigator.logs import is_worth_a_line
from giphynavigator.serving.connections import OPTIONS
from giphynavigator.serving.places import Place
from giphynavigator.serving.server import address, create_runner, listen

NGINX_KEEPS = 60.0


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


@asynccontextmanager
async def listening(**options: float) -> AsyncIterator[tuple[str, int]]:
    """The place of a small service whose connections are ours."""
    app = web.Application()
    app.router.add_get("/", hello)
    runner = create_runner(app, log_access=False)
    runner._kwargs.update(options)
    await runner.setup()
    listener = await listen(runner, Place("127.0.0.1", 0))
    host, port = address(listener).removeprefix("http://").split(":")
    try:
        yield host, int(port)
    finally:
        listener.close()
        await runner.cleanup()


async def said(place: tuple[str, int], *parts: bytes) -> bytes:
    """All that comes back for these bytes until the connection is closed."""
    reader, writer = await asyncio.open_connection(*place)
    with suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
    answer = bytearray()
    with suppress(ConnectionError):  # it may be closed on what was not read yet
        while piece := await reader.read(65536):
            answer += piece
    writer.close()
    return bytes(answer)


def kept() -> int:
    """How many errors about what was no HTTP are still in memory."""
    return sum(isinstance(found, HttpProcessingError) for found in gc.get_objects())


@pytest.fixture(autouse=True)
def log() -> Iterator[None]:
    """The log as the service sets it up: without a traceback for such an error."""
    logger = logging.getLogger("aiohttp.server")
    logger.addFilter(is_worth_a_line)
    yield
    logger.removeFilter(is_worth_a_line)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"A" * 1_000_000,
        b"GET /" + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"
        + b"A" * 1_000_000,
    ],
    ids=["method", "target", "header", "after an upgrade"],
)
async def test_nonsense_is_refused_and_nothing_of_it_stays(nonsense: bytes) -> None:
    async with listening() as place:
        gc.collect()
        gc.disable()
        try:
            answer = await said(place, nonsense)
            left = kept()
        finally:
            gc.enable()

    assert answer == b"" or b" 400 Bad Request\r\n" in answer
    assert left == 0


async def test_what_follows_nonsense_is_not_looked_at() -> None:
    good = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    async with listening() as place:
        answer = await said(place, b"nonsense\r\n\r\n", good, good)

    assert answer.count(b"HTTP/1.") <= 1


async def test_requests_that_come_together_are_answered_one_after_the_other() -> None:
    good = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    last = good.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    async with listening() as place:
        answer = await said(place, good * 2 + last)

    assert answer.count(b"200 OK") == 3


@pytest.mark.parametrize(
    "begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "], ids=["idle", "slow"]
)
async def test_a_connection_that_brings_no_request_is_closed(begun: bytes) -> None:
    async with listening(keepalive_timeout=0.05) as place, asyncio.timeout(5):
        answer = await said(place, begun)

    assert answer == b""


def test_proxies_that_keep_connections_give_them_up_first() -> None:
    assert OPTIONS["keepalive_timeout"] > NGINX_KEEPS
