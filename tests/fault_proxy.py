"""A TCP proxy that does to a connection what networks do."""

import asyncio
import random
import socket
import struct
from contextlib import suppress
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
CHUNK = 65536
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time


class FaultProxy:
    """Stands before a server; its attributes may be changed at any time.

    latency, jitter: seconds that each chunk is late, and up to how many more.
    slice: the most bytes that are passed on at once.
    rate: bytes a second, each way on each connection.
    black_hole: bytes go nowhere until it ends, as in a partition.

    `reset()` breaks all connections with RST, `down()` also refuses new ones until
    `up()`. As a context it is up, and afterwards gone.
    """

    def __init__(self, port: int, host: str = HOST) -> None:
        self._target = host, port
        self.latency = 0.0
        self.jitter = 0.0
        self.slice = CHUNK
        self.rate: float | None = None
        self.accepted = 0
        self.port = 0
        self._passing = asyncio.Event()
        self._passing.set()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def black_hole(self) -> bool:
        return not self._passing.is_set()

    @black_hole.setter
    def black_hole(self, value: bool) -> None:
        if value:
            self._passing.clear()
        else:
            self._passing.set()

    async def up(self) -> None:
        """Take connections, on the same port as before."""
        self._server = await asyncio.start_server(self._accept, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Refuse connections and break those that there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.reset()
        await asyncio.sleep(0)

    def reset(self) -> None:
        """Break all connections, so that both ends see it at once."""
        for writer in list(self._writers):
            sock = writer.get_extra_info("socket")
            with suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            writer.transport.abort()

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.down()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.accepted += 1
        self._writers.add(writer)
        try:
            await self._connect(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # the other end, or the test, is gone
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await self._passing.wait()
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        self._writers.add(far_writer)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, far_writer))
                both.create_task(self._pump(far_reader, writer))
        except* OSError:
            pass
        finally:
            self._writers.discard(far_writer)
            far_writer.transport.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while chunk := await reader.read(CHUNK):
            for start in range(0, len(chunk), self.slice):
                await self._pass(chunk[start : start + self.slice], writer)
        if writer.can_write_eof():
            writer.write_eof()

    async def _pass(self, piece: bytes, writer: asyncio.StreamWriter) -> None:
        late = self.latency + random.random() * self.jitter
        if self.rate is not None:
            late += len(piece) / self.rate
        if late:
            await asyncio.sleep(late)
        await self._passing.wait()
        writer.write(piece)
        await writer.drain()
