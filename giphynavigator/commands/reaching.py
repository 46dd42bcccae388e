"""Reaching a server: whether somebody is there, how quickly, and if not, why."""

import asyncio
import os
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from msgspec import Struct
from yarl import URL

REASONS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (ssl.SSLCertVerificationError, "its certificate is not to be trusted"),
    (ssl.SSLError, "it does not speak TLS there"),
    (socket.gaierror, "there is no such host"),
    (ConnectionRefusedError, "nobody listens there"),
    (TimeoutError, "it does not answer"),
    (FileNotFoundError, "there is no such socket"),
)
"""Why nobody was reached; of two that fit, the first is the more telling one."""


class Reached(Struct, frozen=True):
    """Who was tried to be reached: the seconds that took, or what was in the way."""

    seconds: float = 0.0
    trouble: str = ""


async def reach(
    url: URL, *, patience: float, clock: Callable[[], float] = time.perf_counter
) -> Reached:
    """Open a connection to a URL's host, by TLS if it is https, and close it again.

    Nothing is asked there, so it is no call that anybody would count.
    """
    secure = ssl.create_default_context() if url.scheme == "https" else None
    began = clock()
    try:
        async with asyncio.timeout(patience):
            _, writer = await asyncio.open_connection(url.host, url.port, ssl=secure)
    except (OSError, TimeoutError) as error:
        return Reached(trouble=why(error))
    seconds = clock() - began
    writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(patience):
            await writer.wait_closed()
    return Reached(seconds)


def why(error: BaseException) -> str:
    """Say why a connection did not come about, in words that quote nothing of it."""
    for kind, reason in REASONS:
        if isinstance(error, kind):
            return reason
    number = getattr(error, "errno", None)
    return os.strerror(number) if number and number > 0 else type(error).__name__
