"""Each way to abuse a server, as often as there is time for until it is cancelled."""

import asyncio
import zlib
from collections.abc import Callable, Coroutine, Iterator
from itertools import cycle
from typing import Final

from tests.abuse.attacker import Attacker

Attack = Callable[[Attacker], Coroutine[None, None, None]]

GOOD: Final = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
BIG: Final = GOOD.replace(b"/livez", b"/gifs?query=cats&limit=50")
LAST: Final = b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
REST: Final = 0.01
"""Seconds between two: this is about what they say, not how often."""
MEGABYTE: Final = bytes(1_000_000)


def bomb(megabytes: int, wbits: int) -> bytes:
    """So much, packed to a thousandth of it."""
    packer = zlib.compressobj(wbits=wbits)
    parts = [packer.compress(MEGABYTE) for _ in range(megabytes)]
    return b"".join((*parts, packer.flush()))


def get(target: str | bytes, *headers: str | bytes) -> bytes:
    """A GET, as malformed as its parts are, after which the connection may close."""
    target = target if isinstance(target, bytes) else target.encode()
    lines = [b"GET " + target + b" HTTP/1.1", b"Host: x", b"Connection: close"]
    lines += [head if isinstance(head, bytes) else head.encode() for head in headers]
    return b"\r\n".join((*lines, b"", b""))


def post(target: str, body: bytes, *headers: str) -> bytes:
    """A POST, from this very machine, with whatever headers say of the body."""
    lines = (
        f"POST {target} HTTP/1.1",
        "Host: localhost",
        "Connection: close",
        *headers,
    )
    return "\r\n".join((*lines, "", "")).encode() + body


def chunked(body: bytes, target: str = "/notes") -> bytes:
    return post(target, body, "Transfer-Encoding: chunked")


def packed(kind: str, body: bytes) -> bytes:
    size = f"Content-Length: {len(body)}"
    return post("/notes", body, size, f"Content-Encoding: {kind}")


HUGE: Final = (
    get("/" + "a" * 100_000),
    get("/?query=" + "a" * 1_000_000),
    get("/?" + "&".join(f"p{n}=1" for n in range(1_000))),
    get("/?" + "query=a&" * 900),
    get("/" + "/".join("a" * 4_000)),
    get("/livez", "X: " + "a" * 100_000),
    get("/livez", *(f"X-{n}: 1" for n in range(10_000))),
    get("/livez", "X" * 50_000 + ": 1"),
    get("/livez", "Cookie: " + "; ".join(f"c{n}={n}" for n in range(1_000))),
    get("/livez", "Accept: " + ",".join("text/html;q=0.1" for _ in range(500))),
    get("/livez", "X-Forwarded-For: " + ",".join("10.0.0.1" for _ in range(800))),
    get("/livez", "Host: " + "a" * 8_000),
    get("/livez", "If-None-Match: " + ",".join(f'"{n}"' for n in range(1_000))),
    get("/livez", "Authorization: Bearer " + "a" * 8_000),
    b"A" * 1_000_000,
    b"GET /livez HTTP/1." + b"1" * 100_000 + b"\r\n\r\n",
    b"\r\n" * 100_000 + LAST,
)

CHUNKS: Final = (
    chunked(b"zz\r\n"),
    chunked(b"-1\r\nx\r\n0\r\n\r\n"),
    chunked(b"FFFFFFFFFFFFFFFF\r\nx"),
    chunked(b"10000000000000000\r\nx"),
    chunked(b"1\r\nxx\r\n0\r\n\r\n"),
    chunked(b"1" + b";a" * 50_000 + b"\r\nx\r\n0\r\n\r\n"),
    chunked(b"1\r\n{\r\n" * 1_000 + b"0\r\n\r\n"),
    chunked(b"0\r\n" + b"X: 1\r\n" * 20_000 + b"\r\n"),
    chunked(b"5\r\n"),
    post("/notes", b"0\r\n\r\n", "Transfer-Encoding: chunked", "Content-Length: 5"),
    post("/notes", b"0\r\n\r\n", "Transfer-Encoding: chunked, identity"),
    post("/notes", b"0\r\n\r\n", "Transfer-Encoding: xchunked"),
    post("/notes", b"0\r\n\r\n", "Transfer-Encoding:\x0bchunked"),
    post("/notes", b"{}", "Content-Length: 2", "Content-Length: 3"),
    post("/notes", b"{}", "Content-Length: -2"),
    post("/notes", b"{}", "Content-Length: +2"),
    post("/notes", b"{}", "Content-Length: 0x2"),
    post("/notes", b"{}", "Content-Length: 99999999999999999999"),
    post("/notes", b"{}", "Content-Length: 2000"),
)

