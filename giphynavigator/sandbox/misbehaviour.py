"""Fails one call over real HTTP, in the way the fault's name says."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from socket import SO_LINGER, SOL_SOCKET
from struct import pack
from typing import Final, TypeAlias

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from .faults import FAULTY_ANSWERS, Fault, FaultName, FaultyAnswer, bomb

Misbehaviour: TypeAlias = Callable[
    [web.Request, Handler], Awaitable[web.StreamResponse]
]

_JSON = "application/json"
_SPACES = b" " * 65_536
_DRIP_SECONDS = 0.2
_GLANCE = 0.05  # seconds between two looks whether the client is still there

WAITING: Final = web.AppKey("waiting", set[asyncio.Transport])
"""The connections of calls that may never end of themselves."""


async def misbehave(
    request: web.Request, handler: Handler, fault: Fault
) -> web.StreamResponse:
    """Return what this call is answered with while the sandbox has the fault."""
    with _ended_by_stopping(request):
        if fault.delay and not await _waited(request, fault.delay):
            return _hung_up(request)
        if fault.name in FAULTY_ANSWERS:
            return _faulty_answer(FAULTY_ANSWERS[fault.name], fault)
        return await _MISBEHAVIOURS[fault.name](request, handler)


def _faulty_answer(faulty: FaultyAnswer, fault: Fault) -> web.Response:
    headers = dict(faulty.headers)
    if fault.retry_after is not None:
        headers["Retry-After"] = f"{fault.retry_after:g}"
    return web.Response(
        status=faulty.status,
        body=faulty.body,
        content_type=faulty.content_type,
        headers=headers,
    )


async def _answer_well(request: web.Request, handler: Handler) -> web.StreamResponse:
    return await handler(request)


async def _leave_urls_out(request: web.Request, handler: Handler) -> web.Response:
    good = await handler(request)
    answer = msgspec.json.decode(_body(good))
    data = answer.get("data")
    for gif in data if isinstance(data, list) else [data]:
        if isinstance(gif, dict):
            gif.pop("url", None)
    return web.Response(
        status=good.status, body=msgspec.json.encode(answer), content_type=_JSON
    )


async def _cut_off(request: web.Request, handler: Handler) -> web.StreamResponse:
    whole = _body(await handler(request))
    answer = web.StreamResponse()
    answer.content_type = _JSON
    answer.content_length = len(whole)
    with suppress(ConnectionError):
        await answer.prepare(request)
        await answer.write(whole[: len(whole) // 2])
        _close(request)
    return answer


async def _never_end(request: web.Request, _: Handler) -> web.StreamResponse:
    return await _write_on(request, _SPACES, pause=0)


async def _drip(request: web.Request, _: Handler) -> web.StreamResponse:
    return await _write_on(request, b" ", pause=_DRIP_SECONDS)


async def _write_on(
    request: web.Request, piece: bytes, *, pause: float
) -> web.StreamResponse:
    answer = web.StreamResponse()
    answer.content_type = _JSON
    with suppress(ConnectionError):
        await answer.prepare(request)
        while await _waited(request, pause):
            await answer.write(piece)
    # Without this aiohttp would end the body in good order.
    if request.transport is not None:
        request.transport.abort()
    return answer


async def _hang(request: web.Request, _: Handler) -> web.StreamResponse:
    await _waited(request, math.inf)
    return _hung_up(request)


async def _reset(request: web.Request, _: Handler) -> web.StreamResponse:
    # A socket told not to linger says RST in the place of an orderly FIN.
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
    return _hung_up(request)


async def _talk_nonsense(request: web.Request, _: Handler) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.write(b"HTTP/banana fine thanks\r\n\r\n{}")
        _close(request)
    return web.Response()


async def _explode(_: web.Request, __: Handler) -> web.StreamResponse:
    body = await asyncio.to_thread(bomb)
    return web.Response(
        body=body, content_type=_JSON, headers={"Content-Encoding": "gzip"}
    )


_MISBEHAVIOURS: Final[Mapping[FaultName, Misbehaviour]] = {
    FaultName.SLOW: _answer_well,
    FaultName.NO_URLS: _leave_urls_out,
    FaultName.CUT_OFF: _cut_off,
    FaultName.ENDLESS: _never_end,
    FaultName.DRIP: _drip,
    FaultName.HANG: _hang,
    FaultName.RESET: _reset,
    FaultName.GARBAGE_STATUS: _talk_nonsense,
    FaultName.BOMB: _explode,
}


def _body(good: web.StreamResponse) -> bytes:
    body = good.body if isinstance(good, web.Response) else None
    return body if isinstance(body, bytes) else b"{}"


def _close(request: web.Request) -> None:
    # What was written goes out first.
    if request.transport is not None:
        request.transport.close()


@contextmanager
def _ended_by_stopping(request: web.Request) -> Iterator[None]:
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


def _is_wanted(request: web.Request) -> bool:
    """Tell whether the client is still there."""
    return request.transport is not None and not request.transport.is_closing()


async def _waited(request: web.Request, seconds: float) -> bool:
    """Wait while the answer is wanted, and tell whether it still is."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while _is_wanted(request):
        left = deadline - loop.time()
        if left <= 0:
            return True
        await asyncio.sleep(min(left, _GLANCE))
    return False


def _hung_up(request: web.Request) -> web.Response:
    """Close the connection without a word; the answer returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
