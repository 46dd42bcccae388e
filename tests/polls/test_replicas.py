"""Two replicas on one database: whoever listens hears of every vote, wherever it is."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, DummyCookieJar, TCPConnector

from tests.processes import running

LISTENERS = 200
VOTES = 50
BUDGET = 0.25  # seconds

Heard = list[tuple[float, dict]]


@pytest.fixture
def replicas(database_url: str) -> Iterator[list[str]]:
    """The addresses of two processes that share a database."""
    quiet = ("serve", "--port", "0", "--sandbox")
    with ExitStack() as stack:
        started = (running(*quiet, DATABASE_URL=database_url) for _ in range(2))
        yield [stack.enter_context(process)[0] for process in started]


async def test_a_process_that_ends_lets_its_listeners_go_within_a_second(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'polls.db'}"
    quiet = ("serve", "--port", "0", "--sandbox")
    with running(*quiet, DATABASE_URL=url) as (address, process):
        async with ClientSession(cookie_jar=DummyCookieJar()) as session:
            poll = await made(session, address)
            path = f"{address}/poll/{poll['id']}/live"
            sockets = [await session.ws_connect(path) for _ in range(50)]
            for socket in sockets:
                await socket.receive_json(timeout=5)

            process.terminate()
            async with asyncio.timeout(1):
                ends = [await socket.receive() for socket in sockets]

        assert await asyncio.to_thread(process.wait, 5) == 0
    assert [end.data for end in ends] == [1001] * 50


async def made(session: ClientSession, address: str) -> dict:
    body = {"question": "?", "choices": [{"text": text} for text in "abc"]}
    async with session.post(f"{address}/polls", json=body) as answer:
        return await answer.json()


async def listen(socket: ClientWebSocketResponse, until: int) -> Heard:
    """All that is heard, and when, until so many have voted."""
    heard: Heard = []
    while not heard or heard[-1][1]["voters"] < until:
        message = await socket.receive_json(timeout=20)
        heard.append((time.monotonic(), message))
    return heard


async def vote_all(session: ClientSession, replicas: list[str], poll: dict) -> dict:
    """Vote so many times, on one replica and on the other; when each was counted."""
    counted = {}
    for number in range(VOTES):
        path = f"{replicas[number % 2]}/poll/{poll['id']}/vote"
        choice = poll["choices"][number % 3]["id"]
        async with session.post(path, json={"choice": choice}) as answer:
            shown = await answer.json()
        counted[shown["version"]] = time.monotonic()
        await asyncio.sleep(0.02)  # people do not all vote in the same second
    return counted


def delays(counted: dict[int, float], heard: Heard) -> list[float]:
    """Seconds from the answer to each voter to when a listener knew of the vote."""
    return [
        next(at for at, message in heard if message["version"] >= version) - moment
        for version, moment in counted.items()
    ]


async def test_all_listeners_end_on_the_same_totals_and_hear_of_them_soon(
    replicas: list[str],
) -> None:
    async with AsyncExitStack() as stack:
        jar, connector = DummyCookieJar(), TCPConnector(limit=0)
        session = ClientSession(cookie_jar=jar, connector=connector)
        await stack.enter_async_context(session)
        poll = await made(session, replicas[0])
        path = f"/poll/{poll['id']}"
        sockets = [
            await stack.enter_async_context(
                session.ws_connect(f"{replicas[number % 2]}{path}/live")
            )
            for number in range(LISTENERS)
        ]
        listeners = [asyncio.create_task(listen(each, VOTES)) for each in sockets]

        counted = await vote_all(session, replicas, poll)
        heard = await asyncio.gather(*listeners)

        async with session.get(f"{replicas[1]}{path}") as answer:
            final = await answer.json()

    last = {
        "version": final["version"],
        "votes": {str(choice["id"]): choice["votes"] for choice in final["choices"]},
        "voters": VOTES,
    }
    for messages in heard:
        versions = [message["version"] for _, message in messages]
        assert versions == sorted(set(versions))
        assert messages[-1][1] == last
    late = [delay for messages in heard for delay in delays(counted, messages)]
    assert statistics.quantiles(late, n=100)[98] < BUDGET
