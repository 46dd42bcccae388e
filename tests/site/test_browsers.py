import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, make_mocked_request

from giphynavigator.web.browsers import or_page, wants_page

CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)


@pytest.mark.parametrize(
    "accept",
    [
        CHROMIUM,
        "text/html",
        "TEXT/HTML",
        "text/html, */*",
        "text/html;q=0.5, application/json;q=0.4",
        "application/json;q=0.9, text/html;level=1;q=1.0",
        "text/html, application/json;q=broken",
    ],
)
def test_who_names_html_and_prefers_it_wants_a_page(accept: str) -> None:
    request = make_mocked_request("GET", "/", headers={"Accept": accept})

    assert wants_page(request)


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "text/*",
        "",
        "application/json",
        "application/json, text/plain, */*",
        "text/html, application/json",
        "text/html;q=0.8, application/json",
        "text/html;q=0.8, */*",
        "text/html;q=0",
        "text/html;q=0, */*;q=0",
        "text/html;q=broken, */*;q=0.1",
    ],
)
def test_everybody_else_wants_json(accept: str) -> None:
    request = make_mocked_request("GET", "/", headers={"Accept": accept})

    assert not wants_page(request)


def test_who_says_nothing_wants_json() -> None:
    assert not wants_page(make_mocked_request("GET", "/"))


async def test_one_address_has_both(aiohttp_client) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="page")

    @or_page(page)
    async def programs(request: web.Request) -> web.Response:
        return web.Response(text="json")

    app = web.Application()
    app.router.add_get("/", programs)
    client: TestClient = await aiohttp_client(app)
    answers = [
        await client.get("/", headers={"Accept": accept})
        for accept in ("*/*", CHROMIUM)
    ]

    assert [await answer.text() for answer in answers] == ["json", "page"]
