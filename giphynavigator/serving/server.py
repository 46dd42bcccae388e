"""serve: the application on a port until somebody says stop, and its gentle end."""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import Final

from aiohttp import web

from giphynavigator.application import create_app
from giphynavigator.logs import AccessLogger
from giphynavigator.serving.connections import OPTIONS, connecting
from giphynavigator.serving.draining import DRAINING
from giphynavigator.serving.memory import giving_back, trimmer
from giphynavigator.serving.places import Place, taking
from giphynavigator.settings import Settings

NOTICE: Final = 0.5
"""Seconds between not being ready any more and listening no more."""
LIMIT: Final = 10.0
"""Seconds from the wish to end until requests that still run are cut off.

Whoever still sends a body is cut off after about half of them. Calls to Giphy that
nobody waits for any more may take `lifecycle.DRAIN` longer.
"""
BACKLOG: Final = 1024
"""Connections that may wait to be taken."""
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

log = logging.getLogger(__name__)
access = logging.getLogger("giphynavigator.access")


def serve_alone(
    settings: Settings, place: Place, announce: Callable[[str], None]
) -> None:
    """Serve in this process until a signal; a second one ends it at once."""
    with new_runner() as runner:
        runner.run(serve(settings, place, announce, stop_on_signal))


def new_runner() -> asyncio.Runner:
    """Give what runs tasks on the fastest loop there is."""
    return asyncio.Runner(loop_factory=new_event_loop)


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Give uvloop's loop, or Python's own where there is no uvloop."""
    try:
        import uvloop  # noqa: PLC0415 - Windows has none, other commands need none
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def serve(
    settings: Settings,
    place: Place,
    announce: Callable[[str], None],
    stopping: Callable[[], asyncio.Event],
) -> None:
    """Serve until the event is set that `stopping` gives; announce the address."""
    stop = stopping()
    log_access = settings.file.log.access
    runner = create_runner(
        create_app(settings.bound_to(place.host)), log_access=log_access
    )
    await runner.setup()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        listener = await listen(runner, place)
        stack.callback(listener.close)
        calm_collector()
        await stack.enter_async_context(giving_back(trimmer()))
        announce(address(listener))
        await stop.wait()
        await drain(runner, listener)


def calm_collector() -> None:
    """Spare the garbage collector what stays, and let it look less often.

    Almost all that requests make goes without it, by counting references.
    """
    gc.freeze()
    gc.set_threshold(10_000, 5, 10)


def create_runner(
    app: web.Application, *, log_access: bool = True, limit: float = LIMIT
) -> web.AppRunner:
    """Give what runs an application, with time enough at its end."""
    return web.AppRunner(
        app,
        access_log=access if log_access else None,
        access_log_class=AccessLogger,
        **OPTIONS,
        # aiohttp takes this time twice: until requests end, and once more after
        # it has cut off their bodies.
        shutdown_timeout=(limit - 2 * NOTICE) / 2,
    )


async def listen(runner: web.AppRunner, place: Place) -> asyncio.Server:
    """Take connections for a runner, or raise CannotListen."""
    with taking(place):
        return await asyncio.get_running_loop().create_server(
            connecting(protocols(runner)),
            place.host,
            place.port,
            backlog=BACKLOG,
            reuse_port=place.shared or None,  # Windows takes no False
        )


def protocols(runner: web.AppRunner) -> web.Server:
    """Give what has the connections of a runner that is set up."""
    if runner.server is None:
        raise RuntimeError("the runner is not set up")
    return runner.server


async def drain(
    runner: web.AppRunner, listener: asyncio.Server, notice: float = NOTICE
) -> None:
    """Send clients away, each at the end of an answer, so that none is cut off.

    What then still runs, and connections on which nobody asks, are left to
    `runner.cleanup()`, which waits for the former and closes the latter.
    """
    log.info("no new requests are welcome; those that run may end")
    runner.app[DRAINING].set()
    await asyncio.sleep(notice)  # balancers look at /readyz, clients come back
    await stop_listening(runner, listener)
    with suppress(TimeoutError):
        async with asyncio.timeout(notice):
            await quiet(runner, look_every=notice / 50)


async def stop_listening(runner: web.AppRunner, listener: asyncio.Server) -> None:
    """Close the port, but not on those whom the system has already let in.

    Closing a socket resets the connections that wait on it to be taken. So a
    second handle keeps it open until they are.
    """
    handles = [socket.fromfd(s.fileno(), s.family, s.type) for s in listener.sockets]
    listener.close()
    await asyncio.sleep(0.01)  # uvloop does it at its leisure
    waiting: list[socket.socket] = []
    for handle in handles:
        with handle, suppress(OSError):  # until there is none, or no room for one
            handle.settimeout(0)
            while True:
                waiting.append(handle.accept()[0])
    loop = asyncio.get_running_loop()
    for connection in waiting:
        await loop.connect_accepted_socket(connecting(protocols(runner)), connection)


async def quiet(runner: web.AppRunner, *, look_every: float) -> None:
    """Wait until nobody is connected, nor about to be: five looks find nobody."""
    looks = 0
    while looks < 5:  # noqa: PLR2004 - turns of the loop from taken to connected
        await asyncio.sleep(look_every)
        looks = 0 if protocols(runner).connections else looks + 1


def stop_on_signal() -> asyncio.Event:
    """Give an event that the first signal sets; a second ends the program at once."""
    stop = asyncio.Event()

    def wish() -> None:
        stop.set()
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    on_signals(wish)
    return stop


def on_signals(act: Callable[[], None]) -> None:
    """Call something on the loop whenever SIGINT or SIGTERM comes."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        try:
            loop.add_signal_handler(number, act)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(act))


def address(listener: asyncio.Server) -> str:
    """Give the URL of a server, with the port that it really got."""
    host, port = listener.sockets[0].getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
