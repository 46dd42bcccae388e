"""Health: HTTP for those who watch over the service.

They are answered whatever parameters they add: a probe that someone set up with one
too many must not take a service that is well for one that is ill.
"""

from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.health.containers import HealthContainer
from giphynavigator.health.services import Health, Liveness, Readiness
from giphynavigator.serving.draining import DRAINING
from giphynavigator.web.operations import Content, Example, operation

routes = web.RouteTableDef()

HEADERS: Final = {"Content-Type": "application/json", "Cache-Control": "no-store"}
ALIVE: Final = msgspec.json.encode(Liveness())


@routes.get("/livez", name="livez")
@operation(Liveness, checks_query=False, example=Example(answer={"status": "ok"}))
async def livez(request: web.Request) -> web.Response:
    """Say that the service runs; who hears nothing should start it anew."""
    return web.Response(body=ALIVE, headers=HEADERS)


@routes.get("/readyz", name="readyz")
@operation(
    Readiness,
    also={HTTPStatus.SERVICE_UNAVAILABLE: Content(Readiness)},
    checks_query=False,
)
@inject
async def readyz(
    request: web.Request, health: Health = Provide[HealthContainer.health]
) -> web.Response:
    """Say whether requests are welcome, and what there is to do without."""
    readiness = health.readiness(draining=request.app[DRAINING].is_set())
    return web.Response(
        status=HTTPStatus.OK if readiness.ready else HTTPStatus.SERVICE_UNAVAILABLE,
        body=msgspec.json.encode(readiness),
        headers=HEADERS,
    )
