"""guarded: what stands around every handler."""

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from giphynavigator.errors import TooManyRequests
from giphynavigator.recorder import Recorder
from giphynavigator.resilience.clients import ClientLimits
from giphynavigator.security.access import SAFE, Access
from giphynavigator.security.clients import Clients
from giphynavigator.serving.draining import say_close
from giphynavigator.tracing import REQUEST_ID, Trace, trace_of
from giphynavigator.web.problems import Problems
from giphynavigator.web.unforeseen import noted

UNLIMITED: Final = frozenset({"/livez", "/readyz", "/metrics", "/favicon.ico"})
"""What those who watch over the service ask for, as often as they like."""

FILES: Final = ("/static/", "/sandbox/media/")
"""What a page consists of, dozens at once: who may ask for the page may have it."""


def guarded(  # noqa: PLR0913 - each is something else to ask
    draining: asyncio.Event,
    problems: Problems,
    *,
    recorder: Callable[[], Recorder],
    clients: Callable[[], Clients],
    limits: Callable[[], ClientLimits],
    access: Callable[[], Access],
    clock: Callable[[], float] = time.perf_counter,
) -> Middleware:
    """Give the one middleware that stands around every handler.

    It refuses who asks by a stranger's name, too often, or for what he may not do,
    answers whatever is raised, tells the recorder what came of each request, and
    sends clients away while the service drains. One, because each costs time.
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        began, trace = clock(), trace_of(request)
        try:
            gate = access()
            gate.check_host(request)
            client = clients().client_of(request)
            if client is not None and not is_unlimited(request.path):
                await admit(client, limits())
            if request.method not in SAFE:
                await gate.check(request)
            response = await handler(request)
        except web.HTTPRedirection as answer:
            finish(request, answer, trace, began)
            raise
        except Exception as error:  # noqa: BLE001 - the last one to see it
            response = answered(request, error)
        finish(request, response, trace, began)
        return response

    def answered(request: web.Request, error: Exception) -> web.Response:
        has_begun = request.writer.output_size > 0
        return cut_off(request, error) if has_begun else problems.answer(request, error)

    def finish(
        request: web.Request, response: web.StreamResponse, trace: Trace, began: float
    ) -> None:
        recorder().replied(request, response.status, clock() - began)
        if response.prepared:
            return
        response.headers[REQUEST_ID] = trace.request_id
        if draining.is_set():
            say_close(response)

    return guard


def is_unlimited(path: str) -> bool:
    """Whether nobody counts how often a client asks for it."""
    return path in UNLIMITED or path.startswith(FILES)


async def admit(client: str, limits: ClientLimits) -> None:
    """Count a request of the client, or raise TooManyRequests."""
    wait = await limits.check(client)
    if wait > 0:
        raise TooManyRequests("you ask too often", wait)


def cut_off(request: web.Request, error: Exception) -> web.Response:
    """End an answer that is half said: it can neither go on nor become another one."""
    noted(error)
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
