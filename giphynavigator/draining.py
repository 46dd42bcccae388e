"""DRAINING: how everybody learns that the program is about to end."""

import asyncio
from typing import Final

from aiohttp import hdrs, web

DRAINING: Final = web.AppKey("draining", asyncio.Event)
"""Set when the end begins. Streams wait for it beside their own events, and end."""


def prepare_draining(app: web.Application) -> None:
    """Give the application the event, and send clients away once it is set."""
    draining = app[DRAINING] = asyncio.Event()

    async def part(_: web.Request, response: web.StreamResponse) -> None:
        if draining.is_set():
            say_close(response)

    app.on_response_prepare.append(part)


def say_close(response: web.StreamResponse) -> None:
    """Tell the client that this is the connection's last answer.

    A middleware would be too late for streams, and force_close() alone is too
    late here: aiohttp has said in the headers that it keeps the connection. A
    WebSocket's Connection header is its handshake's and stays.
    """
    if not isinstance(response, web.WebSocketResponse):
        response.headers[hdrs.CONNECTION] = "close"
        response.force_close()
