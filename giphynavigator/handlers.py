"""Find: HTTP in front of the SearchService."""

from pathlib import Path
from typing import Any, Final

import msgspec
from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.containers import Container
from giphynavigator.parameters import (
    GifId,
    GifParameters,
    Parameters,
    QueryParameters,
    SearchParameters,
    TrendingParameters,
    convert,
    read,
)
from giphynavigator.services import SearchService

routes = web.RouteTableDef()

FAVICON: Final = Path(__file__).parent / "static" / "favicon.ico"


@routes.get("/", name="index")
@inject
async def index(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Find GIFs for a query: the address of each one's page."""
    asked = read(SearchParameters, request.query)
    defaults = search_service.defaults
    query = defaults.query if asked.query is None else asked.query
    limit = asked.limit or defaults.limit

    gifs = await search_service.search(query, limit)

    return answer({"query": query, "limit": limit, "gifs": gifs})


@routes.get("/gifs", name="gifs")
@inject
async def gifs(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Find GIFs for a query, each with three renditions, from any offset on."""
    return answer(await search_service.gifs(read(GifParameters, request.query)))


@routes.get("/gifs/trending", name="trending")
@inject
async def trending(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Give the GIFs that are popular now."""
    asked = read(TrendingParameters, request.query)
    return answer(await search_service.trending(asked))


@routes.get("/gifs/random", name="random")
@inject
async def random(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Give one GIF by chance: for a query, or of the popular ones."""
    asked = read(QueryParameters, request.query)
    return answer(await search_service.random(asked.query))


@routes.get("/gifs/{id}", name="gif")
@inject
async def gif(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Give the GIF of that id."""
    read(Parameters, request.query)
    gif_id = convert("id", request.match_info["id"], GifId)
    return answer(await search_service.gif(gif_id))


@routes.get("/suggestions", name="suggestions")
@inject
async def suggestions(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Give searches that complete a query; without one, what is trending."""
    asked = read(QueryParameters, request.query)
    return answer({"suggestions": await search_service.suggestions(asked.query)})


@routes.get("/favicon.ico", name="favicon")
async def favicon(request: web.Request) -> web.FileResponse:
    """Give the picture in the browser's tab."""
    return web.FileResponse(FAVICON, headers={"Cache-Control": "max-age=86400"})


def answer(value: Any) -> web.Response:
    """Give JSON that pages of any origin may read."""
    return web.Response(
        body=msgspec.json.encode(value),
        content_type="application/json",
        headers={"Access-Control-Allow-Origin": "*"},
    )
