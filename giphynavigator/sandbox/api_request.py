"""A request of the API as Giphy reads it: lenient here, a refusal there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from http import HTTPStatus
from typing import Any, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler

from .envelopes import (
    Envelope,
    Refused,
    Unknown,
    good_body,
    paged,
    refusal_body,
    unknown_body,
)
from .gif_object import GifView, read_fields
from .ids import Kind, stable_bytes
from .made_up_gifs import RATING_NAMES, MadeUpGif, find_gif
from .search_results import MOST_LENIENT, SearchResults

Pairs: TypeAlias = tuple[tuple[str, str], ...]

LONGEST_QUERY = 50
DEEPEST_OFFSET = 4999
_KINDS = {"gifs": Kind.GIF, "stickers": Kind.STICKER, "text": Kind.TEXT}
_DIGITS = 9  # more than any number that means something has
_KEPT_ANSWERS = 400  # 18 MB of lean pages; whole ones are ten times as long


@dataclass(frozen=True)
class ApiRequest:
    """One request of the API; reading what it must not say raises Refused."""

    path: str
    query: Mapping[str, str]
    names: Mapping[str, str]
    origin: str

    @cached_property
    def response_id(self) -> str:
        """Forty characters that name the answer; who asks makes no difference."""
        asked = sorted(item for item in self.query.items() if item[0] != "api_key")
        return stable_bytes("answer", self.path, asked, size=20).hex()

    @cached_property
    def view(self) -> GifView:
        """How this answer shows gifs."""
        key = stable_bytes("key", self.query.get("api_key", ""), size=4).hex()
        return GifView(
            origin=self.origin,
            endpoint="_".join(self.path.strip("/").split("/")[:3]),
            cid=key + self.response_id,
            wanted=read_fields(self.query.get("fields", "")),
            bundle=self.query.get("bundle", ""),
        )

    @property
    def kind(self) -> Kind:
        """What kind of gif is asked for."""
        return _KINDS[self.names["kind"]]

    @property
    def ceiling(self) -> int:
        """The place in RATING_NAMES that no gif of the answer exceeds."""
        rating = self.query.get("rating", "").lower()
        if rating in ("", "y"):  # what was rated y is rated g today
            return 0 if rating else MOST_LENIENT
        if rating not in RATING_NAMES:
            raise Refused(HTTPStatus.BAD_REQUEST, "Invalid rating")
        return RATING_NAMES.index(rating)

    def require_key(self) -> None:
        """Accept any key, but not none."""
        if not self.query.get("api_key"):
            raise Refused(HTTPStatus.UNAUTHORIZED, "Unauthorized")

    def require(self, name: str) -> str:
        """Return a parameter the request cannot do without."""
        value = self.query.get(name, "").strip()
        if not value:
            raise Refused(HTTPStatus.BAD_REQUEST, f"Missing {name} parameter")
        if name in ("q", "s") and len(value) > LONGEST_QUERY:
            raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG, "URI Too Long")
        return value

    def number(self, name: str, default: int) -> int:
        """Return a parameter that is a whole number, 0 or more."""
        text = self.query.get(name, "").strip()
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
            raise Refused(HTTPStatus.BAD_REQUEST, f"Invalid {name} parameter")
        return int(text)

    def limit(self, default: int = 25) -> int:
        """Return how many things are asked for, 50 at most."""
        return min(self.number("limit", default), 50)

    def gif(self, gif_id: str) -> MadeUpGif:
        """Return a gif that exists and that the rating allows."""
        gif = find_gif(gif_id)
        if gif is None or gif.rating > self.ceiling:
            raise Unknown
        return gif

    def show(self, gif_ids: list[str]) -> list[dict[str, Any]]:
        """Return these gifs the way this answer shows them."""
        return [self.view.show(self.gif(gif_id)) for gif_id in gif_ids]

    def page_of(
        self, results: SearchResults, *, deepest: int = DEEPEST_OFFSET
    ) -> Envelope:
        """Return the page that limit and offset ask for."""
        limit, offset, ceiling = self.limit(), self.number("offset", 0), self.ceiling
        if offset > deepest:
            return paged([], 0, 0)
        shown = self.show(results.ids(limit, offset, ceiling))
        return paged(shown, results.count(ceiling), offset)

    def one_of(self, results: SearchResults, place: int) -> Envelope:
        """Return one gif of the results, or an empty list when there is none."""
        there = results.count(self.ceiling)
        if not there:
            return Envelope([])
        (gif,) = self.show(results.ids(1, place % there, self.ceiling))
        return Envelope(gif)


def endpoint(answer: Callable[[ApiRequest], Envelope]) -> Handler:
    """Make an HTTP handler of a function from request to answer."""

    @lru_cache(maxsize=_KEPT_ANSWERS)
    def kept(path: str, query: Pairs, names: Pairs, origin: str) -> tuple[int, bytes]:
        return _answered(answer, ApiRequest(path, dict(query), dict(names), origin))

    async def handler(request: web.Request) -> web.Response:
        status, body = kept(
            plain(request.path),
            tuple((plain(name), plain(text)) for name, text in request.query.items()),
            tuple((name, plain(text)) for name, text in request.match_info.items()),
            f"{request.scheme}://{plain(request.host)}",
        )
        return web.Response(status=status, body=body, content_type="application/json")

    return handler


def _answered(
    answer: Callable[[ApiRequest], Envelope], request: ApiRequest
) -> tuple[int, bytes]:
    try:
        request.require_key()
        return HTTPStatus.OK, good_body(answer(request), request.response_id)
    except Refused as refused:
        return refused.status, refusal_body(refused.status, refused.message)
    except Unknown:
        return HTTPStatus.NOT_FOUND, unknown_body(request.response_id)


def plain(text: str) -> str:
    """Return the text without what was no UTF-8 on the wire and is none in JSON."""
    return text.encode("utf-8", "replace").decode()
