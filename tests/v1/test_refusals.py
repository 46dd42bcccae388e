"""What is refused is put as Giphy puts it, and costs no call where none would help."""

from http import HTTPStatus

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from yarl import URL

from giphynavigator.sandbox.application import Sandbox
from giphynavigator.settings import (
    FileSettings,
    GiphySettings,
    LimitSettings,
    Secret,
    Settings,
)
from tests.chain.chain import grow_stale, keep_time, settings_of
from tests.conftest import CANARY
from tests.fakes import FakeClock
from tests.v1.conftest import Ask, Said, Serve, said


def assert_refusal(answer: Said, status: int, message: str) -> None:
    """The one way to assert an error of Giphy's shape."""
    meta = {"status": status, "msg": message, "response_id": ""}
    assert answer.json == {"data": [], "meta": meta}
    assert answer.status == status
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert CANARY not in f"{answer.headers}"


@pytest.mark.parametrize(
    ("path", "query", "status", "message"),
    [
        ("/v1/gifs/search", {}, 400, "q is missing"),
        ("/v1/gifs/search", {"q": "  "}, 400, "q is missing"),
        ("/v1/gifs/translate", {}, 400, "s is missing"),
        ("/v1/gifs/related", {}, 400, "gif_id is missing"),
        ("/v1/gifs", {}, 400, "ids is missing"),
        ("/v1/text/animate", {}, 400, "m is missing"),
        ("/v1/channels/search", {}, 400, "q is missing"),
        (
            "/v1/gifs/search",
            {"q": "x" * 51},
            414,
            f"q must be at most 50 characters, not '{'x' * 51}'",
        ),
        (
            "/v1/gifs/search",
            {"q": "a", "limit": "ten"},
            400,
            "limit must be a whole number from 0 to 999999999, not 'ten'",
        ),
        (
            "/v1/gifs/trending",
            {"offset": -1},
            400,
            "offset must be a whole number from 0 to 999999999, not '-1'",
        ),
        (
            "/v1/gifs/trending",
            {"rating": "x"},
            400,
            "rating must be one of y, g, pg, pg-13, r, not 'x'",
        ),
        (
            "/v1/gifs/translate",
            {"s": "a", "weirdness": 11},
            400,
            "weirdness must be a whole number from 0 to 10, not '11'",
        ),
        (
            "/v1/gifs",
            {"ids": "a,/b"},
            400,
            "ids must be 1 to 100 ids with commas between them, not 'a,/b'",
        ),
    ],
)
async def test_what_giphy_would_refuse_is_refused_without_asking_it(  # noqa: PLR0913, PLR0917 - a row each
    ask: Ask,
    upstream: Sandbox,
    path: str,
    query: dict,
    status: int,
    message: str,
) -> None:
    assert_refusal(await ask(path, **query), status, message)
    assert upstream.calls.count == 0


async def test_a_hundred_ids_are_the_most(ask: Ask, upstream: Sandbox) -> None:
    assert (await ask("/v1/gifs", ids=",".join(["x"] * 100))).status == 200
    assert (await ask("/v1/gifs", ids=",".join(["x"] * 101))).status == 400
    assert upstream.calls.count == 1


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/nonsense",
        "/v1/videos/search?q=cats",
        "/v1/randomid",
        "/v1/internal/gifs/abc",
        "/v1/gifs/a.b",
        "/v1/gifs/search/tags/more",
        "/v1/stickers/categories",
        "/v1/tags/related",
        "/v1/tags/related/",
        "/v2/gifs/search?q=cats",
        "/v2/emoji/a/b",
    ],
)
async def test_anything_else_is_not_there_and_costs_no_call(
    ask: Ask, upstream: Sandbox, path: str
) -> None:
    assert_refusal(await ask(path), 404, "Nothing matches the given URI")
    assert upstream.calls.count == 0


