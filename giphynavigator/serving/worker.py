"""One worker of several: how it is started, and what it does."""

import asyncio
import multiprocessing
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from giphynavigator.errors import NavigatorError
from giphynavigator.logs import set_up_logs
from giphynavigator.serving.places import Place
from giphynavigator.serving.server import new_runner, on_signals, serve
from giphynavigator.settings import Settings

spawn = multiprocessing.get_context("spawn")


def start(settings: Settings, place: Place) -> tuple[SpawnProcess, Connection]:
    """Start a worker; when it listens, its address comes out of the connection.

    It inherits that Ctrl-C, which a terminal sends to all of us, is not for it.
    """
    here, there = spawn.Pipe(duplex=False)
    process = spawn.Process(target=work, args=(settings, place, there))
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        there.close()
    return process, here


def work(settings: Settings, place: Place, word: Connection) -> None:
    """Be a worker: serve until told to end, or until nobody is left to tell."""
    set_up_logs(settings.file.log, settings.secrets)

    def announce(address: str) -> None:
        with word:
            word.send(address)

    try:
        with new_runner() as runner:
            runner.run(serve(settings, place, announce, stop_when_told))
    except (NavigatorError, OSError) as error:
        sys.exit(f"worker: {error}")


def stop_when_told() -> asyncio.Event:
    """Give an event that SIGTERM sets, however often, and the parent's death."""
    stop = asyncio.Event()
    on_signals(stop.set)  # a service manager may tell both the parent and us
    parent = multiprocessing.parent_process()
    if parent:
        on_end(parent.sentinel, stop.set)
    return stop


async def readable(descriptor: int) -> None:
    """Wait until there is something to read, or the other end is gone."""
    event = asyncio.Event()
    on_end(descriptor, event.set)
    await event.wait()


def on_end(descriptor: int, act: Callable[[], None]) -> None:
    """Call something once there is something to read, or the other end is gone."""
    loop = asyncio.get_running_loop()

    def once() -> None:
        loop.remove_reader(descriptor)
        act()

    loop.add_reader(descriptor, once)
