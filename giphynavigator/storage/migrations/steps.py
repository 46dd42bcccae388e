"""Taking the steps: with Alembic, and alone."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

LOCK: Final = 0x6769_7068_79
"""The number by which all who share a PostgreSQL know the lock for steps."""

_one_at_a_time = threading.Lock()


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the tables up to date; safe with several workers, and all or nothing."""
    # Alembic keeps what it works on in globals. So one at a time, whatever the loop
    # or thread; a process that serves does this once, and then never waits here.
    while not _one_at_a_time.acquire(blocking=False):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    try:
        async with engine.execution_options(writes=True).connect() as connection:
            await connection.run_sync(walk, "head")
    finally:
        _one_at_a_time.release()


def walk(connection: Connection, to: str) -> None:
    """Walk up to "head" or "+1", or down to "base" or "-1", in one transaction."""
    go = command.downgrade if to in {"base", "-1"} else command.upgrade
    with alone(connection):
        go(settings(connection), to)


def settings(connection: Connection) -> Config:
    """Give what Alembic asks for: where the steps are, and what to take them on."""
    config = Config(attributes={"connection": connection})
    here = str(Path(__file__).parent)
    config.set_main_option("script_location", here.replace("%", "%%"))
    return config


@contextmanager
def alone(connection: Connection) -> Iterator[None]:
    """Begin a transaction in which nobody else takes a step."""
    with unlinked(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        yield


@contextmanager
def unlinked(connection: Connection) -> Iterator[None]:
    """Let SQLite forget foreign keys meanwhile.

    It changes a table by making it anew, and dropping the old one would drop
    what refers to it. The pragma is heard outside of transactions only.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
