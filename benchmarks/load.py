"""Load: a crowd that asks over kept connections, cheaply, from this process."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Final, TypeAlias, cast
from urllib.parse import urlsplit

HEAD_END: Final = b"\r\n\r\n"
LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
USUAL: Final = (
    "Accept: */*\r\nAccept-Encoding: gzip, deflate\r\nUser-Agent: benchmark/1\r\n"
)
"""Headers that any client sends."""

OK: Final = b"HTTP/1.1 200 ", b"HTTP/1.1 201 "

Crowd: TypeAlias = Callable[[Iterable[str]], Awaitable[None]]


class UnexpectedAnswer(Exception):
    """A server answered with anything but 200 or 201."""


class Visitor(asyncio.Protocol):
    """One connection: asks, reads the answer to its end, asks the next."""

    def __init__(self) -> None:
        self._left: Iterator[bytes] = iter(())
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        self._transport = cast(
            "asyncio.Transport", transport
        )  # uvloop's is no subclass

    def connection_lost(self, error: Exception | None) -> None:
        """Fail whoever waits for answers."""
        if not self._done.done():
            self._done.set_exception(error or ConnectionResetError())

    def visit(self, requests: Iterator[bytes]) -> asyncio.Future[None]:
        """Ask for one after the other until there is nothing left to ask."""
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._left = requests
        self._ask()
        return self._done

    def data_received(self, data: bytes) -> None:
        """Take in a piece of an answer."""
        self._buffer += data
        head = self._buffer.find(HEAD_END)
        if head < 0:
            return
        length = LENGTH.search(self._buffer, 0, head + 2)
        if not self._buffer.startswith(OK) or not length:
            self._done.set_exception(UnexpectedAnswer(bytes(self._buffer[:1000])))
        elif len(self._buffer) >= head + len(HEAD_END) + int(length[1]):
            self._buffer.clear()
            self._ask()

    def leave(self) -> None:
        """Hang up."""
        self._transport.abort()

    def _ask(self) -> None:
        request = next(self._left, None)
        if request is not None:
            self._transport.write(request)
        elif not self._done.done():
            self._done.set_result(None)


@asynccontextmanager
async def crowd(
    address: str, at_once: int, body: bytes | None = None
) -> AsyncIterator[Crowd]:
    """Lend so many open connections, as a function that gets every path.

    With a body, it posts that to each instead.
    """
    where = urlsplit(address)
    loop = asyncio.get_running_loop()
    host, port = str(where.hostname), int(where.port or 0)
    visitors = [
        (await loop.create_connection(Visitor, host, port))[1] for _ in range(at_once)
    ]

    method, length, content = "GET", "", body or b""
    if body is not None:
        method, length = "POST", f"Content-Length: {len(body)}\r\n"
    rest = f"HTTP/1.1\r\nHost: {where.netloc}\r\n{USUAL}{length}\r\n"

    async def visit(paths: Iterable[str]) -> None:
        requests = (f"{method} {path} {rest}".encode() + content for path in paths)
        await asyncio.gather(*(visitor.visit(requests) for visitor in visitors))

    try:
        yield visit
    finally:
        for visitor in visitors:
            visitor.leave()


async def get_all(address: str, paths: Iterable[str], at_once: int = 40) -> None:
    """Get every path, so many at once."""
    async with crowd(address, at_once) as visit:
        await visit(paths)
