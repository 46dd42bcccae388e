"""A handler is given what its signature asks for, and says what that is."""

from typing import Annotated

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from dependency_injector.wiring import Provide
from msgspec import Meta, Struct

from giphynavigator.errors import NavigatorError, NotFound
from giphynavigator.parameters import Parameters
from giphynavigator.web.browsers import or_page
from giphynavigator.web.operations import (
    Content,
    Example,
    Operation,
    described,
    operation,
    operation_of,
)
from giphynavigator.web.problems import problem_json

Number = Annotated[int, Meta(ge=1, le=9)]


class Colours(Parameters, frozen=True):
    colour: Annotated[list[str], Meta(max_length=9)]
    limit: Number = 5


class Drawing(Struct, frozen=True):
    title: str


class Drawn(Struct, frozen=True):
    number: int
    title: str
    colours: list[str]


@operation(
    Drawn,
    headers=("ETag",),
    errors=(NotFound,),
    example=Example(path={"number": 1}, query={"limit": 2}),
)
async def draw(
    request: web.Request,
    drawing_number: Number,
    query: Colours,
    body: Drawing,
    ink: object = Provide["ink"],
) -> web.Response:
    """Draw it.

    It takes a while.
    """
    return web.json_response([drawing_number, query.colour, query.limit, body.title])


@operation()
async def look(request: web.Request) -> web.Response:
    """Look at it."""
    return web.json_response([])


@operation(checks_query=False)
async def watch(request: web.Request) -> web.Response:
    """Watch it."""
    return web.json_response([])


@pytest.fixture
async def drawings(aiohttp_client) -> TestClient:
    @web.middleware
    async def guard(request, handler):
        try:
            return await handler(request)
        except NavigatorError as error:
            return problem_json(error)

    app = web.Application(middlewares=[guard])
    app.router.add_post("/drawings/{number}", draw)
    app.router.add_get("/look", look)
    app.router.add_get("/watch", watch)
    return await aiohttp_client(app)


async def test_a_handler_is_given_what_it_asks_for(drawings: TestClient) -> None:
    answer = await drawings.post(
        "/drawings/7?colour=red&limit=3&colour=blue", json={"title": "Sea"}
    )

    assert await answer.json() == [7, ["red", "blue"], 3, "Sea"]


@pytest.mark.parametrize(
    ("path", "body", "parameter"),
    [
        ("/drawings/0", {"title": "Sea"}, "number"),
        ("/drawings/x", {"title": "Sea"}, "number"),
        ("/drawings/7?limit=10", {"title": "Sea"}, "limit"),
        ("/drawings/7?other=1", {"title": "Sea"}, "other"),
        ("/drawings/7", {"title": 1}, "title"),
        ("/drawings/7", {}, "title"),
    ],
)
async def test_a_request_that_is_not_as_it_asks_for_is_refused(
    drawings: TestClient, path: str, body: object, parameter: str
) -> None:
    answer = await drawings.post(path, json=body)

    assert answer.status == 400
    assert (await answer.json())["parameter"] == parameter


async def test_a_handler_that_asks_for_no_parameters_takes_none(
    drawings: TestClient,
) -> None:
    assert (await drawings.get("/look")).status == 200
    assert (await drawings.get("/look?a=b")).status == 400


async def test_parameters_that_are_not_checked_may_be_anything(
    drawings: TestClient,
) -> None:
    assert (await drawings.get("/watch?a=b")).status == 200


def test_what_a_handler_takes_and_gives_is_known_of_it() -> None:
    assert operation_of(draw) == Operation(
        summary="Draw it",
        details="It takes a while.",
        path={"number": Number},
        query=Colours,
        bodies=(Content(Drawing),),
        answers={200: Content(Drawn)},
        headers=("ETag",),
        errors=(NotFound,),
        example=Example(path={"number": 1}, query={"limit": 2}),
    )


def test_decorators_around_a_handler_do_not_hide_what_is_known_of_it() -> None:
    assert operation_of(or_page(look)(look)) is operation_of(look)


def test_of_a_function_that_says_nothing_nothing_is_known() -> None:
    async def silent(request: web.Request) -> web.Response:
        return web.Response()

    known = Operation(summary="It is told")

    assert operation_of(silent) is None
    assert operation_of(described(known)(silent)) is known
