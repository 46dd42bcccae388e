"""The endpoints that answer with gifs, stickers, text and emoji."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from .api_request import ApiRequest, endpoint
from .envelopes import Envelope, Refused, paged
from .ids import Kind, stable_number
from .made_up_gifs import find_gif
from .search_results import emoji, found, searched, trending

gif_routes: Final = web.RouteTableDef()

_DEEPEST_TRENDING = 499
_MOST_IDS = 100
_VARIATIONS = 5
_OF_A_KIND = "/v1/{kind:gifs|stickers|text}"


@gif_routes.get(f"{_OF_A_KIND}/search")
@endpoint
def search(request: ApiRequest) -> Envelope:
    """Answer with the gifs that fit `q`."""
    return request.page_of(searched(request.kind, request.require("q")))


@gif_routes.get(f"{_OF_A_KIND}/trending")
@endpoint
def show_trending(request: ApiRequest) -> Envelope:
    """Answer with the gifs everybody looks at."""
    return request.page_of(trending(request.kind), deepest=_DEEPEST_TRENDING)


@gif_routes.get(f"{_OF_A_KIND}/translate")
@endpoint
def translate(request: ApiRequest) -> Envelope:
    """Answer with the one gif that says `s`; weirdness picks another."""
    results = found(request.kind, request.require("s"))
    return request.one_of(results, request.number("weirdness", 0))


@gif_routes.get(f"{_OF_A_KIND}/random")
@endpoint
def random(request: ApiRequest) -> Envelope:
    """Answer with some gif of the tag: for one request always the same."""
    tag = request.query.get("tag", "").strip()
    results = found(request.kind, tag) if tag else trending(request.kind)
    return request.one_of(results, stable_number("random", request.response_id))


@gif_routes.get(f"{_OF_A_KIND}/related")
@endpoint
def related(request: ApiRequest) -> Envelope:
    """Answer with gifs like the one of `gif_id`."""
    gif = request.gif(request.require("gif_id"))
    return request.page_of(found(gif.kind, f"{gif.word} {gif.act} {gif.id}"))


@gif_routes.get("/v1/text/animate")
@endpoint
def animate(request: ApiRequest) -> Envelope:
    """Answer with drawings of the text `m`."""
    return request.page_of(found(Kind.TEXT, request.require("m")))


@gif_routes.get(_OF_A_KIND)
@endpoint
def by_ids(request: ApiRequest) -> Envelope:
    """Answer with the gifs of `ids`; those that are not to be had are left out."""
    ids = [part.strip() for part in request.require("ids").split(",")]
    if len(ids) > _MOST_IDS:
        raise Refused(HTTPStatus.BAD_REQUEST, "Too many ids")
    gifs = [find_gif(gif_id) for gif_id in dict.fromkeys(ids)]
    ceiling = request.ceiling
    shown = [request.view.show(gif) for gif in gifs if gif and gif.rating <= ceiling]
    return paged(shown, len(shown), 0)


@gif_routes.get(f"{_OF_A_KIND}/{{id}}")
@endpoint
def by_id(request: ApiRequest) -> Envelope:
    """Answer with one gif."""
    (gif,) = request.show([request.names["id"]])
    return Envelope(gif)


@gif_routes.get("/v1/emoji")
@endpoint
def emoji_by_offset(request: ApiRequest) -> Envelope:
    """Answer with emoji, paged by offset."""
    return request.page_of(emoji())


@gif_routes.get("/v2/emoji")
@endpoint
def emoji_by_cursor(request: ApiRequest) -> Envelope:
    """Answer with emoji, and with the cursor of the page after."""
    results, limit = emoji(), request.limit()
    start = request.number("cursor", request.number("offset", 0))
    shown = request.show(results.ids(limit, start, request.ceiling))
    after = start + len(shown)
    more = after < results.count(request.ceiling)
    return Envelope(
        shown, {"count": len(shown), "next_cursor": str(after) if more else ""}
    )


@gif_routes.get("/v2/emoji/{id}/variations")
@endpoint
def emoji_variations(request: ApiRequest) -> Envelope:
    """Answer with an emoji's other forms."""
    gif = request.gif(request.names["id"])
    results = found(Kind.EMOJI, f"{gif.word} {gif.id}")
    return Envelope(request.show(results.ids(_VARIATIONS, 0, request.ceiling)))
