"""Whether the database can be used: what says that it is away, and who looks again."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import Context
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneIsFree

from giphynavigator.errors import Misconfigured, NavigatorError, Unavailable
from giphynavigator.recorder import Recorder

RETRY: Final = 2.0
"""Seconds after which it is worth another try."""
HOLD: Final = 1.0
"""Seconds for which an outage is believed without another look."""
REFUSALS: Final = ("22", "23", "42")
"""Classes of SQLSTATE that are no outage: PostgreSQL understood, and refused."""
CONFLICTS: Final = ("40", "55P03", "57014")
"""SQLSTATEs of one transaction that had to give way; the others go on."""

log = logging.getLogger(__name__)


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached, is locked, or is not ready yet."""

    def __init__(self) -> None:
        super().__init__("the database is not available now", RETRY)


class TablesAreNewer(Misconfigured):
    """A newer version of this program has changed the tables."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"its tables are of step {found}, and {known} is the last known"
        )


POSSIBLE: Final = (
    DBAPIError,
    sqlite3.Error,
    NoneIsFree,
    OSError,
    TimeoutError,
    TablesAreNewer,
)
"""What an outage may show itself as."""


class Availability:
    """Knows whether the database can be used; `look` is what uses it once.

    Once it could not be used, or before it ever was, the next who needs it looks.
    All who come meanwhile share that look, and so does one in the background every
    few seconds.
    """

    def __init__(
        self,
        look: Callable[[], Awaitable[None]],
        patience: float,
        clock: Callable[[], float] = time.monotonic,
        recorder: Recorder | None = None,
    ) -> None:
        self._look = look
        self._patience = patience
        self._clock = clock
        self._recorder = recorder or Recorder()
        self._sure = False
        self._lost_at = -HOLD
        self._trouble: BaseException | None = None
        self._looking: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str:
        """What was wrong at the last use; nothing when all was well."""
        return described(self._trouble) if self._trouble else ""

    async def ready(self, patience: float | None = None) -> None:
        """Return once the database can be used, or raise DatabaseUnavailable.

        A look that takes more than `patience` seconds goes on for those who come.
        After one that failed there is none for `HOLD` seconds, so that of many who
        wait in a queue only the first wait for nothing.
        """
        if self._sure:
            return
        if self._clock() - self._lost_at < HOLD:
            raise DatabaseUnavailable
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._looked(), context=Context())
        with self.heeding():
            async with asyncio.timeout(patience or self._patience):
                await asyncio.shield(self._looking)

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """Make DatabaseUnavailable of what says that the database is away."""
        try:
            yield
        except POSSIBLE as error:
            cause = cause_of(error)
            if not is_outage(cause):
                raise
            if not self._sure or not is_busy(cause):
                self._lost(cause)
            raise DatabaseUnavailable from None

    async def close(self) -> None:
        """Look no more."""
        tasks = [task for task in (self._looking, self._watching) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _looked(self) -> None:
        with self.heeding():
            await self._look()
        self._sure = True
        if self._trouble:
            log.info("the database is back")
            self._recorder.database(up=True)
            self._trouble = None
        if self._watching:
            self._watching.cancel()
            self._watching = None

    def _lost(self, cause: BaseException) -> None:
        self._sure = False
        self._lost_at = self._clock()
        if self._trouble is None:
            log.warning("the database is away: %s", described(cause))
            self._recorder.database(up=False)
        self._trouble = cause
        if self._watching is None:
            self._watching = asyncio.create_task(self._look_on(), context=Context())

    async def _look_on(self) -> None:
        """Look now and then; the look that finds the database ends this."""
        while True:
            await asyncio.sleep(RETRY)
            with suppress(DatabaseUnavailable):
                await self.ready()


def cause_of(error: BaseException) -> BaseException:
    """Give what the driver itself said."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


def is_outage(cause: BaseException) -> bool:
    """Tell a database that is away from one that understood and refused."""
    if isinstance(cause, sqlite3.Error):
        refused = sqlite3.IntegrityError, sqlite3.ProgrammingError
        ours = getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
        return not isinstance(cause, refused) and not ours
    return not sqlstate(cause).startswith(REFUSALS)


def is_busy(cause: BaseException) -> bool:
    """Whether the database is there and well, but others were in the way too long."""
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
    return sqlstate(cause).startswith(CONFLICTS)


def sqlstate(cause: BaseException) -> str:
    """Give PostgreSQL's code for what happened, "" for what it did not say."""
    return str(getattr(cause, "sqlstate", None) or "")


def described(cause: BaseException) -> str:
    """Say what happened; of what PostgreSQL says only the kind, for it may quote."""
    tells = isinstance(cause, sqlite3.Error | NavigatorError)
    return str(cause) if tells else type(cause).__name__


@asynccontextmanager
async def in_turn(places: asyncio.Semaphore, seconds: float) -> AsyncIterator[None]:
    """Wait for a place, first come, first served, and keep it meanwhile."""
    try:
        async with asyncio.timeout(seconds):
            await places.acquire()
    except TimeoutError:
        raise DatabaseUnavailable from None
    try:
        yield
    finally:
        places.release()
