"""What doctor sees of Giphy, and of the calls that are left."""

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from giphynavigator.sandbox.application import Sandbox
from tests.conftest import CANARY
from tests.doctor.asking import at, doctor, line_of, run
from tests.servers import RedisServer, free_port


async def test_giphy_is_reached_without_a_call(config: Path, upstream: Sandbox) -> None:
    environ = {"GIPHY_API_URL": upstream.api_url, "GIPHY_API_KEY": CANARY}

    silent = await doctor(config, **environ)
    before = upstream.calls.count
    online = await doctor(config, "--online", **environ)

    assert (before, upstream.calls.count) == (0, 1)
    assert " is there, after " in line_of(silent, "giphy")
    assert line_of(silent, "giphy").endswith(
        "-> --online spends one call to try the key"
    )
    assert line_of(online, "giphy") == f"ok   giphy     {upstream.api_url} answers"
    assert CANARY not in silent.output + online.output


@pytest.mark.parametrize(
    ("fault", "health", "words"),
    [
        ("http-403", "BAD ", "status 403 -> check GIPHY_API_KEY"),
        ("http-429", "warn", "-> wait, or ask for a larger quota"),
        ("http-500", "BAD ", "status 500 -> check giphy.api_url and the network"),
        ("synthetic-200", "BAD ", "-> check giphy.api_url and the network"),
        ("hang", "BAD ", "-> check giphy.api_url and the network"),
    ],
)
async def test_how_giphy_fails_is_told(
    config: Path, upstream: Sandbox, fault: str, health: str, words: str
) -> None:
    upstream.faults.set(fault)
    environ = {"GIPHY_API_URL": upstream.api_url, "GIPHY_API_KEY": CANARY}

    done = await doctor(config, "--online", **environ)

    line = line_of(done, "giphy")
    assert line.startswith(health)
    assert line.endswith(words)
    assert done.exit_code == (1 if health == "BAD " else 0)
    assert CANARY not in done.output


@pytest.mark.parametrize("options", [(), ("--online",)])
async def test_a_giphy_that_is_away_is_bad(
    config: Path, options: tuple[str, ...]
) -> None:
    address = f"http://127.0.0.1:{free_port()}/v1"

    done = await doctor(config, *options, GIPHY_API_URL=address, GIPHY_API_KEY=CANARY)

    assert done.exit_code == 1
    assert line_of(done, "giphy").startswith(f"BAD  giphy     {address}: ")


@pytest.mark.parametrize(
    ("date", "line"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", "BAD  clock     "),
        ("the day before yesterday", "ok   clock     compared with no other"),
        ("", "ok   clock     compared with no other"),
    ],
)
async def test_giphys_clock_is_compared_with_ours(
    config: Path, date: str, line: str
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response(
            {"data": [], "meta": {"status": 200, "response_id": "x"}},
            headers={"Date": date},
        )

    app = web.Application()
    app.router.add_get("/v1/gifs/trending", answer)
    async with TestServer(app) as server:
        url = str(server.make_url("/v1"))
        done = await doctor(config, "--online", GIPHY_API_URL=url, GIPHY_API_KEY="k")

    assert line_of(done, "giphy").endswith(" answers")
    assert line_of(done, "clock").startswith(line)


async def test_the_calls_that_are_left_are_those_of_all_replicas(
    config: Path, upstream: Sandbox, redis_server: RedisServer
) -> None:
    environ = {
        "GIPHY_API_URL": upstream.api_url,
        "GIPHY_API_KEY": "k",
        "REDIS_URL": at(redis_server.port),
    }

    before = await doctor(config, **environ)
    lines = [await doctor(config, "--online", **environ) for _ in range(3)]

    asked = f"{upstream.api_url} answers"
    allowed = "2 calls in 3600 s are left"
    assert line_of(before, "quota") == f"ok   quota     2 of {allowed}"
    assert line_of(lines[0], "quota") == f"ok   quota     1 of {allowed}"
    assert line_of(lines[1], "quota").startswith(
        f"warn quota     0 of {allowed} -> there"
    )
    assert line_of(lines[1], "giphy").endswith(asked)
    assert line_of(lines[2], "giphy").startswith("warn giphy")
    assert upstream.calls.count == 2


def test_without_redis_nobody_knows_the_calls_that_are_left(config: Path) -> None:
    environ = {"GIPHY_API_KEY": "k", "GIPHY_API_URL": "http://127.0.0.1:9/v1"}

    line = line_of(run(config, **environ), "quota")

    assert line.endswith("2 calls in 3600 s -> GET /quota tells how many are left")
