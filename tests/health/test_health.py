"""/livez and /readyz: for those who watch over the service."""

from types import SimpleNamespace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from dependency_injector import providers

from giphynavigator.health.services import Health, Readiness
from giphynavigator.resilience.shared import NoShared
from giphynavigator.serving.draining import DRAINING


def health(
    state: str = "closed",
    *,
    up: bool = True,
    kept: bool = True,
    sandbox: bool = False,
    redis: str = "",
) -> Health:
    breaker, shared = SimpleNamespace(state=state), SimpleNamespace(up=up)
    database = SimpleNamespace(up=kept)
    return Health(breaker, shared, database, sandbox=sandbox, has_redis=redis)


@pytest.mark.parametrize(
    ("health", "draining", "expected"),
    [
        (health(), False, Readiness("ok", "ok", "not configured", "up")),
        (
            health(sandbox=True),
            False,
            Readiness("ok", "sandbox", "not configured", "up"),
        ),
        (health(redis=True), False, Readiness("ok", "ok", "up", "up")),
        (
            health(redis=True, up=False),
            False,
            Readiness("degraded", "ok", "down", "up"),
        ),
        (
            health(kept=False),
            False,
            Readiness("degraded", "ok", "not configured", "down"),
        ),
        (
            health("open"),
            False,
            Readiness("degraded", "breaker open", "not configured", "up"),
        ),
        (
            health("half-open", sandbox=True),
            False,
            Readiness("degraded", "breaker half-open", "not configured", "up"),
        ),
        (
            health("open"),
            True,
            Readiness("draining", "breaker open", "not configured", "up"),
        ),
        (health(), True, Readiness("draining", "ok", "not configured", "up")),
    ],
)
def test_readiness_says_what_there_is_to_do_without(
    health: Health, draining: bool, expected: Readiness
) -> None:
    assert health.readiness(draining=draining) == expected


async def test_a_new_service_lives_and_is_ready(client: TestClient) -> None:
    livez = await client.get("/livez")
    readyz = await client.get("/readyz")

    assert (livez.status, await livez.json()) == (200, {"status": "ok"})
    assert (readyz.status, await readyz.json()) == (
        200,
        {
            "status": "ok",
            "giphy": "sandbox",
            "redis": "not configured",
            "database": "up",
        },
    )
    assert livez.headers["Cache-Control"] == readyz.headers["Cache-Control"]
    assert readyz.headers["Cache-Control"] == "no-store"


async def test_a_service_that_is_ending_lives_but_is_not_ready(
    client: TestClient, app: web.Application
) -> None:
    app[DRAINING].set()

    livez = await client.get("/livez")
    readyz = await client.get("/readyz")

    assert livez.status == 200
    assert (readyz.status, (await readyz.json())["status"]) == (503, "draining")


async def test_an_open_breaker_is_told_and_is_no_reason_to_send_anyone_away(
    client: TestClient, app: web.Application
) -> None:
    breaker = SimpleNamespace(state="open")
    with app.container.resilience.breaker.override(providers.Object(breaker)):
        readyz = await client.get("/readyz")

    assert (readyz.status, await readyz.json()) == (
        200,
        {
            "status": "degraded",
            "giphy": "breaker open",
            "redis": "not configured",
            "database": "up",
        },
    )


async def test_a_lost_redis_is_told_and_is_no_reason_to_send_anyone_away(
    client: TestClient, app: web.Application
) -> None:
    class Lost(NoShared):
        up = False

    with (
        app.container.config.redis.is_set.override(True),
        app.container.shared.override(providers.Object(Lost())),
    ):
        readyz = await client.get("/readyz")

    assert (readyz.status, await readyz.json()) == (
        200,
        {"status": "degraded", "giphy": "sandbox", "redis": "down", "database": "up"},
    )


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_a_probe_with_a_parameter_too_many_is_still_answered(
    client: TestClient, path: str
) -> None:
    answer = await client.get(f"{path}?verbose=1&verbose=2")

    assert answer.status == 200
