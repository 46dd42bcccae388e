"""Find: HTTP in front of the SearchService."""

from pathlib import Path
from typing import Final

from aiohttp import web
from dependency_injector.providers import Provider as Factory
from dependency_injector.wiring import Provide, Provider, inject

from giphynavigator import examples
from giphynavigator.answers import Answer, Links, Reply, encode
from giphynavigator.containers import Container
from giphynavigator.gifs import Gif, GifList, LinkList, Suggestions
from giphynavigator.giphy_errors import ASKING_GIPHY, GifNotFound
from giphynavigator.parameters import (
    GifId,
    GifParameters,
    QueryParameters,
    SearchParameters,
    TrendingParameters,
)
from giphynavigator.resilience.quota import Quota, QuotaReport
from giphynavigator.services import Defaults, NothingFound, SearchService
from giphynavigator.site import handlers as site
from giphynavigator.web.browsers import or_page
from giphynavigator.web.operations import KEPT, operation
from giphynavigator.web.replies import replying

routes = web.RouteTableDef()

FAVICON: Final = Path(__file__).parent / "static" / "favicon.ico"


@routes.get("/", name="index")
@or_page(site.search_page)
@replying
@operation(LinkList, headers=KEPT, errors=ASKING_GIPHY, example=examples.SEARCH)
@inject
async def index(
    request: web.Request,
    query: SearchParameters,
    search_service: SearchService = Provide[Container.search_service],
    defaults: Factory[Defaults] = Provider[Container.defaults],
) -> Reply | Answer:
    """Find GIFs for a query: the address of each one's page."""
    words, limit = query.query, query.limit
    if words is None or limit is None:
        default = defaults()
        words = default.query if words is None else words
        limit = limit or default.limit

    gifs = await search_service.search(words, limit)

    if isinstance(gifs, Links):
        return gifs.reply
    return encode(LinkList(words, limit, gifs))


@routes.get("/gifs", name="gifs")
@replying
@operation(GifList, headers=KEPT, errors=ASKING_GIPHY, example=examples.SLICE)
@inject
async def gifs(
    request: web.Request,
    query: GifParameters,
    search_service: SearchService = Provide[Container.search_service],
) -> Reply | Answer:
    """Find GIFs for a query, each with three renditions, from any offset on."""
    found = await search_service.gifs(query)
    return found if isinstance(found, Reply) else encode(found)


@routes.get("/gifs/trending", name="trending")
@replying
@operation(GifList, headers=KEPT, errors=ASKING_GIPHY, example=examples.POPULAR)
@inject
async def trending(
    request: web.Request,
    query: TrendingParameters,
    search_service: SearchService = Provide[Container.search_service],
) -> Reply:
    """Give the GIFs that are popular now."""
    return await search_service.trending(query)


@routes.get("/gifs/random", name="random")
@replying
@operation(Gif, errors=(*ASKING_GIPHY, NothingFound), example=examples.BY_CHANCE)
@inject
async def random(
    request: web.Request,
    query: QueryParameters,
    search_service: SearchService = Provide[Container.search_service],
) -> Answer:
    """Give one GIF by chance: for a query, or of the popular ones."""
    return encode(await search_service.random(query.query))


@routes.get("/gifs/{id}", name="gif")
@replying
@operation(
    Gif, headers=KEPT, errors=(*ASKING_GIPHY, GifNotFound), example=examples.ONE_GIF
)
@inject
async def gif(
    request: web.Request,
    gif_id: GifId,
    search_service: SearchService = Provide[Container.search_service],
) -> Reply:
    """Give the GIF of that id."""
    return await search_service.gif(gif_id)


@routes.get("/suggestions", name="suggestions")
@replying
@operation(Suggestions, headers=KEPT, errors=ASKING_GIPHY, example=examples.WORDS)
@inject
async def suggestions(
    request: web.Request,
    query: QueryParameters,
    search_service: SearchService = Provide[Container.search_service],
) -> Reply:
    """Give searches that complete a query; without one, what is trending."""
    return await search_service.suggestions(query.query)


@routes.get("/quota", name="quota")
@replying
@operation(QuotaReport, example=examples.UNCOUNTED)
@inject
async def quota(
    request: web.Request, calls: Quota = Provide[Container.quota]
) -> Answer:
    """Say how many calls to Giphy are left, and when there will be more."""
    await calls.look()
    return encode(calls.report())


@routes.get("/favicon.ico", name="favicon")
async def favicon(request: web.Request) -> web.FileResponse:
    """Give the picture in the browser's tab."""
    return web.FileResponse(FAVICON, headers={"Cache-Control": "max-age=86400"})
