"""One process: how it starts, and how it ends without cutting anybody off."""

import asyncio
import json
import signal
import socket
import subprocess
import time
import urllib.error
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from giphynavigator.application import create_app
from giphynavigator.serving import server
from giphynavigator.serving.draining import DRAINING
from giphynavigator.serving.places import Place
from giphynavigator.serving.server import (
    LIMIT,
    NOTICE,
    address,
    create_runner,
    drain,
    listen,
    on_signals,
    protocols,
    stop_listening,
)
from tests.processes import fetch, running
from tests.raw_clients import Clients
from tests.servers import NginxServer, free_port

BOTH = """
upstream both {{ server 127.0.0.1:{}; server 127.0.0.1:{}; keepalive 16; }}
server {{
    listen 127.0.0.1:{};
    location / {{
        proxy_pass http://both;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_next_upstream error timeout;
    }}
}}
"""

Ending = Callable[[web.AppRunner, asyncio.Server], Awaitable[None]]


@pytest.fixture
def quiet(tmp_path: Path) -> str:
    """A settings file without access log, which nobody would read."""
    path = tmp_path / "config.yml"
    path.write_text("log: {access: false}", encoding="utf-8")
    return str(path)


async def slow(request: web.Request) -> web.Response:
    await asyncio.sleep(0.005)  # the work
    return web.Response(text="done")


@asynccontextmanager
async def listening(
    *routes: web.RouteDef, limit: float = LIMIT
) -> AsyncIterator[tuple[web.AppRunner, asyncio.Server]]:
    """The application with a few routes more, that can be drained."""
    app = create_app()
    app.add_routes(routes)
    runner = create_runner(app, log_access=False, limit=limit)
    await runner.setup()
    listener = await listen(runner, Place("127.0.0.1", 0))
    try:
        yield runner, listener
    finally:
        listener.close()
        await runner.cleanup()
        app.container.unwire()


async def ended_under_load(end: Ending) -> Clients:
    """Fifty clients who ask while a small application comes to such an end."""
    async with listening(web.get("/slow", slow)) as (runner, listener):
        clients = Clients(address(listener) + "/slow")
        asking = [asyncio.create_task(clients.ask_until_refused()) for _ in range(50)]
        await clients.answered(500)
        await end(runner, listener)
        await asyncio.gather(*asking)
    return clients


async def test_a_plain_end_cuts_clients_off() -> None:
    async def plain(runner: web.AppRunner, listener: asyncio.Server) -> None:
        listener.close()
        # What runner.cleanup() does with connections; the application hears nothing.
        protocols(runner).pre_shutdown()
        await protocols(runner).shutdown()

    clients = await ended_under_load(plain)

    assert len(clients.dropped) > 0
    assert clients.told == 0


async def test_a_drain_cuts_nobody_off() -> None:
    async def gentle(runner: web.AppRunner, listener: asyncio.Server) -> None:
        await drain(runner, listener, 0.1)
        await runner.cleanup()

    clients = await ended_under_load(gentle)

    assert clients.dropped == []
    assert clients.told >= 50


async def test_whoever_waits_to_be_let_in_still_is() -> None:
    async with listening(web.get("/slow", slow)) as (runner, listener):
        place = listener.sockets[0].getsockname()
        # The loop does not turn meanwhile: the system alone has let them in.
        waiting = [socket.create_connection(place) for _ in range(20)]
        await stop_listening(runner, listener)

        statuses = await asyncio.gather(*(asyncio.to_thread(ask, s) for s in waiting))

    assert statuses == [b"HTTP/1.1 200 OK"] * 20
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(place)


def ask(connection: socket.socket) -> bytes:
    with connection, connection.makefile("rb") as answer:
        connection.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return answer.readline().strip()


async def test_a_stream_learns_of_the_end_and_a_long_request_is_awaited() -> None:
    begun, finish = asyncio.Event(), asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"first\n")
        await request.app[DRAINING].wait()
        await answer.write(b"last\n")
        return answer

    async def long(request: web.Request) -> web.Response:
        begun.set()
        await finish.wait()
        return web.Response(text="done")

    routes = (web.get("/stream", stream), web.get("/long", long))
    async with listening(*routes) as (runner, listener):
        streamed, stream_writer = await asked(listener, "/stream")
        waited, waited_writer = await asked(listener, "/long")
        await streamed.readuntil(b"first\n")
        await begun.wait()
        await drain(runner, listener, 0.01)
        cleaning = asyncio.create_task(runner.cleanup())
        rest = await streamed.read()
        finish.set()
        answer = await waited.read()
        await cleaning
        stream_writer.close()
        waited_writer.close()

    assert b"last\n" in rest
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.endswith(b"done")


