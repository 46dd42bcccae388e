"""Giphy's read API: the one module that speaks to Giphy and knows how it fails.

Nothing of aiohttp's errors leaves this module: several of them print the whole
URL, and the URL carries the key. What was seen of Giphy's answers, and of its
outages that look like answers, is in the docstrings of the errors.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Generic, NoReturn, Protocol, TypedDict, TypeVar

import aiohttp
import msgspec
from aiohttp.client_middlewares import ClientHandlerType

from giphynavigator.errors import (
    BadGateway,
    GatewayTimeout,
    NavigatorError,
    NotFound,
    Unavailable,
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

RENDITIONS: Final = ("fixed_width", "fixed_width_still", "original")
FIELDS: Final = ",".join(
    (
        *("id", "url", "title", "rating", "alt_text", "username"),
        *(
            f"images.{name}.{value}"
            for name in RENDITIONS
            for value in ("url", "width", "height", "size")
        ),
    )
)

T = TypeVar("T")


class GiphyRendition(TypedDict, total=False):
    """One size of one GIF; Giphy sends its numbers as strings."""

    url: str | None
    width: str | int | None
    height: str | int | None
    size: str | int | None


class GiphyImages(TypedDict, total=False):
    """The renditions that are used here; on rare occasions Giphy lacks one."""

    fixed_width: GiphyRendition
    fixed_width_still: GiphyRendition
    original: GiphyRendition


class GiphyGif(TypedDict, total=False):
    """What is used of a GIF; `url` is its page on giphy.com, not a picture.

    The renditions stay the JSON that Giphy sent: most pages are kept whole, and of
    those few GIFs are ever shown. `read_images` reads them.
    """

    id: str
    url: str
    title: str | None
    rating: str | None
    alt_text: str | None
    username: str | None
    images: msgspec.Raw


class Pagination(TypedDict, total=False):
    """Where a page stands in all that was found; `total_count` has a ceiling of 500."""

    total_count: int | None
    count: int
    offset: int


class Meta(TypedDict, total=False):
    """An empty `response_id` marks an answer that Giphy made up in an outage."""

    status: int
    msg: str | None
    response_id: str | None


class SearchPage(TypedDict, total=False):
    """A list of GIFs as Giphy sends it; a mock may leave all but `data` out."""

    data: list[GiphyGif]
    pagination: Pagination
    meta: Meta


class GifAnswer(TypedDict, total=False):
    """One GIF; an empty list stands where Giphy has none."""

    data: GiphyGif | list[GiphyGif]
    meta: Meta


class Term(TypedDict, total=False):
    """A search that Giphy suggests."""

    name: str


class TermPage(TypedDict, total=False):
    """Searches that complete what was typed."""

    data: list[Term]
    meta: Meta


class TrendingSearches(TypedDict, total=False):
    """Searches that are popular now."""

    data: list[str]
    meta: Meta


class GiphyError(NavigatorError):
    """Giphy did not give an answer that can be used."""


class GiphyRefused(GiphyError, BadGateway):
    """Giphy answered 401, 403 or another 4xx: most likely the key is at fault."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Giphy refused the call with status {status}")
        self.code = status


class GiphyFailed(GiphyError, BadGateway):
    """Giphy answered 5xx; `retry_after` is in seconds, None if it did not say."""

    def __init__(self, status: int, retry_after: float | None = None) -> None:
        super().__init__(f"Giphy failed with status {status}")
        self.retry_after = retry_after


class GiphyUnreachable(GiphyError, BadGateway):
    """No connection to Giphy came about."""

    def __init__(self) -> None:
        super().__init__("Giphy could not be reached")


class GiphyBrokeOff(GiphyError, BadGateway):
    """The connection broke before the answer was whole, or spoke no HTTP."""

    def __init__(self) -> None:
        super().__init__("Giphy's answer broke off or was no HTTP")


class GiphyNonsense(GiphyError, BadGateway):
    """A status of success around something that is no answer.

    Not JSON, another shape, too big, a redirect, or the synthetic 200 that
    Giphy's edge gives while its own systems are down.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"Giphy answered with {what}")


class GiphyBusy(GiphyError, Unavailable):
    """Giphy answered 429: its quota for this key is used up."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("Giphy's quota for this key is used up", retry_after)


class GiphyTimeout(GiphyError, GatewayTimeout):
    """No whole answer within the deadline; `seconds` is that deadline."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Giphy did not answer within {seconds:g} seconds")


class GifNotFound(NotFound):
    """Giphy has no GIF of that id, or none that the rating allows."""

    def __init__(self, gif_id: str) -> None:
        super().__init__(f"there is no GIF {gif_id!r}")


class Answer(Generic[T]):
    """Decodes one kind of answer, and refuses one that is an outage in disguise."""

    def __init__(self, shape: type[T]) -> None:
        self._decoder = msgspec.json.Decoder(shape)

    def decode(self, body: bytes) -> T:
        """Give the part of the body that is used, or raise GiphyNonsense."""
        try:
            answer = self._decoder.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            answer = None
        if answer is None:
            raise GiphyNonsense("something that is not its JSON")
        if is_synthetic(answer):  # type: ignore[arg-type]  # every shape is a mapping
            raise GiphyNonsense("an empty answer, as it does in an outage")
        return answer


def is_synthetic(answer: Mapping[str, Any]) -> bool:
    """Whether Giphy's edge made the answer up: status 200, and nothing behind it.

    Its mark is a `response_id` of "". In the outage of 2016 the key was missing
    altogether, together with everything else; recordings of good answers that
    lack the key have GIFs or a pagination.
    """
    response_id: str | None = answer.get("meta", {}).get("response_id")
    if response_id is None:
        return not answer.get("data") and "pagination" not in answer
    return response_id == ""


_IMAGES = msgspec.json.Decoder(GiphyImages)


def read_images(gif: GiphyGif) -> GiphyImages:
    """Give the renditions of a GIF; none where they are not of Giphy's shape."""
    try:
        return _IMAGES.decode(gif.get("images", b"{}"))
    except msgspec.MsgspecError:
        return {}


def trim(page: SearchPage) -> SearchPage:
    """Drop the renditions that are not used, where Giphy sent them unasked."""
    for gif in page.get("data", []):
        gif["images"] = msgspec.Raw(msgspec.json.encode(read_images(gif)))
    return page


class CallQuota(Protocol):
    """Where the calls to Giphy are counted."""

    async def take(self, *, urgent: bool) -> None:
        """Take one call, or raise a NavigatorError."""


class GiphyClient:
    """Asks Giphy, one call for one method, and raises a GiphyError if that fails."""

    _pages = Answer(SearchPage)
    _gifs = Answer(GifAnswer)
    _terms = Answer(TermPage)
    _trends = Answer(TrendingSearches)

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

    async def suggestions(self, query: str, limit: int) -> list[str]:
        """Give searches that complete the words."""
        body = await self._get("/gifs/search/tags", {"q": query, "limit": str(limit)})
        terms = self._terms.decode(body).get("data", [])
        return [term["name"] for term in terms if term.get("name")]

    async def trending_searches(self) -> list[str]:
        """Give searches that are popular now."""
        body = await self._get("/trending/searches", {})
        return self._trends.decode(body).get("data", [])

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
                timeout=aiohttp.ClientTimeout(total=self._timeout),
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
        request.url = request.url.update_query(api_key=self._api_key.reveal())
        return await handler(request)


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
