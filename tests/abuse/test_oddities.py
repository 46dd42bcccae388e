"""Requests that aiohttp itself stumbles over, each of which once was a 500."""

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient

from giphynavigator.web.forms import LARGEST
from tests.abuse.attacker import Attacker
from tests.abuse.attacks import ODD, PARTED, PARTS, get, post

BROKEN = PARTS.replace(b"Content-Disposition: ", b"Content-Disposition\n")


async def test_a_header_that_is_no_text_asks_for_no_websocket(
    client: TestClient,
) -> None:
    attacker = Attacker(client.host, client.port)

    said = await attacker.send(get("/poll/1/live", b"Upgrade: \x80websocket"))

    assert said.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("body", [ODD, BROKEN, PARTS[:-9]])
async def test_parts_that_are_none_are_refused(client: TestClient, body: bytes) -> None:
    attacker = Attacker(client.host, client.port)
    size = f"Content-Length: {len(body)}"

    said = await attacker.send(post("/poll/1/vote", body, PARTED, size))

    assert said.startswith(b"HTTP/1.1 400 ")
    assert b'"parameter":"body"' in said


async def test_parts_that_are_too_large_are_refused(client: TestClient) -> None:
    form = FormData(default_to_multipart=True)
    form.add_field("choice", "1" * 300_000)

    answer = await client.post("/poll/1/vote", data=form)

    assert answer.status == 413


async def test_a_form_that_is_too_long_is_not_looked_at(client: TestClient) -> None:
    answer = await client.post(
        "/poll/1/vote",
        data=b"%" * (LARGEST + 1),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status == 413


async def test_a_token_that_is_far_too_long_is_none(client: TestClient) -> None:
    answer = await client.post("/session", data={"token": "%" * 9000})

    assert answer.status == 401
