"""Database: what lasts, in SQLite or PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, MetaData, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase

from giphynavigator.recorder import Recorder
from giphynavigator.settings import Secret
from giphynavigator.storage import migrations
from giphynavigator.storage.engines import PATIENCE, create_engine, is_in_memory
from giphynavigator.storage.outages import Availability, DatabaseUnavailable, in_turn

AT_START: Final = 2.0
"""Seconds that the start of the program waits for the database."""
UPGRADE: Final = 600.0
"""Seconds that each step of an upgrade may take."""
ONE_STATE: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""What makes PostgreSQL read as SQLite does: all statements see the same."""


class Base(DeclarativeBase):
    """The parent of all tables; names constraints, so that migrations can."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """Lends sessions, each one transaction, of tables that are up to date.

    The first use upgrades the tables. While the database is away, each use fails
    with DatabaseUnavailable, and brings it back when it can be reached again.
    """

    def __init__(  # noqa: PLR0913 - each by name
        self,
        url: Secret,
        *,
        folder: Path,
        pool_size: int,
        max_overflow: int,
        patience: float = PATIENCE,
        recorder: Recorder | None = None,
    ) -> None:
        self._create_engine = partial(create_engine, url, folder)
        self._engine = self._create_engine(
            pool_size=pool_size, max_overflow=max_overflow, patience=patience
        )
        self._readers = self._sessions(**({} if self.is_sqlite else ONE_STATE))
        self._writers = self._sessions(writes=True)
        self._reads, self._writes = self._places(pool_size + max_overflow)
        self._upgraded = False
        self._patience = patience
        self._availability = Availability(self._look, patience, recorder=recorder)

    @property
    def place(self) -> str:
        """Where it is, without the password."""
        url = self._engine.url
        return str(url.database) if self.is_sqlite else url.render_as_string()

    @property
    def trouble(self) -> str:
        """What was wrong at the last use; nothing when all was well."""
        return self._availability.trouble

    @property
    def up(self) -> bool:
        """Whether all was well at the last use; True before the first."""
        return not self.trouble

    async def open(self) -> None:
        """Upgrade the tables, unless the database is away: then that comes later."""
        with suppress(DatabaseUnavailable):
            await self.ready(AT_START)

    async def ready(self, patience: float | None = None) -> None:
        """Return once the tables are up to date, or raise DatabaseUnavailable."""
        await self._availability.ready(patience)

    async def is_behind(self) -> bool:
        """Whether an upgrade is due; to look changes nothing."""
        with self._availability.heeding():
            return await migrations.needed(self._engine)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._availability.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Lend a session that sees one state of things."""
        async with self._lent(self._readers, self._reads) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Lend a session whose changes are kept if the block ends without error.

        On SQLite nobody else writes from its beginning to its end. On PostgreSQL
        others do: change in one statement what two may change at once.
        """
        async with self._lent(self._writers, self._writes) as session:
            yield session

    @property
    def tells(self) -> bool:
        """Whether it tells those who listen what others write: PostgreSQL does."""
        return not self.is_sqlite

    @asynccontextmanager
    async def listening(
        self, channel: str, hear: Callable[[str], None]
    ) -> AsyncIterator[asyncio.Event]:
        """Hear on a connection of its own what PostgreSQL is told on a channel.

        Lends an event that is set when the connection is no more.
        """
        await self.ready()
        over = asyncio.Event()
        with self._availability.heeding():
            async with self._engine.connect() as connection:
                raw = await connection.get_raw_connection()
                driver: Any = raw.driver_connection
                await connection.run_sync(Connection.detach)  # the pool is for others
                driver.add_termination_listener(lambda *_: over.set())
                await driver.add_listener(channel, lambda *told: hear(told[-1]))
                yield over

    def insert(self, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
        """Give an INSERT that knows ON CONFLICT, which both engines spell alike."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite, in a file or in memory."""
        return self._engine.dialect.name == "sqlite"

    def _sessions(self, **options: Any) -> async_sessionmaker[AsyncSession]:
        engine = self._engine.execution_options(**options)
        return async_sessionmaker(engine, expire_on_commit=False)

    def _places(self, connections: int) -> tuple[asyncio.Semaphore, asyncio.Semaphore]:
        """Give the places for those who read, and for those who write.

        SQLite has one for who writes. It would have others wait asleep, and would
        give it to who wakes first; here they queue, and keep no reader waiting.
        """
        if self.is_sqlite and not is_in_memory(self._engine.url):
            return asyncio.Semaphore(max(1, connections - 1)), asyncio.Semaphore(1)
        places = asyncio.Semaphore(1 if self.is_sqlite else connections)
        return places, places

    @asynccontextmanager
    async def _lent(
        self, sessions: async_sessionmaker[AsyncSession], places: asyncio.Semaphore
    ) -> AsyncIterator[AsyncSession]:
        async with in_turn(places, 6 * self._patience):
            await self.ready()
            with self._availability.heeding():
                async with sessions.begin() as session:
                    yield session

    async def _look(self) -> None:
        """Use the database once; the first time, upgrade the tables."""
        if not self._upgraded:
            await self._upgrade()
            self._upgraded = True
        async with self._readers.begin() as session:
            await session.execute(text("SELECT 1"))

    async def _upgrade(self) -> None:
        """Take the steps that are missing, with time enough for each."""
        if not await migrations.needed(self._engine):
            return
        from giphynavigator.storage.migrations import steps  # noqa: PLC0415 - takes long

        if self.is_sqlite:
            await steps.upgrade(self._engine)
            return
        engine = self._create_engine(pool_size=1, max_overflow=0, patience=UPGRADE)
        try:
            await steps.upgrade(engine)
        finally:
            await engine.dispose()
