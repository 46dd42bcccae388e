"""A report on a Redis: what it is, how quick, and what is the matter with it."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct
from redis.asyncio import Redis
from redis.asyncio.connection import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import ConnectionError as ConnectionBroken
from redis.exceptions import TimeoutError as TooSlow

from giphynavigator.commands.reaching import why
from giphynavigator.resilience.shared import PREFIX
from giphynavigator.settings import Secret

PROBE: Final = f"{PREFIX}doctor"
"""What is written, for a second, to see whether anything can be."""

PINGS: Final = 5

BEGINNING: Final = re.compile(r"^[a-z]+://[^/]*/?")
"""An address up to its path; a password that goes on there would be taken for it."""

REASONS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (AuthenticationError, "it refuses the user or the password"),
    (BusyLoadingError, "it is still reading what it keeps"),
    (NoPermissionError, "the user may not do what is needed there"),
    (ReadOnlyError, "it is the copy of another and takes nothing"),
    (OutOfMemoryError, "it has no memory left"),
    (TooSlow, "it does not answer"),
    (ResponseError, "it refuses what is asked of it"),
)


class RedisReport(Struct, frozen=True):
    """What there is to say of a Redis; `trouble` is why it cannot be used.

    `ping` is in seconds, `ahead` how many its clock is before ours. A server that
    does not tell its version has none here.
    """

    place: str
    trouble: str = ""
    version: str = ""
    ping: float = 0.0
    ahead: float = 0.0


async def report_on(
    address: Secret,
    *,
    patience: float = 2.0,
    clock: Callable[[], float] = time.perf_counter,
    now: Callable[[], float] = time.time,
) -> RedisReport:
    """Give the report on the Redis at an address, which may be no address at all."""
    url = address.reveal()
    if "@" in BEGINNING.sub("", url):
        return RedisReport("redis.url", "a / in its password must be written %2F")
    try:
        pool = ConnectionPool.from_url(
            url,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=None,
        )
    except (ValueError, AttributeError):
        return RedisReport("redis.url", "it is not like redis://host:port/0")
    redis = Redis.from_pool(pool)
    place = place_of(pool.connection_kwargs)
    try:
        async with asyncio.timeout(2 * patience):
            return await looked_at(redis, place, clock, now)
    except (RedisError, OSError, TimeoutError, ValueError, EOFError) as error:
        return RedisReport(place, reason(error))
    finally:
        await redis.aclose()


async def looked_at(
    redis: Redis, place: str, clock: Callable[[], float], now: Callable[[], float]
) -> RedisReport:
    """Give the report on a Redis that answers; what it raises is left to others."""
    pings = []
    for _ in range(PINGS):
        began = clock()
        await redis.ping()
        pings.append(clock() - began)
    await redis.set(PROBE, b"1", px=1000)
    before = now()
    seconds, microseconds = await redis.time()
    ahead = seconds + microseconds / 1e6 - (before + now()) / 2
    return RedisReport(
        place,
        version=await version_of(redis),
        ping=sorted(pings)[PINGS // 2],
        ahead=ahead,
    )


async def version_of(redis: Redis) -> str:
    """Give the version that the server says it has; nothing where it may not say."""
    try:
        said = await redis.info("server")
    except ResponseError:
        return ""
    return str(said.get("redis_version", ""))


def place_of(options: dict[str, Any]) -> str:
    """Say where a Redis is, without user and password."""
    number = options.get("db", 0)
    if "path" in options:
        return f"{options['path']}, number {number}"
    host, port = options.get("host", "localhost"), options.get("port", 6379)
    return f"{host}:{port}, number {number}"


def reason(error: Exception) -> str:
    """Say why a Redis cannot be used; what it said itself is not quoted."""
    for kind, words in REASONS:
        if isinstance(error, kind):
            return words
    if isinstance(error, ConnectionBroken):
        cause = error.__cause__ or error.__context__
        return why(cause) if isinstance(cause, OSError) else "it breaks off"
    if isinstance(error, RedisError | ValueError | EOFError):
        return "it does not speak as a Redis does"
    return why(error)
