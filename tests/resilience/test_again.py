"""What is answered again goes out in one piece, and is as aiohttp would have it."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from giphynavigator.logs import cache_state
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.serving.draining import DRAINING
from giphynavigator.web.again import Again
from tests.conftest import asking
from tests.fakes import until
from tests.metrics.reading import scrape

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
    return sorted(re.sub(r"(Date:|ttl=|max-age=).*", r"\1", row) for row in head)


@pytest.fixture
def again(app: web.Application) -> list[Again]:
    """The answers that could go in one piece; what is in X-Add is added to them."""
    made: list[Again] = []

    @web.middleware
    async def note(request: web.Request, handler) -> web.StreamResponse:
        response = await handler(request)
        if isinstance(response, Again):
            made.append(response)
            if "X-Add" in request.headers:
                response.headers["X-More"] = request.headers["X-Add"]
        return response

    app.middlewares.append(note)
    return made


@pytest.fixture
async def warm(app: web.Application, again: list[Again], aiohttp_client) -> TestClient:
    """The service, with a reply that is ready."""
    client = await aiohttp_client(app)
    for _ in range(2):
        await client.get(TARGET)
    return client


async def test_it_is_what_aiohttp_makes_of_it_to_the_last_header(
    warm: TestClient, again: list[Again]
) -> None:
    in_one_piece = await asked(warm, *USUAL)
    put_together = await asked(warm, *USUAL, "X-Add: yes")

    assert ["Date" in each.headers for each in again] == [False, True]
    assert "X-Request-ID: mine" in in_one_piece[0]
    assert undated([*in_one_piece[0], "X-More: yes"]) == undated(put_together[0])
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
        (
            f"GET {TARGET} HTTP/1.0",
            ("Connection: keep-alive",),
            "Connection: keep-alive",
        ),
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
    answer = await warm.get(TARGET)

    (sent,) = again
    waiting = Again(sent.reply)
    assert (sent.prepared, waiting.prepared) == (True, False)
    assert sent.body_length > len(await answer.read()) > waiting.body_length == 0
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


async def test_the_head_says_the_time_at_which_it_was_made(warm: TestClient) -> None:
    answer = await warm.get(TARGET)

    age = time.time() - parsedate_to_datetime(answer.headers["Date"]).timestamp()
    ttl = answer.headers["Cache-Status"].rpartition("=")[2]
    assert 0 <= age < 2.5
    assert answer.headers["Cache-Control"] == f"public, max-age={ttl}"


@pytest.mark.parametrize(
    "change",
    [
        lambda response: response.headers.update({"Cache-Control": "no-cache"}),
        lambda response: response.headers.pop("ETag"),
        lambda response: response.set_status(203),
        lambda response: response.set_cookie("mine", "1"),
        lambda response: response.enable_compression(),
    ],
    ids=["another value", "a header less", "a status", "a cookie", "a coding"],
)
async def test_whatever_is_changed_on_its_way_is_heeded(
    app: web.Application, aiohttp_client, change: Callable[[web.Response], object]
) -> None:
    @web.middleware
    async def changing(request: web.Request, handler) -> web.StreamResponse:
        response = await handler(request)
        if request.query.get("limit") == "2":
            change(response)
        return response

    app.middlewares.append(changing)
    client = await aiohttp_client(app)
    kept, anew = [await said(client, TARGET) for _ in range(3)][1:]

    assert anew == kept
    assert anew != await said(client, "/?query=cats&limit=3")


async def said(client: TestClient, target: str) -> tuple[int, dict[str, str]]:
    """The status and the headers, without what differs each time or by length."""
    answer = await client.get(target)
    headers = dict(answer.headers)
    for name in ("Date", "X-Request-ID", "Content-Length", "ETag"):
        if name in headers:
            headers[name] = ""
    return answer.status, headers | fleeting(headers)


def fleeting(headers: Mapping[str, str]) -> dict[str, str]:
    """What the seconds change, without them."""
    names = ("Cache-Status", "Cache-Control")
    return {name: re.sub(r"(ttl=|max-age=).*", r"\1", headers[name]) for name in names}


async def test_who_listens_to_all_answers_is_told_of_it(
    app: web.Application, aiohttp_client
) -> None:
    async def mark(_: web.Request, response: web.StreamResponse) -> None:
        response.headers["X-Marked"] = "yes"

    app.on_response_prepare.append(mark)
    client = await aiohttp_client(app)

    answers = [await client.get(TARGET) for _ in range(3)]

    assert [answer.headers["X-Marked"] for answer in answers] == 3 * ["yes"]


@pytest.mark.parametrize(
    "odd", ["", "a b", "<b>", "a\tb", "\xe9", 65 * "x", "x, X-More: 1", "%0d%0aX:1"]
)
async def test_an_id_that_could_be_more_than_an_id_is_not_sent_back(
    warm: TestClient, again: list[Again], odd: str
) -> None:
    head, _ = await asked(warm, "Host: localhost", f"X-Request-ID: {odd}")

    (line,) = (row for row in head if row.startswith("X-Request-ID"))
    assert re.fullmatch(r"X-Request-ID: [0-9a-f]{12}-[0-9a-f]+", line)
    assert len(again) == 1


async def test_it_is_counted_as_any_other(warm: TestClient, again: list[Again]) -> None:
    labels = {"route": "/", "method": "GET", "status": "200"}
    before = await scrape(warm)
    for _ in range(5):
        await warm.get(TARGET)
    after = await scrape(warm)

    def more(name: str, **labels: str) -> float:
        return after(name, **labels) - before(name, **labels)

    assert len(again) == 5
    assert more("http_requests_total", **labels) == 5
    assert more("page_lookups_total", outcome="hit") == 5


async def test_who_has_it_already_is_not_sent_it_again(
    warm: TestClient, again: list[Again]
) -> None:
    tag = (await warm.get(TARGET)).headers["ETag"]
    answer = await warm.get(TARGET, headers={"If-None-Match": f"W/{tag}"})

    assert (answer.status, await answer.read()) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert len(again) == 1


async def test_a_body_that_nobody_wants_is_asked_for_and_passed_over(
    warm: TestClient, again: list[Again]
) -> None:
    reader, writer = await asyncio.open_connection(warm.host, warm.port)
    lines = (f"GET {TARGET} HTTP/1.1", *USUAL)
    expecting = (*lines, "Expect: 100-continue", "Content-Length: 2", "", "")

    writer.write("\r\n".join(expecting).encode())
    first = await reader.readuntil(b"\r\n\r\n")
    second = await answer_of(reader)
    writer.write("\r\n".join(("{}" + lines[0], *lines[1:], "", "")).encode())
    third = await answer_of(reader)

    writer.close()
    assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert second == third
    assert len(again) == 2


async def answer_of(reader: asyncio.StreamReader) -> bytes:
    """The body of the next answer on a connection, which must be a 200."""
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    return await reader.readexactly(int(re.search(rb"Length: (\d+)", head)[1]))


async def test_what_is_asked_in_a_row_is_answered_in_that_row(
    warm: TestClient, again: list[Again]
) -> None:
    reader, writer = await asyncio.open_connection(warm.host, warm.port)
    targets = 20 * [TARGET, "/?query=dogs&limit=1", "/?limit=ten"]

    for number, target in enumerate(targets):
        lines = (f"GET {target} HTTP/1.1", "Host: localhost", f"X-Request-ID: {number}")
        writer.write("\r\n".join((*lines, "", "")).encode())
    heads = [await head_of(reader) for _ in targets]

    writer.close()
    assert [head[b"X-Request-ID"] for head in heads] == [
        b"%d" % number for number in range(60)
    ]
    assert [head[b"status"] for head in heads] == 20 * [b"200", b"200", b"400"]
    assert len(again) >= 20


async def head_of(reader: asyncio.StreamReader) -> dict[bytes, bytes]:
    """The head of the next answer on a connection, whose body is passed over."""
    first, *rows = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    head = dict(row.split(b": ", 1) for row in rows if row)
    await reader.readexactly(int(head[b"Content-Length"]))
    return {**head, b"status": first.split()[1]}


LONG = "/gifs?query=cats&limit=50"
MANY = 1_000
"""Answers of 25 KB: more than the system keeps for who does not read."""


async def test_of_who_does_not_read_one_answer_waits_and_nobody_else(
    upstream: Sandbox, serving
) -> None:
    service = await serving(asking(upstream.api_url))
    size = len(await (await service.get(LONG)).read())
    _, writer = await asyncio.open_connection(service.host, service.port, limit=1)
    writer.write(f"GET {LONG} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * MANY)

    await until(lambda: paused(service) != [])
    (connection,) = paused(service)
    waiting = connection.transport.get_write_buffer_size()
    answer = await service.get(LONG)

    assert waiting < 3 * (size + 65_536)
    assert len(await answer.read()) == size
    writer.transport.abort()
    await until(lambda: paused(service) == [])


def paused(client: TestClient) -> list[web.RequestHandler]:
    """The connections on which the service waits until somebody reads."""
    return [c for c in client.server.handler.connections if c.writing_paused]
