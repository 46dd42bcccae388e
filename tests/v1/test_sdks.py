"""Giphy's official SDKs find here what they find at Giphy."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from giphynavigator.sandbox.application import Sandbox
from tests.conftest import CANARY
from tests.v1.sdks import ApiException, javascript, python

CLIENTS = 50


def address(service: TestClient) -> str:
    return str(service.make_url("/")).rstrip("/")


def giphy(upstream: Sandbox) -> str:
    return upstream.api_url.removesuffix("/v1")


def what_is_found(answer: Any) -> Any:
    """What the answer is about: the rest says whom it was made for and when."""
    if isinstance(answer, dict):
        hidden = ("meta", "response_id", "images", "analytics")
        return {
            name: what_is_found(value)
            for name, value in answer.items()
            if not name.startswith(hidden)
        }
    return list(map(what_is_found, answer)) if isinstance(answer, list) else answer


async def test_every_method_of_the_javascript_sdk_finds_what_it_finds_at_giphy(
    service: TestClient, upstream: Sandbox
) -> None:
    here = await javascript("every_method.js", address(service), "any")
    there = await javascript("every_method.js", giphy(upstream), "any")

    assert set(here["answers"]) == set(here["methods"])
    for answers in (here["answers"], there["answers"]):
        for answer in answers.pop("random"):
            assert answer["data"]["id"].startswith("cats")
    assert what_is_found(here) == what_is_found(there)
    assert len(here["paginated"]) == 6
    (one,) = here["answers"]["gif"]
    assert isinstance(one["data"]["images"]["original"]["width"], int)


async def test_every_method_of_the_python_sdk_finds_what_it_finds_at_giphy(
    service: TestClient, upstream: Sandbox
) -> None:
    here = await asyncio.to_thread(every_method, address(service))
    there = await asyncio.to_thread(every_method, giphy(upstream))

    public = [name for name in dir(python("")) if re.fullmatch(r"[a-z_]+_get", name)]
    assert set(here) == set(public)
    for answers in (here, there):
        for name in ("gifs_random_get", "stickers_random_get"):
            assert answers.pop(name)["data"]["id"].startswith("cats")
    assert what_is_found(here) == what_is_found(there)
    assert here["gifs_search_get"]["pagination"]["count"] == 3


def every_method(server: str) -> dict[str, Any]:
    """Call every method of the Python SDK, and return what each answers."""
    sdk, page = python(server), {"limit": 2, "offset": 1}
    ids = [gif.id for gif in sdk.gifs_search_get("any", "cats", limit=3).data]
    calls: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
        "gifs_search_get": (("cats",), {"limit": 3, "rating": "pg", "lang": "de"}),
        "gifs_trending_get": ((), {"limit": 3, "rating": "g", "fmt": "json"}),
        "gifs_translate_get": (("good morning",), {}),
        "gifs_random_get": ((), {"tag": "cats"}),
        "gifs_get": ((",".join(ids),), {}),
        "gifs_gif_id_get": ((ids[0],), {}),
        "gifs_categories_get": ((), {"limit": 3}),
        "gifs_categories_category_get": (("animals",), page),
        "gifs_categories_category_tag_get": (("animals", "cat"), page),
        "stickers_search_get": (("cats",), page),
        "stickers_trending_get": ((), {}),
        "stickers_translate_get": (("good morning",), {}),
        "stickers_random_get": ((), {"tag": "cats"}),
    }
    return {
        name: getattr(sdk, name)("any", *arguments, **more).to_dict()
        for name, (arguments, more) in calls.items()
    }


async def test_equal_searches_of_fifty_javascript_clients_are_one_call(
    service: TestClient, upstream: Sandbox
) -> None:
    upstream.faults.set("slow", delay=0.3)
    await javascript("one_search_each.js", giphy(upstream), CLIENTS)
    assert upstream.calls.count == CLIENTS
    upstream.calls.clear()

    found = await javascript("one_search_each.js", address(service), CLIENTS)

    assert len(found) == CLIENTS
    assert {len(ids) for ids in found} == {5}
    assert upstream.calls.count == 1


async def test_equal_searches_of_fifty_python_clients_are_one_call(
    service: TestClient, upstream: Sandbox
) -> None:
    upstream.faults.set("slow", delay=0.3)

    def search(number: int) -> list[str]:
        sdk = python(address(service))
        found = sdk.gifs_search_get(f"key of client {number}", "cats", limit=5)
        return [gif.id for gif in found.data]

    with_threads = (asyncio.to_thread(search, number) for number in range(CLIENTS))
    found = await asyncio.gather(*with_threads)

    assert {len(ids) for ids in found} == {5}
    assert upstream.calls.count == 1


@pytest.mark.parametrize(
    ("method", "argument", "status", "message"),
    [
        ("gif", "made1up2x", 404, "Giphy has nothing there"),
        ("search", "x" * 51, 414, "q must be at most 50 characters"),
        ("search", "", 400, "q is missing"),
    ],
)
async def test_what_is_not_to_be_had_is_the_javascript_sdks_own_error(
    service: TestClient, method: str, argument: str, status: int, message: str
) -> None:
    error = await javascript("refused.js", address(service), method, argument)

    assert (error["known"], error["status"]) == (True, status)
    assert error["message"].startswith(f"@giphy/js-fetch-api: {message}")


async def test_what_is_not_to_be_had_is_the_python_sdks_own_error(
    service: TestClient,
) -> None:
    with pytest.raises(ApiException) as raised:
        await asyncio.to_thread(
            python(address(service)).gifs_gif_id_get, "any", "made1up2x"
        )

    assert raised.value.status == 404
    assert "Giphy has nothing there" in raised.value.body
    assert CANARY not in str(raised.value)
