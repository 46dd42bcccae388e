"""The sandbox's media at the service's own address.

The sandbox listens on a free port of the loopback, where no browser on another
machine can look. So the service serves the same pictures under /sandbox/media,
and its answers point there instead.
"""

import re
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from giphynavigator.sandbox.media import media

ADDRESS: Final = re.compile(rb'(?<=":")http://127\.0\.0\.1:\d+/media/')
"""Where a JSON text begins with the sandbox's address; nobody's words can match."""

HOST: Final = re.compile(r"[A-Za-z0-9.:\[\]-]+")


def join(app: web.Application) -> None:
    """Serve the sandbox's media from this application, and point its answers there."""
    app.middlewares.append(own_address)
    app.router.add_get("/sandbox/media/{tracking}/{id}/{name}", media, name="media")


@web.middleware
async def own_address(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the address that the caller used in the place of the sandbox's."""
    response = await handler(request)
    if not isinstance(response, web.Response) or not HOST.fullmatch(request.host):
        return response
    if response.content_type == "application/json" and isinstance(response.body, bytes):
        own = f"{request.scheme}://{request.host}/sandbox/media/"
        response.body = ADDRESS.sub(own.encode(), response.body)
    return response
