"""A database that is away: what still works, what is said, and how it comes back."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import text, update

from giphynavigator.application import create_app
from giphynavigator.storage.database import Database
from giphynavigator.storage.outages import DatabaseUnavailable
from giphynavigator.storage.secrets_kept import KeptSecret
from tests.conftest import keeping
from tests.database.conftest import Open
from tests.database.test_database import value, write
from tests.fakes import until
from tests.metrics.reading import scrape
from tests.problems import assert_problem
from tests.servers import PostgresServer
from tests.starved import Stopwatch


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of these tests' own, to be broken and mended."""
    with PostgresServer() as server:
        yield server


async def change(database: Database, what: str) -> None:
    async with database.writing() as session:
        await session.execute(update(KeptSecret).values(value=what))


async def assert_away(client: TestClient) -> None:
    answer = await client.get("/notes")

    await assert_problem(answer, 503, "the database is not available now")
    assert answer.headers["Retry-After"] == "2"
    readyz = await client.get("/readyz")
    said = await readyz.json()
    assert (readyz.status, said["status"], said["database"]) == (
        200,
        "degraded",
        "down",
    )
    assert (await scrape(client))("database_up") == 0


async def assert_searches(client: TestClient) -> None:
    answer = await client.get("/?query=cats&limit=3")

    assert len((await answer.json())["gifs"]) == 3


async def test_a_service_starts_without_its_database_and_finds_it_later(
    own_postgres: PostgresServer, aiohttp_client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    url = own_postgres.new_database()
    own_postgres.stop()
    app = create_app(keeping(url))
    client = await aiohttp_client(app)

    await assert_away(client)
    await assert_searches(client)
    own_postgres.start()
    await until(lambda: app.container.database().up)
    made = await client.post("/notes", json={"title": "x"})
    readyz = await client.get("/readyz")

    assert made.status == 201
    assert (await readyz.json())["database"] == "up"
    assert (await scrape(client))("database_up") == 1
    lines = [r.getMessage() for r in caplog.records if "database" in r.getMessage()]
    assert lines == [
        "the database is away: ConnectionRefusedError",
        "the database is back",
    ]
    app.container.unwire()


async def test_it_is_found_again_when_nobody_asks(
    own_postgres: PostgresServer, opening: Open
) -> None:
    database = await opening(own_postgres.new_database())
    own_postgres.stop()
    with pytest.raises(DatabaseUnavailable):
        await value(database, "x")

    own_postgres.start()

    await until(lambda: database.up)


async def test_a_restart_between_two_requests_fails_nobody(
    own_postgres: PostgresServer, opening: Open
) -> None:
    database = await opening(own_postgres.new_database())
    await asyncio.gather(*(write(database, **{f"n{n}": "x"}) for n in range(10)))

    own_postgres.stop()
    own_postgres.start()

    ends = await asyncio.gather(*(value(database, f"n{n}") for n in range(10)))
    assert ends == ["x"] * 10


async def test_one_that_hangs_is_given_up_and_taken_back(
    own_postgres: PostgresServer, opening: Open
) -> None:
    database = await opening(own_postgres.new_database(), patience=0.3)
    own_postgres.pause()
    stopwatch = Stopwatch()

    ends = await asyncio.gather(
        *(value(database, "x") for _ in range(30)), return_exceptions=True
    )

    took = stopwatch()
    own_postgres.resume()
    assert {type(end) for end in ends} == {DatabaseUnavailable}
    assert took < 1.5  # not one after the other
    await until(lambda: database.up)
    assert await value(database, "x") is None


async def test_a_row_that_somebody_keeps_locked_is_no_outage(
    own_postgres: PostgresServer, opening: Open, caplog: pytest.LogCaptureFixture
) -> None:
    url = own_postgres.new_database()
    database, other = await opening(url, patience=1), await opening(url)
    await write(database, x="kept")

    async with other.writing() as session:
        await session.execute(update(KeptSecret).values(value="changed"))
        with pytest.raises(DatabaseUnavailable):
            await change(database, "lost")
        assert database.up
        assert await value(database, "x") == "kept"
    await change(database, "new")

    assert await value(database, "x") == "new"
    assert not caplog.records


@pytest.mark.parametrize("condition", ["deadlock_detected", "serialization_failure"])
async def test_a_transaction_that_has_to_give_way_is_no_outage(
    own_postgres: PostgresServer, opening: Open, condition: str
) -> None:
    database = await opening(own_postgres.new_database())

    with pytest.raises(DatabaseUnavailable):
        async with database.writing() as session:
            await session.execute(text(f"DO $$ BEGIN RAISE {condition}; END $$"))

    assert database.up
    assert await value(database, "x") is None


async def test_a_locked_sqlite_is_given_up_and_taken_back(
    tmp_path: Path, opening: Open
) -> None:
    database = await opening(f"sqlite:///{tmp_path}/a.db", patience=0.1)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert await value(database, "x") is None  # who reads needs no place
    with pytest.raises(DatabaseUnavailable):
        await write(database, x="lost")
    assert await value(database, "x") is None
    other.execute("COMMIT")
    other.close()
    await write(database, x="kept")

    assert await value(database, "x") == "kept"
    assert database.up


async def test_who_waits_too_long_for_a_place_is_turned_away(
    tmp_path: Path, opening: Open
) -> None:
    database = await opening(f"sqlite:///{tmp_path}/a.db", patience=0.05)

    async with database.writing():
        assert await value(database, "x") is None  # who reads has other places
        with pytest.raises(DatabaseUnavailable):
            await write(database, x="lost")
    await write(database, x="kept")

    assert await value(database, "x") == "kept"


async def test_a_sqlite_that_is_locked_at_the_start_is_looked_at_again(
    tmp_path: Path, opening: Open
) -> None:
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    database = await opening(f"sqlite:///{tmp_path}/a.db", patience=0.1)
    assert database.trouble == "database is locked"

    other.execute("COMMIT")
    other.close()

    await until(lambda: database.up)
    await write(database, x="kept")


@pytest.mark.parametrize(
    ("content", "trouble"),
    [(None, "unable to open database file"), (b"x" * 5000, "file is not a database")],
)
async def test_a_file_that_cannot_be_used_is_told_and_searches_go_on(
    tmp_path: Path, aiohttp_client, content: bytes | None, trouble: str
) -> None:
    path = tmp_path / "a.db" if content else tmp_path / "missing" / "a.db"
    if content:
        path.write_bytes(content)
    app = create_app(keeping(f"sqlite:///{path}"))
    client = await aiohttp_client(app)

    await assert_away(client)
    await assert_searches(client)

    assert app.container.database().trouble == trouble
    app.container.unwire()


async def test_a_wrong_password_or_name_is_told_by_its_kind(
    own_postgres: PostgresServer, opening: Open
) -> None:
    url = own_postgres.new_database()

    nobody = await opening(url.replace("postgres@", "nobody@"))
    nothing = await opening(f"{url}x")

    assert nobody.trouble == "InvalidAuthorizationSpecificationError"
    assert nothing.trouble == "InvalidCatalogNameError"
