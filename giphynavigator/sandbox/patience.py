"""Waiting that ends when there is nobody left to wait for."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aiohttp import web

WAITING: Final = web.AppKey("waiting", set[asyncio.Transport])
"""The connections of calls that may never end of themselves."""

_GLANCE = 0.05  # seconds between two looks whether the client is still there


@contextmanager
def ended_by_stopping(request: web.Request) -> Iterator[None]:
    """Have the call cut off when the sandbox stops in its midst."""
    waiting, connection = request.app[WAITING], request.transport
    if connection is not None:
        waiting.add(connection)
    try:
        yield
    finally:
        if connection is not None:
            waiting.discard(connection)


async def end_waiting(app: web.Application) -> None:
    """Cut off every call that may never end of itself."""
    for connection in app[WAITING]:
        connection.abort()


def is_wanted(request: web.Request) -> bool:
    """Tell whether the client is still there."""
    return request.transport is not None and not request.transport.is_closing()


async def waited(request: web.Request, seconds: float) -> bool:
    """Wait while the answer is wanted, and tell whether it still is."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while is_wanted(request):
        left = deadline - loop.time()
        if left <= 0:
            return True
        await asyncio.sleep(min(left, _GLANCE))
    return False


def hung_up(request: web.Request) -> web.Response:
    """Close the connection without a word; the answer returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
