"""What goes wrong all day: one second in ten, something new each time."""

import asyncio
from contextlib import suppress
from itertools import cycle
from typing import Final

from aiohttp import ClientSession

from giphynavigator.sandbox.faults import FaultName
from tests.servers import RedisServer

EVERY: Final = 10.0
LASTS: Final = 1.0
REDIS: Final = "Redis hangs"


async def trouble(giphy: str, redis: RedisServer) -> None:
    """Make Giphy and Redis fail in every way they can, until this is cancelled."""
    control = giphy.removesuffix("/v1") + "/sandbox/fault"
    async with ClientSession() as session:
        with suppress(asyncio.CancelledError):
            for fault in cycle((*FaultName, REDIS)):
                await asyncio.sleep(EVERY - LASTS)
                await fail(fault, session, control, redis)


async def fail(
    fault: str, session: ClientSession, control: str, redis: RedisServer
) -> None:
    """Have one thing fail for a moment."""
    if fault == REDIS:
        redis.pause()
    else:
        told = {"name": fault, "retry_after": 1}
        (await session.put(control, json=told)).raise_for_status()
    try:
        await asyncio.sleep(LASTS)
    finally:
        redis.resume()
        (await session.delete(control)).raise_for_status()
