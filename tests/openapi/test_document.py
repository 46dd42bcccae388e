"""The document says what there is: every route, every way it may end, all examples."""

import re
from typing import Any

import pytest
import schemathesis
from aiohttp import web
from aiohttp.test_utils import TestClient

from giphynavigator.application import create_app
from giphynavigator.openapi.entries import METHODS, Entry, entries_of
from giphynavigator.security.access import OPEN, READING
from giphynavigator.settings import Secret, Settings
from tests.conftest import CANARY, keeping
from tests.processes import IN_MEMORY

BY_FORM = "_by_form"
"""How names of routes end that only forms of pages are sent to."""
TRIED_ELSEWHERE = {"live", "session", "session_end"}
"""A WebSocket, and what leads a browser on to another page."""


async def document_of(client: TestClient) -> dict[str, Any]:
    return await (await client.get("/openapi.json")).json()


async def test_it_is_an_openapi_document(client: TestClient) -> None:
    document = await document_of(client)

    schemathesis.openapi.from_dict(document).validate()
    assert document["openapi"] == "3.1.0"


Known = tuple[str, str, str]
"""A route: its method, its path and its name."""


def routes_of(app: web.Application) -> set[Known]:
    """All that can be asked, but for what the sandbox has joined to it."""
    return {
        (route.method, route.resource.canonical, route.name)
        for route in app.router.routes()
        if route.method in METHODS
        and not route.resource.canonical.startswith("/sandbox/")
    }


async def operations_of(client: TestClient) -> set[Known]:
    """All that the document has."""
    return {
        (method.upper(), path, operation["operationId"])
        for path, operations in (await document_of(client))["paths"].items()
        for method, operation in operations.items()
    }


async def test_every_operation_in_it_can_be_asked_for(
    app: web.Application, client: TestClient
) -> None:
    assert await operations_of(client) <= routes_of(app)


async def test_all_it_leaves_out_to_be_read_are_pages_and_files(
    app: web.Application, client: TestClient
) -> None:
    page = await (await client.get("/docs")).text()
    (style, *_) = re.findall(r'"/static/(\S+\.css)"', page)
    left_out = routes_of(app) - await operations_of(client)
    paths = {path.format(name=style) for method, path, _ in left_out if method == "GET"}

    assert len(paths) >= 5
    for path in paths - {"/openapi.json"}:
        answer = await client.get(path, headers={"Accept": "application/json"})
        assert (answer.status, "json" in answer.content_type) == (200, False), path


async def test_all_it_leaves_out_to_be_sent_are_forms_for_what_programs_do_otherwise(
    app: web.Application, client: TestClient
) -> None:
    listed = await operations_of(client)
    names = {name for _, _, name in listed}
    forms = {name for method, _, name in routes_of(app) - listed if method != "GET"}

    assert len(forms) >= 4
    assert {name for name in forms if not name.endswith(BY_FORM)} == set()
    assert {name.removesuffix(BY_FORM) for name in forms} <= names


async def test_every_part_of_a_path_is_described(client: TestClient) -> None:
    for path, operations in (await document_of(client))["paths"].items():
        for operation in operations.values():
            parts = [p["name"] for p in operation["parameters"] if p["in"] == "path"]
            assert parts == re.findall(r"{(\w+)}", path)


async def test_everything_has_a_summary_that_is_one_line(client: TestClient) -> None:
    for operations in (await document_of(client))["paths"].values():
        for operation in operations.values():
            assert 10 < len(operation["summary"]) < 90
            assert "\n" not in operation["summary"]


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_who_has_it_already_is_told_so(client: TestClient, coding: str) -> None:
    accepting = {"Accept-Encoding": coding}
    first = await client.get("/openapi.json", headers=accepting)
    known = {"If-None-Match": first.headers["ETag"], **accepting}
    again = await client.get("/openapi.json", headers=known)

    assert (first.status, again.status, await again.read()) == (200, 304, b"")
    for name in ("ETag", "Vary", "Cache-Control"):
        assert again.headers[name] == first.headers[name]


async def test_it_comes_in_gzip_where_that_is_understood(client: TestClient) -> None:
    packed = await client.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    plain = await client.get("/openapi.json", headers={"Accept-Encoding": "identity"})

    size = int(packed.headers["Content-Length"])
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert await packed.read() == await plain.read()
    assert size < int(plain.headers["Content-Length"]) / 4


async def test_pages_of_other_origins_may_read_it(client: TestClient) -> None:
    answer = await client.get("/openapi.json")

    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_an_unknown_parameter_is_refused_where_the_document_says_so(
    app: web.Application, client: TestClient
) -> None:
    document = await document_of(client)
    for entry in entries_of(app.router.routes()):
        if entry.package.endswith(".v1") or entry.name in TRIED_ELSEWHERE:
            continue  # the ways to Giphy take what Giphy takes
        answer = await client.request(entry.method, address(entry), params={"odd": "1"})
        responses = document["paths"][entry.path][entry.method.lower()]["responses"]
        assert ("400" in responses) == (answer.status in {400, 404}), entry.name
        assert str(answer.status) in responses


def address(entry: Entry) -> str:
    return entry.path.format_map(entry.operation.example.path)


def order(entry: Entry) -> int:
    """Examples come one after the other: what is made is there, until it is not."""
    return ["POST", "GET", "PUT", "PATCH", "DELETE"].index(entry.method)


async def test_every_example_is_answered_as_is_shown(aiohttp_client, tmp_path) -> None:
    app = create_app(keeping(f"sqlite+aiosqlite:///{tmp_path}/kept.db"))
    client = await aiohttp_client(app)
    entries = sorted(entries_of(app.router.routes()), key=order)

    for entry in entries:
        if entry.name not in TRIED_ELSEWHERE:
            await try_out(client, entry)
    app.container.unwire()


async def try_out(client: TestClient, entry: Entry) -> None:
    example, operation = entry.operation.example, entry.operation
    query = [(n, str(v)) for n, each in example.query.items() for v in listed(each)]
    body = {"json": example.body} if operation.bodies else {}

    answer = await client.request(entry.method, address(entry), params=query, **body)

    assert answer.status == next(iter(operation.answers)), await answer.text()
    if isinstance(example.answer, (dict, list)):
        assert await answer.json() == example.answer


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


async def test_writing_takes_a_token_where_there_are_any(aiohttp_client) -> None:
    tokens = (Secret(CANARY),)
    app = create_app(Settings(keeping(IN_MEMORY).file, tokens=tokens))
    client = await aiohttp_client(app)

    guarded = {
        operation["operationId"]
        for operations in (await document_of(client))["paths"].values()
        for operation in operations.values()
        if "security" in operation
    }
    unsafe = {e.name for e in entries_of(app.router.routes()) if e.is_unsafe}

    assert guarded == unsafe - OPEN
    app.container.unwire()


async def test_where_there_are_no_tokens_none_is_asked_for(client: TestClient) -> None:
    for operations in (await document_of(client))["paths"].values():
        for operation in operations.values():
            assert "security" not in operation


@pytest.mark.parametrize("name", sorted(OPEN))
async def test_what_is_open_to_any_origin_is_never_refused_for_it(
    app: web.Application, client: TestClient, name: str
) -> None:
    document = await document_of(client)
    for operations in document["paths"].values():
        for operation in operations.values():
            if operation["operationId"] == name:
                assert ("403" in operation["responses"]) == (name not in READING)
