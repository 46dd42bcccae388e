"""Many clients at a steady pace, none of whom ever tries again."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

from tests.deploy.front import NAME, Front
from tests.servers import HOST

PEOPLE = 200


class Load(AbstractAsyncContextManager):
    """`rate` GETs a second while the context lasts, however long answers take.

    `target` gives the path and the Accept header of the n-th. Each is asked on a
    connection of its own, from one of 200 addresses.
    """

    def __init__(
        self, front: Front, target: Callable[[int], tuple[str, str]], rate: int = 200
    ) -> None:
        self._front = front
        self._target = target
        self._rate = rate
        self._asking: set[asyncio.Task[None]] = set()
        self._progress = asyncio.Condition()
        self.asked = 0
        self.statuses: Counter[int] = Counter()
        self.failures: list[str] = []
        self.seconds: list[float] = []

    async def __aenter__(self) -> Self:
        self._ticking = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ticking.cancel()
        await asyncio.gather(*self._asking)

    async def more(self, count: int) -> None:
        """Return when so many more have come to their end, well or not."""
        enough = len(self.seconds) + count
        async with self._progress:
            await self._progress.wait_for(lambda: len(self.seconds) >= enough)

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            task = asyncio.create_task(self._ask(self.asked))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)
            self.asked += 1
            await asyncio.sleep(began + self.asked / self._rate - loop.time())

    async def _ask(self, number: int) -> None:
        path, accept = self._target(number)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(30):
                status = await self._answer(number, path, accept)
            self.statuses[status] += 1
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            self.failures.append(f"{path}: {error!r}")
        self.seconds.append(loop.time() - began)
        async with self._progress:
            self._progress.notify_all()

    async def _answer(self, number: int, path: str, accept: str) -> int:
        """Ask, and read the whole answer; ValueError if a part of it is missing."""
        reader, writer = await asyncio.open_connection(
            HOST,
            self._front.port,
            ssl=self._front.trust,
            server_hostname=NAME,
            local_addr=(f"127.0.1.{1 + number % PEOPLE}", 0),
        )
        lines = f"GET {path} HTTP/1.1", f"Host: {NAME}", f"Accept: {accept}"
        writer.write("\r\n".join((*lines, "Connection: close\r\n\r\n")).encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.transport.abort()
        length = re.search(rb"(?i)\ncontent-length: (\d+)", head)
        is_whole = (
            len(body) == int(length[1]) if length else body.endswith(b"0\r\n\r\n")
        )
        if not is_whole:
            raise ValueError(f"only {len(body)} bytes of {head!r}")
        return int(head.split()[1])
