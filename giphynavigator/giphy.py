"""Giphy's read API: the one module that speaks to Giphy.

Nothing of aiohttp's errors leaves this module: several of them print the whole
URL, and the URL carries the key. Its own are in giphy_errors.py, and the shapes of
what it gives in giphy_shapes.py.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Final, NoReturn, Protocol

import aiohttp
from aiohttp.client_middlewares import ClientHandlerType

from giphynavigator.giphy_errors import (
    GifNotFound,
    GiphyBrokeOff,
    GiphyBusy,
    GiphyDeclined,
    GiphyError,
    GiphyFailed,
    GiphyNonsense,
    GiphyRefused,
    GiphyTimeout,
    GiphyUnreachable,
    NothingThere,
)
from giphynavigator.giphy_shapes import (
    FIELDS,
    AnswerDecoder,
    GifAnswer,
    GiphyGif,
    SearchPage,
    TermPage,
    TrendingSearches,
    check_whole,
    trim,
)
from giphynavigator.settings import Secret

MAX_BODY: Final = 2 * 1024 * 1024
"""Bytes of an answer that are read at most; 50 whole GIFs are 0.5 MB."""

LEAN_BODY: Final = 96 * 1024
"""Bytes that 50 GIFs have at most when Giphy heeds `fields`; usually it is half."""

BUSY_FOR: Final = 60.0
"""Seconds that a 429 counts for when Giphy does not say."""

BUSY_AT_MOST: Final = 3600.0
"""Seconds that a 429 is believed for at most; Giphy's window is an hour."""

ENDPOINTS: Final = frozenset(
    {"categories", "random", "related", "search", "translate", "trending"}
)
"""What stands where an id would stand in Giphy's paths."""


class CallQuota(Protocol):
    """Where the calls to Giphy are counted."""

    async def take(self, *, urgent: bool) -> None:
        """Take one call, or raise a NavigatorError."""


