"""HTTP for browsers: the search page, and the static files of every page."""

from http import HTTPStatus
from typing import Final

from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.site.containers import SiteContainer
from giphynavigator.site.languages import LANGUAGES
from giphynavigator.site.parameters import read_asked
from giphynavigator.site.services import SearchPages
from giphynavigator.site.tiles import BLANK, caption, tallness
from giphynavigator.web.assets import Asset, Assets
from giphynavigator.web.codings import takes_gzip
from giphynavigator.web.rendering import render

routes = web.RouteTableDef()

MODULES: Final = (
    "api.js",
    "motion.js",
    *(
        f"site/{name}.js"
        for name in (
            *("address", "calls", "detail", "grid"),
            *("results", "states", "suggestions", "tray"),
        )
    ),
)
"""What the page's script imports, so that all of it is fetched at once."""

FOR_EVER: Final = "public, max-age=31536000, immutable"
STATIC_HEADERS: Final = {
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@inject
async def search_page(
    request: web.Request,
    search_pages: SearchPages = Provide[SiteContainer.search_pages],
) -> web.Response:
    """Give the page that searches; its address is the search."""
    view = await search_pages.view(read_asked(request.query))
    context = {"view": view, "modules": MODULES, "languages": LANGUAGES}
    return render(
        request,
        "site/search.html",
        {**context, "caption": caption, "tallness": tallness, "blank": BLANK},
    )


@routes.get("/static/{name:.+}", name="static")
@inject
async def static(
    request: web.Request, assets: Assets = Provide[SiteContainer.assets]
) -> web.Response:
    """Give a static file: its address names what is in it, so keep it for ever.

    The address of another release's file gives ours, to be kept by nobody: while
    replicas are replaced one by one, a page may come from one and ask another.
    """
    name = request.match_info["name"]
    if asset := assets.exact(name):
        return send(request, asset, FOR_EVER)
    if asset := assets.current(name):
        return send(request, asset, "no-store")
    raise web.HTTPNotFound


def send(request: web.Request, asset: Asset, freshness: str) -> web.Response:
    """Answer with a file, in gzip where it is understood."""
    headers = {**STATIC_HEADERS, "Cache-Control": freshness}
    headers["Content-Type"] = asset.kind
    if not takes_gzip(request):
        return web.Response(body=asset.body, status=HTTPStatus.OK, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return web.Response(body=asset.packed, headers=headers)
