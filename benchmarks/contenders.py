"""The servers that are measured: `python -m benchmarks.contenders NAME [API_URL]`.

Each prints its port and serves until it is killed. None writes an access log.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from typing import Final

import aiohttp
import uvloop
from aiohttp import web

from benchmarks.tutorial import create_app as create_tutorial
from giphynavigator.application import create_app
from giphynavigator.sandbox.application import running_sandbox
from giphynavigator.settings import FileSettings, GiphySettings, Secret, Settings

KEY: Final = "benchmark"
FIELDS: Final = "id,url,title,rating,alt_text,username," + ",".join(
    f"images.{name}.{value}"
    for name in ("fixed_width", "fixed_width_still", "original")
    for value in ("url", "width", "height", "size")
)


def bare() -> web.Application:
    """Return ready bytes: as many as ten GIFs' addresses are."""
    gifs = [{"url": f"https://giphy.com/gifs/cats-cheering-{n:014}"} for n in range(10)]
    body = json.dumps({"query": "cats", "limit": 10, "gifs": gifs}).encode()

    async def index(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/", index)
    return app


def tutorial(api_url: str) -> web.Application:
    """Do as the tutorial does: a session for each call, all of the JSON parsed."""
    return create_tutorial(api_url, KEY)


def one_call(api_url: str) -> web.Application:
    """Make the one call for 50 rich GIFs, and read it."""

    async def session(app: web.Application):  # noqa: ANN202 - cleanup_ctx's
        async with aiohttp.ClientSession() as app[SESSION]:
            yield

    async def index(request: web.Request) -> web.Response:
        params = {
            "api_key": KEY,
            "q": request.query["query"],
            "limit": "50",
            "fields": FIELDS,
        }
        async with request.app[SESSION].get(
            f"{api_url}/gifs/search", params=params
        ) as response:
            await response.read()
        return web.Response(body=b"{}", content_type="application/json")

    app = web.Application()
    app.cleanup_ctx.append(session)
    app.router.add_get("/", index)
    return app


def navigator(api_url: str) -> web.Application:
    """Run the service itself."""
    file = FileSettings(giphy=GiphySettings(api_url=api_url))
    return create_app(Settings(file, api_key=Secret(KEY), sandbox=False))


SESSION: Final = web.AppKey("session", aiohttp.ClientSession)
APPLICATIONS: Final[dict[str, Callable[..., web.Application]]] = {
    "bare": bare,
    "tutorial": tutorial,
    "one_call": one_call,
    "navigator": navigator,
}


async def sandbox() -> None:
    """Serve the upstream that all of them ask."""
    async with running_sandbox() as running:
        print(running.api_url, flush=True)
        await asyncio.Event().wait()


async def contender(name: str, *arguments: str) -> None:
    """Serve one of the applications on a free port."""
    runner = web.AppRunner(APPLICATIONS[name](*arguments), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


def main(name: str, *arguments: str) -> Coroutine[None, None, None]:
    """Give the task that serves what is named."""
    return sandbox() if name == "sandbox" else contender(name, *arguments)


if __name__ == "__main__":
    # The tutorial runs as its readers run it, on asyncio's own loop.
    run = asyncio.run if sys.argv[1] == "tutorial" else uvloop.run
    run(main(*sys.argv[1:]))
