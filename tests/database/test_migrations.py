"""The steps that make the tables: up, down, all at once, and what they come to."""

import asyncio
import subprocess
import sys

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import giphynavigator.application  # noqa: F401 - so that all tables are known
from giphynavigator.storage import migrations
from giphynavigator.storage.database import Database
from giphynavigator.storage.migrations import steps
from giphynavigator.storage.outages import DatabaseUnavailable
from tests.database.conftest import Open, at
from tests.processes import REPOSITORY

STEPS = sorted(path.stem[1:5] for path in migrations.VERSIONS.glob("v*.py"))


async def walk(database: Database, to: str) -> str:
    """Walk there, and give the step that the tables are at then."""
    async with database._engine.connect() as connection:
        await connection.run_sync(steps.walk, to)
        return await connection.run_sync(migrations.step_of)


async def tables(database: Database) -> set[str]:
    async with database._engine.connect() as connection:
        return set(await connection.run_sync(lambda it: inspect(it).get_table_names()))


async def test_every_step_goes_up_and_down_and_up(
    database_url: str, opening: Open
) -> None:
    database = at(database_url)

    for number, step in enumerate(STEPS):
        assert await walk(database, "+1") == step
        assert await walk(database, "-1") == ["", *STEPS][number]
        assert await walk(database, "+1") == step
    assert await walk(database, "base") == ""
    assert await tables(database) == {"alembic_version"}
    assert await walk(database, "head") == STEPS[-1]
    await database.close()


async def test_the_tables_are_what_the_models_say(
    database_url: str, opening: Open
) -> None:
    database = await opening(database_url)

    async with database._engine.connect() as connection:
        await connection.run_sync(lambda it: command.check(steps.settings(it)))


def test_the_names_of_the_files_count_the_steps() -> None:
    script = ScriptDirectory(str(migrations.VERSIONS.parent))

    assert script.get_current_head() == migrations.last_step() == STEPS[-1]
    assert [step.revision for step in script.walk_revisions()] == STEPS[::-1]
    assert [int(step) for step in STEPS] == list(range(1, len(STEPS) + 1))


START = """
import asyncio, sys
from pathlib import Path
from giphynavigator.storage.database import Database
from giphynavigator.settings import Secret
async def main():
    url = Secret(sys.argv[1])
    database = Database(url, folder=Path("/"), pool_size=1, max_overflow=0)
    sys.stdin.readline()
    await database.ready(30)
    await database.close()
asyncio.run(main())
"""


def test_workers_that_start_at_once_upgrade_once(database_url: str) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", START, database_url],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
        )
        for _ in range(4)
    ]

    for worker in workers:
        worker.stdin.write(b"\n")
        worker.stdin.close()

    assert [worker.wait(60) for worker in workers] == [0] * 4


async def test_replicas_in_one_process_upgrade_one_after_the_other(
    database_url: str, tmp_path
) -> None:
    urls = [database_url, database_url, f"sqlite:///{tmp_path}/other.db"]
    replicas = [at(url) for url in urls]

    await asyncio.gather(*(replica.ready(30) for replica in replicas))

    for replica in replicas:
        assert "note" in await tables(replica)
        await replica.close()


async def test_tables_of_a_newer_version_are_left_alone(
    database_url: str, opening: Open
) -> None:
    database = await opening(database_url)
    async with database.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9000'"))

    older = await opening(database_url)

    assert older.trouble == (
        f"its tables are of step 9000, and {STEPS[-1]} is the last known"
    )
    with pytest.raises(DatabaseUnavailable):
        await older.ready()


async def test_to_make_a_table_anew_drops_nothing_that_refers_to_it(
    tmp_path, opening: Open
) -> None:
    database = await opening(f"sqlite:///{tmp_path}/a.db")
    async with database.writing() as session:
        for statement in (
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            "CREATE TABLE child (id INTEGER REFERENCES parent ON DELETE CASCADE)",
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO child VALUES (1)",
        ):
            await session.execute(text(statement))

    def anew(connection) -> None:
        with steps.alone(connection):
            connection.execute(text("DROP TABLE parent"))

    async with database._engine.connect() as connection:
        await connection.run_sync(anew)
        children = await connection.scalar(text("SELECT count(*) FROM child"))
        linked = await connection.scalar(text("PRAGMA foreign_keys"))

    assert (children, linked) == (1, 1)
