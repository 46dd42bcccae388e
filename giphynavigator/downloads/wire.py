"""The wire: asks for a file, or for the rest of one, and knows how that fails.

The one module of the downloads that names aiohttp's errors.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from giphynavigator.downloads.errors import (
    MediaBrokeOff,
    MediaError,
    MediaNonsense,
    MediaTooLong,
    MediaTooSlow,
    MediaUnreachable,
    MoreThanSaid,
)
from giphynavigator.downloads.places import Place, placed, target
from giphynavigator.media_origins import MediaOrigins

PIECE: Final = 256 * 1024
"""Bytes that are handed on together: fewer would cost more than they are."""

MOMENT: Final = 0.25
"""Seconds after which what has come is handed on, however little it is."""

LEAST: Final = 256
"""Bytes in a moment below which next to nothing comes."""

PATIENCE: Final = 30.0
"""Seconds that an answer, or anything more of it, is waited for."""

LONGEST: Final = 2 * 1024**3
"""Bytes that a file may have: twenty times what Giphy takes from anybody."""

HOPS: Final = 5
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class Body:
    """A file that comes, or its rest."""

    def __init__(
        self,
        response: aiohttp.ClientResponse,
        place: Place,
        *,
        patience: float,
        longest: int,
    ) -> None:
        self.place = place
        self._content = response.content
        connection = response.connection
        self._protocol = None if connection is None else connection.protocol
        self._patience = patience
        self._longest = longest
        self._size = place.start

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Give the bytes as they come; what came before a failure, before raising."""
        if self.place.is_end:
            return
        slow = 0.0
        while not self._content.at_eof() and slow < self._patience:
            piece, broken = await self._piece()
            self._size += len(piece)
            if max(self._size, self.place.total or 0) > self._longest:
                raise MediaTooLong(self._longest)
            if piece:
                yield piece
            if broken:
                raise MediaBrokeOff(self._size, self.place.total)
            slow = 0 if len(piece) >= LEAST else slow + self._moment
        if not self._content.at_eof():
            raise MediaTooSlow(self._patience)
        if self._has_more:
            raise MoreThanSaid(self._size)

    @property
    def _has_more(self) -> bool:
        """Whether behind the end something came that is no answer."""
        protocol = self._protocol
        return protocol is not None and isinstance(
            protocol.exception(), HttpProcessingError
        )

    @property
    def _moment(self) -> float:
        return min(MOMENT, self._patience)

    async def _piece(self) -> tuple[bytes, bool]:
        """Give what comes in a moment, and whether the connection broke."""
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._moment):
                while size < PIECE and (chunk := await self._content.readany()):
                    chunks.append(chunk)
                    size += len(chunk)
        except TimeoutError:
            pass
        except (aiohttp.ClientError, OSError):
            return b"".join(chunks), True
        return b"".join(chunks), False


class MediaClient:
    """Gets files from where media may come from, and from nowhere else."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        origins: MediaOrigins,
        *,
        patience: float = PATIENCE,
        longest: int = LONGEST,
    ) -> None:
        self._session = session
        self._origins = origins
        self._patience = patience
        self._longest = longest

    @asynccontextmanager
    async def get(
        self, url: URL, *, start: int = 0, version: str = ""
    ) -> AsyncIterator[Body]:
        """Lend a file, from `start` on if it is still of that version, else whole.

        Raises a MediaError, or OriginRefused for an address that is not to be asked,
        be it reached by redirects.
        """
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": version}
        for _ in range(HOPS + 1):
            self._origins.check(url)
            async with await self._send(url, headers) as response:
                if response.status not in REDIRECTS:
                    place = placed(response, start, version)
                    yield Body(
                        response,
                        place,
                        patience=self._patience,
                        longest=self._longest,
                    )
                    return
                url = target(url, response.headers.get("Location", ""))
        raise MediaNonsense("redirects on and on")

    async def _send(
        self, url: URL, headers: Mapping[str, str]
    ) -> aiohttp.ClientResponse:
        """Give the answer as soon as its headers are there."""
        try:
            async with asyncio.timeout(self._patience):
                return await self._session.get(
                    url,
                    headers=headers,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(total=None),
                )
        except TimeoutError:
            failure: MediaError = MediaTooSlow(self._patience)
        except aiohttp.ClientSSLError:
            failure = MediaNonsense("could not prove who it is")
        except aiohttp.ClientConnectorError:
            failure = MediaUnreachable()
        except aiohttp.InvalidURL:
            failure = MediaNonsense("has an address that is none")
        except aiohttp.ClientResponseError:
            failure = MediaNonsense("does not speak HTTP")
        except (aiohttp.ClientError, OSError):
            failure = MediaBrokeOff(0, None)
        raise failure
