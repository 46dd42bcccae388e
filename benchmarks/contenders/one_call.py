"""The floor of a cold search: a bare handler that makes the one call for 50 GIFs.

`python -m benchmarks.contenders.one_call API_URL`. It reads the answer and drops it.
"""

import sys
from collections.abc import AsyncIterator
from typing import Final

import aiohttp
import uvloop
from aiohttp import web

from benchmarks.contenders.serving import serve
from giphynavigator.giphy_shapes import FIELDS

SESSION: Final = web.AppKey("session", aiohttp.ClientSession)


def one_call(api_url: str) -> web.Application:
    """Ask for what the service asks for, over one session."""

    async def session(app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as app[SESSION]:
            yield

    async def index(request: web.Request) -> web.Response:
        words = request.query["query"]
        params = {"api_key": "any", "q": words, "limit": "50", "fields": FIELDS}
        session = request.app[SESSION]
        async with session.get(f"{api_url}/gifs/search", params=params) as response:
            await response.read()
        return web.Response(body=b"{}", content_type="application/json")

    app = web.Application()
    app.cleanup_ctx.append(session)
    app.router.add_get("/", index)
    return app


if __name__ == "__main__":
    uvloop.run(serve(one_call(sys.argv[1])))
