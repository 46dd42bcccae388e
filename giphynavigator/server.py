"""serve: the application on a port until somebody says stop."""

import asyncio
import logging
import signal
from collections.abc import Callable

from aiohttp import web

from giphynavigator.logs import AccessLogger

access = logging.getLogger("giphynavigator.access")


async def serve(
    app: web.Application,
    host: str,
    port: int,
    *,
    announce: Callable[[str], None],
    log_access: bool = True,
) -> None:
    """Serve until SIGINT or SIGTERM; tell `announce` the address once it answers."""
    stop = stop_on_signal()
    runner = web.AppRunner(
        app,
        access_log=access if log_access else None,
        access_log_class=AccessLogger,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        announce(address(runner))
        await stop.wait()
    finally:
        await runner.cleanup()


def stop_on_signal() -> asyncio.Event:
    """Give an event that SIGINT or SIGTERM sets."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def address(runner: web.AppRunner) -> str:
    """Give the URL of a started runner, with the port that it really got."""
    host, port = runner.addresses[0][:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
