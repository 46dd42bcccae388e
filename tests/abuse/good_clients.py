"""Decent clients: `python -m tests.abuse.good_clients URL PID` until SIGTERM.

Half keep their connection and half do not; each asks, reads, rests and asks again.
A line is said once all were answered, and at the end how they fared, as JSON.
"""

import asyncio
import os
import signal
import sys
import time

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from tests.abuse.watched import say
from tests.starved import Starved

CLIENTS = 16
PATHS = ("/?query=cats", "/gifs?query=cats&limit=5", "/livez", "/notes")
REST = 0.1


class Decent:
    """All of them together, and what they were answered by the process `pid`."""

    def __init__(self, url: str, pid: int) -> None:
        self._url = url
        self._starved = Starved(os.getpid(), pid)
        self.seconds: list[float] = []
        self.failed = 0
        self.begun = asyncio.Event()

    async def be(self, number: int) -> None:
        """Be one of them, for ever."""
        connector = TCPConnector(force_close=bool(number % 2))
        patience = ClientTimeout(total=10)
        async with ClientSession(connector=connector, timeout=patience) as session:
            for turn in range(10**9):
                await self._ask(session, PATHS[(number + turn) % len(PATHS)])
                await asyncio.sleep(REST)

    async def _ask(self, session: ClientSession, path: str) -> None:
        began, starved = time.perf_counter(), self._starved()
        try:
            async with session.get(self._url + path) as answer:
                await answer.read()
                self.failed += answer.status != 200
        except (ClientError, OSError, TimeoutError) as error:
            self.failed += 1
            sys.stderr.write(f"{path}: {error!r}\n")
        took = time.perf_counter() - began - (self._starved() - starved)
        self.seconds.append(took)
        if len(self.seconds) == 2 * CLIENTS:
            self.begun.set()

    def fared(self) -> dict[str, float]:
        ranked = sorted(self.seconds)
        p99 = ranked[int(len(ranked) * 0.99)]
        return {"count": len(ranked), "failed": self.failed, "p99": p99}


async def main(url: str, pid: int) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    decent = Decent(url, pid)
    clients = [asyncio.create_task(decent.be(number)) for number in range(CLIENTS)]
    await decent.begun.wait()
    decent.seconds.clear()  # those that found everything cold
    say()
    await ended.wait()
    for client in clients:
        client.cancel()
    await asyncio.gather(*clients, return_exceptions=True)
    say(**decent.fared())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
