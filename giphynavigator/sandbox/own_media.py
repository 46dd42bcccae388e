"""The sandbox's media at the service's own address.

The sandbox listens on a free port of the loopback, where no browser on another
machine can look. So the service serves the same pictures under /sandbox/media,
and its answers point there instead. Which of several workers is then asked for a
picture does not matter, though each has a sandbox of its own: a picture follows
from its name alone.
"""

import re
from hashlib import blake2b
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from .media import is_known, media

LOOPBACK: Final = re.compile(rb'("(?:url|mp4|webp)":")http://127\.0\.0\.1:\d+/media/')
"""A media address in compact JSON; a text cannot match, its quotes are escaped."""

IN_PAGES: Final = re.compile(rb'(=")http://127\.0\.0\.1:\d+/media/')
"""The same as an attribute of a page, where quotes in texts are escaped as well."""

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
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return response
    own = rb"\g<1>" + own_origin(request).encode() + b"/sandbox/media/"
    if response.content_type == "text/html":
        response.body = IN_PAGES.sub(own, response.body)
    if response.content_type != "application/json":
        return response
    body, found = LOOPBACK.subn(own, response.body)
    return readdressed(request, response, body) if found else response


def readdressed(
    request: web.Request, response: web.Response, body: bytes
) -> web.Response:
    """Answer with another body, and with its own ETag in the place of the old one."""
    headers = response.headers.copy()
    if hdrs.ETAG in headers:
        tag = blake2b(body, digest_size=9).hexdigest()
        headers[hdrs.ETAG] = f'"{tag}"'
        if is_known(request, tag):
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(status=response.status, body=body, headers=headers)


def own_origin(request: web.Request) -> str:
    """Return scheme and host as the caller sees them; "" makes an address a path."""
    return f"{request.scheme}://{request.host}" if HOST.fullmatch(request.host) else ""
