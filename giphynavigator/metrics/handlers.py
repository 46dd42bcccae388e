"""Metrics: HTTP in front of the Exposition."""

import asyncio

from aiohttp import web
from dependency_injector.wiring import Provide, inject
from prometheus_client import CONTENT_TYPE_LATEST

from giphynavigator.metrics.containers import MetricsContainer
from giphynavigator.metrics.exposition import Exposition
from giphynavigator.parameters import Parameters, read

routes = web.RouteTableDef()


@routes.get("/metrics", name="metrics")
@inject
async def metrics(
    request: web.Request,
    exposition: Exposition = Provide[MetricsContainer.exposition],
) -> web.Response:
    """Give every number that is counted, for Prometheus."""
    read(Parameters, request.query)
    # For eight workers it takes 40 ms, which nobody else should wait for.
    return web.Response(
        body=await asyncio.to_thread(exposition.text),
        headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
    )
