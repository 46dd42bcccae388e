"""Memory that nobody uses any more, given back to the system."""

import asyncio
import ctypes
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

EVERY: Final = 30.0
"""Seconds between two times that memory is given back."""

Trim = Callable[[int], int]


@asynccontextmanager
async def giving_back(trim: Trim | None, every: float = EVERY) -> AsyncIterator[None]:
    """Give memory back now and then, as long as the context lasts, if it can be done.

    Pages of all sizes come and go. The C library holds on to what lies free between
    those that stay: after hours that is as much again as is kept.
    """
    if trim is None:
        yield
        return
    giving = asyncio.create_task(again_and_again(trim, every))
    try:
        yield
    finally:
        giving.cancel()
        await asyncio.gather(giving, return_exceptions=True)


async def again_and_again(trim: Trim, every: float) -> None:
    """Trim for ever, in a thread.

    Meanwhile who needs more memory waits, for a few milliseconds if little is given
    back, some 30 for 100 MB; all others go on.
    """
    while True:
        await asyncio.sleep(every)
        await asyncio.to_thread(trim, 0)


def trimmer() -> Trim | None:
    """Give malloc_trim of glibc; None where the C library is another one."""
    try:
        trim: Trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return trim
