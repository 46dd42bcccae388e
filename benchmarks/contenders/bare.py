"""A bare handler that returns the bytes which another server answers with.

`python -m benchmarks.contenders.bare URL…` asks each address once and then returns
what it got, one after the other, to whoever comes.
"""

import itertools
import sys
from urllib.request import urlopen

import uvloop
from aiohttp import web

from benchmarks.contenders.serving import serve


def bare(bodies: list[bytes]) -> web.Application:
    """Return ready bytes, whatever is asked."""
    bodies_again = itertools.cycle(bodies)

    async def index(_: web.Request) -> web.Response:
        return web.Response(body=next(bodies_again), content_type="application/json")

    app = web.Application()
    app.router.add_get("/", index)
    return app


def fetched(url: str) -> bytes:
    """Give what is served at the address."""
    with urlopen(url) as response:
        body: bytes = response.read()
        return body


if __name__ == "__main__":
    uvloop.run(serve(bare([fetched(url) for url in sys.argv[1:]])))
