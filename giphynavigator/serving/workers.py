"""serve --workers N: processes on one port, and the one that looks after them."""

import asyncio
import logging
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Final

from giphynavigator.errors import Misconfigured, NavigatorError
from giphynavigator.metrics.workers import counted_together, forget_worker
from giphynavigator.serving.places import Place, taking
from giphynavigator.serving.server import LIMIT, on_signals
from giphynavigator.serving.worker import readable, start
from giphynavigator.settings import Settings

DEATHS: Final = 5
WINDOW: Final = 30.0
"""More than so many deaths in so many seconds are no accidents."""
GRACE: Final = 5.0
"""Seconds past a worker's own limit until it is killed."""

log = logging.getLogger(__name__)


class PortsAreNotShared(Misconfigured):
    """Several workers are wished for on a system, Windows, that cannot have them."""

    def __init__(self) -> None:
        super().__init__("this system gives a port to one process: take one worker")


class WorkersCutOff(NavigatorError):
    """The end was not gentle: too slow, or wished for twice."""

    def __init__(self) -> None:
        super().__init__("workers ended before they had answered everybody")


class WorkersDie(Misconfigured):
    """Workers end again and again; the log above says why."""

    def __init__(self) -> None:
        super().__init__(f"more than {DEATHS} workers died within {WINDOW:.0f} s")


def serve_together(
    settings: Settings, place: Place, announce: Callable[[str], None]
) -> None:
    """Run `settings.workers` processes until a signal; raise when they only die."""
    if not hasattr(socket, "SO_REUSEPORT"):
        raise PortsAreNotShared
    with held(place) as chosen, counted_together():
        asyncio.run(Workers(settings, chosen, announce).run())


@contextmanager
def held(place: Place) -> Iterator[Place]:
    """Reserve the port while workers come and go; say which it is where any would do.

    Raise CannotListen where it is not to be had.
    """
    with taking(place):
        holder = holding(place)
    with holder:
        yield Place(place.host, holder.getsockname()[1], shared=True)


def holding(place: Place) -> socket.socket:
    """Give a socket that has the port and never listens."""
    family, *_, address = socket.getaddrinfo(
        place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    if place.port:  # with reuse_port alone, another service's port could be joined
        socket.create_server(address[:2], family=family).close()
    holder = socket.socket(family)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    holder.bind(address)
    return holder


class Workers:
    """N processes; one that dies is replaced, until the end is wished."""

    def __init__(
        self, settings: Settings, place: Place, announce: Callable[[str], None]
    ) -> None:
        self._settings = settings
        self._place = place
        self._announce = announce
        self._running: set[SpawnProcess] = set()
        self._up = 0
        self._deaths: deque[float] = deque(maxlen=DEATHS + 1)
        self._ending = self._cut_off = False

    async def run(self) -> None:
        """Keep them running until a signal; raise `WorkersDie` when they will not."""
        on_signals(self._told)
        keeping = [
            asyncio.create_task(self._keep()) for _ in range(self._settings.workers)
        ]
        try:
            await asyncio.gather(*keeping)
        finally:
            self._end()
            await asyncio.gather(*keeping, return_exceptions=True)
        if self._cut_off:
            raise WorkersCutOff

    def _told(self) -> None:
        """End gently, or at once when it is the second time."""
        if self._ending:
            self._kill()
        else:
            self._end()

    def _end(self) -> None:
        if not self._ending:
            asyncio.get_running_loop().call_later(LIMIT + GRACE, self._kill)
        self._ending = True
        for process in self._running:
            process.terminate()

    def _kill(self) -> None:
        for process in self._running:
            process.kill()

    async def _keep(self) -> None:
        """See to it that one more worker runs."""
        while not self._ending:
            process, word = start(self._settings, self._place)
            self._running.add(process)
            await readable(word.fileno())
            self._greet(process, word)
            await readable(process.sentinel)
            process.join()
            self._running.remove(process)
            self._mourn(process)

    def _greet(self, process: SpawnProcess, word: Connection) -> None:
        """Note that a worker listens, or that it ended before it could."""
        with word, suppress(EOFError):
            address = word.recv()
            log.info("worker %d listens", process.pid)
            self._up += 1
            if self._up == self._settings.workers:
                self._announce(address)

    def _mourn(self, process: SpawnProcess) -> None:
        """Let go of what a worker left; take note if it was not told to end."""
        forget_worker(process.pid or 0)
        if self._ending:
            # One that had just been started had nobody to answer.
            self._cut_off |= process.exitcode not in {0, -signal.SIGTERM}
            return
        log.warning("worker %d ended with %s", process.pid, process.exitcode)
        if process.exitcode:
            self._deaths.append(time.monotonic())
            if (
                len(self._deaths) > DEATHS
                and self._deaths[-1] - self._deaths[0] < WINDOW
            ):
                raise WorkersDie
