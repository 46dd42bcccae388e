"""What is answered again goes out in one piece, and is as aiohttp would have it."""

import asyncio
import logging
import re

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from giphynavigator.logs import cache_state
from giphynavigator.serving.draining import DRAINING
from giphynavigator.web import replies
from giphynavigator.web.again import Again

TARGET = "/?query=cats&limit=2"
USUAL = ("Host: localhost", "X-Request-ID: mine")


async def asked(
    client: TestClient, *headers: str, line: str = f"GET {TARGET} HTTP/1.1"
) -> tuple[list[str], bytes]:
    """Ask on a connection of its own; give the lines of the head, and the body."""
    reader, writer = await asyncio.open_connection(client.host, client.port)
    try:
        writer.write("\r\n".join([line, *headers, "", ""]).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        (length,) = (int(row.split()[1]) for row in head if row.startswith("Content-L"))
        is_head = line.startswith("HEAD")
        return sorted(filter(None, head)), await reader.readexactly(
            0 if is_head else length
        )
    finally:
        writer.close()


def undated(head: list[str]) -> list[str]:
    """The lines without what the seconds change."""
    return [re.sub(r"(Date:|ttl=|max-age=).*", r"\1", row) for row in head]


@pytest.fixture
async def warm(client: TestClient) -> TestClient:
    """The service, with a reply that is ready."""
    for _ in range(2):
        await client.get(TARGET)
    return client


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> list[Again]:
    """The answers that were prepared to go in one piece."""
    made: list[Again] = []

    class Noted(Again):
        def __init__(self, *args) -> None:
            super().__init__(*args)
            made.append(self)

    monkeypatch.setattr(replies, "Again", Noted)
    return made


async def test_it_is_what_aiohttp_makes_of_it_to_the_last_header(
    warm: TestClient, again: list[Again], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_one_piece = await asked(warm, *USUAL)
    monkeypatch.setattr(replies, "may_go_again", lambda request: False)
    put_together = await asked(warm, *USUAL)

    assert len(again) == 1
    assert "X-Request-ID: mine" in in_one_piece[0]
    assert undated(in_one_piece[0]) == undated(put_together[0])
    assert in_one_piece[1] == put_together[1]


async def test_one_connection_is_answered_again_and_again(
    warm: TestClient, again: list[Again]
) -> None:
    answers = [await warm.get(TARGET) for _ in range(5)]

    bodies = {await answer.read() for answer in answers}
    assert len(bodies) == 1
    assert len(again) == 5
    assert [one.keep_alive for one in again] == [True] * 5


@pytest.mark.parametrize(
    ("line", "headers", "first"),
    [
        (f"GET {TARGET} HTTP/1.0", (), "HTTP/1.0 200 OK"),
        (f"GET {TARGET} HTTP/1.1", ("Connection: close",), "Connection: close"),
        (f"HEAD {TARGET} HTTP/1.1", (), "HTTP/1.1 200 OK"),
    ],
)
async def test_a_request_that_is_none_of_the_usual_is_answered_as_it_asks(
    warm: TestClient, again: list[Again], line: str, headers: tuple[str, ...], first
) -> None:
    head, body = await asked(warm, *USUAL, *headers, line=line)

    assert first in head
    assert any("hit" in row for row in head)
    assert bool(body) == line.startswith("GET")
    assert again == []


async def test_while_the_service_drains_it_says_that_the_connection_closes(
    warm: TestClient, again: list[Again]
) -> None:
    before = await asked(warm, *USUAL)
    warm.app[DRAINING].set()
    head, body = await asked(warm, *USUAL)

    assert "Connection: close" in head
    assert body == before[1]
    assert len(again) == 2


async def test_a_header_that_somebody_adds_is_sent(
    warm: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_more(*args) -> web.StreamResponse:
        response = Again(*args)
        response.headers["X-More"] = "yes"
        return response

    monkeypatch.setattr(replies, "Again", with_more)
    head, body = await asked(warm, *USUAL)

    assert "X-More: yes" in head
    assert body.startswith(b"{")


async def test_media_of_the_sandbox_have_the_services_own_address(
    client: TestClient,
) -> None:
    for _ in range(3):
        answer = await client.get("/gifs?query=cats&limit=1")
        (gif,) = (await answer.json())["gifs"]

        place = f"http://{client.host}:{client.port}/sandbox/media/"
        assert gif["original"]["url"].startswith(place)


async def test_it_can_be_told_from_one_that_is_still_to_be_sent(
    warm: TestClient, again: list[Again]
) -> None:
    await warm.get(TARGET)

    (sent,) = again
    waiting = Again(sent.reply)
    assert (sent.prepared, waiting.prepared) == (True, False)
    assert (repr(sent), repr(waiting)) == ("<Again, sent>", "<Again, not sent yet>")
    assert cache_state(sent) == "hit"


async def test_who_hung_up_meanwhile_harms_nobody(
    warm: TestClient, again: list[Again], caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection(warm.host, warm.port)
    writer.write(f"GET {TARGET} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 200)
    writer.transport.abort()
    answer = await warm.get(TARGET)

    assert answer.status == 200
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
