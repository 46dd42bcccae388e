"""Does over real HTTP what a fault's name says."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from socket import SO_LINGER, SOL_SOCKET
from struct import pack
from typing import Final, TypeAlias

from aiohttp import web

from .answering import Handler
from .canned import CANNED, Canned, bomb
from .faults import Fault, FaultName
from .patience import ended_by_stopping, hung_up, is_wanted, waited

Misbehaviour: TypeAlias = Callable[
    [web.Request, Handler], Awaitable[web.StreamResponse]
]

_JSON = "application/json"
_SPACES = b" " * 65_536
_DRIP_SECONDS = 0.2


async def misbehave(
    request: web.Request, handler: Handler, fault: Fault
) -> web.StreamResponse:
    """Return what this call is answered with while the sandbox has the fault."""
    with ended_by_stopping(request):
        if fault.delay and not await waited(request, fault.delay):
            return hung_up(request)
        if fault.name in CANNED:
            return _opened(CANNED[fault.name], fault)
        return await _MISBEHAVIOURS[fault.name](request, handler)


def _opened(canned: Canned, fault: Fault) -> web.Response:
    headers = dict(canned.headers)
    if fault.retry_after is not None:
        headers["Retry-After"] = f"{fault.retry_after:g}"
    return web.Response(
        status=canned.status,
        body=canned.body,
        content_type=canned.content_type,
        headers=headers,
    )


async def _answer_well(request: web.Request, handler: Handler) -> web.StreamResponse:
    return await handler(request)


async def _cut_off(request: web.Request, handler: Handler) -> web.StreamResponse:
    good = await handler(request)
    body = good.body if isinstance(good, web.Response) else None
    whole = body if isinstance(body, bytes) else _SPACES
    answer = web.StreamResponse()
    answer.content_type = _JSON
    answer.content_length = len(whole)
    with suppress(ConnectionError):
        await answer.prepare(request)
        await answer.write(whole[: len(whole) // 2])
        _close(request)
    return answer


async def _never_end(request: web.Request, _: Handler) -> web.StreamResponse:
    answer = web.StreamResponse()
    answer.content_type = _JSON
    with suppress(ConnectionError):
        await answer.prepare(request)
        while is_wanted(request):
            await answer.write(_SPACES)
    return _broken(request, answer)


async def _drip(request: web.Request, _: Handler) -> web.StreamResponse:
    answer = web.StreamResponse()
    answer.content_type = _JSON
    with suppress(ConnectionError):
        await answer.prepare(request)
        while await waited(request, _DRIP_SECONDS):
            await answer.write(b" ")
    return _broken(request, answer)


async def _hang(request: web.Request, _: Handler) -> web.StreamResponse:
    await waited(request, math.inf)
    return hung_up(request)


async def _reset(request: web.Request, _: Handler) -> web.StreamResponse:
    # A socket told not to linger says RST in the place of an orderly FIN.
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
    return hung_up(request)


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
    FaultName.CUT_OFF: _cut_off,
    FaultName.ENDLESS: _never_end,
    FaultName.DRIP: _drip,
    FaultName.HANG: _hang,
    FaultName.RESET: _reset,
    FaultName.GARBAGE_STATUS: _talk_nonsense,
    FaultName.BOMB: _explode,
}


def _close(request: web.Request) -> None:
    # What was written goes out first.
    if request.transport is not None:
        request.transport.close()


def _broken(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    # Without this aiohttp would end the body in good order.
    if request.transport is not None:
        request.transport.abort()
    return answer
