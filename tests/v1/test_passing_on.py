"""What Giphy answers is passed on as it is, and asked for as seldom as can be."""

import asyncio
import logging

import pytest
from aiohttp.test_utils import TestClient
from yarl import URL

from giphynavigator.sandbox.application import Sandbox
from giphynavigator.sandbox.ids import Kind
from giphynavigator.sandbox.search_results import emoji, found
from giphynavigator.v1.endpoints import ENDPOINTS, KINDS
from tests.conftest import CANARY
from tests.v1.conftest import Ask

GIF, OTHER = found(Kind.GIF, "cats").ids(2, 0, ceiling=0)
EMOJI = emoji().ids(1, 0, ceiling=0)[0]
PAGED = {"limit": 2, "offset": 1}
SOMEBODY = "some" + "body"
NOBODY = {"api_key", "random_id", "customer_id", "pingback_id", "user_id"}

CALLS = {
    "/v1/{kind}/search": ("/v1/gifs/search", {"q": "cats", "lang": "de", **PAGED}),
    "/v1/{kind}/trending": ("/v1/gifs/trending", PAGED),
    "/v1/{kind}/translate": ("/v1/gifs/translate", {"s": "hello", "weirdness": 3}),
    "/v1/{kind}/random": ("/v1/gifs/random", {"tag": "cats"}),
    "/v1/{kind}/related": ("/v1/gifs/related", {"gif_id": GIF, **PAGED}),
    "/v1/{kind}": ("/v1/gifs", {"ids": f"{GIF},{OTHER}"}),
    "/v1/{kind}/{id}": (f"/v1/gifs/{GIF}", {}),
    "/v1/text/animate": ("/v1/text/animate", {"m": "Hello", **PAGED}),
    "/v1/gifs/search/tags": ("/v1/gifs/search/tags", {"q": "ca", "limit": 2}),
    "/v1/tags/related/{term}": ("/v1/tags/related/good morning", {}),
    "/v1/gifs/categories": ("/v1/gifs/categories", PAGED),
    "/v1/gifs/categories/{category}": ("/v1/gifs/categories/animals", {}),
    "/v1/gifs/categories/{category}/{tag}": ("/v1/gifs/categories/animals/cat", PAGED),
    "/v1/trending/searches": ("/v1/trending/searches", {}),
    "/v1/channels/search": ("/v1/channels/search", {"q": "luna"}),
    "/v1/emoji": ("/v1/emoji", PAGED),
    "/v2/emoji": ("/v2/emoji", {"limit": 2, "cursor": "4"}),
    "/v2/emoji/{id}/variations": (f"/v2/emoji/{EMOJI}/variations", {}),
}
BY_KIND = [
    (f"/v1/{kind}{rest}", query)
    for kind in KINDS
    for rest, query in [
        ("/search", {"q": "cats"}),
        ("/trending", {}),
        ("/translate", {"s": "hello"}),
        ("/related", {"gif_id": GIF}),
        ("", {"ids": f"{GIF},{OTHER}"}),
        (f"/{GIF}", {}),
    ]
]


def test_every_call_of_the_table_is_tried() -> None:
    assert list(CALLS) == [endpoint.path for endpoint in ENDPOINTS]


@pytest.mark.parametrize(("path", "query"), [*CALLS.values(), *BY_KIND])
async def test_an_answer_is_giphys_to_the_byte(
    ask: Ask, ask_giphy: Ask, upstream: Sandbox, path: str, query: dict
) -> None:
    answer = await ask(path, **query)

    (call,) = upstream.calls
    there = await ask_giphy(call.path, **call.query)
    assert (answer.status, answer.body) == (200, there.body)
    assert answer.json["data"]
    assert call.path == path
    assert {name: str(value) for name, value in query.items()}.items() <= (
        call.query.items()
    )


@pytest.mark.parametrize(("path", "query"), CALLS.values(), ids=CALLS)
async def test_an_answer_says_how_fresh_it_is_and_is_kept_unless_it_is_by_chance(
    ask: Ask, upstream: Sandbox, path: str, query: dict
) -> None:
    first, again = await ask(path, **query), await ask(path, **query)

    by_chance = path.endswith("/random")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Content-Type"] == "application/json"
    assert again.body == first.body
    assert upstream.calls.count == (2 if by_chance else 1)
    if by_chance:
        assert first.headers["Cache-Control"] == "no-store"
    else:
        assert first.headers["Cache-Status"].startswith("GiphyNavigator; fwd=miss")
        assert again.headers["Cache-Status"].startswith("GiphyNavigator; hit")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert 0 < int(again.headers["Cache-Control"].split("=")[1]) <= 60


