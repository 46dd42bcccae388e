"""DRAINING: how everybody learns that the program is about to end."""

import asyncio
from typing import Final

from aiohttp import hdrs, web

from giphynavigator.errors import Unavailable

DRAINING: Final = web.AppKey("draining", asyncio.Event)
"""Set when the end begins, a few seconds before what still runs is cut off.

Whatever goes on for longer than one search heeds it by itself: it begins nothing
more, says so with `ServiceEnding` where something is owed, and ends.
"""


class ServiceEnding(Unavailable):
    """Too late: what is asked was not begun, because the service is about to end."""

    def __init__(self) -> None:
        super().__init__("the service is ending; ask again", retry_after=1)


async def begin_to_end(app: web.Application) -> None:
    """Set DRAINING, for servers that end an application and say so only then."""
    app[DRAINING].set()


def say_close(response: web.StreamResponse) -> None:
    """Tell the client that this is the connection's last answer.

    For an answer that is not prepared yet. force_close() alone would be too late,
    as aiohttp would have said in the headers that it keeps the connection. A
    WebSocket's Connection header is its handshake's and stays; so does that of a
    stream that is over, whose connection ends with its next answer.
    """
    response.headers[hdrs.CONNECTION] = "close"
    response.force_close()
