"""Connections: of each client one, that nobody can keep for ever or make costly."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aiohttp import web

OPTIONS: Final[dict[str, Any]] = {
    # Seconds until the next request must be there, headers and all. Proxies that
    # keep connections, nginx for 60 seconds, give them up first.
    "keepalive_timeout": 75.0,
    # What nobody asked for would be unpacked all the same, gigabytes of it.
    "auto_decompress": False,
}
"""What aiohttp is told of all connections."""


class Connection(web.RequestHandler):
    """A client's connection, which is over once something came that is no HTTP."""

    __slots__ = ("_over",)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._over = False
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Take what came; of what follows nonsense, nothing.

        aiohttp would keep each piece of it, and the error that it makes, for later.
        """
        if not self._over:
            super().data_received(data)
            self._over = bool(self._messages) and hasattr(self._messages[-1][0], "exc")

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP, and forget it.

        The traceback of the error holds what was read, up to 256 KB, and that holds
        the error: a circle that would wait for the garbage collector.
        """
        try:
            return super().handle_error(request, status, exc, message)
        finally:
            if exc is not None:
                exc.__traceback__ = None


def connecting(server: web.Server) -> Callable[[], Connection]:
    """Give what makes a connection for each client of a server."""
    loop = asyncio.get_running_loop()
    return partial(Connection, server, loop=loop, **server._kwargs)  # noqa: SLF001 - nothing else knows them
