"""Metrics: HTTP in front of the Exposition."""

import asyncio

from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.metrics.containers import MetricsContainer
from giphynavigator.metrics.exposition import Exposition
from giphynavigator.web.operations import Content, operation

routes = web.RouteTableDef()


@routes.get("/metrics", name="metrics")
@operation(Content(str, "text/plain"), checks_query=False)
@inject
async def metrics(
    request: web.Request,
    exposition: Exposition = Provide[MetricsContainer.exposition],
) -> web.Response:
    """Give every number that is counted, for Prometheus.

    Parameters are ignored: a scraper that adds one should not go blind.
    """
    # For eight workers it takes 40 ms, which nobody else should wait for.
    accept = request.headers.get("Accept", "")
    body, kind = await asyncio.to_thread(exposition.text, accept)
    headers = {"Content-Type": kind, "Cache-Control": "no-store", "Vary": "Accept"}
    return web.Response(body=body, headers=headers)
