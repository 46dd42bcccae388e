"""Pages of other origins: what browsers are told before a page may ask and read.

A browser asks by itself, with OPTIONS, before it sends what a form could not:
If-None-Match, say, or a JSON body. Only routes that are open to any origin answer
that; for all others there is no OPTIONS, so a browser sends nothing. Nor may their
errors be read: which notes there are not tells which there are.
"""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

ANY_ORIGIN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Age, Cache-Status, ETag, Retry-After, X-Request-ID"
    ),
}
"""Headers of every answer, be it an error, that pages of any origin may read."""

ANY_REQUEST: Final = {
    **ANY_ORIGIN,
    # The star means every header but this one.
    "Access-Control-Allow-Headers": "*, Authorization",
    "Access-Control-Max-Age": "7200",
}
"""Headers of the answer to OPTIONS, which browsers remember for two hours."""


def open_to_any_origin(routes: Iterable[web.AbstractRoute]) -> None:
    """Answer OPTIONS at the address of each of these routes."""
    resources: dict[str, set[web.Resource]] = {}
    for route in routes:
        if isinstance(route.resource, web.Resource):
            resources.setdefault(route.resource.canonical, set()).add(route.resource)
    for same in resources.values():
        methods = {route.method for resource in same for route in resource}
        for resource in same:
            resource.add_route(hdrs.METH_OPTIONS, saying(sorted(methods)))


def may_be_read_elsewhere(request: web.Request) -> bool:
    """Whether what is asked for is open to any origin, or is nothing that there is."""
    resource = request.match_info.route.resource
    return resource is None or any(r.method == hdrs.METH_OPTIONS for r in resource)


def saying(methods: Sequence[str]) -> Handler:
    """Give a handler that says which methods an address has."""
    headers = {
        "Allow": ", ".join((*methods, hdrs.METH_OPTIONS)),
        "Access-Control-Allow-Methods": ", ".join(methods),
        **ANY_REQUEST,
    }

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=HTTPStatus.NO_CONTENT, headers=headers)

    return answer