@pytest.mark.parametrize("dots", ["..", "%2E%2E", ".", "%2e"])
async def test_no_path_leads_to_another_call(
    service: TestClient, upstream: Sandbox, dots: str
) -> None:
    for path in (f"/v1/tags/related/{dots}", f"/v1/gifs/categories/{dots}/tag"):
        url = str(service.make_url("")) + path
        async with service.session.get(URL(url, encoded=True)) as answer:
            assert answer.status == 404
    assert upstream.calls.count == 0


async def test_another_method_is_told_which_there_are(service: TestClient) -> None:
    answer = await said(await service.post("/v1/gifs/search", data=b"{}"))

    assert answer.headers["Allow"] == "GET,HEAD,OPTIONS"
    assert_refusal(answer, 405, "Specified method is invalid for this resource")


async def test_pages_of_any_origin_may_ask_with_headers_of_their_own(
    service: TestClient, upstream: Sandbox
) -> None:
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}

    answer = await service.options("/v1/gifs/search?q=cats", headers=asked)

    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert upstream.calls.count == 0


@pytest.mark.parametrize(
    ("fault", "status", "message"),
    [
        ("http-400", 400, "Giphy declined the call with status 400"),
        ("http-401", 401, "Giphy declined the call with status 401"),
        ("http-403", 403, "Giphy declined the call with status 403"),
        ("http-403-kong", 403, "Giphy declined the call with status 403"),
        ("http-404", 404, "Giphy has nothing there"),
        ("http-429", 429, "Giphy's quota for this key is used up"),
        ("http-429-kong", 429, "Giphy's quota for this key is used up"),
        ("http-500", 500, "Giphy failed with status 500"),
        ("http-503", 503, "Giphy failed with status 503"),
        ("html-502", 502, "Giphy failed with status 502"),
        ("redirect", 502, "Giphy answered with status 302 instead of an answer"),
        ("html", 502, "Giphy answered with something that is not its JSON"),
        ("garbage", 502, "Giphy answered with something that is not its JSON"),
        ("not-utf8", 502, "Giphy answered with something that is not its JSON"),
        ("wrong-types", 502, "Giphy answered with something that is not its JSON"),
        ("nested", 502, "Giphy answered with something that is not its JSON"),
        ("bomb", 502, "Giphy answered with a body that is far too big"),
        ("reset", 502, "Giphy's answer broke off or was no HTTP"),
        ("cut-off", 502, "Giphy's answer broke off or was no HTTP"),
        (
            "synthetic-200",
            502,
            "Giphy answered with an empty answer, as it does in an outage",
        ),
    ],
)
@pytest.mark.parametrize("path", ["/v1/gifs/trending", "/v1/gifs/random"])
async def test_what_giphy_fails_with_is_told_with_its_status_and_is_not_kept(  # noqa: PLR0913, PLR0917 - a row each
    serve: Serve,
    upstream: Sandbox,
    path: str,
    fault: str,
    status: int,
    message: str,
) -> None:
    client = await serve(settings_of(upstream))
    upstream.faults.set(fault)

    answer = await said(await client.get(path))

    assert_refusal(answer, status, message)
    assert len(client.app.container.resilience.store()) == 0
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        assert int(answer.headers["Retry-After"]) > 0


async def test_a_giphy_that_is_too_slow_is_told_so(ask: Ask, upstream: Sandbox) -> None:
    upstream.faults.set("hang")

    answer = await ask("/v1/gifs/trending")

    assert_refusal(answer, 504, "Giphy did not answer within 0.5 seconds")


async def test_calls_that_giphy_declines_do_not_shut_the_others_out(
    service: TestClient, ask: Ask, upstream: Sandbox
) -> None:
    upstream.faults.set("http-403")
    for number in range(20):
        assert (await ask("/v1/text/animate", m=f"text {number}")).status == 403
    upstream.faults.clear()

    assert service.app.container.resilience.breaker().state == "closed"
    assert (await ask("/v1/gifs/trending")).status == 200


