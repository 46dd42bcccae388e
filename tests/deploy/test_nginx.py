"""What the shipped configuration makes of requests, on their way in and out."""

import asyncio
import ssl
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientConnectorError, ClientSession, ServerDisconnectedError, web

from tests.deploy.front import NAME, OUTSIDE, Front
from tests.deploy.stand_in import StandIn
from tests.problems import assert_problem
from tests.servers import HOST, find, free_port

SPOOFED = {
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Host": "evil.example",
}


def test_nginx_finds_nothing_wrong_with_it(front: Front) -> None:
    arguments = [find("nginx"), "-t", "-q", *front.arguments()]

    checked = subprocess.run(arguments, capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stderr) == (0, "")


async def test_what_a_client_says_of_itself_goes_no_further(
    visitor: ClientSession, replica: StandIn
) -> None:
    await visitor.get("/", headers=SPOOFED)

    (asked,) = replica.asked
    told = {name: asked.headers.getall(name) for name in (*SPOOFED, "Host")}
    assert told == {
        "X-Forwarded-For": [OUTSIDE],
        "X-Forwarded-Proto": ["https"],
        "X-Forwarded-Host": [NAME],
        "Host": [NAME],
    }


async def test_a_name_in_the_request_line_counts_more_than_another_in_host(
    front: Front, replica: StandIn
) -> None:
    line = f"GET https://{NAME}/ HTTP/1.1".encode()

    await front.raw(line + b"\r\nHost: evil.example\r\nConnection: close\r\n\r\n")

    (asked,) = replica.asked
    assert asked.headers.getall("Host") == [NAME]
    assert asked.headers.getall("X-Forwarded-Host") == [NAME]


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_whoever_asks_by_another_name_gets_no_answer(
    front: Front, visitor: ClientSession, replica: StandIn, scheme: str
) -> None:
    url = front.url if scheme == "https" else front.plain_url

    with pytest.raises(ServerDisconnectedError):
        await visitor.get(f"{url}/", headers={"Host": "evil.example"})

    assert replica.asked == []


async def test_who_wants_a_certificate_for_another_name_gets_none(
    front: Front, visitor: ClientSession
) -> None:
    with pytest.raises(ClientConnectorError) as caught:
        await visitor.get(front.url.replace(NAME, "evil.example"))

    assert isinstance(caught.value.os_error, ssl.SSLError)


async def test_http_leads_to_https(front: Front, visitor: ClientSession) -> None:
    answer = await visitor.get(
        f"{front.plain_url}/gifs?query=cats", allow_redirects=False
    )

    assert answer.status == 308
    assert answer.headers["Location"] == f"https://{NAME}/gifs?query=cats"


async def test_browsers_are_told_to_stay_with_https(visitor: ClientSession) -> None:
    answer = await visitor.get("/")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/", "/metrics"])
async def test_nobody_is_told_which_release_answers(
    visitor: ClientSession, path: str
) -> None:
    answer = await visitor.get(path)

    assert answer.headers["Server"] == "nginx"
    assert "nginx/" not in await answer.text()


async def test_a_search_is_packed_and_a_note_keeps_its_strong_tag(
    visitor: ClientSession, replica: StandIn
) -> None:
    async def gives(request: web.Request) -> web.Response:
        headers = {"ETag": '"1"', "Cache-Control": "private"}
        return web.json_response("x" * 2000, headers=headers)

    replica.answer = gives
    search, note = await visitor.get("/"), await visitor.get("/notes/1")

    assert search.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in search.headers["Vary"]
    assert (search.headers["ETag"], note.headers["ETag"]) == ('W/"1"', '"1"')


async def test_a_condition_on_a_write_reaches_the_replica(
    visitor: ClientSession, replica: StandIn
) -> None:
    await visitor.put("/notes/1", headers={"If-Match": '"1"'})

    (asked,) = replica.asked
    assert asked.headers["If-Match"] == '"1"'


async def test_the_lines_of_a_batch_come_one_by_one(
    visitor: ClientSession, replica: StandIn
) -> None:
    first_was_read = asyncio.Event()

    async def streams(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"first\n")
        await first_was_read.wait()
        await response.write(b"last\n")
        return response

    replica.answer = streams
    async with visitor.get("/batch?query=cats") as answer:
        first = await answer.content.readline()
        first_was_read.set()
        last = await answer.content.readline()

    assert (first, last) == (b"first\n", b"last\n")


