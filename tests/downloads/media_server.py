"""A server of media that does as it is told: well, or badly in every way there is."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

VERSION = '"version-1"'


class Asked(NamedTuple):
    """A request: what it asked for, and the headers that matter here."""

    path: str
    headers: dict[str, str]

    @property
    def start(self) -> int:
        return int(re.sub(r"\D", "", self.headers.get("range", "0")))


Behaviour = Callable[[Asked, "Line"], Awaitable[None]]


class Line:
    """The way back to whoever asked; counts what goes there."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.bytes = 0
        self.writer = writer

    async def head(self, status: str, **headers: object) -> None:
        lines = [f"{name.replace('_', '-')}: {headers[name]}" for name in headers]
        self.writer.write("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode())
        await self.writer.drain()

    async def body(self, data: bytes) -> None:
        for start in range(0, len(data), 65536):
            self.writer.write(data[start : start + 65536])
            await self.writer.drain()
        self.bytes += len(data)


class MediaServer:
    """What it does is set by path; what it was asked and what it sent is kept."""

    def __init__(self) -> None:
        self.behaviours: dict[str, Behaviour] = {}
        self.asked: list[Asked] = []
        self.sent: list[int] = []
        self.host = ""
        self.open: set[asyncio.Task] = set()

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.open.add(asyncio.current_task())
        try:
            while True:
                asked = read(await reader.readuntil(b"\r\n\r\n"))
                line = Line(writer)
                self.asked.append(asked)
                try:
                    await self.behaviours[asked.path](asked, line)
                finally:
                    self.sent.append(line.bytes)
        except (
            asyncio.IncompleteReadError,
            asyncio.CancelledError,
            ConnectionError,
            Hangup,
        ):
            pass
        finally:
            writer.close()


class Hangup(Exception):
    """The server closes the connection."""


def read(head: bytes) -> Asked:
    first, *lines = head.decode().strip().split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    return Asked(first.split(" ")[1], {name.lower(): value for name, value in pairs})


@asynccontextmanager
async def running() -> AsyncIterator[MediaServer]:
    media = MediaServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await media.serve(reader, writer)  # looked up late: a test may replace it

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    media.host = "{}:{}".format(*server.sockets[0].getsockname())
    async with server:
        yield media
        for task in media.open:
            task.cancel()
        await asyncio.gather(*media.open)


def whole(body: bytes, version: str = VERSION) -> Behaviour:
    """Serves a file as it should be, and the rest of it when that is asked for."""
    return cut(body, len(body), version)


def cut(body: bytes, at: int, version: str = VERSION) -> Behaviour:
    """Serves a file, and hangs up when the byte `at` of it would come."""

    async def behave(asked: Asked, line: Line) -> None:
        known = {"ETag": version} if version else {}
        if asked.start and asked.headers.get("if-range") == version:
            status, start = "206 Partial Content", asked.start
            known["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        else:
            status, start = "200 OK", 0
        await line.head(status, Content_Length=len(body) - start, **known)
        await line.body(body[start:at])
        if at < len(body):
            raise Hangup

    return behave


def answer(status: str, body: bytes = b"", **headers: object) -> Behaviour:
    """Answers so, whatever it is asked."""

    async def behave(_: Asked, line: Line) -> None:
        await line.head(status, **{"Content_Length": len(body), **headers})
        await line.body(body)

    return behave


def one_after_the_other(*behaviours: Behaviour) -> Behaviour:
    """Does each once, and the last one ever after."""
    left = list(behaviours)

    async def behave(asked: Asked, line: Line) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(asked, line)

    return behave