async def test_calls_that_fail_shut_all_out_for_a_while(
    ask: Ask, upstream: Sandbox
) -> None:
    upstream.faults.set("http-500")
    for number in range(20):
        await ask("/v1/gifs/search", q=f"words {number}")
    asked = upstream.calls.count

    answer = await ask("/v1/gifs/search", q="others")

    assert (answer.status, upstream.calls.count) == (503, asked)
    assert int(answer.headers["Retry-After"]) > 0


async def test_the_end_of_the_quota_is_what_it_is_at_giphy(
    service: TestClient, ask: Ask, upstream: Sandbox
) -> None:
    for _ in range(100):
        await service.app.container.quota().take(urgent=True)

    answer = await ask("/v1/gifs/random")

    assert (answer.status, answer.json["meta"]["status"]) == (429, 429)
    assert "used up" in answer.json["meta"]["msg"]
    assert int(answer.headers["Retry-After"]) > 0
    assert upstream.calls.count == 0


async def test_what_is_kept_is_answered_while_giphy_fails(
    serve: Serve, upstream: Sandbox
) -> None:
    clock = FakeClock()
    client = await serve(settings_of(upstream), lambda made: keep_time(made, clock))
    await grow_stale(client, clock, "/v1/gifs/trending")
    upstream.faults.set("synthetic-200")
    clock.advance(700)

    answer = await said(await client.get("/v1/gifs/trending"))

    assert answer.status == 200
    assert answer.json["data"]
    assert answer.headers["Cache-Status"].startswith("GiphyNavigator; fwd=stale")
    assert int(answer.headers["Age"]) == 761


async def test_who_asks_too_often_is_told_in_giphys_words(
    serve: Serve, upstream: Sandbox
) -> None:
    giphy = GiphySettings(api_url=upstream.api_url)
    file = FileSettings(giphy=giphy, limits=LimitSettings(per_minute=1, burst=1))
    client = await serve(Settings(file, api_key=Secret(CANARY), sandbox=False))
    elsewhere = {"X-Forwarded-For": "192.0.2.1"}

    first = await client.get("/v1/gifs/trending", headers=elsewhere)
    second = await said(await client.get("/v1/gifs/trending", headers=elsewhere))

    assert first.status == 200
    assert_refusal(second, 429, "you ask too often")
    assert int(second.headers["Retry-After"]) > 0


async def test_a_fault_of_ours_is_told_with_its_id(
    app: web.Application, client: TestClient, caplog
) -> None:
    with app.container.v1.api.override(object()):
        answer = await said(await client.get("/v1/gifs/trending"))

    assert answer.status == answer.json["meta"]["status"] == 500
    (record,) = (r for r in caplog.records if "unexpected fault" in r.message)
    assert answer.json["meta"]["msg"].split()[-1] in record.message


@pytest.mark.parametrize(
    ("ceiling", "asked", "sent"),
    [
        ("g", None, "g"),
        ("g", "r", "g"),
        ("g", "pg-13", "g"),
        ("pg-13", None, "pg-13"),
        ("pg-13", "pg", "pg"),
        ("pg-13", "PG", "pg"),
        ("pg-13", "y", "g"),
        ("r", "pg-13", "pg-13"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/gifs/trending", "/v1/gifs/random", "/v1/emoji"])
async def test_no_rating_above_that_of_the_settings_is_asked_for(  # noqa: PLR0913, PLR0917 - a row each
    serve: Serve,
    upstream: Sandbox,
    path: str,
    ceiling: str,
    asked: str | None,
    sent: str,
) -> None:
    giphy = GiphySettings(api_url=upstream.api_url, rating=ceiling)
    file = FileSettings(giphy=giphy)
    settings = Settings(file, api_key=Secret(CANARY), sandbox=False)
    client = await serve(settings)

    await client.get(path, params={} if asked is None else {"rating": asked})

    assert [call.query["rating"] for call in upstream.calls] == [sent]
