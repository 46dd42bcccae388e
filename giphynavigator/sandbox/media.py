"""Serves the pictures that answers point to.

`.gif` names are GIFs, moving or (`_s`) still; `.webp` names of moving files are
animated WebP. Each measures and weighs what the answer said. Films are not made:
`.mp4` names are not found.
"""

import asyncio
from functools import lru_cache
from hashlib import blake2b
from http import HTTPStatus
from typing import Final, NamedTuple

from aiohttp import web

from .made_up_gifs import find_gif
from .pictures import draw, pad_gif, pad_webp
from .renditions import DRAWN, FITS, byte_size, shape_of

media_routes: Final = web.RouteTableDef()

_FOR_A_DAY = "public, max-age=86400"


class Picture(NamedTuple):
    """A file ready to be sent."""

    body: bytes
    etag: str
    content_type: str


@media_routes.get("/media/{tracking}/{id}/{name}")
async def media(request: web.Request) -> web.Response:
    """Answer with a gif's file, or the range of it that was asked for."""
    names = request.match_info
    picture = await asyncio.to_thread(render, names["id"], names["name"])
    if picture is None:
        raise web.HTTPNotFound
    headers = {
        "ETag": f'"{picture.etag}"',
        "Cache-Control": _FOR_A_DAY,
        "Accept-Ranges": "bytes",
    }
    if is_known(request, picture.etag):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    status, body = _ranged(request, picture, headers)
    return web.Response(
        status=status, body=body, headers=headers, content_type=picture.content_type
    )


@lru_cache(maxsize=128)
def render(gif_id: str, name: str) -> Picture | None:
    """Return the gif's file of that name, or None when there is none."""
    gif = find_gif(gif_id)
    stem, _, extension = name.rpartition(".")
    fit = FITS.get(stem)
    if gif is None or fit is None or not fit.drawn or extension not in DRAWN:
        return None
    shape = shape_of(gif, stem)
    if extension == "webp" and shape.frames == 1:
        return None
    pad = pad_webp if extension == "webp" else pad_gif
    body = pad(draw(gif, shape, extension), byte_size(gif, stem, extension))
    return Picture(
        body, blake2b(body, digest_size=12).hexdigest(), f"image/{extension}"
    )


def is_known(request: web.Request, etag: str) -> bool:
    """Whether the caller says by If-None-Match that he has what this tag stands for."""
    return any(known.value in (etag, "*") for known in request.if_none_match or ())


def _ranged(
    request: web.Request, picture: Picture, headers: dict[str, str]
) -> tuple[HTTPStatus, bytes]:
    size = len(picture.body)
    asked = _asked_range(request, picture)
    if asked is None:
        return HTTPStatus.OK, picture.body
    start, stop, _ = asked.indices(size)
    if start >= stop:
        headers["Content-Range"] = f"bytes */{size}"
        return HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b""
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return HTTPStatus.PARTIAL_CONTENT, picture.body[start:stop]


def _asked_range(request: web.Request, picture: Picture) -> slice | None:
    if request.method != "GET" or "Range" not in request.headers:
        return None
    if request.headers.get("If-Range", f'"{picture.etag}"') != f'"{picture.etag}"':
        return None
    try:
        return request.http_range
    except ValueError:  # several ranges or none: HTTP lets a server send the whole
        return None
