"""What doctor sees of the database."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from giphynavigator.commands.main import main
from giphynavigator.settings import (
    Secret,
)
from giphynavigator.storage.engines import create_engine
from tests.conftest import CANARY
from tests.doctor.asking import line_of, run
from tests.servers import PostgresServer


def test_tables_of_another_release_are_told_of(config: Path, database_url: str) -> None:
    assert (
        CliRunner().invoke(main, ["db", "upgrade"], env=url(database_url)).exit_code
        == 0
    )

    asyncio.run(set_step(database_url, "0001"))
    behind = run(config, **url(database_url))
    asyncio.run(set_step(database_url, "9999"))
    newer = run(config, **url(database_url))

    due = "-> the next start brings them up to date, or db upgrade now"
    release = "-> run the newer release that has been here"
    assert line_of(behind, "database").startswith("warn database")
    assert line_of(behind, "database").endswith(due)
    assert line_of(newer, "database").startswith("BAD  database")
    assert line_of(newer, "database").endswith(release)
    assert (behind.exit_code, newer.exit_code) == (0, 1)


def url(database_url: str) -> dict[str, str]:
    return {"DATABASE_URL": database_url}


async def set_step(database_url: str, step: str) -> None:
    """Leave a database as another release would."""
    where = Secret(database_url)
    engine = create_engine(where, Path("/"), pool_size=1, max_overflow=0)
    async with engine.execution_options(writes=True).begin() as connection:
        await connection.exec_driver_sql(
            f"UPDATE alembic_version SET version_num = '{step}'"
        )
    await engine.dispose()


@pytest.fixture(scope="module")
def guarded_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL that asks for the canary as password."""
    with PostgresServer() as server:
        asyncio.run(guard(server))
        yield server


async def guard(server: PostgresServer) -> None:
    place = f"postgresql://postgres@127.0.0.1:{server.port}/postgres"
    connection = await asyncpg.connect(place)
    await connection.execute(f"ALTER USER postgres PASSWORD '{CANARY}'")
    rules = server.folder / "data" / "pg_hba.conf"
    rules.write_text("host all all 127.0.0.1/32 scram-sha-256\n", encoding="utf-8")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


@pytest.mark.parametrize(
    ("login", "name", "words"),
    [
        (
            ("postgres", f"not{CANARY}"),
            "postgres",
            "-> it refuses the user or the password",
        ),
        (("nobody", CANARY), "postgres", "-> it refuses the user or the password"),
        (("postgres", CANARY), "missing", "-> make that database, or check"),
    ],
)
def test_what_postgresql_refuses_is_told_without_the_password(
    config: Path,
    guarded_postgres: PostgresServer,
    login: tuple[str, str],
    name: str,
    words: str,
) -> None:
    place = f"127.0.0.1:{guarded_postgres.port}/{name}"
    user, password = login

    done = run(config, **url(f"postgres://{user}:{password}@{place}"))

    line = line_of(done, "database")
    assert done.exit_code == 1
    assert line.startswith(f"BAD  database  postgresql+asyncpg://{user}:***@{place}")
    assert words in line
    assert CANARY not in done.output


def test_a_password_that_would_be_taken_for_a_host_is_refused(config: Path) -> None:
    done = run(config, **url(f"postgres://me:p@{CANARY}@127.0.0.1/x"))

    state = "database.url must have an @ in its password written as %40"
    assert line_of(done, "database").startswith(f"BAD  database  {state} -> ")
    assert CANARY not in done.output
