"""What doctor sees of Redis, and of its clock."""

import time
from pathlib import Path

import pytest
from yarl import URL

from giphynavigator.commands.server_checks import clock, redis
from giphynavigator.resilience.redis_report import RedisReport, report_on
from giphynavigator.sandbox.application import Sandbox
from giphynavigator.settings import (
    Secret,
)
from tests.conftest import CANARY
from tests.doctor.asking import at, doctor, line_of
from tests.fault_proxy import FaultProxy
from tests.servers import RedisServer, free_port

USER = ("--user", "default", "on", "nopass", "~*")
"""What a Redis is told of its user, before what he may do."""


async def test_redis_is_told_of_with_its_version_and_its_latency(
    config: Path, redis_server: RedisServer
) -> None:
    done = await doctor(config, REDIS_URL=at(redis_server.port))

    start = f"ok   redis     127.0.0.1:{redis_server.port}, number 0, Redis "
    assert done.exit_code == 0
    assert line_of(done, "redis").startswith(start)
    assert line_of(done, "redis").endswith(" ms")
    assert " s ahead of Redis's" in line_of(done, "clock") or (
        " s behind Redis's" in line_of(done, "clock")
    )
    assert CANARY not in done.output


@pytest.mark.parametrize("options", [(), ("--online",)])
async def test_a_redis_that_is_away_is_not_giphys_fault(
    config: Path, upstream: Sandbox, options: tuple[str, ...]
) -> None:
    environ = {"GIPHY_API_URL": upstream.api_url, "GIPHY_API_KEY": "k"}
    port = free_port()

    done = await doctor(config, *options, REDIS_URL=at(port), **environ)

    bad = f"BAD  redis     127.0.0.1:{port}, number 0: nobody listens there -> check"
    assert done.exit_code == 1
    assert line_of(done, "redis").startswith(bad)
    assert line_of(done, "giphy").startswith("ok ")
    assert line_of(done, "quota").startswith("warn ")
    assert CANARY not in done.output


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "it is not like redis://host:port/0"),
        ("redis://[", "it is not like redis://host:port/0"),
        (f"redis://:1/{CANARY}@host/0", "a / in its password must be written %2F"),
    ],
)
async def test_an_address_that_is_none_is_not_giphys_fault_either(
    config: Path, upstream: Sandbox, url: str, words: str
) -> None:
    environ = {"GIPHY_API_URL": upstream.api_url, "GIPHY_API_KEY": "k"}

    done = await doctor(config, "--online", REDIS_URL=url, **environ)

    assert line_of(done, "redis").startswith(f"BAD  redis     redis.url: {words}")
    assert line_of(done, "giphy").startswith("ok ")
    assert CANARY not in done.output


async def test_what_is_the_matter_with_a_redis_is_told(
    redis_server: RedisServer, upstream: Sandbox, tmp_path: Path
) -> None:
    async def trouble(url: str) -> str:
        return (await report_on(Secret(url), patience=0.3)).trouble

    giphy = URL(upstream.api_url).port
    refused = "it refuses the user or the password"
    port = redis_server.port
    assert await trouble(at(port)) == ""
    assert await trouble(at(port, "wrong")) == refused
    assert await trouble(f"redis://127.0.0.1:{port}/0") == refused
    assert await trouble(f"{at(port)}99") == "it refuses what is asked of it"
    assert await trouble(at(giphy)) == "it does not speak as a Redis does"
    assert await trouble(f"unix://{tmp_path}/none") == "there is no such socket"
    redis_server.pause()
    assert await trouble(at(port)) == "it does not answer"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--maxmemory", "1"), "it has no memory left"),
        (
            ("--replicaof", "127.0.0.1", "9"),
            "it is the copy of another and takes nothing",
        ),
        (
            (*USER, "-@all", "+ping"),
            "the user may not do what is needed there",
        ),
    ],
)
async def test_a_redis_that_takes_nothing_is_bad(
    options: tuple[str, ...], words: str
) -> None:
    with RedisServer(*options) as server:
        report = await report_on(Secret(server.url))

    assert report.trouble == words
    assert redis(report).health == "bad"


async def test_a_redis_that_keeps_its_version_to_itself_will_do() -> None:
    with RedisServer(*USER, "+@all", "-info") as server:
        report = await report_on(Secret(server.url))

    assert (report.trouble, report.version) == ("", "")
    assert redis(report).line().startswith("ok   redis     127.0.0.1:")


async def test_a_redis_that_is_slow_is_measured(redis_server: RedisServer) -> None:
    async with FaultProxy(redis_server.port) as proxy:
        proxy.latency = 0.03

        report = await report_on(Secret(at(proxy.port)))

        tired = await report_on(Secret(at(proxy.port)), patience=0.1)

    assert 0.06 <= report.ping < 0.2
    assert redis(report).health == "warn"
    assert tired.trouble == "it does not answer"


@pytest.mark.parametrize(
    ("report", "health"),
    [
        (RedisReport("here", version="7.0.0", ping=0.001), "ok"),
        (RedisReport("here", version="10.2", ping=0.049), "ok"),
        (RedisReport("here", version="7.2", ping=0.05), "warn"),
        (RedisReport("here", version="7.2", ping=0.2), "bad"),
        (RedisReport("here", version="6.2.14", ping=0.001), "bad"),
    ],
)
def test_a_redis_must_be_new_and_near(report: RedisReport, health: str) -> None:
    assert redis(report).health == health


async def test_a_clock_that_is_off_is_measured_with_redis(
    redis_server: RedisServer,
) -> None:
    def late() -> float:
        return time.time() - 75

    report = await report_on(Secret(at(redis_server.port)), now=late)

    assert report.ahead == pytest.approx(75, abs=0.5)
    assert clock({"Redis": report.ahead}).line().startswith("BAD  clock     75.")


@pytest.mark.parametrize(
    ("ahead", "line"),
    [
        ({"Giphy": 0.3, "Redis": -0.1}, "ok   clock     0.3 s behind Giphy's"),
        ({"Giphy": None, "Redis": -1.9}, "ok   clock     1.9 s ahead of Redis's"),
        ({"Giphy": 0.3, "Redis": -2.1}, "warn clock     2.1 s ahead of Redis's -> set"),
        ({"Giphy": 61.0}, "BAD  clock     61.0 s behind Giphy's -> set it by NTP"),
        ({"Giphy": None}, "ok   clock     compared with no other -> Redis tells"),
    ],
)
def test_of_several_clocks_the_one_that_is_farthest_off_is_told(
    ahead: dict[str, float | None], line: str
) -> None:
    assert clock(ahead).line().startswith(line)
