from unittest.mock import AsyncMock

import pytest
from aiohttp.test_utils import TestClient

from giphynavigator.sandbox.application import Sandbox
from giphynavigator.services import SearchService
from tests.conftest import CANARY
from tests.problems import assert_problem

WHOLE = "a whole number from 1 to 50"


@pytest.mark.parametrize(
    "limit",
    ["ten", "0", "-1", "51", "1e3", "5.0", "", "99999999999999999999", "9" * 5000],
)
async def test_a_limit_out_of_bounds_is_refused(
    client: TestClient, giphy: AsyncMock, limit: str
) -> None:
    answer = await client.get("/", params={"query": "cats", "limit": limit})

    assert answer.status == 400
    body = await answer.json()
    assert body["parameter"] == "limit"
    assert body["detail"].startswith(f"limit must be {WHOLE}, not '{limit[:20]}")
    assert giphy.search.await_count == 0


@pytest.mark.parametrize(
    ("path", "detail", "parameter"),
    [
        ("/?query=" + "x" * 51, "query must be at most 50 characters", "query"),
        ("/?limit=1&limit=2", "limit may be given once only", "limit"),
        (
            "/?colour=red",
            "there is no parameter 'colour'; known: query, limit",
            "colour",
        ),
        ("/gifs?offset=5000", "offset must be a whole number from 0 to 4999", "offset"),
        ("/gifs?rating=x", "rating must be one of g, pg, pg-13, r, not 'x'", "rating"),
        ("/gifs?rating=pg", "rating must be one of g, not 'pg'", "rating"),
        ("/gifs?lang=xx", "lang must be one of ar, bn, cs, ", "lang"),
        ("/gifs/trending?offset=500", "offset must be a whole number from", "offset"),
        ("/gifs/trending?query=cats", "there is no parameter 'query'; known", "query"),
        ("/gifs/a.b", "id must be 1 to 64 letters, digits, hyphens", "id"),
        ("/gifs/abc%20", "id must be 1 to 64 letters, digits, hyphens", "id"),
        ("/gifs/abc?x=1", "there is no parameter 'x'; known: none", "x"),
        (
            "/suggestions?limit=5",
            "there is no parameter 'limit'; known: query",
            "limit",
        ),
    ],
)
async def test_a_bad_parameter_is_named_with_what_is_allowed(
    client: TestClient, giphy: AsyncMock, path: str, detail: str, parameter: str
) -> None:
    answer = await client.get(path)

    body = await answer.json()
    assert (answer.status, body["parameter"]) == (400, parameter)
    assert body["detail"].startswith(detail)
    assert answer.content_type == "application/problem+json"
    assert giphy.mock_calls == []


async def test_a_query_comes_back_unharmed(client: TestClient) -> None:
    answer = await client.get("/", params={"query": " żółw 🐢 ☃ ", "limit": 5})

    body = await answer.json()
    assert body["query"] == "żółw 🐢 ☃"
    assert len(body["gifs"]) == 5


@pytest.mark.parametrize("query", ["", "  "])
async def test_an_empty_query_costs_no_call(
    service: TestClient, upstream: Sandbox, query: str
) -> None:
    answer = await service.get("/", params={"query": query, "limit": 3})
    rich = await service.get("/gifs", params={"query": query})

    assert await answer.json() == {"query": "", "limit": 3, "gifs": []}
    assert (await rich.json())["gifs"] == []
    assert upstream.calls.count == 0


async def test_giphy_is_asked_with_the_callers_words_and_the_key(
    service: TestClient, upstream: Sandbox
) -> None:
    answer = await service.get("/", params={"query": "wow,it works", "limit": "5"})

    body = await answer.json()
    (call,) = upstream.calls
    assert (body["query"], body["limit"], len(body["gifs"])) == ("wow,it works", 5, 5)
    assert all(list(gif) == ["url"] for gif in body["gifs"])
    assert call.path == "/v1/gifs/search"
    assert call.query["api_key"] == CANARY
    assert call.query["q"] == "wow,it works"


async def test_a_rich_gif_has_numbers_for_numbers(service: TestClient) -> None:
    answer = await service.get("/gifs", params={"query": "cats", "limit": 50})

    body = await answer.json()
    assert {key: body[key] for key in ("query", "limit", "offset", "attribution")} == {
        "query": "cats",
        "limit": 50,
        "offset": 0,
        "attribution": "Powered By GIPHY",
    }
    assert len(body["gifs"]) == 50
    for gif in body["gifs"]:
        assert set(gif) == {
            *("id", "url", "title", "rating", "alt_text", "username"),
            *("preview", "still", "original"),
        }
        for rendition in filter(None, (gif["preview"], gif["still"], gif["original"])):
            kinds = {key: type(value) for key, value in rendition.items()}
            assert kinds == {"url": str, "width": int, "height": int, "bytes": int}


async def test_a_slice_may_lie_across_two_pages(
    service: TestClient, upstream: Sandbox
) -> None:
    first = await (await service.get("/gifs?query=cats&limit=50")).json()
    second = await (await service.get("/gifs?query=cats&limit=50&offset=50")).json()
    across = await (await service.get("/gifs?query=cats&limit=40&offset=30")).json()

    assert across["gifs"] == first["gifs"][30:] + second["gifs"][:20]


