"""HTTP clients on bare sockets: they see every lost request and never retry."""

import asyncio
import re
from contextlib import suppress
from urllib.parse import urlsplit


class Clients:
    """Clients that ask again and again, each on one connection while it is kept.

    One that is told to close comes back on a new connection; one that is not let
    in, and so has not asked, goes home.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._place = (parts.hostname, parts.port)
        self._request = (
            f"GET {parts.path or '/'}?{parts.query} HTTP/1.1\r\n"
            f"Host: {parts.netloc}\r\n\r\n"
        ).encode()
        self.statuses: list[int] = []
        self.told = 0
        self.dropped: list[str] = []
        self._enough: dict[int, asyncio.Event] = {}

    async def answered(self, count: int) -> None:
        """Wait until that many answers have come."""
        event = self._enough.setdefault(count, asyncio.Event())
        await event.wait()

    async def ask_until_refused(self) -> None:
        """Be one client."""
        while True:
            try:
                streams = await asyncio.open_connection(*self._place)
            except (ConnectionRefusedError, ConnectionResetError):
                return
            await self._ask_while_kept(*streams)

    async def _ask_while_kept(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        once: bool = False,
    ) -> None:
        kept = True
        try:
            while kept and not reader.at_eof():
                writer.write(self._request)
                kept = await self._read(reader) and not once
        except (OSError, asyncio.IncompleteReadError) as error:
            self.dropped.append(repr(error))
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def ask_once(self) -> None:
        """Ask on a connection of its own."""
        try:
            streams = await asyncio.open_connection(*self._place)
        except OSError as error:
            self.dropped.append(f"on connecting: {error!r}")
            return
        await self._ask_while_kept(*streams, once=True)

    async def _read(self, reader: asyncio.StreamReader) -> bool:
        """Read an answer whole, and say whether the connection is kept."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        await reader.readexactly(int(length[1]))
        self.statuses.append(int(head.split()[1]))
        event = self._enough.get(len(self.statuses))
        if event:
            event.set()
        closing = re.search(rb"(?i)\nconnection: close", head) is not None
        self.told += closing
        return not closing
