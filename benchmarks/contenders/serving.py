"""How the contenders that are not the service itself are served."""

import asyncio

from aiohttp import web


async def serve(app: web.Application) -> None:
    """Serve on a free port until the process is killed."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()
