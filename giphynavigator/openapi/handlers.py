"""HTTP in front of the OpenApi: the document for programs, and a page for people."""

from http import HTTPStatus
from typing import Final

from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.openapi.containers import OpenApiContainer
from giphynavigator.openapi.services import OpenApi
from giphynavigator.security.origins import ANY_ORIGIN
from giphynavigator.web.codings import takes_gzip
from giphynavigator.web.rendering import render
from giphynavigator.web.replies import is_known

routes = web.RouteTableDef()

HEADERS: Final = {
    "Content-Type": "application/json",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Encoding",
    **ANY_ORIGIN,
}

POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""What browsers are told that the page may do.

Swagger UI has pictures in its styles, and writes HTML by itself, which the policy of
all other pages forbids. Here it writes out our own document and nothing else.
"""


@routes.get("/openapi.json", name="openapi")
@inject
async def openapi(
    request: web.Request,
    document: OpenApi = Provide[OpenApiContainer.document],
) -> web.Response:
    """Give the OpenAPI document, in gzip where it is understood; or 304."""
    routes = request.app.router.routes()
    answer = document.answer(routes)
    is_packed = takes_gzip(request)
    headers = {**HEADERS, "ETag": f"W/{answer.etag}" if is_packed else answer.etag}
    if is_known(request, answer.etag):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    if not is_packed:
        return web.Response(body=answer.body, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return web.Response(body=document.packed(routes), headers=headers)


@routes.get("/docs", name="docs")
async def docs(request: web.Request) -> web.Response:
    """Give the page that shows the document."""
    response = render(request, "openapi/docs.html")
    response.headers["Content-Security-Policy"] = POLICY
    return response
