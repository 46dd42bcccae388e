"""Health: HTTP for those who watch over the service."""

from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.draining import DRAINING
from giphynavigator.health.containers import HealthContainer
from giphynavigator.health.services import Health
from giphynavigator.parameters import Parameters, read

routes = web.RouteTableDef()

HEADERS: Final = {"Content-Type": "application/json", "Cache-Control": "no-store"}


@routes.get("/livez", name="livez")
async def livez(request: web.Request) -> web.Response:
    """Say that the service runs; who hears nothing should start it anew."""
    return web.Response(body=b'{"status":"ok"}', headers=HEADERS)


@routes.get("/readyz", name="readyz")
@inject
async def readyz(
    request: web.Request, health: Health = Provide[HealthContainer.health]
) -> web.Response:
    """Say whether requests are welcome, and what there is to do without."""
    read(Parameters, request.query)
    readiness = health.readiness(draining=request.app[DRAINING].is_set())
    return web.Response(
        status=HTTPStatus.OK if readiness.ready else HTTPStatus.SERVICE_UNAVAILABLE,
        body=msgspec.json.encode(readiness),
        headers=HEADERS,
    )
