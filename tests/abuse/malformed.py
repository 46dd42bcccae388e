"""Requests that are almost right: good ones with something changed, by a seed."""

import random
import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import quote

from tests.abuse.attacks import LAST, PARTED, PARTS, get, post

WORDS: Final = (
    *(b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b";", b",", b"%", b"%0d%0a"),
    *(b"%00", b"%2e%2e/", b"..", b"//", b"\\", b"?", b"#", b"&", b"=", b"@", b'"'),
    *(b"'", b"<", b"\x7f", b"\x80", b"\xff\xfe", "\N{TURTLE}".encode(), b"-1", b"0"),
    *(b"99999999999999999999", b"1e9", b"NaN", b"null", b"true", b"[]", b"{}", b"[["),
    *(b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9.9", b"chunked", b"gzip", b"text/html", b"*"),
)
"""What breaks parsers."""

BODY: Final = b'{"title": "x", "description": "y", "priority": 4}'
SEEDS: Final = (
    get("/?query=cats&limit=5"),
    get("/gifs?query=cats&limit=5&offset=3&rating=g&lang=en"),
    get("/gifs/trending?limit=2"),
    get("/gifs/random", "Accept: text/html;q=0.9,*/*;q=0.1"),
    get("/gifs/abc123", 'If-None-Match: W/"abc", "def"'),
    get("/suggestions?query=ca"),
    get("/batch?query=cats&query=dogs"),
    get("/quota", "X-Forwarded-For: 10.0.0.1, 10.0.0.2", "X-Forwarded-Proto: https"),
    get("/notes?limit=5&search=x", "Cookie: a=b; giphynavigator_session=abc.def"),
    get("/notes/1", "Authorization: Bearer abcdef"),
    get("/poll/1", "traceparent: 00-" + "a" * 32 + "-" + "b" * 16 + "-01"),
    get("/poll/1/live", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
    get("/v1/gifs/search?q=cats&api_key=x&limit=3", "Origin: https://example.com"),
    get("/v2/emoji/abc/variations"),
    get("/static/site.000000000000.css", "Accept-Encoding: gzip", "Range: bytes=0-5"),
    get("/sign-in?next=/notes", "X-Request-ID: abc"),
    get("/readyz", "Accept: text/html"),
    post("/notes", BODY, f"Content-Length: {len(BODY)}"),
    post("/batch", b'{"queries": ["cats"]}', "Content-Length: 21"),
    post("/session", b"token=abc&next=/x", "Content-Length: 17"),
    post("/poll/1/vote", b"choice=1", "Content-Length: 8"),
    post("/poll/1/vote", PARTS, PARTED, f"Content-Length: {len(PARTS)}"),
    post("/notes", b"2\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"HEAD /gifs?query=cats HTTP/1.0\r\n\r\n",
)


def malformed(count: int, *, seed: int) -> Iterator[bytes]:
    """So many requests, the same for the same seed, one to three changes in each.

    Behind each stands a good one, which alone says that it is the last, so that there
    is nothing more to wait for.
    """
    chance = random.Random(seed)
    seeds = [one.replace(b"Connection: close\r\n", b"") for one in SEEDS]
    for _ in range(count):
        part = chance.choice((whole, target, headers, body))
        yield part(chance.choice(seeds), chance) + b"\r\n\r\n" + LAST


def whole(request: bytes, chance: random.Random) -> bytes:
    """Change anything."""
    for _ in range(chance.randint(1, 3)):
        request = chance.choice(CHANGES)(request, chance)
    return request


def target(request: bytes, chance: random.Random) -> bytes:
    """Change what is asked for, most of it so that it gets past a parser."""
    method, old, rest = request.split(b" ", 2)
    new = whole(old, chance)
    return b" ".join((method, quote(new, safe="/?&=%").encode(), rest))


def headers(request: bytes, chance: random.Random) -> bytes:
    """Change the value of one header."""
    lines = request.split(b"\r\n")
    number = chance.randrange(1, max(2, lines.index(b"")))
    name, colon, value = lines[number].partition(b": ")
    lines[number] = name + colon + whole(value, chance)
    return b"\r\n".join(lines)


def body(request: bytes, chance: random.Random) -> bytes:
    """Change the body, and say how long it now is."""
    head, _, old = request.partition(b"\r\n\r\n")
    new = whole(old, chance)
    length = b"Content-Length: %d" % len(new)
    return re.sub(rb"Content-Length: \d+", length, head) + b"\r\n\r\n" + new


def insert(request: bytes, chance: random.Random) -> bytes:
    place = chance.randint(0, len(request))
    return request[:place] + chance.choice(WORDS) + request[place:]


def replace(request: bytes, chance: random.Random) -> bytes:
    place = chance.randint(0, len(request))
    word = chance.choice(WORDS)
    return request[:place] + word + request[place + len(word) :]


def flip(request: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(request) or 1)
    return request[:place] + bytes([chance.randrange(256)]) + request[place + 1 :]


def cut(request: bytes, chance: random.Random) -> bytes:
    return request[: chance.randint(0, len(request))]


def drop_line(request: bytes, chance: random.Random) -> bytes:
    lines = request.split(b"\r\n")
    lines.pop(chance.randrange(len(lines)))
    return b"\r\n".join(lines)


def double_line(request: bytes, chance: random.Random) -> bytes:
    lines = request.split(b"\r\n")
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return b"\r\n".join(lines)


def repeat(request: bytes, chance: random.Random) -> bytes:
    start, stop = sorted(chance.randint(0, len(request)) for _ in range(2))
    return request[:stop] + request[start:stop] * chance.randint(1, 50) + request[stop:]


CHANGES: Final[tuple[Callable[[bytes, random.Random], bytes], ...]] = (
    insert,
    replace,
    flip,
    cut,
    drop_line,
    double_line,
    repeat,
)