async def test_a_slice_ends_where_giphys_list_ends(
    client: TestClient, giphy: AsyncMock
) -> None:
    full = {"data": [{"id": str(n), "url": f"https://x/{n}"} for n in range(50)]}
    giphy.search.return_value = giphy.trending.return_value = full

    gifs = await (await client.get("/gifs?query=cats&limit=50&offset=4999")).json()
    popular = await (await client.get("/gifs/trending?limit=9&offset=495")).json()

    assert (len(gifs["gifs"]), len(popular["gifs"])) == (1, 5)
    assert giphy.search.await_args.kwargs["offset"] == 4950


async def test_the_language_and_rating_of_the_settings_are_asked_for(
    client: TestClient, giphy: AsyncMock
) -> None:
    client.app.container.config.giphy.lang.from_value("de")

    await client.get("/?query=cats")
    await client.get("/gifs?query=cats&lang=fr")

    asked = [call.kwargs for call in giphy.search.await_args_list]
    assert [(kw["lang"], kw["rating"]) for kw in asked] == [("de", "g"), ("fr", "g")]


async def test_the_service_may_be_overridden_at_its_top(client: TestClient) -> None:
    service = AsyncMock(spec=SearchService)
    service.search.return_value = [{"url": "https://giphy.com/gifs/one"}]

    with client.app.container.search_service.override(service):
        body = await (await client.get("/?limit=3")).json()

    assert body == {
        "query": "Dependency Injector",
        "limit": 3,
        "gifs": [{"url": "https://giphy.com/gifs/one"}],
    }


async def test_a_gif_without_an_address_is_left_out(
    service: TestClient, upstream: Sandbox
) -> None:
    upstream.faults.set("no-urls")

    links = await service.get("/?query=cats")
    rich = await service.get("/gifs?query=cats")

    assert (links.status, rich.status) == (200, 200)
    assert len((await links.json())["gifs"]) == len((await rich.json())["gifs"])


async def test_the_favicon_is_a_picture(client: TestClient) -> None:
    answer = await client.get("/favicon.ico")

    assert answer.status == 200
    assert (await answer.read()).startswith(b"\x00\x00\x01\x00")


async def test_one_gif_is_found_by_its_id(service: TestClient) -> None:
    listed = (await (await service.get("/gifs?query=cats&limit=1")).json())["gifs"][0]

    answer = await service.get(f"/gifs/{listed['id']}")

    found = await answer.json()
    names = ("id", "url", "title", "rating", "alt_text", "username")
    assert [found[name] for name in names] == [listed[name] for name in names]
    assert found["original"]["bytes"] == listed["original"]["bytes"]


@pytest.mark.parametrize("gif_id", ["doesNotExist00", "search", "categories"])
async def test_a_gif_that_giphy_does_not_have_is_not_found(
    service: TestClient, gif_id: str
) -> None:
    answer = await service.get(f"/gifs/{gif_id}")

    await assert_problem(answer, 404, f"there is no GIF '{gif_id}'")


async def test_a_random_gif_is_one_of_those_that_the_search_finds(
    service: TestClient,
) -> None:
    listed = await (await service.get("/gifs?query=cats&limit=50")).json()

    picked = await (await service.get("/gifs/random?query=cats")).json()

    assert picked in listed["gifs"]


async def test_a_random_gif_without_words_is_one_of_the_popular(
    service: TestClient,
) -> None:
    listed = await (await service.get("/gifs/trending?limit=50")).json()

    picked = await (await service.get("/gifs/random")).json()

    assert picked in listed["gifs"]


async def test_nothing_to_pick_from_is_not_found(service: TestClient) -> None:
    answer = await service.get("/gifs/random?query=nothing")

    await assert_problem(answer, 404, "there is no GIF for 'nothing'")


async def test_suggestions_complete_the_words(service: TestClient) -> None:
    body = await (await service.get("/suggestions?query=ca")).json()

    assert 0 < len(body["suggestions"]) <= 10
    assert all(isinstance(word, str) for word in body["suggestions"])


async def test_suggestions_without_words_are_what_is_popular(
    service: TestClient, upstream: Sandbox
) -> None:
    body = await (await service.get("/suggestions")).json()

    assert len(body["suggestions"]) > 0
    assert [call.path for call in upstream.calls] == ["/v1/trending/searches"]


async def test_any_origin_may_read_answers_and_errors(service: TestClient) -> None:
    for path in ("/", "/gifs", "/gifs/trending", "/suggestions", "/?limit=0", "/nope"):
        answer = await service.get(path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*", path


async def test_the_quota_says_what_is_left(service: TestClient) -> None:
    await service.get("/?query=cats")

    body = await (await service.get("/quota")).json()

    assert (body["limit"], body["used"], body["left"]) == (100, 1, 99)
    assert 3500 < body["resets_in"] <= 3600


async def test_against_the_sandbox_there_is_no_quota(client: TestClient) -> None:
    body = await (await client.get("/quota")).json()

    assert body == {"limit": None, "used": None, "left": None, "resets_in": None}
