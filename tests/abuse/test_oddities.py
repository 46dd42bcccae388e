"""Requests that aiohttp itself stumbles over, each of which once was a 500."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, FormData, web
from aiohttp.test_utils import TestClient
from dependency_injector import providers

from giphynavigator.polls.services import PollService
from giphynavigator.serving.places import Place
from giphynavigator.serving.server import address, create_runner, listen
from giphynavigator.web.forms import LARGEST
from tests.abuse.attacker import Attacker
from tests.abuse.attacks import ODD, PARTED, PARTS, get, post
from tests.fakes import until

HANDSHAKE = (
    b"Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
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


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[tuple[str, web.Server]]:
    """The application as `serve` has it, where a handler outlives its client."""
    runner = create_runner(app, log_access=False)
    await runner.setup()
    listener = await listen(runner, Place("127.0.0.1", 0))
    try:
        yield address(listener), runner.server
    finally:
        listener.close()
        await runner.cleanup()


async def test_a_listener_who_is_gone_before_he_is_let_in_is_no_fault(
    app: web.Application, caplog: pytest.LogCaptureFixture
) -> None:
    poll = {"question": "Which?", "choices": [{"text": "a"}, {"text": "b"}]}
    polls = app.container.polls
    async with served(app) as (url, server):
        async with (
            ClientSession(url) as client,
            client.post("/polls", json=poll) as made,
        ):
            where = made.headers["Location"].encode()
        slow = Slow(polls.poll_service())
        with polls.poll_service.override(providers.Object(slow)):
            async with Attacker(*address_in(url)).connection() as (_, writer):
                writer.write(b"GET %b/live HTTP/1.1\r\n%b" % (where, HANDSHAKE))
                await slow.begun.wait()
            await until(lambda: not any(one.transport for one in server.connections))
            slow.gone.set()
            await until(lambda: slow.ended)

    assert "unexpected fault" not in caplog.text


def address_in(url: str) -> tuple[str, int]:
    host, port = url.removeprefix("http://").split(":")
    return host, int(port)


class Slow:
    """A PollService that looks at polls when it is told that the listener has gone."""

    def __init__(self, service: PollService) -> None:
        self._service = service
        self.begun, self.gone = asyncio.Event(), asyncio.Event()
        self.ended = False

    async def see(self, *arguments: object, **more: object) -> object:
        self.begun.set()
        await self.gone.wait()
        try:
            return await self._service.see(*arguments, **more)
        finally:
            asyncio.get_running_loop().call_soon(setattr, self, "ended", True)