@pytest.mark.parametrize(
    "same",
    [
        {"q": "  BIG   cats "},
        {"api_key": "another client's"},
        {"random_id": "abc", "customer_id": "def", "pingback_id": "ghi"},
        {"rating": "r"},
        {"lang": "undefined", "sort": "null", "bundle": ""},
        {"offset": "undefined", "colour": "red", "fmt": "html"},
    ],
    ids=str,
)
async def test_what_means_the_same_is_asked_once(
    ask: Ask, upstream: Sandbox, same: dict
) -> None:
    usual = {"q": "Big Cats", "limit": 5}
    first = await ask("/v1/gifs/search", **usual)

    second = await ask("/v1/gifs/search", **usual | same)

    assert second.body == first.body
    assert [call.query["q"] for call in upstream.calls] == ["Big Cats"]


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/v1/gifs/search", {"q": "dogs"}),
        ("/v1/gifs/search", {"limit": 6}),
        ("/v1/gifs/search", {"offset": 5}),
        ("/v1/gifs/search", {"rating": "g"}),
        ("/v1/gifs/search", {"lang": "de"}),
        ("/v1/gifs/search", {"fields": "id,url"}),
        ("/v1/gifs/search", {"bundle": "messaging_non_clips"}),
        ("/v1/gifs/search", {"country_code": "DE"}),
        ("/v1/stickers/search", {}),
        ("/v1/gifs/search/tags", {}),
    ],
    ids=str,
)
async def test_what_means_something_else_is_another_call(
    ask: Ask, upstream: Sandbox, path: str, other: dict
) -> None:
    usual = {"q": "cats", "limit": 5}
    await ask("/v1/gifs/search", **usual)

    await ask(path, **usual | other)

    assert upstream.calls.count == 2


async def test_ids_and_texts_to_draw_mean_something_else_in_capitals(
    ask: Ask, upstream: Sandbox
) -> None:
    for path, query in [
        (f"/v1/gifs/{GIF}", {}),
        (f"/v1/gifs/{GIF.swapcase()}", {}),
        ("/v1/text/animate", {"m": "hi"}),
        ("/v1/text/animate", {"m": "HI"}),
        ("/v1/gifs", {"ids": GIF}),
        ("/v1/gifs", {"ids": GIF.swapcase()}),
    ]:
        await ask(path, **query)

    assert upstream.calls.count == 6


@pytest.mark.parametrize(("path", "query"), CALLS.values(), ids=CALLS)
async def test_neither_key_nor_who_asks_is_where_it_does_not_belong(
    service: TestClient, upstream: Sandbox, caplog, path: str, query: dict
) -> None:
    caplog.set_level(logging.DEBUG, "giphynavigator")
    who = dict.fromkeys(NOBODY, SOMEBODY)

    async with service.get(path, params={**query, **who}) as answer:
        said = f"{answer.headers} {await answer.text()}"

    (call,) = upstream.calls
    assert call.query.pop("api_key") == CANARY
    assert not NOBODY & call.query.keys()
    container = service.app.container
    kept = [key for key, _ in container.resilience.store()._entries]
    inside = f"{kept} {container.ready()._prepared} {caplog.text}"
    assert SOMEBODY not in f"{call} {inside}"
    assert CANARY not in f"{said} {inside}"


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/v1/tags/related/rock%20%26%20roll", ("/v1/tags/related/rock & roll", {})),
        ("/v1/tags/related/AC%2FDC", ("/v1/tags/related/AC/DC", {})),
        ("/v1/tags/related/caf%C3%A9", ("/v1/tags/related/café", {})),
        ("/v1/gifs/search?q=R%26B%3D1", ("/v1/gifs/search", {"q": "R&B=1"})),
    ],
)
async def test_odd_words_arrive_as_they_were_written(
    service: TestClient, upstream: Sandbox, path: str, sent: tuple[str, dict]
) -> None:
    answer = await service.get(URL(path, encoded=True))

    assert answer.status in {200, 404}  # Giphy itself takes a slash for two parts
    (call,) = upstream.calls
    assert (call.path, {k: v for k, v in call.query.items() if k == "q"}) == sent


async def test_equal_calls_at_once_are_one_and_those_by_chance_are_each_their_own(
    ask: Ask, upstream: Sandbox
) -> None:
    upstream.faults.set("slow", delay=0.2)

    equal = await asyncio.gather(*(ask("/v1/gifs/trending") for _ in range(20)))
    assert upstream.calls.count == 1
    await asyncio.gather(*(ask("/v1/gifs/random", tag="cats") for _ in range(20)))

    assert {answer.status for answer in equal} == {200}
    assert upstream.calls.count == 21


async def test_who_has_an_answer_already_is_told_so(
    service: TestClient, upstream: Sandbox
) -> None:
    first = await service.get("/v1/gifs/trending")
    tag = first.headers["ETag"]

    again = await service.get("/v1/gifs/trending", headers={"If-None-Match": tag})

    assert (again.status, await again.read()) == (304, b"")
    assert upstream.calls.count == 1


async def test_a_head_costs_no_call_that_nothing_comes_of(
    service: TestClient, upstream: Sandbox
) -> None:
    assert (await service.head("/v1/gifs/random")).status == 405
    assert upstream.calls.count == 0
    assert (await service.head("/v1/gifs/trending")).status == 200
    assert (await service.get("/v1/gifs/trending")).status == 200
    assert upstream.calls.count == 1


async def test_bodies_count_among_the_bytes_that_are_kept(
    service: TestClient, ask: Ask
) -> None:
    answer = await ask("/v1/gifs/trending", limit=50)

    store = service.app.container.resilience.store()
    assert len(answer.body) > 300_000
    assert store.size >= len(answer.body)
    assert len(service.app.container.answers()._made) == 0
