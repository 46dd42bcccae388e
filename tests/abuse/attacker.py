"""Raw sockets that say what no client should."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

PATIENCE = 3.0
"""Seconds that an attacker waits for an answer that may never come."""
ANSWER = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


class Attacker:
    """Sends bytes, and counts the statuses of all that comes back."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self.connections = 0
        self.statuses: Counter[int] = Counter()

    @asynccontextmanager
    async def connection(
        self,
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A connection that ends without a word."""
        reader, writer = await asyncio.open_connection(self._host, self._port)
        self.connections += 1
        try:
            yield reader, writer
        finally:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    async def send(self, *parts: bytes, pause: float = 0.0, end: bool = False) -> bytes:
        """Send the parts on a new connection; give what is said until it closes.

        Or until nothing more is said for a while. `end` says that no more will come.
        """
        async with self.connection() as (reader, writer):
            with suppress(OSError):  # hung up on: what it deserves
                for part in parts:
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(pause)
                if end:
                    writer.write_eof()
            return await self._listen(reader)

    async def _listen(self, reader: asyncio.StreamReader) -> bytes:
        said = bytearray()
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(PATIENCE):
                while chunk := await reader.read(65536):
                    said += chunk
        self.statuses.update(int(status) for status in ANSWER.findall(said))
        return bytes(said)
