"""The session for media: no name leads to an address that it should not."""

import socket

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from giphynavigator import __version__
from giphynavigator.media_origins import MediaOrigins


def create_media_session(
    origins: MediaOrigins, resolver: AbstractResolver | None = None
) -> aiohttp.ClientSession:
    """Give a session that keeps no cookies and unpacks nothing.

    How many are fetched at once is the business of those who fetch.
    """
    guarded = GuardedResolver(origins, resolver or aiohttp.DefaultResolver())
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, resolver=guarded),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        headers={"User-Agent": f"giphy-navigator/{__version__}"},
    )


class GuardedResolver(AbstractResolver):
    """Resolves names; the addresses it gives are those that are connected to.

    So a name that is public when it is looked at and private when it is connected
    to is refused.
    """

    def __init__(self, origins: MediaOrigins, resolver: AbstractResolver) -> None:
        self._origins = origins
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the addresses of a name, or raise OriginRefused if one is private."""
        found = await self._resolver.resolve(host, port, family)
        for result in found:
            self._origins.check_address(host, result["host"], port)
        return found

    async def close(self) -> None:
        """Let go of what resolves."""
        await self._resolver.close()
