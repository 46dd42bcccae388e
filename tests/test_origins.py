"""What browsers are told before a page of another origin may ask and read."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from giphynavigator import handlers
from giphynavigator.batch import handlers as batch
from giphynavigator.security.origins import open_to_any_origin

ELSEWHERE = {"Origin": "https://wall.example"}
FIND = {route.path for module in (handlers, batch) for route in module.routes}


def asking(method: str, headers: str) -> dict[str, str]:
    """What a browser sends before a page may send such a request."""
    return {
        **ELSEWHERE,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }


@pytest.mark.parametrize("path", sorted(FIND - {"/favicon.ico"}))
async def test_a_page_of_any_origin_may_send_conditions_to_what_finds(
    client: TestClient, path: str
) -> None:
    answer = await client.options(
        path.replace("{id}", "abc"), headers=asking("GET", "if-none-match")
    )

    assert (answer.status, await answer.read()) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert answer.headers["Access-Control-Allow-Headers"] == "*, Authorization"
    assert answer.headers["Access-Control-Max-Age"] == "7200"


@pytest.mark.parametrize(
    ("path", "methods"), [("/", "GET, HEAD"), ("/batch", "GET, POST")]
)
async def test_the_methods_are_those_that_the_address_has(
    client: TestClient, path: str, methods: str
) -> None:
    answer = await client.options(path)

    assert answer.headers["Access-Control-Allow-Methods"] == methods
    assert answer.headers["Allow"] == f"{methods}, OPTIONS"


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_what_is_not_to_find_anything_is_closed_to_other_origins(
    client: TestClient, path: str
) -> None:
    preflight = await client.options(path, headers=asking("GET", "if-none-match"))
    answer = await client.get(path, headers=ELSEWHERE)

    assert preflight.status == 405
    assert "Access-Control-Allow-Methods" not in preflight.headers
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_routes_that_write_are_closed_beside_those_that_are_open(
    aiohttp_client,
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    open_to_any_origin(app.add_routes([web.get("/gifs", answer)]))
    app.add_routes([web.get("/notes", answer), web.post("/notes", answer)])
    client = await aiohttp_client(app)

    opened = await client.options("/gifs", headers=asking("GET", "x"))
    closed = await client.options("/notes", headers=asking("POST", "content-type"))

    assert (opened.status, closed.status) == (204, 405)
    assert "Access-Control-Allow-Origin" not in closed.headers


@pytest.mark.parametrize("path", ["/?limit=0", "/gifs/abc?odd=1", "/batch", "/nope"])
async def test_errors_of_what_is_open_may_be_read_too(
    client: TestClient, path: str
) -> None:
    answer = await client.get(path, headers=ELSEWHERE)

    assert answer.status in {400, 404}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/notes/1", "/poll/1", "/poll/1/live", "/notes?odd=1", "/polls?limit=0"]
)
async def test_which_notes_and_polls_there_are_not_is_nobodys_business(
    client: TestClient, path: str
) -> None:
    answer = await client.get(path, headers=ELSEWHERE)

    assert answer.status in {400, 404}
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_page_may_read_the_headers_of_a_batch(service: TestClient) -> None:
    answer = await service.get("/batch?query=cats", headers=ELSEWHERE)

    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert exposed == ["Age", "Cache-Status", "ETag", "Retry-After", "X-Request-ID"]