@pytest.mark.parametrize("path", ["/batch?query=cats", "/v1/gifs/random"])
async def test_head_does_not_become_get(
    visitor: ClientSession, replica: StandIn, path: str
) -> None:
    replica.headers["Cache-Control"] = "public, max-age=60"
    await visitor.head(path)
    await visitor.get(path)

    assert [asked.method for asked in replica.asked] == ["HEAD", "GET"]


async def test_a_websocket_passes(visitor: ClientSession, replica: StandIn) -> None:
    async def live(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str("snapshot")
        async for message in socket:
            await socket.send_str(message.data)
        return socket

    replica.answer = live
    async with visitor.ws_connect("/poll/1/live") as socket:
        first = await socket.receive_str()
        await socket.send_str("hello")
        second = await socket.receive_str()

    assert (first, second) == ("snapshot", "hello")


async def test_no_other_protocol_is_let_through(
    visitor: ClientSession, replica: StandIn
) -> None:
    await visitor.get("/", headers={"Upgrade": "h2c", "Connection": "Upgrade"})

    (asked,) = replica.asked
    assert "Connection" not in asked.headers


async def test_a_replicas_own_failure_passes_untouched_and_is_not_asked_again(
    visitor: ClientSession, replica: StandIn
) -> None:
    async def fails(request: web.Request) -> web.Response:
        return web.Response(status=503, text="mine", headers={"Retry-After": "7"})

    replica.answer = fails
    answer = await visitor.get("/")

    assert (answer.status, await answer.text()) == (503, "mine")
    assert answer.headers["Retry-After"] == "7"
    assert len(replica.asked) == 1


async def test_with_no_replica_left_the_answer_is_still_a_problem(
    certificate: Path,
) -> None:
    with Front((free_port(), free_port()), certificate) as front:
        async with front.visitor() as visitor:
            answer = await visitor.get("/?query=cats")
            detail = "no replica answers; try again in a moment"
            await assert_problem(answer, 502, detail)

    assert answer.headers["Retry-After"] == "5"


async def cuts_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a request, and end the connection in the place of an answer."""
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


@pytest.mark.parametrize(("method", "statuses"), [("GET", {200}), ("POST", {200, 502})])
async def test_only_what_may_be_asked_twice_is(
    replica: StandIn, certificate: Path, method: str, statuses: set[int]
) -> None:
    dying = await asyncio.start_server(cuts_off, HOST, 0)
    ports = (dying.sockets[0].getsockname()[1], replica.port)
    async with dying:
        with Front(ports, certificate) as front:
            async with front.visitor() as visitor:
                answers = [await visitor.request(method, "/") for _ in range(2)]

    assert {answer.status for answer in answers} == statuses


async def test_a_request_that_does_not_come_to_its_end_reaches_nobody(
    replica: StandIn, certificate: Path
) -> None:
    brief = {"client_header_timeout 10s": "client_header_timeout 1s"}
    with Front((replica.port, replica.port), certificate, brief) as front:
        answer = await front.raw(f"GET / HTTP/1.1\r\nHost: {NAME}\r\nX-S".encode())

    assert answer in {b"", b"408"} or answer.startswith(b"HTTP/1.1 408")
    assert replica.asked == []


async def test_a_body_over_the_limit_reaches_nobody(
    visitor: ClientSession, replica: StandIn
) -> None:
    answer = await visitor.post("/notes", data=BytesIO(bytes(1024 * 1024 + 1)))

    assert answer.status == 413
    assert replica.asked == []


async def test_nginx_writes_down_neither_queries_nor_keys(
    visitor: ClientSession, replica: StandIn, front: Front
) -> None:
    async def dies(request: web.Request) -> web.Response:
        request.transport.abort()
        return web.Response()

    await visitor.get("/gifs?query=secretive&api_key=secretive")
    await visitor.get("/v1/tags/related/secretive")
    replica.answer = dies
    failed = await visitor.get("/v1/gifs/search?q=secretive&api_key=secretive")

    logged = front.logged()
    assert failed.status == 502
    assert f"{OUTSIDE} " in logged
    assert '"GET /gifs" 200' in logged
    assert '"GET /v1/gifs/search" 502' in logged
    assert "secretive" not in logged
