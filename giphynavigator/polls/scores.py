"""Scores: the totals of the polls that somebody watches right now."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from giphynavigator.errors import Unavailable
from giphynavigator.polls.shapes import Tally
from giphynavigator.serving.draining import ServiceEnding

MOST: Final = 2_000
"""Listeners that one process has at most."""
EACH: Final = 500
"""Listeners that one client has at most: an office may have one address."""


class TooManyListeners(Unavailable):
    """More want to watch than one process, or one client, may have watching."""

    def __init__(self) -> None:
        super().__init__("too many are watching; ask for the results", retry_after=30)


class Board:
    """What one poll's listeners look at: one value for all, always the latest.

    Who looks too seldom misses some versions; for nobody are they kept.
    """

    def __init__(self) -> None:
        self.latest: Tally | None = None
        self.listeners = 0
        self.is_over = False
        self._changed = asyncio.Event()

    def put(self, tally: Tally) -> None:
        """Show totals, unless newer ones are there already."""
        if self.latest is None or tally.is_news_to(self.latest):
            self.latest = tally
            self._wake()

    def end(self) -> None:
        """Let everybody know that nothing more will come."""
        self.is_over = True
        self._wake()

    async def news_to(self, known: Tally | None) -> Tally | None:
        """Give what is news to somebody who knows that much, as soon as there is any.

        None when nothing more will come.
        """
        while not self.is_over:
            latest = self.latest
            if latest is not None and (known is None or latest.is_news_to(known)):
                return latest
            await self._changed.wait()
        return None

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class Scores:
    """The boards of one process; a poll has one as long as somebody looks at it."""

    def __init__(self, *, most: int = MOST, each: int = EACH) -> None:
        self._most = most
        self._each = each
        self._boards: dict[int, Board] = {}
        self._clients: Counter[str] = Counter()
        self._listeners = 0
        self._watched = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None

    @property
    def polls(self) -> tuple[int, ...]:
        """The polls that are watched."""
        return tuple(self._boards)

    def known(self, poll: int) -> Tally | None:
        """Give the latest totals of a poll that is watched, if there are any yet."""
        board = self._boards.get(poll)
        return board.latest if board else None

    async def watched(self) -> None:
        """Wait until there is anything that is watched."""
        await self._watched.wait()

    def publish(self, tally: Tally) -> None:
        """Show totals to those who watch the poll."""
        if board := self._boards.get(tally.poll):
            board.put(tally)

    def remove(self, poll: int) -> None:
        """Tell those who watch a poll that it is no more."""
        if board := self._boards.pop(poll, None):
            board.end()

    @contextmanager
    def watching(
        self, poll: int, client: str | None, ending: asyncio.Event
    ) -> Iterator[Board]:
        """Lend the board of a poll; it is empty at first if nobody else watches.

        `client` is None for one who is not counted. When `ending` is set, every
        board comes to its end.
        """
        self._admit(client, ending)
        board = self._boards.setdefault(poll, Board())
        self._count(board, client, 1)
        self._watched.set()
        try:
            yield board
        finally:
            self._count(board, client, -1)
            if not board.listeners and self._boards.get(poll) is board:
                del self._boards[poll]
            if not self._boards:
                self._watched.clear()

    def close(self) -> None:
        """Bring every board to its end."""
        if self._ending is not None:
            self._ending.cancel()
        for poll in self.polls:
            self.remove(poll)

    def _admit(self, client: str | None, ending: asyncio.Event) -> None:
        if ending.is_set():
            raise ServiceEnding
        many = client is not None and self._clients[client] >= self._each
        if many or self._listeners >= self._most:
            raise TooManyListeners
        if self._ending is None:
            self._ending = asyncio.create_task(self._end_with(ending))

    def _count(self, board: Board, client: str | None, more: int) -> None:
        board.listeners += more
        self._listeners += more
        if client is not None:
            self._clients[client] += more
            if not self._clients[client]:
                del self._clients[client]

    async def _end_with(self, ending: asyncio.Event) -> None:
        await ending.wait()
        for poll in self.polls:
            self.remove(poll)
