"""An upstream that has nothing to do but wait: what the sandbox answered once, again.

`python -m benchmarks.contenders.recorded API_URL SECONDS`. Each answer comes so many
seconds after its call, however many wait.
"""

import asyncio
import sys

import uvloop
from aiohttp import web

from benchmarks.contenders.bare import fetched
from benchmarks.contenders.serving import serve
from giphynavigator.giphy_shapes import FIELDS


def recorded(lean: bytes, whole: bytes, seconds: float) -> web.Application:
    """Answer with 50 lean GIFs where fields are asked for, otherwise with 10 whole."""

    async def search(request: web.Request) -> web.Response:
        await asyncio.sleep(seconds)
        body = lean if "fields" in request.query else whole
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/gifs/search", search)
    return app


if __name__ == "__main__":
    asked = f"{sys.argv[1]}/gifs/search?api_key=any&q=cats"
    app = recorded(
        fetched(f"{asked}&limit=50&fields={FIELDS}"),
        fetched(f"{asked}&limit=10"),
        float(sys.argv[2]),
    )
    uvloop.run(serve(app))