async def test_what_still_runs_is_cut_off_at_the_limit_and_a_body_before() -> None:
    async def endless(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def upload(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    limit = 2 * NOTICE + 0.4
    routes = (web.get("/endless", endless), web.get("/upload", upload))
    async with listening(*routes, limit=limit) as (runner, listener):
        running_, writer = await asked(listener, "/endless")
        sending, sender = await asked(listener, "/upload", body_to_come=1)
        began = time.monotonic()
        ends = [asyncio.create_task(end_of(r, began)) for r in (running_, sending)]
        await drain(runner, listener)
        await runner.cleanup()
        (answer, cut_off), (refusal, body_cut_off) = await asyncio.gather(*ends)
        writer.close()
        sender.close()

    assert (answer, refusal) == (b"", b"")
    assert limit <= cut_off < limit + 0.3
    assert limit - 0.2 <= body_cut_off < limit


async def end_of(reader: asyncio.StreamReader, began: float) -> tuple[bytes, float]:
    """All that was answered, and after how many seconds the connection closed."""
    return await reader.read(), time.monotonic() - began


async def asked(
    listener: asyncio.Server, path: str, *, body_to_come: int = 0
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The answer to come, on a connection of its own."""
    reader, writer = await asyncio.open_connection(*listener.sockets[0].getsockname())
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
    writer.write(f"{head}Content-Length: {body_to_come}\r\n\r\n".encode())
    return reader, writer


async def test_a_websocket_that_opens_late_is_still_a_websocket(
    app: web.Application, aiohttp_client
) -> None:
    async def live(request: web.Request) -> web.WebSocketResponse:
        answer = web.WebSocketResponse()
        await answer.prepare(request)
        await answer.close()
        return answer

    app.add_routes([web.get("/test", live)])
    client = await aiohttp_client(app)
    app[DRAINING].set()

    async with client.ws_connect("/test") as socket_:
        assert (await socket_.receive()).type == web.WSMsgType.CLOSE


async def test_sigterm_under_fifty_clients_who_never_retry_drops_none(
    quiet: str,
) -> None:
    with running("serve", "--port", "0", "--config", quiet) as (url, process):
        clients = Clients(f"{url}/?query=cats")
        asking = [asyncio.create_task(clients.ask_until_refused()) for _ in range(50)]
        await clients.answered(500)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        status = await asyncio.to_thread(process.wait, LIMIT)
        took = time.monotonic() - began
        await asyncio.gather(*asking)

    assert (clients.dropped, set(clients.statuses)) == ([], {200})
    assert clients.told >= 50
    assert (status, took < LIMIT / 2) == (0, True)


def when_not_ready(url: str) -> urllib.error.HTTPError:
    """The answer that says so."""
    while True:
        try:
            fetch(f"{url}/readyz")
        except urllib.error.HTTPError as answer:
            return answer


def test_readiness_ends_first() -> None:
    with running("serve", "--port", "0") as (url, process):
        before = fetch(f"{url}/readyz")
        process.send_signal(signal.SIGTERM)
        after = when_not_ready(url)

        assert json.loads(before)["status"] == "ok"
        assert (after.status, json.loads(after.read())["status"]) == (503, "draining")
        assert after.headers["Connection"] == "close"
        assert process.wait(5) == 0


def test_a_second_signal_ends_at_once() -> None:
    with running("serve", "--port", "0") as (url, process):
        process.send_signal(signal.SIGINT)
        when_not_ready(url)  # so it has heard the first
        process.send_signal(signal.SIGINT)

        assert process.wait(server.NOTICE / 2) == -signal.SIGINT


@pytest.fixture
def replicas(quiet: str) -> Iterator[list[subprocess.Popen]]:
    """Two, on ports that nginx can be told."""
    with ExitStack() as stack:
        processes = []
        for _ in range(2):
            arguments = ("serve", "--port", str(free_port()), "--config", quiet)
            url, process = stack.enter_context(running(*arguments))
            process.port = int(url.rsplit(":", 1)[1])
            processes.append(process)
        yield processes


@pytest.mark.parametrize(
    ("number", "seconds"), [(signal.SIGKILL, 4), (signal.SIGTERM, 2)]
)
async def test_behind_nginx_the_end_of_a_replica_fails_nobody(
    replicas: list[subprocess.Popen], number: int, seconds: float
) -> None:
    port = free_port()
    conf = BOTH.format(*(process.port for process in replicas), port)
    with NginxServer(conf, port=port) as nginx:
        clients = Clients(f"{nginx.url}/?query=cats")
        loop = asyncio.get_running_loop()
        loop.call_later(1, replicas[0].send_signal, number)
        asking, began = [], loop.time()
        for turn in range(int(200 * seconds)):
            asking.append(asyncio.create_task(clients.ask_once()))
            await asyncio.sleep(began + (turn + 1) / 200 - loop.time())
        await asyncio.gather(*asking)

    assert (clients.dropped, set(clients.statuses)) == ([], {200})
    assert len(clients.statuses) == 200 * seconds
    assert replicas[0].wait(5) == (-number if number == signal.SIGKILL else 0)


async def test_without_the_loops_own_signals_pythons_will_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_: object) -> None:
        raise NotImplementedError

    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in server.SIGNALS}
    monkeypatch.setattr(loop, "add_signal_handler", none, raising=False)
    heard = asyncio.Event()
    try:
        on_signals(heard.set)
        signal.raise_signal(signal.SIGTERM)

        await asyncio.wait_for(heard.wait(), 1)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_without_uvloop_pythons_own_loop_will_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "uvloop", None)

    loop = server.new_event_loop()

    loop.close()
    assert loop.__class__.__module__.startswith("asyncio")
