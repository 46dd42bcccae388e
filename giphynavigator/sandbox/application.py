"""Puts the sandbox together, and runs it where one is wanted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from .api_request import plain
from .control import CALLS, FAULTS, Call, CallLog, control_routes
from .envelopes import refusal_body
from .faults import Faults
from .gif_api import gif_routes
from .media import media_routes
from .misbehaviour import WAITING, end_waiting, misbehave
from .word_api import word_routes

_STOP_SECONDS = 0.2
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "*",
}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that runs: where it is, how it fails and what it was asked."""

    api_url: str
    faults: Faults
    calls: CallLog


def create_sandbox() -> web.Application:
    """Return Giphy, as far as a client can tell; any api_key will do."""
    app = web.Application(middlewares=[in_giphys_words, with_faults])
    app[FAULTS] = Faults()
    app[CALLS] = CallLog()
    app[WAITING] = set()
    # Words come first: gifs/categories is no gif's id.
    for routes in (word_routes, gif_routes, media_routes, control_routes):
        app.add_routes(routes)
    app.on_response_prepare.append(_allow_every_origin)
    app.on_shutdown.append(end_waiting)
    return app


@asynccontextmanager
async def running_sandbox(
    host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[Sandbox]:
    """Lend a sandbox that listens; port 0 takes any that is free."""
    app = create_sandbox()
    runner = web.AppRunner(
        app, access_log=None, handler_cancellation=True, shutdown_timeout=_STOP_SECONDS
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0][1]
        url = URL.build(scheme="http", host=host, port=bound, path="/v1")
        yield Sandbox(str(url), app[FAULTS], app[CALLS])
    finally:
        await runner.cleanup()


@web.middleware
async def in_giphys_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put every refusal the way Giphy puts it."""
    if request.method == "OPTIONS":
        return web.Response()
    try:
        return await handler(request)
    except web.HTTPError as error:
        headers = (
            {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
        )
        return web.Response(
            status=error.status,
            body=refusal_body(error.status, error.reason),
            content_type="application/json",
            headers=headers,
        )


@web.middleware
async def with_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Record calls of the API, and fail them while the sandbox has a fault."""
    if not request.path.startswith(("/v1/", "/v2/")):
        return await handler(request)
    query = {plain(name): plain(value) for name, value in request.query.items()}
    request.app[CALLS].record(Call(plain(request.path), query))
    fault = request.app[FAULTS].take()
    if fault is None:
        return await handler(request)
    return await misbehave(request, handler, fault)


async def _allow_every_origin(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_CORS)
