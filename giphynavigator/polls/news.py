"""News: what other processes count, brought to those who watch in this one."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Final, NoReturn

import msgspec

from giphynavigator.errors import NavigatorError
from giphynavigator.polls.repository import CHANNEL, PollRepository
from giphynavigator.polls.scores import Scores
from giphynavigator.polls.shapes import Tally
from giphynavigator.storage.database import Database
from giphynavigator.web.unforeseen import noted

ROUND: Final = 0.1
"""Seconds between looks at the versions of what is watched.

The budget is 250 ms, of which a machine that has much to do needs the rest.
"""
SAFETY: Final = 2.0
"""Seconds between them where the database tells by itself what has changed."""
REST: Final = 1.0
"""Seconds after something failed until the next try."""


class News:
    """Keeps the scores of this process up to date, as long as anybody watches.

    PostgreSQL tells of every change at its commit, on a connection of its own. What
    is watched is also looked at in rounds: on SQLite, which tells nobody anything,
    often, and on PostgreSQL now and then, because time alone closes polls too.
    """

    def __init__(  # noqa: PLR0913 - each by name
        self,
        scores: Scores,
        repository: Callable[[], PollRepository],
        database: Database,
        *,
        every: float = ROUND,
        safety: float = SAFETY,
        rest: float = REST,
    ) -> None:
        self._scores = scores
        self._repository = repository
        self._database = database
        self._interval = safety if database.tells else every
        self._rest = rest
        self._tasks: list[asyncio.Task[NoReturn]] = []

    def open(self) -> None:
        """Begin; nothing is done and no connection made until somebody watches."""
        works = [self._round, *([self._listen] if self._database.tells else [])]
        self._tasks = [asyncio.create_task(self._for_ever(work)) for work in works]

    async def close(self) -> None:
        """End, and with it all watching."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._scores.close()

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> NoReturn:
        """Work whenever somebody watches, whatever becomes of it."""
        while True:
            await self._scores.watched()
            try:
                await work()
            except NavigatorError:
                await asyncio.sleep(self._rest)
            except Exception as fault:  # noqa: BLE001 - there is nobody else to see it
                noted(fault)
                await asyncio.sleep(self._rest)

    async def _round(self) -> None:
        """Look once at the versions of all that is watched."""
        await asyncio.sleep(self._interval)
        polls = self._scores.polls
        found = await self._repository().versions(polls)
        await self._read([poll for poll in polls if found.get(poll) != self._at(poll)])

    async def _listen(self) -> None:
        """Hear what is told for as long as the connection lasts.

        What was told before is read: nobody says it a second time.
        """
        async with self._database.listening(CHANNEL, self._hear) as over:
            await self._read(self._scores.polls)
            await over.wait()

    def _at(self, poll: int) -> tuple[int, bool] | None:
        """Give the version that is known here of a poll, and whether it is closed."""
        known = self._scores.known(poll)
        return (known.version, known.closed) if known else None

    async def _read(self, polls: Collection[int]) -> None:
        """Bring the totals of these polls up to date, and let go of those deleted."""
        if not polls:
            return
        tallies = await self._repository().tallies(polls)
        for poll in polls:
            if poll in tallies:
                self._scores.publish(tallies[poll])
            else:
                self._scores.remove(poll)

    def _hear(self, told: str) -> None:
        """Take what was told to everybody; that which is not from us says nothing."""
        try:
            news = msgspec.json.decode(told, type=Tally | int)
        except msgspec.MsgspecError:
            return
        if isinstance(news, int):
            self._scores.remove(news)
        else:
            self._scores.publish(news)