class GiphyClient:
    """Asks Giphy, one call for one method, and raises a GiphyError if that fails."""

    _pages = AnswerDecoder(SearchPage)
    _gifs = AnswerDecoder(GifAnswer)
    _terms = AnswerDecoder(TermPage)
    _trends = AnswerDecoder(TrendingSearches)

    def __init__(  # noqa: PLR0913 - each by name
        self,
        session: aiohttp.ClientSession,
        *,
        quota: CallQuota,
        api_url: str,
        api_key: Secret,
        timeout: float,
        urgent: bool = True,
    ) -> None:
        self._session = session
        self._quota = quota
        self._urgent = urgent
        self._api_url = api_url.rstrip("/")
        self._api_key = api_key
        self._timeout = timeout

    async def search(
        self,
        query: str,
        limit: int,
        *,
        offset: int = 0,
        rating: str = "g",
        lang: str = "en",
    ) -> SearchPage:
        """Give the GIFs that Giphy finds for the words, exactly as they were put."""
        params = {"q": query, "lang": lang, **_slice(limit, offset, rating)}
        return self._page(await self._get("/gifs/search", params))

    async def trending(
        self, limit: int, *, offset: int = 0, rating: str = "g"
    ) -> SearchPage:
        """Give what is popular now; Giphy's offset ends at 499."""
        params = _slice(limit, offset, rating)
        return self._page(await self._get("/gifs/trending", params))

    async def gif(self, gif_id: str, *, rating: str = "g") -> GiphyGif:
        """Give one GIF, or raise GifNotFound."""
        if gif_id in ENDPOINTS:
            raise GifNotFound(gif_id)
        try:
            body = await self._get(
                f"/gifs/{gif_id}", {"rating": rating, "fields": FIELDS}
            )
        except GiphyRefused as error:
            if error.code != HTTPStatus.NOT_FOUND:
                raise
            raise GifNotFound(gif_id) from None
        gif = self._gifs.decode(body).get("data")
        if not isinstance(gif, dict) or "url" not in gif:
            raise GifNotFound(gif_id)
        return gif

    async def gifs(self, ids: Iterable[str], *, rating: str = "g") -> SearchPage:
        """Give those of the GIFs, at most 100, that there are and are allowed."""
        params = {"ids": ",".join(ids), "rating": rating, "fields": FIELDS}
        return self._page(await self._get("/gifs", params))

    async def suggestions(self, query: str, limit: int) -> list[str]:
        """Give searches that complete the words."""
        body = await self._get("/gifs/search/tags", {"q": query, "limit": str(limit)})
        terms = self._terms.decode(body).get("data", [])
        return [term["name"] for term in terms if term.get("name")]

    async def trending_searches(self) -> list[str]:
        """Give searches that are popular now."""
        body = await self._get("/trending/searches", {})
        return self._trends.decode(body).get("data", [])

    async def raw(self, path: str, params: Mapping[str, str]) -> bytes:
        """Give the answer of any read call, byte by byte as Giphy sent it.

        `path` begins with the version, /v1/ or /v2/. What Giphy does not have is
        NothingThere, what it will not answer is GiphyDeclined.
        """
        # The address of the API ends in /v1, and no dots are left in what is sent.
        below = path.removeprefix("/v1") if path.startswith("/v1/") else f"/..{path}"
        try:
            body = await self._get(below, params)
        except GiphyRefused as error:
            if error.code == HTTPStatus.NOT_FOUND:
                raise NothingThere from None
            raise GiphyDeclined(error.code) from None
        check_whole(body)
        return body

    def _page(self, body: bytes) -> SearchPage:
        page = self._pages.decode(body)
        page["data"] = [gif for gif in page.get("data", []) if "url" in gif]
        return page if len(body) <= LEAN_BODY else trim(page)

    async def _get(self, path: str, params: Mapping[str, str]) -> bytes:
        """Give the body of a good answer; the only place that touches the wire."""
        try:
            async with self._session.get(
                self._api_url + path,
                params=params,
                allow_redirects=False,
                timeout=_deadline(self._timeout),
                middlewares=(self._sign,),
            ) as response:
                if response.status != HTTPStatus.OK:
                    _refuse(response)
                return await _read(response.content)
        except TimeoutError:
            failure: GiphyError = GiphyTimeout(self._timeout)
        except aiohttp.ClientConnectorError:
            failure = GiphyUnreachable()
        except (aiohttp.ClientError, ValueError, OSError):
            failure = GiphyBrokeOff()
        # Raised out here so that it carries no context: the foreign error, whose
        # text may hold the key, is gone.
        raise failure

    async def _sign(
        self, request: aiohttp.ClientRequest, handler: ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Take a call from the quota and add the key, at the last moment.

        It runs once for every send: aiohttp silently sends a GET again when a
        connection that was kept turns out to be dead, and Giphy counts that too.
        """
        await self._quota.take(urgent=self._urgent)
        request.url = request.url.extend_query(api_key=self._api_key.reveal())
        return await handler(request)


@cache
def _deadline(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds)


def _slice(limit: int, offset: int, rating: str) -> dict[str, str]:
    return {
        "limit": str(limit),
        "offset": str(offset),
        "rating": rating,
        "fields": FIELDS,
    }


def _refuse(response: aiohttp.ClientResponse) -> NoReturn:
    """Raise what a status other than 200 means; the body is not looked at."""
    status = response.status
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise GiphyBusy(_delay(response) or BUSY_FOR)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise GiphyFailed(status, _delay(response))
    if status >= HTTPStatus.BAD_REQUEST:
        raise GiphyRefused(status)
    raise GiphyNonsense(f"status {status} instead of an answer")


def _delay(response: aiohttp.ClientResponse) -> float | None:
    """Read Retry-After in seconds; Giphy sends a 0 that means nothing."""
    said = response.headers.get("Retry-After", "")
    if said.isascii() and said.isdecimal():
        return min(float(said), BUSY_AT_MOST) or None
    return None


async def _read(content: aiohttp.StreamReader) -> bytes:
    """Read a body that may be endless, or a bomb when it is unpacked."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            raise GiphyNonsense("a body that is far too big")
    return bytes(body)
