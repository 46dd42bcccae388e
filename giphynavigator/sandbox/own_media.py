"""The sandbox's media at the service's own address.

The sandbox listens on a free port of the loopback, where no browser on another
machine can look. So the service serves the same pictures under /sandbox/media,
and its answers point there instead.
"""

import re
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from .media import media

LOOPBACK: Final = re.compile(rb'("(?:url|mp4|webp)":")http://127\.0\.0\.1:\d+/media/')
"""A media address in compact JSON; a text cannot match, its quotes are escaped."""

HOST: Final = re.compile(r"[A-Za-z0-9_.:\[\]-]+")
"""What may stand in an address as it came; more than names that exist."""


def join(app: web.Application) -> None:
    """Serve the sandbox's media from this application, and point its answers there."""
    app.middlewares.append(own_address)
    app.router.add_get("/sandbox/media/{tracking}/{id}/{name}", media, name="media")


@web.middleware
async def own_address(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the address that the caller used in the place of the sandbox's."""
    response = await handler(request)
    if (
        isinstance(response, web.Response)
        and response.content_type == "application/json"
        and isinstance(response.body, bytes)
    ):
        own = rb"\g<1>" + own_origin(request).encode() + b"/sandbox/media/"
        response.body = LOOPBACK.sub(own, response.body)
    return response


def own_origin(request: web.Request) -> str:
    """Return scheme and host as the caller sees them; "" makes an address a path."""
    return f"{request.scheme}://{request.host}" if HOST.fullmatch(request.host) else ""
