"""A server of media that takes its time: so many bytes a second on each connection.

`python -m benchmarks.contenders.paced BYTES_PER_SECOND`. `/NUMBER/NAME` is a file of
so many bytes; 0 bytes a second are as many as go.
"""

import asyncio
import sys
import time
from typing import Final

import uvloop

PIECE: Final = 50_000
HEAD: Final = b"GIF89a"
NOISE: Final = bytes(range(256)) * (PIECE // 256 + 1)


async def main(pace: float) -> None:
    """Serve on a free port until the process is killed."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                await send(writer, int(request.split(b"/", 2)[1]), pace)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print("http://{}:{}".format(*server.sockets[0].getsockname()), flush=True)
    await server.serve_forever()


async def send(writer: asyncio.StreamWriter, size: int, pace: float) -> None:
    """Send a file, never faster than the pace since its beginning."""
    began = time.monotonic()
    head = f'HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nETag: "1"\r\n\r\n'
    writer.write(head.encode() + HEAD)
    for start in range(len(HEAD), size, PIECE):
        stop = min(start + PIECE, size)
        writer.write(NOISE[: stop - start])
        await writer.drain()
        early = began + stop / pace - time.monotonic() if pace else 0
        if early > 0:
            await asyncio.sleep(early)


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1])))
