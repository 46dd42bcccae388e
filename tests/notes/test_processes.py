"""Notes and processes: kill -9 in the middle of writes, and several at once."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import aiohttp

from tests.fakes import until
from tests.processes import running
from tests.servers import PostgresServer

WRITERS = 20
ENOUGH = 200


class Writing:
    """Writers that go on until nobody answers, and what they were told is kept."""

    def __init__(self, address: str) -> None:
        self._url = f"{address}/notes"
        self._numbers = itertools.count()
        self.kept: dict[int, str] = {}

    async def write(self, session: aiohttp.ClientSession) -> None:
        with suppress(aiohttp.ClientError):
            for number in self._numbers:
                note = {"title": f"note {number}"}
                async with session.post(self._url, json=note) as answer:
                    if answer.status == 503:  # PostgreSQL went first
                        return
                    made = await answer.json()
                    self.kept[made["id"]] = made["title"]

    async def until_the_end(self, end: Callable[[], None]) -> None:
        async with aiohttp.ClientSession() as session:
            writers = [asyncio.create_task(self.write(session)) for _ in range(WRITERS)]
            await until(lambda: len(self.kept) >= ENOUGH)
            end()
            await asyncio.gather(*writers)


async def found(address: str) -> dict[int, str]:
    """Every note that there is, asked for page by page."""

    async def pages() -> AsyncIterator[list[dict]]:
        async with aiohttp.ClientSession() as session:
            for offset in itertools.count(0, 50):
                url = f"{address}/notes?limit=50&offset={offset}"
                async with session.get(url) as answer:
                    page = (await answer.json())["notes"]
                if not page:
                    return
                yield page

    return {note["id"]: note["title"] async for page in pages() for note in page}


@contextmanager
def serving(url: str) -> Iterator[tuple[str, Callable[[], None]]]:
    with running("serve", "--port", "0", DATABASE_URL=url) as (address, process):
        yield address, process.kill


async def test_the_end_of_the_service_loses_no_note(database_url: str) -> None:
    with serving(database_url) as (address, kill):
        writing = Writing(address)
        await writing.until_the_end(kill)

    with serving(database_url) as (address, _):
        there = await found(address)

    assert len(writing.kept) >= ENOUGH
    assert writing.kept.items() <= there.items()


async def test_two_workers_keep_every_note_that_both_are_given_at_once(
    database_url: str,
) -> None:
    command = ("serve", "--port", "0", "--workers", "2")
    connector = aiohttp.TCPConnector(limit=0)
    with running(*command, DATABASE_URL=database_url) as (address, _):
        async with aiohttp.ClientSession(address, connector=connector) as session:

            async def post(number: int) -> int:
                note = {"title": f"{number}"}
                while True:
                    async with session.post("/notes", json=note) as answer:
                        if answer.status != 503:  # not kept: a slow disk, ask again
                            return (await answer.json())["id"]

            ids = await asyncio.gather(*(post(number) for number in range(200)))
        there = await found(address)

    assert set(ids) == set(range(1, 201))
    assert set(there.values()) == {f"{number}" for number in range(200)}


async def test_the_end_of_postgresql_loses_no_note() -> None:
    with PostgresServer(durable=True) as server:
        url = server.new_database()
        with serving(url) as (address, _):
            writing = Writing(address)
            await writing.until_the_end(server.kill)
            server.start()
        with serving(url) as (address, _):
            there = await found(address)

    assert len(writing.kept) >= ENOUGH
    assert writing.kept.items() <= there.items()


async def test_the_files_beside_a_killed_sqlite_are_put_away_by_the_next(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/test.db"
    with serving(url) as (address, kill):
        await Writing(address).until_the_end(kill)
    assert (tmp_path / "test.db-wal").stat().st_size

    with running("serve", "--port", "0", DATABASE_URL=url) as (address, process):
        await found(address)
        process.terminate()
        process.wait(10)

    assert os.listdir(tmp_path) == ["test.db"]  # noqa: PTH208
