"""Find: HTTP in front of the SearchService."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from aiohttp import web
from dependency_injector.providers import Provider as Factory
from dependency_injector.wiring import Provide, Provider, inject
from yarl import URL

from giphynavigator.answers import Links, Reply, encode
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
from giphynavigator.replies import respond, respond_anew
from giphynavigator.resilience.quota import NoQuota
from giphynavigator.services import Defaults, SearchService

routes = web.RouteTableDef()

FAVICON: Final = Path(__file__).parent / "static" / "favicon.ico"


@routes.get("/", name="index")
@inject
async def index(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
    defaults: Factory[Defaults] = Provider[Container.defaults],
) -> web.Response:
    """Find GIFs for a query: the address of each one's page."""
    asked = read_search(request.rel_url)
    query, limit = asked.query, asked.limit
    if query is None or limit is None:
        default = defaults()
        query = default.query if query is None else query
        limit = limit or default.limit

    gifs = await search_service.search(query, limit)

    if isinstance(gifs, Links):
        return respond(request, gifs.reply)
    return respond_anew(encode({"query": query, "limit": limit, "gifs": gifs}))


@lru_cache(256)
def read_search(url: URL) -> SearchParameters:
    """Read what `GET /` is asked; popular searches are read once."""
    return read(SearchParameters, url.query)


@routes.get("/gifs", name="gifs")
@inject
async def gifs(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Find GIFs for a query, each with three renditions, from any offset on."""
    found = await search_service.gifs(read(GifParameters, request.query))
    if isinstance(found, Reply):
        return respond(request, found)
    return respond_anew(encode(found))


@routes.get("/gifs/trending", name="trending")
@inject
async def trending(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Give the GIFs that are popular now."""
    asked = read(TrendingParameters, request.query)
    return respond(request, await search_service.trending(asked))


@routes.get("/gifs/random", name="random")
@inject
async def random(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Give one GIF by chance: for a query, or of the popular ones."""
    asked = read(QueryParameters, request.query)
    return respond_anew(encode(await search_service.random(asked.query)))


@routes.get("/gifs/{id}", name="gif")
@inject
async def gif(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Give the GIF of that id."""
    read(Parameters, request.query)
    gif_id = convert("id", request.match_info["id"], GifId)
    return respond(request, await search_service.gif(gif_id))


@routes.get("/suggestions", name="suggestions")
@inject
async def suggestions(
    request: web.Request,
    search_service: SearchService = Provide[Container.search_service],
) -> web.Response:
    """Give searches that complete a query; without one, what is trending."""
    asked = read(QueryParameters, request.query)
    return respond(request, await search_service.suggestions(asked.query))


@routes.get("/quota", name="quota")
@inject
async def quota(
    request: web.Request, calls: NoQuota = Provide[Container.quota]
) -> web.Response:
    """Say how many calls to Giphy are left, and when there will be more."""
    read(Parameters, request.query)
    await calls.look()
    return respond_anew(encode(calls.report()))


@routes.get("/favicon.ico", name="favicon")
async def favicon(request: web.Request) -> web.FileResponse:
    """Give the picture in the browser's tab."""
    return web.FileResponse(FAVICON, headers={"Cache-Control": "max-age=86400"})
