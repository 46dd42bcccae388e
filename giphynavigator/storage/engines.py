"""create_engine: SQLite or PostgreSQL, by its URL and with the options that fit."""

import logging
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import URL, AdaptedConnection, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from giphynavigator.errors import Misconfigured
from giphynavigator.settings import DRIVERS, POSTGRES, Secret

PATIENCE: Final = 5.0
"""Seconds to wait for a new connection, a lock, or the answer to one statement."""
LOCK_SHARE: Final = 0.8
"""Of that, what a lock may take: so that PostgreSQL itself says what was the matter."""
MEMORY: Final = ":memory:"
PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
)
"""How each connection to SQLite is set up.

FULL makes every commit reach the disk, as PostgreSQL does by itself: what was
acknowledged survives a power cut too. NORMAL would survive the end of the
process only.
"""

OPTIONS: Final = {"sslmode": "ssl", "ssl": "ssl", "host": "host", "port": "port"}
"""What may stand behind the ? of PostgreSQL's URL, and asyncpg's name for it."""


def create_engine(
    url: Secret,
    folder: Path,
    *,
    pool_size: int,
    max_overflow: int,
    patience: float = PATIENCE,
) -> AsyncEngine:
    """Give the engine; it connects when first used.

    A relative path to SQLite is relative to `folder`. `patience` is seconds: for a
    connection, for a lock, and for the answer to one statement. Texts of errors
    hold neither the URL's password nor the values that statements were sent with.
    """
    found = parsed(url, folder)
    make = _postgres if found.drivername == POSTGRES else _sqlite
    return make(
        found,
        patience,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=patience,
        hide_parameters=True,
    )


def is_in_memory(url: URL) -> bool:
    """Whether it is a SQLite that ends with its one connection."""
    return url.database == MEMORY


def parsed(url: Secret, folder: Path) -> URL:
    """Give the URL with its driver and a whole path, or raise Misconfigured."""
    try:
        found = make_url(url.reveal())
        driver = DRIVERS[found.drivername]
    except (ArgumentError, ValueError, KeyError):
        message = "database.url must be sqlite:///path or postgresql://host/name"
        raise Misconfigured(message) from None
    if "@" in (found.host or ""):  # and with it a part of the password
        message = "database.url must have an @ in its password written as %40"
        raise Misconfigured(message)
    found = found.set(drivername=driver)
    if driver == POSTGRES:
        return found.set(query=_options(found))
    if found.database in {None, "", MEMORY}:
        return found.set(database=MEMORY)
    return found.set(database=str(folder / str(found.database)))


def _postgres(url: URL, patience: float, **options: Any) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_pre_ping=True,  # a restart of the server is nobody's failure
        connect_args={"timeout": patience, "command_timeout": patience},
        **options,
    )
    milliseconds = int(patience * LOCK_SHARE * 1000)
    set_up = partial(_set_up_postgres, lock_timeout=milliseconds)
    event.listen(engine.sync_engine, "connect", set_up)
    return engine


def _sqlite(url: URL, patience: float, **options: Any) -> AsyncEngine:
    # At DEBUG it would write down what statements carry: secrets are among it.
    logging.getLogger("aiosqlite").setLevel(logging.INFO)
    if is_in_memory(url):  # it ends with its one connection
        options |= {"pool_size": 1, "max_overflow": 0}
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_reset_on_return=None,  # who has one ends its transaction himself
        connect_args={"timeout": patience},
        **options,
    )
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _options(url: URL) -> dict[str, Any]:
    """Give the URL's options by the names that asyncpg has for them."""
    for name in url.query:
        if name not in OPTIONS:
            raise Misconfigured(f"database.url has an unknown option, {name}")
    return {OPTIONS[name]: value for name, value in url.query.items()}


def _set_up_postgres(connection: AdaptedConnection, _: Any, lock_timeout: int) -> None:
    """Said once connected: poolers in between refuse it as an option of connecting."""
    setting = f"SET lock_timeout = {lock_timeout}"
    connection.run_async(lambda driver: driver.execute(setting))


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # SQLite's own knows the letters of ASCII only; nothing is indexed by it.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: str | None) -> str | None:
    return text and text.lower()


def _begin_sqlite(connection: Connection) -> None:
    """Begin; who writes takes the one place for writers before reading anything.

    Said to the driver: through a cursor it would be three trips to its thread.
    """
    writes = connection.get_execution_options().get("writes")
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    adapted = cast("AdaptedConnection", connection.connection.dbapi_connection)
    adapted.run_async(lambda driver: driver.execute(begin))
