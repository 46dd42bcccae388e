"""Replicas that are processes of their own, started and killed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import pytest

from giphynavigator.sandbox.application import Sandbox
from tests.fakes import until
from tests.servers import HOST, RedisServer, free_port
from tests.starved import Stopwatch

CATS = "/?query=cats&limit=5"
LEASE = 1.5


class Process:
    """One replica, as an operator starts it."""

    def __init__(self, upstream: Sandbox, redis_server: RedisServer) -> None:
        self.port = free_port()
        environ = {
            **os.environ,
            "GIPHY_API_KEY": "any",
            "GIPHY_API_URL": upstream.api_url,
            "REDIS_URL": redis_server.url,
        }
        command = [sys.executable, "-m", "giphynavigator", "serve"]
        self._process = subprocess.Popen(
            [*command, "--host", HOST, "--port", str(self.port)],
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def end(self, number: int = signal.SIGKILL) -> None:
        if self._process.poll() is None:
            self._process.send_signal(number)
        self._process.wait(10)


@contextmanager
def running(number: int, *options) -> Iterator[list[Process]]:
    processes = [Process(*options) for _ in range(number)]
    try:
        yield processes
    finally:
        for process in processes:
            process.end()


@pytest.fixture
def replicas(upstream: Sandbox, redis_server: RedisServer) -> Iterator[list[Process]]:
    with running(3, upstream, redis_server) as processes:
        yield processes


async def up(session: aiohttp.ClientSession, replicas: list[Process]) -> None:
    """Wait until all of them answer; an empty query costs no call."""
    async with asyncio.timeout(20):
        for replica in replicas:
            while await status(session, replica, "/?query=") != 200:  # noqa: ASYNC110 - another process has no event
                await asyncio.sleep(0.02)


async def status(session: aiohttp.ClientSession, replica: Process, path: str) -> int:
    try:
        async with session.get(replica.url + path) as answer:
            await answer.read()
            return answer.status
    except aiohttp.ClientError:
        return 0


async def test_three_processes_make_one_call_and_survive_the_one_that_makes_it(
    replicas: list[Process], upstream: Sandbox
) -> None:
    async with aiohttp.ClientSession() as session:
        await up(session, replicas)

        at_once = await asyncio.gather(
            *(status(session, replica, CATS) for replica in replicas for _ in range(30))
        )

        assert (set(at_once), upstream.calls.count) == ({200}, 1)
        await kill_the_holder(session, replicas, upstream)


async def kill_the_holder(
    session: aiohttp.ClientSession, replicas: list[Process], upstream: Sandbox
) -> None:
    """The others take over from a replica that dies while it asks Giphy."""
    upstream.calls.clear()
    upstream.faults.set("slow", delay=5, times=1)
    dying, *others = replicas
    first = asyncio.create_task(status(session, dying, "/?query=dogs"))
    await until(lambda: upstream.calls.count == 1)
    waiting = [
        asyncio.create_task(status(session, other, "/?query=dogs")) for other in others
    ]
    await asyncio.sleep(0.1)

    dying.end(signal.SIGKILL)
    stopwatch = Stopwatch(*(other.pid for other in others))
    ends = await asyncio.gather(*waiting)

    assert stopwatch() <= LEASE + 0.25 + 0.2
    assert ends == [200, 200]
    assert upstream.calls.count == 2
    await first
