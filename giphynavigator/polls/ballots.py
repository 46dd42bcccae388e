"""BallotBox: votes that wait together are written together."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import Context
from typing import Final, TypeAlias

from giphynavigator.errors import NavigatorError, Unavailable
from giphynavigator.polls.scores import Scores
from giphynavigator.polls.shapes import Poll
from giphynavigator.polls.votes import Ballot, VoteRepository
from giphynavigator.serving.draining import ServiceEnding
from giphynavigator.web.unforeseen import noted

AT_ONCE: Final = 500
"""Votes that one transaction writes at most."""
MOST: Final = 10_000
"""Votes that wait at most; the next is turned away."""
DRAIN: Final = 5.0
"""Seconds that the votes which wait may take when the program ends."""

Outcome: TypeAlias = Poll | NavigatorError
Waiting: TypeAlias = tuple[Ballot, asyncio.Future[Outcome]]


class TooManyVotes(Unavailable):
    """More votes come in than can be written."""

    def __init__(self) -> None:
        super().__init__("too many votes at once; vote again", retry_after=1)


class BallotBox:
    """Has votes counted, all that have queued up in one transaction.

    While one is under way the next votes queue up, so the more there are the fewer
    transactions they cost. Who votes is answered once his vote is committed.
    """

    def __init__(self, votes: Callable[[], VoteRepository], scores: Scores) -> None:
        self._votes = votes
        self._scores = scores
        self._waiting: list[Waiting] = []
        self._emptying: asyncio.Task[None] | None = None

    async def cast(self, ballot: Ballot) -> Poll:
        """Give the poll with the vote in it, or raise why it does not count.

        A voter who does not wait for the answer has voted all the same.
        """
        if len(self._waiting) >= MOST:
            raise TooManyVotes
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((ballot, answer))
        if self._emptying is None or self._emptying.done():
            self._emptying = asyncio.create_task(self._empty(), context=Context())
        outcome = await answer
        if isinstance(outcome, NavigatorError):
            raise outcome.with_traceback(None)  # shared, and no heap of all its raises
        return outcome

    async def close(self, patience: float = DRAIN) -> None:
        """Have what waits written, if that takes no longer than `patience` seconds.

        Whose vote is not written then is told to ask again.
        """
        if self._emptying is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._emptying, patience)

    async def _empty(self) -> None:
        """Write what waits, batch by batch; whatever ends this, all are answered."""
        batch: list[Waiting] = []
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                tell(batch, await self._counted([ballot for ballot, _ in batch]))
        finally:
            for each in (*batch, *self._waiting):
                tell([each], [ServiceEnding()])

    async def _counted(self, ballots: list[Ballot]) -> Sequence[Outcome]:
        try:
            outcomes = await self._votes().count(ballots)
        except NavigatorError as error:
            return [error] * len(ballots)
        except Exception as fault:  # noqa: BLE001 - the next votes go on
            return [noted(fault)] * len(ballots)
        for poll in outcomes:
            if isinstance(poll, Poll):
                self._scores.publish(poll.tally)
        return outcomes


def tell(batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
    """Tell those who still wait what came of their votes."""
    for (_, answer), outcome in zip(batch, outcomes, strict=True):
        if not answer.done():
            answer.set_result(outcome)