PARTED: Final = "Content-Type: multipart/form-data; boundary=x"
PARTS: Final = (
    b'--x\r\nContent-Disposition: form-data; name="choice"\r\n\r\n1\r\n--x--\r\n'
)
ODD: Final = PARTS.replace(
    b"\r\n\r\n",
    b"\r\nContent-Type: text/plain; charset=none"
    b"\r\nContent-Transfer-Encoding: none\r\n\r\n",
)
GZIPPED: Final = bomb(150, 31)
DEFLATED: Final = bomb(150, 15)

BODIES: Final = (
    post("/notes", b"{" * 2_000_000, "Content-Length: 2000000"),
    post("/notes", b"[" * 900_000, "Content-Length: 900000"),
    post("/batch", b'{"queries":[' + b'"a",' * 200_000, "Content-Length: 800012"),
    post("/notes", b"x", "Content-Length: 1000000000"),
    packed("gzip", GZIPPED),
    packed("deflate", DEFLATED),
    packed("br", b"x" * 100),
    post("/notes", b"\xff\xfe\x00" * 100, "Content-Length: 300"),
    post("/livez", b"x" * 500_000, "Content-Length: 500000"),
    post("/session", b"token=" + b"%" * 250_000, "Content-Length: 250006"),
    post("/poll/1/vote", b"choice=" + b"%" * 250_000, "Content-Length: 250007"),
    post("/poll/1/vote", b"&" * 250_000, "Content-Length: 250000"),
    post("/poll/1/vote", PARTS[:-9], PARTED, f"Content-Length: {len(PARTS)}"),
    post("/poll/1/vote", ODD, PARTED, f"Content-Length: {len(ODD)}"),
    post("/poll/1/vote", PARTS * 500, PARTED, f"Content-Length: {len(PARTS) * 500}"),
    post("/notes", b"{}", "Content-Length: 2", "Expect: 100-continue"),
    post("/notes", b"{}", "Content-Length: 2", "Expect: the-unexpected"),
)


async def all_of(requests: Iterator[bytes], attacker: Attacker) -> None:
    """Send one after the other, four at a time."""

    async def hand() -> None:
        for request in requests:
            await attacker.send(request)
            await asyncio.sleep(REST)

    await at_once(*(hand() for _ in range(4)))


async def at_once(*clients: Coroutine[None, None, None]) -> None:
    """Be all of them, until all have gone or this is cancelled."""
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(client)


async def huge_requests(attacker: Attacker) -> None:
    await all_of(cycle(HUGE), attacker)


async def bad_chunks(attacker: Attacker) -> None:
    await all_of(cycle(CHUNKS), attacker)


async def oversize_bodies(attacker: Attacker) -> None:
    await all_of(cycle(BODIES), attacker)


async def slow_headers(attacker: Attacker) -> None:
    """A hundred clients who take for ever to say what they want."""
    letters = [bytes([letter]) for letter in get("/livez", "X: " + "y" * 5_000)]

    async def client() -> None:
        while True:
            await attacker.send(*letters, pause=0.1)

    await at_once(*(client() for _ in range(100)))


async def slow_bodies(attacker: Attacker) -> None:
    """A hundred whose body never comes to its end."""
    head = post("/notes", b"", "Content-Length: 100000")

    async def client() -> None:
        while True:
            await attacker.send(head, *(b"{" for _ in range(10_000)), pause=0.1)

    await at_once(*(client() for _ in range(100)))


async def pipelining(attacker: Attacker) -> None:
    """A thousand requests at once on each connection, read and not read."""

    async def reads() -> None:
        while True:
            await attacker.send(GOOD * 1_000 + LAST)
            await asyncio.sleep(REST)

    async def does_not_read() -> None:
        while True:
            async with attacker.connection() as (_, writer):
                writer.transport.pause_reading()  # what comes stays with who sends it
                writer.write(BIG * 2_000)
                await asyncio.sleep(1)

    await at_once(reads(), reads(), does_not_read(), does_not_read())


async def half_open(attacker: Attacker) -> None:
    """Clients who stop talking, or go, in the middle of things."""

    async def stops_talking() -> None:
        while True:
            for piece in (GOOD, GOOD[:20], b""):
                await attacker.send(piece, end=True)
                await asyncio.sleep(REST)

    async def goes() -> None:
        while True:
            for piece in (b"", GOOD[:20], GOOD, BIG, CHUNKS[0]):
                async with attacker.connection() as (_, writer):
                    writer.write(piece)
                    await asyncio.sleep(REST)

    await at_once(stops_talking(), goes(), goes(), goes())


ATTACKS: Final[tuple[Attack, ...]] = (
    huge_requests,
    bad_chunks,
    oversize_bodies,
    slow_headers,
    slow_bodies,
    pipelining,
    half_open,
)
