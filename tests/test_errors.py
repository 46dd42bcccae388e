from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO
from unittest.mock import AsyncMock

import pytest
from aiohttp.test_utils import TestClient

from giphynavigator import errors
from giphynavigator.application import LARGEST
from giphynavigator.errors import NavigatorError
from tests.conftest import CANARY
from tests.problems import assert_problem


def everything(parent: type[NavigatorError]) -> Iterator[type[NavigatorError]]:
    for child in parent.__subclasses__():
        if child.__module__.startswith("giphynavigator."):  # and not a test's own
            yield child
            yield from everything(child)


@pytest.mark.parametrize("error", list(everything(NavigatorError)))
def test_every_error_has_a_status_from_its_parent(error: type[NavigatorError]) -> None:
    own = "status" in vars(error)

    assert isinstance(error.status, HTTPStatus)
    assert own == (error.__module__ == errors.__name__ and own)
    assert error.__doc__


async def test_an_unknown_path_is_a_problem(client: TestClient) -> None:
    answer = await client.get("/nope")

    await assert_problem(answer, 404, "Nothing matches the given URI")


async def test_a_wrong_method_says_which_are_allowed(client: TestClient) -> None:
    answer = await client.delete("/")

    assert answer.headers["Allow"] == "GET,HEAD,OPTIONS"
    detail = "Specified method is invalid for this resource"
    await assert_problem(answer, 405, detail)


async def test_a_body_that_is_too_large_is_told_how_large_it_may_be(
    client: TestClient,
) -> None:
    answer = await client.post("/notes", data=BytesIO(b" " * 2_000_000))

    await assert_problem(answer, 413, f"a body must have at most {LARGEST} bytes")


async def test_a_fault_nobody_foresaw_says_nothing_but_an_id(
    client: TestClient, giphy: AsyncMock, caplog: pytest.LogCaptureFixture
) -> None:
    giphy.search.side_effect = RuntimeError(f"/etc/passwd {CANARY}")

    answer = await client.get("/?query=cats")

    body = await answer.json()
    detail = "something went wrong here; the log knows more by this id"
    await assert_problem(answer, 500, detail, id=body["id"])
    assert f"unexpected fault {body['id']}" in caplog.text
